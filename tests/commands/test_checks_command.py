"""`borderstats checks`: a line for each figure, the count at the end, and an exit code that a script can use."""

import csv
from collections import Counter

import pytest
from click.testing import CliRunner

from borderstats.cli import cli
from borderstats.errors import GateError, ReleaseError

HEADER = "id,measure,component,geography,dimension,period,value\n"


def run(release, *options):
    return CliRunner().invoke(cli, ["checks", str(release), *options])


def test_the_last_line_counts_and_nothing_is_left_over_or_without_a_reason(release, standard):
    result = run(release)
    assert result.exit_code == 0
    *lines, last = result.output.splitlines()
    assert len(lines) == len(standard.checks)
    with (release / "cited.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    count = Counter(row["state"] for row in rows)
    assert last == (
        f"{len(standard.checks) - len(rows)} reproduced, {count['contradicted']} contradicted, each with a reason, "
        f"{count['cited']} cited, 0 left over"
    )
    for row in rows:
        against = row["dataset"], row["here"], row["as_of"], row["file"], row["reason"]
        assert all(against) if row["state"] == "contradicted" else not any(against)
    # A reason that no dataset calls for is a stale one.
    assert {row["id"] for row in rows if row["reason"]} == {c.id for c in standard.checks if c.reason}


@pytest.mark.parametrize(
    ("figure", "state", "words"),
    [
        ("usbp_encounters,USBP,SW,total,FY2021,1659206", "reproduced", "by cbp-encounters-southwest"),
        ("usbp_encounters,USBP,NATION,total,FY2022,2214652", "reproduced", "within the rounding of ohss-usbp-encounters"),
        ("cbp_encounters,CBP,NATION,rounded to 10,FY2020,646800", "reproduced", "by ohss-encounters-type"),
        (
            "cbp_encounters,CBP,NATION,printed total,FY2018,683178",
            "contradicted",
            "printed in CBP Enforcement Statistics; ohss-encounters-type has 686,070, rounded to 10, as of 2024-05-31",
        ),
        (
            "yearbook_t35,USBP,NATION,total,FY2020,405020",
            "contradicted",
            "printed in DHS Yearbook of Immigration Statistics 2021, Table 35; usbp-encounters-sector has 405,036 as of 2020-09-30",
        ),
        ("mpp_enrollments,CBP,SW,total,2020-01,1974", "cited", "the release carries this figure as a cited one"),
    ],
)  # fmt: skip
def test_a_figure_of_another_list(release, tmp_path, figure, state, words):
    values = tmp_path / "values.csv"
    values.write_text(f"{HEADER}x,{figure}\n")
    result = run(release, "--values", str(values))
    assert result.exit_code == 0
    assert f"  {state}  {words}" in result.output


def test_a_figure_contradicted_without_a_reason_is_an_error(release, tmp_path):
    values = tmp_path / "values.csv"
    values.write_text(f"{HEADER}x,usbp_encounters,USBP,SW,total,FY2002,1\n")
    result = run(release, "--values", str(values))
    line, last = result.output.splitlines()[:2]
    assert line.startswith(
        "x  FY2002  1  contradicted  usbp-encounters-sector has 929,809 as of 2020-09-30 ("
    )
    assert line.endswith("no reason stands in checks.csv")
    assert last == "0 reproduced, 1 contradicted (1 without a reason), 0 cited, 0 left over"
    assert isinstance(result.exception, GateError)


def test_a_figure_left_over_is_an_error(small):
    result = run(small)
    assert result.output.splitlines()[-1] == "0 reproduced, 0 contradicted, 1 cited, 2 left over"
    assert isinstance(result.exception, GateError)


def test_a_folder_that_is_no_release(tmp_path):
    result = run(tmp_path)
    assert isinstance(result.exception, ReleaseError)

"""Records from file to tables in a workspace, as a user runs it, on a few invented records."""

import csv
import re
import shlex
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyarrow import csv as arrow

from borderstats.cli import cli
from borderstats.errors import BorderstatsError
from borderstats.records import deliver

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

HEAD = "event_key,person_key,encounter_time,component,region,office,title,encounter_type,citizenship,demographic,age,entry_time,distance_miles"
GOOD = [
    "E1,P1,2021-10-01 08:00:00,USBP,SW,SDC,T8,APP,MEX,SA,30,2021-10-01 07:00:00,0.5",
    "E2,P1,2021-11-01 08:00:00,USBP,SW,SDC,T42,EXP,MEX,SA,30,2021-11-01 07:00:00,150",
    "E3,P2,2021-11-02 08:00:00,OFO,SW,San Diego,T8,INA,Guatemala,UC,9,,",
]
SECRET = "PERSON-OF-INTEREST"
BAD = [
    f"E4,{SECRET},2021-11-02 08:00:00,OFO,SW,LAREDO,T8,APP,MEX,SA,40,,",
    f"E5,{SECRET},2021-11-03 08:00:00,USBP,SW,SDC,T8,APP,Atlantis,UC,40,,",
]


@dataclass
class Found:
    exit_code: int
    output: str


@pytest.fixture
def run(standard_folder, tmp_path, monkeypatch):
    """A function that runs a command and gives exit code and output; a mistake of the user is its text."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        result = CliRunner().invoke(cli, ["--standard", str(standard_folder), *map(str, arguments)])
        if isinstance(result.exception, BorderstatsError):
            return Found(result.exception.exit_code, f"{result.output}{result.exception}")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Found(result.exit_code, result.output)

    return call


@pytest.fixture
def file(tmp_path):
    """A function from lines to a canonical file of encounters."""

    def make(*lines, name="encounters.csv"):
        path = tmp_path / name
        path.write_text("\n".join([HEAD, *lines]) + "\n")
        return path

    return make


@pytest.fixture
def workspace(run, tmp_path):
    path = tmp_path / "workspace"
    assert run("records", "init", path, "--purpose", "tests").exit_code == 0
    return path


def test_check_prints_how_the_records_end_and_keeps_nothing(run, file, tmp_path):
    found = run("records", "check", file(*GOOD, *BAD))
    assert found.exit_code == 0, found.output
    assert "encounter: 5 read = 3 accepted + 2 quarantined" in found.output
    assert "type-follows-from-title-and-component: 1" in found.output
    assert "citizenship-unknown-code: 1" in found.output
    assert "unaccompanied-children-are-under-18: 1" in found.output
    assert SECRET not in found.output
    assert "Atlantis" not in found.output
    assert [path.name for path in tmp_path.iterdir()] == ["encounters.csv"]


def test_what_cannot_be_read_is_told_from_what_is_missing(run, file):
    unreadable, blank = (GOOD[0].replace("2021-10-01 08:00:00", text) for text in ("31.10.21", ""))
    old = GOOD[2].replace(",9,", ",nine,")
    found = run("records", "check", file(unreadable, blank.replace("E1", "E4"), old))
    assert "3 read = 0 accepted + 3 quarantined" in found.output
    for line in ("encounter_time-unreadable: 1", "encounter_time-missing: 1", "age-unreadable: 1"):
        assert line in found.output


def test_records_go_into_the_workspace_and_become_tables(run, file, workspace):
    added = run(
        "records",
        "add",
        file(*GOOD, *BAD),
        "--workspace",
        workspace,
        "--purpose",
        "p",
        "--as-of",
        "2021-12-31",
    )
    assert added.exit_code == 0, added.output
    made = run("tabulate", "--workspace", workspace, "--purpose", "p", "--as-of", "2021-12-31")
    assert made.exit_code == 0, made.output
    assert "cohort-outcomes: not made, no outcome records in the workspace" in made.output
    cells = {
        (row["component"], row["office"], row["period"]): row["value"]
        for row in arrow.read_csv(workspace / "tables" / "encounters-office.csv").to_pylist()
    }
    assert cells["_T", "_T", "2021-11"] == 2
    assert cells["OFO", "OFO.SAN_DIEGO", "2021-11"] == 1
    persons = {
        (row["component"], row["citizenship"]): row["value"]
        for row in arrow.read_csv(workspace / "tables" / "persons-year.csv").to_pylist()
    }
    assert persons["_T", "_T"] == 2
    assert persons["USBP", "_T"] == 1


def test_no_person_and_no_key_is_readable_in_what_is_kept(run, file, workspace):
    run(
        "records",
        "add",
        file(*GOOD, *BAD),
        "--workspace",
        workspace,
        "--purpose",
        "p",
        "--as-of",
        "2021-12-31",
    )
    for path in workspace.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes()


def test_a_later_delivery_replaces_the_same_events(run, file, workspace):
    arguments = ("--workspace", workspace, "--purpose", "p", "--as-of")
    run("records", "add", file(*GOOD), *arguments, "2021-12-31")
    corrected = GOOD[1].replace(",MEX,", ",HND,")
    again = run("records", "add", file(corrected, name="later.csv"), *arguments, "2022-01-31")
    assert "1 earlier records are replaced" in again.output
    run("tabulate", *arguments, "2022-01-31", "--table", "encounters-citizenship")
    rows = arrow.read_csv(workspace / "tables" / "encounters-citizenship.csv").to_pylist()
    assert {(r["citizenship"], r["period"]): r["value"] for r in rows if r["component"] == "_T"} == {
        ("_T", "2021-10"): 1,
        ("_T", "2021-11"): 2,
        ("MEX", "2021-10"): 1,
        ("HND", "2021-11"): 1,
        ("GTM", "2021-11"): 1,
    }


def test_a_file_is_delivered_once(run, file, workspace):
    arguments = ("--workspace", workspace, "--purpose", "p", "--as-of", "2021-12-31")
    run("records", "add", file(*GOOD), *arguments)
    again = run("records", "add", file(*GOOD), *arguments)
    assert again.exit_code == 2
    assert "is in the workspace already; a file is delivered once" in again.output


def test_every_run_leaves_a_line_with_its_purpose(run, file, workspace):
    run("records", "check", file(*GOOD, *BAD), "--workspace", workspace, "--purpose", "monthly release")
    with (workspace / "audit.csv").open(newline="") as lines:
        audit = list(csv.DictReader(lines))
    assert [line["purpose"] for line in audit] == ["tests", "monthly release"]
    assert [audit[1][name] for name in ("read", "accepted", "quarantined")] == ["5", "3", "2"]


def test_a_workspace_that_others_can_read_is_refused(run, file, workspace):
    workspace.chmod(0o755)
    found = run(
        "records", "add", file(*GOOD), "--workspace", workspace, "--purpose", "p", "--as-of", "2021-12-31"
    )
    assert found.exit_code == 2
    assert f"take their rights away with: chmod -R go= {workspace}" in found.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("tabulate", "--workspace", "nowhere", "--purpose", "p", "--as-of", "2021-12-31"),
            "no workspace; make one with",
        ),
        (("records", "init", "..", "--purpose", "p"), "holds something already"),
    ],
)
def test_what_is_no_workspace_is_refused(run, arguments, message):
    found = run(*arguments)
    assert found.exit_code == 2
    assert message in found.output
    assert "Traceback" not in found.output


def test_a_purpose_is_asked_for(run, file, workspace):
    found = run("records", "check", file(*GOOD), "--workspace", workspace, "--purpose", " ")
    assert found.exit_code == 2
    assert "say what the records are used for" in found.output


def test_an_unknown_table_is_refused_with_those_there_are(run, workspace):
    found = run(
        "tabulate", "--workspace", workspace, "--purpose", "p", "--as-of", "2021-12-31", "--table", "persons"
    )
    assert found.exit_code == 2
    assert "no table persons; known are" in found.output


def test_the_worked_example_of_the_documentation(run, tmp_path):
    text = (ROOT / "docs" / "records.md").read_text()
    blocks = [block.replace("\n    ", "\n") for block in re.findall(r"\n((?:\n    .+)+)", text)]
    (tmp_path / "invented.csv").write_text(blocks[0].strip() + "\n")
    found = [run(*shlex.split(line)[1:]) for line in blocks[1].strip().splitlines()]
    assert [one.exit_code for one in found] == [0, 0, 0, 0]
    for printed in (
        "encounter: 4 read = 3 accepted + 1 quarantined",
        "type-follows-from-title-and-component: 1",
    ):
        assert printed in text
        assert printed in found[0].output
    assert (tmp_path / "workspace" / "tables" / "encounters-office.csv").is_file()


def test_a_delivery_goes_in_whole_or_not_at_all(run, file, workspace, monkeypatch, standard):
    arguments = ("--workspace", workspace, "--purpose", "p", "--as-of")
    run("records", "add", file(*GOOD), *arguments, "2021-12-31")
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}

    ordered = deliver._ordered
    second = [(standard.families["prosecution"], workspace / "gone.parquet")]
    monkeypatch.setattr(deliver, "_ordered", lambda *arguments: ordered(*arguments) + second)
    again = run("records", "add", file(GOOD[1], name="later.csv"), *arguments, "2022-01-31")
    assert again.exit_code == 2
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before
    monkeypatch.undo()
    monkeypatch.chdir(workspace.parent)
    assert run("records", "add", workspace.parent / "later.csv", *arguments, "2022-01-31").exit_code == 0


def _month(year, month, count, prefix):
    """Invented encounters of one month, all of one office."""
    return [
        f"{prefix}{n},{prefix}P{n},{year}-{month:02d}-{n % 28 + 1:02d} 08:00:00,USBP,SW,SDC,T8,APP,MEX,SA,30,,"
        for n in range(count)
    ]


def test_an_implausible_delivery_is_refused_and_taken_with_a_reason(run, file, workspace):
    arguments = ("--workspace", workspace, "--purpose", "p", "--as-of")
    first = [*_month(2021, 1, 400, "A"), *_month(2021, 2, 300, "B")]
    assert run("records", "add", file(*first), *arguments, "2021-02-28").exit_code == 0
    torso = file(*_month(2021, 1, 120, "A"), *_month(2021, 2, 300, "B"), name="torso.csv")
    checked = run("records", "check", torso, "--workspace", workspace, "--purpose", "p")
    assert checked.exit_code == 1
    assert "420 read = 420 accepted + 0 quarantined" in checked.output
    assert "encounter: 2021-01: 120 records; the last delivery had 400" in checked.output
    kept = sorted(path.name for path in workspace.rglob("*.parquet"))
    refused = run("records", "add", torso, *arguments, "2021-03-31")
    assert refused.exit_code == 1
    assert "torso.csv: implausible, nothing was added" in refused.output
    assert "say why with --despite" in refused.output
    assert sorted(path.name for path in workspace.rglob("*.parquet")) == kept
    taken = run("records", "add", torso, *arguments, "2021-03-31", "--despite", "280 records were sealed")
    assert taken.exit_code == 0
    assert "added although encounter: 2021-01: 120 records; the last delivery had 400" in taken.output
    assert "although encounter: 2021-01, USBP.SDC: 120 records" in taken.output.replace("\n", " ")
    assert "280 records were sealed" in (workspace / "audit.csv").read_text()


def test_a_first_delivery_that_repeats_a_quarter_is_refused(run, file, workspace):
    counts = {1: 150, 2: 170, 3: 190, 4: 150, 5: 170, 6: 190}
    lines = [line for month, count in counts.items() for line in _month(2021, month, count, f"M{month}-")]
    found = run("records", "check", file(*lines))
    assert found.exit_code == 1
    assert "2021-04 to 2021-06 repeats 2021-01 to 2021-03 of this delivery" in found.output


def test_simulated_records_have_the_same_share_of_the_published_figures_in_every_month(
    run, workspace, release, tmp_path, archive_folder
):
    target = tmp_path / "synthetic.parquet"
    made = CliRunner().invoke(
        cli,
        [
            *("--standard", str(ROOT / "standard"), "--archive", str(archive_folder), "simulate"),
            *("--rows", "100000", "--seed", "3", "--out", str(target)),
        ],
    )
    assert made.exit_code == 0, made.output
    arguments = ("--workspace", workspace, "--purpose", "p", "--as-of", "2029-12-31")
    assert run("records", "add", target, *arguments).exit_code == 0
    found = run("compare", release, *arguments)
    assert found.exit_code == 0, found.output
    assert f"southwest-encounters beside cbp-encounters-southwest of {release.name}:" in found.output
    ratio, lowest, highest = (
        float(re.search(pattern, found.output)[1])
        for pattern in (r"published, ratio (\S+)", r"lowest \D+([\d.]+) in", r"highest \D+([\d.]+) in")
    )
    assert 0.99 * ratio < lowest <= highest < 1.01 * ratio
    cells = arrow.read_csv(workspace / "tables" / "southwest-encounters-compared.csv")
    assert sum(cells["value"].to_pylist()) > 50_000


def test_a_workspace_without_records_has_nothing_to_compare(run, workspace, release):
    found = run("compare", release, "--workspace", workspace, "--purpose", "p", "--as-of", "2021-12-31")
    assert found.exit_code == 2
    assert "no records of which a table of the standard should give a dataset" in found.output

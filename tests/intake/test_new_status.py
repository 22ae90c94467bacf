"""A status added to the code list, under which there is no figure: published as empty everywhere, and never as a zero."""

import csv
import datetime
import io
import itertools
import json
import sqlite3

import openpyxl
import pytest
from lxml import etree
from pyarrow import parquet
from small import written

from borderstats import pipeline
from borderstats.errors import GateError
from borderstats.intake import adding
from borderstats.serve import exact
from borderstats.site import publish
from made_archive import snapshot
from serving import serving

STATUS = 'N,Not counted,No contado,no,,,,,,,,,,"Missing: nobody counted."\n'
SOURCE = """
dataset = "arrests"

[[columns]]
name = "month"
role = "calendar_month"

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "agency"
role = "dimension"
concept = "agency"
labels = { All = "_T" }

[[columns]]
name = "arrests"
role = "figure"
missing = { NC = "N" }
"""
GATE = """
[[gates]]
name = "agencies"
rule = "additive"
sentence = "The agencies add up."
dimension = "agency"
"""
FIRST = {
    ("MEX", "USBP"): (4, "NC", 6),
    ("MEX", "OFO"): (1, 2, 3),
    ("MEX", "All"): (5, 9, 9),
    ("GTM", "USBP"): (7, 8, 9),
}
SECOND = FIRST | {("MEX", "USBP"): (4, 7, 6), ("GTM", "USBP"): (7, "NC", 9)}  # fmt: skip
FILES = {datetime.date(2023, 3, 31): FIRST, datetime.date(2023, 4, 30): SECOND}


def file(figures):
    rows = [
        f"2023-0{n},{country},{agency},{figure}"
        for (country, agency), some in figures.items()
        for n, figure in enumerate(some, 1)
    ]
    return ("month,country,agency,arrests\n" + "\n".join(rows) + "\n").encode()


def archived(folder, files):
    folder.mkdir()
    for as_of, figures in files.items():
        data = file(figures)
        adding.add(
            folder, snapshot(f"{as_of}.csv", data, source="made", as_of=as_of, known_basis="published"), data
        )
    return folder


@pytest.fixture(scope="module")
def standard_folder(tmp_path_factory):
    root = written(tmp_path_factory.mktemp("new") / "standard", SOURCE, "csv")
    with (root / "codelists/obs_status.csv").open("a") as opened:
        opened.write(STATUS)
    with (root / "datasets/arrests.toml").open("a") as opened:
        opened.write(GATE)
    return root


@pytest.fixture(scope="module")
def release(standard_folder, tmp_path_factory):
    base = tmp_path_factory.mktemp("released")
    return pipeline.build(
        standard_folder, archived(base / "archive", FILES), datetime.date(2023, 5, 1), base / "out"
    ).path


@pytest.fixture
def folder(release):
    return release / "data/arrests"


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def cell(row):
    return row["citizenship"], row["agency"], row["period"]


HIDDEN = ("GTM", "USBP", "2023-02")
ONCE = ("MEX", "USBP", "2023-02")


def test_tables_are_empty_there(folder):
    empty = {(*cell(row), row["known_from"]) for row in rows(folder / "history.csv") if row["status"] == "N"}
    assert empty == {(*ONCE, "2023-03-31"), (*HIDDEN, "2023-04-30")}
    for name in ("history", "latest"):
        for row in rows(folder / f"{name}.csv"):
            assert (row["value"] == "") == (row["status"] == "N")
        assert all(
            (row["value"] is None) == (row["status"] == "N")
            for row in parquet.read_table(folder / f"{name}.parquet").to_pylist()
        )
    (hidden,) = (row for row in rows(folder / "latest.csv") if row["status"] == "N")
    assert cell(hidden) == HIDDEN


def test_a_revision_from_or_to_it_has_no_difference(folder):
    found = {
        cell(row): [row[n] for n in ("kind", "old", "new", "delta")] for row in rows(folder / "revisions.csv")
    }
    assert found == {ONCE: ["untold", "", "7", ""], HIDDEN: ["untold", "8", "", ""]}


def test_a_gate_does_not_take_it_for_a_zero(standard_folder, tmp_path, release):
    """In the first edition a part is not told: with a zero in its place, 2 would be held against 9."""
    (gate,) = (
        gate for gate in json.loads((release / "gates.json").read_bytes()) if gate["rule"] == "additive"
    )
    assert gate["compared"] == 3
    wrong = archived(
        tmp_path / "archive", {datetime.date(2023, 4, 30): SECOND | {("MEX", "USBP"): (4, 8, 6)}}
    )
    with pytest.raises(GateError, match="the parts add up to 10, the total printed is 9"):
        pipeline.build(standard_folder, wrong, datetime.date(2023, 5, 1), tmp_path / "out", formats=None)


def test_every_other_format_has_no_figure_there(folder, release):
    book = openpyxl.load_workbook(folder / "arrests.xlsx")
    header, *lines = itertools.dropwhile(
        lambda line: "Status code" not in line, book["Months"].iter_rows(values_only=True)
    )
    shown = [dict(zip(header, line, strict=True)) for line in lines]
    assert {row["events"] for row in shown if row["Status code"] == "N"} == {"[x]"}
    assert {row["Status"] for row in shown if row["Status code"] == "N"} == {"Not counted"}

    stat = json.loads((folder / "latest.jsonstat.json").read_bytes())
    assert list(stat["status"].values()).count("N") == 1
    place = next(key for key, status in stat["status"].items() if status == "N")
    value = stat["value"]
    assert (value[int(place)] if isinstance(value, list) else value[place]) is None
    assert stat["extension"]["status"]["label"]["N"] == "Not counted"

    with sqlite3.connect(release / "borderstats.sqlite") as connection:
        (table,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE '%arrests%' AND type = 'table'"
        ).fetchone()
        assert connection.execute(f"SELECT value FROM \"{table}\" WHERE status = 'N'").fetchall() == [(None,)]
        assert connection.execute("SELECT label_en FROM statuses WHERE code = 'N'").fetchall() == [
            ("Not counted",)
        ]

    sdmx = rows(folder / "latest.sdmx.csv")
    assert [row["OBS_VALUE"] for row in sdmx if row["OBS_STATUS"] == "N"] == [""]
    for version in ("2.1", "3.0"):
        every = etree.parse(folder / f"latest.sdmx-{version}.xml").iter("{*}Obs")
        (hidden,) = (one for one in every if one.get("OBS_STATUS") == "N")
        assert hidden.get("OBS_VALUE") is None
    assert '"N"' in (release / "sdmx/structure-2.0.json").read_text()


def test_the_interface_has_no_figure_there(release, tmp_path):
    public = publish.write(release, tmp_path / "public", exact.documents(release)).path
    with serving(public, tmp_path / "log") as served:
        plain = served.get("/api/datasets/arrests/observations?citizenship=GTM").json()
        assert [row["value"] for row in plain["observations"] if row["status"] == "N"] == [None]
        answer = served.get("/sdmx/3/data/dataflow/*/arrests/~/*", Accept="application/vnd.sdmx.data+csv")
        found = [row for row in csv.DictReader(io.StringIO(answer.text)) if row["OBS_STATUS"] == "N"]
        assert [row["OBS_VALUE"] for row in found] == [""]

"""The reporting, measured: what the archive shows, and nothing that it does not."""

import datetime
import json

import pytest

import made_archive
from borderstats.package.reports import Revised
from borderstats.release import reporting

ARRESTS, SOURCE = "ohss-ero-arrests", "ohss-monthly-tables"
DATE = datetime.date(2026, 11, 24)


@pytest.fixture
def snapshot():
    """A function from a vintage's file and as-of date to its snapshot."""

    def make(vintage, basis="published", source=SOURCE):
        known = vintage.as_of + datetime.timedelta(days=9)
        return made_archive.snapshot(
            vintage.file, source=source, as_of=vintage.as_of, known=known, known_basis=basis
        )

    return make


@pytest.fixture
def weighed(observe, evidence):
    """Two vintages of one dataset: the second revises one cell by 3 and adds a month."""
    first = observe(ARRESTS, ({}, "2023-12", 10), ({}, "2024-01", 20))
    second = observe(ARRESTS, ({}, "2023-12", 13), ({}, "2024-01", 20), ({}, "2024-02", 5))
    return evidence([first, second])


def measured(standard, weighed, snapshots, date=DATE):
    standard_of_one = type(standard)(
        **{
            field: getattr(standard, field)
            for field in standard.__struct_fields__
            if field not in ("sources", "datasets")
        },
        sources={SOURCE: standard.sources[SOURCE]},
        datasets=standard.datasets,
    )
    return reporting.reporting(standard_of_one, weighed, snapshots, date)


@pytest.fixture
def one(standard, weighed, snapshot, monkeypatch):
    """A function from the basis of the days on which files became known, nine after those for which they speak, to the one entry."""
    source = standard.sources[SOURCE]
    monkeypatch.setitem(source.__dict__, "feeds", (ARRESTS,))

    def make(basis="published", date=DATE):
        listed = [snapshot(vintage, basis) for vintage in weighed.histories[ARRESTS].vintages]
        (found,) = measured(standard, weighed, listed, date)
        return found

    return make


def test_what_is_said_of_a_source(one):
    found = one()
    assert found.files == 2
    assert found.newest_as_of == datetime.date(2024, 2, 28)
    assert found.last_period_ends == datetime.date(2024, 2, 28)
    assert found.days_since_last_period == (DATE - datetime.date(2024, 2, 28)).days
    assert found.revisions == Revised(1, 3)
    assert found.readable == "tables laid out for people in a workbook"
    assert found.state == "discontinued"
    assert "paused in 2025" in found.ended


def test_days_to_publication_are_said_only_where_the_day_of_publication_is_known(one):
    """They once were those to the day for which the file speaks."""
    assert one("published").days_to_publication == 9
    assert one("captured").days_to_publication is one("not before").days_to_publication is None


@pytest.mark.parametrize(
    ("every", "days", "state"),
    [
        (0, 4000, "published once"),
        (31, 62, "current in this archive"),
        (31, 63, "late in this archive"),
    ],
)
def test_current_and_late_are_told_apart_at_two_editions(standard, every, days, state):
    source = type(standard.sources["ice-287g"])(
        id="x", title="", publisher="", licence="", columns=(), every=every
    )
    assert reporting._state(source, DATE - datetime.timedelta(days=days), DATE) == state


def test_every_source_with_a_file_is_measured(release, standard):
    found = json.loads((release / "reporting.json").read_text())
    archived = {one["source"] for one in json.loads((release / "manifest.json").read_text())["inputs"]}
    assert [entry["source"] for entry in found] == [name for name in standard.sources if name in archived]
    assert all(entry["files"] for entry in found)

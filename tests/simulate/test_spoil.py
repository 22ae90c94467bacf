"""Mistakes on purpose: as many as are counted, of the kinds that are named, and nothing else changes."""

import datetime

import pytest
from pyarrow import parquet

from borderstats.simulate.run import simulate
from borderstats.simulate.spoil import UNKNOWN_CODE
from borderstats.standard.simulation import FAMILIES

pytestmark = pytest.mark.slow

ROWS, SEED, SHARE = 30_000, 11, 0.05


@pytest.fixture(scope="module")
def spoiled(standard, observations, tmp_path_factory):
    out = tmp_path_factory.mktemp("spoiled") / "made.parquet"
    return simulate(standard, observations, out, ROWS, SEED, SHARE)


@pytest.fixture(scope="module")
def tables(spoiled):
    return {family: parquet.read_table(spoiled.files[family]).to_pylist() for family in FAMILIES}


def test_the_counts_are_those_of_the_files(spoiled, tables):
    encounters = tables["encounter"]
    types = {("T42", "USBP"): "EXP", ("T42", "OFO"): "EXP", ("T8", "USBP"): "APP", ("T8", "OFO"): "INA"}
    keys = [record["event_key"] for record in encounters if record["event_key"]]
    known = set(keys)
    found = {
        "unknown code": sum(record["citizenship"] == UNKNOWN_CODE for record in encounters),
        "wrong type": sum(
            record["encounter_type"] != types[record["title"], record["component"]] for record in encounters
        ),
        "child of 30": sum(
            record["demographic"] in ("UC", "AM") and record["age"] == 30 for record in encounters
        ),
        "duplicate": len(keys) - len(known),
        "missing key": len(encounters) - len(keys),
        "book-out before book-in": sum(
            record["book_out"] is not None and record["book_out"] < record["book_in"]
            for record in tables["custody"]
        ),
        "dangling reference": sum(
            record["event_key"] > f"SYNE{ROWS:012d}" for family in FAMILIES[2:] for record in tables[family]
        ),
    }
    assert dict(spoiled.spoiled) == found
    assert all(found.values())
    of_encounters = sum(list(found.values())[:5])
    assert abs(of_encounters / ROWS - SHARE) < 0.01


def test_a_duplicate_stands_behind_its_original(tables):
    encounters = tables["encounter"]
    seen = {}
    for place, record in enumerate(encounters):
        if record["event_key"] in seen and record["event_key"]:
            assert encounters[place - 1] == record
        seen[record["event_key"]] = place


def test_sound_records_are_those_that_a_run_without_mistakes_makes(made, tables):
    sound = {
        record["event_key"]: record for record in parquet.read_table(made.files["encounter"]).to_pylist()
    }
    changed = 0
    for record in tables["encounter"]:
        if record["event_key"]:
            before = sound[record["event_key"]]
            differing = {name for name in before if before[name] != record[name]}
            assert differing <= {"citizenship", "encounter_type", "age", "age_missing"}
            changed += bool(differing)
    assert 0 < changed < SHARE * ROWS


def test_no_column_tells_which_records_are_spoiled(made, spoiled):
    for family in FAMILIES:
        names = [parquet.read_schema(files[family]).names for files in (made.files, spoiled.files)]
        assert names[0] == names[1]


def test_a_spell_that_ends_before_it_begins_does_so_by_an_hour(tables):
    bad = [r for r in tables["custody"] if r["book_out"] is not None and r["book_out"] < r["book_in"]]
    assert {r["book_in"] - r["book_out"] for r in bad} == {datetime.timedelta(hours=1)}

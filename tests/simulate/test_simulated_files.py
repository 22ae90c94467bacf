"""The files: plainly synthetic, sorted, the same bytes for the same arguments, and never in place of real ones."""

import json
from itertools import pairwise

import pyarrow as pa
import pytest
from pyarrow import parquet

from borderstats.errors import InputError
from borderstats.simulate import files, run
from borderstats.simulate.run import simulate
from borderstats.standard.simulation import FAMILIES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_says_that_it_is_synthetic(standard, made, family):
    read = parquet.read_table(made.files[family])
    notes = parquet.read_metadata(made.files[family]).metadata
    assert notes[b"borderstats.synthetic"] == b"true"
    assert b"no person and no event in this file is real" in notes[b"borderstats.synthetic.sentence"]
    assert set(read["synthetic"].to_pylist()) == {True}
    assert read.num_rows == made.rows[family]
    for name in (standard.families[family].key, "event_key", "person_key"):
        assert all(key.startswith("SYN") for key in read[name].to_pylist() if key)


@pytest.mark.parametrize("family", FAMILIES)
def test_columns_have_the_types_of_the_canonical_form(standard, made, family):
    wanted = {
        "time": pa.timestamp("us"),
        "whole": pa.int32(),
        "number": pa.float64(),
    }
    schema = parquet.read_schema(made.files[family])
    for field in standard.families[family].fields:
        assert schema.field(field.name).type == wanted.get(field.type, pa.string()), field.name


def test_encounters_are_sorted_by_time(made):
    times = parquet.read_table(made.files["encounter"])["encounter_time"].to_pylist()
    assert all(one <= other for one, other in pairwise(times))


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(standard, observations, tmp_path):
    def bytes_of(name, seed):
        made = simulate(standard, observations, tmp_path / f"{name}.parquet", 3000, seed)
        return [made.files[family].read_bytes() for family in FAMILIES]

    first = bytes_of("first", 5)
    assert bytes_of("again", 5) == first
    assert bytes_of("first", 5) == first, "in place of synthetic files of the same name"
    assert all(one != other for one, other in zip(first, bytes_of("other", 6), strict=True))


def test_a_part_of_any_size_gives_the_margins(standard, observations, tmp_path, monkeypatch):
    monkeypatch.setattr("borderstats.simulate.parts.PART_ROWS", 20)
    made = simulate(standard, observations, tmp_path / "small.parquet", 4000, 1)
    assert made.rows["encounter"] == 4000
    times = parquet.read_table(made.files["encounter"])["encounter_time"].to_pylist()
    assert all(one <= other for one, other in pairwise(times))


def test_one_row_is_enough(standard, observations, tmp_path):
    made = simulate(standard, observations, tmp_path / "one.parquet", 1)
    assert made.rows["encounter"] == 1
    assert all(path.exists() for path in made.files.values())


def test_a_file_that_is_not_synthetic_is_never_replaced(standard, observations, tmp_path):
    real = tmp_path / "records-custody.parquet"
    parquet.write_table(pa.table({"person_key": ["1"]}), real)
    before = real.read_bytes()
    with pytest.raises(InputError, match="not marked as synthetic"):
        simulate(standard, observations, tmp_path / "records.parquet", 100)
    (tmp_path / "text.parquet").write_text("no Parquet at all")
    with pytest.raises(InputError, match="not marked as synthetic"):
        simulate(standard, observations, tmp_path / "text.parquet", 100)
    assert real.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records-custody.parquet", "text.parquet"]


def test_nothing_is_left_when_writing_fails(standard, observations, tmp_path, monkeypatch):
    def fail(*_arguments, **_options):
        raise OSError("the disk is full")

    monkeypatch.setattr(files.parquet.ParquetWriter, "write_table", fail)
    with pytest.raises(OSError, match="the disk is full"):
        simulate(standard, observations, tmp_path / "made.parquet", 1000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"rows": 0}, "--rows 0: give a number from 1"),
        ({"rows": run.LARGEST + 1}, "give a number from 1"),
        ({"errors": 1.0}, "--errors 1.0: a share"),
        ({"errors": -0.1}, "a share"),
        ({"seed": -1}, "--seed -1"),
    ],
)
def test_arguments_without_sense_are_refused(standard, observations, tmp_path, arguments, words):
    with pytest.raises(InputError, match=words):
        simulate(standard, observations, tmp_path / "made.parquet", **arguments)
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_refused(standard, observations, tmp_path):
    with pytest.raises(InputError, match=r"ends in \.parquet"):
        simulate(standard, observations, tmp_path / "made.csv", 10)


def test_what_a_title_does_not_allow_is_refused_in_words(standard, observations, tmp_path, monkeypatch):
    title = standard.codelist_of("title").numbers["T42"]
    monkeypatch.setattr(run, "windows", lambda _: {title: (0, 86_400)})
    with pytest.raises(InputError, match=r"^cbp-encounters-state \d{4}-\d\d: .*does not allow in that month"):
        simulate(standard, observations, tmp_path / "made.parquet", 50_000)
    assert list(tmp_path.iterdir()) == []


def test_the_arguments_stand_in_the_file(made):
    notes = parquet.read_metadata(made.files["encounter"]).metadata
    metadata = {key.decode(): json.loads(value) for key, value in notes.items() if b"sentence" not in key}
    assert metadata["borderstats.rows"] == made.rows["encounter"]
    assert metadata["borderstats.errors"] == 0

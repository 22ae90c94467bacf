"""The archive: files untouched, and beside each its metadata, which say where it came from."""

import datetime

import pytest

from borderstats.errors import ArchiveError
from borderstats.intake import adding, archive
from made_archive import snapshot


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


def error_text(call, *arguments):
    with pytest.raises(ArchiveError) as caught:
        call(*arguments)
    return str(caught.value)


def test_files_are_listed_by_day_order_and_name_however_they_were_added(empty):
    day = datetime.date(2020, 1, 1)
    wanted = [
        snapshot("z/a.csv", b"0"),
        snapshot("a/b.csv", b"1", as_of=day),
        snapshot("a/c.csv", b"2", as_of=day),
        snapshot("a/a.csv", b"3", as_of=day, order="1.1"),
        snapshot("a/0.csv", b"4", as_of=day, order="2"),
        snapshot("a/1.csv", b"5", as_of=day, order="10"),
    ]
    for number in (4, 2, 0, 5, 3, 1):
        adding.add(empty, wanted[number], b"%d" % number)
    assert archive.snapshots(empty) == tuple(wanted)
    assert [archive.read(empty, one) for one in wanted] == [b"0", b"1", b"2", b"3", b"4", b"5"]


def test_the_time_of_capture_orders_what_nothing_else_does(empty):
    noon = datetime.datetime(2020, 1, 1, 12, tzinfo=datetime.UTC)
    later = noon.astimezone(datetime.timezone(datetime.timedelta(hours=-5))) + datetime.timedelta(minutes=1)
    adding.add(empty, snapshot("a.csv", b"1", captured=later), b"1")
    adding.add(empty, snapshot("b.csv", b"2", captured=noon), b"2")
    assert [one.file for one in archive.snapshots(empty)] == ["b.csv", "a.csv"]


def test_listing_opens_no_file_but_metadata(empty):
    adding.add(empty, snapshot(), b"1\n")
    (empty / "made/a.csv").unlink()
    assert archive.snapshots(empty) == (snapshot(),)
    assert error_text(archive.read, empty, snapshot()) == (
        "archive/made/a.csv: its metadata are there, but not the file; restore it"
    )


def test_an_altered_file(empty):
    adding.add(empty, snapshot(), b"1\n")
    (empty / "made/a.csv").write_bytes(b"2\n")
    assert error_text(archive.read, empty, snapshot()) == (
        "archive/made/a.csv: altered since it was archived (its SHA-256 differs); restore the file"
    )


def test_files_without_metadata(empty):
    adding.add(empty, snapshot(), b"1\n")
    (empty / "made/z.csv").write_bytes(b"3\n")
    (empty / "made/.hidden").write_bytes(b"")
    assert error_text(archive.leftovers, empty, archive.snapshots(empty)) == (
        "made/z.csv: in the archive without metadata; add files with `borderstats intake FILE --add`"
    )


def test_the_same_bytes_are_found_whatever_their_name(empty):
    adding.add(empty, snapshot(), b"1\n")
    listed = archive.snapshots(empty)
    assert archive.same_bytes(listed, b"1\n") == snapshot()
    assert archive.same_bytes(listed, b"1") is None


def test_no_archive(tmp_path):
    assert error_text(archive.snapshots, tmp_path / "none") == (
        f"{tmp_path / 'none'}: no archive here; run borderstats in the project's folder or give --archive"
    )


def test_every_metadata_file_that_cannot_be_read_is_named(empty):
    for name in ("a.csv", "b.csv"):
        adding.add(empty, snapshot(name, name.encode()), name.encode())
    said = empty / "a.csv.toml"
    said.write_text(said.read_text().replace("bytes = 5", 'bytes = "5"'))
    (empty / "b.csv.toml").write_text("source = 'x\n")
    first, second = error_text(archive.snapshots, empty).splitlines()
    assert first == "archive/a.csv.toml: $.bytes: expected `int`, got `str`"
    assert second.startswith("archive/b.csv.toml: ")


def test_metadata_that_replace_what_is_not_there(empty):
    adding.add(empty, snapshot(), b"1\n")
    adding.add(empty, snapshot("made/b.csv", b"2", replaces="made/a.cvs", reason="a slip"), b"2")
    assert error_text(archive.snapshots, empty) == (
        "archive/made/b.csv.toml: $.replaces: the archive has no file 'made/a.cvs'; 'made/a.csv' may be meant"
    )


FROM_LAYOUTS = {
    "cbp-currency-seizures",
    "cbp-custody-transfer",
    "cbp-drug-seizures",
    "cbp-nationwide-aor",
    "cbp-southwest-at-large",
    "cbp-weapons-seizures",
    "yearbook-apprehensions",
}
"""Sources that are described from the published layout, and of which the archive has no file yet."""


def test_the_real_archive_is_whole(archive_folder, standard):
    listed = archive.snapshots(archive_folder)
    assert len({one.sha256 for one in listed}) == len(listed) > 0
    assert archive.leftovers(archive_folder, listed) == []
    of_records = {one.source for one in standard.protections}
    assert {one.source for one in listed} - {""} == set(standard.sources) - of_records - FROM_LAYOUTS
    for one in listed:
        assert len(archive.read(archive_folder, one)) == one.bytes


def test_the_days_on_which_files_became_known_are_those_that_somebody_tells(archive_folder):
    """CBP published the figures of February 2024 on 22 March; captures are known by their time, lists by their names."""
    listed = {one.file.split("/")[-1]: one for one in archive.snapshots(archive_folder)}
    known = {name: (str(one.known), one.known_basis) for name, one in listed.items()}
    assert known["nationwide-encounters-fy21-fy24-feb-state.csv"] == ("2024-03-22", "published")
    assert known["nationwide-encounters-fy21-fy24-jan-state.csv"] == ("2024-02-29", "announced")
    assert known["Congressional-Semi-Monthly-Report-01-01-20-to-01-15-21.xlsx"] == (
        "2021-01-22",
        "not before",
    )
    assert all(one.archived for one in listed.values())
    assert known["nationwide-encounters-fy21-fy24-state.csv"] == ("2024-10-31", "not after")
    assert known["ParticipatingEntities-20210113002027.xlsx"] == ("2021-01-13", "captured")
    assert str(listed["ParticipatingEntities-20210113002027.xlsx"].captured) == "2021-01-13 00:20:27+00:00"
    evening = listed["sheets_20250703_151805__participatingAgencies07032025pm.xlsx"]
    assert (str(evening.known), evening.known_basis, evening.order, evening.order_basis) == (
        "2025-07-03",
        "published",
        "2",
        "name",
    )
    assert all(one.known_note for one in listed.values())
    assert all(
        one.known == one.as_of or "metadata" in one.known_note
        for one in listed.values()
        if one.known_basis == "not before"
    )

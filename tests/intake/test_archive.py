"""The archive: files untouched, and a list that says where each came from."""

import datetime

import pytest

from borderstats.errors import ArchiveError, InputError
from borderstats.intake import archive
from borderstats.package.snapshots import Snapshot

HEADER = ",".join(Snapshot.__struct_fields__) + "\n"


def snapshot(file="made/a.csv", data=b"1\n"):
    return Snapshot(
        file=file,
        sha256=archive.digest(data),
        bytes=len(data),
        source="usbp-annual-nation",
        publisher="A publisher, by hand",
        title='A "title"',
        as_of=datetime.date(2019, 9, 30),
        as_of_basis="stated",
        as_of_note="",
        obtained_from="hand-made\nin two lines",
        licence="none",
    )


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "snapshots.csv").write_text(HEADER)
    return folder


def error_text(call, *arguments, kind=ArchiveError):
    with pytest.raises(kind) as caught:
        call(*arguments)
    return str(caught.value)


def test_what_is_added_is_listed_and_read_back_as_it_was(empty):
    archive.add(empty, snapshot(), b"1\n")
    archive.add(empty, snapshot("made/b.csv", b"2\n"), b"2\n")
    listed = archive.snapshots(empty)
    assert listed == (snapshot(), snapshot("made/b.csv", b"2\n"))
    assert [archive.read(empty, one) for one in listed] == [b"1\n", b"2\n"]


def test_a_name_is_taken_once(empty):
    archive.add(empty, snapshot(), b"1\n")
    before = (empty / "snapshots.csv").read_bytes()
    assert error_text(archive.add, empty, snapshot(data=b"2\n"), b"2\n", kind=InputError) == (
        "made/a.csv: the archive has another file of this name; rename yours, snapshots are never replaced"
    )
    assert (empty / "made/a.csv").read_bytes() == b"1\n"
    assert (empty / "snapshots.csv").read_bytes() == before


def test_an_altered_file(empty):
    archive.add(empty, snapshot(), b"1\n")
    (empty / "made/a.csv").write_bytes(b"2\n")
    assert error_text(archive.read, empty, snapshot()) == (
        "archive/made/a.csv: altered since it was archived (its SHA-256 differs); restore the file"
    )


def test_a_file_that_is_listed_but_not_there(empty):
    assert error_text(archive.read, empty, snapshot()) == (
        "archive/made/a.csv: listed in snapshots.csv but not there; restore the file"
    )


def test_files_that_nobody_listed(empty):
    archive.add(empty, snapshot(), b"1\n")
    (empty / "made/z.csv").write_bytes(b"3\n")
    (empty / "made/.hidden").write_bytes(b"")
    assert error_text(archive.check_unlisted, empty, archive.snapshots(empty)) == (
        "made/z.csv: in the archive without a line in its list; add files with `borderstats intake FILE --add`"
    )


def test_the_same_bytes_are_found_whatever_their_name(empty):
    archive.add(empty, snapshot(), b"1\n")
    listed = archive.snapshots(empty)
    assert archive.same_bytes(listed, b"1\n") == snapshot()
    assert archive.same_bytes(listed, b"1") is None


def test_a_folder_without_a_list(tmp_path):
    assert error_text(archive.snapshots, tmp_path) == (
        f"{tmp_path / 'snapshots.csv'}: no archive here; run borderstats in the project's folder or give --archive"
    )


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("a,b,many,s,p,t,2019-09-30,stated,n,o,l", "Expected `int`, got `str` - at `$.bytes`"),
        ("a,b,1,s,p,t,30.9.2019,stated,n,o,l", "Invalid RFC3339 encoded date - at `$.as_of`"),
        ("a,b,1,s,p,t,2019-09-30,guessed,n,o,l", "Invalid enum value 'guessed' - at `$.as_of_basis`"),
        ("a,b,1,s,p,t", "Expected `date`, got `null` - at `$.as_of`"),
    ],
)
def test_a_line_of_the_list_that_cannot_be_read(empty, line, what):
    with (empty / "snapshots.csv").open("a") as file:
        file.write(line + "\n")
    assert error_text(archive.snapshots, empty) == f"archive/snapshots.csv: line 2: {what}"


def test_a_list_with_a_quote_that_is_never_closed(empty):
    with (empty / "snapshots.csv").open("a") as file:
        file.write('"a,b\n')
    message = error_text(archive.snapshots, empty)
    assert message.startswith("archive/snapshots.csv: line ")
    assert message.endswith(": unexpected end of data")


def test_the_real_archive_is_whole(archive_folder, standard):
    listed = archive.snapshots(archive_folder)
    assert len({one.sha256 for one in listed}) == len(listed) > 0
    archive.check_unlisted(archive_folder, listed)
    of_records = {one.source for one in standard.protections}
    assert {one.source for one in listed} - {""} == set(standard.sources) - of_records
    for one in listed:
        assert len(archive.read(archive_folder, one)) == one.bytes

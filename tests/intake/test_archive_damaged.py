"""The newest file of every source, damaged: each is refused as a whole, in words, and never with a traceback."""

import gzip
import io
from pathlib import Path

import openpyxl
import pytest
from test_archive_files import content, snapshots

from borderstats.errors import InputError
from borderstats.intake.differences import sheet_named
from borderstats.intake.grid import without_footnotes
from borderstats.intake.read import read_file
from borderstats.standard.load import load
from borderstats.standard.sources import CsvSource, ListTable
from borderstats.standard.struct import fold

STANDARD = load(Path(__file__).parents[2] / "standard")
NEWEST = {s.source: name for name, s in sorted(snapshots().items(), key=lambda item: item[1].as_of)}
"""The file of each source with the latest as-of date."""

FILED = {name: source for name, source in STANDARD.sources.items() if name in NEWEST}
"""The sources with a file: not those of tables from records."""

OPEN_ENDED = [n for n, s in FILED.items() if isinstance(s, CsvSource) and s.open_end]
LISTS = [n for n, s in FILED.items() if s.format == "csv"]
WORKBOOKS = [n for n in FILED if NEWEST[n].endswith(".xlsx")]


def refused(source, data):
    """The text with which a file is refused; fails if it is read."""
    name = NEWEST[source]
    with pytest.raises(InputError) as error:
        read_file(STANDARD, name, data, snapshots()[name].as_of)
    text = str(error.value)
    assert text.startswith(f"{name}:")
    assert all(line.startswith(name) for line in text.splitlines())
    return text


# Where the publisher's own last line has no end, a file that is cut between two rows cannot be told from a whole one.
@pytest.mark.parametrize("source", [n for n, s in FILED.items() if n not in OPEN_ENDED])
def test_a_file_that_is_cut_in_the_middle(source):
    data = content(NEWEST[source])
    half = data[: len(data) // 2]
    if STANDARD.sources[source].format == "csv" and not data.startswith(b"\x1f\x8b"):
        half = half[: half.rfind(b"\n") - 1]
    assert refused(source, half)


@pytest.mark.parametrize("source", LISTS)
def test_a_text_file_with_its_first_column_renamed(source):
    data = content(NEWEST[source])
    plain = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    header, rest = plain.split(b"\n", 1)
    first, *others = header.split(STANDARD.sources[source].delimiter.encode())
    assert others
    text = refused(
        source, STANDARD.sources[source].delimiter.encode().join([b"Renamed", *others]) + b"\n" + rest
    )
    assert "Renamed" in text or first.decode("utf-8-sig").strip('"') in text


@pytest.mark.slow
@pytest.mark.parametrize("source", WORKBOOKS)
def test_a_workbook_with_a_sheet_renamed_or_a_table_without_its_header(source):
    table = STANDARD.sources[source].layout[0]
    corner = None if isinstance(table, ListTable) else table.corner
    wanted = fold(table.columns[0] if corner is None else corner)
    book = openpyxl.load_workbook(io.BytesIO(content(NEWEST[source])))
    used = sheet_named(table.sheet, book.sheetnames) if table.sheet else book.sheetnames[0]
    for row in book[used].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and fold(without_footnotes(cell.value)) == wanted:
                cell.value = "Renamed"
    buffer = io.BytesIO()
    book.save(buffer)
    assert refused(source, buffer.getvalue())
    if table.sheet:
        book = openpyxl.load_workbook(io.BytesIO(content(NEWEST[source])))
        book[used].title = "Renamed"
        buffer = io.BytesIO()
        book.save(buffer)
        assert "Renamed" in refused(source, buffer.getvalue()) or len(STANDARD.sources[source].feeds) == 1


@pytest.mark.parametrize("source", FILED)
def test_a_file_of_another_kind_under_its_name(source):
    assert "web page" in refused(source, b"<!DOCTYPE html><title>404</title>")
    assert "empty" in refused(source, b"")

"""Rows written by the column are those that XlsxWriter writes cell by cell."""

import datetime
import io
import re
import zipfile

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from borderstats.formats.spreadsheet_rows import Rows

CELLS = st.one_of(
    st.sampled_from(["", "a", "<&>'\"", " space ", "été", "\x07", "1"]),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)


def made(columns, start, tall, by_column):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "above")
    rows = Rows(sheet, start) if by_column else None
    for place, cells in enumerate(columns):
        looks = book.add_format({"num_format": "0." + "0" * (place + 1)})
        if rows:
            rows.add(cells, looks)
            continue
        for row, cell in enumerate(cells, start):
            (sheet.write_string if isinstance(cell, str) else sheet.write_number)(row, place, cell, looks)
    sheet.set_row(start + tall, 40)
    sheet.write_string(start + len(columns[0]) + 1, 0, "below")
    book.set_properties({"created": datetime.datetime(2026, 1, 1)})
    book.close()
    files = zipfile.ZipFile(stream)
    # `spans` only helps a reader to reserve memory, and is optional.
    return {name: re.sub(rb' spans="[^"]*"', b"", files.read(name)) for name in files.namelist()}


@settings(max_examples=60)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=30)
    ),
    st.integers(1, 4),
    st.integers(0, 3),
)
def test_the_same_bytes(rows, start, tall):
    columns = list(map(list, zip(*rows, strict=True)))
    one, other = (made(columns, start, tall, by_column) for by_column in (True, False))
    assert one == other

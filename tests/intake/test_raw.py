"""Bytes to tables of labels: every cell comes back, every row keeps its number."""

import csv
import gzip
import io

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.errors import InputError
from borderstats.intake import raw
from borderstats.intake.workbook import Workbook


def rows_of(table):
    """The cells again, row by row."""
    cells = [np.array(column.distinct, object)[column.place] for column in table.columns]
    return [tuple(row) for row in zip(*cells, strict=True)]


def book(*rows, sheet="Sheet"):
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=6)


@given(
    st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=20),
    st.sampled_from([",", "|", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_every_cell_of_a_text_file_comes_back(rows, delimiter, end):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows([("a", "b", "c"), *rows])
    table = raw.read_text("made.csv", buffer.getvalue().encode(), delimiter, "utf-8")
    assert table.header == ("a", "b", "c")
    assert rows_of(table) == rows
    assert table.row.tolist() == list(range(2, len(rows) + 2))
    assert table.ragged == ()


@given(st.lists(st.integers(2, 5), min_size=1, max_size=30))
def test_rows_of_another_width_are_kept_apart_and_move_no_other_row(widths):
    lines = [
        "a,b,c",
        *(",".join(f"{n}.{cell}" for cell in range(width)) for n, width in enumerate(widths, 2)),
    ]
    table = raw.read_text("made.csv", "".join(line + "\n" for line in lines).encode(), ",", "utf-8")
    assert [(bad.row, bad.cells) for bad in table.ragged] == [
        (n, width) for n, width in enumerate(widths, 2) if width != 3
    ]
    assert table.row.tolist() == [n for n, width in enumerate(widths, 2) if width == 3]
    assert [row[0] for row in rows_of(table)] == [f"{n}.0" for n in table.row]


def test_a_label_is_kept_once_however_many_rows_carry_it():
    table = raw.read_text("made.csv", b"a,b\n" + b"x,1\n" * 1000, ",", "utf-8")
    assert table.columns[0].distinct == ["x"]
    assert len(table.columns[0].place) == 1000


def test_words_for_nothing_stay_words():
    table = raw.read_text("made.csv", b"a,b\nNA,null\n,NaN\n", ",", "utf-8")
    assert rows_of(table) == [("NA", "null"), ("", "NaN")]


def test_another_encoding_is_read_where_the_source_says_so():
    table = raw.read_text("made.csv", "a,b\nMichoacán,1\n".encode("latin-1"), ",", "latin-1")
    assert rows_of(table) == [("Michoacán", "1")]


def test_bytes_in_another_encoding_are_named_by_row_and_byte():
    with pytest.raises(InputError) as caught:
        raw.read_text("made.csv", b"a,b\nx,1\ny\xe9,2\n", ",", "utf-8")
    assert str(caught.value) == (
        "made.csv: row 3, byte 2: 0xe9 is not utf-8; the file was saved in another encoding. "
        "Fetch the publisher's own file"
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a,b\n1,2\n", b"a,b"),
        (b"a,b\r\n1,2\r\n", b"a,b"),
        (b"\xef\xbb\xbfa,b\n", b"a,b"),
        (b"a,b", b"a,b"),
        (b"", b""),
    ],
)
def test_the_first_line(data, line):
    assert raw.first_line(data) == line


def test_a_header_shows_what_is_not_in_its_encoding():
    assert raw.text_header(b"a\xff,b", ",", "utf-8") == ("a\\xff", "b")
    assert raw.text_header(b"a\xff,b", ",", "latin-1") == ("a\xff", "b")


def test_a_header_with_a_quoted_delimiter():
    assert raw.text_header(b'a,"b, c",d', ",", "utf-8") == ("a", "b, c", "d")


def test_unpacked_takes_bytes_out_of_gzip_and_leaves_others_alone():
    assert raw.unpacked("made", gzip.compress(b"a,b\n1,2\n")) == b"a,b\n1,2\n"
    assert raw.unpacked("made", b"a,b\n1,2\n") == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (book(("a",)), "workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "workbook"),
        (b"PAR1", "parquet"),
        (b"%PDF-1.4", "pdf"),
        (b"a,b\n", "csv"),
        (b"", "csv"),
    ],
)
def test_a_file_is_known_by_its_first_bytes(data, form):
    assert raw.form(data) == form


def list_of(data):
    """The only sheet of a workbook as one list."""
    return raw.listed(Workbook("made.xlsx", data).cells("Sheet"))


def test_cells_of_a_sheet_are_what_a_person_sees():
    table = list_of(book(("a", "b"), (2024, "x"), (1.5, None)))
    assert table.header == ("a", "b")
    assert rows_of(table) == [("2024", "x"), ("1.5", "")]


def test_empty_rows_of_a_sheet_are_kept_so_that_none_is_lost():
    data = book(("a", "b"), (1, 2), (), (None, None), (3, 4))
    table = list_of(data)
    assert table.row.tolist() == [2, 3, 4, 5]
    assert rows_of(table) == [("1", "2"), ("", ""), ("", ""), ("3", "4")]


def test_a_sheet_whose_table_does_not_start_in_the_corner_keeps_its_empty_row_and_column():
    data = book((), (None, "a"), (None, 1))
    table = list_of(data)
    assert table.header == ("", "")
    assert table.row.tolist() == [2, 3]


def test_sheets_are_listed_in_the_order_of_the_workbook():
    made = openpyxl.Workbook()
    made.active.title = "Second"
    made.create_sheet("First", 0)
    buffer = io.BytesIO()
    made.save(buffer)
    assert Workbook("made.xlsx", buffer.getvalue()).sheets == ["First", "Second"]

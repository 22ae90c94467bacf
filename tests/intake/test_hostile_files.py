"""Files made to harm: each once crashed, hung, or lost a row."""

import gzip
import io
import random
import sys
import zipfile

import pytest
from handmade import NATION, STATE, error, figures, refusals, state_row, text, workbook

from borderstats.errors import InputError
from borderstats.intake.counts import Form, count
from borderstats.intake.read import read_file, total


@pytest.mark.parametrize("year", ["3000", "4202", "9999"])
def test_a_year_that_no_period_holds(standard, year):  # D1
    assert refusals(standard, text(NATION, f"{year},5")) == [
        f"made.csv: row 2, column 'fiscal_year': '{year}' is not a year"
    ]
    assert refusals(standard, text(STATE, state_row(year=year))) == [
        f"made.csv: row 2, column 'Fiscal Year': '{year}' is not a year"
    ]


def test_a_header_and_no_row(standard):  # D2
    assert (
        error(standard, text(STATE)) == "made.csv: there is a header and not one row below it; fetch it again"
    )


def test_a_workbook_without_rows(standard):  # D2
    with pytest.raises(InputError):
        read_file(standard, "made.xlsx", workbook(rows=False))


def test_a_number_of_5000_digits(standard):  # D3
    value, reason = count("9" * 5000, Form())
    assert value == 0
    assert "too long" in reason
    assert len(reason) < 300


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\r\x81\n" + random.Random(7).randbytes(500),
        gzip.compress(gzip.compress(text(STATE, state_row()), mtime=0), mtime=0),
        b"a" * 200_000 + b"\n",
    ],
)
def test_a_first_line_that_csv_cannot_parse_is_an_error(standard, data):  # D4
    with pytest.raises(InputError):
        read_file(standard, "made.csv", data)


def without(data, name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info.filename))
            elif content is not None:
                new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("content", [None, b"", b"<worksheet><<<"])
def test_a_workbook_with_a_broken_sheet(standard, content):  # D5
    with pytest.raises(InputError):
        read_file(standard, "made.xlsx", without(workbook(), "xl/worksheets/sheet1.xml", content))


def test_a_row_of_error_cells_is_not_lost(standard):  # D7
    def edit(book):
        book["Annual Count"]["A2"] = "#N/A"
        book["Annual Count"]["B2"] = "#N/A"

    reading = read_file(standard, "made.xlsx", workbook(edit))
    assert reading.rows == 16
    assert len(reading.refusals) == 1


def test_many_rows_of_one_key_are_all_refused(standard):
    """If each were compared with all others, this test would be by far the slowest of its file."""
    assert len(refusals(standard, text(STATE, *[state_row()] * 10_000))) == 10_000


def test_latin_1_in_a_ragged_row_prints_no_traceback(standard, capfd, monkeypatch):  # D9
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    assert "row 2, byte" in error(standard, text(STATE, state_row() + ",x").replace(b",x", b",\xe9"))
    assert capfd.readouterr().err == ""


def test_counts_never_add_up_to_a_negative_total(standard):  # D10
    rows = [state_row(state=state, count=str(2**62 - 1)) for state in ("TX", "CA", "AZ")]
    assert total(read_file(standard, "made.csv", text(STATE, *rows)).observations) >= 0


def test_a_missing_sheet_is_not_taken_for_another_that_is_there(standard):  # D12
    def edit(book):
        del book["Annual Count"]

    assert error(standard, workbook(edit), "made.xlsx", "ohss-usbp-workbook") == (
        "made.xlsx: sheet 'Annual Count' of ohss-usbp-workbook is missing; the workbook cannot be read without it"
    )


def test_utf_16_is_named(standard):  # D13
    message = error(standard, text(STATE, state_row()).decode().encode("utf-16"))
    assert "encoding" in message


def test_a_quote_never_closed_in_the_last_cell_makes_no_figure(standard):  # D14
    assert figures(standard, text(STATE, state_row(count='"7'))) == {}


def test_a_newline_in_a_count_does_not_break_the_line_of_its_error(standard):  # D15
    assert all("\n" not in line for line in refusals(standard, text(STATE, state_row(count='"-\n5"'))))

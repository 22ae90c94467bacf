"""What bad rows and broken text files get: the whole text that their reader sees. All files are hand-made."""

import gzip
import random

import pytest
from click.testing import CliRunner
from handmade import (
    MONTHLY,
    NATION,
    SOURCES,
    STATE,
    error,
    figures,
    monthly_row,
    refusals,
    state_row,
    text,
)

from borderstats.commands.intake import intake
from borderstats.errors import InputError
from borderstats.intake import adding
from borderstats.intake.read import read_file
from made_archive import snapshot

GOOD = "region=SW state=TX demographic=SA citizenship=MEX title=T8 2022-10"


def unknown_file(what, name="made.csv"):
    return f"{name}: no source in the standard reads this file: {what}. Known sources: {SOURCES}. See docs/add-a-source.md"


def test_a_good_file_is_read_whole(standard):
    assert figures(standard, text(STATE, state_row())) == {GOOD: (7, "A")}


# Years


def test_a_year_that_is_none(standard):
    assert refusals(standard, text(STATE, state_row(year="20x4"))) == [
        "made.csv: row 2, column 'Fiscal Year': '20x4' is not a year"
    ]


@pytest.mark.parametrize("year", ["", "24", "1799", "2024.0", "２０２４", "(FYTD)", "2024 (FYTD) (FYTD)"])  # noqa: RUF001
def test_other_texts_that_are_no_year(standard, year):
    assert refusals(standard, text(STATE, state_row(year=year))) == [
        f"made.csv: row 2, column 'Fiscal Year': {year!r} is not a year"
    ]


def test_a_year_to_date_is_provisional(standard):
    data = text(STATE, state_row(), state_row(year="2024 (FYTD)"))
    assert figures(standard, data) == {
        GOOD: (7, "A"),
        GOOD.replace("2022", "2023"): (7, "P"),
    }


def test_the_mark_of_a_year_to_date_where_the_source_does_not_use_it(standard):
    assert refusals(standard, text(NATION, "2019 (FYTD),5")) == [
        "made.csv: row 2, column 'fiscal_year': '2019 (FYTD)' is not a year"
    ]


def test_a_calendar_year_that_contradicts_fiscal_year_and_month(standard):
    data = text(MONTHLY, monthly_row(), monthly_row(month="11", cy="2000"))
    assert refusals(standard, data) == [
        "made.csv: row 3, column 'cy': the calendar year does not fit the fiscal year and month, which make it 1999"
    ]


# Text


def test_latin_1(standard):
    data = text(STATE, state_row(), state_row(state="Michoacán")).decode().encode("latin-1")
    assert error(standard, data) == (
        "made.csv: row 3, byte 44: 0xe1 is not utf-8; the file was saved in another encoding. "
        "Fetch the publisher's own file"
    )


def test_utf_16_is_read_as_no_source(standard):
    message = error(standard, text(STATE, state_row()).decode().encode("utf-16-le"))
    assert message.startswith("made.csv: no source in the standard reads this file: ")


@pytest.mark.parametrize(("delimiter", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "pipes")])
def test_another_delimiter(standard, delimiter, name):
    data = text(STATE, state_row()).replace(b",", delimiter.encode())
    assert error(standard, data, source="cbp-nationwide-state") == (
        f"made.csv: row 1: the columns are separated by {name}, but cbp-nationwide-state uses commas; "
        "the file was saved anew by another program. Fetch the publisher's own file"
    )


def test_commas_where_the_publisher_uses_pipes(standard):
    data = text(MONTHLY, monthly_row()).replace(b"|", b",")
    assert error(standard, data, source="usbp-monthly-sector") == (
        "made.csv: row 1: the columns are separated by commas, but usbp-monthly-sector uses pipes; "
        "the file was saved anew by another program. Fetch the publisher's own file"
    )


def test_another_delimiter_in_the_rows_only(standard):
    data = text(STATE, state_row().replace(",", ";"))
    assert refusals(standard, data) == [
        "made.csv: row 2: the row has 1 cells, the header 9; a delimiter or quote is lost or too many"
    ]


def test_an_empty_file(standard):
    assert error(standard, b"") == (
        "made.csv: the file is empty (0 bytes); fetch it again from the publisher"
    )


def test_a_file_of_blanks(standard):
    assert error(standard, b" \r\n\n\t") == (
        "made.csv: the file is empty (5 bytes); fetch it again from the publisher"
    )


def test_a_header_without_its_end(standard):
    assert error(standard, STATE.encode()) == (
        "made.csv: row 1: the last line has no end, so the file was probably cut off; fetch it again"
    )


@pytest.mark.parametrize("cut", [1, 3, 30])
def test_a_file_cut_off_inside_a_row(standard, cut):
    data = text(STATE, state_row(), state_row(state="CA"))[:-cut]
    assert error(standard, data) == (
        "made.csv: row 3: the last line has no end, so the file was probably cut off; fetch it again"
    )


def test_a_row_with_too_few_cells(standard):
    data = text(STATE, state_row(), "2023,FYTD,NOV", state_row(state="CA"))
    assert refusals(standard, data) == [
        "made.csv: row 3: the row has 3 cells, the header 9; a delimiter or quote is lost or too many"
    ]


def test_a_row_with_too_many_cells(standard):
    data = text(STATE, state_row() + ",7", state_row(state="CA"))
    assert refusals(standard, data) == [
        "made.csv: row 2: the row has 10 cells, the header 9; a delimiter or quote is lost or too many"
    ]


def test_a_file_of_nothing_but_ragged_rows(standard):
    data = text(STATE, "2023,FYTD", state_row() + ",7")
    assert refusals(standard, data) == [
        "made.csv: row 2: the row has 2 cells, the header 9; a delimiter or quote is lost or too many",
        "made.csv: row 3: the row has 10 cells, the header 9; a delimiter or quote is lost or too many",
    ]


def test_a_blank_line_in_the_middle_is_a_refused_row(standard):
    data = text(STATE, state_row(), "", state_row(state="CA"))
    assert len(refusals(standard, data)) == 1
    assert refusals(standard, data)[0].startswith("made.csv: row 3")
    assert len(figures(standard, data)) == 2


def test_rows_after_a_ragged_or_blank_one_keep_their_numbers(standard):
    rows = (
        state_row(),
        "2023",
        "",
        state_row(state="CA", count="x"),
        state_row() + ",1",
        state_row(state="ZZ"),
    )
    texts = refusals(standard, text(STATE, *rows))
    assert [line.split(":")[1].split(",")[0] for line in texts] == [
        " row 3",
        " row 4",
        " row 5",
        " row 6",
        " row 7",
    ]


def test_a_header_repeated_in_the_middle(standard):
    data = text(STATE, state_row(), STATE, state_row(state="CA"))
    assert refusals(standard, data) == [
        "made.csv: row 3, column 'Month Grouping': unknown label 'Month Grouping'; known are FYTD, Remaining"
    ]


def test_a_quoted_comma_is_part_of_its_cell(standard):
    data = text(STATE, state_row(citizenship='"CHINA, PEOPLES REPUBLIC OF"'))
    assert list(figures(standard, data)) == [GOOD.replace("MEX", "CHN")]


def test_a_comma_that_lost_its_quotes(standard):
    data = text(STATE, state_row(citizenship="CHINA, PEOPLES REPUBLIC OF"))
    assert refusals(standard, data) == [
        "made.csv: row 2: the row has 10 cells, the header 9; a delimiter or quote is lost or too many"
    ]


def test_a_line_break_in_a_quoted_cell_does_not_move_the_rows(standard):
    data = text(STATE, state_row(state='"T\nX"'), state_row(count="x"))
    assert refusals(standard, data) == [
        "made.csv: row 2, column 'State': the cell runs over the end of its line: a quote was opened and not closed",
        "made.csv: row 3, column 'Encounter Count': the count 'x' is not a number",
    ]


def test_a_quote_that_is_never_closed_makes_no_figure(standard):
    data = text(STATE, state_row(state='"TX'), state_row(state="CA"))
    assert figures(standard, data) == {}
    assert refusals(standard, data) == [
        "made.csv: row 2: the row has 5 cells, the header 9; a delimiter or quote is lost or too many"
    ]


def test_a_byte_order_mark_is_accepted(standard):
    plain = text(STATE, state_row())
    assert figures(standard, b"\xef\xbb\xbf" + plain) == figures(standard, plain)


def test_line_ends_of_two_kinds_are_the_same_observations(standard):
    rows = (state_row(), state_row(state="CA", count="8"))
    assert figures(standard, text(STATE, *rows, end="\r\n")) == figures(standard, text(STATE, *rows))


def test_case_and_white_space_of_labels_and_columns_make_no_difference(standard):
    data = text(STATE.lower(), state_row(region=" southwest  LAND border ", count=" 7 "))
    assert figures(standard, data) == {GOOD: (7, "A")}


# Files of another kind


def test_a_truncated_gzip_file(standard):
    data = gzip.compress(text(MONTHLY, monthly_row()), mtime=0)[:-9]
    assert error(standard, data, "made.csv.gz") == (
        "made.csv.gz: the gzip file is cut off or broken "
        "(Compressed file ended before the end-of-stream marker was reached); fetch it again"
    )


def test_a_gzip_file_of_nothing(standard):
    assert error(standard, gzip.compress(b""), "made.csv.gz") == (
        "made.csv.gz: the file is empty (0 bytes); fetch it again from the publisher"
    )


def test_a_gzip_file_with_something_behind_it(standard):
    data = gzip.compress(text(MONTHLY, monthly_row()), mtime=0) + b"junk"
    assert error(standard, data, "made.csv.gz") == (
        "made.csv.gz: the gzip file is cut off or broken (Not a gzipped file (b'ju')); fetch it again"
    )


def test_gzip_or_not_is_the_same_file(standard):
    plain = text(STATE, state_row())
    assert figures(standard, gzip.compress(plain)) == figures(standard, plain)


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><html>", "<html><body>", "\n\n  <HTML>", "\ufeff<?xml version='1.0'?><x/>"]
)
def test_a_web_page(standard, page):
    assert error(standard, page.encode()) == (
        "made.csv: this is a web page, not a table; the publisher's server probably answered with an error page. "
        "Fetch the file again"
    )


@pytest.mark.parametrize("rest", [b"", bytes(504), random.Random(7).randbytes(5000)])
def test_an_old_excel_workbook_that_is_broken(standard, rest):
    assert error(standard, bytes.fromhex("d0cf11e0a1b11ae1") + rest, "made.xls") == (
        "made.xls: the workbook is cut off or broken (Cannot detect file format); fetch it again"
    )


def test_a_pdf_of_which_only_the_beginning_came(standard):
    assert error(standard, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "made.pdf") == (
        "made.pdf: the PDF is cut off or broken (Stream has ended unexpectedly); fetch it again"
    )


def test_random_bytes(standard):
    data = b"\x80\x81\n" + random.Random(7).randbytes(5000)
    assert error(standard, data) == unknown_file(r"its first line is '\\x80\\x81'")


def test_a_table_that_nobody_knows(standard):
    assert error(standard, b"name,age\nAnna,7\n") == unknown_file("its first line is 'name,age'")


def test_a_title_above_the_header(standard):
    data = text("Nationwide Encounters", STATE, state_row())
    assert error(standard, data) == unknown_file("its first line is 'Nationwide Encounters'")


def test_the_same_bytes_under_another_name(standard_folder, tmp_path):
    data = text(NATION, "2019,5")
    archive = tmp_path / "archive"
    archive.mkdir()
    adding.add(archive, snapshot("old/first.csv", data), data)
    file = tmp_path / "second.csv"
    file.write_bytes(data)
    result = CliRunner().invoke(intake, [str(file)], obj={"standard": standard_folder, "archive": archive})
    assert isinstance(result.exception, InputError)
    assert str(result.exception) == (
        "second.csv: the same bytes are in the archive as old/first.csv, as of 2019-09-30; "
        "a publisher gave one file two names, or served the old one again"
    )
    assert result.output == ""


def test_a_refused_file_says_how_many_rows_it_had(standard):
    reading = read_file(standard, "made.csv", text(STATE, state_row(), state_row(count="x")))
    assert (reading.rows, reading.accepted, len(reading.refusals)) == (2, 1, 1)

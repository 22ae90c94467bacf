"""What a bad file gets: one test for each kind, with the whole text that its reader sees. All files are hand-made."""

import gzip
import io
import random
import zipfile

import pytest
from click.testing import CliRunner
from handmade import (
    MONTHLY,
    NATION,
    SECTOR,
    SOURCES,
    SOUTHWEST,
    STATE,
    error,
    figures,
    monthly_row,
    refusals,
    southwest_row,
    state_row,
    text,
    workbook,
)

from borderstats.commands.intake import intake
from borderstats.errors import InputError
from borderstats.intake.archive import Snapshot, digest
from borderstats.intake.read import read_file

GOOD = "region=SW state=TX demographic=SA citizenship=MEX title=T8 2022-10"


def unknown_file(what, name="made.csv"):
    return f"{name}: no source in the standard reads this file: {what}. Known sources: {SOURCES}. See docs/add-a-source.md"


def test_a_good_file_is_read_whole(standard):
    assert figures(standard, text(STATE, state_row())) == {GOOD: (7, "A")}


# Columns


def test_a_renamed_column(standard):
    data = text(STATE.replace("Citizenship", "Citizenships"), state_row())
    assert error(standard, data) == (
        "made.csv: row 1: column 7: 'Citizenships' is probably 'Citizenship' renamed; if it means the same, "
        "rename it in sources/cbp-nationwide-state.toml"
    )


def test_a_missing_column(standard):
    data = text(STATE.replace("State,", ""), state_row().replace("TX,", ""))
    assert error(standard, data) == (
        "made.csv: row 1: column 'State' is missing; cbp-nationwide-state cannot be read without it"
    )


def test_an_extra_column(standard):
    data = text(STATE + ",Port of Entry", state_row() + ",Hidalgo")
    assert error(standard, data) == (
        "made.csv: row 1: column 10: 'Port of Entry' is not known to cbp-nationwide-state; "
        "describe it in sources/cbp-nationwide-state.toml"
    )


def test_a_delimiter_too_many_on_every_line(standard):
    data = text(STATE + ",", state_row() + ",")
    assert error(standard, data) == (
        "made.csv: row 1: column 10: '' is not known to cbp-nationwide-state; "
        "describe it in sources/cbp-nationwide-state.toml"
    )


@pytest.mark.parametrize("copy", ["State", "STATE", " State "])
def test_a_duplicated_column(standard, copy):
    data = text(f"{STATE},{copy}", state_row() + ",TX")
    assert error(standard, data) == (
        "made.csv: row 1: column 'State' stands there 2 times; delete the copy or fetch the file again"
    )


def test_every_wrong_column_gets_a_line_of_its_own(standard):
    data = text(STATE.replace("State,", "").replace("Citizenship", "Citizenships") + ",Port", state_row())
    assert error(standard, data).splitlines() == [
        "made.csv: row 1: column 'State' is missing; cbp-nationwide-state cannot be read without it",
        (
            "made.csv: row 1: column 6: 'Citizenships' is probably 'Citizenship' renamed; if it means the same, "
            "rename it in sources/cbp-nationwide-state.toml"
        ),
        (
            "made.csv: row 1: column 9: 'Port' is not known to cbp-nationwide-state; "
            "describe it in sources/cbp-nationwide-state.toml"
        ),
    ]


# Labels


@pytest.mark.parametrize(
    ("cell", "column", "concept", "codelist"),
    [
        ({"region": "Eastern Land Border"}, "Land Border Region", "region", "region"),
        ({"state": "ZZ"}, "State", "state", "state"),
        ({"demographic": "Grandparents"}, "Demographic", "demographic", "demographic"),
        ({"citizenship": "RURITANIA"}, "Citizenship", "citizenship", "citizenship"),
        ({"title": "Title 50"}, "Title of Authority", "title", "title"),
    ],
)
def test_an_unknown_label_is_refused_and_never_becomes_an_other(standard, cell, column, concept, codelist):
    data = text(STATE, state_row(), state_row(**{"state": "CA", **cell}))
    label = next(iter(cell.values()))
    assert refusals(standard, data) == [
        (
            f"made.csv: row 3, column '{column}': unknown {concept} '{label}'; "
            f"if it is right, add it to codelists/{codelist}.csv (never to an other)"
        )
    ]
    assert figures(standard, data) == {GOOD: (7, "A")}


def test_an_unknown_component(standard):
    data = text(SOUTHWEST, southwest_row(component="Coast Guard"))
    assert refusals(standard, data) == [
        (
            "made.csv: row 2, column 'Component': unknown component 'Coast Guard'; "
            "if it is right, add it to codelists/component.csv (never to an other)"
        )
    ]


def test_an_unknown_citizenship_in_the_southwest_file_is_not_taken_for_its_other(standard):
    data = text(SOUTHWEST, southwest_row(citizenship="Others"))
    assert refusals(standard, data) == [
        (
            "made.csv: row 2, column 'Citizenship Grouping': unknown citizenship 'Others'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        )
    ]


def test_the_two_publishers_others_are_two_codes(standard):
    assert list(figures(standard, text(STATE, state_row(citizenship="OTHER")))) == [
        "region=SW state=TX demographic=SA citizenship=O21 title=T8 2022-10"
    ]
    assert list(figures(standard, text(SOUTHWEST, southwest_row(citizenship="Other")))) == [
        "region=SW component=USBP demographic=SA citizenship=O4 title=T8 encounter_type=APP 2022-10"
    ]


def test_an_unknown_sector(standard):
    assert refusals(standard, text(SECTOR, "atlantis,2019,5")) == [
        (
            "made.csv: row 2, column 'sector': unknown office 'atlantis'; "
            "if it is right, add it to codelists/office.csv (never to an other)"
        )
    ]


def test_a_field_office_is_no_sector(standard):
    assert refusals(standard, text(SECTOR, "Atlanta Field Office,2019,5")) == [
        (
            "made.csv: row 2, column 'sector': unknown office 'Atlanta Field Office'; "
            "if it is right, add it to codelists/office.csv (never to an other)"
        )
    ]


@pytest.mark.parametrize(
    ("cell", "column", "concept"),
    [({"state": ""}, "State", "state"), ({"citizenship": "  "}, "Citizenship", "citizenship")],
)
def test_a_blank_label_is_not_the_unknown(standard, cell, column, concept):
    assert refusals(standard, text(STATE, state_row(**cell))) == [
        f"made.csv: row 2, column '{column}': {concept} is blank; a blank is not _U, ask the publisher"
    ]


def test_an_unknown_month(standard):
    assert refusals(standard, text(STATE, state_row(month="OKT"))) == [
        "made.csv: row 2, column 'Month (abbv)': unknown month 'OKT'"
    ]


def test_an_unknown_month_grouping(standard):
    assert refusals(standard, text(STATE, state_row(grouping="Rest"))) == [
        "made.csv: row 2, column 'Month Grouping': unknown label 'Rest'; known are FYTD, Remaining"
    ]


# Counts


@pytest.mark.parametrize(
    ("count", "reason"),
    [
        ("7.5", "the count 7.5 is a fraction; events come whole"),
        ("-7", "the count -7 is negative; events cannot be fewer than none"),
        ("", "the count is blank; a blank is neither zero nor a figure"),
        ("  ", "the count is blank; a blank is neither zero nor a figure"),
        ("seven", "the count 'seven' is not a number"),
        ("NaN", "the count 'NaN' is not a number"),
        ("1e3", "the count '1e3' is not a number"),
        ("+5", "the count '+5' is not a number"),
        ("0x10", "the count '0x10' is not a number"),
        ("1_000", "the count '1_000' is not a number"),
        ("12.", "the count '12.' is not a number"),
        ("１２", "the count '１２' is not a number"),  # noqa: RUF001 - full-width digits are the point
        ("٣", "the count '٣' is not a number"),
        ("7\0", "the count '7\\x00' is not a number"),
        ("9999999999999999999", "the count 9999999999999999999 is too large to be one"),
        (
            '"1,234"',
            "the count '1,234' has separators between its digits; the file was saved anew by another program",
        ),
        (
            "9584.0",
            "the count 9584.0 is written with decimals; if the publisher does so, declare whole_decimals for the source",
        ),
    ],
)
def test_a_count_that_is_none(standard, count, reason):
    data = text(STATE, state_row(), state_row(state="CA", count=count))
    assert refusals(standard, data) == [f"made.csv: row 3, column 'Encounter Count': {reason}"]
    assert figures(standard, data) == {GOOD: (7, "A")}


def test_thousands_separators_without_quotes_are_a_cell_too_many(standard):
    assert refusals(standard, text(STATE, state_row(count="1,234"))) == [
        "made.csv: row 2: the row has 10 cells, the header 9; a delimiter or quote is lost or too many"
    ]


def test_whole_numbers_with_decimals_where_the_source_declares_them(standard):
    data = text(SOUTHWEST, southwest_row(count="9584.0"))
    assert refusals(standard, data) == []
    assert [value for value, _ in figures(standard, data).values()] == [9584]


def test_a_fraction_where_the_source_declares_decimals(standard):
    assert refusals(standard, text(SOUTHWEST, southwest_row(count="9584.5"))) == [
        "made.csv: row 2, column 'Encounter Count': the count 9584.5 is a fraction; events come whole"
    ]


def test_one_bad_count_in_a_wide_row_refuses_the_whole_row(standard):
    data = text(
        MONTHLY,
        monthly_row(yuma="3"),
        monthly_row(month="11", yuma="4", tucson="n/a"),
    )
    assert refusals(standard, data) == ["made.csv: row 3, column 'tucson': the count 'n/a' is not a number"]
    assert {key.split()[-1] for key in figures(standard, data)} == {"1999-10"}


# Keys


@pytest.mark.parametrize("count", ["7", "8"])
def test_a_duplicated_key_refuses_every_row_of_it(standard, count):
    data = text(STATE, state_row(), state_row(state="CA"), state_row(count=count))
    also = "stands there more than once (also in row {}); which is right cannot be told"
    assert refusals(standard, data) == [
        f"made.csv: row 2: {GOOD} {also.format(4)}",
        f"made.csv: row 4: {GOOD} {also.format(2)}",
    ]
    assert list(figures(standard, data)) == [GOOD.replace("TX", "CA")]


def test_two_labels_of_one_code_are_one_key(standard):
    data = text(STATE, state_row(citizenship="CHINA"), state_row(citizenship='"CHINA, PEOPLES REPUBLIC OF"'))
    assert len(refusals(standard, data)) == 2


@pytest.mark.parametrize("label", ["Total", "Grand Total", "TOTAL", "All", "_T"])
def test_a_total_row_among_the_data(standard, label):
    data = text(STATE, state_row(), state_row(state=label, count="7"))
    assert refusals(standard, data) == [
        (
            f"made.csv: row 3, column 'State': '{label}' is a total row among the data; "
            "take it out or declare it in sources/cbp-nationwide-state.toml"
        )
    ]
    assert figures(standard, data) == {GOOD: (7, "A")}


def test_a_total_line_at_the_end(standard):
    data = text(STATE, state_row(), "Grand Total,FYTD,,,,,,,7")
    assert refusals(standard, data) == ["made.csv: row 3, column 'Fiscal Year': 'Grand Total' is not a year"]


def test_a_total_where_the_source_declares_it_is_a_published_total(standard):
    data = text(SECTOR, "yuma,2019,5", "southwest border,2019,5")
    assert figures(standard, data) == {
        "component=USBP region=SW office=YUM FY2019": (5, "A"),
        "component=USBP region=SW FY2019": (5, "A"),
    }


def test_a_quarter_that_repeats_another_quarters_figures(standard):
    states = ["TX", "CA", "AZ", "NM", "FL", "NY", "WA", "MT", "ME", "VT", "ND", "MN"]
    rows = [
        state_row(month=month, state=state, count=str(10 + number))
        for month in ("OCT", "JAN")
        for number, state in enumerate(states)
    ]
    data = text(STATE, *rows)
    assert refusals(standard, data) == [
        f"made.csv: row {row}: 2023-01 to 2023-03 repeats every figure of 2022-10 to 2022-12; "
        "the publisher probably put the wrong quarter in. Ask for the right one"
        for row in range(14, 26)
    ]
    assert {key.split()[-1] for key in figures(standard, data)} == {"2022-10"}


def test_a_quarter_with_one_other_figure_is_no_repetition(standard):
    states = ["TX", "CA", "AZ", "NM", "FL", "NY", "WA", "MT", "ME", "VT", "ND", "MN"]
    rows = [
        state_row(month=month, state=state, count=str(10 + number + (month == "JAN" and state == "MN")))
        for month in ("OCT", "JAN")
        for number, state in enumerate(states)
    ]
    assert refusals(standard, text(STATE, *rows)) == []


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
    assert error(standard, data) == (
        f"made.csv: row 1: the columns are separated by {name}, but cbp-nationwide-state uses commas; "
        "the file was saved anew by another program. Fetch the publisher's own file"
    )


def test_commas_where_the_publisher_uses_pipes(standard):
    data = text(MONTHLY, monthly_row()).replace(b"|", b",")
    assert error(standard, data) == (
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


def test_an_old_excel_workbook(standard):
    assert error(standard, bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504), "made.xls") == (
        "made.xls: this is an old Excel workbook (.xls), and no source in the standard reads those"
    )


def test_a_pdf(standard):
    assert error(standard, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n") == unknown_file(
        "its first line is '%PDF-1.7'"
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
    fields = Snapshot.__struct_fields__
    line = ["old/first.csv", digest(data), len(data), "usbp-annual-nation", "p", "t", "2019-09-30", "stated"]
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "snapshots.csv").write_text(",".join(fields) + "\n" + ",".join(map(str, line)) + ",n,o,l\n")
    file = tmp_path / "second.csv"
    file.write_bytes(data)
    result = CliRunner().invoke(intake, [str(file)], obj={"standard": standard_folder, "archive": archive})
    assert isinstance(result.exception, InputError)
    assert str(result.exception) == (
        "second.csv: the same bytes are in the archive as old/first.csv, as of 2019-09-30; "
        "a publisher gave one file two names, or served the old one again"
    )
    assert result.output == ""


# Workbooks


def cell(sheet, place, value):
    def edit(book):
        book[sheet][place] = value

    return workbook(edit)


def book_refusals(standard, data):
    return refusals(standard, data, "made.xlsx")


def test_a_good_workbook_is_read_whole(standard):
    found = figures(standard, workbook(), "made.xlsx")
    assert len(found) == 16
    assert set(found.values()) == {(120, "P")}


def test_a_missing_sheet(standard):
    def edit(book):
        del book["Annual Count"]

    (line,) = error(standard, workbook(edit), "made.xlsx").splitlines()
    assert line.startswith("made.xlsx: sheet 'Annual Count' of ohss-usbp-workbook is missing; ")


def test_an_extra_sheet(standard):
    data = workbook(lambda book: book.create_sheet("Notes"))
    assert error(standard, data, "made.xlsx") == (
        "made.xlsx: sheet 'Notes' is not known to ohss-usbp-workbook; add it to sources/ohss-usbp-workbook.toml"
    )


def test_a_chart_sheet(standard):
    data = workbook(lambda book: book.create_chartsheet("Chart"))
    assert error(standard, data, "made.xlsx") == (
        "made.xlsx: sheet 'Chart' is not known to ohss-usbp-workbook; add it to sources/ohss-usbp-workbook.toml"
    )


def test_a_renamed_sheet(standard):
    def edit(book):
        book["Monthly Rgn and Citp"].title = "Monthly Rgn and Citizenship"

    assert error(standard, workbook(edit), "made.xlsx").splitlines() == [
        (
            "made.xlsx: sheet 'Monthly Rgn and Citp' of ohss-usbp-workbook is missing; "
            "'Monthly Rgn and Citizenship' may be it, renamed"
        ),
        (
            "made.xlsx: sheet 'Monthly Rgn and Citizenship' is not known to ohss-usbp-workbook; "
            "add it to sources/ohss-usbp-workbook.toml"
        ),
    ]


def test_a_hidden_sheet_is_read_like_the_others(standard):
    def edit(book):
        book["Annual Count"].sheet_state = "hidden"

    assert figures(standard, workbook(edit)) == figures(standard, workbook())


def test_a_column_renamed_in_one_sheet(standard):
    assert error(standard, cell("Monthly Sector", "C1", "Sectors"), "made.xlsx") == (
        "made.xlsx: sheet 'Monthly Sector': row 1: column 3: 'Sectors' is probably 'Sector' renamed; "
        "if it means the same, rename it in sources/ohss-usbp-workbook.toml"
    )


def test_a_note_beside_the_table(standard):
    assert error(standard, cell("Annual Count", "C5", "a note"), "made.xlsx") == (
        "made.xlsx: sheet 'Annual Count': row 1: column 3: '' is not known to ohss-usbp-workbook; "
        "describe it in sources/ohss-usbp-workbook.toml"
    )


def test_a_note_below_the_table_is_refused_with_its_own_row_number(standard):
    blank = "made.xlsx: sheet 'Annual Count': row {}: the row is blank; take it out, or ask the publisher what is missing"
    assert book_refusals(standard, cell("Annual Count", "A9", "Source: OHSS")) == [
        *(blank.format(row) for row in range(3, 9)),
        "made.xlsx: sheet 'Annual Count': row 9, column 'Fiscal Year': 'Source: OHSS' is not a year",
    ]


def test_an_empty_sheet(standard):
    data = workbook(lambda book: book["Annual Count"].delete_rows(1, 2))
    assert error(standard, data, "made.xlsx") == (
        "made.xlsx: sheet 'Annual Count' is empty; fetch the workbook again"
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (125, "the count 125 is not a multiple of 10, to which this source rounds"),
        (12.5, "the count 12.5 is a fraction; events come whole"),
        (-10, "the count -10 is negative; events cannot be fewer than none"),
        (None, "the count is blank; a blank is neither zero nor a figure"),
        ("n/a", "the count 'n/a' is not a number"),
        ("X", "the count 'X' is not a number"),
        (True, "the count 'True' is not a number"),
        (
            "1,200",
            "the count '1,200' has separators between its digits; the file was saved anew by another program",
        ),
    ],
)
def test_a_quantity_that_is_none(standard, value, reason):
    assert book_refusals(standard, cell("Annual Count", "B2", value)) == [
        f"made.xlsx: sheet 'Annual Count': row 2, column 'Quantity': {reason}"
    ]


@pytest.mark.parametrize("value", ["=60+60", "#N/A", "#REF!", "#DIV/0!"])
def test_a_formula_that_was_never_calculated_or_an_error_makes_no_figure(standard, value):
    data = cell("Annual Count", "B2", value)
    assert len(book_refusals(standard, data)) == 1
    assert book_refusals(standard, data)[0].startswith(
        "made.xlsx: sheet 'Annual Count': row 2, column 'Quantity': "
    )
    assert len(figures(standard, data)) == 15


def test_a_quantity_as_text_is_still_a_whole_number(standard):
    assert figures(standard, cell("Annual Count", "B2", "120")) == figures(standard, workbook())


def test_an_unknown_citizenship_in_a_workbook(standard):
    assert book_refusals(standard, cell("Annual Citizenship", "B2", "Ruritania")) == [
        (
            "made.xlsx: sheet 'Annual Citizenship': row 2, column 'Citizenship': unknown citizenship 'Ruritania'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        )
    ]


def test_an_other_in_a_workbook_that_has_none(standard):
    assert book_refusals(standard, cell("Annual Citizenship", "B2", "Other")) == [
        (
            "made.xlsx: sheet 'Annual Citizenship': row 2, column 'Citizenship': unknown citizenship 'Other'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        )
    ]


def test_a_total_row_in_a_workbook(standard):
    assert book_refusals(standard, cell("Monthly Region", "C2", "Total")) == [
        (
            "made.xlsx: sheet 'Monthly Region': row 2, column 'Region': 'Total' is a total row among the data; "
            "take it out or declare it in sources/ohss-usbp-workbook.toml"
        )
    ]


def test_a_key_twice_on_a_sheet(standard):
    data = workbook(lambda book: book["Annual Count"].append([2024, 130]))
    also = "stands there more than once (also in row {}); which is right cannot be told"
    assert book_refusals(standard, data) == [
        f"made.xlsx: sheet 'Annual Count': row 2: component=USBP FY2024 {also.format(3)}",
        f"made.xlsx: sheet 'Annual Count': row 3: component=USBP FY2024 {also.format(2)}",
    ]


def test_a_cell_that_stands_on_an_earlier_sheet_too(standard):
    # a source in which two sheets hold the same table
    from msgspec.structs import replace

    source = standard.sources["ohss-usbp-workbook"]
    tables = tuple(
        replace(table, columns=("Fiscal Year", "Quantity")) if table.sheet == "Annual Sector" else table
        for table in source.tables
    )
    twice = replace(standard, sources={**standard.sources, source.id: replace(source, tables=tables)})

    def edit(book):
        book["Annual Sector"].delete_cols(2)
        book["Annual Sector"]["B2"] = 130

    assert refusals(twice, workbook(edit), "made.xlsx") == [
        (
            "made.xlsx: sheet 'Annual Sector': row 2: component=USBP FY2024 is 130 here and stands on an earlier "
            "sheet too, as 120; a cell has one place"
        )
    ]


def test_a_date_in_place_of_a_year(standard):
    import datetime

    assert book_refusals(standard, cell("Annual Count", "A2", datetime.date(2024, 1, 1))) == [
        "made.xlsx: sheet 'Annual Count': row 2, column 'Fiscal Year': '2024-01-01' is not a year"
    ]


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_truncated_workbook(standard, share):
    data = workbook()
    assert error(standard, data[: int(len(data) * share)], "made.xlsx") == (
        "made.xlsx: the workbook is cut off or broken (Cannot detect file format); fetch it again"
    )


def test_a_zip_file_that_is_no_workbook(standard):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("readme.txt", "no workbook")
    assert error(standard, buffer.getvalue(), "made.zip") == (
        "made.zip: the workbook is cut off or broken (Cannot detect file format); fetch it again"
    )


def test_a_workbook_that_nobody_knows(standard):
    def edit(book):
        for sheet in book.sheetnames[1:]:
            del book[sheet]
        book.worksheets[0].title = "Sheet1"

    assert error(standard, workbook(edit), "made.xlsx") == unknown_file("its sheets are Sheet1", "made.xlsx")


def test_a_refused_file_says_how_many_rows_it_had(standard):
    reading = read_file(standard, "made.csv", text(STATE, state_row(), state_row(count="x")))
    assert (reading.rows, reading.accepted, len(reading.refusals)) == (2, 1, 1)

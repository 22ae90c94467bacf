"""What a bad workbook gets: one test for each kind, with the whole text that its reader sees. All are hand-made."""

import io
import zipfile

import pytest
from handmade import (
    SOURCES,
    STATE,
    error,
    figures,
    refusals,
    state_row,
    text,
    workbook,
)

BOOK = "ohss-usbp-workbook"
GOOD = "region=SW state=TX demographic=SA citizenship=MEX title=T8 2022-10"


def unknown_file(what, name="made.csv"):
    return f"{name}: no source in the standard reads this file: {what}. Known sources: {SOURCES}. See docs/add-a-source.md"


def test_a_good_file_is_read_whole(standard):
    assert figures(standard, text(STATE, state_row())) == {GOOD: (7, "A")}


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

    (line,) = error(standard, workbook(edit), "made.xlsx", BOOK).splitlines()
    assert line.startswith("made.xlsx: sheet 'Annual Count' of ohss-usbp-workbook is missing; ")


def test_an_extra_sheet(standard):
    data = workbook(lambda book: book.create_sheet("Notes"))
    assert error(standard, data, "made.xlsx", BOOK) == (
        "made.xlsx: sheet 'Notes' is not known to ohss-usbp-workbook; add it to sources/ohss-usbp-workbook.toml"
    )


def test_a_chart_sheet(standard):
    data = workbook(lambda book: book.create_chartsheet("Chart"))
    assert error(standard, data, "made.xlsx", BOOK) == (
        "made.xlsx: sheet 'Chart' is not known to ohss-usbp-workbook; add it to sources/ohss-usbp-workbook.toml"
    )


def test_a_renamed_sheet(standard):
    def edit(book):
        book["Monthly Rgn and Citp"].title = "Monthly Rgn and Citizenship"

    assert error(standard, workbook(edit), "made.xlsx", BOOK).splitlines() == [
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
    assert error(standard, cell("Monthly Sector", "C1", "Sectors"), "made.xlsx", BOOK) == (
        "made.xlsx: sheet 'Monthly Sector': row 1: column 3: 'Sectors' is probably 'Sector' renamed; "
        "if it means the same, rename it in sources/ohss-usbp-workbook.toml"
    )


def test_a_note_beside_the_table(standard):
    assert error(standard, cell("Annual Count", "C5", "a note"), "made.xlsx", BOOK) == (
        "made.xlsx: sheet 'Annual Count': row 1: column 3: '' is not known to ohss-usbp-workbook; "
        "describe it in sources/ohss-usbp-workbook.toml"
    )


def test_a_note_below_the_table_is_refused_with_its_own_row_number(standard):
    blank = "made.xlsx: sheet 'Annual Count': row {}: the row is blank; take it out, or ask the publisher what is missing"
    assert book_refusals(standard, cell("Annual Count", "A9", "Source: OHSS")) == [
        *(blank.format(row) for row in range(3, 9)),
        "made.xlsx: sheet 'Annual Count': row 9, column A 'Fiscal Year': 'Source: OHSS' is not a year",
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
            (
                "the count '1,200' is written in a form that is not declared; if it means 1200, "
                'add `thousands = ","` to the column in the source\'s file, or above all columns'
            ),
        ),
    ],
)
def test_a_quantity_that_is_none(standard, value, reason):
    assert book_refusals(standard, cell("Annual Count", "B2", value)) == [
        f"made.xlsx: sheet 'Annual Count': row 2, column B 'Quantity': {reason}"
    ]


@pytest.mark.parametrize("value", ["=60+60", "#N/A", "#REF!", "#DIV/0!"])
def test_a_formula_that_was_never_calculated_or_an_error_makes_no_figure(standard, value):
    data = cell("Annual Count", "B2", value)
    assert len(book_refusals(standard, data)) == 1
    assert book_refusals(standard, data)[0].startswith(
        "made.xlsx: sheet 'Annual Count': row 2, column B 'Quantity': "
    )
    assert len(figures(standard, data)) == 15


def test_a_quantity_as_text_is_still_a_whole_number(standard):
    assert figures(standard, cell("Annual Count", "B2", "120")) == figures(standard, workbook())


def test_an_unknown_citizenship_in_a_workbook(standard):
    assert book_refusals(standard, cell("Annual Citizenship", "B2", "Ruritania")) == [
        (
            "made.xlsx: sheet 'Annual Citizenship': row 2, column B 'Citizenship': unknown citizenship 'Ruritania'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        )
    ]


def test_an_other_in_a_workbook_that_has_none(standard):
    assert book_refusals(standard, cell("Annual Citizenship", "B2", "Other")) == [
        (
            "made.xlsx: sheet 'Annual Citizenship': row 2, column B 'Citizenship': unknown citizenship 'Other'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        )
    ]


def test_a_total_row_in_a_workbook(standard):
    assert book_refusals(standard, cell("Monthly Region", "C2", "Total")) == [
        (
            "made.xlsx: sheet 'Monthly Region': row 2, column C 'Region': 'Total' is a total row among the data; "
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


def test_a_cell_with_another_value_on_an_earlier_sheet(standard):
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
            "made.xlsx: sheet 'Annual Sector': row 2: component=USBP FY2024 is 130 here and 120 in an earlier table "
            "of the file; which is right cannot be told"
        )
    ]


def test_a_date_in_place_of_a_year(standard):
    import datetime

    assert book_refusals(standard, cell("Annual Count", "A2", datetime.date(2024, 1, 1))) == [
        "made.xlsx: sheet 'Annual Count': row 2, column A 'Fiscal Year': '2024-01-01' is not a year"
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

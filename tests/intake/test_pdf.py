"""Tables on the pages of a PDF: figures below one another are a column, and what cannot be told apart is no figure."""

import pytest
from handmade import error
from small import document, figures, refusals, standard_of

from borderstats.intake import pdf

STANDARD = standard_of(
    """
dataset = "events"

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "agency"
role = "dimension"
concept = "agency"

[[columns]]
name = "figure"
role = "figure"

[[tables]]
kind = "block"
title = "Events by country"
corner = ""
columns = ["country"]
across = ["agency"]
figures = "figure"
day = "Data current as of"
""",
    "pdf",
)
TITLE = "Events by country"
HEADER = [
    "                 Border        Field",
    "                 Patrol     Operations",
]
ROWS = [
    "Mexico             12          1300",
    "El Salvador         5             6",
]
NOTE = "Data current as of 11/16/2020"
PAGE = [TITLE, "", *HEADER, *ROWS, "", NOTE]
FIGURES = {
    "citizenship=MEX agency=USBP 2020-11-16": (12, "A"),
    "citizenship=MEX agency=OFO 2020-11-16": (1300, "A"),
    "citizenship=SLV agency=USBP 2020-11-16": (5, "A"),
    "citizenship=SLV agency=OFO 2020-11-16": (6, "A"),
}


def test_figures_below_one_another_are_a_column():
    assert figures(STANDARD, document(PAGE)) == FIGURES


def test_lines_become_rows_and_the_lines_of_a_header_one_row():
    cells = pdf.cells("made", document(PAGE))
    assert cells.rows == [
        [TITLE, "", ""],
        ["", "Border Patrol", "Field Operations"],
        ["Mexico", "12", "1300"],
        ["El Salvador", "5", "6"],
        [NOTE, "", ""],
    ]


@pytest.mark.parametrize(
    "page",
    [
        ["a heading", "and another", *PAGE],
        [*PAGE, "a note of many words, which lies across the columns and holds no figure alone"],
        [("   " + line if line else line) for line in PAGE],
    ],
    ids=["lines above", "a long note", "further right"],
)
def test_the_table_may_move(page):
    assert figures(STANDARD, document(page)) == FIGURES


@pytest.mark.parametrize(
    ("row", "texts"),
    [
        (
            "El Salvador                       6",
            ["row 4, column B 'figure': the count is blank; a blank is neither zero nor a figure"],
        ),
        (
            "El Salvador         5",
            ["row 4, column C 'figure': the count is blank; a blank is neither zero nor a figure"],
        ),
        ("El Salvador         D             6", ["row 4, column B 'figure': the count 'D' is not a number"]),
        (
            "El Salvador       1,234           6",
            [
                (
                    "row 4, column B 'figure': the count '1,234' is written in a form that is not declared; if it means 1234, "
                    'add `thousands = ","` to the column in the source\'s file, or above all columns'
                )
            ],
        ),
        (
            "El Salvador        -5             6",
            ["row 4, column B 'figure': the count -5 is negative; events cannot be fewer than none"],
        ),
        (
            "Ruritania           5             6",
            [
                (
                    "row 4, column A 'country': unknown citizenship 'Ruritania'; if it is right, "
                    "add it to codelists/citizenship.csv (never to an other) (2 figures)"
                )
            ],
        ),
        (
            "El Salvador, more 5               6",
            [
                (
                    "row 4, column A 'country': unknown citizenship 'El Salvador, more 5'; if it is right, "
                    "add it to codelists/citizenship.csv (never to an other) (2 figures)"
                )
            ],
        ),
    ],
    ids=["first missing", "last missing", "withheld", "thousands", "negative", "unknown", "label into figure"],
)  # fmt: skip
def test_a_row_that_is_no_figure(row, texts):
    assert refusals(STANDARD, document([TITLE, *HEADER, ROWS[0], row, NOTE])) == [
        f"made: {text}" for text in texts
    ]


def test_an_unknown_heading():
    header = [HEADER[0].replace("Field", "Coast"), HEADER[1]]
    assert refusals(STANDARD, document([TITLE, *header, ROWS[0], NOTE])) == [
        (
            "made: row 3, column C 'agency': unknown agency 'Coast Operations'; if it is right, "
            "add it to codelists/agency.csv (never to an other)"
        )
    ]


def left_over(place, cell, more):
    return (
        f"made.pdf: {place}: {cell!r} and {more} more figures lie in no table that the standard describes; "
        "describe it as a table, or as an `ignored_block` with the reason why it is not used"
    )


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        ([[*PAGE, "                   7"]], left_over("row 6, column B", "7", 0)),
        ([PAGE, [ROWS[1]]], left_over("row 6, column B", "5", 1)),
        ([[TITLE, *HEADER, ROWS[0], "Republic of", ROWS[1], NOTE]], left_over("row 5, column B", "5", 1)),
        (
            [[TITLE, *HEADER, ROWS[0], "El Salvador              5                  6", NOTE]],
            left_over("row 3, column D", "1300", 2),
        ),
    ],
    ids=["a page number", "another page", "a label in two lines", "figures between the columns"],
)
def test_figures_outside_the_table_stop_the_intake(pages, text):
    assert error(STANDARD, document(*pages), "made.pdf") == text


@pytest.mark.parametrize(
    "pages", [(), ([],), (["only words", "on a page"],), (["one  7", "two  8"],)], ids=str
)
def test_a_document_without_columns_of_figures(pages):
    assert error(STANDARD, document(*pages), "made.pdf") == (
        "made.pdf: no line of the document has figures in columns; a scanned page cannot be read"
    )


def test_a_document_that_nobody_knows():
    assert error(STANDARD, document(["Persons by country", *PAGE[1:]]), "made.pdf", "") == (
        "made.pdf: no source in the standard reads this file: it is a PDF whose first line is 'Persons by country'. "
        "Known sources: made. See docs/add-a-source.md"
    )


def test_a_note_without_a_date():
    page = [*PAGE[:-1], "Data current as of last year"]
    assert error(STANDARD, document(page), "made.pdf") == (
        "made.pdf: row 5, column A: 'last year' behind 'Data current as of' is not a date like 11/16/2020; "
        "if the note was worded anew, change the `day` of the table in the standard"
    )


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_document_that_is_cut_off(share):
    data = document(PAGE)
    assert error(STANDARD, data[: int(len(data) * share)], "made.pdf") == (
        "made.pdf: the PDF is cut off or broken (Stream has ended unexpectedly); fetch it again"
    )

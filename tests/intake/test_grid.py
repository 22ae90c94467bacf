"""Blocks of figures in sheets: found by title and corner wherever they stand, and read without losing a figure."""

import pytest
from handmade import error
from small import book, figures, reading, refusals, standard_of

COLUMNS = """
[[columns]]
name = "Country"
role = "dimension"
concept = "citizenship"
footnotes = true

[[columns]]
name = "year"
role = "fiscal_year"
footnotes = true

[[columns]]
name = "figure"
role = "figure"
missing = { D = "Q", X = "M" }
zero = ["-"]
"""
AGENCY = """
[[columns]]
name = "agency"
role = "dimension"
concept = "agency"
labels = { Both = "_T" }
"""
ONE_AGENCY = 'dataset = "events"\nconstants = { agency = "_T" }\n' + COLUMNS
BY_YEAR = """
[[tables]]
kind = "block"
sheet = "Data"
title = "Events by country"
columns = ["Country"]
across = ["year"]
figures = "figure"
"""
YEARS = standard_of(ONE_AGENCY + BY_YEAR)
LEVELS = standard_of(
    'dataset = "events"\n'
    + COLUMNS
    + AGENCY
    + '[[tables]]\nkind = "block"\nsheet = "Data"\ncolumns = ["Country"]\nacross = ["agency", "year"]\nfigures = "figure"\n'
)
TITLE = ["Events by country, 2019 to 2020"]
HEADER = ["Country", 2019, 2020]
SHEET = [TITLE, HEADER, ["Mexico", 1, 2], ["Cuba", 3, 4]]
FIGURES = {
    "citizenship=MEX FY2019": (1, "A"),
    "citizenship=MEX FY2020": (2, "A"),
    "citizenship=CUB FY2019": (3, "A"),
    "citizenship=CUB FY2020": (4, "A"),
}


def test_each_figure_of_a_block_is_an_observation():
    assert figures(YEARS, book(Data=SHEET)) == FIGURES


def test_the_cells_of_a_block_are_counted_by_their_labels():
    counting = standard_of(
        'dataset = "events"\nconstants = { agency = "_T" }\n'
        '[[columns]]\nname = "place"\nrole = "ignored"\nreason = "places are counted"\n'
        '[[columns]]\nname = "year"\nrole = "fiscal_year"\n'
        '[[columns]]\nname = "country"\nrole = "dimension"\nconcept = "citizenship"\nleft_out = { "none" = "no country" }\n'
        '[[tables]]\nkind = "block"\nsheet = "Data"\ncolumns = ["place"]\nacross = ["year"]\nfigures = "country"\ncombine = "rows"\n'
    )
    sheet = [
        ["place", 2019, 2020],
        ["A", "Cuba", "Mexico"],
        ["B", "Mexico", "Mexico"],
        ["C", "Mexico", "none"],
    ]
    assert figures(counting, book(Data=sheet)) == {
        "citizenship=CUB FY2019": (1, "A"),
        "citizenship=MEX FY2019": (2, "A"),
        "citizenship=MEX FY2020": (2, "A"),
    }
    assert (reading(counting, book(Data=sheet)).accepted, reading(counting, book(Data=sheet)).left_out) == (
        5,
        1,
    )
    sheet[1][1] = "Atlantis"
    (refused,) = refusals(counting, book(Data=sheet))
    assert "unknown citizenship 'Atlantis'" in str(refused)


def test_each_figure_counts_as_a_row():
    found = reading(YEARS, book(Data=SHEET))
    assert (found.rows, found.accepted, found.left_out) == (4, 4, 0)


@pytest.mark.parametrize(
    "sheet",
    {
        "further down": [["a word"], [], [], *SHEET],
        "further right": [["", "", *row] for row in SHEET],
        "a note below": [*SHEET, ["Note: some are counted twice."]],
        "a note below a blank row": [*SHEET, [], ["Note: some are counted twice."]],
        "a note beside": [[*row, "", "see below"] for row in SHEET],
        "a blank row below the title": [TITLE, [], *SHEET[1:]],
        "blank rows below the header": [*SHEET[:2], [], [], *SHEET[2:]],
        "columns in another order": [[row[0], *row[:0:-1]] for row in SHEET],
        "rows in another order": [*SHEET[:2], *SHEET[:1:-1]],
        "another end of the title": [["Events by country"], *SHEET[1:]],
        "a title in other letters": [["EVENTS  by Country"], *SHEET[1:]],
        "headings in other letters": [TITLE, ["COUNTRY ", " 2019", "2020"], *SHEET[2:]],
        "figures and years as text": [[str(cell) for cell in row] for row in SHEET],
        "footnotes": [TITLE, ["Country1", "2019 /1", "2020 2/"], ["Mexico3", 1, 2], ["Cuba4,5", 3, 4]],
        "footnotes in brackets": [
            TITLE,
            ["Country [1]", "2019 [2]", "2020[3]"],
            ["Mexico [4] [5]", 1, 2],
            ["Cuba", 3, 4],
        ],
    }.items(),
    ids=lambda case: case[0],
)
def test_a_block_may_move(sheet):
    assert figures(YEARS, book(Data=sheet[1])) == FIGURES


def test_a_group_label_stands_over_its_columns_in_a_merged_cell():
    sheet = (
        [["", "USBP", "", "OFO", ""], ["Country", 2019, 2020, 2019, 2020], ["Mexico", 1, 2, 3, 4]],
        "B1:C1",
        "D1:E1",
    )
    assert figures(LEVELS, book(Data=sheet)) == {
        "citizenship=MEX agency=USBP FY2019": (1, "A"),
        "citizenship=MEX agency=USBP FY2020": (2, "A"),
        "citizenship=MEX agency=OFO FY2019": (3, "A"),
        "citizenship=MEX agency=OFO FY2020": (4, "A"),
    }


def test_a_corner_merged_over_both_header_rows_is_the_same_corner():
    sheet = (
        [["Country", "USBP", "OFO"], ["", 2019, 2019], ["Mexico", 1, 3]],
        "A1:A2",
    )
    assert figures(LEVELS, book(Data=sheet)) == {
        "citizenship=MEX agency=USBP FY2019": (1, "A"),
        "citizenship=MEX agency=OFO FY2019": (3, "A"),
    }


def test_a_group_label_that_is_neither_merged_nor_repeated_is_missing():
    sheet = [["", "USBP", "", "Both"], ["Country", 2019, 2020, 2019], ["Mexico", 1, 2, 3]]
    assert refusals(LEVELS, book(Data=sheet)) == [
        "made: sheet 'Data': row 3, column C 'agency': agency is blank; a blank is not _U, ask the publisher"
    ]


def test_a_group_label_is_repeated_where_the_standard_says_so():
    filled = standard_of(
        'dataset = "events"\n'
        + COLUMNS
        + AGENCY.replace('labels = { Both = "_T" }', "fill = true")
        + '[[tables]]\nkind = "block"\nsheet = "Data"\ncolumns = ["Country"]\nacross = ["agency", "year"]\nfigures = "figure"\n'
    )
    sheet = [["", "USBP", "", "OFO"], ["Country", 2019, 2020, 2019], ["Mexico", 1, 2, 3]]
    assert figures(filled, book(Data=sheet)) == {
        "citizenship=MEX agency=USBP FY2019": (1, "A"),
        "citizenship=MEX agency=USBP FY2020": (2, "A"),
        "citizenship=MEX agency=OFO FY2019": (3, "A"),
    }


def test_header_rows_without_a_column_of_their_own_are_joined():
    joined = standard_of("""
dataset = "events"
constants = { citizenship = "_T" }

[[columns]]
name = "Year"
role = "fiscal_year"

[[columns]]
name = "agency"
role = "dimension"
concept = "agency"
labels = { "All / All" = "_T", "Border Patrol / Total" = "USBP", "Ports / Field Operations" = "OFO" }

[[columns]]
name = "figure"
role = "figure"

[[tables]]
kind = "block"
columns = ["Year"]
across = ["agency"]
headers = 2
figures = "figure"
""")
    sheet = (
        [["Year", "All", "Border Patrol1", "Ports"], ["", "", "Total", "Field Operations2"], [2019, 7, 3, 4]],
        "A1:A2",
        "B1:B2",
    )
    assert figures(joined, book(sheet)) == {
        "FY2019": (7, "A"),
        "agency=USBP FY2019": (3, "A"),
        "agency=OFO FY2019": (4, "A"),
    }


def test_a_blank_corner():
    blank = standard_of(ONE_AGENCY + BY_YEAR.replace("columns", 'corner = ""\ncolumns'))
    assert figures(blank, book(Data=[TITLE, ["", 2019, 2020], *SHEET[2:]])) == FIGURES


def test_a_corner_of_another_name_than_its_column():
    other = standard_of(ONE_AGENCY + BY_YEAR.replace("columns", 'corner = "Nationality"\ncolumns'))
    assert figures(other, book(Data=[TITLE, ["Nationality", 2019, 2020], *SHEET[2:]])) == FIGURES


def test_the_rest_of_a_title_is_a_label():
    table = BY_YEAR.replace("country", "country:").replace("columns", 'title_as = "agency"\ncolumns')
    described = standard_of('dataset = "events"\n' + COLUMNS + AGENCY + table)
    assert figures(described, book(Data=[["Events by country: OFO"], ["Country", 2019], ["Mexico", 1]])) == {
        "citizenship=MEX agency=OFO FY2019": (1, "A")
    }


def test_a_title_whose_rest_nobody_knows_is_reported_once_for_all_figures():
    table = BY_YEAR.replace("country", "country:").replace("columns", 'title_as = "agency"\ncolumns')
    standard = standard_of('dataset = "events"\n' + COLUMNS + AGENCY + table)
    assert refusals(standard, book(Data=[["Events by country: ICE"], *SHEET[1:]])) == [
        (
            "made: sheet 'Data': row 3, column B 'agency': unknown agency ' ICE'; "
            "if it is right, add it to codelists/agency.csv (never to an other) (4 figures)"
        )
    ]


def two_blocks(second_table=""):
    second = BY_YEAR.replace("Events", "Persons").replace(
        "columns", f'dataset = "persons"\n{second_table}columns'
    )
    return standard_of(ONE_AGENCY + BY_YEAR + second)


@pytest.mark.parametrize(
    "sheet",
    [
        [left + [""] * (4 - len(left)) + right for left, right in zip(SHEET, [["Persons by country"], *SHEET[1:]], strict=True)],
        [*SHEET, [], ["Persons by country"], *SHEET[1:]],
        [["Persons by country"], *SHEET[1:], [], *SHEET],
    ],
    ids=["side by side", "one below the other", "in another order"],
)  # fmt: skip
def test_two_blocks_on_a_sheet(sheet):
    found = reading(two_blocks(), book(Data=sheet))
    assert found.refusals == ()
    assert [len(observations) for observations in found.datasets.values()] == [4, 4]
    assert [name for name, _ in found.datasets.items()] == ["events", "persons"]


def test_a_row_heading_of_another_block_is_no_title():
    sheet = [TITLE, HEADER, ["Mexico", 1, 2], [], ["Mexico"], ["Land", 2019, 2020], ["Cuba", 3, 4]]
    land = COLUMNS + '[[columns]]\nname = "Land"\nrole = "dimension"\nconcept = "citizenship"\n'
    second = BY_YEAR.replace("Events by country", "Mexico").replace("Country", "Land")
    standard = standard_of('dataset = "events"\nconstants = { agency = "_T" }\n' + land + BY_YEAR + second)
    assert figures(standard, book(Data=sheet)) == FIGURES


def test_a_block_that_is_not_used_is_described_so_that_its_figures_are_not_left_over():
    ignored = standard_of(
        ONE_AGENCY
        + BY_YEAR
        + '[[tables]]\nkind = "ignored_block"\nsheet = "Data"\ntitle = "Persons by country"\ncolumns = ["Country"]\n'
        'reason = "persons are not wanted"\n'
    )
    assert figures(ignored, book(Data=[*SHEET, [], ["Persons by country"], *SHEET[1:]])) == FIGURES


def test_a_country_that_enters_or_leaves_needs_no_change_of_the_standard():
    found = figures(YEARS, book(Data=[TITLE, HEADER, ["Guatemala", 5, 6], ["Cuba", 3, 4]]))
    assert set(found) == {f"citizenship={code} FY{year}" for code in ("GTM", "CUB") for year in (2019, 2020)}


def test_an_unknown_country_is_refused_by_its_label_with_sheet_row_and_column():
    found = reading(YEARS, book(Data=[*SHEET, ["Ruritania", 5, 6]]))
    assert [refusal.text("made") for refusal in found.refusals] == [
        (
            "made: sheet 'Data': row 5, column A 'Country': unknown citizenship 'Ruritania'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other) (2 figures)"
        )
    ]
    assert [refusal.unknown for refusal in found.refusals] == ["Ruritania"]
    assert found.refused == 2
    assert len(found.observations) == 4


def test_a_figure_withheld_or_written_as_a_dash():
    found = figures(YEARS, book(Data=[TITLE, HEADER, ["Mexico", "D", "-"], ["Cuba", "X", 4]]))
    assert found == {
        "citizenship=MEX FY2019": (0, "Q"),
        "citizenship=MEX FY2020": (0, "A"),
        "citizenship=CUB FY2019": (0, "M"),
        "citizenship=CUB FY2020": (4, "A"),
    }


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "the count is blank; a blank is neither zero nor a figure"),
        ("5%", "the count '5%' is not a number"),
        (0.05, "the count 0.05 is a fraction; events come whole"),
        ("n/a", "the count 'n/a' is not a number"),
        (-5, "the count -5 is negative; events cannot be fewer than none"),
    ],
)
def test_a_cell_that_is_no_figure(cell, reason):
    assert refusals(YEARS, book(Data=[TITLE, HEADER, ["Mexico", 1, cell], ["Cuba", 3, 4]])) == [
        f"made: sheet 'Data': row 3, column C 'figure': {reason}"
    ]


def test_a_figure_merged_over_two_cells_stands_in_the_first_only():
    assert refusals(YEARS, book(Data=([*SHEET[:3], ["Cuba", 3, ""]], "B4:C4"))) == [
        "made: sheet 'Data': row 4, column C 'figure': the count is blank; a blank is neither zero nor a figure"
    ]


def test_a_row_label_merged_over_two_rows_is_that_of_both():
    again = "citizenship=MEX FY{} stands there more than once (also in row {}); which is right cannot be told"
    assert refusals(YEARS, book(Data=([*SHEET[:3], ["", 3, 4]], "A3:A4"))) == [
        f"made: sheet 'Data': row {row}, column B: {again.format(2019, 7 - row)} (2 figures)"
        for row in (3, 4)
    ]


def test_a_column_that_stands_there_twice():
    again = "citizenship=MEX FY2019 stands there more than once (also in row the same); which is right cannot be told"
    assert refusals(YEARS, book(Data=[TITLE, ["Country", 2019, 2019], ["Mexico", 1, 1]])) == [
        f"made: sheet 'Data': row 3, column B: {again} (2 figures)"
    ]


def left_over(place, cell, more):
    return (
        f"made.csv: sheet 'Data': {place}: {cell!r} and {more} more figures lie in no table that the standard describes; "
        "describe it as a table, or as an `ignored_block` with the reason why it is not used"
    )


@pytest.mark.parametrize(
    ("sheet", "text"),
    [
        ([*SHEET, [], ["Guatemala", 5, 6]], left_over("row 6, column B", "5", 1)),
        ([*SHEET, ["Note"], ["Guatemala", 5, 6]], left_over("row 6, column B", "5", 1)),
        ([TITLE, ["Country", 2019, "", 2020], ["Mexico", 1, "", 2]], left_over("row 2, column D", "2020", 1)),
        ([TITLE, ["Country", 2019, ""], ["Mexico", 1, 2]], left_over("row 3, column C", "2", 0)),
        ([["", 1990], *SHEET], left_over("row 1, column B", "1990", 0)),
        ([TITLE, ["", 2018, 2019], *SHEET[1:]], left_over("row 2, column B", "2018", 1)),
        ([*SHEET, [], *SHEET], left_over("row 7, column B", "2019", 5)),
    ],
    ids=["below", "after the notes", "after a blank heading", "no heading", "above", "above the header", "same title"],
)  # fmt: skip
def test_figures_outside_every_block_stop_the_intake(sheet, text):
    assert error(YEARS, book(Data=sheet)) == text


@pytest.mark.parametrize("cell", ["7", "-7", "1,234", ".5", "7.5", "7%", 7, 7.5])
def test_what_counts_as_a_figure_outside_every_block(cell):
    assert error(YEARS, book(Data=[*SHEET, [], ["", "", "", cell]])) == left_over(
        "row 6, column D", str(cell), 0
    )


@pytest.mark.parametrize(
    ("sheet", "text"),
    [
        (
            [["Persons by country"], *SHEET[1:]],
            "no cell begins with 'Events by country'; if the table was renamed, change its title in the standard",
        ),
        (
            [["only"], ["words"]],
            "no cell begins with 'Events by country'; if the table was renamed, change its title in the standard",
        ),
        (
            [TITLE, ["Nationality", 2019], ["Mexico", 1]],
            "column A: no cell below 'Events by country' is 'Country', with which the header of the table begins",
        ),
        (
            [["", *TITLE], *SHEET[1:]],
            "column B: no cell below 'Events by country' is 'Country', with which the header of the table begins",
        ),
        (SHEET[:2], "row 2: there is a header and not one row of figures below it"),
        ([TITLE, ["Country"], ["Mexico"]], "row 2: there is a header and not one row of figures below it"),
        ([*SHEET[:2], ["Mexico"]], "row 2: there is a header and not one row of figures below it"),
    ],
)
def test_a_sheet_without_the_block(sheet, text):
    assert error(YEARS, book(Data=sheet)) == f"made.csv: sheet 'Data': {text}"


def test_a_header_with_too_few_rows():
    assert error(LEVELS, book(Data=[["Country", 2019], ["Mexico", 1]])) == (
        "made.csv: sheet 'Data': row 1: there are fewer than 2 header rows"
    )


MONTHLY = standard_of("""
dataset = "events"
constants = { agency = "_T" }

[[columns]]
name = "Fiscal Year"
role = "fiscal_year"
fill = true
provisional_mark = "YTD"

[[columns]]
name = "Month"
role = "month"
whole_year = "Total"

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "figure"
role = "figure"

[[tables]]
kind = "block"
sheet = "Data"
columns = ["Fiscal Year", "Month"]
across = ["country"]
figures = "figure"
""")
MONTHS = [["Fiscal Year", "Month", "Mexico"], [2019, "Total", 3], ["", "October", 1], ["", "November", 2]]


def test_a_year_holds_for_the_rows_below_it():
    sheet = [*MONTHS, ["2020YTD", "Total", 4], ["", "October", 4]]
    assert figures(MONTHLY, book(Data=sheet)) == {
        "citizenship=MEX FY2019": (3, "A"),
        "citizenship=MEX 2018-10": (1, "A"),
        "citizenship=MEX 2018-11": (2, "A"),
        "citizenship=MEX FY2020": (4, "P"),
        "citizenship=MEX 2019-10": (4, "P"),
    }


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (["Fiscal Year", "Monat", "Mexico"], "'Monat' stands where 'Month' should"),
        (["Fiscal Year", "Mexico", "Month"], "'Mexico' stands where 'Month' should"),
    ],
)
def test_a_row_heading_that_was_renamed_or_moved(row, text):
    assert error(MONTHLY, book(Data=[row, *MONTHS[1:]])) == f"made.csv: sheet 'Data': row 1, column B: {text}"


def test_a_year_that_is_missing_on_a_total_row_makes_two_of_the_year_before():
    sheet = [*MONTHS, ["", "Total", 4], ["", "October", 4]]
    again = "citizenship=MEX {} stands there more than once (also in row {}); which is right cannot be told"
    assert refusals(MONTHLY, book(Data=sheet)) == [
        f"made: sheet 'Data': row {row}, column C: {again.format(cell, other)}"
        for row, cell, other in ((2, "FY2019", 5), (3, "2018-10", 6), (5, "FY2019", 2), (6, "2018-10", 3))
    ]


def test_rows_above_the_first_year_have_none():
    sheet = [MONTHS[0], ["", "October", 1], *MONTHS[1:2]]
    assert refusals(MONTHLY, book(Data=sheet)) == [
        "made: sheet 'Data': row 2, column A 'Fiscal Year': '' is not a year"
    ]


def test_labels_that_begin_a_group_stand_before_those_of_its_rows():
    grouped = standard_of(
        ONE_AGENCY.replace(
            'concept = "citizenship"',
            'concept = "citizenship"\ngroups = ["America", "Islands"]\nlabels = { America = "_T", "America / Mexico" = "MEX", '
            'Islands = "_U", "Islands / Cuba" = "CUB" }',
        )
        + BY_YEAR
    )
    sheet = [TITLE, ["Country", 2019], ["America2", 9], ["Mexico", 1], ["Islands", 8], ["Cuba", 3]]
    assert figures(grouped, book(Data=sheet)) == {
        "FY2019": (9, "A"),
        "citizenship=MEX FY2019": (1, "A"),
        "citizenship=_U FY2019": (8, "A"),
        "citizenship=CUB FY2019": (3, "A"),
    }
    assert refusals(grouped, book(Data=[*sheet[:-1], ["Mexico", 3]])) == [
        (
            "made: sheet 'Data': row 6, column A 'Country': unknown citizenship 'Islands / Mexico'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        )
    ]


CSV = standard_of(ONE_AGENCY + BY_YEAR.replace('sheet = "Data"\ntitle = "Events by country"\n', ""), "csv")


def test_a_text_file_may_be_a_block():
    assert figures(CSV, b"Country,2019,2020\nMexico,1,2\nCuba,3,4\n") == FIGURES
    assert refusals(CSV, b"Country,2019\nRuritania,1\n") == [
        (
            "made: row 2, column A 'Country': unknown citizenship 'Ruritania'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        )
    ]


def test_a_text_file_with_a_row_of_another_width_cannot_be_a_block():
    assert error(CSV, b"Country,2019,2020\nMexico,1,2\nCuba,3\n") == (
        "made.csv: row 3: the row has 2 cells, the header 3; a delimiter or quote is lost or too many"
    )


def test_a_cell_merged_far_beyond_the_sheet_changes_nothing():
    assert figures(YEARS, book(Data=(SHEET, "A1:Z1", "A9:C12", "Y50:Z60"))) == FIGURES

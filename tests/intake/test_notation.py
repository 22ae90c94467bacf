"""How a source writes figures and dates is declared: for all of it or for a column, in lists, blocks and headings."""

import datetime
import io

import openpyxl
import pyarrow as pa
import pytest
from handmade import text
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from pyarrow import parquet
from small import book, cells, document, figures, reading, refusals, standard_of
from test_times import column, mexico, source

from borderstats.intake.meaning import role
from borderstats.intake.statements import leading_day

TO = "to the column in the source's file, or above all columns"
MONTHS = [datetime.date(2023, number, 1).strftime("%B") for number in range(1, 13)]


def undeclared(written, *meant):
    """Why a label is refused, with the meanings and lines proposed."""
    lines = ", ".join(f"if it means {meaning}, add {line}" for meaning, line in meant)
    return f"{written!r} is written in a form that is not declared; {lines} {TO}"


# dates


@pytest.mark.parametrize(
    ("role", "form", "written", "period"),
    [
        ("day", "%d-%b-%y", "12-Jan-23", "2023-01-12"),
        ("day", "%d-%b-%y", "2-January-23", "2023-01-02"),
        ("day", "%B %d, %Y", '"September 30, 2025"', "2025-09-30"),
        ("day", "%B %d, %Y", '" SEPT.  30, 2025 "', "2025-09-30"),
        ("day", "%m/%d/%Y", "3/4/2023", "2023-03-04"),
        ("day", "%d/%m/%Y", "03/04/2023", "2023-04-03"),
        ("day", "%d/%m/%Y", "2023-04-03", "2023-04-03"),
        ("day", "%m/%d/%Y 0:00", "3/4/2023 0:00", "2023-03-04"),
        ("day", "%d\N{EN DASH}%m\N{EN DASH}%Y", "03-04-2023", "2023-04-03"),
        ("half_month", "%d.%m.%Y", "16.01.2020", "2020-01-16/P16D"),
        ("calendar_month", "%B %Y", "January 2023", "2023-01"),
        ("calendar_month", "%YM%m", "2023M01", "2023-01"),
        ("calendar_month", "%b-%y", "Jan-23", "2023-01"),
        ("calendar_month", "%d/%m/%Y", "01/02/2023", "2023-02"),
        ("calendar_month", "%d/%m/%Y", "2023-02", "2023-02"),
        ("quarter", "%qQ%y", "1Q23", "2023-Q1"),
        ("quarter", "%Y:%q", "2023:1", "2023-Q1"),
        ("quarter", "FY%y/%q", "FY24/1", "2023-Q4"),
        ("week", "W%V/%G", "W05/2024", "2024-W05"),
        ("week", "%m/%d/%Y", "week ending 2/4/2024", "2024-W05"),
        ("fiscal_year", "%Y/%y", "2022/23", "FY2023"),
        ("fiscal_year", "%Y/%y", "1999/00", "FY2000"),
        ("fiscal_year", "FY %Y-%y", "FY 2022\N{EN DASH}23", "FY2023"),
        ("fiscal_year", "%Y/%y", "FY2024", "FY2024"),
    ],
)
@pytest.mark.parametrize("place", ["source", "column"])
def test_a_period_in_a_declared_form(role, form, written, period, place):
    said = f'dates = ["{form}"]\nyears_from = 1950\n'
    own = said if place == "column" else ""
    standard = source(column("when", f'role = "{role}"\n{own}'), said if place == "source" else "")
    assert mexico(standard, "when", written) == ([period], [])


def test_forms_of_a_column_go_before_those_of_the_source():
    mixed = source(
        column("day", 'role = "half_month"\ndates = ["%m/%d/%Y"]') + column("end", 'role = "last_day"'),
        'dates = ["%d/%m/%Y", "%B %Y"]\n',
    )
    assert mexico(mixed, "day,end", "1/16/2020,31/1/2020") == (["2020-01-16/P16D"], [])


@pytest.mark.parametrize(
    ("role", "written", "meant"),
    [
        ("day", "12-Jan-2023", [("2023-01-12", '`dates = ["%d-%b-%Y"]`')]),
        ("day", "12-Jan-23", [("2023-01-12", '`dates = ["%d-%b-%y"]` and `years_from = 1950`')]),
        ("day", "September 30, 2025", [("2025-09-30", '`dates = ["%B %d, %Y"]`')]),
        ("day", "13/04/2023", [("2023-04-13", '`dates = ["%d/%m/%Y"]`')]),
        ("day", "03/04/2023", [("2023-03-04", '`dates = ["%m/%d/%Y"]`'), ("2023-04-03", '`dates = ["%d/%m/%Y"]`')]),
        ("calendar_month", "January 2023", [("2023-01", '`dates = ["%B %Y"]`')]),
        ("calendar_month", "2023M01", [("2023-01", '`dates = ["%YM%m"]`')]),
        ("calendar_month", "02/01/2023", [("2023-02", '`dates = ["%m/%d/%Y"]`')]),
        ("quarter", "1Q2023", [("2023-Q1", '`dates = ["%qQ%Y"]`')]),
        ("week", "Wk 5 2024", [("2024-W05", '`dates = ["Wk %V %G"]`')]),
        ("fiscal_year", "2022/23", [("FY2023", '`dates = ["%Y/%y"]` and `years_from = 1950`')]),
        ("not_before", "7/3/2025", [("2025-07-03", '`dates = ["%m/%d/%Y"]`'), ("2025-03-07", '`dates = ["%d/%m/%Y"]`')]),
    ],
)  # fmt: skip
def test_a_form_that_is_not_declared_is_named_with_the_line_to_add(role, written, meant):
    more = column("year", 'role = "fiscal_year"') if role == "not_before" else ""
    standard = source(column("when", f'role = "{role}"') + more)
    cells_of = f'"{written}",2025' if more else f'"{written}"'
    assert mexico(standard, "when,year" if more else "when", cells_of) == (
        [],
        [f"made: row 2, column 'when': {undeclared(written, *meant)}"],
    )


def test_a_fiscal_year_lies_in_two_years_that_follow_and_is_called_as_the_calendar_says():
    years = source(column("when", 'role = "fiscal_year"\ndates = ["%Y/%y"]\nyears_from = 1950'))
    for written in ("2022/24", "2022/22", "2023/22"):
        reason = f"made: row 2, column 'when': '{written}' is no fiscal year, though it is written as %Y/%y"
        assert mexico(years, "when", written) == ([], [reason])
    other = structs.replace(years, calendar=structs.replace(years.calendar, named_by="start"))
    assert mexico(other, "when", "2022/23") == (["FY2022"], [])


def test_a_further_form_is_added_to_those_declared():
    days = source(column("day", 'role = "day"\ndates = ["%B %d, %Y"]'))
    reason = undeclared("13/04/2023", ("2023-04-13", '`dates = ["%B %d, %Y", "%d/%m/%Y"]`'))
    assert mexico(days, "day", "13/04/2023") == ([], [f"made: row 2, column 'day': {reason}"])


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("31/06/2023", "'31/06/2023' is no day, though it is written as %d/%m/%Y"),
        ("04/13/2023", "'04/13/2023' is no day, though it is written as %d/%m/%Y"),
        ("1/2/23", undeclared("1/2/23", ("2023-01-02", '`dates = ["%d/%m/%Y", "%m/%d/%y"]` and `years_from = 1950`'), ("2023-02-01", '`dates = ["%d/%m/%Y", "%d/%m/%y"]` and `years_from = 1950`'))),
        ("April 2023", "'April 2023' is not a day like 2025-07-03"),
        ("1/2/1899", "1899-02-01 is not a day between 1900-01-01 and 2118-12-31"),
    ],
)  # fmt: skip
def test_what_is_no_day_in_a_declared_form(written, reason):
    days = source(column("day", 'role = "day"\ndates = ["%d/%m/%Y"]'))
    assert mexico(days, "day", written) == ([], [f"made: row 2, column 'day': {reason}"])


def test_a_label_that_two_declared_forms_read_otherwise_is_refused():
    days = source(column("day", 'role = "day"\ndates = ["%d/%m/%Y", "%m/%d/%Y"]'))
    assert mexico(days, "day", "13/04/2023", "04/04/2023", "03/04/2023") == (
        ["2023-04-04", "2023-04-13"],
        [
            "made: row 4, column 'day': '03/04/2023' is 2023-04-03 by %d/%m/%Y and 2023-03-04 by %m/%d/%Y; declare one of them only"
        ],
    )


DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2049, 12, 31))
ANY = source(
    column("day", 'role = "day"\ndates = ["%d-%b-%y", "%B %d, %Y", "%m/%d/%Y"]\nyears_from = 1950'),
    "",
    '[[tables]]\nkind = "list"\ncolumns = ["country", "figure", "day"]\ncombine = "sum"\n',
)
WRITERS = [
    lambda day: f"{day.day}-{MONTHS[day.month - 1][:3]}-{day.year % 100:02}",
    lambda day: f'"{MONTHS[day.month - 1]} {day.day}, {day.year}"',
    lambda day: f"{day.month}/{day.day:02}/{day.year}",
    datetime.date.isoformat,
]


@given(st.lists(st.tuples(DAYS, st.sampled_from(WRITERS)), min_size=1, max_size=6))
def test_days_in_several_forms_are_those_days(days):
    expected = [day.isoformat() for day in sorted({day for day, _ in days})]
    assert mexico(ANY, "day", *(write(day) for day, write in days)) == (expected, [])


# figures


YEAR = column("year", 'role = "fiscal_year"')
COMMAS = source(YEAR, 'thousands = ","\n')
MONEY = """
dataset = "money"
constants = {{ agency = "_T" }}
{said}
[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "figure"
role = "figure"
{own}

[[columns]]
name = "year"
role = "fiscal_year"
"""


def test_thousands_of_a_list():
    assert figures(COMMAS, text("country,figure,year", 'Mexico,"52,546",2019', "Cuba,7,2019")) == {
        "citizenship=MEX FY2019": (52546, "A"),
        "citizenship=CUB FY2019": (7, "A"),
    }


def test_thousands_that_are_not_declared():
    reason = undeclared("52,546", ("52546", '`thousands = ","`'))
    assert refusals(source(YEAR), text("country,figure,year", 'Mexico,"52,546",2019')) == [
        f"made: row 2, column 'figure': the count {reason}"
    ]


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ('thousands = "."\ndecimal = ","', ""),
        ("", 'thousands = "."\ndecimal = ","'),
        ('thousands = "\'"', 'thousands = "."\ndecimal = ","'),
    ],
)
def test_a_decimal_comma_of_a_source_and_of_a_column(said, own):
    standard = standard_of(MONEY.format(said=said, own=own), "csv")
    assert figures(standard, text("country,figure,year", 'Mexico,"-1.234,5",2019', "Cuba,1.234,2019")) == {
        "citizenship=MEX FY2019": (-123450, "A"),
        "citizenship=CUB FY2019": (123400, "A"),
    }


def test_a_cell_that_holds_a_number_is_that_number_beside_texts_with_a_decimal_comma():
    standard = standard_of(MONEY.format(said='thousands = "."\ndecimal = ","', own="rounded = true"))
    rows = [["country", "figure", "year"], ["Mexico", "1.234", 2019], ["Cuba", 1.234, 2019], ["Honduras", 5, 2019], ["El Salvador", "0,5", 2019]]  # fmt: skip
    assert {cell: value for cell, (value, _) in figures(standard, book(rows)).items()} == {
        "citizenship=MEX FY2019": 123400,
        "citizenship=CUB FY2019": 123,
        "citizenship=HND FY2019": 500,
        "citizenship=SLV FY2019": 50,
    }


def test_thousands_of_texts_in_a_parquet_file():
    standard = standard_of(COLUMNS_OF_PARQUET, "parquet")
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"country": ["Mexico"], "figure": ["52,546"], "when": ["2023M01"]}), buffer)
    assert figures(standard, buffer.getvalue()) == {"citizenship=MEX 2023-01": (52546, "A")}


COLUMNS_OF_PARQUET = """
dataset = "events"
constants = { agency = "_T" }
thousands = ","
dates = ["%YM%m"]

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "figure"
role = "figure"

[[columns]]
name = "when"
role = "calendar_month"
"""


# blocks: headings beside and above figures, titles and notes


BLOCK = """
dataset = "events"
constants = { agency = "_T" }
thousands = ","
dates = ["%b-%y", "%B %Y"]
years_from = 2000

[[columns]]
name = "Country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "month"
role = "calendar_month"

[[columns]]
name = "figure"
role = "figure"

[[tables]]
kind = "block"
title = "Events"
columns = ["Country"]
across = ["month"]
figures = "figure"
"""
ROWS = [["Events"], ["Country", "Jan-23", "February  2023"], ["Mexico", "52,546", 1], ["Cuba", 3, "4"]]
BY_MONTH = {
    "citizenship=MEX 2023-01": (52546, "A"),
    "citizenship=MEX 2023-02": (1, "A"),
    "citizenship=CUB 2023-01": (3, "A"),
    "citizenship=CUB 2023-02": (4, "A"),
}


def test_headings_above_figures():
    assert figures(standard_of(BLOCK.replace('title = "Events"', 'title = "Events"\nsheet = "Data"')), book(Data=ROWS)) == BY_MONTH  # fmt: skip


def test_headings_of_a_date_cell_beside_those_of_text():
    made = openpyxl.Workbook()
    made.active.title = "Data"
    for row in [["Events"], ["Country", datetime.datetime(2023, 1, 1), "February 2023"], *ROWS[2:]]:
        made.active.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    assert figures(standard_of(BLOCK.replace('title = "Events"', 'title = "Events"\nsheet = "Data"')), buffer.getvalue()) == BY_MONTH  # fmt: skip


def test_a_block_of_a_text_file():
    lines = ["Country,Jan-23,February 2023", 'Mexico,"52,546",1', "Cuba,3,4"]
    assert figures(standard_of(BLOCK.replace('title = "Events"\n', ""), "csv"), text(*lines)) == BY_MONTH


def test_a_document():
    lines = ["Events", "", "              Jan-23     Feb-23", "Mexico        52,546          1", "Cuba               3          4"]  # fmt: skip
    assert figures(standard_of(BLOCK.replace('["Country"]', '["Country"]\ncorner = ""'), "pdf"), document(lines)) == BY_MONTH  # fmt: skip


def test_a_heading_in_a_form_that_is_not_declared_is_told_once():
    found = reading(
        standard_of(BLOCK.replace('title = "Events"\n', ""), "csv"),
        text("Country,2023M01,Feb-23", "Mexico,1,2", "Cuba,3,4"),
    )
    line = '`dates = ["%b-%y", "%B %Y", "%YM%m"]`'
    assert [refusal.text("made") for refusal in found.refusals] == [
        f"made: row 2, column B 'month': {undeclared('2023M01', ('2023-01', line))} (2 figures)"
    ]
    assert sorted(cells(found.observations)) == ["citizenship=CUB 2023-02", "citizenship=MEX 2023-02"]


NOTED = """
dataset = "events"
dates = ["%d/%m/%Y"]

[[columns]]
name = "Country"
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
sheet = "Data"
columns = ["Country"]
across = ["agency"]
figures = "figure"
day = "Data current as of"
"""


@pytest.mark.parametrize("written", ["03/04/2023", "3/4/2023; later figures may differ", "2023-04-03"])
def test_the_day_in_a_note_is_in_the_forms_of_the_source(written):
    rows = [["Country", "OFO"], ["Mexico", 1], [f"Data current as of {written}"]]
    assert figures(standard_of(NOTED), book(Data=rows)) == {"citizenship=MEX agency=OFO 2023-04-03": (1, "A")}


def test_a_file_states_its_day_in_the_forms_of_the_source():
    stated = standard_of(BLOCK.replace("dates = [", 'stated = "As of"\ndates = ["%d-%m-%y", ').replace('title = "Events"', 'title = "Events"\nsheet = "Data"'))  # fmt: skip
    assert reading(stated, book(Data=[*ROWS, ["as of 03-04-23."]])).stated == (datetime.date(2023, 4, 3),)


def test_a_day_that_two_forms_read_otherwise_is_none():
    assert leading_day("3/4/2023", ["%d/%m/%Y", "%m/%d/%Y"]) is None
    assert leading_day("4/4/2023", ["%d/%m/%Y", "%m/%d/%Y"]) == datetime.date(2023, 4, 4)


# what is told of a column


def test_the_notation_of_a_column_is_told_with_its_role():
    described = standard_of(MONEY.format(said='thousands = "."\ndecimal = ","', own=""), "csv").sources[
        "made"
    ]
    assert role(described.column["figure"]) == "figure, thousands '.', decimal ','"
    months = source(column("when", 'role = "calendar_month"'), 'dates = ["%B %Y", "%YM%m"]\n')
    assert role(months.sources["made"].column["when"]) == "calendar_month, %B %Y or %YM%m"
    assert role(months.sources["made"].column["figure"]) == "figure"


# names


BLANKS = ["{}", " {} ", "\u00a0{}\u202f", "{}\u200b", "\ufeff{}", "\t{}\u3000"]


@pytest.mark.parametrize("blanks", BLANKS)
def test_names_are_compared_without_blanks_at_their_ends(blanks):
    """Sheets, titles, headings, labels, marks of missing figures, in a block and in a list."""

    def put(name):
        return blanks.format(name)

    declared = BLOCK.replace('title = "Events"', 'title = "Events"\nsheet = "Data"').replace('role = "figure"', 'role = "figure"\nmissing = { NA = "M" }')  # fmt: skip
    rows = [[put("Events")], [put("Country"), put("Jan-23"), put("Feb-23")], [put("Mexico"), put("52,546"), put("NA")]]  # fmt: skip
    found = figures(standard_of(declared), book(**{put("Data"): rows}))
    assert found == {"citizenship=MEX 2023-01": (52546, "A"), "citizenship=MEX 2023-02": (0, "M")}
    listed = text(
        ",".join(map(put, ["country", "figure", "year"])), ",".join(map(put, ["Mexico", "7", "2019"]))
    )
    assert figures(COMMAS, listed.lstrip(b"\xef\xbb\xbf")) == {"citizenship=MEX FY2019": (7, "A")}

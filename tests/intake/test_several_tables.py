"""A file of several tables, and one that feeds several datasets: every row is used, left out or refused."""

import datetime

import pytest
from handmade import text
from small import book, cells, figures, reading, refusals, standard_of

from borderstats.intake import report
from borderstats.intake.read import total

COUNTRY_AND_YEAR = """
[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"
labels = { "Total of all" = "_T" }

[[columns]]
name = "year"
role = "fiscal_year"
"""
EVENTS = """
[[columns]]
name = "events"
role = "figure"
missing = { D = "Q" }
"""
COLUMNS = f"""{COUNTRY_AND_YEAR}
[[columns]]
name = "kind"
role = "ignored"
reason = "what is counted"
left_out = {{ plan = "no figure yet" }}
{EVENTS}
[[columns]]
name = "persons"
role = "figure"
key = {{ agency = "OFO" }}
"""
TWO = standard_of(
    'constants = { agency = "_T" }\n'
    + COLUMNS
    + "".join(
        f"""
[[tables]]
kind = "list"
dataset = "{dataset}"
columns = ["country", "year", "kind", "events", "persons"]
values = ["{dataset}"]
"""
        for dataset in ("events", "persons")
    ),
    "csv",
)
HEADER = "country,year,kind,events,persons"


def test_one_list_feeds_two_datasets_with_a_column_each():
    found = reading(TWO, text(HEADER, "Mexico,2019,x,5,3", "Cuba,2019,x,7,1"))
    assert {name: cells(observations) for name, observations in found.datasets.items()} == {
        "events": {"citizenship=MEX FY2019": (5, "A"), "citizenship=CUB FY2019": (7, "A")},
        "persons": {
            "citizenship=MEX agency=OFO FY2019": (3, "A"),
            "citizenship=CUB agency=OFO FY2019": (1, "A"),
        },
    }
    assert (found.rows, found.accepted) == (2, 2)


def test_a_file_of_two_datasets_has_no_single_observations():
    found = reading(TWO, text(HEADER, "Mexico,2019,x,5,3"))
    with pytest.raises(ValueError, match="too many values to unpack"):
        _ = found.observations


def test_a_row_left_out_counts_once_however_many_datasets_do_without_it():
    found = reading(TWO, text(HEADER, "Mexico,2019,x,5,3", "Cuba,2019,PLAN,,"))
    assert (found.rows, found.accepted, found.left_out) == (2, 1, 1)


def test_a_row_that_both_tables_refuse_is_reported_once():
    assert refusals(TWO, text(HEADER, "Ruritania,2019,x,5,3")) == [
        (
            "made: row 2, column 'country': unknown citizenship 'Ruritania'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        )
    ]


def test_the_report_names_each_dataset():
    found = reading(TWO, text(HEADER, "Total of all,2019,x,1500,3", "Cuba,2020,x,7,1", "Cuba,2019,plan,,"))
    assert list(report.lines("made.csv", found)) == [
        "made.csv: Made by hand, nobody",
        "source: made, feeds events, persons",
        "rows: 3 read = 2 accepted + 1 left out + 0 refused",
        "unknown codes: none",
        "dataset: events",
        "period: FY2019 to FY2020",
        "observations: 2, total 1,500 events",
        "dataset: persons",
        "period: FY2019 to FY2020",
        "observations: 2, in events; none of them is a total of everything",
    ]


def test_the_latest_period_of_any_dataset_dates_the_file():
    found = reading(TWO, text(HEADER, "Mexico,2019,x,5,3", "Cuba,2021,x,7,1"))
    assert found.earliest_as_of == datetime.date(2021, 9, 30)


def test_amounts_are_reported_with_their_decimals():
    money = standard_of(
        """
dataset = "money"
constants = { agency = "_T" }

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "year"
role = "fiscal_year"

[[columns]]
name = "amount"
role = "figure"
""",
        "csv",
    )
    found = reading(money, text("country,year,amount", "Mexico,2019,1234.5", "Cuba,2019,-0.25"))
    assert cells(found.observations) == {
        "citizenship=MEX FY2019": (123450, "A"),
        "citizenship=CUB FY2019": (-25, "A"),
    }
    assert total(found.observations) == 123425
    assert list(report.lines("made.csv", found))[-1] == "observations: 2, total 1,234.25 usd"


def test_periods_of_every_frequency_are_reported():
    days = standard_of(
        """
dataset = "events"
constants = { agency = "_T" }

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "year"
role = "fiscal_year"

[[columns]]
name = "events"
role = "figure"
""",
        "csv",
    )
    found = reading(days, text("country,year,events", "Mexico,1976,1", "Mexico,1976tq,2", "Mexico,1977,4"))
    assert list(report.lines("made.csv", found))[-2] == "period: FY1976 to FY1977 and 1976-Q3 to 1976-Q3"


# a cell that stands in several tables


SHEETS = standard_of(
    'dataset = "events"\nconstants = { agency = "_T" }\n'
    + COUNTRY_AND_YEAR
    + EVENTS
    + "".join(
        f'\n[[tables]]\nkind = "block"\nsheet = "{sheet}"\ncolumns = ["country"]\nacross = ["year"]\nfigures = "events"\n'
        for sheet in ("All", "Some")
    )
)
ALL = [["country", 2019, 2020], ["Mexico", 5, 6], ["Cuba", 7, "D"]]


def test_a_cell_may_stand_in_several_tables_with_one_value():
    found = reading(SHEETS, book(All=ALL, Some=[["country", 2020], ["Mexico", 6], ["Guatemala", 1]]))
    assert found.refusals == ()
    assert (found.rows, found.accepted, len(found.observations)) == (6, 6, 5)


def test_a_cell_with_two_values_is_refused_where_it_stands_again():
    assert refusals(SHEETS, book(All=ALL, Some=[["country", 2019], ["Mexico", 9], ["Cuba", 7]])) == [
        (
            "made: sheet 'Some': row 2, column B: citizenship=MEX FY2019 is 9 here and 5 in an earlier table of the file; "
            "which is right cannot be told"
        )
    ]


def test_two_sheets_of_the_same_table():
    assert figures(SHEETS, book(All=ALL, Some=ALL)) == {
        "citizenship=MEX FY2019": (5, "A"),
        "citizenship=MEX FY2020": (6, "A"),
        "citizenship=CUB FY2019": (7, "A"),
        "citizenship=CUB FY2020": (0, "Q"),
    }


def test_a_refusal_names_the_sheet():
    assert refusals(SHEETS, book(All=ALL, Some=[["country", 2019], ["Mexico", "x"]])) == [
        "made: sheet 'Some': row 2, column B 'events': the count 'x' is not a number"
    ]

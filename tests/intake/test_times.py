"""Each row's period and status: days, half-months, weeks, quarters, years and the day for which a whole file is stated."""

import datetime

import numpy as np
import pytest
from handmade import error, text
from small import book, cells, figures, reading, refusals, standard_of

from borderstats import periods
from borderstats.intake import period_labels, times
from borderstats.intake.dates import Dates
from borderstats.intake.raw import Labels
from borderstats.periods import Calendar, FiscalYears
from borderstats.standard.columns import FiscalYearColumn, MonthColumn
from calendars import APRIL, NONE

DAY = datetime.date


def source(columns, said="", table=""):
    """A list of countries, figures and the given columns of times."""
    return standard_of(
        f"""
dataset = "events"
constants = {{ agency = "_T" }}
{said}
[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "figure"
role = "figure"
{columns}
{table}""",
        "csv",
    )


def column(name, said):
    return f'\n[[columns]]\nname = "{name}"\n{said}\n'


def mexico(standard, header, *times, as_of=None):
    """The periods of rows of Mexico, one figure of 1 in each, with the texts of those refused."""
    rows = [f"Mexico,1,{written}" for written in times]
    found = reading(standard, text(f"country,figure,{header}", *rows), as_of)
    return (
        [cell.removeprefix("citizenship=MEX ") for cell in cells(found.observations)],
        [refusal.text("made") for refusal in found.refusals],
    )


# days


DAYS = source(column("day", 'role = "day"'))
OF_MONTHS = source(
    column("day", 'role = "day"'),
    table='[[tables]]\nkind = "list"\ncolumns = ["country", "figure", "day"]\ncombine = "sum"\nwithin = "month"\n',
)


@pytest.mark.parametrize("written", ["2025-07-03", "2025-07-03 00:00:00", " 2025-07-03 "])
def test_a_day(written):
    assert mexico(DAYS, "day", written) == (["2025-07-03"], [])


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2025-02-30",
        "07/33/2025",
        "2025-07",
        "FY2025",
        "2025-07-03 12:00:00",
        "Total",
    ],
)
def test_what_is_no_day(written):
    assert mexico(DAYS, "day", written) == (
        [],
        [f"made: row 2, column 'day': {written!r} is not a day like 2025-07-03"],
    )


@pytest.mark.parametrize("written", ["1900-01-01", "2118-12-31"])
def test_the_first_and_the_last_day(written):
    assert mexico(DAYS, "day", written) == ([written], [])


def test_days_within_months_are_added_up_by_month():
    data = text("country,figure,day", "Mexico,1,2024-02-01", "Mexico,2,2024-02-29", "Mexico,4,2024-03-01")
    assert figures(OF_MONTHS, data) == {
        "citizenship=MEX 2024-02": (3, "A"),
        "citizenship=MEX 2024-03": (4, "A"),
    }


# half-months


HALVES = source(column("begin", 'role = "half_month"') + column("end", 'role = "last_day"'))


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        ("2020-02-01", "2020-02-15", 15),
        ("2020-02-16", "2020-02-29", 14),
        ("2021-02-16", "2021-02-28", 13),
        ("2020-04-16", "2020-04-30", 15),
        ("2020-12-16", "2020-12-31", 16),
    ],
)
def test_a_half_month(begin, end, days):
    assert mexico(HALVES, "begin,end", f"{begin},{end}") == ([f"{begin}/P{days}D"], [])


@pytest.mark.parametrize(
    ("begin", "end", "reason"),
    [
        ("2021-02-16", "2021-02-29", "column 'end': '2021-02-29' is not a day like 2025-07-03"),
        ("2020-02-16", "2020-02-28", "column 'end': the half-month ends on 2020-02-29"),
        ("2020-02-01", "2020-02-29", "column 'end': the half-month ends on 2020-02-15"),
        ("2020-01-16", "2020-02-15", "column 'end': the half-month ends on 2020-01-31"),
        (
            "2020-01-15",
            "2020-01-31",
            "column 'begin': 2020-01-15 begins no half-month; those begin on the 1st and the 16th",
        ),
        ("January", "2020-01-31", "column 'begin': 'January' is not a day like 2025-07-03"),
    ],
)
def test_a_half_month_whose_days_do_not_fit(begin, end, reason):
    assert mexico(HALVES, "begin,end", f"{begin},{end}") == ([], [f"made: row 2, {reason}"])


# fiscal years


YEARS = source(column("year", 'role = "fiscal_year"'))
WITH_MONTHS = source(column("year", 'role = "fiscal_year"') + column("month", 'role = "month"'))


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2010", "FY2010"),
        ("FY2010", "FY2010"),
        ("FY10", "FY2010"),
        ("fy 10", "FY2010"),
        ("FY49", "FY2049"),
        ("FY50", "FY1950"),
        (":2010", "FY2010"),
        ("1976", "FY1976"),
        ("1976tq", "1976-Q3"),
        ("1976TQ ", "1976-Q3"),
        ("1801", "FY1801"),
        ("2199", "FY2199"),
    ],
)
def test_a_fiscal_year(written, period):
    assert mexico(YEARS, "year", written) == ([period], [])


@pytest.mark.parametrize(
    "written",
    ["", "10", "FY1", "FY010", "20100", "2010.0", "1975tq", "FY1976tq", "1800", "2200", "FY\u0662\u0665"],
)
def test_what_is_no_fiscal_year(written):
    assert mexico(YEARS, "year", written) == ([], [f"made: row 2, column 'year': {written!r} is not a year"])


@pytest.mark.parametrize(
    ("year", "month", "period"),
    [
        ("1976", "July", "1975-07"),
        ("1976", "September", "1975-09"),
        ("1976", "June", "1976-06"),
        ("1977", "October", "1976-10"),
        ("1977", "September", "1977-09"),
    ],
)
def test_until_1976_a_fiscal_year_begins_in_july(year, month, period):
    assert mexico(WITH_MONTHS, "year,month", f"{year},{month}") == ([period], [])


def test_a_year_in_two_forms_is_one_year():
    again = (
        "citizenship=MEX FY2010 stands there more than once (also in row {}); which is right cannot be told"
    )
    assert mexico(YEARS, "year", "2010", "FY10") == (
        [],
        [f"made: row {row}: {again.format(5 - row)}" for row in (2, 3)],
    )


# calendar years


CALENDAR_YEARS = source(column("year", 'role = "year"\nprovisional_mark = "*"'))
YEARS_AND_MONTHS = source(
    column("year", 'role = "year"') + column("month", 'role = "month"\nwhole_year = "All"')
)


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2010", "2010"),
        (" 2010 ", "2010"),
        ("CY2010", "2010"),
        ("cy 2010", "2010"),
        ("CY10", "2010"),
        ("CY49", "2049"),
        ("CY50", "1950"),
    ],
)
def test_a_calendar_year(written, period):
    assert mexico(CALENDAR_YEARS, "year", written) == ([period], [])


@pytest.mark.parametrize(
    "written", ["", "10", "FY2010", "FY10", "1976tq", "2010-01", "20100", "1799", "Total"]
)
def test_what_is_no_calendar_year(written):
    assert mexico(CALENDAR_YEARS, "year", written) == (
        [],
        [f"made: row 2, column 'year': {written!r} is not a year"],
    )


def test_a_calendar_year_to_date_is_provisional():
    data = text("country,figure,year", "Mexico,1,2019", "Mexico,1,2020*")
    assert figures(CALENDAR_YEARS, data) == {
        "citizenship=MEX 2019": (1, "A"),
        "citizenship=MEX 2020": (1, "P"),
    }


@pytest.mark.parametrize(
    ("year", "month", "period"),
    [
        ("2023", "October", "2023-10"),
        ("CY2023", "Jan", "2023-01"),
        ("2023", "December", "2023-12"),
        ("2023", "All", "2023"),
    ],
)
def test_months_of_calendar_years(year, month, period):
    assert mexico(YEARS_AND_MONTHS, "year,month", f"{year},{month}") == ([period], [])


# quarters


QUARTERS = source(column("quarter", 'role = "quarter"'))


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2024 Q3", "2024-Q3"),
        ("2024-Q3", "2024-Q3"),
        ("2024Q3", "2024-Q3"),
        ("2024 q1", "2024-Q1"),
        ("Q3 2024", "2024-Q3"),
        ("Q4-2024", "2024-Q4"),
        ("  Q3   2024 ", "2024-Q3"),
        ("CY2024 Q3", "2024-Q3"),
        ("Q3 CY24", "2024-Q3"),
        ("Jul-Sep 2024", "2024-Q3"),
        ("Jul - Sep 2024", "2024-Q3"),
        ("Jul\N{EN DASH}Sep 2024", "2024-Q3"),
        ("July to September 2024", "2024-Q3"),
        ("Oct-Dec 2024", "2024-Q4"),
        ("January-March 2024", "2024-Q1"),
        ("FY2024 Q1", "2023-Q4"),
        ("FY24 Q4", "2024-Q3"),
        ("Q2 FY2024", "2024-Q1"),
        ("FY1976 Q1", "1975-Q3"),
    ],
)
def test_a_quarter(written, period):
    assert mexico(QUARTERS, "quarter", written) == ([period], [])


NO_QUARTER = "is not a quarter like 2024 Q3, Q3 2024 or Jul-Sep 2024"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", NO_QUARTER),
        ("2024", NO_QUARTER),
        ("24 Q3", NO_QUARTER),
        ("2024 Q5", NO_QUARTER),
        ("2024 Q", NO_QUARTER),
        ("Q3", NO_QUARTER),
        ("Q32024", NO_QUARTER),
        ("third quarter 2024", NO_QUARTER),
        ("2024-07", NO_QUARTER),
        ("Summer-Autumn 2024", NO_QUARTER),
        ("Jul-Sep", NO_QUARTER),
        ("1799 Q1", NO_QUARTER),
        ("Jul-Aug 2024", "is not a calendar quarter; those begin in January, April, July and October"),
        ("Aug-Oct 2024", "is not a calendar quarter; those begin in January, April, July and October"),
        ("Nov-Jan 2024", "is not a calendar quarter; those begin in January, April, July and October"),
    ],
)
def test_what_is_no_quarter(written, reason):
    assert mexico(QUARTERS, "quarter", written) == (
        [],
        [f"made: row 2, column 'quarter': {written!r} {reason}"],
    )


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        (APRIL, periods.quarter(2023, 2)),
        (Calendar("end", (FiscalYears(5),)), "'FY2024 Q1': by calendar.toml that fiscal year is not made of four calendar quarters"),
        (NONE, "'FY2024 Q1': by calendar.toml that fiscal year is not made of four calendar quarters"),
    ],
)  # fmt: skip
def test_quarters_of_fiscal_years_are_those_of_the_office(calendar, expected):
    dates = Dates(months=QUARTERS.codelists["month"])
    assert period_labels.quarter("FY2024 Q1", dates, calendar) == expected


# weeks


WEEKS = source(column("week", 'role = "week"'))
WEEKS_BEGUN = source(column("begin", 'role = "week"\nday = "first"') + column("end", 'role = "last_day"'))
WEEKS_ENDED = source(column("end", 'role = "week"\nday = "last"'))


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2024-W05", "2024-W05"),
        ("2024W05", "2024-W05"),
        ("2024 W5", "2024-W05"),
        ("2020-W53", "2020-W53"),
        ("week of 2024-01-29", "2024-W05"),
        ("Week beginning 2024-01-29", "2024-W05"),
        ("Week  ending 2024-02-04", "2024-W05"),
        ("week ending 2021-01-03", "2020-W53"),
    ],
)
def test_a_week(written, period):
    assert mexico(WEEKS, "week", written) == ([period], [])


NO_WEEK = "is not a week like 2024-W05 or week ending 2024-02-04"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", f"'' {NO_WEEK}"),
        ("W05", f"'W05' {NO_WEEK}"),
        ("2024-05", f"'2024-05' {NO_WEEK}"),
        ("2024-01-29", f"'2024-01-29' {NO_WEEK}"),
        ("2021-W53", "'2021-W53': there is no such week"),
        ("2024-W00", "'2024-W00': there is no such week"),
        ("week of 2024-01-30", "2024-01-30 is a Tuesday; weeks of ISO 8601 begin on a Monday"),
        ("week ending 2024-02-03", "2024-02-03 is a Saturday; weeks of ISO 8601 end on a Sunday"),
        ("week ending soon", "'soon' is not a day like 2025-07-03"),
    ],
)
def test_what_is_no_week(written, reason):
    assert mexico(WEEKS, "week", written) == ([], [f"made: row 2, column 'week': {reason}"])


def test_weeks_by_their_first_or_last_day():
    assert mexico(WEEKS_BEGUN, "begin,end", "2024-01-29,2024-02-04") == (["2024-W05"], [])
    assert mexico(WEEKS_ENDED, "end", "2024-02-04") == (["2024-W05"], [])
    assert mexico(WEEKS_BEGUN, "begin,end", "2024-01-29,2024-02-03") == (
        [],
        ["made: row 2, column 'end': the week ends on 2024-02-04"],
    )
    assert mexico(WEEKS_ENDED, "end", "2024-02-03") == (
        [],
        ["made: row 2, column 'end': 2024-02-03 is a Saturday; weeks of ISO 8601 end on a Sunday"],
    )


# fiscal years of other offices


def test_months_of_fiscal_years_that_begin_in_april():
    months = YEARS_AND_MONTHS.codelists["month"]
    columns = [
        (FiscalYearColumn(name="year"), Labels(["2024"], np.zeros(12, np.int64))),
        (MonthColumn(name="month"), Labels([code.label_en for code in months.codes], np.arange(12))),
    ]
    found = times.read(columns, months, APRIL)
    expected = [f"{2024 if n < 4 else 2023}-{n:02d}" for n in range(1, 13)]
    assert [periods.text(period) for period in found.period.tolist()] == expected
    assert not any(refused.reasons for refused in found.refused)


def test_a_short_fiscal_year_has_not_every_month():
    """From October to September until fiscal year 1988, nine months of 1989, and from July on since."""
    calendar = Calendar("end", (FiscalYears(10), FiscalYears(7, 1990)))
    months = YEARS_AND_MONTHS.codelists["month"]
    columns = [
        (FiscalYearColumn(name="year"), Labels(["1989"], np.zeros(2, np.int64))),
        (MonthColumn(name="month"), Labels(["June", "July"], np.arange(2))),
    ]
    found = times.read(columns, months, calendar)
    assert periods.text(int(found.period[0])) == "1989-06"
    assert [refused.reasons for refused in found.refused if refused.reasons] == [
        {1: "FY1989 has no such month"}
    ]


# provisional periods


SETTLING = source(column("year", 'role = "fiscal_year"'), "provisional_days = 365\n")


@pytest.mark.parametrize(
    ("as_of", "provisional"),
    [
        (None, []),
        (DAY(2020, 9, 28), [2019, 2020]),
        (DAY(2020, 9, 29), [2020]),
        (DAY(2021, 9, 29), [2020]),
        (DAY(2021, 9, 30), []),
    ],
)
def test_a_period_that_ended_too_few_days_before_the_file_is_provisional(as_of, provisional):
    found = figures(SETTLING, text("country,figure,year", "Mexico,1,2019", "Mexico,1,2020"), as_of)
    assert found == {
        f"citizenship=MEX FY{year}": (1, "P" if year in provisional else "A") for year in (2019, 2020)
    }


# dates before which a file cannot have existed


SIGNED = source(
    column("year", 'role = "fiscal_year"')
    + column(
        "signed", 'role = "not_before"\nlabels = { "05/082025" = 2025-05-08, unsigned = 2000-01-01 }'
    )
)  # fmt: skip
SIGNATURES = text(
    "country,figure,year,signed",
    "Mexico,1,2019,2025-03-17",
    "Cuba,2,2019,05/082025",
    "Honduras,3,2019,2025-01-01 00:00:00",
)


def test_a_file_is_no_older_than_the_latest_of_its_dates():
    assert reading(SIGNED, SIGNATURES).earliest_as_of == DAY(2025, 5, 8)


def test_a_file_is_no_older_than_its_last_period_either():
    data = text("country,figure,year,signed", "Mexico,1,2026,2025-03-17")
    assert reading(SIGNED, data).earliest_as_of == DAY(2026, 9, 30)


@pytest.mark.parametrize("as_of", [DAY(2025, 5, 8), DAY(2030, 1, 1)])
def test_dates_up_to_the_day_of_the_file(as_of):
    assert len(figures(SIGNED, SIGNATURES, as_of)) == 3


def test_a_date_after_the_day_of_the_file():
    assert refusals(SIGNED, SIGNATURES, DAY(2025, 5, 7)) == [
        (
            "made: row 3, column 'signed': 2025-05-08 is after 2025-05-07, the day for which the file is stated; "
            "one of the two is wrong"
        )
    ]


@pytest.mark.parametrize("written", ["", "17 Marsh 2025", "2025-02-29", "2025-03-17 09:30:00"])
def test_what_is_no_date(written):
    assert mexico(SIGNED, "year,signed", f"2019,{written}")[1] == [
        (
            f"made: row 2, column 'signed': {written!r} is not a date like 2025-03-17; "
            "if it is a slip of the publisher, recode it in labels"
        )
    ]


def test_a_row_that_is_no_data_does_not_date_its_file():
    left_out = source(
        column("year", 'role = "fiscal_year"')
        + column("signed", 'role = "not_before"')
        + column("kind", 'role = "ignored"\nreason = "a kind"\nleft_out = { plan = "not yet" }')
    )
    data = text(
        "country,figure,year,signed,kind", "Mexico,1,2019,2025-03-17,done", "Cuba,1,2019,2031-01-01,plan"
    )
    found = reading(left_out, data)
    assert (found.accepted, found.left_out, found.earliest_as_of) == (1, 1, DAY(2025, 3, 17))


# the day of a whole file


STATED = standard_of(
    """
dataset = "events"
constants = { agency = "_T" }

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "figure"
role = "figure"

[[tables]]
kind = "list"
columns = ["country", "figure"]
day = "as_of"
""",
    "csv",
)
NOTED = standard_of("""
dataset = "events"

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
""")
BLOCK = [["Country", "OFO"], ["Mexico", 1]]


def test_figures_of_the_day_for_which_the_file_is_stated():
    assert figures(STATED, text("country,figure", "Mexico,1"), DAY(2025, 7, 3)) == {
        "citizenship=MEX 2025-07-03": (1, "A")
    }


@pytest.mark.parametrize(
    "note",
    [
        "Data current as of 11/16/2020",
        "Data current as of: 11.16.2020.",
        "DATA CURRENT AS OF 2020-11-16",
        " Data current as of 11/16/2020 ",
        "Data current as of November 16, 2020",
        "Data current as of 11/16/2020; later figures may differ",
        "Data current as of Nov 16, 2020 (run date 11/23/2020)",
    ],
)
@pytest.mark.parametrize("place", ["below", "above", "beside"])
def test_figures_of_the_day_in_a_note(note, place):
    rows = {
        "below": [*BLOCK, [note]],
        "above": [["", "", "", note], *BLOCK],
        "beside": [BLOCK[0], [*BLOCK[1], "", note]],
    }[place]
    assert figures(NOTED, book(Data=rows)) == {"citizenship=MEX agency=OFO 2020-11-16": (1, "A")}


@pytest.mark.parametrize("written", ["16/11/2020", "16 November 2020", "2/30/2020", "11/16/20201", ""])
def test_a_note_without_a_date(written):
    assert error(NOTED, book(Data=[*BLOCK, [f"Data current as of {written}"]])) == (
        f"made.csv: sheet 'Data': row 3, column A: {written!r} behind 'Data current as of' is not a date like 11/16/2020; "
        "if the note was worded anew, change the `day` of the table in the standard"
    )


def test_a_missing_note():
    assert error(NOTED, book(Data=BLOCK)) == (
        "made.csv: sheet 'Data': no cell begins with 'Data current as of'; "
        "if the table was renamed, change its title in the standard"
    )


# months that have not come


FUTURE = source(
    column("year", 'role = "fiscal_year"') + column("month", 'role = "month"\nwhole_year = "Total"'),
    "future_zeros = true\n",
)
TO_COME = text(
    "country,figure,year,month",
    "Mexico,0,2020,October",
    "Mexico,5,2020,November",
    "Mexico,0,2020,December",
    "Mexico,0,2021,Total",
)


@pytest.mark.parametrize(
    ("as_of", "left_out"),
    [
        (DAY(2019, 11, 1), 2),
        (DAY(2019, 11, 30), 2),
        (DAY(2019, 12, 1), 1),
        (DAY(2020, 9, 30), 1),
        (DAY(2020, 10, 1), 0),
    ],
)
def test_zeros_of_months_that_have_not_begun_are_no_data(as_of, left_out):
    found = reading(FUTURE, TO_COME, as_of)
    assert (found.rows, found.accepted, found.left_out, found.refusals) == (4, 4 - left_out, left_out, ())


def test_a_figure_of_a_month_that_has_not_begun_is_refused():
    (refusal,) = reading(FUTURE, TO_COME, DAY(2019, 10, 1)).refusals
    assert (refusal.row, refusal.reason) == (
        3,
        "2019-11 begins after 2019-10-01, the day for which the file is stated; one of the two is wrong",
    )


def test_a_row_is_left_out_only_if_all_its_figures_are_zeros_that_lie_in_the_future():
    wide = source(
        column("year", 'role = "fiscal_year"')
        + column("second", 'role = "figure"\nkey = { agency = "OFO" }'),
        "future_zeros = true\n",
    )
    data = text("country,figure,year,second", "Mexico,0,2020,0", "Cuba,0,2020,5")
    found = reading(wide, data, DAY(2019, 9, 30))
    assert (found.accepted, found.left_out, [refusal.row for refusal in found.refusals]) == (0, 1, [3])


def test_zeros_that_may_lie_in_the_future_need_the_day_of_the_file():
    assert error(FUTURE, TO_COME) == (
        "made.csv: made prints zero for months that have not come; say with --as-of for which day the file is stated"
    )

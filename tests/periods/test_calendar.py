"""The fiscal years of any office against a slow reference that knows days only."""

import datetime

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from borderstats import periods
from borderstats.periods import Calendar, FiscalYears
from calendars import APRIL, FEDERAL, NONE, Reference, any_calendar

DAYS = st.dates(periods.FIRST_DAY, periods.LAST_DAY)
SHORTER = [kind for kind in periods.KINDS if kind != "fiscal_year"]
ONE_DAY = datetime.timedelta(days=1)


@given(any_calendar(), DAYS)
def test_the_fiscal_year_of_a_day(calendar, day):
    year, inside = Reference(calendar).year(day)
    period = calendar.at("fiscal_year", day)
    assert period == periods.fiscal(year)
    assert calendar.days(period) == Reference(calendar).days[year]
    first, last = calendar.days(period)
    assert (first <= day <= last) is inside


@given(any_calendar(), st.lists(st.tuples(st.sampled_from(SHORTER), DAYS), min_size=1, max_size=20))
def test_arrays_say_what_the_days_say(calendar, found):
    reference = Reference(calendar)
    every = [periods.at(kind, day) for kind, day in found]
    period = np.array(every)
    ends = [reference.year(calendar.last_day(one)) for one in every]
    begins = [reference.year(calendar.first_day(one)) for one in every]
    assert calendar.fiscal_years(period).tolist() == [year for year, _ in ends]
    assert [calendar.fiscal_year(one) for one in every] == [year for year, _ in ends]
    whole = [periods.fiscal(b[0]) if b == e and b[1] else 0 for b, e in zip(begins, ends, strict=True)]
    assert calendar.holding(period, "fiscal_year").tolist() == whole
    between = [b[0] == e[0] and not b[1] and not e[1] for b, e in zip(begins, ends, strict=True)]
    assert calendar.in_transition(period).tolist() == between


@given(any_calendar(), st.lists(st.integers(1890, 2120), min_size=1, max_size=20))
def test_a_fiscal_year_lies_in_itself(calendar, years):
    period = np.array([periods.fiscal(year) for year in years])
    assert calendar.fiscal_years(period).tolist() == years
    assert calendar.holding(period, "fiscal_year").tolist() == period.tolist()
    assert not calendar.in_transition(period).any()


@pytest.mark.parametrize("kind", ["month", "quarter", "year"])
@given(
    calendar=any_calendar(),
    found=st.lists(st.tuples(st.sampled_from(SHORTER), DAYS), min_size=1, max_size=20),
)
def test_the_period_that_holds_another(kind, calendar, found):
    every = [periods.at(shorter, day) for shorter, day in found]
    wanted = [[periods.at(kind, day) for day in periods.days(one)] for one in every]
    expected = [one[0] if one[0] == one[1] else 0 for one in wanted]
    assert calendar.holding(np.array(every), kind).tolist() == expected


@given(any_calendar(), st.sampled_from(periods.KINDS), st.sampled_from(SHORTER), DAYS)
def test_the_parts_of_a_period_fill_it_or_there_are_none(calendar, whole, part, day):
    period = calendar.at(whole, day)
    first, last = calendar.days(period)
    assume(first.year > 1900 and last.year < 2118)
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    inside = [calendar.at(part, one) for one in days]
    found = list(calendar.parts(period, part))
    if found:
        assert found == sorted(set(inside))
    fits = {periods.days(one)[0] for one in inside} | {periods.days(one)[1] for one in inside} <= set(days)
    assert bool(found) is fits


@given(any_calendar(), st.sampled_from(["quarter", "year", "fiscal_year"]), st.data())
def test_a_period_is_complete_with_all_its_parts(calendar, whole, data):
    months = list(range(periods.month(2019, 1), periods.month(2023, 1)))
    there = data.draw(st.lists(st.sampled_from(months), unique=True, max_size=48))
    years = {calendar.at(whole, periods.days(month)[0]) for month in months}
    expected = [year for year in sorted(years) if set(calendar.parts(year, "month")) <= set(there)]
    assert calendar.complete(np.array(there, np.int64), whole, "month") == expected


@given(
    any_calendar(), st.lists(st.tuples(st.sampled_from(SHORTER), DAYS), min_size=1, max_size=10), DAYS, DAYS
)
def test_periods_that_overlap_a_span(calendar, found, start, end):
    every = [periods.at(kind, day) for kind, day in found]
    flags = calendar.overlaps(np.array(every), start.isoformat(), end.isoformat())
    days = [periods.days(one) for one in every]
    assert flags.tolist() == [first <= end and last >= start for first, last in days]
    assert calendar.overlaps(np.array(every), "", "").all()


@given(any_calendar(), DAYS)
def test_the_steps_of_a_query_give_the_fiscal_year_of_a_month(calendar, day):
    month = periods.at("month", day)
    shift, most = next(
        (shift, most)
        for since, shift, most in (*calendar.steps[:-1], (0, *calendar.steps[-1][1:]))
        if month >= since
    )
    year = (month + shift) // 12
    assert (year if most is None else min(year, most)) == calendar.fiscal_year(month)


@given(
    any_calendar(), st.lists(st.tuples(st.integers(1901, 2110), st.integers(1, 12)), min_size=1, max_size=20)
)
def test_the_months_of_these_numbers_in_fiscal_years(calendar, pairs):
    years, numbers = (np.array(column) for column in zip(*pairs, strict=True))
    expected = []
    for year, number in pairs:
        months = calendar.parts(periods.fiscal(year), "month")
        expected.append(next((month for month in months if periods.days(month)[0].month == number), 0))
    assert calendar.months_in(periods.FISCAL + years, numbers).tolist() == expected
    in_calendar_years = calendar.months_in(periods.YEAR + years, numbers)
    assert in_calendar_years.tolist() == [periods.month(year, number) for year, number in pairs]


@given(any_calendar())
def test_a_calendar_is_written_and_read_back(calendar):
    assert msgspec.json.decode(msgspec.json.encode(calendar), type=Calendar) == calendar
    assert hash(calendar) == hash(msgspec.json.decode(msgspec.json.encode(calendar), type=Calendar))


@pytest.mark.parametrize(
    ("calendar", "text", "first", "last"),
    [
        (FEDERAL, "FY2024", "2023-10-01", "2024-09-30"),
        (FEDERAL, "FY1977", "1976-10-01", "1977-09-30"),
        (FEDERAL, "FY1976", "1975-07-01", "1976-06-30"),
        (FEDERAL, "FY1925", "1924-07-01", "1925-06-30"),
        (APRIL, "FY2024", "2023-04-01", "2024-03-31"),
        (Calendar("start", (FiscalYears(4),)), "FY2024", "2024-04-01", "2025-03-31"),
        (Calendar("end", (FiscalYears(1),)), "FY2024", "2024-01-01", "2024-12-31"),
        # twelve months from April instead of the calendar year: three months are a year of their own
        (Calendar("end", (FiscalYears(1), FiscalYears(4, 2022))), "FY2021", "2021-01-01", "2021-03-31"),
        (Calendar("end", (FiscalYears(1), FiscalYears(4, 2022))), "FY2022", "2021-04-01", "2022-03-31"),
        (NONE, "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_years_of_offices(calendar, text, first, last):
    assert tuple(map(str, calendar.days(periods.parse(text)))) == (first, last)


def test_the_transition_quarter_belongs_to_no_fiscal_year():
    quarter = periods.quarter(1976, 3)
    months = np.array(
        [*range(periods.month(1976, 6), periods.month(1976, 11)), quarter, periods.fiscal(1976)]
    )
    assert FEDERAL.in_transition(months).tolist() == [False, True, True, True, False, True, False]
    assert FEDERAL.fiscal_years(months).tolist() == [1976, 1976, 1976, 1976, 1977, 1976, 1976]
    assert FEDERAL.transitions == {"1976tq": quarter}


def test_the_months_and_quarters_of_a_fiscal_year():
    texts = [periods.text(part) for part in FEDERAL.parts(periods.fiscal(2024), "quarter")]
    assert texts == ["2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3"]
    assert len(FEDERAL.parts(periods.fiscal(2024), "month")) == 12
    assert len(FEDERAL.parts(periods.fiscal(1976), "month")) == 12
    assert not FEDERAL.parts(periods.fiscal(2024), "week")
    assert not Calendar("end", (FiscalYears(5),)).parts(periods.fiscal(2024), "quarter")


def test_an_office_without_a_fiscal_year_reckons_in_calendar_years():
    months = np.array([periods.month(2023, 12), periods.month(2024, 1)])
    assert NONE.year_kind(months) == "year"
    assert NONE.fiscal_years(months).tolist() == [2023, 2024]
    assert FEDERAL.year_kind(months) == "fiscal_year"
    assert FEDERAL.year_kind(np.array([periods.year(2024)])) == "year"
    assert NONE.year_kind(np.array([periods.fiscal(2024)])) == "fiscal_year"


@pytest.mark.parametrize(
    ("rules", "period"),
    [
        ((7, 10), periods.quarter(2019, 3)),
        ((7, 8), periods.month(2019, 7)),
        ((7, 11), None),
        ((8, 11), None),
        ((10, 7), None),
    ],
)
def test_what_lies_between_two_rules_is_a_month_or_a_quarter_or_cannot_be_written(rules, period):
    calendar = Calendar("end", (FiscalYears(rules[0]), FiscalYears(rules[1], 2020, ("2019 TQ",))))
    assert calendar.transitions == {"2019 tq": period}

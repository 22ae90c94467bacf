"""Periods against the datetime module, and the rule of the fiscal year."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.standard import periods

YEARS = st.integers(1800, 2999)
DAYS = st.dates(datetime.date(1800, 1, 1), datetime.date(2999, 12, 31))


@given(DAYS)
def test_a_day_lies_between_the_first_and_last_day_of_its_month(day):
    period = periods.month(day.year, day.month)
    first, last = periods.first_day(period), periods.last_day(period)
    assert first <= day <= last
    assert first == day.replace(day=1)
    assert last + datetime.timedelta(days=1) == periods.first_day(period + 1)
    assert not periods.is_fiscal_year(period)


@given(DAYS)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends(day):
    year = day.year + 1 if day.month >= 10 else day.year
    assert periods.fiscal_year(periods.month(day.year, day.month)) == year
    whole = periods.fiscal(year)
    assert periods.first_day(whole) <= day <= periods.last_day(whole)
    assert periods.fiscal_year(whole) == year
    assert periods.is_fiscal_year(whole)


@given(YEARS, st.integers(1, 12))
def test_a_month_of_a_fiscal_year(year, number):
    period = periods.month_of_fiscal_year(year, number)
    assert periods.fiscal_year(period) == year
    assert periods.first_day(period).month == number


@given(YEARS)
def test_twelve_months_make_the_fiscal_year(year):
    months = [periods.month_of_fiscal_year(year, number) for number in (10, 11, 12, *range(1, 10))]
    assert months == list(range(months[0], months[0] + 12))
    assert periods.first_day(months[0]) == periods.first_day(periods.fiscal(year))
    assert periods.last_day(months[-1]) == periods.last_day(periods.fiscal(year))


@given(st.one_of(st.builds(periods.month, YEARS, st.integers(1, 12)), st.builds(periods.fiscal, YEARS)))
def test_a_period_is_written_and_read_back(period):
    assert periods.parse(periods.text(period)) == period
    assert 0 < period < periods.SPAN


@given(st.lists(DAYS, max_size=20))
def test_months_sort_as_days_do(days):
    months = [periods.month(day.year, day.month) for day in days]
    assert sorted(months) == [periods.month(day.year, day.month) for day in sorted(days)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("FY2024", "2023-10-01", "2024-09-30"),
        ("FY2000", "1999-10-01", "2000-09-30"),
    ],
)
def test_first_and_last_days(text, first, last):
    period = periods.parse(text)
    assert str(periods.first_day(period)) == first
    assert str(periods.last_day(period)) == last


@pytest.mark.parametrize(
    "written",
    ["", "2023", "2023-00", "2023-13", "2023-1", "FY24", "fy2024", "2023-10-01", " 2023-10", "FY2024\n"],
)
def test_what_is_no_period(written):
    with pytest.raises(
        ValueError, match="neither a month like 2023-10 nor a fiscal year like FY2024"
    ) as caught:
        periods.parse(written)
    assert str(caught.value).startswith(repr(written))

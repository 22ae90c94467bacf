"""Periods against the datetime module, and the rule of the fiscal year."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats import periods

YEARS = st.integers(1977, 2400)
DAYS = st.dates(datetime.date(1976, 10, 1), datetime.date(2400, 12, 31))
# what the range of every frequency holds: half-months and days are counted from 1900, the last day is in 2118
ANY_DAY = st.dates(datetime.date(1900, 1, 1), datetime.date(2118, 12, 31))
ONE_DAY = datetime.timedelta(days=1)


def fiscal_year_of(day):
    """The fiscal year of a day, by the law: from July until 1976, from October since; between them lies a quarter."""
    if day < datetime.date(1976, 7, 1):
        return day.year + (day.month >= 7)
    return max(day.year + (day.month >= 10), 1976)


def periods_of(day):
    """The periods in which a day lies, by frequency."""
    found = {
        "M": periods.month(day.year, day.month),
        "Q": periods.quarter(day.year, (day.month + 2) // 3),
        "SM": periods.half_month(day.year, day.month, int(day.day > 15)),
        "D": periods.day(day),
    }
    between = datetime.date(1976, 7, 1) <= day <= datetime.date(1976, 9, 30)
    return found if between else found | {"A": periods.fiscal(fiscal_year_of(day))}


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


@given(ANY_DAY)
def test_a_period_is_written_and_read_back(day):
    for period in periods_of(day).values():
        assert periods.parse(periods.text(period)) == period
        assert 0 < period < periods.SPAN


@given(ANY_DAY)
def test_a_day_lies_in_one_period_of_each_frequency(day):
    for frequency, period in periods_of(day).items():
        first, last = periods.first_day(period), periods.last_day(period)
        assert first <= day <= last
        assert periods.FREQUENCIES[int(periods.frequency(np.array([period]))[0])] == frequency
        for outside in (first - ONE_DAY, last + ONE_DAY):
            if outside.year in range(1900, 2119):
                assert periods_of(outside).get(frequency) != period


@given(ANY_DAY)
def test_periods_of_a_frequency_follow_each_other_without_a_gap(day):
    for frequency, period in periods_of(day).items():
        after = periods.last_day(period) + ONE_DAY
        if after < datetime.date(2119, 1, 1) and periods.text(period) != "FY1976":
            assert periods_of(after)[frequency] == period + 1
            assert periods.first_day(period + 1) == after


@given(st.lists(ANY_DAY, min_size=1, max_size=20))
def test_the_fiscal_year_of_every_period_is_that_of_its_last_day(days):
    for frequency in periods.FREQUENCIES:
        mine = [found[frequency] for found in map(periods_of, days) if frequency in found]
        expected = [fiscal_year_of(periods.last_day(period)) for period in mine]
        assert periods.fiscal_years(np.array(mine, np.int64)).tolist() == expected


@given(st.lists(ANY_DAY, min_size=1, max_size=20))
def test_what_kind_of_period_each_one_is(days):
    every = [(frequency, period) for day in days for frequency, period in periods_of(day).items()]
    period = np.array([period for _, period in every], np.int64)
    assert periods.is_month(period).tolist() == [frequency == "M" for frequency, _ in every]
    assert periods.is_fiscal_year(period).tolist() == [frequency == "A" for frequency, _ in every]
    assert [periods.FREQUENCIES[place] for place in periods.frequency(period)] == [f for f, _ in every]


@given(ANY_DAY, ANY_DAY)
def test_periods_of_a_frequency_sort_as_their_days_do(one, other):
    for frequency, period in periods_of(min(one, other)).items():
        assert period <= periods_of(max(one, other)).get(frequency, periods.SPAN)


@given(st.integers(1901, 2399), st.integers(1, 12))
def test_a_month_of_any_fiscal_year_lies_in_it(year, number):
    period = periods.month_of_fiscal_year(year, number)
    assert periods.fiscal_year(period) == year
    assert periods.first_day(period).month == number
    whole = periods.fiscal(year)
    assert periods.first_day(whole) <= periods.first_day(period) <= periods.last_day(whole)


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
        ("FY1977", "1976-10-01", "1977-09-30"),
        ("FY1976", "1975-07-01", "1976-06-30"),
        ("FY1925", "1924-07-01", "1925-06-30"),
        ("1976-Q3", "1976-07-01", "1976-09-30"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024-Q4", "2024-10-01", "2024-12-31"),
        ("2020-01-01/P15D", "2020-01-01", "2020-01-15"),
        ("2020-01-16/P16D", "2020-01-16", "2020-01-31"),
        ("2020-02-16/P14D", "2020-02-16", "2020-02-29"),
        ("2021-02-16/P13D", "2021-02-16", "2021-02-28"),
        ("2020-04-16/P15D", "2020-04-16", "2020-04-30"),
        ("2025-07-03", "2025-07-03", "2025-07-03"),
    ],
)
def test_first_and_last_days(text, first, last):
    period = periods.parse(text)
    assert str(periods.first_day(period)) == first
    assert str(periods.last_day(period)) == last


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2023",
        "2023-00",
        "2023-13",
        "2023-1",
        "FY24",
        "fy2024",
        " 2023-10",
        "FY2024\n",
        "2023-10-1",
        "2023-13-01",
        "2023-02-30",
        "2023-Q5",
        "2023-q1",
        "Q3-1976",
        "2020-01-15/P15D",
        "2020-01-01/P17D",
        # what no period is written as: a half-month with the days of another, a period outside its range
        "2020-01-01/P13D",
        "2020-02-16/P16D",
        "2500-01",
        "0000-01",
        "FY0000",
        "9999-Q4",
        "1850-01-01",
        "2119-12-31",
        "1850-01-01/P15D",
        "2400-01-16/P16D",
        "\u0662\u0660\u0662\u0663-10",
    ],
)
def test_what_is_no_period(written):
    with pytest.raises(ValueError, match="neither a month") as caught:
        periods.parse(written)
    assert str(caught.value) == (
        f"{written!r} is neither a month like 2023-10 nor a fiscal year like FY2024 (a day like 2025-07-03, "
        "a quarter like 1976-Q3 and a half-month like 2020-01-16/P16D would do too)"
    )

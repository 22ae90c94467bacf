"""Periods of every frequency: what they are called, when they begin and end, and where they stand."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.words import periods

DAY = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("written", "long", "short", "first", "last"),
    [
        ("2023-10", "October 2023", "Oct 2023", "2023-10-01", "2023-10-31"),
        ("2024-02", "February 2024", "Feb 2024", "2024-02-01", "2024-02-29"),
        ("1976-Q3", "July to September 1976", "Q3 1976", "1976-07-01", "1976-09-30"),
        ("FY2024", "fiscal year 2024", "FY2024", "2023-10-01", "2024-09-30"),
        ("FY1976", "fiscal year 1976", "FY1976", "1975-07-01", "1976-06-30"),
        ("FY1977", "fiscal year 1977", "FY1977", "1976-10-01", "1977-09-30"),
        ("2020-01-01/P15D", "1 to 15 January 2020", "1\N{EN DASH}15 Jan 2020", "2020-01-01", "2020-01-15"),
        ("2020-02-16/P14D", "16 to 29 February 2020", "16\N{EN DASH}29 Feb 2020", "2020-02-16", "2020-02-29"),
        ("2025-07-03", "3 July 2025", "3 Jul 2025", "2025-07-03", "2025-07-03"),
    ],
)
def test_a_period_of_each_kind(written, long, short, first, last):
    freq, place = periods.parse(written)
    assert (periods.long(freq, place), periods.short(freq, place)) == (long, short)
    assert (periods.first_day(freq, place), periods.last_day(freq, place)) == (DAY(first), DAY(last))


@pytest.mark.parametrize("written", ["2025-11-end", "2023", "October 2023", "20231001", ""])
def test_what_is_no_period_is_refused(written):
    with pytest.raises(ValueError, match=r"\w"):
        periods.parse(written)


@pytest.mark.parametrize("freq", ["M", "Q", "A", "SM", "D"])
@given(day=st.dates(DAY("1890-01-01"), DAY("2100-01-01")))
def test_periods_follow_each_other_without_gap(freq, day):
    """Places that follow each other are periods that follow each other; only fiscal year 1977 waits a quarter."""
    place = {
        "M": 12 * day.year + day.month - 1,
        "Q": 4 * day.year + day.month // 4,
        "A": day.year,
        "SM": 24 * day.year + 2 * day.month - 2,
        "D": day.toordinal(),
    }[freq]
    gap = periods.first_day(freq, place + 1) - periods.last_day(freq, place)
    assert gap.days == (93 if freq == "A" and place == 1976 else 1)


@given(st.dates(DAY("1900-01-01"), DAY("2100-01-01")))
def test_a_month_lies_in_its_fiscal_year(day):
    month = 12 * day.year + day.month - 1
    year = periods.fiscal_year(month)
    if month // 3 != 4 * 1976 + 2:
        assert periods.first_day("A", year) <= periods.first_day("M", month) <= periods.last_day("A", year)


@pytest.mark.parametrize(
    ("freq", "period", "position"),
    [("M", "2020-03", 0.5), ("SM", "2020-03-01/P15D", 0.5), ("A", "FY2020", 0.5), ("D", "2020-03-01", 0.5)],
)
def test_the_first_day_of_a_period_stands_half_a_place_before_it(freq, period, position):
    place = periods.parse(period)[1]
    first = periods.first_day(freq, place)
    assert place - periods.position(freq, first) == pytest.approx(position)

"""Periods as integers: one range for each kind of period, so that one column holds all of them and sorts in each.

A month is `12 * year + month - 1`; every other kind has a range of its own above the months and counts on in it, so the
next period of a kind is always one more. What a fiscal year is, an office says in its calendar: see `calendar`.
"""

import bisect
import datetime
import functools
from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Kind = Literal["month", "quarter", "year", "fiscal_year", "half_month", "week", "day"]
"""The kinds of periods in the order of their ranges; `year` is a calendar year, a `week` is one of ISO 8601."""

KINDS: tuple[Kind, ...] = get_args(Kind)

FREQUENCIES: Mapping[Kind, str] = {
    "month": "M",
    "quarter": "Q",
    "year": "A",
    "fiscal_year": "A",
    "half_month": "SM",
    "week": "W",
    "day": "D",
}
"""The code of each kind in SDMX CL_FREQ, and SM for half-months.

Both kinds of years are annual: SDMX has one code, which clients ask for, and the text of a period tells them apart. So no
dataset has both (`standard.check`): they would be one series.
"""

MONTH = 0
QUARTER = 30_000
YEAR = 40_000
FISCAL = 50_000
HALF_MONTH = 60_000
WEEK = 66_000
DAY = 78_000
SPAN = 160_000
"""One more than the largest period: the size of the period's place in a key."""

_STARTS = (MONTH, QUARTER, YEAR, FISCAL, HALF_MONTH, WEEK, DAY)

FIRST_YEAR, LAST_YEAR = 1700, 2499
"""The years that months, quarters and years can lie in."""

FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2118, 12, 31)
"""The days that a half-month, a week or a day can begin with; the first is a Monday."""

_ONE_DAY = datetime.timedelta(days=1)
_ASK = "when a fiscal year begins is for a calendar to say: ask it"


def month(year: int, number: int) -> int:
    """The period of a calendar month, `number` from 1 to 12."""
    return 12 * year + number - 1


def quarter(year: int, number: int) -> int:
    """The period of a calendar quarter, `number` from 1 to 4."""
    return QUARTER + 4 * year + number - 1


def year(number: int) -> int:
    """The period of a calendar year."""
    return YEAR + number


def fiscal(number: int) -> int:
    """The period of a fiscal year."""
    return FISCAL + number


def half_month(year: int, number: int, half: int) -> int:
    """The period of the first (0: 1st to 15th) or second (1: 16th to the end) half of a month."""
    return HALF_MONTH + 24 * (year - FIRST_DAY.year) + 2 * (number - 1) + half


def week(date: datetime.date) -> int:
    """The period of the week, Monday to Sunday, in which a day lies."""
    return WEEK + (date - FIRST_DAY).days // 7


def day(date: datetime.date) -> int:
    """The period of one day."""
    return DAY + (date - FIRST_DAY).days


def at(kind: Kind, date: datetime.date) -> int:
    """The period of a kind in which a day lies; ValueError for a fiscal year, which its calendar knows."""
    match kind:
        case "month":
            return month(date.year, date.month)
        case "quarter":
            return quarter(date.year, (date.month + 2) // 3)
        case "year":
            return year(date.year)
        case "half_month":
            return half_month(date.year, date.month, int(date.day > 15))
        case "week":
            return week(date)
        case "day":
            return day(date)
        case "fiscal_year":
            raise ValueError(_ASK)


def every(kind: Kind) -> range:
    """All periods of a kind that there can be."""
    return {
        "month": range(month(FIRST_YEAR, 1), month(LAST_YEAR, 12) + 1),
        "quarter": range(quarter(FIRST_YEAR, 1), quarter(LAST_YEAR, 4) + 1),
        "year": range(year(FIRST_YEAR), year(LAST_YEAR) + 1),
        "fiscal_year": range(fiscal(FIRST_YEAR), fiscal(LAST_YEAR) + 1),
        "half_month": range(HALF_MONTH, half_month(LAST_DAY.year, 12, 1) + 1),
        "week": range(WEEK, week(LAST_DAY) + 1),
        "day": range(DAY, day(LAST_DAY) + 1),
    }[kind]


def kind(period: int) -> Kind:
    """What kind of period one is."""
    return KINDS[bisect.bisect(_STARTS, period) - 1]


def kinds(period: Ints) -> Ints:
    """The place in KINDS of each period's kind."""
    return np.searchsorted(_STARTS, period, side="right") - 1


def of_kind(period: Ints, wanted: Kind) -> Flags:
    """Which periods are of a kind."""
    found: Flags = kinds(period) == KINDS.index(wanted)
    return found


def is_month(period: Ints) -> Flags:
    """Which periods are months."""
    return period < QUARTER


def is_fiscal_year(period: Ints) -> Flags:
    """Which periods are fiscal years."""
    return (period >= FISCAL) & (period < HALF_MONTH)


def is_annual(period: Ints) -> Flags:
    """Which periods are years, of the calendar or fiscal."""
    return (period >= YEAR) & (period < HALF_MONTH)


def ordinal(period: int) -> int:
    """A period's place in its range; of a year its number."""
    return period - _STARTS[bisect.bisect(_STARTS, period) - 1]


@functools.cache
def days(period: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a period; ValueError for a fiscal year, whose days its calendar knows."""
    place = ordinal(period)
    match kind(period):
        case "month":
            return days_of_months(place, 1)
        case "quarter":
            return days_of_months(3 * place, 3)
        case "year":
            return days_of_months(12 * place, 12)
        case "half_month":
            first, last = days_of_months(place // 2 + 12 * FIRST_DAY.year, 1)
            return (first.replace(day=16), last) if place % 2 else (first, first.replace(day=15))
        case "week":
            first = FIRST_DAY + 7 * place * _ONE_DAY
            return first, first + 6 * _ONE_DAY
        case "day":
            date = FIRST_DAY + place * _ONE_DAY
            return date, date
        case "fiscal_year":
            raise ValueError(_ASK)


def days_of_months(first: int, length: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of so many months from one (`12 * year + month - 1`) on."""
    after = first + length
    return datetime.date(first // 12, first % 12 + 1, 1), datetime.date(
        after // 12, after % 12 + 1, 1
    ) - _ONE_DAY


def months(period: Ints) -> tuple[Ints, Ints]:
    """The month in which each period begins and that in which it ends, as periods; 0 for fiscal years."""
    first, last = _months_of_all()
    return first[period], last[period]


@functools.cache
def _months_of_all() -> tuple[Ints, Ints]:
    """The months of every possible period: looking up is far faster than working out."""
    period = np.arange(SPAN)
    kind = kinds(period)
    place = period - np.array(_STARTS)[kind]
    half, none = place // 2 + 12 * FIRST_DAY.year, place * 0
    monday, date = (np.datetime64(FIRST_DAY) + (n * place).astype("timedelta64[D]") for n in (7, 1))
    first = [place, 3 * place, 12 * place, none, half, _month_of(monday), _month_of(date)]
    last = [place, 3 * place + 2, 12 * place + 11, none, half, _month_of(monday + 6), _month_of(date)]
    return np.choose(kind, first), np.choose(kind, last)


def _month_of(date: npt.NDArray[np.datetime64]) -> Ints:
    return date.astype("datetime64[M]").astype(np.int64) + 12 * 1970


def year_earlier(period: int) -> int | None:
    """The same month, quarter, half-month, week, day or year one year earlier.

    None for a leap day, for week 53 where the year before has none, and before the first period that there can be.
    """
    same = kind(period)
    try:
        earlier = _year_earlier(same, period)
    except ValueError:
        return None
    return earlier if earlier in every(same) else None


def _year_earlier(same: Kind, period: int) -> int:
    match same:
        case "month":
            return period - 12
        case "quarter":
            return period - 4
        case "half_month":
            return period - 24
        case "year" | "fiscal_year":
            return period - 1
        case "week":
            iso = days(period)[0].isocalendar()
            return week(datetime.date.fromisocalendar(iso.year - 1, iso.week, 1))
        case "day":
            date = days(period)[0]
            return day(date.replace(year=date.year - 1))

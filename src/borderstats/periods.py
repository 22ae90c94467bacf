"""Time periods as integers: months, quarters, federal fiscal years, half-months and days.

Fiscal year N runs from 1 October N-1 to 30 September N (31 USC 1102); until 1976 it ran from 1 July to 30 June, and the
transition quarter of July to September 1976 belongs to no fiscal year. A month is `12 * year + month - 1`; every other
frequency has a range of its own above the months, so that one integer column holds all of them and sorts in each.
"""

import datetime
import functools
import re

import numpy as np
import numpy.typing as npt

QUARTER = 30_000
"""Offset of calendar quarters; months stay below it until the year 2500."""

FISCAL = 50_000
"""Offset of fiscal years."""

HALF_MONTH = 60_000
"""Offset of half-months (1st to 15th, 16th to the end), counted from January 1900."""

DAY = 70_000
"""Offset of days, counted from 1 January 1900."""

SPAN = 150_000
"""One more than the largest period: the size of the period's place in a key. The last day is in the year 2118."""

FREQUENCIES = ("M", "Q", "A", "SM", "D")
"""The codes of the frequencies in the order of their ranges: those of SDMX CL_FREQ, and SM for half-months."""

_STARTS = (0, QUARTER, FISCAL, HALF_MONTH, DAY)
FIRST_DAY = datetime.date(1900, 1, 1)
LAST_DAY = datetime.date(2118, 12, 31)
"""The days that a period can be or begin with, where it is shorter than a month."""

_FIRST_YEAR = 1700
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_FISCAL = re.compile(r"FY(\d{4})", re.ASCII)
_HALF = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(01|16)/P1[3-6]D", re.ASCII)
_DAY = re.compile(r"(\d{4})-\d{2}-\d{2}", re.ASCII)

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def month(year: int, number: int) -> int:
    """The period of a calendar month, `number` from 1 to 12."""
    return 12 * year + number - 1


def first_month(fiscal_year: Ints | int) -> Ints | int:
    """The number of the calendar month with which a fiscal year begins: October, and July until 1976."""
    return np.where(np.asarray(fiscal_year) > 1976, 10, 7)


def month_of_fiscal_year(fiscal_year: int, number: int) -> int:
    """The period of calendar month `number` (1 to 12) in a fiscal year; its first months lie a year back."""
    return month(fiscal_year - int(number >= first_month(fiscal_year)), number)


def quarter(year: int, number: int) -> int:
    """The period of a calendar quarter, `number` from 1 to 4."""
    return QUARTER + 4 * year + number - 1


def fiscal(year: int) -> int:
    """The period of a whole fiscal year."""
    return FISCAL + year


def half_month(year: int, number: int, half: int) -> int:
    """The period of the first (0) or second (1) half of a month."""
    return HALF_MONTH + 24 * (year - 1900) + 2 * (number - 1) + half


def day(date: datetime.date) -> int:
    """The period of one day."""
    return DAY + date.toordinal() - FIRST_DAY.toordinal()


def is_month(period: Ints) -> Flags:
    """Which periods are months."""
    return period < QUARTER


def is_fiscal_year(period: Ints) -> Flags:
    """Which periods are fiscal years."""
    return (period >= FISCAL) & (period < HALF_MONTH)


def frequency(period: Ints) -> Ints:
    """The place in FREQUENCIES of each period's frequency."""
    found: Ints = _tables()[0][period]
    return found


def fiscal_years(period: Ints) -> Ints:
    """The fiscal year in which each period ends; the transition quarter counts to 1976, the year before it."""
    found: Ints = _tables()[1][period]
    return found


@functools.cache
def _tables() -> tuple[Ints, Ints]:
    """Frequency and fiscal year of every possible period: looking up is far faster than working out."""
    every = np.arange(SPAN)
    kinds = np.searchsorted(_STARTS, every, side="right") - 1
    days = np.maximum(every - DAY, 0).astype("timedelta64[D]") + np.datetime64(FIRST_DAY)
    months = np.choose(
        kinds,
        [
            every,
            3 * (every - QUARTER) + 2,
            0,
            (every - HALF_MONTH) // 2 + 12 * 1900,
            days.astype("datetime64[M]").astype(np.int64) + 12 * 1970,
        ],
    )
    years = np.where(months < month(1976, 7), (months + 6) // 12, np.maximum((months + 3) // 12, 1976))
    return kinds, np.where(kinds == FREQUENCIES.index("A"), every - FISCAL, years)


def fiscal_year(period: int) -> int:
    """The fiscal year in which one period ends."""
    return int(fiscal_years(np.array([period]))[0])


def text(period: int) -> str:
    """`2023-10`, `1976-Q3`, `FY2024`, `2020-01-16/P16D` (a half-month, ISO 8601 with its days) or `2025-07-03`."""
    if period < QUARTER:
        return f"{period // 12}-{period % 12 + 1:02d}"
    if period < FISCAL:
        return f"{(period - QUARTER) // 4}-Q{(period - QUARTER) % 4 + 1}"
    if period < HALF_MONTH:
        return f"FY{period - FISCAL}"
    if period < DAY:
        return f"{first_day(period)}/P{(last_day(period) - first_day(period)).days + 1}D"
    return first_day(period).isoformat()


def parse(written: str) -> int:
    """The period of a text that `text` gives; ValueError for anything else."""
    period = _parsed(written)
    if period is None or int(written.removeprefix("FY")[:4]) < _FIRST_YEAR or text(period) != written:
        raise ValueError(
            f"{written!r} is neither a month like 2023-10 nor a fiscal year like FY2024 (a day like 2025-07-03, "
            "a quarter like 1976-Q3 and a half-month like 2020-01-16/P16D would do too)"
        )
    return period


def _parsed(written: str) -> int | None:
    if match := _MONTH.fullmatch(written):
        return month(int(match[1]), int(match[2]))
    if match := _FISCAL.fullmatch(written):
        return fiscal(int(match[1]))
    if match := _QUARTER.fullmatch(written):
        return quarter(int(match[1]), int(match[2]))
    if match := _HALF.fullmatch(written):
        period = half_month(int(match[1]), int(match[2]), int(match[3] == "16"))
        return period if HALF_MONTH <= period < DAY else None
    if _DAY.fullmatch(written):
        try:
            date = datetime.date.fromisoformat(written)
        except ValueError:
            return None
        return day(date) if FIRST_DAY <= date <= LAST_DAY else None
    return None


def in_transition(period: Ints) -> Flags:
    """Which periods are months of the transition quarter, July to September 1976, which no fiscal year holds."""
    return (period >= month(1976, 7)) & (period <= month(1976, 9))


def first_day(period: int) -> datetime.date:
    if period < QUARTER:
        return datetime.date(period // 12, period % 12 + 1, 1)
    if period < FISCAL:
        return datetime.date((period - QUARTER) // 4, 3 * ((period - QUARTER) % 4) + 1, 1)
    if period < HALF_MONTH:
        year = period - FISCAL
        return datetime.date(year - 1, int(first_month(year)), 1)
    if period < DAY:
        months, half = divmod(period - HALF_MONTH, 2)
        return datetime.date(1900 + months // 12, months % 12 + 1, 16 if half else 1)
    return datetime.date.fromordinal(period - DAY + FIRST_DAY.toordinal())


def last_day(period: int) -> datetime.date:
    if period < QUARTER:
        return first_day(period + 1) - datetime.timedelta(days=1)
    if period < FISCAL:
        return first_day(period + 1) - datetime.timedelta(days=1)
    if period < HALF_MONTH:
        year = period - FISCAL
        return datetime.date(year, 9, 30) if year > 1976 else datetime.date(year, 6, 30)
    if period < DAY:
        return first_day(period + 1) - datetime.timedelta(days=1)
    return first_day(period)

"""Time periods as integers: calendar months and US federal fiscal years.

Fiscal year N runs from 1 October N-1 to 30 September N (31 USC 1102). A month is `12 * year + month - 1`, a
fiscal year is `FISCAL + year`, so that one integer column holds both and sorts within each frequency.
"""

import datetime
import re

FISCAL = 50_000
"""Offset of fiscal years; months stay below it until the year 4166."""

SPAN = FISCAL + 3_000
"""One more than the largest period: the size of the period's place in a key."""

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_FISCAL = re.compile(r"FY(\d{4})")


def month(year: int, number: int) -> int:
    """The period of a calendar month, `number` from 1 to 12."""
    return 12 * year + number - 1


def month_of_fiscal_year(fiscal_year: int, number: int) -> int:
    """The period of calendar month `number` (1 to 12) in a fiscal year: October to December lie a year back."""
    return month(fiscal_year - (number >= 10), number)


def fiscal(year: int) -> int:
    """The period of a whole fiscal year."""
    return FISCAL + year


def is_fiscal_year(period: int) -> bool:
    return period >= FISCAL


def fiscal_year(period: int) -> int:
    """The fiscal year that a month lies in, or that the period is."""
    return period - FISCAL if period >= FISCAL else (period + 3) // 12


def text(period: int) -> str:
    """`2023-10` for a month, `FY2024` for a fiscal year."""
    if period >= FISCAL:
        return f"FY{period - FISCAL}"
    return f"{period // 12}-{period % 12 + 1:02d}"


def parse(written: str) -> int:
    """The period of `2023-10` or `FY2024`; ValueError for anything else."""
    if match := _MONTH.fullmatch(written):
        return month(int(match[1]), int(match[2]))
    if match := _FISCAL.fullmatch(written):
        return fiscal(int(match[1]))
    raise ValueError(f"{written!r} is neither a month like 2023-10 nor a fiscal year like FY2024")


def first_day(period: int) -> datetime.date:
    if period >= FISCAL:
        return datetime.date(period - FISCAL - 1, 10, 1)
    return datetime.date(period // 12, period % 12 + 1, 1)


def last_day(period: int) -> datetime.date:
    if period >= FISCAL:
        return datetime.date(period - FISCAL, 9, 30)
    return first_day(period + 1) - datetime.timedelta(days=1)

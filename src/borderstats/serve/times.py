"""Periods and moments as requests write them: everything that SDMX allows, and `FY2024`."""

import calendar
import datetime
import re

from borderstats.serve.problem import bad
from borderstats.words import periods

_YEAR = re.compile(r"(\d{4})(?:-A1)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-M?(0[1-9]|1[0-2])", re.ASCII)
_PART = re.compile(r"(\d{4})-([QTS])([1-4])", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_FISCAL = re.compile(r"FY(\d{4})", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T[0-9:.]*(?:Z|[+-]\d{2}:\d{2})?)?", re.ASCII)
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})/P(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,4})D)?", re.ASCII)
_MONTHS = {"Q": 3, "T": 4, "S": 6}

Span = tuple[datetime.date, datetime.date]


def span(written: str, name: str) -> Span:
    """The first and the last day of a period in a request; Problem if the parameter `name` cannot be read as one."""
    try:
        found = _span(written)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise bad(
            f"{name}: not a period; write 2023, 2023-10, 2023-10-05, 2023-Q4, 2023-W40, FY2024 or 2023-10-01/P1Y"
        )
    return found


def _span(written: str) -> Span | None:
    if found := _MONTH.fullmatch(written):
        return _months(int(found[1]), int(found[2]), 1)
    if found := _YEAR.fullmatch(written):
        return _months(int(found[1]), 1, 12)
    if found := _PART.fullmatch(written):
        length, number = _MONTHS[found[2]], int(found[3])
        return _months(int(found[1]), length * (number - 1) + 1, length) if number * length <= 12 else None
    if found := _WEEK.fullmatch(written):
        first = datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return first, first + datetime.timedelta(days=6)
    if found := _FISCAL.fullmatch(written):
        place = int(found[1])
        return periods.first_day("A", place), periods.last_day("A", place)
    if found := _DAY.fullmatch(written):
        day = datetime.date.fromisoformat(found[1])
        return day, day
    if found := _RANGE.fullmatch(written):
        first = datetime.date.fromisoformat(found[1])
        years, months, days = (int(n or 0) for n in found.groups()[1:])
        if years or months:
            month = first.year * 12 + first.month - 1 + 12 * years + months
            after = datetime.date(month // 12, month % 12 + 1, first.day)
        else:
            after = first
        return first, after + datetime.timedelta(days=days - 1)
    return None


def _months(year: int, month: int, length: int) -> Span:
    end = month + length - 1
    return datetime.date(year, month, 1), datetime.date(year, end, calendar.monthrange(year, end)[1])


def moment(written: str, name: str) -> datetime.date:
    """The day of a date or a date and time; Problem if it is none."""
    try:
        if found := _DAY.fullmatch(written):
            return datetime.date.fromisoformat(found[1])
    except ValueError:
        pass
    raise bad(f"{name}: not a date; write 2024-01-31 or 2024-01-31T00:00:00Z")

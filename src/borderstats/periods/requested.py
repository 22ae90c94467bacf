"""Times as requests write them: everything that SDMX allows, and `FY2024`."""

import datetime
import re

from borderstats.periods import numbers
from borderstats.periods.calendar import Calendar

_YEAR = re.compile(r"(\d{4})(?:-A1)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-M?(0[1-9]|1[0-2])", re.ASCII)
_PART = re.compile(r"(\d{4})-([QTS])([1-4])", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_FISCAL = re.compile(r"FY(\d{4})", re.ASCII)
_DAY = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?", re.ASCII
)
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})/P(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,4})D)?", re.ASCII)
_MONTHS = {"Q": 3, "T": 4, "S": 6}

Span = tuple[datetime.date, datetime.date]


def span(calendar: Calendar, written: str) -> Span:
    """The first and the last day of a time that a request names; ValueError, with what to write, for what is none."""
    try:
        found = _span(calendar, written)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        fiscal = "FY2024 or " if calendar.rules else ""
        raise ValueError(
            f"not a period; write 2023, 2023-10, 2023-10-05, 2023-Q4, 2023-W40, {fiscal}2023-10-01/P1Y"
        )
    return found


def moment(written: str) -> datetime.date:
    """The day of a date, or in UTC of a date and time; ValueError, with what to write, for what is none."""
    try:
        if found := _DAY.fullmatch(written):
            return _day(found)
    except (ValueError, OverflowError):
        pass
    raise ValueError("not a date; write 2024-01-31 or 2024-01-31T00:00:00Z")


def _day(found: re.Match[str]) -> datetime.date:
    """The day in UTC of a date and time; one without an offset is in UTC."""
    date, time, offset = found.groups()
    if not time:
        return datetime.date.fromisoformat(date)
    clock, _, _ = time.partition(".")
    return datetime.datetime.fromisoformat(f"{date}T{clock}{offset or 'Z'}").astimezone(datetime.UTC).date()


def _span(calendar: Calendar, written: str) -> Span | None:
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
    if calendar.rules and (found := _FISCAL.fullmatch(written)):
        return calendar.days(numbers.fiscal(int(found[1])))
    if found := _DAY.fullmatch(written):
        day = _day(found)
        return day, day
    if found := _RANGE.fullmatch(written):
        first = datetime.date.fromisoformat(found[1])
        years, months, days = (int(n or 0) for n in found.groups()[1:])
        month = first.year * 12 + first.month - 1 + 12 * years + months
        after = datetime.date(month // 12, month % 12 + 1, first.day)
        return first, after + datetime.timedelta(days=days - 1)
    return None


def _months(year: int, month: int, length: int) -> Span:
    return numbers.days_of_months(numbers.month(year, month), length)

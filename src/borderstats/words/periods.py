"""Periods as a reader sees them: months, quarters, fiscal years, half-months and days.

Each frequency counts its periods on an axis of its own: months as 12 * year + month - 1, quarters as
4 * year + quarter - 1, fiscal years as such, half-months as two to a month, days as proleptic Gregorian ordinals.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Frequency = Literal["M", "Q", "A", "SM", "D"]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip

_OCTOBER_SINCE = 1976
"""Until then a fiscal year began in July; the quarter between the two calendars belongs to no fiscal year."""


@dataclass(frozen=True)
class Kind:
    """What a frequency is called, and how many of its periods are recent when lines are ranked by size."""

    noun: str
    recent: int
    recently: str


KINDS: Mapping[Frequency, Kind] = {
    "M": Kind("month", 12, "over the last 12 months"),
    "Q": Kind("quarter", 4, "over the last four quarters"),
    "A": Kind("fiscal year", 5, "over the last five fiscal years"),
    "SM": Kind("half-month", 24, "over the last 24 half-months"),
    "D": Kind("day", 1, "on the last day"),
}


def parse(written: str) -> tuple[Frequency, int]:
    """The frequency and the place on its axis of `2023-10`, `1976-Q3`, `FY2024`, `2020-01-16/P16D`, `2025-07-03`.

    Raises ValueError for anything else.
    """
    if written.startswith("FY"):
        return "A", int(written[2:])
    if written[5:6] == "Q":
        return "Q", 4 * int(written[:4]) + int(written[6:]) - 1
    if "/" in written:
        return "SM", 2 * _month(written) + (int(written[8:10]) > 1)
    if len(written) == len("2025-07-03"):
        return "D", datetime.date.fromisoformat(written).toordinal()
    if len(written) == len("2023-10") and written[4] == "-":
        return "M", _month(written)
    raise ValueError(f"{written!r} is no period")


def _month(written: str) -> int:
    return 12 * int(written[:4]) + int(written[5:7]) - 1


def long(freq: Frequency, place: int, years: int = 1) -> str:
    """`October 2023`, `July to September 1976`, `fiscal year 2024`, `16 to 31 January 2020`, `3 July 2025`.

    A sum of several `years` is named by its first and its last: `fiscal years 2020 to 2024`.
    """
    if freq == "A":
        return f"fiscal years {place - years + 1} to {place}" if years > 1 else f"fiscal year {place}"
    first, last = first_day(freq, place), last_day(freq, place)
    if freq == "Q":
        return f"{MONTHS[first.month - 1]} to {MONTHS[last.month - 1]} {first.year}"
    if freq == "SM":
        return f"{first.day} to {day(last)}"
    return day(first) if freq == "D" else f"{MONTHS[first.month - 1]} {first.year}"


def short(freq: Frequency, place: int, years: int = 1) -> str:
    """`Oct 2023`, `Q3 1976`, `FY2024`, `16-31 Jan 2020` with a dash, `3 Jul 2025`: where there is little room.

    A sum of several `years` is `FY2020-2024` with a dash.
    """
    if freq == "A":
        return f"FY{place - years + 1}\N{EN DASH}{place}" if years > 1 else f"FY{place}"
    first, last = first_day(freq, place), last_day(freq, place)
    if freq == "Q":
        return f"Q{place % 4 + 1} {first.year}"
    month = f"{MONTHS[first.month - 1][:3]} {first.year}"
    if freq == "SM":
        return f"{first.day}\N{EN DASH}{last.day} {month}"
    return f"{first.day} {month}" if freq == "D" else month


def head(freq: Frequency, place: int, years: int = 1) -> str:
    """A period as the head of a row, under a column head that says what it is: a fiscal year is its number."""
    if freq == "A":
        return f"{place - years + 1} to {place}" if years > 1 else str(place)
    return long(freq, place)


def day(date: datetime.date) -> str:
    """`3 July 2025`."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def first_day(freq: Frequency, place: int) -> datetime.date:
    """The day with which a period begins."""
    if freq == "D":
        return datetime.date.fromordinal(place)
    if freq == "SM":
        return datetime.date(place // 24, place // 2 % 12 + 1, 16 if place % 2 else 1)
    if freq == "A":
        return datetime.date(place - 1, 10 if place > _OCTOBER_SINCE else 7, 1)
    months = 3 * place if freq == "Q" else place
    return datetime.date(months // 12, months % 12 + 1, 1)


def last_day(freq: Frequency, place: int) -> datetime.date:
    """The day with which a period ends."""
    if freq == "D":
        return datetime.date.fromordinal(place)
    if freq == "A":
        return datetime.date(place, 9, 30) if place > _OCTOBER_SINCE else datetime.date(place, 6, 30)
    return first_day(freq, place + 1) - datetime.timedelta(days=1)


def fiscal_year(month: int) -> int:
    """The fiscal year that a month lies in: October begins the next one (July until 1976)."""
    july_1976 = 12 * _OCTOBER_SINCE + 6
    return (month + 6) // 12 if month < july_1976 else max((month + 3) // 12, _OCTOBER_SINCE)


def position(freq: Frequency, date: datetime.date) -> float:
    """Where the beginning of a day lies on an axis whose points are the middles of their periods."""
    months = 12 * date.year + date.month - 1 + (date.day - 1) / 31
    if freq == "D":
        return date.toordinal() - 0.5
    if freq == "A":
        return (months + (3 if date.year >= _OCTOBER_SINCE else 6)) / 12 - 0.5
    return {"M": months, "Q": months / 3, "SM": 2 * months}[freq] - 0.5


def month_at(freq: Frequency, year: int, month: int) -> float:
    """Where the first period of a calendar month stands on the axis (a fiscal year stands at its number)."""
    months = 12 * year + month - 1
    if freq == "D":
        return datetime.date(year, month, 1).toordinal()
    return {"M": float(months), "Q": months / 3, "SM": 2.0 * months, "A": float(year)}[freq]

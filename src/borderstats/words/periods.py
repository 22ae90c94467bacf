"""What periods are called, for a reader. Which days they have and in which order they come is for `periods` to say."""

import datetime
from collections.abc import Mapping

from borderstats import periods
from borderstats.periods import Kind
from borderstats.words.messages import text

_NAMED_BY: Mapping[Kind, Kind] = {"quarter": "month", "half_month": "day", "week": "day"}
"""What is named by its first and its last month or day, so that several are named by the first of all and the last."""


def noun(kind: Kind) -> str:
    """`month`, `calendar year`, `fiscal year`."""
    return text(f"noun.{kind}")


def nouns(kind: Kind) -> str:
    """`months`, `calendar years`, `fiscal years`."""
    return text(f"nouns.{kind}")


def long(period: int, years: int = 1) -> str:
    """`October 2023`, `July to September 1976`, `2024`, `fiscal year 2024`, `16 to 31 January 2020`, `3 July 2025`.

    A week is the `week of 29 January 2024`. A sum of several `years` is named by its first and its last: `fiscal years 2020
    to 2024`.
    """
    kind = periods.kind(period)
    if kind in ("year", "fiscal_year"):
        return _years(period, years, f"period.{kind}")
    first, last = periods.days(period)
    if kind == "quarter":
        return text("period.quarter", first=month(first), last=month(last), year=first.year)
    if kind == "half_month":
        return text("period.half_month", first=first.day, last=day(last))
    if kind == "week":
        return text("period.week", day=day(first))
    return day(first) if kind == "day" else text("period.month", month=month(first), year=first.year)


def short(period: int, years: int = 1) -> str:
    """`Oct 2023`, `Q3 1976`, `2024`, `FY2024`, `16-31 Jan 2020` with a dash, `W5 2024`, `3 Jul 2025`: for little room.

    A sum of several `years` is `FY2020-2024` with a dash.
    """
    kind = periods.kind(period)
    if kind in ("year", "fiscal_year"):
        return _years(period, years, f"short.{kind}")
    first, last = periods.days(period)
    if kind == "quarter":
        return text("short.quarter", number=periods.ordinal(period) % 4 + 1, year=first.year)
    if kind == "week":
        iso = first.isocalendar()
        return text("short.week", number=iso.week, year=iso.year)
    values = {"month": short_month(first), "year": first.year, "first": first.day, "last": last.day}
    return text(f"short.{kind}", **values)


def head(period: int, years: int = 1) -> str:
    """A period as the head of a row, under a column head that says what it is: a fiscal year is its number."""
    annual = periods.kind(period) in ("year", "fiscal_year")
    return _years(period, years, "period.year") if annual else long(period, years)


def span(first: int, last: int) -> str:
    """`October 2019 to September 2024`, `fiscal years 1960 to 2019`, `1 January 2020 to 15 October 2021`."""
    kind = periods.kind(first)
    if kind in ("year", "fiscal_year"):
        return long(last, last - first + 1)
    if first == last:
        return long(first)
    if finer := _NAMED_BY.get(kind):
        first, last = periods.at(finer, periods.days(first)[0]), periods.at(finer, periods.days(last)[1])
    return text("period.span", first=long(first), last=long(last))


def day(date: datetime.date) -> str:
    """`3 July 2025`."""
    return text("period.day", day=date.day, month=month(date), year=date.year)


def day_of_year(date: datetime.date) -> str:
    """`3 July`."""
    return text("period.day_of_year", day=date.day, month=month(date))


def month(date: datetime.date) -> str:
    """`July`."""
    return text(f"month.{date.month}")


def short_month(date: datetime.date) -> str:
    """`Jul`."""
    return text(f"short_month.{date.month}")


def _years(period: int, years: int, key: str) -> str:
    number = periods.ordinal(period)
    if years == 1:
        return text(key, year=number)
    return text(f"{key}s", first=number - years + 1, last=number)

"""An office's calendar: when its fiscal years begin, and what follows from that."""

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

import msgspec
import numpy as np

from borderstats.periods import numbers, written
from borderstats.periods.numbers import FISCAL, LAST_YEAR, QUARTER, YEAR, Flags, Ints, Kind

YearKind = Literal["year", "fiscal_year"]
MonthsKind = Literal["month", "quarter", "year", "fiscal_year"]
"""The kinds of periods that are made of months."""


class FiscalYears(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of when fiscal years begin. Rules stand in the order of time."""

    month: Annotated[int, msgspec.Meta(ge=1, le=12)]
    """The calendar month with which they begin."""
    since: int = 0
    """The first fiscal year under the rule; the first rule has none and holds for all years before the
    second.
    """
    transition: tuple[str, ...] = ()
    """What publishers call the time between the years under the rule before and those under this one
    (`["1976tq"]`), if it is a month or a calendar quarter.
    """
    source: str = ""
    """Where the rule stands."""


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The fiscal years of an office. Without rules it has none, and what asks for one gets the calendar year.

    A fiscal year has the number of the calendar year in which it ends, or begins (`named_by`). It has twelve months, but
    fewer if the years under the next rule begin before they are over; if those begin later, the time between belongs to
    no fiscal year. Rules stand in the order of time.
    """

    named_by: Literal["end", "start"] = "end"
    """Whether a fiscal year has the number of the calendar year in which it ends or begins."""
    rules: tuple[FiscalYears, ...] = msgspec.field(default=(), name="fiscal_years")
    """When fiscal years begin, by rule."""

    def year_kind(self, period: Ints) -> YearKind:
        """The kind of years among periods; where there are none, that in which the office reckons."""
        if numbers.is_annual(period).any():
            return "fiscal_year" if numbers.is_fiscal_year(period).any() else "year"
        return "fiscal_year" if self.rules else "year"

    def days(self, period: int) -> tuple[datetime.date, datetime.date]:
        """The first and the last day of a period."""
        if numbers.kind(period) != "fiscal_year":
            return numbers.days(period)
        months = self._months(period - FISCAL)
        return numbers.days_of_months(months.start, len(months))

    def first_day(self, period: int) -> datetime.date:
        return self.days(period)[0]

    def last_day(self, period: int) -> datetime.date:
        return self.days(period)[1]

    def at(self, kind: Kind, date: datetime.date) -> int:
        """The period of a kind in which a day lies; of a day in no fiscal year, the one before."""
        if kind != "fiscal_year":
            return numbers.at(kind, date)
        return numbers.fiscal(self.fiscal_year(numbers.month(date.year, date.month)))

    def parts(self, period: int, kind: Kind) -> range:
        """The periods of a kind that make up a period exactly; none if they do not fit, as weeks in a year."""
        first, last = self.days(period)
        found = range(self.at(kind, first), self.at(kind, last) + 1)
        known = found[0] in numbers.every(kind) and found[-1] in numbers.every(kind)
        fits = known and (self.first_day(found[0]), self.last_day(found[-1])) == (first, last)
        return found if fits else range(0)

    def complete(self, period: Ints, kind: MonthsKind, part: Kind) -> list[int]:
        """The periods of a kind that are made up of periods of another kind which are all among these."""
        there = set(period.tolist())
        wholes = np.unique(self.holding(period, kind))
        parts = {one: self.parts(one, part) for one in wholes[wholes > 0].tolist()}
        return [one for one, needed in parts.items() if needed and there.issuperset(needed)]

    def fiscal_year(self, period: int) -> int:
        """The number of the fiscal year in which one period ends."""
        return int(self.fiscal_years(np.array([period]))[0])

    def fiscal_years(self, period: Ints) -> Ints:
        """The number of the fiscal year in which each period ends; what ends in none counts to the year before."""
        _, last = numbers.months(period)
        return np.where(numbers.is_fiscal_year(period), period - FISCAL, self._by_month[0][last])

    def holding(self, period: Ints, kind: MonthsKind) -> Ints:
        """The month, quarter or year that holds the whole of each period; 0 where none of that kind does."""
        first, last = numbers.months(period)
        fiscal = numbers.is_fiscal_year(period)
        if kind != "fiscal_year":
            start, length = {"month": (0, 1), "quarter": (QUARTER, 3), "year": (YEAR, 12)}[kind]
            return np.where((first // length == last // length) & ~fiscal, start + first // length, 0)
        year, between = self._by_month
        inside = (year[first] == year[last]) & ~between[first] & ~between[last]
        return np.where(fiscal, period, np.where(inside, FISCAL + year[first], 0))

    def months_in(self, year: Ints, number: Ints) -> Ints:
        """The months of these numbers (1 to 12) in these years; 0 where a short fiscal year has no such month."""
        distinct, place = np.unique(year, return_inverse=True)
        months = [self.parts(one, "month") for one in distinct.tolist()]
        first = np.array([one.start for one in months], np.int64)[place]
        length = np.array([len(one) for one in months], np.int64)[place]
        after = (number - 1 - first) % 12
        return np.where(after < length, first + after, 0)

    def overlaps(self, period: Ints, start: str, end: str) -> Flags:
        """Which periods have a day from the first of `start` to the last of `end`, periods as text; empty: no limit."""
        first = self.first_day(written.parse(start)) if start else datetime.date.min
        last = self.last_day(written.parse(end)) if end else datetime.date.max
        distinct, place = np.unique(period, return_inverse=True)
        days = [self.days(int(one)) for one in distinct]
        found: Flags = np.array([b >= first and a <= last for a, b in days], bool)[place]
        return found

    def in_transition(self, period: Ints) -> Flags:
        """Which periods lie wholly between the years under one rule and those under the next, in no fiscal year."""
        first, last = numbers.months(period)
        year, between = self._by_month
        found: Flags = (year[first] == year[last]) & between[first] & between[last]
        return found & ~numbers.is_fiscal_year(period)

    @cached_property
    def steps(self) -> tuple[tuple[int, int, int | None], ...]:
        """The number of a month's fiscal year, rule by rule, the latest first: (since, shift, most).

        From the month `since` on it is `(month + shift) // 12`, but `most` at most, if that is given; the last step holds
        for all months before the others.
        """
        following = [rule.since - 1 for rule in self._rules[1:]] + [None]
        found = [
            (12 * rule.since - self._shift(rule), self._shift(rule), most)
            for rule, most in zip(self._rules, following, strict=True)
        ]
        return tuple(reversed(found))

    @cached_property
    def transitions(self) -> Mapping[str, int | None]:
        """What publishers call the times between two rules, in small letters, as periods; None where none fits."""
        found: dict[str, int | None] = {}
        for rule in self.rules[1:]:
            between = range(self._months(rule.since - 1).stop, self._months(rule.since).start)
            period = {1: between.start, 3: QUARTER + between.start // 3}.get(len(between))
            fits = period is not None and numbers.months(np.array(period))[0] == between.start
            found |= {label.casefold(): period if fits else None for label in rule.transition}
        return found

    @property
    def _rules(self) -> tuple[FiscalYears, ...]:
        return self.rules or (FiscalYears(month=1),)

    def _shift(self, rule: FiscalYears) -> int:
        """How many months a year under a rule begins before January of its number; after it, if below zero."""
        return 13 - rule.month if self.named_by == "end" and rule.month > 1 else 1 - rule.month

    def _months(self, number: int) -> range:
        """The months of a fiscal year."""
        under = [place for place, rule in enumerate(self._rules) if not place or rule.since <= number]
        first = 12 * number - self._shift(self._rules[under[-1]])
        after = first + 12
        for rule in self._rules[len(under) :]:
            after = min(after, 12 * rule.since - self._shift(rule))
        return range(first, after)

    @cached_property
    def _by_month(self) -> tuple[Ints, Flags]:
        """The fiscal year of every month, and which months lie in none."""
        month = np.arange(QUARTER)
        found = np.zeros(len(month), np.int64)
        for since, shift, most in reversed(self.steps):
            year = np.minimum((month + shift) // 12, LAST_YEAR if most is None else most)
            found = np.where(month >= since, year, found)
        between = np.zeros(len(month), bool)
        for rule in self.rules[1:]:
            between[self._months(rule.since - 1).stop : self._months(rule.since).start] = True
        return found, between

"""One period against the one before it: a year to date, and the codes of a dimension by size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.periods import Kind, MonthsKind
from borderstats.site import figures
from borderstats.site.figures import PARTS, Facts, Flags, Floats, Series
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import Break
from borderstats.words import labels, messages
from borderstats.words import periods as names


@dataclass(frozen=True)
class Bar:
    """One code's value in a period, and in the one that it is compared with."""

    code: str
    label: str
    value: float
    earlier: float


@dataclass(frozen=True)
class Ranking:
    """Each code's value in the latest period, the largest first; `before` is the period of the earlier values, if any.

    `to_date`: the period is not over, and is compared with none.
    """

    time: int
    before: int | None
    bars: tuple[Bar, ...]
    to_date: bool = False


@dataclass(frozen=True)
class YearToDate:
    """A year as far as it goes, with the same months (or quarters) a year earlier. `full`: all of them are there.

    `broken` is the change of definition that forbids the comparison, if there is one; then `earlier` is NaN.
    """

    year: int
    parts: tuple[int, ...]
    provisional: bool
    value: float
    earlier: float
    full: bool
    broken: Break | None = None

    @property
    def kind(self) -> Kind:
        """What its parts are."""
        return periods.kind(self.parts[0])

    @property
    def nouns(self) -> str:
        """`months` or `quarters`."""
        return names.nouns(self.kind)

    @property
    def text(self) -> str:
        """`October 2023 to September 2024`."""
        return names.span(self.parts[0], self.parts[-1])

    @property
    def earlier_text(self) -> str:
        """`October 2022 to September 2023`."""
        before = _year_earlier(self.parts)
        return names.span(before[0], before[-1])

    @property
    def head(self) -> str:
        """`FY2024`, `FY2024 to date`: where there is little room."""
        name = names.short(self.year)
        return name if self.full else messages.text("period.so_far", period=name)

    @property
    def when(self) -> str:
        """`October 2023 to September 2024: fiscal year 2024, all twelve months.`."""
        words = {"span": self.text, "year": names.long(self.year), "parts": self.nouns}
        count = len(self.parts)
        if self.full:
            return messages.text("year.full", number=labels.word(count), **words)
        return messages.counted("year.to_date", count, part=names.noun(self.kind), **words)


def _year_earlier(parts: Sequence[int]) -> list[int]:
    return [before for before in map(periods.year_earlier, parts) if before is not None]


def latest_year(facts: Facts, where: Mapping[str, str] | None = None, *, whole: bool = False) -> YearToDate:
    """The latest year of some codes as far as the months go, or the quarters; the year before in the same, NaN if one is missing.

    Nothing is compared across a change of definition that concerns all figures or those of the codes.

    `whole`: the year before it, if not all months of the latest are there. ReleaseError if the dataset is no flow by month or quarter: nothing else has a year to date.
    """
    kind = part_of_year(facts)
    if kind is None or facts.meta.measure != "flow":
        raise ReleaseError(
            f"{facts.path}: no months or quarters that add up, so no year to date; take it out of standard/home.toml and "
            "build again"
        )
    found = figures.series(facts, where=where, kind=kind)
    total, calendar = found.lines[0], facts.calendar
    year = calendar.at(facts.years, calendar.last_day(int(found.time[-1])))
    inside = np.isin(found.time, calendar.parts(year, kind)) & ~np.isnan(total.value)
    if whole and inside.sum() < len(calendar.parts(year, kind)):
        year -= 1
        inside = np.isin(found.time, calendar.parts(year, kind)) & ~np.isnan(total.value)
    parts = tuple(found.time[inside].tolist())
    before = _year_earlier(parts)
    earlier = total.value[np.isin(found.time, before)]
    broken = _broken(facts, before[0], parts[-1], where or {}) if before else None
    return YearToDate(
        year,
        parts,
        bool(total.provisional[inside].any()),
        float(total.value[inside].sum()),
        float(earlier.sum()) if len(earlier) == len(parts) and not broken else float("nan"),
        len(parts) == len(calendar.parts(year, kind)),
        broken,
    )


@dataclass(frozen=True)
class Trailing:
    """The last months (or quarters) that make a year, and as many before; NaN where one of them has no figure.

    `last` is the figure of the latest of them. `broken` is the change of definition that forbids the comparison, if there is one.
    """

    parts: tuple[int, ...]
    last: float
    value: float
    earlier: float
    broken: Break | None

    @property
    def text(self) -> str:
        """`December 2024 to November 2025`."""
        return names.span(self.parts[0], self.parts[-1])

    @property
    def earlier_text(self) -> str:
        """`December 2023 to November 2024`."""
        before = _year_earlier(self.parts)
        return names.span(before[0], before[-1])


def trailing(facts: Facts, where: Mapping[str, str] | None = None) -> Trailing:
    """The sum of the last twelve months (or four quarters) of some codes of a flow, and of the twelve before.

    ReleaseError if the dataset has neither months nor quarters.
    """
    kind = part_of_year(facts)
    if kind is None:
        raise ReleaseError(f"{facts.path}: no months or quarters, so no last twelve months")
    found = figures.series(facts, where=where, kind=kind)
    total, length = found.lines[0].value, figures.RECENT[kind]
    end = int(facts.time[facts.of(kind)].max())
    parts = range(end - length + 1, end + 1)
    values = [_at(found, total, time) for time in parts]
    before = [_at(found, total, time - length) for time in parts]
    broken = _broken(facts, parts[0] - length, end, where or {})
    return Trailing(tuple(parts), values[-1], sum(values), sum(before), broken)


def _broken(facts: Facts, first: int, last: int, where: Mapping[str, str]) -> Break | None:
    """The first change of definition after the beginning of a period and up to the end of another that concerns these codes."""
    since, until = facts.calendar.first_day(first), facts.calendar.last_day(last)
    concepts = {name for name, code in where.items() if code != TOTAL}
    found = (
        entry
        for entry in facts.meta.breaks
        if entry.kind == "definition"
        and since < entry.date <= until
        and (not entry.concepts or concepts & set(entry.concepts))
    )
    return next(found, None)


def _at(found: Series, value: Floats, time: int) -> float:
    """The figure of a period; NaN where there is none."""
    place = np.flatnonzero(found.time == time)
    return float(value[place[0]]) if len(place) else float("nan")


def part_of_year(facts: Facts) -> MonthsKind | None:
    """By what a year to date of a dataset goes: its months, else its quarters; None if it has neither."""
    return next((part for part in PARTS if part in facts.kinds), None)


def by_code(
    facts: Facts, by: str, year: YearToDate, where: Mapping[str, str] | None = None
) -> tuple[Bar, ...]:
    """For each code its sum over the months (or quarters) of a year to date and a year earlier, the largest first."""
    found = figures.series(facts, by, where, kind=year.kind)
    now = np.isin(found.time, year.parts)
    before = np.isin(found.time, _year_earlier(year.parts))
    made = [
        Bar(line.code, line.label, _sum(line.value[now]), _sum(line.value[before])) for line in found.lines
    ]
    return tuple(
        sorted(
            (bar for bar in made if not (np.isnan(bar.value) and np.isnan(bar.earlier))),
            key=lambda bar: (np.nan_to_num(-bar.value), np.nan_to_num(-bar.earlier), bar.code),
        )
    )


def _sum(value: Floats) -> float:
    return float("nan") if np.isnan(value).all() else float(np.nansum(value))


def ranked(facts: Facts, by: str, where: Mapping[str, str] | None = None) -> Ranking:
    """Each code's value in the latest full year of a flow, else in the latest period, and in the one before it.

    Where no period is over, the latest as far as it goes. ReleaseError if there is no figure.
    """
    flags = figures.chosen(facts, by, where or {})
    there = [kind for kind in facts.kinds if (flags & facts.of(kind)).any()]
    yearly = facts.meta.measure == "flow" and bool({*PARTS, facts.years} & set(there))
    kind = facts.years if yearly else (*there, facts.main)[0]
    found = figures.series(facts, by, where, kind=kind, to_date=True)
    known = ~np.isnan([line.value for line in found.lines]).all(axis=0)
    over = known & _over(facts, found, flags)
    place = int(np.flatnonzero(over if over.any() else known)[-1])
    now = [line for line in found.lines if not np.isnan(line.value[place])]
    # The day before a day is the one before it in the list; any other period before is the one next to it.
    compared = bool(over[place] and place and over[place - 1])
    earlier = [float(line.value[place - 1]) if compared else float("nan") for line in now]
    bars = [
        Bar(line.code, line.label, float(line.value[place]), old)
        for line, old in zip(now, earlier, strict=True)
    ]
    return Ranking(
        int(found.time[place]),
        None if np.isnan(earlier).all() else int(found.time[place - 1]),
        tuple(sorted(bars, key=lambda bar: (-bar.value, bar.code))),
        to_date=not over.any(),
    )


def _over(facts: Facts, found: Series, flags: Flags) -> Flags:
    """Which periods were over when the newest file was made; of a flow's years, those with all their months."""
    ended = np.array([facts.calendar.last_day(int(time)) <= facts.newest for time in found.time])
    if found.kind in ("year", "fiscal_year") and facts.meta.measure == "flow":
        ended &= ~np.isin(found.time, figures.unfinished(facts, flags, found.kind))
    return ended

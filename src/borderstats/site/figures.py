"""From the rows of a dataset to the few figures of a chart.

Every sum follows the rule of its dimension: where the publisher states the total it is the row with the code `_T`,
elsewhere the codes are disjoint and their sum is the total. An absent row stays absent (NaN), never a zero, and a sum
of which a part has no figure has none either.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.package.datasets import Metadata
from borderstats.package.model import Dataset
from borderstats.periods import Calendar, Kind, MonthsKind, YearKind
from borderstats.standard.codelists import TOTAL
from borderstats.words import amounts, messages

PARTS: tuple[MonthsKind, ...] = ("month", "quarter")
"""What a flow's years are added up of, where they are not published."""

RECENT: Mapping[Kind, int] = {
    "month": 12, "quarter": 4, "year": 5, "fiscal_year": 5, "half_month": 24, "week": 52, "day": 1,
}  # fmt: skip
"""By how many of the last periods lines are ranked; the messages `recently` say the same."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """A column of codes: for each row the place of its code in `codes`."""

    codes: tuple[str, ...]
    place: Ints

    def equal(self, code: str) -> Flags:
        """Which rows have the code; none, if the column does not know it."""
        if code not in self.codes:
            return np.zeros(len(self.place), bool)
        flags: Flags = self.place == self.codes.index(code)
        return flags


@dataclass(frozen=True)
class Facts:
    """The latest values of a dataset, column by column."""

    meta: Metadata
    calendar: Calendar
    columns: Mapping[str, Column]
    time: Ints
    value: Floats
    provisional: Flags

    def of(self, kind: Kind) -> Flags:
        """The rows of a kind of periods."""
        return periods.of_kind(self.time, kind)

    @cached_property
    def main(self) -> Kind:
        """The kind with the most periods; the first of two."""
        return max(periods.KINDS, key=lambda kind: len(np.unique(self.time[self.of(kind)])))

    @cached_property
    def newest(self) -> datetime.date:
        """The as-of date of the newest file."""
        return max(snapshot.as_of for snapshot in self.meta.snapshots)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of periods that there are, the main one first; not one that only fills the time between fiscal years."""
        regular = ~self.calendar.in_transition(self.time)
        there = [kind for kind in periods.KINDS if (self.of(kind) & regular).any() or kind == self.main]
        return tuple(sorted(there, key=lambda kind: kind != self.main))

    @cached_property
    def years(self) -> YearKind:
        """The kind of years that there are; where there are none, that in which the office reckons."""
        return self.calendar.year_kind(self.time)

    @property
    def style(self) -> amounts.Style:
        """How the figures are written."""
        return amounts.of(self.meta.unit, self.meta.decimals)

    @property
    def path(self) -> str:
        """The table in the release, for messages."""
        return f"data/{self.meta.id}/latest.parquet"


@dataclass(frozen=True)
class Line:
    """One series: a value (NaN where there is none) and a provisional flag for each period of its `Series`."""

    code: str
    label: str
    value: Floats
    provisional: Flags

    @property
    def last(self) -> int:
        """The place of the last value that there is."""
        return int(np.flatnonzero(~np.isnan(self.value))[-1])


@dataclass(frozen=True)
class Series:
    """Lines over the same periods: consecutive ones, or days far apart, which stand on the axis to scale.

    `dropped`: how many further codes are not shown. `partial`: the year left out because it is not over (0: none).
    `years`: each value is the sum of so many years and stands at the last of them.
    """

    calendar: Calendar
    kind: Kind
    time: Ints
    lines: tuple[Line, ...]
    dropped: int = 0
    partial: int = 0
    years: int = 1

    @property
    def provisional(self) -> Flags:
        """Which periods are provisional in any line."""
        flags: Flags = np.any([line.provisional for line in self.lines], axis=0)
        return flags

    @property
    def sparse(self) -> bool:
        """Whether its days are far apart, so that a line between two of them only joins them."""
        return bool(self.kind == "day" and len(self.time) > 1 and np.diff(self.time).max() > 1)

    @property
    def low(self) -> float:
        """The smallest value if it is below zero, else zero."""
        return min(0.0, *(float(np.nanmin(line.value)) for line in self.lines))

    @property
    def high(self) -> float:
        """The largest value if it is above zero, else zero."""
        return max(0.0, *(float(np.nanmax(line.value)) for line in self.lines))


def facts(dataset: Dataset, calendar: Calendar, provisional: str) -> Facts:
    """The latest table of a dataset as columns of numbers; `provisional` is the status of figures that may change."""
    table = dataset.comparable
    names = [dimension.id for dimension in dataset.meta.dimensions]
    path = f"data/{dataset.meta.id}/latest.parquet"
    for name in (*names, "period", "value", "status"):
        if name not in table.column_names:
            raise ReleaseError(f"{path}: no column {name!r}; build the release again")
    columns = {name: _column(table, name) for name in (*names, "period", "status")}
    period = columns["period"]
    try:
        time = np.array([periods.parse(text) for text in period.codes], np.int64)
    except ValueError as error:
        raise ReleaseError(f"{path}: column period: {error}; build the release again") from None
    return Facts(
        dataset.meta,
        calendar,
        {name: columns[name] for name in names},
        time[period.place] if len(time) else period.place,
        table["value"].to_numpy().astype(np.float64),
        columns["status"].equal(provisional),
    )


def _column(table: Any, name: str) -> Column:
    chunked = table[name]
    array = chunked.chunk(0) if chunked.num_chunks else chunked.combine_chunks()
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    return Column(tuple(array.dictionary.to_pylist()), array.indices.to_numpy().astype(np.int64))


def chosen(facts: Facts, by: str, where: Mapping[str, str]) -> Flags:
    """The rows that make the figures of each code of `by`, all else at its total.

    Raises ReleaseError if the publisher states no total of a dimension and the rows would add up what overlaps.
    """
    flags = np.ones(len(facts.value), bool)
    if by:
        flags &= ~facts.columns[by].equal(TOTAL)
    for name, code in where.items():
        if name in facts.columns:
            flags &= facts.columns[name].equal(code)
    for dimension in facts.meta.dimensions:
        column = facts.columns[dimension.id]
        if dimension.id not in where and dimension.id != by and dimension.total == "published":
            total = flags & column.equal(TOTAL)
            if not total.any():
                # Where no total is published beside the codes of `by`, each of them lies within one code here.
                total = flags & ~column.equal(TOTAL)
                _within_one(facts, by, dimension.id, total)
            flags = total
    return flags


def _within_one(facts: Facts, by: str, dimension: str, flags: Flags) -> None:
    code = facts.columns[dimension].place[flags]
    outer = facts.columns[by].place[flags] if by else np.zeros(len(code), np.int64)
    if len(np.unique(outer)) < len(np.unique(np.stack([outer, code]), axis=1).T):
        raise ReleaseError(
            f"{facts.path}: no total of {dimension!r} for a chart by {by or 'time'}; name one of its codes in the chart's `where`"
        )


def series(
    facts: Facts,
    by: str = "",
    where: Mapping[str, str] | None = None,
    *,
    kind: Kind = "month",
    top: int = 0,
    start: str = "",
    to_date: bool = False,
) -> Series:
    """Lines over periods of a kind, the largest of the recent ones first, at most `top` if given.

    Years are the published ones; of a flow without them they are the sums of their months or quarters. A flow's
    year of which only a part is there is left out, unless years `to_date` are wanted. ReleaseError if there is
    no figure.
    """
    flags = chosen(facts, by, where or {})
    rows = np.flatnonzero(flags & facts.of(kind))
    time, partial = facts.time, 0
    if kind in ("year", "fiscal_year") and facts.meta.measure == "flow":
        if not len(rows):
            rows, time = _parts(facts, flags, kind)
        parts = np.isin(time[rows], () if to_date else unfinished(facts, flags, kind))
        partial = int(time[rows][parts].max()) if parts.any() else 0
        rows = rows[~parts]
    if start:
        rows = rows[facts.calendar.overlaps(time[rows], start, "")]
    if not len(rows):
        raise ReleaseError(f"{facts.path}: no rows for a chart by {by or 'time'}")
    times = axis(kind, time[rows])
    names = (
        {code.code: code.en for code in facts.meta.dimension(by).codes}
        if by
        else {TOTAL: messages.text("figure.total")}
    )
    codes = facts.columns[by].codes if by else (TOTAL,)
    place = facts.columns[by].place[rows] if by else np.zeros(len(rows), np.int64)
    value, provisional = _grid(
        facts, rows, place, np.searchsorted(times, time[rows]), (len(codes), len(times))
    )
    recent = np.nansum(value[:, -RECENT[kind] :], axis=1)
    order = [n for n in np.lexsort((np.arange(len(codes)), -recent)) if not np.isnan(value[n]).all()]
    if not order:
        raise ReleaseError(f"{facts.path}: no figures for a chart by {by or 'time'}")
    kept = order[:top] if top else order
    lines = tuple(Line(codes[n], names.get(codes[n], codes[n]), value[n], provisional[n]) for n in kept)
    return Series(facts.calendar, kind, times, lines, len(order) - len(kept), partial)


def axis(kind: Kind, time: Ints) -> Ints:
    """Every period from the first to the last; only the days that there are, if most days are not there."""
    known = np.unique(time)
    every = np.arange(known[0], known[-1] + 1)
    return known if kind == "day" and 2 * len(known) < len(every) else every


def _parts(facts: Facts, flags: Flags, kind: YearKind) -> tuple[Ints, Ints]:
    """The rows of the months, or else of the quarters, that lie in years, and the year of every row."""
    year = facts.calendar.holding(facts.time, kind)
    parts = [np.flatnonzero(flags & facts.of(part) & (year > 0)) for part in PARTS]
    return next((rows for rows in parts if len(rows)), parts[0]), year


def unfinished(facts: Facts, flags: Flags, kind: YearKind) -> Ints:
    """A flow's years of which only some months or quarters are there, or which end after the newest file.

    A part without a figure is there too: the publisher says that there is none.
    """
    calendar, time = facts.calendar, np.unique(facts.time[flags])
    parts = time[np.any([periods.of_kind(time, part) for part in PARTS], axis=0)]
    begun = np.unique(calendar.holding(parts, kind))
    complete = [year for part in PARTS for year in calendar.complete(parts, kind, part)]
    open_end = [y for y in time[periods.of_kind(time, kind)].tolist() if calendar.last_day(y) > facts.newest]
    return np.union1d(np.setdiff1d(begun[begun > 0], complete), np.array(open_end, np.int64))


def _grid(
    facts: Facts, rows: Ints, place: Ints, column: Ints, shape: tuple[int, int]
) -> tuple[Floats, Flags]:
    """Sums and provisional flags by code and period; NaN where there is no row, or a row without a value."""
    cell = place * shape[1] + column
    length = shape[0] * shape[1]
    unknown = np.isnan(facts.value[rows])
    sums = np.bincount(cell, np.where(unknown, 0, facts.value[rows]), length)
    present = (np.bincount(cell, minlength=length) > 0) & (np.bincount(cell, unknown, length) == 0)
    provisional = np.bincount(cell, facts.provisional[rows], length) > 0
    return np.where(present, sums, np.nan).reshape(shape), provisional.reshape(shape)

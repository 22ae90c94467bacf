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

from borderstats.errors import ReleaseError
from borderstats.package.datasets import Metadata
from borderstats.package.model import Dataset
from borderstats.standard.codelists import TOTAL
from borderstats.words import amounts, messages, periods
from borderstats.words.periods import Frequency

_MONTHS = 12

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
    """The latest values of a dataset, column by column. `time`: each period on the axis of its frequency."""

    meta: Metadata
    columns: Mapping[str, Column]
    freq: Column
    time: Ints
    value: Floats
    provisional: Flags

    def of(self, freq: Frequency) -> Flags:
        """The rows of a frequency."""
        return self.freq.equal(freq)

    @cached_property
    def main(self) -> Frequency:
        """The frequency with the most periods; the finer of two."""
        return max(periods.KINDS, key=lambda freq: len(np.unique(self.time[self.of(freq)])))

    @cached_property
    def newest(self) -> datetime.date:
        """The as-of date of the newest file."""
        return max(snapshot.as_of for snapshot in self.meta.snapshots)

    @cached_property
    def frequencies(self) -> tuple[Frequency, ...]:
        """The frequencies that there are, the main one first."""
        there = [freq for freq in periods.KINDS if self.of(freq).any()]
        return tuple(sorted(there, key=lambda freq: freq != self.main))

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

    `dropped`: how many further codes are not shown. `partial`: the fiscal year left out because it is not over (0: none).
    `years`: each value is the sum of so many fiscal years and stands at the last of them.
    """

    freq: Frequency
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
        return bool(self.freq == "D" and len(self.time) > 1 and np.diff(self.time).max() > 1)

    @property
    def low(self) -> float:
        """The smallest value if it is below zero, else zero."""
        return min(0.0, *(float(np.nanmin(line.value)) for line in self.lines))

    @property
    def high(self) -> float:
        """The largest value if it is above zero, else zero."""
        return max(0.0, *(float(np.nanmax(line.value)) for line in self.lines))


def facts(dataset: Dataset, provisional: str) -> Facts:
    """The latest table of a dataset as columns of numbers; `provisional` is the status of figures that may change."""
    table = dataset.latest
    names = [dimension.id for dimension in dataset.meta.dimensions]
    path = f"data/{dataset.meta.id}/latest.parquet"
    for name in (*names, "freq", "period", "value", "status"):
        if name not in table.column_names:
            raise ReleaseError(f"{path}: no column {name!r}; build the release again")
    columns = {name: _column(table, name) for name in (*names, "freq", "period", "status")}
    period = columns["period"]
    try:
        time = np.array([periods.parse(text)[1] for text in period.codes], np.int64)
    except ValueError as error:
        raise ReleaseError(f"{path}: column period: {error}; build the release again") from None
    return Facts(
        dataset.meta,
        {name: columns[name] for name in names},
        columns["freq"],
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


def chosen(told: Facts, by: str, where: Mapping[str, str]) -> Flags:
    """The rows that make the figures of each code of `by`, all else at its total.

    Raises ReleaseError if the publisher states no total of a dimension and the rows would add up what overlaps.
    """
    flags = np.ones(len(told.value), bool)
    if by:
        flags &= ~told.columns[by].equal(TOTAL)
    for dimension in told.meta.dimensions:
        column = told.columns[dimension.id]
        if dimension.id in where:
            flags &= column.equal(where[dimension.id])
        elif dimension.id != by and dimension.total == "published":
            total = flags & column.equal(TOTAL)
            if not total.any():
                # Where no total is published beside the codes of `by`, each of them lies within one code here.
                total = flags & ~column.equal(TOTAL)
                _within_one(told, by, dimension.id, total)
            flags = total
    return flags


def _within_one(told: Facts, by: str, dimension: str, flags: Flags) -> None:
    code = told.columns[dimension].place[flags]
    outer = told.columns[by].place[flags] if by else np.zeros(len(code), np.int64)
    if len(np.unique(outer)) < len(np.unique(np.stack([outer, code]), axis=1).T):
        raise ReleaseError(
            f"{told.path}: no total of {dimension!r} for a chart by {by or 'time'}; name one of its codes in the chart's `where`"
        )


def series(
    told: Facts,
    by: str = "",
    where: Mapping[str, str] | None = None,
    *,
    freq: Frequency = "M",
    top: int = 0,
    start: str = "",
    to_date: bool = False,
) -> Series:
    """Lines over periods of a frequency, the largest of the recent ones first, at most `top` if given.

    Fiscal years are the published ones; of a flow without them they are the sums of their twelve months. A flow's
    fiscal year of which only a part is there is left out, unless years `to_date` are wanted. ReleaseError if there is
    no figure.
    """
    flags = chosen(told, by, where or {})
    rows = np.flatnonzero(flags & told.of(freq))
    time, partial = told.time, 0
    if freq == "A" and told.meta.measure == "flow":
        if not len(rows):
            rows, time = np.flatnonzero(flags & told.of("M")), fiscal_years(told.time)
        parts = np.isin(time[rows], () if to_date else unfinished(told, flags))
        partial = int(time[rows][parts].max()) if parts.any() else 0
        rows = rows[~parts]
    if start:
        rows = rows[time[rows] >= periods.parse(start)[1]]
    if not len(rows):
        raise ReleaseError(f"{told.path}: no rows for a chart by {by or 'time'}")
    times = axis(freq, time[rows])
    names = (
        {code.code: code.en for code in told.meta.dimension(by).codes}
        if by
        else {TOTAL: messages.text("figure.total")}
    )
    codes = told.columns[by].codes if by else (TOTAL,)
    place = told.columns[by].place[rows] if by else np.zeros(len(rows), np.int64)
    value, provisional = _grid(
        told, rows, place, np.searchsorted(times, time[rows]), (len(codes), len(times))
    )
    recent = np.nansum(value[:, -periods.KINDS[freq].recent :], axis=1)
    order = [n for n in np.lexsort((np.arange(len(codes)), -recent)) if not np.isnan(value[n]).all()]
    if not order:
        raise ReleaseError(f"{told.path}: no figures for a chart by {by or 'time'}")
    kept = order[:top] if top else order
    lines = tuple(Line(codes[n], names.get(codes[n], codes[n]), value[n], provisional[n]) for n in kept)
    return Series(freq, times, lines, len(order) - len(kept), partial)


def axis(freq: Frequency, time: Ints) -> Ints:
    """Every period from the first to the last; only the days that there are, if most days are not there."""
    known = np.unique(time)
    every = np.arange(known[0], known[-1] + 1)
    return known if freq == "D" and 2 * len(known) < len(every) else every


def fiscal_years(months: Ints) -> Ints:
    """The fiscal year of each month."""
    distinct, place = np.unique(months, return_inverse=True)
    return np.array([periods.fiscal_year(int(month)) for month in distinct], np.int64)[place]


def covered(told: Facts, flags: Flags) -> tuple[Ints, Ints]:
    """The fiscal years of the months with a row, and how many months each of them has.

    A month without a figure counts too: the publisher says that there is none.
    """
    months = np.unique(told.time[flags & told.of("M")])
    return np.unique(fiscal_years(months), return_counts=True)


def unfinished(told: Facts, flags: Flags) -> Ints:
    """A flow's fiscal years of which only some months are there, or which end after the newest file."""
    years, months = covered(told, flags)
    every = np.unique(told.time[flags & told.of("A")])
    open_end = [year for year in every if periods.last_day("A", int(year)) > told.newest]
    return np.union1d(years[months < _MONTHS], np.array(open_end, np.int64))


def _grid(told: Facts, rows: Ints, place: Ints, column: Ints, shape: tuple[int, int]) -> tuple[Floats, Flags]:
    """Sums and provisional flags by code and period; NaN where there is no row, or a row without a value."""
    cell = place * shape[1] + column
    length = shape[0] * shape[1]
    unknown = np.isnan(told.value[rows])
    sums = np.bincount(cell, np.where(unknown, 0, told.value[rows]), length)
    present = (np.bincount(cell, minlength=length) > 0) & (np.bincount(cell, unknown, length) == 0)
    provisional = np.bincount(cell, told.provisional[rows], length) > 0
    return np.where(present, sums, np.nan).reshape(shape), provisional.reshape(shape)

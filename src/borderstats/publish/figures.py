"""From the rows of a dataset to the few figures of a chart or a headline.

Every sum follows the rule of its dimension: where the publisher states the total it is the row with the code `_T`,
elsewhere the codes are disjoint and their sum is the total. An absent row stays absent (NaN), never a zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from borderstats.errors import ReleaseError
from borderstats.publish import labels
from borderstats.publish.read import Dataset, Metadata

TOTAL = "_T"
_PROVISIONAL = "P"

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
    """The latest values of a dataset, column by column. `time`: months as 12 * year + month - 1, fiscal years as such."""

    meta: Metadata
    columns: Mapping[str, Column]
    monthly: Flags
    time: Ints
    value: Floats
    provisional: Flags


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
    """Lines over the same consecutive periods. `dropped`: how many further codes are not shown."""

    monthly: bool
    time: Ints
    lines: tuple[Line, ...]
    dropped: int = 0

    @property
    def provisional(self) -> Flags:
        """Which periods are provisional in any line."""
        flags: Flags = np.any([line.provisional for line in self.lines], axis=0)
        return flags


@dataclass(frozen=True)
class Bar:
    """One code's value in a fiscal year (to date) and in the same months of the year before."""

    code: str
    label: str
    value: float
    earlier: float


@dataclass(frozen=True)
class YearToDate:
    """A fiscal year as far as it goes, with the same months a year earlier. `months` are numbers of months."""

    fiscal_year: int
    months: tuple[int, ...]
    provisional: bool
    value: float
    earlier: float

    @property
    def text(self) -> str:
        """`October 2023 to September 2024`."""
        return _months_text(self.months)

    @property
    def earlier_text(self) -> str:
        """`October 2022 to September 2023`."""
        return _months_text([month - 12 for month in self.months])

    @property
    def full(self) -> bool:
        """Whether all twelve months are there."""
        return len(self.months) == 12


def _months_text(months: Sequence[int]) -> str:
    first, last = labels.month(months[0]), labels.month(months[-1])
    return first if first == last else f"{first} to {last}"


def facts(dataset: Dataset) -> Facts:
    """The latest table of a dataset as columns of numbers."""
    table = dataset.latest
    names = [dimension.id for dimension in dataset.meta.dimensions]
    for name in (*names, "freq", "period", "value", "status"):
        if name not in table.column_names:
            raise ReleaseError(
                f"data/{dataset.meta.id}/latest.parquet: no column {name!r}; build the release again"
            )
    columns = {name: _column(table, name) for name in (*names, "freq", "period", "status")}
    period = columns["period"]
    time = np.array([labels.parse(text) for text in period.codes], np.int64)
    return Facts(
        dataset.meta,
        {name: columns[name] for name in names},
        columns["freq"].equal("M"),
        time[period.place] if len(time) else period.place,
        table["value"].to_numpy().astype(np.float64),
        columns["status"].equal(_PROVISIONAL),
    )


def _column(table: Any, name: str) -> Column:
    chunked = table[name]
    array = chunked.chunk(0) if chunked.num_chunks else chunked.combine_chunks()
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    return Column(tuple(array.dictionary.to_pylist()), array.indices.to_numpy().astype(np.int64))


def chosen(told: Facts, by: str, where: Mapping[str, str]) -> Flags:
    """The rows that make the figures of each code of `by`, all else at its total."""
    flags = np.ones(len(told.value), bool)
    if by:
        flags &= ~told.columns[by].equal(TOTAL)
    for dimension in told.meta.dimensions:
        column = told.columns[dimension.id]
        if dimension.id in where:
            flags &= column.equal(where[dimension.id])
        elif dimension.id != by and dimension.total == "published":
            total = flags & column.equal(TOTAL)
            # Where no total is published beside the codes of `by`, each of them lies within one code of this dimension.
            flags = total if total.any() else flags & ~column.equal(TOTAL)
    return flags


def series(
    told: Facts,
    by: str = "",
    where: Mapping[str, str] | None = None,
    *,
    monthly: bool = True,
    top: int = 0,
    start: str = "",
) -> Series:
    """Lines over months or fiscal years, the largest of the recent periods first, at most `top` if given.

    Fiscal years are the published ones; in a dataset without them they are the sums of their twelve months.
    """
    flags = chosen(told, by, where or {})
    rows = np.flatnonzero(flags & (told.monthly if monthly else ~told.monthly))
    time = told.time
    if not monthly and not len(rows):
        rows = np.flatnonzero(flags & told.monthly)
        time = _fiscal_years(told.time)
    if not monthly:
        # A year of which only some months are there is no year, whether summed or published to date.
        years, covered = _covered(told, flags)
        rows = rows[~np.isin(time[rows], years[covered < 12])]
    if start:
        rows = rows[time[rows] >= labels.parse(start)]
    if not len(rows):
        raise ReleaseError(f"data/{told.meta.id}/latest.parquet: no rows for a chart by {by or 'time'}")
    axis = np.arange(time[rows].min(), time[rows].max() + 1)
    names = {code.code: code.en for code in told.meta.dimension(by).codes} if by else {TOTAL: "Total"}
    place = told.columns[by].place[rows] if by else np.zeros(len(rows), np.int64)
    codes = told.columns[by].codes if by else (TOTAL,)
    value, provisional = _grid(told, rows, place, time[rows] - axis[0], (len(codes), len(axis)))
    recent = np.nansum(value[:, -12 if monthly else -5 :], axis=1)
    order = [n for n in np.lexsort((np.arange(len(codes)), -recent)) if not np.isnan(value[n]).all()]
    kept = order[:top] if top else order
    lines = tuple(Line(codes[n], names.get(codes[n], codes[n]), value[n], provisional[n]) for n in kept)
    return Series(monthly, axis, lines, len(order) - len(kept))


def _fiscal_years(months: Ints) -> Ints:
    return (months + 3) // 12


def _covered(told: Facts, flags: Flags) -> tuple[Ints, Ints]:
    """The fiscal years of the months with a value, and how many months each of them has."""
    months = np.unique(told.time[flags & told.monthly & ~np.isnan(told.value)])
    return np.unique(_fiscal_years(months), return_counts=True)


def _grid(told: Facts, rows: Ints, place: Ints, column: Ints, shape: tuple[int, int]) -> tuple[Floats, Flags]:
    """Sums and provisional flags by code and period; NaN where no row has a value."""
    cell = place * shape[1] + column
    known = ~np.isnan(told.value[rows])
    length = shape[0] * shape[1]
    sums = np.bincount(cell[known], told.value[rows][known], length)
    present = np.bincount(cell[known], minlength=length) > 0
    provisional = np.bincount(cell, told.provisional[rows], length) > 0
    return np.where(present, sums, np.nan).reshape(shape), provisional.reshape(shape)


def latest_year(told: Facts) -> YearToDate:
    """The latest fiscal year as far as the months go; the year before in the same months, NaN if one is missing.

    ReleaseError if the dataset has no months: a year of an annual series is never to date.
    """
    if not told.monthly.any():
        raise ReleaseError(
            f"data/{told.meta.id}/latest.parquet: no months, so no year to date; take it out of standard/home.toml and build again"
        )
    found = series(told)
    total, axis = found.lines[0], found.time
    year = int(labels.fiscal_year_of(int(axis[-1])))
    inside = np.flatnonzero((_fiscal_years(axis) == year) & ~np.isnan(total.value))
    months = tuple(int(axis[n]) for n in inside)
    earlier = inside - 12
    return YearToDate(
        year,
        months,
        bool(total.provisional[inside].any()),
        float(total.value[inside].sum()),
        float(total.value[earlier].sum()) if earlier.min() >= 0 else float("nan"),
    )


def by_code(
    told: Facts, by: str, year: YearToDate, where: Mapping[str, str] | None = None
) -> tuple[Bar, ...]:
    """For each code its sum over the months of a fiscal year to date and a year earlier, the largest first."""
    found = series(told, by, where)
    now = np.isin(found.time, year.months)
    before = np.isin(found.time, [month - 12 for month in year.months])
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


def full_year(told: Facts, by: str, where: Mapping[str, str] | None = None) -> tuple[int, tuple[Bar, ...]]:
    """The latest fiscal year of which all twelve months are there, and each code's value in it and the year before."""
    years, covered = _covered(told, chosen(told, "", where or {}))
    annual = series(told, by, where, monthly=False)
    full = years[covered == 12] if len(years) else annual.time
    if not len(full):
        raise ReleaseError(f"data/{told.meta.id}/latest.parquet: no full fiscal year for a chart by {by}")
    year = int(full[-1])
    at = year - int(annual.time[0])
    made = [
        Bar(line.code, line.label, float(line.value[at]), float(line.value[at - 1]) if at else float("nan"))
        for line in annual.lines
        if not np.isnan(line.value[at])
    ]
    return year, tuple(sorted(made, key=lambda bar: (-bar.value, bar.code)))

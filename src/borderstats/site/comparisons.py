"""One period against the one before it: a fiscal year to date, and the codes of a dimension by size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from borderstats.errors import ReleaseError
from borderstats.site import figures
from borderstats.site.figures import Facts, Flags, Floats, Series
from borderstats.words import labels, messages, periods
from borderstats.words.periods import Frequency


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

    freq: Frequency
    time: int
    before: int | None
    bars: tuple[Bar, ...]
    to_date: bool = False


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
    def head(self) -> str:
        """`FY2024`, `FY2024 to date`: where there is little room."""
        name = periods.short("A", self.fiscal_year)
        return name if self.full else messages.text("period.so_far", period=name)

    @property
    def when(self) -> str:
        """`October 2023 to September 2024: fiscal year 2024, all twelve months.`."""
        year = periods.long("A", self.fiscal_year)
        if self.full:
            return messages.text("year.full", months=self.text, year=year)
        return messages.counted("year.to_date", len(self.months), months=self.text, year=year)

    @property
    def full(self) -> bool:
        """Whether all twelve months are there."""
        return len(self.months) == 12


def _months_text(months: Sequence[int]) -> str:
    return labels.span("M", months[0], months[-1])


def latest_year(told: Facts) -> YearToDate:
    """The latest fiscal year as far as the months go; the year before in the same months, NaN if one is missing.

    ReleaseError if the dataset is no flow by month: nothing else has a year to date.
    """
    if not told.of("M").any() or told.meta.measure != "flow":
        raise ReleaseError(
            f"{told.path}: no months that add up, so no year to date; take it out of standard/home.toml and build again"
        )
    found = figures.series(told)
    total, axis = found.lines[0], found.time
    year = periods.fiscal_year(int(axis[-1]))
    inside = np.flatnonzero((figures.fiscal_years(axis) == year) & ~np.isnan(total.value))
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
    found = figures.series(told, by, where)
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


def ranked(told: Facts, by: str, where: Mapping[str, str] | None = None) -> Ranking:
    """Each code's value in the latest full fiscal year of a flow, else in the latest period, and in the one before it.

    Where no period is over, the latest as far as it goes. ReleaseError if there is no figure.
    """
    flags = figures.chosen(told, by, where or {})
    there = [freq for freq in told.frequencies if (flags & told.of(freq)).any()]
    yearly = told.meta.measure == "flow" and bool({"M", "A"} & set(there))
    freq: Frequency = "A" if yearly else (*there, told.main)[0]
    found = figures.series(told, by, where, freq=freq, to_date=True)
    known = ~np.isnan([line.value for line in found.lines]).all(axis=0)
    over = known & _over(told, found, flags)
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
        freq,
        int(found.time[place]),
        None if np.isnan(earlier).all() else int(found.time[place - 1]),
        tuple(sorted(bars, key=lambda bar: (-bar.value, bar.code))),
        to_date=not over.any(),
    )


def _over(told: Facts, found: Series, flags: Flags) -> Flags:
    """Which periods were over when the newest file was made; of a flow's fiscal years, those with all their months."""
    ended = np.array([periods.last_day(found.freq, int(time)) <= told.newest for time in found.time])
    if found.freq == "A" and told.meta.measure == "flow":
        ended &= ~np.isin(found.time, figures.unfinished(told, flags))
    return ended

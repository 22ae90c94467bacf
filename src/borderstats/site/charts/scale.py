"""Where things stand in a chart: round steps of an axis, labels of time, names that keep clear of each other."""

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from borderstats import periods
from borderstats.periods import Calendar, Kind
from borderstats.site.figures import Series
from borderstats.words import periods as names

_STEPS = (1, 2, 2.5, 5, 10)
_A_YEAR: Mapping[Kind, float] = {
    "month": 12.0, "quarter": 4.0, "year": 1.0, "fiscal_year": 1.0, "half_month": 24.0, "week": 52.18, "day": 365.25,
}  # fmt: skip
_QUARTERS, _HALF = (4, 7, 10), (7,)


@dataclass(frozen=True)
class Tick:
    """One mark of an axis, `at` in pixels."""

    at: float
    text: str


def round_steps(low: float, high: float, wanted: int, *, whole: bool = True) -> tuple[float, ...]:
    """Equal, round steps from `low` (at most 0) or less to `high` or more, zero among them, about `wanted` of them."""
    if high <= low:
        return (0, 1)
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in _STEPS if s * power >= rough)
    if whole:
        step = max(1, math.ceil(step))
    return tuple(step * n for n in range(math.floor(low / step), math.ceil(high / step) + 1))


def floor(series: Series, steps: Sequence[float]) -> float:
    """The bottom of an axis: its lowest step, or a little below the lowest figure where a whole step is too much."""
    return max(steps[0], series.low - 0.05 * (steps[-1] - series.low)) if series.low < 0 else steps[0]


def time_ticks(series: Series, left: float, width: float, room: float) -> tuple[Tick, ...]:
    """Years under an axis (each at its January, or a fiscal year at itself), at least `room` pixels apart.

    Where a year is wide, its quarters too; where there is no year to name, the first and the last period.
    """
    first, last = int(series.time[0]), int(series.time[-1])
    pixels = width / max(1, last - first)
    ticks = tuple(
        Tick(left + pixels * (at - first), text)
        for at, text in _marks(series, pixels, room)
        if first <= at <= last
    )
    if any(tick.text.isdigit() for tick in ticks):
        return ticks
    ends = (
        Tick(left, names.short(first)),
        Tick(left + width, names.short(last)),
    )
    return ends if last > first and width > 4 * room else ends[:1]


def _marks(series: Series, pixels: float, room: float) -> Iterator[tuple[float, str]]:
    kind, first, last = series.kind, int(series.time[0]), int(series.time[-1])
    year = pixels * _A_YEAR[kind]
    # Of whole weeks or days a quarter can be one shorter than a fourth of a year.
    room += pixels if kind in ("week", "day") else 0
    step = next((s for s in (1, 2, 5, 10, 20, 50) if s * year >= room), 100)
    if kind in ("year", "fiscal_year"):
        numbers = ((at, periods.ordinal(at)) for at in range(first, last + 1))
        yield from ((at, str(number)) for at, number in numbers if number % step == 0)
        return
    between = _QUARTERS if year >= 4 * room else _HALF if year >= 2 * room else ()
    for number in range(periods.days(first)[1].year, periods.days(last)[1].year + 1):
        if number % step == 0:
            yield periods.at(kind, datetime.date(number, 1, 1)), str(number)
        for month in (datetime.date(number, month, 1) for month in between):
            yield periods.at(kind, month), names.short_month(month)


def break_at(date: datetime.date, series: Series) -> float | None:
    """Where a day stands on the axis as a fraction from 0 to 1; None if it lies outside."""
    where = day_at(date, series)
    return where if 0 < where < 1 else None


def day_at(date: datetime.date, series: Series) -> float:
    """Where a day stands on the axis: from 0 to 1 within it, below or above outside.

    A point stands for the whole of its period, so a break on the first day of a period comes before its point.
    """
    where = _position(series.calendar, series.kind, date) - float(series.time[0])
    return where / max(1.0, float(series.time[-1] - series.time[0]))


def _position(calendar: Calendar, kind: Kind, date: datetime.date) -> float:
    """Where the beginning of a day lies on an axis whose points are the middles of their periods, months of equal length.

    A day in no fiscal year lies where one ends and the next begins.
    """
    period = calendar.at(kind, date)
    first, last = calendar.days(period)
    after = last + datetime.timedelta(days=1)
    if kind in ("week", "day"):
        begin, now, end = (float(day.toordinal()) for day in (first, date, after))
    else:
        begin, now, end = (12 * day.year + day.month + (day.day - 1) / 31 for day in (first, date, after))
    return period - 0.5 + min(1.0, (now - begin) / (end - begin))


def spread(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> tuple[float, ...]:
    """Centres as near as can be to those wanted, so that blocks of these heights do not overlap.

    Neighbours that overlap form a group that stands about the mean of what its members want, as in pooling
    adjacent violators.
    """
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    groups: list[list[int]] = []
    for n in order:
        groups.append([n])
        while len(groups) > 1 and _end(groups[-2], wanted, heights, top, bottom) > _start(
            groups[-1], wanted, heights, top, bottom
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    centres = [0.0] * len(wanted)
    for group in groups:
        at = _start(group, wanted, heights, top, bottom)
        for n in group:
            centres[n] = at + heights[n] / 2
            at += heights[n]
    return tuple(centres)


def _start(
    group: Sequence[int], wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float
) -> float:
    offset, starts = 0.0, []
    for n in group:
        starts.append(wanted[n] - heights[n] / 2 - offset)
        offset += heights[n]
    return max(top, min(sum(starts) / len(starts), bottom - offset))


def _end(
    group: Sequence[int], wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float
) -> float:
    return _start(group, wanted, heights, top, bottom) + sum(heights[n] for n in group)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is in a system font of that size, in pixels, rather too wide than too narrow."""
    width = sum(0.36 if c in "ilIjt.,' " else 0.98 if c in "mwMW%" else 0.64 for c in text) * size
    return width * 1.09 if bold else width


def period_text(series: Series, place: int) -> str:
    """`October 2023`, `fiscal year 2024` or `fiscal years 2020 to 2024` of a place on the axis."""
    return names.long(int(series.time[place]), series.years)


def short_period(series: Series, place: int) -> str:
    """`Oct 2023` or `FY2024`, where there is little room."""
    return names.short(int(series.time[place]), series.years)

"""Where things stand in a chart: round steps of an axis, labels of time, names that keep clear of each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from borderstats.publish import labels
from borderstats.publish.figures import Series

_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Tick:
    """One mark of an axis, `at` in pixels."""

    at: float
    text: str


def round_steps(largest: float, wanted: int) -> tuple[int, ...]:
    """Whole numbers from 0 to at least `largest` in equal, round steps, about `wanted` of them."""
    if largest <= 0:
        return (0, 1)
    rough = largest / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(1, next(round(s * power) for s in _STEPS if s * power >= rough))
    return tuple(range(0, step * math.ceil(largest / step) + 1, step))


def time_ticks(series: Series, left: float, width: float, room: float) -> tuple[Tick, ...]:
    """Years under an axis of months (each at its January) or of fiscal years, at least `room` pixels apart."""
    first, last = int(series.time[0]), int(series.time[-1])
    unit = 12 if series.monthly else 1
    years = range(-(-first // unit), last // unit + 1)
    pixels = width / max(1, last - first) * unit
    step = next((s for s in (1, 2, 5, 10, 20, 50) if s * pixels >= room), 100)
    return tuple(
        Tick(left + width * (year * unit - first) / max(1, last - first), str(year))
        for year in years
        if year % step == 0
    )


def break_at(date: str, series: Series) -> float | None:
    """Where a day stands on the axis as a fraction from 0 to 1; None if it lies outside."""
    year, month, day = (int(part) for part in date.split("-"))
    months = 12 * year + month - 1
    # A point stands for the whole of its month or fiscal year; a break on its first day comes before it.
    exact = months + (day - 1) / 31 if series.monthly else (months + 3) / 12
    where = exact - 0.5 - float(series.time[0])
    length = float(series.time[-1] - series.time[0])
    return where / length if 0 < where < length else None


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
    width = sum(0.36 if c in "ilIjt.,' " else 0.9 if c in "mwMW" else 0.64 for c in text) * size
    return width * 1.09 if bold else width


def period_text(series: Series, place: int) -> str:
    """`October 2023` or `FY2024` of a place on the axis."""
    return (
        labels.month(int(series.time[place])) if series.monthly else f"fiscal year {int(series.time[place])}"
    )


def short_period(series: Series, place: int) -> str:
    """`Oct 2023` or `FY2024`, where there is little room."""
    time = int(series.time[place])
    return f"{labels.MONTHS[time % 12][:3]} {time // 12}" if series.monthly else f"FY{time}"

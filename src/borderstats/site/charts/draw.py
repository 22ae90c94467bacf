"""The parts that charts as inline SVG are drawn from: frame, axes' area, text, lines, marks of breaks.

Every chart is drawn twice, for wide and for narrow screens, because text in a scaled SVG would be too small to read;
the style sheet shows one of the two.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from markupsafe import Markup

from borderstats.site.charts import scale
from borderstats.site.figures import Flags, Floats, Line, Series


@dataclass(frozen=True)
class Mark:
    """A break in series: its number or letter in the text beneath the chart, its day, and of which kind it is."""

    text: str
    date: datetime.date
    kind: Literal["definition", "event"]


@dataclass(frozen=True)
class Span:
    """A rule in force from a day to a day (None: still), with its letter; spans of one name stand in one row."""

    letter: str
    name: str
    start: datetime.date
    end: datetime.date | None


@dataclass(frozen=True)
class Level:
    """A value that is marked across the chart, such as a target, with its name."""

    value: float
    text: str


@dataclass(frozen=True)
class Frame:
    """The size of a drawing and of its text, in pixels."""

    name: str
    width: int
    height: int
    text: int
    label_columns: int
    year_room: int


LANE = 22.0
"""The height of a row of rules above a plot."""

WIDE = Frame("wide", 960, 380, 14, 24, 52)
NARROW = Frame("narrow", 340, 330, 13, 14, 42)


def drawing(
    frame: Frame, height: float, name: str, title: str, description: str, parts: Sequence[Markup]
) -> Markup:
    """An SVG image with its title and its description, which stand for it where it is not seen."""
    key = f"{name}-{frame.name}"
    return Markup(
        '<svg class="chart {frame}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{key}-t {key}-d">'
        '<title id="{key}-t">{title}</title><desc id="{key}-d">{description}</desc>{parts}</svg>\n'
    ).format(
        frame=frame.name,
        width=frame.width,
        height=coordinate(height),
        key=key,
        title=title,
        description=description,
        parts=Markup("").join(parts),
    )


def coordinate(value: float) -> str:
    """A coordinate with at most one digit, which is finer than a screen."""
    return f"{value:.1f}".removesuffix(".0")


def label(x: float, y: float, text: str, css: str = "", anchor: str = "start") -> Markup:
    """A line of text; `anchor` says which of its ends (or its middle) is at x."""
    return Markup('<text x="{}" y="{}"{}{}>{}</text>').format(
        coordinate(x),
        coordinate(y),
        Markup(' class="{}"').format(css) if css else "",
        Markup(' text-anchor="{}"').format(anchor) if anchor != "start" else "",
        text,
    )


def dot(x: float, y: float) -> Markup:
    """A point on a line."""
    return Markup('<circle class="dot" cx="{}" cy="{}" r="4"/>').format(coordinate(x), coordinate(y))


def stroke(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    """A straight line."""
    return Markup('<path class="{}" d="M{} {}L{} {}"/>').format(
        css, coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2)
    )


@dataclass(frozen=True)
class Plot:
    """The area of the lines within a frame: pixels, the values at its bottom and top, and each place's fraction of the way."""

    left: float
    top: float
    width: float
    height: float
    low: float
    high: float
    places: Floats

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def x(self, place: float) -> float:
        """Pixels of a place on the axis of time; half a place is the middle between two."""
        return self.left + self.width * float(np.interp(place, np.arange(len(self.places)), self.places))

    def y(self, value: float) -> float:
        return self.bottom - self.height * (value - self.low) / (self.high - self.low)


def places(series: Series) -> Floats:
    """Each period's fraction of the way along the axis, to scale; one period alone stands in the middle."""
    if len(series.time) == 1:
        return np.array([0.5])
    fractions: Floats = (series.time - series.time[0]) / float(series.time[-1] - series.time[0])
    return fractions


def band(plot: Plot, series: Series) -> list[Markup]:
    """A band behind the periods whose figures are provisional."""
    found = np.flatnonzero(series.provisional)
    if not len(found):
        return []
    start = max(plot.left, plot.x(float(found[0]) - 0.5))
    end = min(plot.right, plot.x(float(found[-1]) + 0.5))
    width = coordinate(max(end - start, 3))
    return [
        Markup('<rect class="band" x="{}" y="{}" width="{}" height="{}"/>').format(
            coordinate(start), coordinate(plot.top), width, coordinate(plot.height)
        )
    ]


def breaks(plot: Plot, series: Series, marks: Sequence[Mark]) -> list[Markup]:
    """A thin line and its mark for each break, solid for a change of definition, dotted for an event.

    Marks that would touch stand one above the other.
    """
    parts, previous, row = [], -100.0, 0
    for mark in marks:
        place = scale.break_at(mark.date, series)
        if place is None:
            continue
        x = plot.left + plot.width * place
        row = 1 - row if x - previous < 20 else 0
        y = plot.top - 12 - 18 * row
        previous = x
        parts.append(stroke(x, y + 9, x, plot.bottom, f"break {mark.kind}"))
        parts += badge(x, y, mark.text)
    return parts


def spans(
    plot: Plot, series: Series, found: Sequence[Span], marks: Sequence[Mark], top: float
) -> list[Markup]:
    """A bar with its letter for each rule, from the day it began to the day it ended, one row for each name.

    A letter that would touch the one before it in its row stands beside that.
    """
    drawn = {mark.date for mark in marks}
    rows = {name: n for n, name in enumerate(dict.fromkeys(span.name for span in found))}
    parts, last = [], dict.fromkeys(rows, -100.0)
    for span in sorted(found, key=lambda one: one.start):
        y = top + LANE * rows[span.name] + LANE / 2
        start = scale.day_at(span.start, series)
        end = 1.0 if span.end is None else scale.day_at(span.end, series)
        left, right = (plot.left + plot.width * min(max(place, 0.0), 1.0) for place in (start, end))
        if 0 < start < 1 and span.start not in drawn:
            parts.append(stroke(left, y, left, plot.bottom, "break event"))
        parts.append(stroke(left, y, right, y, "span"))
        if 0 < end < 1:
            parts.append(stroke(right, y - 5, right, y + 5, "span"))
        last[span.name] = max(left, last[span.name] + 20)
        parts += badge(last[span.name], y, span.letter)
    return parts


def badge(x: float, y: float, text: str) -> list[Markup]:
    """A number or a letter in a circle."""
    circle = Markup('<circle class="badge" cx="{}" cy="{}" r="9"/>').format(coordinate(x), coordinate(y))
    return [circle, label(x, y + 4, text, "number", "middle")]


def path(plot: Plot, line: Line, n: int) -> Markup:
    """A line in its stroke, with gaps where there is no value, and lighter where the value is provisional.

    A value between two gaps is a point.
    """
    known = ~np.isnan(line.value)
    beside = np.append(known[1:], False) | np.insert(known[:-1], 0, False)
    firm = _trace(plot, line.value, known & ~line.provisional)
    # The lighter part begins at the last firm point, so that the two join.
    soft = known & (line.provisional | np.append(line.provisional[1:], False))
    drawn = Markup('<path class="line l{}" d="{}"/>').format(n, firm) if firm else Markup("")
    if line.provisional.any():
        drawn += Markup('<path class="line l{} soft" d="{}"/>').format(n, _trace(plot, line.value, soft))
    alone = known & ~beside
    return drawn + (dots(plot, line, n, alone) if alone.any() else Markup(""))


def dots(plot: Plot, line: Line, n: int, shown: Flags) -> Markup:
    """A small point at each of these figures of a line."""
    steps = "".join(
        f"M{coordinate(plot.x(place))} {coordinate(plot.y(float(line.value[place])))}h0"
        for place in np.flatnonzero(shown).tolist()
    )
    return Markup('<path class="dots d{}" d="{}"/>').format(min(n, 1), steps)


def _trace(plot: Plot, value: Floats, shown: Flags) -> str:
    xs = (plot.left + plot.width * plot.places).tolist()
    ys = (plot.bottom - plot.height * (value - plot.low) / (plot.high - plot.low)).tolist()
    steps, pen = [], False
    for place, here in enumerate(shown.tolist()):
        if here:
            steps.append(f"{'L' if pen else 'M'}{coordinate(xs[place])} {coordinate(ys[place])}")
        pen = here
    return "".join(steps)

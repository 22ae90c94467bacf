"""The parts that charts as inline SVG are drawn from: frame, axes' area, text, lines, marks of breaks.

Every chart is drawn twice, for wide and for narrow screens, because text in a scaled SVG would be too small to read;
the style sheet shows one of the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from borderstats.publish import scale
from borderstats.publish.figures import Flags, Floats, Line, Series


@dataclass(frozen=True)
class Mark:
    """A break in series: its number in the text beneath the chart, and its day."""

    number: int
    date: str


@dataclass(frozen=True)
class Frame:
    """The size of a drawing and of its text, in pixels."""

    name: str
    width: int
    height: int
    text: int
    label_columns: int
    year_room: int


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
    """The area of the lines within a frame: pixels, and the value at its top."""

    left: float
    top: float
    width: float
    height: float
    largest: float
    periods: int

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def x(self, place: float) -> float:
        return self.left + self.width * place / max(1, self.periods - 1)

    def y(self, value: float) -> float:
        return self.bottom - self.height * value / self.largest


def band(plot: Plot, series: Series) -> list[Markup]:
    """A band behind the periods whose figures are provisional."""
    places = np.flatnonzero(series.provisional)
    if not len(places):
        return []
    start = max(plot.left, plot.x(float(places[0]) - 0.5))
    end = min(plot.right, plot.x(float(places[-1]) + 0.5))
    width = coordinate(max(end - start, 3))
    return [
        Markup('<rect class="band" x="{}" y="{}" width="{}" height="{}"/>').format(
            coordinate(start), coordinate(plot.top), width, coordinate(plot.height)
        )
    ]


def breaks(plot: Plot, series: Series, marks: Sequence[Mark]) -> list[Markup]:
    """A thin line and a number for each break; numbers that would touch stand one above the other."""
    parts, previous, row = [], -100.0, 0
    for mark in marks:
        place = scale.break_at(mark.date, series)
        if place is None:
            continue
        x = plot.left + plot.width * place
        row = 1 - row if x - previous < 20 else 0
        y = plot.top - 12 - 18 * row
        previous = x
        parts.append(stroke(x, y + 9, x, plot.bottom, "break"))
        parts.append(
            Markup('<circle class="badge" cx="{}" cy="{}" r="9"/>').format(coordinate(x), coordinate(y))
        )
        parts.append(label(x, y + 4, str(mark.number), "number", "middle"))
    return parts


def path(plot: Plot, line: Line, n: int) -> Markup:
    """A line in its stroke, with gaps where there is no value, and lighter where the value is provisional."""
    firm = _trace(plot, line.value, ~line.provisional)
    # The lighter part begins at the last firm point, so that the two join.
    soft = line.provisional | np.append(line.provisional[1:], False)
    drawn = Markup('<path class="line l{}" d="{}"/>').format(n, firm) if firm else Markup("")
    if line.provisional.any():
        drawn += Markup('<path class="line l{} soft" d="{}"/>').format(n, _trace(plot, line.value, soft))
    return drawn


def _trace(plot: Plot, value: Floats, flags: Flags) -> str:
    shown = flags & ~np.isnan(value)
    steps, pen = [], False
    for place in range(len(value)):
        if shown[place]:
            steps.append(
                f"{'L' if pen else 'M'}{coordinate(plot.x(place))} {coordinate(plot.y(float(value[place])))}"
            )
            alone = not (pen or (place + 1 < len(value) and shown[place + 1]))
            if alone:
                steps.append("h.1")
        pen = bool(shown[place])
    return "".join(steps)

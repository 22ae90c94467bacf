"""Charts as inline SVG, drawn when the site is written: no script, no image file, no colour needed to read them.

Every chart is drawn twice, for wide and for narrow screens, because text in a scaled SVG would be too small to read;
the style sheet shows one of the two. The figures stand in a table beside each chart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from borderstats.publish import labels, scale
from borderstats.publish.figures import Bar, Flags, Floats, Line, Series


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


def lines(name: str, title: str, description: str, unit: str, series: Series, marks: Sequence[Mark]) -> Markup:
    """A line chart from zero. `name` is unique on the page; `unit` says what is counted, per month or per year."""
    return Markup("").join(
        _line_drawing(frame, name, title, description, unit, series, marks) for frame in (WIDE, NARROW)
    )


def bars(name: str, title: str, description: str, found: Sequence[Bar]) -> Markup:
    """A chart of horizontal bars, each with its name and its value."""
    return Markup("").join(
        _bar_drawing(frame, name, title, description, found) for frame in (WIDE, NARROW)
    )


def _svg(
    frame: Frame, height: float, name: str, title: str, description: str, parts: Sequence[Markup]
) -> Markup:
    key = f"{name}-{frame.name}"
    return Markup(
        '<svg class="chart {frame}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{key}-t {key}-d">'
        '<title id="{key}-t">{title}</title><desc id="{key}-d">{description}</desc>{parts}</svg>\n'
    ).format(
        frame=frame.name,
        width=frame.width,
        height=_n(height),
        key=key,
        title=title,
        description=description,
        parts=Markup("").join(parts),
    )


def _n(value: float) -> str:
    """A coordinate with at most one digit, which is finer than a screen."""
    return f"{value:.1f}".removesuffix(".0")


def _text(x: float, y: float, text: str, css: str = "", anchor: str = "start") -> Markup:
    return Markup('<text x="{}" y="{}"{}{}>{}</text>').format(
        _n(x),
        _n(y),
        Markup(' class="{}"').format(css) if css else "",
        Markup(' text-anchor="{}"').format(anchor) if anchor != "start" else "",
        text,
    )


def _stroke(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    return Markup('<path class="{}" d="M{} {}L{} {}"/>').format(css, _n(x1), _n(y1), _n(x2), _n(y2))


@dataclass(frozen=True)
class _Plot:
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


def _line_drawing(
    frame: Frame,
    name: str,
    title: str,
    description: str,
    unit: str,
    series: Series,
    marks: Sequence[Mark],
) -> Markup:
    many = len(series.lines) > 1
    names = labels.without_common_ending([line.label for line in series.lines]) if many else ("",)
    blocks = [labels.wrapped(text, frame.label_columns) for text in names]
    steps = scale.round_steps(max(float(np.nanmax(line.value)) for line in series.lines), 5)
    left = max(scale.text_width(labels.number(step), frame.text) for step in steps) + 10
    widest = max(scale.text_width(row, frame.text) for block in blocks for row in block)
    top = 62.0 if marks else 44.0
    height = frame.height - top - 30
    if many:
        right, largest = widest + 24, float(steps[-1])
    else:
        right = max(scale.text_width(row, frame.text) for row in _rows(series, series.lines[0].last)) + 12
        # Room above the peak for its two rows of text.
        largest = max(steps[-1], float(np.nanmax(series.lines[0].value)) / (1 - (2 * frame.text + 18) / height))
    plot = _Plot(left, top, frame.width - left - right, height, largest, len(series.time))
    parts = [
        _text(0, frame.text + 2, unit, "unit"),
        *_provisional(plot, series, frame),
        *_axes(plot, series, steps, frame),
        *_marks(plot, series, marks),
    ]
    parts += [_path(plot, line, n) for n, line in reversed(list(enumerate(series.lines)))]
    parts += _names(plot, series.lines, blocks, frame) if many else _points(plot, series, frame)
    return _svg(frame, frame.height, name, title, description, parts)


def _axes(plot: _Plot, series: Series, steps: Sequence[int], frame: Frame) -> list[Markup]:
    parts = []
    for step in steps:
        y = plot.y(step)
        parts.append(_stroke(plot.left, y, plot.right, y, "base" if step == 0 else "grid"))
        parts.append(_text(plot.left - 8, y + frame.text * 0.35, labels.number(step), "tick", "end"))
    for tick in scale.time_ticks(series, plot.left, plot.width, frame.year_room):
        parts.append(_stroke(tick.at, plot.bottom, tick.at, plot.bottom + 5, "base"))
        anchor = "middle" if tick.at + 18 < frame.width else "end"
        parts.append(_text(tick.at, plot.bottom + frame.text + 9, tick.text, "tick", anchor))
    return parts


def _provisional(plot: _Plot, series: Series, frame: Frame) -> list[Markup]:
    """A hatched band behind the periods whose figures are provisional, with the word where there is room."""
    places = np.flatnonzero(series.provisional)
    if not len(places):
        return []
    start = max(plot.left, plot.x(float(places[0]) - 0.5))
    end = min(plot.right, plot.x(float(places[-1]) + 0.5))
    band = Markup('<rect class="band" x="{}" y="{}" width="{}" height="{}"/>').format(
        _n(start), _n(plot.top), _n(max(end - start, 3)), _n(plot.height)
    )
    room = scale.text_width("provisional", frame.text)
    return [band, _text(plot.right, plot.top - 6, "provisional", "note", "end" if plot.right > room else "start")]


def _marks(plot: _Plot, series: Series, marks: Sequence[Mark]) -> list[Markup]:
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
        parts.append(_stroke(x, y + 9, x, plot.bottom, "break"))
        parts.append(Markup('<circle class="badge" cx="{}" cy="{}" r="9"/>').format(_n(x), _n(y)))
        parts.append(_text(x, y + 4, str(mark.number), "number", "middle"))
    return parts


def _path(plot: _Plot, line: Line, n: int) -> Markup:
    """A line in its stroke, with gaps where there is no value, and lighter where the value is provisional."""
    firm = _trace(plot, line.value, ~line.provisional)
    # The lighter part begins at the last firm point, so that the two join.
    soft = line.provisional | np.append(line.provisional[1:], False)
    drawn = Markup('<path class="line l{}" d="{}"/>').format(n, firm) if firm else Markup("")
    if line.provisional.any():
        drawn += Markup('<path class="line l{} soft" d="{}"/>').format(n, _trace(plot, line.value, soft))
    return drawn


def _trace(plot: _Plot, value: Floats, flags: Flags) -> str:
    shown = flags & ~np.isnan(value)
    steps, pen = [], False
    for place in range(len(value)):
        if shown[place]:
            steps.append(f"{'L' if pen else 'M'}{_n(plot.x(place))} {_n(plot.y(float(value[place])))}")
            alone = not (pen or (place + 1 < len(value) and shown[place + 1]))
            if alone:
                steps.append("h.1")
        pen = bool(shown[place])
    return "".join(steps)


def _names(
    plot: _Plot, found: Sequence[Line], blocks: Sequence[Sequence[str]], frame: Frame
) -> list[Markup]:
    """Each line's name at its end, in order and clear of the others, with a short leader to the line."""
    row = frame.text + 2
    ends = [plot.y(float(line.value[line.last])) for line in found]
    heights = [len(block) * row + 4.0 for block in blocks]
    centres = scale.spread(ends, heights, 18 if len(found) > 6 else plot.top - 20, frame.height - 4.0)
    parts = []
    for n, (line, block, end, centre) in enumerate(zip(found, blocks, ends, centres, strict=True)):
        x = plot.x(line.last)
        parts.append(
            Markup('<path class="leader" d="M{} {}L{} {}L{} {}"/>').format(
                _n(x + 2), _n(end), _n(plot.right + 4), _n(end), _n(plot.right + 16), _n(centre)
            )
        )
        first = centre - (len(block) - 1) * row / 2 + frame.text * 0.35
        rows = Markup("").join(
            Markup('<tspan x="{}" y="{}">{}</tspan>').format(_n(plot.right + 20), _n(first + k * row), text)
            for k, text in enumerate(block)
        )
        parts.append(Markup('<text class="name{}">{}</text>').format(" main" if n == 0 else "", rows))
    return parts


def _points(plot: _Plot, series: Series, frame: Frame) -> list[Markup]:
    """The highest value of a single line above its peak, and the last one in the margin, with their periods."""
    line = series.lines[0]
    highest, last = int(np.nanargmax(line.value)), line.last
    parts = []
    if highest != last:
        rows = _rows(series, highest)
        half = max(scale.text_width(row, frame.text) for row in rows) / 2
        x = min(max(plot.x(highest), plot.left + half), plot.right - half)
        y = plot.y(float(line.value[highest]))
        parts += [_dot(plot.x(highest), y), *_two(x, y - frame.text - 14, rows, frame, "middle")]
    x, y = plot.x(last), plot.y(float(line.value[last]))
    return [*parts, _dot(x, y), *_two(x + 10, y - 3, _rows(series, last), frame, "start")]


def _rows(series: Series, place: int) -> tuple[str, str]:
    return labels.number(float(series.lines[0].value[place])), scale.short_period(series, place)


def _dot(x: float, y: float) -> Markup:
    return Markup('<circle class="dot" cx="{}" cy="{}" r="4"/>').format(_n(x), _n(y))


def _two(x: float, y: float, rows: tuple[str, str], frame: Frame, anchor: str) -> list[Markup]:
    """A value with its period beneath it."""
    return [
        _text(x, y, rows[0], "value halo", anchor),
        _text(x, y + frame.text + 2, rows[1], "note halo", anchor),
    ]


def _bar_drawing(
    frame: Frame, name: str, title: str, description: str, found: Sequence[Bar]
) -> Markup:
    """Name, bar and value in one row; on a narrow screen the name stands above its bar."""
    wide = frame is WIDE
    names = labels.without_common_ending([bar.label for bar in found])
    blocks = [labels.wrapped(text, 34 if wide else 44) for text in names]
    widest = max(scale.text_width(row, frame.text) for block in blocks for row in block)
    left = min(widest, frame.width * 0.32) + 14 if wide else 0.0
    largest = max((bar.value for bar in found if not np.isnan(bar.value)), default=1.0) or 1.0
    room = frame.width - left - scale.text_width(labels.number(largest), frame.text) - 12
    row, y, parts = frame.text + 3, 4.0, [_stroke(left, 0, left, 0, "base")]
    for n, (bar, block) in enumerate(zip(found, blocks, strict=True)):
        height = max(28.0, len(block) * row + 6) if wide else len(block) * row + 30.0
        length = room * (0 if np.isnan(bar.value) else bar.value) / largest
        middle = y + height / 2 if wide else y + len(block) * row + 11
        first = middle - (len(block) - 1) * row / 2 + frame.text * 0.35 if wide else y + frame.text
        for k, text in enumerate(block):
            x, anchor = (left - 10, "end") if wide else (0.0, "start")
            parts.append(_text(x, first + k * row, text, "name main" if n == 0 else "name", anchor))
        parts.append(
            Markup('<rect class="bar{}" x="{}" y="{}" width="{}" height="18"/>').format(
                " main" if n == 0 else "", _n(left), _n(middle - 9), _n(max(length, 1))
            )
        )
        parts.append(_text(left + length + 6, middle + frame.text * 0.35, labels.number(bar.value), "value"))
        y += height
    parts[0] = _stroke(left, 2, left, y, "base") if wide else Markup("")
    return _svg(frame, y + 2, name, title, description, parts)


def pair(value: float, earlier: float, largest: float) -> Markup:
    """Two thin bars, this year's over last year's, to stand beneath a name in a table that has the figures."""
    now, before = (0.0 if np.isnan(v) else 100 * v / largest for v in (value, earlier))
    return Markup(
        '<svg class="pair" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar main" width="{}" height="5"/><rect class="bar old" y="6" width="{}" height="4"/></svg>'
    ).format(escape(_n(now)), escape(_n(before)))

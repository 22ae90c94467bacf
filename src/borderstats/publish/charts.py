"""Line charts as inline SVG, drawn when the site is written: no script, no image file, no colour needed to read them."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from borderstats.publish import labels, scale
from borderstats.publish.draw import (
    NARROW,
    WIDE,
    Frame,
    Mark,
    Plot,
    band,
    breaks,
    coordinate,
    dot,
    drawing,
    label,
    path,
    stroke,
)
from borderstats.publish.figures import Line, Series


def chart(name: str, title: str, description: str, series: Series, marks: Sequence[Mark]) -> Markup:
    """A line chart from zero. `name` is unique on the page."""
    return Markup("").join(
        _line_drawing(frame, name, title, description, series, marks) for frame in (WIDE, NARROW)
    )


def _line_drawing(
    frame: Frame,
    name: str,
    title: str,
    description: str,
    series: Series,
    marks: Sequence[Mark],
) -> Markup:
    many = len(series.lines) > 1
    names = labels.without_common_ending([line.label for line in series.lines]) if many else ("",)
    blocks = [labels.wrapped(text, frame.label_columns) for text in names]
    steps = scale.round_steps(max(float(np.nanmax(line.value)) for line in series.lines), 5)
    left = max(scale.text_width(labels.number(step), frame.text) for step in steps) + 10
    widest = max(scale.text_width(row, frame.text, bold=True) for block in blocks for row in block)
    # From the top: the word `provisional`, two rows for the numbers of breaks, the plot.
    word = frame.text + 6.0 if series.provisional.any() else 0.0
    top = word + (42.0 if marks else 8.0)
    height = frame.height - top - 30
    if many:
        right, largest = widest + 24, float(steps[-1])
    else:
        right = (
            max(scale.text_width(row, frame.text, bold=True) for row in _rows(series, series.lines[0].last))
            + 12
        )
        # Room above the peak for its two rows of text.
        largest = max(
            steps[-1], float(np.nanmax(series.lines[0].value)) / (1 - (2 * frame.text + 18) / height)
        )
    plot = Plot(left, top, frame.width - left - right, height, largest, len(series.time))
    parts = [
        *band(plot, series),
        *_axes(plot, series, steps, frame),
        *breaks(plot, series, marks),
    ]
    if word:
        parts.append(label(plot.right, frame.text, "provisional", "note", "end"))
    parts += [path(plot, line, n) for n, line in reversed(list(enumerate(series.lines)))]
    parts += _names(plot, series.lines, blocks, frame) if many else _points(plot, series, frame)
    return drawing(frame, frame.height, name, title, description, parts)


def _axes(plot: Plot, series: Series, steps: Sequence[int], frame: Frame) -> list[Markup]:
    parts = []
    for step in steps:
        y = plot.y(step)
        parts.append(stroke(plot.left, y, plot.right, y, "base" if step == 0 else "grid"))
        parts.append(label(plot.left - 8, y + frame.text * 0.35, labels.number(step), "tick", "end"))
    for tick in scale.time_ticks(series, plot.left, plot.width, frame.year_room):
        parts.append(stroke(tick.at, plot.bottom, tick.at, plot.bottom + 5, "base"))
        anchor = "middle" if tick.at + 18 < frame.width else "end"
        parts.append(label(tick.at, plot.bottom + frame.text + 9, tick.text, "tick", anchor))
    return parts


def _names(plot: Plot, found: Sequence[Line], blocks: Sequence[Sequence[str]], frame: Frame) -> list[Markup]:
    """Each line's name at its end, in order and clear of the others, with a short leader to the line."""
    row = frame.text + 2
    ends = [plot.y(float(line.value[line.last])) for line in found]
    heights = [len(block) * row + 4.0 for block in blocks]
    centres = scale.spread(ends, heights, 4.0, frame.height - 4.0)
    parts = []
    for n, (line, block, end, centre) in enumerate(zip(found, blocks, ends, centres, strict=True)):
        x = plot.x(line.last)
        parts.append(
            Markup('<path class="leader" d="M{} {}L{} {}L{} {}"/>').format(
                coordinate(x + 2),
                coordinate(end),
                coordinate(plot.right + 4),
                coordinate(end),
                coordinate(plot.right + 16),
                coordinate(centre),
            )
        )
        first = centre - (len(block) - 1) * row / 2 + frame.text * 0.35
        rows = Markup("").join(
            Markup('<tspan x="{}" y="{}">{}</tspan>').format(
                coordinate(plot.right + 20), coordinate(first + k * row), text
            )
            for k, text in enumerate(block)
        )
        parts.append(Markup('<text class="name{}">{}</text>').format(" main" if n == 0 else "", rows))
    return parts


def _points(plot: Plot, series: Series, frame: Frame) -> list[Markup]:
    """The highest value of a single line above its peak, and the last one in the margin, with their periods."""
    line = series.lines[0]
    highest, last = int(np.nanargmax(line.value)), line.last
    parts = []
    if highest != last:
        rows = _rows(series, highest)
        half = max(scale.text_width(row, frame.text) for row in rows) / 2
        x = min(max(plot.x(highest), plot.left + half), plot.right - half)
        y = plot.y(float(line.value[highest]))
        parts += [dot(plot.x(highest), y), *_two(x, y - frame.text - 14, rows, frame, "middle")]
    x, y = plot.x(last), plot.y(float(line.value[last]))
    return [*parts, dot(x, y), *_two(x + 10, y - 3, _rows(series, last), frame, "start")]


def _rows(series: Series, place: int) -> tuple[str, str]:
    return labels.number(float(series.lines[0].value[place])), scale.short_period(series, place)


def _two(x: float, y: float, rows: tuple[str, str], frame: Frame, anchor: str) -> list[Markup]:
    """A value with its period beneath it."""
    return [
        label(x, y, rows[0], "value halo", anchor),
        label(x, y + frame.text + 2, rows[1], "note halo", anchor),
    ]

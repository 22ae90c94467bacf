"""Line charts as inline SVG, drawn when the site is written: no script, no image file, no colour needed to read them."""

import datetime
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from borderstats.site.charts import scale
from borderstats.site.charts.draw import (
    LANE,
    NARROW,
    WIDE,
    Frame,
    Level,
    Mark,
    Plot,
    Span,
    band,
    breaks,
    coordinate,
    dot,
    dots,
    drawing,
    label,
    path,
    places,
    spans,
    stroke,
)
from borderstats.site.figures import Line, Series
from borderstats.words import labels, messages
from borderstats.words.amounts import Style


def chart(
    name: str,
    title: str,
    description: str,
    series: Series,
    marks: Sequence[Mark],
    style: Style,
    rules: Sequence[Span] = (),
    level: Level | None = None,
) -> Markup:
    """A line chart from zero, or from below zero where there are negative figures. `name` is unique on the page."""
    return Markup("").join(
        _line_drawing(frame, name, title, description, series, marks, style, rules, level)
        for frame in (WIDE, NARROW)
    )


def visible(start: datetime.date, end: datetime.date | None, series: Series) -> bool:
    """Whether a rule was in force at any time between the first and the last period of a chart."""
    return scale.day_at(start, series) < 1 and (end is None or scale.day_at(end, series) > 0)


def _line_drawing(
    frame: Frame,
    name: str,
    title: str,
    description: str,
    series: Series,
    marks: Sequence[Mark],
    style: Style,
    rules: Sequence[Span],
    level: Level | None,
) -> Markup:
    many = len(series.lines) > 1
    names = labels.without_common_ending([line.label for line in series.lines]) if many else ("",)
    blocks = [labels.wrapped(text, frame.label_columns) for text in names]
    highest = max(series.high, level.value if level else 0)
    steps = scale.round_steps(series.low, highest, 5, whole=style.whole)
    left = max(scale.text_width(style.short(step), frame.text) for step in steps) + 10
    widest = max(scale.text_width(row, frame.text, bold=True) for block in blocks for row in block)
    # From the top: the word `provisional`, the rules, two rows for the numbers of breaks, the plot.
    word = frame.text + 6.0 if series.provisional.any() else 0.0
    lanes = LANE * len({rule.name for rule in rules})
    top = word + lanes + (42.0 if marks else 8.0)
    height = frame.height - word - 50.0
    bottom = top + height + 30
    low, high = scale.floor(series, steps), steps[-1]
    if many:
        right = widest + 24
    else:
        rows = _rows(series, series.lines[0].last, style)
        right = max(scale.text_width(row, frame.text, bold=True) for row in rows) + 12
        # Room above the peak, and below what is under zero, for two rows of text.
        room = (2 * frame.text + 18) / height
        high = max(high, low + (series.high - low) / (1 - room))
        low = high - (high - series.low) / (1 - room) if series.low < 0 else low
    plot = Plot(left, top, frame.width - left - right, height, low, high, places(series))
    parts = [
        *band(plot, series),
        *_axes(plot, series, steps, frame, style),
        *breaks(plot, series, marks),
        *spans(plot, series, rules, marks, word),
    ]
    if level:
        y = plot.y(level.value)
        # Its name stands beneath it where the marks of breaks are near.
        away = -6.0 if y - plot.top > 2 * frame.text else frame.text + 2.0
        parts += [
            stroke(plot.left, y, plot.right, y, "level"),
            label(plot.left + 4, y + away, level.text, "note halo"),
        ]
    if word:
        parts.append(label(plot.right, frame.text, messages.text("standing.provisional"), "note", "end"))
    parts += [path(plot, line, n) for n, line in reversed(list(enumerate(series.lines)))]
    if series.sparse:
        parts += [dots(plot, line, n, ~np.isnan(line.value)) for n, line in enumerate(series.lines)]
    parts += (
        _names(plot, series.lines, blocks, frame, bottom) if many else _points(plot, series, frame, style)
    )
    return drawing(frame, bottom, name, title, description, parts)


def _axes(plot: Plot, series: Series, steps: Sequence[float], frame: Frame, style: Style) -> list[Markup]:
    parts = []
    for step in steps:
        if step < plot.low:
            continue
        y = plot.y(step)
        parts.append(stroke(plot.left, y, plot.right, y, "base" if step == 0 else "grid"))
        parts.append(label(plot.left - 8, y + frame.text * 0.35, style.short(step), "tick", "end"))
    for tick in scale.time_ticks(series, plot.left, plot.width, frame.year_room):
        parts.append(stroke(tick.at, plot.bottom, tick.at, plot.bottom + 5, "base"))
        half = scale.text_width(tick.text, frame.text) / 2
        # A year may reach a little beyond the plot, a whole date would run into the names there, or out of the chart.
        late = tick.at + 18 >= frame.width or tick.at + half > plot.right + 18
        anchor = "end" if late else "start" if tick.at < half else "middle"
        parts.append(label(tick.at, plot.bottom + frame.text + 9, tick.text, "tick", anchor))
    return parts


def _names(
    plot: Plot, found: Sequence[Line], blocks: Sequence[Sequence[str]], frame: Frame, bottom: float
) -> list[Markup]:
    """Each line's name at its end, in order and clear of the others, with a short leader to the line."""
    row = frame.text + 2
    ends = [plot.y(float(line.value[line.last])) for line in found]
    heights = [len(block) * row + 4.0 for block in blocks]
    centres = scale.spread(ends, heights, 4.0, bottom - 4.0)
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


def _points(plot: Plot, series: Series, frame: Frame, style: Style) -> list[Markup]:
    """The highest value of a single line above its peak, the lowest beneath if below zero, the last in the margin."""
    line = series.lines[0]
    highest, lowest, last = int(np.nanargmax(line.value)), int(np.nanargmin(line.value)), line.last
    parts = []
    marked = [(highest, -frame.text - 14.0)] if line.value[highest] > 0 else []
    marked += [(lowest, frame.text + 6.0)] if line.value[lowest] < 0 else []
    for place, away in marked:
        if place == last:
            continue
        rows = _rows(series, place, style)
        half = max(scale.text_width(row, frame.text) for row in rows) / 2
        x = min(max(plot.x(place), plot.left + half), plot.right - half)
        y = plot.y(float(line.value[place]))
        parts += [dot(plot.x(place), y), *_two(x, y + away, rows, frame, "middle")]
    x, y = plot.x(last), plot.y(float(line.value[last]))
    # Both rows stand above the axis, whose last year is near.
    beside = min(y - 3, plot.bottom - frame.text - 4)
    return [*parts, dot(x, y), *_two(x + 10, beside, _rows(series, last, style), frame, "start")]


def _rows(series: Series, place: int, style: Style) -> tuple[str, str]:
    return style.short(float(series.lines[0].value[place])), scale.short_period(series, place)


def _two(x: float, y: float, rows: tuple[str, str], frame: Frame, anchor: str) -> list[Markup]:
    """A value with its period beneath it."""
    return [
        label(x, y, rows[0], "value halo", anchor),
        label(x, y + frame.text + 2, rows[1], "note halo", anchor),
    ]

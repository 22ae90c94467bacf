"""Many lines as small charts of one size and one scale: each can be read alone, and all can be compared.

More than a handful of lines in one plot cannot be told apart without colour; small multiples can (Tufte, The Visual
Display of Quantitative Information).
"""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from borderstats import periods
from borderstats.site.charts import scale
from borderstats.site.charts.draw import (
    NARROW,
    WIDE,
    Frame,
    Mark,
    Plot,
    band,
    breaks,
    dot,
    drawing,
    label,
    path,
    places,
    stroke,
)
from borderstats.site.figures import Series
from borderstats.words import labels
from borderstats.words import periods as names
from borderstats.words.amounts import Style

MOST_IN_ONE = 5
"""The most lines that one plot can hold."""

_GAP = 24.0


def chart(
    name: str, title: str, description: str, series: Series, marks: Sequence[Mark], style: Style
) -> Markup:
    """One panel for each line, in the order of the series. `name` is unique on the page."""
    return Markup("").join(
        _panels(frame, name, title, description, series, marks, style) for frame in (WIDE, NARROW)
    )


def _panels(
    frame: Frame,
    name: str,
    title: str,
    description: str,
    series: Series,
    marks: Sequence[Mark],
    style: Style,
) -> Markup:
    columns = 3 if frame is WIDE else 2
    steps = scale.round_steps(series.low, series.high, 3, whole=style.whole)
    margin = max(scale.text_width(style.short(step), frame.text) for step in steps) + 10
    width = (frame.width - margin - _GAP * (columns - 1) - 2) / columns
    names = labels.without_common_ending([line.label for line in series.lines])
    blocks = [_fitting(text, width, frame) for text in names]
    # From the top: the name, the last value, two rows for the numbers of breaks, the plot, the years.
    row_height = frame.text + 3.0
    rows_of_text = max(len(block) for block in blocks) + 1
    head = rows_of_text * row_height + (46.0 if marks else 10.0)
    height = 110.0 if frame is WIDE else 90.0
    pitch = head + height + frame.text + 26
    parts = []
    for n, (line, block) in enumerate(zip(series.lines, blocks, strict=True)):
        row, column = divmod(n, columns)
        plot = Plot(
            left=margin + column * (width + _GAP),
            top=row * pitch + head,
            width=width,
            height=height,
            low=scale.floor(series, steps),
            high=steps[-1],
            places=places(series),
        )
        y = row * pitch + frame.text
        for k, text in enumerate(block):
            parts.append(label(plot.left, y + k * row_height, text, "value"))
        parts += _axes(plot, frame, series, steps, style, figures=column == 0)
        parts += _panel(plot, replace(series, lines=(line,)), y + len(block) * row_height, style)
        parts += breaks(plot, series, marks)
    rows = -(-len(series.lines) // columns)
    return drawing(frame, rows * pitch - 12, name, title, description, parts)


def _fitting(text: str, width: float, frame: Frame) -> tuple[str, ...]:
    """The rows of a name in the width of its panel."""
    columns = int(width / (frame.text * 0.62))
    while columns > 1:
        rows = labels.wrapped(text, columns)
        if max(scale.text_width(row, frame.text, bold=True) for row in rows) <= width:
            return rows
        columns -= 1
    return labels.wrapped(text, 1)


def _axes(
    plot: Plot, frame: Frame, series: Series, steps: Sequence[float], style: Style, *, figures: bool
) -> list[Markup]:
    parts = []
    for step in steps:
        if step < plot.low:
            continue
        y = plot.y(step)
        parts.append(stroke(plot.left, y, plot.right, y, "grid" if step else "base"))
        if figures:
            parts.append(label(plot.left - 8, y + frame.text * 0.35, style.short(step), "tick", "end"))
    ends = ((0, plot.left, "start"), (len(series.time) - 1, plot.right, "end"))
    for place, x, anchor in ends[: len(series.time)]:
        parts.append(label(x, plot.bottom + frame.text + 5, _end(series, place, frame), "tick", anchor))
    return parts


def _end(series: Series, place: int, frame: Frame) -> str:
    """The first or last period; on a narrow screen a day, week or half-month by its month."""
    if frame is WIDE or series.kind not in ("day", "week", "half_month"):
        return scale.short_period(series, place)
    return names.short(periods.at("month", periods.days(int(series.time[place]))[0]))


def _panel(plot: Plot, series: Series, y: float, style: Style) -> list[Markup]:
    """The line, and its last value in figures."""
    line = series.lines[0]
    value = float(line.value[line.last])
    parts = [*band(plot, series), path(plot, line, 0), dot(plot.x(line.last), plot.y(value))]
    text = f"{scale.short_period(series, line.last)}: {style.short(value)}"
    return [*parts, label(plot.left, y, text, "note")]

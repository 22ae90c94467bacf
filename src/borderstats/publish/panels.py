"""Many lines as small charts of one size and one scale: each can be read alone, and all can be compared.

More than a handful of lines in one plot cannot be told apart without colour; small multiples can (Tufte, The Visual
Display of Quantitative Information).
"""

from collections.abc import Sequence
from dataclasses import replace

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
    dot,
    drawing,
    label,
    path,
    stroke,
)
from borderstats.publish.figures import Series

MOST_IN_ONE = 5
"""The most lines that one plot can hold."""

_GAP = 24.0


def chart(name: str, title: str, description: str, series: Series, marks: Sequence[Mark]) -> Markup:
    """One panel for each line, in the order of the series. `name` is unique on the page."""
    return Markup("").join(
        _panels(frame, name, title, description, series, marks) for frame in (WIDE, NARROW)
    )


def _panels(
    frame: Frame, name: str, title: str, description: str, series: Series, marks: Sequence[Mark]
) -> Markup:
    columns = 3 if frame is WIDE else 2
    steps = scale.round_steps(max(float(np.nanmax(line.value)) for line in series.lines), 3)
    margin = max(scale.text_width(labels.number(step), frame.text) for step in steps) + 10
    width = (frame.width - margin - _GAP * (columns - 1) - 2) / columns
    # From the top: the name, two rows for the numbers of breaks, the plot, the years.
    head = frame.text + (48.0 if marks else 12.0)
    height = 110.0 if frame is WIDE else 90.0
    pitch = head + height + frame.text + 26
    names = labels.without_common_ending([line.label for line in series.lines])
    parts = []
    for n, (line, text) in enumerate(zip(series.lines, names, strict=True)):
        row, column = divmod(n, columns)
        plot = Plot(
            left=margin + column * (width + _GAP),
            top=row * pitch + head,
            width=width,
            height=height,
            largest=float(steps[-1]),
            periods=len(series.time),
        )
        parts.append(label(plot.left, row * pitch + frame.text, text, "value"))
        parts += _axes(plot, frame, series, steps, figures=column == 0)
        parts += _panel(plot, frame, replace(series, lines=(line,)), row * pitch + frame.text)
        parts += breaks(plot, series, marks)
    rows = -(-len(series.lines) // columns)
    return drawing(frame, rows * pitch - 12, name, title, description, parts)


def _axes(plot: Plot, frame: Frame, series: Series, steps: Sequence[int], *, figures: bool) -> list[Markup]:
    parts = []
    for step in steps:
        y = plot.y(step)
        parts.append(stroke(plot.left, y, plot.right, y, "grid" if step else "base"))
        if figures:
            parts.append(label(plot.left - 8, y + frame.text * 0.35, labels.number(step), "tick", "end"))
    for place, x, anchor in ((0, plot.left, "start"), (len(series.time) - 1, plot.right, "end")):
        text = scale.short_period(series, place)
        parts.append(label(x, plot.bottom + frame.text + 5, text, "tick", anchor))
    return parts


def _panel(plot: Plot, frame: Frame, series: Series, head: float) -> list[Markup]:
    """The line with its last value: on a wide screen also in figures, beside the name."""
    line = series.lines[0]
    value = float(line.value[line.last])
    parts = [*band(plot, series), path(plot, line, 0), dot(plot.x(line.last), plot.y(value))]
    if frame is WIDE:
        parts.append(
            label(
                plot.right,
                head,
                f"{scale.short_period(series, line.last)}: {labels.number(value)}",
                "note",
                "end",
            )
        )
    return parts

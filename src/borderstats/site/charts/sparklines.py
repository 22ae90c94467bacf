"""Small drawings that stand beside figures: a line with its first and last value, and progress towards a target.

Both have a fixed size, so that their text is read at the size of the page's.
"""

import math

import numpy as np
from markupsafe import Markup

from borderstats.site.charts import scale
from borderstats.site.charts.draw import Plot, coordinate, dot, label, path, places, stroke
from borderstats.site.figures import Series
from borderstats.words import messages
from borderstats.words.amounts import Style

_WIDTH = 280
_TEXT = 13
_SIDE = 6.0


def line(series: Series, style: Style) -> Markup:
    """A line from zero with its first and last value and their periods beneath; its description says the same."""
    only = series.lines[0]
    steps = (series.low, series.high if series.high > series.low else series.low + 1)
    plot = Plot(_SIDE, 6, _WIDTH - 2 * _SIDE, 52, *steps, places(series))
    first, last = int(np.flatnonzero(~np.isnan(only.value))[0]), only.last
    parts = [stroke(plot.left, plot.y(0), plot.right, plot.y(0), "base"), path(plot, only, 0)]
    said = []
    ends = ((first, 0.0, "start"), (last, float(_WIDTH), "end"))
    for place, x, anchor in ends if first != last else ends[1:]:
        value = float(only.value[place])
        parts.append(dot(plot.x(place), plot.y(value)))
        parts.append(label(x, plot.bottom + 20, style.short(value), "value", anchor))
        parts.append(label(x, plot.bottom + 36, scale.short_period(series, place), "note", anchor))
        said.append(
            messages.text("chart.value", value=style.words(value), period=scale.period_text(series, place))
        )
    description = messages.text("chart.line", values=", ".join(said))
    return _drawing("spark", plot.bottom + 42, description, parts)


def progress(share: float, start: str, target: str) -> Markup:
    """A bar from the baseline towards the target: to the left of it where there is less than before, beyond it where more.

    `share` is the change as a share of the target; `start` and `target` are the words at 0 and 1. Nothing is clipped.
    """
    low, high = min(0.0, share), max(1.0, share)
    width = _WIDTH - 2 * _SIDE

    def at(value: float) -> float:
        return _SIDE + width * (value - low) / (high - low)

    left, right = sorted((at(0), at(share)))
    parts = [
        stroke(at(low), 15, at(high), 15, "grid"),
        Markup('<rect class="bar main" x="{}" y="10" width="{}" height="10"/>').format(
            coordinate(left), coordinate(max(right - left, 1))
        ),
        *(stroke(at(value), 4, at(value), 26, "base") for value in (0, 1)),
        *_words(at(0), at(1), start, target),
    ]
    return _drawing("progress", 46, "", parts)


def _words(zero: float, one: float, start: str, target: str) -> list[Markup]:
    """The words under the two marks, each within the drawing; none if they would meet."""
    widths = [scale.text_width(text, _TEXT) for text in (start, target)]
    first = min(max(zero - widths[0] / 2, 0.0), _WIDTH - widths[0])
    second = min(max(one - widths[1] / 2, 0.0), _WIDTH - widths[1])
    if first + widths[0] + 6 > second:
        first, second = 0.0, _WIDTH - widths[1]
    if first + widths[0] + 6 > second:
        return []
    return [label(first, 42, start, "note"), label(second, 42, target, "note")]


def _drawing(name: str, height: float, description: str, parts: list[Markup]) -> Markup:
    role = (
        Markup('role="img" aria-label="{}"').format(description)
        if description
        else Markup('aria-hidden="true"')
    )
    return Markup(
        '<svg class="chart small {}" width="{}" height="{}" viewBox="0 0 {} {}" {}>{}</svg>'
    ).format(name, _WIDTH, math.ceil(height), _WIDTH, math.ceil(height), role, Markup("").join(parts))

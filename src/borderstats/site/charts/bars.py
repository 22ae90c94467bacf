"""Horizontal bars as inline SVG: one chart of many, and the pair of thin bars that stands in a table."""

import math
from collections.abc import Sequence

from markupsafe import Markup, escape

from borderstats.site.charts import scale
from borderstats.site.charts.draw import NARROW, WIDE, Frame, coordinate, drawing, label, stroke
from borderstats.site.comparisons import Bar
from borderstats.words import labels
from borderstats.words.amounts import Style


def chart(name: str, title: str, description: str, found: Sequence[Bar], style: Style) -> Markup:
    """A chart of horizontal bars, each with its name and its value; what is below zero goes to the left."""
    return Markup("").join(
        _bar_drawing(frame, name, title, description, found, style) for frame in (WIDE, NARROW)
    )


def _bar_drawing(
    frame: Frame, name: str, title: str, description: str, found: Sequence[Bar], style: Style
) -> Markup:
    """Name, bar and value in one row; on a narrow screen the name stands above its bar."""
    wide = frame is WIDE
    names = labels.without_common_ending([bar.label for bar in found])
    blocks = [labels.wrapped(text, 34 if wide else 44) for text in names]
    widest = max(scale.text_width(row, frame.text) for block in blocks for row in block)
    left = min(widest, frame.width * 0.36) + 14 if wide else 0.0
    low = min(0.0, *(bar.value for bar in found))
    high = max(0.0, *(bar.value for bar in found))
    room = frame.width - left - 8
    room -= max(scale.text_width(style.short(bar.value), frame.text, bold=True) for bar in found)
    pixels = room / ((high - low) or 1.0)
    zero = left - low * pixels
    row, y, parts = frame.text + 3, 4.0, [Markup("")]
    for bar, block in zip(found, blocks, strict=True):
        height = max(28.0, len(block) * row + 6) if wide else len(block) * row + 30.0
        start, end = zero + min(bar.value, 0) * pixels, zero + max(bar.value, 0) * pixels
        middle = y + height / 2 if wide else y + len(block) * row + 11
        first = middle - (len(block) - 1) * row / 2 + frame.text * 0.35 if wide else y + frame.text
        for k, text in enumerate(block):
            x, anchor = (left - 10, "end") if wide else (0.0, "start")
            parts.append(label(x, first + k * row, text, "name", anchor))
        parts.append(
            Markup('<rect class="bar main" x="{}" y="{}" width="{}" height="18"/>').format(
                coordinate(start), coordinate(middle - 9), coordinate(max(end - start, 1))
            )
        )
        parts.append(label(end + 6, middle + frame.text * 0.35, style.short(bar.value), "value"))
        y += height
    parts[0] = stroke(zero, 2, zero, y, "base") if wide or low < 0 else Markup("")
    return drawing(frame, y + 2, name, title, description, parts)


def pair(value: float, earlier: float, largest: float) -> Markup:
    """Two thin bars, this year's over last year's, to stand beneath a name in a table that has the figures."""
    now, before = (0.0 if math.isnan(v) else 100 * max(v, 0) / largest for v in (value, earlier))
    return Markup(
        '<svg class="pair" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar main" width="{}" height="5"/><rect class="bar old" y="6" width="{}" height="4"/></svg>'
    ).format(escape(coordinate(now)), escape(coordinate(before)))

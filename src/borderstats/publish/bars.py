"""Horizontal bars as inline SVG: one chart of many, and the pair of thin bars that stands in a table."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup, escape

from borderstats.publish import labels, scale
from borderstats.publish.draw import NARROW, WIDE, Frame, coordinate, drawing, label, stroke
from borderstats.publish.figures import Bar


def chart(name: str, title: str, description: str, found: Sequence[Bar]) -> Markup:
    """A chart of horizontal bars, each with its name and its value."""
    return Markup("").join(_bar_drawing(frame, name, title, description, found) for frame in (WIDE, NARROW))


def _bar_drawing(frame: Frame, name: str, title: str, description: str, found: Sequence[Bar]) -> Markup:
    """Name, bar and value in one row; on a narrow screen the name stands above its bar."""
    wide = frame is WIDE
    names = labels.without_common_ending([bar.label for bar in found])
    blocks = [labels.wrapped(text, 34 if wide else 44) for text in names]
    widest = max(scale.text_width(row, frame.text) for block in blocks for row in block)
    left = min(widest, frame.width * 0.32) + 14 if wide else 0.0
    largest = max((bar.value for bar in found if not np.isnan(bar.value)), default=1.0) or 1.0
    room = frame.width - left - scale.text_width(labels.number(largest), frame.text, bold=True) - 8
    row, y, parts = frame.text + 3, 4.0, [stroke(left, 0, left, 0, "base")]
    for bar, block in zip(found, blocks, strict=True):
        height = max(28.0, len(block) * row + 6) if wide else len(block) * row + 30.0
        length = room * (0 if np.isnan(bar.value) else bar.value) / largest
        middle = y + height / 2 if wide else y + len(block) * row + 11
        first = middle - (len(block) - 1) * row / 2 + frame.text * 0.35 if wide else y + frame.text
        for k, text in enumerate(block):
            x, anchor = (left - 10, "end") if wide else (0.0, "start")
            parts.append(label(x, first + k * row, text, "name", anchor))
        parts.append(
            Markup('<rect class="bar main" x="{}" y="{}" width="{}" height="18"/>').format(
                coordinate(left), coordinate(middle - 9), coordinate(max(length, 1))
            )
        )
        parts.append(label(left + length + 6, middle + frame.text * 0.35, labels.number(bar.value), "value"))
        y += height
    parts[0] = stroke(left, 2, left, y, "base") if wide else Markup("")
    return drawing(frame, y + 2, name, title, description, parts)


def pair(value: float, earlier: float, largest: float) -> Markup:
    """Two thin bars, this year's over last year's, to stand beneath a name in a table that has the figures."""
    now, before = (0.0 if np.isnan(v) else 100 * v / largest for v in (value, earlier))
    return Markup(
        '<svg class="pair" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar main" width="{}" height="5"/><rect class="bar old" y="6" width="{}" height="4"/></svg>'
    ).format(escape(coordinate(now)), escape(coordinate(before)))

"""A chart as a page shows it: drawing, what it leaves out, breaks in series, and the table with the same figures."""

import itertools
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from markupsafe import Markup

from borderstats import periods
from borderstats.package.datasets import Metadata
from borderstats.periods import Kind
from borderstats.site import figures
from borderstats.site.charts import line_chart, scale, small_multiples
from borderstats.site.charts.draw import Mark
from borderstats.site.figures import Facts, Line, Series
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import Break, Chart
from borderstats.words import labels, messages
from borderstats.words import periods as names
from borderstats.words.amounts import Style

Measure = Literal["flow", "stock", "average"]

_KINDS: Mapping[str, Kind] = {
    "months": "month", "quarters": "quarter", "calendar years": "year", "half-months": "half_month", "weeks": "week",
    "days": "day",
}  # fmt: skip
"""The kinds of periods by the kinds of charts over time; a chart of years has those of its dataset."""

_MOST_ROWS = 400
"""Of more days than these, the table has the last one of each month."""


@dataclass(frozen=True)
class Cell:
    """One figure of a table; `provisional` figures are marked."""

    text: str
    provisional: bool = False


@dataclass(frozen=True)
class Row:
    """One row: its head and its figures."""

    head: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Marked:
    """A break in series with its mark on a chart, a number for a change of definition and a letter for an event.

    `explained`: an earlier chart of the page tells it in full.
    """

    mark: Mark
    entry: Break
    explained: bool


@dataclass(frozen=True)
class ChartView:
    """A chart with all that belongs to it. `remarks` are sentences about what is and is not drawn.

    `days`: how many days there are, if the table has the last one of each month only; the CSV file has them all.
    """

    key: str
    title: str
    unit: str
    drawing: Markup
    remarks: tuple[str, ...]
    breaks: tuple[Marked, ...]
    head: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    provisional: bool
    dataset: str
    days: int = 0


def drawn(facts: Facts, chart: Chart) -> Series:
    """The lines of a chart that the standard declares; ReleaseError if it has no figures."""
    kind = _KINDS.get(chart.kind, facts.years)
    return figures.series(facts, chart.by, chart.where, kind=kind, top=chart.top, start=chart.start)


def lines(facts: Facts, chart: Chart, key: str, found: Series, breaks: Sequence[Marked] = ()) -> ChartView:
    """The view of a chart over time; `found` are its lines, `breaks` those drawn on it."""
    unit = counted(
        facts.meta, when(facts.meta.measure, found.kind, averaged=averaged(facts.meta)), facts.style
    )
    marks = [one.mark for one in breaks]
    draw = line_chart.chart if len(found.lines) <= small_multiples.MOST_IN_ONE else small_multiples.chart
    description = described(found, unit, facts.style)
    rows, days = _rows(found, facts.style)
    return ChartView(
        key=key,
        title=chart.title,
        unit=unit,
        drawing=draw(key, chart.title, description, found, marks, facts.style),
        remarks=(*_left_out(facts, chart, found), *remarks(found)),
        breaks=tuple(breaks),
        head=labels.sentence(names.noun(found.kind)),
        columns=tuple(line.label for line in found.lines) if chart.by else (noun(facts.meta),),
        rows=rows,
        provisional=bool(found.provisional.any()),
        dataset=facts.meta.id,
        days=days,
    )


def when(measure: Measure, kind: Kind, *, averaged: bool = False) -> str:
    """How a figure belongs to its period: `per month`, `at the end of the fiscal year`, `on the day`, `average over the month`.

    `averaged`: that it is an average is said already.
    """
    name = names.noun(kind)
    if measure == "stock":
        return messages.text("when.day") if kind == "day" else messages.text("when.stock", period=name)
    if measure == "flow":
        return messages.text("when.flow", period=name)
    return messages.text("when.averaged" if averaged else "when.average", period=name)


def averaged(meta: Metadata) -> bool:
    """Whether what a dataset counts is called an average."""
    return noun(meta).startswith("Average")


def counted(meta: Metadata, belonging: str, style: Style) -> str:
    """`Encounters per month (events, not people)`; a noun that is the unit itself is not said twice."""
    unit = labels.unit(meta.unit)
    said = f" ({unit})" if unit != labels.noun(meta) else ""
    if style.kind == "money":
        said = f" ({unit}; {messages.text('chart.money')})"
    return f"{noun(meta)} {belonging}{said}"


def noun(meta: Metadata) -> str:
    """What a dataset counts, as the beginning of a sentence."""
    return labels.sentence(labels.noun(meta))


def concerned(chart: Chart) -> frozenset[str]:
    """The dimensions by which a chart splits its figures, or of which it picks a code other than the total."""
    return frozenset({chart.by} - {""}) | picked(chart.where)


def picked(where: Mapping[str, str]) -> frozenset[str]:
    """The dimensions of which a code other than the total is picked."""
    return frozenset(name for name, code in where.items() if code != TOTAL)


def breaks(meta: Metadata, found: Series, concepts: frozenset[str]) -> tuple[Break, ...]:
    """The breaks of a dataset that lie on the axis of a chart and concern its figures."""
    return tuple(
        entry
        for entry in meta.breaks
        if scale.break_at(entry.date, found) is not None
        and (not entry.concepts or concepts & set(entry.concepts))
    )


def marked(charts: Sequence[Sequence[Break]]) -> tuple[tuple[Marked, ...], ...]:
    """For each chart of a page its breaks in the order of dates, changes of definition numbered, events lettered.

    Each is explained at the first chart that shows it.
    """
    return tuple(tuple(_marked(charts[:n], found)) for n, found in enumerate(charts))


def _marked(before: Sequence[Sequence[Break]], found: Sequence[Break]) -> Iterator[Marked]:
    explained = {entry.id for earlier in before for entry in earlier}
    texts = {"definition": map(str, itertools.count(1)), "event": letters()}
    for entry in sorted(found, key=lambda entry: (entry.date, entry.id)):
        mark = Mark(next(texts[entry.kind]), entry.date, entry.kind)
        yield Marked(mark, entry, entry.id in explained)


def letters() -> Iterator[str]:
    """`a` to `z`, then `aa`, `ab` and so on."""
    for length in itertools.count(1):
        yield from map("".join, itertools.product(string.ascii_lowercase, repeat=length))


def _left_out(facts: Facts, chart: Chart, found: Series) -> list[str]:
    """What a chart does not show, and where the lines between days mislead."""
    made = []
    if len(found.lines) > small_multiples.MOST_IN_ONE:
        made.append(messages.text("chart.same_scale"))
    if found.dropped:
        made.append(
            messages.text(
                "chart.dropped",
                drawn=len(found.lines),
                dimension=facts.meta.dimension(chart.by).label.en.lower(),
                recently=messages.text(f"recently.{found.kind}"),
                dropped=found.dropped,
            )
        )
    between = np.unique(facts.time[facts.of("quarter") & facts.calendar.in_transition(facts.time)])
    if found.kind == "fiscal_year" and len(between):
        quarters = labels.listed(map(names.long, between.tolist()))
        made.append(messages.text("chart.no_year", quarters=quarters))
    return made


def remarks(found: Series) -> list[str]:
    """What is to be known of any lines: years that are not over, days far apart, provisional figures, gaps."""
    made = []
    if found.partial:
        year = labels.sentence(names.long(found.partial))
        made.append(messages.text("chart.partial", year=year))
    if found.sparse:
        made.append(messages.text("chart.sparse", days=len(found.time)))
    if found.provisional.any():
        made.append(messages.text("chart.provisional"))
    if any(np.isnan(line.value).any() for line in found.lines):
        made.append(messages.text("chart.gap"))
    return made


def described(found: Series, unit: str, style: Style) -> str:
    """What a reader who does not see the chart should know of it; the figures are in the table beneath."""
    first_text, last_text = scale.period_text(found, 0), scale.period_text(found, len(found.time) - 1)
    covers = messages.text("chart.covers", unit=unit, first=first_text, last=last_text)
    lines = (_line_described(found, line, style) for line in found.lines)
    return " ".join([covers, *lines, messages.text("chart.beneath")])


def _line_described(found: Series, line: Line, style: Style) -> str:
    """The highest value, the lowest if it is below zero, and the last; with the line's name where there are several."""

    def at(place: int) -> str:
        value = style.words(float(line.value[place]))
        return messages.text("chart.value", value=value, period=scale.period_text(found, place))

    highest, lowest = int(np.nanargmax(line.value)), int(np.nanargmin(line.value))
    key = "chart.range_below_zero" if line.value[lowest] < 0 else "chart.range"
    said = messages.text(key, highest=at(highest), lowest=at(lowest), last=at(line.last))
    return f"{line.label}: {said}" if len(found.lines) > 1 else labels.sentence(said)


def kept(found: Series) -> tuple[list[int], int]:
    """The places that a table shows, the newest first; of very many days the last of each month, and how many there are."""
    places = list(range(len(found.time)))
    if found.kind != "day" or len(places) <= _MOST_ROWS:
        return places[::-1], 0
    months = [periods.days(int(time))[0].replace(day=1) for time in found.time]
    last = [n for n in places if n + 1 == len(months) or months[n] != months[n + 1]]
    return last[::-1], len(months)


def _rows(found: Series, style: Style) -> tuple[tuple[Row, ...], int]:
    places, days = kept(found)
    made = [
        Row(
            names.head(int(found.time[n])),
            tuple(Cell(style.exact(float(line.value[n])), bool(line.provisional[n])) for line in found.lines),
        )
        for n in places
    ]
    return tuple(made), days

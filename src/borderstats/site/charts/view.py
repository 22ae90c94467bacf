"""A chart as a page shows it: drawing, what it leaves out, breaks in series, and the table with the same figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from markupsafe import Markup

from borderstats.package.datasets import Metadata
from borderstats.site import figures
from borderstats.site.charts import line_chart, scale, small_multiples
from borderstats.site.charts.draw import Mark
from borderstats.site.figures import Facts, Series
from borderstats.standard.model import TOTAL, Break, Chart
from borderstats.words import labels, periods
from borderstats.words.amounts import Style
from borderstats.words.periods import Frequency

Measure = Literal["flow", "stock", "average"]

SHORT_MONEY = "m: million, bn: thousand million"
"""What the letters on an axis of money mean."""

_FREQUENCY: dict[str, Frequency] = {"months": "M", "years": "A", "days": "D", "half-months": "SM"}
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
class Numbered:
    """A break in series with its number on the page; `explained`: an earlier chart of the page tells it in full."""

    number: int
    entry: Break
    explained: bool


@dataclass(frozen=True)
class Exhibit:
    """A chart with all that belongs to it. `remarks` are sentences about what is and is not drawn.

    `cut` says what its table leaves out, if anything; the CSV file of the dataset has it.
    """

    key: str
    title: str
    unit: str
    drawing: Markup
    remarks: tuple[str, ...]
    breaks: tuple[Numbered, ...]
    head: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    provisional: bool
    dataset: str
    cut: str = ""


def drawn(told: Facts, chart: Chart) -> Series:
    """The lines of a chart that the standard declares; ReleaseError if it has no figures."""
    return figures.series(
        told, chart.by, chart.where, freq=_FREQUENCY[chart.kind], top=chart.top, start=chart.start
    )


def lines(told: Facts, chart: Chart, key: str, found: Series, breaks: Sequence[Numbered] = ()) -> Exhibit:
    """The exhibit of a chart over time; `found` are its lines, `breaks` those drawn on it."""
    unit = counted(told.meta, when(told.meta.measure, found.freq), told.style)
    marks = [Mark(entry.number, entry.entry.date) for entry in breaks]
    draw = line_chart.chart if len(found.lines) <= small_multiples.MOST_IN_ONE else small_multiples.chart
    description = described(found, unit, told.style)
    rows, cut = _rows(found, told.style)
    return Exhibit(
        key=key,
        title=chart.title,
        unit=unit,
        drawing=draw(key, chart.title, description, found, marks, told.style),
        remarks=(*_left_out(told, chart, found), *remarks(found)),
        breaks=tuple(breaks),
        head=labels.sentence(periods.KINDS[found.freq].noun),
        columns=tuple(line.label for line in found.lines) if chart.by else (noun(told.meta),),
        rows=rows,
        provisional=bool(found.provisional.any()),
        dataset=told.meta.id,
        cut=cut,
    )


def when(measure: Measure, freq: Frequency) -> str:
    """How a figure belongs to its period: `per month`, `at the end of the fiscal year`, `on the day`, `average over the month`."""
    name = periods.KINDS[freq].noun
    if measure == "stock":
        return "on the day" if freq == "D" else f"at the end of the {name}"
    return f"per {name}" if measure == "flow" else f"average over the {name}"


def counted(meta: Metadata, belonging: str, style: Style) -> str:
    """`Encounters per month (events, not people)`; a noun that is the unit itself is not said twice."""
    unit = labels.unit(meta.unit)
    said = f" ({unit})" if unit != labels.noun(meta) else ""
    if style.kind == "money":
        said = f" ({unit}; {SHORT_MONEY})"
    name = noun(meta)
    if name.startswith("Average"):
        belonging = belonging.removeprefix("average ")
    return f"{name} {belonging}{said}"


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


def numbered(charts: Sequence[Sequence[Break]]) -> tuple[tuple[Numbered, ...], ...]:
    """For each chart of a page its breaks: a break has one number on the page, in the order of dates.

    It is explained at the first chart that shows it.
    """
    dates = {entry.id: entry.date for found in charts for entry in found}
    numbers = {name: n for n, name in enumerate(sorted(dates, key=lambda name: (dates[name], name)), 1)}
    return tuple(tuple(_numbered(charts[:n], found, numbers)) for n, found in enumerate(charts))


def _numbered(
    before: Sequence[Sequence[Break]], found: Sequence[Break], numbers: Mapping[str, int]
) -> Iterator[Numbered]:
    told = {entry.id for earlier in before for entry in earlier}
    for entry in sorted(found, key=lambda entry: numbers[entry.id]):
        yield Numbered(numbers[entry.id], entry, entry.id in told)


def _left_out(told: Facts, chart: Chart, found: Series) -> list[str]:
    """What a chart does not show, and where the lines between days mislead."""
    told_of = []
    if len(found.lines) > small_multiples.MOST_IN_ONE:
        told_of.append("All panels have the same scale.")
    if found.dropped:
        label = told.meta.dimension(chart.by).label.en.lower()
        recently = periods.KINDS[found.freq].recently
        told_of.append(
            f"The {len(found.lines)} largest by {label} {recently} are drawn; {found.dropped} more are not."
        )
    if found.freq == "A" and told.of("Q").any():
        quarters = labels.listed(periods.long("Q", int(q)) for q in np.unique(told.time[told.of("Q")]))
        told_of.append(
            f"The quarter from {quarters} belongs to no fiscal year: it is in the files, not drawn."
        )
    return told_of


def remarks(found: Series) -> list[str]:
    """What is to be known of any lines: years that are not over, days far apart, provisional figures, gaps."""
    made = []
    if found.partial:
        made.append(f"Fiscal year {found.partial}, of which only a part is published, is not drawn.")
    if found.sparse:
        made.append(
            f"Each point is one of {len(found.time)} days with a figure; the line between two points only joins them."
        )
    if found.provisional.any():
        made.append("Figures in the shaded part are provisional: the publisher may still change them.")
    if any(np.isnan(line.value).any() for line in found.lines):
        made.append("A gap in a line means that there is no figure, not that the figure is zero.")
    return made


def described(found: Series, unit: str, style: Style) -> str:
    """What a reader who does not see the chart should know of it; the figures are in the table beneath."""
    first_text, last_text = scale.period_text(found, 0), scale.period_text(found, len(found.time) - 1)
    told = []
    for line in found.lines:
        highest, lowest = int(np.nanargmax(line.value)), int(np.nanargmin(line.value))
        name = f"{line.label}: highest" if len(found.lines) > 1 else "Highest"
        below = (
            f"lowest {style.words(float(line.value[lowest]))} in {scale.period_text(found, lowest)}, "
            if line.value[lowest] < 0
            else ""
        )
        told.append(
            f"{name} {style.words(float(line.value[highest]))} in {scale.period_text(found, highest)}, {below}"
            f"last {style.words(float(line.value[line.last]))} in {scale.period_text(found, line.last)}."
        )
    return " ".join([f"{unit}, {first_text} to {last_text}.", *told, "All figures are in the table beneath."])


def kept(found: Series) -> tuple[list[int], str]:
    """The places that a table shows, the newest first, and what it leaves out: of very many days most of each month."""
    places = list(range(len(found.time)))
    if found.freq != "D" or len(places) <= _MOST_ROWS:
        return places[::-1], ""
    months = [periods.first_day("D", int(time)).replace(day=1) for time in found.time]
    last = [n for n in places if n + 1 == len(months) or months[n] != months[n + 1]]
    return last[::-1], f"The table has the last day of each month; all {len(months):,} days are in"


def _rows(found: Series, style: Style) -> tuple[tuple[Row, ...], str]:
    places, cut = kept(found)
    made = [
        Row(
            periods.head(found.freq, int(found.time[n])),
            tuple(Cell(style.exact(float(line.value[n])), bool(line.provisional[n])) for line in found.lines),
        )
        for n in places
    ]
    return tuple(made), cut

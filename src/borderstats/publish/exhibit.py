"""A chart as a page shows it: drawing, what it leaves out, breaks in series, and the table with the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from borderstats.publish import bars, charts, figures, labels, panels, scale
from borderstats.publish.draw import Mark
from borderstats.publish.figures import Facts, Series
from borderstats.publish.read import Break, Chart, Metadata

_WHEN = {"flow": "per {}", "stock": "at the end of the {}", "average": "over the {}"}
"""How a figure belongs to its period."""


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
    """A break in series with its number in the dataset; `explained`: an earlier chart of the page tells it in full."""

    number: int
    entry: Break
    explained: bool


@dataclass(frozen=True)
class Exhibit:
    """A chart with all that belongs to it. `remarks` are sentences about what is and is not drawn."""

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


def exhibits(told: Facts) -> tuple[Exhibit, ...]:
    """All charts that the standard declares for a dataset, in its order; each break is explained at the first of them."""
    made: list[Exhibit] = []
    for n, chart in enumerate(told.meta.charts, 1):
        explained = frozenset(item.number for earlier in made for item in earlier.breaks)
        made.append(exhibit(told, chart, f"chart-{n}", explained))
    return tuple(made)


def exhibit(told: Facts, chart: Chart, key: str, explained: frozenset[int] = frozenset()) -> Exhibit:
    """The chart that the standard declares; `key` is unique on its page. ReleaseError if it has no figures."""
    if chart.kind == "bars":
        return _bars(told, chart, key)
    found = figures.series(
        told, chart.by, chart.where, monthly=chart.kind == "months", top=chart.top, start=chart.start
    )
    return _lines(told, chart, key, found, explained)


def _lines(told: Facts, chart: Chart, key: str, found: Series, explained: frozenset[int]) -> Exhibit:
    unit = _counted(told, _WHEN[told.meta.measure].format("month" if found.monthly else "fiscal year"))
    breaks = tuple(
        Numbered(n, entry, n in explained)
        for n, entry in enumerate(_within(told.meta), 1)
        if scale.break_at(entry.date, found) is not None
    )
    marks = [Mark(entry.number, entry.entry.date) for entry in breaks]
    provisional = bool(found.provisional.any())
    draw = charts.chart if len(found.lines) <= panels.MOST_IN_ONE else panels.chart
    remarks = ["All panels have the same scale."] if draw is panels.chart else []
    if found.dropped:
        label = told.meta.dimension(chart.by).label.en.lower()
        recent = "12 months" if found.monthly else "five fiscal years"
        remarks.append(
            f"The {len(found.lines)} largest by {label} over the last {recent} are drawn; {found.dropped} more are not."
        )
    if provisional:
        remarks.append("Figures in the shaded part are provisional: the publisher may still change them.")
    if any(np.isnan(line.value).any() for line in found.lines):
        remarks.append("A gap in a line means that there is no figure, not that the figure is zero.")
    return Exhibit(
        key=key,
        title=chart.title,
        unit=unit,
        drawing=draw(key, chart.title, _described(found, unit), found, marks),
        remarks=tuple(remarks),
        breaks=breaks,
        head="Month" if found.monthly else "Fiscal year",
        columns=tuple(line.label for line in found.lines) if chart.by else (_noun(told),),
        rows=_rows(found),
        provisional=provisional,
    )


def _within(meta: Metadata) -> tuple[Break, ...]:
    """The breaks within the period of a dataset, which are numbered alike on all its charts."""
    first = meta.first_period
    start = f"{int(first[2:]) - 1}-10-01" if first.startswith("FY") else f"{first}-01"
    return tuple(entry for entry in meta.breaks if entry.date > start)


def _counted(told: Facts, when: str) -> str:
    """`Encounters per month (events, not people)`; a noun that is the unit itself is not said twice."""
    unit = labels.unit(told.meta.unit)
    return f"{_noun(told)} {when}" + (f" ({unit})" if unit != labels.noun(told.meta) else "")


def _noun(told: Facts) -> str:
    return labels.sentence(labels.noun(told.meta))


def _described(found: Series, unit: str) -> str:
    """What a reader who does not see the chart should know of it; the figures are in the table beneath."""
    last = len(found.time) - 1
    first_text, last_text = scale.period_text(found, 0), scale.period_text(found, last)
    told = []
    for line in found.lines:
        highest = int(np.nanargmax(line.value))
        name = f"{line.label}: " if len(found.lines) > 1 else ""
        told.append(
            f"{name}highest {labels.number(float(line.value[highest]))} in {scale.period_text(found, highest)}, "
            f"last {labels.number(float(line.value[line.last]))} in {scale.period_text(found, line.last)}."
        )
    return " ".join([f"{unit}, {first_text} to {last_text}.", *told, "All figures are in the table beneath."])


def _rows(found: Series) -> tuple[Row, ...]:
    """The newest period first."""
    heads = [labels.month(int(time)) if found.monthly else str(int(time)) for time in found.time]
    columns = [
        [
            Cell(labels.number(value), provisional)
            for value, provisional in zip(line.value.tolist(), line.provisional.tolist(), strict=True)
        ]
        for line in found.lines
    ]
    made = [Row(head, cells) for head, cells in zip(heads, zip(*columns, strict=True), strict=True)]
    return tuple(reversed(made))


def _bars(told: Facts, chart: Chart, key: str) -> Exhibit:
    year, found = figures.full_year(told, chart.by, chart.where)
    shown = found[: chart.top]
    unit = _counted(told, f"in fiscal year {year}")
    label = told.meta.dimension(chart.by).label.en
    remarks = [f"Fiscal year {year} ran from October {year - 1} to September {year}."]
    if len(found) > len(shown):
        rest = sum(bar.value for bar in found[chart.top :])
        remarks.append(
            f"The {len(shown)} largest are drawn; the other {len(found) - len(shown)} add up to {labels.number(rest)} and are in the table."
        )
    return Exhibit(
        key=key,
        title=chart.title,
        unit=unit,
        drawing=bars.chart(key, chart.title, _described_bars(shown, unit), shown),
        remarks=tuple(remarks),
        breaks=(),
        head=label,
        columns=(f"Fiscal year {year}", f"Fiscal year {year - 1}", "Change", "Change in %"),
        rows=tuple(
            Row(
                bar.label,
                tuple(
                    Cell(text)
                    for text in (
                        labels.number(bar.value),
                        labels.number(bar.earlier),
                        labels.signed(bar.value - bar.earlier),
                        labels.percent(bar.value, bar.earlier),
                    )
                ),
            )
            for bar in found
        ),
        provisional=False,
    )


def _described_bars(shown: Sequence[figures.Bar], unit: str) -> str:
    largest = "; ".join(f"{bar.label} {labels.number(bar.value)}" for bar in shown[:3])
    return f"{unit}. Largest: {largest}. All figures are in the table beneath."

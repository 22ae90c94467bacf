"""The home page: how many, where, who, compared with the same months (or quarters) a year earlier."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from borderstats.formats import jsonld
from borderstats.package import addresses
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.package.provisions import Provision
from borderstats.package.snapshots import newest
from borderstats.package.struct import AsOf
from borderstats.site import comparisons
from borderstats.site.charts import bars, view
from borderstats.site.charts.view import ChartView
from borderstats.site.comparisons import Bar, YearToDate
from borderstats.site.figures import Facts
from borderstats.site.pages import dataset
from borderstats.standard.model import Chart, Headline
from borderstats.standard.model import Dataset as Defined
from borderstats.words import labels, messages
from borderstats.words import periods as names

_SHOWN = 6
"""Rows of a table before the rest is folded away."""

_SHORT = 4


@dataclass(frozen=True)
class Entry:
    """One row of a small table: a name, this year to date, a year earlier, the change, and two bars."""

    label: str
    value: str
    earlier: str
    change: str
    percent: str
    bars: Markup


@dataclass(frozen=True)
class Breakdown:
    """A total by the codes of one dimension; `more` are the rows that are folded away."""

    label: str
    entries: tuple[Entry, ...]
    more: tuple[Entry, ...]

    @property
    def short(self) -> bool:
        """Whether it is so short that two of it are as high as a long one."""
        return len(self.entries) <= _SHORT and not self.more


@dataclass(frozen=True)
class Answer:
    """One headline with all that the home page says about it."""

    key: str
    title: str
    dataset: str
    dataset_title: str
    counts: str
    noun: str
    unit: str
    counted: str
    rounding: int
    as_of: AsOf
    synthetic: bool
    year: YearToDate
    value: str
    earlier: str
    comparison: str
    whole_year: str
    sentence: str
    where: tuple[Breakdown, ...]
    who: tuple[Breakdown, ...]
    chart: ChartView


def answers(package: Package, by_dataset: Mapping[str, Facts]) -> tuple[Answer, ...]:
    """The answer to each headline of the standard, in its order."""
    shown = [(one, by_dataset[one.dataset]) for one in package.standard.home if one.dataset in by_dataset]
    charts = [chart(headline, facts, _place(headline)) for headline, facts in shown]
    found = [view.drawn(facts, one) for (_, facts), one in zip(shown, charts, strict=True)]
    breaks = view.marked(
        [
            view.breaks(facts.meta, series, frozenset())
            for (_, facts), series in zip(shown, found, strict=True)
        ]
    )
    return tuple(
        answer(headline, facts, view.lines(facts, one, f"headline-{n}", series, marked))
        for n, ((headline, facts), one, series, marked) in enumerate(
            zip(shown, charts, found, breaks, strict=True), 1
        )
    )


def chart(headline: Headline, facts: Facts, where: str) -> Chart:
    """The chart of a headline by month, or by quarter; `where` is the end of its title."""
    kind: Literal["months", "quarters"] = (
        "quarters" if comparisons.part_of_year(facts) == "quarter" else "months"
    )
    part = names.noun("quarter" if kind == "quarters" else "month")
    title = messages.text("home.chart", counts=view.noun(facts.meta), part=part, where=where)
    return Chart(title=title, kind=kind, by="", where=dict(headline.only), top=1, start="")


def _place(headline: Headline) -> str:
    return headline.title[0].lower() + headline.title[1:]


def answer(headline: Headline, facts: Facts, chart: ChartView) -> Answer:
    """The answer to one headline: its dataset's latest fiscal year to date against the same months before."""
    meta, year = facts.meta, comparisons.latest_year(facts, headline.only)
    noun, unit = labels.noun(meta), labels.unit(meta.unit)
    known = not math.isnan(year.earlier) and year.earlier > 0
    comparison = labels.compared(year.value, year.earlier) if known else ""
    sentence = messages.text(
        "home.sentence_compared" if known else "home.sentence",
        value=labels.number(year.value),
        counts=labels.noun_and_unit(meta),
        where=_place(headline),
        span=year.text,
        parts=year.nouns,
        comparison=comparison,
    )
    return Answer(
        key=chart.key,
        title=headline.title,
        dataset=meta.id,
        dataset_title=meta.title.en,
        counts=meta.counts,
        noun=noun,
        unit=unit,
        counted=labels.noun_and_unit(meta),
        rounding=meta.rounding,
        as_of=newest(meta.snapshots),
        synthetic=meta.synthetic,
        year=year,
        value=labels.number(year.value),
        earlier=labels.number(year.earlier) if known else "",
        comparison=comparison,
        whole_year="" if year.full else _whole_year(facts, headline.only),
        sentence=sentence,
        where=tuple(_breakdown(facts, by, year, headline.only) for by in headline.where),
        who=tuple(_breakdown(facts, by, year, headline.only) for by in headline.who),
        chart=chart,
    )


def _whole_year(facts: Facts, only: Mapping[str, str]) -> str:
    """The last year of which all months (or quarters) are there, compared with the one before it; nothing if there is none."""
    year = comparisons.latest_year(facts, only, whole=True)
    if not year.full:
        return ""
    known = not math.isnan(year.earlier) and year.earlier > 0
    return messages.text(
        "home.whole_year_compared" if known else "home.whole_year",
        year=names.long(year.year),
        value=labels.number(year.value),
        comparison=labels.compared(year.value, year.earlier) if known else "",
        earlier=labels.number(year.earlier) if known else "",
        before=names.long(year.year - 1),
    )


def _breakdown(facts: Facts, by: str, year: YearToDate, only: Mapping[str, str]) -> Breakdown:
    found = comparisons.by_code(facts, by, year, only)
    largest = max(value for bar in found for value in (bar.value, bar.earlier) if not math.isnan(value))
    entries = tuple(_entry(bar, largest or 1) for bar in found)
    # One row alone is not worth folding away.
    shown = _SHOWN if len(entries) > _SHOWN + 1 else len(entries)
    return Breakdown(facts.meta.dimension(by).label.en, entries[:shown], entries[shown:])


def _entry(bar: Bar, largest: float) -> Entry:
    return Entry(
        bar.label,
        labels.number(bar.value),
        labels.number(bar.earlier),
        labels.signed(bar.value - bar.earlier),
        labels.percent(bar.value, bar.earlier),
        bars.pair(bar.value, bar.earlier, largest),
    )


@dataclass(frozen=True)
class Listed:
    """A dataset in the list of all, with the other provisions that it reports on."""

    meta: Metadata
    span: str
    also: tuple[Provision, ...]


@dataclass(frozen=True)
class Group:
    """The datasets that report first on one provision; None: on no provision. `empty` are those that nobody fills."""

    provision: Provision | None
    path: str
    datasets: tuple[Listed, ...]
    empty: tuple[Defined, ...]


def context(package: Package, shown: tuple[Answer, ...], by_dataset: Mapping[str, Facts]) -> dict[str, Any]:
    """What the template of the home page shows."""
    return {
        "answers": shown,
        "groups": _groups(package, by_dataset),
        "newest": newest([snapshot for facts in by_dataset.values() for snapshot in facts.meta.snapshots]),
        "sources": len(package.reporting),
        "counts": package.overview.counts,
        "jsonld": jsonld.catalogue(package),
    }


def _groups(package: Package, by_dataset: Mapping[str, Facts]) -> tuple[Group, ...]:
    """Each dataset once, under the first provision that it reports on, in the order of the provisions."""
    known = {provision.number: provision for provision in package.provisions}
    by_provision: dict[int | None, list[Listed]] = {number: [] for number in (*known, None)}
    for facts in by_dataset.values():
        numbers = [number for number in facts.meta.provisions if number in known]
        first = numbers[0] if numbers else None
        also = tuple(known[number] for number in numbers[1:])
        by_provision[first].append(Listed(facts.meta, dataset.span(facts), also))
    unfilled: dict[int | None, list[Defined]] = {number: [] for number in by_provision}
    for defined in dataset.empty(package):
        unfilled[next((number for number in defined.provisions if number in known), None)].append(defined)
    return tuple(
        Group(
            None if number is None else known[number],
            "" if number is None else addresses.provision(known[number]),
            tuple(found),
            tuple(unfilled[number]),
        )
        for number, found in by_provision.items()
        if found or unfilled[number]
    )

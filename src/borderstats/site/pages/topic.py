"""The pages of places and groups: the newest figures of one code, what else knows it, and what nobody crosses with it."""

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from borderstats.package import addresses
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.site import comparisons, figures
from borderstats.site.charts import view
from borderstats.site.comparisons import Trailing
from borderstats.site.figures import Facts
from borderstats.site.pages import home
from borderstats.site.pages.home import Answer
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import UNNAMED, Headline, Topic
from borderstats.words import labels, messages
from borderstats.words import periods as names


@dataclass(frozen=True)
class Subject:
    """One place or group: a code of a topic's concept, its name, the address of its page, and the headlines that have figures."""

    topic: Topic
    code: str
    label: str
    note: str
    path: str
    headlines: tuple[Headline, ...]


@dataclass(frozen=True)
class Knows:
    """A dataset that knows a code: from when to when, and the other dimensions that it crosses with the code."""

    meta: Metadata
    span: str
    crossed: str


@dataclass(frozen=True)
class Missing:
    """Dimensions that no dataset here crosses with a code today; `elsewhere` are datasets without a file that would.

    `until` is the last period of which a dataset does; empty if none ever did.
    """

    asked: str
    until: str
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class Latest:
    """A headline with the last twelve months against the twelve before."""

    answer: Answer
    month: str
    value: str
    trailing: Trailing
    sum: str
    compared: str


@dataclass(frozen=True)
class Row:
    """A place or group in the list of all: its last twelve months, the twelve before and the change."""

    subject: Subject
    span: str
    value: str
    earlier: str
    percent: str


def subjects(package: Package, by_dataset: Mapping[str, Facts]) -> tuple[Subject, ...]:
    """Every code that has a page, topic by topic, in the order of the code list."""
    return tuple(
        subject for topic in package.standard.topics for subject in _subjects(package, by_dataset, topic)
    )


def _subjects(package: Package, by_dataset: Mapping[str, Facts], topic: Topic) -> Iterator[Subject]:
    standard = package.standard
    for code in standard.lists[standard.concepts[topic.concept].codelist]:
        if code.code.startswith(UNNAMED):
            continue
        shown = tuple(
            replaced
            for headline in topic.headlines
            if (facts := by_dataset.get(headline.dataset))
            and (replaced := _narrowed(facts, headline, topic.concept, code.code))
        )
        if shown:
            path = addresses.topic(topic.address, code.label_en)
            yield Subject(topic, code.code, code.label_en, code.note, path, shown)


def _narrowed(facts: Facts, headline: Headline, concept: str, code: str) -> Headline | None:
    """A headline narrowed to a code, with the breakdowns that its dataset has beside it; None if it has no recent figures."""
    only = {**headline.only, concept: code}
    part = comparisons.part_of_year(facts)
    if part is None:
        return None
    recent = int(facts.time[facts.of(part)].max()) - figures.RECENT[part]
    flags = figures.chosen(facts, "", only) & facts.of(part) & ~np.isnan(facts.value)
    if not (flags & (facts.time > recent)).any():
        return None
    crossed = [name for name in (*headline.where, *headline.who) if len(_crossed(facts, only, (name,)))]
    return Headline(
        dataset=headline.dataset,
        title=headline.title,
        where=tuple(name for name in headline.where if name in crossed),
        who=tuple(name for name in headline.who if name in crossed),
        only=only,
    )


def _rows(facts: Facts, only: Mapping[str, str], by: Collection[str] = ()) -> figures.Flags:
    """The rows with figures of some codes, split by some dimensions, whatever their other codes are."""
    flags = ~np.isnan(facts.value)
    for dimension in facts.meta.dimensions:
        column = facts.columns[dimension.id]
        if dimension.id in only:
            flags &= column.equal(only[dimension.id])
        elif dimension.id in by:
            flags &= ~column.equal(TOTAL)
    return flags


def _crossed(facts: Facts, only: Mapping[str, str], by: Collection[str]) -> figures.Ints:
    """The periods of which a dataset has figures of some codes split by dimensions, all of them together."""
    if not facts.columns.keys() >= set(by):
        return facts.time[:0]
    return facts.time[_rows(facts, only, by)]


def context(package: Package, by_dataset: Mapping[str, Facts], subject: Subject) -> dict[str, Any]:
    """What the template of one place's or group's page shows."""
    shown = [(headline, by_dataset[headline.dataset]) for headline in subject.headlines]
    # Two charts of a page have titles of their own, for who hears them.
    charts = [
        home.chart(headline, facts, f"{subject.label}: {headline.title}" if len(shown) > 1 else subject.label)
        for headline, facts in shown
    ]
    found = [view.drawn(facts, chart) for (_, facts), chart in zip(shown, charts, strict=True)]
    breaks = view.marked(
        [
            view.breaks(facts.meta, series, view.picked(headline.only))
            for (headline, facts), series in zip(shown, found, strict=True)
        ]
    )
    latest = [
        _latest(headline, facts, view.lines(facts, chart, f"figure-{n}", series, marked))
        for n, ((headline, facts), chart, series, marked) in enumerate(
            zip(shown, charts, found, breaks, strict=True), 1
        )
    ]
    return {
        "subject": subject,
        "concept": package.standard.concepts[subject.topic.concept],
        "latest": latest,
        "knows": tuple(_knows(by_dataset, subject)),
        "missing": tuple(_missing(package, by_dataset, subject)),
    }


def _latest(headline: Headline, facts: Facts, chart: view.ChartView) -> Latest:
    trailing = comparisons.trailing(facts, headline.only)
    known = not math.isnan(trailing.earlier) and trailing.earlier > 0
    return Latest(
        answer=home.answer(headline, facts, chart),
        month=names.long(trailing.parts[-1]),
        value=labels.number(trailing.last),
        trailing=trailing,
        sum=labels.number(trailing.value),
        compared=labels.compared(trailing.value, trailing.earlier) if known and not trailing.broken else "",
    )


def _knows(by_dataset: Mapping[str, Facts], subject: Subject) -> Iterator[Knows]:
    concept = subject.topic.concept
    for facts in by_dataset.values():
        if concept not in facts.columns:
            continue
        flags = _rows(facts, {concept: subject.code})
        if not flags.any():
            continue
        time = facts.time[flags & facts.of(facts.main)]
        if not len(time):
            time = facts.time[flags]
        others = [
            dimension.label.en.lower()
            for dimension in facts.meta.dimensions
            if dimension.id != concept and _several(facts, dimension.id, flags)
        ]
        yield Knows(
            facts.meta,
            names.span(int(time.min()), int(time.max())),
            labels.listed(others) if others else "",
        )


def _several(facts: Facts, name: str, flags: figures.Flags) -> bool:
    """Whether rows are of several codes of a dimension, besides its total: of one alone they are no crossing."""
    column = facts.columns[name]
    return len({column.codes[place] for place in set(column.place[flags].tolist())} - {TOTAL}) > 1


def _missing(package: Package, by_dataset: Mapping[str, Facts], subject: Subject) -> Iterator[Missing]:
    """The crossings that readers ask for and no dataset of the release has of the last twelve months of the first headline."""
    concept, first = subject.topic.concept, subject.headlines[0]
    newest = by_dataset[first.dataset]
    recent = newest.calendar.first_day(comparisons.trailing(newest, first.only).parts[0])
    fed = {name for source in package.standard.sources for name in source.feeds}
    having = [facts for facts in by_dataset.values() if concept in facts.columns]
    for asked in subject.topic.asked:
        last = max(
            (
                (facts.calendar.last_day(period), period)
                for facts in having
                for period in np.unique(_crossed(facts, {concept: subject.code}, asked)).tolist()
            ),
            default=None,
        )
        if last and last[0] >= recent:
            continue
        elsewhere = [
            defined.title
            for defined in package.standard.datasets
            if defined.id in fed - package.datasets.keys() and {concept, *asked} <= set(defined.concepts)
        ]
        said = (package.standard.concepts[name].label.lower() for name in asked)
        yield Missing(labels.listed(said), names.long(last[1]) if last else "", tuple(elsewhere))


def overview(by_dataset: Mapping[str, Facts], found: Sequence[Subject]) -> dict[str, Any]:
    """What the template of the list of all places and groups shows."""
    topics = [
        (topic, [_row(by_dataset, subject) for subject in several])
        for topic, several in itertools.groupby(found, key=lambda subject: subject.topic)
    ]
    return {"topics": topics}


def _row(by_dataset: Mapping[str, Facts], subject: Subject) -> Row:
    headline = subject.headlines[0]
    facts = by_dataset[headline.dataset]
    trailing = comparisons.trailing(facts, headline.only)
    compared = not trailing.broken
    return Row(
        subject,
        trailing.text,
        labels.number(trailing.value),
        labels.number(trailing.earlier) if compared else messages.text("topic.not_compared_short"),
        labels.percent(trailing.value, trailing.earlier) if compared else "",
    )

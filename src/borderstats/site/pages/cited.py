"""Cited figures: what publishers printed and no dataset here gives, with its source and grade."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from borderstats import periods
from borderstats.package.model import Package
from borderstats.package.provisions import Provision
from borderstats.package.reports import Cited
from borderstats.periods import Calendar
from borderstats.words import amounts, labels, messages
from borderstats.words.amounts import Style

_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Row:
    """One figure in words. `against`: what a dataset has in its place, and why."""

    id: str
    what: str
    period: str
    value: str
    unit: str
    grade: str
    source: str
    against: str


@dataclass(frozen=True)
class Measure:
    """The figures of one measure in the order of their periods; `also` are further provisions on whose pages they are."""

    label: str
    rows: tuple[Row, ...]
    also: tuple[Provision, ...] = ()


@dataclass(frozen=True)
class Group:
    """The measures that belong first to one provision; None: to no provision."""

    provision: Provision | None
    measures: tuple[Measure, ...]


def context(package: Package) -> dict[str, Any]:
    """What the template of the page of cited figures shows."""
    return {
        "groups": list(_groups(package)),
        "total": len(package.cited),
        "contradicted": sum(figure.state == "contradicted" for figure in package.cited),
        "grades": grades(package.cited),
    }


def of(package: Package, number: int) -> tuple[Cited, ...]:
    """The cited figures that belong on the page of a provision."""
    return tuple(figure for figure in package.cited if number in _numbers(figure))


def measures(package: Package, figures: Sequence[Cited]) -> tuple[Measure, ...]:
    """Figures by measure, in the order in which the measures come."""
    calendar = package.standard.calendar
    return tuple(
        Measure(
            label or messages.text("cited.other"),
            tuple(_row(package, figure) for figure in _sorted(calendar, figures, label)),
        )
        for label in dict.fromkeys(figure.measure for figure in figures)
    )


def grades(figures: Sequence[Cited]) -> tuple[tuple[str, str], ...]:
    """The grades of these figures and what they mean; `A2/C` is of two."""
    found = {part for figure in figures for part in figure.grade.split("/")}
    return tuple((grade, messages.named("grade", grade)) for grade in sorted(found))


def _groups(package: Package) -> Iterator[Group]:
    known = {provision.number: provision for provision in package.provisions}
    by_provision: dict[int | None, list[Cited]] = {number: [] for number in (*known, None)}
    for figure in package.cited:
        by_provision[next((number for number in _numbers(figure) if number in known), None)].append(figure)
    for number, figures in by_provision.items():
        if figures:
            also = {
                figure.measure: tuple(known[n] for n in _numbers(figure) if n in known and n != number)
                for figure in figures
            }
            yield Group(
                None if number is None else known[number],
                tuple(
                    Measure(one.label, one.rows, also.get(one.label, ()))
                    for one in measures(package, figures)
                ),
            )


def _numbers(figure: Cited) -> tuple[int, ...]:
    """The provisions of a figure; a text that is no number is none of them."""
    return tuple(int(part) for part in figure.provisions.split("|") if part.isdigit())


def _sorted(calendar: Calendar, figures: Sequence[Cited], label: str) -> list[Cited]:
    of_measure = (figure for figure in figures if figure.measure == label)
    return sorted(of_measure, key=lambda figure: _when(calendar, figure))


def _when(calendar: Calendar, figure: Cited) -> tuple[datetime.date, str, str]:
    """The end of a period; of a period that is none of ours, that of the last year in its words."""
    try:
        day = calendar.last_day(periods.parse(figure.period))
    except ValueError:
        years = _YEAR.findall(figure.period)
        day = datetime.date(int(years[-1]), 12, 31) if years else datetime.date.max
    return day, figure.what, figure.id


def _row(package: Package, figure: Cited) -> Row:
    return Row(
        figure.id,
        labels.sentence(figure.what) or messages.text("figure.total"),
        labels.sentence(_period(figure.period)),
        _exact(figure.value),
        _unit(package, figure.unit),
        figure.grade,
        figure.source,
        _against(package, figure),
    )


def _against(package: Package, figure: Cited) -> str:
    if figure.here is None:
        return ""
    return messages.text(
        "cited.against",
        dataset=package.dataset(figure.dataset, "cited.csv").meta.title.en,
        value=_exact(figure.here),
        day=labels.date(figure.as_of),
        reason=figure.reason,
    )


def _period(written: str) -> str:
    """A period, or the two that a publisher joined with `to`, in words."""
    first, to, last = written.partition(" to ")
    if not to:
        return labels.period(first)
    return messages.text("period.span", first=labels.period(first), last=labels.period(last))


def _exact(value: float) -> str:
    """A figure with as many decimals as were printed."""
    return Style(decimals=amounts.decimals(value)).exact(value)


def _unit(package: Package, written: str) -> str:
    """The name of a unit of the standard; other units of publishers stand as they are written."""
    for unit in package.standard.units:
        if unit.code == written.upper():
            return labels.lowered(unit)
    return written.replace("_", " ")

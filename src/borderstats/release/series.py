"""One series of a dataset by period, and by fiscal year: what an indicator or a reconciliation is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, Observations
from borderstats.release.evidence import Evidence
from borderstats.standard.codelists import TOTAL

_IN_A_YEAR = {0: 12, 3: 24}
"""How many months and half-months make a year, by the place of their frequency."""

SEPARATOR = "|"
"""Between the codes of a pattern that takes several."""


@dataclass(frozen=True)
class Point:
    """The figure of one period, in the dataset's smallest unit, and whether it is provisional."""

    value: int
    provisional: bool


Series = Mapping[int, Point]
"""Figures by period, in order; a period without a figure is not there."""


def of(evidence: Evidence, dataset: str, where: Mapping[str, str]) -> Series:
    """The series at some codes (several separated by `|`), every other dimension at its total.

    Where every source calls an absent row a zero, a period that the dataset covers has a figure.
    """
    latest = evidence.latest(dataset)
    mine = latest.where(_at(latest.space, latest, where))
    period = mine.space.period(mine.key)
    unknown = set(period[np.isin(mine.status, evidence.statuses.untold)].tolist())
    # A period all of whose cells do not apply has no figure; beside figures such a cell counts nothing.
    unknown |= set(period.tolist()) - set(period[mine.status != evidence.statuses.not_applicable].tolist())
    provisional = set(period[mine.status == evidence.statuses.provisional].tolist())
    if all(vintage.absent_is_zero for vintage in evidence.histories[dataset].vintages):
        period = np.concatenate((period, latest.covered))
    distinct, place = np.unique(period, return_inverse=True)
    totals = np.zeros(len(distinct), np.int64)
    np.add.at(totals, place[: len(mine)], mine.value)
    return {
        int(p): Point(int(total), int(p) in provisional)
        for p, total in zip(distinct, totals, strict=True)
        if int(p) not in unknown
    }


def _at(space: KeySpace, observations: Observations, where: Mapping[str, str]) -> Flags:
    """The rows that add up to a pattern: published totals for what it does not name, all codes where totals are sums."""
    wanted = {concept: tuple(codes.split(SEPARATOR)) for concept, codes in where.items()}
    for dimension in space.dataset.dimensions:
        if dimension.total == "published":
            wanted.setdefault(dimension.concept, (TOTAL,))
        elif wanted.get(dimension.concept) == (TOTAL,):
            del wanted[dimension.concept]
    return space.matches(observations.key, wanted)


def over_years(annual: Series, years: int) -> Series:
    """Sums of so many fiscal years, each by the year it ends with; without a sum where a year is missing."""
    return {
        p: over(annual, range(p - years + 1, p + 1))
        for p in annual
        if all(q in annual for q in range(p - years + 1, p + 1))
    }


def over(found: Series, span: Sequence[int]) -> Point:
    """The sum of several periods."""
    mine = [found[p] for p in span]
    return Point(sum(point.value for point in mine), any(point.provisional for point in mine))


def to_date(found: Series, measure: str) -> tuple[int, ...]:
    """The latest periods shorter than a year: of a flow all since the fiscal year began, else the latest one alone.

    Empty if there is none, if one of them is missing, or if they end the fiscal year.
    """
    every = np.array([p for p in found if not periods.FISCAL <= p < periods.HALF_MONTH], np.int64)
    if not len(every):
        return ()
    last = int(max(every.tolist(), key=periods.last_day))
    if measure != "flow":
        return (last,)
    year = periods.fiscal_year(last)
    same = every[
        (periods.frequency(every) == periods.frequency(np.array([last])))
        & (periods.fiscal_years(every) == year)
    ]
    whole = len(same) == _count(same) and periods.first_day(int(same[0])) == periods.first_day(
        periods.fiscal(year)
    )
    return (
        tuple(same.tolist())
        if whole and periods.last_day(last) != periods.last_day(periods.fiscal(year))
        else ()
    )


def _count(same: Ints) -> int:
    """How many periods there are from the first to the last."""
    return int(same[-1] - same[0]) + 1


def year_earlier(span: Sequence[int]) -> tuple[int, ...]:
    """The same months, quarters, half-months or days (but for leap days) a year earlier."""
    steps = {0: 12, 1: 4, 3: 24}
    kind = int(periods.frequency(np.array(span[:1]))[0])
    if kind in steps:
        return tuple(p - steps[kind] for p in span)
    days = [periods.first_day(p) for p in span]
    return tuple(
        periods.day(day.replace(year=day.year - 1)) for day in days if (day.month, day.day) != (2, 29)
    )


def by_fiscal_year(found: Series, measure: str) -> Series:
    """A series by fiscal year: the years published; of a flow without them, the sums of their months or half-months.

    The year to date of a flow or an average is no year: it is left out.
    """
    every = np.array(list(found), np.int64)
    years = every[periods.is_fiscal_year(every)]
    if len(years):
        whole = {int(p): found[int(p)] for p in years}
        return {p: point for p, point in whole.items() if measure == "stock" or not point.provisional}
    if measure != "flow":
        return {}
    found_years: dict[int, Point] = {}
    for kind, wanted in _IN_A_YEAR.items():
        parts = every[(periods.frequency(every) == kind) & ~periods.in_transition(every)]
        years = periods.fiscal_years(parts)
        distinct, counts = np.unique(years, return_counts=True)
        for year in distinct[counts == wanted]:
            mine = [found[int(p)] for p in parts[years == year]]
            found_years[periods.fiscal(int(year))] = Point(
                sum(point.value for point in mine), any(point.provisional for point in mine)
            )
    return found_years

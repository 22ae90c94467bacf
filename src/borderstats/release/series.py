"""One series of a dataset by period, and by year: what an indicator or a reconciliation is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from borderstats import periods
from borderstats.observations import Flags, KeySpace, Observations
from borderstats.periods import Calendar, Kind, YearKind
from borderstats.release.evidence import Evidence
from borderstats.standard.codelists import TOTAL

PARTS: tuple[Kind, ...] = ("month", "quarter", "half_month")
"""What a flow's years are added up of, where they are not published; rather of the first."""

YEARS: tuple[Kind, ...] = get_args(YearKind)

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

    Where every source calls an absent row a zero, a period that the dataset covers has a figure. Of constant prices it has those
    of the newest edition only: figures in other prices do not add up with them.
    """
    latest = evidence.histories[dataset].comparable
    selected = latest.where(_at(latest.space, latest, where))
    period = selected.space.period(selected.key)
    unknown = set(period[np.isin(selected.status, evidence.statuses.untold)].tolist())
    # A period all of whose cells do not apply has no figure; beside figures such a cell counts nothing.
    unknown |= set(period.tolist()) - set(
        period[selected.status != evidence.statuses.not_applicable].tolist()
    )
    provisional = set(period[selected.status == evidence.statuses.provisional].tolist())
    if all(vintage.absent_is_zero for vintage in evidence.histories[dataset].vintages):
        period = np.concatenate((period, latest.covered))
    distinct, place = np.unique(period, return_inverse=True)
    totals = np.zeros(len(distinct), np.int64)
    np.add.at(totals, place[: len(selected)], selected.value)
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
    """Sums of so many years, each by the year it ends with; without a sum where a year is missing."""
    return {
        p: over(annual, range(p - years + 1, p + 1))
        for p in annual
        if all(q in annual for q in range(p - years + 1, p + 1))
    }


def over(found: Series, span: Sequence[int]) -> Point:
    """The sum of several periods."""
    points = [found[p] for p in span]
    return Point(sum(point.value for point in points), any(point.provisional for point in points))


def to_date(calendar: Calendar, found: Series, measure: str, *, unfinished: bool = False) -> tuple[int, ...]:
    """The latest periods shorter than a year: of a flow all since the year began, else the latest one alone.

    Empty if there is none, if one of them is missing, or if they end the year. Of an `unfinished` series without any,
    the latest year if it is provisional.
    """
    parts = shorter(found)
    if not parts:
        last = max(found, default=None)
        return (last,) if unfinished and last is not None and found[last].provisional else ()
    last = max(parts, key=calendar.last_day)
    if measure != "flow":
        return (last,)
    year = calendar.at(calendar.year_kind(np.array(list(found))), calendar.last_day(last))
    begin, end = calendar.days(year)
    kind = periods.kind(last)
    span = tuple(range(calendar.at(kind, begin), last + 1))
    whole = calendar.first_day(span[0]) == begin and calendar.last_day(last) != end
    return span if whole and all(p in found for p in span) else ()


def year_earlier(span: Sequence[int]) -> tuple[int, ...]:
    """The same months, quarters, half-months, weeks or days a year earlier; without those that there are not."""
    return tuple(p for p in map(periods.year_earlier, span) if p is not None)


def by_year(calendar: Calendar, found: Series, measure: str, *, unfinished: bool = False) -> Series:
    """A series by calendar or fiscal year: those published; of a flow without them, the sums of their parts.

    The year to date of a flow or an average is no year: it is left out; with `unfinished` only the latest one is.
    """
    annual = {p: point for p, point in found.items() if periods.kind(p) in YEARS}
    if annual:
        kept = annual.keys() - {max(annual)} if unfinished else set()
        return {
            p: point
            for p, point in annual.items()
            if measure == "stock" or not point.provisional or p in kept
        }
    if measure != "flow":
        return {}
    every = np.array(list(found), np.int64)
    years = {
        year: over(found, calendar.parts(year, part))
        for part in reversed(PARTS)
        for year in calendar.complete(every, calendar.year_kind(every), part)
    }
    return {year: years[year] for year in sorted(years)}


def shorter(found: Series) -> Series:
    """A series without its years."""
    return {p: point for p, point in found.items() if periods.kind(p) not in YEARS}

"""The rule that two datasets agree: equal at equal days or in closed periods, else as near as their revisions are large.

Two files of two days are never equal where a publisher revises: neither is wrong, and a waiver would say that one is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from borderstats import periods
from borderstats.observations import Flags, Ints, Observations, lookup
from borderstats.periods import MonthsKind
from borderstats.release.evidence import Evidence, Finding, Result, Sums, covered, series
from borderstats.standard.rules import AgreesWith

_SMALL = 100
"""Smaller figures are too seldom revised to say by how much: they are taken for as large."""


def agrees_with(evidence: Evidence, dataset: str, gate: AgreesWith) -> Result:
    """The dataset and another one give the same figures of every period that both cover, as far as rounding allows.

    Both are added up to the dimensions in `by`, and to years if either has no months. A cell that only one of them has counts
    as zero in the other. Where a part is not told, there is no sum. Where the two speak for different days and the year is
    open in one of them, they may differ by as much as either has ever revised such figures.
    """
    left, right = evidence.known(dataset), evidence.known(gate.dataset)
    kind = _shared_kind(left, right)
    here = series(left, gate.where, gate.by, left.space, right.space, kind)
    there = series(right, gate.other_where, gate.by, left.space, right.space, kind)
    shared = np.intersect1d(covered(left, kind), covered(right, kind))
    shared = shared[left.space.calendar.overlaps(shared, gate.start, gate.end)]
    every = np.union1d(here.key, there.key)
    every = every[np.isin(left.space.period(every), shared)]
    every = np.setdiff1d(every, np.concatenate((here.untold, there.untold)))
    own, _ = lookup(here.key, here.value, every)
    other, _ = lookup(there.key, there.value, every)
    allowed = gate.tolerance + _rounding(left, here, every) + _rounding(right, there, every)
    differs = np.flatnonzero(np.abs(own - other) > allowed)
    revised = np.zeros(len(differs), bool)
    if len(differs):
        may = _of_two_days(evidence, (dataset, gate.dataset), kind, left.space.period(every[differs]))
        if may.any():
            size = np.maximum(np.abs(own), np.abs(other))[differs]
            excess = np.abs(own - other)[differs] - allowed[differs]
            revised = may & (excess <= _largest_revision(evidence, dataset, gate, kind, size))
    return len(every), [
        Finding(
            int(every[n]),
            int(other[n]),
            int(own[n]),
            f"{left.space.shown(int(own[n]))} here, {right.space.shown(int(other[n]))} in {gate.dataset}",
            revisions=bool(revised[place]),
        )
        for place, n in enumerate(differs)
    ]


def _of_two_days(evidence: Evidence, datasets: tuple[str, str], kind: MonthsKind, wanted: Ints) -> Flags:
    """Of which periods two datasets speak for different days, their year being open in one of them."""
    days, open_ = [], np.zeros(len(wanted), bool)
    for name in datasets:
        history, known = evidence.histories[name], evidence.known(name)
        calendar = history.space.calendar
        last = len(history.vintages) - 1 if evidence.moment is None else evidence.moment.newest[name]
        newest = history.newest_covering(last, known.covered)
        whole = calendar.holding(known.covered, kind)
        as_of = np.array([vintage.as_of.toordinal() for vintage in history.vintages])
        days.append(np.array([as_of[newest[whole == one]].max() for one in wanted]))
        provisional = history.space.period(known.key[known.status == evidence.statuses.provisional])
        open_ |= np.isin(calendar.fiscal_years(wanted), calendar.fiscal_years(provisional))
    differ: Flags = (days[0] != days[1]) & open_
    return differ


def _largest_revision(
    evidence: Evidence, dataset: str, gate: AgreesWith, kind: MonthsKind, size: Ints
) -> Ints:
    """By how much either dataset may revise figures of these sizes, after its own revisions of such series, rounded up.

    Events come one by one, so a count is revised in proportion to its square root rather than to itself, as the spread of a
    Poisson count grows; the largest ratio that either has ever shown is taken.
    """
    ratio = 0.0
    for name, where in ((dataset, gate.where), (gate.dataset, gate.other_where)):
        for shown, by in _revisions(evidence, name, where, dataset, gate, kind):
            ratio = max(ratio, float((by / _spread(shown)).max(initial=0.0)))
    return np.ceil(ratio * _spread(size)).astype(np.int64)


def _spread(size: Ints) -> npt.NDArray[np.float64]:
    return np.sqrt(np.maximum(size, _SMALL))


def _revisions(
    evidence: Evidence,
    name: str,
    where: Mapping[str, tuple[str, ...]],
    dataset: str,
    gate: AgreesWith,
    kind: MonthsKind,
) -> Iterator[tuple[Ints, Ints]]:
    """Vintage by vintage, the sizes of a dataset's figures that were revised and by how much."""
    history = evidence.histories[name]
    target, other = (evidence.histories[one].space for one in (dataset, gate.dataset))
    for vintage in range(1, len(history.vintages)):
        wanted = history.in_years_of(history.touched(vintage))
        sides = [history.known(number, wanted) for number in (vintage - 1, vintage)]
        both = np.intersect1d(covered(sides[0], kind), covered(sides[1], kind))
        old, new = (series(side, where, gate.by, target, other, kind) for side in sides)
        every = np.setdiff1d(np.union1d(old.key, new.key), np.concatenate((old.untold, new.untold)))
        every = every[np.isin(every % periods.SPAN, both)]
        before, after = (lookup(side.key, side.value, every)[0] for side in (old, new))
        changed = before != after
        yield np.maximum(np.abs(before), np.abs(after))[changed], np.abs(after - before)[changed]


def of_months(evidence: Evidence, dataset: str, gate: AgreesWith) -> bool:
    """Whether a gate compares months, each by itself, and no years."""
    left, right = (replace(evidence, moment=None).known(name) for name in (dataset, gate.dataset))
    return _shared_kind(left, right) == "month"


def _shared_kind(left: Observations, right: Observations) -> MonthsKind:
    """The kind of periods in which two datasets are compared: months if both have them, else years, else quarters."""
    if all(periods.is_month(one.covered).any() for one in (left, right)):
        return "month"
    both = np.concatenate((left.covered, right.covered))
    if not periods.is_annual(both).any() and periods.of_kind(both, "quarter").any():
        return "quarter"
    return left.space.calendar.year_kind(both)


def _rounding(observations: Observations, side: Sums, every: Ints) -> Ints:
    """By how much each sum of rounded terms may miss, in units: half a rounding step for each."""
    rounding = observations.space.dataset.rounding
    terms = np.maximum(lookup(side.key, side.terms, every)[0], 1)
    return terms * rounding // 2 if rounding > 1 else terms * 0

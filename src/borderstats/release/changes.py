"""The revision log: every cell that one vintage gives otherwise than the one before it, and what kind of change that is.

A growing year to date, a country that a table names for the first time, or a figure that cannot exist are no revisions, and
are not counted as such. Sums of changes are over cells that do not overlap (`disjoint`).
"""

import datetime
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, Small
from borderstats.release import disjoint, price_bases
from borderstats.release.vintages import OPEN, History, Vintage

MISSING = np.iinfo(np.int64).min
"""In the old and new values of changes: there was no row. No figure is as far below zero."""

UNTOLD = MISSING + 1
"""In the old and new values of changes: there was a row, and its status says that the figure is not told."""

IMPOSSIBLE = MISSING + 2
"""In the old and new values of changes: there was a row, and its status says that there can be no figure."""

Kind = Literal["changed", "new", "vanished", "named", "span", "rebased", "recoded", "zero", "untold"]
KINDS: tuple[Kind, ...] = get_args(Kind)
REVISIONS: tuple[Kind, ...] = ("changed", "new", "vanished")
"""The kinds of changes that are revisions. The others are not: `named`: a table has a whole series for the first time,
or no longer; `span`: the figure of a period that was not over is of a longer part of it; `rebased`: it is in the prices of
another period or deflated otherwise, and the same amount in current prices did not change; `recoded`: cells that differ
only in a dimension that others determine change without changing their sum; `zero`: a zero is listed in one and left out in
the other; `untold`: only one of them has a figure, for the other is withheld or cannot exist."""


@dataclass(frozen=True)
class Changes:
    """Cells that differ between a vintage and the next one that covers their period.

    `kind` is a place in KINDS. A missing row is MISSING in `old` or `new`, a figure that is not told UNTOLD, one that cannot
    exist IMPOSSIBLE. `repriced` are figures in the prices of another period than before, or deflated otherwise. `counted` are cells that do not overlap with others: those that sums of changes are made of.
    """

    space: KeySpace
    key: Ints
    old: Ints
    new: Ints
    before: Small
    after: Small
    kind: Ints
    counted: Flags
    repriced: Flags

    def __len__(self) -> int:
        return len(self.key)

    @cached_property
    def delta(self) -> Ints:
        """New minus old, a missing row counted as nothing; 0 where there is no difference of figures (`compared`)."""
        return np.where(self.compared, _or_nothing(self.new) - _or_nothing(self.old), 0)

    @cached_property
    def compared(self) -> Flags:
        """Where no side has a row without a figure, and both are in the same prices."""
        return ~(_without_figure(self.old) | _without_figure(self.new) | self.repriced)

    def in_vintage(self, vintage: int) -> "Changes":
        """The changes that one vintage brought."""
        return self.where(self.after == vintage)

    def where(self, which: Flags | Ints) -> "Changes":
        return Changes(
            self.space,
            self.key[which],
            self.old[which],
            self.new[which],
            self.before[which],
            self.after[which],
            self.kind[which],
            self.counted[which],
            self.repriced[which],
        )

    def of(self, *kinds: Kind) -> Flags:
        found: Flags = np.isin(self.kind, [KINDS.index(kind) for kind in kinds])
        return found


def _without_figure(value: Ints) -> Flags:
    found: Flags = (value == UNTOLD) | (value == IMPOSSIBLE)
    return found


def _or_nothing(value: Ints) -> Ints:
    return np.where(value <= IMPOSSIBLE, 0, value)


def changes(history: History) -> Changes:
    """Every cell that one vintage gives otherwise than the one before it that covers the cell's period."""
    period = history.space.period(history.key)

    def earlier(vintage: Small) -> Small:
        """The vintage with which one is compared, run by run."""
        return history.compared_with[vintage, period]

    figure = figures(history.space, history.value, history.status)
    follows = np.append(
        False, (history.key[1:] == history.key[:-1]) & (history.until[:-1] == history.first[1:])
    )
    followed = np.append(follows[1:], False)
    revised = np.flatnonzero(follows & np.append(False, figure[1:] != figure[:-1]))
    new = np.flatnonzero((earlier(history.first) != OPEN) & ~follows)
    vanished = np.flatnonzero((history.until != OPEN) & ~followed)
    key = np.concatenate((history.key[revised], history.key[new], history.key[vanished]))
    old = np.concatenate((figure[revised - 1], np.full(len(new), MISSING), figure[vanished]))
    now = np.concatenate((figure[revised], figure[new], np.full(len(vanished), MISSING)))
    after = np.concatenate((history.first[revised], history.first[new], history.until[vanished]))
    before = np.concatenate(
        (earlier(history.first)[revised], earlier(history.first)[new], earlier(history.until)[vanished])
    )
    unknown, none = np.zeros(len(key), np.int64), np.zeros(len(key), bool)
    found = Changes(history.space, key, old, now, before, after, unknown, none, none).where(
        np.lexsort((after, key))
    )
    found = replace(found, repriced=_repriced(history, found))
    found = replace(found, kind=_kinds(history, found))
    return replace(found, counted=_counted(history, found))


def figures(space: KeySpace, value: Ints, status: Small) -> Ints:
    """Values as changes have them: UNTOLD or IMPOSSIBLE where the status says that there is no figure."""
    figure = np.where(np.isin(status, space.statuses.untold), UNTOLD, value)
    return np.where(status == space.statuses.not_applicable, IMPOSSIBLE, figure)


def _kinds(history: History, found: Changes) -> Ints:
    """The kind of each change, as a place in KINDS; of those that apply to one the last."""
    kind = np.full(len(found), KINDS.index("changed"))
    missing = (found.old == MISSING) | (found.new == MISSING)
    lacking = np.where(found.old == MISSING, found.before, found.after)
    absent_is_zero = np.array([vintage.absent_is_zero for vintage in history.vintages])[lacking]
    vanished = (found.new == MISSING) & ~absent_is_zero
    named = missing & ~absent_is_zero & _named(history, found)
    kind[(found.old == MISSING) & ~absent_is_zero] = KINDS.index("new")
    kind[vanished] = KINDS.index("vanished")
    kind[named] = KINDS.index("named")
    # More of a period cannot be why there is nothing of it any more.
    kind[_longer(history, found) & ~vanished & ~named] = KINDS.index("span")
    kind[_rebased(history, found)] = KINDS.index("rebased")
    kind[_or_nothing(found.old) == _or_nothing(found.new)] = KINDS.index("zero")
    kind[_without_figure(found.old) != _without_figure(found.new)] = KINDS.index("untold")
    kind[_recoded(found)] = KINDS.index("recoded")
    return kind


def _named(history: History, found: Changes) -> Flags:
    """Which cells are of a series that one of two vintages has in every period of which the two are compared, and the other in none.

    So a table names a country for the first time, or no longer; a row that is missing here or there is none of that.
    """
    period = history.space.period(found.key)
    kinds = periods.kinds(np.arange(periods.SPAN))
    side = (found.old == MISSING) - (found.new == MISSING).astype(np.int64)
    columns = (found.key - period, found.before, found.after, side, kinds[period])
    groups, place, count = np.unique(np.stack(columns), axis=1, return_inverse=True, return_counts=True)
    shared: dict[tuple[int, int], Ints] = {}
    whole = np.zeros(groups.shape[1], bool)
    for n, (_, before, after, lacking, kind) in enumerate(groups.T.tolist()):
        if (before, after) not in shared:
            pair = history.covers[after] & (history.compared_with[after] == before)
            shared[before, after] = np.bincount(kinds[pair], minlength=len(periods.KINDS))
        whole[n] = lacking != 0 and count[n] == shared[before, after][kind] > 1
    named: Flags = whole[place]
    return named


def _longer(history: History, found: Changes) -> Flags:
    """Which changes are of a period that was not over, and of a part of it that has become longer or shorter.

    A stock is what there was on a day, so it has no part of a period.
    """
    longer = np.zeros(len(found), bool)
    if history.space.dataset.measure == "stock":
        return longer
    period = history.space.period(found.key)
    ends: dict[tuple[int, int], datetime.date] = {}
    pairs = np.stack((period, found.before, found.after))
    distinct, place = np.unique(pairs, axis=1, return_inverse=True)
    for n, (one, *vintages) in enumerate(distinct.T.tolist()):
        days = [
            ends.setdefault((one, number), _end(history, history.vintages[number], one))
            for number in vintages
        ]
        longer[place == n] = days[0] != days[1]
    return longer


def _repriced(history: History, found: Changes) -> Flags:
    """Which figures are in the prices of another period than before, or deflated otherwise."""
    if not history.space.dataset.price_base:
        return np.zeros(len(found), bool)
    repriced = history.repriced(found.key, found.before, found.after)
    return repriced & (found.old > IMPOSSIBLE) & (found.new > IMPOSSIBLE)


def _rebased(history: History, found: Changes) -> Flags:
    """Which figures are in the prices of another period or deflated otherwise, while the amounts in current prices did not change.

    What changes those is a revision, whatever the prices.
    """
    if not found.repriced.any():
        return found.repriced
    cells = [np.stack((key, found.after)) for key in (price_bases.twins(history.space, found.key), found.key)]
    every = np.unique(np.concatenate(cells, axis=1), axis=1, return_inverse=True)[1]
    rebased: Flags = found.repriced & ~np.isin(every[: len(found)], every[len(found) :])
    return rebased


def _end(history: History, vintage: Vintage, period: int) -> datetime.date:
    """The last day of the part of a period of which a vintage can speak: of a year, that of the last month in it."""
    calendar = history.space.calendar
    last = calendar.last_day(period)
    if periods.is_annual(np.array([period]))[0]:
        kind = calendar.year_kind(np.array([period]))
        covered = vintage.observations.covered
        parts = covered[(calendar.holding(covered, kind) == period) & (covered != period)]
        if len(parts):
            return max(calendar.last_day(int(part)) for part in parts)
    return min(last, vintage.as_of)


def _counted(history: History, found: Changes) -> Flags:
    """Which changes are of cells that do not overlap, step by step among all cells that one of the two vintages has."""
    counted = np.zeros(len(found), bool)
    for vintage in np.unique(found.after).tolist():
        here = found.after == vintage
        wanted = history.in_years_of(history.space.period(found.key[here]))
        every = np.union1d(history.known(vintage - 1, wanted).key, history.known(vintage, wanted).key)
        counted[here] = disjoint.among(history.space, every, found.key[here])
    return counted


def _recoded(found: Changes) -> Flags:
    """Which changes only move a figure along a dimension that other dimensions determine."""
    space = found.space
    flags = np.zeros(len(found), bool)
    for dimension in space.dataset.dimensions:
        if dimension.determined_by and len(found):
            rest = space.put(found.key, dimension.concept, 0)
            group = np.stack((rest, found.after))
            _, inverse = np.unique(group, axis=1, return_inverse=True)
            net = np.bincount(inverse, weights=found.delta)
            flags |= (net[inverse] == 0) & (found.delta != 0)
    return flags


def net_by_kind(found: Changes) -> dict[Kind, tuple[int, float, float]]:
    """For each kind: cells, net sum and gross sum of the changes of cells that do not overlap, in the dataset's unit."""
    amount = found.space.amount
    sums = {}
    for kind in KINDS:
        flags = found.of(kind)
        delta = found.delta[flags & found.counted]
        sums[kind] = (int(flags.sum()), amount(int(delta.sum())), amount(int(np.abs(delta).sum())))
    return sums

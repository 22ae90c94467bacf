"""In the prices of which period the constant figures of an edition are.

It is measured: in that period, and in no other, constant and current figures are equal. Parts that have no figure of it (a
series that ended before) are in the prices of the part whose figures are deflated alike. What cannot be measured is declared
with the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, Observations, Small, lookup
from borderstats.package.snapshots import Declared
from borderstats.standard.properties import PRICE_BASE, PriceBase

Numbers = npt.NDArray[np.float64]

NONE = -1
"""In the place of a period: a figure is not in the prices of one period, or it is not known in which."""

_TELLING = 1000
"""In a figure so large a deflator is seen that differs from one by a thousandth."""

_SEVERAL = 3
"""So many figures tell by how much all of their part and period are multiplied."""

_ROUNDED = 50
"""By so many units the roundings of the amounts of one figure may add up."""

_ALIKE = 1e-4
"""Deflators that differ by less are those of one base; publishers round each amount before they add up."""


@dataclass(frozen=True)
class Deflated:
    """The constant figures of an edition beside the current ones, and by how much they are multiplied in each part and period.

    `group`: the part and the period of each such sum, in order; `place`: in which of them each figure is. `deflator`: the median of
    constant by current figures of a group, not a number where none is large enough; `told`: how many are.
    """

    key: Ints
    value: Ints
    current: Ints
    paired: Flags
    group: Ints
    place: Ints
    deflator: Numbers
    told: Ints

    def of(self, group: Ints) -> Numbers:
        """The deflators of some parts and periods, where enough figures say the same; else not a number."""
        if not len(self.group):
            return np.full(len(group), np.nan)
        place = np.minimum(np.searchsorted(self.group, group), len(self.group) - 1)
        known = (self.group[place] == group) & (self.told[place] >= _SEVERAL)
        return np.where(known, self.deflator[place], np.nan)


@dataclass(frozen=True)
class Bases:
    """The parts of an edition (keys of the codes that may have a base of their own, all else 0) and the base of each.

    `measured`: the base as the figures show it, whatever was declared.
    """

    space: KeySpace
    part: Ints
    period: Ints
    measured: Ints
    deflated: Deflated

    def of(self, key: Ints) -> Ints:
        """The base of each cell, or NONE."""
        if not len(self.part):
            return np.full(len(key), NONE)
        part = parts(self.space, key)
        place = np.minimum(np.searchsorted(self.part, part), len(self.part) - 1)
        found = (self.part[place] == part) & constant(self.space, key)
        return np.where(found, self.period[place], NONE)

    def repriced(self, later: "Bases", key: Ints) -> Flags:
        """Which cells a later edition has in the prices of another period, or deflated otherwise."""
        group = parts(self.space, key) + self.space.period(key)
        before, after = self.deflated.of(group), later.deflated.of(group)
        with np.errstate(invalid="ignore"):
            otherwise = np.abs(after - before) > _ALIKE * np.abs(before)
        repriced: Flags = constant(self.space, key) & ((self.of(key) != later.of(key)) | otherwise)
        return repriced

    def codes(self, part: int) -> dict[str, str]:
        """The codes of a part by dimension."""
        return {name: code for name, code in self.space.codes(part).items() if name in by(self.space)}


def _spec(space: KeySpace) -> PriceBase:
    spec = space.dataset.price_base
    assert spec, f"{space.dataset.id} has no figures in the prices of one period"
    return spec


def by(space: KeySpace) -> tuple[str, ...]:
    return _spec(space).by


def constant(space: KeySpace, key: Ints) -> Flags:
    """Which cells are in the prices of one period."""
    spec = _spec(space)
    found: Flags = space.digit(key, spec.dimension) == space.number(spec.dimension, spec.constant)
    return found


def twins(space: KeySpace, key: Ints) -> Ints:
    """The cells of the same amounts in the prices of their own period."""
    spec = _spec(space)
    return space.put(key, spec.dimension, space.number(spec.dimension, spec.current))


def parts(space: KeySpace, key: Ints) -> Ints:
    """The part in which each cell is."""
    found = np.zeros(len(key), np.int64)
    for name in by(space):
        found += space.digit(key, name) * space.weights[name]
    return found


def newest(space: KeySpace, key: Ints, base: Ints, first: Small) -> dict[int, int]:
    """The base of each part in the newest edition of those that gave some figures `first`."""
    here = np.flatnonzero(constant(space, key))
    part = parts(space, key[here])
    order = np.argsort(first[here], kind="stable")
    return dict(zip(part[order].tolist(), base[here][order].tolist(), strict=True))


def bases(observations: Observations, declared: Sequence[Declared] = ()) -> Bases:
    """The base of each part: as it was declared with the file, else as the figures show it."""
    space, seen = observations.space, deflated(observations)
    part = np.unique(parts(space, seen.key))
    measured = _measured(seen, part)
    period = measured.copy()
    for one in declared:
        if one.name == PRICE_BASE:
            period[space.matches(part, dict(one.where))] = periods.parse(one.value)
    return Bases(space, part, period, measured, seen)


def deflated(observations: Observations) -> Deflated:
    """The constant figures of an edition beside the current ones."""
    space = observations.space
    figure = ~np.isin(observations.status, space.statuses.without_figure)
    cells = observations.where(constant(space, observations.key) & figure)
    current, paired = lookup(observations.key, observations.value, twins(space, cells.key))
    group, place = np.unique(parts(space, cells.key) + space.period(cells.key), return_inverse=True)
    telling = paired & (np.abs(current) >= _TELLING)
    deflator = np.full(len(group), np.nan)
    ratio = cells.value[telling] / current[telling]
    order = np.lexsort((ratio, place[telling]))
    of, begin, count = np.unique(place[telling][order], return_index=True, return_counts=True)
    deflator[of] = ratio[order][begin + count // 2]
    told = np.bincount(place[telling], minlength=len(group))
    return Deflated(cells.key, cells.value, current, paired, group, place, deflator, told)


def _measured(seen: Deflated, part: Ints) -> Ints:
    """The base of each part: the period all of whose figures are equal, if there is one; else that of the parts deflated alike."""
    period = seen.group % periods.SPAN
    own = seen.group - period
    unequal = np.bincount(seen.place[seen.paired & (seen.current != seen.value)], minlength=len(seen.group))
    equal_in = [period[(own == one) & (seen.told > 0) & (unequal == 0)] for one in part.tolist()]
    found = np.array([one[0] if len(one) == 1 else NONE for one in equal_in], np.int64)
    for n in np.flatnonzero(found == NONE).tolist():
        like = {
            int(found[other])
            for other in np.flatnonzero(found != NONE).tolist()
            if _deflated_alike(seen, int(part[n]), int(part[other]))
        }
        found[n] = like.pop() if len(like) == 1 else NONE
    return found


def _deflated_alike(seen: Deflated, one: int, other: int) -> bool:
    """Whether two parts have the same deflators in all periods in which both have some."""
    known = seen.group[seen.told > 0]
    shared = np.intersect1d(known - one, known - other)
    shared = shared[(shared >= 0) & (shared < periods.SPAN)]
    a, b = (seen.deflator[np.searchsorted(seen.group, part + shared)] for part in (one, other))
    return bool(len(shared)) and bool((np.abs(a - b) <= _ALIKE * np.abs(b)).all())


def equal(observations: Observations, part: int, period: int) -> bool:
    """Whether nothing says that the constant figures of a part are other than the current ones in a period."""
    space, key = observations.space, observations.key
    there = constant(space, key) & (parts(space, key) == part) & (space.period(key) == period)
    current, known = lookup(key, observations.value, twins(space, key[there]))
    return bool((~known | (current == observations.value[there])).all())


def off(seen: Deflated) -> Ints:
    """The places of constant figures that the current ones do not make, deflated as the others of their part and period are.

    Each amount is rounded before amounts are added up, so a thousandth and a few units are no difference.
    """
    deflator = seen.deflator[seen.place]
    expected = np.where(np.isnan(deflator), seen.value, seen.current * deflator)
    allowed = 10 * _ALIKE * np.abs(seen.value) + _ROUNDED
    return np.flatnonzero(seen.paired & (np.abs(seen.value - expected) > allowed))

"""What gates look at and what they find, and the sums that several rules compare."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, Observations, sums
from borderstats.periods import MonthsKind
from borderstats.release.changes import Changes
from borderstats.release.vintages import History
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import Check
from borderstats.standard.statuses import Statuses


@dataclass(frozen=True)
class Moment:
    """When some datasets became otherwise: by which files, the newest vintage of each by then, and in which periods.

    `periods`: None for the cells alone that the newest vintage says anew or otherwise.
    """

    as_of: datetime.date
    files: tuple[str, ...]
    newest: Mapping[str, int]
    periods: Ints | None = None


@dataclass(frozen=True)
class Evidence:
    """What the rules may look at: each dataset's history and changes, published figures, and what statuses say.

    At a `moment` what was known then, of the periods that became otherwise; without one all that is known now.
    """

    histories: Mapping[str, History]
    changes: Mapping[str, Changes]
    checks: tuple[Check, ...]
    statuses: Statuses
    moment: Moment | None = None

    def known(self, dataset: str) -> Observations:
        """The figures to be looked at."""
        history = self.histories[dataset]
        if self.moment is None:
            return history.latest
        vintage = self.moment.newest[dataset]
        if self.moment.periods is None:
            return history.begun(vintage)
        return history.known(vintage, self.moment.periods)

    def series(self, dataset: str) -> Ints:
        """The series that the publisher names at this moment, in whichever period: keys without their period."""
        history = self.histories[dataset]
        return history.series(
            len(history.vintages) - 1 if self.moment is None else self.moment.newest[dataset]
        )


@dataclass(frozen=True)
class Finding:
    """A cell that does not fit: its key in the gate's dataset, what was expected, what was found, and the words.

    `moment` is when it came about; none of what is found over all vintages at once. `revisions`: nobody erred, for the two
    figures are of different days, and publishers' own revisions are as large. `reason` was given with the file.
    """

    key: int
    expected: int
    found: int
    text: str
    moment: Moment | None = None
    revisions: bool = False
    reason: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """The files with which it came about."""
        return self.moment.files if self.moment else ()


Result = tuple[int, list[Finding]]

PARTS: tuple[MonthsKind, ...] = ("month", "quarter")
"""What years are made of in gates, the finest first."""


@dataclass(frozen=True)
class Sums:
    """Sums in the order of their keys, how many terms each has, and the keys of those of which a term is not told."""

    key: Ints
    value: Ints
    terms: Ints
    untold: Ints


def series(
    observations: Observations,
    where: Mapping[str, tuple[str, ...]],
    by: tuple[str, ...],
    target: KeySpace,
    other: KeySpace,
    kind: MonthsKind,
) -> Sums:
    """Sums by some dimensions and periods of a kind, as keys of the target's space.

    Where there are no periods of that kind, they are made of their months or quarters, if all of those are there.
    """
    space = observations.space
    chosen = observations.where(added_up(space, observations.key, where, by, (target, other)))
    period = space.period(chosen.key)
    keep = periods.of_kind(period, kind)
    if not keep.any():
        keep = _parts(observations, period, kind)
    chosen, period = chosen.where(keep), space.calendar.holding(period[keep], kind)
    codes: dict[str, Ints | int] = {c: target.total(c) for c in target.dataset.concepts}
    codes |= {concept: space.digit(chosen.key, concept) for concept in by}
    key = target.encode(codes, period)
    untold = np.isin(chosen.status, space.statuses.untold)
    return Sums(*sums(key, chosen.value), np.unique(key[untold]))


def added_up(
    space: KeySpace,
    key: Ints,
    where: Mapping[str, tuple[str, ...]],
    by: tuple[str, ...],
    spaces: Sequence[KeySpace],
) -> Flags:
    """Which cells add up to sums by some dimensions: at the total of every other that has a published one.

    Of a dimension whose total is a sum in one of the spaces that are compared, the total is left out.
    """
    totals = {
        d.concept: TOTAL
        for d in space.dataset.dimensions
        if d.total == "published" and d.concept not in (*by, *where)
    }
    flags = space.matches(key, {**totals, **where})
    for concept in by:
        if any(one.dataset.dimension(concept).total == "sum" for one in spaces):
            flags &= space.digit(key, concept) != space.total(concept)
    return flags


def covered(observations: Observations, kind: MonthsKind) -> Ints:
    """The periods of a kind of which there is anything, or of which all months or else all quarters are there."""
    calendar, there = observations.space.calendar, observations.covered
    found = there[periods.of_kind(there, kind)]
    for part in () if len(found) else PARTS:
        if complete := calendar.complete(there, kind, part):
            return np.array(complete, np.int64)
    return found


def _parts(observations: Observations, period: Ints, kind: MonthsKind) -> Flags:
    """Which periods are months, or else quarters, that make up periods of a kind of which every part is there."""
    calendar = observations.space.calendar
    for part in PARTS:
        complete = calendar.complete(observations.covered, kind, part)
        flags = periods.of_kind(period, part) & np.isin(calendar.holding(period, kind), complete)
        if flags.any():
            return flags
    return np.zeros(len(period), bool)

"""What was known when: every value with the vintage that first gave it and the one that ended it.

A vintage is all that one snapshot says. A snapshot covers a period if it has at least one observation in it; what
it says of a period ends what earlier vintages said of that period, and of no other. The idea of real-time data
with a validity in knowledge time is that of ALFRED (Federal Reserve Bank of St. Louis).
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, Observations, Origins, Small, within
from borderstats.package.snapshots import Declared
from borderstats.release import price_bases
from borderstats.release.price_bases import NONE, Bases, bases

OPEN = -1
"""In `until`: still what the newest vintage says."""


@dataclass(frozen=True)
class Vintage:
    """What one snapshot says, and the day for which it says it.

    `entries`: what tells the rows of a list from one another. `absent_is_zero`: its source says that a row left out is a zero, so a cell cannot appear in it or vanish from it.
    `origins`: where each observation stands in the file, if that is known. `reason`: why it is out of the ordinary.
    `order`: its rank among the snapshots of one source and day. `declared`: properties of the snapshot that its figures do not show.
    `known`: the day on which it became known, or the bound that there is of it. `through`: the last day of which it has figures, if it says one of its own.
    """

    as_of: datetime.date
    file: str
    observations: Observations
    absent_is_zero: bool = False
    entries: tuple[tuple[str, ...], ...] = ()
    origins: Origins | None = None
    source: str = ""
    reason: str = ""
    order: tuple[int, ...] = ()
    declared: tuple[Declared, ...] = ()
    known: datetime.date = datetime.date.min
    through: datetime.date | None = None

    @property
    def last_day(self) -> datetime.date:
        """The last day of which it has figures: a period that ends later is not over in it."""
        return self.through or self.as_of

    @property
    def reissue(self) -> bool:
        """Whether it is a corrected re-issue of another one of its day."""
        return any(self.order[1:2])

    @cached_property
    def bases(self) -> Bases | None:
        """In the prices of which periods its constant figures are; None in a dataset that has none."""
        return bases(self.observations, self.declared) if self.observations.space.dataset.price_base else None


@dataclass(frozen=True)
class History:
    """Runs of equal values: from vintage `first` on, up to but without vintage `until`. Sorted by key, then first."""

    space: KeySpace
    vintages: tuple[Vintage, ...]
    key: Ints
    value: Ints
    status: Small
    first: Small
    until: Small

    def __len__(self) -> int:
        return len(self.key)

    def as_of(self, vintage: int) -> Observations:
        """What was known when a vintage was the newest, later ones unheard of."""
        return self._where((self.first <= vintage) & ((self.until == OPEN) | (self.until > vintage)))

    @cached_property
    def latest(self) -> Observations:
        """What is known now."""
        return self._where(self.until == OPEN)

    def known(self, vintage: int, wanted: Ints) -> Observations:
        """What was known of some periods when a vintage was the newest, without a look at any other period."""
        runs = self.of_periods(wanted)
        there = (self.first[runs] <= vintage) & ((self.until[runs] == OPEN) | (self.until[runs] > vintage))
        return self._where(np.sort(runs[there]))

    def begun(self, vintage: int) -> Observations:
        """What a vintage says anew or otherwise than those before it."""
        order, begin = self._by_first
        return self._where(order[begin[vintage] : begin[vintage + 1]])

    def over_time(self, runs: Ints, amount: Ints) -> Ints:
        """Vintage by vintage, the sum of an amount for each of some runs over those that stand in it."""
        total = np.zeros(len(self.vintages) + 1, np.int64)
        np.add.at(total, self.first[runs], amount)
        ended = self.until[runs] != OPEN
        np.subtract.at(total, self.until[runs[ended]], amount[ended])
        return np.cumsum(total)[:-1]

    def stated(self, amount: Ints) -> Ints:
        """The sum of an amount for each run over those that each vintage says: a row for each vintage, a column for each of `periods`."""
        return np.where(self.covers[:, self.periods], self._by_vintage_and_period(amount), 0)

    def of_periods(self, wanted: Ints) -> Ints:
        """The places of the runs in some periods."""
        order, begin = self._by_period
        return np.concatenate([order[begin[one] : begin[one + 1]] for one in wanted.tolist()] or [order[:0]])

    @cached_property
    def follows(self) -> Flags:
        """Whether each run follows on another of its cell, without a vintage between them that lacks the cell."""
        follows = np.zeros(len(self), bool)
        follows[1:] = (self.key[1:] == self.key[:-1]) & (self.until[:-1] == self.first[1:])
        return follows

    @cached_property
    def says_anew(self) -> Flags:
        """Whether each vintage has a figure that is neither a zero nor what was known."""
        before = np.append(0, self.value[:-1])[: len(self)]
        anew = np.zeros(len(self.vintages), bool)
        anew[self.first[self.value != np.where(self.follows, before, 0)]] = True
        return anew

    @cached_property
    def loses(self) -> Flags:
        """Whether each vintage lacks a cell that was there before."""
        lost = np.zeros(len(self.vintages), bool)
        lost[self.until[(self.until != OPEN) & ~np.append(self.follows[1:], False)[: len(self)]]] = True
        return lost

    def newest_covering(self, vintage: int, wanted: Ints) -> Ints:
        """For each of some periods the newest vintage up to one that covers it; -1 where there is none."""
        covers = self.covers[: vintage + 1, wanted]
        newest: Ints = np.where(covers.any(axis=0), vintage - np.argmax(covers[::-1], axis=0), -1)
        return newest

    @cached_property
    def covers(self) -> Flags:
        """Whether each vintage covers each period: a row for each vintage, a column for each possible period."""
        return _coverage(self.vintages)

    @cached_property
    def compared_with(self) -> Small:
        """For each vintage and period the newest vintage before it that covers the period, or OPEN."""
        earlier = np.full(self.covers.shape, OPEN, np.int16)
        for vintage in range(1, len(self.covers)):
            earlier[vintage] = np.where(self.covers[vintage - 1], vintage - 1, earlier[vintage - 1])
        return earlier

    def series(self, vintage: int) -> Ints:
        """The series that a publisher names at a vintage: keys without their period, in order."""
        key, first, until = self._series
        named: Ints = key[(first <= vintage) & ((until == OPEN) | (until > vintage))]
        return named

    @cached_property
    def _series(self) -> tuple[Ints, Small, Small]:
        """Every series, the vintage that first had a figure of it, and the one from which on it has none."""
        series = self.key - self.space.period(self.key)
        begin = np.flatnonzero(np.append(True, series[1:] != series[:-1])) if len(series) else series
        last = np.where(self.until == OPEN, len(self.vintages), self.until)
        until = np.maximum.reduceat(last, begin) if len(begin) else last
        first = np.minimum.reduceat(self.first, begin) if len(begin) else self.first
        return series[begin], first, np.where(until == len(self.vintages), OPEN, until)

    def touched(self, vintage: int) -> Ints:
        """The periods of which a vintage says anything otherwise than those before it."""
        return self._touched[vintage]

    def touches(self, where: Mapping[str, tuple[str, ...]], along: str = "") -> list[Ints]:
        """Vintage by vintage, the periods of which it says anything otherwise at some codes, or is the first to speak, or of
        which nothing is known any more. `along` a dimension: and those of series beside one that it is the first or last to name.
        """
        chosen = self.space.matches(self.key, where)
        period = self.space.period(self.key)
        ended = chosen & (self.until != OPEN)
        touches = [
            self._pair(self.first[chosen], period[chosen]),
            self._pair(self.until[ended], period[ended]),
        ]
        if where:
            touches.append(self._pair(*self._turns))
        if along:
            touches += self._beside(chosen, along)
        pairs = np.unique(np.concatenate(touches))
        begin = np.searchsorted(pairs, np.arange(len(self.vintages) + 1) * periods.SPAN)
        return np.split(pairs % periods.SPAN, begin[1:-1])

    @cached_property
    def periods(self) -> Ints:
        """Every period that ever had an observation, in order."""
        return np.flatnonzero(np.diff(self._by_period[1]))

    def bases(self, key: Ints, vintage: Ints | Small) -> Ints:
        """The period in whose prices each cell is in a vintage, or NONE."""
        found = np.full(len(key), NONE)
        for number in np.unique(vintage).tolist():
            if known := self.vintages[number].bases:
                here = vintage == number
                found[here] = known.of(key[here])
        return found

    def repriced(self, key: Ints, before: Small, after: Small) -> Flags:
        """Which cells a vintage has in other prices than an earlier one: those of another period, or deflated otherwise."""
        found = np.zeros(len(key), bool)
        for pair in np.unique(np.stack((before, after)), axis=1).T.tolist():
            bases = [self.vintages[number].bases for number in pair]
            here = (before == pair[0]) & (after == pair[1])
            if bases[0] and bases[1]:
                found[here] = bases[0].repriced(bases[1], key[here])
        return found

    @cached_property
    def newest_bases(self) -> dict[int, int]:
        """The base of each part (`price_bases.parts`) of which something is known now, in the newest edition that has it."""
        now = self.until == OPEN
        key, first = self.key[now], self.first[now]
        return price_bases.newest(self.space, key, self.bases(key, first), first)

    @cached_property
    def comparable(self) -> Observations:
        """What is known now, but for figures in other prices than those of the newest edition that has their part."""
        if not self.space.dataset.price_base:
            return self.latest
        now = np.flatnonzero(self.until == OPEN)
        base = self.bases(self.key[now], self.first[now])
        part = price_bases.parts(self.space, self.key[now])
        newest = np.array([self.newest_bases.get(one, NONE) for one in part.tolist()])
        return self._where(now[(base == newest) | ~price_bases.constant(self.space, self.key[now])])

    def in_years_of(self, period: Ints) -> Ints:
        """All periods of the history that end in the fiscal years in which some end."""
        calendar = self.space.calendar
        return self.periods[np.isin(calendar.fiscal_years(self.periods), calendar.fiscal_years(period))]

    @cached_property
    def _by_period(self) -> tuple[Ints, Ints]:
        """The places of the runs in the order of their periods, and where each period begins among them."""
        period = self.space.period(self.key)
        count = np.bincount(period, minlength=periods.SPAN)
        return np.argsort(period, kind="stable"), np.concatenate(([0], np.cumsum(count)))

    @cached_property
    def _by_first(self) -> tuple[Ints, Ints]:
        """The places of the runs in the order of the vintages that begin them, and where each vintage begins among them."""
        count = np.bincount(self.first, minlength=len(self.vintages))
        return np.argsort(self.first, kind="stable"), np.concatenate(([0], np.cumsum(count)))

    @cached_property
    def _touched(self) -> list[Ints]:
        return self.touches({})

    @cached_property
    def _turns(self) -> tuple[Ints, Ints]:
        """The vintages at which something begins to be known of a period, or nothing is known of it any more, and the periods."""
        known = self._by_vintage_and_period(np.ones(len(self), np.int64)) > 0
        vintage, turned = np.nonzero(np.diff(known, axis=0, prepend=False))
        return vintage, self.periods[turned]

    def _by_vintage_and_period(self, amount: Ints) -> Ints:
        """The sum of an amount for each run over those that stand at each vintage in each of `periods`."""
        place = np.searchsorted(self.periods, self.space.period(self.key))
        total = np.zeros((len(self.vintages) + 1, len(self.periods)), np.int64)
        np.add.at(total, (self.first, place), amount)
        ended = self.until != OPEN
        np.subtract.at(total, (self.until[ended], place[ended]), amount[ended])
        return np.cumsum(total, axis=0, dtype=np.int64)[:-1]

    def _beside(self, chosen: Flags, along: str) -> Iterator[Ints]:
        """The vintages that name a series first or no longer, with each period of it and of those that differ from it along a dimension."""
        key, first, until = self._series
        named = self.space.put(key, along, 0)
        period = self.space.period(self.key[chosen])
        group = self.space.put(self.key[chosen] - period, along, 0)
        for vintage in range(1, len(self.vintages)):
            if len(turned := named[(first == vintage) | (until == vintage)]):
                found = np.unique(period[np.isin(group, turned)])
                yield self._pair(np.full(len(found), vintage), found)

    def _pair(self, vintage: Ints | Small, period: Ints) -> Ints:
        return vintage.astype(np.int64) * periods.SPAN + period

    def _where(self, which: Flags | Ints) -> Observations:
        return Observations(self.space, self.key[which], self.value[which], self.status[which])


def history_of(space: KeySpace, vintages: Sequence[Vintage]) -> History:
    """The history that vintages in the order of their as-of dates make."""
    key = np.concatenate([v.observations.key for v in vintages])
    vintage = np.repeat(np.arange(len(vintages), dtype=np.int16), [len(v.observations) for v in vintages])
    order = np.argsort(key, kind="stable")
    key, vintage = key[order], vintage[order]
    value = np.concatenate([v.observations.value for v in vintages])[order]
    status = np.concatenate([v.observations.status for v in vintages])[order]
    covers = _coverage(vintages)
    period = space.period(key)
    turn = np.cumsum(covers, axis=0, dtype=np.int16)[vintage, period]
    starts = np.ones(len(key), bool)
    starts[1:] = (
        (key[1:] != key[:-1])
        | (value[1:] != value[:-1])
        | (status[1:] != status[:-1])
        | (turn[1:] != turn[:-1] + 1)
    )
    if space.dataset.price_base:
        base = np.concatenate([v.bases.of(v.observations.key) for v in vintages if v.bases])[order]
        starts[1:] |= base[1:] != base[:-1]
    begin = np.flatnonzero(starts)
    end = np.append(begin[1:], len(key)) - 1
    until = _next_covering(covers)[vintage[end], period[begin]]
    return History(space, tuple(vintages), key[begin], value[begin], status[begin], vintage[begin], until)


def _coverage(vintages: Sequence[Vintage]) -> Flags:
    """Whether each vintage covers each period: a row for each vintage, a column for each possible period."""
    every = np.arange(periods.SPAN)
    return np.array([within(every, vintage.observations.covered) for vintage in vintages])


def _next_covering(covers: Flags) -> Small:
    """For each vintage and period the next vintage that covers the period, or OPEN."""
    following = np.full(covers.shape, OPEN, np.int16)
    for vintage in range(len(covers) - 2, -1, -1):
        following[vintage] = np.where(covers[vintage + 1], vintage + 1, following[vintage + 1])
    return following

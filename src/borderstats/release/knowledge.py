"""When what an edition says was surely known: so that an answer about a past day holds nothing that nobody could know then.

The day for which a file speaks is not the day on which it became known. For this the archive has a day or a bound, with its
basis; of bounds, the safe one is taken. The idea of real-time data is that of ALFRED (Federal Reserve Bank of St. Louis).
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from borderstats.observations import Ints, Small
from borderstats.package.snapshots import SafeBasis, Snapshot
from borderstats.release.vintages import OPEN, History


@dataclass(frozen=True)
class Known:
    """The day from which on an edition was surely known, and the basis of that day."""

    day: datetime.date
    basis: SafeBasis


def surely(snapshots: Iterable[Snapshot], date: datetime.date) -> dict[str, Known]:
    """From when on each file was surely known, by its name; `date` is that of a release which holds all of them.

    Of a file of which is only said since when it can have been known, the first of: the day on which a later edition of
    its source was surely known, for a publisher had put it out by then; the day on which it came into the archive; the date.
    """
    found: dict[str, Known] = {}
    later: dict[str, datetime.date] = {}
    for one in sorted(snapshots, key=lambda snapshot: snapshot.place, reverse=True):
        after = later.get(one.source, date) if one.source else date
        if one.known_basis == "not before":
            safe = max(one.known, min(after, one.archived or date))
            found[one.file] = Known(min(safe, date), "not after")
        else:
            found[one.file] = Known(one.known, one.known_basis)
        later[one.source] = min(after, found[one.file].day)
    return found


@dataclass(frozen=True)
class Spans:
    """Of each run of a history the days from which and until which it was surely known, as ordinals.

    `until` is OPEN where it still is. Where both are the same day, it was surely known on none. `basis` is the number of the
    vintage that `since` is the day of, if that is the run's first, and OPEN if a later one bounds it.
    """

    since: Ints
    until: Ints
    basis: Small


def spans(history: History, days: Iterable[datetime.date]) -> Spans:
    """When each run was known, if each vintage was from its day on.

    On a day a period has the figures of the newest vintage that covers it among those known by then. So a run is known from the
    first day on which its first vintage or a later one that covers its period was known, until the first day on which
    the vintage that ends it was, or a later one. Exact also where a newer edition became known before an older one.
    """
    ordinal = np.array([day.toordinal() for day in days], np.int64)
    period, place = np.unique(history.space.period(history.key), return_inverse=True)
    never = np.iinfo(np.int64).max
    own = np.where(history.covers[:, period], ordinal[:, None], never)
    # Row n: the first day on which vintage n or a later one was known that covers the period.
    first = np.minimum.accumulate(own[::-1], axis=0)[::-1]
    since = first[history.first, place]
    until = np.where(history.until == OPEN, OPEN, first[history.until, place])
    return Spans(since, until, np.where(own[history.first, place] == since, history.first, OPEN))


def bases(known: Mapping[str, Known], files: Sequence[str]) -> list[SafeBasis]:
    """The bases that `Spans.basis` picks from: those of the vintages, and last that of a bound by a later one."""
    return [*(known[file].basis for file in files), "not after"]

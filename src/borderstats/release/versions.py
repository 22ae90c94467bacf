"""The history of a release as its published tables tell it, and what of it is left if only some of its files are heard.

Days are no part of it: which file came after which is the order of the manifest. A version of a cell lasts until the next file that
says otherwise of the cell, which is where another version begins or where the revision log has the cell. A file is heard of a
period if it says anything otherwise of it than the files before, in either of the releases that are compared.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from borderstats.observations import Flags, Ints, KeySpace, lookup
from borderstats.package.model import Package
from borderstats.release import joint
from borderstats.release.changes import MISSING, figures

NO_STATUS = -1
"""The status of a cell of which there is no row."""


@dataclass(frozen=True)
class Known:
    """Cells in the order of their keys, with their figures as changes have them, and statuses."""

    key: Ints
    figure: Ints
    status: Ints

    def at(self, key: Ints) -> tuple[Ints, Ints]:
        """Figures and statuses of some cells; MISSING and NO_STATUS where there is no row."""
        figure, there = lookup(self.key, self.figure, key)
        status, _ = lookup(self.key, self.status, key)
        return np.where(there, figure, MISSING), np.where(there, status, NO_STATUS)


@dataclass(frozen=True)
class Versions:
    """The versions of a dataset's cells in a release of `inputs` files: from file `first` on, up to but without `until`.

    Files are places in the manifest; `until` is `inputs` for what is still known. Sorted by key, then first.
    """

    space: KeySpace
    inputs: int
    key: Ints
    figure: Ints
    status: Ints
    first: Ints
    until: Ints

    @cached_property
    def latest(self) -> Known:
        """What is known now."""
        return self.known(self.until == self.inputs)

    def known(self, which: Flags) -> Known:
        return Known(self.key[which], self.figure[which], self.status[which])

    def heard(self) -> tuple[Ints, Ints]:
        """Periods and files, pair by pair, of which a version begins or ends with the file."""
        period, ended = self.space.period(self.key), self.until < self.inputs
        return np.concatenate((period, period[ended])), np.concatenate((self.first, self.until[ended]))


def of(space: KeySpace, package: Package, name: str) -> Versions:
    """The versions of a dataset of a release; none if it has no such dataset. Raises ReleaseError if a table is broken."""
    inputs = {snapshot.file: n for n, snapshot in enumerate(package.manifest.inputs)}
    if name not in package.datasets:
        none = np.zeros(0, np.int64)
        return Versions(space, len(inputs), none, none, none, none, none)
    dataset, where = package.datasets[name], f"{package.manifest.id}: data/{name}"
    key, first = joint.keys(space, dataset.history, where), joint.files(dataset.history, inputs, where)
    value, status = joint.figures(space, dataset.history, where)
    turned, turn = joint.keys(space, dataset.revisions, where), joint.files(dataset.revisions, inputs, where)
    cells = np.unique(key)
    steps = len(inputs) + 1
    begun = np.searchsorted(cells, key) * steps + first
    turns = np.unique(np.concatenate((begun, np.searchsorted(cells, turned) * steps + turn)))
    order = np.argsort(begun)
    following = np.append(turns, -1)[np.searchsorted(turns, begun[order], "right")]
    follows = following // steps == begun[order] // steps
    return Versions(
        space,
        len(inputs),
        key[order],
        figures(space, value, status)[order],
        status[order].astype(np.int64),
        first[order],
        np.where(follows, following % steps, len(inputs)),
    )


@dataclass(frozen=True)
class Common:
    """Which files two releases have in common: of each side the places in its manifest, pair by pair, in the order of the later one."""

    before: Ints
    after: Ints

    def __len__(self) -> int:
        return len(self.after)


@dataclass(frozen=True)
class Kept:
    """What versions say if only the common files are heard, each of the periods of which it is known to speak.

    `spoken` are periods and common files as numbers in order, `rank` is the place of each common file in the order of this
    release. A version is there from place `begin` of them until place `end`; one that is gone before it came is left out.
    """

    versions: Versions
    spoken: Ints
    rank: Ints
    begin: Ints
    end: Ints
    last: Ints

    @cached_property
    def latest(self) -> Known:
        """What is known when all of them have been heard."""
        return self.versions.known((self.begin < self.end) & (self.end == self.last))

    def turns(self) -> tuple[Ints, Ints]:
        """Cells and common files, pair by pair, where a version begins with the file or ends with it."""
        there = self.begin < self.end
        ended = there & (self.end < self.last)
        place = np.concatenate((self.begin[there], self.end[ended]))
        file = np.argsort(self.rank)[self.spoken[place] % len(self.rank)] if len(self.rank) else place
        return np.concatenate((self.versions.key[there], self.versions.key[ended])), file

    def at(self, key: Ints, file: Ints) -> tuple[Ints, Ints]:
        """What a common file says of a cell, of whose period it speaks: figures and statuses, pair by pair."""
        there = np.flatnonzero(self.begin < self.end)
        cells, steps = np.unique(self.versions.key[there]), len(self.spoken) + 1
        begun = np.searchsorted(cells, self.versions.key[there]) * steps + self.begin[there]
        place = np.searchsorted(
            self.spoken, self.versions.space.period(key) * len(self.rank) + self.rank[file]
        )
        if not len(there):
            return np.full(len(key), MISSING), np.full(len(key), NO_STATUS)
        found = there[np.searchsorted(begun, np.searchsorted(cells, key) * steps + place, "right") - 1]
        holds = (self.versions.key[found] == key) & (self.begin[found] <= place) & (place < self.end[found])
        return (
            np.where(holds, self.versions.figure[found], MISSING),
            np.where(holds, self.versions.status[found], NO_STATUS),
        )


def kept(before: Versions, after: Versions, common: Common) -> tuple[Kept, Kept]:
    """What either of two releases says if only the files are heard that both have."""
    sides = ((before, common.before), (after, common.after))
    spoken = np.unique(np.concatenate([_heard(versions, files) for versions, files in sides]))
    return _kept(before, common.before, spoken), _kept(after, common.after, spoken)


def _heard(versions: Versions, files: Ints) -> Ints:
    """Periods and common files, a number for each pair in which a file speaks of a period."""
    number = np.full(versions.inputs, -1, np.int64)
    number[files] = np.arange(len(files))
    period, file = versions.heard()
    return (period * len(files) + number[file])[number[file] >= 0]


def _kept(versions: Versions, files: Ints, heard: Ints) -> Kept:
    rank = np.argsort(np.argsort(files))
    spoken = np.sort(heard - heard % len(files) + rank[heard % len(files)]) if len(files) else heard
    # How many of the common files come before each file of this release.
    common = np.zeros(versions.inputs + 1, np.int64)
    common[files + 1] = 1
    earlier, period = np.cumsum(common), versions.space.period(versions.key) * len(files)
    begin, end, last = (
        np.searchsorted(spoken, period + count)
        for count in (earlier[versions.first], earlier[versions.until], len(files))
    )
    return Kept(versions, spoken, rank, begin, end, last)

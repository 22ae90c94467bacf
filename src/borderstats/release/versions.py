"""The history of a release as its published files tell it, and what of it is left if only some of its inputs are heard.

Days are no part of it: which file came after which is the order of the manifest, and which periods a file speaks of is said by
the metadata. A version of a cell lasts until the next file that says otherwise of the cell, which is where another version
begins or where the revision log has the cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, lookup
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.release import read
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
    """The versions of a dataset's cells in a release of so many `inputs`: from file `first` on, up to but without `until`.

    Files are places in the manifest; `until` is `inputs` for what is still known. Sorted by key, then first. `spoken` are the
    periods that each file speaks of, as `period * inputs + file` in order.
    """

    space: KeySpace
    inputs: int
    spoken: Ints
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


def of(space: KeySpace, package: Package, name: str) -> Versions:
    """The versions of a dataset of a release; none if it has no such dataset. Raises ReleaseError if a table is broken."""
    inputs = {snapshot.file: n for n, snapshot in enumerate(package.manifest.inputs)}
    if name not in package.datasets:
        none = np.zeros(0, np.int64)
        return Versions(space, len(inputs), none, none, none, none, none, none)
    dataset, where = package.datasets[name], f"{package.manifest.id}: data/{name}"
    key, first = read.keys(space, dataset.history, where), read.files(dataset.history, inputs, where)
    value, status = read.figures(space, dataset.history, where)
    turned, turn = read.keys(space, dataset.revisions, where), read.files(dataset.revisions, inputs, where)
    cells, steps = np.unique(key), len(inputs) + 1
    begun = np.searchsorted(cells, key) * steps + first
    turns = np.unique(np.concatenate((begun, np.searchsorted(cells, turned) * steps + turn)))
    order = np.argsort(begun)
    following = np.append(turns, -1)[np.searchsorted(turns, begun[order], "right")]
    follows = following // steps == begun[order] // steps
    return Versions(
        space,
        len(inputs),
        _spoken(dataset.meta, inputs),
        key[order],
        figures(space, value, status)[order],
        status[order].astype(np.int64),
        first[order],
        np.where(follows, following % steps, len(inputs)),
    )


def _spoken(meta: Metadata, inputs: Mapping[str, int]) -> Ints:
    return np.sort(
        [
            period * len(inputs) + inputs[vintage.file]
            for vintage in meta.vintages
            for span in vintage.covers
            for period in range(periods.parse(span.first), periods.parse(span.last) + 1)
        ]
    ).astype(np.int64)


class Kept:
    """What is said by versions if only some `files` of a release are heard, in its order.

    Of what they say of each period there is one place after the other; a version is there from place `begin` until place `end`.
    One of which no such file says anything ends where it begins.
    """

    def __init__(self, versions: Versions, files: Ints) -> None:
        number = np.full(versions.inputs, -1, np.int64)
        number[files] = np.arange(len(files))
        heard = versions.spoken[number[versions.spoken % versions.inputs] >= 0]
        self.versions = versions
        self.spoken = heard
        self._number = number
        self._files = files
        period = versions.space.period(versions.key) * versions.inputs
        self.begin, self.end, self.last = (
            np.searchsorted(heard, period + place)
            for place in (versions.first, versions.until, versions.inputs)
        )

    @property
    def there(self) -> Flags:
        found: Flags = self.begin < self.end
        return found

    @cached_property
    def latest(self) -> Known:
        """What is known when all of them have been heard."""
        return self.versions.known(self.there & (self.end == self.last))

    def turns(self) -> tuple[Ints, Ints]:
        """Cells and files, as places in `files`, pair by pair: where a version begins with the file or ends with it."""
        there = np.flatnonzero(self.there)
        of, begin, end = self.versions, self.begin[there], self.end[there]
        follows = (of.key[there][1:] == of.key[there][:-1]) & (begin[1:] == end[:-1])
        # Of two files that agree, one between them may have said otherwise.
        same = (of.figure[there][1:] == of.figure[there][:-1]) & (
            of.status[there][1:] == of.status[there][:-1]
        )
        begun = np.append(True, ~(follows & same))[: len(there)]
        ended = np.append(~follows, True)[: len(there)] & (end < self.last[there])
        place = np.concatenate((begin[begun], end[ended]))
        return of.key[there[np.concatenate((np.flatnonzero(begun), np.flatnonzero(ended)))]], self._number[
            self.spoken[place] % of.inputs
        ]

    def at(self, key: Ints, file: Ints) -> tuple[Ints, Ints]:
        """What is known of cells when files, as places in `files`, have been heard: figures and statuses, pair by pair."""
        if not self.there.any():
            return np.full(len(key), MISSING), np.full(len(key), NO_STATUS)
        wanted = self.versions.space.period(key) * self.versions.inputs + self._files[file]
        place = np.searchsorted(self.spoken, wanted, "right") - 1
        there = np.flatnonzero(self.there)
        cells, steps = np.unique(self.versions.key[there]), len(self.spoken) + 1
        begun = np.searchsorted(cells, self.versions.key[there]) * steps + self.begin[there]
        found = there[np.searchsorted(begun, np.searchsorted(cells, key) * steps + place, "right") - 1]
        holds = (self.versions.key[found] == key) & (self.begin[found] <= place) & (place < self.end[found])
        return (
            np.where(holds, self.versions.figure[found], MISSING),
            np.where(holds, self.versions.status[found], NO_STATUS),
        )

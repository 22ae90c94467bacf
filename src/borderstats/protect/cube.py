"""The table type of disclosure control: counts of inner cells, and every cell that is a sum of them.

A dimension's codes are one list: inner codes, then its parent levels, nearest first, then groups that lie across them (a
year to date beside months), then the total `_T`. A cell is a place in each list, written as one number in mixed radix, so
that every sum of the table is one entry of one array.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TOTAL = "_T"
_NOWHERE = -(2**56)


@dataclass(frozen=True)
class Dimension:
    """A dimension: `codes` of all levels, of which the first `inner` are inner ones.

    `parents` are pairs of places, a code and one that holds it; every code but the total, the last one, has at least one.
    `levels` are the names of its levels, the finest first, and the place of the first code of each; groups across them
    are a level without a name.
    """

    name: str
    codes: tuple[str, ...]
    inner: int
    parents: tuple[tuple[int, int], ...]
    levels: tuple[tuple[str, int], ...]

    @cached_property
    def above(self) -> Ints:
        """The places of all codes above each inner code, in their order, so that the total is the last; -1 fills up."""
        of: dict[int, list[int]] = {}
        for code, parent in self.parents:
            of.setdefault(code, []).append(parent)
        found = []
        for code in range(self.inner):
            every: set[int] = set()
            waiting = [code]
            while waiting:
                fresh = set(of.get(waiting.pop(), ())) - every
                every |= fresh
                waiting += fresh
            found.append(sorted(every))
        width = max(map(len, found), default=0)
        return np.array([[*([-1] * (width - len(one))), *one] for one in found], np.int64).reshape(
            len(found), width
        )

    @cached_property
    def holds(self) -> Flags:
        """Which codes (the columns) hold which inner codes (the rows)."""
        holds = np.zeros((self.inner, len(self.codes)), np.bool_)
        holds[np.arange(self.inner), np.arange(self.inner)] = True
        for above in self.above.T:
            there = np.flatnonzero(above >= 0)
            holds[there, above[there]] = True
        return holds


@dataclass(frozen=True)
class Sums:
    """Which inner cells (by their place in `places`) each sum adds up: those of sum s are `cells[starts[s]:starts[s + 1]]`."""

    starts: Ints
    cells: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def matrix(self, inner: int) -> sparse.csr_array:
        """A row of ones for each sum, a column for each of so many inner cells."""
        ones = np.ones(len(self.cells), np.int64)
        return sparse.csr_array((ones, self.cells, self.starts), shape=(len(self), inner))

    def of(self, which: Ints) -> "Sums":
        """The sums of these numbers only, numbered anew in their order."""
        lengths = self.starts[which + 1] - self.starts[which]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        return Sums(starts, self.cells[np.repeat(self.starts[which], lengths) + within])


@dataclass(frozen=True)
class Cube:
    """Inner cells: `places[n]` in each dimension, and `counts[n]`. Sorted, each once; those left out are zero.

    `shown` are the cells, by their number, that are to be published if they can be: all, or those of some tables.
    """

    dimensions: tuple[Dimension, ...]
    places: Ints
    counts: Ints
    shown: Flags

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(dimension.codes) for dimension in self.dimensions)

    @cached_property
    def strides(self) -> Ints:
        """What one step in each dimension adds to the number of a cell."""
        steps = np.ones(len(self.shape), np.int64)
        for k in range(len(self.shape) - 2, -1, -1):
            steps[k] = steps[k + 1] * self.shape[k + 1]
        return steps

    @cached_property
    def cells(self) -> Ints:
        """The numbers of the inner cells."""
        numbers: Ints = self.places @ self.strides
        return numbers

    @cached_property
    def values(self) -> Ints:
        """The count of every cell by its number: inner cells, parents and totals."""
        return self.added_up(self.counts)

    def added_up(self, figures: Ints) -> Ints:
        """Every cell's sum of figures that inner cells have (in the order of `places`)."""
        table = np.zeros(self.shape, np.int64)
        table[tuple(self.places.T)] = figures
        for k, dimension in enumerate(self.dimensions):
            moved = np.moveaxis(table, k, 0)
            for above in dimension.above.T:
                there = above >= 0
                np.add.at(moved, above[there], moved[: dimension.inner][there])
        return table.ravel()

    @cached_property
    def sums(self) -> Sums:
        """Which inner cells each cell adds up, by the cell's number; an inner cell adds up itself."""
        images = self.cells[:, None]
        for dimension, places, step in zip(self.dimensions, self.places.T, self.strides, strict=True):
            above = dimension.above[places]
            levels = (above - places[:, None]) * step
            # Far below any number, so that what lies in no such code never becomes one.
            levels[above < 0] = _NOWHERE
            levels = np.column_stack([np.zeros(len(places), np.int64), levels])
            images = (images[:, :, None] + levels[:, None, :]).reshape(
                len(places), images.shape[1] * levels.shape[1]
            )
        order = np.argsort(images, axis=None, kind="stable")
        starts = np.searchsorted(images.ravel()[order], np.arange(np.prod(self.shape) + 1))
        inner = (order[starts[0] :] // images.shape[1]).astype(np.int32)
        return Sums(starts - starts[0], inner)

    def columns(self, cells: Ints) -> dict[str, list[str]]:
        """A column of codes for each dimension, of these cells."""
        places = np.unravel_index(cells, self.shape)
        return {
            d.name: np.array(d.codes, object)[place].tolist()
            for d, place in zip(self.dimensions, places, strict=True)
        }

    def codes(self, cell: int) -> tuple[str, ...]:
        """The codes of one cell."""
        places = np.unravel_index(cell, self.shape)
        return tuple(d.codes[int(place)] for d, place in zip(self.dimensions, places, strict=True))

    def table(self, columns: Sequence[str]) -> Flags:
        """The cells of the table that has these levels, each the finest one of its dimension, and all above them."""
        cells = np.ones(1, np.bool_)
        for one in self.dimensions:
            finest = [start for name, start in one.levels if name in columns] or [len(one.codes) - 1]
            cells = (cells[:, None] & (np.arange(len(one.codes)) >= finest[0])).ravel()
        return cells

    def within(self, holds: Flags) -> Flags:
        """The inner cells, by number, that lie in any of the cells that hold."""
        table = holds.reshape(self.shape).copy()
        for k, one in enumerate(self.dimensions):
            moved = np.moveaxis(table, k, 0)
            for above in one.above.T:
                there = np.flatnonzero(above >= 0)
                moved[there] |= moved[above[there]]
        return table.ravel() & self.inner

    @cached_property
    def inner(self) -> Flags:
        """Which cells are inner ones, by their number."""
        cells = np.ones(1, np.bool_)
        for one in self.dimensions:
            cells = (cells[:, None] & (np.arange(len(one.codes)) < one.inner)).ravel()
        return cells

    def with_zeros(self, cells: Ints) -> "Cube":
        """The same table with inner cells of these numbers, all of them zero, among its inner cells."""
        fresh = np.setdiff1d(cells, self.cells)
        every = np.concatenate([self.cells, fresh])
        counts = np.concatenate([self.counts, np.zeros(len(fresh), np.int64)])
        sort = np.argsort(every, kind="stable")
        places = np.stack(np.unravel_index(every[sort], self.shape), axis=1)
        return replace(self, places=places, counts=counts[sort])


def dimension(
    names: Sequence[str],
    paths: Sequence[tuple[str, ...]],
    groups: Sequence[tuple[str, Sequence[str]]] = (),
) -> Dimension:
    """A dimension from the names of its levels, the paths of its inner codes (code, parent ...) and groups of codes.

    It is called by the name of its finest level. Codes of each level are put in order, so that the order of paths makes no difference.
    """
    ordered = sorted(paths)
    levels = [sorted({path[level] for path in ordered}) for level in range(len(ordered[0]))]
    codes = [*(code for level in levels for code in level), *(code for code, _ in groups), TOTAL]
    place = {code: number for number, code in enumerate(codes)}
    pairs = {(place[one], place[other]) for path in ordered for one, other in pairwise((*path, TOTAL))}
    pairs |= {(place[member], place[code]) for code, members in groups for member in members}
    pairs |= {(place[code], place[TOTAL]) for code, _ in groups}
    starts = [sum(map(len, levels[:n])) for n in range(len(levels))]
    return Dimension(
        names[0],
        tuple(codes),
        len(levels[0]),
        tuple(sorted(pairs)),
        (*zip(names, starts, strict=True), *([("", sum(map(len, levels)))] if groups else [])),
    )


def cube(dimensions: Sequence[Dimension], places: Ints, counts: Ints, shown: Flags | None = None) -> Cube:
    """A cube of the inner cells at these places (a column for each dimension) that are not zero, put in order."""
    kept = counts > 0
    sort = np.lexsort(places[kept].T[::-1])
    size = int(np.prod([len(one.codes) for one in dimensions]))
    every = np.ones(size, np.bool_) if shown is None else shown
    return Cube(tuple(dimensions), places[kept][sort], counts[kept][sort], every)


class Shared:
    """The numbers of inner cells in one table, and in the space of the codes of several tables of the same dimensions."""

    def __init__(self, own: Sequence[Dimension], tables: Sequence[Sequence[Dimension]]) -> None:
        self.shape = tuple(len(one.codes) for one in own)
        self.maps, self.sizes = [], []
        for k, one in enumerate(own):
            every = sorted({code for table in tables for code in table[k].codes[: table[k].inner]})
            place = {code: n for n, code in enumerate(every)}
            self.maps.append(np.array([place[code] for code in one.codes[: one.inner]], np.int64))
            self.sizes.append(len(every))

    def everywhere(self, cells: Ints) -> Ints:
        """The numbers among all, of inner cells of this table."""
        places = np.unravel_index(cells, self.shape)
        mapped = [m[p] for m, p in zip(self.maps, places, strict=True)]
        numbers: Ints = np.ravel_multi_index(mapped, self.sizes)
        return numbers

    def here(self, numbers: Ints) -> Ints:
        """The numbers in this table of those, among all, that it has."""
        places = np.unravel_index(numbers, self.sizes)
        backs, there = [], np.ones(len(numbers), np.bool_)
        for mapped, size, place in zip(self.maps, self.sizes, places, strict=True):
            back = np.full(size, -1)
            back[mapped] = np.arange(len(mapped))
            there &= back[place] >= 0
            backs.append(back[place])
        found: Ints = np.ravel_multi_index([back[there] for back in backs], self.shape)
        return found

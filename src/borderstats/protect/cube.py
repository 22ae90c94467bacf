"""The table type of disclosure control: counts of inner cells, and every cell that is a sum of them.

A dimension's codes are one list: inner codes, then its parent levels, nearest first, then the total `_T`. A cell is a
place in each list, written as one number in mixed radix, so that every sum of the table is one entry of one array.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TOTAL = "_T"


@dataclass(frozen=True)
class Dimension:
    """A dimension: `codes` of all levels, of which the first `inner` are inner ones.

    `above[i]` are the places of the codes above inner code i, nearest first, the total last.
    """

    name: str
    codes: tuple[str, ...]
    inner: int
    above: Ints


@dataclass(frozen=True)
class Sums:
    """Which inner cells (by their place in `places`) each sum adds up: those of sum s are `cells[starts[s]:starts[s + 1]]`."""

    starts: Ints
    cells: npt.NDArray[np.int32]

    def of(self, which: Ints) -> "Sums":
        """The sums of these numbers only, numbered anew in their order."""
        lengths = self.starts[which + 1] - self.starts[which]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        return Sums(starts, self.cells[np.repeat(self.starts[which], lengths) + within])


@dataclass(frozen=True)
class Cube:
    """Inner cells that are not zero: `places[n]` in each dimension, and `counts[n]`. Sorted, each once."""

    dimensions: tuple[Dimension, ...]
    places: Ints
    counts: Ints

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
            for level in range(dimension.above.shape[1]):
                np.add.at(moved, dimension.above[:, level], moved[: dimension.inner])
        return table.ravel()

    @cached_property
    def sums(self) -> Sums:
        """Which inner cells each cell adds up, by the cell's number; an inner cell adds up itself."""
        images = self.cells[:, None]
        for dimension, places, step in zip(self.dimensions, self.places.T, self.strides, strict=True):
            levels = np.column_stack([places, dimension.above[places]]) - places[:, None]
            images = (images[:, :, None] + (levels * step)[:, None, :]).reshape(
                len(places), images.shape[1] * levels.shape[1]
            )
        order = np.argsort(images, axis=None, kind="stable")
        starts = np.searchsorted(images.ravel()[order], np.arange(np.prod(self.shape) + 1))
        return Sums(starts, (order // images.shape[1]).astype(np.int32))

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


def cube(names: Sequence[str], codes: Sequence[Sequence[tuple[str, ...]]], rows: Ints, counts: Ints) -> Cube:
    """A cube from the paths of each dimension's inner codes (code, parent, grandparent ...), and rows of their places.

    Codes are put in order, so that the order of rows and of paths makes no difference.
    """
    dimensions, places = [], []
    for name, paths, column in zip(names, codes, rows.T, strict=True):
        order = sorted(range(len(paths)), key=lambda n: paths[n][0])
        levels = [[paths[n][level] for n in order] for level in range(len(paths[0]))]
        every = list(dict.fromkeys(levels[0]))
        above = []
        for level in levels[1:]:
            start = len(every)
            distinct = sorted(set(level))
            every += distinct
            above.append([start + distinct.index(code) for code in level])
        above.append([len(every)] * len(order))
        every.append(TOTAL)
        dimensions.append(Dimension(name, tuple(every), len(order), np.array(above, np.int64).T))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        places.append(rank[column])
    stacked = np.stack(places, axis=1)
    kept = counts > 0
    sort = np.lexsort(stacked[kept].T[::-1])
    return Cube(tuple(dimensions), stacked[kept][sort], counts[kept][sort])

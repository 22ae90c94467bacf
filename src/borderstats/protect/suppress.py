"""Suppression: which cells are withheld so that no sensitive count can be recovered, and the changes that prove it.

Sensitive are counts from 1 to below a threshold. The other cells are published from the largest to the smallest as long as
every sensitive cell keeps a *certificate*: a change to the true inner cells, in whole numbers, that keeps every published
cell, leaves every withheld inner cell at least 1, and changes the sensitive cell. Nobody who sees only what is published
can tell the changed table from the true one; it does not matter how they compute.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from borderstats.errors import InputError
from borderstats.protect.cube import Cube, Flags, Ints, Sums
from borderstats.protect.moves import UNTRIED, Moves
from borderstats.protect.optimum import optimum

_RESCUES = 5
"""Sensitive cells that a cell may leave without certificate, to be given another, when it is tried first ..."""
_NEAR, _RESCUES_AGAIN = 30, 10
"""... and when it is tried again: only those are that left no more than so many without one."""
_MOST = 100_000_000_000
"""Steps of the elimination; what has not been tried then is withheld."""
_LARGEST_SLACK = 1_000_000
"""No change is as large; so counts fit into 32 bits."""


@dataclass(frozen=True)
class Changes:
    """Certificates: number c changes the inner cells `cells[starts[c]:starts[c + 1]]` by `changes[...]`."""

    starts: Ints
    cells: Ints
    changes: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    @staticmethod
    def of(matrix: sparse.csr_array) -> "Changes":
        """Certificates from a row of changes for each."""
        matrix.sort_indices()
        return Changes(
            matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data.astype(np.int64)
        )

    def matrix(self, inner: int) -> sparse.csr_array:
        """A row for each certificate, a column for each inner cell."""
        return sparse.csr_array((self.changes, self.cells, self.starts), shape=(len(self), inner))


@dataclass(frozen=True)
class Suppression:
    """By the number of each cell of the cube: whether it is sensitive, whether it is withheld."""

    cube: Cube
    sensitive: Flags
    withheld: Flags
    certificates: Changes


def suppress(cube: Cube, threshold: int) -> Suppression:
    """Withhold the counts below a threshold, and as little else as can be found.

    The pattern depends on the counts only, not on the order of rows. Every sensitive cell has a certificate.
    """
    values, sums = cube.values, cube.sums
    sensitive = (values > 0) & (values < threshold)
    hidden = sums.of(np.flatnonzero(sensitive))
    moves = Moves(
        np.minimum(cube.counts - 1, _LARGEST_SLACK).astype(np.int32), _narrow(hidden.starts), hidden.cells
    )
    candidates = np.flatnonzero((values > 0) & ~sensitive)
    adds_up = np.diff(sums.starts)
    waiting = candidates[np.lexsort((candidates, -adds_up[candidates], -values[candidates]))]
    starts = _narrow(sums.starts)
    tries = ((UNTRIED, _RESCUES, _MOST), (_NEAR, _RESCUES_AGAIN, _MOST), (UNTRIED, 0, 0))
    uncovered: npt.NDArray[np.int32] = np.ones(len(waiting), np.int32)
    for near, rescues, most in tries:
        again = np.flatnonzero((uncovered > 0) & (uncovered <= near))
        cells = waiting[again]
        uncovered[again] = moves.publish(starts[cells], starts[cells + 1], sums.cells, rescues, most)
    withheld = sensitive.copy()
    withheld[waiting[uncovered > 0]] = True
    begins, changed, changes = moves.feasible_moves()
    found = Changes(begins, changed.astype(np.int64), changes.astype(np.int64))
    best = optimum(cube, sensitive)
    if best and values[best[0]].sum() < values[withheld].sum():
        withheld, found = best[0], Changes.of(sparse.csr_array(best[1]))
    return Suppression(cube, sensitive, withheld, _enough(found, hidden, len(cube.counts)))


def _narrow(numbers: Ints) -> npt.NDArray[np.int32]:
    if len(numbers) and numbers[-1] > np.iinfo(np.int32).max:
        raise InputError(f"{numbers[-1]:,} inner cells in all sums together are too many; split the table")
    return numbers.astype(np.int32)


def _enough(found: Changes, hidden: Sums, inner: int) -> Changes:
    """As few of the changes as a simple search finds, short ones first, that together change every hidden sum."""
    adds_up = sparse.csr_array(
        (np.ones(len(hidden.cells), np.int64), hidden.cells, hidden.starts),
        shape=(len(hidden.starts) - 1, inner),
    )
    changed = found.matrix(inner) @ adds_up.T
    changed.eliminate_zeros()
    covers = [
        changed.indices[start:end] for start, end in zip(changed.indptr, changed.indptr[1:], strict=False)
    ]
    times = np.zeros(adds_up.shape[0], np.int64)
    kept = []
    for number in np.argsort(np.diff(found.starts), kind="stable"):
        if (times[covers[number]] == 0).any():
            times[covers[number]] += 1
            kept.append(int(number))
    needed = []
    for number in kept:
        if (times[covers[number]] == 1).any():
            needed.append(number)
        else:
            times[covers[number]] -= 1
    return Changes.of(found.matrix(inner)[np.sort(np.array(needed, np.int64))])

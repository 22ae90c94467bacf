"""Suppression: which cells are withheld so that no sensitive count can be recovered, and the changes that prove it.

Sensitive are counts from 1 to below a threshold. The other cells are published from the largest to the smallest as long as
every sensitive cell keeps a *certificate*: a change to the true inner cells, in whole numbers, that keeps every published
cell, leaves every withheld inner cell at least 1, and changes the sensitive cell. Nobody who sees only what is published
can tell the changed table from the true one; it does not matter how they compute.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from borderstats.errors import EngineError, GateError, InputError
from borderstats.protect.cube import Cube, Flags, Ints, Sums
from borderstats.protect.optimum import another, optimum
from borderstats.protect.problem import Earlier, Problem, problem
from borderstats.standard.protection import Policy

if TYPE_CHECKING:
    from borderstats.protect.moves import Moves

_RESCUES = 5
"""Sensitive cells that a cell may leave without certificate, to be given another, when it is tried first ..."""
_NEAR, _RESCUES_AGAIN = 30, 10
"""... and when it is tried again: only those are that left no more than so many without one."""
_MOST = 100_000_000_000
"""Steps of the elimination; what has not been tried then is withheld."""
_ANY = np.iinfo(np.int32).max
_TRIES = ((_ANY, _RESCUES, _MOST), (_NEAR, _RESCUES_AGAIN, _MOST))
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
    """By the number of each cell of the cube: whether it is sensitive, whether it is withheld.

    `least` is what anyone may know of a withheld cell. `everyone` are pairs of cells (and the place of a dimension) of which
    nobody may know that they are equal. Certificates change the inner cells of the cube, by their place; `earlier` says
    for each earlier release what the same certificates change there, and `known` which cells are public elsewhere.
    """

    cube: Cube
    sensitive: Flags
    withheld: Flags
    least: int
    everyone: Ints
    certificates: Changes
    earlier: tuple[tuple[Earlier, Cube, Changes], ...] = ()
    known: Ints | None = None


def suppress(
    cube: Cube, policy: Policy, known: Ints | None = None, earlier: Sequence[Earlier] = ()
) -> Suppression:
    """Withhold what a policy calls sensitive, and as little else as can be found.

    `known` are the numbers of cells that are public elsewhere. The pattern depends on the counts only, not on the order of
    rows. Every sensitive cell that is shown has a certificate, and so has every small inner cell that no table shows, unless
    what is public already seems to give it away; then it is not called sensitive. Raises GateError if what is public
    already gives away a cell that is shown, EngineError if the compiled part is missing.
    """
    given = problem(cube, policy, known, earlier)
    found = _eliminated(given)
    best = optimum(given)
    values = given.cube.values[given.cells]
    if best and (isinstance(found, int) or values[~best[0]].sum() < values[~found.published].sum()):
        none = np.zeros(len(given.secret), np.bool_)
        found = _Found(best[0], Changes.of(sparse.csr_array(best[1])), none)
    if isinstance(found, int):
        raise GateError(_given_away(given, found, earlier))
    withheld = given.sensitive & given.cube.shown
    withheld[given.cells[~found.published]] = True
    sensitive = given.sensitive.copy()
    release, cell, above = given.secrets.T
    sensitive[cell[found.forgone & (release == 0) & (above < 0)]] = False
    kept = ~found.forgone[(release == 0) & (above >= 0)]
    secret = given.secret.of(np.flatnonzero(~found.forgone))
    enough = _enough(found.changes, secret, len(given.slack))
    own, *before = (Changes.of(sparse.csr_array(enough[:, of])) for of in given.of)
    return Suppression(
        given.cube,
        sensitive,
        withheld,
        given.least,
        given.everyone[kept],
        own,
        tuple(zip(earlier, given.cubes[1:], before, strict=True)),
        known,
    )


@dataclass(frozen=True)
class _Found:
    """Which candidates are published, the changes that are left, and which secrets are forgone."""

    published: Flags
    changes: Changes
    forgone: Flags


def _eliminated(given: Problem) -> _Found | int:
    """What elimination finds; or the number of a secret that is known already."""
    secret = given.secret
    slack = np.minimum(given.slack, _LARGEST_SLACK).astype(np.int32)
    moves = _compiled()(slack, _narrow(secret.starts), secret.cells)
    forgone = np.zeros(len(secret), np.bool_)
    for number in _disclosed(moves, given):
        if given.shown(number):
            return number
        moves.forgo(number)
        forgone[number] = True
    published = _published(moves, given.candidates, (*_TRIES, (_ANY, 0, 0)))
    begins, changed, changes = moves.feasible_moves()
    return _Found(published, Changes(begins, changed.astype(np.int64), changes.astype(np.int64)), forgone)


def _compiled() -> "type[Moves]":
    """The moves of a table, imported here alone: everything else works where they were not compiled."""
    try:
        from borderstats.protect.moves import Moves  # noqa: PLC0415
    except ImportError:
        raise EngineError(
            "the compiled part of disclosure control is missing; install a C++ compiler and Python's headers (on Debian g++ "
            "and python3-dev) and run make protect, or install borderstats anew"
        ) from None
    return Moves


def _disclosed(moves: "Moves", given: Problem) -> Iterator[int]:
    """Let the moves keep what is known already, and name the secrets that are known, too.

    What is without cover then is looked for by integer programming.
    """
    remaining = np.flatnonzero(~_published(moves, given.known, _TRIES))
    starts = _narrow(given.known.starts)
    uncovered = moves.insist(starts[remaining], starts[remaining + 1], given.known.cells)
    equations, secrets = (each.matrix(len(given.slack)) for each in (given.known, given.secret))
    found: list[Ints] = []
    for number in uncovered:
        secret = secrets[[number]]
        if any((secret @ change)[0] for change in found):
            continue
        change = another(equations, given.slack, secret)
        if change is None:
            yield number
            continue
        found.append(change)
        cells = np.flatnonzero(change).astype(np.int32)
        moves.take_in(cells, change[cells].astype(np.int32))


def _published(moves: "Moves", sums: Sums, tries: Sequence[tuple[int, int, int]]) -> Flags:
    """Which sums could be published, tried in their order, again and again those that were near enough."""
    starts = _narrow(sums.starts)
    uncovered: npt.NDArray[np.int32] = np.ones(len(sums), np.int32)
    for near, rescues, most in tries:
        again = np.flatnonzero((uncovered > 0) & (uncovered <= near))
        uncovered[again] = moves.publish(starts[again], starts[again + 1], sums.cells, rescues, most)
    published: Flags = uncovered == 0
    return published


def _given_away(given: Problem, number: int, earlier: Sequence[Earlier]) -> str:
    """What to say of a secret that is known already."""
    release, cell, above = given.secrets[number].tolist()
    codes = [", ".join(given.cubes[release].codes(n)) for n in (cell, above) if n >= 0]
    where = f" in {earlier[release - 1].name}" if release else ""
    return (
        f"{' holding everyone of '.join(codes)}{where}: can be computed from what is public already (earlier releases, figures "
        "public elsewhere), so nothing that is withheld now can hide it. Publish a coarser table, or leave revised cells "
        "as they were"
    )


def _narrow(numbers: Ints) -> npt.NDArray[np.int32]:
    if len(numbers) and numbers[-1] > np.iinfo(np.int32).max:
        raise InputError(f"{numbers[-1]:,} inner cells in all sums together are too many; split the table")
    return numbers.astype(np.int32)


def _enough(found: Changes, secret: Sums, unknowns: int) -> sparse.csr_array:
    """As few of the changes as a simple search finds, short ones first, that together change every secret sum."""
    every = found.matrix(unknowns)
    changed = every @ secret.matrix(unknowns).T
    changed.eliminate_zeros()
    covers = [
        changed.indices[start:end] for start, end in zip(changed.indptr, changed.indptr[1:], strict=False)
    ]
    times = np.zeros(len(secret), np.int64)
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
    if (times == 0).any():
        raise AssertionError("a sensitive sum without a certificate")
    return every[np.sort(np.array(needed, np.int64))]

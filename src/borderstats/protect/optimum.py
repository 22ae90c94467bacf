"""The cheapest suppression of a small table: no other pattern that is as safe withholds a smaller sum of counts.

Cutting planes (Fischetti and Salazar 2001, doi 10.1287/mnsc.47.7.1008.9805): a master programme chooses which cells to
withhold; for every sensitive cell a linear programme looks for a change that is large enough, upwards or downwards, and if
there is none its dual values say which cells could help. Where only whole numbers fail, the pattern itself is cut off.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from borderstats.protect.cube import Cube, Flags, Ints

_FLAT, _DEEP = 300, 80
"""Cells other than zero that a table may have, of two dimensions and of more: there the programmes are much harder."""
_ROUNDS = 60
_GAP = 0.05
"""Near the optimum is good enough as long as cuts are found; the last patterns are optimal."""
_NEARLY = 1e-6


@dataclass(frozen=True)
class _Classes:
    """Cells that add up the same inner cells, as one: `of` each cell (-1 if it is zero), `sums` of inner cells, `weight`."""

    of: Ints
    sums: sparse.csr_array
    weight: Ints
    sensitive: Ints
    inner: Ints


def optimum(cube: Cube, sensitive: Flags) -> tuple[Flags, Ints] | None:
    """Which cells to withhold, and certificates (a row of changes to inner cells for each); None if nothing is sensitive,
    or the table is too large.
    """
    crossed = sum(one.inner > 1 for one in cube.dimensions)
    if not sensitive.any() or (cube.values > 0).sum() > (_FLAT if crossed <= 2 else _DEEP):
        return None
    classes = _classes(cube, sensitive)
    need = len(classes.sensitive)
    master = _Master(classes)
    pool = np.zeros((0, len(cube.counts)), np.int64)
    gap = _GAP
    for _ in range(_ROUNDS):
        withheld = master.solve(gap)
        if withheld is None:
            return None
        pool = pool[_fits(classes, pool, withheld)]
        done = True
        for number in range(need):
            cell = classes.sums[[classes.sensitive[number]]]
            if (pool @ cell.T.toarray()).any():
                continue
            change, cuts = _change(classes, cube.counts, withheld, cell)
            if change is not None:
                pool = np.vstack([pool, change])
                continue
            done = False
            for up, cut in cuts:
                master.cut(cut, number, up)
            if not cuts:
                master.cut(np.where(withheld, 0.0, 1.0), None, up=True)
        if done and gap:
            gap = 0.0
        elif done:
            return withheld[classes.of] & (classes.of >= 0), pool
    return None


def _classes(cube: Cube, sensitive: Flags) -> _Classes:
    alive = np.flatnonzero(cube.values > 0)
    sums = cube.sums.of(alive)
    known: dict[bytes, int] = {}
    of = np.full(len(cube.values), -1)
    first: list[int] = []
    for n, cell in enumerate(alive):
        inside = sums.cells[sums.starts[n] : sums.starts[n + 1]].tobytes()
        if inside not in known:
            known[inside] = len(first)
            first.append(n)
        of[cell] = known[inside]
    each = sums.of(np.array(first))
    matrix = sparse.csr_array(
        (np.ones(len(each.cells)), each.cells, each.starts), shape=(len(first), len(cube.counts))
    )
    weight = np.bincount(of[alive], weights=cube.values[alive], minlength=len(first)).astype(np.int64)
    hidden = np.unique(of[sensitive])
    return _Classes(of, matrix, weight, hidden, of[cube.cells])


def _fits(classes: _Classes, pool: Ints, withheld: Flags) -> Flags:
    """The changes that keep every published sum of this pattern."""
    fits: Flags = ~((pool @ classes.sums.T.toarray()) != 0)[:, ~withheld].any(axis=1)
    return fits


class _Master:
    """Which classes to withhold (a 0 or 1 for each), and for each sensitive one whether its change goes upwards."""

    def __init__(self, classes: _Classes) -> None:
        self.size, self.need = len(classes.weight), len(classes.sensitive)
        self.cost = np.concatenate([classes.weight.astype(float), np.zeros(self.need)])
        self.low = np.zeros(self.size + self.need)
        self.low[classes.sensitive] = 1
        self.rows: list[np.ndarray] = []
        self.right: list[float] = []

    def cut(self, coefficients: np.ndarray, number: int | None, up: bool) -> None:
        """The cells of a cut add up at least 1, if the change of sensitive class `number` goes this way."""
        row = np.concatenate([coefficients, np.zeros(self.need)])
        if number is not None:
            row[self.size + number] = -1 if up else 1
        self.rows.append(row)
        self.right.append(1.0 if number is None or not up else 0.0)

    def solve(self, gap: float) -> Flags | None:
        """A pattern that no cut excludes, dearer than the cheapest by no more than this share."""
        constraints = [LinearConstraint(np.array(self.rows), self.right, np.inf)] if self.rows else []
        found = milp(
            self.cost,
            integrality=np.ones(len(self.cost)),
            bounds=Bounds(self.low, np.ones(len(self.cost))),
            constraints=constraints,
            options={"mip_rel_gap": gap},
        )
        if not found.success:
            return None
        chosen: Flags = found.x[: self.size] > 0.5
        return chosen


def _change(
    classes: _Classes, counts: Ints, withheld: Flags, cell: sparse.csr_array
) -> tuple[Ints | None, list[tuple[bool, np.ndarray]]]:
    """A change of a cell in whole numbers; or none, and if no fractions would do either, the cut for each direction."""
    shown = np.flatnonzero(~withheld)
    equations, objective = classes.sums[shown], cell.toarray().ravel()
    cuts = []
    for up in (True, False):
        sign = 1.0 if up else -1.0
        found = linprog(
            -sign * objective,
            A_eq=equations,
            b_eq=np.zeros(len(shown)),
            bounds=np.column_stack([1.0 - counts, np.full(len(counts), np.inf)]),
            method="highs",
        )
        if found.status == 0 and -found.fun < 1 - _NEARLY:
            cuts.append((up, _cut(classes, counts, shown, found.eqlin.marginals, found.lower.marginals)))
            continue
        whole = milp(
            np.zeros(len(counts)),
            integrality=np.ones(len(counts)),
            bounds=Bounds(1.0 - counts, np.full(len(counts), np.inf)),
            constraints=[
                LinearConstraint(sign * objective[None, :], 1, np.inf),
                LinearConstraint(equations, 0, 0),
            ],
        )
        if whole.success:
            change = np.rint(whole.x).astype(np.int64)
            if not (equations @ change).any() and (counts + change >= 1).all():
                return change, []
    return None, cuts if len(cuts) == 2 else []


def _cut(
    classes: _Classes, counts: Ints, shown: Ints, of_sums: np.ndarray, of_bounds: np.ndarray
) -> np.ndarray:
    """By how much each class, were it withheld, could at most raise the change; 1 is enough."""
    room = classes.sums @ (counts - 1.0)
    coefficients = np.zeros(len(classes.weight))
    # A sum that should rise may rise without bound; one that should fall can do so down to ones.
    coefficients[shown] = np.where(of_sums < 0, 1.0, of_sums * room[shown])
    np.add.at(coefficients, classes.inner, of_bounds * (counts - 1.0))
    return np.minimum(np.where(coefficients < _NEARLY, 0.0, coefficients), 1.0)

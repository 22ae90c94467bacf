"""The cheapest suppression of a small table: no other pattern that is as safe withholds a smaller sum of counts.

Cutting planes (Fischetti and Salazar 2001, doi 10.1287/mnsc.47.7.1008.9805): a master programme chooses which cells to
withhold; for every sensitive cell a linear programme looks for a change that is large enough, upwards or downwards, and if
there is none its dual values say which cells could help. Where only whole numbers fail, the pattern itself is cut off.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from borderstats.protect.cube import Flags, Ints, Sums
from borderstats.protect.problem import Problem

_FLAT, _DEEP = 300, 80
"""Sums that a problem may have, of one table of two dimensions and of others: there the programmes are much harder."""
_ROUNDS = 60
_GAP = 0.05
"""Near the optimum is good enough as long as cuts are found; the last patterns are optimal."""
_NEARLY = 1e-6
_MOST = 100
"""No unknown is changed by more."""


@dataclass(frozen=True)
class _Classes:
    """Sums of the same unknowns, as one: `of` each candidate, `sums` of unknowns, `weight`; `secret` and `known` ones.

    `own` is the class of an unknown alone, -1 where there is none. Unknowns can go down by `slack`.
    """

    of: Ints
    sums: sparse.csr_array
    weight: Ints
    secret: Ints
    known: Ints
    own: Ints
    slack: Ints


def optimum(given: Problem) -> tuple[Flags, Ints] | None:
    """Which candidates to publish, and certificates (a row of changes to the unknowns for each); None if there is no secret,
    the problem is too large, or what is known gives a secret away.
    """
    most = _FLAT if given.flat else _DEEP
    every = len(given.secret) + len(given.known) + len(given.candidates)
    if not len(given.secret) or every > most or len(given.slack) > most:
        return None
    classes = _classes(given)
    if np.isin(classes.secret, classes.known).any():
        return None
    master = _Master(classes)
    pool = np.zeros((0, len(given.slack)), np.int64)
    gap = _GAP
    for _ in range(_ROUNDS):
        withheld = master.solve(gap)
        if withheld is None:
            return None
        pool = pool[_fits(classes, pool, withheld)]
        done = True
        for number, secret in enumerate(classes.secret):
            cell = classes.sums[[secret]]
            if (pool @ cell.T.toarray()).any():
                continue
            change, cuts = _change(classes, withheld, cell)
            if change is not None:
                pool = np.vstack([pool, change])
                continue
            done = False
            for up, cut, least in cuts:
                master.cut(cut, number, up, least)
            if not cuts:
                master.cut(np.where(withheld, 0.0, 1.0), None, up=True, least=1.0)
        if done and gap:
            gap = 0.0
        elif done:
            return ~withheld[classes.of], pool
    return None


def _classes(given: Problem) -> _Classes:
    number: dict[bytes, int] = {}
    rows: list[npt.NDArray[np.int32]] = []
    of = []
    for sums in (given.secret, given.known, given.candidates):
        numbers = []
        for start, end in pairwise(sums.starts):
            inside = np.sort(sums.cells[start:end])
            if inside.tobytes() not in number:
                number[inside.tobytes()] = len(rows)
                rows.append(inside)
            numbers.append(number[inside.tobytes()])
        of.append(np.array(numbers, np.int64))
    secret, known, candidates = of
    own = np.full(len(given.slack), -1)
    for place, row in enumerate(rows):
        if len(row) == 1:
            own[row[0]] = place
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    matrix = Sums(starts, np.concatenate(rows)).matrix(len(given.slack)).astype(np.float64)
    # To withhold a zero costs something, too.
    weights = np.maximum(given.cube.values[given.cells], 1)
    weight = np.bincount(candidates, weights=weights, minlength=len(rows)).astype(np.int64)
    return _Classes(candidates, matrix, weight, np.unique(secret), np.unique(known), own, given.slack)


def _fits(classes: _Classes, pool: Ints, withheld: Flags) -> Flags:
    """The changes that keep every published sum of this pattern."""
    fits: Flags = ~((pool @ classes.sums.T.toarray()) != 0)[:, ~withheld].any(axis=1)
    return fits


class _Master:
    """Which classes to withhold (a 0 or 1 for each), and for each sensitive one whether its change goes upwards."""

    def __init__(self, classes: _Classes) -> None:
        self.size, self.need = len(classes.weight), len(classes.secret)
        self.cost = np.concatenate([classes.weight.astype(float), np.zeros(self.need)])
        self.low = np.zeros(self.size + self.need)
        self.low[classes.secret] = 1
        self.high = np.ones(self.size + self.need)
        self.high[classes.known] = 0
        self.rows: list[np.ndarray] = []
        self.right: list[float] = []

    def cut(self, coefficients: np.ndarray, number: int | None, up: bool, least: float) -> None:
        """The classes of a cut add up at least so much, if the change of secret class `number` goes this way."""
        row = np.concatenate([coefficients, np.zeros(self.need)])
        if number is not None:
            row[self.size + number] = -least if up else least
        self.rows.append(row)
        self.right.append(least if number is None or not up else 0.0)

    def solve(self, gap: float) -> Flags | None:
        """A pattern that no cut excludes, dearer than the cheapest by no more than this share."""
        constraints = [LinearConstraint(np.array(self.rows), self.right, np.inf)] if self.rows else []
        found = milp(
            self.cost,
            integrality=np.ones(len(self.cost)),
            bounds=Bounds(self.low, self.high),
            constraints=constraints,
            options={"mip_rel_gap": gap},
        )
        if not found.success:
            return None
        chosen: Flags = found.x[: self.size] > 0.5
        return chosen


def _change(
    classes: _Classes, withheld: Flags, cell: sparse.csr_array
) -> tuple[Ints | None, list[tuple[bool, np.ndarray, float]]]:
    """A change of a sum in whole numbers; or none, and if no fractions would do either, the cut for each direction."""
    shown = np.flatnonzero(~withheld)
    equations, objective = classes.sums[shown], cell.toarray().ravel()
    low = -classes.slack.astype(float)
    cuts = []
    for up in (True, False):
        sign = 1.0 if up else -1.0
        found = linprog(
            -sign * objective,
            A_eq=equations,
            b_eq=np.zeros(len(shown)),
            bounds=np.column_stack([low, np.full(len(low), np.inf)]),
            method="highs",
        )
        if found.status == 0 and -found.fun < 1 - _NEARLY:
            cuts.append((up, *_cut(classes, shown, found.eqlin.marginals, found.lower.marginals)))
            continue
        whole = milp(
            np.zeros(len(low)),
            integrality=np.ones(len(low)),
            bounds=Bounds(low, np.full(len(low), np.inf)),
            constraints=[
                LinearConstraint(sign * objective[None, :], 1, np.inf),
                LinearConstraint(equations, 0, 0),
            ],
        )
        if whole.success:
            change = np.rint(whole.x).astype(np.int64)
            if not (equations @ change).any() and (change >= -classes.slack).all():
                return change, []
    return None, cuts if len(cuts) == 2 else []


def _cut(
    classes: _Classes, shown: Ints, of_sums: np.ndarray, of_bounds: np.ndarray
) -> tuple[np.ndarray, float]:
    """By how much each class, were it withheld, could at most raise the change, and how much they must in all.

    The unknowns that no published sum holds alone raise it as it is; the classes must do the rest, up to 1.
    """
    room = classes.sums @ classes.slack.astype(float)
    coefficients = np.zeros(len(classes.weight))
    # A sum that should rise may rise without bound; one that should fall can do so down to its least.
    coefficients[shown] = np.where(of_sums < 0, 1.0, of_sums * room[shown])
    bounds = of_bounds * classes.slack
    alone = classes.own >= 0
    np.add.at(coefficients, classes.own[alone], bounds[alone])
    least = 1.0 - bounds[~alone].sum()
    return np.minimum(np.where(coefficients < _NEARLY, 0.0, coefficients), least), least


def another(equations: sparse.csr_array, slack: Ints, secret: sparse.csr_array) -> Ints | None:
    """A small change in whole numbers that keeps the equations, takes no unknown down by more than its slack, and changes
    the secret; None if there is none.
    """
    count = equations.shape[1]
    both = sparse.csr_array(sparse.hstack([equations, -equations]))
    goal = sparse.csr_array(sparse.hstack([secret, -secret]))
    top = np.concatenate([np.full(count, _MOST), np.minimum(slack, _MOST)]).astype(float)
    for low, high in ((1, np.inf), (-np.inf, -1)):
        found = milp(
            np.ones(2 * count),
            integrality=np.ones(2 * count),
            bounds=Bounds(np.zeros(2 * count), top),
            constraints=[LinearConstraint(both, 0, 0), LinearConstraint(goal, low, high)],
            options={"mip_rel_gap": 1.0},
        )
        if found.success:
            change: Ints = np.rint(found.x[:count] - found.x[count:]).astype(np.int64)
            if not (equations @ change).any() and (change >= -slack).all() and (secret @ change)[0]:
                return change
    return None

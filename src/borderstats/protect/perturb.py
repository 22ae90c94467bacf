"""Methods that withhold nothing and change counts: small counts rounded, noise by cell key, all counts rounded to a base."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from borderstats.protect.cube import Cube, Ints
from borderstats.standard.protection import Policy

_PASSES = 30
KEYS = 1 << 16
"""Cell keys are taken modulo this; probabilities of noise are multiples of one by it."""


@dataclass(frozen=True)
class Perturbed:
    """The figure of every cell by its number. `additive`: sums are the sums of their parts."""

    cube: Cube
    method: str
    figures: Ints
    additive: bool


def perturb(cube: Cube, policy: Policy, keys: Ints | None = None) -> Perturbed:
    """Change the counts of a cube by the method of a policy; `keys` are the sums of the record keys of its inner cells."""
    if policy.method == "small-counts":
        return Perturbed(cube, policy.method, cube.added_up(small_counts(cube, policy.base)), True)
    if policy.method == "cell-key":
        if keys is None:
            raise ValueError("a cell key needs the keys of the records")
        return Perturbed(cube, policy.method, cell_key(cube, keys, policy), False)
    half = policy.base // 2
    return Perturbed(cube, policy.method, (cube.values + half) // policy.base * policy.base, False)


def small_counts(cube: Cube, base: int) -> Ints:
    """The counts of the inner cells, those in any small shown cell rounded to 0 or `base`.

    Every sum is then a sum of what is published, and no shown cell is from 1 to `base` - 1. Which are rounded up is chosen
    so that the squares of all changes of shown cells add up little: cell by cell from the largest, the better of the two,
    again and again until none changes (the problem and the choice of cells: Langsrud and Heldal 2018, An algorithm for
    small count rounding of tabular data; their search is another).
    """
    counts = cube.counts.copy()
    small = np.flatnonzero(cube.shown & (cube.values > 0) & (cube.values < base))
    touched = np.unique(cube.sums.of(small).cells)
    shown = np.flatnonzero(cube.shown)
    holding = cube.sums.of(shown).matrix(len(counts))[:, touched].T.tocsr()
    change = np.zeros(len(shown))
    rounded = counts[touched].copy()
    order = np.lexsort((touched, -rounded))
    for _ in range(_PASSES):
        moved = False
        for place in order:
            cells = holding.indices[holding.indptr[place] : holding.indptr[place + 1]]
            now, true = rounded[place], counts[touched[place]]
            rest = change[cells].sum() - (now - true) * len(cells)
            # With d the change of this cell the squares add up to a constant + 2 d rest + d^2 times the number of cells.
            down, up = -true, base - true
            better = (
                base if 2 * up * rest + up**2 * len(cells) < 2 * down * rest + down**2 * len(cells) else 0
            )
            if better != now:
                change[cells] += better - now
                rounded[place] = better
                moved = True
        if not moved:
            break
    counts[touched] = rounded
    return counts


def cell_key(cube: Cube, keys: Ints, policy: Policy) -> Ints:
    """The counts of all cells with noise that depends on the count and on the keys of the records in the cell only.

    So the same records get the same noise in every table and every release. Zeros stay zero, nothing becomes a count from 1
    to below the threshold, and the noise has mean 0 (Thompson, Broadfoot and Elazar 2013, the method of the Australian,
    British and European offices). Sums are no longer the sums of their parts.
    """
    table = noise(policy)
    cumulated = np.rint(table.cumsum(axis=1) * KEYS).astype(np.int64)
    row = np.minimum(cube.values, len(table) - 1)
    key = cube.added_up(keys % KEYS) % KEYS
    place = (cumulated[row] <= key[:, None]).sum(axis=1)
    found: Ints = np.where(cube.values > 0, cube.values + place - policy.most, 0)
    return found


def noise(policy: Policy) -> np.ndarray:
    """Probabilities of noise from -`most` to `most` (columns) for counts from 0 on; the last row is for all above.

    Each row has the greatest entropy there is with mean 0 and the variance of the policy, or, for small counts, one a
    little above the least that is possible (Fraser and Wooton 2005; Giessing 2016).
    """
    steps = np.arange(-policy.most, policy.most + 1)
    table = np.zeros((policy.most + policy.threshold + 1, len(steps)))
    table[0, policy.most] = 1
    for count in range(1, len(table)):
        after = count + steps
        allowed = (after == 0) | (after >= policy.threshold)
        table[count, allowed] = _spread(steps[allowed].astype(float), policy.variance)
    return table


def _spread(steps: np.ndarray, variance: float) -> np.ndarray:
    """The probabilities of the greatest entropy with mean 0 and a variance, over these steps."""
    if (steps == 0).any():
        wanted = variance
    else:
        least = -steps[steps < 0].max() * steps[steps > 0].min()
        wanted = max(variance, 1.25 * least)
    wanted = min(wanted, 0.95 * -steps.min() * steps.max())
    features = np.column_stack([steps, steps**2 - wanted])

    def potential(weights: np.ndarray) -> tuple[float, np.ndarray]:
        exponents = features @ weights
        top = exponents.max()
        share = np.exp(exponents - top)
        return float(top + np.log(share.sum())), share @ features / share.sum()

    found = optimize.minimize(potential, np.zeros(2), jac=True, method="BFGS", options={"gtol": 1e-9})
    share = np.exp(features @ found.x - (features @ found.x).max())
    probabilities: np.ndarray = share / share.sum()
    return probabilities

"""Whole events shared out so that every total is met exactly: no event is lost or made by rounding."""

import numpy as np
import numpy.typing as npt

from borderstats.observations import Ints

Floats = npt.NDArray[np.float64]

_STEPS = 100
_LARGEST = 2.0**80


def in_proportion(weight: Ints, total: int) -> Ints:
    """`total` events in proportion to whole weights: the steps of the rounded running sum, exact in every prefix.

    No part differs by a whole event or more from its exact share, and no run of neighbouring parts does.
    """
    running = np.cumsum(weight)
    whole = int(running[-1]) if len(running) else 0
    if not whole:
        return np.zeros(len(weight), np.int64)
    if whole * (total + 1) >= 2**63:
        raise OverflowError("more events than 64-bit integers can share out")
    return np.diff((running * total + whole // 2) // whole, prepend=0)


def by_columns(size: Ints, totals: Ints) -> Ints:
    """A table of whole events with the given sums of rows and of columns, as if rows and columns were independent.

    `size` and `totals` have the same sum. Column by column, what is left of the rows is shared out.
    """
    left, columns = size.copy(), []
    for total in totals:
        columns.append(in_proportion(left, int(total)))
        left -= columns[-1]
    return np.stack(columns, axis=1) if columns else np.zeros((len(size), 0), np.int64)


def two_ways(size: Ints, share: Floats, group: Ints, target: Ints) -> Ints:
    """How many of each row's `size` events go the first of two ways, so that every group's sum is its `target`.

    `share` (above 0, below 1) says how likely each row's events go that way; the odds of all rows of a group are
    multiplied by one number until the sum is met, and then rounded by the largest remainders. `group` counts the groups
    from 0; a target is at most the sum of its group's sizes.
    """
    odds = share / (1 - share)
    low, high = np.full(len(target), 1 / _LARGEST), np.full(len(target), _LARGEST)
    for _ in range(_STEPS):
        # Roots and products are the same on every machine; logarithms are not.
        middle = np.sqrt(low * high)
        found = np.bincount(group, _part(size, odds * middle[group]), len(target))
        low, high = np.where(found < target, middle, low), np.where(found < target, high, middle)
    exact = np.minimum(_part(size, odds * high[group]), size)
    whole = np.floor(exact).astype(np.int64)
    missing = target - np.bincount(group, whole, len(target)).astype(np.int64)
    order = np.lexsort((whole - exact, whole == size, group))
    rank = np.arange(len(group)) - np.searchsorted(group[order], group[order])
    whole[order] += rank < missing[group[order]]
    return whole


def _part(size: Ints, odds: Floats) -> Floats:
    part: Floats = size * odds / (1 + odds)
    return part

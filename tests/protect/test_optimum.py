"""The optimum is held to every pattern there is, from the cheapest on, on tables of two rows."""

import itertools

import numpy as np
import pytest
from brute import flat, recovered
from hypothesis import assume, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from borderstats.protect.optimum import optimum
from borderstats.protect.problem import problem
from borderstats.standard.protection import Policy


def cheapest(made, sensitive):
    """The least sum of counts of a pattern that protects every sensitive cell, by trying all of them."""
    others = [int(cell) for cell in np.flatnonzero((made.values > 0) & ~sensitive)]
    patterns = itertools.chain.from_iterable(
        itertools.combinations(others, size) for size in range(len(others) + 1)
    )
    for more in sorted(patterns, key=lambda cells: int(made.values[list(cells)].sum())):
        withheld = sensitive.copy()
        withheld[list(more)] = True
        if recovered(made, withheld).isdisjoint(np.flatnonzero(sensitive).tolist()):
            return int(made.values[withheld].sum())
    raise AssertionError("withholding everything is safe")


@pytest.mark.slow
@settings(max_examples=40)
@drawn(st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=2), min_size=2, max_size=3))
def test_no_pattern_is_cheaper(counts):
    made = flat(counts)
    given = problem(made, Policy(3))
    sensitive = given.sensitive
    assume(sensitive.any())
    published, changes = optimum(given)
    withheld = sensitive.copy()
    withheld[given.cells[~published]] = True
    assert withheld[sensitive].all()
    for change in changes:
        other = made.added_up(made.counts + change)
        assert (other == made.values)[~withheld].all()
        assert (made.counts + change >= 1).all()
    assert recovered(made, withheld).isdisjoint(np.flatnonzero(sensitive).tolist())
    assert made.values[withheld].sum() == cheapest(made, sensitive)


def test_a_large_table_is_left_alone():
    made = flat(np.full((20, 20), 7))
    assert optimum(problem(made, Policy(8))) is None

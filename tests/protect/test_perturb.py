"""Methods that change counts: what holds for every table of them, and what each loses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderstats.protect.cube import cube, dimension
from borderstats.protect.perturb import KEYS, noise, perturb, small_counts
from borderstats.standard.protection import Policy

SECTORS = dimension(["sector", "border"], [("S0", "B0"), ("S1", "B0"), ("S2", "B1")])
NATIONS = dimension(["nation"], [("X",), ("Y",), ("Z",)])
COUNTS = st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.integers(0, 20), min_size=1)
NOISY = Policy(5, method="cell-key", most=6, variance=3.0)


def made_of(counts, dimensions=(SECTORS, NATIONS)):
    return cube(dimensions, np.array(list(counts)), np.array(list(counts.values())))


@given(COUNTS, st.integers(2, 8))
def test_small_counts_become_zero_or_the_base_and_sums_stay_sums(counts, base):
    made = made_of(counts)
    rounded = small_counts(made, base)
    for n, count in enumerate(made.counts):
        assert rounded[n] == count if count >= base else rounded[n] in (0, base)
    found = perturb(made, Policy(2, method="small-counts", base=base))
    assert (found.figures == made.added_up(rounded)).all()
    assert not ((found.figures > 0) & (found.figures < base)).any()


def brute(made, base):
    """The least sum of squared changes of all ways to round."""
    small = np.flatnonzero(made.counts < base)
    best = np.inf
    for ways in np.ndindex(*[2] * len(small)):
        counts = made.counts.copy()
        counts[small] = np.array(ways, np.int64) * base
        best = min(best, ((made.added_up(counts) - made.values) ** 2).sum())
    return best


@settings(max_examples=50)
@given(COUNTS)
def test_rounding_is_near_the_best_there_is(counts):
    made = made_of(counts)
    found = ((made.added_up(small_counts(made, 5)) - made.values) ** 2).sum()
    # A search that changes one cell at a time ends where no single change helps.
    assert found <= 4 * brute(made, 5) + 25


def test_only_what_small_shown_cells_are_made_of_is_rounded():
    made = made_of({(0, 0): 2, (0, 1): 3, (1, 0): 40, (1, 2): 1})
    made = cube((SECTORS, NATIONS), made.places, made.counts, made.table(["border"]))
    assert (small_counts(made, 5) == made.counts).all()


def test_noise_keeps_the_mean_and_makes_no_small_count():
    table = noise(NOISY)
    steps = np.arange(-NOISY.most, NOISY.most + 1)
    assert np.allclose(table.sum(axis=1), 1)
    assert np.allclose(table @ steps, 0, atol=1e-6)
    assert (table @ steps**2)[-1] == pytest.approx(NOISY.variance, abs=1e-6)
    for count, row in enumerate(table):
        after = count + steps
        assert not row[(after < 0) | ((after > 0) & (after < NOISY.threshold))].any()


def test_the_same_records_get_the_same_noise_in_every_table():
    random = np.random.default_rng(1)
    places = random.integers(0, 3, (400, 2))
    keys = random.integers(0, KEYS, 400)
    both, inverse = np.unique(places, axis=0, return_inverse=True)
    counts, sums = np.bincount(inverse.ravel()), np.bincount(inverse.ravel(), keys).astype(np.int64)
    two = perturb(cube((SECTORS, NATIONS), both, counts), NOISY, sums)
    alone = cube((SECTORS,), np.arange(3)[:, None], np.bincount(places[:, 0]))
    one = perturb(alone, NOISY, np.bincount(places[:, 0], keys).astype(np.int64))
    total = {two.cube.codes(n)[0]: v for n, v in enumerate(two.figures) if two.cube.codes(n)[1] == "_T"}
    assert total == {one.cube.codes(n)[0]: v for n, v in enumerate(one.figures)}
    assert (two.figures != two.cube.values).any()
    assert not two.additive


@pytest.mark.slow
@given(COUNTS, st.lists(st.integers(0, 10**9), min_size=9, max_size=9))
def test_cell_keys_move_no_count_further_than_they_may(counts, keys):
    made = made_of(counts)
    found = perturb(made, NOISY, np.array(keys[: len(made.counts)]))
    assert (np.abs(found.figures - made.values) <= NOISY.most).all()
    assert (found.figures[made.values == 0] == 0).all()
    assert not ((found.figures > 0) & (found.figures < NOISY.threshold)).any()


@pytest.mark.slow
def test_how_often_each_noise_comes_is_what_the_table_says():
    # Every possible key once, for cells of seven: the shares are the probabilities.
    codes = dimension(["cell"], [(f"{n:05d}",) for n in range(KEYS)])
    made = cube((codes,), np.arange(KEYS)[:, None], np.full(KEYS, 7))
    found = perturb(made, NOISY, np.arange(KEYS)).figures[made.cells] - 7
    share = np.bincount(found + NOISY.most, minlength=2 * NOISY.most + 1) / KEYS
    assert np.allclose(share, noise(NOISY)[7], atol=1 / KEYS)


def test_rounding_to_a_base_loses_sums():
    found = perturb(made_of({(0, 0): 4, (1, 0): 4, (2, 0): 4}), Policy(2, method="rounding", base=10))
    figures = {found.cube.codes(n): int(v) for n, v in enumerate(found.figures)}
    assert figures["S0", "X"] == 0
    assert figures["B0", "X"] == 10
    assert figures["_T", "_T"] == 10
    assert not found.additive

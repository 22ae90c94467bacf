"""Whole events are shared out without losing or making one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.simulate.allocate import by_columns, in_proportion, two_ways

weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=30)


@given(weights, st.integers(0, 100_000))
def test_every_run_of_neighbours_comes_within_one_event_of_its_share(weight, total):
    weight = np.array(weight)
    shares = in_proportion(weight, total)
    if not weight.sum():
        assert not shares.any()
        return
    assert shares.sum() == total
    assert (shares >= 0).all()
    assert not shares[weight == 0].any()
    exact = np.concatenate(([0], np.cumsum(weight))) * total / weight.sum()
    found = np.concatenate(([0], np.cumsum(shares)))
    between = (found[:, None] - found) - (exact[:, None] - exact)
    assert np.abs(between).max() <= 1 + 1e-6


@given(weights, st.integers(1, 5))
def test_a_whole_multiple_is_shared_out_exactly(weight, times):
    weight = np.array(weight)
    assert in_proportion(weight, int(weight.sum()) * times).tolist() == (weight * times).tolist()


def test_numbers_beyond_64_bits_are_refused():
    with pytest.raises(OverflowError):
        in_proportion(np.array([2**40]), 2**40)


@given(weights, st.lists(st.integers(0, 1000), min_size=1, max_size=9))
def test_a_table_has_the_sums_of_its_rows_and_columns(size, column):
    size = np.array(size)
    totals = in_proportion(np.array(column), int(size.sum()))
    if totals.sum() != size.sum():
        return
    table = by_columns(size, totals)
    assert (table >= 0).all()
    assert table.sum(axis=1).tolist() == size.tolist()
    assert table.sum(axis=0).tolist() == totals.tolist()


groups = st.lists(
    st.tuples(st.integers(1, 5000), st.floats(0.001, 0.999), st.integers(0, 3)), min_size=1, max_size=40
)


@given(groups, st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_two_ways_meet_every_target_and_no_row_is_overdrawn(rows, wanted):
    size, share, name = (np.array(column) for column in zip(*rows, strict=True))
    _, group = np.unique(name, return_inverse=True)
    room = np.bincount(group, size).astype(np.int64)
    target = np.rint(room * np.array(wanted)[: len(room)]).astype(np.int64)
    found = two_ways(size, share, group, target)
    assert (found >= 0).all()
    assert (found <= size).all()
    assert np.bincount(group, found, len(room)).astype(np.int64).tolist() == target.tolist()


def test_the_likelier_row_gets_more():
    found = two_ways(np.array([100, 100]), np.array([0.9, 0.1]), np.array([0, 0]), np.array([100]))
    assert found.tolist() == [90, 10]

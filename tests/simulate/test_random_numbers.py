"""Distributions as tables: against the same in plain Python."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.simulate.random_numbers import (
    STEPS,
    RandomNumbers,
    categories,
    choice,
    generator,
    partly,
    quantiles,
)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_share_happens_as_often_as_it_says(share):
    random = RandomNumbers(generator(1), 100_000)
    assert random.happens(share).mean() == pytest.approx(share, abs=0.01)
    assert random.happens(np.full(100_000, round(share * STEPS))).mean() == pytest.approx(share, abs=0.01)


def test_numbers_depend_on_seed_and_place_only():
    drawn = [
        RandomNumbers(generator(*place), 50).draw().tolist() for place in ((1, 2), (1, 2), (1, 3), (2, 2))
    ]
    assert drawn[0] == drawn[1]
    assert len({tuple(numbers) for numbers in drawn}) == 3


def test_a_distribution_has_its_values_at_its_levels():
    table = quantiles((0, 10, 100), (0.0, 0.5, 1.0), 1000)
    assert (np.diff(table) >= 0).all()
    assert table[0] < 10
    assert table[STEPS // 2] == pytest.approx(10_000, rel=0.01)
    assert table[-1] == pytest.approx(100_000, rel=0.01)


def test_codes_have_their_shares_and_the_rest_is_left_over():
    table = categories({"A": 0.5, "B": 0.25}, {"A": 7, "B": 3}, -1)
    assert [int((table == place).sum()) for place in (7, 3, -1)] == [2048, 1024, 1024]
    assert (categories({}, {}, -1) == -1).all()


def test_each_row_draws_from_its_table_and_minus_1_is_the_last():
    tables = [np.arange(STEPS), np.arange(STEPS) * 2, np.zeros(STEPS, np.int64)]
    assert choice(tables, np.array([0, 1, -1]), np.array([5, 5, 5], np.uint16)).tolist() == [5, 10, 0]


@given(st.lists(st.integers(0, 10**7), min_size=1), st.floats(0, 1))
def test_part_of_a_span_is_in_whole_seconds(seconds, share):
    assert partly(np.array(seconds), share).tolist() == [math.floor(s * share) for s in seconds]


def test_a_tenth_and_the_whole_of_a_span_are_exact():
    seconds = np.arange(2_000_000)
    assert (partly(seconds, 0.1) == seconds // 10).all()
    assert (partly(seconds, 1.0) == seconds).all()

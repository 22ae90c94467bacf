"""Axes and names that keep clear of each other."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.publish import scale
from borderstats.publish.figures import Line, Series


def series(first, length, *, monthly):
    zeros = np.zeros(length)
    line = Line("_T", "Total", zeros, zeros > 0)
    return Series(monthly, np.arange(first, first + length), (line,))


@given(st.floats(0.5, 1e9), st.integers(2, 8))
def test_steps_are_round_equal_and_reach_the_largest(largest, wanted):
    steps = scale.round_steps(largest, wanted)
    step = steps[1]
    assert steps == tuple(range(0, step * len(steps), step))
    assert steps[-1] >= largest > steps[-2] or len(steps) == 2
    assert len(steps) <= wanted + 2
    assert str(step).rstrip("0") in {"1", "2", "25", "5", "3"}


def test_nothing_to_draw_still_has_an_axis():
    assert scale.round_steps(0, 5) == (0, 1)


@given(
    st.lists(st.tuples(st.floats(0, 300), st.floats(10, 40)), min_size=1, max_size=7),
)
def test_spread_blocks_neither_overlap_nor_leave_nor_change_order(blocks):
    wanted, heights = zip(*blocks, strict=True)
    centres = scale.spread(wanted, heights, 0, 320)
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    for above, below in itertools.pairwise(order):
        assert centres[below] - centres[above] >= (heights[above] + heights[below]) / 2 - 1e-6
    for centre, height in zip(centres, heights, strict=True):
        assert centre - height / 2 >= -1e-6
        assert centre + height / 2 <= 320 + 1e-6


def test_spread_leaves_alone_what_is_clear():
    assert scale.spread([50, 100], [20, 20], 0, 200) == (50, 100)


def test_a_break_stands_before_its_month():
    months = series(12 * 2020, 12, monthly=True)
    assert scale.break_at("2020-03-01", months) == pytest.approx(1.5 / 11)
    assert scale.break_at("2020-03-21", months) == pytest.approx((1.5 + 20 / 31) / 11)
    assert scale.break_at("2019-12-31", months) is None
    assert scale.break_at("2021-06-01", months) is None


def test_a_break_stands_between_fiscal_years():
    years = series(2000, 11, monthly=False)
    assert scale.break_at("2004-10-01", years) == pytest.approx(4.5 / 10)


@given(st.integers(12 * 1925, 12 * 2030), st.integers(2, 1000), st.booleans())
def test_years_under_an_axis_keep_their_distance(first, length, monthly):
    found = series(first if monthly else first // 12, length, monthly=monthly)
    ticks = scale.time_ticks(found, 40, 600, 50)
    assert all(b.at - a.at >= 49.9 for a, b in itertools.pairwise(ticks))
    assert all(40 <= tick.at <= 640.1 for tick in ticks)

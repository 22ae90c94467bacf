"""Axes and names that keep clear of each other."""

import datetime
import itertools
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from borderstats import periods
from borderstats.site.charts import scale
from borderstats.site.figures import Line, Series
from calendars import APRIL, FEDERAL, NONE, any_calendar

date = datetime.date.fromisoformat


def series(first, length, calendar=FEDERAL):
    """So many periods from one on, which is given as text or as a period."""
    zeros = np.zeros(length)
    line = Line("_T", "Total", zeros, zeros > 0)
    first = periods.parse(first) if isinstance(first, str) else first
    return Series(calendar, periods.kind(first), np.arange(first, first + length), (line,))


@example(12.1, 5)
@given(st.floats(0.5, 1e9), st.integers(2, 8))
def test_steps_are_round_equal_and_reach_the_largest(largest, wanted):
    steps = scale.round_steps(0, largest, wanted)
    step = steps[1]
    assert steps == tuple(range(0, step * len(steps), step))
    assert steps[-1] >= largest > steps[-2] or len(steps) == 2
    assert len(steps) <= wanted + 2
    assert str(step).rstrip("0") in {"1", "2", "25", "5", "3"}


@given(st.floats(-1e9, -0.5), st.just(0.0) | st.floats(0.01, 1e9), st.integers(2, 8))
def test_steps_below_zero_reach_the_smallest_and_have_a_zero(low, high, wanted):
    steps = scale.round_steps(low, high, wanted)
    assert steps[0] <= low
    assert steps[-1] >= high
    assert steps.count(0) == 1
    assert len({round(b - a) for a, b in itertools.pairwise(steps)}) == 1
    assert len(steps) <= wanted + 3


def test_steps_of_shares_are_no_whole_numbers():
    assert scale.round_steps(0, 0.36, 4, whole=False) == pytest.approx((0, 0.1, 0.2, 0.3, 0.4))


def test_nothing_to_draw_still_has_an_axis():
    assert scale.round_steps(0, 0, 5) == (0, 1)


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
    months = series("2020-01", 12)
    assert scale.break_at(date("2020-03-01"), months) == pytest.approx(1.5 / 11)
    assert scale.break_at(date("2020-03-21"), months) == pytest.approx((1.5 + 20 / 31) / 11)
    assert scale.break_at(date("2019-12-31"), months) is None
    assert scale.break_at(date("2021-06-01"), months) is None


@pytest.mark.parametrize(
    ("first", "calendar", "day"),
    [("FY2000", FEDERAL, "2004-10-01"), ("FY2000", APRIL, "2004-04-01"), ("2000", FEDERAL, "2005-01-01")],
)
def test_a_break_stands_between_years(first, calendar, day):
    assert scale.break_at(date(day), series(first, 11, calendar)) == pytest.approx(4.5 / 10)


@pytest.mark.parametrize("day", ["1976-07-01", "1976-08-15", "1976-10-01"])
def test_a_break_in_the_transition_quarter_stands_between_the_years(day):
    assert scale.break_at(date(day), series("FY1970", 11)) == pytest.approx(6.5 / 10)


def test_a_break_stands_before_its_half_month_its_week_and_its_day():
    halves = series("2020-01-01/P15D", 24)
    assert scale.break_at(date("2020-03-01"), halves) == pytest.approx(3.5 / 23)
    assert scale.break_at(date("2020-03-16"), halves) == pytest.approx(4.5 / 23)
    assert scale.break_at(date("2024-02-05"), series("2024-W01", 10)) == pytest.approx(4.5 / 9)
    day = periods.parse("2023-01-10")
    days = Series(FEDERAL, "day", np.array([day, day + 100]), series(day, 2).lines)
    assert scale.break_at(date("2023-01-20"), days) == pytest.approx(0.095)


DAYS = st.dates(datetime.date(1925, 1, 1), datetime.date(2030, 12, 31))


@example(NONE, datetime.date(2000, 1, 1), 152, "week")
@given(any_calendar(), DAYS, st.integers(1, 1000), st.sampled_from(periods.KINDS))
def test_marks_under_an_axis_keep_their_distance_and_name_a_year(calendar, day, length, kind):
    ticks = scale.time_ticks(series(calendar.at(kind, day), length, calendar), 40, 600, 50)
    assert all(b.at - a.at >= 48 for a, b in itertools.pairwise(ticks))
    assert all(40 <= tick.at <= 640.1 for tick in ticks)
    assert re.search(r"\d{4}", " ".join(tick.text for tick in ticks))


@given(any_calendar(), DAYS, st.sampled_from(periods.KINDS))
def test_the_first_day_of_a_period_stands_half_a_place_before_it(calendar, day, kind):
    period = calendar.at(kind, day)
    found = series(period - 5, 11, calendar)
    assert scale.day_at(calendar.first_day(period), found) == pytest.approx(4.5 / 10)


def test_a_wide_year_has_its_quarters():
    ticks = scale.time_ticks(series("2020-01", 13), 0, 600, 50)
    assert [tick.text for tick in ticks] == ["2020", "Apr", "Jul", "Oct", "2021"]
    assert [tick.at for tick in ticks] == pytest.approx([0, 150, 300, 450, 600])


def test_where_no_year_begins_the_ends_are_named():
    ticks = scale.time_ticks(series("2020-10", 2), 0, 600, 50)
    assert [(tick.at, tick.text) for tick in ticks] == [(0, "Oct 2020"), (600, "Nov 2020")]

"""Duplicated keys and repeated quarters, against plain dicts."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats import periods
from borderstats.intake import plausible
from borderstats.observations import KeySpace


@pytest.fixture(scope="module")
def space(standard):
    return KeySpace.of(standard, "usbp-apprehensions-southwest-sector")


def keys(space, cells):
    """Keys of (office, period) pairs of the southwest border."""
    codes = {
        "component": space.number("component", "USBP"),
        "region": space.number("region", "SW"),
        "office": np.array([office for office, _ in cells], np.int64),
    }
    return space.encode(codes, np.array([period for _, period in cells], np.int64))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(24_000, 24_002)), max_size=12).map(sorted))
def test_all_places_of_a_key_that_stands_there_twice_are_named(space, cells):
    key = keys(space, cells)
    found = plausible.duplicates(space, key, np.arange(2, len(cells) + 2))
    places = defaultdict(list)
    for place, cell in enumerate(cells):
        places[cell].append(place)
    assert sorted(found) == sorted(p for group in places.values() if len(group) > 1 for p in group)
    for place, reason in found.items():
        others = ", ".join(str(p + 2) for p in [q for q in places[cells[place]] if q != place][:5])
        cell = space.text(int(key[place]))
        assert (
            reason
            == f"{cell} stands there more than once (also in row {others}); which is right cannot be told"
        )


def test_the_same_cell_twice_in_one_wide_row(space):
    key = keys(space, [(0, 24_000), (0, 24_000)])
    found = plausible.duplicates(space, key, np.array([5, 5]))
    assert set(found) == {0, 1}
    assert "(also in row the same)" in found[0]


def test_no_keys_have_no_duplicates(space):
    assert plausible.duplicates(space, np.zeros(0, np.int64), np.zeros(0, np.int64)) == {}


def quarters(space, *figures):
    """Keys and values of consecutive quarters from October 2020, each figure in a sector and month of its own."""
    cells, values = [], []
    for number, quarter in enumerate(figures):
        for place, value in enumerate(quarter):
            cells.append((place // 3, periods.month(2020, 10) + 3 * number + place % 3))
            values.append(value)
    return keys(space, cells), np.array(values, np.int64)


def repeated(space, *figures):
    key, value = quarters(space, *figures)
    return [
        (np.flatnonzero(flags).tolist(), reason)
        for flags, reason in plausible.repeated_quarters(space, key, value)
    ]


FIRST = list(range(1, 13))


def test_a_quarter_that_repeats_an_earlier_one_is_named_with_all_its_places(space):
    assert repeated(space, FIRST, FIRST[::-1], FIRST) == [
        (
            list(range(24, 36)),
            (
                "2021-04 to 2021-06 repeats every figure of 2020-10 to 2020-12; "
                "the publisher probably put the wrong quarter in. Ask for the right one"
            ),
        )
    ]


def test_a_quarter_that_stands_there_three_times_is_refused_twice(space):
    assert [places for places, _ in repeated(space, FIRST, FIRST, FIRST)] == [
        list(range(12, 24)),
        list(range(24, 36)),
    ]


def test_the_same_figures_in_another_order_are_no_repetition(space):
    assert repeated(space, FIRST, [2, 1, *FIRST[2:]]) == []


def test_too_few_figures_may_be_alike_by_chance(space):
    assert repeated(space, FIRST[:11], FIRST[:11]) == []


def test_zeros_are_not_figures_that_repeat(space):
    assert repeated(space, [0] * 12, [0] * 12) == []


def test_fiscal_years_are_no_quarters(space):
    cells = [(office, periods.fiscal(year)) for year in (2019, 2020) for office in range(20)]
    value = np.tile(np.arange(1, 21), 2)
    assert list(plausible.repeated_quarters(space, keys(space, cells), value)) == []

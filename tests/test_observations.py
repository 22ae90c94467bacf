"""Keys of the real datasets there and back, and arithmetic on them against plain dicts."""

import datetime
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats import periods
from borderstats.observations import KeySpace, Observations, lookup, sums, within
from borderstats.standard.codelists import TOTAL

DATASETS = sorted(path.stem for path in Path(__file__).parents[1].glob("standard/datasets/*.toml"))
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2118, 12, 31))
PERIODS = st.one_of(
    st.builds(periods.month, st.integers(1800, 2499), st.integers(1, 12)),
    st.builds(periods.quarter, st.integers(1800, 2499), st.integers(1, 4)),
    st.builds(periods.fiscal, st.integers(1800, 2499)),
    st.builds(lambda day: periods.half_month(day.year, day.month, int(day.day > 15)), DAYS),
    st.builds(periods.day, DAYS),
)


@pytest.fixture(scope="module")
def spaces(standard):
    return {name: KeySpace.of(standard, name) for name in DATASETS}


def draw_cells(data, space):
    """Some cells of a dataset: a place for each dimension, and a period."""
    place = {c: st.integers(0, len(space.codelists[c].codes) - 1) for c in space.dataset.concepts}
    return data.draw(st.lists(st.tuples(st.fixed_dictionaries(place), PERIODS), min_size=1, max_size=10))


def encode(space, cells):
    columns = {c: np.array([places[c] for places, _ in cells]) for c in space.dataset.concepts}
    return space.encode(columns, np.array([period for _, period in cells]))


@given(st.sampled_from(DATASETS), st.data())
def test_a_key_gives_back_what_was_written_into_it(spaces, name, data):
    space = spaces[name]
    cells = draw_cells(data, space)
    key = encode(space, cells)
    assert key.dtype == np.int64
    assert (key >= 0).all()
    assert space.period(key).tolist() == [period for _, period in cells]
    for concept in space.dataset.concepts:
        assert space.digit(key, concept).tolist() == [places[concept] for places, _ in cells]


@given(st.sampled_from(DATASETS), st.data())
def test_different_cells_have_different_keys_and_sort_by_dimension_and_then_time(spaces, name, data):
    space = spaces[name]
    cells = draw_cells(data, space)
    key = encode(space, cells).tolist()
    written = [(*(places[c] for c in space.dataset.concepts), period) for places, period in cells]
    assert len(set(key)) == len(set(written))
    assert [cell for _, cell in sorted(zip(key, written, strict=True))] == sorted(written)


@given(st.sampled_from(DATASETS), st.data())
def test_put_replaces_one_code_and_nothing_else(spaces, name, data):
    space = spaces[name]
    cells = draw_cells(data, space)
    concept = data.draw(st.sampled_from(space.dataset.concepts))
    place = data.draw(st.integers(0, len(space.codelists[concept].codes) - 1))
    replaced = [({**places, concept: place}, period) for places, period in cells]
    assert space.put(encode(space, cells), concept, place).tolist() == encode(space, replaced).tolist()


@given(st.sampled_from(DATASETS), st.data())
def test_codes_and_text_name_the_cell(spaces, name, data):
    space = spaces[name]
    cells = draw_cells(data, space)
    places, period = cells[0]
    key = int(encode(space, cells)[0])
    codes = {c: space.codelists[c].codes[places[c]].code for c in space.dataset.concepts}
    assert space.codes(key) == codes
    words = [f"{c}={code}" for c, code in codes.items() if code != TOTAL]
    assert space.text(key) == " ".join([*words, periods.text(period)])


@given(st.sampled_from(DATASETS), st.data())
def test_matches_says_what_a_plain_comparison_says(spaces, name, data):
    space = spaces[name]
    cells = draw_cells(data, space)
    wanted = {
        concept: tuple(
            data.draw(st.lists(st.sampled_from([c.code for c in space.codelists[concept].codes]), max_size=4))
        )
        for concept in sorted(data.draw(st.sets(st.sampled_from(space.dataset.concepts))))
    }
    expected = [
        all(space.codelists[c].codes[places[c]].code in codes for c, codes in wanted.items())
        for places, _ in cells
    ]
    assert space.matches(encode(space, cells), wanted).tolist() == expected


@pytest.mark.parametrize("name", DATASETS)
def test_numbers_are_places_in_the_code_list(spaces, name):
    space = spaces[name]
    for concept in space.dataset.concepts:
        codes = space.codelists[concept].codes
        assert codes[space.total(concept)].code == TOTAL
        for code in codes:
            assert codes[space.number(concept, code.code)].code == code.code


# at_total


def sector_cells(space):
    """Keys of the sector table: the nation, two regions, two sectors, each in October 1999."""
    rows = [("_T", "_T"), ("SW", "_T"), ("SW", "YUM"), ("NORTH", "_T"), ("NORTH", "BLW")]
    return encode(
        space,
        [
            (
                {
                    "component": space.number("component", "USBP"),
                    "region": space.number("region", region),
                    "office": space.number("office", office),
                },
                periods.month(1999, 10),
            )
            for region, office in rows
        ],
    )


@pytest.mark.parametrize(
    ("pattern", "rows"),
    [
        ({}, [0]),
        ({"component": "_T"}, [0]),
        ({"region": "_T"}, [0]),
        ({"region": "SW"}, [1]),
        ({"region": "SW", "office": "YUM"}, [2]),
        ({"region": "NORTH", "office": "_T"}, [3]),
        ({"office": "BLW"}, []),
        ({"component": "OFO"}, []),
    ],
)
def test_a_published_total_is_taken_and_never_summed(spaces, pattern, rows):
    space = spaces["usbp-encounters-sector"]
    assert np.flatnonzero(space.at_total(sector_cells(space), pattern)).tolist() == rows


def test_a_dimension_without_a_published_total_is_summed(spaces):
    space = spaces["cbp-encounters-state"]
    places = {
        c: space.number(c, code)
        for c, code in (("demographic", "SA"), ("citizenship", "MEX"), ("title", "T8"))
    }
    cells = [
        ({**places, "region": space.number("region", region), "state": space.number("state", state)}, 24_000)
        for region, state in (("SW", "TX"), ("SW", "CA"), ("NORTH", "ME"))
    ]
    key = encode(space, cells)
    assert space.at_total(key, {}).tolist() == [True, True, True]
    assert space.at_total(key, {"region": "_T"}).tolist() == [True, True, True]
    assert space.at_total(key, {"region": "SW"}).tolist() == [True, True, False]
    assert space.at_total(key, {"region": "SW", "state": "CA"}).tolist() == [False, True, False]
    assert space.at_total(key, {"citizenship": "CAN"}).tolist() == [False, False, False]


# sums, lookup, within


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-(10**14), 10**14)), max_size=30))
def test_sums_are_what_a_dict_adds_up(pairs):
    expected = defaultdict(list)
    for key, value in pairs:
        expected[key].append(value)
    key, total, count = sums(
        np.array([k for k, _ in pairs], np.int64), np.array([v for _, v in pairs], np.int64)
    )
    assert key.tolist() == sorted(expected)
    assert total.tolist() == [sum(expected[k]) for k in sorted(expected)]
    assert count.tolist() == [len(expected[k]) for k in sorted(expected)]


@given(
    st.dictionaries(st.integers(0, 20), st.integers(-(10**14), 10**14)),
    st.lists(st.integers(-2, 25), max_size=30),
)
def test_lookup_is_what_a_dict_gives(held, wanted):
    keys = np.array(sorted(held), np.int64)
    values = np.array([held[k] for k in sorted(held)], np.int64)
    value, found = lookup(keys, values, np.array(wanted, np.int64))
    assert found.tolist() == [k in held for k in wanted]
    assert value.tolist() == [held.get(k, 0) for k in wanted]


@given(st.lists(PERIODS, max_size=20), st.lists(PERIODS, max_size=20))
def test_within_is_membership(period, wanted):
    flags = within(np.array(period, np.int64), np.array(wanted, np.int64))
    assert flags.tolist() == [p in wanted for p in period]


# Observations


@given(st.data())
def test_observations_are_filtered_row_by_row_and_know_their_periods(spaces, data):
    space = spaces["usbp-encounters-sector"]
    cells = draw_cells(data, space)
    key = np.unique(encode(space, cells))
    held = Observations(space, key, np.arange(len(key)), np.zeros(len(key), np.int16))
    assert held.covered.tolist() == sorted({period for _, period in cells})
    flags = np.array(data.draw(st.lists(st.booleans(), min_size=len(key), max_size=len(key))), bool)
    kept = held.where(flags)
    assert len(kept) == flags.sum()
    assert kept.key.tolist() == key[flags].tolist()
    assert kept.value.tolist() == np.flatnonzero(flags).tolist()


def test_no_observations_cover_nothing(spaces):
    nothing = Observations(
        spaces["usbp-encounters-sector"], np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int16)
    )
    assert len(nothing) == 0
    assert nothing.covered.tolist() == []

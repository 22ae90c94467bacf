"""The first entry of `simulation.toml` that fits an encounter counts: a table of codes against a search entry by entry."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from borderstats.simulate.cases import Cases, Chances
from borderstats.simulate.margins import Cells
from borderstats.standard.simulation import Case, Chance

CODES = {
    "component": ["USBP", "OFO", "ICE"],
    "region": ["SW", "NORTH", "OTHER"],
    "title": ["T8", "T42"],
    "demographic": ["SA", "FMUA", "UC", "AM"],
    "citizenship": ["MEX", "GTM", "O4"],
}

whens = st.fixed_dictionaries(
    {},
    optional={name: st.lists(st.sampled_from(codes), min_size=1).map(tuple) for name, codes in CODES.items()},
)
encounters = st.fixed_dictionaries({name: st.sampled_from(codes) for name, codes in CODES.items()})


def cells_of(standard, rows):
    numbers = {name: standard.codelist_of(name).numbers for name in CODES}
    columns = {name: np.array([numbers[name][row[name]] for row in rows]) for name in CODES}
    others = {name: np.full(len(rows), -1) for name in ("month", "office", "count")}
    return Cells(**columns, **others)


def first_that_fits(entries, row):
    for place, when in enumerate(entries):
        if all(row[name] in codes for name, codes in when.items()):
            return place
    return -1


@given(entries=st.lists(whens, max_size=4), rows=st.lists(encounters, min_size=1, max_size=6))
def test_the_first_entry_that_fits_counts(standard, entries, rows):
    found = Cases(standard, [Case(when=when) for when in entries]).of(cells_of(standard, rows))
    assert found.tolist() == [first_that_fits(entries, row) for row in rows]


def test_where_no_entry_fits_nothing_happens(standard):
    chances = Chances(standard, [Chance(when={"title": ("T42",)}, share=0.25)])
    rows = [
        dict.fromkeys(CODES, "") | {n: c[0] for n, c in CODES.items()} | {"title": t} for t in ("T8", "T42")
    ]
    assert chances.of(cells_of(standard, rows)).tolist() == [0, 1024]

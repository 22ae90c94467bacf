"""The disjoint cells of a dataset against a walk from each total to its parts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from borderstats import periods
from borderstats.observations import KeySpace
from borderstats.release import disjoint

DATASET = "ohss-encounters-type"
CLASSES, REGIONS = ("ENFORCEMENT", "ADMINISTRATIVE", "_T"), ("SW", "NORTH", "_T")
PERIODS = ("2022-10", "2022-11", "FY2023", "FY2024")
CELLS = st.sets(
    st.tuples(st.sampled_from(CLASSES), st.sampled_from(REGIONS), st.sampled_from(PERIODS)), min_size=1
)


def reference(cells):
    """Of each year its months, of each month the classes, of each class the regions, wherever there are any."""
    kept = set()
    years = {"FY2023"} if {"2022-10", "2022-11"} & {period for _, _, period in cells} else set()
    for cell in cells:
        one, region, period = cell
        if period in years:
            continue
        classes = {c for c, _, p in cells if p == period and c != "_T"}
        if (one == "_T") == bool(classes):
            continue
        regions = {r for c, r, p in cells if (c, p) == (one, period) and r != "_T"}
        if (region == "_T") != bool(regions):
            kept.add(cell)
    return kept


@given(CELLS)
def test_no_cell_overlaps_another_that_is_counted(standard, cells):
    space = KeySpace.of(standard, DATASET)
    key = {}
    for one, region, period in cells:
        places = {
            "encounter_class": space.number("encounter_class", one),
            "region": space.number("region", region),
        }
        key[int(space.encode(places, periods.parse(period)))] = (one, region, period)
    every = np.array(sorted(key), np.int64)
    chosen = disjoint.among(space, every, every)
    assert {key[one] for one in every[chosen].tolist()} == reference(cells)

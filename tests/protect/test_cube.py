"""Every cell of a cube is the sum of its inner cells: held to a sum written out."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from borderstats.protect.cube import TOTAL, cube, dimension

PATHS = {
    "sector": [(f"S{n}", f"B{n // 2}", f"C{n // 4}") for n in range(6)],
    "nat": [("X",), ("Y",), ("Z",)],
}


@given(
    st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 2)), st.integers(0, 9), min_size=1),
    st.randoms(),
)
def test_every_cell_is_the_sum_of_its_inner_cells(counts, random):
    rows = list(counts)
    random.shuffle(rows)
    dimensions = (dimension(["sector", "border", "coast"], PATHS["sector"]), dimension(["nat"], PATHS["nat"]))
    made = cube(dimensions, np.array(rows), np.array([counts[row] for row in rows]))
    found = {made.codes(n): int(value) for n, value in enumerate(made.values)}
    levels = [sorted({code for path in paths for code in (*path, TOTAL)}) for paths in PATHS.values()]
    assert set(found) == set(itertools.product(*levels))
    for codes, value in found.items():
        assert value == sum(
            n
            for (s, x), n in counts.items()
            if codes[0] in (*PATHS["sector"][s], TOTAL) and codes[1] in (*PATHS["nat"][x], TOTAL)
        )
    for n in range(len(made.values)):
        assert made.values[n] == made.counts[made.sums.of(np.array([n])).cells].sum()
    inner = {made.codes(int(cell)): int(count) for cell, count in zip(made.cells, made.counts, strict=True)}
    assert inner == {(PATHS["sector"][s][0], PATHS["nat"][x][0]): n for (s, x), n in counts.items() if n}

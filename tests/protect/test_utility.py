"""The report for the statistician: its figures are counted again from the pattern."""

import numpy as np
from brute import flat

from borderstats.protect.cube import cube, dimension
from borderstats.protect.suppress import suppress
from borderstats.protect.utility import page, utility
from borderstats.standard.protection import Policy

MADE = cube(
    (
        dimension(["sector", "border"], [("S0", "B0"), ("S1", "B0"), ("S2", "B1")]),
        dimension(["month"], [("01",), ("02",), ("03",)], [("to-02", ("01", "02"))]),
    ),
    np.array(list(np.ndindex(3, 3))),
    np.array([2, 30, 41, 52, 63, 7, 8, 95, 16]),
)


def test_tables_add_up_to_the_whole():
    found = utility(MADE, Policy(5))
    names = [one.name for one in found.tables]
    assert "sector by month" in names
    assert "border by groups of month" in names
    assert "total" in names
    whole = found.priorities[0]
    for what in ("cells", "sensitive", "secondary", "counts", "lost"):
        assert sum(getattr(one, what) for one in found.tables) == getattr(whole, what)
    protected = suppress(MADE, Policy(5))
    assert whole.withheld == protected.withheld.sum()
    assert whole.lost == MADE.values[protected.withheld].sum()
    assert whole.sensitive == ((MADE.values > 0) & (MADE.values < 5)).sum()


def test_priorities_and_methods_beside_each_other():
    found = utility(MADE, Policy(5, first=(("month",),)), np.arange(9))
    assert [one.name for one in found.priorities] == [
        "month first",
        "the largest counts first",
        "sector first",
    ]
    assert [one.name for one in found.methods] == [
        "suppression",
        "small-counts (5)",
        "rounding (5)",
        "cell-key",
    ]
    assert [one.additive for one in found.methods] == [True, True, False, False]
    assert all(one.withheld == 0 for one in found.methods[1:])
    assert found.methods[2].most <= 2


def test_the_page_says_that_it_is_confidential_and_needs_nothing_beside_it():
    text = page(utility(MADE, Policy(5)))
    assert "Confidential: for the statistician" in text
    assert "sector by month" in text
    assert "src=" not in text
    assert "http" not in text


def test_a_table_without_anybody():
    assert "0.0" in page(utility(flat([[0, 0], [0, 0]]), Policy(5)))

"""Linked tables, groups across levels, earlier releases and figures public elsewhere: what each gives away is withheld."""

from dataclasses import replace

import numpy as np
import pytest
from certified import uncertified
from hypothesis import example, given, settings
from hypothesis import strategies as st

from borderstats.errors import GateError, InputError
from borderstats.protect.cube import cube, dimension
from borderstats.protect.problem import Earlier
from borderstats.protect.suppress import suppress
from borderstats.standard.protection import Policy, Stricter

SECTORS, NATIONS = dimension(["sector"], [("A",), ("B",), ("C",)]), dimension(["nation"], [("X",), ("Y",)])
MONTHS = dimension(["month"], [("01",), ("02",), ("03",)])
YEAR_TO_DATE = dimension(["month"], [("01",), ("02",), ("03",)], [("to-02", ("01", "02"))])
CELLS = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2))


def made_of(dimensions, counts):
    rows = np.array(list(counts)).reshape(len(counts), len(dimensions))
    return cube(dimensions, rows, np.array(list(counts.values())))


def tables(made, *columns):
    return replace(made, shown=np.logical_or.reduce([made.table(one) for one in columns]))


def released(protected, name="before"):
    """A release as an earlier one."""
    made = protected.cube
    known = np.zeros(0, np.int64) if protected.known is None else protected.known
    return Earlier(
        name, made, protected.sensitive, protected.withheld, protected.least, protected.everyone, known
    )


def shown(protected):
    """Codes of shown cells to their value, None where it is withheld."""
    made = protected.cube
    return {
        made.codes(int(n)): None if protected.withheld[n] else int(made.values[n])
        for n in np.flatnonzero(made.shown)
    }


@pytest.mark.slow
@settings(max_examples=30)
@given(st.dictionaries(CELLS, st.integers(0, 9), min_size=1), st.integers(2, 5), st.booleans())
def test_linked_tables(counts, threshold, every_combination):
    made = tables(made_of((SECTORS, NATIONS, YEAR_TO_DATE), counts), ["sector", "month"], ["nation", "month"])
    protected = suppress(made, Policy(threshold, every_combination=every_combination))
    assert every_combination or (protected.cube.counts > 0).all()
    assert not uncertified(protected)
    assert not protected.withheld[~made.shown].any()
    assert (protected.cube.values[protected.withheld] > 0).all()


@pytest.mark.slow
@settings(max_examples=30)
@given(
    st.dictionaries(CELLS, st.integers(0, 9), min_size=1),
    st.dictionaries(CELLS, st.integers(0, 9)),
    st.booleans(),
)
@example({(0, 0, 0): 1, (0, 0, 1): 1, (0, 1, 1): 1}, {(0, 0, 1): 0}, False)
def test_a_release_after_another(counts, revised, whole):
    first = made_of((SECTORS, NATIONS, MONTHS), counts)
    second = made_of((SECTORS, NATIONS, MONTHS), {**counts, **revised})
    if not whole:
        first, second = (tables(each, ["sector", "month"], ["nation"]) for each in (first, second))
    before = suppress(first, Policy(4))
    try:
        protected = suppress(second, Policy(4), earlier=[released(before)])
    except GateError:
        # A count revised into what the earlier release has published may leave nothing to hide behind.
        assert {**counts, **revised} != counts
        return
    assert not uncertified(protected)


@pytest.mark.slow
@settings(max_examples=30)
@example({(0, 0, 0): 1, (0, 0, 1): 4, (0, 1, 0): 1}, {}, set(), True, False)
@given(
    st.dictionaries(CELLS, st.integers(0, 9), min_size=1),
    st.dictionaries(CELLS, st.integers(0, 9), max_size=2),
    st.sets(st.integers(0, 47), max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_what_the_first_release_knew_and_hid_holds_in_the_next(counts, revised, known, before_too, after_too):
    first, second = (made_of((SECTORS, NATIONS, MONTHS), each) for each in (counts, {**counts, **revised}))
    first = tables(first, ["sector", "month"], ["nation"])
    known = np.array(sorted(n for n in known if n < len(first.values)), np.int64)
    try:
        before = suppress(first, Policy(4, attribute=("sector",) * before_too), known=known)
        protected = suppress(second, Policy(4, attribute=("nation",) * after_too), earlier=[released(before)])
    except GateError as error:
        # What is public elsewhere, was revised, or was in no table before and so not hidden, may be given away.
        cell, in_tables = (
            str(error).split(":")[0],
            [", ".join(first.codes(n)) for n in np.flatnonzero(first.shown)],
        )
        unseen = " in before" not in cell and cell not in in_tables
        assert len(known) or after_too or {**counts, **revised} != counts or unseen
        return
    assert not uncertified(protected)


def test_a_code_that_was_no_sum_and_is_one_now_cannot_be_compared():
    deeper = dimension(["station", "sector"], [("A1", "A"), ("A2", "A"), ("B1", "B")])
    deeper = replace(deeper, name="sector")
    before = released(suppress(made_of((SECTORS,), {(0,): 7, (1,): 30, (2,): 9}), Policy(5)))
    with pytest.raises(InputError, match="'A' of sector is a sum of other codes in one of the two releases"):
        suppress(made_of((deeper,), {(0,): 7, (1,): 30, (2,): 9}), Policy(5), earlier=[before])


def test_a_pair_that_is_let_go_is_not_claimed():
    # Both counts of X are public elsewhere: that all of X are in A is known, and no certificate can say otherwise.
    made = made_of((SECTORS, NATIONS), {(0, 0): 40, (0, 1): 20, (1, 1): 30})
    made = tables(made, ["sector"])
    known = np.array([n for n in range(len(made.values)) if made.codes(n) in {("A", "X"), ("_T", "X")}])
    free = suppress(made, Policy(5, attribute=("sector",)))
    found = suppress(made, Policy(5, attribute=("sector",)), known=known)
    assert len(found.everyone) == len(free.everyone) - 1
    assert not uncertified(found)


@pytest.mark.slow
@settings(max_examples=30)
@given(st.dictionaries(CELLS, st.integers(0, 9), min_size=1))
def test_nobody_learns_that_everyone_of_a_group_is_in_one_cell(counts):
    policy = Policy(3, attribute=("sector",))
    protected = suppress(made_of((SECTORS, NATIONS, MONTHS), counts), policy)
    assert protected.least == 0
    assert not uncertified(protected)


def test_two_linked_tables_share_what_they_withhold():
    # By sector and month alone nothing is small. By nation and month, Y has 3 in January: with the month's total published
    # X would give it away, and the sectors of January add up that total.
    counts = {(0, 0, 0): 20, (1, 0, 0): 17, (1, 1, 0): 3, (0, 0, 1): 30, (1, 1, 1): 40, (2, 1, 1): 8}
    made = tables(made_of((SECTORS, NATIONS, MONTHS), counts), ["sector", "month"], ["nation", "month"])
    found = shown(suppress(made, Policy(5, every_combination=True)))
    assert found["_T", "Y", "01"] is None
    assert None in (found["_T", "X", "01"], found["_T", "_T", "01"])
    if found["_T", "X", "01"] is not None:
        assert None in [found[s, "_T", "01"] for s in "ABC"]


def test_a_year_to_date_gives_away_the_month_that_it_ends_with():
    counts = {(0,): 40, (1,): 3, (2,): 20, (3,): 60}
    paths = [(f"0{n}",) for n in range(1, 5)]
    groups = [(f"to-0{n}", [f"0{m}" for m in range(1, n + 1)]) for n in range(2, 4)]
    months = suppress(made_of((dimension(["month"], paths),), counts), Policy(5))
    assert [codes[0] for codes, value in shown(months).items() if value is None] == ["02", "03"]
    # 43 to February less 40 in January would be February: now January is the cheapest to hide it behind.
    protected = suppress(made_of((dimension(["month"], paths, groups),), counts), Policy(5))
    assert not uncertified(protected)
    assert [codes[0] for codes, value in shown(protected).items() if value is None] == ["01", "02"]


def test_two_releases_of_which_the_difference_is_a_cell():
    # The first release hides A and B behind each other. In the second B was revised: alone it would hide A behind C.
    counts = {(0,): 3, (1,): 30, (2,): 40}
    first = suppress(made_of((SECTORS,), counts), Policy(5))
    assert shown(first) == {("A",): None, ("B",): None, ("C",): 40, ("_T",): 73}
    second = made_of((SECTORS,), {**counts, (2,): 25})
    alone = suppress(second, Policy(5))
    assert shown(alone) == {("A",): None, ("B",): 30, ("C",): None, ("_T",): 58}
    # 73 less 40 is A and B; B is now public: so A would be.
    after = suppress(second, Policy(5), earlier=[released(first)])
    assert not uncertified(after)
    assert shown(after)["B",] is None


def test_what_an_earlier_release_has_published_cannot_be_hidden():
    first = suppress(made_of((SECTORS,), {(0,): 7, (1,): 30}), Policy(5))
    assert not first.withheld.any()
    with pytest.raises(GateError, match="A: can be computed from what is public already"):
        suppress(made_of((SECTORS,), {(0,): 7, (1,): 30}), Policy(9), earlier=[released(first)])


def test_a_figure_that_is_public_elsewhere_cannot_hide_another():
    made = made_of((SECTORS,), {(0,): 3, (1,): 30, (2,): 40})
    assert shown(suppress(made, Policy(5)))["B",] is None
    known = np.array([made.codes(n)[0] for n in range(4)].index("B"))[None]
    protected = suppress(made, Policy(5), known=known)
    assert not uncertified(protected)
    assert shown(protected) == {("A",): None, ("B",): 30, ("C",): None, ("_T",): 73}
    with pytest.raises(GateError, match="A: can be computed from what is public already"):
        suppress(made, Policy(5), known=np.array([0]))


def test_everyone_of_a_nation_in_one_sector_is_not_shown():
    # 40 of X, all in sector B. Published zeros in A and C would say of each of the 40 where they were.
    made = made_of((SECTORS, NATIONS), {(1, 0): 40, (0, 1): 20, (1, 1): 30, (2, 1): 10})
    assert None not in shown(suppress(made, Policy(5))).values()
    found = shown(suppress(made, Policy(5, attribute=("sector",))))
    zeros = [found["A", "X"], found["C", "X"]]
    assert None in zeros
    assert None in (found["B", "X"], found["_T", "X"])


def test_a_stricter_threshold_for_some_codes():
    made = made_of((SECTORS, NATIONS), {(0, 0): 7, (0, 1): 7, (1, 0): 50, (1, 1): 60, (2, 0): 70, (2, 1): 80})
    assert None not in shown(suppress(made, Policy(5))).values()
    found = shown(suppress(made, Policy(5, stricter=(Stricter("nation", ("Y",), 10),))))
    assert found["A", "Y"] is None
    assert None in (found["A", "X"], found["A", "_T"])


def test_the_tables_named_first_are_kept():
    counts = {(s, n): 9 + 10 * s + 25 * n for s in range(3) for n in range(2)}
    counts[0, 0] = 2
    made = made_of((SECTORS, NATIONS), counts)
    first = shown(suppress(made, Policy(5, first=(("sector",), ("nation",)))))
    assert None not in [first[s, "_T"] for s in (*"ABC", "_T")]
    assert None not in [first["_T", n] for n in "XY"]

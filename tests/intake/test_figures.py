"""Figures of one key put together, against a plain dictionary."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from borderstats.intake.figures import Figures, added_up, once

NORMAL, WITHHELD, NOT_RECORDED = 0, 1, 2
CELL = st.tuples(
    st.integers(0, 4), st.integers(0, 9), st.sampled_from([NORMAL, NORMAL, NORMAL, WITHHELD, NOT_RECORDED])
)


def figures(cells):
    """Figures in the order of their rows; one that is withheld has no value."""
    key, value, status = (np.array(column, np.int64) for column in zip(*cells, strict=True))
    value = np.where(status == NORMAL, value, 0)
    return Figures(key, value, status.astype(np.int16), np.arange(len(cells)), np.zeros(len(cells), np.int16))


def plain(found):
    return list(
        zip(*(column.tolist() for column in (found.key, found.value, found.status, found.row)), strict=True)
    )


@given(st.lists(CELL, min_size=1, max_size=30))
def test_a_sum_has_all_its_parts_or_is_not_told_for_the_reason_of_the_first_that_is_not(cells):
    expected = {}
    for row, (key, value, status) in enumerate(cells):
        before = expected.get(key)
        if before is None:
            expected[key] = (value if status == NORMAL else 0, status, row)
        elif before[1] == NORMAL:
            expected[key] = (before[0] + value if status == NORMAL else 0, status, before[2])
    found = added_up(figures(cells).by_key(), [WITHHELD, NOT_RECORDED])
    assert plain(found) == [(key, *expected[key]) for key in sorted(expected)]


@given(st.lists(st.tuples(CELL, st.integers(0, 3)), min_size=1, max_size=30))
def test_a_thing_counts_once_in_its_first_row(rows):
    cells, identity = zip(*rows, strict=True)
    expected = {}
    for row, ((key, _, _), thing) in enumerate(rows):
        expected.setdefault((key, thing), row)
    found = once(figures(cells).by_key(), np.array(identity))
    assert found.row.tolist() == [
        row for (_, _), row in sorted(expected.items(), key=lambda item: (item[0][0], item[1]))
    ]


def test_no_figures_are_added_up_to_none():
    none = figures([(0, 1, NORMAL)]).take(np.zeros(1, bool))
    assert len(added_up(none, [WITHHELD])) == 0

"""The audit finds exactly what every table, one by one, says can be recovered; and it believes no certificate."""

from dataclasses import replace

import numpy as np
import pytest
from brute import flat, recovered
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from borderstats.errors import InputError
from borderstats.protect import attack
from borderstats.protect.folder import Confidential, Published
from borderstats.protect.suppress import Changes, suppress
from borderstats.standard.protection import Policy

NOTHING = Changes(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def sides(made, withheld, certificates=NOTHING):
    """What is published, and what the office knows, with every withheld cell as a sensitive one."""
    names = tuple(str(n) for n in range(len(certificates)))
    nothing = np.zeros(0, np.int64)
    shown = np.where(withheld, 0, made.values)
    return (
        Published(made.dimensions, made.shown, shown, withheld, 1, (nothing, nothing)),
        Confidential(made, withheld, nothing.reshape(0, 2), names, certificates, ()),
    )


@pytest.mark.slow
@settings(max_examples=150)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=3),
    st.lists(st.booleans(), min_size=16, max_size=16),
    st.booleans(),
)
def test_disclosed_is_what_has_one_count_in_every_table(counts, hidden, insider):
    made = flat(counts)
    withheld = (made.values > 0) & np.array(hidden)[: len(made.values)]
    # More hidden cells have too many tables to write them all down.
    assume(1 <= withheld[made.cells].sum() <= 6)
    published, secret = sides(made, withheld)
    found = attack.audit(published, secret if insider else None)
    assert set(found.attacked[:, 1].tolist()) == set(np.flatnonzero(withheld).tolist())
    assert set(found.disclosed[:, 1].tolist()) == recovered(made, withheld)
    # An outsider knows the tables that were found, of which none need be the true one.
    assert (
        not insider
        or (
            (found.low <= made.values[found.attacked[:, 1]])
            & (made.values[found.attacked[:, 1]] <= found.high)
        ).all()
    )


def test_three_ones_are_disclosed_although_no_equation_alone_names_one():
    made = flat([[1, 1, 1], [20, 30, 40]])
    withheld = np.zeros(12, np.bool_)
    withheld[made.cells] = True
    found = attack.audit(*sides(made, withheld))
    # The row says 3 for three cells of at least 1; the columns say the rest.
    assert len(found.disclosed) == 6


def test_a_cell_that_leaks_only_through_rows_and_columns_together():
    # Two squares of withheld cells and one cell between them: its row and its column hold three withheld cells each, yet the
    # sums of the first two rows less those of the first two columns are that cell alone.
    made = flat([[3, 7, 9, 5], [8, 2, 6, 4], [9, 5, 7, 8], [6, 4, 3, 9]])
    withheld = np.zeros(25, np.bool_)
    squares = [(row, column) for row in range(4) for column in range(4) if row // 2 == column // 2]
    for row, column in (*squares, (1, 2)):
        withheld[5 * row + column] = True
    found = attack.audit(*sides(made, withheld))
    assert [made.codes(int(cell)) for cell in found.disclosed[:, 1]] == [("d0-1", "d1-2")]


def test_a_certificate_is_not_believed():
    made = flat([[2, 90, 20], [80, 30, 7], [40, 50, 60]])
    withheld = np.zeros(16, np.bool_)
    withheld[[0, 2, 4, 6]] = True
    place = {int(cell): n for n, cell in enumerate(made.cells)}

    def claim(**changes):
        cells = [int(name[1:]) for name in changes]
        assert set(cells) <= set(place)
        return Changes(np.array([0, len(cells)]), np.array(cells), np.array(list(changes.values())))

    right = claim(c0=1, c2=-1, c4=-1, c6=1)
    assert attack.audit(*sides(made, withheld, right)).certificates == 1
    for wrong, said in (
        (claim(c0=1, c2=-1), "changes a published sum"),
        (claim(c0=1, c1=-1, c4=-1, c5=1), "changes a cell that is published"),
        (claim(c0=-2, c2=2, c4=2, c6=-2), "takes a withheld cell below what it is known to be"),
    ):
        found = attack.audit(*sides(made, withheld, wrong))
        assert found.certificates == 0
        assert said in " ".join(found.wrong)
        # The attack itself then finds what the certificate did not show.
        assert not len(found.disclosed)
        assert found.programmed


@pytest.mark.parametrize("cell", [0, 3, 15])
def test_published_cells_that_do_not_add_up_are_refused(cell):
    made = flat([[2, 90, 20], [80, 30, 7], [40, 50, 60]])
    published, secret = sides(made, np.zeros(16, np.bool_))
    published.values[cell] += 1
    with pytest.raises(InputError, match="is not the sum"):
        attack.audit(published, secret)


def test_true_counts_that_do_not_fit_are_refused():
    protected = suppress(flat([[2, 90, 20], [80, 30, 7], [40, 50, 60]]), Policy(5))
    published, secret = sides(protected.cube, protected.withheld)
    counts = secret.cube.counts + (np.arange(len(secret.cube.counts)) == 0)
    with pytest.raises(InputError, match="do not add up"):
        attack.audit(published, replace(secret, cube=replace(secret.cube, counts=counts)))

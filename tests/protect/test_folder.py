"""The folder of a protected table: what is written is read again; a broken file is told by file, row and column."""

import stat

import numpy as np
import pytest
from brute import flat

from borderstats.errors import InputError
from borderstats.protect import folder
from borderstats.protect.cube import cube, dimension
from borderstats.protect.suppress import suppress
from borderstats.standard.protection import Policy

DIMENSIONS = (
    dimension(["sector", "border"], [("S0", "B0"), ("S1", "B0"), ("S2", "B1")]),
    dimension(["citizenship"], [("X",), ("Y",)]),
)


@pytest.fixture
def protected():
    rows = np.array([[0, 0], [1, 0], [1, 1], [2, 1]])
    return suppress(cube(DIMENSIONS, rows, np.array([2, 30, 4, 50])), Policy(5))


@pytest.fixture
def written(protected, tmp_path):
    folder.write(protected, tmp_path / "out")
    return tmp_path / "out"


def test_what_is_written_is_read_again(protected, written):
    published, secret = folder.read(written)
    assert (published.withheld == protected.withheld).all()
    assert (published.values == np.where(protected.withheld, 0, protected.cube.values)).all()
    for one, other in zip(published.dimensions, protected.cube.dimensions, strict=True):
        assert (one.name, one.codes, one.inner) == (other.name, other.codes, other.inner)
        assert (one.above == other.above).all()
    assert (secret.cube.values == protected.cube.values).all()
    assert published.shown.all()
    assert published.least == 1
    assert (secret.sensitive == protected.sensitive).all()
    expected, read = protected.certificates, secret.certificates
    assert (read.starts == expected.starts).all()
    assert (read.cells == protected.cube.cells[expected.cells]).all()
    assert (read.changes == expected.changes).all()


def test_nothing_confidential_is_open_to_others(written):
    assert stat.S_IMODE((written / "confidential").stat().st_mode) == 0o700
    for name in (folder.PATTERN, folder.CERTIFICATES):
        assert stat.S_IMODE((written / name).stat().st_mode) == 0o600
    assert "sensitive" not in (written / folder.PUBLISHED).read_text()


def test_the_same_table_gives_the_same_bytes(protected, written, tmp_path):
    folder.write(protected, written)
    folder.write(protected, tmp_path / "other")
    for name in (folder.PUBLISHED, folder.DIMENSIONS, folder.PATTERN, folder.CERTIFICATES):
        assert (written / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_without_the_confidential_side(written):
    (written / folder.PATTERN).unlink()
    assert folder.read(written)[1] is None


def test_a_table_in_which_nobody_is(tmp_path):
    folder.write(suppress(flat([[0, 0], [0, 0]]), Policy(5)), tmp_path / "out")
    published, secret = folder.read(tmp_path / "out")
    assert not published.withheld.any()
    assert not len(secret.certificates)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (folder.PUBLISHED, '"suppressed"', '"published"', "row 2, column value: '' is no whole number"),
        (
            folder.PUBLISHED,
            ',,"suppressed"',
            ',2,"suppressed"',
            "row 2, column value: a withheld cell has a value",
        ),
        (folder.PUBLISHED, '"S0","X"', '"S9","X"', "row 2, column sector: 'S9' is not in dimensions.csv"),
        (folder.PUBLISHED, '"S0","X"', '"S0","Y"', "row 3: this cell stands in another row already"),
        (folder.PUBLISHED, '"status"', '"state"', "columns sector, citizenship, value, state; they must be"),
        (folder.PATTERN, '"S0","X",2', '"S0","X",two', "row 2, column value: 'two' is no whole number"),
        (folder.PATTERN, '"S0","X",2', '"S2","X",2', "are not those that published.csv withholds"),
        (folder.DIMENSIONS, '"B0","_T"', '"B0","S0"', "not inner ones first, and _T above all"),
        (folder.DIMENSIONS, '"S0","B0"', '"S0","B9"', "has no row of its own"),
        (
            folder.DIMENSIONS,
            '"S0","B0"',
            '"S0","_T"',
            "its counts are not the sums of confidential/cells.csv",
        ),
    ],
)
def test_a_broken_file_is_reported(written, name, old, new, message):
    text = (written / name).read_text()
    assert old in text
    (written / name).write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=message) as caught:
        folder.read(written)
    assert name in str(caught.value) or name == folder.DIMENSIONS


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(InputError, match=r"no published\.csv in it"):
        folder.read(tmp_path)

"""Cells and specification to a cube, or an error with its place. All figures are invented."""

import pytest

from borderstats.errors import InputError
from borderstats.protect import read, spec

SPEC = """count = "n"
threshold = 5

[[dimension]]
name = "sector"
parents = ["border"]

[[dimension]]
name = "nat"
"""
HEAD = "border,sector,nat,n\n"
ROWS = ["B0,S1,X,7", "B0,S0,Y,2", "B1,S2,X,1", "B0,S0,X,0"]


@pytest.fixture
def cells(tmp_path):
    """A function from lines and a specification to the cube, or the InputError's text."""

    def make(*lines, text=SPEC, head=HEAD):
        (tmp_path / "spec.toml").write_text(text)
        (tmp_path / "cells.csv").write_text(head + "\n".join(lines) + "\n")
        try:
            return read.read(tmp_path / "cells.csv", spec.read(tmp_path / "spec.toml"))
        except InputError as error:
            return str(error)

    return make


def test_codes_of_all_levels_and_every_sum(cells):
    made = cells(*ROWS)
    assert [d.codes for d in made.dimensions] == [("S0", "S1", "S2", "B0", "B1", "_T"), ("X", "Y", "_T")]
    values = {made.codes(n): int(v) for n, v in enumerate(made.values)}
    assert values["S0", "Y"] == 2
    assert values["S0", "X"] == 0
    assert values["B0", "_T"] == 9
    assert values["_T", "X"] == 8
    assert values["_T", "_T"] == 10
    assert len(values) == 18


def test_the_order_of_rows_makes_no_difference(cells):
    one, other = cells(*ROWS), cells(*ROWS[::-1])
    assert one.dimensions[0].codes == other.dimensions[0].codes
    assert (one.places == other.places).all()
    assert (one.counts == other.counts).all()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["B0,S0,X,1.5"], "cells.csv, row 2, column n: no whole count; give 0 or more, in digits only"),
        (["B0,S0,X,3", "B0,S1,X,-1"], "cells.csv, row 3, column n: no whole count"),
        (["B0,S0,X,"], "cells.csv, row 2, column n: no whole count"),
        (["B0,S0,,1"], "cells.csv, row 2, column nat: an empty code; name the code"),
        (["B0,_T,X,1"], "cells.csv, row 2, column sector: _T, which stands for totals; name the code, and leave totals out"),
        (["B0,S0,X,1", "B1,S0,Y,1"], "cells.csv, row 3, column border: sector 'S0' has another parent in row 2"),
        (["B0,S0,X,1", "B0,S1,X,1", "B0,S0,X,2"], "cells.csv, row 4: the same cell as in row 2; give each cell once"),
        (["S0,S0,X,1"], "cells.csv: the code 'S0' stands in sector and in border; give each level codes of its own"),
        (["B0,S0,X"], "cells.csv: cannot be read as CSV"),
        ([], "cells.csv: no cell below the header"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_place(cells, lines, message):
    assert message in cells(*lines)


def test_a_column_that_is_not_there(cells):
    found = cells("B0,S0,1", head="border,sector,n\n")
    assert found == "cells.csv: no column 'nat'; it has border, sector, n"
    assert "more than one column 'n'" in cells("B0,S0,X,1,1", head="border,sector,nat,n,n\n")


def test_a_parent_with_two_parents(cells):
    text = SPEC.replace('["border"]', '["border", "coast"]')
    found = cells("C0,B0,S0,X,1", "C1,B0,S1,X,1", text=text, head="coast,border,sector,nat,n\n")
    assert found == (
        "cells.csv: border 'B0' lies in 'C0' and in 'C1' of coast; a code has one parent in each level"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("threshold = 5", "threshold = 1", "spec.toml: $.threshold: at least 2"),
        ("threshold = 5", 'threshold = "5"', "spec.toml: $.threshold: expected `int`, got `str`"),
        ("threshold = 5\n", "", "spec.toml: $: the field 'threshold' is missing"),
        ('name = "nat"', 'name = "sector"', "the column 'sector' is named twice"),
        (
            'name = "nat"',
            'name = "nat"\nlevels = 2',
            "spec.toml: $.dimension[1]: no field 'levels'; known are name, parents, group",
        ),
        ('count = "n"', "count = n", "spec.toml: Invalid value (at line 1, column 9)"),
    ],
)
def test_a_wrong_specification_is_refused(cells, old, new, message):
    assert message in cells(*ROWS, text=SPEC.replace(old, new))


def test_a_specification_without_a_dimension(cells):
    assert "$.dimension: name at least one" in cells(
        *ROWS, text='count = "n"\nthreshold = 5\ndimension = []\n'
    )

"""Rows that add up others, in a list whose dataset adds up itself, against plain sums of the same rows."""

import itertools

import pytest
from handmade import text
from hypothesis import given, settings
from hypothesis import strategies as st
from small import cells, figures, reading, refusals, standard_of

from borderstats.intake.read import read_file

SOURCE = "cbp-southwest-dashboard"
HEADER = (
    "Fiscal Year-value,Fiscal Year-alias,Month (abbv)-value,Month (abbv)-alias,SUM(Encounter Count)-alias,"
    "Citizenship Grouping,Component,Demographic,Title of Authority"
)
AXES = (
    ("Mexico", "Other"),
    ("U.S. Border Patrol", "Office of Field Operations"),
    ("FMUA", "Single Adults"),
    ("Title 8", "Title 42"),
)
TYPES = {
    ("USBP", "T8"): "APP",
    ("OFO", "T8"): "INA",
    ("USBP", "T42"): "EXP",
    ("OFO", "T42"): "EXP",
}
MONTHS = ("APR", "MAY")
CELLS = list(itertools.product(MONTHS, *AXES))
PLACES = list(itertools.product(MONTHS, *(("all", *axis) for axis in AXES)))


def parts(place, cell):
    """Whether a row at `place` adds up a cell."""
    return all(label in ("all", own) for label, own in zip(place, cell, strict=True))


def cube(details):
    """Each place of the cube that has a cell, with its figure."""
    return {
        place: sum(details[cell] for cell in details if parts(place, cell))
        for place in PLACES
        if any(parts(place, cell) for cell in details)
    }


def read(standard, rows):
    lines = [
        f"2021,2021,{month},{month},{figure},{','.join(labels)}" for (month, *labels), figure in rows.items()
    ]
    return read_file(standard, "made.csv", "\n".join([HEADER, *lines, ""]).encode(), source=SOURCE)


DETAILS = st.dictionaries(st.sampled_from(CELLS), st.integers(0, 9), min_size=1)


@settings(max_examples=30, deadline=None)
@given(details=DETAILS, order=st.randoms(use_true_random=False))
def test_totals_that_are_right_are_left_out_and_what_follows_from_others_is_filled_in(
    standard, details, order
):
    rows = list(cube(details).items())
    order.shuffle(rows)
    found = read(standard, dict(rows))
    assert found.refused == 0
    assert (found.accepted, found.left_out) == (len(details), len(rows) - len(details))
    assert found.observations.value.sum() == sum(details.values())
    space = found.observations.space
    for codes in map(space.codes, found.observations.key.tolist()):
        assert codes["encounter_type"] == TYPES[codes["component"], codes["title"]]
        assert codes["region"] == "SW"


@settings(max_examples=40, deadline=None)
@given(details=DETAILS, data=st.data())
def test_each_total_that_is_not_the_sum_of_its_rows_is_refused(standard, details, data):
    rows = cube(details)
    changed = data.draw(st.sampled_from(sorted(rows)))
    rows[changed] += 1
    left = {place: figure for place, figure in rows.items() if "all" not in place}
    expected = []
    for number, (place, figure) in enumerate(rows.items(), 2):
        added = sum(left[cell] for cell in left if parts(place, cell))
        if "all" in place and added != figure:
            expected.append(
                f"made.csv: row {number}: a total of {figure}, and the rows that it adds up come to {added}; "
                "which is wrong cannot be told"
            )
    assert expected
    assert [refusal.text("made.csv") for refusal in read(standard, rows).refusals] == expected


def test_a_total_without_any_of_its_rows_is_refused(standard):
    rows = {("APR", "all", "all", "all", "all"): 5}
    assert (
        read(standard, rows)
        .refusals[0]
        .reason.startswith("a total of 5, and the rows that it adds up come to 0")
    )


def test_where_a_row_is_refused_its_totals_are_not_blamed(standard):
    rows = cube({("APR", "Mexico", "U.S. Border Patrol", "FMUA", "Title 8"): 5})
    rows["APR", "Narnia", "U.S. Border Patrol", "FMUA", "Title 8"] = 2
    (refusal,) = read(standard, rows).refusals
    assert refusal.unknown == "Narnia"


def test_what_follows_from_no_row_of_the_gate_is_refused(standard):
    rows = {("APR", "Mexico", "Unknown", "FMUA", "Title 8"): 5}
    (refusal,) = read(standard, rows).refusals
    assert refusal.text("made.csv") == (
        "made.csv: row 2: no encounter_type follows from component=_U title=T8; the gate type-follows has no such row"
    )


COLUMNS = """
dataset = "arrests"
constants = { agency = "_T" }

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"
totals = ["World"]

[[columns]]
name = "year"
role = "fiscal_year"

[[columns]]
name = "figure"
role = "figure"
missing = { D = "Q" }
"""
LIST = standard_of(COLUMNS, "csv")
SUMMED = standard_of(
    COLUMNS + '\n[[tables]]\nkind = "list"\ncolumns = ["country", "year", "figure"]\ncombine = "sum"\n',
    "csv",
)
ROWS = ("country,year,figure", "Mexico,2019,3", "Cuba,2019,4")


def test_a_total_of_which_a_part_is_withheld_is_not_held_to_anything():
    data = text(*ROWS, "Honduras,2019,D", "World,2019,9")
    assert figures(LIST, data)["citizenship=HND FY2019"] == (0, "Q")
    assert len(figures(LIST, data)) == 3
    assert refusals(LIST, text(*ROWS, "Honduras,2019,1", "World,2019,9"))


def test_a_cell_that_stands_there_twice_is_refused_and_its_total_is_not():
    found = refusals(LIST, text(*ROWS, "Cuba,2019,4", "World,2019,7"))
    assert len(found) == 2
    assert all("more than once" in line for line in found)


def test_rows_that_are_added_up_are_held_to_their_total_too():
    assert cells(reading(SUMMED, text(*ROWS, "Cuba,2019,4", "World,2019,11")).observations) == {
        "citizenship=MEX FY2019": (3, "A"),
        "citizenship=CUB FY2019": (8, "A"),
    }
    assert refusals(SUMMED, text(*ROWS, "Cuba,2019,4", "World,2019,7")) == [
        "made: row 5: a total of 7, and the rows that it adds up come to 11; which is wrong cannot be told"
    ]


@pytest.mark.parametrize(
    ("total", "why"),
    [
        (7, "a total, held to the rows that it adds up"),
        (8, "a total of 8, and the rows that it adds up come to 7; which is wrong cannot be told"),
    ],
)
def test_a_row_says_that_it_is_a_total(total, why):
    (part,) = reading(LIST, text(*ROWS, f"World,2019,{total}")).parts
    assert [part.rows.why(row) for row in range(3)] == ["", "", why]

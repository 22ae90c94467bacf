"""Blocks of figures against a slow obvious reader: whatever the layout, exactly the figures that were put in come out."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from small import AGENCIES, CITIZENSHIPS, book, cells, reading, standard_of

from borderstats.errors import InputError

STANDARD = standard_of("""
dataset = "events"

[[columns]]
name = "Country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "agency"
role = "dimension"
concept = "agency"

[[columns]]
name = "year"
role = "fiscal_year"

[[columns]]
name = "figure"
role = "figure"

[[tables]]
kind = "block"
sheet = "Data"
title = "Events by country"
columns = ["Country"]
across = ["agency", "year"]
figures = "figure"
""")
BY_LABEL = {label: code for codes in (CITIZENSHIPS, AGENCIES) for code, label in codes.items()}
YEARS = [str(year) for year in range(2015, 2021)]
SETTINGS = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.sampled_from(["", "", "a note", "Source: nobody", "D", "(in units)"])


@st.composite
def blocks(draw, least_columns=1):
    """A block: its rows from title to last country, merged ranges (zero-based, inclusive) and the first figure's place."""
    countries = draw(
        st.lists(st.sampled_from(sorted(CITIZENSHIPS.values())), min_size=1, max_size=4, unique=True)
    )
    columns = draw(
        st.lists(
            st.tuples(st.sampled_from(sorted(AGENCIES.values())), st.sampled_from(YEARS)),
            min_size=least_columns,
            max_size=7,
            unique=True,
        )
    )
    merged = []
    if draw(st.booleans()):
        # neighbours with one label share a merged cell; otherwise each column repeats its label
        runs = [0, *(n for n in range(1, len(columns)) if columns[n][0] != columns[n - 1][0]), len(columns)]
        merged = [(1, first + 1, last) for first, last in pairwise(runs) if last > first + 1]
    inside = {n for _, first, last in merged for n in range(first + 1, last + 1)}
    agencies = ["" if n in inside else label for n, (label, _) in enumerate(columns, 1)]
    figures = [[str(draw(st.integers(0, 10**6))) for _ in columns] for _ in countries]
    rows = [
        ["Events by country, made up", *[""] * len(columns)],
        ["", *agencies],
        ["Country", *(year for _, year in columns)],
        *([country, *row] for country, row in zip(countries, figures, strict=True)),
    ]
    return rows, merged


@st.composite
def sheets(draw, rows, merged):
    """The block somewhere on a sheet, with words around it."""
    down, right = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    width = len(rows[0])
    # a word right beside the last heading would be a heading too, so a blank column lies between
    placed = [[draw(WORDS) for _ in range(right)] + row + ["", draw(WORDS)] for row in rows]
    above = [[draw(WORDS) for _ in range(right + width + 2)] for _ in range(down)]
    # below a block comes a row without figures
    below = [[], [draw(WORDS), draw(WORDS)]]
    ranges = [_range(row + down, first + right, last + right) for row, first, last in merged]
    return [*above, *placed, *below], *ranges


def _range(row, first, last):
    return f"{chr(65 + first)}{row + 1}:{chr(65 + last)}{row + 1}"


def reference(rows, merged):
    """What a person reads: each figure with the labels over and beside it, and those that stand there once."""
    agencies = list(rows[1])
    for _, first, last in merged:
        agencies[first : last + 1] = [agencies[first]] * (last + 1 - first)
    found = [((row[0], agencies[n], rows[2][n]), row[n]) for row in rows[3:] for n in range(1, len(rows[0]))]
    read = [
        (f"citizenship={BY_LABEL[country]} agency={BY_LABEL[agency]} FY{year}", int(figure))
        for (country, agency, year), figure in found
        if country in CITIZENSHIPS.values()
        and agency in AGENCIES.values()
        and year in YEARS
        and figure.isdigit()
    ]
    times = Counter(cell for cell, _ in read)
    return {cell: (value, "A") for cell, value in read if times[cell] == 1}, len(found)


@pytest.mark.slow
@SETTINGS
@given(st.data())
def test_the_long_table_holds_exactly_the_figures_of_the_block(data):
    rows, merged = data.draw(blocks())
    found = reading(STANDARD, book(Data=data.draw(sheets(rows, merged))))
    expected, count = reference(rows, merged)
    assert found.refusals == ()
    assert cells(found.observations) == expected
    assert len(expected) == found.rows == count


BAD = st.sampled_from(
    ["", " ", "x", "Mexico", "Cuba", "Total", "Border Patrol", "2015", "2016", "7", "0", "-1", "7%", "1,000"]
)


@pytest.mark.slow
@SETTINGS
@given(st.data())
def test_one_damaged_cell_never_makes_a_wrong_figure_and_never_loses_one(data):
    # two columns at least: a row of which every figure is blank cannot be told from a note
    rows, merged = data.draw(blocks(least_columns=2))
    height, width = len(rows), len(rows[0])
    row, column = data.draw(st.integers(1, height - 1)), data.draw(st.integers(0, width - 1))
    assume((row, column) != (1, 0))
    bad = data.draw(BAD)
    assume(bad != rows[row][column])
    # what is written into a merged cell, but not its first, nobody sees
    assume(not any(row == 1 and first < column <= last for _, first, last in merged))
    rows[row][column] = bad
    expected, count = reference(rows, merged)
    expected |= {  # a total is a code like the others in a block
        cell.replace("citizenship=_T ", ""): value for cell, value in _totals(rows, merged).items()
    }
    try:
        found = reading(STANDARD, book(Data=data.draw(sheets(rows, merged))))
    except InputError:
        return
    assert cells(found.observations) == expected
    assert found.rows == count
    assert found.rows - found.refused == len(expected)


def _totals(rows, merged):
    """The figures of a row called Total."""
    totals = [row for row in rows[3:] if row[0] == "Total"]
    renamed = [*rows[:3], *(["Mexico", *row[1:]] for row in totals)]
    read, _ = reference(renamed, merged) if totals else ({}, 0)
    return {cell.replace("citizenship=MEX", "citizenship=_T"): value for cell, value in read.items()}


@pytest.mark.slow
@SETTINGS
@given(st.data())
def test_one_figure_too_many_stops_the_intake(data):
    rows, merged = data.draw(blocks())
    sheet, *ranges = data.draw(sheets(rows, merged))
    height = len(sheet) + 1
    place = data.draw(st.sampled_from([(0, 12), (height, 0), (height, 3), (2, 12), (len(sheet) - 1, 2)]))
    while len(sheet) <= place[0]:
        sheet.append([])
    sheet[place[0]] = [*sheet[place[0]], *[""] * 13][:13]
    sheet[place[0]][place[1]] = data.draw(st.sampled_from(["5", "1,000", "0.5", "12%", "-3"]))
    try:
        reading(STANDARD, book(Data=(sheet, *ranges)))
    except InputError as error:
        assert "figures lie in no table that the standard describes" in str(error)  # noqa: PT017
    else:
        raise AssertionError(sheet)

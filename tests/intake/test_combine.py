"""Lists whose rows are added up or counted, against plain counters."""

from collections import Counter, defaultdict

import pytest
from handmade import text
from hypothesis import given, settings
from hypothesis import strategies as st
from small import CITIZENSHIPS, cells, figures, reading, refusals, standard_of

COLUMNS = """
dataset = "events"
constants = { agency = "_T" }

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "year"
role = "fiscal_year"

[[columns]]
name = "who"
role = "ignored"
reason = "by whom"
"""
FIGURE = '\n[[columns]]\nname = "figure"\nrole = "figure"\nmissing = { D = "Q" }\n'


def counted(said):
    return standard_of(
        COLUMNS + f'\n[[tables]]\nkind = "list"\ncolumns = ["country", "year", "who"]\n{said}\n', "csv"
    )


def summed(said=""):
    table = f'\n[[tables]]\nkind = "list"\ncolumns = ["country", "year", "who", "figure"]\ncombine = "sum"\n{said}\n'
    return standard_of(COLUMNS + FIGURE + table, "csv")


ROWS = counted('combine = "rows"')
DISTINCT = counted('combine = "distinct"\nidentity = ["who"]')
ONCE = counted('combine = "rows"\nrepeats = "drop"')
LIST = text(
    "country,year,who",
    "Mexico,2019,Ann",
    "Mexico,2019,Ann",
    "Mexico,2019,Bea",
    "Mexico,2020,Bea",
    "Cuba,2019,Ann",
)


def test_rows_of_a_key_are_counted():
    assert figures(ROWS, LIST) == {
        "citizenship=MEX FY2019": (3, "A"),
        "citizenship=MEX FY2020": (1, "A"),
        "citizenship=CUB FY2019": (1, "A"),
    }


def test_different_things_among_the_rows_of_a_key_are_counted():
    assert figures(DISTINCT, LIST) == {
        "citizenship=MEX FY2019": (2, "A"),
        "citizenship=MEX FY2020": (1, "A"),
        "citizenship=CUB FY2019": (1, "A"),
    }


def test_a_thing_has_one_name_in_any_letters():
    assert figures(DISTINCT, text("country,year,who", "Mexico,2019,Ann  Lee", "Mexico,2019, ANN lee")) == {
        "citizenship=MEX FY2019": (1, "A")
    }


def test_several_columns_tell_one_thing_from_another():
    pairs = standard_of(
        COLUMNS
        + '\n[[columns]]\nname = "where"\nrole = "ignored"\nreason = "where"\n\n[[tables]]\nkind = "list"\ncolumns = ["country", "year", "who", "where"]\n'
        'combine = "distinct"\nidentity = ["who", "where"]\n',
        "csv",
    )
    data = text("country,year,who,where", *(f"Mexico,2019,{who},{where}" for who in "ab" for where in "aab"))
    assert figures(pairs, data) == {"citizenship=MEX FY2019": (4, "A")}


def test_figures_of_a_key_are_added_up():
    data = text("country,year,who,figure", "Mexico,2019,Ann,3", "Mexico,2019,Ann,3", "Mexico,2019,Bea,4")
    assert figures(summed(), data) == {"citizenship=MEX FY2019": (10, "A")}


def test_rows_equal_in_every_cell_are_one_where_the_standard_says_so():
    found = reading(ONCE, LIST)
    assert cells(found.observations)["citizenship=MEX FY2019"] == (2, "A")
    assert (found.rows, found.accepted, found.left_out) == (5, 4, 1)


def test_rows_that_repeat_are_one_sum():
    data = text("country,year,who,figure", "Mexico,2019,Ann,3", "Mexico,2019,Ann,3", "Mexico,2019,Ann,4")
    found = reading(summed('repeats = "drop"'), data)
    assert cells(found.observations) == {"citizenship=MEX FY2019": (7, "A")}
    assert (found.rows, found.accepted, found.left_out) == (3, 2, 1)


@pytest.mark.parametrize("standard", [ROWS, DISTINCT, ONCE], ids=["rows", "distinct", "once"])
def test_a_refused_row_is_not_counted(standard):
    data = text("country,year,who", "Mexico,2019,Ann", "Mexico,20x9,Bea", "Ruritania,2019,Cid", "Mexico")
    found = reading(standard, data)
    assert cells(found.observations) == {"citizenship=MEX FY2019": (1, "A")}
    assert [refusal.text("made") for refusal in found.refusals] == [
        "made: row 3, column 'year': '20x9' is not a year",
        (
            "made: row 4, column 'country': unknown citizenship 'Ruritania'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        ),
        "made: row 5: the row has 1 cells, the header 3; a delimiter or quote is lost or too many",
    ]


@pytest.mark.parametrize("standard", [ROWS, DISTINCT, ONCE], ids=["rows", "distinct", "once"])
def test_a_list_of_which_every_row_is_refused_counts_nothing(standard):
    found = reading(standard, text("country,year,who", "Mexico,20x9,Bea"))
    assert (found.rows, found.accepted, len(found.observations)) == (1, 0, 0)


def test_a_figure_that_is_none_is_not_added_up():
    data = text("country,year,who,figure", "Mexico,2019,Ann,3", "Mexico,2019,Bea,x")
    found = reading(summed(), data)
    assert cells(found.observations) == {"citizenship=MEX FY2019": (3, "A")}
    assert refusals(summed(), data) == ["made: row 3, column 'figure': the count 'x' is not a number"]


def test_a_row_left_out_is_not_counted():
    some = standard_of(
        COLUMNS.replace('"by whom"', '"by whom"\nleft_out = { nobody = "a line of the form" }')
        + '\n[[tables]]\nkind = "list"\ncolumns = ["country", "year", "who"]\ncombine = "rows"\n',
        "csv",
    )  # fmt: skip
    found = reading(some, text("country,year,who", "Mexico,2019,Ann", "Mexico,2019,NOBODY", "?,?,nobody"))
    assert cells(found.observations) == {"citizenship=MEX FY2019": (1, "A")}
    assert (found.rows, found.accepted, found.left_out, found.refusals) == (3, 1, 2, ())


PERSON = st.sampled_from(["Ann", "Bea", "Cid", "Deb"])
ROW = st.tuples(
    st.sampled_from(sorted(CITIZENSHIPS.values())), st.sampled_from(["2019", "2020", "20x0"]), PERSON
)
CODE = {label: code for code, label in CITIZENSHIPS.items()}


def key(country, year):
    return f"citizenship={CODE[country]} FY{year}"


@settings(max_examples=80)
@given(st.lists(ROW, min_size=1, max_size=30))
def test_counting_is_what_a_counter_does(rows):
    data = text("country,year,who", *(",".join(row) for row in rows))
    good = [row for row in rows if row[1] != "20x0"]
    for standard, expected in (
        (ROWS, Counter(key(*row[:2]) for row in good)),
        (DISTINCT, Counter(key(*row[:2]) for row in set(good))),
        (ONCE, Counter(key(*row[:2]) for row in set(good))),
    ):
        found = reading(standard, data)
        assert cells(found.observations) == {cell: (times, "A") for cell, times in expected.items()}
        left_out = len(rows) - len(set(rows)) if standard is ONCE else 0
        kept = set(rows) if standard is ONCE else rows
        assert (found.rows, found.left_out) == (len(rows), left_out)
        assert len(found.refusals) == sum(row[1] == "20x0" for row in kept)


@settings(max_examples=80)
@given(st.lists(st.tuples(ROW, st.integers(0, 10**6)), min_size=1, max_size=30))
def test_adding_up_is_what_a_dict_does(rows):
    data = text("country,year,who,figure", *(",".join([*row, str(figure)]) for row, figure in rows))
    expected = defaultdict(int)
    for (country, year, _), figure in rows:
        if year != "20x0":
            expected[key(country, year)] += figure
    found = reading(summed(), data)
    assert cells(found.observations) == {cell: (total, "A") for cell, total in expected.items()}


@settings(max_examples=80)
@given(st.lists(st.tuples(ROW, st.integers(0, 3)), min_size=1, max_size=30))
def test_repeats_are_added_up_once(rows):
    data = text("country,year,who,figure", *(",".join([*row, str(figure)]) for row, figure in rows))
    expected = defaultdict(int)
    for (country, year, _), figure in set(rows):
        if year != "20x0":
            expected[key(country, year)] += figure
    found = reading(summed('repeats = "drop"'), data)
    assert cells(found.observations) == {cell: (total, "A") for cell, total in expected.items()}
    assert found.left_out == len(rows) - len(set(rows))

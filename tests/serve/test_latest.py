"""Filters over what is known now, held to the same questions put to each row, one after the other, in plain Python."""

import datetime

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from borderstats.serve.latest import Latest, written
from borderstats.serve.store import Query
from borderstats.serve.store import Test as Condition

NAMES = ("state", "freq", "period")
DAY = datetime.date(2024, 1, 1)
DAYS = st.integers(0, 3).map(lambda n: DAY + datetime.timedelta(days=n))
TEXTS = ("A", "AB", "B", 'q"uote', "com,ma", "Ñ")
CELLS = st.tuples(
    st.sampled_from(TEXTS), st.sampled_from(["M", "A"]), st.sampled_from(["2023-10", "2023-11", "FY2024"])
)
ROWS = st.dictionaries(
    CELLS,
    st.tuples(st.none() | st.integers(-3, 3), st.none() | st.sampled_from(["A", "P"]), DAYS),
    max_size=12,
)
ORDERED = ["eq", "ne", "lt", "le", "gt", "ge"]
TESTS = st.one_of(
    st.builds(
        Condition,
        st.sampled_from(["state", "freq", "status"]),
        st.sampled_from(["eq", "ne", "co", "nc", "sw", "ew"]),
        st.lists(st.sampled_from([*TEXTS, "M", "P", "m"]), min_size=1, max_size=2).map(tuple),
    ),
    st.builds(
        Condition,
        st.just("value"),
        st.sampled_from(ORDERED),
        st.tuples(st.sampled_from([-1.0, 0.0, 1.5, 2.0])),
    ),
    st.builds(Condition, st.just("known_from"), st.sampled_from(ORDERED), st.tuples(DAYS)),
)
QUERIES = st.builds(
    Query,
    st.just("x"),
    st.lists(TESTS, max_size=2).map(tuple),
    st.none() | st.sets(st.sampled_from(["2023-10", "FY2024", "1999"])).map(tuple),
    first=st.none() | st.integers(0, 2),
    last=st.none() | st.integers(0, 2),
    offset=st.integers(0, 3),
    limit=st.none() | st.integers(0, 4),
)


def table(rows):
    columns = list(zip(*((*cell, *told) for cell, told in rows), strict=True)) or [()] * 6
    types = (*[pa.string()] * 3, pa.int64(), pa.string(), pa.date32())
    names = (*NAMES, "value", "status", "known_from")
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    return pa.table(dict(zip(names, arrays, strict=True)))


def coded(plain):
    """The texts as dictionaries, as a package has them."""
    columns = [
        column.combine_chunks().dictionary_encode() if pa.types.is_string(field.type) else column
        for field, column in zip(plain.schema, plain.columns, strict=True)
    ]
    return pa.table(columns, plain.column_names)


def holds(test, row):
    """As SQL has it: of what is not there nothing is known, but that it has no text in it."""
    found = row[test.column]
    if found is None:
        return test.operator == "nc"
    match test.operator:
        case "eq" | "ne":
            return (found in test.values) == (test.operator == "eq")
        case "co" | "nc":
            return any(one in found for one in test.values) == (test.operator == "co")
        case "sw":
            return any(found.startswith(one) for one in test.values)
        case "ew":
            return any(found.endswith(one) for one in test.values)
    (one,) = test.values
    return {"lt": found < one, "le": found <= one, "gt": found > one, "ge": found >= one}[test.operator]


def reference(rows, query):
    found = [row for row in rows if all(holds(test, row) for test in query.tests)]
    if query.periods is not None:
        found = [row for row in found if row["period"] in query.periods]
    if query.first is not None or query.last is not None:
        kept = []
        for row in found:
            times = sorted(
                one["period"] for one in found if one["state"] == row["state"] and one["freq"] == row["freq"]
            )
            place = times.index(row["period"])
            if (query.first is not None and place < query.first) or (
                query.last is not None and len(times) - 1 - place < query.last
            ):
                kept.append(row)
        found = kept
    return found[query.offset : None if query.limit is None else query.offset + query.limit], len(found)


@given(ROWS, QUERIES)
def test_a_filter_finds_what_a_look_at_each_row_finds(rows, query):
    plain = table(sorted(rows.items()))
    latest = Latest(coded(plain), ("state", "freq"))
    wanted, count = reference(plain.to_pylist(), query)
    found = latest.rows(query)
    assert latest.take(found).to_pylist() == wanted
    assert latest.take(found).schema == plain.schema
    every = latest.rows(query, limited=False)
    assert len(every) == count
    assert latest.csv(found) == written(latest.take(found))


@given(ROWS)
def test_series_are_counted(rows):
    latest = Latest(coded(table(sorted(rows.items()))), ("state", "freq"))
    every = latest.rows(Query("x"))
    assert latest.series(every) == len({cell[:2] for cell in rows})


def test_columns_that_are_never_crossed():
    rows = {("_T", "M", "2023-10"): (1, "A", DAY), ("A", "_T", "2023-10"): (1, "A", DAY)}
    latest = Latest(coded(table(sorted(rows.items()))), ("state", "freq"))
    assert not latest.crosses("state", "freq", "_T")
    assert latest.crosses("state", "freq", "other")
    assert not Latest(coded(table([])), ("state", "freq")).crosses("state", "freq", "_T")

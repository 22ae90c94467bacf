"""DuckDB gives what the plain-Python reference gives, for generated records and specifications."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderstats.engine.duck import DuckEngine
from borderstats.standard.tables import (
    Bands,
    Link,
    PersonsTable,
    QuantileTable,
    Recode,
    RecordsTable,
    RepeatersTable,
    ReturningTable,
)
from borderstats.tabulate import reference
from borderstats.tabulate.make import tables
from borderstats.tabulate.query import Scope
from calendars import any_calendar
from records import rows, write

pytestmark = pytest.mark.slow

DAYS = st.sampled_from([datetime.date(2021, 12, 31), datetime.date(2022, 10, 5), datetime.date(2025, 1, 1)])
FIELDS = ["component", "region", "office", "citizenship", "demographic", "title"]
BANDS = (
    Bands("distance_band", "distance_miles", (100,), ("LAND_100", "FARTHER")),
    Bands("entry_band", "encounter_time", (14, 731), ("DAYS_14", "YEARS_2", "LONGER"), since="entry_time"),
)
RECODES = (
    Recode("group", "citizenship", {"MEX": "MEX", "GTM": "NORTHERN"}, "O4"),
    Recode("same", "title", {}),
)
LINK = Link("outcome", "event_key", "event_outcome", "PENDING")


@st.composite
def specs(draw, measures):
    """A table of encounters with some of everything that a specification can say."""
    measure = draw(st.sampled_from(measures))
    own = {
        RepeatersTable: {"least": st.integers(1, 3)},
        ReturningTable: {"days": st.sampled_from([1, 30, 365])},
        QuantileTable: {
            "share": st.sampled_from([0.1, 0.5, 0.9, 1.0]),
            "since": st.just("entry_time"),
            "until": st.just("encounter_time"),
        },
    }
    names = [*FIELDS, "distance_band", "entry_band", "group", "same", "event_outcome"]
    one = st.lists(st.sampled_from(names), max_size=3, unique=True).map(tuple)
    every = ["month", "fiscal_year"] + (["rolling_year"] if measure is PersonsTable else [])
    where = st.dictionaries(
        st.sampled_from(["title", "demographic", "event_outcome", "entry_band"]),
        st.sampled_from([("T8",), ("UC", "_U"), ("PENDING", "NTA"), ("DAYS_14", "LONGER")]),
        max_size=2,
    )
    return measure(
        id="t",
        title="",
        title_es="",
        counts="",
        unit="EVENTS",
        family="encounter",
        sets=tuple(draw(st.lists(one, min_size=1, max_size=4, unique_by=frozenset))),
        every=draw(st.sampled_from(every)),
        where=draw(where),
        bands=BANDS,
        recodes=RECODES,
        link=LINK,
        **{name: draw(values) for name, values in own.get(measure, {}).items()},
    )


def cells(table):
    names = table.spec.dimensions
    return {
        (tuple(row[name] for name in names), row["period"]): (row["value"], row["untold"])
        for row in table.cells.to_pylist()
    }


def expected(scope, records):
    from borderstats import periods

    return {
        (codes, periods.text(p)): figure for (codes, p), figure in reference.tabulate(scope, records).items()
    }


@pytest.mark.parametrize(
    "measures", [[RecordsTable], [PersonsTable], [RepeatersTable, ReturningTable], [QuantileTable]]
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=60,
)
@given(data=st.data())
def test_duckdb_is_held_to_the_reference(standard, tmp_path, measures, data):
    families = {name: standard.families[name] for name in ("encounter", "outcome")}
    records = {name: data.draw(rows(family)) for name, family in families.items()}
    files = {
        name: [write(families[name], drawn, tmp_path / f"{name}.parquet")] for name, drawn in records.items()
    }
    day, calendar = data.draw(DAYS), data.draw(any_calendar())
    scopes = [
        Scope(spec, families["encounter"], families["outcome"], day, calendar)
        for spec in data.draw(st.lists(specs(measures), min_size=1, max_size=3))
    ]
    found = list(tables(DuckEngine(), scopes, files))
    assert sorted(map(id, (t.spec for t in found))) == sorted(id(s.spec) for s in scopes)
    for table in found:
        scope = next(s for s in scopes if s.spec is table.spec)
        assert cells(table) == expected(scope, records)

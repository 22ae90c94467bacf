"""Hand-made and generated records for the tests of tables; all of them are invented."""

import datetime

import pyarrow as pa
from hypothesis import strategies as st
from pyarrow import parquet

ARROW = {
    "key": pa.string(),
    "person": pa.int64(),
    "time": pa.timestamp("us"),
    "code": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "text": pa.string(),
}
"""How validated records stand in Parquet."""

CODES = {
    "component": ["USBP", "OFO"],
    "region": ["SW", "NORTH", None],
    "office": ["USBP.SDC", "OFO.LAREDO", None],
    "title": ["T8", "T42"],
    "encounter_type": ["APP", "INA", "EXP"],
    "citizenship": ["MEX", "GTM", "HND", "_U", None],
    "demographic": ["SA", "UC", "FMUA", None],
    "event_outcome": ["NTA", "PAROLE", "TO_HHS", "EXPULSION", "RELEASE", None],
    "repatriation_type": ["VOLUNTARY_RETURN", None],
    "release_reason": ["BOND", None],
    "fear_result": ["POSITIVE", None],
    "screening_kind": ["CREDIBLE", "CHILD"],
    "statute": ["1324", "1325", "OTHER"],
}
START = datetime.datetime(2021, 8, 1)
EVENTS = [f"E{n}" for n in range(12)]


def value(field):
    """A strategy for one field of a validated record."""
    if field.type == "code":
        return st.sampled_from(CODES[field.concept])
    if field.type == "person":
        return st.sampled_from([1, 2, 3, None])
    if field.type == "time":
        # Few minutes on the clock, so that times meet, and enough months for two fiscal years and a rolling one.
        times = st.integers(0, 20 * 30 * 24).map(lambda n: START + datetime.timedelta(hours=n, minutes=n % 3))
        return times if field.required else st.one_of(times, st.none())
    if field.type == "whole":
        return st.one_of(st.integers(0, 90), st.none())
    if field.type == "number":
        return st.one_of(st.sampled_from([0.0, 99.9, 100.0, 100.1, 500.0]), st.none())
    if field.type == "key":
        return st.sampled_from(EVENTS)
    return st.just("a place")


def rows(family):
    """A strategy for lists of validated records of a family, each with a key of its own."""
    one = st.fixed_dictionaries({f.name: value(f) for f in family.fields if f.name != family.key})
    return st.lists(one, max_size=25).map(
        lambda some: [{**record, family.key: f"E{n}"} for n, record in enumerate(some)]
    )


def write(family, records, path):
    """Records as the Parquet file that a workspace would hold."""
    schema = pa.schema([(field.name, ARROW[field.type]) for field in family.fields])
    parquet.write_table(pa.Table.from_pylist(list(records), schema), path)
    return path

"""The SQL of validation gives what the plain-Python reference gives, for generated records of every family."""

import datetime

import pyarrow as pa
import pytest
import reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from borderstats.engine.duck import DuckEngine
from borderstats.records.validate import validation

pytestmark = pytest.mark.slow

ARROW = {"time": pa.timestamp("us"), "whole": pa.int64(), "number": pa.float64()}
LABELS = {
    "component": ["USBP", "OFO", "ofo", "ICE", "Total"],
    "region": ["SW", "NORTH", "Moon"],
    "office": ["SDC", "San Diego, CA", "USBP.SDC", "LVM", "LAREDO", "nowhere"],
    "title": ["T8", "Title 8", "T42", "T9"],
    "encounter_type": ["APP", "INA", "EXP", "Expulsions"],
    "citizenship": ["MEX", "MEXICO", "_U", "Atlantis"],
    "demographic": ["SA", "UC", "AM", "FMUA"],
    "event_outcome": ["NTA", "REMOVAL", "Parole", "gone"],
    "repatriation_type": ["VOLUNTARY_RETURN", "REINSTATEMENT"],
    "release_reason": ["BOND", "Bonded out"],
    "fear_result": ["POSITIVE", "CLOSED"],
    "screening_kind": ["CREDIBLE", "CHILD"],
    "statute": ["1324", "8 USC 1325", "9999"],
}
KEY = bytes(range(64))
KNOWN = ["E1", "E2"]


def value(field):
    blank = st.none()
    if field.type == "code":
        return st.one_of(st.sampled_from(LABELS[field.concept]), blank)
    if field.type == "time":
        hours = st.integers(0, 300).map(lambda n: datetime.timedelta(minutes=20 * n))
        starts = st.sampled_from([datetime.datetime(y, 3, 20, 22) for y in (1989, 2005, 2020, 2023)])
        return st.one_of(st.builds(lambda a, b: a + b, starts, hours), blank)
    if field.type == "whole":
        return st.one_of(st.integers(-1, 121), blank)
    if field.type == "number":
        return st.one_of(st.sampled_from([-0.5, 0.0, 3.5, 3000.0, 3000.5]), blank)
    return st.one_of(st.sampled_from(["E1", "E2", "E3", "A"]), blank)


def written(file, family, raw, *, text, data):
    """Write records as Parquet, all as text with some that cannot be read if `text`: those become None in `raw`."""
    typed = {} if text else ARROW
    rows, unreadable = [dict(record) for record in raw], []
    for n, row in enumerate(rows):
        for field in family.fields:
            if not text or row[field.name] is None or field.type not in ARROW:
                continue
            row[field.name] = str(row[field.name])
            if data.draw(st.integers(0, 9)) == 0:
                row[field.name], raw[n][field.name] = "13/45/2012", None
                unreadable.append((n, field.name))
    schema = pa.schema([(f.name, typed.get(f.type, pa.string())) for f in family.fields])
    parquet.write_table(pa.Table.from_pylist(rows, schema), file)
    return unreadable


@pytest.mark.parametrize("name", ["encounter", "custody", "outcome", "screening", "prosecution"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(data=st.data())
def test_every_record_is_accepted_or_has_the_reasons_of_the_reference(standard, tmp_path, name, data):
    family = standard.families[name]
    one = st.fixed_dictionaries({field.name: value(field) for field in family.fields})
    raw = data.draw(st.lists(one, max_size=15))
    file, known = tmp_path / "raw.parquet", tmp_path / "known.parquet"
    unreadable = written(file, family, raw, text=data.draw(st.booleans()), data=data)
    parquet.write_table(pa.table({"event_key": KNOWN}), known)
    wanted, recoded = reference.reasons(standard, family, raw, KNOWN, unreadable)
    with validation(standard, family, file, {"encounter": [known]}, DuckEngine()) as opened:
        checked = opened.checked
        opened.write(tmp_path / "accepted.parquet", tmp_path / "quarantined.parquet", KEY)
    quarantined = parquet.read_table(tmp_path / "quarantined.parquet").to_pylist()
    assert {row["_row"]: set(row["_reasons"].split("|")) for row in quarantined} == {
        n: names for n, names in enumerate(wanted) if names
    }
    assert checked.read == len(raw) == checked.accepted + checked.quarantined
    assert checked.quarantined == len(quarantined)
    assert checked.reasons == {
        reason: sum(reason in names for names in wanted) for reason in set().union(*wanted)
    }
    assert checked.profile.records == len(raw)
    assert (checked.profile.months, checked.profile.missing, checked.profile.codes) == reference.profile(
        family, recoded
    )
    accepted = parquet.read_table(tmp_path / "accepted.parquet").to_pylist()
    fields = [field.name for field in family.fields if field.type != "person"]
    order = sorted if raw else list
    assert order(repr([row[n] for n in fields]) for row in accepted) == order(
        repr([codes[n] for n in fields]) for codes, names in zip(recoded, wanted, strict=True) if not names
    )
    persons = [row[family.person] for row in accepted]
    assert all(person is None or isinstance(person, int) for person in persons)

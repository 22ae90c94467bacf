"""Simulated records meet every field and rule of `standard/records/`, checked here in plain Python."""

import datetime
from itertools import pairwise

import pytest
from pyarrow import parquet

pytestmark = pytest.mark.slow

FAMILIES = ("encounter", "custody", "outcome", "screening", "prosecution")


@pytest.fixture(scope="module")
def records(made):
    return {family: parquet.read_table(made.files[family]).to_pylist() for family in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_field_is_there_and_within_its_bounds(standard, records, family):
    form = standard.families[family]
    assert records[family]
    assert set(form.names) <= set(records[family][0])
    for field in form.fields:
        for record in records[family]:
            value = record[field.name]
            if value is None:
                assert not field.required, field.name
                continue
            if field.type == "time":
                assert isinstance(value, datetime.datetime)
                value = value.date()
            if field.type in ("time", "whole", "number"):
                assert field.minimum is None or value >= field.minimum, field.name
                assert field.maximum is None or value <= field.maximum, field.name


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_is_in_its_list_and_valid_on_the_day(standard, records, family):
    form = standard.families[family]
    for field in form.fields:
        if field.type != "code":
            continue
        codes = {(code.scope, code.code): code for code in standard.codelist_of(field.concept).codes}
        for record in records[family]:
            if record[field.name] is not None:
                code = codes[record[field.scope] if field.scope else "", record[field.name]]
                day = record[form.time].date()
                assert not code.code.startswith("_")
                assert not code.valid_from or code.valid_from <= day
                assert not code.valid_to or day <= code.valid_to


def _looked_at(rule, record):
    return all(record[name] in codes for name, codes in rule.when.items())


def _values(record, names):
    return tuple(record[name] for name in names)


def determined(rule, records, _):
    for record in records:
        rows = [r for r in rule.table if all(record[k] == v for k, v in r.items() if k != rule.field)]
        assert not rows or record[rule.field] == rows[0][rule.field]


def within(rule, records, _):
    for record in records:
        value = record[rule.field]
        if value is not None and _looked_at(rule, record):
            value = value.date() if isinstance(value, datetime.datetime) else value
            assert rule.minimum is None or value >= rule.minimum
            assert rule.maximum is None or value <= rule.maximum


def one_of(rule, records, _):
    for record in records:
        if _looked_at(rule, record):
            assert record[rule.field] in rule.codes


def not_before(rule, records, _):
    for record in records:
        if None not in (record[rule.field], record[rule.other]):
            assert record[rule.field] >= record[rule.other]


def unique(rule, records, _):
    keys = [_values(record, rule.fields) for record in records]
    assert len(set(keys)) == len(keys)


def apart(rule, records, _):
    known = [r for r in records if None not in _values(r, (*rule.fields, rule.field))]
    known.sort(key=lambda r: (*_values(r, rule.fields), r[rule.field]))
    for one, other in pairwise(known):
        if _values(one, rule.fields) == _values(other, rule.fields):
            assert other[rule.field] - one[rule.field] >= datetime.timedelta(minutes=rule.minutes)


def no_overlap(rule, records, _):
    for one, other in pairwise(sorted(records, key=lambda r: (*_values(r, rule.fields), r[rule.field]))):
        if _values(one, rule.fields) == _values(other, rule.fields):
            assert one[rule.other] is not None
            assert one[rule.other] <= other[rule.field]


def refers(rule, records, keys):
    assert {record[rule.field] for record in records} <= keys[rule.family]


CHECKS = {
    check.__name__: check
    for check in (determined, within, one_of, not_before, unique, apart, no_overlap, refers)
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_rule_is_met(standard, records, family):
    keys = {name: {r[standard.families[name].key] for r in records[name]} for name in FAMILIES}
    for rule in standard.families[family].rules:
        CHECKS[rule.rule](rule, records[family], keys)


def test_no_person_is_in_two_places_at_once(records):
    spells = sorted(
        (r["person_key"], r["book_in"], r["book_out"]) for r in records["custody"] if r["book_out"]
    )
    for one, other in pairwise(spells):
        assert one[0] != other[0] or one[2] <= other[1]


def test_a_person_keeps_citizenship_and_demographic_and_does_not_grow_younger(records):
    seen = {}
    for record in records["encounter"]:
        if record["person_key"]:
            known = (record["citizenship"], record["demographic"])
            before, age = seen.setdefault(record["person_key"], (known, 0))
            assert before == known
            if record["age"] is not None:
                assert record["age"] >= age
                seen[record["person_key"]] = (known, record["age"])


def test_what_follows_an_encounter_is_of_its_person_and_not_before_it(standard, records):
    met = {record["event_key"]: record for record in records["encounter"]}
    for family in FAMILIES[1:]:
        for record in records[family]:
            encounter = met[record["event_key"]]
            assert record["person_key"] == encounter["person_key"]
            assert record[standard.families[family].time] >= encounter["encounter_time"]

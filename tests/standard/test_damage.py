"""Any damage to any file of the standard is told in one line with its file and place; none is a traceback."""

import copy
import datetime
import functools
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.standard import (
    datasets_check,
    decode,
    layouts_check,
    protection_check,
    records_check,
    sources_check,
    tables_check,
)
from borderstats.standard.columns import AnyColumn
from borderstats.standard.layouts import Layout
from borderstats.standard.model import Dataset
from borderstats.standard.record_rules import AnyRule
from borderstats.standard.records import AnyField, Family
from borderstats.standard.rules import AnyGate
from borderstats.standard.sources import AnySource
from borderstats.standard.tables import AnyTableSpec

REAL = Path(__file__).parents[2] / "standard"


@functools.cache
def raw(folder):
    """The files of a folder of the real standard as plain values, by name."""
    return {
        path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((REAL / folder).glob("*.toml"))
    }


def tag(struct):
    return struct.__struct_config__.tag


def tag_field(union):
    return get_args(union)[0].__struct_config__.tag_field


def found(folder, part):
    """The parts of all files of a folder: its gates, rules, fields, columns; the files themselves without a part."""
    return [one for file in raw(folder).values() for one in (file.get(part, []) if part else [file])]


UNIONS = {
    "gates": (AnyGate, "datasets", "gates"),
    "record rules": (AnyRule, "records", "rules"),
    "record fields": (AnyField, "records", "fields"),
    "measures": (AnyTableSpec, "tables", ""),
    "columns": (AnyColumn, "sources", "columns"),
}
VARIANTS = [
    pytest.param(union, struct, folder, part, id=f"{name}: {tag(struct)}")
    for name, (union, folder, part) in UNIONS.items()
    for struct in get_args(union)
    if any(one[tag_field(union)] == tag(struct) for one in found(folder, part))
]


def decoded(one, union):
    """The line that says what does not fit; nothing if all does."""
    try:
        decode.converted(one, union)
    except decode.DecodeError as error:
        return str(error)
    return None


@pytest.mark.parametrize(("union", "struct", "folder", "part"), VARIANTS)
def test_a_variant_has_exactly_its_fields(union, struct, folder, part):
    field = tag_field(union)
    one = next(one for one in found(folder, part) if one[field] == tag(struct))
    of = f" with {field} {tag(struct)!r}"
    own = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    known = ", ".join([field, *own])
    assert decoded(one, union) is None
    for name, described in own.items():
        if described.required:
            without = {key: value for key, value in one.items() if key != name}
            assert decoded(without, union) == f"$: the field {name!r} is missing{of}"
    others = {other.encode_name for variant in get_args(union) for other in msgspec.structs.fields(variant)}
    for name in [*sorted(others - own.keys()), "zzz"]:
        assert decoded({**one, name: 1}, union) == f"$: no field {name!r}{of}; known are {known}"


@pytest.mark.parametrize("name", UNIONS)
def test_a_variant_that_does_not_exist(name):
    union, folder, part = UNIONS[name]
    field, known = tag_field(union), ", ".join(map(tag, get_args(union)))
    one = found(folder, part)[0]
    assert decoded({**one, field: "zzz"}, union) == f"$.{field}: no {field} 'zzz'; known are {known}"
    without = {key: value for key, value in one.items() if key != field}
    assert decoded(without, union) == f"$: the field {field!r} is missing; it is one of {known}"


def test_every_rule_and_measure_has_an_example_in_the_standard():
    tried = {param.values[1] for param in VARIANTS}
    for union in (AnyGate, AnyRule, AnyField, AnyTableSpec):
        assert set(get_args(union)) <= tried


CHECKS = {
    "datasets": (Dataset, "datasets", datasets_check.contradictions),
    "sources": (AnySource, "sources", sources_check.contradictions),
    "records": (Family, "families", lambda s, _: records_check.contradictions(s)),
    "tables": (AnyTableSpec, "tables", lambda s, _: (*tables_check.contradictions(s), *protection_check.contradictions(s))),
    "layouts": (
        Layout,
        "layouts",
        lambda s, _: layouts_check.contradictions(s.layouts, s.families, s.codelist_of),
    ),
}  # fmt: skip
SCALARS = st.one_of(
    st.sampled_from(["", "x", "_T", "SW", "2020-03", "FY2020", "2499-12", "9999-12", "4999-Q4", "FY9999", "FY0001"]),
    st.sampled_from([-1, 0, 1, 10**30, -(10**30), True, 0.5, float("inf"), float("nan")]),
    st.sampled_from([datetime.date(1, 1, 1), datetime.date(9999, 12, 31), datetime.time(1)]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["x", "region", "title"]), inner, max_size=2)
    ),
    max_leaves=3,
)  # fmt: skip


def places(node, path=()):
    """The path of everything in a file."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def damaged(draw, folder):
    """A file with one part taken out, one put in, or another value in the place of one."""
    name = draw(st.sampled_from(sorted(raw(folder))))
    file = copy.deepcopy(raw(folder)[name])
    path = draw(st.sampled_from(list(places(file))))
    parent = functools.reduce(lambda node, key: node[key], path[:-1], file)
    if draw(st.booleans()):
        parent[path[-1]] = draw(VALUES)
    elif isinstance(parent, dict) and draw(st.booleans()):
        parent[
            draw(st.sampled_from(["zzz", "where", "start", "dimension", "field", "tolerance", "missing"]))
        ] = draw(VALUES)
    else:
        del parent[path[-1]]
    return name, file


@pytest.mark.parametrize("folder", CHECKS)
@given(data=st.data())
def test_damage_is_reported_and_never_a_traceback(standard, folder, data):
    kind, part, check = CHECKS[folder]
    name, file = data.draw(damaged(folder))
    try:
        one = decode.converted(file, kind)
    except decode.DecodeError as error:
        place, _, what = str(error).partition(": ")
        assert place.startswith("$")
        assert "..." not in place
        assert what
        return
    parts = {**getattr(standard, part), name: one}
    for line in check(msgspec.structs.replace(standard, **{part: parts}), one):
        assert line.split(":")[0].endswith((".toml", ".csv"))
        assert "\n" not in line

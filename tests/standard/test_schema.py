"""The JSON Schemas for editors: they take what the program takes, and know the fields of every variant."""

import copy
import datetime
import functools
import json
import tomllib
from pathlib import Path

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_damage import CHECKS, VARIANTS, damaged, decode, found, places, raw, tag, tag_field

from borderstats.standard import schema
from borderstats.standard.files import FILES

REAL = Path(__file__).parents[2] / "standard"
DOCUMENTS = {name: json.loads(document) for name, document in schema.documents().items()}


def plain(value):
    """A TOML value as an editor sees it: days are texts."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@functools.cache
def document_of(folder):
    """A schema that is one; to check that takes a while."""
    document = DOCUMENTS[f"{folder}.json"]
    jsonschema.Draft202012Validator.check_schema(document)
    return document


def validator(folder, root=None):
    document = document_of(folder)
    return jsonschema.Draft202012Validator({"$defs": document["$defs"], "$ref": root} if root else document)


@pytest.mark.parametrize("pattern", [pattern for pattern in FILES if pattern.endswith(".toml")])
def test_every_file_of_the_standard_is_valid(pattern):
    valid = validator(pattern.removesuffix(".toml").removesuffix("/*"))
    paths = list(REAL.glob(pattern))
    assert paths
    for path in paths:
        valid.validate(plain(tomllib.loads(path.read_text("utf-8"))))


@pytest.mark.parametrize(("union", "struct", "folder", "part"), VARIANTS)
def test_a_variant_has_exactly_its_fields(union, struct, folder, part):
    one = plain(next(one for one in found(folder, part) if one[tag_field(union)] == tag(struct)))
    valid = validator(folder, f"#/$defs/{struct.__name__}")
    valid.validate(one)
    assert not valid.is_valid({**one, "zzz": 1})
    for field in msgspec.structs.fields(struct):
        without = {key: value for key, value in one.items() if key != field.encode_name}
        assert valid.is_valid(without) == (not field.required)


@pytest.mark.slow
@pytest.mark.parametrize("folder", CHECKS)
@given(data=st.data())
def test_what_the_program_takes_is_no_error_to_an_editor(folder, data):
    _, file = data.draw(damaged(folder))
    try:
        decode.converted(file, CHECKS[folder][0])
    except decode.DecodeError:
        return
    validator(folder).validate(plain(file))


def values_in(folder):
    """Every value of the files of a folder, one of each path and of each set of variants that it lies in: the file and the path."""
    seen = set()
    for name, file in raw(folder).items():
        for path in places(file):
            node, variants = file, [file.get("format")]
            for key in path[:-1]:
                node = node[key]
                if isinstance(node, dict):
                    variants += [
                        str(node.get(field)) for field in ("kind", "role", "rule", "measure", "type")
                    ]
            kind = (*("*" if isinstance(key, int) else key for key in path), *variants)
            if kind not in seen:
                seen.add(kind)
                yield name, path


@pytest.mark.slow
@pytest.mark.parametrize("folder", CHECKS)
def test_what_the_program_can_do_without_an_editor_can_too(folder):
    for name, path in values_in(folder):
        file = copy.deepcopy(raw(folder)[name])
        del functools.reduce(lambda node, key: node[key], path[:-1], file)[path[-1]]
        try:
            decode.converted(file, CHECKS[folder][0])
        except decode.DecodeError:
            continue
        assert validator(folder).is_valid(plain(file)), (name, path)

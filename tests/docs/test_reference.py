"""What is generated from the structs of the standard is what they say now, and leaves nothing out."""

import importlib.util
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import msgspec
import pytest

from borderstats.standard import schema
from borderstats.standard.files import FILES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/standard.md").read_text("utf-8")
AGAIN = "it is generated: run .venv/bin/python tools/reference.py"


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools/reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_of_the_page_are_those_of_the_structs(reference):
    assert reference.page(PAGE) == PAGE, AGAIN


def test_every_kind_of_file_has_its_tables():
    assert re.findall(r"<!-- (?!end)(\S+) -->", PAGE) == list(
        dict.fromkeys(re.findall(r"<!-- (?!end)(\S+) -->", PAGE))
    )
    assert set(re.findall(r"<!-- (?!end)(\S+) -->", PAGE)) == set(FILES)


@pytest.mark.parametrize("pattern", FILES)
def test_every_field_says_what_it_is(pattern):
    for struct in schema.structs(FILES[pattern]):
        names = [field.encode_name for field in msgspec.structs.fields(struct)]
        assert list(schema.descriptions(struct)) == names or set(schema.descriptions(struct)) == set(names), (
            struct
        )
        assert all(text.endswith(".") for text in schema.descriptions(struct).values()), struct
        assert struct.__doc__
        assert struct.__doc__.strip().endswith((".", "`.")), struct


def test_the_schemas_are_those_of_the_structs():
    written = {path.name: path.read_bytes() for path in (ROOT / "standard/schemas").glob("*")}
    assert written == dict(schema.documents()), AGAIN


def test_an_editor_finds_the_schema_of_every_file():
    rules = tomllib.loads((ROOT / ".taplo.toml").read_text("utf-8"))["rule"]
    for path in (ROOT / "standard").rglob("*.toml"):
        name = path.relative_to(ROOT).as_posix()
        (found,) = (rule for rule in rules if any(fnmatch(name, pattern) for pattern in rule["include"]))
        assert (ROOT / found["schema"]["path"]).is_file(), name

"""The JSON Schema of each TOML file of a standard, for editors; and what each field is, as it stands beside it in the code."""

import ast
import functools
import inspect
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from borderstats.standard.files import FILES

_REF = "#/$defs/"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def documents() -> Mapping[str, bytes]:
    """The schema of each kind of TOML file by its own name: `datasets.json` is that of `datasets/*.toml`."""
    return {
        f"{pattern.removesuffix('.toml').removesuffix('/*')}.json": _document(pattern, kind)
        for pattern, kind in FILES.items()
        if pattern.endswith(".toml")
    }


def _document(pattern: str, kind: Any) -> bytes:
    (root,), parts = components([kind])
    return written({"title": f"{pattern} of a standard", **root, "$defs": parts})


def components(kinds: Sequence[Any]) -> tuple[Sequence[dict[str, Any]], dict[str, Any]]:
    """The schemas of some types, and those of all structs that they are made of, with what each field is."""
    roots, parts = msgspec.json.schema_components(kinds, ref_template=_REF + "{name}")
    untagged: dict[str, dict[str, Any]] = {}
    for struct in {struct for kind in kinds for struct in structs(kind)}:
        # Where two structs have one name, msgspec puts their modules in front.
        full = f"{struct.__module__}.{struct.__qualname__}"
        called = full if full in parts else struct.__name__
        part = parts[called]
        for name, text in descriptions(struct).items():
            part["properties"][name]["description"] = text
        if tag := struct.__struct_config__.tag_field:
            needed = [name for name in part["required"] if name != tag]
            untagged[_REF + called] = {**part, "required": needed}
    return roots, {name: _alone(part, untagged) for name, part in parts.items()}


def _alone(schema: Any, untagged: Mapping[str, dict[str, Any]]) -> Any:
    """A schema in which a struct that stands where no other may does not need the tag that tells it from others: it is read without."""
    if isinstance(schema, list):
        return [_alone(one, untagged) for one in schema]
    if not isinstance(schema, dict) or "discriminator" in schema:
        return schema
    return untagged.get(schema.get("$ref", "")) or {
        name: _alone(one, untagged) for name, one in schema.items()
    }


def written(schema: Mapping[str, Any]) -> bytes:
    """A schema as a file."""
    return msgspec.json.format(msgspec.json.encode({"$schema": _DIALECT, **schema}), indent=1) + b"\n"


def structs(kind: Any) -> tuple[type[msgspec.Struct], ...]:
    """Every struct that a type is made of, in the order in which they are first mentioned."""
    return tuple(dict.fromkeys(_structs(msgspec.inspect.type_info(kind), set())))


def _structs(kind: msgspec.inspect.Type, seen: set[type]) -> Iterator[type[msgspec.Struct]]:
    if isinstance(kind, msgspec.inspect.StructType):
        if kind.cls not in seen:
            seen.add(kind.cls)
            yield kind.cls
            for field in kind.fields:
                yield from _structs(field.type, seen)
        return
    for name in ("type", "item_type", "value_type"):
        if (inner := getattr(kind, name, None)) is not None:
            yield from _structs(inner, seen)
    for inner in (*getattr(kind, "types", ()), *getattr(kind, "item_types", ())):
        yield from _structs(inner, seen)


@functools.cache
def descriptions(struct: type) -> Mapping[str, str]:
    """What each field of a struct is, by its name in a file: the text below its declaration, there or in a base."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(struct)}
    found: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        if issubclass(base, msgspec.Struct) and base.__module__.startswith("borderstats"):
            (declared,) = ast.parse(textwrap.dedent(inspect.getsource(base))).body
            assert isinstance(declared, ast.ClassDef)
            for field, below in pairwise(declared.body):
                text = _text(below)
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and text:
                    found[field.target.id] = text
    return {names[name]: found[name] for name in names if name in found}


def _text(node: ast.stmt) -> str:
    """A text that stands alone, in one line."""
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ):
        return " ".join(node.value.value.split())
    return ""

"""Writes what is generated from the structs of the standard: the tables of docs/standard.md, and standard/schemas/.

A table stands in the page between `<!-- PATTERN -->` and `<!-- end -->`, where PATTERN names a kind of file. What a field
is stands in the code, in the text below its declaration. Run: .venv/bin/python tools/reference.py
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from borderstats.standard import schema
from borderstats.standard.files import FILES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/standard.md"
SCHEMAS = ROOT / "standard/schemas"
_BLOCK = re.compile(r"(<!-- (?!end)(\S+) -->\n).*?(<!-- end -->\n)", re.DOTALL)
_MOST = 10_000
"""Limits above it only keep a slip of the pen from overflowing."""

_WORDS = {
    inspect.StrType: "text",
    inspect.IntType: "whole number",
    inspect.FloatType: "number",
    inspect.DateType: "day",
    inspect.StructType: "table",
}


def page(text: str) -> str:
    """The page with its tables as the structs have them."""
    return _BLOCK.sub(lambda match: f"{match[1]}{tables(FILES[match[2]])}{match[3]}", text)


def tables(kind: Any) -> str:
    """The tables of a kind of file: one of its own fields, then one for each table in it."""
    root = _bare(inspect.type_info(kind))
    variants = _variants(root.value_type if isinstance(root, inspect.DictType) else root)
    return "\n".join(_parts(variants, "", set()))


def _parts(variants: Sequence[inspect.StructType], name: str, seen: set[tuple[type, ...]]) -> Iterator[str]:
    known = tuple(variant.cls for variant in variants)
    if not variants or known in seen:
        return
    seen.add(known)
    if name:
        yield from (f"**`{name}`**: {_summary(_common(known))}", "")
    yield from _struct(variants[0]) if len(variants) == 1 else _union(variants)
    inner: dict[str, dict[type, inspect.StructType]] = {}
    for field in (field for variant in variants for field in variant.fields):
        kind, path = _bare(field.type), ".".join(filter(None, [name.strip("[]"), field.encode_name]))
        several = isinstance(kind, inspect.VarTupleType)
        found = _variants(kind.item_type if several else kind)
        inner.setdefault(f"[[{path}]]" if several else f"[{path}]", {}).update(
            {one.cls: one for one in found}
        )
    for path, structs in inner.items():
        yield from _parts(list(structs.values()), path, seen)


def _struct(struct: inspect.StructType) -> Iterator[str]:
    texts = schema.descriptions(struct.cls)
    yield from _table(("field", "", "what it is"), [_row(field, texts) for field in struct.fields])


def _union(variants: Sequence[inspect.StructType]) -> Iterator[str]:
    """The fields that all variants have, the variants, and the fields that only some have."""
    tag = str(variants[0].tag_field)
    rows: dict[tuple[str, ...], list[str]] = {}
    for variant in variants:
        texts = schema.descriptions(variant.cls)
        for field in variant.fields:
            rows.setdefault(_row(field, texts), []).append(f"`{variant.tag}`")
    names = [row[0] for row in rows]
    every = [row for row, have in rows.items() if len(have) == len(variants)]
    own = [
        (row[0], row[1], f"{', '.join(have)}: {row[2]}" if names.count(row[0]) > 1 else row[2])
        for row, have in rows.items()
        if row not in every
    ]
    shared = {row[0] for row in every}
    yield from _table(("field", "", "what it is"), every)
    yield from _table(
        (f"`{tag}`", "what it is", "its own fields"),
        [
            (
                f"`{variant.tag}`",
                _summary(variant.cls),
                ", ".join(f"`{f.encode_name}`" for f in variant.fields if f"`{f.encode_name}`" not in shared),
            )
            for variant in variants
        ],
    )
    yield from _table(("its own field", "", "what it is"), own)


def _row(field: inspect.Field, texts: Mapping[str, str]) -> tuple[str, str, str]:
    needed = "needed" if field.required else ""
    default = field.default
    if not field.required and default not in (msgspec.NODEFAULT, None, "", (), False):
        needed = f"`{default}`, if not given"
    return (
        f"`{field.encode_name}`",
        "; ".join(filter(None, [_kind(field.type), needed])),
        texts[field.encode_name],
    )


def _kind(kind: inspect.Type) -> str:
    """A type in words."""
    kind = _bare(kind)
    if isinstance(kind, inspect.UnionType):
        inner = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return "table" if _variants(kind) else " or ".join(dict.fromkeys(map(_kind, inner)))
    if isinstance(kind, inspect.LiteralType):
        return ", ".join(f"`{value}`" for value in kind.values if value)
    if isinstance(kind, inspect.BoolType):
        return "`true` or `false`"
    if isinstance(kind, inspect.VarTupleType | inspect.TupleType):
        item = kind.item_type if isinstance(kind, inspect.VarTupleType) else kind.item_types[0]
        return "tables" if _variants(item) else f"list of {_plural(_kind(item))}"
    if isinstance(kind, inspect.DictType):
        return f"table of {_plural(_kind(kind.value_type))}"
    return _WORDS[type(kind)] + _limits(kind)


def _limits(kind: inspect.Type) -> str:
    low = next((getattr(kind, name) for name in ("ge", "gt") if getattr(kind, name, None) is not None), None)
    high = next((getattr(kind, name) for name in ("le", "lt") if getattr(kind, name, None) is not None), None)
    above = "" if low is None else f" from {low:g}"
    return above if high is None or high > _MOST else f"{above} to {high:g}"


def _plural(words: str) -> str:
    noun, *rest = re.split(r"(?= of | from )", words, maxsplit=1)
    return "".join([noun if noun.startswith("`") else f"{noun}s", *rest])


def _bare(kind: inspect.Type) -> inspect.Type:
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def _variants(kind: inspect.Type) -> list[inspect.StructType]:
    kind = _bare(kind)
    members = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return [member for member in members if isinstance(member, inspect.StructType)]


def _common(structs: Sequence[type]) -> type:
    """The nearest base of several structs."""
    return next(base for base in structs[0].__mro__ if all(issubclass(one, base) for one in structs))


def _summary(struct: type) -> str:
    return " ".join((struct.__doc__ or "").split())


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        for row in itertools.chain([head, ["---"] * len(head)], rows):
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
        yield ""


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    SCHEMAS.mkdir(exist_ok=True)
    for name, document in schema.documents().items():
        (SCHEMAS / name).write_bytes(document)

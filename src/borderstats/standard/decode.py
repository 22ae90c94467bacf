"""TOML and CSV to structs; what does not fit is told with its path, what is wrong, and what would do."""

import csv
import datetime
import io
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
import tomli
from msgspec.structs import FieldInfo

T = TypeVar("T", bound=msgspec.Struct)

_AT = re.compile(r"(.*?)(?: - at `(\$.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\[\.\.\.\]")
_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`")
_VALUE = re.compile(r"Invalid (?:enum )?value (.*)", re.DOTALL)
_TOML_TYPES = (datetime.datetime, datetime.date, datetime.time)


class DecodeError(ValueError):
    """A text that is no TOML, or a value that is not of its type: `$.gates[0].rule: what is wrong, what would do`."""


def toml(data: bytes, type_: Any) -> Any:
    """A TOML file as a value of a type. Raises DecodeError."""
    return converted(parsed(data), type_)


def parsed(data: bytes) -> Any:
    """The plain values of a TOML file. Raises DecodeError."""
    try:
        return tomli.loads(data.decode())
    except RecursionError:
        raise DecodeError("tables lie too deep in one another") from None
    except ValueError as error:
        raise DecodeError(str(error)) from None


def converted(raw: Any, type_: Any) -> Any:
    """The plain values of a TOML file as a value of a type. Raises DecodeError."""
    try:
        return msgspec.convert(raw, type_, builtin_types=_TOML_TYPES, str_keys=True)
    except msgspec.ValidationError as error:
        raise DecodeError(explained(str(error), raw, type_)) from None


def rows(text: str, type_: type[T]) -> Iterator[T | str]:
    """The rows of a CSV file, each a value of a struct or what is wrong with it: `line 3: column value: what is wrong`.

    Nothing else is read if the header is wrong.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(type_)}
    readers = {name: _READERS.get(get_origin(field.type), str) for name, field in fields.items()}
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        wrong = list(_header(reader.fieldnames or (), fields))
        yield from (f"line 1: {line}" for line in wrong)
        for cells in () if wrong else reader:
            try:
                yield _row(cells, type_, readers)
            except DecodeError as error:
                yield f"line {reader.line_num}: {error}"
    except csv.Error as error:
        yield f"line {reader.line_num}: {error}; a quote is out of place"


def _header(names: Sequence[str], fields: Mapping[str, FieldInfo]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if name not in fields:
            yield f"no column {name!r}; known are {', '.join(fields)}"
        elif names.count(name) > 1:
            yield f"the column {name!r} stands there twice"
    for name, field in fields.items():
        if field.required and name not in names:
            yield f"the column {name!r} is missing"


def _row(row: Mapping[Any, Any], type_: type[T], readers: Mapping[str, Callable[[str], Any]]) -> T:
    """A row without its empty cells."""
    if None in row or None in row.values():
        raise DecodeError("the row does not have as many cells as the header; check its commas and quotes")
    cells = {name: readers[name](text) for name, text in row.items() if text}
    try:
        return msgspec.convert(cells, type_, strict=False)
    except msgspec.ValidationError as error:
        message = explained(str(error), cells, type_)
        raise DecodeError(re.sub(r"^\$\.(\w+)", r"column \1", message).removeprefix("$: ")) from None


def pairs(text: str) -> dict[str, str]:
    """`region=SW|office=SDC` as a mapping. Raises DecodeError if a part has no `=`."""
    found = {}
    for part in filter(None, text.split("|")):
        name, equals, value = part.partition("=")
        if not equals:
            raise DecodeError(f"{part!r} is not of the form dimension=CODE; separate several with |")
        found[name.strip()] = value.strip()
    return found


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


_READERS: Mapping[Any, Callable[[str], Any]] = {tuple: _parts, Mapping: pairs}
"""What reads a cell of several values, which are separated by `|`, by the type of its field."""


def explained(text: str, raw: Any, type_: Any) -> str:
    """An error of msgspec with the place in front, the keys of tables in it, and what would have been right."""
    match = _AT.fullmatch(text)
    what, at = match.groups() if match else (text, None)
    path, outer, here, kind = "$", None, raw, type_
    for step in _STEP.finditer(at or ""):
        outer = _narrowed(kind, here)
        if step[2]:
            place = int(step[2])
            path, here, kind = f"{path}[{place}]", here[place], _inner(outer)
        else:
            name = step[1] or _first_wrong(here, _inner(outer))
            path, here = f"{path}.{name}", here.get(name)
            kind = _inner(outer) if not step[1] else _types(outer).get(name) if _is_struct(outer) else None
    return f"{path}: {_message(what, kind, here, outer)}"


def _message(what: str, kind: Any, here: Any, outer: Any) -> str:
    """What is wrong, and what would be right. Without a `kind` the value is no tag of the union `outer`."""
    if field := _FIELD.fullmatch(what):
        struct = _narrowed(kind, here)
        if field[1] == "missing required":
            known = f"; it is one of {', '.join(_tags(struct))}" if not _is_struct(struct) else ""
            return f"the field {field[2]!r} is missing{_of(struct)}{known}"
        return f"no field {field[2]!r}{_of(struct)}; known are {', '.join(_names(struct))}"
    if value := _VALUE.fullmatch(what):
        if kind is None:
            return f"no {_tag_field(outer)} {value[1]}; known are {', '.join(_tags(outer))}"
        return f"{value[1]} is none of {', '.join(filter(None, _literals(kind)))}"
    return what[:1].lower() + what[1:]


def _members(kind: Any) -> tuple[Any, ...]:
    kind = _bare(kind)
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def _types(struct: Any) -> Mapping[str, Any]:
    return {field.encode_name: field.type for field in msgspec.structs.fields(struct)}


def _bare(kind: Any) -> Any:
    """A type without its limits."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _narrowed(kind: Any, here: Any) -> Any:
    """The member of a union that a value is meant to be; the union itself if its tag does not tell."""
    members = [member for member in _members(kind) if member is not types.NoneType]
    if isinstance(here, Mapping):
        tagged = [
            m for m in members if _is_struct(m) and here.get(_tag_field(m), here) == m.__struct_config__.tag
        ]
        members = tagged or [m for m in members if _is_struct(m) or get_origin(m) is not tuple]
    elif isinstance(here, list | tuple):
        members = [m for m in members if get_origin(_bare(m)) is tuple] or members
    return members[0] if len(members) == 1 else _bare(kind)


def _inner(kind: Any) -> Any:
    """The type of the items of a list, or of the values of a table."""
    arguments = get_args(_bare(kind))
    return arguments[-1 if get_origin(_bare(kind)) is not tuple else 0] if arguments else Any


def _first_wrong(here: Mapping[str, Any], kind: Any) -> str:
    """The key of the first value that is not of a type."""
    for name, value in here.items():
        try:
            msgspec.convert(value, kind, builtin_types=_TOML_TYPES, str_keys=True)
        except msgspec.ValidationError:
            return name
    return "..."


def _names(struct: Any) -> tuple[str, ...]:
    tag = [_tag_field(struct)] if _tag_field(struct) else []
    return (*tag, *struct.__struct_encode_fields__)


def _tag_field(kind: Any) -> str:
    return next((str(m.__struct_config__.tag_field or "") for m in _members(kind) if _is_struct(m)), "")


def _tags(kind: Any) -> list[str]:
    return [str(m.__struct_config__.tag) for m in _members(kind) if _is_struct(m)]


def _of(struct: Any) -> str:
    """Of which variant a struct is."""
    tagged = _is_struct(struct) and struct.__struct_config__.tag
    return f" with {_tag_field(struct)} {tagged!r}" if tagged else ""


def _literals(kind: Any) -> list[str]:
    return [str(value) for m in _members(kind) if get_origin(m) is Literal for value in get_args(m)]

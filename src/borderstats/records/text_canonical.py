"""Files whose columns are a family's fields already: they need no layout of an agency."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from borderstats.errors import InputError
from borderstats.standard.layouts import Feed, Layout, LayoutColumn
from borderstats.standard.records import Family

REASONS = ("BLANK", "REDACTED", "NOT_RECORDED", "UNREADABLE")
"""Why a field has no value; the last: what stands there cannot be read."""

_EXTRA = ("source_sheet", "source_row", "synthetic")
_TIMES = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
)


def layout(family: Family) -> Layout:
    """The layout of a text file with a family's own fields."""
    columns = [
        column
        for field in family.fields
        for column in (
            LayoutColumn((field.name,), optional=not field.required),
            LayoutColumn((f"{field.name}_missing",), optional=True, allowed=REASONS),
        )
    ]
    extra = [
        LayoutColumn((name,), optional=True, allowed=("true", "false") if name == "synthetic" else ())
        for name in _EXTRA
    ]
    return Layout(
        id=f"records of the family {family.id}",
        title=family.title,
        publisher="",
        columns=(*columns, *extra),
        feeds=(Feed(family.id, fields={name: (name,) for name in family.names}),),
        times=_TIMES,
    )


def family_of(path: Path, families: Iterable[Family]) -> tuple[Family, int]:
    """The family whose canonical Parquet file this is, and its number of records.

    InputError if it is of none or of a wrong type somewhere.
    """
    try:
        metadata = parquet.read_metadata(path)
        schema = metadata.schema.to_arrow_schema()
    except (pa.ArrowException, OSError):
        raise InputError(f"{path.name}: a damaged Parquet file; make it again") from None
    families = tuple(families)
    for family in families:
        if set(family.names) <= set(schema.names) <= _known(family):
            _types(path, family, schema)
            return family, metadata.num_rows
    nearest = max(families, key=lambda family: len(set(family.names) & set(schema.names)))
    missing = [name for name in nearest.names if name not in schema.names]
    unknown = sum(name not in _known(nearest) for name in schema.names)
    raise InputError(
        f"{path.name}: a Parquet file of no family; the nearest is {nearest.id}, without its fields "
        f"{', '.join(missing) or '(none)'} and with {unknown} other columns; give it the fields of standard/records/{nearest.id}.toml"
    )


def _known(family: Family) -> set[str]:
    return {*family.names, *(f"{name}_missing" for name in family.names), *_EXTRA}


def _types(path: Path, family: Family, schema: pa.Schema) -> None:
    wanted: Mapping[str, str] = {
        **{field.name: field.type for field in family.fields},
        **dict(zip(_EXTRA, ("text", "row", "flag"), strict=True)),
    }
    for column in schema:
        kind = wanted.get(column.name, "text")
        if not _holds(column.type, kind):
            words = {
                "time": "a timestamp without zone",
                "whole": "a 32-bit whole number",
                "number": "a double",
                "row": "a 64-bit whole number",
                "flag": "true or false",
            }
            raise InputError(
                f"{path.name}: column {column.name}: its type is {column.type}, and should be {words.get(kind, 'a text')}; cast it"
            )


def _holds(type_: pa.DataType, kind: str) -> bool:
    if kind == "time":
        return bool(pa.types.is_timestamp(type_)) and type_.tz is None
    plain = {"whole": pa.int32(), "number": pa.float64(), "row": pa.int64(), "flag": pa.bool_()}
    if kind in plain:
        return bool(type_ == plain[kind])
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))

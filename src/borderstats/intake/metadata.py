"""What is known of an archived file beside its bytes: one TOML file beside each."""

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from borderstats import periods
from borderstats.package.snapshots import ORDER, Declared, Snapshot
from borderstats.standard import decode
from borderstats.standard.decode import DecodeError
from borderstats.standard.properties import PRICE_BASE

SUFFIX = ".toml"
"""What the name of a file's metadata has behind that of the file: `2024/list.csv.toml`."""


def encoded(snapshot: Snapshot) -> bytes:
    """The metadata of a file, without the file's name, which is its own, and without what is not said."""
    fields = msgspec.structs.fields(snapshot)
    said = ((field.name, getattr(snapshot, field.name), field.default) for field in fields)
    lines = [
        f"{name} = {_written(value)}\n"
        for name, value, default in said
        if name != "file" and value != default
    ]
    return "".join(lines).encode()


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, Declared):
        value = {name: said for name, said in msgspec.structs.asdict(value).items() if said}
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {_written(said)}' for name, said in value.items())} }}"
    # A JSON string is a TOML string but for one character, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def decoded(file: str, data: bytes) -> Snapshot:
    """The snapshot that a file is by its metadata. Raises DecodeError: `$.path: what is wrong, what would do`."""
    raw: dict[str, Any] = decode.parsed(data)
    if "file" in raw:
        raise DecodeError("$.file: the metadata is that of the file beside it; take the line out")
    if not re.fullmatch(ORDER, str(raw.get("order", "1"))):
        raise DecodeError(
            f"$.order: {raw['order']!r} is no order; write the number of the edition and, behind a dot, that of a re-issue: "
            '"1", "2", "2.1"'
        )
    try:
        snapshot: Snapshot = decode.converted({"file": file, **raw}, Snapshot)
    except DecodeError as error:
        raise DecodeError(str(error).replace("known are file, ", "known are ")) from None
    for finding in _contradictions(snapshot):
        raise DecodeError(finding)
    return snapshot


def _contradictions(this: Snapshot) -> Iterator[str]:
    if this.known < this.as_of:
        yield (
            f"$.known: {this.known} lies before as_of, {this.as_of}; no file is known before the day for which it speaks, "
            "correct one of the two"
        )
    if this.captured and this.known_basis == "captured" and this.captured.date() != this.known:
        yield (
            f"$.known: {this.known} is not the day of the capture, {this.captured.date()}; correct one of the two, "
            "or say another known_basis"
        )
    for number, one in enumerate(this.properties):
        where = f"$.properties[{number}]"
        if one.name != PRICE_BASE:
            yield f"{where}.name: {one.name!r} is no property; known is {PRICE_BASE}"
        elif not _is_period(one.value):
            yield f"{where}.value: {one.value!r} is no period such as FY2023 or 2023"
        if not one.basis:
            yield f"{where}.basis: empty; say who says so"
    if this.replaces and not this.reason:
        yield f"$.reason: missing; say why this file replaces {this.replaces}"
    if this.replaces == this.file:
        yield "$.replaces: is the file itself; name the one that it replaces"


def _is_period(written: str) -> bool:
    try:
        periods.parse(written)
    except ValueError:
        return False
    return True

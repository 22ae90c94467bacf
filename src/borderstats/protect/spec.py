"""What a statistician says about a table of counts: its dimensions, their levels, and how it is protected."""

from pathlib import Path

from borderstats.errors import InputError
from borderstats.standard import decode
from borderstats.standard.protection import Policy
from borderstats.standard.struct import Struct

_RESERVED = frozenset(
    (
        "value", "status", "reason", "published", "certificate", "change", "release", "dimension", "within", "code", "parent",
    )
)  # fmt: skip


class Group(Struct, frozen=True):
    """A code that adds up others across the levels of its dimension: a year to date, a calendar year, a part of a list."""

    code: str
    of: tuple[str, ...]


class DimensionSpec(Struct, frozen=True):
    """A dimension: the column with its codes, the columns of its parent levels, the nearest first, and further groups."""

    name: str
    parents: tuple[str, ...] = ()
    group: tuple[Group, ...] = ()


class TableSpec(Struct, frozen=True):
    """A table that is published: the finest column of each dimension in it. Other dimensions are added up."""

    columns: tuple[str, ...]


class Spec(Policy, frozen=True, kw_only=True):
    """A table of counts: the column with the count, the dimensions, and how it is protected.

    `table` are the tables that are published of it, together; without any it is the whole. `earlier` are folders of
    earlier releases, `known` a file of figures that are public elsewhere, `key` the column of record keys of each cell.
    """

    count: str
    dimension: tuple[DimensionSpec, ...]
    table: tuple[TableSpec, ...] = ()
    earlier: tuple[str, ...] = ()
    known: str = ""
    key: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of codes, dimension by dimension, each before its parents."""
        return tuple(name for one in self.dimension for name in (one.name, *one.parents))


def read(path: Path) -> Spec:
    """Read a specification. Raises InputError: file, place in it, what to do."""
    try:
        spec: Spec = decode.toml(path.read_bytes(), Spec)
    except decode.DecodeError as error:
        raise InputError(f"{path.name}: {error}") from None
    if wrong := [*spec.contradictions(), *_contradictions(spec)]:
        raise InputError(f"{path.name}: $.{wrong[0]}")
    return spec


def _contradictions(spec: Spec) -> list[str]:
    if not spec.dimension:
        return ["dimension: name at least one"]
    seen = {spec.count, spec.key}
    for name in spec.columns:
        if name in seen:
            return [f"dimension: the column {name!r} is named twice; each has one part to play"]
        seen.add(name)
    found = [
        f"dimension: {name!r} is the name of a column that the tables have besides; call it otherwise"
        for name in spec.columns
        if name in _RESERVED
    ]
    if spec.method != "suppression":
        found += [
            f"{what}: only suppression heeds it; leave it out or choose suppression"
            for what in ("known", "earlier")
            if getattr(spec, what)
        ]
    of = {name: one.name for one in spec.dimension for name in (one.name, *one.parents)}
    for what, tables in (("table", [one.columns for one in spec.table]), ("first", spec.first)):
        for columns in tables:
            found += [
                f"{what}: {name!r} is no column of codes; they are {', '.join(spec.columns)}"
                for name in columns
                if name not in of
            ]
            if len({of.get(name) for name in columns}) < len(columns):
                found.append(
                    f"{what}: {', '.join(columns)}: two levels of one dimension; name the finest only"
                )
    for what, named in (("attribute", spec.attribute), ("stricter", [s.dimension for s in spec.stricter])):
        found += [
            f"{what}: {name!r} is no dimension; they are {', '.join(d.name for d in spec.dimension)}"
            for name in named
            if name not in {d.name for d in spec.dimension}
        ]
    if spec.method != "cell-key" and spec.key:
        found.append("key: only cell-key heeds it; leave it out or choose cell-key")
    if spec.method == "cell-key" and not spec.key:
        found.append("key: name the column with the sum of the record keys of each cell")
    return found

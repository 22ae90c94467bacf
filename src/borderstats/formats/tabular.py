"""The columns of a dataset's tables, as descriptions of CSV files give them: type, meaning, what may be empty, the key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import pyarrow as pa

from borderstats import periods
from borderstats.formats import described
from borderstats.package.account import By, Kind
from borderstats.package.datasets import Metadata
from borderstats.package.model import ENDS, Package
from borderstats.standard.codelists import Code
from borderstats.words import labels, messages

Type = Literal["text", "integer", "number", "date", "year", "boolean"]

_NAMED = {
    "freq": ("Frequency", "The frequency of the period."),
    "period": ("Period", "The period: {periods}."),
    "fiscal_year": ("Fiscal year", "The fiscal year in which the period ends."),
    "status": ("Status", "Why a figure is provisional or missing."),
    "price_base": (
        "Price base",
        "The period in whose prices the figure is; empty where it is in those of its own period.",
    ),
    "known_from": ("Known from", "The day from which on this value was surely known."),
    "known_basis": (
        "Basis",
        "How that day is known: published, captured or announced then; not after it, where only a bound is known.",
    ),
    "known_to": (
        "Known to",
        "The day from which on another value or none was surely known; the same as known_from if a newer file was known as early.",
    ),
    "edition_from": ("Edition", "The day for which the file speaks that first gave this value."),
    "edition_to": (
        "Edition to",
        "The day for which the file speaks that gave another value or none; empty while the value stands.",
    ),
    "ended": (
        "Ended by",
        "What ended it: the kind of change that the next file brought, or status: the same figure has another status. Empty while it stands.",
    ),
    "snapshot": (
        "Snapshot",
        "The publisher's file that first gave this value, or first gave it otherwise, as in snapshots.csv.",
    ),
    "origin": (
        "Origin",
        "The cell or row of that file, the first of several; a row is counted from 1, the header.",
    ),
    "kind": (
        "Kind",
        "What happened to the cell: revised (changed, new, vanished), or only named, span, rebased, recoded, zero or untold; docs/time.md says what each is.",
    ),
    "old": ("Before", "The figure in the file before; empty where there was none."),
    "new": ("After", "The figure in the file after; empty where there is none."),
    "delta": (
        "Change",
        "The later figure less the earlier one, a missing row counted as 0; empty where a row has no figure, or the two are in the prices of different years.",
    ),
    "counted": (
        "Counted",
        "Whether the cell overlaps with no other one that is counted: sums of changes are over these.",
    ),
    "before": ("File before", "The day for which the earlier file speaks."),
    "after": ("File after", "The day for which the later file speaks."),
    "change": ("Change", "Whether the entry entered the list or left it."),
}
_ACCOUNT: Mapping[str, tuple[str, Type, str]] = {
    "dataset": ("Dataset", "text", "The id of the dataset; one that only the release before has is among them."),
    "table": ("Table", "text", "Whether the latest figure of the cell differs, or what a file says of it in the history."),
    "by": ("By", "text", "Whether the figure differs by the publisher, or by us."),
    "kind": ("Kind", "text", "Why it differs; docs/time.md says what each kind is."),
    "cell": ("Cell", "text", "The codes of the cell, dimension=code, separated by spaces; totals are left out."),
    "period": ("Period", "text", "The period."),
    "snapshot": ("Snapshot", "text", "In the history: the publisher's file that says so; empty for the latest figure."),
    "old": ("Before", "number", "The figure in the release before, in the dataset's unit; empty where there was none."),
    "old_status": ("Status before", "text", "Its status; empty where there was no such row."),
    "new": ("After", "number", "The figure in this release, in the dataset's unit; empty where there is none."),
    "new_status": ("Status after", "text", "Its status; empty where there is no such row."),
    "delta": (
        "Change",
        "number",
        "The later figure less the earlier one, a missing row counted as 0; empty where a row has no figure.",
    ),
    "counted": ("Counted", "boolean", _NAMED["counted"][1]),
}  # fmt: skip
_OF_ACCOUNT = ("dataset", "table", "by", "kind", "period", "counted")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "latest": ("freq", "period"),
    "history": ("freq", "period", "edition_from", "snapshot"),
    "revisions": ("freq", "period", "after", "snapshot"),
}
_EMPTY = ("value", "price_base", *ENDS, "old", "new", "delta")


@dataclass(frozen=True)
class Column:
    """A column: its name, its titles, what it holds, and its codes if it has a list of them."""

    name: str
    title: str
    title_es: str
    description: str
    type: Type
    required: bool
    pattern: str = ""
    codes: tuple[Code, ...] = ()


def columns(package: Package, meta: Metadata, schema: pa.Schema) -> tuple[Column, ...]:
    """The columns of a table of a dataset, in their order."""
    return tuple(_column(package, meta, field) for field in schema)


def key(meta: Metadata, table: str) -> tuple[str, ...]:
    """The columns that name a row of the table `latest`, `history` or `revisions`; none of another."""
    return (*(one.id for one in meta.dimensions), *_KEYS[table]) if table in _KEYS else ()


def _column(package: Package, meta: Metadata, field: pa.Field) -> Column:
    name = field.name
    for one in meta.dimensions:
        if one.id == name:
            codes = tuple(Code(code.code, described.labelled(code), label_es=code.es) for code in one.codes)
            return Column(
                name, one.label.en, one.label.es, one.definition, "text", required=True, codes=codes
            )
    if name == "value":
        title, what = "Value", f"{labels.sentence(labels.unit(meta.unit))}; empty where the status says why."
    else:
        title, what = _NAMED.get(
            name, (labels.sentence(name.replace("_", " ")), "As the publisher's list gives it.")
        )
        what = what.replace("{periods}", described.period_examples(package))
    return Column(
        name,
        title,
        "",
        what,
        "year" if name == "fiscal_year" else _type(field.type),
        required=name in _NAMED and name not in _EMPTY,
        pattern="|".join(periods.PATTERNS[kind] for kind in package.kinds) if name == "period" else "",
        codes=_codes(package, name),
    )


def account() -> tuple[Column, ...]:
    """The columns of the account of change, in their order."""
    codes = {
        "by": tuple(Code(by, messages.named("account_by", by)) for by in get_args(By)),
        "kind": tuple(Code(kind, messages.named("kind", kind)) for kind in get_args(Kind)),
    }
    return tuple(
        Column(
            name,
            title,
            "",
            what,
            kind,
            required=name in _OF_ACCOUNT,
            # A dataset that is gone may have had periods of another kind.
            pattern="|".join(periods.PATTERNS.values()) if name == "period" else "",
            codes=codes.get(name, ()),
        )
        for name, (title, kind, what) in _ACCOUNT.items()
    )


def _codes(package: Package, name: str) -> tuple[Code, ...]:
    if name == "status":
        return package.standard.statuses
    return tuple(described.frequencies(package).values()) if name == "freq" else ()


def _type(kind: pa.DataType) -> Type:
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind):
        return "number"
    return "date" if pa.types.is_date(kind) else "text"

"""A release as one value: its words as structs, its tables as Arrow tables. All that is written, drawn or served is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
from pyarrow import compute

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.package.account import Account
from borderstats.package.datasets import Metadata
from borderstats.package.manifest import File, Manifest
from borderstats.package.provisions import Provision
from borderstats.package.reports import (
    Cited,
    Gate,
    Joined,
    JoinedFigure,
    Overview,
    Reconciliation,
    Reported,
    Revision,
)
from borderstats.package.standard import Standard
from borderstats.periods import Kind

TABLES = ("latest", "history", "revisions", "entries")
"""The tables that a dataset can have, in the order in which they are told; only lists have `entries`."""


ENDS = ("known_to", "edition_to", "ended")
"""The columns of a history that say until when something was known, until which edition it stood, and what ended it."""

TIMES = ("known_from", "known_basis", "edition_from", *ENDS)
"""The columns of a history that say when something was known and in which editions it stood."""


@dataclass(frozen=True)
class Dataset:
    """One dataset: its words, and its tables by name. Texts in the tables are dictionaries: each is held once."""

    meta: Metadata
    tables: Mapping[str, pa.Table]

    @property
    def latest(self) -> pa.Table:
        return self.tables["latest"]

    @property
    def comparable(self) -> pa.Table:
        """The latest table without figures in other prices than those of the newest edition that has their part."""
        table = self.latest
        if "price_base" not in table.column_names:
            return table
        found = compute.is_null(table["price_base"])
        for where, base in self.meta.price_bases.items():
            part = compute.equal(table["price_base"], base)
            for name, code in where:
                part = compute.and_(part, compute.equal(table[name], code))
            found = compute.or_(found, compute.fill_null(part, fill_value=False))
        return table.filter(found).combine_chunks()

    @property
    def history(self) -> pa.Table:
        return self.tables["history"]

    @property
    def revisions(self) -> pa.Table:
        return self.tables["revisions"]


@dataclass(frozen=True)
class Package:
    """A release. Before it is sealed, its manifest has no id and lists no file: none of its own files may depend on them. Its further
    formats are made when it has an id and only its own files.

    One with a predecessor has an `account` of change and the `cells` that it counts; of one that is read they stay in their file.
    """

    manifest: Manifest
    overview: Overview
    gates: tuple[Gate, ...]
    standard: Standard
    revisions: tuple[Revision, ...]
    provisions: tuple[Provision, ...]
    reconciliations: tuple[Reconciliation, ...]
    reporting: tuple[Reported, ...]
    cited: tuple[Cited, ...]
    datasets: Mapping[str, Dataset]
    joined: tuple[Joined, ...] = ()
    joined_figures: tuple[JoinedFigure, ...] = ()
    account: Account | None = None
    cells: pa.Table | None = None

    @cached_property
    def files(self) -> Mapping[str, File]:
        """The release's files by path."""
        return {file.path: file for file in self.manifest.files}

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of periods of which it has figures, in their order."""
        there = {text for one in self.datasets.values() for text in one.latest["period"].unique().to_pylist()}
        found = {periods.kind(periods.parse(text)) for text in there}
        return tuple(kind for kind in periods.KINDS if kind in found)

    def dataset(self, name: str, where: str) -> Dataset:
        """The dataset of that id; ReleaseError, with the file that names it, if the release has none."""
        if name not in self.datasets:
            raise ReleaseError(f"{where}: no dataset {name!r} in this release; build it again")
        return self.datasets[name]


def latest(history: pa.Table) -> pa.Table:
    """The rows of a history that the newest editions give, without the columns of their ends."""
    return history.filter(history["edition_to"].is_null()).drop_columns([*ENDS])


def lasting(history: pa.Table) -> pa.Table:
    """The rows of a history that stood at the end of the day of an edition: without what another one of that day replaced."""
    replaced = compute.equal(history["edition_from"], history["edition_to"])
    return history.filter(compute.invert(compute.fill_null(replaced, fill_value=False)))


def held(table: pa.Table) -> pa.Table:
    """A table as a package holds it: texts as dictionaries, each column in one piece."""
    return pa.table(
        {
            field.name: column.combine_chunks().dictionary_encode()
            if pa.types.is_string(field.type)
            else column.combine_chunks()
            for field, column in zip(table.schema, table.columns, strict=True)
        }
    )


def plain(table: pa.Table) -> pa.Table:
    """A table as files hold it: texts as plain strings, for pandas would make categories, which do not compare."""
    return table.cast(
        pa.schema(
            [
                pa.field(field.name, field.type.value_type)
                if pa.types.is_dictionary(field.type)
                else pa.field(field.name, field.type)
                for field in table.schema
            ]
        )
    )

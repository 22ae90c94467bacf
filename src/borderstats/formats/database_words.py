"""The tables of a release's database that say what its figures are, in its languages, and can be searched."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from borderstats.formats import described
from borderstats.package.datasets import DimensionCode, Metadata
from borderstats.package.model import Package
from borderstats.package.struct import Text
from borderstats.standard.provisions import Document

SCHEMA = """
CREATE TABLE frequencies (code TEXT PRIMARY KEY, label_en TEXT NOT NULL, label_es TEXT NOT NULL, note TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE TABLE statuses (code TEXT PRIMARY KEY, label_en TEXT NOT NULL, label_es TEXT NOT NULL, note TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE TABLE datasets (
    id TEXT PRIMARY KEY, table_name TEXT NOT NULL UNIQUE, title_en TEXT NOT NULL, title_es TEXT NOT NULL,
    counts TEXT NOT NULL, unit TEXT NOT NULL, unit_en TEXT NOT NULL, unit_es TEXT NOT NULL, measure TEXT NOT NULL,
    rounding INTEGER NOT NULL, decimals INTEGER NOT NULL, first_period TEXT NOT NULL, last_period TEXT NOT NULL,
    observations INTEGER NOT NULL, values_in_history INTEGER NOT NULL, trap TEXT NOT NULL, notes TEXT NOT NULL,
    citation TEXT NOT NULL, citation_es TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE dimensions (
    dataset TEXT NOT NULL REFERENCES datasets (id), dimension TEXT NOT NULL, position INTEGER NOT NULL,
    label_en TEXT NOT NULL, label_es TEXT NOT NULL, definition TEXT NOT NULL, source TEXT NOT NULL, total TEXT NOT NULL,
    PRIMARY KEY (dataset, dimension)
) STRICT, WITHOUT ROWID;
CREATE TABLE codes (
    dataset TEXT NOT NULL REFERENCES datasets (id), dimension TEXT NOT NULL, code TEXT NOT NULL, position INTEGER NOT NULL,
    label_en TEXT NOT NULL, label_es TEXT NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (dataset, dimension, code), FOREIGN KEY (dataset, dimension) REFERENCES dimensions (dataset, dimension)
) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, publisher TEXT NOT NULL, page TEXT NOT NULL, licence TEXT NOT NULL,
    caveat TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE dataset_sources (
    dataset TEXT NOT NULL REFERENCES datasets (id), source TEXT NOT NULL REFERENCES sources (id), PRIMARY KEY (dataset, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots (
    dataset TEXT NOT NULL REFERENCES datasets (id), file TEXT NOT NULL, title TEXT NOT NULL, publisher TEXT NOT NULL,
    as_of TEXT NOT NULL, as_of_basis TEXT NOT NULL, as_of_note TEXT NOT NULL, known TEXT NOT NULL,
    known_basis TEXT NOT NULL, obtained_from TEXT NOT NULL,
    PRIMARY KEY (dataset, file)
) STRICT, WITHOUT ROWID;
CREATE TABLE provisions (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title_en TEXT NOT NULL, title_es TEXT NOT NULL,
    text TEXT NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE TABLE dataset_provisions (
    dataset TEXT NOT NULL REFERENCES datasets (id), provision INTEGER NOT NULL REFERENCES provisions (number),
    PRIMARY KEY (dataset, provision)
) STRICT, WITHOUT ROWID;
"""

_TEXTS = (
    (
        "CREATE TABLE texts (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, dataset TEXT REFERENCES datasets (id), dimension TEXT, "
        "code TEXT, {typed}, notes TEXT NOT NULL) STRICT"
    ),
    """CREATE VIRTUAL TABLE texts_fts USING fts5(
        {names}, notes, content="texts", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
    )""",
)


def table(name: str) -> str:
    """The name of the table of a dataset: `cbp_encounters_state` of `cbp-encounters-state`."""
    return name.replace("-", "_")


def explaining(dimension: str) -> str:
    """The name of the table that explains the codes of a dimension, as the first dataset with each of them does."""
    return f"dimension_{dimension}"


def dimensions(package: Package) -> dict[str, tuple[DimensionCode, ...]]:
    """The dimensions of all datasets, each with all its codes; a code as the first dataset that has it words it."""
    found: dict[str, dict[str, DimensionCode]] = {}
    for dataset in package.datasets.values():
        for dimension in dataset.meta.dimensions:
            codes = found.setdefault(dimension.id, {})
            for code in dimension.codes:
                codes.setdefault(code.code, code)
    return {name: tuple(codes.values()) for name, codes in sorted(found.items())}


def write(connection: sqlite3.Connection, package: Package) -> None:
    """Fill the tables of words, and those that explain the codes of each dimension."""
    for table_name, explained in (
        ("frequencies", described.frequencies(package)),
        ("statuses", package.standard.status),
    ):
        rows = ((one.code, one.label_en, one.label_es, one.note) for one in explained.values())
        insert(connection, table_name, rows)
    provisions = package.provisions
    insert(
        connection,
        "provisions",
        (
            (one.number, one.id, one.title.en, one.title.es, one.text, _named(one.document))
            for one in provisions
        ),
    )
    known = {one.number for one in provisions}
    sources = {}
    for dataset in package.datasets.values():
        meta = dataset.meta
        insert(connection, "datasets", [_described(package, meta)])
        insert(
            connection,
            "dimensions",
            (
                (meta.id, one.id, n, one.label.en, one.label.es, one.definition, one.source, one.total)
                for n, one in enumerate(meta.dimensions)
            ),
        )
        insert(
            connection,
            "codes",
            (
                (meta.id, one.id, code.code, n, described.labelled(code), code.es, code.note)
                for one in meta.dimensions
                for n, code in enumerate(one.codes)
            ),
        )
        for source in meta.sources:
            sources[source.id] = (
                source.id, source.title, source.publisher, source.page, source.licence, source.caveat,
            )  # fmt: skip
        insert(connection, "dataset_sources", ((meta.id, one.id) for one in meta.sources))
        insert(
            connection,
            "snapshots",
            (
                (
                    meta.id, one.file, one.title, one.publisher, one.as_of, one.as_of_basis, one.as_of_note, one.known,
                    one.known_basis, one.obtained_from,
                )
                for one in meta.snapshots
            ),
        )  # fmt: skip
        insert(connection, "dataset_provisions", ((meta.id, one) for one in meta.provisions if one in known))
    insert(connection, "sources", sources.values())
    for dimension, codes in dimensions(package).items():
        name = quoted(explaining(dimension))
        connection.execute(
            f"CREATE TABLE {name} (code TEXT PRIMARY KEY, label_en TEXT NOT NULL, label_es TEXT NOT NULL, "
            "note TEXT NOT NULL) STRICT, WITHOUT ROWID"
        )
        insert(connection, name, ((one.code, described.labelled(one), one.es, one.note) for one in codes))


def _described(package: Package, meta: Metadata) -> tuple[Any, ...]:
    return (
        meta.id, table(meta.id), meta.title.en, meta.title.es, meta.counts, meta.unit.code, meta.unit.label_en,
        meta.unit.label_es, meta.measure, meta.rounding, meta.decimals, meta.first_period, meta.last_period,
        meta.observations, meta.values_in_history, meta.trap, "\n".join(described.notes(meta)),
        described.citation(package, meta), described.citation_es(package, meta),
    )  # fmt: skip


def reduce(connection: sqlite3.Connection, package: Package) -> None:
    """Take out what the standard does not have: labels in Spanish, provisions."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    if not package.standard.spanish:
        for name in tables:
            for _, column, *_ in connection.execute(f"PRAGMA table_info({quoted(name)})").fetchall():
                if column.endswith("_es"):
                    connection.execute(f"ALTER TABLE {quoted(name)} DROP COLUMN {quoted(column)}")
    if not package.provisions:
        connection.execute("DROP TABLE dataset_provisions")
        connection.execute("DROP TABLE provisions")


def index(connection: sqlite3.Connection, package: Package) -> None:
    """Write every text in the languages of the standard, and an index of their words."""
    languages = package.standard.office.languages
    names = ", ".join(languages)
    for statement in _TEXTS:
        connection.execute(
            statement.format(names=names, typed=", ".join(f"{one} TEXT NOT NULL" for one in languages))
        )
    rows = (
        (n, *about, *(getattr(text, one) for one in languages), notes)
        for n, (*about, text, notes) in enumerate(_texts(package), 1)
    )
    insert(connection, "texts", rows)
    connection.execute("INSERT INTO texts_fts (texts_fts) VALUES ('rebuild')")
    connection.execute("INSERT INTO texts_fts (texts_fts) VALUES ('optimize')")


def _texts(package: Package) -> Iterator[tuple[str, str | None, str | None, str | None, Text, str]]:
    """Kind, dataset, dimension, code, name and notes of everything that has a name; each dimension once."""
    for dataset in package.datasets.values():
        meta = dataset.meta
        notes = "\n".join((meta.counts, *described.notes(meta)))
        yield "dataset", meta.id, None, None, meta.title, notes
    explained = set()
    for dataset in package.datasets.values():
        for one in dataset.meta.dimensions:
            if one.id not in explained:
                yield "dimension", None, one.id, None, one.label, one.definition
            explained.add(one.id)
    for dimension, codes in dimensions(package).items():
        for code in codes:
            yield "code", None, dimension, code.code, Text(described.labelled(code), code.es), code.note
    for provision in package.provisions:
        yield "provision", None, None, str(provision.number), provision.title, provision.text


def _named(document: Document) -> str:
    return f"{document.publisher}, {document.title}, {document.date}, {document.reference}"


def insert(connection: sqlite3.Connection, name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Put rows into a table, whose name is quoted."""
    every = list(rows)
    if every:
        places = ", ".join("?" * len(every[0]))
        connection.executemany(f"INSERT INTO {name} VALUES ({places})", every)  # noqa: S608 names are quoted


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'

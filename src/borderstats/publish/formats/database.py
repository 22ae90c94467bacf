"""A release as one SQLite file: its tables, and what their codes mean, to be asked in SQL or served by Datasette.

For each dataset a table of its latest rows and a table of its history, named after it with `_` for `-`; every code in
them refers to a table that explains it. A missing figure is NULL and has its status. The words are in `datasets`,
`dimensions`, `codes`, `sources`, `snapshots`, `provisions`, `statuses` and `frequencies`, and all of them in `texts`,
which can be searched.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from borderstats.errors import ReleaseError
from borderstats.publish.contents import DimensionCode, Metadata
from borderstats.publish.formats import described
from borderstats.publish.read import Package

NAME = "borderstats.sqlite"
"""The name of the file in the release's folder."""

HISTORY = "_history"
"""What the name of a dataset's table of history ends with."""

_KEY = ("freq", "period")
_PAGE = 4096
_SMALL = 1000
"""Rows of a table that fills a few pages only."""

_WORDS = """
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
    as_of TEXT NOT NULL, as_of_basis TEXT NOT NULL, as_of_note TEXT NOT NULL, obtained_from TEXT NOT NULL,
    PRIMARY KEY (dataset, file)
) STRICT, WITHOUT ROWID;
CREATE TABLE provisions (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title_en TEXT NOT NULL, title_es TEXT NOT NULL,
    promise TEXT NOT NULL, source TEXT NOT NULL
) STRICT;
CREATE TABLE dataset_provisions (
    dataset TEXT NOT NULL REFERENCES datasets (id), provision INTEGER NOT NULL REFERENCES provisions (number),
    PRIMARY KEY (dataset, provision)
) STRICT, WITHOUT ROWID;
CREATE TABLE texts (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, dataset TEXT REFERENCES datasets (id), dimension TEXT, code TEXT,
    en TEXT NOT NULL, es TEXT NOT NULL, notes TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE texts_fts USING fts5(
    en, es, notes, content="texts", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);
"""


def document(package: Package) -> bytes:
    """The release's database. The tables of history are read from the release's folder.

    Raises ReleaseError if a table is missing or broken, has two rows of one cell, or a code that nothing explains.
    """
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        # The settings make the file, and so its bytes, the same wherever a library has other ones by default.
        for setting in (
            f"page_size = {_PAGE}",
            "encoding = 'UTF-8'",
            "auto_vacuum = NONE",
            "foreign_keys = OFF",
        ):
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(_WORDS)
        connection.execute("BEGIN")
        _write(connection, package)
        connection.execute("COMMIT")
        _check(connection)
        connection.execute("VACUUM")
        return connection.serialize()
    finally:
        connection.close()


def table(name: str) -> str:
    """The name of the table of a dataset: `cbp_encounters_state` of `cbp-encounters-state`."""
    return name.replace("-", "_")


def explaining(dimension: str) -> str:
    """The name of the table that explains the codes of a dimension, as the first dataset with each of them does."""
    return f"dimension_{dimension}"


def _write(connection: sqlite3.Connection, package: Package) -> None:
    _words(connection, package)
    for dimension, codes in dimensions(package).items():
        name = _quoted(explaining(dimension))
        connection.execute(
            f"CREATE TABLE {name} (code TEXT PRIMARY KEY, label_en TEXT NOT NULL, label_es TEXT NOT NULL, "
            "note TEXT NOT NULL) STRICT, WITHOUT ROWID"
        )
        _insert(connection, name, ((one.code, described.labelled(one), one.es, one.note) for one in codes))
    for name, dataset in package.datasets.items():
        _rows(connection, dataset.meta, table(name), dataset.latest, ("known_from",))
        _rows(
            connection,
            dataset.meta,
            table(name) + HISTORY,
            described.history(package, name),
            ("known_from", "known_to"),
        )
        _indexes(connection, dataset.meta, table(name), dataset.latest)
    _searchable(connection, package)
    connection.execute("ANALYZE")


def dimensions(package: Package) -> dict[str, tuple[DimensionCode, ...]]:
    """The dimensions of all datasets, each with all its codes; a code as the first dataset that has it words it."""
    found: dict[str, dict[str, DimensionCode]] = {}
    for dataset in package.datasets.values():
        for dimension in dataset.meta.dimensions:
            codes = found.setdefault(dimension.id, {})
            for code in dimension.codes:
                codes.setdefault(code.code, code)
    return {name: tuple(codes.values()) for name, codes in sorted(found.items())}


def _words(connection: sqlite3.Connection, package: Package) -> None:
    for name, codes in (
        ("frequencies", described.frequencies(package)),
        ("statuses", described.statuses(package)),
    ):
        _insert(
            connection, name, ((one.code, one.label_en, one.label_es, one.note) for one in codes.values())
        )
    provisions = package.provisions
    _insert(
        connection,
        "provisions",
        ((one.number, one.id, one.title.en, one.title.es, one.promise, one.source) for one in provisions),
    )
    known = {one.number for one in provisions}
    sources = {}
    for dataset in package.datasets.values():
        meta = dataset.meta
        _insert(connection, "datasets", [_told(package, meta)])
        _insert(
            connection,
            "dimensions",
            (
                (meta.id, one.id, n, one.label.en, one.label.es, one.definition, one.source, one.total)
                for n, one in enumerate(meta.dimensions)
            ),
        )
        _insert(
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
        _insert(connection, "dataset_sources", ((meta.id, one.id) for one in meta.sources))
        _insert(
            connection,
            "snapshots",
            (
                (
                    meta.id, one.file, one.title, one.publisher, one.as_of, one.as_of_basis, one.as_of_note,
                    one.obtained_from,
                )
                for one in meta.snapshots
            ),
        )  # fmt: skip
        _insert(connection, "dataset_provisions", ((meta.id, one) for one in meta.provisions if one in known))
    _insert(connection, "sources", sources.values())


def _told(package: Package, meta: Metadata) -> tuple[Any, ...]:
    return (
        meta.id, table(meta.id), meta.title.en, meta.title.es, meta.counts, meta.unit.code, meta.unit.label_en,
        meta.unit.label_es, meta.measure, meta.rounding, meta.decimals, meta.first_period, meta.last_period,
        meta.observations, meta.values_in_history, meta.trap, "\n".join(described.notes(meta)),
        described.citation(package, meta), described.citation_es(package, meta),
    )  # fmt: skip


def _rows(
    connection: sqlite3.Connection, meta: Metadata, name: str, rows: pa.Table, dates: Sequence[str]
) -> None:
    """A table of figures; its key is what names a figure: the codes, the period, and in a history the known-from date."""
    names = [dimension.id for dimension in meta.dimensions]
    key = [*names, *_KEY, *(("known_from",) if len(dates) > 1 else ())]
    value = "REAL" if meta.decimals else "INTEGER"
    columns = [
        *(
            f"{_quoted(one)} TEXT NOT NULL REFERENCES {_quoted(explaining(one))} (code)"
            for one in names
        ),
        "freq TEXT NOT NULL REFERENCES frequencies (code)", "period TEXT NOT NULL", "fiscal_year INTEGER",
        f"value {value}", "status TEXT NOT NULL REFERENCES statuses (code)", "known_from TEXT NOT NULL",
        *(["known_to TEXT"] if len(dates) > 1 else []),
        f"PRIMARY KEY ({', '.join(map(_quoted, key))})",
    ]  # fmt: skip
    # Indexes refer to a row by its key where it has no number, and would be three times as large; a history has none.
    kind = "STRICT, WITHOUT ROWID" if len(dates) > 1 else "STRICT"
    held = [
        *(described.texts(rows, one) for one in (*names, *_KEY)),
        rows["fiscal_year"].cast(pa.int64()).to_pylist(),
        described.values(meta, rows),
        described.texts(rows, "status"),
        *(_days(rows, one) for one in dates),
    ]
    try:
        connection.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(columns)}) {kind}")
        _insert(connection, _quoted(name), zip(*held, strict=True))
    except sqlite3.Error as error:
        raise ReleaseError(f"data/{meta.id}: {error}; build the release again") from None


def _days(rows: pa.Table, name: str) -> list[str | None]:
    """A column of dates as `2024-01-31`; a history without a column of ends has none of them."""
    if name not in rows.column_names:
        return [None] * rows.num_rows
    days: list[str | None] = rows[name].cast(pa.string()).to_pylist()
    return days


def _indexes(connection: sqlite3.Connection, meta: Metadata, name: str, latest: pa.Table) -> None:
    """An index for the period and for each dimension with several codes, but the first, which leads the key.

    A small table has none: all of it is read as fast.
    """
    if latest.num_rows < _SMALL:
        return
    names = [dimension.id for dimension in meta.dimensions]
    for column in (*names[1:], "period"):
        if len(latest[column].unique()) > 1:
            index = _quoted(f"{name}_{column}")
            connection.execute(f"CREATE INDEX {index} ON {_quoted(name)} ({_quoted(column)})")


def _searchable(connection: sqlite3.Connection, package: Package) -> None:
    _insert(connection, "texts", ((n, *text) for n, text in enumerate(_texts(package), 1)))
    connection.execute("INSERT INTO texts_fts (texts_fts) VALUES ('rebuild')")
    connection.execute("INSERT INTO texts_fts (texts_fts) VALUES ('optimize')")


def _texts(package: Package) -> Iterator[tuple[str, str | None, str | None, str | None, str, str, str]]:
    """Kind, dataset, dimension, code, English, Spanish and notes of everything that has a name; each dimension once."""
    for dataset in package.datasets.values():
        meta = dataset.meta
        notes = "\n".join((meta.counts, *described.notes(meta)))
        yield "dataset", meta.id, None, None, meta.title.en, meta.title.es, notes
    explained = set()
    for dataset in package.datasets.values():
        for one in dataset.meta.dimensions:
            if one.id not in explained:
                yield "dimension", None, one.id, None, one.label.en, one.label.es, one.definition
            explained.add(one.id)
    for dimension, codes in dimensions(package).items():
        for code in codes:
            yield "code", None, dimension, code.code, described.labelled(code), code.es, code.note
    for provision in package.provisions:
        title = provision.title
        yield "provision", None, None, str(provision.number), title.en, title.es, provision.promise


def _insert(connection: sqlite3.Connection, name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Put rows into a table, whose name is quoted."""
    every = list(rows)
    if every:
        places = ", ".join("?" * len(every[0]))
        connection.executemany(f"INSERT INTO {name} VALUES ({places})", every)  # noqa: S608 names are quoted


def _check(connection: sqlite3.Connection) -> None:
    """ReleaseError if a row has a code that no table explains."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise ReleaseError(
            f"{NAME}: table {broken[0]} has a code that is not in {broken[2]}; build the release again"
        )


def _quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'

"""A release as one SQLite file: its tables, and what their codes mean, to be asked in SQL or served by Datasette.

For each dataset a table of its latest rows and a table of its history, named after it with `_` for `-`; every code in
them refers to a table that explains it. A missing figure is NULL and has its status. The words are in `datasets`,
`dimensions`, `codes`, `sources`, `snapshots`, `provisions`, `statuses` and `frequencies`, and all of them in `texts`,
which can be searched.
"""

import sqlite3

import pyarrow as pa

from borderstats.errors import ReleaseError
from borderstats.formats import database_words, described
from borderstats.formats.database_words import explaining, insert, quoted, table
from borderstats.package.datasets import Metadata
from borderstats.package.model import ENDS, TIMES, Package, lasting

NAME = "borderstats.sqlite"
"""The name of the file in the release's folder."""

HISTORY = "_history"
"""What the name of a dataset's table of history ends with."""

_KEY = ("freq", "period")
_PAGE = 4096
_SMALL = 1000
"""Rows of a table that fills a few pages only."""


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
        connection.executescript(database_words.SCHEMA)
        connection.execute("BEGIN")
        _write(connection, package)
        connection.execute("COMMIT")
        _check(connection)
        connection.execute("VACUUM")
        return connection.serialize()
    finally:
        connection.close()


def _write(connection: sqlite3.Connection, package: Package) -> None:
    database_words.write(connection, package)
    for name, dataset in package.datasets.items():
        _rows(connection, dataset.meta, table(name), dataset.latest)
        _rows(connection, dataset.meta, table(name) + HISTORY, lasting(dataset.history))
        _indexes(connection, dataset.meta, table(name), dataset.latest)
    database_words.reduce(connection, package)
    database_words.index(connection, package)
    connection.execute("ANALYZE")


def _rows(connection: sqlite3.Connection, meta: Metadata, name: str, rows: pa.Table) -> None:
    """A table of figures; its key is what names a figure: the codes, the period, and in a history the edition."""
    names = [dimension.id for dimension in meta.dimensions]
    times = [one for one in TIMES if one in rows.column_names]
    history = "edition_to" in times
    key = [*names, *_KEY, *(("edition_from",) if history else ())]
    # An office without a fiscal year has no such column.
    fiscal_year = [one for one in ("fiscal_year",) if one in rows.column_names]
    prices = [one for one in ("price_base",) if one in rows.column_names]
    value = "REAL" if meta.decimals else "INTEGER"
    columns = [
        *(
            f"{quoted(one)} TEXT NOT NULL REFERENCES {quoted(explaining(one))} (code)"
            for one in names
        ),
        "freq TEXT NOT NULL REFERENCES frequencies (code)", "period TEXT NOT NULL", *(f"{one} INTEGER" for one in fiscal_year),
        f"value {value}", "status TEXT NOT NULL REFERENCES statuses (code)",
        *(f"{one} TEXT" for one in prices),
        *(f"{one} TEXT" if one in ENDS else f"{one} TEXT NOT NULL" for one in times),
        f"PRIMARY KEY ({', '.join(map(quoted, key))})",
    ]  # fmt: skip
    # Indexes refer to a row by its key where it has no number, and would be three times as large; a history has none.
    kind = "STRICT, WITHOUT ROWID" if history else "STRICT"
    held = [
        *(described.texts(rows, one) for one in (*names, *_KEY)),
        *(rows[one].cast(pa.int64()).to_pylist() for one in fiscal_year),
        described.values(meta, rows),
        described.texts(rows, "status"),
        *(described.texts(rows, one) for one in prices),
        *(described.texts(rows, one) for one in times),
    ]
    try:
        connection.execute(f"CREATE TABLE {quoted(name)} ({', '.join(columns)}) {kind}")
        insert(connection, quoted(name), zip(*held, strict=True))
    except sqlite3.Error as error:
        raise ReleaseError(f"data/{meta.id}: {error}; build the release again") from None


def _indexes(connection: sqlite3.Connection, meta: Metadata, name: str, latest: pa.Table) -> None:
    """An index for the period and for each dimension with several codes, but the first, which leads the key.

    A small table has none: all of it is read as fast.
    """
    if latest.num_rows < _SMALL:
        return
    names = [dimension.id for dimension in meta.dimensions]
    for column in (*names[1:], "period"):
        if len(latest[column].unique()) > 1:
            index = quoted(f"{name}_{column}")
            connection.execute(f"CREATE INDEX {index} ON {quoted(name)} ({quoted(column)})")


def _check(connection: sqlite3.Connection) -> None:
    """ReleaseError if a row has a code that no table explains."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise ReleaseError(
            f"{NAME}: table {broken[0]} has a code that is not in {broken[2]}; build the release again"
        )

"""The figures of one release in DuckDB, with values as parameters and never as text.

They are read once from the release's Parquet files and kept in memory, texts as numbers of a list of them: a filter takes a
quarter of the time that it takes over the files. Rows stay in the order of the files (dimensions, frequency, time), so few
answers have to be sorted.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
from pyarrow import parquet

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.package import read
from borderstats.package.datasets import Metadata
from borderstats.periods import Calendar
from borderstats.sdmx.model import Structures, structures
from borderstats.serve.index import Index
from borderstats.serve.limits import Limits
from borderstats.serve.problem import Problem
from borderstats.serve.watch import WATCH

Operator = Literal["eq", "ne", "co", "nc", "sw", "ew", "lt", "le", "gt", "ge"]

_TESTS: Mapping[str, str] = {
    "co": "len(list_filter(?, lambda part: contains({column}::VARCHAR, part))) > 0",
    "nc": "len(list_filter(?, lambda part: contains({column}::VARCHAR, part))) = 0",
    "sw": "len(list_filter(?, lambda part: starts_with({column}::VARCHAR, part))) > 0",
    "ew": "len(list_filter(?, lambda part: ends_with({column}::VARCHAR, part))) > 0",
    "lt": "{column} < ?",
    "le": "{column} <= ?",
    "gt": "{column} > ?",
    "ge": "{column} >= ?",
}
_OF_TEXT = ("co", "nc", "sw", "ew")


@dataclass(frozen=True)
class Test:
    """A condition on a column: codes are alternatives of `eq`, `ne` and the tests of text; others compare one value."""

    column: str
    operator: Operator
    values: tuple[str | float | datetime.date, ...]


@dataclass(frozen=True)
class Query:
    """What is asked for of a dataset.

    `periods` are the wanted ones as the release writes them, None for all. `as_of`: what was known on that day; `history`:
    every value that was ever known, with from when until when; `changed_after`: only what was first known later, and what
    has vanished since. `first` and `last` so many observations of each series.
    """

    dataset: str
    tests: tuple[Test, ...] = ()
    periods: tuple[str, ...] | None = None
    as_of: datetime.date | None = None
    history: bool = False
    changed_after: datetime.date | None = None
    first: int | None = None
    last: int | None = None
    offset: int = 0
    limit: int | None = None


class Store:
    """One release, open for queries. Its words are read at once, its figures with the first use of `database`."""

    def __init__(self, release: Path, limits: Limits) -> None:
        self.path = release
        self.limits = limits
        self.package = read.package(release)
        self.structures: Structures = structures(self.package)
        self.index = Index(self.package)

    @cached_property
    def database(self) -> duckdb.DuckDBPyConnection:
        """The figures: a table `DATASET/latest` and `DATASET/history` for each dataset. ReleaseError if they do not fit."""
        made = duckdb.connect(
            ":memory:",
            config={
                # With one thread, and only with one, rows are told in the order in which they were put in.
                "threads": 1,
                "memory_limit": f"{self.limits.memory}MB",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        try:
            for name in self.package.datasets:
                for table in ("latest", "history"):
                    _load(made, f"{name}/{table}", self.path / "data" / name / f"{table}.parquet")
        except duckdb.OutOfMemoryException:
            raise ReleaseError(
                f"{self.path}: its figures do not fit into {self.limits.memory:,} MB of memory; give more with --memory"
            ) from None
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise ReleaseError(f"{self.path}: altered or broken: {reason}; build the release again") from None
        made.execute("SET enable_external_access = false")
        made.execute("SET lock_configuration = true")
        return made

    @property
    def id(self) -> str:
        return self.package.manifest.id

    @property
    def calendar(self) -> Calendar:
        return self.package.standard.calendar

    def meta(self, dataset: str) -> Metadata:
        return self.package.datasets[dataset].meta

    @cached_property
    def periods(self) -> Mapping[str, tuple[tuple[str, datetime.date, datetime.date], ...]]:
        """Of each dataset every period that ever had a figure, with its first and last day."""
        found = {}
        for name in self.package.datasets:
            rows = self.database.execute(
                f'SELECT DISTINCT period::VARCHAR FROM "{name}/history" ORDER BY 1'  # noqa: S608
            ).fetchall()
            found[name] = tuple((text, *self.calendar.days(periods.parse(text))) for (text,) in rows)
        return found

    def columns(self, dataset: str) -> tuple[str, ...]:
        """The columns of a key: dimensions, frequency, period."""
        return (*(one.id for one in self.meta(dataset).dimensions), "freq", "period")

    def run(self, query: Query) -> pa.Table:
        """The rows of a query: the columns of the release's tables. Raises Problem if it takes too long or too much."""
        sql, parameters = self.sql(query)
        table = self._execute(sql, parameters)
        if query.limit is None and table.num_rows > self.limits.observations:
            raise Problem(
                413,
                f"more than {self.limits.observations:,} observations; narrow the key or the periods, or take the whole file: "
                f"/releases/{self.id}/data/{query.dataset}/{'history' if query.history else 'latest'}.parquet",
            )
        return table

    def count(self, query: Query) -> tuple[int, int]:
        """How many observations and series a query has."""
        sql, parameters = self.sql(query, limited=False)
        keys = ", ".join(f'"{name}"' for name in self.columns(query.dataset)[:-1])
        found = self._execute(
            f"SELECT count(*) AS observations, count(DISTINCT ({keys})) AS series FROM ({sql})",  # noqa: S608
            parameters,
        )
        return found["observations"][0].as_py(), found["series"][0].as_py()

    def sql(self, query: Query, *, limited: bool = True) -> tuple[str, list[object]]:
        """The statement of a query and its parameters: names come from the release, values never stand in the text."""
        table = "history" if query.history or query.as_of or query.changed_after else "latest"
        where: list[str] = []
        parameters: list[object] = []
        for test in query.tests:
            if test.operator in ("eq", "ne"):
                where.append(_among(test.column, test.values, "NOT " if test.operator == "ne" else ""))
                parameters += test.values
                continue
            where.append(_TESTS[test.operator].format(column=f'"{test.column}"'))
            parameters.append(list(test.values) if test.operator in _OF_TEXT else test.values[0])
        if query.periods is not None:
            where.append(_among("period", query.periods))
            parameters += query.periods
        if table == "history":
            # What another edition replaced on its own day was known on no day.
            where.append("known_to IS NULL OR known_to > known_from")
        if query.as_of:
            where.append("known_from <= ? AND (known_to IS NULL OR known_to > ?)")
            parameters += [query.as_of, query.as_of]
        if query.changed_after:
            where.append("(known_from > ? OR known_to > ?)")
            parameters += [query.changed_after, query.changed_after]
        known_to = ["known_to"] if table == "history" else []
        columns = [
            *self.columns(query.dataset),
            *(["fiscal_year"] if self.calendar.rules else []),
            "value",
            "status",
            "known_from",
            *known_to,
            "snapshot",
        ]
        texts = (*self.columns(query.dataset), "status", "snapshot")
        chosen = ", ".join(
            f'"{name}"::VARCHAR AS "{name}"' if name in texts else f'"{name}"' for name in columns
        )
        sql = f'SELECT {chosen} FROM "{query.dataset}/{table}"'  # noqa: S608
        if where:
            sql += " WHERE " + " AND ".join(f"({one})" for one in where)
        if query.first is not None or query.last is not None:
            keys = ", ".join(f'"{name}"' for name in self.columns(query.dataset)[:-1])
            ranks = []
            for wanted, way in ((query.first, "ASC"), (query.last, "DESC")):
                if wanted is not None:
                    # Of a value with a history all its vintages count as one observation.
                    ranks.append(f"dense_rank() OVER (PARTITION BY {keys} ORDER BY period {way}) <= ?")
                    parameters.append(wanted)
            sql += f" QUALIFY {' OR '.join(ranks)} ORDER BY row"
        if limited:
            most = self.limits.observations + 1 if query.limit is None else query.limit
            sql += " LIMIT ? OFFSET ?"
            parameters += [most, query.offset]
        return sql, parameters

    def _execute(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        cursor = self.database.cursor()
        try:
            with WATCH.over(cursor, self.limits.seconds):
                return cursor.sql(sql, params=list(parameters)).to_arrow_table()
        except duckdb.InterruptException:
            raise Problem(
                503,
                f"the query took more than {self.limits.seconds:g} seconds; narrow it, or take the file of the release",
                {"Retry-After": "5"},
            ) from None
        except duckdb.OutOfMemoryException:
            raise Problem(
                413, "the query needs too much memory; narrow it, or take the file of the release"
            ) from None
        finally:
            cursor.close()


def _load(database: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    """Put a Parquet file into a table of that name; `row` is the place of each row in the file."""
    file = str(path).replace("'", "''")
    source = f"read_parquet('{file}', file_row_number = true)"
    columns = []
    for field in parquet.read_schema(path):
        if pa.types.is_string(field.type):
            kind = f'"{name}/{field.name}"'
            distinct = (
                f'SELECT DISTINCT "{field.name}" FROM {source} WHERE "{field.name}" IS NOT NULL ORDER BY 1'  # noqa: S608
            )
            database.execute(f"CREATE TYPE {kind} AS ENUM ({distinct})")
            columns.append(f'"{field.name}"::{kind} AS "{field.name}"')
        else:
            columns.append(f'"{field.name}"')
    database.execute(
        f'CREATE TABLE "{name}" AS SELECT {", ".join(columns)}, file_row_number AS row FROM {source} ORDER BY row'  # noqa: S608
    )


def _among(column: str, values: Sequence[object], no: str = "") -> str:
    """That a column has one of these values, or `NOT ` none of them."""
    if not values:
        return "true" if no else "false"
    return f'"{column}" {no}IN ({", ".join("?" * len(values))})'

"""The figures of one release in memory: what is known now as columns, questions of time in DuckDB, with values as parameters.

Those of a dataset are read from the release's Parquet files when it is asked for first, texts as numbers of a list of them. Rows
stay in the order of the files (dimensions, frequency, time), so few answers have to be sorted.
"""

import datetime
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb
import pyarrow as pa
from pyarrow import parquet

from borderstats import periods
from borderstats.package import lineage, read
from borderstats.package.datasets import Metadata
from borderstats.package.model import ENDS, TIMES
from borderstats.periods import Calendar
from borderstats.sdmx.model import Structures, structures
from borderstats.serve import corrections
from borderstats.serve.index import Index
from borderstats.serve.latest import Latest, Rows, written
from borderstats.serve.limits import Limits
from borderstats.serve.problem import Problem
from borderstats.serve.watch import WATCH

Operator = Literal["eq", "ne", "co", "nc", "sw", "ew", "lt", "le", "gt", "ge"]

_OF_TEXT: Mapping[str, str] = {
    "co": "len(list_filter({values}, lambda part: contains({column}::VARCHAR, part))) > 0",
    "nc": "len(list_filter({values}, lambda part: contains({column}::VARCHAR, part))) = 0",
    "sw": "len(list_filter({values}, lambda part: starts_with({column}::VARCHAR, part))) > 0",
    "ew": "len(list_filter({values}, lambda part: ends_with({column}::VARCHAR, part))) > 0",
}
_ORDERED: Mapping[str, str] = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}


Periods = tuple[tuple[str, datetime.date, datetime.date], ...]


@dataclass(frozen=True)
class Test:
    """A condition on a column: codes are alternatives of `eq`, `ne` and the tests of text; others compare one value."""

    column: str
    operator: Operator
    values: tuple[str | float | datetime.date, ...]


class Values:
    """The values of a statement by the names of their parameters, and the conditions in which these stand."""

    def __init__(self) -> None:
        self.held: dict[str, object] = {}

    def put(self, value: object) -> str:
        """The parameter of a value."""
        name = f"value{len(self.held)}"
        self.held[name] = value
        return f"${name}"

    def among(self, column: str, values: Sequence[object], no: str = "") -> str:
        """That a column has one of these values, or `NOT ` none of them."""
        if not values:
            return "true" if no else "false"
        return f'"{column}" {no}IN ({", ".join(self.put(value) for value in values)})'

    def test(self, one: Test) -> str:
        """That a row meets a condition."""
        if one.operator in ("eq", "ne"):
            return self.among(one.column, one.values, "NOT " if one.operator == "ne" else "")
        if one.operator in _ORDERED:
            return f'"{one.column}" {_ORDERED[one.operator]} {self.put(one.values[0])}'
        return _OF_TEXT[one.operator].format(column=f'"{one.column}"', values=self.put(list(one.values)))


@dataclass(frozen=True)
class Query:
    """What is asked for of a dataset.

    `periods` are the wanted ones as the release writes them, None for all. The question of time: `as_of`, what was known on
    that day (None: now); `history`, every value that was known until then, with from when until when; `since`, only what was
    first known later, and what has vanished since, with what differs from the release before if that was held; both together, all
    that changed since, day by day. `days`: whether the days of the question are those on which something was known, or those of
    the editions. `first` and `last` so many observations of each series.
    """

    dataset: str
    tests: tuple[Test, ...] = ()
    periods: tuple[str, ...] | None = None
    as_of: datetime.date | None = None
    history: bool = False
    since: datetime.date | None = None
    days: lineage.Days = "known"
    first: int | None = None
    last: int | None = None
    offset: int = 0
    limit: int | None = None

    @property
    def question(self) -> lineage.Question | None:
        """What it asks of the history; None if it asks for what is known now."""
        if self.as_of is None and self.since is None and not self.history:
            return None
        return lineage.Question(self.as_of or datetime.date.max, self.since, self.history, self.days)


class Count(NamedTuple):
    """How many observations a query finds, how many have vanished, and of how many series the observations are."""

    observations: int
    deletions: int
    series: int


class Store:
    """One release, open for queries. Its words are read at once, its figures with the first query of each dataset."""

    def __init__(self, release: Path, limits: Limits, source: read.Source = Path.read_bytes) -> None:
        self.path = release
        self.limits = limits
        self.package = read.package(release, source)
        self.index = Index(self.package)
        self._source = source
        self._latest: dict[str, Latest] = {}
        self._histories: set[str] = set()
        self._periods: dict[str, Periods] = {}
        self._lock, self._database_lock = threading.RLock(), threading.RLock()

    @cached_property
    def structures(self) -> Structures:
        return structures(self.package)

    def latest(self, dataset: str) -> Latest:
        """What is known now of a dataset."""
        with self._lock:
            if dataset not in self._latest:
                table = self.package.datasets[dataset].tables["latest"]
                texts = self._columns_of(dataset, ends=False)
                self._latest[dataset] = Latest(table.select(texts), self.columns(dataset)[:-1])
            return self._latest[dataset]

    def history(self, dataset: str) -> duckdb.DuckDBPyConnection:
        """The database with a table `DATASET/history`, and `DATASET/account` if there is an account.

        Raises ReleaseError if the file is broken, Problem if it does not fit into the memory.
        """
        with self._database_lock:
            if dataset not in self._histories:
                try:
                    table = read.table(self._file(dataset, "history"), self._source)
                    _load(self.database, f"{dataset}/history", table)
                    corrections.load(self.database, self.package, dataset, self.cells)
                except duckdb.OutOfMemoryException:
                    raise Problem(
                        503,
                        f"the history of {dataset} does not fit into the {self.limits.memory:,} MB of memory that the server has "
                        "(--memory); take the file of the release",
                    ) from None
                self._histories.add(dataset)
            return self.database

    def _file(self, dataset: str, table: str) -> Path:
        return self.path / "data" / dataset / f"{table}.parquet"

    @cached_property
    def cells(self) -> pa.Table | None:
        """The cells of the account of change, if there is one."""
        return corrections.read_cells(self.path, self._source) if self.package.account else None

    @cached_property
    def database(self) -> duckdb.DuckDBPyConnection:
        """A database in memory that reads no file."""
        made = duckdb.connect(
            ":memory:",
            config={
                # With one thread, and only with one, rows are told in the order in which they were put in.
                "threads": 1,
                "memory_limit": f"{self.limits.memory}MB",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "enable_external_access": "false",
            },
        )
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

    def periods(self, dataset: str) -> Periods:
        """Every period for which a dataset ever had a figure, with its first and last day, in the order of their texts."""
        with self._lock:
            if dataset not in self._periods:
                file = pa.BufferReader(self._source(self._file(dataset, "history")))
                texts = set(parquet.read_table(file, columns=["period"])["period"].unique().to_pylist())
                if self.cells is not None:
                    texts |= corrections.periods_of(self.cells, dataset)
                self._periods[dataset] = tuple(
                    (text, *self.calendar.days(periods.parse(text))) for text in sorted(texts)
                )
            return self._periods[dataset]

    def columns(self, dataset: str) -> tuple[str, ...]:
        """The columns of a key: dimensions, frequency, period."""
        return (*(one.id for one in self.meta(dataset).dimensions), "freq", "period")

    def _columns_of(self, dataset: str, *, ends: bool) -> list[str]:
        """The columns of an answer; `ends`: with those that say until when."""
        return [
            *self.columns(dataset),
            *(["fiscal_year"] if self.calendar.rules else []),
            "value",
            "status",
            *(["price_base"] if self.meta(dataset).constant_prices else []),
            *(one for one in TIMES if ends or one not in ENDS),
            "snapshot",
        ]

    def run(self, query: Query) -> pa.Table:
        """The rows of a query: the columns of the release's tables. Raises Problem if it takes too long or too much."""
        if query.question is None:
            latest = self.latest(query.dataset)
            return latest.take(self._bounded(query, latest.rows(query)))
        sql, parameters = self.sql(query)
        table = self._execute(query.dataset, sql, parameters)
        self._bound(query, table.num_rows)
        return table

    def csv(self, query: Query) -> bytes:
        """The rows of a query as CSV. Raises Problem as `run` does."""
        if query.question is None:
            latest = self.latest(query.dataset)
            return latest.csv(self._bounded(query, latest.rows(query)))
        return written(self.run(query))

    def _bounded(self, query: Query, rows: Rows) -> Rows:
        self._bound(query, len(rows))
        return rows

    def _bound(self, query: Query, rows: int) -> None:
        if query.limit is None and rows > self.limits.observations:
            raise Problem(
                413,
                f"more than {self.limits.observations:,} observations; narrow the key or the periods, or take the whole file: "
                f"/releases/{self.id}/data/{query.dataset}/{'history' if query.question else 'latest'}.parquet",
            )

    def count(self, query: Query) -> Count:
        """How many observations, deletions and series a query has."""
        if query.question is None:
            latest = self.latest(query.dataset)
            rows = latest.rows(query, limited=False)
            return Count(len(rows), 0, latest.series(rows))
        sql, parameters = self.sql(query, limited=False)
        keys = ", ".join(f'"{name}"' for name in self.columns(query.dataset)[:-1])
        there, gone = ("vanished IS NULL", "vanished IS NOT NULL") if query.since else ("true", "false")
        counted = (
            f"count(*) FILTER ({there})",
            f"count(*) FILTER ({gone})",
            f"count(DISTINCT ({keys})) FILTER ({there})",
        )
        found = self._execute(
            query.dataset,
            f"SELECT {', '.join(counted)} FROM ({sql})",  # noqa: S608
            parameters,
        )
        return Count(*(column[0].as_py() for column in found.columns))

    def sql(self, query: Query, *, limited: bool = True) -> tuple[str, dict[str, object]]:
        """The statement of a question of time and its parameters: names come from the release, values never stand in the text.

        Conditions on the cell are put before the question of time, all others after it.
        """
        values = Values()
        cell = self.columns(query.dataset)
        before = [values.test(one) for one in query.tests if one.column in (*cell, "fiscal_year")]
        after = [values.test(one) for one in query.tests if one.column not in (*cell, "fiscal_year")]
        if query.periods is not None:
            before.append(values.among("period", query.periods))
        where = " AND ".join(before) or "true"
        correction = corrections.of(self.package, query.dataset)
        source, parameters = lineage.sql(
            f"{query.dataset}/history", cell, query.question or lineage.Question(), where, correction
        )
        sql = (
            f"SELECT {', '.join(self._selected(query))} FROM ({source}) WHERE {' AND '.join(after) or 'true'}"  # noqa: S608
        )
        if query.first is not None or query.last is not None:
            keys = ", ".join(f'"{name}"' for name in cell[:-1])
            # Of a value with a history all its vintages count as one observation.
            ranks = [
                f"dense_rank() OVER (PARTITION BY {keys} ORDER BY period {way}) <= {values.put(wanted)}"
                for wanted, way in ((query.first, "ASC"), (query.last, "DESC"))
                if wanted is not None
            ]
            sql += f" QUALIFY {' OR '.join(ranks)}"
        if query.since or query.first is not None or query.last is not None:
            sql += " ORDER BY row" + (", vanished NULLS FIRST" if query.since else "")
        if limited:
            most = self.limits.observations + 1 if query.limit is None else query.limit
            sql += f" LIMIT {values.put(most)} OFFSET {values.put(query.offset)}"
        return sql, {**parameters, **values.held}

    def _selected(self, query: Query) -> list[str]:
        """The columns of an answer. Of a cell that has vanished nothing is known but its key."""
        texts = (*self.columns(query.dataset), "status", "price_base", "known_basis", "ended", "snapshot")

        def plain(name: str) -> str:
            return f'"{name}"::VARCHAR' if name in texts else f'"{name}"'

        names = self._columns_of(query.dataset, ends=True)
        if query.since is None:
            return [f'{plain(name)} AS "{name}"' for name in names]
        key = names[: names.index("value")]
        known = [
            f'CASE WHEN vanished IS NULL THEN {plain(name)} END AS "{name}"' for name in names[len(key) :]
        ]
        return [*(f'{plain(name)} AS "{name}"' for name in key), *known, "vanished", "kind"]

    def _execute(self, dataset: str, sql: str, parameters: Mapping[str, object]) -> pa.Table:
        cursor = self.history(dataset).cursor()
        try:
            with WATCH.over(cursor, self.limits.seconds):
                return cursor.sql(sql, params=dict(parameters)).to_arrow_table()
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


def _load(database: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Put a table into the database under that name; `row` is the place of each row in it."""
    plain = pa.table(
        {
            field.name: column.cast(pa.string()) if pa.types.is_dictionary(field.type) else column
            for field, column in zip(table.schema, table.columns, strict=True)
        }
    )
    database.register("read", plain.append_column("row", pa.array(range(plain.num_rows), pa.int64())))
    columns = []
    for field in plain.schema:
        if pa.types.is_string(field.type):
            kind = f'"{name}/{field.name}"'
            distinct = f'SELECT DISTINCT "{field.name}" FROM read WHERE "{field.name}" IS NOT NULL ORDER BY 1'  # noqa: S608
            database.execute(f"CREATE TYPE {kind} AS ENUM ({distinct})")
            columns.append(f'"{field.name}"::{kind} AS "{field.name}"')
        else:
            columns.append(f'"{field.name}"')
    database.execute(
        f'CREATE TABLE "{name}" AS SELECT {", ".join(columns)}, row FROM read ORDER BY row'  # noqa: S608
    )
    database.unregister("read")

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
from typing import Literal, NamedTuple

import duckdb
import pyarrow as pa
from pyarrow import parquet

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.package import lineage, read
from borderstats.package.datasets import Metadata
from borderstats.package.model import ENDS, TIMES
from borderstats.periods import Calendar
from borderstats.sdmx.model import Structures, structures
from borderstats.serve import corrections
from borderstats.serve.index import Index
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
    """One release, open for queries. Its words are read at once, its figures with the first use of `database`."""

    def __init__(self, release: Path, limits: Limits) -> None:
        self.path = release
        self.limits = limits
        self.package = read.package(release)
        self.structures: Structures = structures(self.package)
        self.index = Index(self.package)

    @cached_property
    def database(self) -> duckdb.DuckDBPyConnection:
        """The figures: a table `DATASET/latest` and `DATASET/history` for each dataset, and `DATASET/account` if there is an account.

        ReleaseError if they do not fit.
        """
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
            corrections.load(made, self.package, self.path)
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
            tables = ("history", "account") if self.package.account else ("history",)
            each = " UNION ".join(
                f'SELECT period::VARCHAR AS period FROM "{name}/{table}"'  # noqa: S608
                for table in tables
            )
            rows = self.database.execute(f"SELECT DISTINCT period FROM ({each}) ORDER BY 1").fetchall()  # noqa: S608
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
                f"/releases/{self.id}/data/{query.dataset}/{'history' if query.question else 'latest'}.parquet",
            )
        return table

    def count(self, query: Query) -> Count:
        """How many observations, deletions and series a query has."""
        sql, parameters = self.sql(query, limited=False)
        keys = ", ".join(f'"{name}"' for name in self.columns(query.dataset)[:-1])
        there, gone = ("vanished IS NULL", "vanished IS NOT NULL") if query.since else ("true", "false")
        counted = (
            f"count(*) FILTER ({there})",
            f"count(*) FILTER ({gone})",
            f"count(DISTINCT ({keys})) FILTER ({there})",
        )
        found = self._execute(
            f"SELECT {', '.join(counted)} FROM ({sql})",  # noqa: S608
            parameters,
        )
        return Count(*(column[0].as_py() for column in found.columns))

    def sql(self, query: Query, *, limited: bool = True) -> tuple[str, dict[str, object]]:
        """The statement of a query and its parameters: names come from the release, values never stand in the text.

        Conditions on the cell are put before the question of time, all others after it.
        """
        values = Values()
        cell = self.columns(query.dataset)
        before = [values.test(one) for one in query.tests if one.column in (*cell, "fiscal_year")]
        after = [values.test(one) for one in query.tests if one.column not in (*cell, "fiscal_year")]
        if query.periods is not None:
            before.append(values.among("period", query.periods))
        where = " AND ".join(before) or "true"
        if query.question:
            correction = corrections.of(self.package, query.dataset)
            source, parameters = lineage.sql(
                f"{query.dataset}/history", cell, query.question, where, correction
            )
        else:
            source, parameters = f'SELECT * FROM "{query.dataset}/latest" WHERE {where}', {}  # noqa: S608
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
        cell = self.columns(query.dataset)
        shown = [one for one in TIMES if query.question or one not in ENDS]
        prices = ["price_base"] if self.meta(query.dataset).constant_prices else []
        names = ["value", "status", *prices, *shown, "snapshot"]
        texts = (*cell, "status", "price_base", "known_basis", "ended", "snapshot")

        def plain(name: str) -> str:
            return f'"{name}"::VARCHAR' if name in texts else f'"{name}"'

        key = [
            f'{plain(name)} AS "{name}"'
            for name in (*cell, *(["fiscal_year"] if self.calendar.rules else []))
        ]
        if query.since is None:
            return [*key, *(f'{plain(name)} AS "{name}"' for name in names)]
        known = [f'CASE WHEN vanished IS NULL THEN {plain(name)} END AS "{name}"' for name in names]
        return [*key, *known, "vanished", "kind"]

    def _execute(self, sql: str, parameters: Mapping[str, object]) -> pa.Table:
        cursor = self.database.cursor()
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

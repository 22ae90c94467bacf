"""DuckDB inside the process: what runs everything that fits one machine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from borderstats.engine import Files
from borderstats.errors import EngineError


@dataclass(frozen=True)
class DuckEngine:
    """DuckDB with so many threads and so much memory, which puts what does not fit into `spill`."""

    threads: int = 2
    memory: str = "1600MiB"
    spill: Path | None = None

    def run(self, query: exp.Query, files: Files) -> pa.Table:
        """The rows of a query over Parquet files. EngineError if DuckDB cannot run it."""
        with self.session(files) as connection, engine_errors():
            return connection.sql(query.sql("duckdb")).to_arrow_table()

    @contextmanager
    def session(self, files: Files) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection in which each name is a view of its files."""
        with duckdb.connect() as connection:
            connection.execute("SET threads = ?", [self.threads])
            connection.execute("SET memory_limit = ?", [self.memory])
            connection.execute("SET temp_directory = ?", [str(self.spill) if self.spill else ""])
            connection.execute("SET preserve_insertion_order = false")
            for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
                connection.execute(f"SET {setting} = false")
            for name, paths in files.items():
                view(connection, name, paths)
            yield connection


def view(connection: duckdb.DuckDBPyConnection, name: str, paths: Sequence[Path]) -> None:
    """Make `name` the rows of Parquet files."""
    connection.read_parquet([str(path) for path in paths], union_by_name=True).create_view(name)


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn DuckDB's errors into EngineError, without its own words: they may quote a value of a record."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise EngineError(
            "the records do not fit the memory given; give more, or a workspace on a larger disk"
        ) from None
    except duckdb.Error as error:
        raise EngineError(
            f"DuckDB stopped ({type(error).__name__}); see docs/records.md on what to do"
        ) from None

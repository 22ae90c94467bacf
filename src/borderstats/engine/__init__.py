"""Where queries run: DuckDB inside the process, Spark on a cluster. Both get the same query."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from sqlglot import exp

Files = Mapping[str, Sequence[Path]]
"""Parquet files by the name of the table that they make together in a query."""


class Engine(Protocol):
    """A narrow door: one query over Parquet files in, one small table out."""

    def run(self, query: exp.Query, files: Files) -> pa.Table:
        """The rows of a query that names the tables of `files`. EngineError if the engine cannot run it."""
        ...

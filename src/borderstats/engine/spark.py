"""Spark, for those whose records outgrow one machine: the same queries, on a cluster."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
from sqlglot import exp

from borderstats.engine import Files
from borderstats.errors import EngineError

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.sql.catalogImplementation": "in-memory",
}


class SparkEngine:
    """A Spark session: `master` as Spark has it (`local[2]`, `local-cluster[2,1,1024]`, `spark://host:7077`, `yarn`).

    Use it as a context manager; leaving it stops the session. `settings` are Spark's own and win over ours. The
    workers must be able to read the workspace under the same path. Raises EngineError if PySpark or Java is missing.
    """

    def __init__(
        self, master: str, settings: dict[str, str] | None = None, spill: Path | None = None
    ) -> None:
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415
        except ImportError:
            raise EngineError(
                "PySpark is not installed; install it with: pip install 'borderstats[spark]'"
            ) from None
        if master.startswith("local"):
            # On one machine the name of the host need not resolve; on a cluster the workers must find the driver.
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.master(master).appName("borderstats")
        for name, value in {**_SETTINGS, **(settings or {})}.items():
            builder = builder.config(name, value)
        if spill:
            builder = builder.config("spark.local.dir", str(spill)).config(
                "spark.sql.warehouse.dir", str(spill)
            )
        try:
            self._session: Any = builder.getOrCreate()
        except Exception as error:  # noqa: BLE001
            raise EngineError(
                f"Spark does not start at {master} ({type(error).__name__}); it needs Java 17 (on Debian "
                "openjdk-17-jre-headless) and a master that answers"
            ) from None
        # Its log would print plans, which hold codes.
        self._session.sparkContext.setLogLevel("OFF")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.stop()

    def run(self, query: exp.Query, files: Files) -> pa.Table:
        """The rows of a query over Parquet files. EngineError, without Spark's own words, if it cannot run."""
        with engine_errors():
            for name, paths in files.items():
                read = self._session.read.option("mergeSchema", "true")
                read.parquet(*map(str, paths)).createOrReplaceTempView(name)
            return self._session.sql(query.sql("spark")).toArrow()


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn Spark's errors into EngineError, without its own words: they may quote a value of a record."""
    try:
        yield
    except Exception as error:  # noqa: BLE001
        raise EngineError(
            f"Spark stopped ({type(error).__name__}); see docs/records.md on what to do"
        ) from None

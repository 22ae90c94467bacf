"""In what a release differs from the one before it, as a table beside the history of each dataset, for questions of time."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import compute

from borderstats import periods
from borderstats.package import read
from borderstats.package.lineage import Correction
from borderstats.package.model import Package
from borderstats.standard.codelists import TOTAL


def of(package: Package, dataset: str) -> Correction | None:
    """The correction of a dataset; None if the release names none before it."""
    manifest = package.manifest
    if not package.account or not manifest.previous:
        return None
    return Correction(f"{dataset}/account", manifest.previous.date, manifest.date)


def read_cells(release: Path, source: read.Source) -> pa.Table:
    """The cells of the account of change, each with its `row`. Raises ReleaseError if they cannot be read."""
    cells = read.cells(release, source)
    return cells.append_column("row", pa.array(range(len(cells)), pa.int64()))


def periods_of(cells: pa.Table, dataset: str) -> set[str]:
    """The periods of the cells of a dataset."""
    return set(cells.filter(compute.equal(cells["dataset"], dataset))["period"].unique().to_pylist())


def load(database: duckdb.DuckDBPyConnection, package: Package, name: str, cells: pa.Table | None) -> None:
    """Put the cells of the account of change of a dataset into a table `DATASET/account`, if there is an account.

    A cell that differs for several causes has the kind of the first one: ours come before the publisher's.
    """
    if cells is None:
        return
    database.register("account cells", cells)
    database.register("account periods", _periods(package, sorted(periods_of(cells, name))))
    _table(
        database,
        name,
        [one.id for one in package.datasets[name].meta.dimensions],
        fiscal=bool(package.standard.calendar.rules),
    )
    database.unregister("account cells")
    database.unregister("account periods")


def _periods(package: Package, texts: Sequence[str]) -> pa.Table:
    """Periods with their frequencies, and with the fiscal years in which they end if the office has such."""
    calendar = package.standard.calendar
    found = np.array([periods.parse(text) for text in texts], np.int64)
    return pa.table(
        {
            "period": pa.array(texts, pa.string()),
            "freq": pa.array([periods.FREQUENCIES[periods.kind(one)] for one in found.tolist()], pa.string()),
            **(
                {"fiscal_year": pa.array(calendar.fiscal_years(found).astype(np.int16))}
                if calendar.rules
                else {}
            ),
        }
    )


def _table(
    database: duckdb.DuckDBPyConnection, name: str, dimensions: Sequence[str], *, fiscal: bool
) -> None:
    figure = database.execute(f'SELECT typeof(value) FROM "{name}/history" LIMIT 1').fetchone()  # noqa: S608 (ours)
    kind = figure[0] if figure else "BIGINT"
    codes = ", ".join(
        f"coalesce(nullif(regexp_extract(cell, '(?:^| ){one}=([^ ]*)', 1), ''), '{TOTAL}') AS \"{one}\""
        for one in dimensions
    )
    first = "arg_min_null({}, row) FILTER (WHERE \"table\" = 'latest')"
    key = ", ".join(f'"{one}"' for one in (*dimensions, "freq", "period"))
    # Cells that only the release before had come after all others.
    database.execute(
        f"""CREATE TABLE "{name}/account" AS
        SELECT {codes}, freq, period, {"fiscal_year, " if fiscal else ""}old::DOUBLE::{kind} AS value, status, kind, latest,
            (SELECT count(*) FROM "{name}/history") + row_number() OVER (ORDER BY {key}) AS row
        FROM (
            SELECT cell, period, bool_or("table" = 'latest') AS latest,
                coalesce({first.format("kind")}, arg_min(kind, row)) AS kind,
                {first.format("old")} AS old, {first.format("old_status")} AS status
            FROM (SELECT * REPLACE (coalesce(cell, '') AS cell) FROM "account cells" WHERE dataset = $name)
            GROUP BY cell, period
        ) JOIN "account periods" USING (period) ORDER BY row""",  # noqa: S608 (ours)
        {"name": name},
    )

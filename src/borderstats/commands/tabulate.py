"""`borderstats tabulate`: declared tables from the records of a workspace, unprotected, so they stay in it."""

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from pyarrow import csv

from borderstats.engine import Engine, Files
from borderstats.engine.duck import DuckEngine
from borderstats.errors import InputError
from borderstats.records import workspace as workspaces
from borderstats.standard.load import load
from borderstats.tabulate import make
from borderstats.tabulate.query import Scope


@click.command()
@click.option(
    "--workspace",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Where the records are.",
)
@click.option("--purpose", required=True, help="What for; goes into the audit.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day for which the tables speak."
)
@click.option(
    "--table",
    "names",
    multiple=True,
    help="A table of the standard; all whose records are there, if not given.",
)
@click.option(
    "--spark",
    "master",
    default="",
    help="Run on Spark at this master instead of DuckDB, for instance spark://host:7077.",
)
@click.pass_obj
def tabulate(
    folders: dict[str, Path],
    workspace: Path,
    purpose: str,
    as_of: datetime.datetime,
    names: tuple[str, ...],
    master: str,
) -> None:
    """Make the declared tables of WORKSPACE's records and write them into its folder `tables`.

    They are not protected: single persons can be found in them, so they stay there. `build --workspace` protects tables.
    """
    standard = load(folders["standard"])
    opened = workspaces.open_(workspace)
    files = opened.accepted()
    for name in names:
        if name not in standard.tables:
            raise InputError(f"--table: no table {name}; known are {', '.join(standard.tables)}")
    day = as_of.date()
    every = [make.scope(standard, name, day) for name in names or standard.tables]
    lacking = {s.spec.id: _lacking(s, files) for s in every}
    for scope in every:
        if lacking[scope.spec.id]:
            click.echo(f"{scope.spec.id}: not made, no {lacking[scope.spec.id]} records in the workspace")
    folder = opened.folder("tables")
    with opened.scratch() as scratch, _engine(master, scratch) as engine:
        for table in make.tables(engine, [s for s in every if not lacking[s.spec.id]], files):
            path = folder / f"{table.spec.id}.csv"
            csv.write_csv(table.cells, path, csv.WriteOptions(quoting_style="needed"))
            path.chmod(0o600)
            click.echo(f"{table.spec.id}: {table.cells.num_rows:,} cells, in {table.spec.unit.lower()}")
    made = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    opened.audit(made, purpose, f"tabulate as of {day}")
    click.echo(f"written to {folder}: unprotected, to stay there")


def _lacking(scope: Scope, files: Files) -> str:
    """The families that a table needs and the workspace does not have."""
    needed = [scope.family.id, *([scope.linked.id] if scope.linked else [])]
    return " and no ".join(name for name in needed if name not in files)


@contextmanager
def _engine(master: str, scratch: Path) -> Iterator[Engine]:
    if not master:
        yield DuckEngine(threads=os.cpu_count() or 1, spill=scratch)
        return
    from borderstats.engine.spark import SparkEngine  # noqa: PLC0415

    with SparkEngine(master, spill=scratch) as engine:
        yield engine

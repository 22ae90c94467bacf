"""`borderstats compare RELEASE`: tables from records beside the published figures that they should give."""

import datetime
import os
from pathlib import Path

import click
from pyarrow import csv

from borderstats.engine.duck import DuckEngine
from borderstats.errors import InputError
from borderstats.records import workspace as workspaces
from borderstats.release import read
from borderstats.standard.load import load
from borderstats.tabulate import make
from borderstats.tabulate.compare import compare as beside

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("release", type=FOLDER)
@click.option("--workspace", type=FOLDER, required=True, help="Where the records are.")
@click.option("--purpose", required=True, help="What for; goes into the audit.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day for which the tables speak."
)
@click.pass_obj
def compare(
    folders: dict[str, Path], release: Path, workspace: Path, purpose: str, as_of: datetime.datetime
) -> None:
    """Compare the tables of WORKSPACE's records with the figures of RELEASE, for every table that names a dataset.

    Prints how they agree and writes every cell into the workspace's folder `tables`; nothing of it leaves the workspace.
    """
    standard = load(folders["standard"])
    opened = workspaces.open_(workspace)
    files = opened.accepted()
    published = read.latest(release, standard)
    specs = [s for s in standard.tables.values() if s.dataset in published and s.family in files]
    if not specs:
        raise InputError(
            f"{workspace}: no records of which a table of the standard should give a dataset of {release.name}"
        )
    scopes = [make.scope(standard, spec.id, as_of.date()) for spec in specs]
    with opened.scratch() as scratch:
        engine = DuckEngine(threads=os.cpu_count() or 1, spill=scratch)
        for table in make.tables(engine, scopes, files):
            found = beside(table, published[table.spec.dataset].observations)
            path = opened.folder("tables") / f"{table.spec.id}-compared.csv"
            csv.write_csv(found.cells(), path, csv.WriteOptions(quoting_style="needed"))
            path.chmod(0o600)
            click.echo(f"{table.spec.id} beside {table.spec.dataset} of {release.name}:")
            for line in found.lines():
                click.echo(f"  {line}")
            click.echo(f"  every cell: {path}")
    made = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    opened.audit(made, purpose, f"compare with {release.name} as of {as_of.date()}")

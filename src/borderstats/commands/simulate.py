"""`borderstats simulate`: synthetic records with published margins."""

from pathlib import Path

import click

from borderstats import pipeline
from borderstats.errors import ArchiveError
from borderstats.intake import archive
from borderstats.observations import Observations
from borderstats.simulate import run
from borderstats.standard.load import load
from borderstats.standard.model import Standard


@click.command()
@click.option("--rows", type=int, help="How many encounters; as many as were published, if not given.")
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of the random numbers.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The Parquet file of encounters; the other families lie beside it.",
)
@click.option(
    "--errors",
    type=float,
    default=0.0,
    show_default=True,
    help="The share of records that is spoiled on purpose, to try validation.",
)
@click.pass_obj
def simulate(folders: dict[str, Path], rows: int | None, seed: int, out: Path, errors: float) -> None:
    """Write synthetic records whose margins are the published encounter figures.

    No person and no event in them is real, and every file says so. The same archive, standard and arguments give the
    same bytes.
    """
    standard = load(folders["standard"])
    made = run.simulate(
        standard,
        published_observations(standard, folders["archive"]),
        out,
        rows,
        seed,
        errors,
        lambda line: click.echo(line, err=True),
    )
    for family, path in made.files.items():
        click.echo(f"{path}: {made.rows[family]:,} synthetic records of {family}")
    for kind, count in made.spoiled.items():
        click.echo(f"spoiled on purpose, {kind}: {count:,}")


def published_observations(standard: Standard, folder: Path) -> dict[str, Observations]:
    """The newest observations of the datasets that the margins come from."""
    datasets = run.knowledge(standard).margins.datasets
    sources = {source.id for source in standard.sources.values() if set(source.feeds) & set(datasets)}
    evidence = pipeline.weigh(
        standard,
        (
            vintage
            for snapshot in archive.snapshots(folder)
            if snapshot.source in sources
            for vintage in pipeline.observe(standard, snapshot, archive.read(folder, snapshot))
        ),
    )
    missing = [name for name in datasets if name not in evidence.histories]
    if missing:
        raise ArchiveError(
            f"{folder}: no file feeds {', '.join(missing)}; the margins come from there, add such a file with borderstats intake --add"
        )
    return {name: evidence.known(name) for name in datasets}

"""`borderstats diff A B`: two files, two as-of dates of a source, or two releases, cell by cell."""

import datetime
from pathlib import Path

import click
from pyarrow import csv

from borderstats import pipeline
from borderstats.errors import InputError
from borderstats.intake import archive
from borderstats.intake.read import read_file
from borderstats.observations import KeySpace
from borderstats.release import difference, read
from borderstats.release.tables import changes_table
from borderstats.release.vintages import Vintage, history
from borderstats.standard import Standard, load


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--source", default="", help="The source whose as-of dates A and B are.")
@click.option("--largest", default=10, show_default=True, help="How many of the largest changes to print.")
@click.option(
    "--csv",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write every cell that differs to a CSV for each dataset in this folder.",
)
@click.pass_obj
def diff(folders: dict[str, Path], a: str, b: str, source: str, largest: int, target: Path | None) -> None:
    """Show every cell that is new, vanished, changed or recoded from A to B.

    A and B are two publisher's files, two as-of dates (YYYY-MM-DD) of a --source, or two release folders.
    """
    standard = load(folders["standard"])
    before, after = (_observations(folders, standard, given, source) for given in (a, b))
    shared = [name for name in before if name in after]
    if not shared:
        raise InputError(
            f"{a} and {b} have no dataset in common ({', '.join(before)} and {', '.join(after)}); compare like with like"
        )
    for name in shared:
        space = KeySpace.of(standard, name)
        found = difference.between(space, before[name], after[name])
        for line in difference.lines(found, before[name], after[name], largest):
            click.echo(line)
        if target:
            target.mkdir(parents=True, exist_ok=True)
            table = changes_table(found, [before[name].as_of, after[name].as_of])
            csv.write_csv(table, target / f"{name}.csv", csv.WriteOptions(quoting_style="needed"))


def _observations(
    folders: dict[str, Path], standard: Standard, given: str, source: str
) -> dict[str, Vintage]:
    """What an argument stands for: the observations of each dataset it holds."""
    path = Path(given)
    if path.is_dir():
        return read.latest(standard, path)
    if path.is_file():
        return _file(folders, standard, path)
    try:
        date = datetime.date.fromisoformat(given)
    except ValueError:
        raise InputError(
            f"{given}: neither a file, nor a release folder, nor a date like 2023-10-31"
        ) from None
    if source not in standard.sources:
        raise InputError(
            f"{given}: say with --source which source's date it is; known are {', '.join(standard.sources)}"
        )
    return _known_on(folders, standard, date, source)


def _file(folders: dict[str, Path], standard: Standard, path: Path) -> dict[str, Vintage]:
    data = path.read_bytes()
    twin = archive.same_bytes(archive.snapshots(folders["archive"]), data)
    reading = read_file(standard, path.name, data, twin.as_of if twin else None)
    if reading.refusals:
        raise InputError(
            f"{path.name}: {len(reading.refusals):,} rows were refused; see `borderstats intake {path}` first"
        )
    as_of = twin.as_of if twin else reading.earliest_as_of
    return {name: Vintage(as_of, path.name, observations) for name, observations in reading.datasets.items()}


def _known_on(
    folders: dict[str, Path], standard: Standard, date: datetime.date, source: str
) -> dict[str, Vintage]:
    """What was known on a date of a source: its newest snapshot up to then, and older ones for older periods."""
    mine = sorted(
        (s for s in archive.snapshots(folders["archive"]) if s.source == source and s.as_of <= date),
        key=lambda s: s.as_of,
    )
    if not mine:
        raise InputError(f"{date}: the archive has no snapshot of {source} as of that day or earlier")
    by_dataset: dict[str, list[Vintage]] = {}
    for snapshot in mine:
        for vintage in pipeline.observe(standard, snapshot, archive.read(folders["archive"], snapshot)):
            by_dataset.setdefault(vintage.observations.space.dataset.id, []).append(vintage)
    return {
        name: Vintage(date, mine[-1].file, history(KeySpace.of(standard, name), vintages).latest)
        for name, vintages in by_dataset.items()
    }

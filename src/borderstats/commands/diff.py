"""`borderstats diff A B`: two files, two as-of dates of a source, or two releases, cell by cell."""

import datetime
from collections.abc import Callable
from functools import cache
from pathlib import Path

import click
from pyarrow import csv

from borderstats import pipeline
from borderstats.errors import InputError
from borderstats.intake import archive
from borderstats.intake.read import read_listed, read_new
from borderstats.observations import KeySpace
from borderstats.package import account, read
from borderstats.release import account as changed
from borderstats.release import difference, joint
from borderstats.release import read as release_tables
from borderstats.release.tables import changes_table
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.load import load
from borderstats.standard.model import Standard

STATED, INFERRED = "as of", "as-of date inferred:"
Side = tuple[dict[str, Vintage], str]
"""The observations of each dataset, and whether the day that stands beside them is told or inferred."""


@click.command()
@click.argument("a")
@click.argument("b")
@click.option(
    "--source", default="", help="The source of the files, or the one whose as-of dates A and B are."
)
@click.option("--largest", default=10, show_default=True, help="How many of the largest changes to print.")
@click.option(
    "--csv",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write every cell that differs to a CSV for each dataset in this folder.",
)
@click.option("--short", is_flag=True, help="Of two releases: only what differs, and because of what.")
@click.pass_obj
def diff(
    folders: dict[str, Path], a: str, b: str, source: str, largest: int, target: Path | None, short: bool
) -> None:
    """Show every cell that is new, vanished, changed or recoded from A to B.

    A and B are two publisher's files, two as-of dates (YYYY-MM-DD) of a --source, or two release folders.
    """
    if short:
        told, cells = changed.between(read.package(Path(a)), read.package(Path(b)))
        for line in account.lines(told):
            click.echo(line)
        if target:
            target.mkdir(parents=True, exist_ok=True)
            csv.write_csv(cells, target / account.CELLS, csv.WriteOptions(quoting_style="needed"))
        return
    # A release is read with its own standard, so two of them need none.
    standard = cache(lambda: load(folders["standard"]))
    (before, first), (after, second) = (_observations(folders, standard, given, source) for given in (a, b))
    shared = [name for name in before if name in after]
    if not shared:
        raise InputError(
            f"{a} and {b} have no dataset in common ({', '.join(before)} and {', '.join(after)}); compare like with like"
        )
    for name in shared:
        space = joint.space(before[name].observations.space, after[name].observations.space)
        found = difference.between(space, before[name], after[name])
        _, *lines = difference.lines(found, before[name], after[name], largest)
        names = [
            f"{v.file} ({basis} {v.as_of})" for v, basis in ((before[name], first), (after[name], second))
        ]
        for line in (f"{name}: {names[0]} to {names[1]}", *lines):
            click.echo(line)
        if target:
            target.mkdir(parents=True, exist_ok=True)
            table = changes_table(found, [before[name], after[name]])
            csv.write_csv(table, target / f"{name}.csv", csv.WriteOptions(quoting_style="needed"))


def _observations(folders: dict[str, Path], loaded: Callable[[], Standard], given: str, source: str) -> Side:
    """What an argument stands for: the observations of each dataset it holds, and the words for its day."""
    path = Path(given)
    if path.is_dir():
        return release_tables.latest(path), STATED
    standard = loaded()
    if path.is_file():
        return _file(folders, standard, path, source)
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
    return _known_on(folders, standard, date, source), STATED


def _file(folders: dict[str, Path], standard: Standard, path: Path, source: str) -> Side:
    data = path.read_bytes()
    twin = archive.same_bytes(archive.snapshots(folders["archive"]), data)
    if twin and twin.source and source in ("", twin.source):
        reading = read_listed(standard, twin, data)
    else:
        reading = read_new(standard, path.name, data, twin.as_of if twin else None, source)
    if reading.refusals:
        raise InputError(
            f"{path.name}: {reading.refused:,} rows were refused; see `borderstats intake {path}` first"
        )
    stated = twin.as_of if twin else reading.stated[0] if len(reading.stated) == 1 else None
    as_of = stated or reading.earliest_as_of
    vintages = {
        name: Vintage(reading.days.get(name, as_of), path.name, observed)
        for name, observed in reading.datasets.items()
    }
    return vintages, STATED if stated else INFERRED


def _known_on(
    folders: dict[str, Path], standard: Standard, date: datetime.date, source: str
) -> dict[str, Vintage]:
    """What was known on a date of a source: its newest snapshot up to then, and older ones for older periods."""
    listed = archive.snapshots(folders["archive"])
    snapshots = [one for one in listed if one.source == source and one.as_of <= date]
    if not snapshots:
        raise InputError(f"{date}: the archive has no snapshot of {source} as of that day or earlier")
    by_dataset: dict[str, list[Vintage]] = {}
    for snapshot in snapshots:
        for vintage in pipeline.observe(standard, snapshot, archive.read(folders["archive"], snapshot)):
            by_dataset.setdefault(vintage.observations.space.dataset.id, []).append(vintage)
    return {
        name: Vintage(date, snapshots[-1].file, history_of(KeySpace.of(standard, name), vintages).latest)
        for name, vintages in by_dataset.items()
    }

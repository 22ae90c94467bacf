"""`borderstats intake FILE`: recognise, read and report a publisher's file; with `--add`, archive it."""

import datetime
from pathlib import Path

import click
import pyarrow as pa
from pyarrow import csv

from borderstats.errors import InputError
from borderstats.intake import archive, report
from borderstats.intake.archive import Snapshot
from borderstats.intake.read import Reading, read_file
from borderstats.standard import load


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--add", is_flag=True, help="Put the file into the archive if no row was refused.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day for which the publisher states the figures."
)
@click.option("--obtained-from", default="", help="Where you got the file; needed with --add.")
@click.option(
    "--refusals", type=click.Path(dir_okay=False, path_type=Path), help="Write every refused row to this CSV."
)
@click.pass_obj
def intake(
    folders: dict[str, Path],
    file: Path,
    add: bool,
    as_of: datetime.datetime | None,
    obtained_from: str,
    refusals: Path | None,
) -> None:
    """Read FILE and report what it is: source, rows read, accepted and refused, unknown codes, period, total."""
    standard = load(folders["standard"])
    data = file.read_bytes()
    listed = archive.snapshots(folders["archive"])
    twin = archive.same_bytes(listed, data)
    if twin and Path(twin.file).name != file.name:
        raise InputError(
            f"{file.name}: the same bytes are in the archive as {twin.file}, as of {twin.as_of}; a publisher gave one file two names, or served the old one again"
        )
    stated = as_of.date() if as_of else twin.as_of if twin else None
    reading = read_file(standard, file.name, data, stated)
    for line in report.lines(file.name, reading):
        click.echo(line)
    if twin:
        click.echo(f"archive: is there already as {twin.file}, as of {twin.as_of}")
    if refusals:
        _write(refusals, reading)
    if reading.refusals:
        raise InputError("\n".join(report.refusal_lines(file.name, reading)))
    if add:
        if twin:
            raise InputError(f"{file.name}: is in the archive already as {twin.file}; nothing to add")
        if not obtained_from:
            raise InputError(
                f"{file.name}: say where you got it with --obtained-from; the archive keeps the provenance of every file"
            )
        snapshot = _snapshot(file.name, data, reading, as_of.date() if as_of else None, obtained_from, listed)
        archive.add(folders["archive"], snapshot, data)
        click.echo(f"archive: added as {snapshot.file}, as of {snapshot.as_of} ({snapshot.as_of_basis})")


def _snapshot(
    name: str,
    data: bytes,
    reading: Reading,
    as_of: datetime.date | None,
    obtained_from: str,
    listed: tuple[Snapshot, ...],
) -> Snapshot:
    source = reading.source
    beside = next((Path(s.file).parent.as_posix() for s in listed if s.source == source.id), source.id)
    return Snapshot(
        file=f"{beside}/{name}",
        sha256=archive.digest(data),
        bytes=len(data),
        source=source.id,
        publisher=source.publisher,
        title=source.title,
        as_of=as_of or reading.earliest_as_of,
        as_of_basis="stated" if as_of else "inferred",
        as_of_note="given when the file was added"
        if as_of
        else "the end of the last period in the file, before which it cannot have existed.",
        obtained_from=obtained_from,
        licence=source.licence,
    )


def _write(path: Path, reading: Reading) -> None:
    names = ("sheet", "row", "column", "reason")
    table = pa.table(
        {
            name: pa.array(
                [getattr(r, name) for r in reading.refusals], None if reading.refusals else pa.string()
            )
            for name in names
        }
    )
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="needed"))
    click.echo(f"refusals: {len(reading.refusals):,} rows written to {path}")

"""`borderstats intake FILE`: recognise, read and report a publisher's file; with `--add`, archive it."""

import datetime
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click
import pyarrow as pa
from msgspec.structs import replace
from pyarrow import csv

from borderstats import pipeline
from borderstats.commands import declared as properties_given
from borderstats.commands.comparison import with_edition_before
from borderstats.errors import GateError, InputError
from borderstats.intake import adding, archive, editions, report
from borderstats.intake.read import Reading, read_listed, read_new
from borderstats.package.snapshots import Snapshot
from borderstats.package.struct import KnownBasis
from borderstats.release import kept, properties
from borderstats.release.evidence import Evidence
from borderstats.release.gates import Outcome, waiver_line
from borderstats.release.kept import Kept
from borderstats.release.vintages import Vintage
from borderstats.standard.load import load
from borderstats.standard.model import Standard
from borderstats.standard.rules import Newness


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--source", default="", help="The source of FILE, if several read it or none reads it yet.")
@click.option("--add", is_flag=True, help="Put the file into the archive if a build would take it.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day for which the publisher states the figures."
)
@click.option("--obtained-from", default="", help="Where you got the file; needed with --add.")
@click.option("--address", default="", help="The address of the publisher's own file.")
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which the publisher published the file.",
)
@click.option(
    "--announced",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day by which the publisher publishes such a file, as it announced.",
)
@click.option(
    "--not-after",
    type=click.DateTime(["%Y-%m-%d"]),
    help="A day on which the file was public already, such as that of a copy by others.",
)
@click.option(
    "--captured",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]),
    help="When it was captured from the publisher, in UTC: 2025-07-03T15:18:05Z.",
)
@click.option(
    "--replaces", default="", help="The archived file of the same day of which it is a corrected re-issue."
)
@click.option(
    "--reason",
    default="",
    help="Why it replaces that file (needed with --replaces), or is out of the ordinary; it is published.",
)
@click.option(
    "--property",
    "declared",
    multiple=True,
    help='What the figures do not show: "price_base=FY2023: who says so", or "price_base[CODE]=FY2023: ..." of one code.',
)
@click.option(
    "--shorter", default="", help="Why the file has less than half of the last one of its source; see --add."
)
@click.option(
    "--refusals", type=click.Path(dir_okay=False, path_type=Path), help="Write every refusal to this CSV."
)
@click.pass_obj
def intake(
    folders: dict[str, Path],
    file: Path,
    source: str,
    add: bool,
    as_of: datetime.datetime | None,
    obtained_from: str,
    address: str,
    published: datetime.datetime | None,
    announced: datetime.datetime | None,
    not_after: datetime.datetime | None,
    captured: datetime.datetime | None,
    replaces: str,
    reason: str,
    declared: tuple[str, ...],
    shorter: str,
    refusals: Path | None,
) -> None:
    """Read FILE and report what it is: source, rows read, accepted and refused, unknown codes, period, total.

    The source is the only one that reads it, or the --source that you say. It is compared with the archived edition before it, by the day for which it speaks and its order within the day. With --add it goes into the archive, unless a row was
    refused, a gate of the datasets that it feeds fails, or it has less than half of the last file.
    """
    standard = load(folders["standard"])
    data = file.read_bytes()
    listed = archive.snapshots(folders["archive"])
    archive.check_sources(folders["archive"], listed, standard.sources)
    twin = archive.same_bytes(listed, data)
    given = as_of.date() if as_of else None
    if twin:
        _check_twin(file.name, twin, source)
        reading = read_listed(standard, replace(twin, as_of=given or twin.as_of), data)
    else:
        reading = read_new(standard, file.name, data, given, source)
        _check_day(file.name, reading, given, reason, add=add)
    for line in report.lines(file.name, reading):
        click.echo(line)
    if twin:
        click.echo(f"archive: is there already as {twin.file}, as of {twin.as_of}")
    if refusals:
        _write(refusals, reading)
    if reading.refusals:
        lines = [*report.refusal_lines(file.name, reading), *report.condition(file.name, reading)]
        raise InputError("\n".join(lines))
    if add and twin:
        raise InputError(f"{file.name}: is in the archive already as {twin.file}; nothing to add")
    if add and not obtained_from:
        raise InputError(
            f"{file.name}: say where you got it with --obtained-from; the archive keeps the provenance of every file"
        )
    if twin:
        _describe(pipeline.vintages_of(twin, reading))
        return
    if replaces and not reason:
        raise InputError(f"{file.name}: say with --reason why it replaces {replaces}")
    snapshot = replace(
        _snapshot(file.name, data, reading, given, listed),
        obtained_from=obtained_from,
        address=address,
        captured=captured and captured.replace(tzinfo=datetime.UTC),
        archived=datetime.datetime.now(tz=datetime.UTC).date(),
        replaces=replaces,
        reason=reason,
        properties=properties_given.parsed(standard, reading.datasets, declared),
    )
    vintages = pipeline.vintages_of(snapshot, reading)
    _describe(vintages)
    if unknown := [*properties_given.unknown(file.name, vintages)]:
        raise InputError("\n".join(unknown))
    known = _one_of({"published": published, "announced": announced, "not after": not_after})
    snapshot = editions.placed(reading.source, _known(snapshot, known), listed)
    if add:
        archive.check_name(folders["archive"], snapshot)
    found = with_edition_before(standard, folders["archive"], listed, reading, snapshot)
    for line in found.lines:
        click.echo(line)
    if add:
        if found.shorter and not shorter:
            raise InputError(_torso(file.name, found.shorter))
        if found.shorter:
            note = f"{snapshot.as_of_note} Shorter than the file of {found.day}: {shorter}"
            snapshot = replace(snapshot, as_of_note=note, reason=snapshot.reason or shorter)
        _check_gates(standard, folders["archive"], snapshot, reading)
        if adding.add(folders["archive"], snapshot, data):
            click.echo(
                f"archive: an earlier add of {snapshot.file} did not end; what it left was written over"
            )
        click.echo(f"archive: added as {snapshot.file}, as of {snapshot.as_of} ({snapshot.as_of_basis})")
        click.echo(f"archive: known {_BASES[snapshot.known_basis]} {snapshot.known}{_ordered(snapshot)}")


def _describe(vintages: Iterable[Vintage]) -> None:
    """Print what the edition of each dataset in a file is besides its figures."""
    for line in filter(None, map(properties.line, vintages)):
        click.echo(f"properties: {line}")


def _check_twin(name: str, twin: Snapshot, source: str) -> None:
    """Raise InputError if an archived file is a document, or is there under another source or name."""
    if not twin.source:
        raise InputError(
            f"{name}: is in the archive as {twin.file}, a document ({twin.title}) and no data; there is nothing to read in it"
        )
    if source and source != twin.source:
        raise InputError(
            f"{name}: is in the archive as {twin.file}, a file of {twin.source} and not of {source}; if that is wrong, correct its metadata"
        )
    if Path(twin.file).name != name:
        raise InputError(
            f"{name}: the same bytes are in the archive as {twin.file}, as of {twin.as_of}; a publisher gave one file two names, or served the old one again"
        )


def _check_day(name: str, reading: Reading, given: datetime.date | None, reason: str, *, add: bool) -> None:
    """Raise InputError if the day for which a file is stated is contradicted, or has to be asked for."""
    source = reading.source
    said = " and ".join(map(str, reading.stated))
    if reading.dayless:
        raise InputError(
            f"{name}: the figures of {source.id} are those of the day for which the file is stated, and it does not say which; "
            "give the publisher's date with --as-of (the latest date inside is only the first day on which the list can have existed)"
        )
    if given and reading.stated and given not in reading.stated and not reason:
        raise InputError(
            f"{name}: --as-of says {given}, but the file itself says {said} behind {source.stated!r}; leave --as-of out, or check that it is the right file; if the publisher's own day is wrong, say with --reason how that is known"
        )
    if not given and len(reading.stated) > 1:
        raise InputError(
            f"{name}: the file says {said} behind {source.stated!r}; say with --as-of which of them holds"
        )
    if add and source.stated and not given and not reading.stated:
        raise InputError(
            f"{name}: files of {source.id} say behind {source.stated!r} for which day they stand, and this one has no date there; give it with --as-of"
        )


def _torso(name: str, findings: Iterable[str]) -> str:
    return "\n".join(
        [
            *(f"{name}: {finding}" for finding in findings),
            f'{name}: nothing was added; fetch the file again, or if it is whole say why it is shorter with --shorter "reason"',
        ]
    )


def _check_gates(standard: Standard, folder: Path, snapshot: Snapshot, reading: Reading) -> None:
    """Raise GateError if a build with the file in the archive would be blocked."""
    progress = functools.partial(click.echo, err=True)
    vintages = pipeline.vintages_of(snapshot, reading)
    cache = kept.place()
    evidence, outcomes = pipeline.trial(
        standard, folder, vintages, progress, Kept(cache, standard) if cache else None
    )
    try:
        pipeline.block(evidence, outcomes)
    except GateError as error:
        *found, _ = str(error).splitlines()
        last = f"{snapshot.file}: nothing was added, because a build would be blocked; correct the file, say with --reason why the file is out of the ordinary, or waive a publisher's own error in standard/waivers.csv first"
        raise GateError("\n".join([*found, *_waivers(evidence, outcomes, snapshot.file), last])) from None
    click.echo(f"gates: {len(outcomes)} passed over the archive and this file")


def _waivers(evidence: Evidence, outcomes: Sequence[Outcome], new: str) -> Iterator[str]:
    """What lets an archived edition stand that is found out of the ordinary beside a file that comes before it: `--reason` is of the new one."""
    if any(new in finding.files for outcome in outcomes for finding in outcome.failed):
        return
    for outcome in (one for one in outcomes if one.rule == Newness.__struct_config__.tag):
        for finding in outcome.failed[:10]:
            line = waiver_line(evidence.histories[outcome.dataset].space, outcome, finding)
            yield (
                f"{' and '.join(finding.files)}: is out of the ordinary beside {new}, and is archived already; if it is what its publisher published, "
                f"put this line into standard/waivers.csv, with your words for WHY and HOW (that is known), and add the file again:\n{line}"
            )


def _snapshot(
    name: str,
    data: bytes,
    reading: Reading,
    as_of: datetime.date | None,
    listed: tuple[Snapshot, ...],
) -> Snapshot:
    source = reading.source
    beside = next((Path(s.file).parent.as_posix() for s in listed if s.source == source.id), source.id)
    stated = as_of or next(iter(reading.stated), None)
    note = "the end of the last period in the file, before which it cannot have existed."
    if stated in reading.stated:
        note = f"the file says so: {source.stated} {stated}."
    elif stated:
        note = "given when the file was added."
    return Snapshot(
        file=f"{beside}/{name}",
        sha256=archive.digest(data),
        bytes=len(data),
        source=source.id,
        publisher=source.publisher,
        title=source.title,
        as_of=stated or reading.earliest_as_of,
        as_of_basis="stated" if stated else "inferred",
        as_of_note=note,
        known=stated or reading.earliest_as_of,
        known_basis="not before",
        known_note="the day for which it speaks.",
        obtained_from="",
        licence=source.licence,
    )


_BASES: Mapping[KnownBasis, str] = {
    "published": "since its publication on",
    "captured": "since its capture on",
    "announced": "as announced since",
    "not before": "not before",
    "not after": "not after",
}


def _one_of(given: Mapping[KnownBasis, datetime.datetime | None]) -> tuple[KnownBasis, datetime.date] | None:
    """The day on which a file became known, with its basis. Raises InputError if several are given."""
    found = [(basis, day.date()) for basis, day in given.items() if day]
    if len(found) > 1:
        options = " and ".join(f"--{basis.replace(' ', '-')}" for basis, _ in found)
        raise InputError(f"{options}: a file became known on one day; give the one that you know best")
    return found[0] if found else None


def _known(snapshot: Snapshot, given: tuple[KnownBasis, datetime.date] | None) -> Snapshot:
    """A file with the day on which it became known. Raises InputError if that lies before the day for which it speaks."""
    if given:
        basis, day = given
        snapshot = replace(
            snapshot, known=day, known_basis=basis, known_note="given when the file was added."
        )
    elif snapshot.captured:
        day = snapshot.captured.date()
        snapshot = replace(snapshot, known=day, known_basis="captured", known_note="the day of the capture.")
    if snapshot.known < snapshot.as_of:
        raise InputError(
            f"{Path(snapshot.file).name}: {snapshot.known_basis} on {snapshot.known}, before {snapshot.as_of}, the day for which "
            f"it speaks ({snapshot.as_of_basis}); correct one of the two days"
        )
    return snapshot


def _ordered(snapshot: Snapshot) -> str:
    """The order of a file within its day, in words, if anything says it."""
    said = {
        "": "",
        "name": f"; edition {snapshot.order} of the day, by its name",
        "captured": f"; among the editions of the day by the time of its capture, {snapshot.captured}",
        "replaces": f"; replaces {snapshot.replaces}: {snapshot.reason}",
    }
    return said[snapshot.order_basis]


def _write(path: Path, reading: Reading) -> None:
    names = ("sheet", "row", "letter", "column", "figures", "reason", "to_do")
    table = pa.table(
        {
            name: pa.array(
                [getattr(r, name) for r in reading.refusals], None if reading.refusals else pa.string()
            )
            for name in names
        }
    )
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="needed"))
    click.echo(f"refusals: {len(reading.refusals):,} lines written to {path}")

"""The one path, from published files to a release. Start reading here."""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats import __version__
from borderstats.errors import ArchiveError, GateError, InputError
from borderstats.intake import archive, editions, report
from borderstats.intake.provenance import origins
from borderstats.intake.read import Reading, read_listed
from borderstats.observations import KeySpace, Origins
from borderstats.package import folder, software, write
from borderstats.package import manifest as manifests
from borderstats.package.model import Package
from borderstats.package.snapshots import Snapshot
from borderstats.release import gates, make, predecessor, readers
from borderstats.release.changes import changes
from borderstats.release.evidence import Evidence, Finding
from borderstats.release.gates import Outcome
from borderstats.release.kept import Kept, Said
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard import versions_check
from borderstats.standard.load import load
from borderstats.standard.model import Standard
from borderstats.standard.sources import Source

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Release:
    """A release on the disk and what it says. `new`: it was not there before."""

    path: Path
    package: Package
    new: bool


def build(
    standard_folder: Path,
    archive_folder: Path,
    date: datetime.date,
    out: Path,
    key: Ed25519PrivateKey | None = None,
    progress: Progress = lambda _: None,
    *,
    formats: bool = True,
    previous: Path | None = None,
    trusted: Collection[str] = (),
    reason: str = "",
) -> Release:
    """The release of everything in an archive that was known on `date`, in a folder of `out` named by its id.

    `formats`: with the formats beyond its own Parquet, CSV and JSON. `previous`: the release before, from which it tells how it
    differs; `trusted`: the public keys of which one must have signed that (`keys.public_key`); `reason`: why we have changed what was published in it. Raises StandardError, ArchiveError, InputError, ReleaseError
    or GateError; nothing is then written.
    """
    before = predecessor.checked(previous, date, trusted) if previous else None
    standard = load(standard_folder)
    versions_check.require(standard_folder, standard)
    snapshots = known_by(date, _listed(archive_folder, standard, progress), progress)
    package = packaged(standard, snapshots, partial(archive.read, archive_folder), date, progress)
    if previous and before:
        package = predecessor.followed(previous, before, package, reason)
    return seal(package, out, key, progress, formats=formats)


def packaged(
    standard: Standard,
    snapshots: tuple[Snapshot, ...],
    read: Callable[[Snapshot], bytes],
    date: datetime.date,
    progress: Progress = lambda _: None,
) -> Package:
    """All that a release of these files says, not sealed yet. Raises ArchiveError, InputError or GateError."""
    vintages = observed(standard, snapshots, read, progress)
    evidence = weigh(standard, vintages)
    _require_datasets(standard, evidence)
    for name in standard.fed:
        if name not in evidence.histories:
            progress(f"no file of {name} is in the archive yet: the release is without it")
    outcomes = gates.run(standard, evidence)
    block(evidence, outcomes)
    return make.package(standard, snapshots, evidence, outcomes, date, __version__, software.source())


def _listed(archive_folder: Path, standard: Standard, progress: Progress) -> tuple[Snapshot, ...]:
    """All files of the archive. Raises ArchiveError if one has no metadata, or is of an unknown source."""
    snapshots = archive.snapshots(archive_folder)
    for line in archive.leftovers(archive_folder, snapshots):
        progress(line)
    archive.check_sources(archive_folder, snapshots, standard.sources)
    return snapshots


def known_by(
    date: datetime.date, snapshots: tuple[Snapshot, ...], progress: Progress = lambda _: None
) -> tuple[Snapshot, ...]:
    """The files that were known on a day: a release is dated after all that went into it. What is left out is said.

    Raises ArchiveError if that is all there is.
    """
    for one in snapshots:
        if one.known > date:
            progress(
                f"left out {one.file}: known on {one.known} ({one.known_basis}), after the release's date {date}"
            )
    known = tuple(one for one in snapshots if one.known <= date)
    if not known:
        raise ArchiveError(
            f"nothing in the archive was known on {date}; give a later --date, or add files first"
        )
    return known


def seal(
    package: Package, out: Path, key: Ed25519PrivateKey | None, progress: Progress, *, formats: bool
) -> Release:
    """Write a package into the folder `out/<id>`. The same package gives the same bytes; an equal release is left alone.

    Raises ReleaseError if a folder of that id holds anything else.
    """
    with folder.building(out) as building:
        files = folder.put(building, write.documents(package))
        for name, dataset in package.datasets.items():
            files += folder.put(building, write.dataset(dataset))
            progress(
                f"wrote {name}: {dataset.latest.num_rows:,} observations, {dataset.history.num_rows:,} values in its history"
            )
        manifest = manifests.sealed(package.manifest, files)
        if formats:
            from borderstats.formats import workers  # noqa: PLC0415 - what writes workbooks takes 60 MB to load

            named = replace(package, manifest=manifest)
            manifest = manifests.with_formats(manifest, workers.write(named, building, files))
            progress("wrote further formats")
        new = folder.settle(building, out, manifest, key)
    return Release(out / manifest.id, replace(package, manifest=manifest), new)


def observed(
    standard: Standard,
    snapshots: Iterable[Snapshot],
    read: Callable[[Snapshot], bytes],
    progress: Progress = lambda _: None,
) -> list[Vintage]:
    """What all snapshots of a source say, those of a large archive read in several processes. Raises as `observe` does."""
    own = [snapshot for snapshot in snapshots if snapshot.source]
    return [one for found in readers.read(standard, own, read, observe, progress) for one in found]


def observe(
    standard: Standard, snapshot: Snapshot, data: bytes, progress: Progress = lambda _: None
) -> list[Vintage]:
    """What one snapshot says of each dataset it feeds.

    Raises InputError if a row was refused, ArchiveError if the file is none of the source that its metadata name.
    """
    reading = read_listed(standard, snapshot, data)
    if reading.refusals:
        raise InputError("\n".join(report.refusal_lines(snapshot.file, reading, advised=False)))
    left_out = f" + {reading.left_out:,} left out" if reading.left_out else ""
    progress(
        f"read {snapshot.file}: {reading.rows:,} rows read = {reading.accepted:,} accepted{left_out} + 0 refused"
    )
    return vintages_of(snapshot, reading)


def vintages_of(snapshot: Snapshot, reading: Reading) -> list[Vintage]:
    """What a snapshot says, as it was read, of each dataset it feeds."""
    said = {
        name: Said(
            reading.days.get(name, snapshot.as_of), one, reading.entries[name], reading.last_days.get(name)
        )
        for name, one in reading.datasets.items()
    }
    return _vintages(snapshot, reading.source, said, origins(reading))


def _vintages(
    snapshot: Snapshot,
    source: Source,
    said: Mapping[str, Said],
    origin: Mapping[str, Origins],
) -> list[Vintage]:
    return [
        Vintage(
            one.as_of,
            snapshot.file,
            one.observations,
            source.absent == "zero",
            one.entries,
            origin.get(name),
            snapshot.source,
            snapshot.reason,
            snapshot.rank,
            snapshot.properties,
            snapshot.known,
            one.through,
        )
        for name, one in said.items()
    ]


def trial(
    standard: Standard,
    archive_folder: Path,
    vintages: Iterable[Vintage],
    progress: Progress = lambda _: None,
    kept: Kept | None = None,
) -> tuple[Evidence, tuple[Outcome, ...]]:
    """What the gates would say if these vintages of a new file stood in the archive. Files that are `kept` are not read again.

    Run are the gates of the datasets it feeds and of those that compare with them, on the snapshots they need. A gate
    that compares with a dataset of which the archive has nothing is left out. Raises InputError or ArchiveError.
    """
    new = list(vintages)
    fed = {vintage.observations.space.dataset.id for vintage in new}
    judged = [
        dataset
        for dataset in standard.datasets.values()
        if dataset.id in fed or any(fed.intersection(gate.others) for gate in dataset.gates)
    ]
    needed = {dataset.id for dataset in judged} | {
        name for d in judged for gate in d.gates for name in gate.others
    }
    listed = archive.snapshots(archive_folder)
    archive.check_sources(archive_folder, listed, standard.sources)
    snapshots = [
        snapshot
        for snapshot in listed
        if snapshot.source and not needed.isdisjoint(standard.sources[snapshot.source].feeds)
    ]
    for snapshot in snapshots:
        new += _again(standard, snapshot, archive.read(archive_folder, snapshot), progress, kept)
    evidence = weigh(standard, [v for v in new if v.observations.space.dataset.id in needed])
    files = {vintage.file for vintage in new}
    # A waiver can wait for a file that is to be added after this one.
    waivers = tuple(one for one in standard.waivers if not one.files or files.intersection(one.files))
    known = evidence.histories.keys()
    datasets = {
        dataset.id: msgspec.structs.replace(
            dataset, gates=tuple(gate for gate in dataset.gates if known >= {*gate.others})
        )
        for dataset in judged
        if dataset.id in known
    }
    return evidence, gates.run(
        msgspec.structs.replace(standard, datasets={**standard.datasets, **datasets}, waivers=waivers),
        evidence,
        datasets,
    )


def _again(
    standard: Standard, snapshot: Snapshot, data: bytes, progress: Progress, kept: Kept | None
) -> list[Vintage]:
    """What an archived file says, as it is kept from the last time or else read."""
    said = kept.get(snapshot) if kept else None
    if said is not None:
        return _vintages(snapshot, standard.sources[snapshot.source], said, {})
    vintages = observe(standard, snapshot, data, progress)
    if kept:
        kept.put(snapshot, vintages)
    return vintages


def weigh(standard: Standard, vintages: Iterable[Vintage]) -> Evidence:
    """Each dataset's history and changes, from all vintages in the order of their as-of dates and within a day.

    Raises ArchiveError if two of one day speak of the same periods, and nothing says which is newer.
    """
    by_dataset: dict[str, list[Vintage]] = {name: [] for name in standard.datasets}
    for vintage in _in_order(vintages):
        own = by_dataset[vintage.observations.space.dataset.id]
        for other in own:
            same_day = other.as_of == vintage.as_of and not _told(other, vintage)
            if same_day and _overlap(other, vintage):
                of_one = other.source == vintage.source
                raise ArchiveError(
                    f"{other.file} and {vintage.file} have the same as-of date {vintage.as_of}: which is newer cannot be told; "
                    f"{editions.ways_out(other.file, vintage.file) if of_one else editions.WHEN_KNOWN}"
                )
        own.append(vintage)
    histories = {
        name: history_of(KeySpace.of(standard, name), own) for name, own in by_dataset.items() if own
    }
    found = {name: changes(this) for name, this in histories.items()}
    return Evidence(histories, found, standard.checks, standard.statuses)


def _in_order(vintages: Iterable[Vintage]) -> list[Vintage]:
    """By as-of date; of one day those of a source by their rank, and those of several sources by when they became known."""
    ranked: list[tuple[tuple[object, ...], Vintage]] = []
    last: dict[tuple[datetime.date, str], datetime.date] = {}
    for one in sorted(vintages, key=lambda v: (v.as_of, v.source, v.order, v.file)):
        day = one.as_of, one.source
        last[day] = max(one.known, last.get(day, one.known))
        ranked.append(((one.as_of, last[day], one.order, one.file), one))
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]


def _told(one: Vintage, other: Vintage) -> bool:
    """Whether it is told which of two vintages of one day is newer; a rank counts the editions of one source only."""
    if one.source == other.source:
        return editions.told(one.order, other.order)
    return one.known != other.known


def _overlap(one: Vintage, other: Vintage) -> bool:
    return bool(np.isin(one.observations.covered, other.observations.covered).any())


def _require_datasets(standard: Standard, evidence: Evidence) -> None:
    """Raise ArchiveError if a gate or an indicator needs a dataset of which the archive has nothing."""
    gates = [gate for name in evidence.histories for gate in standard.datasets[name].gates]
    read = {name for gate in gates for name in gate.others}
    read |= {indicator.dataset for provision in standard.provisions for indicator in provision.indicators}
    lacking = sorted(read - evidence.histories.keys())
    if lacking:
        more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        raise ArchiveError(
            f"the archive has no file for {', '.join(lacking[:5])}{more}, which gates or indicators of the standard need; "
            "add one with borderstats intake FILE --add, or take those gates and indicators out of the standard"
        )


def block(evidence: Evidence, outcomes: Iterable[Outcome]) -> None:
    """Raise GateError if any gate failed, with each gate's name, sentence and first cells."""
    lines = []
    for outcome in outcomes:
        if not outcome.passed:
            space = evidence.histories[outcome.dataset].space
            lines.append(
                f"{outcome.id}: {len(outcome.failed):,} of {outcome.compared:,} cells fail. {outcome.sentence}"
            )
            lines += [f"  {_cell(space, finding)}: {finding.text}" for finding in outcome.failed[:10]]
    if lines:
        raise GateError(
            "\n".join(
                [
                    *lines,
                    "Nothing was released. Correct the input, or waive a publisher's own error in standard/waivers.csv",
                ]
            )
        )


def _cell(space: KeySpace, finding: Finding) -> str:
    """The cell of a finding, and the edition in which it stands so."""
    cell = space.text(finding.key)
    if not finding.moment:
        return cell
    return f"{cell}, as of {finding.moment.as_of} in {' and '.join(finding.files)}"

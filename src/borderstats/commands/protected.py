"""From a workspace to the archive: tables are made of its records, protected, attacked, and only then added."""

import datetime
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from borderstats import pipeline
from borderstats.engine.duck import DuckEngine
from borderstats.errors import GateError, InputError
from borderstats.intake import adding, archive
from borderstats.package.snapshots import Snapshot
from borderstats.protect import attack, folder, perturb, suppress, tables
from borderstats.protect.cube import Cube, Flags, Ints
from borderstats.records import workspace as workspaces
from borderstats.records.workspace import Workspace
from borderstats.standard.load import load
from borderstats.standard.model import Standard
from borderstats.standard.protection import Protection
from borderstats.standard.tables import RecordsTable
from borderstats.tabulate import make
from borderstats.tabulate.query import Scope

Progress = Callable[[str], None]


def add(
    folders: dict[str, Path],
    workspace: Path,
    purpose: str,
    day: datetime.date,
    progress: Progress,
    *,
    synthetic: bool = False,
    changed: str = "",
) -> None:
    """Add the protected tables of a workspace, as of a day, to the archive, each as one more file of its source.

    What was withheld, why, and the proofs stay in the workspace, in `protected`; later releases are held against them.
    `changed` is the reason, which is published, for tables of records that have changed since tables of them were published.
    Raises GateError if a cell is disclosed or a gate would block the build, InputError if a later day is out already, if
    the records are synthetic and that is not said, or if they have changed without a reason.
    """
    standard = load(folders["standard"])
    opened = workspaces.open_(workspace)
    if not purpose.strip():
        raise InputError("--purpose: say what the records are used for; the audit of the workspace keeps it")
    if opened.synthetic and not synthetic:
        raise InputError(
            f"{workspace}: its records are synthetic and count nothing real; nobody may take their tables for figures. To try "
            "it out, give --synthetic and a copy of the archive"
        )
    made = 0
    for one in standard.protections:
        family = standard.tables[one.tables[0]].family
        if family not in opened.accepted():
            progress(f"{one.source}: not made, no {family} records in the workspace")
            continue
        made += _add(standard, folders["archive"], opened, one, day, progress, changed)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    opened.audit(now, purpose, f"build as of {day}: {made} protected datasets added")


def _add(
    standard: Standard,
    to: Path,
    opened: Workspace,
    one: Protection,
    day: datetime.date,
    progress: Progress,
    changed: str,
) -> bool:
    listed = archive.snapshots(to)
    name = f"{one.source}/{day}.csv"
    if any(snapshot.file == name for snapshot in listed):
        progress(f"{one.source}: {name} is in the archive already; what is published is never replaced")
        return False
    kept = opened.folder("protected", one.source)
    before = sorted(path for path in kept.iterdir() if not path.name.startswith("."))
    if before and before[-1].name >= str(day):
        raise InputError(
            f"{one.source}: protected as of {before[-1].name} already; give a later --date, for releases follow one another"
        )
    same = not before or _same_records(standard, opened, one, before[-1])
    if not same and not changed.strip():
        raise InputError(
            f"{one.source}: the records of what was published as of {before[-1].name} have changed since. Who compares the two "
            "releases sees the difference, which is not protected yet (docs/withheld.md); publish them all the same with "
            "--changed-records REASON, or not at all"
        )
    cube = _cube(standard, opened, one, day)
    fresh = kept / f".{day}"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        figures, withheld, said = _protected(cube, one, before, fresh)
        dataset = standard.datasets[standard.sources[one.source].feeds[0]]
        data = tables.public_file(standard, dataset, cube, figures, withheld)
        if twin := archive.same_bytes(listed, data):
            progress(f"{one.source}: nothing has changed since {twin.file}")
            return False
        snapshot = _snapshot(standard, one, name, day, data, opened.synthetic)
        snapshot = snapshot if same else replace(snapshot, reason=changed)
        archive.check_name(to, snapshot)
        vintages = pipeline.observe(standard, snapshot, data, progress)
        pipeline.block(*pipeline.trial(standard, to, vintages, progress))
        fresh.replace(kept / str(day))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    adding.add(to, snapshot, data)
    progress(f"{one.source}: {said}; added to the archive as {name}")
    return True


def _same_records(standard: Standard, opened: Workspace, one: Protection, earlier: Path) -> bool:
    """Whether the records still give, as of an earlier day, the counts that tables were made of then."""
    now = _cube(standard, opened, one, datetime.date.fromisoformat(earlier.name))
    codes = zip(*now.columns(now.cells).values(), strict=True)
    counts = dict(zip(codes, now.counts.tolist(), strict=True))
    return counts == folder.true_counts(earlier, [dimension.name for dimension in now.dimensions])


def _cube(standard: Standard, opened: Workspace, one: Protection, day: datetime.date) -> Cube:
    specs = [spec for spec in map(standard.tables.get, one.tables) if isinstance(spec, RecordsTable)]
    whole = tables.together(specs)
    with opened.scratch() as scratch:
        engine = DuckEngine(threads=os.cpu_count() or 1, spill=scratch)
        scope = Scope(whole, standard.families[whole.family], None, day, standard.calendar)
        (table,) = make.tables(engine, [scope], opened.accepted())
    return tables.inner_cells(standard.calendar, specs, table.cells, day)


def _protected(cube: Cube, one: Protection, before: Sequence[Path], fresh: Path) -> tuple[Ints, Flags, str]:
    """The figures of the cube's cells, which are withheld, and how many; the folder is written and attacked."""
    if one.method != "suppression":
        found = perturb.perturb(cube, one)
        folder.write_perturbed(found, fresh)
        return found.figures, cube.shown & ~cube.shown, f"{int(cube.shown.sum()):,} cells, {one.method}"
    earlier = [folder.earlier(path, f"../{path.name}") for path in before]
    protected = suppress.suppress(cube, one, earlier=earlier)
    folder.write(protected, fresh)
    published, secret = folder.read(fresh)
    found_by_attack = attack.audit(published, secret, [folder.read(path) for path in before])
    if len(found_by_attack.disclosed):
        raise GateError(
            f"{one.source}: {len(found_by_attack.disclosed):,} cells can be recovered from what would be published; nothing "
            "was added. Coarsen the tables, or report this: the method should not have let it come to that"
        )
    said = (
        f"{int(cube.shown.sum()):,} cells, {int(protected.withheld.sum()):,} withheld, "
        f"{len(found_by_attack.attacked):,} attacked, 0 disclosed"
    )
    return published.values, published.withheld, said


def _snapshot(
    standard: Standard, one: Protection, name: str, day: datetime.date, data: bytes, synthetic: bool
) -> Snapshot:
    source = standard.sources[one.source]
    records = "synthetic records (they count nothing real)" if synthetic else "records"
    return Snapshot(
        file=name,
        sha256=archive.digest(data),
        bytes=len(data),
        source=source.id,
        publisher=source.publisher,
        title=f"{source.title}{' (synthetic: counts nothing real)' if synthetic else ''}",
        as_of=day,
        as_of_basis="stated",
        as_of_note=f"the day for which the tables were made of {records}.",
        known=day,
        known_basis="published",
        known_note="published with the release of that day.",
        obtained_from=f"made of {records} by borderstats and protected by {one.method}",
        licence=source.licence,
        synthetic=synthetic,
    )

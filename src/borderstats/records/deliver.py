"""A file of records into a workspace: staged, validated, and what is accepted put beside what is there already.

A later delivery wins: an accepted record whose key an earlier one has replaces it, and the earlier moves to `replaced`.
Most agencies' files have no keys; there a delivery replaces what earlier ones of its layout have on its days.
"""

import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from borderstats.engine.duck import DuckEngine, engine_errors
from borderstats.errors import GateError, InputError
from borderstats.records import profile
from borderstats.records.sql import quoted
from borderstats.records.stage import Staged, stage
from borderstats.records.validate import Checked, validation
from borderstats.records.workspace import Workspace
from borderstats.standard.model import Standard
from borderstats.standard.record_rules import Refers
from borderstats.standard.records import Family

_EVER = datetime.date.max
_ADVICE = "look at the file; if it is right all the same, say why with --despite, which the audit keeps"
_KINDS = ("records", "quarantine")
"""The folders of the workspace into which validated records go: those accepted, and the others."""


@dataclass(frozen=True)
class Delivery:
    """What came of a file: how it was read, how each family's records ended, and how many earlier ones they replace.

    `implausible`: what is wrong with the delivery as a whole, one line each.
    """

    staged: Staged
    checked: Mapping[str, Checked]
    implausible: tuple[str, ...]
    replaced: Mapping[str, int]


def check(
    standard: Standard,
    file: Path,
    scratch: Path,
    workspace: Workspace | None = None,
    day: datetime.date = _EVER,
) -> Delivery:
    """Validate a file and keep nothing; beside the records of a workspace and its last delivery, if one is given.

    Raises InputError or EngineError; no value of a record is in them.
    """
    staged = stage(standard, file, scratch)
    engine = DuckEngine(spill=scratch)
    known = workspace.accepted() if workspace else {}
    checked = {}
    for family, path in _ordered(standard, staged):
        with validation(standard, family, path, known, engine) as opened:
            checked[family.id] = opened.checked
    return Delivery(staged, checked, _implausible(standard, staged, checked, workspace, day), {})


def deliver(
    standard: Standard,
    file: Path,
    workspace: Workspace,
    day: datetime.date,
    progress: Callable[[str], None],
    *,
    despite: bool = False,
) -> Delivery:
    """Validate a file as of a day and keep its records.

    InputError if the same file is there already, or if its records are synthetic and those of the workspace are not, or the
    other way round; GateError if the delivery is implausible, unless `despite` is set.
    """
    name = f"{day.isoformat()}-{_digest(file)[:12]}"
    known = dict(workspace.accepted())
    if any(path.stem.endswith(name[11:]) for files in known.values() for path in files):
        raise InputError(f"{file.name}: is in the workspace already; a file is delivered once")
    checked, replaced = {}, {}
    with workspace.scratch() as scratch:
        staged = stage(standard, file, scratch)
        if known and staged.synthetic != workspace.synthetic:
            of_file, of_others = (
                "synthetic" if made_up else "not marked as synthetic"
                for made_up in (staged.synthetic, workspace.synthetic)
            )
            raise InputError(
                f"{file.name}: its records are {of_file}, those of the workspace {of_others}; keep each in a workspace of its own"
            )
        engine = DuckEngine(spill=scratch)
        families = _ordered(standard, staged)
        # Nothing leaves the scratch folder before all of the file is validated: a delivery goes in whole or not at all.
        for family, path in families:
            accepted, quarantined = (scratch / f"{family.id}-{kind}.parquet" for kind in _KINDS)
            with validation(standard, family, path, known, engine) as opened:
                checked[family.id] = opened.checked
                opened.write(accepted, quarantined, workspace.key)
            known[family.id] = (*known.get(family.id, ()), accepted)
            progress(f"{family.id}: {checked[family.id].accepted:,} records accepted")
        implausible = _implausible(standard, staged, checked, workspace, day)
        if implausible and not despite:
            raise GateError(
                "\n".join([f"{file.name}: implausible, nothing was added", *implausible, _ADVICE])
            )
        if staged.synthetic:
            workspace.mark_as_synthetic()
        gone: dict[str, list[Path]] = {}
        for family, _ in families:
            accepted = scratch / f"{family.id}-{_KINDS[0]}.parquet"
            old = _superseded(standard, staged, workspace, family, accepted, gone)
            replaced[family.id], gone[family.id] = _replace(engine, workspace, family, old, scratch)
            counted = _profiles(workspace, staged, family.id) / f"{name}.csv"
            profile.write(counted, checked[family.id].profile)
            counted.chmod(0o600)
            for kind in _KINDS:
                kept = scratch / f"{family.id}-{kind}.parquet"
                kept.chmod(0o600)
                kept.rename(workspace.folder(kind, family.id) / f"{name}.parquet")
    return Delivery(staged, checked, implausible, replaced)


def _profiles(workspace: Workspace, staged: Staged, family: str) -> Path:
    return workspace.folder("profiles", family, staged.layout)


def _implausible(
    standard: Standard,
    staged: Staged,
    checked: Mapping[str, Checked],
    workspace: Workspace | None,
    day: datetime.date,
) -> tuple[str, ...]:
    """What is implausible about each family, beside the last delivery of the same layout that speaks for no later day."""
    found: list[str] = []
    for family, ended in checked.items():
        before = sorted(_profiles(workspace, staged, family).glob("*.csv")) if workspace else []
        before = [path for path in before if path.stem[:10] <= day.isoformat()]
        last = profile.read(before[-1]) if before else None
        found += profile.implausible(standard.families[family], ended.profile, last)
    return tuple(found)


def _ordered(standard: Standard, staged: Staged) -> list[tuple[Family, Path]]:
    """The families of a file, those first that others refer to."""
    families = [(standard.families[name], path) for name, path in staged.files.items()]
    return sorted(
        families, key=lambda one: (any(isinstance(rule, Refers) for rule in one[0].rules), one[0].id)
    )


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class _Superseded:
    """Earlier files, and which of their records a delivery gives anew: where `by` is what it is in one of `files`."""

    earlier: Sequence[Path]
    by: str
    files: Sequence[Path]


def _superseded(
    standard: Standard,
    staged: Staged,
    workspace: Workspace,
    family: Family,
    fresh: Path,
    gone: Mapping[str, Sequence[Path]],
) -> _Superseded:
    """A record replaces the one with its key. Where a layout has no keys, a delivery replaces its own layout's days.

    What such a file tells about a record of another family goes with that record.
    """
    earlier = workspace.accepted().get(family.id, ())
    layout = standard.layouts.get(staged.layout)
    feeds = [feed for feed in layout.feeds if feed.family == family.id] if layout else []
    if not any(family.key in feed.keys for feed in feeds):
        return _Superseded(earlier, quoted(family.key), [fresh])
    same = {path.stem for path in _profiles(workspace, staged, family.id).glob("*.csv")}
    earlier = tuple(path for path in earlier if path.stem in same)
    for rule in family.rules:
        if isinstance(rule, Refers) and rule.family in gone:
            return _Superseded(earlier if gone[rule.family] else (), quoted(rule.field), gone[rule.family])
    return _Superseded(earlier, f"CAST({quoted(family.time)} AS DATE)", [fresh])


def _replace(
    engine: DuckEngine, workspace: Workspace, family: Family, old: _Superseded, scratch: Path
) -> tuple[int, list[Path]]:
    """Move the superseded records out of the earlier files; how many there were, and where they are now."""
    moved, places = 0, []
    for path in old.earlier:
        with engine.session({"anew": old.files, "earlier": [path]}) as connection, engine_errors():
            anew = connection.view("anew").project(f"{old.by} AS anew").distinct()
            view = connection.view("earlier")
            again = view.join(anew, condition=f"{old.by} = anew", how="semi")
            count = again.count("*").fetchall()[0][0]
            if not count:
                continue
            moved += count
            folder = workspace.folder("replaced", family.id)
            place = folder / f"{path.stem}-{len(list(folder.iterdir()))}.parquet"
            again.write_parquet(str(place), compression="zstd")
            places.append(place)
            rest = scratch / "rest.parquet"
            view.join(anew, condition=f"{old.by} = anew", how="anti").write_parquet(
                str(rest), compression="zstd"
            )
            for kept in (place, rest):
                kept.chmod(0o600)
            rest.replace(path)
    return moved, places

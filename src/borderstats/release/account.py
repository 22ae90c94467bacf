"""The account of change between two releases: what differs in their inputs, which figures differ, and because of what.

From the one release to the other figures go three steps, each with one cause. First the files that were removed are no longer heard
(by us); then the files that both have are read by the other standard and software (by us: the same bytes now say otherwise); then
the files that were added are heard too (by the publisher). What a release says without some of its files follows from
its published history (`versions`), so two folders suffice.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pyarrow as pa
from msgspec.structs import replace
from pyarrow import compute

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace
from borderstats.package.account import (
    COLUMNS,
    Account,
    By,
    Kind,
    Moved,
    SnapshotChange,
    SoftwareChange,
    StandardChange,
)
from borderstats.package.manifest import Manifest
from borderstats.package.model import Package, plain
from borderstats.package.snapshots import Snapshot
from borderstats.release import disjoint, joint, versions
from borderstats.release.changes import IMPOSSIBLE, MISSING, Changes
from borderstats.release.versions import NO_STATUS, Kept, Known, Versions
from borderstats.standard.codelists import TOTAL
from borderstats.standard.statuses import STATUSES

_MOVING = {"file", "source", "as_of", "order", "captured"}
"""The metadata of a file on which it depends how it is read, or which file it follows."""

_ALL = -1
"""In the place of a file: what all files together say, the latest figures."""

_TOLD = ("history", "revisions")
"""The tables of a dataset from which it follows what each file says."""


@dataclass(frozen=True)
class Common:
    """The files that two releases have in common, pair by pair: their places in either manifest, in the order of the later one."""

    before: Ints
    after: Ints


@dataclass(frozen=True)
class Differences:
    """Cells of which two states differ: figures as changes have them, statuses, and the file that says so, as a place in a manifest."""

    key: Ints
    old: Ints
    new: Ints
    before: Ints
    after: Ints
    file: Ints

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True)
class Step:
    """What differs for one cause: of the latest figures, where no file is named, and of the history, file by file.

    The files are those of the later release, and those that were removed of the earlier one.
    """

    by: By
    kind: Kind
    latest: Differences
    history: Differences


def between(before: Package, after: Package, reason: str = "") -> tuple[Account, pa.Table]:
    """The account of change from one release to another, and every cell that it counts.

    Raises ReleaseError if a table of either cannot be read.
    """
    account = _inputs(before, after, reason)
    common = _common(before.manifest.inputs, after.manifest.inputs)
    files = {
        kind: [one.file for one in (before if kind == "withdrawn" else after).manifest.inputs]
        for kind in get_args(Kind)
    }
    moved: list[Moved] = []
    cells = [COLUMNS.empty_table()]
    for name in sorted({*before.datasets, *after.datasets}):
        if _same(before, after, name):
            continue
        own = [joint.own(one.standard, name) for one in (before, after) if name in one.datasets]
        space = joint.space(*own)
        old, new = (versions.of(space, one, name) for one in (before, after))
        for step in _steps(old, new, common):
            changes = _changes(space, step, np.union1d(old.key, new.key))
            of = _of(account, before, after, name, step.kind)
            moved.append(_moved(changes, step, of))
            cells.append(_rows(changes, step, files[step.kind]))
    return replace(account, figures=tuple(moved)), pa.concat_tables(cells)


# What went in.


def _inputs(before: Package, after: Package, reason: str) -> Account:
    """The account of what went into two releases."""
    old, new = before.manifest, after.manifest
    return Account(
        old.id,
        reason,
        tuple(_snapshots(old.inputs, new.inputs)),
        tuple(standard_changes(old.standard_files, new.standard_files)),
        _software(old, new),
        (),
    )


def _software(before: Manifest, after: Manifest) -> SoftwareChange | None:
    """The versions of the software, with the first digits of the hash of its text where only that differs."""
    if before.version != after.version:
        return SoftwareChange(before.version, after.version)
    if before.source != after.source:
        return SoftwareChange(*(f"{one.version} ({one.source[:12]})" for one in (before, after)))
    return None


def _snapshots(before: Sequence[Snapshot], after: Sequence[Snapshot]) -> Iterator[SnapshotChange]:
    common = _common(before, after)
    twins = dict(zip(common.after.tolist(), common.before.tolist(), strict=True))
    newest: dict[str, Snapshot] = {one.source: one for one in sorted(before, key=lambda one: one.place)}
    for n, one in enumerate(after):
        if n in twins:
            was = before[twins[n]]
            if fields := tuple(f for f in one.__struct_fields__ if getattr(one, f) != getattr(was, f)):
                yield SnapshotChange("described", one.file, one.sha256, one.source, one.as_of, fields)
        else:
            late = one.source in newest and one.source and one.place < newest[one.source].place
            yield SnapshotChange("inserted" if late else "added", one.file, one.sha256, one.source, one.as_of)
    for n, one in enumerate(before):
        if n not in twins.values():
            yield SnapshotChange("removed", one.file, one.sha256, one.source, one.as_of)


def _common(before: Sequence[Snapshot], after: Sequence[Snapshot]) -> Common:
    """The files of the same bytes in both, whatever their names are."""
    places: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(before):
        places[one.sha256].append(n)
    pairs = [(places[one.sha256].pop(0), n) for n, one in enumerate(after) if places[one.sha256]]
    return Common(*np.array(pairs, np.int64).reshape(-1, 2).T)


def standard_changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[StandardChange]:
    """The files that differ between two standards, from their hashes by path."""
    for path in sorted({*before, *after}):
        if path not in before:
            yield StandardChange("added", path)
        elif path not in after:
            yield StandardChange("removed", path)
        elif before[path] != after[path]:
            yield StandardChange("changed", path)


# What came of it.


def _same(before: Package, after: Package, name: str) -> bool:
    """Whether both say the same of a dataset, file by file."""
    old, new = (one.datasets.get(name) for one in (before, after))
    if not old or not new or old.meta.vintages != new.meta.vintages:
        return False
    return all(plain(old.tables[table]).equals(plain(new.tables[table])) for table in _TOLD)


def _steps(before: Versions, after: Versions, common: Common) -> Iterator[Step]:
    """The steps from one release's figures of a dataset to another's, without those that lead nowhere."""
    old, new = Kept(before, common.before), Kept(after, common.after)
    key, file = _turns(old, new)
    steps = (
        Step("us", "withdrawn", _latest(before.latest, old.latest), _gone(before, common)),
        Step(
            "us",
            "standard",
            _latest(old.latest, new.latest),
            _differences(key, old.at(key, file), new.at(key, file), common.after[file]),
        ),
        Step("publisher", "added", _latest(new.latest, after.latest), _come(after, common)),
    )
    yield from (step for step in steps if len(step.latest) or len(step.history))


def _latest(old: Known, new: Known) -> Differences:
    key = np.union1d(old.key, new.key)
    return _differences(key, old.at(key), new.at(key), np.full(len(key), _ALL))


def _gone(before: Versions, common: Common) -> Differences:
    """The versions that the files that were removed were the first to give."""
    which = ~np.isin(before.first, common.before)
    known = before.known(which)
    return _differences(known.key, (known.figure, known.status), _none(known), before.first[which])


def _come(after: Versions, common: Common) -> Differences:
    """The versions that the files that were added are the first to give."""
    which = ~np.isin(after.first, common.after)
    known = after.known(which)
    return _differences(known.key, _none(known), (known.figure, known.status), after.first[which])


def _none(known: Known) -> tuple[Ints, Ints]:
    """No row, for each of some cells."""
    return np.full_like(known.key, MISSING), np.full_like(known.key, NO_STATUS)


def _turns(old: Kept, new: Kept) -> tuple[Ints, Ints]:
    """Cells and common files, pair by pair, where in either release a version begins with the file or ends with it."""
    pairs = np.concatenate((np.stack(old.turns()), np.stack(new.turns())), axis=1)
    order = np.lexsort(pairs[::-1])
    key, file = pairs[:, order]
    distinct = np.append(True, (key[1:] != key[:-1]) | (file[1:] != file[:-1]))[: len(key)]
    return key[distinct], file[distinct]


def _differences(key: Ints, old: tuple[Ints, Ints], new: tuple[Ints, Ints], file: Ints) -> Differences:
    which = (old[0] != new[0]) | (old[1] != new[1])
    return Differences(key[which], old[0][which], new[0][which], old[1][which], new[1][which], file[which])


# What is said of it.


def _changes(space: KeySpace, step: Step, every: Ints) -> Changes:
    """The differences of a step, first of latest, then of the history, as changes; `counted` among all cells that there are."""
    columns = ("key", "old", "new")
    key, old, new = (
        np.concatenate([getattr(one, name) for one in (step.latest, step.history)]) for name in columns
    )
    wanted = np.isin(
        space.calendar.fiscal_years(space.period(every)), space.calendar.fiscal_years(space.period(key))
    )
    vintage, kind = np.zeros(len(key), np.int16), np.zeros(len(key), np.int64)
    counted = disjoint.among(space, every[wanted], key)
    # Figures as they are published, whatever their prices: the steps add up.
    repriced = np.zeros(len(key), bool)
    return Changes(space, key, old, new, vintage, vintage, kind, counted, repriced)


def _moved(changes: Changes, step: Step, of: tuple[str, ...]) -> Moved:
    latest = changes.where(np.arange(len(step.latest)))
    delta = latest.delta[latest.counted]
    amount = changes.space.amount
    return Moved(
        changes.space.dataset.id,
        step.by,
        step.kind,
        of,
        len(latest),
        int((latest.old == latest.new).sum()),
        int(latest.counted.sum()),
        amount(int(delta.sum())),
        amount(int(np.abs(delta).sum())),
        len(step.history),
    )


def _rows(changes: Changes, step: Step, files: Sequence[str]) -> pa.Table:
    """A row for each difference, those of latest first, the largest of each first."""
    space = changes.space
    parts = (step.latest, step.history)
    before, after, file = (
        np.concatenate([getattr(one, name) for one in parts]) for name in ("before", "after", "file")
    )
    order = np.lexsort((file, changes.key, -np.abs(changes.delta), file != _ALL))
    key = changes.key[order]
    count = len(key)
    distinct = np.unique(space.period(key))
    texts = [periods.text(int(period)) for period in distinct]
    statuses = [*space.statuses.codes, None]
    return pa.table(
        {
            "dataset": pa.array([space.dataset.id] * count, pa.string()),
            "table": _pick(["latest", "history"], (file[order] != _ALL).astype(np.int64)),
            "by": pa.array([step.by] * count, pa.string()),
            "kind": pa.array([step.kind] * count, pa.string()),
            "cell": _cells(space, key),
            "period": _pick(texts, np.searchsorted(distinct, space.period(key))),
            "snapshot": _pick([*files, None], file[order]),
            "old": _figures(space, changes.old[order], changes.old[order] <= IMPOSSIBLE),
            "old_status": _pick(statuses, before[order]),
            "new": _figures(space, changes.new[order], changes.new[order] <= IMPOSSIBLE),
            "new_status": _pick(statuses, after[order]),
            "delta": _figures(space, changes.delta[order], ~changes.compared[order]),
            "counted": pa.array(changes.counted[order]),
        },
        COLUMNS,
    )


def _cells(space: KeySpace, key: Ints) -> pa.Array:
    """Cells as gates write them, without their periods: `region=SW state=TX`, totals left out."""
    parts = [
        _pick(
            [
                None if code.code == TOTAL else f"{concept}={code.code}"
                for code in space.codelists[concept].codes
            ],
            space.digit(key, concept),
        )
        for concept in space.dataset.concepts
    ]
    return compute.binary_join_element_wise(*parts, " ", null_handling="skip")


def _figures(space: KeySpace, value: Ints, missing: Flags) -> pa.Array:
    """Figures in the dataset's unit as text, for datasets differ in their decimals."""
    decimals = space.dataset.decimals
    amounts = pa.array(value / 10**decimals, mask=missing) if decimals else pa.array(value, mask=missing)
    return amounts.cast(pa.string())


def _pick(labels: Sequence[str | None], place: Ints) -> pa.Array:
    return pa.array(labels, pa.string()).take(pa.array(place % len(labels)))


def _of(account: Account, before: Package, after: Package, name: str, kind: Kind) -> tuple[str, ...]:
    """What the cause was, in words: the files of the archive that speak of a dataset, or what bears on how it is read."""
    standards = [one.standard for one in (before, after) if name in one.datasets]
    sources = {one.id for standard in standards for one in standard.sources if name in one.feeds}
    if kind != "standard":
        wanted = ("removed",) if kind == "withdrawn" else ("added", "inserted")
        return tuple(one.file for one in account.snapshots if one.change in wanted and one.source in sources)
    lists = {
        standard.concepts[concept].codelist
        for standard in standards
        for concept in joint.own(standard, name).dataset.concepts
    }
    bearing = {
        "concepts.toml",
        "calendar.toml",
        f"datasets/{name}.toml",
        *(f"sources/{source}.toml" for source in sources),
        *(f"codelists/{one}.csv" for one in (*lists, STATUSES)),
    }
    changed = [f"standard/{one.path}" for one in account.standard]
    found = [path for path in changed if path.removeprefix("standard/") in bearing]
    if account.software:
        found.append(f"software {account.software.before} to {account.software.after}")
    found += [
        f"metadata of {one.file}: {', '.join(one.fields)}"
        for one in account.snapshots
        if one.change == "described" and one.source in sources and _MOVING.intersection(one.fields)
    ]
    return tuple(found or changed or ["software of the same text"])

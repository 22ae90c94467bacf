"""Make a release folder from evidence that has passed its gates."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats.errors import ReleaseError
from borderstats.intake.archive import Snapshot
from borderstats.release import checks, describe, entries, indicators, reconcile, reporting, sign, tables
from borderstats.release import manifest as manifests
from borderstats.release import write as writer
from borderstats.release.evidence import Evidence
from borderstats.release.gates import Outcome
from borderstats.release.vintages import net_by_kind
from borderstats.standard.model import Standard

Formats = Callable[[Path, bytes], None]
"""Writes further formats into the folder of a release, of which it is given the manifest as it would be without them."""


@dataclass(frozen=True)
class Release:
    """A release on the disk, and how much went into it. `new`: it was not there before."""

    path: Path
    snapshots: int
    observations: int
    vintages: int
    gates: int
    new: bool


def write(
    standard: Standard,
    snapshots: tuple[Snapshot, ...],
    evidence: Evidence,
    outcomes: tuple[Outcome, ...],
    date: datetime.date,
    version: str,
    out: Path,
    key: Ed25519PrivateKey | None,
    progress: Callable[[str], None],
    formats: Formats | None = None,
) -> Release:
    """Write the release into `out/<id>`. The same arguments give the same bytes; an equal release is left alone.

    `formats` writes the same figures in further formats.

    Raises ReleaseError if a folder of that id holds anything else.
    """
    with writer.folder(out) as building:
        for name in evidence.histories:
            _dataset(building, standard, evidence, name, snapshots)
            progress(
                f"wrote {name}: {len(evidence.latest(name)):,} observations, {len(evidence.histories[name]):,} values in its history"
            )
        counts = _counts(snapshots, evidence, outcomes)
        _overview(building, standard, snapshots, evidence, outcomes, date, counts)
        if formats:
            files = manifests.describe(building)
            formats(
                building, manifests.encode(manifests.unsealed(date, version, standard.hash, snapshots, files))
            )
            progress("wrote further formats")
        files = manifests.describe(building)
        manifest = manifests.make(date, version, standard.hash, snapshots, files)
        raw = manifests.encode(manifest)
        (building / manifests.NAME).write_bytes(raw)
        if key:
            (building / manifests.SIGNATURE).write_bytes(sign.sign(key, raw))
        target = out / manifest.id
        new = not target.exists()
        if new:
            writer.publish(building, target)
        elif (target / manifests.NAME).read_bytes() != raw:
            raise ReleaseError(
                f"{target}: is there already and is not this release; releases are never replaced, move it away"
            )
    return Release(
        target, counts["snapshots"], counts["observations"], counts["vintages"], counts["gates"], new
    )


def _dataset(
    building: Path, standard: Standard, evidence: Evidence, name: str, snapshots: tuple[Snapshot, ...]
) -> None:
    folder = building / "data" / name
    told, found = evidence.histories[name], evidence.changes[name]
    history = tables.history_table(told, standard.codelists["obs_status"])
    writer.table(folder, "history", history)
    writer.table(folder, "latest", tables.latest_table(history))
    writer.table(
        folder, "revisions", tables.changes_table(found, [vintage.as_of for vintage in told.vintages])
    )
    steps = list(entries.steps(told))
    if steps:
        writer.table(folder, "entries", entries.table(steps, entries.names(standard, name)))
    writer.json(folder / "metadata.json", describe.dataset(standard, told, found, snapshots, steps))


def _counts(
    snapshots: tuple[Snapshot, ...], evidence: Evidence, outcomes: tuple[Outcome, ...]
) -> dict[str, int]:
    return {
        "snapshots": sum(bool(snapshot.source) for snapshot in snapshots),
        "datasets": len(evidence.histories),
        "observations": sum(len(told.latest) for told in evidence.histories.values()),
        "values_in_history": sum(len(told) for told in evidence.histories.values()),
        "vintages": sum(len(told.vintages) for told in evidence.histories.values()),
        "revisions": sum(len(found) for found in evidence.changes.values()),
        # A gate that has nothing to compare yet has not passed: it is not counted.
        "gates": sum(outcome.compared > 0 for outcome in outcomes),
        "cells_compared": sum(outcome.compared for outcome in outcomes),
        "cells_waived": sum(len(outcome.waived) for outcome in outcomes),
    }


_CITED = ("id", "provisions", "measure", "what", "period", "value", "unit", "grade", "source")


def _cited(standard: Standard, evidence: Evidence, outcomes: tuple[Outcome, ...]) -> list[dict[str, object]]:
    """The published figures that no dataset of this release holds, or gives otherwise: each a cited figure."""
    otherwise = {
        finding.text.split(":")[0]
        for outcome in outcomes
        if outcome.rule == "check_values"
        for finding, _ in outcome.waived
    }
    measures = {measure.measure: measure for measure in standard.cited}
    return [
        {
            **{name: getattr(check, name) for name in ("id", "period", "value", "unit", "grade", "source")},
            "provisions": "|".join(map(str, measures[check.measure].provisions)) if check.measure else "",
            "measure": measures[check.measure].label if check.measure else "",
            "what": checks.what(check.component, check.geography, check.dimension, check.note),
        }
        for check in standard.checks
        if check.dataset not in evidence.histories or check.id in otherwise
    ]


def _overview(
    building: Path,
    standard: Standard,
    snapshots: tuple[Snapshot, ...],
    evidence: Evidence,
    outcomes: tuple[Outcome, ...],
    date: datetime.date,
    counts: dict[str, int],
) -> None:
    """The files of the release as a whole: what it holds, gates, waivers, snapshots, the revisions by vintage, the standard."""
    spaces = {name: told.space for name, told in evidence.histories.items()}
    writer.json(
        building / "release.json", {"date": date, "datasets": list(evidence.histories), "counts": counts}
    )
    writer.json(building / "gates.json", describe.gates(spaces, outcomes))
    writer.json(building / "standard.json", describe.method(standard))
    writer.json(building / "provisions.json", indicators.provisions(standard, evidence))
    writer.json(building / "reconciliations.json", reconcile.reconciliations(standard, evidence))
    writer.json(building / "reporting.json", reporting.reporting(standard, evidence, snapshots, date))
    writer.rows(building / "cited.csv", _cited(standard, evidence, outcomes), list(_CITED))
    gate_rows = [
        {
            "gate": o.id,
            "compared": o.compared,
            "failed": len(o.failed),
            "waived": len(o.waived),
            "sentence": o.sentence,
        }
        for o in outcomes
    ]
    writer.rows(building / "gates.csv", gate_rows, ["gate", "compared", "failed", "waived", "sentence"])
    waived = [
        {
            "waiver": waiver.id,
            "gate": o.id,
            "cell": spaces[o.dataset].text(finding.key),
            "finding": finding.text,
            "reason": waiver.reason,
        }
        for o in outcomes
        for finding, waiver in o.waived
    ]
    writer.rows(building / "waivers.csv", waived, ["waiver", "gate", "cell", "finding", "reason"])
    listed = [msgspec.to_builtins(snapshot) for snapshot in snapshots]
    writer.rows(building / "snapshots.csv", listed, list(Snapshot.__struct_fields__))
    log = [
        {
            "dataset": name,
            "before": told.vintages[n - 1].as_of,
            "after": told.vintages[n].as_of,
            "kind": kind,
            "cells": cells,
            "net": net,
            "gross": gross,
        }
        for name, told in evidence.histories.items()
        for n in range(1, len(told.vintages))
        for kind, (cells, net, gross) in net_by_kind(evidence.changes[name].in_vintage(n)).items()
    ]
    writer.rows(
        building / "revisions.csv", log, ["dataset", "before", "after", "kind", "cells", "net", "gross"]
    )

"""Make a release's package from evidence that has passed its gates."""

import datetime
from collections.abc import Iterator, Mapping

from borderstats.package import manifest as manifests
from borderstats.package.model import Dataset, Package, held, latest
from borderstats.package.reports import Cited, Overview, Revision
from borderstats.package.snapshots import Snapshot
from borderstats.package.standard import Standard as PublishedStandard
from borderstats.release import describe, entries, indicators, join, knowledge, reconcile, reporting, tables
from borderstats.release.changes import REVISIONS, net_by_kind
from borderstats.release.checks import Published, what
from borderstats.release.evidence import Evidence
from borderstats.release.gates import Outcome
from borderstats.release.knowledge import Known
from borderstats.standard.model import Standard


def package(
    standard: Standard,
    snapshots: tuple[Snapshot, ...],
    evidence: Evidence,
    outcomes: tuple[Outcome, ...],
    date: datetime.date,
    version: str,
    source: str,
) -> Package:
    """All that a release says, not sealed yet. `version` is that of the software, `source` the hash of its text.

    Raises GateError if an indicator has no figure.
    """
    spaces = {name: history.space for name, history in evidence.histories.items()}
    known = knowledge.surely(snapshots, date)
    datasets = {name: _dataset(standard, evidence, name, snapshots, known) for name in evidence.histories}
    method = describe.method(standard, outcomes)
    joined = join.joined(standard, evidence)
    return Package(
        manifest=manifests.unsealed(date, version, source, standard.hash, standard.files, snapshots),
        overview=Overview(date, tuple(evidence.histories), _counts(snapshots, evidence, outcomes)),
        gates=describe.gates(spaces, outcomes),
        standard=method,
        revisions=tuple(_revisions(evidence)),
        provisions=indicators.provisions(standard, evidence, snapshots),
        reconciliations=reconcile.reconciliations(standard, evidence),
        reporting=reporting.reporting(standard, evidence, snapshots, date),
        cited=tuple(_cited(method, datasets)),
        datasets=datasets,
        joined=tuple(one for one, _ in joined),
        joined_figures=tuple(figure for _, figures in joined for figure in figures),
    )


def _dataset(
    standard: Standard,
    evidence: Evidence,
    name: str,
    snapshots: tuple[Snapshot, ...],
    known: Mapping[str, Known],
) -> Dataset:
    history, changes = evidence.histories[name], evidence.changes[name]
    values = tables.history_table(history, changes, known)
    found = {
        "latest": latest(values),
        "history": values,
        "revisions": tables.changes_table(changes, history.vintages),
    }
    steps = list(entries.steps(history))
    if steps:
        found["entries"] = entries.table(steps, entries.names(standard, name))
    return Dataset(
        describe.dataset(standard, history, changes, snapshots, known, steps),
        {table: held(content) for table, content in found.items()},
    )


def _counts(
    snapshots: tuple[Snapshot, ...], evidence: Evidence, outcomes: tuple[Outcome, ...]
) -> dict[str, int]:
    return {
        "snapshots": sum(bool(snapshot.source) for snapshot in snapshots),
        "datasets": len(evidence.histories),
        "observations": sum(len(history.latest) for history in evidence.histories.values()),
        "values_in_history": sum(len(history) for history in evidence.histories.values()),
        "vintages": sum(len(history.vintages) for history in evidence.histories.values()),
        "revisions": sum(int(found.of(*REVISIONS).sum()) for found in evidence.changes.values()),
        # A gate that has nothing to compare yet has not passed: it is not counted.
        "gates": sum(outcome.compared > 0 for outcome in outcomes),
        "cells_compared": sum(outcome.compared for outcome in outcomes),
        "cells_waived": sum(len(outcome.waived) for outcome in outcomes),
    }


def _cited(standard: PublishedStandard, datasets: Mapping[str, Dataset]) -> Iterator[Cited]:
    """The published figures that no dataset of this release gives."""
    measures = {measure.measure: measure for measure in standard.cited}
    for check, outcome in zip(standard.checks, Published(standard, datasets).outcomes(), strict=True):
        if outcome.state == "reproduced":
            continue
        against = outcome.by
        yield Cited(
            id=check.id,
            provisions="|".join(map(str, measures[check.measure].provisions)) if check.measure else "",
            measure=measures[check.measure].label if check.measure else "",
            what=what(check.component, check.geography, check.dimension, check.note),
            period=check.period,
            value=check.value,
            unit=check.unit,
            grade=check.grade,
            source=check.source,
            state="contradicted" if against else "cited",
            dataset=against.dataset if against else "",
            here=against.value if against else None,
            as_of=against.as_of if against else None,
            file=against.file if against else "",
            reason=check.reason if against else "",
        )


def _revisions(evidence: Evidence) -> Iterator[Revision]:
    for name, history in evidence.histories.items():
        for n in range(1, len(history.vintages)):
            before, after = history.vintages[n - 1 : n + 1]
            for kind, sums in net_by_kind(evidence.changes[name].in_vintage(n)).items():
                yield Revision(name, before.as_of, after.as_of, kind, *sums, after.file)

"""The page of quality: gates, waivers, publishers' errors, and the published figures that come out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.package.reports import Finding, Gate
from borderstats.site.pages.revisions import readable
from borderstats.site.pages.source import used
from borderstats.standard.model import Check, Waiver
from borderstats.words import amounts, labels, messages

_FIRST = 5


@dataclass(frozen=True)
class Group:
    """The gates of one dataset."""

    meta: Metadata
    gates: tuple[Gate, ...]


@dataclass(frozen=True)
class Waived:
    """A waiver with the gate that it is for, how many cells it lets pass, and the first of them as (cell, finding)."""

    waiver: Waiver
    gate: Gate
    cells: int
    first: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Checked:
    """The published figures that one dataset reproduces. `rows`: (what, period, figure, where)."""

    meta: Metadata
    rows: tuple[tuple[str, str, str, str], ...]


def context(package: Package) -> dict[str, Any]:
    """What the template of the quality page shows."""
    metas = {name: dataset.meta for name, dataset in package.datasets.items()}
    checked = [found for meta in metas.values() if (found := _checked(package, meta)).rows]
    ids = {check.id for check in package.standard.checks}
    errors = [source for source in used(package) if source.known_errors]
    return {
        "groups": [
            Group(meta, tuple(gate for gate in package.gates if gate.dataset == name))
            for name, meta in metas.items()
        ],
        "idle": sum(not gate.compared for gate in package.gates),
        "waivers": [one for waiver in package.standard.waivers for one in waived(package, waiver, metas)],
        "errors": errors,
        "checked": checked,
        "reproduced": len(ids - {figure.id for figure in package.cited}),
        "contradicted": sum(figure.state == "contradicted" for figure in package.cited),
        "cited": sum(figure.state == "cited" for figure in package.cited),
        "counts": package.overview.counts,
    }


def waived(package: Package, waiver: Waiver, metas: Mapping[str, Metadata]) -> Iterator[Waived]:
    """What a waiver lets pass; nothing if its gate is none of this release."""
    for gate in package.gates:
        if gate.id == waiver.gate:
            findings = [finding for finding in gate.waived if finding.waiver == waiver.id]
            yield Waived(waiver, gate, len(findings), _first(findings, metas[gate.dataset]))


def _first(findings: list[Finding], meta: Metadata) -> tuple[tuple[str, str], ...]:
    return tuple((readable(finding.cell, meta), _text(finding)) for finding in findings[:_FIRST])


def _text(finding: Finding) -> str:
    """What was found, and the day of the files in which it was."""
    if not finding.as_of:
        return finding.text
    return messages.text("waiver.as_of", finding=finding.text, day=labels.date(finding.as_of))


def _checked(package: Package, meta: Metadata) -> Checked:
    otherwise = {figure.id for figure in package.cited}
    return Checked(
        meta,
        tuple(
            _row(check, meta)
            for check in package.standard.checks
            if check.dataset == meta.id and check.id not in otherwise
        ),
    )


def _row(check: Check, meta: Metadata) -> tuple[str, str, str, str]:
    names = {(d.id, code.code): code.en for d in meta.dimensions for code in d.codes}
    what = ", ".join(names.get(part, part[1]) for part in check.key.items()) or messages.text("figure.total")
    return (
        what,
        labels.period(check.period),
        amounts.of(meta.unit, 0).exact(check.value),
        check.source,
    )

"""The page of quality: gates, waivers, publishers' errors, and the published figures that come out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.package.reports import Finding, Gate
from borderstats.site.pages.revisions import readable
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
    """The published figures that one dataset should reproduce. `rows`: (what, period, figure, where, result)."""

    meta: Metadata
    compared: int
    waived: int
    rows: tuple[tuple[str, str, str, str, str], ...]


def context(package: Package) -> dict[str, Any]:
    """What the template of the quality page shows."""
    metas = {name: dataset.meta for name, dataset in package.datasets.items()}
    checked = [
        _checked(gate, package, metas[gate.dataset]) for gate in package.gates if gate.rule == "check_values"
    ]
    errors = [source for source in package.standard.sources if source.known_errors]
    return {
        "groups": [
            Group(meta, tuple(gate for gate in package.gates if gate.dataset == name))
            for name, meta in metas.items()
        ],
        "idle": sum(not gate.compared for gate in package.gates),
        "waivers": [one for waiver in package.standard.waivers for one in waived(package, waiver, metas)],
        "errors": errors,
        "checked": checked,
        "compared": sum(c.compared for c in checked),
        "reproduced": sum(c.compared - c.waived for c in checked),
        "cited": len(package.cited),
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


def _checked(gate: Gate, package: Package, meta: Metadata) -> Checked:
    checks = [check for check in package.standard.checks if check.dataset == gate.dataset]
    # A finding of this gate begins with the id of its check.
    off = {finding.text.split(":")[0] for finding in gate.waived}
    return Checked(
        meta, gate.compared, len(gate.waived), tuple(_row(check, meta, check.id in off) for check in checks)
    )


def _row(check: Check, meta: Metadata, off: bool) -> tuple[str, str, str, str, str]:
    names = {(d.id, code.code): code.en for d in meta.dimensions for code in d.codes}
    what = ", ".join(names.get(part, part[1]) for part in check.key.items()) or messages.text("figure.total")
    return (
        what,
        labels.period(check.period),
        amounts.of(meta.unit, 0).exact(check.value),
        check.source,
        messages.text("check.waived" if off else "check.reproduced"),
    )

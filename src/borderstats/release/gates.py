"""Gates: every check that a release must pass, with what failed, what was waived, and why."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from borderstats import periods
from borderstats.observations import KeySpace
from borderstats.release.evidence import Evidence, Finding
from borderstats.release.registry import OF_VINTAGES, RULES
from borderstats.standard.model import Dataset, Standard, Waiver
from borderstats.standard.rules import EVERY_DATASET, CheckValues, Gate


@dataclass(frozen=True)
class Outcome:
    """What came of one gate: cells compared, those that failed, and those waived with the waiver that covers each."""

    id: str
    dataset: str
    rule: str
    sentence: str
    compared: int
    failed: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...]

    @property
    def passed(self) -> bool:
        return not self.failed


def run(
    standard: Standard, evidence: Evidence, datasets: Collection[str] | None = None
) -> tuple[Outcome, ...]:
    """The outcome of every gate of these datasets (all there is evidence for), in the order of the standard."""
    chosen = evidence.histories if datasets is None else datasets
    return tuple(
        _run(standard, evidence, dataset, gate)
        for dataset in standard.datasets.values()
        if dataset.id in chosen
        for gate in _gates(dataset, evidence)
    )


def _gates(dataset: Dataset, evidence: Evidence) -> Iterator[Gate]:
    yield from dataset.gates
    checked = any(check.dataset == dataset.id for check in evidence.checks)
    yield from (gate for gate in EVERY_DATASET if checked or not isinstance(gate, CheckValues))


def _run(standard: Standard, evidence: Evidence, dataset: Dataset, gate: Gate) -> Outcome:
    compared, findings = RULES[type(gate)](evidence, dataset.id, gate)
    space = evidence.histories[dataset.id].space
    gate_id = f"{dataset.id}/{gate.name}"
    waivers = [waiver for waiver in standard.waivers if waiver.gate == gate_id]
    failed, waived = [], []
    for finding in findings:
        waiver = next((w for w in waivers if _covers(space, w, finding)), None)
        if waiver:
            waived.append((finding, waiver))
        else:
            failed.append(finding)
    failed += [_idle(waiver) for waiver in waivers if waiver not in [w for _, w in waived]]
    if not compared and not isinstance(gate, OF_VINTAGES):
        failed.append(
            Finding(
                0, 0, 0, "the gate found nothing to compare, so it proves nothing; mend it or take it out"
            )
        )
    return Outcome(gate_id, dataset.id, gate.rule, gate.sentence, compared, tuple(failed), tuple(waived))


def _covers(space: KeySpace, waiver: Waiver, finding: Finding) -> bool:
    codes = space.codes(finding.key)
    period = finding.key % periods.SPAN
    begin = space.calendar.first_day(period)
    return (
        all(codes[concept] == code for concept, code in waiver.key.items())
        and (not waiver.start or begin >= space.calendar.first_day(periods.parse(waiver.start)))
        and (not waiver.end or begin <= space.calendar.last_day(periods.parse(waiver.end)))
    )


def _idle(waiver: Waiver) -> Finding:
    text = f"waiver {waiver.id} covers nothing any more; take it out of waivers.csv"
    return Finding(0, 0, 0, text)

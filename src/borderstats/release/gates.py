"""Gates: every check that a release must pass, with what failed, what was waived, and why."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from borderstats import periods
from borderstats.observations import KeySpace
from borderstats.release import agreement
from borderstats.release.evidence import Evidence, Finding, Moment, Result
from borderstats.release.moments import editions, moments
from borderstats.release.registry import OF_CELLS, OF_HISTORIES, OF_VINTAGES, OF_YEARS, RULES
from borderstats.release.vintages import History
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import Dataset, Standard, Waiver
from borderstats.standard.rules import EVERY_DATASET, AgreesWith, CheckValues, Gate, OfParts


@dataclass(frozen=True)
class Outcome:
    """What came of one gate: cells compared, those that failed, those waived with the waiver that covers each.

    `revised`: those that differ because two publishers speak for different days, by no more than they revise.
    """

    id: str
    dataset: str
    rule: str
    sentence: str
    compared: int
    failed: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...]
    revised: tuple[Finding, ...]

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
    compared, findings = judged(evidence, dataset.id, gate)
    space = evidence.histories[dataset.id].space
    gate_id = f"{dataset.id}/{gate.name}"
    waivers = [waiver for waiver in standard.waivers if waiver.gate == gate_id]
    failed, waived = [], []
    revised = tuple(finding for finding in findings if finding.revisions)
    for finding in findings:
        if finding.revisions:
            continue
        waiver = next((w for w in waivers if _covers(space, w, finding)), _given(gate_id, finding))
        if waiver:
            waived.append((finding, waiver))
        else:
            failed.append(finding)
    failed += [
        finding
        for waiver in waivers
        if not _waits(evidence.histories[dataset.id], waiver)
        for finding in _idle(waiver, waived)
    ]
    if not compared and not isinstance(gate, OF_VINTAGES):
        failed.append(
            Finding(
                0, 0, 0, "the gate found nothing to compare, so it proves nothing; mend it or take it out"
            )
        )
    return Outcome(
        gate_id, dataset.id, gate.rule, gate.sentence, compared, tuple(failed), tuple(waived), revised
    )


def judged(evidence: Evidence, dataset: str, gate: Gate) -> Result:
    """How many cells a gate compared over all moments, and what it found, each with the moment when it came about."""
    rule = RULES[type(gate)]
    if isinstance(gate, OF_HISTORIES):
        return rule(evidence, dataset, gate)
    compared, findings = 0, []
    for moment in _moments(evidence, dataset, gate):
        count, found = rule(replace(evidence, moment=moment), dataset, gate)
        compared += count
        findings += [replace(finding, moment=moment) for finding in found]
    return compared, findings


def _moments(evidence: Evidence, dataset: str, gate: Gate) -> Iterator[Moment]:
    if isinstance(gate, OF_CELLS):
        return editions(evidence.histories[dataset])
    years, where = isinstance(gate, OF_YEARS), {dataset: getattr(gate, "where", {})}
    if isinstance(gate, AgreesWith):
        years = not agreement.of_months(evidence, dataset, gate)
        where = {dataset: gate.where, gate.dataset: gate.other_where} if gate.dataset != dataset else {}
    along = gate.dimension if isinstance(gate, OfParts) else ""
    return moments(
        evidence, tuple(dict.fromkeys((dataset, *gate.others))), years=years, where=where, along=along
    )


def _given(gate: str, finding: Finding) -> Waiver | None:
    """The waiver that the reason given with a file is."""
    if not finding.reason:
        return None
    evidence = "given when the file was added to the archive"
    return Waiver(" ".join(finding.files), gate, finding.reason, evidence, files=finding.files)


def _covers(space: KeySpace, waiver: Waiver, finding: Finding) -> bool:
    codes = space.codes(finding.key)
    period = finding.key % periods.SPAN
    begin = space.calendar.first_day(period)
    return (
        (not waiver.files or bool(set(waiver.files) & set(finding.files)))
        and all(codes[concept] == code for concept, code in waiver.key.items())
        and (not waiver.start or begin >= space.calendar.first_day(periods.parse(waiver.start)))
        and (not waiver.end or begin <= space.calendar.last_day(periods.parse(waiver.end)))
    )


def waiver_line(space: KeySpace, outcome: Outcome, finding: Finding) -> str:
    """The line of `waivers.csv` that would let one cell stand in the files with which it failed; WHY and HOW are to be filled in."""
    codes = {concept: code for concept, code in space.codes(finding.key).items() if code != TOTAL}
    period = periods.text(finding.key % periods.SPAN)
    named = "-".join((outcome.id.replace("/", "-"), *(Path(file).stem for file in finding.files), period))
    key = "|".join(f"{concept}={code}" for concept, code in codes.items())
    line = io.StringIO()
    fields = (named.lower(), outcome.id, key, period, period, "|".join(finding.files), "WHY", "HOW")
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()


def _waits(history: History, waiver: Waiver) -> bool:
    """Whether a waiver is for a span, from one period to another, of which no file has a figure yet."""
    if not (waiver.start and waiver.end):
        return False
    calendar = history.space.calendar
    first = calendar.first_day(periods.parse(waiver.start))
    last = calendar.last_day(periods.parse(waiver.end))
    there = map(int, np.unique(history.space.period(history.key)))
    return not any(first <= calendar.first_day(period) <= last for period in there)


def _idle(waiver: Waiver, waived: Sequence[tuple[Finding, Waiver]]) -> Iterator[Finding]:
    """What a waiver says that covers nothing, or nothing in a file that it names."""
    covered = [finding for finding, by in waived if by is waiver]
    if not covered:
        yield Finding(0, 0, 0, f"waiver {waiver.id} covers nothing any more; take it out of waivers.csv")
        return
    for file in waiver.files:
        if not any(file in finding.files for finding in covered):
            yield Finding(0, 0, 0, f"waiver {waiver.id} covers nothing in {file}; take the file out of it")

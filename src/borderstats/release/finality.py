"""How old the periods were that a source still revised: when a figure counts as final is learned from its own editions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from borderstats.observations import Ints, KeySpace, lookup, sums
from borderstats.package.datasets import Age, Finality
from borderstats.release import disjoint
from borderstats.release.changes import REVISIONS, Changes
from borderstats.release.evidence import Evidence, Finding, Moment, Result
from borderstats.release.vintages import OPEN, History
from borderstats.standard.rules import Final
from borderstats.standard.sources import Source

ENOUGH = 3
"""With fewer editions nothing is learned: two make one comparison."""

_UNTIL = (0, 31, 92, 183, 365, 730, 1096, 1826)
"""The ages, in days after the end of a period, at which the classes of the published evidence end."""


@dataclass(frozen=True)
class Revised:
    """A sum that one edition gives otherwise than the one before it that covers its period: cells that do not overlap, added up.

    `key` has the codes of the sum (all else at its total) and its period; `age`, in days, is how long the period was over on the day of the
    earlier edition (below 0: it was not). `final`: none of its figures was provisional then.
    """

    key: int
    before: int
    after: int
    age: int
    old: int
    new: int
    final: bool

    @property
    def share(self) -> float:
        """The change as a share of the earlier sum."""
        return abs(self.new - self.old) / abs(self.old) if self.old else float("inf")


def revised(history: History, changes: Changes, by: tuple[str, ...] = ()) -> Iterator[Revised]:
    """Every sum by some dimensions and period of which a cell was revised, and that both editions have.

    What a corrected re-issue changes is a correction.
    """
    space = history.space
    found = changes.where(changes.of(*REVISIONS) & changes.counted)
    pairs = np.unique(np.stack((found.after, found.before)), axis=1).T.tolist()
    for after, before in pairs:
        if history.vintages[after].reissue:
            continue
        here = found.where((found.after == after) & (found.before == before))
        key, delta, _ = sums(_slices(space, here.key, by), here.delta)
        known = history.known(before, np.unique(space.period(key)))
        known = known.where(disjoint.among(space, known.key, known.key))
        group, total, _ = sums(_slices(space, known.key, by), known.value)
        old, was = lookup(group, total, key)
        still = np.isin(key, _slices(space, history.vintages[after].observations.key, by))
        provisional = _slices(space, known.key[known.status == space.statuses.provisional], by)
        final = ~np.isin(key, provisional)
        for n in np.flatnonzero(was & still):
            age = (history.vintages[before].as_of - space.calendar.last_day(int(space.period(key[n])))).days
            sum_ = int(old[n])
            yield Revised(int(key[n]), before, after, age, sum_, sum_ + int(delta[n]), bool(final[n]))


def _slices(space: KeySpace, key: Ints, by: tuple[str, ...]) -> Ints:
    """The sums to which cells belong, as the keys at the total of all other dimensions."""
    for name in space.dataset.concepts:
        if name not in by:
            key = space.put(key, name, space.total(name))
    return key


def final(evidence: Evidence, dataset: str, gate: Final) -> Result:
    """No sum of which no figure was provisional is revised by more than a share of it.

    A finding says with which span of provisional periods the source would have told the truth.
    """
    history = evidence.histories[dataset]
    findings = []
    for one in revised(history, evidence.changes[dataset], gate.by):
        if one.final and one.share > gate.share:
            vintage = history.vintages[one.after]
            at = Moment(
                vintage.as_of,
                (vintage.file,),
                {dataset: one.after},
                history.space.period(np.array([one.key])),
            )
            old, new = (history.space.shown(value) for value in (one.old, one.new))
            text = (
                f"counted as final {one.age} days after its end, and was revised from {old} to {new}: "
                f"provisional_days = {one.age + 1} in sources/{vintage.source}.toml would have said so"
            )
            findings.append(Finding(one.key, one.old, one.new, text, at))
    return sum(len(ages) for ages in _ages(history)), findings


def _ages(history: History) -> Iterator[Ints]:
    """For each edition how old the periods were, in days, that it and one before it have; reissues have none."""
    calendar = history.space.calendar
    for number, vintage in enumerate(history.vintages):
        if number and not vintage.reissue:
            covered = vintage.observations.covered
            before = history.compared_with[number, covered]
            yield np.array(
                [
                    (history.vintages[other].as_of - calendar.last_day(period)).days
                    for period, other in zip(covered.tolist(), before.tolist(), strict=True)
                    if other != OPEN
                ],
                np.int64,
            )


def shown(history: History, changes: Changes, sources: Sequence[Source]) -> Finality:
    """What the editions of a dataset show of finality, beside what its sources declare."""
    gate = next((gate for gate in history.space.dataset.gates if isinstance(gate, Final)), None)
    by, share = (gate.by, gate.share) if gate else ((), 0.0)
    found = list(revised(history, changes, by))
    ages = np.concatenate([np.zeros(0, np.int64), *_ages(history)])
    classes = []
    for begin, end in zip((None, *_UNTIL), (*_UNTIL, None), strict=True):
        inside = [one for one in found if _within(one.age, begin, end)]
        looked_at = sum(_within(int(age), begin, end) for age in ages)
        if looked_at:
            largest = max((one.share for one in inside), default=0.0)
            periods = {(one.after, one.key) for one in inside}
            classes.append(
                Age(end, looked_at, len(periods), None if largest == float("inf") else round(largest, 4))
            )
    oldest = max((one.age for one in found if one.share > share), default=None)
    editions = len(history.vintages)
    return Finality(
        declared=max((source.provisional_days for source in sources), default=0) or None,
        reason=" ".join(filter(None, (source.provisional_reason for source in sources))),
        basis="shown" if editions >= ENOUGH and len(ages) else "declared",
        editions=editions,
        share=share,
        oldest_revised=oldest,
        ages=tuple(classes),
    )


def _within(age: int, begin: int | None, end: int | None) -> bool:
    return (begin is None or age > begin) and (end is None or age <= end)

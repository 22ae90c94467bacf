"""The rule that an edition is new: what it says is measured against what this source has ever said and done.

A file can read well and add up, and still be last month's under a new date, or have lost a month, a border or half its list.
What its publisher did on purpose needs a published reason, given with the file or in `waivers.csv`; everything is judged from the dataset's own history.
"""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from borderstats import periods
from borderstats.observations import Ints, Observations, sums, within
from borderstats.release import disjoint
from borderstats.release.changes import MISSING
from borderstats.release.evidence import Evidence, Finding, Moment, Result
from borderstats.release.vintages import History, Vintage
from borderstats.standard.rules import Newness

_LIKE = 36
"""So many of the last changes from period to period are looked at for the largest."""

_NEWEST = 12
"""So many new periods of an edition are looked at; an old one may come late, and then most of the next is new."""

_FEWEST = 12
"""With fewer of them nothing can be said of what is usual."""


def newness(evidence: Evidence, dataset: str, _: Newness) -> Result:
    """Each edition after the first is newer than the ones before it, whole, and no more out of the ordinary than any of them.

    Found are: an edition of which nothing is new in any dataset that its file feeds (what says the same as an edition of its own day
    is that one captured again); a period of which all figures are zero, where others have some; a period missing inside the edition's
    own span; a period or a code that an edition before had and this lacks; a year to date that falls; a change from one period to the
    next larger than the last 36 (of at least 12); a list that shrinks more than any other.
    """
    history = evidence.histories[dataset]
    findings: list[Finding] = []
    compared = 0
    for number, vintage in enumerate(history.vintages):
        last = next(
            (n for n in reversed(range(number)) if history.vintages[n].source == vintage.source), None
        )
        if last is None or not len(vintage.observations):
            continue
        compared += 1
        before = history.vintages[last].observations
        at = Moment(vintage.as_of, (vintage.file,), {dataset: number}, vintage.observations.covered)
        found = [
            *_stale(evidence, history, number),
            *_zeros(vintage.observations),
            *_holes(before, vintage.observations),
            *(_gone(before, vintage.observations) if history.loses[last + 1 : number + 1].any() else ()),
            *_falls(evidence, dataset, number),
            *_jumps(history, number, before),
            *_shrinks(history, number),
        ]
        findings += [Finding(key, old, new, text, at, reason=vintage.reason) for key, old, new, text in found]
    return compared, findings


Found = tuple[int, int, int, str]


def _stale(evidence: Evidence, history: History, number: int) -> Iterator[Found]:
    """That a file has no figure other than was known in any dataset, and is no edition of its own day captured again."""
    vintage = history.vintages[number]
    for other in evidence.histories.values():
        for n, one in enumerate(other.vintages):
            # A list of members can stay as it was, and a re-issue may be the same in most.
            same_is_fine = one.reissue or one.entries
            if one.file == vintage.file and (same_is_fine or n == 0 or other.says_anew[n]):
                return
    if any(_again(one, vintage) for one in history.vintages[:number]):
        return
    yield (
        int(vintage.observations.key[0]),
        0,
        0,
        "no figure of the file is new, though its date is: it may be the last edition again",
    )


def _again(one: Vintage, other: Vintage) -> bool:
    """Whether two are one edition of a source that was captured twice: of the same day, with the same figures."""
    return (one.source, one.as_of) == (other.source, other.as_of) and all(
        np.array_equal(getattr(one.observations, name), getattr(other.observations, name))
        for name in ("key", "value", "status")
    )


def _zeros(now: Observations) -> Iterator[Found]:
    """A period of which every figure is zero, while the one before it has others: a placeholder for what is to come."""
    period = now.space.period(now.key)
    known = now.covered
    some = within(known, period[now.value != 0])
    for kind in periods.KINDS:
        here = periods.of_kind(known, kind)
        one, any_ = known[here], some[here]
        for n in np.flatnonzero(~any_ & np.append(False, any_[:-1])[: len(any_)]):
            key = int(now.key[period == one[n]][0])
            size = int(np.abs(now.value[period == one[n - 1]]).sum())
            yield key, size, 0, f"all figures of {periods.text(int(one[n]))} are zero"


def _holes(before: Observations, now: Observations) -> Iterator[Found]:
    """Periods inside an edition's own span that it lacks, though the edition before had no such hole."""
    for kind in periods.KINDS:
        missing = np.setdiff1d(_missing(now, kind), _missing(before, kind))
        if len(missing):
            yield int(now.key[0]), len(missing), 0, f"it lacks {_spans(missing)} inside its own span"


def _missing(observations: Observations, kind: periods.Kind) -> Ints:
    there = observations.covered[periods.of_kind(observations.covered, kind)]
    if kind in ("day", "week") or len(there) < 2:
        return there[:0]
    return np.setdiff1d(np.arange(there[0], there[-1] + 1), there)


def _gone(before: Observations, now: Observations) -> Iterator[Found]:
    """Codes that the edition before named in periods which this one covers, and this names in none of them."""
    space = now.space
    shared = before.where(within(space.period(before.key), now.covered))
    for dimension in space.dataset.dimensions:
        if dimension.determined_by:
            continue
        concept = dimension.concept
        had, has = (space.digit(side.key, concept) for side in (shared, now))
        size = len(space.codelists[concept].codes)
        gone = (np.bincount(had, minlength=size) > 0) & (np.bincount(has, minlength=size) == 0)
        for place in np.flatnonzero(gone).tolist():
            value = int(shared.value[had == place].sum())
            if value:
                code = space.codelists[concept].codes[place].code
                yield int(shared.key[had == place][0]), value, 0, f"{concept} {code} is gone"


def _falls(evidence: Evidence, dataset: str, number: int) -> Iterator[Found]:
    """A year to date that is lower than it was."""
    space = evidence.histories[dataset].space
    if space.dataset.measure != "flow" or space.dataset.negative:
        return
    changes = evidence.changes[dataset].in_vintage(number)
    fallen = changes.where(changes.of("span") & changes.compared & (changes.delta < 0))
    for n in range(len(fallen)):
        old, new = int(fallen.old[n]), int(fallen.new[n])
        yield (
            int(fallen.key[n]),
            old,
            new,
            f"the year to date fell from {space.shown(old)} to {'nothing' if new == MISSING else space.shown(new)}",
        )


def _jumps(history: History, number: int, before: Observations) -> Iterator[Found]:
    """The change to a period that the edition before lacked, in the sum over all, beyond the largest of the last like changes."""
    space = history.space
    fresh = np.setdiff1d(history.vintages[number].observations.covered, before.covered)
    if space.dataset.negative or not len(fresh):
        return
    now = history.as_of(number)
    for kind in periods.KINDS:
        here = now.where(periods.of_kind(space.period(now.key), kind))
        if kind in ("day", "week") or periods.of_kind(before.covered, kind).sum() < _FEWEST:
            continue
        chosen = here.where(disjoint.among(space, here.key, here.key))
        period, total, _ = sums(space.period(chosen.key), chosen.value)
        # What was not over on the last day of the edition is less than what went before, and will be more.
        over = np.array(
            [space.calendar.last_day(p) <= history.vintages[number].last_day for p in period.tolist()], bool
        )
        steps = np.flatnonzero(
            (period[1:] == period[:-1] + 1) & (total[1:] > 0) & (total[:-1] > 0) & over[1:]
        )
        ratio = np.abs(np.log(total[steps + 1] / total[steps]))
        for n in np.flatnonzero(np.isin(period[steps + 1], fresh))[-_NEWEST:]:
            like = ratio[max(0, n - _LIKE) : n]
            if len(like) >= _FEWEST and ratio[n] > like.max():
                place = steps[n]
                old, new = int(total[place]), int(total[place + 1])
                span = f"{periods.text(int(period[place]))} to {periods.text(int(period[place + 1]))}"
                text = f"{span}: {space.shown(old)} to {space.shown(new)}, more than any of the {len(like)} changes before"
                yield int(chosen.key[space.period(chosen.key) == period[place + 1]][0]), old, new, text


def _shrinks(history: History, number: int) -> Iterator[Found]:
    """A list that loses more of its entries than any other of its source, whether that came before or has come since."""
    vintage = history.vintages[number]
    own = [one for one in history.vintages if one.source == vintage.source]
    counts = [len(one.entries) for one in own]
    lost = [max(0, a - b) / a if a else 0.0 for a, b in itertools.pairwise(counts)]
    at = next(n for n, one in enumerate(own) if one is vintage)
    others = lost[: at - 1] + lost[at:]
    if len(others) >= _FEWEST and lost[at - 1] > max(others):
        text = f"the list fell from {counts[at - 1]:,} to {counts[at]:,} entries"
        yield int(vintage.observations.key[0]), counts[at - 1], counts[at], text


def _spans(period: Sequence[int] | Ints) -> str:
    return ", ".join(periods.text(int(one)) for one in period[:3]) + (
        f" and {len(period) - 3} more" if len(period) > 3 else ""
    )

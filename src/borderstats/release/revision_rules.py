"""The rules about vintages: what a later file may change of what an earlier one said."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from borderstats.observations import Flags, Ints, KeySpace, Observations, Small, lookup, sums, within
from borderstats.periods import YearKind
from borderstats.release.changes import IMPOSSIBLE, MISSING, Changes
from borderstats.release.evidence import Evidence, Finding, Moment, Result, Sums, added_up, series
from borderstats.release.vintages import OPEN, History
from borderstats.standard.rules import ClosedYears, RevisionsRecorded, RevisionsWithin


def closed_years(evidence: Evidence, dataset: str, _: ClosedYears) -> Result:
    """A fiscal year without a provisional figure in one vintage has the same figures in every later one.

    What a corrected re-issue of the same day changes is a correction, whose reason is published.
    """
    history, found = evidence.histories[dataset], evidence.changes[dataset]
    space = history.space
    year_of = space.calendar.fiscal_years
    revised_year = year_of(space.period(found.key))
    reissues = np.array([vintage.reissue for vintage in history.vintages])
    years = year_of(history.periods)
    provisional = history.stated((history.status == evidence.statuses.provisional).astype(np.int64)) > 0
    cells = history.stated(np.ones(len(history), np.int64))
    compared, findings = 0, []
    for number, vintage in enumerate(history.vintages[:-1]):
        open_years = np.unique(years[provisional[number]])
        later = (cells[number + 1 :] > 0).any(axis=0)
        compared += int(cells[number, later & ~np.isin(years, open_years)].sum())
        revised = (
            (found.before == number)
            & (found.of("changed", "new", "vanished") | (found.of("named") & (found.new == MISSING)))
            & ~np.isin(revised_year, open_years)
            & ~reissues[found.after]
        )
        findings += [
            Finding(
                int(found.key[n]),
                int(found.old[n]),
                int(found.new[n]),
                f"closed in the file as of {vintage.as_of}, yet changed by {found.delta[n]:+,}",
                _brought(history, int(found.after[n])),
            )
            for n in np.flatnonzero(revised)
        ]
    return compared, findings


def revisions_within(evidence: Evidence, dataset: str, gate: RevisionsWithin) -> Result:
    """No later vintage changes the figure of a code for a year that was over by more than tolerance and share.

    Each dimension in `by` (all, if none is named) is looked at by itself, the others at their total. A code that only
    one of the two vintages names is counted with `rest`; without a rest it is not compared. Nor is a sum of which
    a part is not told, or a corrected re-issue with what it corrects.
    """
    history = evidence.histories[dataset]
    calendar = history.space.calendar
    kind = calendar.year_kind(history.periods)
    year = calendar.holding(history.periods, kind)
    year = np.where(year > 0, year, history.periods)
    compared, findings = 0, []
    for number in range(1, len(history.vintages)):
        if history.vintages[number].reissue:
            continue
        touched = year[np.isin(history.periods, history.touched(number))]
        ended = history.vintages[number - 1].as_of
        over = [one for one in np.unique(touched).tolist() if calendar.last_day(one) < ended]
        wanted = history.periods[np.isin(year, over)]
        before, now = (
            _in_the_same_prices(history, number, history.known(n, wanted)) for n in (number - 1, number)
        )
        shared = np.intersect1d(before.covered, history.vintages[number].observations.covered)
        before, now = (one.where(within(one.space.period(one.key), shared)) for one in (before, now))
        for concept in gate.by or history.space.dataset.concepts if len(shared) else ():
            names = [_named(history, n, gate, concept) for n in (number - 1, number)]
            count, failed = _revised(before, now, np.intersect1d(names[0], names[1]), gate, concept, kind)
            compared += count
            findings += [replace(finding, moment=_brought(history, number)) for finding in failed]
    return compared, findings


def _brought(history: History, number: int) -> Moment:
    """When a vintage came, for what it did."""
    vintage = history.vintages[number]
    return Moment(vintage.as_of, (vintage.file,), {history.space.dataset.id: number})


def _in_the_same_prices(history: History, number: int, observations: Observations) -> Observations:
    """Figures without those that a vintage has in other prices than the one before it."""
    before, now = (history.vintages[n].bases for n in (number - 1, number))
    return observations.where(~before.repriced(now, observations.key)) if before and now else observations


def _named(history: History, vintage: int, gate: RevisionsWithin, concept: str) -> Ints:
    """The codes of a dimension that a vintage names, the other dimensions being at their total."""
    space, series = history.space, history.series(vintage)
    return np.unique(space.digit(series[added_up(space, series, gate.where, (concept,), (space,))], concept))


def _revised(
    before: Observations, now: Observations, both: Ints, gate: RevisionsWithin, concept: str, kind: YearKind
) -> Result:
    """Where a dimension's figures by year differ by more than the gate allows; `both` are the codes that both name."""
    space = now.space
    sides = [series(side, gate.where, (concept,), space, space, kind) for side in (before, now)]
    rest = next((n for n, code in enumerate(space.codelists[concept].codes) if code.code == gate.rest), None)
    sides = [_named_by_both(side, both, space, concept, rest) for side in sides]
    every = np.union1d(sides[0].key, sides[1].key)
    every = np.setdiff1d(every, np.concatenate([side.untold for side in sides]))
    old, new = (lookup(side.key, side.value, every)[0] for side in sides)
    allowed = np.maximum(gate.tolerance * 10**space.dataset.decimals, gate.share * np.abs(old))
    return len(every), [
        Finding(
            int(every[n]),
            int(old[n]),
            int(new[n]),
            f"revised from {space.shown(int(old[n]))} to {space.shown(int(new[n]))} after the year was over",
        )
        for n in np.flatnonzero(np.abs(new - old) > allowed)
    ]


def _named_by_both(side: Sums, both: Ints, space: KeySpace, concept: str, rest: int | None) -> Sums:
    """The sums of the codes that both vintages name. One that only this names is counted with the rest, if both name that;
    else it is left out.
    """
    keys = [side.key, side.untold]
    if rest is not None:
        keys = [
            np.where(np.isin(space.digit(k, concept), both), k, space.put(k, concept, rest)) for k in keys
        ]
    named = np.isin(space.digit(keys[0], concept), both)
    return Sums(*sums(keys[0][named], side.value[named]), np.unique(keys[1]))


def revisions_recorded(evidence: Evidence, dataset: str, _: RevisionsRecorded) -> Result:
    """History and revision log tell the whole story: they lead from each vintage to the next, cell by cell.

    The log is replayed at every cell of which the history or the log says that it became otherwise. That the history has what each
    vintage says, and nothing else, is seen from sums over marks of the observations (64 bits for each).
    """
    history, found = evidence.histories[dataset], evidence.changes[dataset]
    stated, held = _marks(history)
    unmarked = [number for number in range(len(history.vintages)) if stated[number] != held[number]]
    wrong = _unled(history, found)
    findings = []
    for number in sorted({*unmarked, *wrong}):
        vintage = history.vintages[number]
        key, expected, led = wrong.get(number, (int(vintage.observations.key[0]), 0, 0))
        text = f"the log does not lead to the figures of {vintage.file}"
        findings.append(Finding(key, expected, led, text, _brought(history, number)))
    return sum(len(vintage.observations) for vintage in history.vintages), findings


def _unled(history: History, found: Changes) -> dict[int, tuple[int, int, int]]:
    """Each vintage to which the log does not lead from those before it: the first such cell, its figure, and what the log leads to."""
    steps = len(history.vintages) + 1
    fresh_at = history.compared_with == OPEN
    late = ~fresh_at[history.first, history.space.period(history.key)]
    ended = history.until != OPEN
    cells = np.unique(np.concatenate((found.key, history.key[late], history.key[ended])))
    mine = lookup(cells, cells, history.key)[1]
    value, until = (np.append(column[mine], OPEN) for column in (history.value, history.until))

    def pair(key: Ints, vintage: Ints | Small) -> Ints:
        return np.searchsorted(cells, key) * steps + vintage + 1

    runs = np.append(pair(history.key[mine], history.first[mine]), OPEN)

    def known(pairs: Ints) -> tuple[Ints, Flags]:
        """The figure of each cell at each vintage, and whether there is one."""
        place = np.searchsorted(runs[:-1], pairs, side="right") - 1
        there = runs[place] // steps == pairs // steps
        there &= (until[place] == OPEN) | (until[place] >= pairs % steps)
        return np.where(there, value[place], 0), there

    log = pair(found.key, found.after)
    order = np.argsort(log, kind="stable")
    turns = (pair(history.key[late], history.first[late]), pair(history.key[ended], history.until[ended]))
    asked = np.unique(np.concatenate((log, *turns)))
    key, vintage = cells[asked // steps], asked % steps - 1
    before, was = known(asked - 1)
    now, is_ = known(asked)
    told, logged = lookup(log[order], found.new[order], asked)
    fresh = fresh_at[vintage, history.space.period(key)]
    led = np.where(logged, np.where(told <= IMPOSSIBLE, 0, told), np.where(fresh, now, before))
    leads = np.where(logged, told != MISSING, np.where(fresh, is_, was))
    wrong = np.flatnonzero((logged & fresh) | (leads != is_) | (leads & (led != now)))
    return {int(vintage[n]): (int(key[n]), int(now[n]), int(led[n])) for n in wrong[::-1].tolist()}


def _marks(history: History) -> tuple[list[int], list[int]]:
    """For each vintage the sum of the marks of its observations, and the same as the history has them."""
    stated = [
        _sum(_mark(v.observations.key, v.observations.value, v.observations.status)) for v in history.vintages
    ]
    held = history.stated(_mark(history.key, history.value, history.status).view(np.int64))
    return stated, [_sum(line.view(np.uint64)) for line in held]


def _mark(key: Ints, value: Ints, status: Small) -> npt.NDArray[np.uint64]:
    """64 bits of each observation, mixed as SplitMix64 does (Steele, Lea, Flood 2014)."""
    mixed = key.astype(np.uint64)
    for more in (value, status):
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed += more.astype(np.uint64)
    return mixed * np.uint64(0x9E3779B97F4A7C15) ^ (mixed >> np.uint64(31))


def _sum(marks: npt.NDArray[np.uint64]) -> int:
    return int(np.add.reduce(marks, dtype=np.uint64))

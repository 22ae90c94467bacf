"""The rules about vintages: what a later file may change of what an earlier one said."""

import numpy as np

from borderstats import periods
from borderstats.observations import Ints, KeySpace, Observations, lookup, sums, within
from borderstats.periods import YearKind
from borderstats.release.evidence import Evidence, Finding, Result, Sums, series
from borderstats.release.vintages import MISSING, UNTOLD
from borderstats.standard.rules import ClosedYears, RevisionsRecorded, RevisionsWithin


def closed_years(evidence: Evidence, dataset: str, _: ClosedYears) -> Result:
    """A fiscal year without a provisional figure in one vintage has the same figures in every later one."""
    history, found = evidence.histories[dataset], evidence.changes[dataset]
    space = history.space
    year_of = space.calendar.fiscal_years
    revised_year = year_of(space.period(found.key))
    compared, findings = 0, []
    for number, vintage in enumerate(history.vintages[:-1]):
        observations = vintage.observations
        period = space.period(observations.key)
        open_years = np.unique(year_of(period[observations.status == evidence.statuses.provisional]))
        later = np.unique(np.concatenate([v.observations.covered for v in history.vintages[number + 1 :]]))
        closed = later[~np.isin(year_of(later), open_years)]
        compared += int(within(period, closed).sum())
        revised = (
            (found.before == number)
            & found.of("changed", "new", "vanished")
            & ~np.isin(revised_year, open_years)
        )
        findings += [
            Finding(
                int(found.key[n]),
                int(found.old[n]),
                int(found.new[n]),
                f"closed in the file as of {vintage.as_of}, yet changed by {found.delta[n]:+,}",
            )
            for n in np.flatnonzero(revised)
        ]
    return compared, findings


def revisions_within(evidence: Evidence, dataset: str, gate: RevisionsWithin) -> Result:
    """No later vintage changes the figure of a code for a year that was over by more than tolerance and share.

    Each dimension in `by` (all, if none is named) is looked at by itself, the others at their total. A code that only
    one of the two vintages names is counted with `rest`; without a rest it is not compared. Nor is a sum of which
    a part is not told.
    """
    history = evidence.histories[dataset]
    calendar = history.space.calendar
    compared, findings = 0, []
    for number in range(1, len(history.vintages)):
        before, now = history.as_of(number - 1), history.vintages[number].observations
        shared = np.intersect1d(before.covered, now.covered)
        ended = history.vintages[number - 1].as_of
        kind = calendar.year_kind(now.covered)
        years = zip(shared.tolist(), calendar.holding(shared, kind).tolist(), strict=True)
        over = [p for p, year in years if calendar.last_day(year or p) < ended]
        pair = [o.where(within(history.space.period(o.key), np.array(over, np.int64))) for o in (before, now)]
        for concept in gate.by or history.space.dataset.concepts:
            count, failed = _revised(pair[0], pair[1], gate, concept, kind)
            compared += count
            findings += failed
    return compared, findings


def _revised(
    before: Observations, now: Observations, gate: RevisionsWithin, concept: str, kind: YearKind
) -> Result:
    """Where a dimension's figures by year differ by more than the gate allows."""
    space = now.space
    sides = [series(side, gate.where, (concept,), space, space, kind) for side in (before, now)]
    rest = next((n for n, code in enumerate(space.codelists[concept].codes) if code.code == gate.rest), None)
    both = np.intersect1d(sides[0].key // periods.SPAN, sides[1].key // periods.SPAN)
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
    """The sums of the series that both vintages name. One that only this names is counted with the rest, if both name that;
    else it is left out.
    """
    keys = [side.key, side.untold]
    if rest is not None:
        keys = [np.where(np.isin(k // periods.SPAN, both), k, space.put(k, concept, rest)) for k in keys]
    named = np.isin(keys[0] // periods.SPAN, both)
    return Sums(*sums(keys[0][named], side.value[named]), np.unique(keys[1]))


def revisions_recorded(evidence: Evidence, dataset: str, _: RevisionsRecorded) -> Result:
    """History and revision log tell the whole story: they lead from each vintage to the next, cell by cell."""
    history, found = evidence.histories[dataset], evidence.changes[dataset]
    space = history.space
    compared, findings = 0, []
    key, value = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for number, vintage in enumerate(history.vintages):
        now = vintage.observations
        compared += len(now)
        fresh = ~within(space.period(now.key), np.unique(space.period(key)))
        brought = found.in_vintage(number)
        there = brought.new != MISSING
        stays = np.ones(len(key), bool)
        stays[np.searchsorted(key, brought.key[lookup(key, value, brought.key)[1]])] = False
        key = np.concatenate((key[stays], brought.key[there], now.key[fresh]))
        figures = np.where(brought.new[there] == UNTOLD, 0, brought.new[there])
        value = np.concatenate((value[stays], figures, now.value[fresh]))
        order = np.argsort(key, kind="stable")
        key, value = key[order], value[order]
        covered = within(space.period(key), now.covered)
        stated = history.as_of(number)
        from_history = stated.where(within(space.period(stated.key), now.covered))
        same = [np.array_equal(key[covered], now.key), np.array_equal(value[covered], now.value)]
        same += [np.array_equal(from_history.key, now.key), np.array_equal(from_history.value, now.value)]
        if not all(same):
            text = f"the log does not lead to the figures of {vintage.file}"
            findings.append(Finding(int(now.key[0]), len(now), int(covered.sum()), text))
    return compared, findings

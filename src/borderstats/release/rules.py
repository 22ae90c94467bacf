"""The rules that gates are made of: each compares cells and returns how many, and those that do not fit.

A rule is a function of the evidence and a gate with its parameters; which gates a dataset has stands in the standard.
"""

import numpy as np

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, Observations, lookup, sums, within
from borderstats.periods import MonthsKind
from borderstats.release.evidence import PARTS, Evidence, Finding, Result, Sums
from borderstats.release.vintages import History
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import Check
from borderstats.standard.rules import (
    Additive,
    CheckValues,
    CodesValid,
    Determined,
    MonthsMakeYear,
    OfParts,
    OnlyWith,
    OnlyWithin,
    PartsWithinWhole,
    YearBetweenMonths,
)


def additive(evidence: Evidence, dataset: str, gate: Additive) -> Result:
    """The parts of a dimension add up to its published total or to another code, in every series that has one.

    What rounding explains is half a unit of rounding for each code that the dimension ever has and one for the
    total: a code that rounds to nothing is absent, but it counts. Where a part has no figure, there is no sum.
    """
    key, parts, whole, allowed = _parts_and_whole(evidence, dataset, gate, complete=True)
    shown = evidence.known(dataset).space.shown
    return len(key), [
        Finding(
            int(key[n]),
            int(whole[n]),
            int(parts[n]),
            f"the parts add up to {shown(int(parts[n]))}, the total printed is {shown(int(whole[n]))}",
        )
        for n in np.flatnonzero(np.abs(whole - parts) > allowed)
    ]


def parts_within_whole(evidence: Evidence, dataset: str, gate: PartsWithinWhole) -> Result:
    """The parts of a dimension add up to no more than the whole, which holds others that are not printed."""
    key, parts, whole, allowed = _parts_and_whole(evidence, dataset, gate, complete=False)
    shown = evidence.known(dataset).space.shown
    return len(key), [
        Finding(
            int(key[n]),
            int(whole[n]),
            int(parts[n]),
            f"the parts add up to {shown(int(parts[n]))}, more than the whole of {shown(int(whole[n]))}",
        )
        for n in np.flatnonzero(parts > whole + allowed)
    ]


def _parts_and_whole(
    evidence: Evidence, dataset: str, gate: OfParts, *, complete: bool
) -> tuple[Ints, Ints, Ints, int]:
    """Keys of wholes, the sum of their parts, the figure printed, and by how much the two may differ.

    `complete`: without the sums of which a part has no figure.
    """
    latest = evidence.known(dataset)
    space = latest.space
    named = evidence.series(dataset)
    named = named[space.matches(named, gate.where)]
    has_whole = space.matches(named, {gate.dimension: gate.whole})
    has_part = space.matches(named, {gate.dimension: gate.parts}) if gate.parts else ~has_whole
    chosen = latest.where(space.matches(latest.key, gate.where))
    is_whole = space.matches(chosen.key, {gate.dimension: gate.whole})
    is_part = space.matches(chosen.key, {gate.dimension: gate.parts}) if gate.parts else ~is_whole
    parts, whole = chosen.where(is_part), chosen.where(is_whole)
    place = space.number(gate.dimension, gate.whole)
    summed, values, _ = sums(space.put(parts.key, gate.dimension, place), parts.value)
    divided = np.unique(space.put(named[has_part], gate.dimension, place))
    split = within(space.period(whole.key), parts.covered) & np.isin(_series(whole.key), divided)
    key = np.union1d(summed, whole.key[split]) if complete else summed
    if gate.both:
        key = np.intersect1d(summed, whole.key)
    value, _ = lookup(summed, values, key)
    unknown = np.isin(parts.status, evidence.statuses.untold) & complete
    incomplete = space.put(parts.key[unknown], gate.dimension, place)
    whole_known = np.isin(_series(key), named[has_whole]) & ~np.isin(key, incomplete)
    key, value = key[whole_known], value[whole_known]
    expected, _ = lookup(whole.key, whole.value, key)
    unprinted = whole.key[np.isin(whole.status, evidence.statuses.untold)]
    known = ~np.isin(key, unprinted)
    codes = len(np.unique(space.digit(named[has_part], gate.dimension)))
    return key[known], value[known], expected[known], gate.tolerance + _rounding(latest, codes + 1)


def _series(key: Ints) -> Ints:
    """Keys without their period."""
    return key - key % periods.SPAN


def months_make_year(evidence: Evidence, dataset: str, gate: MonthsMakeYear) -> Result:
    """The months, and the quarters, of a year add up to the year, in every cell of a year of which there are any.

    A cell of which the year or a part is not told has no sum.
    """
    compared, findings = 0, []
    for part in PARTS:
        count, failed = _parts_make_year(evidence, dataset, gate, part)
        compared += count
        findings += failed
    return compared, findings


def _parts_make_year(evidence: Evidence, dataset: str, gate: MonthsMakeYear, part: MonthsKind) -> Result:
    latest = evidence.known(dataset)
    space = latest.space
    latest = latest.where(space.matches(latest.key, gate.where))
    period = space.period(latest.key)
    year = space.calendar.holding(period, space.calendar.year_kind(period))
    is_part = periods.of_kind(period, part) & (year > 0)
    year_key = (latest.key - period + year)[is_part]
    key, value, _ = sums(year_key, latest.value[is_part])
    untold = np.isin(latest.status, evidence.statuses.untold)
    annual = latest.where(periods.is_annual(period) & ~untold)
    covered = np.isin(space.period(annual.key), year[is_part])
    annual = annual.where(covered & ~np.isin(annual.key, year_key[untold[is_part]]))
    found, there = lookup(key, value, annual.key)
    allowed = gate.tolerance + _rounding(latest, 13 if part == "month" else 5)
    bad = np.abs(found - annual.value) > allowed
    return int(there.sum()), [
        Finding(
            int(annual.key[n]),
            int(annual.value[n]),
            int(found[n]),
            f"the {part}s add up to {space.shown(int(found[n]))}, the year printed is {space.shown(int(annual.value[n]))}",
        )
        for n in np.flatnonzero(bad)
    ]


def determined(evidence: Evidence, dataset: str, gate: Determined) -> Result:
    """A dimension's code is the one that a table gives for the codes of others."""
    latest = evidence.known(dataset)
    space = latest.space
    right = np.zeros(len(latest), bool)
    for row in gate.table:
        right |= space.matches(latest.key, row)
    return len(latest), [
        Finding(
            int(latest.key[n]),
            0,
            int(latest.value[n]),
            f"{gate.dimension} does not follow from the other codes",
        )
        for n in np.flatnonzero(~right)
    ]


def only_within(evidence: Evidence, dataset: str, gate: OnlyWithin) -> Result:
    """Cells with certain codes are zero outside a span of periods."""
    latest = evidence.known(dataset)
    selected = latest.where(latest.space.matches(latest.key, gate.where))
    period = latest.space.period(selected.key)
    outside = ~latest.space.calendar.overlaps(period, gate.start, gate.end)
    return len(selected), [
        Finding(
            int(selected.key[n]),
            0,
            int(selected.value[n]),
            f"{selected.space.shown(int(selected.value[n]))} outside {gate.start} to {gate.end}",
        )
        for n in np.flatnonzero(outside & (selected.value != 0))
    ]


def only_with(evidence: Evidence, dataset: str, gate: OnlyWith) -> Result:
    """Cells with certain codes occur only together with certain codes of other dimensions."""
    latest = evidence.known(dataset)
    selected = latest.where(latest.space.matches(latest.key, gate.where))
    right = latest.space.matches(selected.key, gate.codes)
    allowed = ", ".join(f"{concept} {' or '.join(codes)}" for concept, codes in gate.codes.items())
    return len(selected), [
        Finding(int(selected.key[n]), 0, int(selected.value[n]), f"occurs only with {allowed}")
        for n in np.flatnonzero(~right & (selected.value != 0))
    ]


def year_between_months(evidence: Evidence, dataset: str, gate: YearBetweenMonths) -> Result:
    """A year's average in another dataset lies between the lowest and the highest of its months here.

    Without a figure for one of the months or for the year, there is nothing to compare.
    """
    monthly, yearly = _known(evidence.known(dataset)), _known(evidence.known(gate.dataset))
    space = monthly.space
    period = space.period(monthly.key)
    compared, findings = 0, []
    for key, value in zip(yearly.key, yearly.value, strict=True):
        year = int(yearly.space.period(key))
        inside = np.isin(period, space.calendar.parts(year, "month"))
        months = monthly.value[inside]
        if len(months) == len(space.calendar.parts(year, "month")) > 1:
            compared += 1
            if not months.min() <= value <= months.max():
                cell = int(monthly.key[inside][0]) // periods.SPAN * periods.SPAN + year
                text = f"{value:,} in {gate.dataset}, the months lie between {months.min():,} and {months.max():,}"
                findings.append(Finding(cell, int(value), int(months.max()), text))
    return compared, findings


def check_values(evidence: Evidence, dataset: str, _: CheckValues) -> Result:
    """Published figures come out as of some day: a flow's months or quarters add up to the year, and dimensions to their totals.

    A figure was published once; what its publisher revises later does not make it false. So each is looked for in what is known
    now, and if it is not there, in what was known as of each earlier vintage, the newest first.
    """
    history = evidence.histories[dataset]
    checks = [check for check in evidence.checks if check.dataset == dataset]
    findings = []
    for check in checks:
        figures = _figures(history, check)
        if _reproduced(history.space, check, figures).any():
            continue
        space, period = history.space, periods.parse(check.period)
        value = int(figures.value[-1])
        codes: dict[str, Ints | int] = {
            c: space.number(c, check.key.get(c, TOTAL)) for c in space.dataset.concepts
        }
        here = "no figure" if figures.untold[-1] else f"{space.amount(value):,}"
        text = f"{check.id}: {check.value:,} published, {here} here; {check.source}"
        wanted_value = round(check.value * 10**space.dataset.decimals)
        findings.append(Finding(int(space.encode(codes, period)), wanted_value, value, text))
    return len(checks), findings


def _figures(history: History, check: Check) -> Sums:
    """What each vintage says of a check value: its own cells, else those of its months or quarters; none at all are zero."""
    space, period = history.space, periods.parse(check.period)
    spans = [np.array([period])]
    if space.dataset.measure == "flow":
        spans += [np.array(space.calendar.parts(period, part), np.int64) for part in PARTS]
    found = np.zeros((3, len(history.vintages)), np.int64)
    there = np.zeros(len(history.vintages), bool)
    for span in spans:
        runs = history.of_periods(span)
        own = runs[space.at_total(history.key[runs], check.key)]
        lacking = np.isin(history.status[own], space.statuses.untold).astype(np.int64)
        amounts = (history.value[own], np.ones(len(own), np.int64), lacking)
        found += np.where(there, 0, [history.over_time(own, amount) for amount in amounts])
        there |= history.over_time(runs, np.ones(len(runs), np.int64)) > 0
    return Sums(np.arange(len(there)), *found)


def _reproduced(space: KeySpace, check: Check, figures: Sums) -> Flags:
    """Which vintages give a check value, as far as its rounding and theirs allow."""
    scale, rounding = 10**space.dataset.decimals, space.dataset.rounding
    slack = figures.terms * rounding // 2 if rounding > 1 else 0
    off = np.abs(figures.value - round(check.value * scale))
    given: Flags = (figures.untold == 0) & (off <= np.maximum(check.tolerance * scale, slack))
    return given


def codes_valid(evidence: Evidence, dataset: str, _: CodesValid) -> Result:
    """Every code is valid in the period of its cell."""
    latest = evidence.known(dataset)
    space = latest.space
    findings = []
    period, days = space.period(latest.key), space.calendar.days
    for concept in space.dataset.concepts:
        codes = space.codelists[concept].codes
        place = space.digit(latest.key, concept)
        invalid = np.zeros(len(latest), bool)
        for number, code in enumerate(codes):
            if code.valid_from or code.valid_to:
                valid = np.array([p for p in latest.covered if code.valid_in(days(int(p)))], np.int64)
                invalid |= (place == number) & ~within(period, valid)
        for n in np.flatnonzero(invalid & (latest.value != 0)):
            code = codes[int(place[n])]
            text = (
                f"{concept} {code.code} is valid from {code.valid_from or 'ever'} to {code.valid_to or 'now'}"
            )
            findings.append(Finding(int(latest.key[n]), 0, int(latest.value[n]), text))
    return len(latest) * len(space.dataset.concepts), findings


def _known(observations: Observations) -> Observations:
    """Those that have a figure, or can have none."""
    return observations.where(~np.isin(observations.status, observations.space.statuses.untold))


def _rounding(observations: Observations, terms: int) -> int:
    """By how much a sum of rounded terms may miss, in units: half a rounding step for each."""
    rounding = observations.space.dataset.rounding
    return terms * rounding // 2 if rounding > 1 else 0

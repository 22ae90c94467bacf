"""Gates at every moment against the obvious way: every rule over everything that was known as of every day."""

import datetime
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from borderstats.release import gates
from borderstats.release.changes import changes
from borderstats.release.evidence import Evidence, Moment
from borderstats.release.moments import moments
from borderstats.release.registry import OF_HISTORIES, RULES
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.rules import Additive, AgreesWith, MonthsMakeYear, OnlyWithin

DATASET = "ohss-usbp-encounters"
GATES = (
    Additive(name="a", sentence="a", dimension="region", whole="_T", tolerance=0),
    MonthsMakeYear(name="m", sentence="m", tolerance=0),
    MonthsMakeYear(name="s", sentence="s", tolerance=0, where={"region": ("SW",)}),
    OnlyWithin(name="w", sentence="w", where={"region": ("SW",)}, start="2020-01", end="2020-12"),
)
PERIODS = ("FY2020", *(f"2019-{month}" for month in (10, 11, 12)), "2020-01", "2021-01", "2020-02")
FIGURES = (0, 100, 200, 300)
"""Further apart than the rounding of the dataset explains."""

CELLS = st.dictionaries(
    st.tuples(st.sampled_from(("SW", "NORTH", "_T")), st.sampled_from(PERIODS)),
    st.sampled_from(FIGURES),
    min_size=1,
)


def history(observe, editions, dataset=DATASET, late=0):
    observations = [
        observe(dataset, *(({"region": region}, period, value) for (region, period), value in cells.items()))
        for cells in editions
    ]
    first = datetime.date(2024, 1, 1 + late)
    return history_of(
        observations[0].space,
        [
            Vintage(first + datetime.timedelta(n // 2 if n < 2 else n), f"{n}.csv", one)
            for n, one in enumerate(observations)
        ],
    )


def evidence_of(standard, *histories):
    named = {one.space.dataset.id: one for one in histories}
    return Evidence(named, {name: changes(one) for name, one in named.items()}, (), standard.statuses)


@pytest.mark.slow
@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
@settings(max_examples=50)
@given(editions=st.lists(CELLS, min_size=1, max_size=5))
def test_what_is_wrong_as_of_any_day_is_found_with_the_edition_that_brought_it(
    standard, observe, gate, editions
):
    one = history(observe, editions)
    evidence = evidence_of(standard, one)
    _, found = gates.judged(evidence, DATASET, gate)
    every = {}
    for number, vintage in enumerate(one.vintages):
        whole = Moment(vintage.as_of, (vintage.file,), {DATASET: number}, one.periods)
        _, wrong = RULES[type(gate)](replace(evidence, moment=whole), DATASET, gate)
        every[vintage.file] = {(finding.key, finding.expected, finding.found) for finding in wrong}
    brought = {}
    for finding in found:
        brought.setdefault(finding.files[0], set()).add((finding.key, finding.expected, finding.found))
    before = set()
    for file, wrong in every.items():
        # What is new has been brought by this edition, and nothing is found in it that is not wrong.
        assert wrong - before <= brought.get(file, set()) <= wrong
        before = wrong


@pytest.mark.slow
@settings(max_examples=100)
@given(
    here=st.lists(CELLS, min_size=1, max_size=4),
    there=st.lists(CELLS, min_size=1, max_size=4),
    late=st.integers(0, 3),
)
@example(
    here=[{("SW", "2020-01"): 100}, {("SW", "2020-01"): 100}, {("NORTH", "2020-02"): 100}],
    there=[{("SW", "2020-01"): 100, ("SW", "2020-02"): 200}],
    late=0,
)
def test_what_two_datasets_give_otherwise_as_of_any_day_is_found(standard, observe, here, there, late):
    """They are compared at one code: what changes at others is looked at only where it makes a period known or unknown."""
    other = "usbp-encounters-sector"
    sides = [
        [{cell: figure for cell, figure in one.items() if cell[1] != "FY2020"} for one in editions]
        for editions in (here, there)
    ]
    assume(all(all(side) for side in sides))
    one, two = history(observe, sides[0]), history(observe, sides[1], other, late)
    gate = AgreesWith(
        name="g",
        sentence="g",
        dataset=other,
        by=(),
        where={"region": ("SW",)},
        other_where={"region": ("SW",)},
    )
    evidence = evidence_of(standard, one, two)
    _, found = gates.judged(evidence, DATASET, gate)
    brought = {}
    for finding in found:
        at = (finding.moment.as_of, *finding.moment.newest.values())
        brought.setdefault(at, set()).add((finding.key, finding.expected, finding.found))
    before = set()
    for moment in moments(evidence, (DATASET, other), years=False):
        whole = replace(moment, periods=np.union1d(one.periods, two.periods))
        _, wrong = RULES[AgreesWith](replace(evidence, moment=whole), DATASET, gate)
        wrong = {(finding.key, finding.expected, finding.found) for finding in wrong}
        now = brought.get((moment.as_of, *moment.newest.values()), set())
        assert wrong - before <= now <= wrong
        before = wrong


@settings(max_examples=50)
@given(editions=st.lists(CELLS, min_size=1, max_size=5))
def test_what_was_known_of_some_periods_is_what_was_known_of_them(observe, editions):
    one = history(observe, editions)
    for number in range(len(one.vintages)):
        whole = one.as_of(number)
        for wanted in (one.periods, one.periods[::2], one.touched(number)):
            part = whole.where(np.isin(one.space.period(whole.key), wanted))
            known = one.known(number, wanted)
            assert [known.key.tolist(), known.value.tolist()] == [part.key.tolist(), part.value.tolist()]


@settings(max_examples=50)
@given(editions=st.lists(CELLS, min_size=2, max_size=5))
def test_an_edition_touches_the_periods_of_which_it_says_anything_otherwise(observe, editions):
    one = history(observe, editions)
    for number in range(1, len(one.vintages)):
        before, now = (
            dict(zip(o.key.tolist(), o.value.tolist(), strict=True))
            for o in (one.as_of(number - 1), one.as_of(number))
        )
        other = {key for key in {*before, *now} if before.get(key) != now.get(key)}
        assert {int(one.space.period(np.array([key]))[0]) for key in other} <= set(
            one.touched(number).tolist()
        )


def test_a_gate_of_two_datasets_looks_whenever_either_changes(standard, observe):
    def history_on(name, **figures):
        days = [datetime.date.fromisoformat(day.strip("_").replace("_", "-")) for day in figures]
        editions = [observe(name, ({}, "FY2020", value)) for value in figures.values()]
        vintages = [Vintage(day, str(day), one) for day, one in zip(days, editions, strict=True)]
        return history_of(editions[0].space, vintages)

    here = history_on(DATASET, _2024_01_31=1, _2024_03_31=2)
    there = history_on("usbp-apprehensions-nation", _2024_02_29=1, _2024_03_31=1, _2024_04_30=3)
    evidence = evidence_of(standard, here, there)
    names = (DATASET, "usbp-apprehensions-nation")
    found = [(str(m.as_of), [m.newest[name] for name in names]) for m in moments(evidence, names, years=True)]
    # As of January nothing was known of the nation.
    assert found == [("2024-02-29", [0, 0]), ("2024-03-31", [1, 1]), ("2024-04-30", [1, 2])]


def test_every_rule_of_a_moment_can_be_asked_at_one(standard):
    """Rules of histories look at all vintages themselves; of the others none may look at what came later."""
    of_moments = {kind for kind in RULES if not issubclass(kind, OF_HISTORIES)}
    assert {kind.__struct_config__.tag for kind in of_moments} == {
        "additive", "parts_within_whole", "months_make_year", "determined", "only_within", "only_with", "agrees_with",
        "year_between_months", "codes_valid",
    }  # fmt: skip

"""Two datasets of two days: equal where they speak of one day or of years that are closed, else as near as they revise."""

import datetime
import math

import pytest

from borderstats.release import gates
from borderstats.release.changes import changes
from borderstats.release.evidence import Evidence
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.rules import AgreesWith

HERE, THERE = "cbp-encounters-state", "cbp-encounters-southwest"
GATE = AgreesWith(
    name="agrees", sentence="They agree.", dataset=THERE, by=("demographic",), where={"region": ("SW",)}
)
CODES = {"citizenship": "MEX", "title": "T8", "demographic": "SA"}


@pytest.fixture
def judged(standard, observe):
    """A function from editions, each a day and figures by (region, period) with their status, to what the gate finds."""

    def history(name, editions, also):
        vintages = []
        for day, figures in editions.items():
            rows = [
                (
                    {**CODES, "region": region, **also},
                    period,
                    *(figure if isinstance(figure, tuple) else (figure,)),
                )
                for (region, period), figure in figures.items()
            ]
            vintages.append(Vintage(datetime.date.fromisoformat(day), f"{name}-{day}", observe(name, *rows)))
        return history_of(vintages[0].observations.space, vintages)

    def judge(here, there):
        one = history(HERE, here, {"state": "TX"})
        other = history(THERE, there, {"component": "USBP", "encounter_type": "APP"})
        named = {HERE: one, THERE: other}
        evidence = Evidence(
            named, {name: changes(each) for name, each in named.items()}, (), standard.statuses
        )
        compared, found = gates.judged(evidence, HERE, GATE)
        return compared, [(str(f.moment.as_of), f.found, f.expected, f.revisions) for f in found]

    return judge


OPEN = "P"
OCTOBER = ("SW", "2023-10")


def test_figures_of_one_day_are_equal(judged):
    assert judged({"2023-11-30": {OCTOBER: (1000, OPEN)}}, {"2023-11-30": {OCTOBER: (1001, OPEN)}}) == (
        1,
        [("2023-11-30", 1000, 1001, False)],
    )


def test_figures_of_two_days_may_differ_by_as_much_as_was_ever_revised(judged):
    """The other dataset has revised 10,000 by 20: a fifth of its square root, which of 1,000 is 6.4 and so 7."""
    there = {
        "2023-09-30": {("SW", "2023-09"): (10_000, OPEN)},
        "2023-10-31": {("SW", "2023-09"): (10_020, OPEN), OCTOBER: (1000, OPEN)},
    }
    largest = math.ceil(20 / math.sqrt(10_020) * math.sqrt(1007))
    assert largest == 7
    for figure, revisions in ((1000 + largest, True), (1000 + largest + 2, False)):
        here = {"2023-12-31": {OCTOBER: (figure, OPEN)}}
        assert judged(here, there)[1] == [("2023-12-31", figure, 1000, revisions)]


def test_without_any_revision_shown_figures_of_two_days_are_equal_too(judged):
    assert judged({"2023-12-31": {OCTOBER: (1001, OPEN)}}, {"2023-11-30": {OCTOBER: (1000, OPEN)}})[1] == [
        ("2023-12-31", 1001, 1000, False)
    ]


def test_closed_in_both_they_are_equal(judged):
    there = {
        "2023-09-30": {("SW", "2023-09"): 10_000},
        "2023-10-31": {("SW", "2023-09"): 10_020, OCTOBER: 1000},
    }
    assert judged({"2023-12-31": {OCTOBER: 1001}}, there)[1] == [("2023-12-31", 1001, 1000, False)]


def test_what_is_missing_on_one_side_of_a_period_that_both_cover_is_a_failure(judged):
    """The newest month of one lacks the southwest border; the other has it."""
    november = {("NORTH", "2023-11"): 7}
    here = {"2023-11-30": {OCTOBER: 1000, **november}}
    there = {"2023-11-30": {OCTOBER: 1000, ("SW", "2023-11"): 900}}
    assert judged(here, there) == (2, [("2023-11-30", 0, 900, False)])


def test_an_edition_that_was_corrected_later_is_found(judged):
    there = {"2023-11-30": {OCTOBER: 1000}}
    here = {"2023-11-30": {OCTOBER: 1900}, "2024-01-31": {OCTOBER: 1000}}
    assert judged(here, there)[1] == [("2023-11-30", 1900, 1000, False)]

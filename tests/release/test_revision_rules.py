"""How far a later vintage may depart from an earlier one in a year that was over."""

import datetime

import numpy as np
import pytest

from borderstats.release.changes import changes
from borderstats.release.evidence import Evidence
from borderstats.release.revision_rules import closed_years, revisions_within
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.rules import ClosedYears, RevisionsWithin

STATE = "cbp-encounters-state"
SEVERAL = "ohss-ero-arrests"


def gate(**parameters):
    return RevisionsWithin(name="g", sentence="", **parameters)


def cell(value, citizenship="MEX", period="2021-05"):
    codes = {"region": "SW", "state": "TX", "demographic": "SA", "citizenship": citizenship, "title": "T8"}
    return codes, period, value


def findings(result, observations):
    compared, found = result
    return compared, [f"{observations.space.text(f.key)}: {f.text}" for f in found]


def year(**months):
    """Twelve months of 2021 with ten events each of two citizenships, and what is otherwise."""
    names = [f"2020-{n}" for n in (10, 11, 12)] + [f"2021-{n:02d}" for n in range(1, 10)]
    return [cell(months.get(c, 10), c, name) for name in names for c in ("MEX", "GTM")]


def test_a_small_revision_passes_and_a_large_one_does_not(observe, evidence):
    first, small, large = (observe(STATE, *year(MEX=value)) for value in (10, 11, 13))
    rule = gate(share=0.2, by=("citizenship",))
    assert revisions_within(evidence([first, small]), STATE, rule) == (2, [])
    assert findings(revisions_within(evidence([first, large]), STATE, rule), large) == (
        2,
        ["citizenship=MEX FY2021: revised from 120 to 156 after the year was over"],
    )
    assert revisions_within(evidence([first, large]), STATE, gate(tolerance=36, by=("citizenship",)))[1] == []


def test_two_codes_that_change_places_are_found_although_every_total_agrees(observe, evidence):
    first, swapped = observe(STATE, *year(MEX=10, GTM=30)), observe(STATE, *year(MEX=30, GTM=10))
    found = findings(revisions_within(evidence([first, swapped]), STATE, gate(share=0.2)), first)[1]
    assert found == [
        "citizenship=GTM FY2021: revised from 360 to 120 after the year was over",
        "citizenship=MEX FY2021: revised from 120 to 360 after the year was over",
    ]


def test_a_year_that_was_not_over_may_change_as_it_likes(observe, evidence):
    # The first vintage of the fixture is of 28 January 2024.
    first, second = (observe(STATE, cell(value, period="2023-11")) for value in (10, 1000))
    assert revisions_within(evidence([first, second]), STATE, gate()) == (0, [])


def test_a_finding_names_the_edition_that_brought_it(observe, evidence):
    """So that a waiver can name it, and lets the same pass in no other edition."""
    seen = evidence([observe(STATE, *year(MEX=value)) for value in (10, 10, 30, 31)])
    _, found = revisions_within(seen, STATE, gate(tolerance=50, by=("citizenship",)))
    assert [finding.files for finding in found] == [("file-2.csv",)]
    _, closed = closed_years(seen, STATE, ClosedYears(name="c", sentence=""))
    assert {finding.files for finding in closed} == {("file-2.csv",), ("file-3.csv",)}


def test_one_vintage_has_nothing_to_compare(observe, evidence):
    assert revisions_within(evidence([observe(STATE, *year())]), STATE, gate()) == (0, [])


def ranked(**values):
    rows = [({"citizenship": c, "criminality": "_T"}, "FY2021", v) for c, v in values.items()]
    return [*rows, ({"citizenship": "_T", "criminality": "_T"}, "FY2021", sum(values.values()))]


@pytest.mark.parametrize("rest", ["OHSS_OTHER", ""])
def test_a_country_that_enters_the_named_ones_comes_out_of_the_rest(observe, evidence, rest):
    first = observe(SEVERAL, *ranked(MEX=500, OHSS_OTHER=300))
    second = observe(SEVERAL, *ranked(MEX=500, BRA=200, OHSS_OTHER=100))
    found = findings(
        revisions_within(evidence([first, second]), SEVERAL, gate(share=0.1, rest=rest, by=("citizenship",))),
        second,
    )
    missed = ["citizenship=OHSS_OTHER FY2021: revised from 300 to 100 after the year was over"]
    assert found[1] == ([] if rest else missed)


def test_a_code_that_both_have_may_not_vanish_from_a_year(observe, evidence):
    other = ({"citizenship": "MEX", "criminality": "_T"}, "FY2020", 7)
    first = observe(SEVERAL, *ranked(MEX=500, BRA=300), other)
    second = observe(SEVERAL, *[r for r in ranked(MEX=500, BRA=300) if r[0]["citizenship"] != "MEX"], other)
    found = findings(revisions_within(evidence([first, second]), SEVERAL, gate(by=("citizenship",))), second)
    assert found[1] == ["citizenship=MEX FY2021: revised from 500 to 0 after the year was over"]


@pytest.mark.parametrize("hidden", [0, 1])
def test_what_one_of_the_two_does_not_tell_is_not_compared(observe, evidence, hidden):
    published = ({"citizenship": "MEX", "criminality": "_T"}, "FY2021", 500)
    untold = ({"citizenship": "MEX", "criminality": "_T"}, "FY2021", 0, "Q")
    files = [observe(SEVERAL, untold if n == hidden else published) for n in (0, 1)]
    assert revisions_within(evidence(files), SEVERAL, gate(by=("citizenship",))) == (0, [])


def test_limits_are_in_the_unit_of_the_dataset(observe, evidence):
    money = "contract-obligations"
    codes = {"contracting_agency": "CBP", "spending_category": "SERVICES", "wall_text": "NONE"}
    names = [f"2020-{n}" for n in (10, 11, 12)] + [f"2021-{n:02d}" for n in range(1, 10)]
    first, second = (
        observe(money, *((codes, name, value if name == "2021-09" else 100) for name in names))
        for value in (100, 5100)
    )
    assert np.diff([o.value.sum() for o in (first, second)]) == [5000]
    assert revisions_within(evidence([first, second]), money, gate(tolerance=50))[1] == []
    assert revisions_within(evidence([first, second]), money, gate(tolerance=49))[1] != []


def test_a_re_issue_may_correct_a_closed_year_and_no_other_file(observe, standard):
    """What it changes is a correction with a published reason; a later file that changes it back is none."""
    first, second = observe(STATE, *year(MEX=10)), observe(STATE, *year(MEX=13))
    day = datetime.date(2024, 1, 28)
    made = [
        Vintage(day, "a.csv", first, order=(1, 0)),
        Vintage(day, "b.csv", second, order=(1, 1)),
        Vintage(day, "c.csv", first, order=(2, 0)),
    ]
    history = history_of(first.space, made)
    seen = Evidence({STATE: history}, {STATE: changes(history)}, (), standard.statuses)
    _, found = closed_years(seen, STATE, ClosedYears(name="g", sentence=""))
    assert [finding.text for finding in found] == 12 * [
        "closed in the file as of 2024-01-28, yet changed by -3"
    ]
    assert findings(revisions_within(seen, STATE, gate(by=("citizenship",))), first)[1] == [
        "citizenship=MEX FY2021: revised from 156 to 120 after the year was over"
    ]

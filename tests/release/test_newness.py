"""An edition that reads well and adds up, and is stale, cut, holed, fallen or out of the ordinary all the same."""

import datetime

import pytest

from borderstats.release.changes import changes
from borderstats.release.evidence import Evidence
from borderstats.release.newness import newness
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.rules import Newness

ONE, LIST, STATE = "ohss-cbp-one", "ice-287g-agreements", "cbp-encounters-state"
GATE = Newness(name="newness", sentence="")


@pytest.fixture
def judged(standard, observe):
    """A function from editions (rows of each dataset, by dataset) a month apart to what is found of the last."""

    def make(*editions, entries=None, sources=None, reissue=False, days=()):
        histories = {}
        for name in editions[0]:
            vintages = [
                Vintage(
                    datetime.date(2025, 1, 1) + datetime.timedelta(days[n] if days else 31 * n),
                    f"{n}.csv",
                    observe(name, *edition[name]),
                    entries=tuple((str(one),) for one in range(entries[n])) if entries else (),
                    source=sources[n] if sources else "one",
                    order=(0, 1) if reissue and n == len(editions) - 1 else (),
                )
                for n, edition in enumerate(editions)
            ]
            histories[name] = history_of(vintages[0].observations.space, vintages)
        evidence = Evidence(
            histories, {name: changes(one) for name, one in histories.items()}, (), standard.statuses
        )
        name = next(iter(editions[0]))
        last = f"{len(editions) - 1}.csv"
        return [f.text for f in newness(evidence, name, GATE)[1] if f.files == (last,)]

    return make


def months(*values, start=0, **codes):
    """Figures of successive months from January 2020 on; None for a month that is missing."""
    return [
        (codes, f"{2020 + n // 12}-{n % 12 + 1:02d}", value)
        for n, value in enumerate(values, start)
        if value is not None
    ]


def test_the_first_edition_is_not_compared_and_a_longer_one_is_new(judged):
    assert judged({ONE: months(5, 6)}) == []
    assert judged({ONE: months(5, 6)}, {ONE: months(5, 6, 7)}) == []


STALE = "no figure of the file is new, though its date is: it may be the last edition again"


def test_the_same_figures_under_a_new_date(judged):
    assert judged({ONE: months(5, 6)}, {ONE: months(5, 6)}) == [STALE]
    assert judged({ONE: months(5, 6)}, {ONE: months(5, 6)}, reissue=True) == []


def test_the_same_figures_of_the_same_day_are_captured_again(judged):
    assert judged({ONE: months(5, 6)}, {ONE: months(5, 6)}, days=(0, 0)) == []
    # Also where another edition of that day stands between them.
    editions = [{ONE: months(*values)} for values in ((5, 6), (5, 6, 7), (5, 6))]
    assert STALE not in judged(*editions, days=(0, 0, 0))


def test_each_of_several_files_of_a_newer_day_is_held_to_be_new(judged):
    """A publication in parts: the first part is new, the second is that of the day before under the newer date."""
    january, february = months(5, 6), months(7, 8, start=12)
    editions = [{ONE: january}, {ONE: february}, {ONE: months(5, 9)}, {ONE: february}]
    assert judged(*editions, days=(0, 0, 31, 31)) == [STALE]
    # An edition that was new does not hide that the next one of its day is that of the day before.
    assert STALE in judged({ONE: january}, {ONE: months(5, 6, 7)}, {ONE: january}, days=(0, 31, 31))


def test_one_dataset_of_a_file_may_stay_as_it_was(judged):
    editions = [{ONE: months(5, 6), STATE: months(value, region="SW", state="TX")} for value in (1, 2)]
    assert judged(*editions) == []


def test_placeholders_for_months_to_come_do_not_make_it_new(judged):
    assert judged({ONE: months(5, 6)}, {ONE: months(5, 6, 0)}) == [
        STALE,
        "all figures of 2020-03 are zero",
    ]


def test_a_hole_in_its_own_span(judged):
    lacking = "it lacks 2020-02, 2020-03 inside its own span"
    assert judged({ONE: months(5, 6, 7)}, {ONE: months(5, None, None, 8)}) == [lacking]
    # What the edition before lacked as well is how its publisher does it.
    assert judged({ONE: months(5, None, 7)}, {ONE: months(5, None, 7, 8)}) == []


def test_a_code_that_is_gone(judged):
    both = months(5, 6, citizenship="MEX") + months(1, 1, citizenship="CUB")
    assert judged({ONE: both}, {ONE: months(5, 6, 7, citizenship="MEX")}) == ["citizenship CUB is gone"]
    # Of months that the edition no longer has nothing is gone.
    assert judged({ONE: both}, {ONE: months(7, start=2, citizenship="MEX")}) == []


def test_a_year_to_date_that_falls(judged):
    editions = [
        {ONE: [*months(*values, start=60), ({}, "FY2025", year, "P")]}
        for values, year in (((5, 6), 30), ((5, 6, 7), 29))
    ]
    assert judged(*editions) == ["the year to date fell from 30 to 29"]


def test_a_jump_beyond_the_largest_before(judged):
    steady = [100 + n % 2 * 20 for n in range(14)]
    assert judged({ONE: months(*steady)}, {ONE: months(*steady, 121)}) == []
    assert judged({ONE: months(*steady)}, {ONE: months(*steady, 50)}) == [
        "2021-02 to 2021-03: 120 to 50, more than any of the 13 changes before"
    ]
    # Of fewer than twelve changes nothing can be said.
    assert judged({ONE: months(*steady[:12])}, {ONE: months(*steady[:12], 50)}) == []


def test_a_jump_is_judged_by_all_that_was_known_and_not_by_the_file_alone(judged):
    before = [100, 300, *[100 + n % 2 * 20 for n in range(14)]]
    assert judged({ONE: months(*before)}, {ONE: months(*before[4:], 50, start=4)}) == []


def test_a_list_that_shrinks_more_than_ever(judged):
    def day(n):
        return {LIST: [({"state": "TX"}, f"2025-{n // 28 + 1:02d}-{n % 28 + 1:02d}", 1)]}

    counts = [*[100, 98] * 7, 100]
    editions = [day(n) for n in range(len(counts) + 1)]
    assert judged(*editions, entries=[*counts, 98]) == []
    assert judged(*editions, entries=[*counts, 90]) == ["the list fell from 100 to 90 entries"]


def test_a_list_is_held_to_what_all_others_lose_whichever_came_first(standard, observe):
    """An older list that comes late does not make a later one stand out that loses no more than a third."""
    counts = [*[100, 98] * 7, 90, 100, 89]
    vintages = [
        Vintage(
            datetime.date(2025, 1, 1) + datetime.timedelta(n),
            f"{n}.csv",
            observe(LIST, ({"state": "TX"}, f"2025-01-{n + 1:02d}", 1)),
            entries=tuple((str(one),) for one in range(count)),
            source="one",
        )
        for n, count in enumerate(counts)
    ]
    found = []
    for chosen in (vintages, vintages[:15], [vintages[0], *vintages[2:]]):
        history = history_of(chosen[0].observations.space, chosen)
        evidence = Evidence({LIST: history}, {LIST: changes(history)}, (), standard.statuses)
        found.append([(f.text, f.files) for f in newness(evidence, LIST, GATE)[1]])
    last = ("the list fell from 100 to 89 entries", ("16.csv",))
    assert found == [[last], [("the list fell from 98 to 90 entries", ("14.csv",))], [last]]


def test_another_source_of_the_dataset_is_no_edition_before(judged):
    both = months(5, 6, citizenship="MEX") + months(1, 1, citizenship="CUB")
    editions = ({ONE: both}, {ONE: months(5, 6, 7, citizenship="MEX")})
    assert judged(*editions, sources=["one", "other"]) == []

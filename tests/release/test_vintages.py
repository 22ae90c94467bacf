import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats import pipeline
from borderstats.intake import archive
from borderstats.observations import KeySpace
from borderstats.release import difference
from borderstats.release.changes import IMPOSSIBLE, KINDS, MISSING, UNTOLD, changes, net_by_kind
from borderstats.release.vintages import OPEN, history_of

SOUTHWEST = "cbp-encounters-southwest"
PERIODS = ("2022-01", "2022-02", "2022-03")
CELLS = [
    {
        "region": "SW",
        "component": "USBP",
        "demographic": d,
        "citizenship": "MEX",
        "title": "T42",
        "encounter_type": t,
    }
    for d in ("SA", "UC")
    for t in ("APP", "EXP")
]


def reference_history(files):
    """For each cell its runs (value, status, first, until), the slow and obvious way: vintage by vintage."""
    runs = {}
    covering = {
        p: [n for n, file in enumerate(files) if any(period == p for _, period in file)] for p in PERIODS
    }
    for number, file in enumerate(files):
        for (cell, period), (value, status) in file.items():
            turns = covering[period]
            place = turns.index(number)
            following = turns[place + 1] if place + 1 < len(turns) else OPEN
            own = runs.setdefault((cell, period), [])
            if own and own[-1][:2] == (value, status) and own[-1][3] == number:
                own[-1] = (value, status, own[-1][2], following)
            else:
                own.append((value, status, number, following))
    return runs


def reference_changes(files):
    """Each cell that a vintage gives otherwise than the one before it that covers the period: (old, new, before, after)."""
    found = {}
    for after, file in enumerate(files):
        for period in PERIODS:
            earlier = [n for n in range(after) if any(p == period for _, p in files[n])]
            if not earlier or not any(p == period for _, p in file):
                continue
            before = earlier[-1]
            cells = {key for n in (before, after) for key in files[n] if key[1] == period}
            for key in cells:
                old, new = (figure(files[n].get(key)) for n in (before, after))
                if old != new:
                    found[key, after] = (old, new, before)
    return found


STATUSES = list(
    csv.DictReader(
        (Path(__file__).parents[2] / "standard/codelists/obs_status.csv").read_text("utf-8").splitlines()
    )
)
NONE = next(status["code"] for status in STATUSES if status["role"] == "not_applicable")
HIDDEN = [status["code"] for status in STATUSES if status["figure"] == "no" and status["code"] != NONE]


def figure(row):
    """What a row says."""
    if row is None:
        return MISSING
    return UNTOLD if row[1] in HIDDEN else IMPOSSIBLE if row[1] == NONE else row[0]


def delta(old, new):
    return 0 if {UNTOLD, IMPOSSIBLE} & {old, new} else max(new, 0) - max(old, 0)


def reference_kind(found, files, key, after):
    (cell, period), (old, new, before) = key, found[key, after]
    group = [
        found[other, after]
        for other in [
            ((c, period)) for c in range(len(CELLS)) if CELLS[c]["demographic"] == CELLS[cell]["demographic"]
        ]
        if (other, after) in found
    ]
    if delta(old, new) and sum(delta(o, n) for o, n, _ in group) == 0:
        return "recoded"
    if (old in (UNTOLD, IMPOSSIBLE)) != (new in (UNTOLD, IMPOSSIBLE)):
        return "untold"
    if max(old, 0) == max(new, 0):
        return "zero"
    covering = {p: [n for n in range(after + 1) if any(q == p for _, q in files[n])] for p in PERIODS}
    both = [p for p, turns in covering.items() if turns[-2:] == [before, after]]
    for place, lacking in ((before, old), (after, new)):
        if lacking == MISSING and len(both) > 1:
            here = [(cell, p) in files[before + after - place] for p in both]
            there = [(cell, p) in files[place] for p in both]
            if all(here) and not any(there):
                return "named"
    return "new" if old == MISSING else "vanished" if new == MISSING else "changed"


a_file = st.dictionaries(
    st.tuples(st.integers(0, len(CELLS) - 1), st.sampled_from(PERIODS)),
    st.tuples(st.integers(0, 3), st.sampled_from(["A", "P", NONE, *HIDDEN])),
    min_size=1,
    max_size=8,
)


@pytest.mark.slow
@given(st.lists(a_file, min_size=1, max_size=5))
def test_history_and_changes_are_those_of_the_obvious_way(observe, vintages, files):
    made = [
        observe(SOUTHWEST, *((CELLS[c], p, value, status) for (c, p), (value, status) in file.items()))
        for file in files
    ]
    history = history_of(made[0].space, vintages(*made))
    statuses = "ABDEPMLQO"
    place = {
        int(observe(SOUTHWEST, (cell, p, 1)).key[0]): (n, p) for n, cell in enumerate(CELLS) for p in PERIODS
    }
    runs = {}
    for n in range(len(history)):
        run = (history.value[n], statuses[history.status[n]], history.first[n], history.until[n])
        runs.setdefault(place[int(history.key[n])], []).append(run)
    assert runs == reference_history(files)

    found = changes(history)
    wanted = reference_changes(files)
    changed = {}
    for n in range(len(found)):
        key = place[int(found.key[n])], int(found.after[n])
        changed[key] = (found.old[n], found.new[n], found.before[n])
        assert KINDS[found.kind[n]] == reference_kind(wanted, files, *key)
    assert changed == wanted
    assert sum(cells for cells, _, _ in net_by_kind(found).values()) == len(found)

    for n, vintage in enumerate(history.vintages):
        stated = history.as_of(n)
        here = stated.where(np.isin(stated.space.period(stated.key), vintage.observations.covered))
        assert here.key.tolist() == vintage.observations.key.tolist()
        assert here.value.tolist() == vintage.observations.value.tolist()


def test_a_period_that_a_file_does_not_cover_stays_as_it_was(observe, vintages):
    first = observe(SOUTHWEST, (CELLS[0], "2022-01", 5), (CELLS[0], "2022-02", 6))
    second = observe(SOUTHWEST, (CELLS[0], "2022-02", 7))
    history = history_of(first.space, vintages(first, second))
    assert history.latest.value.tolist() == [5, 7]
    assert history.as_of(0).value.tolist() == [5, 6]


def test_a_value_that_comes_back_after_a_gap_is_new_again(observe, vintages):
    there, gone = (
        observe(SOUTHWEST, (CELLS[0], "2022-01", 5), (CELLS[2], "2022-01", 1)),
        observe(SOUTHWEST, (CELLS[2], "2022-01", 1)),
    )
    found = changes(history_of(there.space, vintages(there, gone, there)))
    assert [KINDS[kind] for kind in found.kind] == ["vanished", "new"]


@pytest.fixture(scope="module")
def archived(standard, archive_folder):
    """The archive's vintages by the end of their file names."""
    listed = [
        s for s in archive.snapshots(archive_folder) if s.source in ("cbp-nationwide-state", "cbp-southwest")
    ]
    return {s.file: pipeline.observe(standard, s, archive.read(archive_folder, s))[0] for s in listed}


@pytest.mark.parametrize(
    ("before", "after", "changed", "vanished", "new", "net"),
    [("oct", "nov", 74, 2, 0, -84), ("jan", "feb", 105, 7, 1, -112)],
)
def test_known_revisions_of_the_state_file_come_out(
    standard, archived, before, after, changed, vanished, new, net
):
    name = "encounters/nationwide-encounters-fy21-fy24-{}-state.csv"
    space = KeySpace.of(standard, "cbp-encounters-state")
    found = net_by_kind(
        difference.between(space, archived[name.format(before)], archived[name.format(after)])
    )
    assert (found["changed"][0], found["vanished"][0], found["new"][0]) == (changed, vanished, new)
    assert sum(sums[1] for sums in found.values()) == net
    assert found["recoded"][0] == found["zero"][0] == 0


def test_the_southwest_file_was_recoded_and_not_revised(standard, archived):
    space = KeySpace.of(standard, SOUTHWEST)
    old, new = (archived[f"encounters/sbo-encounters-{name}.csv"] for name in ("fy19-fy22", "fy22-fy25-nov"))
    found = difference.between(space, old, new)
    assert {kind: sums for kind, sums in net_by_kind(found).items() if sums[0]} == {
        "recoded": (254, 0, 2_108_168)
    }
    title, kind = space.codelists["title"].numbers["T42"], space.codelists["encounter_type"].numbers
    assert set(space.digit(found.key, "title")) == {title}
    assert set(space.digit(found.key[found.new == MISSING], "encounter_type")) == {kind["APP"]}
    assert set(space.digit(found.key[found.old == MISSING], "encounter_type")) == {kind["EXP"]}


def test_a_vanished_zero_is_no_revision_and_is_not_taken_for_a_zero(observe, vintages):
    zero = observe(SOUTHWEST, (CELLS[0], "2022-01", 0), (CELLS[2], "2022-01", 4))
    absent = observe(SOUTHWEST, (CELLS[2], "2022-01", 4))
    history = history_of(zero.space, vintages(zero, absent))
    assert [KINDS[kind] for kind in changes(history).kind] == ["zero"]
    assert history.latest.value.tolist() == [4]


def test_where_a_source_calls_an_absent_row_zero_nothing_is_new_or_vanishes(observe, vintages):
    one = observe(SOUTHWEST, (CELLS[0], "2022-01", 5), (CELLS[2], "2022-01", 4))
    other = observe(SOUTHWEST, (CELLS[1], "2022-01", 3), (CELLS[2], "2022-01", 4))
    kinds = {False: ["new", "vanished"], True: ["changed", "changed"]}
    for absent_is_zero, wanted in kinds.items():
        history = history_of(
            one.space, [replace(v, absent_is_zero=absent_is_zero) for v in vintages(one, other)]
        )
        found = changes(history)
        assert sorted(KINDS[kind] for kind in found.kind) == wanted
        assert sorted(found.delta.tolist()) == [-5, 3]


def test_the_printed_difference_names_kinds_sums_and_the_largest(observe, vintages):
    old = observe(SOUTHWEST, (CELLS[0], "2022-01", 5), (CELLS[2], "2022-01", 1_234), (CELLS[3], "2022-01", 2))
    new = observe(SOUTHWEST, (CELLS[0], "2022-01", 6), (CELLS[2], "2022-01", 1_034))
    before, after = vintages(old, new)
    found = difference.between(old.space, before, after)
    assert list(difference.lines(found, before, after, 2)) == [
        "cbp-encounters-southwest: file-0.csv (as of 2024-01-28) to file-1.csv (as of 2024-02-28)",
        "in the 1 period that both hold, 2022-01 to 2022-01:",
        "  changed         2 cells   net       -199   gross        201",
        "  new             0 cells   net         +0   gross          0",
        "  vanished        1 cells   net         -2   gross          2",
        "  named           0 cells   net         +0   gross          0",
        "  span            0 cells   net         +0   gross          0",
        "  rebased         0 cells   net         +0   gross          0",
        "  recoded         0 cells   net         +0   gross          0",
        "  zero            0 cells   net         +0   gross          0",
        "  untold          0 cells   net         +0   gross          0",
        "  revised         3 cells   net       -201   gross        203",
        "largest:",
        "  region=SW component=USBP demographic=UC citizenship=MEX title=T42 encounter_type=APP 2022-01: 1,234 to 1,034 (-200, changed)",
        "  region=SW component=USBP demographic=UC citizenship=MEX title=T42 encounter_type=EXP 2022-01: 2 to no row (-2, vanished)",
    ]


def test_files_without_a_common_period_have_nothing_to_compare(observe, vintages):
    before, after = vintages(
        observe(SOUTHWEST, (CELLS[0], "2022-01", 5)), observe(SOUTHWEST, (CELLS[0], "2022-02", 5))
    )
    found = difference.between(before.observations.space, before, after)
    assert (
        list(difference.lines(found, before, after, 2))[1]
        == "the two have no period in common: nothing to compare"
    )

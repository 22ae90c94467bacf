"""Lists are compared with the next list that can be compared, entry by entry."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from borderstats.release import entries
from borderstats.release.vintages import history_of

AGREEMENTS, CONTRACTS = "ice-287g-agreements", "contract-obligations"
SPENT = {"contracting_agency": "CBP", "spending_category": "OTHER", "wall_text": "NONE"}
ENTRY = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"))


def lists(observe, vintages, dataset, codes, *made):
    """Vintages with one observation in each period, and their entries."""
    observations = [observe(dataset, *((codes, p, 1) for p in periods)) for periods, _ in made]
    return [
        replace(vintage, entries=tuple(found))
        for vintage, (_, found) in zip(vintages(*observations), made, strict=True)
    ]


def test_a_list_of_a_day_is_compared_with_the_next(observe, vintages):
    codes = {"state": "TX", "model_287g": "JEM"}
    made = lists(
        observe,
        vintages,
        AGREEMENTS,
        codes,
        (["2024-01-28"], [("TX", "A"), ("TX", "B")]),
        (["2024-02-28"], [("TX", "B"), ("TX", "C"), ("TX", "C")]),
    )
    (step,) = entries.steps(history_of(made[0].observations.space, made))
    assert step.added == (("TX", "C"), ("TX", "C"))
    assert step.removed == (("TX", "A"),)
    table = entries.table([step], ("STATE", "LAW ENFORCEMENT AGENCY"))
    assert table.column_names == ["change", "before", "after", "state", "law_enforcement_agency"]
    assert table["change"].to_pylist() == ["added", "added", "removed"]


def test_lists_of_other_spans_of_time_are_not_compared(observe, vintages):
    made = lists(
        observe,
        vintages,
        CONTRACTS,
        SPENT,
        (["2020-10"], [("A1", "0")]),
        (["2021-10"], [("B1", "0")]),
        (["2020-10"], [("A1", "0"), ("A2", "0")]),
    )
    (step,) = entries.steps(history_of(made[0].observations.space, made))
    assert (step.before.file, step.after.file) == ("file-0.csv", "file-2.csv")
    assert step.added == (("A2", "0"),)


def test_a_dataset_that_is_no_list_has_no_steps(observe, vintages):
    made = vintages(observe(CONTRACTS, (SPENT, "2020-10", 5)), observe(CONTRACTS, (SPENT, "2020-10", 6)))
    assert list(entries.steps(history_of(made[0].observations.space, made))) == []


@given(st.lists(ENTRY, min_size=1, max_size=8), st.lists(ENTRY, min_size=1, max_size=8))
def test_what_was_there_and_what_came_make_what_is_there(observe, vintages, before, after):
    codes = {"state": "TX", "model_287g": "JEM"}
    made = lists(observe, vintages, AGREEMENTS, codes, (["2024-01-28"], before), (["2024-02-28"], after))
    (step,) = entries.steps(history_of(made[0].observations.space, made))
    assert Counter(before) - Counter(step.removed) + Counter(step.added) == Counter(after)
    assert not set(step.added) & set(step.removed)

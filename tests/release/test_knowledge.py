"""When editions were surely known, held to what anybody could put together on each day."""

import datetime

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from borderstats.release.knowledge import Known, spans, surely
from borderstats.release.vintages import OPEN, Vintage, history_of
from made_archive import snapshot

DAY = datetime.date.fromisoformat
PERIODS = ("2022-01", "2022-02")
CODES = ({"fear_claim": "CREDIBLE"}, {"fear_claim": "REASONABLE"})
BASES = ("published", "captured", "announced", "not after", "not before")
RELEASE = DAY("2026-12-01")


def file(number, known, basis, archived=None, source="made"):
    as_of = DAY("2022-01-01") + datetime.timedelta(number)
    return snapshot(
        f"{number}.csv",
        as_of=as_of,
        source=source,
        known=DAY(known),
        known_basis=basis,
        archived=archived and DAY(archived),
    )


def test_a_day_that_is_told_is_taken_as_it_is():
    files = [file(n, "2022-03-01", basis) for n, basis in enumerate(BASES[:4])]
    assert [surely(files, RELEASE)[one.file] for one in files] == [
        Known(DAY("2022-03-01"), basis) for basis in BASES[:4]
    ]


def test_of_a_lower_bound_a_later_edition_says_when_it_was_out():
    files = [
        file(1, "2022-02-01", "not before", "2026-01-01"),
        file(2, "2022-03-22", "published"),
        file(3, "2022-05-01", "not before", "2026-01-01"),
        file(4, "2022-05-02", "not before"),
    ]
    found = surely(files, RELEASE)
    assert [(str(one.day), one.basis) for one in found.values()] == [
        ("2026-12-01", "not after"),
        ("2026-01-01", "not after"),
        ("2022-03-22", "published"),
        ("2022-03-22", "not after"),
    ]


def test_it_is_no_edition_of_another_source_and_never_before_its_own_bound():
    files = [file(1, "2022-02-01", "not before"), file(2, "2022-03-22", "published", source="other")]
    assert surely(files, RELEASE)["1.csv"].day == RELEASE
    files = [file(1, "2022-06-01", "not before"), file(2, "2022-03-22", "published")]
    assert surely(files, RELEASE)["1.csv"] == Known(DAY("2022-06-01"), "not after")


def test_no_day_is_after_that_of_the_release():
    assert surely([file(1, "2022-02-01", "not before", "2027-01-01")], RELEASE)["1.csv"].day == RELEASE


EDITION = st.dictionaries(
    st.tuples(st.sampled_from(range(len(CODES))), st.sampled_from(PERIODS)),
    st.integers(1, 2),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@given(editions=st.lists(st.tuples(EDITION, st.integers(0, 5)), min_size=1, max_size=5))
def test_on_every_day_it_is_what_the_editions_known_by_then_say(editions, observe):
    """Also where a newer edition became known before an older one, or several on one day."""
    first = DAY("2022-06-01")
    known = [first + datetime.timedelta(day) for _, day in editions]
    vintages = [
        Vintage(
            DAY("2022-03-01") + datetime.timedelta(n),
            f"{n}.csv",
            observe(
                "uscis-fear-receipts", *((CODES[code], period, value) for (code, period), value in e.items())
            ),
        )
        for n, (e, _) in enumerate(editions)
    ]
    space = vintages[0].observations.space
    whole = history_of(space, vintages)
    found = spans(whole, known)
    for day in (first + datetime.timedelta(n) for n in range(-1, 7)):
        there = (found.since <= day.toordinal()) & ((found.until == OPEN) | (found.until > day.toordinal()))
        by_then = [one for one, when in zip(vintages, known, strict=True) if when <= day]
        right = history_of(space, by_then).latest if by_then else None
        assert whole.key[there].tolist() == (right.key.tolist() if right else [])
        assert whole.value[there].tolist() == (right.value.tolist() if right else [])


@pytest.mark.slow
@given(
    editions=st.lists(
        st.tuples(EDITION, st.integers(0, 5), st.sampled_from(BASES), st.booleans()), min_size=1, max_size=5
    ),
    held=st.integers(0, 5),
)
def test_a_later_release_says_the_same_of_a_day_if_what_it_has_more_became_known_after(
    editions, held, observe
):
    """So a copy of that day can be brought up to date by it, in whatever order the files came."""
    first = DAY("2022-06-01")
    day = first + datetime.timedelta(held)

    def state(some):
        """What was known on the day by these editions, and from when on each was."""
        files = [
            file(n, str(first + datetime.timedelta(editions[n][1])), editions[n][2], "2022-06-05")
            for n in some
        ]
        known = surely(files, RELEASE)
        vintages = [
            Vintage(
                one.as_of,
                one.file,
                observe("uscis-fear-receipts", *((CODES[c], p, v) for (c, p), v in editions[n][0].items())),
            )
            for n, one in zip(some, files, strict=True)
        ]
        whole = history_of(vintages[0].observations.space, vintages)
        found = spans(whole, [known[one.file].day for one in files])
        there = (found.since <= day.toordinal()) & ((found.until == OPEN) | (found.until > day.toordinal()))
        return (whole.key[there].tolist(), whole.value[there].tolist()), known

    every = range(len(editions))
    after, known = state(every)
    before = [n for n in every if not editions[n][3]]
    assume(before and all(known[f"{n}.csv"].day > day for n in every if editions[n][3]))
    assert state(before)[0] == after


@pytest.mark.parametrize(("known", "basis"), [("2022-03-02", 0), ("2022-05-01", OPEN)])
def test_the_basis_is_that_of_the_edition_or_a_bound_by_a_later_one(known, basis, observe):
    observed = observe("uscis-fear-receipts", (CODES[0], "2022-01", 5))
    vintages = [Vintage(DAY("2022-03-01"), "a", observed), Vintage(DAY("2022-04-01"), "b", observed)]
    found = spans(history_of(observed.space, vintages), [DAY(known), DAY("2022-04-02")])
    assert np.array_equal(found.basis, [basis])
    assert found.since.tolist() == [min(DAY(known), DAY("2022-04-02")).toordinal()]

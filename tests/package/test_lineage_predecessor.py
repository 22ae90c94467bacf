"""What is told since a day by a release that names the one before it: held to states of both that are worked out day by day."""

import datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lineage_reference as reference
from borderstats.package import lineage
from borderstats.package.lineage import Correction, Question
from lineage_reference import Version

START = datetime.date(2024, 1, 1)
BEFORE = 6
"""The release before is of that day after the first."""
CELLS = [(region, period) for region in ("N", "SW") for period in ("2023-10", "2023-11")]


def day(n):
    return START + datetime.timedelta(n)


@st.composite
def histories(draw, last):
    """What the cells went through until a day: values, the same again, and gaps."""
    found = []
    for cell in draw(st.lists(st.sampled_from(CELLS), unique=True)):
        days = sorted(draw(st.lists(st.integers(0, last), max_size=4, unique=True)))
        for begins, ends in zip(days, [*days, None][1:], strict=True):
            if draw(st.integers(0, 3)):
                value = draw(st.sampled_from([None, 0, 1, 2]))
                found.append(Version(cell, value, "A", day(begins), day(ends) if ends is not None else None))
    return found


@st.composite
def releases(draw):
    """The histories of two releases that follow one another, and the date of the later one: some cells are as they were."""
    date = draw(st.sampled_from([BEFORE, BEFORE + 1, BEFORE + 3]))
    before, after = draw(histories(BEFORE)), draw(histories(date))
    same = draw(st.lists(st.sampled_from(CELLS), unique=True))
    kept = [one for one in after if one.cell not in same] + [one for one in before if one.cell in same]
    return before, kept, day(date)


def figures(versions):
    return {one.cell: (one.value, one.status) for one in versions}


def account(before, after):
    """For each cell that differs what the release before had, and whether the latest figures differ."""
    old, new = (
        figures(one for one in before if not one.known_to),
        figures(one for one in after if not one.known_to),
    )
    for n, cell in enumerate(CELLS):
        # What one cause brings and another one takes back differs for both, but not in all.
        latest = cell not in {*old, *new} or old.get(cell) != new.get(cell)
        if latest or [one for one in before if one.cell == cell] != [
            one for one in after if one.cell == cell
        ]:
            yield (*cell, *old.get(cell, (None, None)), "standard", latest, 100 + n)


def asked(before, after, date, question, where="true"):
    """The rows of an answer, of each the cell, the figure (None: it has vanished), the day, and the kind."""
    made = duckdb.connect(":memory:")
    columns = "region VARCHAR, period VARCHAR, value BIGINT, status VARCHAR"
    days = "known_from DATE, known_to DATE, edition_from DATE, edition_to DATE, ended VARCHAR"
    made.execute(f"CREATE TABLE history ({columns}, {days}, row BIGINT)")
    made.execute(f"CREATE TABLE account ({columns}, kind VARCHAR, latest BOOLEAN, row BIGINT)")
    for n, one in enumerate(after):
        ends = (one.known_from, one.known_to)
        made.execute(
            "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            [*one.cell, one.value, one.status, *ends, *ends, n],
        )
    for row in account(before, after):
        made.execute("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    sql, parameters = lineage.sql(
        "history", ("region", "period"), question, where, Correction("account", day(BEFORE), date)
    )
    rows = made.execute(
        f"SELECT region, period, value, status, known_from, vanished, kind FROM ({sql})", parameters
    ).fetchall()
    for region, period, value, status, known_from, vanished, kind in rows:
        found = None if vanished else (value, status)
        yield (region, period), found, vanished or (date if kind else known_from), kind


def replayed(held, rows):
    """What is held by who puts in what replaces and takes out what has vanished, in the order of the days."""
    held = dict(held)
    for cell, found, _, _ in sorted(rows, key=lambda row: row[2]):
        if found:
            held[cell] = found
        else:
            held.pop(cell, None)
    return held


SINCE = st.one_of(st.just(BEFORE), st.integers(0, BEFORE + 4))


@pytest.mark.slow
@given(releases(), SINCE, st.booleans())
def test_who_holds_the_release_before_and_replays_what_is_told_since_has_this_one(made, since, whole):
    before, after, date = made
    rows = list(asked(before, after, date, Question(since=day(since), history=whole)))
    new = figures(reference.as_of(after, day(40)))
    # Its figures of that day, or its latest ones; who held this one then has it, too.
    if since <= BEFORE:
        assert replayed(figures(reference.as_of(before, day(since))), rows) == new
    if since >= BEFORE and (day(since) < date or since == BEFORE):
        assert replayed(figures(one for one in before if not one.known_to), rows) == new
    assert replayed(figures(reference.as_of(after, day(since))), rows) == new
    # What has no kind is what this release's own files have changed; nothing else is told twice, or without need.
    own = (reference.steps if whole else reference.changes)(after, day(since), day(40))
    assert sum(kind is None for *_, kind in rows) == len(own)
    corrected = [cell for cell, *_, kind in rows if kind]
    assert len(corrected) == len({*corrected} - {cell for cell, *_, kind in rows if not kind})
    old = figures(one for one in before if not one.known_to)
    if since >= BEFORE:
        assert all(old.get(cell) != new.get(cell) for cell in corrected)
        assert all(cell in old for cell, found, _, kind in rows if kind and not found)
    if day(since) >= date and since > BEFORE:
        assert not corrected


@pytest.mark.slow
@given(releases(), st.integers(0, BEFORE + 4), st.integers(0, BEFORE + 4))
def test_what_was_not_known_before_the_release_is_not_told_as_of_a_day_before_it(made, since, until):
    before, after, date = made
    rows = list(asked(before, after, date, Question(day(until), day(min(since, until)))))
    if day(until) < date:
        assert not any(kind for *_, kind in rows)
    held = figures(reference.as_of(after, day(min(since, until))))
    assert replayed(held, rows) == figures(reference.as_of(after, day(until)))


@pytest.mark.slow
@given(releases(), st.integers(0, BEFORE + 4), st.sampled_from(["region = 'N'", "period = '2023-10'"]))
def test_conditions_on_the_cell_are_put_before_or_after(made, since, where):
    before, after, date = made
    name, _, code = where.partition(" = ")
    place = ("region", "period").index(name)
    question = Question(since=day(since))
    every = [row for row in asked(before, after, date, question) if row[0][place] == code.strip("'")]
    assert sorted(asked(before, after, date, question, where), key=str) == sorted(every, key=str)


def test_who_holds_nothing_and_who_asks_by_editions_is_corrected_in_nothing():
    after = [Version(CELLS[0], 1, "A", day(1))]
    before = [Version(CELLS[0], 2, "A", day(1))]
    every = Question(since=datetime.date.min, history=True)
    assert [kind for *_, kind in asked(before, after, day(8), every)] == [None]
    assert list(asked(before, after, day(8), Question(since=day(7), days="edition"))) == []
    assert list(asked(before, after, day(8), Question(since=day(7)))) == [
        (CELLS[0], (1, "A"), day(8), "standard")
    ]

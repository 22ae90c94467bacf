"""The lists of 287(g) agencies against a plain reading, and against the counts that others published."""

import functools
import io
from collections import Counter

import openpyxl
import pytest
from test_archive_files import (
    ROWS,
    codes_of,
    content,
    differences,
    figures,
    of_source,
    plain,
    read_cells,
    reading,
    snapshots,
)

NAMES = of_source("ice-287g")
PENDING = of_source("ice-287g-pending")
SLIPS = {"UTAHJ": "Utah", "Warrant Service Office": "Warrant Service Officer"}
JUNE = "sheets_20250621_151520__participatingAgencies06202025am.xlsx"
JULY = "sheets_20250703_151805__participatingAgencies07032025pm.xlsx"


@functools.cache
def rows(name):
    """The rows of the first sheet as dicts, blank rows left out."""
    book = openpyxl.load_workbook(io.BytesIO(content(name)), read_only=True, data_only=True)
    header, *lines = book.worksheets[0].iter_rows(values_only=True)
    found = [dict(zip(header, line, strict=True)) for line in lines]
    return [row for row in found if any(cell is not None for cell in row.values())]


def straight(text):
    """A text as a person reads it: publishers write one name with a straight apostrophe and with a curved one."""
    return plain(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def agreements(name):
    """State, model and agency of each agreement, as a person reads them."""
    return [
        (
            codes_of("state")[plain(SLIPS.get(row["STATE"], row["STATE"]))],
            codes_of("model_287g")[plain(SLIPS.get(row["SUPPORT TYPE"], row["SUPPORT TYPE"]))],
            straight(row["LAW ENFORCEMENT AGENCY"]),
        )
        for row in rows(name)
    ]


def test_each_day_has_one_list_or_one_of_the_morning_and_one_of_the_afternoon():
    days = Counter((snapshots()[name].as_of, "pm" in name) for name in NAMES)
    assert len(NAMES) == 99
    assert set(days.values()) == {1}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_rows_are_those_of_the_first_sheet(name):
    assert len(rows(name)) == reading(name).rows == ROWS[name][0]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_agreements_by_state_and_model(name):
    day = str(snapshots()[name].as_of)
    expected = Counter((state, model, day) for state, model, _ in agreements(name))
    assert differences(figures(name, "ice-287g-agreements"), expected) == {}


@pytest.mark.parametrize("name", PENDING)
def test_pending_agreements_by_state_and_model(name):
    day = str(snapshots()[name].as_of)
    expected = Counter((state, model, day) for state, model, _ in agreements(name))
    assert differences(figures(name, "ice-287g-pending"), expected) == {}
    assert sum(expected.values()) == {"2025-06-10": 93, "2025-07-01": 63, "2025-07-17": 27}[day]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_agencies_by_state_each_counted_once(name):
    day = str(snapshots()[name].as_of)
    expected = Counter(
        (state, day) for state, _ in {(state, agency) for state, _, agency in agreements(name)}
    )
    assert differences(figures(name, "ice-287g-agencies"), expected) == {}


@pytest.mark.parametrize(
    ("name", "models", "states"),
    [
        (JUNE, {"JEM": 111, "WSO": 260, "TFM": 348}, {"TX": 100, "AZ": 8, "NM": 1}),
        (JULY, {"JEM": 113, "WSO": 275, "TFM": 365}, {"TX": 108, "AZ": 8, "NM": 1}),
    ],
)
def test_counts_that_287g_watch_published(name, models, states):
    found, by_state = Counter(), Counter()
    for (state, model, _), value in figures(name, "ice-287g-agreements").items():
        found[model] += value
        by_state[state] += value
    assert found == models
    assert {state: by_state[state] for state in states} == states
    assert "CA" not in by_state


@pytest.mark.parametrize(("name", "total"), [(JUNE, 719), (JULY, 753)])
def test_totals_that_were_published(name, total):
    assert sum(figures(name, "ice-287g-agreements").values()) == total


@pytest.mark.parametrize(("name", "listed", "published"), [(JUNE, 591, 588), (JULY, 618, 617)])
def test_agencies_are_a_few_more_than_published_because_some_names_are_written_in_two_ways(
    name, listed, published
):
    assert sum(figures(name, "ice-287g-agencies").values()) == listed
    assert published <= listed <= published + 3


@pytest.mark.slow
def test_the_lists_on_both_sides_of_the_other_two_published_days_enclose_their_counts():
    # 571 on 16 May and 635 on 29 May 2025: there is no list of those days, and the number only grew
    totals = {
        str(snapshots()[name].as_of): sum(figures(name, "ice-287g-agreements").values()) for name in NAMES
    }
    assert totals["2025-04-01"] < 571 < totals["2025-05-19"] == 581
    assert totals["2025-05-28"] < 635 < totals["2025-06-20"] == 719


@pytest.mark.slow
def test_no_row_has_a_status_other_than_normal():
    for name in NAMES:
        for dataset in ("ice-287g-agreements", "ice-287g-agencies"):
            assert {status for _, status in read_cells(name, dataset).values()} == {"A"}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_agreement_is_an_entry_by_which_lists_are_compared(name):
    entries = reading(name).entries["ice-287g-agreements"]
    found = Counter((plain(state), plain(agency), plain(model)) for state, agency, model in entries)
    expected = Counter(
        tuple(straight(row[column]) for column in ("STATE", "LAW ENFORCEMENT AGENCY", "SUPPORT TYPE"))
        for row in rows(name)
    )
    assert found == expected

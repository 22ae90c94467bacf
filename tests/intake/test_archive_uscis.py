"""The semi-monthly reports of USCIS on fear cases against a plain reading of the nine workbooks."""

import datetime
import functools
import io
from collections import Counter

import openpyxl
import pytest
from test_archive_files import content, differences, figures, of_source, read_cells

NAMES = of_source("uscis-fear")
# By the beginning of a table's title: kind of case, group
TABLES = {
    "All Credible Fear Cases": ("CREDIBLE", "_T"),
    "Credible Fear Cases Subject to Third Country Transit Bar": ("CREDIBLE", None),
    "Credible Fear Cases at Family Residential Centers": ("CREDIBLE", "FAMILY_CENTER"),
    "All Reasonable Fear Cases": ("REASONABLE", "_T"),
    "Reasonable Fear Cases at Family Residential Centers": ("REASONABLE", "FAMILY_CENTER"),
    "Credible Fear Cases Disaggregated by Adjudicator": ("CREDIBLE", None),
    "Reasonable Fear Cases Disaggregated by Adjudicator": ("REASONABLE", None),
}
GROUPS = {
    "No Exception Established": "TRANSIT_BAR_NO_EXCEPTION",
    "Exception Established": "TRANSIT_BAR_EXCEPTION",
    "USCIS:": "USCIS",
    "USCBP:": "CBP",
}
RESULTS = {
    "All Decisions": "_T",
    "Fear Established (Y)": "POSITIVE",
    "Fear Not Established (N)": "NEGATIVE",
    "Administratively Closed": "CLOSED",
}


@functools.cache
def sheet(name):
    """The rows of the one sheet from column B on."""
    (only,) = openpyxl.load_workbook(io.BytesIO(content(name)), data_only=True).worksheets
    return [row[1:] for row in only.iter_rows(values_only=True)]


@functools.cache
def cells(name):
    """The figures of all tables as they are printed: kind, group, result (or `Case Receipts`), half-month."""
    found, claim, group, begins, by_row = [], "", "", [], False
    for row in sheet(name):
        label = str(row[0] or "")
        titles = [title for title in TABLES if label.startswith(title)]
        if titles:
            claim, group = TABLES[titles[0]]
            by_row = group is None
        if label.startswith("Table Key"):
            break
        if "From" in row[:2]:
            begins = row[2:]
        if by_row and (marks := [code for text, code in GROUPS.items() if text in label]):
            group = marks[0]
        for what in {row[0], row[1]} & {"Case Receipts", *RESULTS}:
            found += [
                (claim, group, what, half(begin), figure)
                for begin, figure in zip(begins, row[2:], strict=True)
                if begin
            ]
    return found


def half(begin):
    assert begin.day in (1, 16)
    last = (begin.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - datetime.timedelta(days=1)
    return f"{begin:%Y-%m-%d}/P{15 if begin.day == 1 else last.day - 15}D"


def cell(figure):
    """A dash is zero, an empty cell a figure missing without a reason."""
    return (0, "O") if figure is None else (0 if figure == "-" else figure, "A")


def test_there_are_nine_workbooks():
    assert len(NAMES) == 9


@pytest.mark.parametrize("name", NAMES)
def test_every_receipt_comes_out_and_nothing_else(name):
    expected = {
        (claim, group, time): cell(figure)
        for claim, group, what, time, figure in cells(name)
        if what not in RESULTS
    }
    assert len(expected) == 6 * 25
    assert differences(read_cells(name, "uscis-fear-receipts"), expected) == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_decision_comes_out_and_nothing_else(name):
    expected = {
        (claim, group, RESULTS[what], time): cell(figure)
        for claim, group, what, time, figure in cells(name)
        if what in RESULTS
    }
    assert len(expected) == 10 * 4 * 25
    assert differences(read_cells(name, "uscis-fear-decisions"), expected) == {}


@pytest.mark.parametrize("name", NAMES)
def test_sums_by_kind_and_group(name):
    receipts, decisions = Counter(), Counter()
    for claim, group, what, _, figure in cells(name):
        number = 0 if figure in (None, "-") else figure
        (decisions if what in RESULTS else receipts)[claim, group] += number
    found_receipts, found_decisions = Counter(), Counter()
    for (claim, group, _), value in figures(name, "uscis-fear-receipts").items():
        found_receipts[claim, group] += value
    for (claim, group, _, _), value in figures(name, "uscis-fear-decisions").items():
        found_decisions[claim, group] += value
    assert (found_receipts, found_decisions) == (receipts, decisions)


def test_cells_picked_by_hand():
    name = "Congressional-Semi-Monthly-Report-08-01-20-to-08-15-21.xlsx"
    receipts, decisions = read_cells(name, "uscis-fear-receipts"), read_cells(name, "uscis-fear-decisions")
    assert receipts["CREDIBLE", "_T", "2020-08-01/P15D"] == (279, "A")
    assert receipts["CREDIBLE", "FAMILY_CENTER", "2021-07-16/P16D"] == (41, "A")
    assert receipts["CREDIBLE", "FAMILY_CENTER", "2021-08-01/P15D"] == (0, "O")
    assert receipts["REASONABLE", "FAMILY_CENTER", "2020-09-01/P15D"] == (0, "A")
    assert decisions["CREDIBLE", "_T", "POSITIVE", "2021-07-16/P16D"] == (2_790, "A")
    assert decisions["CREDIBLE", "CBP", "_T", "2020-08-16/P16D"] == (0, "A")
    assert decisions["REASONABLE", "USCIS", "CLOSED", "2021-08-01/P15D"] == (26, "A")
    assert decisions["CREDIBLE", "TRANSIT_BAR_EXCEPTION", "NEGATIVE", "2021-08-01/P15D"] == (0, "A")

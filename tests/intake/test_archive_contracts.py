"""Contract transactions of CBP and ICE against a plain reading of the captures."""

import csv
import functools
import io
from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from test_archive_files import ROWS, content, differences, figures, of_source, read_cells, reading

NAMES = of_source("usaspending-contracts")
FEBRUARY_2026 = "CBP_ICE_FY2026_Contract_Obligations__2026-02-13_7f66b0a.csv"
AUGUST_2026 = "CBP_ICE_FY2026_Contract_Obligations__2026-08-07_ed41660.csv"
FEBRUARY = "CBP_ICE_FY2025_Contract_Obligations__2026-02-13_7f66b0a.csv"
AUGUST = "CBP_ICE_FY2025_Contract_Obligations__2026-08-07_ed41660.csv"
NEWEST = "CBP_ICE_FY2025_Contract_Obligations.csv"
# The first of these words in a description decides
CATEGORIES = (
    ("ARCHITECT AND ENGINEERING", "ENGINEERING"),
    ("SPECIAL STUDIES", "ENGINEERING"),
    ("CONSTRUCTION OF", "CONSTRUCTION"),
    ("MAINTENANCE OF", "MAINTENANCE"),
    ("MAINT/REPAIR", "MAINTENANCE"),
    ("REPAIR OR ALTERATION", "MAINTENANCE"),
    ("LEASE OR RENTAL OF EQUIPMENT", "EQUIPMENT"),
    ("LEASE/RENTAL OF", "REAL_PROPERTY"),
    ("PURCHASE OF", "REAL_PROPERTY"),
    ("(LABOR)", "SERVICES"),
    ("AS A SERVICE", "SERVICES"),
    ("SUPPORT", "SERVICES"),
    ("HOUSEKEEPING", "SERVICES"),
    ("OPERATION OF", "SERVICES"),
    ("MEDICAL-", "SERVICES"),
    ("TRANSPORTATION/", "SERVICES"),
    ("EDUCATION/", "SERVICES"),
    ("SOCIAL-", "SERVICES"),
    ("INSTALLATION OF", "SERVICES"),
    ("SOFTWARE", "EQUIPMENT"),
    ("HARDWARE", "EQUIPMENT"),
    ("(HW", "EQUIPMENT"),
    ("HW/", "EQUIPMENT"),
    ("EQUIPMENT", "EQUIPMENT"),
    ("APPARATUS", "EQUIPMENT"),
    ("AIRCRAFT", "EQUIPMENT"),
    ("VEHICLE", "EQUIPMENT"),
    ("AMMUNITION", "EQUIPMENT"),
    ("GUNS", "EQUIPMENT"),
    ("WEAPON", "EQUIPMENT"),
    ("ARMOR", "EQUIPMENT"),
    ("CLOTHING", "EQUIPMENT"),
    ("FURNITURE", "EQUIPMENT"),
    ("CABLE", "EQUIPMENT"),
    ("CAMERA", "EQUIPMENT"),
    ("SUPPLIES", "EQUIPMENT"),
    ("IT AND TELECOM", "SERVICES"),
    ("SERVICE", "SERVICES"),
    ("", "OTHER"),
)
WALL = ("BORDER WALL", "VERTICAL BARRIER", "BOLLARD", "BORDER BARRIER")


@functools.cache
def rows(name):
    """The rows of a capture, each as a tuple of its cells, the header first."""
    return [tuple(row) for row in csv.reader(io.StringIO(content(name).decode(), newline=""))]


def transactions(name):
    """The rows without exact repeats, as dicts."""
    header, *lines = rows(name)
    return [dict(zip(header, line, strict=True)) for line in dict.fromkeys(lines)]


def plain(text):
    return " ".join(text.split()).upper()


def wall(text):
    if any(words in text for words in WALL):
        return "WALL"
    return "BARRIER" if "BARRIER" in text else "NONE"


def cents(amount):
    return int((Decimal(amount) * 100).to_integral_value(ROUND_HALF_EVEN))


def test_there_are_ten_captures():
    assert len(NAMES) == 10


@pytest.mark.parametrize("name", NAMES)
def test_only_exact_repeats_are_left_out(name):
    _, *lines = rows(name)
    assert ROWS[name][:2] == (len(lines), len(lines) - len(transactions(name)))


@pytest.mark.parametrize("name", NAMES)
def test_amounts_by_agency_category_words_and_month(name):
    expected = Counter()
    for row in transactions(name):
        product = plain(row["Product/Service Description"])
        category = next(code for text, code in CATEGORIES if text in product)
        key = row["Agency"], category, wall(plain(row["Transaction Description"])), row["Action Date"][:7]
        expected[key] += cents(row["Federal Action Obligation"])
    assert differences(figures(name), expected) == {}


@pytest.mark.parametrize("name", NAMES)
def test_the_sum_of_all_amounts_of_each_agency(name):
    printed, found = Counter(), Counter()
    for row in transactions(name):
        printed[row["Agency"]] += cents(row["Federal Action Obligation"])
    for key, value in figures(name).items():
        found[key[0]] += value
    assert found == printed
    assert set(printed) == {"CBP", "ICE"}


def test_the_largest_contract_of_fy2025_is_in_its_month_and_category():
    (largest,) = [
        row
        for row in transactions(NEWEST)
        if row["Award ID"] == "70B01C25F00001121" and row["Modification"] == "0"
    ]
    assert largest["Federal Action Obligation"] == "850361073.0"
    assert largest["Transaction Description"] == "CONSTRUCTION OF BORDER BARRIER WALL SYSTEM."
    assert figures(NEWEST)["CBP", "CONSTRUCTION", "WALL", "2025-09"] >= 85_036_107_300


def test_only_the_month_in_which_a_capture_was_made_is_provisional():
    provisional = {
        (name, key[-1]) for name in NAMES for key, (_, status) in read_cells(name).items() if status == "P"
    }
    assert provisional == {(FEBRUARY_2026, "2026-02"), (AUGUST_2026, "2026-08")}


def entries(name):
    """What tells the transactions of a capture apart, by the csv module alone."""
    columns = ("Agency", "Award ID", "Modification", "Action Date")
    return Counter(tuple(plain(row[column]) for column in columns) for row in transactions(name))


@pytest.mark.parametrize("name", NAMES)
def test_each_transaction_is_an_entry(name):
    found = Counter(
        tuple(plain(cell) for cell in entry) for entry in reading(name).entries["contract-obligations"]
    )
    assert found == entries(name)


@pytest.mark.parametrize(
    ("before", "after", "added", "removed"), [(FEBRUARY, AUGUST, 43, 104), (AUGUST, NEWEST, 95, 18)]
)
def test_entries_added_and_removed_between_captures_of_fy2025(before, after, added, removed):
    old, new = (Counter(reading(name).entries["contract-obligations"]) for name in (before, after))
    plain_old, plain_new = entries(before), entries(after)
    assert ((new - old).total(), (old - new).total()) == (added, removed)
    assert ((plain_new - plain_old).total(), (plain_old - plain_new).total()) == (added, removed)

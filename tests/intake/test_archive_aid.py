"""Foreign aid by country, transaction type and fiscal year against a plain reading of the file."""

import csv
import functools
import io
from collections import Counter

import pytest
from test_archive_files import codes_of, content, differences, figures, plain, read_cells

NAME = "us_foreign_aid_country.csv"
TYPES = {
    "Obligations": "OBLIGATIONS",
    "Disbursements": "DISBURSEMENTS",
    "Appropriated and Planned": "APPROPRIATED",
    "President's Budget Requests": "REQUESTS",
    "Initial Allocations": "ALLOCATIONS",
}


@functools.cache
def rows():
    return list(csv.DictReader(io.StringIO(content(NAME).decode(), newline="")))


def period(year):
    return "1976-Q3" if year == "1976tq" else f"FY{year}"


def test_every_amount_in_current_and_constant_dollars():
    expected = Counter()
    for row in rows():
        key = codes_of("recipient")[plain(row["Country Name"])], TYPES[row["Transaction Type Name"]]
        expected[*key, "CURRENT", period(row["Fiscal Year"])] += int(row["current_amount"])
        expected[*key, "CONSTANT", period(row["Fiscal Year"])] += int(row["constant_amount"])
    # Aid to the world is printed in two rows for three years
    assert len(expected) == 2 * (len(rows()) - 3)
    assert differences(figures(NAME), expected) == {}


def test_recipients_with_a_code_of_the_publisher_have_it():
    printed = {
        row["Country Code"]: codes_of("recipient")[plain(row["Country Name"])]
        for row in rows()
        if row["Country Code"] != "NULL"
    }
    assert {code: ours for code, ours in printed.items() if code != ours} == {}


@pytest.mark.parametrize("kind", TYPES)
def test_aid_to_mexico_by_fiscal_year(kind):
    mexico = [
        row for row in rows() if (row["Country Name"], row["Transaction Type Name"]) == ("Mexico", kind)
    ]
    for column, basis in (("current_amount", "CURRENT"), ("constant_amount", "CONSTANT")):
        printed = {period(row["Fiscal Year"]): int(row[column]) for row in mexico}
        found = {
            key[3]: value for key, value in figures(NAME).items() if key[:3] == ("MEX", TYPES[kind], basis)
        }
        assert found == printed


@pytest.mark.parametrize(
    ("kind", "time", "amount"),
    [
        ("OBLIGATIONS", "FY1976", 700_000),
        ("OBLIGATIONS", "1976-Q3", 2_000),
        ("OBLIGATIONS", "FY2017", 296_265_815),
        ("DISBURSEMENTS", "FY2017", 299_503_968),
        ("APPROPRIATED", "FY2008", 53_854_000),
        ("REQUESTS", "FY2017", 134_668_760),
        ("ALLOCATIONS", "FY2017", 138_566_000),
    ],
)
def test_aid_to_mexico_picked_by_hand(kind, time, amount):
    assert read_cells(NAME)["MEX", kind, "CURRENT", time] == (amount, "A")


def test_the_transition_quarter_belongs_to_no_fiscal_year():
    printed = [row for row in rows() if row["Fiscal Year"] == "1976tq"]
    found = [key for key in read_cells(NAME) if key[3] == "1976-Q3"]
    assert len(found) == 2 * len(printed) > 100


def test_amounts_taken_back_stay_below_zero():
    below = [row for row in rows() if row["current_amount"].startswith("-")]
    found = [key for key, value in figures(NAME).items() if value < 0 and key[2] == "CURRENT"]
    assert len(found) == len(below) == 85
    assert figures(NAME)["AIA", "DISBURSEMENTS", "CURRENT", "FY2021"] == -140_904


def test_years_that_the_publisher_still_revised_at_their_age_are_provisional():
    """FY2022 was 396 days over, and rose by 12 and 15 per cent in the next file."""
    provisional = {key[3] for key, (_, status) in read_cells(NAME).items() if status == "P"}
    assert provisional == {"FY2022", "FY2023", "FY2024"}
    assert {status for _, status in read_cells(NAME).values()} == {"A", "P"}

"""Federal sentences by district against a plain reading of the compilation."""

import csv
import io
from collections import Counter

import pytest
from test_archive_files import content, differences, figures, read_cells

NAME = "ussc-immigration-sentences-by-district-2001-2017.csv"


def rows():
    return list(csv.DictReader(io.StringIO(content(NAME).decode(), newline="")))


def test_every_figure_by_district_offence_and_fiscal_year():
    expected = {}
    for row in rows():
        expected[row["District"], "IMMIGRATION", f"FY{row['Year']}"] = (int(row["Immigration"]), "A")
        expected[row["District"], "_T", f"FY{row['Year']}"] = (int(row["SentenceAdd"]), "A")
    assert len(expected) == 2 * 94 * 17
    assert differences(read_cells(NAME), expected) == {}


@pytest.mark.parametrize(
    ("time", "immigration", "all_offences"), [("FY2001", 9_499, 49_613), ("FY2017", 18_475, 58_091)]
)
def test_the_sum_of_all_districts(time, immigration, all_offences):
    found = Counter()
    for (_, offence, period), value in figures(NAME).items():
        found[offence, period] += value
    assert (found["IMMIGRATION", time], found["_T", time]) == (immigration, all_offences)


def test_a_district_picked_by_hand():
    assert figures(NAME)["TXW", "IMMIGRATION", "FY2017"] == 3_408
    assert figures(NAME)["CAS", "_T", "FY2017"] == 2_473

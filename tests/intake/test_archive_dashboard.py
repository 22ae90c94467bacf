"""The captures of CBP's dashboard against plain readings of the same files: each cell, and each total over any axis."""

import csv
import io
from collections import Counter

import pytest
from test_archive_files import content, differences, figures, of_source, reading, standard

CAPTURES = of_source("cbp-southwest-dashboard")
AXES = ("Citizenship Grouping", "Component", "Demographic", "Title of Authority")
CODES = {
    "El Salvador": "SLV", "Guatemala": "GTM", "Honduras": "HND", "Mexico": "MEX", "Other": "O4",
    "U.S. Border Patrol": "USBP", "Office of Field Operations": "OFO",
    "Accompanied Minors": "AM", "FMUA": "FMUA", "Single Adults": "SA", "UC / Single Minors": "UC",
    "Title 8": "T8", "Title 42": "T42",
}  # fmt: skip
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Encounters in all and in each fiscal year that the capture speaks of, added up from its rows without any `all`
SUMS = {
    "cbp-encounters-dashboard-1-nov-2021.csv": {2018: 521_090, 2019: 977_509, 2020: 458_088, 2021: 1_541_651},
    "cbp_encounters_dashboard_1-december_17_2021.csv": {2019: 977_509, 2020: 458_088, 2021: 1_734_686, 2022: 164_303},
    "cbp_encounters_dashboard_1_official_update-october_21_2022.csv": {2019: 977_509, 2020: 458_088, 2021: 1_734_686, 2022: 2_378_944},
    "cbp_encounters_dashboard_1_official_update-march_10_2023.csv": {2020: 458_088, 2021: 1_734_686, 2022: 2_378_944, 2023: 1_029_953},
}  # fmt: skip


def published(name):
    """The cube of a capture: by fiscal year, month and the four labels its figure, of which a null is a zero."""
    cube = {}
    for row in csv.DictReader(io.StringIO(content(name).decode(), newline="")):
        text = row["SUM(Encounter Count)-alias"]
        cell = (row["Fiscal Year-value"][:4], row["Month (abbv)-value"], *(row[axis] for axis in AXES))
        assert cell not in cube
        cube[cell] = 0 if text == "%null%" else int(text)
    return cube


def month(year, label):
    number = MONTHS.index(label) + 1
    return f"{int(year) - (number >= 10)}-{number:02d}"


def test_twelve_captures():
    assert len(CAPTURES) == 12


@pytest.mark.slow
@pytest.mark.parametrize("name", CAPTURES)
def test_every_cell_of_a_capture(name):
    expected = {}
    for (year, label, citizenship, component, demographic, title), figure in published(name).items():
        if "all" not in (citizenship, component, demographic, title):
            kind = "EXP" if title == "Title 42" else {"U.S. Border Patrol": "APP"}.get(component, "INA")
            codes = (CODES[one] for one in (component, demographic, citizenship, title))
            expected["SW", *codes, kind, month(year, label)] = figure
    assert differences(figures(name), expected) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", CAPTURES)
def test_every_total_of_a_capture_is_the_sum_of_what_was_read(name):
    """Also those over several axes: of each row with `all` the cells that were read add up to its figure."""
    sums = Counter()
    for (_, component, demographic, citizenship, title, _, period), figure in figures(name).items():
        cell = (citizenship, component, demographic, title)
        for over in range(1, 16):
            sums[period, *("all" if over >> n & 1 else code for n, code in enumerate(cell))] += figure
    totals = {
        (month(year, label), *(CODES.get(one, one) for one in labels)): figure
        for (year, label, *labels), figure in published(name).items()
        if "all" in labels
    }
    assert len(totals) > 5_000
    assert differences({cell: sums[cell] for cell in totals}, totals) == {}


@pytest.mark.parametrize("name", SUMS)
def test_the_years_of_a_capture(name):
    sums = Counter()
    for (*_, period), figure in figures(name).items():
        year, _, number = period.partition("-")
        sums[int(year) + (int(number) >= 10)] += figure
    assert sums == SUMS[name]


def test_the_capture_of_october_2022_has_the_cells_of_the_file_of_that_day():
    """CBP's file of that month calls expulsions by the Border Patrol apprehensions; the dashboard has no type."""
    capture, file = (
        Counter({(*key[:5], key[6]): figure for key, figure in figures(name).items()})
        for name in (
            "cbp_encounters_dashboard_1_official_update-october_21_2022.csv",
            "sbo-encounters-fy19-fy22.csv",
        )
    )
    assert differences(capture, file) == {}


@pytest.mark.parametrize("name", CAPTURES)
def test_only_a_year_to_date_is_provisional_in_a_capture(name):
    rows = csv.DictReader(io.StringIO(content(name).decode(), newline=""))
    to_date = {
        month(row["Fiscal Year-value"][:4], row["Month (abbv)-value"])
        for row in rows
        if "FYTD" in row["Fiscal Year-value"]
    }
    found = reading(name).observations
    provisional = found.key[found.status == standard().statuses.provisional]
    assert {found.space.text(int(key)).rpartition(" ")[2] for key in provisional} == to_date

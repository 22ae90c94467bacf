"""Agents, families and children, prosecutions and miles of barrier of the Border Patrol against plain readings."""

import csv
import functools
import io

import pytest
from test_archive_files import codes_of, content, differences, figures, of_source, plain, read_cells

AGENTS = "border_patrol_staffing_1992_2019.csv"
FAMILIES = "family_child_total_monthly_2000_2019.csv"
PROFILE = "sector_profile_2011_2019.csv"
REGIONS = {
    "southwest border": ("SW", "_T"),
    "northern border": ("NORTH", "_T"),
    "coastal border": ("COASTAL", "_T"),
    "nationwide total": ("_T", "_T"),
}
COASTAL = {"livermore", "miami", "new orleans", "ramey"}
SOUTHWEST = {
    "big bend",
    "del rio",
    "el centro",
    "el paso",
    "laredo",
    "rio grande valley",
    "san diego",
    "tucson",
    "yuma",
}
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
# By state, the columns of the PDF from left to right; read off the page
MILES = {
    "_T": (374, 280, 654, 37, 14),
    "CA": (101, 15, 116, 14, 2),
    "AZ": (124, 183, 307, 10, 8),
    "NM": (34, 82, 116, 0, 0),
    "TX": (115, 1, 116, 13, 4),
}
BARRIERS = ("PRIMARY_PEDESTRIAN", "PRIMARY_VEHICLE", "PRIMARY", "SECONDARY", "TERTIARY")


@functools.cache
def rows(name):
    return list(csv.DictReader(io.StringIO(content(name).decode(), newline="")))


def place(sector):
    """The border region and the office of a sector or of a total."""
    if sector in REGIONS:
        return REGIONS[sector]
    region = "SW" if sector in SOUTHWEST else "COASTAL" if sector in COASTAL else "NORTH"
    return region, codes_of("office")["USBP", plain(sector)]


def cell(figure):
    return (0, "L") if figure == "NA" else (int(figure), "A")


def without_closed(found, expected):
    """Both without the cells of a sector after it was closed: it has no count, not a count of zero."""
    closed = {key for key, (_, status) in found.items() if status == "M"}
    for key in closed:
        assert (key[2], expected[key][0]) == ("LVM", 0)
        assert key[-1].removeprefix("FY") > "2005"
    return ({key: cells[key] for key in cells if key not in closed} for cells in (found, expected))


@pytest.mark.parametrize(
    ("name", "column"), [(AGENTS, "number_of_agents"), (PROFILE, "accepted_prosecutions")]
)
def test_figures_by_sector_and_fiscal_year(name, column):
    expected = {
        ("USBP", *place(row["sector"]), f"FY{row['fiscal_year']}"): cell(row[column]) for row in rows(name)
    }
    assert len(expected) == len(rows(name))
    assert differences(*without_closed(read_cells(name), expected)) == {}


def test_agents_of_the_nation_picked_by_hand():
    assert figures(AGENTS)["USBP", "_T", "_T", "FY1992"] == 4_139
    assert figures(AGENTS)["USBP", "_T", "_T", "FY2016"] == 19_828
    assert figures(AGENTS)["USBP", "_T", "_T", "FY2019"] == 19_648


def test_families_and_children_by_sector_and_month():
    columns = {
        "total_apprehensions": "_T",
        "unaccompanied_child_apprehension": "UC",
        "family_apprehensions": "FMUA",
    }
    expected = {}
    for row in rows(FAMILIES):
        time = f"FY{row['fiscal_year']}"
        if row["month"] != "yearly total":
            number = MONTHS.index(row["month"]) + 1
            time = f"{int(row['fiscal_year']) - (number >= 10)}-{number:02d}"
        for column, code in columns.items():
            key = "USBP", *place(row["sector"]), code, time
            expected[key] = cell(row[column])
    assert len(expected) == 3 * len(rows(FAMILIES))
    assert differences(*without_closed(read_cells(FAMILIES), expected)) == {}


@pytest.mark.parametrize("state", MILES)
def test_miles_of_barrier_by_state(state):
    (name,) = of_source("usbp-barrier")
    found = tuple(read_cells(name)[state, barrier, "2019-09-30"] for barrier in BARRIERS)
    assert found == tuple((miles, "A") for miles in MILES[state])


def test_the_document_has_25_figures():
    (name,) = of_source("usbp-barrier")
    assert len(read_cells(name)) == 25 == sum(map(len, MILES.values()))

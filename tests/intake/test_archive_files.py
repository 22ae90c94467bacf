"""Every data file of the archive is read whole, and its totals are those that a plain reading of the file gives."""

import csv
import gzip
import io
from collections import Counter

import numpy as np
import openpyxl
import pytest

from borderstats.intake import archive
from borderstats.intake.read import read_file
from borderstats.standard import periods

ROWS = {
    "nationwide-encounters-fy20-fy23-state.csv": 42_532,
    "nationwide-encounters-fy21-fy24-oct-state.csv": 35_630,
    "nationwide-encounters-fy21-fy24-nov-state.csv": 36_642,
    "nationwide-encounters-fy21-fy24-jan-state.csv": 38_666,
    "nationwide-encounters-fy21-fy24-feb-state.csv": 39_670,
    "nationwide-encounters-fy21-fy24-mar-state.csv": 40_699,
    "nationwide-encounters-fy21-fy24-state.csv": 46_995,
    "sbo-encounters-fy19-fy22.csv": 2_264,
    "sbo-encounters-fy22-fy25-nov.csv": 1_665,
    "usbp_monthly_encounters_fy2000-fy2020.csv.gz": 252,
    "khsm-encounters-usbp-fy25m11.xlsx": 48_815,
    "nationwide_total_apprehensions_1925_2019.csv": 95,
    "southwest_border_apprehensions_1960_2019.csv": 600,
    "southwest_border_deaths_1998_2019.csv": 220,
    "border_patrol_staffing_1992_2019.csv": 700,
    "family_child_total_monthly_2000_2019.csv": 6_487,
    "sector_profile_2011_2019.csv": 216,
    "ADP_monthly_Oct18_Apr21.csv": 31,
    "Immigration_Detention_ADP_1979_2021_apr.csv": 43,
}
WIDE = {"usbp_monthly_encounters_fy2000-fy2020.csv.gz": 25, "family_child_total_monthly_2000_2019.csv": 3}
"""Observations in each row, where there is more than one."""

ENCOUNTERS = [name for name in ROWS if name.startswith(("nationwide-", "sbo-"))]
ANNUAL = [name for name in ROWS if name.startswith("southwest_border")]


@pytest.fixture(scope="module")
def readings(standard, archive_folder):
    """Every reading by file name, each file read once."""
    found = {}
    for snapshot in archive.snapshots(archive_folder):
        if snapshot.source:
            name = snapshot.file.rpartition("/")[2]
            found[name] = read_file(standard, name, archive.read(archive_folder, snapshot))
    return found


@pytest.fixture(scope="module")
def published(archive_folder):
    """A function from a text file's name to its rows as dicts, read by the csv module alone."""

    def rows(name, delimiter=","):
        data = (archive_folder / "encounters" / name).read_bytes()
        data = gzip.decompress(data) if name.endswith(".gz") else data
        return list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))

    return rows


def by_fiscal_year(reading, **wanted):
    """The sum of the observations in each fiscal year, months and years apart, at the wanted codes."""
    observations = reading.observations
    space = observations.space
    flags = space.matches(observations.key, wanted)
    sums = Counter()
    for period, value in zip(
        space.period(observations.key[flags]).tolist(), observations.value[flags].tolist(), strict=True
    ):
        sums["year" if periods.is_fiscal_year(period) else "months", periods.fiscal_year(period)] += value
    return dict(sums)


def test_the_list_here_is_the_archives(readings):
    assert set(readings) == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_file_of_the_archive_is_read_whole(readings, name):
    reading = readings[name]
    assert reading.refusals == ()
    assert (reading.rows, reading.accepted) == (ROWS[name], ROWS[name])
    assert len(reading.observations) == ROWS[name] * WIDE.get(name, 1)


@pytest.mark.parametrize("name", ROWS)
def test_observations_are_sorted_and_each_key_stands_there_once(readings, name):
    key = readings[name].observations.key
    assert (np.diff(key) > 0).all()


@pytest.mark.parametrize("name", ENCOUNTERS)
def test_encounters_by_fiscal_year(readings, published, name):
    sums = Counter()
    for row in published(name):
        sums["months", int(row["Fiscal Year"][:4])] += int(float(row["Encounter Count"]))
    assert by_fiscal_year(readings[name]) == dict(sums)
    assert readings[name].total == sum(sums.values())


@pytest.mark.parametrize("name", ENCOUNTERS)
def test_encounters_by_calendar_month(readings, published, name):
    numbers = dict(
        zip(
            ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
            range(1, 13),
            strict=True,
        )
    )
    sums = Counter()
    for row in published(name):
        number = numbers[row["Month (abbv)"]]
        year = int(row["Fiscal Year"][:4]) - (number >= 10)
        sums[f"{year}-{number:02d}"] += int(float(row["Encounter Count"]))
    observations = readings[name].observations
    found = Counter()
    for period, value in zip(
        observations.space.period(observations.key).tolist(), observations.value.tolist(), strict=True
    ):
        found[periods.text(period)] += value
    assert found == sums


@pytest.mark.parametrize("name", ENCOUNTERS)
def test_only_a_year_to_date_is_provisional(standard, readings, published, name):
    to_date = {int(row["Fiscal Year"][:4]) for row in published(name) if "FYTD" in row["Fiscal Year"]}
    observations = readings[name].observations
    provisional = standard.codelists["obs_status"].numbers["P"]
    found = observations.space.period(observations.key[observations.status == provisional])
    assert {periods.fiscal_year(period) for period in found.tolist()} == to_date


def test_the_closed_file_of_fy2024_has_no_year_to_date(readings, standard):
    observations = readings["nationwide-encounters-fy21-fy24-state.csv"].observations
    assert standard.codelists["obs_status"].numbers["P"] not in observations.status


def test_published_nationwide_encounters_of_fy2023(readings):
    assert by_fiscal_year(readings["nationwide-encounters-fy20-fy23-state.csv"])["months", 2023] == 3_201_144


def test_border_patrol_months_by_fiscal_year_and_column(readings, published):
    name = "usbp_monthly_encounters_fy2000-fy2020.csv.gz"
    rows = published(name, "|")
    assert len(rows) == 252
    for column, codes in (
        ("monthly_total", {"region": "_T", "office": "_T"}),
        ("southwest_border", {"region": "SW", "office": "_T"}),
        ("northern_border", {"region": "NORTH", "office": "_T"}),
        ("coastal_border", {"region": "COASTAL", "office": "_T"}),
        ("livermore", {"region": "COASTAL", "office": "LVM"}),
        ("el_paso", {"region": "SW", "office": "EPT"}),
        ("buffalo", {"region": "NORTH", "office": "BUN"}),
    ):
        sums = Counter()
        for row in rows:
            sums["months", int(row["fy"])] += int(row[column])
        assert by_fiscal_year(readings[name], **codes) == dict(sums), column


def test_zeros_of_a_closed_sector_are_not_applicable(readings, standard):
    observations = readings["usbp_monthly_encounters_fy2000-fy2020.csv.gz"].observations
    space = observations.space
    flags = space.matches(observations.key, {"office": "LVM"})
    after = flags & (space.period(observations.key) >= periods.parse("2005-10"))
    not_applicable = standard.codelists["obs_status"].numbers["M"]
    assert (observations.value[after] == 0).all()
    assert (observations.status[after] == not_applicable).all()
    assert (observations.status[flags & ~after] != not_applicable).all()


def test_the_national_series_by_fiscal_year(readings, published):
    name = "nationwide_total_apprehensions_1925_2019.csv"
    expected = {("year", int(row["fiscal_year"])): int(row["total_apprehensions"]) for row in published(name)}
    assert len(expected) == 95
    assert by_fiscal_year(readings[name]) == expected


@pytest.mark.parametrize("name", ANNUAL)
def test_the_sector_series_by_fiscal_year(readings, published, name):
    rows = published(name)
    value = next(column for column in rows[0] if column not in ("sector", "fiscal_year"))
    sectors, total = Counter(), Counter()
    for row in rows:
        whole = row["sector"] == "southwest border"
        (total if whole else sectors)["year", int(row["fiscal_year"])] += int(row[value])
    assert by_fiscal_year(readings[name], office="_T") == dict(total)
    offices = tuple(code.code for code in readings[name].observations.space.codelists["office"].codes)
    assert by_fiscal_year(readings[name], office=offices[: offices.index("_T")]) == dict(sectors)


def test_the_ohss_workbook_sheet_by_sheet(readings, archive_folder):
    name = "khsm-encounters-usbp-fy25m11.xlsx"
    book = openpyxl.load_workbook(archive_folder / "encounters" / name, read_only=True, data_only=True)
    reading = readings[name]
    offices, citizenships, statuses = (
        tuple(code.code for code in reading.observations.space.codelists[concept].codes if code.code != "_T")
        for concept in ("office", "citizenship", "demographic")
    )
    regions = ("SW", "NORTH", "COASTAL", "OTHER", "_U")
    everything = {"region": "_T", "office": "_T", "citizenship": "_T", "demographic": "_T"}
    rest = {
        "Count": {},
        "Citizenship": {"citizenship": citizenships},
        "Region": {"region": regions},
        "Family Status": {"demographic": statuses},
        "Sector": {"office": offices},
        "Rgn and Citp": {"region": regions, "citizenship": citizenships},
        "Rgn and Fam Status": {"region": regions, "demographic": statuses},
        "Rgn and Sector": {"region": regions, "office": offices},
    }
    rows = 0
    for sheet in book.sheetnames:
        lines = book[sheet].iter_rows(values_only=True)
        header = [" ".join(column.split()) for column in next(lines)]
        often, _, what = sheet.partition(" ")
        sums = Counter()
        for line in lines:
            if any(cell is not None for cell in line):
                sums[
                    {"Annual": "year", "Monthly": "months"}[often], int(line[header.index("Fiscal Year")])
                ] += line[header.index("Quantity")]
                rows += 1
        found = by_fiscal_year(reading, **{**everything, **rest[what]})
        assert {key: value for key, value in found.items() if key[0] == next(iter(sums))[0]} == dict(sums), (
            sheet
        )
    assert rows == 48_815

"""CBP's and OHSS's encounters, apprehensions and deaths against plain readings of the same files."""

import csv
import functools
import io
from collections import Counter

import numpy as np
import openpyxl
import pytest
from test_archive_files import ROWS, content, reading, standard

from borderstats import periods
from borderstats.intake.read import total
from calendars import FEDERAL

ENCOUNTERS = [name for name in ROWS if name.startswith(("nationwide-", "sbo-"))]
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
ANNUAL = [name for name in ROWS if name.startswith("southwest_border")]


def published(name, delimiter=","):
    """The rows of a text file as dicts, read by the csv module alone."""
    return list(csv.DictReader(io.StringIO(content(name).decode(), newline=""), delimiter=delimiter))


def by_fiscal_year(found, **wanted):
    """The sum of the observations in each fiscal year, months and years apart, at the wanted codes."""
    observations = found.observations
    space = observations.space
    chosen = observations.where(space.matches(observations.key, wanted))
    times, place = np.unique(space.period(chosen.key), return_inverse=True)
    sums = Counter()
    for period, value in zip(times.tolist(), np.bincount(place, chosen.value).tolist(), strict=True):
        sums["year" if periods.is_fiscal_year(period) else "months", FEDERAL.fiscal_year(period)] += value
    return dict(sums)


@functools.cache
def by_label(name):
    """The encounters of a file by its labels of fiscal year and month."""
    sums = Counter()
    for row in published(name):
        sums[row["Fiscal Year"], row["Month (abbv)"]] += int(float(row["Encounter Count"]))
    return sums


@pytest.mark.slow
@pytest.mark.parametrize("name", ENCOUNTERS)
def test_encounters_by_fiscal_year(name):
    sums = Counter()
    for (year, _), count in by_label(name).items():
        sums["months", int(year[:4])] += count
    assert by_fiscal_year(reading(name)) == dict(sums)
    assert total(reading(name).observations) == sum(sums.values())


@pytest.mark.parametrize("name", ENCOUNTERS)
def test_encounters_by_calendar_month(name):
    sums = Counter()
    for (fiscal, label), count in by_label(name).items():
        number = MONTHS.index(label) + 1
        sums[f"{int(fiscal[:4]) - (number >= 10)}-{number:02d}"] += count
    observations = reading(name).observations
    times, place = np.unique(observations.space.period(observations.key), return_inverse=True)
    found = np.bincount(place, observations.value)
    assert dict(zip(map(periods.text, times.tolist()), found.tolist(), strict=True)) == sums


@pytest.mark.parametrize("name", ENCOUNTERS)
def test_only_a_year_to_date_is_provisional(name):
    to_date = {int(year[:4]) for year, _ in by_label(name) if "FYTD" in year}
    observations = reading(name).observations
    provisional = standard().statuses.provisional
    found = np.unique(observations.space.period(observations.key[observations.status == provisional]))
    assert {FEDERAL.fiscal_year(period) for period in found.tolist()} == to_date


def test_the_closed_file_of_fy2024_has_no_year_to_date():
    observations = reading("nationwide-encounters-fy21-fy24-state.csv").observations
    assert standard().statuses.provisional not in observations.status


def test_published_nationwide_encounters_of_fy2023():
    assert by_fiscal_year(reading("nationwide-encounters-fy20-fy23-state.csv"))["months", 2023] == 3_201_144


def test_border_patrol_months_by_fiscal_year_and_column():
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
        assert by_fiscal_year(reading(name), **codes) == dict(sums), column


def test_zeros_of_a_closed_sector_are_not_applicable():
    observations = reading("usbp_monthly_encounters_fy2000-fy2020.csv.gz").observations
    space = observations.space
    flags = space.matches(observations.key, {"office": "LVM"})
    after = flags & (space.period(observations.key) >= periods.parse("2005-10"))
    not_applicable = standard().statuses.not_applicable
    assert (observations.value[after] == 0).all()
    assert (observations.status[after] == not_applicable).all()
    assert (observations.status[flags & ~after] != not_applicable).all()


def test_the_national_series_by_fiscal_year():
    name = "nationwide_total_apprehensions_1925_2019.csv"
    expected = {("year", int(row["fiscal_year"])): int(row["total_apprehensions"]) for row in published(name)}
    assert len(expected) == 95
    assert by_fiscal_year(reading(name)) == expected


@pytest.mark.parametrize("name", ANNUAL)
def test_the_sector_series_by_fiscal_year(name):
    rows = published(name)
    value = next(column for column in rows[0] if column not in ("sector", "fiscal_year"))
    sectors, total = Counter(), Counter()
    for row in rows:
        whole = row["sector"] == "southwest border"
        (total if whole else sectors)["year", int(row["fiscal_year"])] += int(row[value])
    assert by_fiscal_year(reading(name), office="_T") == dict(total)
    offices = tuple(code.code for code in reading(name).observations.space.codelists["office"].codes)
    assert by_fiscal_year(reading(name), office=offices[: offices.index("_T")]) == dict(sectors)


@pytest.mark.slow
def test_the_ohss_workbook_sheet_by_sheet():
    name = "khsm-encounters-usbp-fy25m11.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content(name)), read_only=True, data_only=True)
    whole = reading(name)
    offices, citizenships, statuses = (
        tuple(code.code for code in whole.observations.space.codelists[concept].codes if code.code != "_T")
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
        found = by_fiscal_year(whole, **{**everything, **rest[what]})
        assert {key: value for key, value in found.items() if key[0] == next(iter(sums))[0]} == dict(sums), (
            sheet
        )
    assert rows == 48_815

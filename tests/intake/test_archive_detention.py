"""Removals by ICE and detention by day, facility and year against plain readings of the same files."""

import csv
import functools
import io
from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import parquet
from test_archive_files import codes_of, content, differences, figures, of_source, plain, read_cells

REMOVALS = "FY2017andFY2018ICERemovalsbyCountryofCitizenship.csv"
DAYS = "ice-facilities-daily-population-2022-10-2026-03.parquet"
PANEL = "ice-facilities-panel-fy10-fy26.csv"
GROUPS = {
    "n_detained": "_T",
    "n_detained_at_midnight": "MIDNIGHT",
    "n_detained_male": "MALE",
    "n_detained_female": "FEMALE",
    "n_detained_convicted_criminal": "CONVICTED",
    "n_detained_possibly_under_18": "POSSIBLY_MINOR",
}


def rows(name):
    return list(csv.DictReader(io.StringIO(content(name).decode(), newline="")))


@functools.cache
def days() -> pa.Table:
    return parquet.read_table(pa.BufferReader(content(DAYS)))


def test_removals_by_country_of_citizenship():
    expected = {
        (codes_of("citizenship")[plain(row["CountryOfCitizenship"])], f"FY{year}"): (int(row[year]), "A")
        for row in rows(REMOVALS)
        for year in ("2017", "2018")
    }
    assert len(expected) == 2 * 196
    assert differences(read_cells(REMOVALS), expected) == {}


@pytest.mark.parametrize(("time", "removals"), [("FY2017", 226_119), ("FY2018", 256_085)])
def test_all_removals_are_those_that_ice_published(time, removals):
    assert sum(value for key, value in figures(REMOVALS).items() if key[1] == time) == removals


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_persons_in_detention_by_day(group):
    sums = days().group_by("date").aggregate([(group, "sum")])
    expected = {
        (GROUPS[group], str(day)): value
        for day, value in zip(sums["date"].to_pylist(), sums[f"{group}_sum"].to_pylist(), strict=True)
    }
    found = figures(DAYS, "ice-detained-day")
    assert differences({key: found[key] for key in found if key[0] == GROUPS[group]}, expected) == {}
    assert len(expected) == 1_257


@pytest.mark.slow
def test_nights_in_each_facility_by_month():
    month = pc.strftime(days()["date"], "%Y-%m")
    sums = (
        days()
        .append_column("month", month)
        .group_by(["detention_facility_code", "month"])
        .aggregate([("n_detained_at_midnight", "sum")])
    )
    columns = ("detention_facility_code", "month", "n_detained_at_midnight_sum")
    expected = {
        (codes_of("facility")[plain(code)], time): value
        for code, time, value in zip(*(sums[column].to_pylist() for column in columns), strict=True)
    }
    assert len(expected) == sums.num_rows == 29_694
    assert differences(figures(DAYS, "ice-detained-facility"), expected) == {}


@pytest.mark.slow
def test_days_and_facilities_add_up_to_the_same_nights():
    by_day = sum(v for key, v in figures(DAYS, "ice-detained-day").items() if key[0] == "MIDNIGHT")
    by_facility = sum(figures(DAYS, "ice-detained-facility").values())
    assert by_day == by_facility == pc.sum(days()["n_detained_at_midnight"]).as_py() > 30_000_000


def hundredths(text):
    return int((Decimal(text) * 100).to_integral_value(ROUND_HALF_EVEN))


def test_average_daily_population_by_facility_and_fiscal_year():
    expected = Counter()
    for row in rows(PANEL):
        facility = codes_of("facility")[plain(row["canonical_id"])]
        expected[facility, f"FY20{row['fiscal_year'][2:]}"] += hundredths(row["adp"])
    # Nine times the panel has two rows for one facility and year
    assert len(expected) == len(rows(PANEL)) - 9
    assert differences(figures(PANEL), expected) == {}


def test_facilities_of_the_panel_have_the_codes_that_it_prints():
    printed = {
        (row["detloc"], codes_of("facility")[plain(row["canonical_id"])])
        for row in rows(PANEL)
        if row["detloc"] not in ("", "NA")
    }
    # Some facilities changed their code; the panel's number stays
    assert sum(code == ours for code, ours in printed) > 0.9 * len(printed)


def test_only_the_last_year_of_the_panel_is_to_date():
    assert {key[1] for key, (_, status) in read_cells(PANEL).items() if status == "P"} == {"FY2026"}


def test_average_daily_population_by_month():
    (name,) = of_source("ice-adp-month")
    assert read_cells(name) == {("ICE", row["Date"]): (int(row["ADP"]), "A") for row in rows(name)}


def test_average_daily_population_by_fiscal_year():
    (name,) = of_source("ice-adp-year")
    expected = {("ICE", f"FY{row['FY']}"): (int(row["ADP"] or 0), "A") for row in rows(name)}
    assert [row["FY"] for row in rows(name) if not row["ADP"]] == ["1993"]
    expected["ICE", "FY1993"] = (0, "L")
    expected["ICE", "FY2021"] = (15_821, "P")
    assert read_cells(name) == expected

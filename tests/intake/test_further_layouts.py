"""What further sources may say of their columns: several codes for one label, missing figures, whole years."""

import numpy as np
import pytest

from borderstats import periods
from borderstats.intake.read import read_file

HEADER = "sector,fiscal_year,month,total_apprehensions,unaccompanied_child_apprehension,family_apprehensions"


def read(standard, *rows):
    return read_file(standard, "made.csv", "\n".join([HEADER, *rows, ""]).encode())


def cells(standard, reading):
    """What was read, by (region, office, demographic, period): value and status."""
    space = reading.observations.space
    statuses = standard.statuses.codes
    found = {}
    for key, value, status in zip(
        *(getattr(reading.observations, n) for n in ("key", "value", "status")), strict=True
    ):
        codes = space.codes(int(key))
        name = (
            codes["region"],
            codes["office"],
            codes["demographic"],
            periods.text(int(space.period(np.array([key]))[0])),
        )
        found[name] = (int(value), statuses[status])
    return found


def test_a_sector_lies_in_the_region_of_its_parent_and_a_region_among_sectors_is_itself(standard):
    reading = read(
        standard,
        "yuma,2015,october,3,1,2",
        "southwest border,2015,october,9,4,5",
        "nationwide total,2015,october,11,4,5",
    )
    found = cells(standard, reading)
    assert found["SW", "YUM", "_T", "2014-10"] == (3, "A")
    assert found["SW", "YUM", "UC", "2014-10"] == (1, "A")
    assert found["SW", "_T", "FMUA", "2014-10"] == (5, "A")
    assert found["_T", "_T", "_T", "2014-10"] == (11, "A")
    assert len(found) == 9


def test_a_whole_year_is_a_year_and_no_month(standard):
    found = cells(standard, read(standard, "yuma,2015,yearly total,3,1,2"))
    assert found["SW", "YUM", "_T", "FY2015"] == (3, "A")


def test_a_missing_figure_has_its_status_and_is_no_zero(standard):
    found = cells(standard, read(standard, "yuma,2005,may,3,NA,NA"))
    assert found["SW", "YUM", "_T", "2005-05"] == (3, "A")
    assert found["SW", "YUM", "UC", "2005-05"] == (0, "L")


def test_a_missing_figure_of_a_closed_office_cannot_exist(standard):
    found = cells(standard, read(standard, "livermore,2010,may,NA,NA,NA"))
    assert set(found.values()) == {(0, "M")}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("yuma,2005,may,3,n/a,NA", "row 2, column 'unaccompanied_child_apprehension': the count 'n/a' is not a number"),
        ("yuma,2005,yearly,3,NA,NA", "row 2, column 'month': unknown month 'yearly'"),
        ("total,2005,may,3,NA,NA", "row 2, column 'sector': 'total' is a total row among the data; take it out or declare it in sources/usbp-family-child-monthly.toml"),
    ],
)  # fmt: skip
def test_labels_that_are_not_declared_are_refused(standard, row, text):
    reading = read(standard, row)
    assert [refusal.text("made.csv") for refusal in reading.refusals] == [f"made.csv: {text}"]
    assert len(reading.observations) == 0


def test_missing_figures_have_no_value_in_a_release(release):
    import pandas as pd

    table = pd.read_parquet(release / "data/usbp-apprehensions-family-child/latest.parquet")
    early = table[
        (table["demographic"] == "FMUA") & (table["fiscal_year"] < 2013) & (table["office"] != "LVM")
    ]
    assert set(early["status"]) == {"L"}
    assert early["value"].isna().all()
    agents = pd.read_parquet(release / "data/usbp-agents-sector/latest.parquet")
    nation = agents[(agents["region"] == "_T")].set_index("fiscal_year")["value"]
    assert nation[2017] - nation[2016] == -391


def test_a_calendar_month_stands_in_one_column(standard):
    reading = read_file(standard, "made.csv", b"Date,ADP\n2020-09,7\n2020-13,8\nFY2020,9\nMay 9999,9\n")
    assert {name[3]: value for name, value in daily(standard, reading).items()} == {"2020-09": (7, "A")}
    assert [refusal.text("made.csv") for refusal in reading.refusals] == [
        f"made.csv: row {row}, column 'Date': '{label}' is not a month like 2018-10"
        for row, label in ((3, "2020-13"), (4, "FY2020"), (5, "May 9999"))
    ]


def test_a_blank_is_missing_only_where_its_source_says_so(standard):
    reading = read_file(standard, "made.csv", b"FY,ADP\n1992,7\n1993,\n1994,5\n")
    assert {name[3]: value for name, value in daily(standard, reading).items()} == {
        "FY1992": (7, "A"),
        "FY1993": (0, "L"),
        "FY1994": (5, "P"),
    }


def daily(standard, reading):
    """As `cells`, for a dataset whose only dimension is the component."""
    space = reading.observations.space
    statuses = standard.statuses.codes
    columns = (reading.observations.key, reading.observations.value, reading.observations.status)
    return {
        (space.codes(int(key))["component"], "", "", periods.text(int(key) % periods.SPAN)): (
            int(value),
            statuses[status],
        )
        for key, value, status in zip(*columns, strict=True)
    }


def test_a_year_to_date_says_no_more_than_that_its_year_has_begun(standard):
    reading = read_file(standard, "made.csv", b"FY,ADP\n2020,7\n2021,5\n")
    assert reading.earliest_as_of.isoformat() == "2020-10-01"

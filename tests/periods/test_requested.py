"""Periods and moments as SDMX writes them."""

import datetime

import pytest

from borderstats import periods
from calendars import APRIL, FEDERAL, NONE


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-A1", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-M02", "2024-02-01", "2024-02-29"),
        ("2023-Q4", "2023-10-01", "2023-12-31"),
        ("2023-T3", "2023-09-01", "2023-12-31"),
        ("2023-S2", "2023-07-01", "2023-12-31"),
        ("2023-W01", "2023-01-02", "2023-01-08"),
        ("2023-10-05", "2023-10-05", "2023-10-05"),
        ("2023-10-05T12:30:00Z", "2023-10-05", "2023-10-05"),
        ("2023-10-05T12:30:00.5+02:00", "2023-10-05", "2023-10-05"),
        ("FY2024", "2023-10-01", "2024-09-30"),
        ("FY1976", "1975-07-01", "1976-06-30"),
        ("2023-10-01/P1Y", "2023-10-01", "2024-09-30"),
        ("2020-01-16/P16D", "2020-01-16", "2020-01-31"),
        ("2020-01-30/P3D", "2020-01-30", "2020-02-01"),
        ("2023-11-01/P3M", "2023-11-01", "2024-01-31"),
    ],
)
def test_spans(written, first, last):
    assert periods.span(FEDERAL, written) == (day(first), day(last))


@pytest.mark.parametrize(
    "written",
    ["", "soon", "2023-13", "2023-T4", "2023-S3", "2023-W54", "2023-02-30", "0000", "99999", "2023-10-31/P1M", "9999-12-31/P9Y",
     "FY0000", "٢٠٢٣"],
)  # fmt: skip
def test_what_is_no_period_is_reported(written):
    with pytest.raises(ValueError, match=r"^not a period; .* FY2024 or "):
        periods.span(FEDERAL, written)


def test_fiscal_years_are_those_of_the_office():
    assert periods.span(APRIL, "FY2024") == (day("2023-04-01"), day("2024-03-31"))
    with pytest.raises(ValueError, match=r"2023-W40, 2023-10-01/P1Y$"):
        periods.span(NONE, "FY2024")


def test_moments():
    assert periods.moment("2024-01-31") == day("2024-01-31")
    assert periods.moment("2024-01-31T23:59:59Z") == day("2024-01-31")
    assert periods.moment("2024-01-31T00:00") == day("2024-01-31")
    for wrong in (
        "2024-01", "2024-02-30", "now", "", "2024-02-29T99:99:99Z", "2024-02-29T::::", "2024-02-29T", "2024-02-29T24:01:00Z",
        "2024-02-29T00:00:00+99:00", "0001-01-01T00:00:00+14:00", "2024-02-29T1:00Z",
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"^not a date"):
            periods.moment(wrong)


def test_a_moment_is_of_its_day_in_utc():
    assert periods.moment("2024-03-01T00:00:00+14:00") == day("2024-02-29")
    assert periods.moment("2024-02-29T23:00:00-05:00") == day("2024-03-01")
    assert periods.moment("2024-02-29T23:59:59.123456789") == day("2024-02-29")
    assert periods.span(FEDERAL, "2024-03-01T00:00:00+14:00") == (day("2024-02-29"), day("2024-02-29"))

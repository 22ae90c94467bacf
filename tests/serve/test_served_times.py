"""Periods and moments as SDMX writes them."""

import datetime

import pytest

from borderstats.serve import times
from borderstats.serve.problem import Problem


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
        ("2023-11-01/P3M", "2023-11-01", "2024-01-31"),
    ],
)
def test_spans(written, first, last):
    assert times.span(written, "startPeriod") == (day(first), day(last))


@pytest.mark.parametrize(
    "written",
    ["", "soon", "2023-13", "2023-T4", "2023-S3", "2023-W54", "2023-02-30", "0000", "99999", "2023-10-31/P1M", "9999-12-31/P9Y", "٢٠٢٣"],
)  # fmt: skip
def test_what_is_no_period_is_told(written):
    with pytest.raises(Problem) as told:
        times.span(written, "startPeriod")
    assert told.value.status == 400
    assert told.value.detail.startswith("startPeriod: not a period")


def test_moments():
    assert times.moment("2024-01-31", "asOf") == day("2024-01-31")
    assert times.moment("2024-01-31T23:59:59Z", "asOf") == day("2024-01-31")
    for wrong in ("2024-01", "2024-02-30", "now"):
        with pytest.raises(Problem, match="asOf"):
            times.moment(wrong, "asOf")

"""What periods of every kind are called."""

import pytest

from borderstats import periods
from borderstats.words import periods as names

DASH = "\N{EN DASH}"


@pytest.mark.parametrize(
    ("written", "long", "short", "head"),
    [
        ("2023-10", "October 2023", "Oct 2023", "October 2023"),
        ("1976-Q3", "July to September 1976", "Q3 1976", "July to September 1976"),
        ("2024-Q1", "January to March 2024", "Q1 2024", "January to March 2024"),
        ("2024", "2024", "2024", "2024"),
        ("FY2024", "fiscal year 2024", "FY2024", "2024"),
        ("2020-01-01/P15D", "1 to 15 January 2020", f"1{DASH}15 Jan 2020", "1 to 15 January 2020"),
        ("2020-02-16/P14D", "16 to 29 February 2020", f"16{DASH}29 Feb 2020", "16 to 29 February 2020"),
        ("2024-W05", "week of 29 January 2024", "W5 2024", "week of 29 January 2024"),
        ("2020-W53", "week of 28 December 2020", "W53 2020", "week of 28 December 2020"),
        ("2025-07-03", "3 July 2025", "3 Jul 2025", "3 July 2025"),
    ],
)
def test_a_period_of_each_kind(written, long, short, head):
    period = periods.parse(written)
    assert (names.long(period), names.short(period), names.head(period)) == (long, short, head)


@pytest.mark.parametrize(
    ("written", "long", "short", "head"),
    [
        ("FY2024", "fiscal years 2020 to 2024", f"FY2020{DASH}2024", "2020 to 2024"),
        ("2024", "2020 to 2024", f"2020{DASH}2024", "2020 to 2024"),
    ],
)
def test_a_sum_of_years(written, long, short, head):
    period = periods.parse(written)
    assert (names.long(period, 5), names.short(period, 5), names.head(period, 5)) == (long, short, head)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2019-10", "2024-09", "October 2019 to September 2024"),
        ("2019-Q4", "2024-Q3", "October 2019 to September 2024"),
        ("2024-Q1", "2024-Q1", "January to March 2024"),
        ("FY1960", "FY2019", "fiscal years 1960 to 2019"),
        ("1960", "2019", "1960 to 2019"),
        ("2020-03", "2020-03", "March 2020"),
        ("2020-01-01/P15D", "2021-10-01/P15D", "1 January 2020 to 15 October 2021"),
        ("2024-W01", "2024-W05", "1 January 2024 to 4 February 2024"),
        ("2022-10-01", "2026-03-10", "1 October 2022 to 10 March 2026"),
    ],
)
def test_span(first, last, text):
    assert names.span(periods.parse(first), periods.parse(last)) == text


def test_every_kind_has_a_name():
    assert len({names.noun(kind) for kind in periods.KINDS}) == len(periods.KINDS)
    assert [names.nouns(kind) for kind in periods.KINDS] == [f"{names.noun(kind)}s" for kind in periods.KINDS]

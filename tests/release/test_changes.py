"""What kind of change it is: a revision, or a longer span, a series named for the first time, a figure that cannot be."""

import datetime

import pytest

from borderstats.release.changes import KINDS, changes, net_by_kind
from borderstats.release.vintages import Vintage, history_of

ONE, TYPE, BOOKOUTS = "ohss-cbp-one", "ohss-encounters-type", "ohss-cbp-bookouts"
MONTHS = [f"2023-{n:02d}" for n in (10, 11, 12)]


@pytest.fixture
def found(observe):
    """A function from a dataset and editions, each a day and rows, to the changes with their kinds."""

    def make(dataset, *editions, zero=False):
        vintages = [
            Vintage(datetime.date.fromisoformat(day), f"{day}.csv", observe(dataset, *rows), zero)
            for day, rows in editions
        ]
        return changes(history_of(vintages[0].observations.space, vintages))

    return make


def said(found):
    return [
        (found.space.text(int(key)), int(delta) if compared else None, KINDS[kind])
        for key, delta, compared, kind in zip(found.key, found.delta, found.compared, found.kind, strict=True)
    ]


def row(period, value, *status, **codes):
    return codes, period, value, *status


def test_a_growing_year_to_date_is_a_longer_span_and_no_revision(found):
    months = [row(month, 10) for month in MONTHS]
    july = ("2023-12-31", [*months[:2], row("FY2024", 20, "P")])
    august = ("2024-01-31", [*months, row("FY2024", 30, "P")])
    assert said(found(ONE, july, august)) == [("FY2024", 10, "span")]


def test_the_span_is_that_of_the_months_whatever_day_the_file_names(found):
    """Both files name a day after the year is over; the first has two of its months only."""
    first = ("2024-10-31", [row(month, 10) for month in MONTHS[:2]] + [row("FY2024", 20)])
    second = ("2024-11-30", [row(month, 10) for month in MONTHS] + [row("FY2024", 30)])
    assert said(found(ONE, first, second)) == [("FY2024", 10, "span")]


def test_a_year_of_the_same_months_is_revised(found):
    editions = [
        (day, [*(row(month, 10) for month in MONTHS), row("FY2024", year, "P")])
        for day, year in (("2024-01-15", 30), ("2024-01-31", 31))
    ]
    assert said(found(ONE, *editions)) == [("FY2024", 1, "changed")]


def test_without_months_the_span_ends_with_the_day_of_the_file(found):
    editions = [(day, [row("FY2024", year)]) for day, year in (("2024-01-31", 30), ("2024-02-29", 40))]
    assert said(found(ONE, *editions)) == [("FY2024", 10, "span")]
    over = [(day, [row("FY2024", year)]) for day, year in (("2024-10-31", 30), ("2024-11-30", 40))]
    assert said(found(ONE, *over)) == [("FY2024", 10, "changed")]


def test_a_year_to_date_that_is_gone_has_vanished_and_is_no_shorter_span(found):
    """It once fell to -9,223,372,036,854,775,808."""
    mexico = [row(month, 9, citizenship="MEX") for month in MONTHS]
    china = [row(month, 7, citizenship="CHN") for month in MONTHS]
    years = [row("FY2024", value, "P", citizenship=code) for code, value in (("MEX", 18), ("CHN", 14))]
    july = ("2023-11-30", [*mexico[:2], *china[:2], *years])
    august = ("2023-12-31", [*mexico, row("FY2024", 27, "P", citizenship="MEX"), *china])
    assert said(found(ONE, july, august)) == [
        ("citizenship=CHN FY2024", -14, "vanished"),
        ("citizenship=MEX FY2024", 9, "span"),
    ]
    zero = said(found(ONE, july, august, zero=True))
    assert ("citizenship=CHN FY2024", -14, "span") in zero


def test_a_series_that_a_table_has_for_the_first_time_is_named(found):
    china = [row(month, 7, citizenship="CHN") for month in MONTHS]
    mexico = [row(month, 9, citizenship="MEX") for month in MONTHS]
    days = ("2024-01-31", "2024-02-29")
    named = said(found(ONE, (days[0], mexico), (days[1], [*mexico, *china])))
    assert named == [(f"citizenship=CHN {month}", 7, "named") for month in MONTHS]
    assert {kind for _, _, kind in said(found(ONE, (days[0], [*mexico, *china]), (days[1], mexico)))} == {
        "named"
    }
    # A row that is missing in one of the months is a row that is missing.
    assert said(found(ONE, (days[0], [*mexico, *china]), (days[1], [*mexico, *china[1:]]))) == [
        ("citizenship=CHN 2023-10", -7, "vanished")
    ]


def test_no_figure_ever_becomes_a_zero(found):
    """Of a figure that is not told or cannot exist there is no difference."""
    for status in ("Q", "M", "O"):
        editions = [
            ("2024-01-31", [row("2023-10", 5), row("2023-11", 0, status)]),
            ("2024-02-29", [row("2023-10", 0, status), row("2023-11", 5)]),
        ]
        assert said(found(ONE, *editions)) == [("2023-10", None, "untold"), ("2023-11", None, "untold")]


def test_net_and_gross_add_no_total_to_its_parts_and_no_year_to_its_months(found):
    def rows(change):
        cells = [
            row("2022-10", 100 + change, encounter_class="ENFORCEMENT", region="SW"),
            row("2022-10", 50, encounter_class="ENFORCEMENT", region="NORTH"),
            row("2022-10", 150 + change, encounter_class="ENFORCEMENT"),
            row("2022-10", 150 + change),
        ]
        return cells + [(codes, "FY2023", value) for codes, _, value in cells]

    sums = net_by_kind(found(TYPE, ("2024-01-31", rows(0)), ("2024-02-29", rows(538))))
    assert sums["changed"] == (6, 538, 538)


def test_parts_that_do_not_make_up_the_whole_are_not_added_up(found):
    """Families are some of the receipts; no gate says that the populations add up to all."""

    def rows(family, every):
        part = {"fear_claim": "CREDIBLE", "fear_population": "FAMILY_CENTER"}
        return [(part, "2021-01-01/P15D", family), ({"fear_claim": "CREDIBLE"}, "2021-01-01/P15D", every)]

    sums = net_by_kind(
        found("uscis-fear-receipts", ("2021-02-15", rows(123, 435)), ("2021-03-15", rows(144, 483)))
    )
    assert sums["changed"] == (2, 48, 48)


def test_where_no_total_is_printed_the_parts_are_taken(found):
    def rows(change):
        part = {"fear_population": "FAMILY_CENTER"}
        return [
            ({"fear_claim": claim, **part}, "2021-01-01/P15D", 10 + change)
            for claim in ("CREDIBLE", "REASONABLE")
        ]

    sums = net_by_kind(found("uscis-fear-receipts", ("2021-02-15", rows(0)), ("2021-03-15", rows(3))))
    assert sums["changed"] == (2, 6, 6)

"""Gates and series of calendar years, quarters and weeks, and of offices whose fiscal year begins otherwise."""

import dataclasses

import pytest

from borderstats import periods
from borderstats.observations import Observations
from borderstats.release import agreement, rules, series
from borderstats.release.registry import RULES
from borderstats.standard.model import Check
from calendars import APRIL, FEDERAL, NONE

OHSS, SECTOR, NATION = "ohss-usbp-encounters", "usbp-encounters-sector", "usbp-apprehensions-nation"
ADP_MONTH, ADP_YEAR = "ice-detention-adp-month", "ice-detention-adp-year"
GATES = {kind.__struct_config__.tag: kind for kind in RULES}


def gate(rule, **parameters):
    return GATES[rule](name="tried", sentence="", **parameters)


@pytest.fixture
def office(observe):
    """A function from a calendar, a dataset and figures by period to observations of an office with that calendar."""

    def make(calendar, dataset, **figures):
        made = observe(dataset, *(({}, period.replace("_", "-"), value) for period, value in figures.items()))
        space = dataclasses.replace(made.space, calendar=calendar)
        return Observations(space, made.key, made.value, made.status)

    return make


def reported(result, observations):
    compared, findings = result
    return compared, [f"{observations.space.text(f.key)}: {f.text}" for f in findings]


def months(year, value=10, first=1):
    return {periods.text(periods.month(year, first) + n): value for n in range(12)}


def quarters(year, value=30, first=1):
    return {periods.text(periods.quarter(year, first) + n): value for n in range(4)}


@pytest.mark.parametrize(
    ("calendar", "parts", "year"),
    [
        (FEDERAL, months(2009, first=10), "FY2010"),
        (FEDERAL, quarters(2009, first=4), "FY2010"),
        (FEDERAL, months(2010), "2010"),
        (FEDERAL, quarters(2010), "2010"),
        (APRIL, months(2009, first=4), "FY2010"),
        (APRIL, quarters(2009, first=2), "FY2010"),
        (NONE, months(2010), "2010"),
        (NONE, quarters(2010), "2010"),
    ],
)
def test_months_and_quarters_make_the_year_that_holds_them(office, evidence, calendar, parts, year):
    rule = gate("months_make_year")
    right = office(calendar, OHSS, **parts, **{year: 120})
    assert rules.months_make_year(evidence([right]), OHSS, rule) == (1, [])
    wrong = office(calendar, OHSS, **parts, **{year: 200})
    noun = "quarters" if "Q" in min(parts) else "months"
    assert reported(rules.months_make_year(evidence([wrong]), OHSS, rule), wrong) == (
        1,
        [f"{year}: the {noun} add up to 120, the year printed is 200"],
    )


def test_months_and_quarters_are_each_held_to_the_year(office, evidence):
    both = office(NONE, OHSS, **months(2010), **quarters(2010, 50), **{"2010": 120})
    assert reported(rules.months_make_year(evidence([both]), OHSS, gate("months_make_year")), both) == (
        2,
        ["2010: the quarters add up to 200, the year printed is 120"],
    )


def test_weeks_make_no_year(office, evidence):
    weeks = {f"2010-W{n:02d}": 1 for n in range(1, 53)}
    found = office(NONE, OHSS, **weeks, **{"2010": 999})
    assert rules.months_make_year(evidence([found]), OHSS, gate("months_make_year")) == (0, [])


@pytest.mark.parametrize(
    ("left", "right", "compared"),
    [
        (quarters(2010), quarters(2010), 4),
        (months(2010), quarters(2010), 4),
        (months(2010), {"2010": 120}, 1),
        (quarters(2010), {"2010": 120}, 1),
        ({"2010": 120}, {"2010": 120}, 1),
        # a calendar year is no fiscal year, and eleven months are no year
        ({"FY2010": 120}, {"2010": 120}, 0),
        ({"FY2010": 120}, months(2010), 0),
        ({"2010": 120}, dict(list(months(2010).items())[:11]), 0),
    ],
)
def test_datasets_agree_in_the_periods_that_both_can_have(office, evidence, left, right, compared):
    agrees = gate("agrees_with", dataset=NATION)
    here, there = office(FEDERAL, OHSS, **left), office(FEDERAL, NATION, **right)
    assert agreement.agrees_with(evidence([here], [there]), OHSS, agrees) == (compared, [])
    wrong = office(FEDERAL, NATION, **{period: value + 100 for period, value in right.items()})
    assert len(agreement.agrees_with(evidence([here], [wrong]), OHSS, agrees)[1]) == compared


def test_the_periods_compared_are_those_with_a_day_between_two(office, evidence):
    here, there = (office(FEDERAL, name, FY2010=1, FY2011=1, FY2012=1) for name in (OHSS, NATION))
    agrees = gate("agrees_with", dataset=NATION, start="2010-10", end="2011-09")
    assert agreement.agrees_with(evidence([here], [there]), OHSS, agrees) == (1, [])


@pytest.mark.parametrize(
    ("period", "failures"),
    [("FY2019", 1), ("FY2020", 0), ("2020-Q1", 0), ("2020-W11", 0), ("2020-W08", 1), ("2020-W09", 0), ("2019", 1), ("2023", 0), ("2024", 1)],
)  # fmt: skip
def test_only_within_looks_at_days(office, evidence, period, failures):
    only = gate("only_within", where={}, start="2020-03", end="2023-05")
    found = office(FEDERAL, OHSS, **{period: 1})
    assert len(rules.only_within(evidence([found]), OHSS, only)[1]) == failures


@pytest.mark.parametrize(
    ("calendar", "year", "parts"), [(FEDERAL, "FY2010", months(2009, 5, 10)), (NONE, "2010", months(2010, 5))]
)
def test_a_years_average_lies_between_its_months(office, evidence, calendar, year, parts):
    between = gate("year_between_months", dataset=ADP_YEAR)
    monthly = office(calendar, ADP_MONTH, **parts)
    inside, outside = (office(calendar, ADP_YEAR, **{year: value}) for value in (5, 6))
    assert rules.year_between_months(evidence([monthly], [inside]), ADP_MONTH, between) == (1, [])
    assert len(rules.year_between_months(evidence([monthly], [outside]), ADP_MONTH, between)[1]) == 1
    fewer = office(calendar, ADP_MONTH, **dict(list(parts.items())[1:]))
    assert rules.year_between_months(evidence([fewer], [outside]), ADP_MONTH, between) == (0, [])


@pytest.mark.parametrize(
    ("parts", "period", "value"),
    [
        (months(2010), "2010", 120),
        (months(2010), "2010-Q3", 30),
        (quarters(2010), "2010", 120),
        (months(2009, first=10), "FY2010", 120),
        (quarters(2009, first=4), "FY2010", 120),
    ],
)
def test_a_published_figure_of_a_flow_is_that_of_its_months_or_quarters(
    office, evidence, parts, period, value
):
    found = office(FEDERAL, NATION, **parts)
    for published, failures in ((value, 0), (value + 1, 1)):
        check = Check("C1", period, published, "events", "A", "a page", dataset=NATION)
        rule = gate("check_values")
        assert len(rules.check_values(evidence([found], checks=(check,)), NATION, rule)[1]) == failures


# series


def points(figures):
    return {
        periods.parse(period): series.Point(value, provisional=False) for period, value in figures.items()
    }


def written(found):
    return {periods.text(period): point.value for period, point in found.items()}


@pytest.mark.parametrize(
    ("calendar", "figures", "years"),
    [
        (FEDERAL, months(2009, first=10), {"FY2010": 120}),
        (FEDERAL, quarters(2009, first=4), {"FY2010": 120}),
        (FEDERAL, months(2010), {}),
        (APRIL, months(2009, first=4), {"FY2010": 120}),
        (NONE, months(2010), {"2010": 120}),
        (NONE, quarters(2010), {"2010": 120}),
        (NONE, {f"2010-W{n:02d}": 1 for n in range(1, 53)}, {}),
        # years that are published are taken as they are, of either kind
        (FEDERAL, {"2010": 7, **months(2009, first=10)}, {"2010": 7}),
        (FEDERAL, {"FY2010": 7, **months(2010)}, {"FY2010": 7}),
    ],
)
def test_a_series_by_the_years_of_the_office(calendar, figures, years):
    assert written(series.by_year(calendar, points(figures), "flow")) == years


@pytest.mark.parametrize("measure", ["stock", "average"])
def test_only_a_flow_is_added_up(measure):
    assert series.by_year(NONE, points(quarters(2010)), measure) == {}


def test_months_are_rather_taken_than_quarters():
    both = points({**quarters(2010, 31), **months(2010)})
    assert written(series.by_year(NONE, both, "flow")) == {"2010": 120}


@pytest.mark.parametrize(
    ("calendar", "figures", "first", "last"),
    [
        (FEDERAL, months(2010), "2010-10", "2010-12"),
        (APRIL, months(2010), "2010-04", "2010-12"),
        (NONE, {"2010-Q1": 1, "2010-Q2": 1}, "2010-Q1", "2010-Q2"),
        (FEDERAL, {"2010-Q3": 1, "2010-Q4": 1}, "2010-Q4", "2010-Q4"),
        # a dataset of calendar years has calendar years to date, whatever the office's fiscal year
        (FEDERAL, {"2009": 9, "2010-01": 1, "2010-02": 1}, "2010-01", "2010-02"),
        # what ends the year, lacks a part or does not begin with the year is none
        (NONE, months(2010), None, None),
        (NONE, {"2010-Q1": 1, "2010-Q3": 1}, None, None),
        (NONE, {"2010-W01": 1, "2010-W02": 1}, None, None),
        (NONE, {"2010": 1}, None, None),
    ],
)
def test_the_year_to_date(calendar, figures, first, last):
    span = series.to_date(calendar, points(figures), "flow")
    assert ((periods.text(span[0]), periods.text(span[-1])) if span else (None, None)) == (first, last)


def test_a_stock_has_its_latest_period_alone():
    span = series.to_date(NONE, points({"2010-W01": 1, "2010-W02": 1, "2009": 1}), "stock")
    assert [periods.text(period) for period in span] == ["2010-W02"]


@pytest.mark.parametrize(
    ("span", "earlier"),
    [
        (["2010-11", "2010-12"], ["2009-11", "2009-12"]),
        (["2010-Q1"], ["2009-Q1"]),
        (["2020-W52", "2020-W53"], ["2019-W52"]),
        (["2024-02-28", "2024-02-29"], ["2023-02-28"]),
        (["2020-01-16/P16D"], ["2019-01-16/P16D"]),
    ],
)
def test_a_year_earlier(span, earlier):
    found = series.year_earlier([periods.parse(period) for period in span])
    assert [periods.text(period) for period in found] == earlier


def to_date(**figures):
    """Published years, those with a P to date: what one of ICE's workbooks gives where it prints no months."""
    return {
        periods.parse(period): series.Point(int(str(value).strip("P")), provisional=str(value).endswith("P"))
        for period, value in figures.items()
    }


def test_an_unfinished_year_counts_if_a_later_one_is_there():
    found = to_date(FY2022="22P", FY2023="23P", FY2024=24, FY2025="25P", FY2026="9P")
    assert written(series.by_year(FEDERAL, found, "flow")) == {"FY2024": 24}
    assert written(series.by_year(FEDERAL, found, "flow", unfinished=True)) == {
        "FY2022": 22, "FY2023": 23, "FY2024": 24, "FY2025": 25,
    }  # fmt: skip
    assert series.to_date(FEDERAL, found, "flow") == ()
    (last,) = series.to_date(FEDERAL, found, "flow", unfinished=True)
    assert periods.text(last) == "FY2026"


def test_a_last_year_that_was_over_is_not_to_date():
    found = to_date(FY2024="24P", FY2025=25)
    assert written(series.by_year(FEDERAL, found, "flow", unfinished=True)) == {"FY2024": 24, "FY2025": 25}
    assert series.to_date(FEDERAL, found, "flow", unfinished=True) == ()
    assert series.to_date(FEDERAL, {}, "flow", unfinished=True) == ()

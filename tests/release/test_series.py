"""A series is what a person would add up by hand: totals where they are published, sums where they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats import periods
from borderstats.release import series
from calendars import FEDERAL

BOOKOUTS, AGREEMENTS, ARRESTS = "ohss-cbp-bookouts", "ice-287g-agreements", "ohss-ero-arrests"


def figures(found):
    return {periods.text(p): point.value for p, point in found.items()}


def test_a_published_total_is_picked_and_never_added_to_its_parts(observe, evidence):
    observed = observe(
        BOOKOUTS,
        ({"outcome": "MPP"}, "2020-01", 30),
        ({"outcome": "MPP", "citizenship": "MEX"}, "2020-01", 10),
        ({}, "2020-01", 100),
    )
    assert figures(series.of(evidence([observed]), BOOKOUTS, {"outcome": "MPP"})) == {"2020-01": 30}
    assert figures(series.of(evidence([observed]), BOOKOUTS, {})) == {"2020-01": 100}


def test_codes_without_a_published_total_are_added_up(observe, evidence):
    observed = observe(
        AGREEMENTS,
        ({"state": "TX", "model_287g": "JEM"}, "2025-07-03", 3),
        ({"state": "FL", "model_287g": "TFM"}, "2025-07-03", 4),
    )
    assert figures(series.of(evidence([observed]), AGREEMENTS, {})) == {"2025-07-03": 7}
    assert figures(series.of(evidence([observed]), AGREEMENTS, {"state": "TX"})) == {"2025-07-03": 3}
    assert figures(series.of(evidence([observed]), AGREEMENTS, {"state": "_T"})) == {"2025-07-03": 7}


def test_several_codes_are_added_up(observe, evidence):
    observed = observe(
        BOOKOUTS, ({"outcome": "USBP_RELEASE"}, "2020-01", 30), ({"outcome": "OFO_PAROLE"}, "2020-01", 5)
    )
    wanted = {"outcome": "USBP_RELEASE|OFO_PAROLE"}
    assert figures(series.of(evidence([observed]), BOOKOUTS, wanted)) == {"2020-01": 35}


def test_a_period_with_a_part_that_is_not_told_has_no_figure(observe, evidence):
    observed = observe(
        BOOKOUTS,
        ({"outcome": "USBP_RELEASE"}, "2020-01", 0, "L"),
        ({"outcome": "OFO_PAROLE"}, "2020-01", 5),
        ({"outcome": "OFO_PAROLE"}, "2020-02", 6),
    )
    assert figures(series.of(evidence([observed]), BOOKOUTS, {"outcome": "USBP_RELEASE|OFO_PAROLE"})) == {
        "2020-02": 6
    }


def test_a_year_to_date_of_a_flow_is_no_year(observe, evidence):
    observed = observe(ARRESTS, ({}, "FY2023", 70), ({}, "FY2024", 50, "P"), ({}, "2024-07", 5, "P"))
    found = series.of(evidence([observed]), ARRESTS, {})
    assert figures(series.by_year(FEDERAL, found, "flow")) == {"FY2023": 70}
    assert figures(series.by_year(FEDERAL, found, "stock")) == {"FY2023": 70, "FY2024": 50}


@pytest.mark.parametrize("lacking", [0, 1])
@pytest.mark.parametrize("places", [12, 24])
def test_a_year_of_which_a_month_or_half_month_is_missing_is_none(places, lacking):
    def period(n):
        if places == 12:
            return periods.month(2019, 10) + n
        return periods.half_month(2019, 10, 0) + n

    for gone in range(places):
        found = {
            period(n): series.Point(1, provisional=False) for n in range(places) if not lacking or n != gone
        }
        assert figures(series.by_year(FEDERAL, found, "flow")) == ({} if lacking else {"FY2020": places})


@given(st.dictionaries(st.integers(periods.month(2019, 10), periods.month(2022, 9)), st.integers(0, 99)))
def test_a_year_without_a_published_figure_is_the_sum_of_its_twelve_months(months):
    found = {p: series.Point(value, provisional=False) for p, value in sorted(months.items())}
    wanted = {}
    for year in (2020, 2021, 2022):
        in_year = [months[p] for p in months if FEDERAL.fiscal_year(p) == year]
        if len(in_year) == 12:
            wanted[f"FY{year}"] = sum(in_year)
    assert figures(series.by_year(FEDERAL, found, "flow")) == wanted
    assert series.by_year(FEDERAL, found, "stock") == {}

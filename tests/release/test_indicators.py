"""Indicators: shares with their denominators, progress that can be negative, and no figure made up."""

import msgspec
import pytest

from borderstats.errors import GateError
from borderstats.release import indicators, reconcile
from borderstats.standard.provisions import Indicator, Provision, Reconciliation, Side

AGENTS, BOOKOUTS, ARRESTS = "usbp-agents-sector", "ohss-cbp-bookouts", "ohss-ero-arrests"


@pytest.fixture
def report(standard):
    """A function from evidence and one indicator to what a release says of it."""

    def make(evidence, **fields):
        one = Indicator(id="tried", title="Tried", title_es="Probado", **fields)
        provision = Provision(
            number=3, id="hiring", title="Hiring", title_es="", promise="", indicators=(one,)
        )
        tried = msgspec.structs.replace(standard, provisions=(provision,), milestones=(), parameters=())
        (found,) = indicators.provisions(tried, evidence)
        return found["indicators"][0]

    return make


def agents(year, value):
    return {"component": "USBP", "region": "_T", "office": "_T"}, f"FY{year}", value


def test_negative_progress_is_shown_and_not_clipped(report, observe, evidence):
    told = evidence([observe(AGENTS, agents(2016, 19828), agents(2017, 19437))])
    found = report(told, dataset=AGENTS, baseline="FY2016", target=5000)
    assert found["baseline"] == {"period": "FY2016", "value": 19828, "provisional": False}
    assert found["latest"]["value"] == 19437
    assert found["change"] == -391
    assert found["progress"] == -0.0782
    assert [point["period"] for point in found["series"]] == ["FY2016", "FY2017"]


def test_a_share_has_its_numerator_and_denominator(report, observe, evidence):
    told = evidence([observe(BOOKOUTS, ({"outcome": "USBP_RELEASE"}, "FY2023", 30), ({}, "FY2023", 120))])
    found = report(told, dataset=BOOKOUTS, where={"outcome": "USBP_RELEASE"}, share_of={})
    assert found["latest"] == {
        "period": "FY2023",
        "value": 0.25,
        "numerator": 30,
        "denominator": 120,
        "provisional": False,
        "as_of": "2024-01-28",
    }


def test_a_share_above_one_stops_the_release(report, observe, evidence):
    told = evidence([observe(BOOKOUTS, ({"outcome": "USBP_RELEASE"}, "FY2023", 130), ({}, "FY2023", 120))])
    with pytest.raises(
        GateError, match=r"^ohss-cbp-bookouts/tried: FY2023: 130 of 120 is no share between 0 and 1$"
    ):
        report(told, dataset=BOOKOUTS, where={"outcome": "USBP_RELEASE"}, share_of={})


def test_a_share_of_nothing_is_no_figure(report, observe, evidence):
    told = evidence([observe(BOOKOUTS, ({"outcome": "MPP"}, "FY2023", 0), ({}, "FY2023", 0))])
    with pytest.raises(
        GateError, match=r"^provisions/hiring/tried: ohss-cbp-bookouts has no figure for this indicator$"
    ):
        report(told, dataset=BOOKOUTS, where={"outcome": "MPP"}, share_of={})


def test_a_baseline_without_a_figure_stops_the_release(report, observe, evidence):
    told = evidence([observe(AGENTS, agents(2017, 19437))])
    with pytest.raises(
        GateError,
        match=r"^provisions/hiring/tried: usbp-agents-sector has no figure for the baseline FY2016$",
    ):
        report(told, dataset=AGENTS, baseline="FY2016")


def test_a_month_after_the_last_year_is_shown_beside_it(report, observe, evidence):
    told = evidence([observe(ARRESTS, ({}, "FY2023", 70), ({}, "FY2024", 50, "P"), ({}, "2024-07", 5, "P"))])
    found = report(told, dataset=ARRESTS)
    assert found["latest"]["period"] == "FY2023"
    assert found["recent"] == {"period": "2024-07", "value": 5, "provisional": True, "as_of": "2024-01-28"}


def test_a_reconciliation_sets_publishers_side_by_side(standard, observe, evidence):
    told = evidence([observe(ARRESTS, ({}, "FY2016", 110), ({}, "FY2017", 143), ({}, "FY2018", 158))])
    check = standard.checks[0]
    cited = tuple(
        msgspec.structs.replace(check, id=name, period=period, value=value, dataset="")
        for name, period, value in (("X1", "FY2016", 100), ("X2", "FY2017", 143))
    )
    one = Reconciliation(
        id="arrests",
        title="Arrests",
        explained=False,
        explanation="Unexplained.",
        sides=(Side(label="OHSS", dataset=ARRESTS), Side(label="Yearbook", figures=("X1", "X2"))),
    )
    tried = msgspec.structs.replace(standard, checks=cited, reconciliations=(one,))
    (found,) = reconcile.reconciliations(tried, told)
    assert found["rows"] == [
        {"period": "FY2016", "values": [110, 100], "difference": 10},
        {"period": "FY2017", "values": [143, 143], "difference": 0},
    ]

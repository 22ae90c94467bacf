"""Indicators: shares with their denominators, progress that can be negative, and no figure made up."""

import datetime

import msgspec
import pytest

from borderstats.errors import GateError
from borderstats.package.provisions import Figure, ToDate
from borderstats.package.reports import Compared
from borderstats.package.struct import AsOf
from borderstats.release import indicators, reconcile
from borderstats.standard.provisions import Indicator, Provision, Reconciliation, Side
from made_archive import snapshot

AGENTS, BOOKOUTS, ARRESTS = "usbp-agents-sector", "ohss-cbp-bookouts", "ohss-ero-arrests"


@pytest.fixture
def report(standard):
    """A function from evidence and one indicator to what a release says of it."""

    def make(evidence, *, synthetic=False, **fields):
        one = Indicator(id="tried", title="Tried", title_es="Probado", **fields)
        provision = Provision(
            number=3,
            id="hiring",
            title="Hiring",
            title_es="",
            text="Agents will be hired.",
            indicators=(one,),
        )
        tried = msgspec.structs.replace(standard, provisions=(provision,), milestones=(), parameters=())
        (found,) = indicators.provisions(tried, evidence, snapshots_of(evidence, synthetic=synthetic))
        return found.indicators[0]

    return make


def snapshots_of(evidence, *, synthetic):
    return [
        snapshot(
            v.file,
            source="",
            as_of=v.as_of,
            as_of_basis="inferred",
            as_of_note="the last month",
            synthetic=synthetic,
        )
        for history in evidence.histories.values()
        for v in history.vintages
    ]


def agents(year, value):
    return {"component": "USBP", "region": "_T", "office": "_T"}, f"FY{year}", value


def test_a_provision_has_the_words_of_its_document_and_who_set_its_milestones(standard, observe, evidence):
    hiring = msgspec.structs.replace(standard.provisions[2], indicators=())
    tried = msgspec.structs.replace(standard, provisions=(hiring,))
    weighed = evidence([observe(AGENTS, agents(2016, 19828))])
    (found,) = indicators.provisions(tried, weighed, snapshots_of(weighed, synthetic=False))
    assert found.text.startswith("CBP will immediately begin the process of hiring 5,000 additional")
    assert found.title.en == "Hiring more CBP agents and officers"
    document = found.document
    assert document.title.startswith("Fact Sheet: Executive Order: Border Security")
    assert document.publisher == "Department of Homeland Security, Office of the Press Secretary"
    assert (document.date, document.reference) == (datetime.date(2017, 2, 21), "AILA Doc. No. 17022169")
    setters = {one.id: one.set_by for one in found.milestones}
    assert (setters["agents-5000"], setters["hiring-contract"]) == ("fact sheet", "CBP")


@pytest.mark.parametrize("filled", [False, True])
def test_why_a_dataset_is_empty_is_said_until_a_file_fills_it(standard, observe, evidence, filled):
    detention = msgspec.structs.replace(standard.provisions[10], indicators=())
    only = {name: standard.datasets[name] for name in ("custody-72-hours", ARRESTS)}
    tried = msgspec.structs.replace(standard, provisions=(detention,), datasets=only)
    held = observe("custody-72-hours", ({"component": "USBP", "office": "_T"}, "2023-10", 5))
    weighed = evidence([held if filled else observe(ARRESTS, ({}, "FY2022", 60))])
    (found,) = indicators.provisions(tried, weighed, snapshots_of(weighed, synthetic=False))
    assert [one.id for one in found.empty] == ([] if filled else ["custody-72-hours"])
    assert found.datasets == (("custody-72-hours",) if filled else ())


def test_negative_progress_is_shown_and_not_clipped(report, observe, evidence):
    weighed = evidence([observe(AGENTS, agents(2016, 19828), agents(2017, 19437))])
    found = report(weighed, dataset=AGENTS, baseline="FY2016", target=5000)
    assert found.baseline == Figure("FY2016", 19828, provisional=False)
    assert found.latest.value == 19437
    assert found.change == -391
    assert found.progress == -0.0782
    assert [point.period for point in found.series] == ["FY2016", "FY2017"]


def test_progress_beyond_the_target_is_not_clipped(report, observe, evidence):
    weighed = evidence([observe(AGENTS, agents(2016, 100), agents(2017, 250))])
    found = report(weighed, dataset=AGENTS, baseline="FY2016", target=100)
    assert (found.change, found.progress) == (150, 1.5)


def test_a_share_has_its_numerator_and_denominator(report, observe, evidence):
    weighed = evidence([observe(BOOKOUTS, ({"outcome": "USBP_RELEASE"}, "FY2023", 30), ({}, "FY2023", 120))])
    found = report(weighed, dataset=BOOKOUTS, where={"outcome": "USBP_RELEASE"}, share_of={})
    as_of = AsOf(
        datetime.date(2024, 1, 28), "inferred", "the last month", datetime.date(2024, 1, 28), "not before"
    )
    assert found.latest == Figure(
        "FY2023", 0.25, provisional=False, numerator=30, denominator=120, as_of=as_of, rounding=10
    )


def test_a_share_above_one_stops_the_release(report, observe, evidence):
    weighed = evidence([observe(BOOKOUTS, ({"outcome": "USBP_RELEASE"}, "FY2023", 130), ({}, "FY2023", 120))])
    with pytest.raises(
        GateError, match=r"^ohss-cbp-bookouts/tried: FY2023: 130 of 120 is no share between 0 and 1$"
    ):
        report(weighed, dataset=BOOKOUTS, where={"outcome": "USBP_RELEASE"}, share_of={})


def test_a_share_of_nothing_is_no_figure(report, observe, evidence):
    weighed = evidence([observe(BOOKOUTS, ({"outcome": "MPP"}, "FY2023", 0), ({}, "FY2023", 0))])
    with pytest.raises(
        GateError, match=r"^provisions/hiring/tried: ohss-cbp-bookouts has no figure for this indicator$"
    ):
        report(weighed, dataset=BOOKOUTS, where={"outcome": "MPP"}, share_of={})


@pytest.mark.parametrize("hidden", ["part", "whole"])
def test_no_share_is_told_of_a_withheld_count(report, observe, evidence, hidden):
    """A percentage beside its total would give the count away; one beside its part, the total."""
    part, whole = ({"outcome": "USBP_RELEASE"}, "FY2023", 3), ({}, "FY2023", 120)
    rows = [(*row[:2], 0, "Q") if name == hidden else row for name, row in (("part", part), ("whole", whole))]
    earlier = [({"outcome": "USBP_RELEASE"}, "FY2022", 30), ({}, "FY2022", 120)]
    weighed = evidence([observe(BOOKOUTS, *earlier, *rows)])
    found = report(weighed, dataset=BOOKOUTS, where={"outcome": "USBP_RELEASE"}, share_of={})
    assert [point.period for point in found.series] == ["FY2022"]


def test_no_sum_is_told_of_which_a_part_is_withheld(report, observe, evidence):
    months = [({}, f"2023-{n:02d}", 0 if n == 5 else 10, *(["Q"] if n == 5 else [])) for n in range(1, 10)]
    months += [({}, f"2022-{n:02d}", 10) for n in range(1, 13)]
    weighed = evidence([observe(BOOKOUTS, *months)])
    found = report(weighed, dataset=BOOKOUTS)
    assert "FY2023" not in [point.period for point in found.series]
    assert "2023-05" not in [point.period for point in found.series]


def test_a_baseline_without_a_figure_stops_the_release(report, observe, evidence):
    weighed = evidence([observe(AGENTS, agents(2017, 19437))])
    with pytest.raises(
        GateError,
        match=r"^provisions/hiring/tried: usbp-agents-sector has no figure for the baseline FY2016$",
    ):
        report(weighed, dataset=AGENTS, baseline="FY2016")


def test_the_months_after_the_last_year_stand_beside_the_same_months_a_year_earlier(
    report, observe, evidence
):
    months = [f"{year}-{n:02d}" for year, some in ((2022, (10, 11)), (2023, (10, 11))) for n in some]
    weighed = evidence(
        [
            observe(
                ARRESTS,
                ({}, "FY2022", 60),
                ({}, "FY2023", 70),
                *(({}, m, n) for n, m in enumerate(months, 5)),
            )
        ]
    )
    found = report(weighed, dataset=ARRESTS)
    assert found.latest.period == "FY2023"
    as_of = AsOf(
        datetime.date(2024, 1, 28), "inferred", "the last month", datetime.date(2024, 1, 28), "not before"
    )
    before = ToDate("2022-10", "2022-11", 11, provisional=False, rounding=10)
    assert found.to_date == ToDate(
        "2023-10", "2023-11", 15, provisional=False, rounding=10, as_of=as_of, before=before
    )


def test_a_year_to_date_with_a_month_missing_is_not_added_up(report, observe, evidence):
    weighed = evidence(
        [observe(ARRESTS, ({}, "FY2022", 60), ({}, "FY2023", 70), ({}, "2023-10", 4), ({}, "2023-12", 5))]
    )
    assert report(weighed, dataset=ARRESTS).to_date is None


def test_a_year_to_date_without_the_year_before_stands_alone(report, observe, evidence):
    weighed = evidence([observe(ARRESTS, ({}, "FY2022", 60), ({}, "FY2023", 70), ({}, "2023-10", 4))])
    found = report(weighed, dataset=ARRESTS).to_date
    assert (found.first, found.last, found.value, found.before) == ("2023-10", "2023-10", 4, None)


@pytest.fixture
def removals(observe):
    """Removals of FY2023 to 24 September, of FY2024 whole, and of FY2025 to 15 June."""
    rows = [({}, "FY2023", 230, "P"), ({}, "FY2024", 240), ({}, "FY2025", 150, "P")]
    return observe("ice-statistics-removals", *rows)


def test_a_year_that_is_published_to_date_only_stands_beside_no_part_of_another(report, removals, evidence):
    found = report(evidence([removals]), dataset="ice-statistics-removals", unfinished=True)
    assert [(f.period, f.value, f.provisional) for f in found.series] == [
        ("FY2023", 230, True), ("FY2024", 240, False),
    ]  # fmt: skip
    assert (found.latest.period, found.to_date.last, found.to_date.value) == ("FY2024", "FY2025", 150)
    assert found.to_date.before is None


def test_unfinished_years_are_no_years_unless_asked_for(report, removals, evidence):
    found = report(evidence([removals]), dataset="ice-statistics-removals")
    assert [f.period for f in found.series] == ["FY2024"]
    assert found.to_date is None


def test_a_month_that_was_not_over_is_not_in_the_year_to_date(report, observe, evidence):
    """The file is of 28 January 2024: January has not its last days, January of 2023 has them."""
    months = [f"{year}-{n:02d}" for year in (2022, 2023) for n in (10, 11, 12)] + ["2023-01", "2024-01"]
    rows = [({}, f"FY{year}", year - 1960) for year in (2022, 2023)] + [({}, m, 4) for m in months]
    found = report(evidence([observe(ARRESTS, *rows)]), dataset=ARRESTS).to_date
    assert (found.first, found.last, found.value) == ("2023-10", "2023-12", 12)
    assert (found.before.first, found.before.last, found.before.value) == ("2022-10", "2022-12", 12)


def test_sums_of_years_end_with_their_period(report, observe, evidence):
    years = [({}, f"FY{year}", year - 2010) for year in (2012, 2013, 2014, 2016)]
    weighed = evidence([observe(ARRESTS, *years)])
    found = report(weighed, dataset=ARRESTS, years=2)
    assert [(f.period, f.value) for f in found.series] == [("FY2013", 5), ("FY2014", 7)]
    assert found.years == 2


def test_a_published_figure_can_be_the_baseline(report, observe, evidence, standard):
    cited = next(check for check in standard.checks if not check.dataset)
    weighed = evidence([observe(ARRESTS, ({}, "FY2023", 70))])
    found = report(weighed, dataset=ARRESTS, baseline_cited=cited.id)
    assert found.baseline == Figure(cited.period, cited.value, provisional=False, cited=cited.source)
    assert found.change == 70 - cited.value


def test_a_reconciliation_sets_publishers_side_by_side(standard, observe, evidence):
    weighed = evidence([observe(ARRESTS, ({}, "FY2016", 110), ({}, "FY2017", 143), ({}, "FY2018", 90, "P"))])
    check = standard.checks[0]
    cited = tuple(
        msgspec.structs.replace(check, id=name, period=period, value=value, dataset="")
        for name, period, value in (("X1", "FY2016", 100), ("X2", "FY2017", 143), ("X3", "FY2018", 158))
    )
    one = Reconciliation(
        id="arrests",
        title="Arrests",
        explained="no",
        explanation="Unexplained.",
        sides=(Side(label="OHSS", dataset=ARRESTS), Side(label="Yearbook", figures=("X1", "X2", "X3"))),
    )
    tried = msgspec.structs.replace(standard, checks=cited, reconciliations=(one,))
    (found,) = reconcile.reconciliations(tried, weighed)
    assert found.rows == (
        Compared("FY2016", (110, 100), (False, False), 10),
        Compared("FY2017", (143, 143), (False, False), 0),
        Compared("FY2018", (90, 158), (True, False), None),
    )


def test_what_synthetic_records_gave_is_said_of_every_figure(report, observe, evidence):
    weighed = evidence([observe(ARRESTS, ({}, "FY2022", 60), ({}, "FY2023", 70), ({}, "2023-10", 4))])
    found = report(weighed, dataset=ARRESTS, synthetic=True)
    assert all(figure.synthetic for figure in (found.latest, found.to_date, *found.series))

"""How provisions, reconciliations, the reporting and cited figures are told. Against the hand-made release."""

import dataclasses
import datetime
import json

import msgspec
import pytest
from msgspec.structs import replace

from accounts import day
from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.package import addresses, read
from borderstats.package.provisions import Indicator
from borderstats.package.reports import Compared
from borderstats.site import figures
from borderstats.site.charts import ranking, view
from borderstats.site.pages import cited, indicators, joined, provisions, reconciliation, reporting
from borderstats.words import labels
from calendars import FEDERAL
from small_release import PROVISIONAL

MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def package(small):
    return read.package(small)


@pytest.fixture
def standing(package):
    """A function from the place of an indicator, and what is otherwise, to how it stands."""

    def stand(number, place=0, **other):
        provision = next(p for p in package.provisions if p.number == number)
        one = msgspec.to_builtins(provision.indicators[place]) | other
        indicator = msgspec.convert(one, Indicator)
        return indicators.standing(
            FEDERAL, indicator, package.datasets[indicator.dataset].meta, provisions.lettered(provision)
        )

    return stand


def test_a_count_against_its_baseline(standing):
    found = standing(1)
    assert (found.latest.value, found.latest.when, str(found.latest.as_of.day)) == (
        "170",
        "fiscal year 2022",
        "2023-12-31",
    )
    assert (found.baseline.value, found.baseline.when) == ("110", "fiscal year 2016")
    assert found.change == "+60 (+54.5%)"
    now, earlier = found.recent.now, found.recent.earlier
    assert (now.value, now.when, labels.as_of(now.as_of), now.figure.provisional) == (
        "484",
        "October 2023 to January 2024",
        "31 January 2024 (date inferred; published on 1 February 2024)",
        True,
    )
    assert (found.recent.head, found.recent.same) == ("Year to date", "the same months a year earlier")
    assert (earlier.value, earlier.when, earlier.figure.provisional) == (
        "446",
        "October 2022 to January 2023",
        False,
    )
    assert (found.unit, found.measure) == ("Events, not people", "Flow: per fiscal year")
    assert (found.target, found.progress, found.bar) == ("", "", "")


def test_a_share_has_its_numerator_and_denominator_in_words_and_figures(standing):
    found = standing(1, 1)
    assert (found.latest.value, found.latest.parts) == ("50.0%", "85 of 170")
    assert found.unit == "Share of all encounters (events, not people)"
    assert found.change == "+25.0 percentage points"
    assert found.chart.columns == ("Share", "Numerator", "Denominator")
    assert [[cell.text for cell in row.cells] for row in found.chart.rows] == [
        ["50.00%", "85", "170"],
        ["25.00%", "40", "160"],
    ]


def test_a_year_without_a_figure_is_a_gap_in_the_line(standing):
    series = indicators.series(FEDERAL, standing(1, 1).indicator)
    assert list(map(periods.text, series.time.tolist())) == ["FY2021", "FY2022", "FY2023"]
    assert str(series.lines[0].value[1]) == "nan"


def test_progress_below_zero_is_said_as_it_is(standing):
    found = standing(3)
    assert found.change == f"{MINUS}7 ({MINUS}35.0%)"
    assert found.target == "+10 agreements"
    assert found.progress == f"{MINUS}70.0% of the target"
    assert "Target 30" in found.bar
    assert "Target 30" in found.chart.drawing


def test_progress_beyond_the_target_is_said_as_it_is(standing):
    assert standing(3, progress=1.5).progress == "150.0% of the target"


def test_days_far_apart_are_reported(standing):
    assert "Each point is one of 3 days with a figure" in standing(3).chart.remarks[0]
    assert standing(3).measure == "Stock: on the day"


def test_one_figure_alone_makes_no_line(standing):
    found = standing(2)
    assert (found.latest.value, found.latest.when) == ("$4.41 billion", "January 2023")
    assert found.chart is None
    assert found.spark == ""


def test_a_year_that_ends_after_its_file_is_to_date(standing):
    latest = {"period": "FY2022", "value": 170.0, "provisional": False, "as_of": day("2022-08-30")}
    assert standing(1, latest=latest).latest.when == "fiscal year 2022 to date"


@pytest.mark.parametrize(
    ("measure", "first", "last", "head", "when", "same"),
    [
        ("flow", "2023-10", "2023-10", "Year to date", "October 2023", "the same month a year earlier"),
        (
            "flow", "2023-10-01/P15D", "2023-11-16/P15D", "Year to date", "1 October 2023 to 30 November 2023",
            "the same half-months a year earlier",
        ),
        ("stock", "2023-12-31", "2023-12-31", "Most recent", "31 December 2023", "the same day a year earlier"),
        ("average", "2023-12", "2023-12", "Most recent", "December 2023", "the same month a year earlier"),
    ],
)  # fmt: skip
def test_what_is_later_than_the_latest_year(standing, measure, first, last, head, when, same):
    figure = {
        "first": first, "last": last, "value": 0.25, "numerator": 1, "denominator": 4, "provisional": False,
        "as_of": day("2023-12-31"), "before": None,
    }  # fmt: skip
    found = standing(1, 1, measure=measure, to_date=figure).recent
    assert (found.head, found.now.when, found.same) == (head, when, same)
    assert (found.now.value, found.now.parts, found.earlier) == ("25.0%", "1 of 4", None)


def test_a_year_to_date_that_is_published_as_such_compares_with_no_part_of_another(standing):
    figure = {
        "first": "FY2023", "last": "FY2023", "value": 7, "provisional": True, "as_of": day("2023-02-07"),
    }  # fmt: skip
    found = standing(1, to_date=figure).recent
    assert (found.head, found.now.when) == ("Year to date", "fiscal year 2023 to date")
    assert (found.same, found.earlier) == ("the same part of the year before", None)


def test_the_sum_of_several_years_is_named_by_the_first_and_the_last(standing):
    found = standing(2, 1)
    assert found.latest.when == "fiscal years 2018 to 2022"
    assert found.measure == "Flow: sum of five fiscal years"
    assert found.chart.unit == "Events, not people, sum of five fiscal years"
    assert found.chart.head == "Fiscal years"
    assert [row.head for row in found.chart.rows] == [
        "2018 to 2022",
        "2017 to 2021",
        "2016 to 2020",
        "2015 to 2019",
    ]
    assert "Each sum stands at the last of its years." in found.chart.remarks
    assert "FY2018\N{EN DASH}2022" in found.spark
    assert "in fiscal years 2018 to 2022" in found.spark


def test_a_cited_baseline_has_its_own_period_and_its_source(standing):
    found = standing(2, 1).baseline
    assert (found.value, found.when, found.cited) == ("90", "five years to February 2017", "A report")


def test_a_very_long_series_is_drawn_from_its_last_forty_years_and_is_whole_in_the_table(standing):
    years = [{"period": f"FY{year}", "value": year, "provisional": False} for year in range(1970, 2023)]
    chart = standing(1, series=years, latest=years[-1]).chart
    assert len(chart.rows) == 53
    assert chart.remarks[0] == (
        "The chart has the last 40 fiscal years; the table beneath begins with fiscal year 1970."
    )
    assert "fiscal year 1983 to fiscal year 2022" in chart.drawing
    assert (
        len(indicators.drawn(FEDERAL, standing(1, series=years[13:], latest=years[-1]).indicator).time) == 40
    )


def test_rules_are_lettered_in_their_order_and_drawn_within_the_axis(package, standing):
    assert [letter for letter, _ in provisions.lettered(package.provisions[0])] == ["A", "B", "C"]
    found = standing(1)
    assert found.lettered
    drawn = found.chart.drawing.split("</svg>")[0]
    assert ">A</text>" in drawn
    assert ">B</text>" in drawn
    # The third rule ended before the first figure.
    assert ">C</text>" not in drawn


def test_breaks_are_marked_by_chart_explained_once_and_concern_the_figures(small):
    path = small / "data/monthly/metadata.json"
    meta = json.loads(path.read_text())
    meta["first_period"] = "2014-10"
    path.write_text(json.dumps(meta))
    package = read.package(small)
    first, second = provisions.standings(package, package.provisions[0])
    # The first chart spans the break of 2020 and not those of 2023; the second those of regions, as it picks none.
    assert [(item.mark.text, item.explained) for item in first.chart.breaks] == [("1", False)]
    assert second.chart.breaks == ()
    picked = replace(second.indicator, where={"region": "N"})
    again = dataclasses.replace(
        package,
        provisions=(replace(package.provisions[0], indicators=[first.indicator, picked, first.indicator]),),
    )
    standings = provisions.standings(again, again.provisions[0])
    assert [
        [(item.mark.text, item.entry.id, item.explained) for item in one.chart.breaks] for one in standings
    ] == [
        [("1", "before", False)],
        [("1", "regions", False)],
        [("1", "before", True)],
    ]


def test_on_a_page_of_a_dataset_a_chart_shows_the_breaks_that_concern_it(package):
    nation, regions, bars = ranking.views(figures.facts(package.datasets["monthly"], FEDERAL, PROVISIONAL))
    assert [(item.mark.text, item.entry.id, item.explained) for item in nation.breaks] == [
        ("a", "break", False)
    ]
    assert [(item.mark.text, item.entry.id, item.explained) for item in regions.breaks] == [
        ("1", "regions", False),
        ("a", "break", True),
    ]
    assert bars.breaks == ()


def test_there_is_a_letter_for_every_event(package):
    entry = package.datasets["monthly"].meta.breaks[1]
    events = [replace(entry, id=f"{n:02}", kind="event") for n in range(60)]
    (found,) = view.marked([events])
    texts = [one.mark.text for one in found]
    assert (texts[0], texts[25], texts[26], texts[52]) == ("a", "z", "aa", "ba")
    assert len(set(texts)) == 60


def test_a_provision_without_figures_says_why(package):
    entries = {entry.provision.number: entry for entry in provisions.overview(package)["entries"]}
    assert entries[4].reason == "Nothing else."
    assert (
        provisions.context(package, replace(entries[4].provision, unknown=()))["reason"]
        == "Nobody publishes them."
    )
    assert entries[4].first is None
    assert entries[4].context.indicator.id == "held"
    assert (entries[4].more, entries[4].cited, entries[1].cited, entries[2].cited) == (0, 3, 2, 26)
    assert entries[16].reported
    assert entries[1].more == 1
    assert (provisions.overview(package)["measured"], provisions.overview(package)["reported"]) == (3, 1)


def test_context_stands_apart_from_what_measures_a_provision(package):
    one = package.provisions[0]
    beside = replace(one.indicators[0], context=True)
    mixed = replace(one, indicators=(beside, one.indicators[1]))
    shown = provisions.context(package, mixed)
    assert [item.indicator.id for item in shown["standings"]] == ["share"]
    assert [item.indicator.id for item in shown["beside"]] == ["encounters"]
    entries = provisions.overview(dataclasses.replace(package, provisions=(mixed,)))["entries"]
    assert (entries[0].first.indicator.id, entries[0].context, entries[0].more) == ("share", None, 1)


def test_what_was_looked_for_is_a_table_by_period(package):
    found = provisions.sought(package.provisions[0])
    assert found.periods == ("FY2020", "FY2021", "FY2022")
    assert found.rows == (
        ("Lists <of all>", ("not at hand", "none found", "none found"), "an archive; a page"),
        ("Minutes", (labels.NONE, labels.NONE, "not public"), "a page"),
    )
    assert provisions.sought(package.provisions[1]).rows == ()


def test_pages_of_provisions_know_their_neighbours(package):
    first, *_, last = package.provisions
    assert addresses.provision(first) == "provisions/1-law.html"
    assert provisions.context(package, first)["before"] is None
    assert provisions.context(package, first)["after"][0] == "provisions/2-wall.html"
    assert provisions.context(package, last)["after"] is None


@pytest.mark.parametrize(("name", "page"), [("provisions", "overview"), ("reconciliations", "context")])
def test_a_dataset_that_is_not_there_is_named_with_its_file(small, name, page):
    path = small / f"{name}.json"
    path.write_text(path.read_text().replace('"dataset": "monthly"', '"dataset": "lost"'))
    package = read.package(small)
    make = provisions.overview if page == "overview" else reconciliation.context
    with pytest.raises(ReleaseError, match=rf"{name}\.json: no dataset 'lost' in this release"):
        make(package)


def test_a_reconciliation_has_the_newest_year_first_with_its_difference(package):
    context = reconciliation.context(package)
    table, part, empty = context["tables"]
    assert [(year.head, year.values, year.difference, year.percent, year.apart) for year in table.years] == [
        (
            "2024",
            (("484", True), ("450", False), ("\N{EN DASH}", False)),
            "\N{EN DASH}",
            "\N{EN DASH}",
            False,
        ),
        ("2023", (("1,386", False), ("1,370", False), ("1,000,000", False)), "998,630", "99.9%", True),
        ("2022", (("1,000", False), ("1,000", False), ("\N{EN DASH}", False)), "0", "0%", False),
    ]
    assert [column.meta.id if column.meta else None for column in table.columns] == [
        "monthly",
        None,
        "annual",
    ]
    assert table.largest == "99.9%, FY2023"
    # Decimals stand on both sides, as one of the figures has them.
    assert [value for value, _ in part.years[0].values] == ["34,376.5", "34,376.0"]
    assert (empty.years, empty.largest) == ((), "")
    assert context["states"] == [("yes", 1), ("partly", 1), ("no", 1)]
    assert (context["years"], context["apart"]) == (4, 2)


@pytest.mark.parametrize(
    ("values", "percent"),
    [
        ([100, 99], "1.0%"), ([1000, 999.5], "0.05%"), ([3_000_000, 2_999_999], "Under 0.01%"),
        ([0, 0], "0%"), ([0, None, 5], "100.0%"), ([-5, 5], "200.0%"),
    ],
)  # fmt: skip
def test_a_difference_never_reads_as_none(package, values, percent):
    there = [value for value in values if value is not None]
    row = Compared("FY2023", tuple(values), (False,) * len(values), max(there) - min(there))
    of_one = replace(package.reconciliations[0], rows=(row,))
    (table,) = reconciliation.context(dataclasses.replace(package, reconciliations=(of_one,)))["tables"]
    assert [year.percent for year in table.years] == [percent]


def test_a_joined_series_shows_its_seam_and_how_far_the_pieces_agree(package):
    (one,) = joined.context(package)["series"]
    assert [(piece.meta.id, piece.span, piece.agreement) for piece in one.pieces] == [
        ("annual", "October 2022 to November 2022", "\N{EN DASH}"),
        ("monthly", "December 2022 to January 2023", "1 figure compared; 1 differ, at most by 3"),
    ]
    assert one.view.columns == ("Total", "Southwest land border")
    assert [(row.head, [(cell.text, cell.provisional) for cell in row.cells]) for row in one.view.rows] == [
        ("January 2023", [("110", True), ("\N{EN DASH}", False)]),
        ("December 2022", [("100", False), ("50", False)]),
        ("November 2022", [("90", False), ("45", False)]),
        ("October 2022", [("80", False), ("40", False)]),
    ]
    (seam,) = one.view.breaks
    assert (seam.entry.date, seam.entry.title) == (
        datetime.date(2022, 12, 1),
        "From here on: Encounters & more, by <region>",
    )
    assert [found.id for found in joined.of(package, "annual")] == ["met"]
    assert joined.of(package, "listed") == []


def test_the_reporting_in_sum(package):
    found = reporting.summary(package)
    assert found.sentence == (
        "The state of 3 sources: 1 current in this archive, 1 discontinued and 1 published once."
    )
    assert (found.sources, found.files, found.readable, found.revised, found.cells, found.stated) == (
        3,
        5,
        2,
        1,
        7,
        1,
    )


def test_sources_are_listed_with_the_newest_first_and_with_their_datasets(package):
    sources = reporting.context(package)["sources"]
    assert [source.reported.source for source in sources] == ["new", "once", "old"]
    assert [[meta.id for meta in source.datasets] for source in sources] == [["monthly"], [], ["monthly"]]


def test_without_sources_nothing_is_said_of_them(small):
    (small / "reporting.json").write_text("[]")
    assert reporting.summary(read.package(small)).sentence == ""


def test_any_state_of_a_source_is_said(package):
    closed = [replace(source, state="closed") for source in package.reporting]
    found = reporting.summary(dataclasses.replace(package, reporting=tuple(closed)))
    assert (found.states, found.sentence) == ((("closed", 3),), "The state of 3 sources: 3 closed.")


def test_cited_figures_by_provision_and_measure_in_the_order_of_periods(package):
    context = cited.context(package)
    assert [
        (group.provision and group.provision.number, [(m.label, len(m.rows)) for m in group.measures])
        for group in context["groups"]
    ] == [
        (2, [("Hires", 26)]),
        (4, [("Enrolments", 2), ("Stays", 1)]),
        (None, [("Miles", 1), ("Other figures", 1), ("Arrests", 1)]),
    ]
    assert [grade for grade, _ in context["grades"]] == ["A", "A2", "C"]
    enrolments, stays = context["groups"][1].measures
    assert [provision.number for provision in enrolments.also] == [1]
    assert [(row.id, row.what, row.period, row.value, row.unit) for row in enrolments.rows] == [
        ("C4", "Total", "Before 2019", "12", "events"),
        ("C1", "Southwest <border>", "January 2020", "1,974", "events"),
    ]
    assert (stays.rows[0].period, stays.rows[0].unit) == ("November 2025 to January 2026", "persons a day")
    miles, other, arrests = context["groups"][2].measures
    assert (miles.rows[0].value, other.rows[0].period, other.rows[0].unit) == ("1.5", "Contract", "usd")
    title = package.datasets["monthly"].meta.title.en
    assert context["contradicted"] == 1
    assert [row.against for row in arrests.rows] == [
        f"{title}: 122 as of 31 December 2023. A digit is wrong."
    ]
    assert not any(row.against for row in (*miles.rows, *other.rows))


def test_a_provision_shows_the_cited_figures_that_are_its_own(package):
    shown = provisions.context(package, package.provisions[0])
    assert [(measure.label, len(measure.rows)) for measure in shown["measures"]] == [("Enrolments", 2)]
    assert [grade for grade, _ in shown["grades"]] == ["A"]
    assert provisions.context(package, package.provisions[2])["measures"] == ()

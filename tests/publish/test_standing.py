"""How provisions, reconciliations, the reporting and cited figures are told. Against the hand-made release."""

import dataclasses
import json

import msgspec
import pytest
from msgspec.structs import replace

from borderstats.errors import ReleaseError
from borderstats.publish import cited, indicators, provisions, read, reconciliation, reporting
from borderstats.publish.accounts import Compared, Indicator

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
        told = msgspec.convert(one, Indicator)
        return indicators.standing(told, package.datasets[told.dataset].meta, provisions.lettered(provision))

    return stand


def test_a_count_against_its_baseline(standing):
    found = standing(1)
    assert (found.latest.value, found.latest.when, found.latest.as_of) == (
        "170",
        "fiscal year 2022",
        "2023-12-31",
    )
    assert (found.baseline.value, found.baseline.when) == ("110", "fiscal year 2016")
    assert found.change == "+60 (+54.5%)"
    assert (found.recent.value, found.recent.when, found.recent.provisional) == ("115", "January 2024", True)
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
    series = indicators.series(standing(1, 1).indicator)
    assert series.time.tolist() == [2021, 2022, 2023]
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


def test_days_far_apart_are_told(standing):
    assert "Each point is one of 3 days with a figure" in standing(3).chart.remarks[0]
    assert standing(3).measure == "Stock: on the day"


def test_one_figure_alone_makes_no_line(standing):
    found = standing(2)
    assert (found.latest.value, found.latest.when) == ("$4.41 billion", "January 2023")
    assert found.chart is None
    assert found.spark == ""


def test_a_year_that_ends_after_its_file_is_to_date(standing):
    latest = {"period": "FY2022", "value": 170.0, "provisional": False, "as_of": "2022-08-30"}
    assert standing(1, latest=latest).latest.when == "fiscal year 2022 to date"


def test_a_most_recent_figure_from_before_the_latest_year_is_not_said(standing):
    old = {"period": "1976-Q3", "value": 5.0, "provisional": False, "as_of": "2023-12-31"}
    assert standing(1, recent=old).recent is None


def test_rules_are_lettered_in_their_order_and_drawn_within_the_axis(package, standing):
    assert [letter for letter, _ in provisions.lettered(package.provisions[0])] == ["A", "B", "C"]
    found = standing(1)
    assert found.lettered
    drawn = found.chart.drawing.split("</svg>")[0]
    assert ">A</text>" in drawn
    assert ">B</text>" in drawn
    # The third rule ended before the first figure.
    assert ">C</text>" not in drawn


def test_breaks_are_explained_once_for_a_dataset(small):
    path = small / "data/monthly/metadata.json"
    meta = json.loads(path.read_text())
    meta["first_period"] = "2014-10"
    path.write_text(json.dumps(meta))
    package = read.package(small)
    first, second = provisions.standings(package, package.provisions[0])
    # The first chart spans the break of 2020 and not that of May 2023; the second begins with FY2021 and ends before.
    assert [(item.number, item.explained) for item in first.chart.breaks] == [(1, False)]
    assert second.chart.breaks == ()
    again = dataclasses.replace(
        package, provisions=(replace(package.provisions[0], indicators=[first.indicator] * 2),)
    )
    told = provisions.standings(again, again.provisions[0])
    assert [[item.explained for item in one.chart.breaks] for one in told] == [[False], [True]]


def test_a_provision_without_figures_says_why(package):
    entries = {entry.provision.number: entry for entry in provisions.overview(package)["entries"]}
    assert entries[4].reason == "Nobody publishes them."
    assert entries[4].first is None
    assert entries[16].reported
    assert entries[1].more == 1
    assert provisions.overview(package)["measured"] == 3


def test_pages_of_provisions_know_their_neighbours(package):
    first, *_, last = package.provisions
    assert provisions.path(first) == "provisions/1-law.html"
    assert provisions.context(package, first)["before"] is None
    assert provisions.context(package, first)["after"][0] == "provisions/2-wall.html"
    assert provisions.context(package, last)["after"] is None


@pytest.mark.parametrize(("name", "page"), [("provisions", "overview"), ("reconciliations", "context")])
def test_a_dataset_that_is_not_there_is_named_with_its_file(small, name, page):
    path = small / f"{name}.json"
    path.write_text(path.read_text().replace('"dataset": "monthly"', '"dataset": "lost"'))
    package = read.package(small)
    told = provisions.overview if page == "overview" else reconciliation.context
    with pytest.raises(ReleaseError, match=rf"{name}\.json: no dataset 'lost' in this release"):
        told(package)


def test_a_reconciliation_has_the_newest_year_first_with_its_difference(package):
    told = reconciliation.context(package)
    table, empty = told["tables"]
    assert [(year.head, year.values, year.difference, year.percent, year.apart) for year in table.years] == [
        ("2023", ("1,386", "1,370", "1,000,000"), "998,630", "99.9%", True),
        ("2022", ("1,000", "1,000", "\N{EN DASH}"), "0", "0%", False),
    ]
    assert [column.meta.id if column.meta else None for column in table.columns] == [
        "monthly",
        None,
        "annual",
    ]
    assert table.largest == "99.9%, FY2023"
    assert (empty.years, empty.largest) == ((), "")
    assert (told["explained"], told["years"], told["apart"]) == (1, 2, 1)


@pytest.mark.parametrize(
    ("values", "percent"),
    [
        ([100, 99], "1.0%"), ([1000, 999.5], "0.05%"), ([3_000_000, 2_999_999], "Under 0.01%"),
        ([0, 0], "0%"), ([0, None, 5], "100.0%"), ([-5, 5], "200.0%"),
    ],
)  # fmt: skip
def test_a_difference_never_reads_as_none(package, values, percent):
    there = [value for value in values if value is not None]
    row = Compared("FY2023", tuple(values), max(there) - min(there))
    told = replace(package.reconciliations[0], rows=(row,))
    (table,) = reconciliation.context(dataclasses.replace(package, reconciliations=(told,)))["tables"]
    assert [year.percent for year in table.years] == [percent]


def test_the_reporting_in_sum(package):
    found = reporting.summary(package)
    assert found.sentence == (
        "Of 3 sources, 1 is current in this archive, 1 is discontinued and 1 was published once."
    )
    assert (found.sources, found.files, found.readable, found.revised, found.cells, found.stated) == (
        3,
        5,
        2,
        1,
        7,
        1,
    )


def test_sources_are_told_with_the_newest_first_and_with_their_datasets(package):
    sources = reporting.context(package)["sources"]
    assert [source.reported.source for source in sources] == ["new", "once", "old"]
    assert [[meta.id for meta in source.datasets] for source in sources] == [["monthly"], [], ["monthly"]]


def test_without_sources_nothing_is_said_of_them(small):
    (small / "reporting.json").write_text("[]")
    assert reporting.summary(read.package(small)).sentence == ""


def test_cited_figures_by_source_with_their_grades(package):
    told = cited.context(package)
    assert [(group.source, len(group.rows)) for group in told["groups"]] == [("A page", 2), ("A paper", 1)]
    assert [grade for grade, _ in told["grades"]] == ["A", "A2", "C"]
    (first, second), (third,) = (group.rows for group in told["groups"])
    assert first == ("mpp enrollments, total", "January 2020", "1,974", "events", "A", "C1")
    assert second[1:3] == ("Fiscal year 2019", "1.50")
    assert third[1:3] == ("2025-11-end", "1,202")

"""Pages of places and groups: the last twelve months against the twelve before, who knows a code, what nobody crosses."""

import datetime
import math
from dataclasses import replace

import msgspec
import pytest
from pyarrow import parquet

from borderstats import periods
from borderstats.package import read
from borderstats.site import comparisons, figures
from borderstats.site.pages import topic
from borderstats.standard.struct import slug
from calendars import FEDERAL
from small_release import PROVISIONAL


@pytest.fixture
def package(small):
    return read.package(small)


def by_dataset(package):
    return {name: figures.facts(one, FEDERAL, PROVISIONAL) for name, one in package.datasets.items()}


@pytest.fixture
def facts(package):
    return by_dataset(package)


def test_a_name_in_an_address():
    assert slug("Rio Grande Valley Sector") == "rio-grande-valley-sector"
    assert slug("Côte d'Ivoire") == "cote-d-ivoire"
    assert slug("China, People's Republic (PRC)") == "china-people-s-republic-prc"


def test_every_code_with_recent_figures_has_a_page(package, facts):
    (subject,) = topic.subjects(package, facts)
    assert (subject.code, subject.path) == ("SW", "place/southwest-land-border.html")
    assert subject.headlines[0].only == {"region": "SW"}


def test_the_last_twelve_months_and_not_enough_before(facts):
    found = comparisons.trailing(facts["monthly"], {"region": "SW"})
    assert (found.last, found.value) == (115, sum(range(104, 116)))
    assert math.isnan(found.earlier)
    assert found.text == "February 2023 to January 2024"
    assert found.earlier_text == "February 2022 to January 2023"


def test_a_month_without_a_figure_makes_no_sum(facts):
    found = comparisons.trailing(facts["monthly"], {"region": "N"})
    assert math.isnan(found.last)
    assert math.isnan(found.value)


def test_a_change_of_definition_forbids_the_comparison_where_it_concerns_it(facts):
    monthly = facts["monthly"]
    assert comparisons.trailing(monthly, {"region": "SW"}).broken.id == "regions"
    # An event within the span, and a change that concerns regions, do not.
    assert comparisons.trailing(monthly, {"component": "USBP"}).broken is None


def test_nor_is_a_year_to_date_compared_across_it(facts):
    year = comparisons.latest_year(facts["monthly"], {"region": "SW"})
    assert (year.broken.id, math.isnan(year.earlier)) == ("regions", True)
    assert comparisons.latest_year(facts["monthly"], {"component": "USBP"}).broken is None


@pytest.mark.parametrize(
    ("day", "forbids"),
    [("2022-02-01", False), ("2022-02-02", True), ("2024-01-31", True), ("2024-02-01", False)],
)
def test_only_a_change_within_the_twenty_four_months(facts, day, forbids):
    meta = facts["monthly"].meta
    entry = msgspec.structs.replace(
        meta.breaks[0], date=datetime.date.fromisoformat(day), kind="definition", concepts=()
    )
    changed = replace(facts["monthly"], meta=msgspec.structs.replace(meta, breaks=(entry,)))
    assert (comparisons.trailing(changed, {"region": "SW"}).broken is not None) is forbids


def test_what_is_crossed_and_what_is_not(package, facts):
    (subject,) = topic.subjects(package, facts)
    found = topic.context(package, facts, subject)
    assert {one.meta.id for one in found["knows"]} == {"monthly", "annual"}
    assert [(one.asked, one.elsewhere) for one in found["missing"]] == [("component and citizenship", ())]


def test_what_was_crossed_once_is_told_with_its_last_period(package, facts):
    (subject,) = topic.subjects(package, facts)
    asked = msgspec.structs.replace(subject.topic, asked=(("office",), ("component",)))
    office = msgspec.structs.replace(package.standard.concepts["region"], label="Office")
    standard = msgspec.structs.replace(
        package.standard, concepts={**package.standard.concepts, "office": office}
    )
    found = topic.context(replace(package, standard=standard), facts, replace(subject, topic=asked))
    assert [(one.asked, one.until) for one in found["missing"]] == [("office", "fiscal year 2003")]


def test_a_dataset_without_a_file_that_would_cross_them_is_named(package, facts):
    (subject,) = topic.subjects(package, facts)
    standard = package.standard
    other = msgspec.convert(
        {
            "id": "awaited", "title": "All of it", "counts": "x", "unit": "EVENTS", "provisions": [1],
            "dimensions": [{"concept": name, "total": "sum"} for name in ("region", "component", "citizenship")],
        },
        type(standard.datasets[0]),
    )  # fmt: skip
    source = msgspec.structs.replace(standard.sources[0], dataset="awaited")
    changed = replace(
        package,
        standard=msgspec.structs.replace(standard, datasets=(*standard.datasets, other), sources=(source,)),
    )
    (one,) = topic.context(changed, facts, subject)["missing"]
    assert one.elsewhere == ("All of it",)


@pytest.mark.slow
def test_the_real_pages_are_counted_once_more(release):
    package = read.package(release)
    facts = by_dataset(package)
    subjects = topic.subjects(package, facts)
    assert len(subjects) > 200
    assert len({subject.path for subject in subjects}) == len(subjects)
    rows = parquet.read_table(release / "data/cbp-encounters-state/latest.parquet").to_pylist()
    for concept, code in (("state", "TX"), ("citizenship", "GTM"), ("demographic", "UC")):
        found = comparisons.trailing(facts["cbp-encounters-state"], {concept: code})
        by_month = dict.fromkeys((*found.parts, *(part - 12 for part in found.parts)), 0)
        for row in rows:
            if row[concept] == code and (month := periods.parse(row["period"])) in by_month:
                by_month[month] += row["value"]
        sums = list(by_month.values())
        assert (found.value, found.earlier) == (sum(sums[:12]), sum(sums[12:]))
        assert found.text == "December 2024 to November 2025"


@pytest.mark.slow
def test_children_of_guatemala_in_tucson_are_answered_honestly(release):
    package = read.package(release)
    facts = by_dataset(package)
    tucson = next(one for one in topic.subjects(package, facts) if one.path == "place/tucson-sector.html")
    found = topic.context(package, facts, tucson)
    missing = {one.asked: one.elsewhere for one in found["missing"]}
    assert (
        "CBP encounters nationwide, by sector and field office"
        in missing["citizenship and demographic group"]
    )
    assert found["latest"][0].month == "November 2024"

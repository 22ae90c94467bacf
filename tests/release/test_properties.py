"""What each edition is besides its figures: what is said of it, and the gate that holds it to that."""

import datetime
from dataclasses import replace

import pytest
from test_price_bases import AID, CURRENT, DEFLATORS, OLDER, YEARS, amounts, edition

from borderstats import periods
from borderstats.package.datasets import Property
from borderstats.package.snapshots import Declared
from borderstats.release import filled, properties, series
from borderstats.release.changes import changes
from borderstats.release.evidence import Evidence
from borderstats.release.gates import judged
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.rules import Properties

NATION, ONE = "usbp-apprehensions-nation", "ohss-cbp-one"
GATE = Properties(name="properties", sentence="As said.")


@pytest.fixture
def found(standard):
    """What the gate finds in some editions: the files and the words of each."""

    def judge(*vintages):
        history = history_of(vintages[0].observations.space, vintages)
        dataset = history.space.dataset.id
        evidence = Evidence({dataset: history}, {dataset: changes(history)}, (), standard.statuses)
        compared, findings = judged(evidence, dataset, GATE)
        assert compared == sum(len(vintage.observations) for vintage in vintages)
        return [(finding.files[0], finding.text, finding.reason) for finding in findings]

    return judge


def nation(observe, number, values, **more):
    rows = [({}, f"FY{1970 + n}", value) for n, value in enumerate(values)]
    return Vintage(datetime.date(2020, 1 + number, 1), f"nation-{number}.csv", observe(NATION, *rows), **more)


def test_the_properties_of_an_edition(observe):
    rows = [
        *amounts("OBLIGATIONS", CURRENT, DEFLATORS),
        *amounts("REQUESTS", {"FY2024": 2_000}, DEFLATORS | {"FY2024": 0.9}, status="P"),
    ]
    said = (Declared("price_base", "FY2021", "the note below", {"aid_transaction": "REQUESTS"}),)
    assert properties.of(edition(observe, 0, *rows, declared=said)) == (
        Property("price_base", "FY2021", "measured", {"aid_transaction": "OBLIGATIONS"}),
        Property("price_base", "FY2021", "declared", {"aid_transaction": "REQUESTS"}, "the note below"),
        Property("rounding", "1", "declared"),
        Property("provisional", "FY2024", "measured"),
        Property("to_date", "FY2024", "measured"),
    )


def test_the_unit_of_all_figures_is_measured_where_there_are_enough(observe):
    def rounding(values):
        return next(one for one in properties.of(nation(observe, 0, values)) if one.name == "rounding")

    assert rounding([50 * n for n in range(1, 22)]) == Property("rounding", "50", "measured")
    assert rounding([50 * n for n in range(1, 21)] + [7]) == Property("rounding", "1", "measured")
    assert rounding([50 * n for n in range(1, 20)]) == Property("rounding", "1", "declared")


def test_an_edition_that_is_rounded_where_one_before_was_not_is_found(observe, found):
    exact = nation(observe, 0, range(1_001, 1_030))
    rounded = nation(observe, 1, [10 * n for n in range(101, 130)])
    text = "all figures are multiples of 10: they are rounded, and those of an edition before were not"
    assert found(exact, rounded) == [("nation-1.csv", text, "")]
    assert found(exact, replace(rounded, reason="rounded since")) == [("nation-1.csv", text, "rounded since")]
    assert found(rounded) == found(rounded, replace(exact, as_of=datetime.date(2020, 5, 1))) == []
    assert found(exact, replace(rounded, source="another")) == []


def test_a_figure_finer_than_the_publisher_rounds_is_found(observe, found):
    fine = Vintage(
        datetime.date(2024, 1, 1), "fine.csv", observe(ONE, ({}, "2023-10", 20), ({}, "2023-11", 23))
    )
    assert found(fine) == [("fine.csv", "is no multiple of 10, to which figures are rounded", "")]


def test_what_was_not_over_must_be_provisional(observe, found):
    day = datetime.date(2023, 11, 15)
    rows = [({}, "2023-10", 20), ({}, "2023-11", 20, "P")]
    assert found(Vintage(day, "good.csv", observe(ONE, *rows))) == []
    rows[1] = ({}, "2023-11", 20)
    text = "2023-11 was not over on 2023-11-15, and its figures are not provisional"
    assert found(Vintage(day, "bad.csv", observe(ONE, *rows))) == [("bad.csv", text, "")]


def test_an_edition_without_a_known_base_is_found_and_declared_is_passed(observe, found):
    rows = list(amounts("OBLIGATIONS", {"FY2019": 40_000, "FY2020": 50_000}, DEFLATORS))
    unknown = found(edition(observe, 0, *rows))
    assert [text for _, text, _ in unknown] == [
        f"constant and current figures are equal in no period, or in several; {properties.WAYS_OUT}"
    ]
    assert found(edition(observe, 0, *rows, declared=(Declared("price_base", "FY2021", "the note"),))) == []


@pytest.mark.parametrize(
    ("years", "said", "text"),
    [
        (
            YEARS,
            "FY2019",
            "said to be in prices of FY2019, but constant and current figures are equal in FY2021",
        ),
        (
            YEARS[:2],
            "FY2019",
            "said to be in prices of FY2019, but constant and current figures differ in it",
        ),
    ],
)
def test_a_base_that_the_figures_contradict_is_found(observe, found, years, said, text):
    rows = amounts("OBLIGATIONS", {year: CURRENT[year] for year in years}, DEFLATORS)
    vintage = edition(observe, 0, *rows, declared=(Declared("price_base", said, "the note"),))
    assert [words for _, words, _ in found(vintage)] == [text]


def test_what_is_declared_of_a_part_that_is_not_there_is_found(observe, found):
    said = (Declared("price_base", "FY2021", "the note", {"aid_transaction": "REQUESTS"}),)
    vintage = edition(observe, 0, *amounts("OBLIGATIONS", CURRENT, DEFLATORS), declared=said)
    text = "the file's metadata declare a price base of aid_transaction=REQUESTS, which it does not have"
    assert [words for _, words, _ in found(vintage)] == [text]


def test_texts_say_the_base_of_the_newest_edition(observe):
    rows = [*amounts("OBLIGATIONS", CURRENT, OLDER), *amounts("REQUESTS", CURRENT, OLDER)]
    first = edition(observe, 0, *rows)
    second = edition(
        observe, 1, *amounts("OBLIGATIONS", CURRENT, DEFLATORS), *amounts("REQUESTS", CURRENT, OLDER)
    )
    space = first.observations.space
    before, now = history_of(space, [first]), history_of(space, [first, second])
    of_obligations = {"aid_transaction": "OBLIGATIONS", "recipient": "MEX"}
    assert filled.text(before, "dollars of {price_base}") == "dollars of FY2019"
    assert filled.text(now, "dollars of {price_base}", of_obligations) == "dollars of FY2021"
    assert filled.text(now, "dólares de {price_base}", of_obligations, "es") == "dólares de AF2021"
    both = "FY2021 for Obligations, FY2019 for President's budget requests"
    assert filled.text(now, "{price_base}") == both
    assert filled.text(now, "{price_base}", {"aid_transaction": "OBLIGATIONS|REQUESTS"}) == both
    assert filled.text(now, "without") == "without"


def test_figures_in_the_prices_of_an_older_edition_make_no_series_with_newer_ones(observe, standard):
    """The second edition does not speak of 2019 any more: that year's figure is in the prices of the first."""
    first = edition(observe, 0, *amounts("OBLIGATIONS", CURRENT, OLDER))
    second = edition(observe, 1, *amounts("OBLIGATIONS", {y: CURRENT[y] for y in YEARS[1:]}, DEFLATORS))
    history = history_of(first.observations.space, [first, second])
    assert filled.text(history, "{price_base}") == "FY2021"
    evidence = Evidence({AID: history}, {AID: changes(history)}, (), standard.statuses)
    codes = {"recipient": "MEX", "aid_transaction": "OBLIGATIONS"}
    shown = {
        basis: [periods.text(one) for one in series.of(evidence, AID, codes | {"price_basis": basis})]
        for basis in ("CURRENT", "CONSTANT")
    }
    assert shown == {"CURRENT": YEARS, "CONSTANT": YEARS[1:]}

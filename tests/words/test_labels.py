"""Numbers, periods and names as a reader sees them."""

import msgspec
import pytest

from borderstats.package import read
from borderstats.standard.codelists import Code
from borderstats.words import labels, periods

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1234567, "1,234,567"), (-1234, "\N{MINUS SIGN}1,234"), (NAN, "\N{EN DASH}")],
)
def test_number(value, text):
    assert labels.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (12, "+12"), (-3, "\N{MINUS SIGN}3"), (NAN, "\N{EN DASH}")]
)
def test_signed(value, text):
    assert labels.signed(value) == text


@pytest.mark.parametrize(
    ("new", "old", "text"),
    [
        (110, 100, "+10.0%"), (90, 100, "\N{MINUS SIGN}10.0%"), (5, 5, "0.0%"),
        (5, 0, "\N{EN DASH}"), (NAN, 5, "\N{EN DASH}"), (5, NAN, "\N{EN DASH}"),
    ],
)  # fmt: skip
def test_percent(new, old, text):
    assert labels.percent(new, old) == text


def test_compared():
    assert labels.compared(2_901_142, 3_201_144) == "9.4% fewer than"
    assert labels.compared(112, 100) == "12.0% more than"
    assert labels.compared(5, 5) == "as many as"


@pytest.mark.parametrize(
    ("written", "text"),
    [("2023-10", "October 2023"), ("1999-01", "January 1999"), ("FY2024", "fiscal year 2024")],
)
def test_period(written, text):
    assert labels.period(written) == text


def test_what_is_no_period_is_shown_as_it_is():
    assert labels.period("2025-11-end") == "2025-11-end"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2019-10", "2024-09", "October 2019 to September 2024"),
        ("FY1960", "FY2019", "fiscal years 1960 to 2019"),
        ("2020-03", "2020-03", "March 2020"),
        ("2020-01-01/P15D", "2021-10-01/P15D", "1 January 2020 to 15 October 2021"),
        ("2022-10-01", "2026-03-10", "1 October 2022 to 10 March 2026"),
    ],
)
def test_span(first, last, text):
    freq, start = periods.parse(first)
    assert labels.span(freq, start, periods.parse(last)[1]) == text


@pytest.mark.parametrize(
    ("month", "year"),
    [
        ("2023-09", 2023),
        ("2023-10", 2024),
        ("2024-01", 2024),
        ("1975-07", 1976),
        ("1976-06", 1976),
        ("1976-10", 1977),
    ],
)
def test_fiscal_year_begins_in_october_and_until_1976_in_july(month, year):
    assert periods.fiscal_year(periods.parse(month)[1]) == year


def test_a_change_from_below_zero_has_no_percentage():
    assert labels.percent(5, -10) == labels.NONE


def test_an_abbreviation_keeps_its_capitals():
    assert labels.unit(Code("USD", "U.S. dollars", "")) == "U.S. dollars"


def test_an_address_has_its_scheme_once():
    assert (
        labels.address("agency.example/a")
        == labels.address("https://agency.example/a")
        == "https://agency.example/a"
    )


@pytest.mark.parametrize(
    ("counts", "noun"),
    [
        ("Encounters: each time.", "encounters"),
        ("Encounters at the border.", "encounters"),
        ("Border Patrol encounters as counted.", "Border Patrol encounters"),
        ("Deaths of persons.", "deaths"),
        ("What this table holds is a long story told at length.", "events"),
        ("", "events"),
    ],
)
def test_noun(small, counts, noun):
    meta = read.package(small).datasets["monthly"].meta
    assert labels.noun(msgspec.structs.replace(meta, counts=counts)) == noun


def test_unit_of_events_says_that_it_is_not_people():
    assert labels.unit(Code("EVENTS", "Events", "")) == "events, not people"
    assert labels.unit(Code("DEATHS", "Deaths", "")) == "deaths"


def test_common_ending():
    assert labels.without_common_ending(["Tucson Sector", "Big Bend Sector"]) == ("Tucson", "Big Bend")
    assert labels.without_common_ending(["Northern land border", "Coastal border"])[1] == "Coastal border"
    assert labels.without_common_ending(["Tucson Sector"]) == ("Tucson Sector",)
    assert labels.without_common_ending(["Sector", "Yuma Sector"]) == ("Sector", "Yuma Sector")


def test_wrapped_keeps_every_word():
    text = "Unaccompanied children and single minors"
    lines = labels.wrapped(text, 14)
    assert " ".join(lines) == text
    assert all(len(line) <= 14 or " " not in line for line in lines)


def test_coded_escapes():
    assert labels.coded("It prints `A<B` & more.") == "It prints <code>A&lt;B</code> &amp; more."
    assert labels.coded("One ` alone <") == "One ` alone &lt;"


def test_size():
    assert [labels.size(n) for n in (1, 14_702, 7_563_684)] == ["1 KB", "15 KB", "7.6 MB"]


def test_one_full_stop():
    assert labels.stopped("A page") == labels.stopped("A page.") == "A page."

"""Numbers, periods and names as a reader sees them."""

import msgspec
import pytest

from borderstats.package import read
from borderstats.standard.units import Unit
from borderstats.words import labels

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
    [
        ("2023-10", "October 2023"),
        ("1999-01", "January 1999"),
        ("FY2024", "fiscal year 2024"),
        ("2018", "2018"),
    ],
)
def test_period(written, text):
    assert labels.period(written) == text


def test_what_is_no_period_is_shown_as_it_is():
    assert labels.period("2025-11-end") == "2025-11-end"


def test_a_change_from_below_zero_has_no_percentage():
    assert labels.percent(5, -10) == labels.NONE


def test_an_abbreviation_keeps_its_capitals():
    assert labels.unit(Unit("USD", "U.S. dollars", currency="$")) == "U.S. dollars"


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
    assert labels.unit(Unit("EVENTS", "Events", counts="events")) == "events, not people"
    assert labels.unit(Unit("DEATHS", "Deaths", "")) == "deaths"


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

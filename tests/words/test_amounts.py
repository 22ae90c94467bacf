"""Counts, money and shares as tables, sentences and charts write them."""

import pytest

from borderstats.standard.units import Unit
from borderstats.words import amounts
from borderstats.words.amounts import Style

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "exact", "words", "short"),
    [
        (0, "$0.00", "$0", "$0"),
        (950.5, "$950.50", "$950", "$950"),
        (-12.5, f"{MINUS}$12.50", f"{MINUS}$12.50", f"{MINUS}$12.50"),
        (12_345.67, "$12,345.67", "$12,346", "$12,346"),
        (-348_224_912.07, f"{MINUS}$348,224,912.07", f"{MINUS}$348 million", f"{MINUS}$348m"),
        (999_999_999, "$999,999,999.00", "$1 billion", "$1bn"),
        (4_412_173_694.22, "$4,412,173,694.22", "$4.41 billion", "$4.41bn"),
        (2.5e8, "$250,000,000.00", "$250 million", "$250m"),
        (float("nan"), "\N{EN DASH}", "\N{EN DASH}", "\N{EN DASH}"),
    ],
)
def test_money(value, exact, words, short):
    style = Style("money", 2, "$")
    assert (style.exact(value), style.words(value), style.short(value)) == (exact, words, short)


@pytest.mark.parametrize(
    ("value", "exact", "words", "short"),
    [
        (0.3152, "31.52%", "31.5%", "31.5%"),
        (0.2, "20.00%", "20.0%", "20%"),
        (1, "100.00%", "100.0%", "100%"),
        (-0.036, f"{MINUS}3.60%", f"{MINUS}3.6%", f"{MINUS}3.6%"),
        (1.25, "125.00%", "125.0%", "125%"),
    ],
)
def test_shares(value, exact, words, short):
    style = Style("share", 2)
    assert (style.exact(value), style.words(value), style.short(value)) == (exact, words, short)


def test_numbers_with_and_without_decimals():
    assert [Style().exact(v) for v in (1234567, -1234, 0)] == ["1,234,567", f"{MINUS}1,234", "0"]
    assert [Style(decimals=2).exact(v) for v in (1234.5, 0.25)] == ["1,234.50", "0.25"]
    assert [Style(decimals=2).short(v) for v in (1234.56, 12.5, 0.25, 3)] == ["1,235", "12.5", "0.25", "3"]


def test_changes_have_their_sign_and_shares_change_in_points():
    assert Style().signed(12) == "+12"
    assert Style().signed(0) == "0"
    assert Style("money", 2, "$").signed(-1.5) == f"{MINUS}$1.50"
    assert Style("money", 0, "$").signed_words(4_412_173_694) == "+$4.41 billion"
    assert Style("share", 2).signed_words(-0.5454) == f"{MINUS}54.5 percentage points"


def test_what_rounds_to_nothing_has_no_sign():
    assert Style("share", 2).words(-0.0004) == "0.0%"
    assert Style("money", 0, "$").short(-0.2) == "$0"


def test_the_style_follows_the_unit():
    dollars = Unit("USD", "U.S. dollars", currency="$")
    assert amounts.of(dollars, 2) == Style("money", 2, "$")
    assert amounts.of(Unit("EVENTS", "Events"), 0) == Style("number", 0)
    assert amounts.of(dollars, 2, share=True).kind == "share"


def test_axes_of_shares_and_decimals_need_no_whole_numbers():
    assert [Style("money", 2, "$").whole, Style().whole] == [True, True]
    assert [Style("share", 2).whole, Style(decimals=2).whole] == [False, False]

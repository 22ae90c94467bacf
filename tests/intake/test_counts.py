"""A cell is a whole number or has a reason why it is none; never both, never neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.intake.counts import MOST, count


def strict(label):
    return count(label, whole_decimals=False, rounding=1)


@given(st.integers(0, MOST))
def test_a_whole_number_is_itself(number):
    assert strict(str(number)) == (number, "")


@given(st.integers(0, MOST), st.integers(1, 3))
def test_whole_decimals_are_numbers_only_where_declared(number, zeros):
    written = f"{number}.{'0' * zeros}"
    assert count(written, whole_decimals=True, rounding=1) == (number, "")
    value, reason = strict(written)
    assert value == 0
    assert "declare whole_decimals" in reason


@given(st.text(max_size=20))
def test_a_text_is_a_number_exactly_if_it_is_all_ascii_digits(text):
    value, reason = strict(text)
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and int(digits) < 2**62:
        assert (value, reason) == (int(digits), "")
    else:
        assert value == 0
        assert reason


@given(st.integers(MOST + 1, 10**30))
def test_a_number_that_no_count_can_be(number):
    assert strict(str(number)) == (0, f"the count {number} is too large to be one")


@given(st.integers(0, 10**9))
def test_a_rounded_source_has_only_multiples(number):
    value, reason = count(str(number), whole_decimals=False, rounding=10)
    assert (value == number and not reason) if number % 10 == 0 else ("not a multiple of 10" in reason)


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("", "blank"),
        ("\u00a0", "blank"),
        ("-1", "negative"),
        ("- 1", "negative"),
        ("-1.5", "negative"),
        ("1.5", "fraction"),
        (".5", "fraction"),
        ("1,234", "separators"),
        ("1,234,567", "separators"),
        ("1,23", "not a number"),
        ("1 234", "not a number"),
        ("1.234,0", "not a number"),
        ("\u22121", "not a number"),
        ("½", "not a number"),
        ("²", "not a number"),
        ("~5", "not a number"),
        ("<5", "not a number"),
        ("D", "not a number"),
        ("(7)", "not a number"),
        ("7%", "not a number"),
        ("$7", "not a number"),
        ("1e3", "not a number"),
        ("inf", "not a number"),
        ("True", "not a number"),
    ],
)
def test_what_is_no_count_says_why(label, word):
    value, reason = strict(label)
    assert value == 0
    assert word in reason

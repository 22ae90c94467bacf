"""A cell is a whole number or has a reason why it is none; never both, never neither."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.intake.counts import MOST, Form, count, counts


def strict(label):
    return count(label, Form())


@given(st.integers(0, MOST))
def test_a_whole_number_is_itself(number):
    assert strict(str(number)) == (number, "")


@given(st.integers(0, MOST), st.integers(1, 3))
def test_whole_decimals_are_numbers_only_where_declared(number, zeros):
    written = f"{number}.{'0' * zeros}"
    assert count(written, Form(whole_decimals=True)) == (number, "")
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
    value, reason = count(str(number), Form(rounding=10))
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
        ("1,234", "not declared"),
        ("1,234,567", "not declared"),
        ("1,23", "not a number"),
        ("1 234", "not declared"),
        ("1.234,0", "not declared"),
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


# amounts: decimals, below zero, rounded


MONEY = Form(decimals=2, negative=True)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_an_amount_is_a_whole_number_of_its_smallest_unit(amount):
    assert count(f"{amount:f}", MONEY) == (int(amount * 100), "")


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_zeros_at_the_end_of_an_amount_change_nothing(number, zeros):
    assert count(f"{number}.{'0' * zeros}" if zeros else str(number), MONEY) == (100 * number, "")


@given(st.decimals(-(10**6), 10**6, places=5))
def test_a_rounded_amount_is_the_nearest_and_half_way_the_even_one(amount):
    value, reason = count(f"{amount:f}", Form(decimals=2, negative=True, rounded=True))
    assert reason == ""
    distance = abs(value - amount * 100)
    assert distance <= Decimal("0.5")
    assert distance < Decimal("0.5") or value % 2 == 0


@pytest.mark.parametrize(
    ("label", "form", "value"),
    [
        ("-5", MONEY, -500),
        ("-0", MONEY, 0),
        (" -12.30 ", MONEY, -1230),
        ("1.5e3", MONEY, 150_000),
        ("2.50E-1", MONEY, 25),
        ("12.7", Form(decimals=1), 127),
        ("2.5", Form(rounded=True), 2),
        ("3.5", Form(rounded=True), 4),
        ("-2.5", Form(rounded=True, negative=True), -2),
        ("7.0", Form(negative=True), 7),
        ("-20", Form(rounding=10, negative=True), -20),
        ("-999999999999.99", MONEY, -99_999_999_999_999),
    ],
)
def test_how_amounts_are_written(label, form, value):
    assert count(label, form) == (value, "")


@pytest.mark.parametrize(
    ("label", "form", "reason"),
    [
        ("-5", Form(), "the count -5 is negative; events cannot be fewer than none"),
        ("-5.1", Form(decimals=1), "the count -5.1 is negative; events cannot be fewer than none"),
        (
            "1.234",
            MONEY,
            (
                "the figure 1.234 has more than 2 decimals, which this dataset does not; if it means 1234.00, "
                'add `thousands = "."` and `decimal = ","` to the column in the source\'s file, or above all columns'
            ),
        ),
        (
            "1.5",
            Form(negative=True),
            "the figure 1.5 has more than 0 decimals, which this dataset does not",
        ),
        (
            "-15",
            Form(rounding=10, negative=True),
            "the count -15 is not a multiple of 10, to which this source rounds",
        ),
        ("-1000000000000.01", MONEY, "the count -1000000000000.01 is too large to be one"),
        ("1e99", MONEY, "the count 1e99 is too large to be one"),
        ("", MONEY, "the count is blank; a blank is neither zero nor a figure"),
        ("- 5", MONEY, "the count '- 5' is not a number"),
        ("--5", MONEY, "the count '--5' is not a number"),
        ("+5", MONEY, "the count '+5' is not a number"),
        ("(5.00)", MONEY, "the count '(5.00)' is not a number"),
        ("$5", MONEY, "the count '$5' is not a number"),
        (
            "1,234.50",
            MONEY,
            (
                "the count '1,234.50' is written in a form that is not declared; if it means 1234.50, "
                'add `thousands = ","` to the column in the source\'s file, or above all columns'
            ),
        ),
        ("5%", MONEY, "the count '5%' is not a number"),
        ("nan", MONEY, "the count 'nan' is not a number"),
        ("-inf", MONEY, "the count '-inf' is not a number"),
        ("1e999", MONEY, "the count '1e999' is not a number"),
        ("\u0661", MONEY, "the count '\u0661' is not a number"),
        ("\u22125", MONEY, "the count '\u22125' is not a number"),
        (
            "1,234",
            MONEY,
            (
                "the count '1,234' is written in a form that is not declared; if it means 1234.00, "
                'add `thousands = ","` to the column in the source\'s file, or above all columns'
            ),
        ),
    ],
)
def test_what_is_no_amount(label, form, reason):
    assert count(label, form) == (0, reason)


FORMS = st.builds(
    Form,
    whole_decimals=st.booleans(),
    rounding=st.sampled_from([1, 10]),
    decimals=st.integers(0, 3),
    negative=st.booleans(),
    rounded=st.booleans(),
    thousands=st.sampled_from(["", " ", "'"]),
    decimal=st.sampled_from([".", ","]),
)
LABELS = st.one_of(
    st.text(max_size=6),
    st.integers(-20, 10**4).map(str),
    st.decimals(-100, 100, places=2).map(str),
    st.text("0123456789.,-eE %'", max_size=8),
)


@given(st.lists(LABELS, max_size=8), FORMS)
def test_a_column_of_figures_is_read_as_each_figure_alone(labels, form):
    values, reasons = counts(labels, form)
    alone = [count(label, form) for label in labels]
    assert values.tolist() == [value for value, _ in alone]
    assert reasons == {place: reason for place, (_, reason) in enumerate(alone) if reason}


@given(LABELS, FORMS)
def test_a_figure_has_a_value_or_a_reason_and_is_never_below_zero_unless_it_may_be(label, form):
    value, reason = count(label, form)
    assert not (reason and value)
    assert value >= 0 or form.negative
    assert value % form.rounding == 0


@pytest.mark.parametrize("label", ["-10e-1", "-1.", "-1e0", "-1"])
def test_less_than_none_is_no_count_however_it_is_written(label):
    assert count(label, Form(decimals=1)) == (
        0,
        f"the count {label} is negative; events cannot be fewer than none",
    )


# separators of thousands and decimals


SIGNS = [",", ".", " ", "'"]
SEEN_AS = {" ": [" ", "\u00a0", "\u202f", "\u2009"], "'": ["'", "\u2019"]}


def by_hand(text, thousands, decimal):
    """The number in a text of digits and separators, slowly; None if it is not written so."""
    for sign, alike in SEEN_AS.items():
        for one in alike:
            text = text.replace(one, sign)
    negative, text = text.startswith("-"), text.removeprefix("-")
    whole, *fractions = text.split(decimal)
    groups = whole.split(thousands) if thousands else [whole]
    if len(fractions) > 1 or not all(part.isdigit() for part in (*groups, *filter(None, fractions))):
        return None
    if len(groups) > 1 and (
        len(groups[0]) > 3 or groups[0][0] == "0" or any(len(one) != 3 for one in groups[1:])
    ):
        return None
    return Decimal(("-" if negative else "") + "".join(groups) + "." + "".join(fractions) + "0")


@st.composite
def notations(draw):
    decimal = draw(st.sampled_from([".", ","]))
    return draw(st.sampled_from(["", *(sign for sign in SIGNS if sign != decimal)])), decimal


@given(st.integers(-(10**11), 10**11), st.integers(0, 3), notations(), st.data())
def test_a_number_is_read_as_it_was_written(number, places, notation, data):
    thousands, decimal = notation
    amount = Decimal(number).scaleb(-places)
    seen = data.draw(st.sampled_from(SEEN_AS.get(thousands, [thousands])))
    written = f"{amount:,.{places}f}".replace(",", "!").replace(".", decimal).replace("!", seen)
    form = Form(decimals=3, negative=True, thousands=thousands, decimal=decimal)
    assert count(written, form) == (int(amount * 1000), "")


@given(st.from_regex(r"-?[0-9]{1,4}([., '\u00a0][0-9]{1,4}){0,3}", fullmatch=True), notations())
def test_digits_with_separators_are_what_reading_by_hand_makes_of_them(text, notation):
    thousands, decimal = notation
    value, reason = count(text, Form(decimals=4, negative=True, thousands=thousands, decimal=decimal))
    expected = by_hand(text, thousands, decimal)
    if expected is None:
        assert (value, bool(reason)) == (0, True)
    else:
        assert (value, reason) == (int(expected * 10_000), "")


@given(st.from_regex(r"[0-9]{1,4}([., '][0-9]{1,4}){1,3}", fullmatch=True), st.integers(0, 3), notations())
def test_what_is_proposed_makes_the_figure_readable(text, decimals, notation):
    thousands, decimal = notation
    form = Form(decimals=decimals, thousands=thousands, decimal=decimal, whole_decimals=True)
    reason = count(text, form)[1]
    for meaning, lines in re.findall(r"if it means ([\d.]+), add ((?:`[^`]+`(?: and )?)+)", reason):
        declared = dict(re.findall(r'`(\w+) = "(.)"`', lines))
        value, still = count(text, replace(form, **declared))
        assert (Decimal(value).scaleb(-decimals), still) == (Decimal(meaning), "")


@pytest.mark.parametrize(
    "written", ["52,54", "5,2546", "52,5,46", "0,546", ",546", "52,546,", "52,546.", "5.2,546"]
)
def test_wrong_groups(written):
    assert count(written, Form(thousands=",")) == (0, f"the count {written!r} is not a number")


@pytest.mark.parametrize("written", ["52546", "52,546", "52,546.00", " 52,546 "])
def test_thousands_are_separated_or_not(written):
    assert count(written, Form(thousands=",", whole_decimals=True)) == (52546, "")


TO = "to the column in the source's file, or above all columns"


@pytest.mark.parametrize(
    ("written", "form", "reason"),
    [
        (
            "52,546",
            Form(),
            f"the count '52,546' is written in a form that is not declared; if it means 52546, add `thousands = \",\"` {TO}",
        ),
        (
            "52\u00a0546",
            Form(),
            f"the count '52\\xa0546' is written in a form that is not declared; if it means 52546, add `thousands = \" \"` {TO}",
        ),
        (
            "1.234",
            Form(),
            f'the count 1.234 is a fraction; events come whole; if it means 1234, add `thousands = "."` and `decimal = ","` {TO}',
        ),
        (
            "52,546",
            Form(decimals=3),
            ("the count '52,546' is written in a form that is not declared; if it means 52.546, add `decimal = \",\"`, "
            f'if it means 52546.000, add `thousands = ","` {TO}'),
        ),
        (
            "12,5",
            Form(decimals=1),
            f"the count '12,5' is written in a form that is not declared; if it means 12.5, add `decimal = \",\"` {TO}",
        ),
        (
            "1.234",
            Form(decimals=1, decimal=","),
            f"the count '1.234' is written in a form that is not declared; if it means 1234.0, add `thousands = \".\"` {TO}",
        ),
        ("-1,234", Form(thousands=","), "the count -1,234 is negative; events cannot be fewer than none"),
        ("1,005", Form(thousands=",", rounding=10), "the count 1,005 is not a multiple of 10, to which this source rounds"),
        ("12,5", Form(thousands="."), "the count '12,5' is not a number"),
    ],
)  # fmt: skip
def test_what_a_figure_in_another_notation_says(written, form, reason):
    assert count(written, form) == (0, reason)

"""Forms of days, months, quarters and weeks: what is written in one is read as it was meant, and nothing else is."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.periods import forms

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]  # fmt: skip
NUMBERS = {name: number for number, month in enumerate(MONTHS, 1) for name in (month.lower(), month[:3].lower())}  # fmt: skip
SEPARATORS = [" ", "-", "/", ".", ", ", " of ", ""]
DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2049, 12, 31))


def month(name):
    return NUMBERS.get(name.lower())


def by_hand(form, day):
    """A day written in a form, piece by piece."""
    iso = day.isocalendar()
    texts = {
        "%Y": str(day.year), "%y": f"{day.year % 100:02}", "%m": f"{day.month:02}", "%d": f"{day.day:02}",
        "%B": MONTHS[day.month - 1], "%b": MONTHS[day.month - 1][:3], "%q": str((day.month + 2) // 3),
        "%G": str(iso.year), "%V": f"{iso.week:02}",
    }  # fmt: skip
    for directive, text in texts.items():
        form = form.replace(directive, text)
    return form


@st.composite
def declared(draw, separators=SEPARATORS):
    """A form: an order in use with some separator."""
    order = draw(st.sampled_from(sorted(forms.ORDERS)))
    if order == "Yy":
        return f"%Y{draw(st.sampled_from(separators))}%y"
    names = {"m": ["m", "B", "b"], "Y": ["G"] if "V" in order else ["Y", "y"]}
    directives = [f"%{draw(st.sampled_from(names.get(one, [one])))}" for one in order]
    return draw(st.sampled_from(separators)).join(directives)


@given(declared(), DAYS)
def test_what_is_written_in_a_form_is_read_as_it_was_meant(form, day):
    found = forms.parts(form, by_hand(form, day), month, 1950)
    iso = day.isocalendar()
    expected = {"Y": iso.year if "%G" in form else day.year, "m": day.month, "d": day.day, "q": (day.month + 2) // 3, "V": iso.week, "y": day.year}  # fmt: skip
    assert found == {name: expected[name] for name in found}
    assert "".join(sorted(found)) in {"".join(sorted(order)) for order in forms.ORDERS}


@given(declared(), DAYS, st.integers(0, 12))
def test_what_is_cut_or_goes_on_is_not_read(form, day, place):
    text = by_hand(form, day)
    for other in (text[:place] + "x" + text[place:], f"{text} 1", f"{text}99", f"+{text}"):
        assert forms.parts(form, other, month, 1950) is None


@given(declared(SEPARATORS[:-1]), DAYS)
def test_the_form_of_a_text_is_among_those_proposed_for_it(form, day):
    text, kind = by_hand(form, day), forms.written(form)
    found = list(forms.like(text, kind, month))
    assert all(forms.parts(one, text, month, 1950) for one in found)
    if kind in ("quarter", "week") and not any(map(str.isalpha, text)):
        assert found == []
    elif form.endswith("%y") or "%y" not in form:
        assert form.replace("%b", "%B") in [one.replace("%b", "%B") for one in found]


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("%d-%b-%y", "day"),
        ("%B %d, %Y", "day"),
        ("%YM%m", "month"),
        ("%B %Y", "month"),
        ("Q%q/%y", "quarter"),
        ("%G-W%V", "week"),
        ("%Y/%y", "fiscal year"),
        ("%y/%Y", None),
        ("%y/%y", None),
        ("%Y-W%V", None),
        ("%G-%m", None),
        ("%d %Y", None),
        ("%Y-%d-%m", None),
        ("%Y", None),
        ("%m", None),
        ("%Y%Y", None),
        ("%d/%m/%Y %H", None),
        ("%d/%m/%Y%", None),
        ("dd/mm/yyyy", None),
        ("", None),
    ],
)
def test_what_a_form_writes(form, kind):
    assert forms.written(form) == kind


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("%d%m%Y", "1122003", None),
        ("%d%m%Y", "11022003", {"d": 11, "m": 2, "Y": 2003}),
        ("%d%b%Y", "1jan2003", {"d": 1, "m": 1, "Y": 2003}),
        ("%d/%m/%Y", "1/2/2003", {"d": 1, "m": 2, "Y": 2003}),
        ("%d/%m/%Y", "31/13/2003", {"d": 31, "m": 13, "Y": 2003}),
        ("%d/%m/%Y", "1/2/03", None),
        ("%d/%m/%Y", "001/2/2003", None),
        ("%d/%m/%Y", "1/2/1650", None),
        ("%d/%m/%Y", "\u0661/2/2003", None),
        ("%B %Y", "MAY 2003", {"m": 5, "Y": 2003}),
        ("%B %Y", "Sep. 2003", {"m": 9, "Y": 2003}),
        ("%B %Y", "Mai 2003", None),
        ("%b-%y", "Jan-49", {"m": 1, "Y": 2049}),
        ("%b-%y", "Jan-50", {"m": 1, "Y": 1950}),
        ("%qQ%Y", "1Q2023", {"q": 1, "Y": 2023}),
        ("%qQ%Y", "5Q2023", None),
    ],
)
def test_texts(form, text, expected):
    assert forms.parts(form, text, month, 1950) == expected


@pytest.mark.parametrize(
    ("first", "year"), [(1950, 2023), (1924, 2023), (1923, 1923), (2000, 2023), (1823, 1823)]
)
def test_years_of_two_digits_are_of_the_hundred_that_is_declared(first, year):
    assert forms.parts("%m/%y", "1/23", month, first) == {"m": 1, "Y": year}


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("12-Jan-23", "day", ["%d-%b-%y"]),
        ("September 30, 2025", "day", ["%B %d, %Y"]),
        ("03/04/2023", "day", ["%m/%d/%Y", "%d/%m/%Y"]),
        ("03/04/05", "day", ["%m/%d/%y", "%d/%m/%y"]),
        ("2023.3.4", "day", ["%Y.%m.%d"]),
        ("January 2023", "month", ["%B %Y"]),
        ("2023M01", "month", ["%YM%m"]),
        ("202301", "month", ["%Y%m"]),
        ("1/2023", "month", ["%m/%Y"]),
        ("1Q23", "quarter", ["%qQ%y"]),
        ("2023 Quarter I", "quarter", []),
        ("W05/2023", "week", ["W%V/%G"]),
        ("05/2023", "week", []),
        ("1/2/3/4/2023", "day", []),
        ("Total", "day", []),
        ("", "day", []),
    ],
)
def test_which_forms_a_text_may_have(text, kind, found):
    assert list(forms.like(text, kind, month)) == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/4/2023; later", 3),
        ("3/4/2023", 3),
        ("3/4/20231", None),
        ("3/4/2023a", None),
        ("of 3/4/2023", None),
    ],
)
def test_a_text_that_begins_with_a_form(text, day):
    found = forms.leading("%d/%m/%Y", text, month, 1950)
    assert found == (day and {"d": 3, "m": 4, "Y": 2023})

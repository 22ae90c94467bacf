"""Forms in which publishers write periods, in the directives of strptime: `%d-%b-%y`, `%YM%m`, `Q%q %Y`, `%G-W%V`.

`%q` is the number of a quarter, as in pandas and lubridate. What a month is called, a list of months knows.
"""

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

Written = Literal["day", "month", "quarter", "week", "fiscal year"]
"""What a form writes."""

Parts = Mapping[str, int]
"""The numbers that a text gives, by their directives: `Y`, `m`, `d`, `q` and `V`; of two years the second by `y`."""

MonthNumber = Callable[[str], int | None]
"""The number of the month that a name means."""

_YEAR = "(?:1[7-9]|2[0-4])[0-9]{2}"

DIRECTIVES = {
    "Y": _YEAR,
    "G": _YEAR,
    "y": "[0-9]{2}",
    "m": "[0-9]{1,2}",
    "d": "[0-9]{1,2}",
    "V": "[0-9]{1,2}",
    "q": "[1-4]",
    "B": r"[^\W\d_]+",
    "b": r"[^\W\d_]+",
}
"""What each directive writes, as a regular expression."""

_NAMES = ("B", "b")
_GIVES = {"G": "Y", "y": "Y", "B": "m", "b": "m"}
"""The directives that give what others give."""

ORDERS: Mapping[str, Written] = {
    "dmY": "day",
    "mdY": "day",
    "Ymd": "day",
    "mY": "month",
    "Ym": "month",
    "qY": "quarter",
    "Yq": "quarter",
    "VY": "week",
    "YV": "week",
    "Yy": "fiscal year",
}
"""The orders of numbers in use. Another would be a slip of the pen."""

_TOKEN = re.compile(r"[12][0-9]{3}(?=[0-9]{2}(?![0-9]))|[0-9]+|[^\W\d_]+|.")
"""A number, a word or a sign; six digits are a year and two."""

_MOST_NUMBERS = 3


def written(form: str) -> Written | None:
    """What a form writes; None if it lacks directives, or has others, or in an order that is not in use."""
    directives = re.findall("%(.|$)", form)
    two = directives == ["Y", "y"]
    found = ORDERS.get("".join(one if two else _GIVES.get(one, one or "%") for one in directives))
    # The year of a week of ISO 8601 is not always that of its days.
    return found if (found == "week") == ("G" in directives) else None


def shaped(form: str, text: str) -> bool:
    """Whether a text looks like a form. It may still be no period, as the 31st of June."""
    return bool(_expression(form).fullmatch(text))


def parts(form: str, text: str, month: MonthNumber, years_from: int) -> Parts | None:
    """The numbers in a text of a form; None if it has another form, or a name that is no month's.

    A year of two digits is that of the hundred years from `years_from` on.
    """
    match = _expression(form).fullmatch(text)
    return _numbers(match, month, years_from) if match else None


def leading(form: str, text: str, month: MonthNumber, years_from: int) -> Parts | None:
    """The same of the beginning of a text, whatever stands behind it, if that goes on neither with a letter nor with a digit."""
    match = _expression(form).match(text)
    ends = match and not text[match.end() :][:1].isalnum()
    return _numbers(match, month, years_from) if match and ends else None


def _numbers(match: re.Match[str], month: MonthNumber, years_from: int) -> Parts | None:
    found = {}
    for directive, text_of in match.groupdict().items():
        number = month(text_of) if directive in _NAMES else int(text_of)
        if number is None:
            return None
        if directive == "y":
            number = years_from + (number - years_from) % 100
        second = directive == "y" and "Y" in found
        found[directive if second else _GIVES.get(directive, directive)] = number
    return found


def like(text: str, wanted: Written, month: MonthNumber) -> Iterator[str]:
    """The forms in use of a kind of period that a text may have; a year of two digits stands last, a quarter or week has a letter."""
    if wanted in ("quarter", "week") and not any(map(str.isalpha, text)):
        return
    tokens = _TOKEN.findall(text)
    if sum(token.isdigit() for token in tokens) <= _MOST_NUMBERS:
        for form in map("".join, itertools.product(*(_may_be(token, month) for token in tokens))):
            if written(form) == wanted and "%" not in form.partition("%y")[2] and shaped(form, text):
                yield form


def _may_be(token: str, month: MonthNumber) -> list[str]:
    """What can stand for a part of a text in a form."""
    if token.isdigit():
        return [f"%{one}" for one in "YGymdVq" if re.fullmatch(DIRECTIVES[one], token)]
    named = token.isalpha() and month(token) is not None
    return [("%b" if len(token) == 3 else "%B") if named else token]


@functools.lru_cache(1024)
def _expression(form: str) -> re.Pattern[str]:
    """The expression of a form. A name may be cut short with a point; numbers that touch have all their digits."""
    pieces = re.split("%(.)", form)
    found = re.escape(pieces[0])
    for number in range(1, len(pieces), 2):
        directive, behind = pieces[number], pieces[number + 1]
        before = pieces[number - 2] if number > 1 and not pieces[number - 1] else "B"
        after = pieces[number + 2] if number + 2 < len(pieces) and not behind else "B"
        shape = DIRECTIVES[directive]
        if not {before, after} <= set(_NAMES):
            shape = shape.replace("{1,2}", "{2}")
        found += f"(?P<{directive}>{shape})" + (r"\.?" if directive in _NAMES else "") + re.escape(behind)
    return re.compile(found, re.IGNORECASE)

"""A published figure as a whole number, or the reason why it is none."""

import functools
import itertools
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

import numpy as np

from borderstats.intake import advice
from borderstats.observations import Ints

MOST = 10**12
"""No count of events, persons or days is larger; sums of such counts stay far inside 64 bits."""

_LONGEST = 40

_RAISED = re.compile(r"[0-9]\s*[¹²³⁰⁴-⁹]|[¹²³⁰⁴-⁹]\s*[0-9]")

_WHOLE_DECIMAL = re.compile(r"([0-9]+)\.0+")
_NEGATIVE = re.compile(r"-\s*\d+(\.\d+)?")
_NUMBER = re.compile(r"-?\d+(\.\d*)?([eE]-?\d{1,2})?", re.ASCII)
_FRACTION = re.compile(r"\d*\.\d+")
_ALIKE = str.maketrans("\u00a0\u2009\u202f\u2019", "   '")
"""Spaces and apostrophes as the standard writes them."""

_SEPARATED = re.compile(r"-?\d+(?:[., ']\d+)+", re.ASCII)
_THOUSANDS = ("", ",", ".", " ", "'")
_DECIMALS = (".", ",")


@dataclass(frozen=True)
class Form:
    """How a source writes its figures.

    `whole_decimals`: whole numbers are written as `9584.0`. `rounding`: every figure is a multiple of it. `decimals`:
    digits behind the point, kept as an integer (12.30 with two decimals is 1230). `negative`: amounts below zero
    occur. `rounded`: further decimals are rounded away, half to even. `thousands` separates thousands and `decimal` stands
    before decimals.
    """

    whole_decimals: bool = False
    rounding: int = 1
    decimals: int = 0
    negative: bool = False
    rounded: bool = False
    thousands: str = ""
    decimal: str = "."

    @cached_property
    def number(self) -> re.Pattern[str]:
        """What a number looks like: its thousands are separated everywhere or nowhere."""
        thousands, decimal = re.escape(self.thousands), re.escape(self.decimal)
        groups = rf"[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+|" if thousands else ""
        return re.compile(rf"(-?(?:{groups}\d+))(?:{decimal}(\d*))?([eE]-?\d{{1,2}})?", re.ASCII)


def counts(labels: list[str], form: Form) -> tuple[Ints, dict[int, str]]:
    """The count in each label, zero where there is none, and the reason by place for those."""
    joined = "".join(labels)
    plain = joined.isascii() and joined.isdigit() and not form.decimals
    if plain and all(labels) and max(map(len, labels)) < len(str(MOST)):
        values = np.array(list(map(int, labels)), np.int64)
        uneven = values % form.rounding != 0
        reasons = {int(place): count(labels[place], form)[1] for place in np.flatnonzero(uneven)}
        return np.where(uneven, 0, values), reasons
    read = [count(label, form) for label in labels]
    reasons = {place: reason for place, (_, reason) in enumerate(read) if reason}
    return np.array([value for value, _ in read], np.int64), reasons


def count(label: str, form: Form) -> tuple[int, str]:
    """The count that a cell holds and an empty string; or zero and why the cell holds no count."""
    text = label.strip()
    if len(text) > _LONGEST:
        return 0, f"the count {text[:_LONGEST]!r}... is too long to be one"
    if not text:
        return 0, "the count is blank; a blank is neither zero nor a figure"
    if text.isascii():
        if text.isdigit() and not form.decimals:
            return _counted(int(text), text, form)
    elif _RAISED.search(text):
        return (
            0,
            f"the count {text!r} has a note in superscript, and is no figure with it; ask the publisher for a file without it",
        )
    value, reason = _read(text, form)
    if reason and (lines := _lines(text, form)):
        if reason.endswith("is not a number"):
            return 0, advice.undeclared(f"the count {text!r}", lines)
        return 0, f"{reason}; {advice.declare(lines)}"
    return value, reason


def _read(text: str, form: Form) -> tuple[int, str]:
    """The count that a text is in the notation of a form."""
    plain = text
    if form.thousands or form.decimal != ".":
        signs = text.translate(_ALIKE)
        found = form.number.fullmatch(signs)
        if not found and any(sign in signs for sign in ".,' "):
            return 0, f"the count {text!r} is not a number"
        if found:
            fraction = "" if found[2] is None else f".{found[2]}"
            plain = found[1].replace(form.thousands, "") + fraction + (found[3] or "")
    if _NEGATIVE.fullmatch(plain) and not form.negative:
        return 0, _below_zero(text)
    if (form.decimals or form.rounded or form.negative) and _NUMBER.fullmatch(plain):
        return _scaled(plain, text, form)
    if plain.isascii() and plain.isdigit():
        return _counted(int(plain), text, form)
    if decimal := _WHOLE_DECIMAL.fullmatch(plain):
        if not form.whole_decimals:
            return (
                0,
                f"the count {text} is written with decimals; if the publisher does so, declare whole_decimals for the source",
            )
        return _counted(int(decimal[1]), text, form)
    if _FRACTION.fullmatch(plain):
        return 0, f"the count {text} is a fraction; events come whole"
    return 0, f"the count {text!r} is not a number"


def _lines(text: str, form: Form) -> dict[str, str]:
    """What to declare so that digits with separators between them are a number, with that number."""
    signs = text.translate(_ALIKE)
    if not _SEPARATED.fullmatch(signs):
        return {}
    lines = {}
    for other, line in _others(form):
        needed = other.thousands in signs and (
            other.decimal in signs or form.decimal in (other.decimal, other.thousands)
        )
        if needed and other.number.fullmatch(signs):
            value, reason = _read(text, other)
            if not reason:
                lines[line] = str(Decimal(value).scaleb(-form.decimals))
    return lines


@functools.cache
def _others(form: Form) -> tuple[tuple[Form, str], ...]:
    """Every other notation, with the lines of the standard that declare it."""
    others = (
        replace(form, thousands=thousands, decimal=decimal, whole_decimals=True)
        for thousands, decimal in itertools.product(_THOUSANDS, _DECIMALS)
        if thousands != decimal
    )
    return tuple((other, line) for other in others if (line := _line(other, form)))


def _line(wanted: Form, form: Form) -> str:
    """The lines of the standard by which one notation differs from another."""
    thousands = f'`thousands = "{wanted.thousands}"`' if wanted.thousands != form.thousands else ""
    decimal = f'`decimal = "{wanted.decimal}"`' if wanted.decimal != form.decimal else ""
    return " and ".join(filter(None, [thousands, decimal]))


def _scaled(plain: str, text: str, form: Form) -> tuple[int, str]:
    """An amount with decimals, written plainly, as a whole number of its smallest unit."""
    whole_part, _, fraction = plain.partition(".")
    if len(fraction) <= form.decimals and (whole_part + fraction).removeprefix("-").isdigit():
        return _counted(int(whole_part + fraction.ljust(form.decimals, "0")), text, form)
    exact = Decimal(plain).scaleb(form.decimals)
    whole = exact.to_integral_value(ROUND_HALF_EVEN)
    if whole != exact and not form.rounded:
        return 0, f"the figure {text} has more than {form.decimals} decimals, which this dataset does not"
    return _counted(int(whole), text, form)


def _below_zero(text: str) -> str:
    return f"the count {text} is negative; events cannot be fewer than none"


def _counted(value: int, text: str, form: Form) -> tuple[int, str]:
    if value < 0 and not form.negative:  # Such as `-1e1`.
        return 0, _below_zero(text)
    if abs(value) > MOST * 10**form.decimals:
        return 0, f"the count {text} is too large to be one"
    if value % form.rounding:
        return 0, f"the count {text} is not a multiple of {form.rounding}, to which this source rounds"
    return value, ""

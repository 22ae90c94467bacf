"""A published figure as a whole number, or the reason why it is none."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from borderstats.observations import Ints

MOST = 10**12
"""No count of events, persons or days is larger; sums of such counts stay far inside 64 bits."""

_LONGEST = 40

_RAISED = re.compile(r"[0-9]\s*[¹²³⁰⁴-⁹]|[¹²³⁰⁴-⁹]\s*[0-9]")

_WHOLE_DECIMAL = re.compile(r"([0-9]+)\.0+")
_NEGATIVE = re.compile(r"-\s*\d+(\.\d+)?")
_NUMBER = re.compile(r"-?\d+(\.\d*)?([eE]-?\d{1,2})?", re.ASCII)
_FRACTION = re.compile(r"\d*\.\d+")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")


@dataclass(frozen=True)
class Form:
    """How a source writes its figures.

    `whole_decimals`: whole numbers are written as `9584.0`. `rounding`: every figure is a multiple of it. `decimals`:
    digits behind the point, kept as an integer (12.30 with two decimals is 1230). `negative`: amounts below zero
    occur. `rounded`: further decimals are rounded away, half to even.
    """

    whole_decimals: bool = False
    rounding: int = 1
    decimals: int = 0
    negative: bool = False
    rounded: bool = False


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
    if _RAISED.search(text):
        return (
            0,
            f"the count {text!r} has a note in superscript, and is no figure with it; ask the publisher for a file without it",
        )
    if _NEGATIVE.fullmatch(text) and not form.negative:
        return 0, _below_zero(text)
    if (form.decimals or form.rounded or form.negative) and _NUMBER.fullmatch(text):
        return _scaled(text, form)
    if text.isascii() and text.isdigit():
        return _counted(int(text), text, form)
    if decimal := _WHOLE_DECIMAL.fullmatch(text):
        if not form.whole_decimals:
            return (
                0,
                f"the count {text} is written with decimals; if the publisher does so, declare whole_decimals for the source",
            )
        return _counted(int(decimal[1]), text, form)
    if _FRACTION.fullmatch(text):
        return 0, f"the count {text} is a fraction; events come whole"
    if _THOUSANDS.fullmatch(text):
        return (
            0,
            f"the count {text!r} has separators between its digits; the file was saved anew by another program",
        )
    return 0, f"the count {text!r} is not a number"


def _scaled(text: str, form: Form) -> tuple[int, str]:
    """An amount with decimals as a whole number of its smallest unit."""
    whole_part, _, fraction = text.partition(".")
    if len(fraction) <= form.decimals and (whole_part + fraction).removeprefix("-").isdigit():
        return _counted(int(whole_part + fraction.ljust(form.decimals, "0")), text, form)
    exact = Decimal(text).scaleb(form.decimals)
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

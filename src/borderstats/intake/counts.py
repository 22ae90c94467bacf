"""A published figure as a whole number, or the reason why it is none."""

import re

import numpy as np

from borderstats.observations import Ints

MOST = 10**12
"""No count of events, persons or days is larger; sums of such counts stay far inside 64 bits."""

_LONGEST = 40

_WHOLE_DECIMAL = re.compile(r"([0-9]+)\.0+")
_NEGATIVE = re.compile(r"-\s*\d+(\.\d+)?")
_FRACTION = re.compile(r"\d*\.\d+")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")


def counts(labels: list[str], *, whole_decimals: bool, rounding: int) -> tuple[Ints, dict[int, str]]:
    """The count in each label, zero where there is none, and the reason by place for those."""
    joined = "".join(labels)
    plain = joined.isascii() and joined.isdigit() and rounding == 1
    if plain and all(labels) and max(map(len, labels)) < len(str(MOST)):
        return np.array(list(map(int, labels)), np.int64), {}
    read = [count(label, whole_decimals=whole_decimals, rounding=rounding) for label in labels]
    reasons = {place: reason for place, (_, reason) in enumerate(read) if reason}
    return np.array([value for value, _ in read], np.int64), reasons


def count(label: str, *, whole_decimals: bool, rounding: int) -> tuple[int, str]:
    """The count that a cell holds and an empty string; or zero and why the cell holds no count.

    `whole_decimals`: the source writes whole numbers as `9584.0`. `rounding`: every figure is a multiple of it.
    """
    text = label.strip()
    if len(text) > _LONGEST:
        return 0, f"the count {text[:_LONGEST]!r}... is too long to be one"
    if text.isascii() and text.isdigit():
        return _counted(int(text), text, rounding)
    if not text:
        return 0, "the count is blank; a blank is neither zero nor a figure"
    if decimal := _WHOLE_DECIMAL.fullmatch(text):
        if not whole_decimals:
            return (
                0,
                f"the count {text} is written with decimals; if the publisher does so, declare whole_decimals for the source",
            )
        return _counted(int(decimal[1]), text, rounding)
    if _NEGATIVE.fullmatch(text):
        return 0, f"the count {text} is negative; events cannot be fewer than none"
    if _FRACTION.fullmatch(text):
        return 0, f"the count {text} is a fraction; events come whole"
    if _THOUSANDS.fullmatch(text):
        return (
            0,
            f"the count {text!r} has separators between its digits; the file was saved anew by another program",
        )
    return 0, f"the count {text!r} is not a number"


def _counted(value: int, text: str, rounding: int) -> tuple[int, str]:
    if value > MOST:
        return 0, f"the count {text} is too large to be one"
    if value % rounding:
        return 0, f"the count {text} is not a multiple of {rounding}, to which this source rounds"
    return value, ""

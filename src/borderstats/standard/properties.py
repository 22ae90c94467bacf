"""What the editions of a dataset can differ in besides their figures, and how texts of the standard name it."""

import re
from collections.abc import Iterator

from borderstats.standard.struct import Struct, Text

PRICE_BASE = "price_base"
"""The property that says in the prices of which period figures of constant value are."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class PriceBase(Struct, frozen=True, kw_only=True):
    """That some figures are in the prices of one period, which each edition chooses anew.

    It is measured: the period in which the figures of both codes are equal. Texts of the dataset and of its indicators
    name it as `{price_base}`.
    """

    dimension: Text
    """The dimension that tells prices apart."""
    current: Text
    """The code of amounts in the prices of their own period."""
    constant: Text
    """The code of the same amounts in the prices of one period."""
    by: tuple[str, ...] = ()
    """The dimensions whose codes can each have a period of their own."""


def placeholders(text: str) -> Iterator[str]:
    """The names of the properties that a text has in braces."""
    yield from _PLACEHOLDER.findall(text)

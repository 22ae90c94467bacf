"""What is counted, as the code list `unit` has it: can one person count more than once, and is it money."""

from typing import Literal

from borderstats.standard.codelists import Code

UNITS = "unit"
"""The id of the code list."""


class Unit(Code, frozen=True, kw_only=True, omit_defaults=True):
    """A unit of count."""

    counts: Literal["", "events"] = ""
    """`events` if one person can be counted more than once, which then stands beside every figure."""
    currency: str = ""
    """The sign of the currency (`$`), if it is money."""

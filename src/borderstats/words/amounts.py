"""How the figures of one dataset or indicator are written: counts, amounts of money, shares, with their decimals.

Three lengths for each: exact for tables, in words for sentences, short for axes and charts.
"""

import math
from dataclasses import dataclass
from typing import Literal

from borderstats.standard.units import Unit
from borderstats.words import messages
from borderstats.words.labels import MINUS, NONE

_UNITS = ((1e9, "amount.bn", "amount.billion"), (1e6, "amount.m", "amount.million"))
_DIGITS = 3
"""Digits of a shortened figure that say something."""


@dataclass(frozen=True)
class Style:
    """Figures of one kind. `decimals` are those of the publisher; of a share, those of its percentage.

    `currency` is the sign of money.
    """

    kind: Literal["number", "money", "share"] = "number"
    decimals: int = 0
    currency: str = ""

    @property
    def whole(self) -> bool:
        """Whether an axis has whole numbers only."""
        return self.kind == "money" or not self.decimals

    def exact(self, value: float) -> str:
        """`1,234`, `$1,234.56`, `57.02%`: as a table has it."""
        return self._written(value, f"{self._scaled(abs(value)):,.{self.decimals}f}")

    def words(self, value: float) -> str:
        """`1,234`, `$4.41 billion`, `57.0%`: as a sentence has it."""
        return self._brief(value, 1)

    def short(self, value: float) -> str:
        """`1,234`, `$4.41bn`, `57%`: as a chart has it."""
        return self._brief(value, 0)

    def signed(self, value: float) -> str:
        """A change with its sign, as a table has it; of shares in percentage points."""
        return self._change(value, self.exact(value))

    def signed_words(self, value: float) -> str:
        """A change with its sign, as a sentence has it; of shares in percentage points."""
        return self._change(value, self.words(value))

    def _change(self, value: float, text: str) -> str:
        text = f"+{text}" if value > 0 else text
        if self.kind != "share":
            return text
        return messages.text("amount.points", amount=text.removesuffix("%"))

    def _brief(self, value: float, length: int) -> str:
        size = self._scaled(abs(value))
        if math.isnan(value):
            return NONE
        if self.kind == "share":
            return self._written(value, f"{size:.1f}" if length else _trimmed(size, 1))
        if self.kind == "money":
            for unit, *names in _UNITS:
                # What rounds to a thousand million is a billion.
                if _rounded(size) >= unit:
                    amount = self._written(value, _trimmed(_rounded(size) / unit, 2))
                    return messages.text(names[length], amount=amount)
        if size >= 100 or size == round(size) or not self.decimals:
            return self._written(value, f"{size:,.0f}")
        # Cents are two digits.
        digits = f"{size:.{self.decimals}f}" if self.kind == "money" else _trimmed(size, self.decimals)
        return self._written(value, digits)

    def _scaled(self, size: float) -> float:
        return 100 * size if self.kind == "share" else size

    def _written(self, value: float, digits: str) -> str:
        if math.isnan(value):
            return NONE
        # What rounds to nothing has no sign.
        sign = MINUS if value < 0 and digits.strip("0.,") else ""
        return f"{sign}{self.currency}{digits}{'%' if self.kind == 'share' else ''}"


def of(unit: Unit, decimals: int, *, share: bool = False) -> Style:
    """The style of a dataset's figures, or of the shares of an indicator."""
    if share:
        return Style("share", 2)
    return Style("money" if unit.currency else "number", decimals, unit.currency)


def decimals(value: float) -> int:
    """How many digits behind the point a figure has."""
    return 0 if float(value).is_integer() else len(f"{value!r}".partition(".")[2])


def _rounded(size: float) -> float:
    """A size with its first digits only."""
    return float(f"{size:.{_DIGITS - 1}e}")


def _trimmed(size: float, digits: int) -> str:
    text = f"{size:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

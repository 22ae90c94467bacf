"""Periods as text: `2023-10`, `1976-Q3`, `2024`, `FY2024`, `2020-01-16/P16D`, `2024-W05`, `2025-07-03`."""

import datetime
import re
from collections.abc import Mapping

from borderstats.periods import numbers
from borderstats.periods.numbers import Kind

EXAMPLES: Mapping[Kind, str] = {
    "month": "2023-10", "quarter": "1976-Q3", "year": "2024", "fiscal_year": "FY2024", "half_month": "2020-01-16/P16D",
    "week": "2024-W05", "day": "2025-07-03",
}  # fmt: skip
"""A period of each kind, for explanations."""

PATTERNS: Mapping[Kind, str] = {
    "month": "[0-9]{4}-[0-9]{2}", "quarter": "[0-9]{4}-Q[1-4]", "year": "[0-9]{4}", "fiscal_year": "FY[0-9]{4}",
    "half_month": "[0-9]{4}-[0-9]{2}-[0-9]{2}/P[0-9]+D", "week": "[0-9]{4}-W[0-9]{2}",
    "day": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}  # fmt: skip
"""What the texts of each kind look like, as regular expressions that every dialect reads."""

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_YEAR = re.compile(r"(\d{4})", re.ASCII)
_FISCAL = re.compile(r"FY(\d{4})", re.ASCII)
_HALF = re.compile(r"(\d{4})-(\d{2})-(01|16)/P1[3-6]D", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def text(period: int) -> str:
    """A period as the files have it; a half-month with the number of its days and a week after ISO 8601."""
    kind, place = numbers.kind(period), numbers.ordinal(period)
    if kind == "month":
        return f"{place // 12}-{place % 12 + 1:02d}"
    if kind == "quarter":
        return f"{place // 4}-Q{place % 4 + 1}"
    if kind in ("year", "fiscal_year"):
        return f"{'FY' if kind == 'fiscal_year' else ''}{place}"
    first, last = numbers.days(period)
    if kind == "half_month":
        return f"{first}/P{(last - first).days + 1}D"
    if kind == "week":
        iso = first.isocalendar()
        return f"{iso.year}-W{iso.week:02d}"
    return first.isoformat()


def parse(written: str) -> int:
    """The period of a text that `text` gives; ValueError for anything else."""
    try:
        period = _parsed(written)
    except ValueError:
        period = None
    if period is None or period not in numbers.every(numbers.kind(period)) or text(period) != written:
        raise ValueError(
            f"{written!r} is neither a month like 2023-10 nor a fiscal year like FY2024 (a calendar year like 2024, a "
            "quarter like 1976-Q3, a half-month like 2020-01-16/P16D, a week like 2024-W05 and a day like 2025-07-03 "
            "would do too)"
        )
    return period


def _parsed(written: str) -> int | None:
    """A period, perhaps outside its range or written otherwise; ValueError or None for what is none."""
    if found := _MONTH.fullmatch(written):
        return numbers.month(int(found[1]), int(found[2]))
    if found := _FISCAL.fullmatch(written):
        return numbers.fiscal(int(found[1]))
    if found := _YEAR.fullmatch(written):
        return numbers.year(int(found[1]))
    if found := _QUARTER.fullmatch(written):
        return numbers.quarter(int(found[1]), int(found[2]))
    if found := _HALF.fullmatch(written):
        return numbers.half_month(int(found[1]), int(found[2]), int(found[3] == "16"))
    if found := _WEEK.fullmatch(written):
        return numbers.week(datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if _DAY.fullmatch(written):
        return numbers.day(datetime.date.fromisoformat(written))
    return None

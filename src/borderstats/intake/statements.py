"""The day for which a file says itself that it stands, in a sentence of the publisher."""

import contextlib
import datetime
import re
from collections.abc import Iterable

from borderstats.intake.raw import Cells

_DAY = re.compile(
    r"(\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}|[A-Za-z]{3,9} \d{1,2}, \d{4})\b"
)
_FORMS = ("%m/%d/%Y", "%m.%d.%Y", "%Y-%m-%d", "%B %d, %Y", "%b %d, %Y")


def leading_day(text: str) -> datetime.date | None:
    """The day with which a text begins: 11/16/2020, 11.21.2020, 2020-11-16 or August 30, 2024."""
    if match := _DAY.match(text.lstrip(" :,.")):
        for form in _FORMS:
            with contextlib.suppress(ValueError):
                return datetime.datetime.strptime(match[1], form).date()  # noqa: DTZ007 - a day has no time zone
    return None


def stated_days(phrase: str, sheets: Iterable[Cells]) -> tuple[datetime.date, ...]:
    """The different days that stand right behind a phrase anywhere in the cells, in order."""
    words = " ".join(phrase.split())
    wanted = re.compile(re.escape(words), re.IGNORECASE)
    days: set[datetime.date | None] = set()
    for sheet in sheets:
        for row in sheet.rows:
            for cell in row:
                if len(cell) > len(words):
                    text = " ".join(cell.split())
                    days.update(leading_day(text[match.end() :]) for match in wanted.finditer(text))
    return tuple(sorted(day for day in days if day))

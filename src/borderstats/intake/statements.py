"""The day for which a file says itself that it stands, in a sentence of the publisher."""

import contextlib
import datetime
import re
from collections.abc import Iterable, Iterator

from borderstats.intake.raw import Cells
from borderstats.intake.wildcards import wildcard

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
    """The different days that stand right behind a phrase, in which `?` and `*` stand for any characters, anywhere in the cells, in order."""
    return tuple(sorted(set(_days(phrase, sheets))))


def _days(phrase: str, sheets: Iterable[Cells]) -> Iterator[datetime.date]:
    wanted = wildcard(phrase)
    for sheet in sheets:
        for text in sheet.sentences:
            for match in wanted.finditer(text):
                if day := leading_day(text[match.end() :]):
                    yield day

"""The day for which a file says itself that it stands, in a sentence of the publisher."""

import calendar
import contextlib
import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from borderstats.intake.raw import Cells
from borderstats.intake.wildcards import wildcard
from borderstats.periods import forms
from borderstats.standard.sources import Source
from borderstats.standard.struct import even

_FORMS = ("%m/%d/%Y", "%m.%d.%Y", "%Y-%m-%d", "%B %d, %Y")
"""How days are written in the sentences of a source that declares no form of days."""

_MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}

Leading = Callable[[str], datetime.date | None]
"""What reads the day with which a text begins."""


def leading_day(text: str, written: Sequence[str] = _FORMS, years_from: int = 0) -> datetime.date | None:
    """The day with which a text begins: 11/16/2020, 11.21.2020, 2020-11-16 or August 30, 2024, or in the forms given.

    None if it is one day by one form and another day by another.
    """
    text, found = text.lstrip(" :,."), set()
    for form in written:
        if parts := forms.leading(form, text, lambda name: _MONTHS.get(name.casefold()), years_from):
            with contextlib.suppress(ValueError):
                found.add(datetime.date(parts["Y"], parts["m"], parts["d"]))
    return found.pop() if len(found) == 1 else None


def leading_day_of(source: Source) -> Leading:
    """What reads a day in the sentences of a source: in the forms of days that it declares, and in that of ISO 8601."""
    declared = [even(form) for form in source.dates if forms.written(form) == "day"]
    if not declared:
        return leading_day
    return partial(leading_day, written=[*declared, "%Y-%m-%d"], years_from=source.years_from or 0)


def stated_days(
    phrase: str, sheets: Iterable[Cells], leading: Leading = leading_day
) -> tuple[datetime.date, ...]:
    """The different days that stand right behind a phrase, in which `?` and `*` stand for any characters, anywhere in the cells, in order."""
    return tuple(sorted(set(_days(phrase, sheets, leading))))


def _days(phrase: str, sheets: Iterable[Cells], leading: Leading) -> Iterator[datetime.date]:
    wanted = wildcard(phrase)
    for sheet in sheets:
        text = sheet.sentences
        for match in wanted.finditer(text):
            if day := leading(text[match.end() : text.find("\n", match.end())]):
                yield day

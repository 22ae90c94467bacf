"""The forms in which a column's periods are written: a label is read in those that are declared, and what to declare for another is told."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from borderstats import periods
from borderstats.intake import advice
from borderstats.intake.raw import shown
from borderstats.periods import forms
from borderstats.periods.forms import Parts, Written
from borderstats.standard.codelists import CodeList
from borderstats.standard.columns import Column, DatedColumn
from borderstats.standard.struct import even

T = TypeVar("T", bound=Hashable)

_YEARS_FROM = 1950
"""The hundred years of two digits in what is proposed."""


@dataclass(frozen=True)
class Dates:
    """The declared forms of a column; `months` are the names of months, `years_from` the first year that `%y` can mean."""

    declared: Sequence[str] = ()
    years_from: int | None = None
    months: CodeList = field(default_factory=lambda: CodeList("month", ()))

    @classmethod
    def of(cls, column: Column, months: CodeList) -> "Dates":
        if isinstance(column, DatedColumn):
            return cls(tuple(map(even, column.dates)), column.years_from, months)
        return cls(months=months)

    def read(
        self, label: str, wanted: Written, period: Callable[[Parts, str], T], standard: T | None
    ) -> T | str | None:
        """What a label means, or why that cannot be told; None if it looks like no period at all.

        `period` makes it of the numbers in a label of some form, and raises ValueError if there is none such; `standard` is
        what the label means without a declaration. A label that means one by one form and another by another means nothing.
        """
        if standard is not None and not self.declared:
            return standard
        text = even(label)
        found = {} if standard is None else {standard: "ISO 8601"}
        looks = [form for form in self.declared if forms.written(form) == wanted and forms.shaped(form, text)]
        for form in looks:
            if (value := self._value(form, text, period)) is not None:
                found.setdefault(value, form)
        if len(found) > 1:
            readings = " and ".join(f"{_text(value)} by {form}" for value, form in found.items())
            return f"{shown(label)} is {readings}; declare one of them only"
        if found:
            return next(iter(found))
        if looks:
            return f"{shown(label)} is no {wanted}, though it is written as {looks[0]}"
        return self._undeclared(label, text, wanted, period)

    def _value(self, form: str, text: str, period: Callable[[Parts, str], T]) -> T | None:
        years_from = _YEARS_FROM if self.years_from is None else self.years_from
        found = forms.parts(form, text, self._month, years_from)
        try:
            return period(found, form) if found else None
        except ValueError:
            return None

    def _undeclared(
        self, label: str, text: str, wanted: Written, period: Callable[[Parts, str], T]
    ) -> str | None:
        """What to declare for a label that has a form in use."""
        may_be = {form: self._value(form, text, period) for form in forms.like(text, wanted, self._month)}
        lines = {self._line(form): _text(value) for form, value in may_be.items() if value is not None}
        return advice.undeclared(shown(label), lines) if lines else None

    def _line(self, form: str) -> str:
        """The line of the standard that declares one form more."""
        listed = ", ".join(f'"{one}"' for one in (*self.declared, form))
        years = "%y" in form and self.years_from is None
        return f"`dates = [{listed}]`" + (f" and `years_from = {_YEARS_FROM}`" if years else "")

    def _month(self, name: str) -> int | None:
        place = self.months.find(name)
        return None if place is None else int(self.months.codes[place].code)


def _text(value: object) -> str:
    """A day or a period."""
    return periods.text(value) if isinstance(value, int) else str(value)

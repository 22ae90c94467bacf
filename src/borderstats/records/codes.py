"""Publishers' labels in records to codes: each label is looked up once, not once for each record."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from borderstats.standard.codelists import TOTAL, Code
from borderstats.standard.model import Standard
from borderstats.standard.records import CodeField


@dataclass(frozen=True)
class Label:
    """A label of a file within the label of its scope ("" without one), its code if somebody knows it, its records."""

    scope: str
    label: str
    code: Code | None
    records: int


@dataclass(frozen=True)
class Labels:
    """Every label that a field of a file has; `complete`: every record has one."""

    every: tuple[Label, ...]
    complete: bool

    @cached_property
    def unknown(self) -> bool:
        """Whether there are labels that nobody knows."""
        return any(one.code is None for one in self.every)

    @cached_property
    def codes_already(self) -> bool:
        """Whether every label is the code itself, so that there is nothing to look up."""
        return all(one.code is not None and one.code.id == one.label for one in self.every)

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str, str]]:
        """Codes by label by scope; all under the scope "" if no label needs its scope to be told from another."""
        every = {one.label: one.code.id for one in self.every if one.code}
        if all(every.get(one.label) == (one.code.id if one.code else None) for one in self.every):
            return {"": every}
        scopes: dict[str, dict[str, str]] = {}
        for one in self.every:
            scopes.setdefault(one.scope, {}).update({one.label: one.code.id} if one.code else {})
        return scopes

    @cached_property
    def dated(self) -> Mapping[str, tuple[datetime.date | None, datetime.date | None]]:
        """The codes that are valid on some days only, with their first and their last day."""
        known = (one.code for one in self.every if one.code)
        return {
            code.id: (code.valid_from, code.valid_to) for code in known if code.valid_from or code.valid_to
        }

    @property
    def counts(self) -> Counter[str]:
        """How many records have each code."""
        found: Counter[str] = Counter()
        for one in self.every:
            if one.code:
                found[one.code.id] += one.records
        return found


def labels(
    standard: Standard,
    field: CodeField,
    found: Iterable[tuple[str | None, int, str | None]],
    scopes: Labels | None,
) -> Labels:
    """The codes of (label, how many records, label of the scope). A total is no code of a record: nobody knows it."""
    codelist = standard.codelist_of(field.concept)
    outer = {one.label: one.code.id for one in scopes.every if one.code} if scopes else {}
    occurring = list(found)
    there = ((scope or "", label, records) for label, records, scope in occurring if label is not None)
    every = []
    for scope, label, records in sorted(there):
        place = codelist.find(label.removeprefix(f"{outer.get(scope)}."), outer.get(scope, ""))
        code = codelist.codes[place] if place is not None else None
        every.append(Label(scope, label, code if code and code.code != TOTAL else None, records))
    return Labels(tuple(every), all(label is not None for label, *_ in occurring))

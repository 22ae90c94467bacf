"""Code lists as frozen values: the codes of a concept, and what a publisher's label means."""

import datetime
from collections.abc import Mapping
from functools import cached_property

from borderstats.standard.struct import Struct, fold

TOTAL = "_T"
UNKNOWN = "_U"


class Code(Struct, frozen=True, omit_defaults=True):
    """One category. `aliases` are the labels under which publishers print it."""

    code: str
    label_en: str
    label_es: str = ""
    aliases: tuple[str, ...] = ()
    parent: str = ""
    scope: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    predecessor: tuple[str, ...] = ()
    successor: tuple[str, ...] = ()
    iso3166: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """The code with its scope in front where it has one: `USBP.SDC`. Eight offices share a name."""
        return f"{self.scope}.{self.code}" if self.scope else self.code

    def valid_in(self, days: tuple[datetime.date, datetime.date]) -> bool:
        """Whether the code is valid on at least one day from the first to the last of these."""
        first, last = days
        return not ((self.valid_from and last < self.valid_from) or (self.valid_to and first > self.valid_to))


class CodeList(Struct, frozen=True):
    """The codes of one concept in their order; a code's place in it is its number in every key."""

    id: str
    codes: tuple[Code, ...]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """From a code's id (`MEX`, `USBP.SDC`) to its place in the list."""
        return {code.id: number for number, code in enumerate(self.codes)}

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], int]:
        """From (scope, folded code, label or alias) to the code's place."""
        return {
            (code.scope, fold(label)): number
            for number, code in enumerate(self.codes)
            for label in (code.code, code.label_en, *code.aliases)
        }

    def find(self, label: str, scope: str = "") -> int | None:
        """The place of the code that a publisher's label means, within a scope; None if nobody knows it.

        A code without scope (the total, the unknown) is found in every scope. No label is ever guessed.
        """
        return self.find_folded(fold(label), scope)

    def find_folded(self, folded: str, scope: str = "") -> int | None:
        """The same for a label that is folded already."""
        found = self.labels.get((scope, folded))
        return self.labels.get(("", folded)) if found is None else found

    def __getitem__(self, code_id: str) -> Code:
        return self.codes[self.numbers[code_id]]

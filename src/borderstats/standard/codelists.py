"""Code lists as frozen values: the codes of a concept, and what a publisher's label means."""

import datetime
from collections.abc import Mapping
from functools import cached_property

from borderstats.standard.struct import Struct, fold

TOTAL = "_T"
UNKNOWN = "_U"


class Code(Struct, frozen=True, omit_defaults=True):
    """One category."""

    code: str
    """Its code."""
    label_en: str
    """What it is called."""
    label_es: str = ""
    """The label in Spanish."""
    aliases: tuple[str, ...] = ()
    """The labels under which publishers print it; case and white space do not matter."""
    parent: str = ""
    """The code of the concept's `parents` in which it lies."""
    scope: str = ""
    """The code of the concept's `scope` within which it stands, so that its code may stand in others too."""
    valid_from: datetime.date | None = None
    """The first day on which it is valid."""
    valid_to: datetime.date | None = None
    """The last day on which it is valid."""
    predecessor: tuple[str, ...] = ()
    """The codes that it came from."""
    successor: tuple[str, ...] = ()
    """The codes that it became."""
    iso3166: str = ""
    """The code of the country in ISO 3166-1 alpha-3, or of a former one in ISO 3166-3."""
    note: str = ""
    """What must be known of it."""

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

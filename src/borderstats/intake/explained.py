"""A sheet of a file with what was made of each cell: accepted, left out, refused, a heading, not looked at, or blank."""

import abc
import enum
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from borderstats.observations import Ints, Small


class Kind(enum.StrEnum):
    """What was made of a cell."""

    ACCEPTED = "accepted"
    LEFT_OUT = "left out"
    REFUSED = "refused"
    HEADING = "headings"
    UNSEEN = "not looked at"
    BLANK = "blank"

    @property
    def number(self) -> int:
        return KINDS.index(self)


KINDS = tuple(Kind)
NO_CELL = -1
"""Stands where a row is shorter than the header."""


class Cell(NamedTuple):
    """A cell: its text, what was made of it, and the code, the period, the figure or the reason."""

    text: str
    kind: Kind
    note: str


class Finding(NamedTuple):
    """Cells of which nothing was made for one reason, of which there are `cells`: place and text of the first."""

    place: str
    text: str
    reason: str
    cells: int = 1


class ColumnSummary(NamedTuple):
    """A column of a list: where it stands, its name, its role, and what its labels were taken for."""

    place: str
    name: str
    role: str
    says: str


class Sheet(abc.ABC):
    """A sheet explained.

    `rows` are the numbers of its rows in the file, and `kinds` has for each row and column the number of its kind;
    `surplus` is how many cells lie beyond the columns, all refused. `tables` says which tables of the source were found
    where, `found` of which cells nothing was made and why.
    """

    name: str
    rows: Ints
    kinds: Small
    surplus: int = 0
    tables: Sequence[str]
    columns: Sequence[ColumnSummary] = ()

    @abc.abstractmethod
    def text(self, row: int, column: int) -> str:
        """What stands in a cell, by the places of its row and column."""

    @abc.abstractmethod
    def note(self, row: int, column: int) -> str:
        """The code, period or figure that a cell was taken for, or the reason why it was not."""

    @abc.abstractmethod
    def found(self, kind: Kind) -> Sequence[Finding]:
        """The cells of a kind of which nothing was made, by reason."""

    @property
    def width(self) -> int:
        return int(self.kinds.shape[1])

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """How many cells are of each kind; together they are all cells of the sheet."""
        numbers = np.bincount(self.kinds[self.kinds != NO_CELL], minlength=len(KINDS)).tolist()
        numbers[Kind.REFUSED.number] += self.surplus
        return dict(zip(KINDS, numbers, strict=True))

    def kind(self, row: int, column: int) -> Kind:
        return KINDS[int(self.kinds[row, column])]

    def cell(self, row: int, column: int) -> Cell:
        if self.kinds[row, column] == NO_CELL:
            return Cell("", Kind.BLANK, "")
        return Cell(self.text(row, column), self.kind(row, column), self.note(row, column))

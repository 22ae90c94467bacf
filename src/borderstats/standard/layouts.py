"""An agency's record file as frozen values: its columns, how its cells say that nothing is known, and what it feeds."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from borderstats.standard.struct import Names, Struct, fold


def heading(text: str) -> str:
    """A column's heading as it is compared: case, white space and underscores make no difference."""
    return fold(text.replace("_", " "))


_SHAPES = {
    "%Y": "[12][0-9]{3}",
    "%m": "[0-9]{1,2}",
    "%d": "[0-9]{1,2}",
    "%H": "[0-9]{1,2}",
    "%I": "[0-9]{1,2}",
    "%M": "[0-9]{1,2}",
    "%S": "[0-9]{1,2}",
    "%f": "[0-9]{1,6}",
    "%p": "[AaPp][Mm]",
}


def shape(form: str) -> str:
    """The regular expression of the texts that a time form reads. KeyError for a directive that no layout may use.

    A year has four digits: with two, the century would be guessed.
    """
    parts = re.split(r"(%.)", form)
    return "".join(_SHAPES[part] if part.startswith("%") else re.escape(part) for part in parts)


class LayoutColumn(Struct, frozen=True):
    """One column of an agency's file."""

    names: Names
    """All the headings that it has had; the first is its name."""
    ignore: str = ""
    """Why it is not taken; such a column may be absent."""
    optional: bool = False
    """Whether a file may lack it."""
    labels: Mapping[str, str] = {}
    """Recodes that hold in this column only; a label that stands for the empty text says that the field does
    not apply.
    """
    allowed: tuple[str, ...] = ()
    """The only cells that it may have; a file with any other filled cell is refused."""

    @property
    def name(self) -> str:
        return self.names[0]


class Case(Struct, frozen=True):
    """The code that a field has where columns have certain cells."""

    field: str
    """The field."""
    code: str
    """Its code."""
    when: Mapping[str, tuple[str, ...]]
    """The cells of columns, by column; each of them has one of its cells."""


class Feed(Struct, frozen=True):
    """How the rows of a file become records of a family; a file may have several feeds, also of one family.
    Rows that it does not take are counted as left out.
    """

    family: str
    """The family."""
    keys: Mapping[str, str] = {}
    """Key fields that the file lacks: made of the file's digest, the sheet and the row, so that all feeds of
    one row share them, and of the text given, which tells kinds of record apart.
    """
    fields: Mapping[str, tuple[str, ...]] = {}
    """The columns of each field; the first that is filled counts."""
    constants: Mapping[str, str] = {}
    """The codes of fields that every record has."""
    cases: tuple[Case, ...] = ()
    """Codes of fields by the cells of columns; the first case that holds counts."""
    when: Mapping[str, tuple[str, ...]] = {}
    """Only rows are taken in which each of these columns has one of its cells."""
    unless: Mapping[str, tuple[str, ...]] = {}
    """No row is taken in which one of these columns has one of its cells."""
    filled: tuple[str, ...] = ()
    """Only rows are taken in which all of these columns have a value."""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns that it reads, each once."""
        conditions = (self.when, self.unless, *(case.when for case in self.cases))
        return tuple(
            dict.fromkeys(
                [
                    *(name for names in self.fields.values() for name in names),
                    *(name for condition in conditions for name in condition),
                    *self.filled,
                ]
            )
        )


class Layout(Struct, frozen=True):
    """The layout of an agency's record files. A file is recognised by its headings, never by its name."""

    id: str
    """The name of its file."""
    title: str
    """What the files are called."""
    publisher: str
    """Whose files they are."""
    columns: tuple[LayoutColumn, ...]
    """Their columns."""
    feeds: tuple[Feed, ...]
    """The families that they feed."""
    times: tuple[str, ...]
    """The forms of times (as strptime writes them), tried in order; each has a year of four digits."""
    caveat: str = ""
    """What is not known of the layout."""
    format: Literal["csv", "xlsx", "any"] = "csv"
    """`csv` is text, `xlsx` a workbook, `any` either."""
    delimiters: tuple[str, ...] = (",", "|")
    """What may separate the cells of a text file."""
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    """How a text file is written that is not UTF-8; UTF-16 tells by its mark."""
    other_sheets: Mapping[str, str] = {}
    """Patterns of the names of sheets without records, with the reason."""
    trailers: tuple[str, ...] = ()
    """How the lines begin that stand below the records: totals."""
    blank: tuple[str, ...] = ()
    """Cells that say that nothing stands there, besides empty ones."""
    redacted: tuple[str, ...] = ()
    """Cells that the publisher blacked out; white space, commas and semicolons make no difference."""
    not_recorded: tuple[str, ...] = ()
    """Cells that say that the agency has no value."""

    @cached_property
    def column(self) -> Mapping[str, LayoutColumn]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def headings(self) -> Mapping[str, LayoutColumn]:
        """Columns by each of their headings, as compared."""
        return {heading(name): column for column in self.columns for name in column.names}

    @cached_property
    def required(self) -> tuple[LayoutColumn, ...]:
        """The columns without which a file is not of this layout."""
        return tuple(column for column in self.columns if not (column.optional or column.ignore))

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
    """One column of an agency's file under all the headings that it has had; the first is its name.

    `ignore`: why it is not taken; such a column may be absent, as may an `optional` one. `labels` are recodes that hold
    in this column only (a label that stands for the empty text says that the field does not apply). `allowed`: a file
    with any other filled cell is refused.
    """

    names: Names
    ignore: str = ""
    optional: bool = False
    labels: Mapping[str, str] = {}
    allowed: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.names[0]


class Case(Struct, frozen=True):
    """The code that a field has where each of the columns in `when` has one of the cells given for it."""

    field: str
    code: str
    when: Mapping[str, tuple[str, ...]]


class Feed(Struct, frozen=True):
    """How the rows of a file become records of a family; a file may have several feeds, also of one family.

    `fields` gives each field's columns: the first that is filled counts. `constants` are codes of every record. `cases`
    give a field its code by the first of them that holds. `keys` are key fields that the file lacks: made of the file's
    digest, the sheet and the row, so that all feeds of one row share them, and of the text given, which tells kinds of
    record apart.

    Only rows are taken in which each column of `when` has one of its cells, no column of `unless` has, and all columns
    in `filled` have a value; the others are counted as left out.
    """

    family: str
    keys: Mapping[str, str] = {}
    fields: Mapping[str, tuple[str, ...]] = {}
    constants: Mapping[str, str] = {}
    cases: tuple[Case, ...] = ()
    when: Mapping[str, tuple[str, ...]] = {}
    unless: Mapping[str, tuple[str, ...]] = {}
    filled: tuple[str, ...] = ()

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
    """The layout of an agency's record files. A file is recognised by its headings, never by its name.

    `caveat` says what is not known of the layout. `format`: `csv` is text with one of the `delimiters`, `xlsx` a
    workbook, `any` either. `encoding` is that of a text file that is not UTF-8 (UTF-16 tells by its mark).
    `other_sheets` are name patterns of sheets without records, with the reason. `trailers` begin the lines below the
    records (totals).

    A cell that is empty or in `blank` is blank; one in `redacted` was blacked out by the publisher (white space, commas
    and semicolons make no difference there); one in `not_recorded` says that the agency has no value. `times` are the
    strptime forms tried in order; each has a year of four digits.
    """

    id: str
    title: str
    publisher: str
    columns: tuple[LayoutColumn, ...]
    feeds: tuple[Feed, ...]
    times: tuple[str, ...]
    caveat: str = ""
    format: Literal["csv", "xlsx", "any"] = "csv"
    delimiters: tuple[str, ...] = (",", "|")
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    other_sheets: Mapping[str, str] = {}
    trailers: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    redacted: tuple[str, ...] = ()
    not_recorded: tuple[str, ...] = ()

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

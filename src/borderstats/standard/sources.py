"""A publisher's file format as frozen values: columns, tables and the errors that are known of it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from borderstats.standard.struct import Struct

DELIMITERS = {",": "commas", "|": "pipes", ";": "semicolons", "\t": "tabs"}
"""What may separate the cells of a text file, and what it is called."""


class Column(Struct, frozen=True):
    """One column of a publisher's table: exactly one of `concept`, `time`, `value` and `ignore` is given.

    `labels` are recodes that hold in this column only; `key` gives the codes of a value column of a wide
    table; `scope_from` names the concept whose code is the scope of this column's codes. `keys` gives labels that
    stand for codes of several concepts (a region among sectors), `parent_to` the concept that a code's parent fills.
    `missing` gives the status of a cell without a figure, `whole_year` the month label of a year's total.

    `fill`: a blank cell repeats the label above it. `groups`: labels that begin a group of rows; the label of a row
    in it becomes `group / label`. `footnotes`: digits glued to the end of a label point to a
    footnote. `contains`: the first of these texts found in a cell decides its code. `left_out`: rows with these
    labels are no data, with the reason. `dated`: no file
    can be older than the dates in this column. `optional`: some editions lack the column. `rounded`: figures are
    rounded to the decimals of the dataset, half to even.
    """

    name: str
    concept: str = ""
    time: Literal[
        "", "fiscal_year", "month", "calendar_year", "calendar_month", "day", "half_month", "last_day"
    ] = ""
    value: bool = False
    ignore: str = ""
    labels: Mapping[str, str] = {}
    allowed: tuple[str, ...] = ()
    key: Mapping[str, str] = {}
    keys: Mapping[str, Mapping[str, str]] = {}
    scope_from: str = ""
    parent_to: str = ""
    missing: Mapping[str, str] = {}
    zero: tuple[str, ...] = ()
    whole_year: str = ""
    provisional_mark: str = ""
    fill: bool = False
    groups: tuple[str, ...] = ()
    footnotes: bool = False
    contains: Mapping[str, str] = {}
    left_out: Mapping[str, str] = {}
    dated: bool = False
    optional: bool = False
    rounded: bool = False


class Table(Struct, frozen=True):
    """A table of a file and its columns: a list with a header in row 1, or a block of figures in a sheet.

    With `across`, the table is a block: `columns` name its row headings and `across` its header rows from top to
    bottom, of which there are `headers` (more than `across` names: their labels are joined with ` / `); `figures` is
    the column that describes the cells. The block lies below the cell that begins with `title` (anywhere, without
    one); its lowest header row begins with `corner` (the first of `columns`, if not given), and the rest of the title
    is the label of the column `title_as`.

    A `?` in the name of a `sheet` stands for any one character (of the year). `dataset` is the one fed, if not the
    source's; `values` the value columns used (all, if not given); `constants` add to the source's. `combine`: rows of
    one key are added up (`sum`), counted (`rows`), or counted once for each `identity` (`distinct`); `within` is the
    longer period in which a day is counted then. `day`: the figures are those of one day, that for which the file is
    stated (`as_of`) or the one in the cell that begins with this text. `repeats`: rows equal in every cell are one
    (`drop`). `ignore`: why it is not used.
    """

    columns: tuple[str, ...]
    sheet: str = ""
    dataset: str = ""
    title: str = ""
    title_as: str = ""
    corner: str | None = None
    across: tuple[str, ...] = ()
    headers: int = 0
    figures: str = ""
    values: tuple[str, ...] = ()
    constants: Mapping[str, str] = {}
    combine: Literal["", "sum", "rows", "distinct"] = ""
    identity: tuple[str, ...] = ()
    within: Literal["", "month"] = ""
    day: str = ""
    repeats: Literal["refuse", "drop"] = "refuse"
    ignore: str = ""


class KnownError(Struct, frozen=True):
    """An error of the publisher's own, found and explained; shown on the quality page."""

    what: str
    reason: str
    evidence: str


class Source(Struct, frozen=True):
    """One publisher's file format: which columns mean which concepts, and what the publisher says of its rows.

    `every` is the number of days between editions (0: published once), `ended` says since when and by whose word the
    series is discontinued. `other_sheets` are sheets that hold no figures of ours, with the reason. `provisional_days`: a period that ended
    fewer days before the day for which the file is stated is provisional. `open_end`: the last line of a text file has no end in the publisher's file. `future_zeros`: the publisher prints zero
    for months that have not come. `stated`: the text behind which a workbook or PDF says for which day it stands.
    """

    id: str
    title: str
    publisher: str
    format: Literal["csv", "workbook", "parquet", "pdf"]
    licence: str
    columns: tuple[Column, ...]
    dataset: str = ""
    page: str = ""
    caveat: str = ""
    every: int = 0
    ended: str = ""
    delimiter: str = ","
    encoding: str = "utf-8"
    absent: Literal["zero", "unknown"] = "unknown"
    absent_reason: str = ""
    open_end: bool = False
    stated: str = ""
    whole_decimals: bool = False
    last_year_provisional: bool = False
    provisional_days: int = 0
    future_zeros: bool = False
    constants: Mapping[str, str] = {}
    tables: tuple[Table, ...] = ()
    other_sheets: Mapping[str, str] = {}
    known_errors: tuple[KnownError, ...] = ()

    @cached_property
    def layout(self) -> tuple[Table, ...]:
        """The tables of a file; a text file is one table of all columns."""
        return self.tables or (Table(columns=tuple(column.name for column in self.columns)),)

    @cached_property
    def column(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def feeds(self) -> tuple[str, ...]:
        """The datasets that a file feeds, in the order of its tables."""
        return tuple(
            dict.fromkeys(table.dataset or self.dataset for table in self.layout if not table.ignore)
        )

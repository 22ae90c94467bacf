"""A publisher's file format as frozen values: its tables, what its rows mean, and the errors that are known of it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from msgspec import Meta
from msgspec.structs import replace

from borderstats.standard.columns import (
    AnyColumn,
    Column,
    DatedColumn,
    FigureColumn,
    FirstYear,
    Thousands,
)
from borderstats.standard.struct import Names, Struct, Text

DELIMITERS = {",": "commas", "|": "pipes", ";": "semicolons", "\t": "tabs"}
"""What may separate the cells of a text file, and what it is called."""

Count = Annotated[int, Meta(ge=0)]


class Table(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """A table of a file. A dimension that it does not give is at its published total."""

    columns: Names
    """The names of its columns; of a block the row headings, from left to right."""
    sheet: str = ""
    """The sheet of a workbook. A `?` stands for any one character of the year, a `*` for any run of characters: of
    several sheets that fit, that of the newest year is meant, and all sheets of a workbook are of one year.
    """
    optional: bool = False
    """Whether some editions lack it; figures of a sheet that lie in no table stop the intake all the same."""

    @property
    def words(self) -> Iterator[str]:
        """The texts by which the standard finds the table."""
        yield self.sheet


class ListTable(Table, frozen=True, kw_only=True, tag="list"):
    """A list with a header in row 1. Its rows can be put together."""

    dataset: str = ""
    """The dataset that it feeds, if not the source's."""
    values: tuple[str, ...] = ()
    """The columns of figures used; all, if not given."""
    constants: Mapping[str, str] = {}
    """Codes of all rows, by dimension, besides the source's."""
    combine: Literal["", "sum", "rows", "distinct"] = ""
    """`sum`: figures of one key are added up; `rows`: rows are counted; `distinct`: different things are
    counted.
    """
    identity: tuple[str, ...] = ()
    """The columns that tell one thing from another."""
    within: Literal["", "month"] = ""
    """Days are counted in the month in which they lie."""
    day: Literal["", "as_of"] = ""
    """The figures are those of the day for which the file is stated."""
    repeats: Literal["refuse", "drop"] = "refuse"
    """`drop` takes rows equal in every cell for one."""

    @property
    def names(self) -> tuple[str, ...]:
        """All columns of the table."""
        return self.columns

    @property
    def counted(self) -> bool:
        """Whether its rows are counted; otherwise a column has the figures."""
        return self.combine in ("rows", "distinct")


class Region(Table, frozen=True, kw_only=True):
    """A block of cells in a sheet."""

    title: str = ""
    """The block lies below the first cell that begins with this text, in which `?` and `*` stand for any characters;
    anywhere, without one.
    """
    every: bool = False
    """Whether each cell that begins with the title has such a block below it."""
    corner: str | None = None
    """The label with which its lowest header row begins, if it is not the first of `columns`; `""` for a
    blank one.
    """
    gaps: Count = 0
    """The most rows without a figure that can stand between its rows; a block ends with the first, if not given."""
    headers: Count = 0
    """The number of header rows, if it is larger than that of `across`, which then has one name: their labels
    are joined with ` / `.
    """

    @property
    def words(self) -> Iterator[str]:
        yield from (self.title, self.sheet, self.corner or "")

    @property
    def depth(self) -> int:
        """The number of its header rows."""
        return self.headers or 1


class BlockTable(Region, frozen=True, kw_only=True, tag="block"):
    """A block of figures in a sheet or on a page, with labels beside and above them."""

    across: Names
    """The header rows, from top to bottom."""
    figures: Text
    """The column that describes the cells: their figures, or the dimension of their labels where cells are counted."""
    title_as: str = ""
    """The column whose label is the rest of the title."""
    dataset: str = ""
    """The dataset that it feeds, if not the source's."""
    constants: Mapping[str, str] = {}
    """Codes of all figures, by dimension, besides the source's."""
    day: str = ""
    """The figures are those of one day: `as_of`, that for which the file is stated, or the one in the cell of
    the sheet that begins with this text.
    """
    combine: Literal["", "sum", "rows"] = ""
    """`sum`: figures of one key are added up; `rows`: cells are counted by their labels."""
    zero_years: bool = False
    """Whether the publisher prints zeros for a whole year that it leaves out; they are no data."""
    stated: str = ""
    """The text behind which a workbook says through which day this table has figures, if not through that of its sheet or of the file; the
    latest day, where it stands there several times. `?` and `*` stand for any characters.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """All columns of the table."""
        return (*filter(None, [self.title_as]), *self.columns, *self.across, self.figures)

    @property
    def values(self) -> tuple[str, ...]:
        return (self.figures,)

    @property
    def counted(self) -> bool:
        """Whether its cells are counted; otherwise they are figures."""
        return self.combine == "rows"

    @property
    def depth(self) -> int:
        return self.headers or len(self.across)


class IgnoredBlock(Region, frozen=True, kw_only=True, tag="ignored_block"):
    """A block of figures that is not used; it is found like the others, so that no figure is left over."""

    reason: Text
    """Why it is not used."""


UsedTable = ListTable | BlockTable
AnyTable = ListTable | BlockTable | IgnoredBlock


class KnownError(Struct, frozen=True):
    """An error of the publisher's own, found and explained; shown on the quality page."""

    what: str
    """What is wrong."""
    reason: str
    """Why."""
    evidence: str
    """How that is known."""


class Source(Struct, frozen=True, kw_only=True, tag_field="format"):
    """One publisher's file format: which columns mean which concepts, and what the publisher says of its
    rows.
    """

    id: str
    """The name of its file."""
    title: str
    """What the files are called."""
    publisher: str
    """Whose files they are."""
    licence: str
    """Under which licence."""
    columns: tuple[AnyColumn, ...]
    """Their columns."""
    dataset: str = ""
    """The dataset that every table feeds which names no other."""
    page: str = ""
    """Where they are published."""
    caveat: str = ""
    """The publisher's own, verbatim."""
    every: Count = 0
    """The days between editions; 0: published once."""
    editions: tuple[Text, ...] = ()
    """The marks with which the names of the editions of one day end, in their order: `["am", "pm"]`."""
    ended: str = ""
    """Since when and by whose word the series is discontinued."""
    absent: Literal["zero", "unknown"] = "unknown"
    """`zero` if the publisher says that an absent row is a zero."""
    absent_reason: str = ""
    """Where the publisher says so."""
    whole_decimals: bool = False
    """Whether counts are written `9584.0`."""
    thousands: Thousands = ""
    """What separates thousands in figures: `,` in `52,546`; a space is any, an apostrophe may be curled."""
    decimal: Literal[".", ","] = "."
    """What stands before decimals in figures."""
    dates: tuple[Text, ...] = ()
    """The forms in which days, months, quarters, weeks and fiscal years are written besides those of ISO 8601: `%d-%b-%y` for `12-Jan-23`, `%B %Y` for
    `January 2023`, `%YM%m` for `2023M01`, `%qQ%Y` for `1Q2023`, `%Y/%y` for `2022/23`.
    """
    years_from: FirstYear | None = None
    """The first of the hundred years that `%y` means: from 1950 on, `49` is 2049 and `50` is 1950."""
    last_year_provisional: bool = False
    """Whether the last year of a file is provisional."""
    provisional_days: Count = 0
    """A period that ended fewer days before the day for which the file is stated is provisional."""
    provisional_reason: str = ""
    """How it is known that figures are left alone after so many days."""
    future_zeros: bool = False
    """Whether the publisher prints zero, or a cell that is declared to be blank, for months that have not come; they are no data,
    and intake needs `--as-of`.
    """
    constants: Mapping[str, str] = {}
    """Codes of all rows, by dimension."""
    determined: tuple[str, ...] = ()
    """Dimensions that its tables do not give: their codes follow from others by the gate `determined` of the dataset."""
    tables: tuple[AnyTable, ...] = ()
    """The tables of a file; one list of all columns, if not given. A source has lists or blocks."""
    known_errors: tuple[KnownError, ...] = ()
    """The publisher's errors."""

    @property
    def format(self) -> str:
        return str(self.__struct_config__.tag)

    @property
    def stated(self) -> str:
        """The text behind which a file says for which day it stands; none in a file that cannot."""
        return ""

    @cached_property
    def layout(self) -> tuple[AnyTable, ...]:
        """The tables of a file; without any, one list of all columns."""
        return self.tables or (ListTable(columns=tuple(column.name for column in self.columns)),)

    @cached_property
    def used(self) -> tuple[UsedTable, ...]:
        """The tables that feed a dataset."""
        return tuple(table for table in self.layout if not isinstance(table, IgnoredBlock))

    @cached_property
    def lists(self) -> tuple[ListTable, ...]:
        return tuple(table for table in self.layout if isinstance(table, ListTable))

    @cached_property
    def regions(self) -> tuple[BlockTable | IgnoredBlock, ...]:
        """Its blocks, used or not."""
        return tuple(table for table in self.layout if not isinstance(table, ListTable))

    @cached_property
    def column(self) -> Mapping[str, Column]:
        """Its columns by name, each with the notation of the source where it has none of its own."""
        return {column.name: self._noted(column) for column in self.columns}

    def _noted(self, column: Column) -> Column:
        match column:
            case FigureColumn():
                thousands, decimal = column.thousands or self.thousands, column.decimal or self.decimal
                return replace(column, thousands=thousands, decimal=decimal)
            case DatedColumn():
                years_from = self.years_from if column.years_from is None else column.years_from
                return replace(column, dates=column.dates or self.dates, years_from=years_from)
            case _:
                return column

    @cached_property
    def feeds(self) -> tuple[str, ...]:
        """The datasets that a file feeds, in the order of its tables."""
        return tuple(dict.fromkeys(table.dataset or self.dataset for table in self.used))


class CsvSource(Source, frozen=True, kw_only=True, tag="csv"):
    """A delimited text file."""

    delimiter: str = ","
    """What separates its cells."""
    encoding: str = "utf-8"
    """How it is written."""
    open_end: bool = False
    """Whether its last line has no end in the publisher's own file."""


class WorkbookSource(Source, frozen=True, kw_only=True, tag="workbook"):
    """An Excel workbook, old or new."""

    stated: str = ""
    """The text behind which a file says for which day it stands: `Data are current as of`. Where it stands on several sheets with different
    days, the tables of each stand for the day of their sheet.
    """
    other_sheets: Mapping[str, Text] = {}
    """Sheets that hold no figures of ours, with the reason; `?` and `*` stand for any characters."""


class ParquetSource(Source, frozen=True, kw_only=True, tag="parquet"):
    """A Parquet file."""

    tables: tuple[ListTable, ...] = ()
    """The tables of a file, which are lists; one of all columns, if not given."""


class DocumentSource(Source, frozen=True, kw_only=True):
    """A document whose figures lie in blocks among its text."""

    stated: str = ""
    """The text behind which a file says for which day it stands: `Data are current as of`."""
    tables: Annotated[tuple[BlockTable | IgnoredBlock, ...], Meta(min_length=1)]
    """The blocks of a file."""


class PdfSource(DocumentSource, frozen=True, kw_only=True, tag="pdf"):
    """A PDF, whose figures lie below one another."""


class HtmlSource(DocumentSource, frozen=True, kw_only=True, tag="html"):
    """A web page. Its headings, texts and the rows of its tables stand below one another: a table is found by the heading before it."""


AnySource = CsvSource | WorkbookSource | ParquetSource | PdfSource | HtmlSource

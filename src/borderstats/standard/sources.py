"""A publisher's file format as frozen values: its tables, what its rows mean, and the errors that are known of it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from msgspec import Meta

from borderstats.standard.columns import AnyColumn, Column
from borderstats.standard.struct import Names, Struct, Text

DELIMITERS = {",": "commas", "|": "pipes", ";": "semicolons", "\t": "tabs"}
"""What may separate the cells of a text file, and what it is called."""

Count = Annotated[int, Meta(ge=0)]


class Table(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """A table of a file: the names of its `columns`, and in a workbook its `sheet`.

    A `?` in the name of a sheet stands for any one character (of the year).
    """

    columns: Names
    sheet: str = ""

    @property
    def words(self) -> Iterator[str]:
        """The texts by which the standard finds the table."""
        yield self.sheet


class ListTable(Table, frozen=True, kw_only=True, tag="list"):
    """A list with a header in row 1.

    `dataset` is the one fed, if not the source's; `values` the columns of figures used (all, if not given); `constants`
    add to the source's. `combine`: rows of one key are added up (`sum`), counted (`rows`), or counted once for each
    `identity` (`distinct`), the columns that tell one thing from another; `within` is the longer period in which days
    are taken then. `day`: the figures are those of the day for which the file is stated (`as_of`). `repeats`: rows
    equal in every cell are one (`drop`).
    """

    dataset: str = ""
    values: tuple[str, ...] = ()
    constants: Mapping[str, str] = {}
    combine: Literal["", "sum", "rows", "distinct"] = ""
    identity: tuple[str, ...] = ()
    within: Literal["", "month"] = ""
    day: Literal["", "as_of"] = ""
    repeats: Literal["refuse", "drop"] = "refuse"

    @property
    def names(self) -> tuple[str, ...]:
        """All columns of the table."""
        return self.columns

    @property
    def counted(self) -> bool:
        """Whether its rows are counted; otherwise a column has the figures."""
        return self.combine in ("rows", "distinct")


class Region(Table, frozen=True, kw_only=True):
    """A block of cells in a sheet: `columns` name its row headings from left to right.

    The block lies below the cell that begins with `title` (anywhere, without one); its lowest header row begins with
    `corner` (the first of `columns`, if not given).
    """

    title: str = ""
    corner: str | None = None
    headers: Count = 0

    @property
    def words(self) -> Iterator[str]:
        yield from (self.title, self.sheet, self.corner or "")

    @property
    def depth(self) -> int:
        """The number of its header rows."""
        return self.headers or 1


class BlockTable(Region, frozen=True, kw_only=True, tag="block"):
    """A block of figures: `across` names its header rows from top to bottom, `figures` the column that describes its cells.

    `headers` is the number of header rows, if it is larger than that of `across`, which then has one name: their labels
    are joined with ` / `. `title_as`: the rest of the title is the label of this column. `dataset` and `constants` as in
    a list. `day`: the figures are those of one day, that for which the file is stated (`as_of`) or the one in the cell
    that begins with this text.
    """

    across: Names
    figures: Text
    title_as: str = ""
    dataset: str = ""
    constants: Mapping[str, str] = {}
    day: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All columns of the table."""
        return (*filter(None, [self.title_as]), *self.columns, *self.across, self.figures)

    @property
    def values(self) -> tuple[str, ...]:
        return (self.figures,)

    @property
    def counted(self) -> bool:
        return False

    @property
    def depth(self) -> int:
        return self.headers or len(self.across)


class IgnoredBlock(Region, frozen=True, kw_only=True, tag="ignored_block"):
    """A block of figures that is not used, with the `reason`; it is found like the others, so that no figure is left over."""

    reason: Text


UsedTable = ListTable | BlockTable
AnyTable = ListTable | BlockTable | IgnoredBlock


class KnownError(Struct, frozen=True):
    """An error of the publisher's own, found and explained; shown on the quality page."""

    what: str
    reason: str
    evidence: str


class Source(Struct, frozen=True, kw_only=True, tag_field="format"):
    """One publisher's file format: which columns mean which concepts, and what the publisher says of its rows.

    `every` is the number of days between editions (0: published once), `ended` says since when and by whose word the
    series is discontinued. `whole_decimals`: counts are written `9584.0`. `provisional_days`: a period that ended fewer
    days before the day for which the file is stated is provisional. `future_zeros`: the publisher prints zero for months
    that have not come.
    """

    id: str
    title: str
    publisher: str
    licence: str
    columns: tuple[AnyColumn, ...]
    dataset: str = ""
    page: str = ""
    caveat: str = ""
    every: Count = 0
    ended: str = ""
    absent: Literal["zero", "unknown"] = "unknown"
    absent_reason: str = ""
    whole_decimals: bool = False
    last_year_provisional: bool = False
    provisional_days: Count = 0
    future_zeros: bool = False
    constants: Mapping[str, str] = {}
    tables: tuple[AnyTable, ...] = ()
    known_errors: tuple[KnownError, ...] = ()

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
        return {column.name: column for column in self.columns}

    @cached_property
    def feeds(self) -> tuple[str, ...]:
        """The datasets that a file feeds, in the order of its tables."""
        return tuple(dict.fromkeys(table.dataset or self.dataset for table in self.used))


class CsvSource(Source, frozen=True, kw_only=True, tag="csv"):
    """A delimited text file. `open_end`: its last line has no end in the publisher's file."""

    delimiter: str = ","
    encoding: str = "utf-8"
    open_end: bool = False


class WorkbookSource(Source, frozen=True, kw_only=True, tag="workbook"):
    """An Excel workbook, old or new. `other_sheets` are sheets that hold no figures of ours, with the reason."""

    stated: str = ""
    other_sheets: Mapping[str, Text] = {}


class ParquetSource(Source, frozen=True, kw_only=True, tag="parquet"):
    """A Parquet file."""

    tables: tuple[ListTable, ...] = ()


class PdfSource(Source, frozen=True, kw_only=True, tag="pdf"):
    """A PDF, whose figures lie below one another."""

    stated: str = ""
    tables: Annotated[tuple[BlockTable | IgnoredBlock, ...], Meta(min_length=1)]


AnySource = CsvSource | WorkbookSource | ParquetSource | PdfSource

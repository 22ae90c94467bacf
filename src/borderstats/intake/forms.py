"""A file in each form that the standard knows, opened once: how like a source it is, and its tables as published."""

import contextlib
import datetime
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol, TypeVar

from borderstats.errors import InputError
from borderstats.intake import differences, pdf, raw, webpage, workbook
from borderstats.intake.differences import Difference, LayoutError, sheet_named, sheets_meant
from borderstats.intake.grid import Grid, left_overs, long_tables, set_aside, units
from borderstats.intake.raw import Cells, RawTable
from borderstats.intake.statements import Leading, leading_day_of, stated_days
from borderstats.intake.wildcards import fits
from borderstats.standard.sources import (
    DELIMITERS,
    BlockTable,
    CsvSource,
    DocumentSource,
    ParquetSource,
    Region,
    Source,
    UsedTable,
    WorkbookSource,
)
from borderstats.standard.struct import fold

S_contra = TypeVar("S_contra", bound=Source, contravariant=True)

CALLED = {
    "csv": "a text file",
    "workbook": "a workbook",
    "parquet": "a Parquet file",
    "pdf": "a PDF",
    "html": "a web page",
}
"""What the forms of files are called."""

_SHOWN = 80
_PERHAPS = 0.5
"""How like a block a list is that begins with the same headings, and a document whose tables have no title."""


class Published(NamedTuple):
    """A table of the standard and what a file has in its place."""

    table: UsedTable
    raw: RawTable


class Sheet(NamedTuple):
    """A sheet as it was looked at: as a list, or as a grid in which blocks were found; `aside`: why it is not used."""

    seen: RawTable | Grid
    aside: str = ""


class Recognised(NamedTuple):
    """The source a file is read as, its tables as published, and the days for which it says that it stands.

    `sheets` are those that were looked at.
    """

    source: Source
    tables: list[Published]
    sheets: list[Sheet]
    stated: tuple[datetime.date, ...] = ()


class File(Protocol[S_contra]):
    """A publisher's file, opened: it can be of sources of its form."""

    form: str
    """The form in the words of `Source.format`."""

    @property
    def face(self) -> str:
        """What the file begins with, as an error text shows a file that nobody knows."""

    def likeness(self, source: S_contra) -> float:
        """How much the file resembles those of a source, from 0 to 1, by the names of its columns, sheets or titles."""

    def read(self, source: S_contra, differing: list[Difference] | None = None) -> Recognised:
        """The tables of a source in the file.

        Raises LayoutError if the file differs from the source in a column, a sheet, a title, a header or the
        delimiter; InputError if it is damaged. With a list `differing` the differences are put there instead, and
        what can be read is, beside every other sheet.
        """


def opened(name: str, data: bytes) -> File[Any]:
    """A file by its first bytes, never by its name; InputError if it is empty, broken or a web page without a table."""
    data = raw.unpacked(name, data)
    kinds: dict[str, Callable[[str, bytes], File[Any]]] = {
        kind.form: kind for kind in (TextFile, Workbook, ParquetFile, Pdf, WebPage)
    }
    return kinds[raw.form(data)](name, data)


class TextFile:
    form = "csv"

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.data = name, raw.even(data)
        self._line = raw.first_line(self.data)

    @property
    def face(self) -> str:
        return f"its first line is {self._line.decode('utf-8', 'backslashreplace')[:_SHOWN]!r}"

    def _header(self, source: CsvSource) -> tuple[str, tuple[str, ...]]:
        """The delimiter under which the first line is most like the source's header, and the line's columns then."""
        headers = [
            (delimiter, raw.named_columns(raw.text_header(self._line, delimiter, source.encoding)))
            for delimiter in (source.delimiter, *DELIMITERS)
        ]
        return max(headers, key=lambda found: _likeness(found[1], source))

    def likeness(self, source: CsvSource) -> float:
        return _likeness(self._header(source)[1], source)

    def read(self, source: CsvSource, differing: list[Difference] | None = None) -> Recognised:
        delimiter, header = self._header(source)
        found: list[Difference] = []
        if wrong := raw.not_in(self._line, source.encoding):
            found.append(Difference(wrong, raw.SAVED_ANEW))
        if delimiter != source.delimiter:
            here, there = DELIMITERS[delimiter], DELIMITERS[source.delimiter]
            found.append(
                Difference(
                    f"row 1: the columns are separated by {here}, but {source.id} uses {there}",
                    "the file was saved anew by another program. Fetch the publisher's own file",
                )
            )
        found += _of_block(source, header) if source.regions else _of_lists(source, {"": header})
        _check(self.name, found, differing)
        form = (self.name, self.data, delimiter, source.encoding)
        if source.regions:
            cells = raw.text_cells(*form, open_end=source.open_end)
            return _blocks(self.name, source, [cells], differing)
        published = raw.read_text(*form, open_end=source.open_end)
        return _list(source, published, readable=not found)


class ParquetFile:
    form = "parquet"

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._table = raw.read_parquet(name, data)

    @property
    def face(self) -> str:
        return f"its columns are {', '.join(self._table.header[:6])}"

    def likeness(self, source: ParquetSource) -> float:
        return _likeness(self._table.header, source)

    def read(self, source: ParquetSource, differing: list[Difference] | None = None) -> Recognised:
        found = list(_of_lists(source, {"": self._table.header}))
        _check(self.name, found, differing)
        return _list(source, self._table, readable=not found)


class Document:
    """A file that is one grid of cells, in which blocks of figures stand among texts."""

    form: str

    def __init__(self, name: str, cells: Cells) -> None:
        self.name, self._cells = name, cells

    @property
    def face(self) -> str:
        first = next(" ".join(filter(None, row)) for row in self._cells.rows if any(row))
        return f"it is {CALLED[self.form]} whose first line is {first[:_SHOWN]!r}"

    def likeness(self, source: DocumentSource) -> float:
        titles = {fold(table.title): table.title for table in source.tables if table.title}
        grid = Grid(self._cells)
        found = [title for title in titles.values() if next(grid.titled(title), None)]
        return len(found) / len(titles) if titles else _PERHAPS

    def read(self, source: DocumentSource, differing: list[Difference] | None = None) -> Recognised:
        found = _blocks(self.name, source, [self._cells], differing)
        return found._replace(stated=_stated(source, [self._cells]))


class Pdf(Document):
    form = "pdf"

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(name, pdf.cells(name, data))


class WebPage(Document):
    form = "html"

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(name, webpage.cells(name, data))


class Workbook:
    form = "workbook"

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        book = workbook.Workbook(name, data)
        self._sheets = book.sheets
        self._cells = functools.cache(book.cells)
        self._last_day = functools.cache(self._day_behind)
        if not self._sheets:
            raise InputError(f"{name}: the workbook has no sheet; fetch it again")

    @property
    def face(self) -> str:
        return f"its sheets are {', '.join(self._sheets[:6])}"

    def _wanted(self, source: WorkbookSource) -> list[str]:
        """The sheets that a source names; the first, whatever it is called, if it names none."""
        return list(dict.fromkeys(sheets_meant(source, self._sheets).values()))

    def likeness(self, source: WorkbookSource) -> float:
        if any(table.sheet for table in source.layout):
            known = self._wanted(source)
            if any(sheet in self._sheets for sheet in known):
                known += differences.sheets_aside(source, self._sheets)
            return differences.likeness(self._sheets, known)
        try:
            return _likeness(self._cells(self._sheets[0]).rows[0], source)
        except InputError:
            return 0

    def read(self, source: WorkbookSource, differing: list[Difference] | None = None) -> Recognised:
        wanted = self._wanted(source)
        _check(self.name, differences.of_sheets(source, self._sheets), differing)
        decimal = () if source.decimal == "." else (source.decimal,)
        cells = [self._cells(sheet, *decimal) for sheet in wanted if sheet in self._sheets]
        days = [_stated(source, [one]) for one in cells]
        stated = tuple(sorted(set(itertools.chain(*days)))) or _stated(source, self._others(source, wanted))
        cells = [
            replace(one, as_of=own[0]) if len(own) == 1 else one for one, own in zip(cells, days, strict=True)
        ]
        read = _blocks if source.regions else self._lists
        found = read(self.name, source, cells, differing)
        if differing is not None:
            found.sheets.extend(self._aside(source, wanted))
        leading = leading_day_of(source)
        return found._replace(stated=stated, tables=[self._bounded(one, leading) for one in found.tables])

    def _bounded(self, published: Published, leading: Leading) -> Published:
        """A table with the day through which the workbook says that it has figures, where it says so."""
        table = published.table
        if not isinstance(table, BlockTable) or not table.stated:
            return published
        return published._replace(raw=replace(published.raw, through=self._last_day(table.stated, leading)))

    def _day_behind(self, phrase: str, leading: Leading) -> datetime.date | None:
        """The latest day behind a phrase: a workbook repeats statements of earlier editions, and of other tables."""
        return max(stated_days(phrase, self._every(), leading), default=None)

    def _lists(
        self, name: str, source: WorkbookSource, sheets: Sequence[Cells], differing: list[Difference] | None
    ) -> Recognised:
        lists = {cells.sheet: raw.listed(cells) for cells in sheets}
        headers = {sheet: published.header for sheet, published in lists.items()}
        differs = {
            sheet: list(_of_lists(source, {sheet: header}, self._sheets)) for sheet, header in headers.items()
        }
        _check(name, itertools.chain(*differs.values()), differing)
        if not any(len(published.row) for published in lists.values()):
            raise InputError(
                f"{name}: there are headers and not one row below them; fetch the workbook again"
            )
        places = [(table, sheet_named(table.sheet, self._sheets) or self._sheets[0]) for table in source.used]
        tables = [
            Published(table, lists[place]) for table, place in places if place in lists and not differs[place]
        ]
        return Recognised(source, tables, [Sheet(published) for published in lists.values()])

    def _others(self, source: WorkbookSource, wanted: Iterable[str]) -> Iterator[Cells]:
        """The sheets without figures of ours, of which some may be blank."""
        return self._every(*wanted) if source.stated else iter(())

    def _every(self, *without: str) -> Iterator[Cells]:
        """The sheets that are not broken, without some."""
        for sheet in self._sheets:
            if sheet not in without:
                with contextlib.suppress(InputError):
                    yield self._cells(sheet)

    def _aside(self, source: WorkbookSource, wanted: Iterable[str]) -> Iterator[Sheet]:
        """The sheets that are not wanted, each with the reason that the source gives."""
        for sheet in self._sheets:
            if sheet not in wanted:
                reasons = (why for name, why in source.other_sheets.items() if fits(name, sheet) is not None)
                with contextlib.suppress(InputError):
                    yield Sheet(Grid(self._cells(sheet)), next(reasons, ""))


def _heads(table: Region) -> tuple[str, ...]:
    """The headings with which the header of a block begins."""
    return table.columns if table.corner is None else (table.corner,)


def _begins(header: Sequence[str], table: Region) -> bool:
    heads = _heads(table)
    return [fold(name) for name in header[: len(heads)]] == [fold(name) for name in heads]


def _likeness(header: Sequence[str], source: Source) -> float:
    """How much a header resembles that of a source, from 0 to 1: a list's by all its columns."""
    if source.regions:
        return _PERHAPS if _begins(header, source.regions[0]) else 0
    present = {fold(name) for name in header}
    absent = {name for name in source.column if source.column[name].optional and fold(name) not in present}
    return differences.likeness(header, [name for name in source.lists[0].columns if name not in absent])


def _check(name: str, found: Iterable[Difference], differing: list[Difference] | None) -> None:
    """Raise LayoutError if a file differs from its source, or put the differences into a list."""
    found = tuple(found)
    if found and differing is None:
        raise LayoutError(name, found)
    if differing is not None:
        differing.extend(found)


def _list(source: Source, published: RawTable, *, readable: bool) -> Recognised:
    """A file that is one list, with its tables if its header is that of the source."""
    tables = [Published(table, published) for table in source.used if readable]
    return Recognised(source, tables, [Sheet(published)])


def _of_lists(
    source: Source, headers: Mapping[str, Sequence[str]], sheets: Sequence[str] = ()
) -> Iterator[Difference]:
    """What differs in the headers of lists, by sheet; tables of one sheet differ alike."""
    for sheet, header in headers.items():
        tables = [
            table for table in source.lists if not table.sheet or sheet_named(table.sheet, sheets) == sheet
        ]
        found = (list(differences.of_columns(source, table, header, sheet)) for table in tables)
        yield from next(filter(None, found), ())


def _of_block(source: Source, header: Sequence[str]) -> Iterator[Difference]:
    first = source.regions[0]
    if not _begins(header, first):
        heads = ", ".join(map(repr, _heads(first)))
        yield Difference(
            f"row 1: the header does not begin with {heads}, as that of {source.id} does",
            f"if that was renamed, rename it in sources/{source.id}.toml",
        )


def _blocks(
    name: str, source: Source, sheets: Sequence[Cells], differing: list[Difference] | None
) -> Recognised:
    """The blocks of figures of each sheet; what differs are those that are not there, and figures left over."""
    tables: list[Published] = []
    missing: list[Difference] = []
    described, leading = units(_words(source)), leading_day_of(source)
    grids = [Grid(cells) for cells in sheets]
    names = [grid.sheet for grid in grids]
    for grid in grids:
        absent: list[Difference] = []
        for table in source.regions:
            if not table.sheet or sheet_named(table.sheet, names) == grid.sheet:
                try:
                    if isinstance(table, BlockTable):
                        long = long_tables(name, grid, table, described, leading)
                        tables += [Published(table, one) for one in long]
                    else:
                        set_aside(name, grid, table, described)
                except LayoutError as error:
                    if not table.optional:
                        missing += error.differences
                    elif next(grid.titled(table.title), None):
                        absent += error.differences
        if not missing and (loose := list(left_overs(grid))):
            missing += [*absent, *loose]
    _check(name, missing, differing)
    return Recognised(source, tables, [Sheet(grid) for grid in grids])


def _words(source: Source) -> Iterator[str]:
    """The labels and titles with which the standard describes a source."""
    for part in (*source.layout, *source.columns):
        yield from part.words


def _stated(source: Source, sheets: Iterable[Cells]) -> tuple[datetime.date, ...]:
    return stated_days(source.stated, sheets, leading_day_of(source)) if source.stated else ()

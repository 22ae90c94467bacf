"""Which source of the standard a file is: by its header, never by its name."""

import contextlib
import datetime
import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from borderstats.errors import InputError
from borderstats.intake import pdf, raw
from borderstats.intake.grid import Grid, long_table, refuse_left_overs, set_aside, units
from borderstats.intake.statements import stated_days
from borderstats.standard.model import Standard
from borderstats.standard.sources import (
    DELIMITERS,
    BlockTable,
    CsvSource,
    IgnoredBlock,
    ListTable,
    ParquetSource,
    PdfSource,
    Source,
    Table,
    UsedTable,
    WorkbookSource,
)
from borderstats.standard.struct import fold

Published = tuple[UsedTable, raw.RawTable]
"""A table of the standard and what a file has in its place."""

S = TypeVar("S", bound=Source)

_LEAST_LIKENESS = 0.5
_SHOWN = 80


class Recognised(NamedTuple):
    """The source a file is in the format of, its tables as published, and the days for which it says that it stands."""

    source: Source
    tables: list[Published]
    stated: tuple[datetime.date, ...] = ()


def read(standard: Standard, name: str, data: bytes) -> Recognised:
    """What a file is.

    Raises InputError if no source resembles the file, or if the one that does differs from it in a column, a
    sheet, the delimiter or the encoding: the text says which, and what to do.
    """
    data = raw.unpacked(name, data)
    form = raw.form(data)
    found: Recognised | str
    if form == "csv":
        found = _text(_of(CsvSource, standard), name, data)
    elif form == "workbook":
        found = _workbook(_of(WorkbookSource, standard), name, data)
    elif form == "parquet":
        found = _parquet(_of(ParquetSource, standard), name, data)
    else:
        found = _document(_of(PdfSource, standard), name, data)
    if isinstance(found, str):
        known = ", ".join(standard.sources)
        raise InputError(
            f"{name}: no source in the standard reads this file: {found}. Known sources: {known}. See docs/add-a-source.md"
        )
    return found


def _of(kind: type[S], standard: Standard) -> list[S]:
    """The sources of one format."""
    return [source for source in standard.sources.values() if isinstance(source, kind)]


def _text(sources: list[CsvSource], name: str, data: bytes) -> Recognised | str:
    line = raw.first_line(data)
    candidates = [
        (
            _likeness(raw.text_header(line, delimiter), source),
            delimiter == source.delimiter,
            delimiter,
            source,
        )
        for source in sources
        for delimiter in DELIMITERS
    ]
    likeness, _, delimiter, source = max(candidates, key=lambda c: (c[0], c[1]), default=(0, False, "", None))
    if source is None or likeness < _LEAST_LIKENESS:
        return f"its first line is {line[:_SHOWN]!r}"
    if delimiter != source.delimiter:
        raise InputError(
            f"{name}: row 1: the columns are separated by {DELIMITERS[delimiter]}, but {source.id} uses {DELIMITERS[source.delimiter]}; "
            "the file was saved anew by another program. Fetch the publisher's own file"
        )
    if source.in_blocks:
        cells = raw.text_cells(name, data, delimiter, source.encoding, open_end=source.open_end)
        return Recognised(source, _blocks(name, source, [cells]))
    _complain(name, "", source, raw.text_header(line, delimiter))
    published = raw.read_text(name, data, source.delimiter, source.encoding, open_end=source.open_end)
    return Recognised(source, [(table, published) for table in source.used])


def _parquet(sources: list[ParquetSource], name: str, data: bytes) -> Recognised | str:
    published = raw.read_parquet(name, data)
    likeness, source = max(
        ((_likeness(published.header, source), source) for source in sources),
        key=lambda c: c[0],
        default=(0, None),
    )
    if source is None or likeness < _LEAST_LIKENESS:
        return f"its columns are {', '.join(published.header[:6])}"
    _complain(name, "", source, published.header)
    return Recognised(source, [(table, published) for table in source.used])


def _document(sources: list[PdfSource], name: str, data: bytes) -> Recognised | str:
    cells = pdf.cells(name, data)
    lines = [fold(row[0]) for row in cells.rows]
    for source in sources:
        titles = [table.title for table in source.tables]
        if all(any(line.startswith(fold(title)) for line in lines) for title in titles):
            return Recognised(source, _blocks(name, source, [cells]), _stated(source, [cells]))
    first = next(" ".join(filter(None, row)) for row in cells.rows if any(row))
    return f"it is a PDF whose first line is {first[:_SHOWN]!r}"


def _workbook(sources: list[WorkbookSource], name: str, data: bytes) -> Recognised | str:
    book = raw.Workbook(name, data)
    sheets = book.sheets
    if not sheets:
        raise InputError(f"{name}: the workbook has no sheet; fetch it again")
    by_sheet = [(_shared(sheets, _named(source, sheets)), source) for source in sources if _sheets(source)]
    likeness, source = max(by_sheet, key=lambda c: c[0], default=(0, None))
    if likeness < _LEAST_LIKENESS:
        first = book.cells(sheets[0])
        by_header = [(_likeness(first.rows[0], source), source) for source in sources if not _sheets(source)]
        likeness, source = max(by_header, key=lambda c: c[0], default=(0, None))
    if source is None or likeness < _LEAST_LIKENESS:
        return f"its sheets are {', '.join(sheets[:6])}"
    wanted = _named(source, sheets) or sheets[:1]
    _complain_of_sheets(name, source, wanted, sheets)
    cells = [book.cells(sheet) for sheet in wanted]
    stated = _stated(source, cells) or _stated(source, _others(source, book, wanted))
    if source.in_blocks:
        return Recognised(source, _blocks(name, source, cells), stated)
    lists = {found.sheet: raw.listed(found) for found in cells}
    for sheet, published in lists.items():
        _complain(name, sheet, source, published.header)
    if not any(len(published.row) for published in lists.values()):
        raise InputError(f"{name}: there are headers and not one row below them; fetch the workbook again")
    used = [(table, lists[_name(table.sheet, sheets) or wanted[0]]) for table in source.used]
    return Recognised(source, used, stated)


def _stated(source: Source, sheets: Iterable[raw.Cells]) -> tuple[datetime.date, ...]:
    return stated_days(source.stated, sheets) if source.stated else ()


def _others(source: Source, book: raw.Workbook, wanted: Sequence[str]) -> Iterator[raw.Cells]:
    """The sheets without figures of ours, of which some may be blank."""
    for sheet in book.sheets if source.stated else ():
        if sheet not in wanted:
            with contextlib.suppress(InputError):
                yield book.cells(sheet)


def _name(pattern: str, sheets: Sequence[str]) -> str:
    """The sheet that a name of the standard means: `FY??` in it stands for any year."""
    return next((sheet for sheet in sheets if _fits(sheet, pattern)), pattern)


def _fits(sheet: str, pattern: str) -> bool:
    return len(sheet) == len(pattern) and all(p in ("?", s) for s, p in zip(sheet, pattern, strict=True))


def _named(source: Source, sheets: Sequence[str]) -> list[str]:
    return [_name(pattern, sheets) for pattern in _sheets(source)]


def _sheets(source: Source) -> list[str]:
    """The sheets that a source names; none if its tables are on the first sheet, whatever that is called."""
    return list(dict.fromkeys(table.sheet for table in source.layout if table.sheet))


def _complain_of_sheets(
    name: str, source: WorkbookSource, wanted: Sequence[str], sheets: Sequence[str]
) -> None:
    known = {*wanted, *(_name(pattern, sheets) for pattern in source.other_sheets)}
    problems = [
        *(
            f"{name}: sheet {s!r} of {source.id} is missing; {_hint(s, [name for name in sheets if name not in known])}"
            for s in wanted
            if s not in sheets
        ),
        *(
            f"{name}: sheet {s!r} is not known to {source.id}; add it to sources/{source.id}.toml"
            for s in sheets
            if s not in known
        ),
    ]
    if problems:
        raise InputError("\n".join(problems))


def _blocks(name: str, source: Source, sheets: Iterable[raw.Cells]) -> list[Published]:
    """The blocks of figures of each sheet; InputError if figures are left over."""
    found: list[Published] = []
    described = units(_words(source))
    for cells in sheets:
        grid = Grid(cells)
        for table in source.layout:
            if table.sheet and not _fits(cells.sheet, table.sheet):
                continue
            if isinstance(table, BlockTable):
                found.append((table, long_table(name, grid, table, described)))
            elif isinstance(table, IgnoredBlock):
                set_aside(name, grid, table, described)
        refuse_left_overs(name, grid)
    return found


def _words(source: Source) -> Iterator[str]:
    """The labels and titles with which the standard describes a source."""
    for part in (*source.layout, *source.columns):
        yield from part.words


def _likeness(header: Sequence[str], source: Source) -> float:
    """How much a header resembles that of a source, from 0 to 1.

    A list is known by all its columns; a block of figures by its row headings, because its columns come and go.
    """
    table = source.layout[0]
    if not isinstance(table, ListTable):
        heads = table.columns if table.corner is None else (table.corner,)
        return float([fold(name) for name in header[: len(heads)]] == [fold(name) for name in heads])
    present = {fold(name) for name in header}
    absent = {name for name in source.column if source.column[name].optional and fold(name) not in present}
    return _shared(header, [name for name in table.columns if name not in absent])


def _shared(left: Iterable[str], right: Iterable[str]) -> float:
    """Shared names over all names (Jaccard)."""
    one, other = {fold(name) for name in left}, {fold(name) for name in right}
    return len(one & other) / len(one | other)


def _complain(name: str, sheet: str, source: Source, header: Sequence[str]) -> None:
    """Raise InputError with a line for every column of a list that is missing, renamed, extra or there twice."""
    for table in source.layout:
        if not table.sheet or _fits(sheet, table.sheet):
            problems = list(_differences(source, table, header))
            if problems:
                place = f"{name}: sheet {sheet!r}: row 1" if sheet else f"{name}: row 1"
                raise InputError("\n".join(f"{place}: {problem}" for problem in problems))


def _differences(source: Source, table: Table, header: Sequence[str]) -> Iterator[str]:
    present = Counter(fold(column) for column in header)
    wanted = {fold(column): column for column in table.columns}
    extra = {fold(column): column for column in header if fold(column) not in wanted}
    for column, times in present.items():
        if times > 1 and column in wanted:
            yield f"column {wanted[column]!r} stands there {times} times; delete the copy or fetch the file again"
    for folded, column in wanted.items():
        if folded in present or source.column[column].optional:
            continue
        close = difflib.get_close_matches(folded, extra, 1, 0.6)
        if close:
            number = [fold(c) for c in header].index(close[0]) + 1
            yield (
                f"column {number}: {extra.pop(close[0])!r} is probably {column!r} renamed; if it means the same, "
                f"rename it in sources/{source.id}.toml"
            )
        else:
            yield f"column {column!r} is missing; {source.id} cannot be read without it"
    for folded, column in extra.items():
        number = [fold(c) for c in header].index(folded) + 1
        yield f"column {number}: {column!r} is not known to {source.id}; describe it in sources/{source.id}.toml"


def _hint(sheet: str, sheets: Sequence[str]) -> str:
    close = difflib.get_close_matches(sheet, sheets, 1, 0.6)
    return f"{close[0]!r} may be it, renamed" if close else "the workbook cannot be read without it"

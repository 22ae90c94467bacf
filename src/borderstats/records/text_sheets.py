"""A workbook of several sheets as one table of text, in a Parquet file that DuckDB can stream."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from fnmatch import fnmatch
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine
from pyarrow import parquet

from borderstats.errors import InputError
from borderstats.records.text_files import HEADER_WITHIN, is_trailer
from borderstats.records.text_headings import Header, recognise
from borderstats.standard.layouts import Layout
from borderstats.standard.struct import fold

_BATCH = 20_000


def read(path: Path, layouts: Iterable[Layout], out: Path) -> Header:
    """Write the rows of all sheets to a Parquet file: `sheet`, `source_sheet`, `source_row`, and `c0` on by column.

    The header returned is the first sheet's; the places in it are those of the Parquet file. InputError if the file is
    no workbook, a sheet is neither of the one layout nor named as one without records, or a cell has no heading.
    """
    layouts = [layout for layout in layouts if layout.format != "csv"]
    workbook = _opened(path)
    first: Header | None = None
    names: list[str] = []
    there: set[str] = set()
    with ExitStack() as stack:
        for number, sheet in enumerate(workbook.sheet_names, 1):
            known = [first.layout] if first else layouts
            rows = _rows(workbook, sheet)
            above = list(islice(rows, HEADER_WITHIN))
            if not any(any(row) for row in above) or _passed_over(known, sheet):
                continue
            header = recognise(layouts, {"": above}, f"{path.name}, sheet {sheet}")
            if first is None:
                first = header
                names = [name for name, column in header.layout.column.items() if not column.ignore]
                writer = stack.enter_context(parquet.ParquetWriter(out, _schema(len(names))))
            elif header.layout.id != first.layout.id:
                raise InputError(
                    f"{path.name}: its sheets have different layouts; save each of them as a file of its own"
                )
            there |= set(header.place)
            place = f"{path.name}, sheet {sheet}"
            for batch in _batches(chain(above, rows), header, place):
                writer.write_table(_table(writer.schema, number, sheet, batch, header, names))
    if first is None:
        raise InputError(f"{path.name}: no sheet holds anything; ask the agency for the file again")
    places = {name: at for at, name in enumerate(names) if name in there}
    return Header(first.layout, first.row, first.headings, places)


def _schema(columns: int) -> pa.Schema:
    place = [("sheet", pa.int32()), ("source_sheet", pa.string()), ("source_row", pa.int64())]
    return pa.schema(place + [(f"c{at}", pa.string()) for at in range(columns)])


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _opened(path: Path) -> Any:
    try:
        return python_calamine.CalamineWorkbook.from_path(path)
    except (python_calamine.CalamineError, OSError):
        raise InputError(f"{path.name}: no workbook, or a damaged one; ask the agency for it again") from None


def _rows(workbook: Any, name: str) -> Iterator[list[str]]:
    try:
        sheet = workbook.get_sheet_by_name(name)
    except python_calamine.CalamineError:
        raise InputError(f"sheet {name}: cannot be read; ask the agency for the file again") from None
    for row in sheet.iter_rows():
        yield [_text(cell) for cell in row]


def _text(cell: object) -> str:
    """A cell as text: times in ISO form to the second, whole numbers without a point."""
    if isinstance(cell, datetime.datetime):
        return (cell + datetime.timedelta(microseconds=500_000)).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _passed_over(layouts: Iterable[Layout], name: str) -> bool:
    """Whether a layout says that a sheet of this name holds no records."""
    return any(fnmatch(fold(name), fold(pattern)) for layout in layouts for pattern in layout.other_sheets)


def _batches(rows: Iterable[list[str]], header: Header, place: str) -> Iterator[list[tuple[int, list[str]]]]:
    """The records below a sheet's header in batches, each with its row in the sheet."""
    nameless = [*header.nameless]
    width = len(header.headings)
    pending: list[tuple[int, list[str]]] = []
    batch: list[tuple[int, list[str]]] = []
    for row, cells in enumerate(rows, 1):
        first = next((cell for cell in cells if cell.strip()), None)
        if row <= header.row or first is None:
            continue
        if any(cells[at].strip() for at in nameless) or any(cell.strip() for cell in cells[width:]):
            raise InputError(
                f"{place}, row {row}: a cell stands in a column without a heading; name the column"
            )
        if is_trailer(first, header.layout.trailers):
            pending.append((row, cells))  # a total is one only if no record follows
            continue
        batch += [*pending, (row, cells)]
        pending = []
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    yield batch


def _table(
    schema: pa.Schema,
    number: int,
    sheet: str,
    rows: list[tuple[int, list[str]]],
    header: Header,
    names: Sequence[str],
) -> pa.Table:
    columns: list[Any] = [[number] * len(rows), [sheet] * len(rows), [row for row, _ in rows]]
    for name in names:
        place = header.place.get(name)
        columns.append([cells[place] or None if place is not None else None for _, cells in rows])
    return pa.table(columns, schema=schema)

"""A publisher's bytes as tables of labels: nothing is interpreted here, and nothing is lost.

Every column is kept as its distinct labels and, for each row, the place of its label: a label is then understood
once, however many rows carry it.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import python_calamine
from pyarrow import csv as arrow_csv

from borderstats.errors import InputError
from borderstats.observations import Ints

_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Labels:
    """One column: its distinct labels, and for each row the place of its label in them."""

    distinct: list[str]
    place: Ints


@dataclass(frozen=True)
class Ragged:
    """A row that does not have as many cells as the header."""

    row: int
    cells: int


@dataclass(frozen=True)
class RawTable:
    """A table as published: header, columns, and for each row its number in the file or sheet (the header is 1)."""

    sheet: str
    header: tuple[str, ...]
    columns: tuple[Labels, ...]
    row: Ints
    ragged: tuple[Ragged, ...] = field(default=())


def is_workbook(data: bytes) -> bool:
    return data.startswith(_ZIP)


def unpacked(name: str, data: bytes) -> bytes:
    """The bytes of a text file or workbook, out of gzip if need be.

    Raises InputError for an empty file, a cut or broken gzip file, an old Excel file, or a web page.
    """
    if data.startswith(_GZIP):
        try:
            data = gzip.decompress(data)
        except (EOFError, OSError, zlib.error) as error:
            raise InputError(
                f"{name}: the gzip file is cut off or broken ({error}); fetch it again"
            ) from None
    if not data or data.isspace():
        raise InputError(f"{name}: the file is empty ({len(data)} bytes); fetch it again from the publisher")
    if data.startswith(_OLD_OFFICE):
        raise InputError(
            f"{name}: this is an old Excel workbook (.xls), and no source in the standard reads those"
        )
    start = data[:1000].lstrip(_BOM).lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise InputError(
            f"{name}: this is a web page, not a table; the publisher's server probably answered with an error page. Fetch the file again"
        )
    return data


def text_header(line: str, delimiter: str) -> tuple[str, ...]:
    """The column names in the first line of a text file."""
    return tuple(next(csv.reader([line], delimiter=delimiter), []))


def first_line(data: bytes) -> str:
    """The first line as text; bytes that are not UTF-8 are shown as such, since it only serves to recognise."""
    end = data.find(b"\n")
    line = data if end < 0 else data[:end]
    return line.removeprefix(_BOM).decode("utf-8", "backslashreplace").rstrip("\r")


def read_text(name: str, data: bytes, delimiter: str, encoding: str) -> RawTable:
    """A delimited text file with a header line.

    Raises InputError for bytes that are not in the encoding, for a last line without its end (a cut file), and
    for a file without rows. Rows with too few or too many cells are kept as `ragged`.
    """
    data = data.removeprefix(_BOM)
    header = text_header(first_line(data), delimiter)
    if not data.endswith(b"\n"):
        rows = data.count(b"\n") + 1
        raise InputError(
            f"{name}: row {rows}: the last line has no end, so the file was probably cut off; fetch it again"
        )
    ragged: list[Ragged] = []
    table = _parse(name, data, len(header), delimiter, encoding, ragged)
    columns = []
    for chunked in table.columns:
        whole = chunked.unify_dictionaries().combine_chunks()
        columns.append(Labels(whole.dictionary.to_pylist(), _indices(whole)))
    every = np.arange(2, 2 + table.num_rows + len(ragged))
    kept = np.delete(every, [bad.row - 2 for bad in ragged])
    return RawTable("", header, tuple(columns), kept, tuple(ragged))


def _indices(column: pa.DictionaryArray) -> Ints:
    """The places of a dictionary column without copying them (`to_numpy` would import pandas: 75 MB, 0.2 s)."""
    indices = column.indices
    return np.frombuffer(indices.buffers()[1], np.int32, len(indices), indices.offset * 4).astype(np.int64)


def _parse(
    name: str, data: bytes, width: int, delimiter: str, encoding: str, ragged: list[Ragged]
) -> pa.Table:
    """The rows below the header as dictionary columns; rows of another width go to `ragged`."""

    def skip(row: Any) -> Literal["skip"]:
        ragged.append(Ragged(row.number or 0, row.actual_columns))
        return "skip"

    names = [str(number) for number in range(width)]
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(
                use_threads=False,
                block_size=len(data) + 1,
                column_names=names,
                skip_rows=1,
                encoding=encoding,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=arrow_csv.ConvertOptions(
                strings_can_be_null=False, column_types=dict.fromkeys(names, text)
            ),
            memory_pool=pa.system_memory_pool(),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            raise InputError(f"{name}: there is a header and not one row below it; fetch it again") from None
        _complain_of_encoding(name, data, encoding)
        raise InputError(f"{name}: cannot be read as text separated by {delimiter!r}: {error}") from None


def _complain_of_encoding(name: str, data: bytes, encoding: str) -> None:
    """Raise InputError at the first byte that is not in the encoding, if there is one."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise InputError(
            f"{name}: row {row}, byte {column}: {data[error.start]:#04x} is not {encoding}; "
            "the file was saved in another encoding. Fetch the publisher's own file"
        ) from None


def sheet_names(name: str, data: bytes) -> list[str]:
    """The names of a workbook's sheets in order; InputError if it is no workbook."""
    return list(_workbook(name, data).sheet_names)


def read_sheets(name: str, data: bytes, sheets: Sequence[str]) -> list[RawTable]:
    """The named sheets of a workbook, the first row of each as header; wholly empty rows are left out."""
    workbook = _workbook(name, data)
    tables = []
    for sheet in sheets:
        grid = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        if not grid:
            raise InputError(f"{name}: sheet {sheet!r} is empty; fetch the workbook again")
        header = tuple(_cell(value) for value in grid[0])
        kept = [number for number, row in enumerate(grid[1:], start=2) if any(value != "" for value in row)]
        columns = []
        for place in range(len(header)):
            distinct: dict[str, int] = {}
            places = [distinct.setdefault(_cell(grid[number - 1][place]), len(distinct)) for number in kept]
            columns.append(Labels(list(distinct), np.array(places, np.int64)))
        tables.append(RawTable(sheet, header, tuple(columns), np.array(kept, np.int64)))
    return tables


def _workbook(name: str, data: bytes) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001 - the library has no common base for what a broken archive raises
        raise InputError(f"{name}: the workbook is cut off or broken ({error}); fetch it again") from None


def _cell(value: object) -> str:
    """A cell as the label a person sees; Excel holds every number as a float."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

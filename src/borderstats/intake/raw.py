"""A publisher's bytes as tables of labels: nothing is interpreted here, and nothing is lost.

Every column is kept as its distinct labels and, for each row, the place of its label: a label is then understood
once, however many rows carry it.
"""

import csv
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from borderstats.errors import InputError
from borderstats.intake import unpack
from borderstats.observations import Flags, Ints
from borderstats.standard.struct import even as evened

_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PARQUET = b"PAR1"
_PDF = b"%PDF-"
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")
_XML = b"<?xml"
NOT_A_TABLE = "this is a web page, not a table; the publisher's server probably answered with an error page. Fetch the file again"
_DOS_END = b"\x1a"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SHOWN = 80
_SHORTEST_SENTENCE = len("1/1/2020")
_LONGEST_HEADER = 100_000
_MOST_VALUES = 50_000_000


@dataclass(frozen=True)
class Labels:
    """One column: its distinct labels, and for each row the place of its label in them."""

    distinct: list[str]
    place: Ints

    def of(self, rows: Flags) -> "Labels":
        """With the labels of the flagged rows only; the others have any one of them."""
        places = self.place[rows] if rows.any() else self.place[:1]
        used = np.zeros(len(self.distinct), bool)
        used[places] = True
        number = np.cumsum(used) - 1
        distinct = [self.distinct[place] for place in np.flatnonzero(used).tolist()]
        return Labels(distinct, np.maximum(np.where(rows, number[self.place], 0), 0))


@dataclass(frozen=True)
class Ragged:
    """A row that does not have as many cells as the header."""

    row: int
    cells: int


@dataclass(frozen=True)
class Hidden:
    """The rows and columns of a sheet that its maker hid, from 0."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


@dataclass(frozen=True)
class RawTable:
    """A table as published: header, columns, and for each row its number in the file or sheet (the header is 1).

    `letters` are the columns of the header in a sheet. In a long table made of a block of figures, `column` names each
    row's column in the sheet, `width` is how many the block has, `block` says which of the sheet it is, and `day` is
    the day that a note beside the block names, if the standard says where; `as_of` the day for which its sheet says that it
    stands, `through` the last one of which the workbook says that this table has figures. `hidden` is what the maker of the sheet hid;
    `first_day` the day from which a workbook counts days.
    """

    sheet: str
    header: tuple[str, ...]
    columns: tuple[Labels, ...]
    row: Ints
    ragged: tuple[Ragged, ...] = field(default=())
    column: tuple[str, ...] = ()
    width: int = 0
    day: datetime.date | None = None
    as_of: datetime.date | None = None
    through: datetime.date | None = None
    letters: tuple[str, ...] = ()
    block: tuple[int, ...] = ()
    hidden: Hidden = Hidden()
    first_day: datetime.date | None = None


@dataclass(frozen=True)
class Cells:
    """A sheet: its cells as the labels a person sees, each row equally long, and first and last of merged cells.

    `hidden` is what its maker hid, `first_day` the day from which a workbook counts days, `as_of` the one day for which
    the sheet says that it stands.
    """

    sheet: str
    rows: Sequence[Sequence[str]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    hidden: Hidden = Hidden()
    first_day: datetime.date | None = None
    as_of: datetime.date | None = None

    @cached_property
    def sentences(self) -> str:
        """The texts that are long enough for a phrase and a day, white space made even, each in a line, in the order of the cells."""
        every = (evened(cell) for row in self.rows for cell in row if len(cell) > _SHORTEST_SENTENCE)
        return "".join(f"{text}\n" for text in every)


def shown(label: str, longest: int = _SHOWN) -> str:
    """A label in quotes, as an error text shows it: on one line, and cut if it is long."""
    return repr(label if len(label) <= longest else label[:longest] + "...")


def letters(column: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 27 is AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def form(data: bytes) -> str:
    """The form of a file by its first bytes, in the words of `Source.format`."""
    if data.startswith((_ZIP, OLD_OFFICE)):
        return "workbook"
    if data.startswith(_PARQUET):
        return "parquet"
    if data.startswith(_PDF):
        return "pdf"
    return "html" if _is_page(data) else "csv"


def _is_page(data: bytes) -> bool:
    """Whether a file begins as a web page."""
    start = _start(data)
    return start.startswith(_PAGE) or (start.startswith(_XML) and b"<html" in start)


def _start(data: bytes) -> bytes:
    return data[:1000].lstrip(_BOM).lstrip().lower()


def unpacked(name: str, data: bytes) -> bytes:
    """The bytes of a file, out of gzip if need be.

    Raises InputError for an empty file, a cut or broken gzip file, or XML that is no page.
    """
    if data.startswith(_GZIP):
        data = unpack.gunzipped(name, data)
    if data.startswith(_GZIP):
        raise InputError(f"{name}: this is a gzip file inside a gzip file; unpack it once and try again")
    if data.startswith(_UTF_16):
        raise InputError(
            f"{name}: the file has the encoding UTF-16; it was saved anew by another program. Fetch the publisher's own file"
        )
    if not data.removeprefix(_BOM) or data.isspace():
        raise InputError(f"{name}: the file is empty ({len(data)} bytes); fetch it again from the publisher")
    if _start(data).startswith((_XML, b"<!doctype")) and not _is_page(data):
        raise InputError(f"{name}: {NOT_A_TABLE}")
    return data


def text_header(line: bytes, delimiter: str, encoding: str) -> tuple[str, ...]:
    """The column names in the first line of a text file; none if the line cannot be one of column names.

    Bytes that are not in the encoding are shown as such.
    """
    try:
        return tuple(next(csv.reader([line.decode(encoding, "backslashreplace")], delimiter=delimiter), []))
    except csv.Error:
        return ()


def even(data: bytes) -> bytes:
    """A text file with the line ends and the end that all have today.

    Old Macintoshes ended lines with a carriage return alone, and DOS a file with a mark.
    """
    data = data.removesuffix(_DOS_END)
    return data.replace(b"\r", b"\n") if b"\n" not in data else data


def first_line(data: bytes) -> bytes:
    """The first line, or the first 100,000 bytes of it."""
    end = data.find(b"\n", 0, _LONGEST_HEADER)
    return data[: end if end >= 0 else _LONGEST_HEADER].removeprefix(_BOM).rstrip(b"\r")


def read_text(name: str, data: bytes, delimiter: str, encoding: str, *, open_end: bool = False) -> RawTable:
    """A delimited text file with a header line.

    Raises InputError for bytes that are not in the encoding, for a last line without its end (a cut file, if
    the source does not have it so), and for a file without rows. Rows with too few or too many cells are kept as `ragged`.
    """
    data = data.removeprefix(_BOM)
    header = text_header(first_line(data), delimiter, encoding)
    if open_end and not data.endswith(b"\n"):
        data += b"\n"
    if not data.endswith(b"\n"):
        rows = data.count(b"\n") + 1
        raise InputError(
            f"{name}: row {rows}: the last line has no end, so the file was probably cut off; fetch it again"
        )
    if wrong := not_in(data, encoding):
        raise InputError(f"{name}: {wrong}; {SAVED_ANEW}")
    surplus = _surplus(data, len(header), delimiter, encoding)
    ragged: list[Ragged] = []
    table = _parse(name, data, len(header) + surplus, delimiter, encoding, ragged)
    if surplus and (ragged or not all(map(_is_blank, table.columns[len(header) :]))):
        ragged = []
        table = _parse(name, data, len(header), delimiter, encoding, ragged)
    if not table.num_rows + len(ragged):
        raise InputError(f"{name}: there is a header and not one row below it; fetch it again")
    columns = [_labels(column) for column in table.columns]
    every = np.arange(2, 2 + table.num_rows + len(ragged))
    kept = np.delete(every, [bad.row - 2 for bad in ragged])
    named = len(named_columns(header))
    _check_nameless(name, columns[named:], named, kept)
    return RawTable("", header[:named], tuple(columns[:named]), kept, tuple(ragged))


def _labels(column: pa.ChunkedArray) -> Labels:
    whole = column.unify_dictionaries().combine_chunks()
    return Labels(whole.dictionary.to_pylist(), _indices(whole))


def _is_blank(column: pa.ChunkedArray) -> bool:
    return not any(label.strip() for chunk in column.chunks for label in chunk.dictionary.to_pylist())


def named_columns(header: Sequence[str]) -> tuple[str, ...]:
    """A header without the columns at its end that have no name."""
    named = max((number for number, name in enumerate(header, 1) if name.strip()), default=0)
    return tuple(header[:named])


def _surplus(data: bytes, width: int, delimiter: str, encoding: str) -> int:
    """How many blank cells the first row has more than the header; a program may have put them at the end of every row."""
    start = data.find(b"\n") + 1
    row = text_header(first_line(data[start : start + _LONGEST_HEADER]), delimiter, encoding)
    return 0 if any(cell.strip() for cell in row[width:]) else max(len(row) - width, 0)


def _check_nameless(name: str, columns: Sequence[Labels], named: int, rows: Ints) -> None:
    """Raise InputError if something stands in a column without a name."""
    for number, labels in enumerate(columns, named + 1):
        for place, label in enumerate(labels.distinct):
            if label.strip():
                row = int(rows[np.flatnonzero(labels.place == place)[0]])
                raise InputError(
                    f"{name}: row {row}, column {number}: {shown(label)} stands in a column that has no name; compare it with the publisher's own file"
                )


def _without_tail(table: RawTable) -> RawTable:
    """A list of a sheet without the blank rows at its end, where something once stood."""
    filled = np.zeros(len(table.row), bool)
    for labels in table.columns:
        filled |= np.array([bool(label.strip()) for label in labels.distinct], bool)[labels.place]
    end = int(np.flatnonzero(filled)[-1]) + 1 if filled.any() else len(filled)
    if end == len(filled):
        return table
    columns = tuple(Labels(labels.distinct, labels.place[:end]) for labels in table.columns)
    return replace(table, columns=columns, row=table.row[:end])


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
                check_utf8=False, strings_can_be_null=False, column_types=dict.fromkeys(names, text)
            ),
            memory_pool=pa.system_memory_pool(),
        )
    except pa.ArrowInvalid as error:
        raise InputError(f"{name}: cannot be read as text separated by {delimiter!r}: {error}") from None


SAVED_ANEW = "the file was saved in another encoding. Fetch the publisher's own file"


def not_in(data: bytes, encoding: str) -> str:
    """The first byte that is not in an encoding, with its place, or nothing."""
    try:
        data.isascii() or data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return f"row {row}, byte {column}: {data[error.start]:#04x} is not {encoding}"
    return ""


def listed(cells: Cells) -> RawTable:
    """A sheet that is one list with its header in row 1."""
    header, rows = named_columns(cells.rows[0]), cells.rows[1:]
    blank = all(not cell.strip() for row in rows for cell in row[len(header) :])
    header = header if blank else tuple(cells.rows[0])
    columns = []
    for place in range(len(header)):
        distinct: dict[str, int] = {}
        places = [distinct.setdefault(row[place], len(distinct)) for row in rows]
        columns.append(Labels(list(distinct), np.array(places, np.int64)))
    return _without_tail(
        RawTable(
            cells.sheet,
            header,
            tuple(columns),
            np.arange(2, 2 + len(rows)),
            letters=tuple(map(letters, range(len(header)))),
            hidden=cells.hidden,
            first_day=cells.first_day,
            as_of=cells.as_of,
        )
    )


def text_cells(name: str, data: bytes, delimiter: str, encoding: str, *, open_end: bool = False) -> Cells:
    """A small delimited text file as cells; InputError as for `read_text`, and for a row of another width."""
    table = read_text(name, data, delimiter, encoding, open_end=open_end)
    if table.ragged:
        bad = table.ragged[0]
        raise InputError(
            f"{name}: row {bad.row}: the row has {bad.cells} cells, the header {len(table.header)}; a delimiter or quote is lost or too many"
        )
    columns = [[labels.distinct[place] for place in labels.place] for labels in table.columns]
    return Cells("", [table.header, *zip(*columns, strict=True)])


def read_parquet(name: str, data: bytes) -> RawTable:
    """A Parquet file's columns as labels; InputError if it is cut off, broken, far too large or holds nested columns.

    Texts are kept as their distinct ones, as the file has them, so that one that stands in each row takes no more memory.
    """
    try:
        texts = _texts_of_parquet(name, data)
        table = parquet.read_table(pa.BufferReader(data), use_threads=False, read_dictionary=texts)
        for field in table.schema:
            if pa.types.is_nested(field.type):
                raise InputError(
                    f"{name}: column {field.name!r} holds {field.type}, not one value in each row; no table here does"
                )
        columns = [_dictionary(column) for column in table.columns if table.num_rows]
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise InputError(f"{name}: the Parquet file is cut off or broken ({error}); fetch it again") from None
    if not table.num_rows:
        raise InputError(f"{name}: there are columns and not one row in them; fetch it again")
    labels = [Labels(_texts(name, whole.dictionary), _indices(whole)) for whole in columns]
    return RawTable("", tuple(table.column_names), tuple(labels), np.arange(2, 2 + table.num_rows))


def _texts_of_parquet(name: str, data: bytes) -> list[str]:
    """The columns of a Parquet file that hold texts; InputError if reading it would fill the memory."""
    try:
        described = parquet.ParquetFile(pa.BufferReader(data))
    except (pa.ArrowInvalid, OSError):
        return []
    metadata = described.metadata
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    size = sum(
        group.column(number).total_uncompressed_size
        for group in groups
        for number in range(group.num_columns)
    )
    unpack.check_size(name, size, "the Parquet file")
    if metadata.num_rows * metadata.num_columns > _MOST_VALUES:
        raise InputError(
            f"{name}: the Parquet file has {metadata.num_rows:,} rows of {metadata.num_columns:,} columns, which no table here has. Fetch the publisher's own file"
        )
    return [field.name for field in described.schema_arrow if pa.types.is_string(field.type)]


def _dictionary(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column's distinct values as texts, and the place of each row's; none is an empty text."""
    if pa.types.is_null(column.type):
        column = column.cast(pa.string())
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    whole = coded.unify_dictionaries().combine_chunks()
    texts, places = whole.dictionary.cast(pa.string()), whole.indices
    if places.null_count:
        blank = texts.index("").as_py()
        texts = texts if blank >= 0 else pa.concat_arrays([texts, pa.array([""])])
        places = places.fill_null(blank if blank >= 0 else len(texts) - 1)
    return pa.DictionaryArray.from_arrays(places, texts)


def _texts(name: str, dictionary: pa.Array) -> list[str]:
    try:
        texts: list[str] = dictionary.to_pylist()
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: the Parquet file has text that is not UTF-8 ({error}); fetch it again"
        ) from None
    return texts

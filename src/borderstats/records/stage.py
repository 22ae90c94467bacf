"""An agency's file becomes a staged Parquet file of each family that it feeds: typed, and why a value is missing kept.

No message quotes a cell. Rows are counted twice, by what is read and by what is written, and both must agree.
"""

# ruff: noqa: S608 - the SQL is made of our own column names and of texts that `literal` has quoted

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from pyarrow import compute, parquet

from borderstats.errors import InputError
from borderstats.records import text_canonical, text_files, text_headings, text_sheets, text_values
from borderstats.records.sql import literal
from borderstats.records.text_headings import Header
from borderstats.records.text_values import TextTable
from borderstats.standard.layouts import heading
from borderstats.standard.model import Standard
from borderstats.standard.sources import DELIMITERS

_PARQUET = b"PAR1"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MEMORY = "1600MiB"


@dataclass(frozen=True)
class Staged:
    """What a file became: its layout, its data rows, and for each family the file, the records read, the rows left out.

    Rows of a family's feeds are `read` or `left_out` by a condition of the layout; with several feeds of one family,
    each row counts once for each of them. `synthetic`: the file says that its records are made up.
    """

    layout: str
    rows: int
    files: Mapping[str, Path]
    read: Mapping[str, int]
    synthetic: bool
    left_out: Mapping[str, int] = field(default_factory=dict)


def stage(standard: Standard, path: Path, out: Path, threads: int = 2) -> Staged:
    """Stage the records of a file into `out`; a canonical Parquet file stays where it is.

    InputError (file, sheet, row, column; never a cell) if it is no file of exactly one layout, has no records, a row
    with too few or too many cells, or a cell that its layout does not allow.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise InputError(
            f"{path.name}: cannot be opened ({error.strerror}); look at its place and rights"
        ) from None
    if start == _PARQUET:
        return _canonical(standard, path)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".", dir=out) as folder, _session(threads, folder) as connection:
        scratch = Path(folder)
        read = _workbook if start in _WORKBOOKS else _text
        header, table = read(standard, path, scratch)
        table = _marked(connection, path, header, table, scratch / "marked")
        return _staged(connection, standard, path, header, table, out)


def _canonical(standard: Standard, path: Path) -> Staged:
    family, rows = text_canonical.family_of(path, standard.families.values())
    synthetic = "synthetic" in parquet.read_schema(path).names and _synthetic(path, [path])
    return Staged(
        text_canonical.layout(family).id,
        rows,
        {family.id: path},
        {family.id: rows},
        synthetic,
        {family.id: 0},
    )


def _text(standard: Standard, path: Path, scratch: Path) -> tuple[Header, TextTable]:
    found = text_files.survey(path)
    layouts = [layout for layout in standard.layouts.values() if layout.format != "xlsx"]
    layouts += [text_canonical.layout(family) for family in standard.families.values()]
    tried = {delimiter: text_files.first_rows(path, found.encoding, delimiter) for delimiter in DELIMITERS}
    header = text_headings.recognise(layouts, tried, path.name)
    clean = scratch / "rows"
    text_files.make_streamable(path, found, header.layout.encoding, header.layout.trailers, clean)
    columns = {f"c{place}": "VARCHAR" for place in range(len(header.headings))}
    relation = (
        f"SELECT * FROM read_csv({literal(str(clean))}, auto_detect = false, header = false, skip = {header.row}, "
        f"columns = {columns}, delim = {literal(header.delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        "null_padding = false)"
    )
    table = TextTable(
        relation,
        found.digest,
        _taken(header),
        {name: header.headings[place] for name, place in header.place.items()},
        clean,
        every=tuple(columns),
        nameless=tuple(f"c{place}" for place in header.nameless),
        above=header.row,
    )
    return header, table


def _workbook(standard: Standard, path: Path, scratch: Path) -> tuple[Header, TextTable]:
    rows = scratch / "rows"
    header = text_sheets.read(path, standard.layouts.values(), rows)
    headings = {header.layout.headings[heading(text)].name: text for text in header.headings if text.strip()}
    relation = f"SELECT * FROM read_parquet({literal(str(rows))})"
    digest = text_sheets.digest(path)
    return header, TextTable(relation, digest, _taken(header), headings, rows, workbook=True)


def _taken(header: Header) -> dict[str, str]:
    """The SQL columns that are not ignored."""
    columns = header.layout.column
    return {name: f"c{place}" for name, place in header.place.items() if not columns[name].ignore}


def _staged(
    connection: duckdb.DuckDBPyConnection,
    standard: Standard,
    path: Path,
    header: Header,
    table: TextTable,
    out: Path,
) -> Staged:
    layout = header.layout
    rows, taken = _counted(connection, path, header, table)
    files, read, left_out = {}, {}, {}
    feeds = sorted(zip(layout.feeds, taken, strict=True), key=lambda pair: pair[0].family)
    for name, group in groupby(feeds, key=lambda pair: pair[0].family):
        pairs = list(group)
        family = standard.families[name]
        query = " UNION ALL ".join(
            f"({text_values.records(layout, feed, family, table)})" for feed, _ in pairs
        )
        files[name] = out / f"{name}.parquet"
        read[name] = _written(connection, path, header, table, query, files[name])
        left_out[name] = len(pairs) * rows - read[name]
        if read[name] != sum(number for _, number in pairs):
            raise InputError(f"{path.name}: it changed while it was read; read it again when it is complete")
    synthetic = "synthetic" in table.cells and _synthetic(path, files.values())
    return Staged(layout.id, rows, files, read, synthetic, left_out)


def _marked(
    connection: duckdb.DuckDBPyConnection, path: Path, header: Header, table: TextTable, file: Path
) -> TextTable:
    """The rows with clean cells in a file of their own, so that the agency's is parsed once however many feeds there are."""
    query = text_values.marked(header.layout, table)
    _run(connection, f"COPY ({query}) TO {literal(str(file))} (FORMAT parquet)", path, header, table)
    return text_values.numbered(table, file)


def _counted(
    connection: duckdb.DuckDBPyConnection, path: Path, header: Header, table: TextTable
) -> tuple[int, list[int]]:
    """How many rows there are, and how many each feed takes; InputError if something must not be there."""
    layout = header.layout
    query, guarded = text_values.counts(layout, table)
    rows, *rest = _run(connection, query, path, header, table)[0]
    taken, (again, nameless, *refused) = rest[: len(layout.feeds)], rest[len(layout.feeds) :]
    if not rows:
        raise InputError(f"{path.name}: no record stands below the header; ask the agency for the file again")
    if again:
        raise InputError(f"{path.name}, {again}: the header stands there again; make one file of each part")
    if nameless:
        raise InputError(
            f"{path.name}, {nameless}: a cell stands in a column without a heading; name the column"
        )
    for name, place in zip(guarded, refused, strict=True):
        if place:
            allowed = ", ".join(layout.column[name].allowed)
            raise InputError(
                f"{path.name}, {place}, column {name}: only {allowed} may stand there; correct it or the layout"
            )
    return rows, taken


def _written(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    header: Header,
    table: TextTable,
    query: str,
    target: Path,
) -> int:
    """Write a query's rows in their order to a Parquet file that is there whole or not at all; how many they are."""
    part = target.with_suffix(".part")
    try:
        copy = f"COPY ({query}) TO {literal(str(part))} (FORMAT parquet)"
        ((number,),) = _run(connection, copy, path, header, table)
        part.chmod(0o600)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return int(number)


def _run(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, header: Header, table: TextTable
) -> list[tuple[Any, ...]]:
    """Run a query over the file. InputError in words of our own: DuckDB's quote the line."""
    try:
        return connection.execute(query).fetchall()
    except duckdb.InvalidInputException:
        raise InputError(f"{path.name}{_fault(header, table)}") from None
    except duckdb.Error as error:
        raise InputError(
            f"{path.name}: cannot be staged ({type(error).__name__}); see docs/records-layouts.md"
        ) from None


def _fault(header: Header, table: TextTable) -> str:
    """Where a text file is not what its header promises."""
    width = len(header.headings)
    if not table.workbook:
        for row, cells in text_files.ragged(table.source, header.delimiter, width, header.row):
            return f", row {row}: {cells} cells, and the header has {width}; look for a lost or unquoted separator there"
    return ": a quote opens and does not close, or closes too early; ask the agency for the file again"


def _synthetic(path: Path, files: Iterable[Path]) -> bool:
    """Whether all records say that they are made up; InputError if only some do."""
    made = real = 0
    for file in files:
        column = parquet.read_table(file, columns=["synthetic"])["synthetic"]
        true = compute.sum(column).as_py() or 0
        made, real = made + true, real + len(column) - true
    if made and real:
        raise InputError(
            f"{path.name}: {made} synthetic records among {real} others; keep them in files of their own"
        )
    return made > 0


@contextmanager
def _session(threads: int, spill: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = ?", [threads])
        connection.execute("SET memory_limit = ?", [_MEMORY])
        connection.execute("SET temp_directory = ?", [spill])
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            connection.execute(f"SET {setting} = false")
        yield connection

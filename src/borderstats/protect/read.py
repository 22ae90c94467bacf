"""A statistician's file of inner cells becomes a cube, or an error that says where and what to do."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from borderstats.errors import InputError
from borderstats.protect.cube import TOTAL, Cube, cube
from borderstats.protect.spec import DimensionSpec, Spec

_LARGEST = 50_000_000
"""Cells, margins included, that a table may have: all of them are held in memory."""


def read(path: Path, spec: Spec) -> Cube:
    """Read inner cells: a column for each dimension and parent level, and whole counts. Raises InputError."""
    table = _table(path, spec)
    counts = _counts(path, table, spec.count)
    paths, rows = [], []
    for one in spec.dimension:
        found, column = _dimension(path, table, one)
        paths.append(found)
        rows.append(column)
    stacked = np.stack(rows, axis=1)
    _once(path, stacked)
    size = 1
    for found in paths:
        size *= 1 + sum(len(set(level)) for level in zip(*found, strict=True))
    if size > _LARGEST:
        raise InputError(
            f"{path.name}: {size:,} cells with their margins, more than {_LARGEST:,}; split the table"
        )
    return cube([one.name for one in spec.dimension], paths, stacked, counts)


def _table(path: Path, spec: Spec) -> pa.Table:
    wanted = [*spec.columns, spec.count]
    try:
        header = csv.open_csv(path).schema.names
        text = csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
        table = csv.read_csv(path, convert_options=text)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: cannot be read as CSV: {str(error).splitlines()[0]}") from None
    for name in wanted:
        if header.count(name) != 1:
            how = "no column" if name not in header else "more than one column"
            raise InputError(f"{path.name}: {how} {name!r}; it has {', '.join(header)}")
    if not table.num_rows:
        raise InputError(f"{path.name}: no cell below the header")
    return table.select(wanted)


def _counts(path: Path, table: pa.Table, name: str) -> np.ndarray:
    whole = pc.match_substring_regex(table[name], r"^[0-9]{1,15}$")
    if not pc.all(whole).as_py():
        row = int(pc.index(whole, False).as_py()) + 2
        raise InputError(
            f"{path.name}, row {row}, column {name}: no whole count; give 0 or more, in digits only"
        )
    counts: np.ndarray = table[name].cast(pa.int64()).to_numpy()
    return counts


def _dimension(path: Path, table: pa.Table, one: DimensionSpec) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """The paths of the inner codes (code, parent ...) and the place of each row's code among them."""
    names = (one.name, *one.parents)
    for name in names:
        for bad, what in (("", "an empty code"), (TOTAL, f"{TOTAL}, which stands for totals")):
            row = int(pc.index(table[name], bad).as_py())
            if row >= 0:
                raise InputError(
                    f"{path.name}, row {row + 2}, column {name}: {what}; name the code, and leave totals out"
                )
    encoded = table[one.name].combine_chunks().dictionary_encode()
    column = encoded.indices.to_numpy().astype(np.int64)
    first = np.unique(column, return_index=True)[1]
    paths = [tuple(table[name][int(row)].as_py() for name in names) for row in first]
    for level, name in enumerate(names[1:], 1):
        wanted = pa.array([found[level] for found in paths]).take(encoded.indices)
        same = pc.equal(table[name].combine_chunks(), wanted)
        if not pc.all(same).as_py():
            row = int(pc.index(same, False).as_py())
            code = table[one.name][row].as_py()
            raise InputError(
                f"{path.name}, row {row + 2}, column {name}: {one.name} {code!r} has another parent in row "
                f"{int(first[column[row]]) + 2}; a code has one parent in each level"
            )
    _nested(path, names, paths)
    return paths, column


def _nested(path: Path, names: tuple[str, ...], paths: list[tuple[str, ...]]) -> None:
    """A parent has one parent of its own, and no code stands in two levels: cells are told apart by their codes."""
    level_of: dict[str, int] = {}
    parent_of: dict[tuple[int, str], str] = {}
    for found in paths:
        for level, code in enumerate(found):
            if level_of.setdefault(code, level) != level:
                raise InputError(
                    f"{path.name}: the code {code!r} stands in {names[level_of[code]]} and in {names[level]}; "
                    "give each level codes of its own"
                )
            if (
                level + 1 < len(found)
                and parent_of.setdefault((level, code), found[level + 1]) != found[level + 1]
            ):
                raise InputError(
                    f"{path.name}: {names[level]} {code!r} lies in {parent_of[level, code]!r} and in "
                    f"{found[level + 1]!r} of {names[level + 1]}; a code has one parent in each level"
                )


def _once(path: Path, rows: np.ndarray) -> None:
    """Complain of an inner cell that stands in two rows."""
    order = np.lexsort(rows.T)
    same = (rows[order][1:] == rows[order][:-1]).all(axis=1)
    if same.any():
        place = int(np.flatnonzero(same)[0])
        first, second = sorted((int(order[place]), int(order[place + 1])))
        raise InputError(
            f"{path.name}, row {second + 2}: the same cell as in row {first + 2}; give each cell once, with its whole count"
        )

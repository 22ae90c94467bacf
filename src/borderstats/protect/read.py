"""A statistician's file of inner cells becomes a cube, or an error that says where and what to do."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from borderstats.errors import InputError
from borderstats.protect.cube import TOTAL, Cube, Ints, cube, dimension
from borderstats.protect.spec import DimensionSpec, Spec

_MOST = 1_000_000_000_000_000
"""What all counts may add up to: sums and changes are far from the largest number that is exact."""

_LARGEST = 50_000_000
"""Cells, margins included, that a table may have: all of them are held in memory."""


def read(path: Path, spec: Spec) -> Cube:
    """Read inner cells: a column for each dimension and parent level, and whole counts. Raises InputError."""
    table = _table(path, (*spec.columns, spec.count))
    counts = _counts(path, table, spec.count)
    dimensions, rows = [], []
    size = 1
    for one in spec.dimension:
        found, column = _dimension(path, table, one)
        made = dimension((one.name, *one.parents), found, _groups(path, one, found))
        size *= len(made.codes)
        if size > _LARGEST:
            raise InputError(
                f"{path.name}: more than {_LARGEST:,} cells with their margins; split the table, or leave a dimension out"
            )
        dimensions.append(made)
        places = {code: number for number, code in enumerate(made.codes)}
        rows.append(np.array([places[first[0]] for first in found], np.int64)[column])
    stacked = np.stack(rows, axis=1)
    _once(path, stacked)
    if sum(counts.tolist()) > _MOST:
        raise InputError(
            f"{path.name}, column {spec.count}: the counts add up to more than {_MOST:,}; check them"
        )
    whole = cube(dimensions, stacked, counts)
    _check_codes(path, spec, whole)
    if not spec.table:
        return whole
    return replace(whole, shown=np.logical_or.reduce([whole.table(one.columns) for one in spec.table]))


def _check_codes(path: Path, spec: Spec, whole: Cube) -> None:
    """Raise InputError if there is a higher threshold for a code that no cell has: a misspelt one would protect nobody."""
    codes = {one.name: one.codes for one in whole.dimensions}
    for one in spec.stricter:
        for code in one.codes:
            if code not in codes[one.dimension]:
                raise InputError(
                    f"{path.name}, column {one.dimension}: no cell has the code {code!r}, for which the specification has a "
                    "threshold of its own (stricter); spell it as the cells do, or leave it out"
                )


def record_keys(path: Path, spec: Spec, cube: Cube) -> Ints:
    """The sum of the record keys of each inner cell, in the order of the cube. Raises InputError."""
    table = _table(path, (*(one.name for one in spec.dimension), spec.key))
    keys = _counts(path, table, spec.key)
    numbers = np.zeros(len(keys), np.int64)
    for one in cube.dimensions:
        place = {code: number for number, code in enumerate(one.codes)}
        column = [place[code] for code in table[one.name].to_pylist()]
        numbers = numbers * len(one.codes) + np.array(column, np.int64)
    order = np.argsort(numbers)
    found: Ints = keys[order][np.searchsorted(numbers[order], cube.cells)]
    return found


def figures(path: Path, cube: Cube) -> Ints:
    """The cells whose count is public elsewhere: a column for each dimension, and `value`. Raises InputError.

    A figure that is not the count of these records is refused: it counts something else.
    """
    names = [one.name for one in cube.dimensions]
    table = _table(path, (*names, "value"))
    values = _counts(path, table, "value")
    numbers = np.zeros(len(values), np.int64)
    for one in cube.dimensions:
        place = {code: number for number, code in enumerate(one.codes)}
        codes = table[one.name].to_pylist()
        for row, code in enumerate(codes):
            if code not in place:
                raise InputError(
                    f"{path.name}, row {row + 2}, column {one.name}: {code!r} is no code of the table; {TOTAL} is the total"
                )
        numbers = numbers * len(one.codes) + np.array([place[code] for code in codes], np.int64)
    other = np.flatnonzero(cube.values[numbers] != values)
    if len(other):
        raise InputError(
            f"{path.name}, row {other[0] + 2}, column value: {values[other[0]]:,}, but the cells add up to another count; "
            "a figure that counts something else is no help to an attacker and can be left out, and one of an "
            "earlier state of the records belongs to an earlier release"
        )
    return np.unique(numbers)


def _groups(
    path: Path, one: DimensionSpec, found: list[tuple[str, ...]]
) -> list[tuple[str, tuple[str, ...]]]:
    known = {code for codes in found for code in codes}
    for group in one.group:
        if not group.code:
            raise InputError(f"{path.name}: a group of {one.name} has no code; name it")
        if group.code in known or group.code == TOTAL:
            raise InputError(f"{path.name}: the group {group.code!r} of {one.name} is a code already")
        for code in group.of:
            if code not in known:
                raise InputError(
                    f"{path.name}: the group {group.code!r} of {one.name} holds {code!r}, which is no code of it"
                )
        if not group.of:
            raise InputError(f"{path.name}: the group {group.code!r} of {one.name} holds no code")
        known.add(group.code)
    return [(group.code, group.of) for group in one.group]


def _table(path: Path, wanted: Sequence[str]) -> pa.Table:
    try:
        header = csv.open_csv(path).schema.names
        text = csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
        table = csv.read_csv(path, convert_options=text)
    except OSError:
        raise InputError(
            f"{path.name}: there is no such file that can be read; give the path of a CSV file"
        ) from None
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{path.name}: cannot be read as CSV in UTF-8: {reason}; save it so, with a header and a row for each cell"
        ) from None
    for name in wanted:
        if header.count(name) != 1:
            how = "no column" if name not in header else "more than one column"
            raise InputError(f"{path.name}: {how} {name!r}; it has {', '.join(header)}")
    if not table.num_rows:
        raise InputError(f"{path.name}: no cell below the header")
    return table.select(list(wanted))


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
    """Raise InputError if an inner cell stands in two rows."""
    order = np.lexsort(rows.T)
    same = (rows[order][1:] == rows[order][:-1]).all(axis=1)
    if same.any():
        place = int(np.flatnonzero(same)[0])
        first, second = sorted((int(order[place]), int(order[place + 1])))
        raise InputError(
            f"{path.name}, row {second + 2}: the same cell as in row {first + 2}; give each cell once, with its whole count"
        )

"""The folder of a protected table: what may be published, and under `confidential` why and with which proof.

`published.csv` has every cell, margins included; `dimensions.csv` which code lies in which. `confidential/pattern.csv` has each
withheld cell with its count and reason, `confidential/certificates.csv` the changes that prove that it cannot be recovered.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from borderstats.errors import InputError
from borderstats.protect.cube import Dimension, Flags, Ints
from borderstats.protect.suppress import Changes, Suppression

PUBLISHED, DIMENSIONS = "published.csv", "dimensions.csv"
PATTERN, CERTIFICATES = "confidential/pattern.csv", "confidential/certificates.csv"


@dataclass(frozen=True)
class Published:
    """What anyone can see: the dimensions, and the count of each cell by its number, if it is not withheld."""

    dimensions: tuple[Dimension, ...]
    values: Ints
    withheld: Flags


@dataclass(frozen=True)
class Confidential:
    """What the office knows besides: the true counts of withheld cells, which are sensitive, and the certificates.

    Certificate c changes the cells numbered `cells[starts[c]:starts[c + 1]]` by `changes[...]`; its name is `names[c]`.
    """

    values: Ints
    sensitive: Flags
    names: tuple[str, ...]
    certificates: Changes


def write(protected: Suppression, folder: Path) -> None:
    """Write the folder; files of an earlier run are replaced, others are let be."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "confidential"
    secret.mkdir(mode=0o700, exist_ok=True)
    secret.chmod(0o700)
    cube = protected.cube
    every = np.arange(len(cube.values))
    shown = pa.array(cube.values, mask=protected.withheld)
    status = np.where(protected.withheld, "suppressed", "published")
    _write(folder / PUBLISHED, {**cube.columns(every), "value": shown, "status": status})
    _write(folder / DIMENSIONS, _levels(cube.dimensions))
    withheld = np.flatnonzero(protected.withheld)
    reasons = np.where(protected.sensitive[withheld], "sensitive", "secondary")
    pattern = {**cube.columns(withheld), "value": cube.values[withheld], "reason": reasons}
    _write(folder / PATTERN, pattern, 0o600)
    found = protected.certificates
    number = np.repeat(np.arange(1, len(found) + 1), np.diff(found.starts))
    changes = {
        "certificate": number,
        **cube.columns(cube.cells[found.cells]),
        "change": found.changes,
    }
    _write(folder / CERTIFICATES, changes, 0o600)


def _write(path: Path, columns: Mapping[str, object], mode: int = 0o644) -> None:
    # The name is taken by a new file, so that nobody reads a confidential one while it is open to others.
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        csv.write_csv(pa.table(dict(columns)), file, csv.WriteOptions(quoting_style="needed"))
    part.replace(path)


def _levels(dimensions: Sequence[Dimension]) -> dict[str, list[str]]:
    """Every code of every dimension with its parent, the total without one."""
    columns: dict[str, list[str]] = {"dimension": [], "code": [], "parent": []}
    for one in dimensions:
        parent: dict[int, int] = {}
        for place, above in enumerate(one.above):
            path = [place, *(int(p) for p in above)]
            parent.update(pairwise(path))
        for place, code in enumerate(one.codes):
            columns["dimension"].append(one.name)
            columns["code"].append(code)
            columns["parent"].append(one.codes[parent[place]] if place in parent else "")
    return columns


def read(folder: Path) -> tuple[Published, Confidential | None]:
    """Read a folder, with its confidential side if it is there. Raises InputError: file, row, what to do."""
    if not (folder / PUBLISHED).is_file():
        raise InputError(
            f"{folder}: no {PUBLISHED} in it; give a folder that borderstats protect has written"
        )
    dimensions = _dimensions(_table(folder, DIMENSIONS, ("dimension", "code", "parent")))
    names = [one.name for one in dimensions]
    shown = _table(folder, PUBLISHED, (*names, "value", "status"))
    cells = _numbers(PUBLISHED, shown, dimensions)
    size = int(np.prod([len(one.codes) for one in dimensions]))
    if len(cells) != size or len(np.unique(cells)) != size:
        raise InputError(f"{PUBLISHED}: {len(cells):,} rows; each of {size:,} cells must stand in one")
    withheld, values = np.zeros(size, np.bool_), np.zeros(size, np.int64)
    is_withheld = np.array(shown["status"].to_pylist()) == "suppressed"
    withheld[cells] = is_withheld
    values[cells] = _counts(PUBLISHED, shown, "value", blank=is_withheld)
    published = Published(dimensions, values, withheld)
    if not (folder / PATTERN).is_file():
        return published, None
    return published, _confidential(folder, published)


def _confidential(folder: Path, published: Published) -> Confidential:
    names = [one.name for one in published.dimensions]
    pattern = _table(folder, PATTERN, (*names, "value", "reason"))
    cells = _numbers(PATTERN, pattern, published.dimensions)
    values, sensitive = published.values.copy(), np.zeros(len(published.values), np.bool_)
    values[cells] = _counts(PATTERN, pattern, "value")
    sensitive[cells] = np.array(pattern["reason"].to_pylist()) == "sensitive"
    if set(cells.tolist()) != set(np.flatnonzero(published.withheld).tolist()):
        raise InputError(f"{PATTERN}: the cells in it are not those that {PUBLISHED} withholds")
    table = _table(folder, CERTIFICATES, ("certificate", *names, "change"))
    numbers = table["certificate"].combine_chunks().dictionary_encode()
    number = numbers.indices.to_numpy()
    order = np.argsort(number, kind="stable")
    starts = np.searchsorted(number[order], np.arange(len(numbers.dictionary) + 1))
    changed = _numbers(CERTIFICATES, table, published.dimensions)
    changes = _counts(CERTIFICATES, table, "change")
    return Confidential(
        values,
        sensitive,
        tuple(numbers.dictionary.to_pylist()),
        Changes(starts, changed[order], changes[order]),
    )


def _table(folder: Path, name: str, wanted: Sequence[str]) -> pa.Table:
    path = folder / name
    try:
        header = csv.open_csv(path).schema.names
        text = csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
        table = csv.read_csv(path, convert_options=text)
    except FileNotFoundError:
        raise InputError(f"{folder}: no {name} in it; protect the table anew") from None
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise InputError(f"{name}: cannot be read as CSV: {str(error).splitlines()[0]}") from None
    if list(header) != list(wanted):
        raise InputError(f"{name}: columns {', '.join(header)}; they must be {', '.join(wanted)}")
    return table


def _dimensions(table: pa.Table) -> tuple[Dimension, ...]:
    parents: dict[str, dict[str, str]] = {}
    for row in table.to_pylist():
        parents.setdefault(row["dimension"], {})[row["code"]] = row["parent"]
    made = []
    for name, parent in parents.items():
        codes = tuple(parent)
        above = set(parent.values())
        inner = [code for code in codes if code not in above]
        paths = [_path(name, code, parent) for code in inner]
        if codes[: len(inner)] != tuple(inner) or len({len(path) for path in paths}) > 1:
            raise InputError(
                f"{DIMENSIONS}: the codes of {name} are not inner ones first, each as deep; protect anew"
            )
        place = {code: number for number, code in enumerate(codes)}
        made.append(
            Dimension(
                name, codes, len(inner), np.array([[place[c] for c in path] for path in paths], np.int64)
            )
        )
    return tuple(made)


def _path(name: str, code: str, parent: Mapping[str, str]) -> list[str]:
    """The codes above a code, the nearest first."""
    path: list[str] = []
    while parent[code]:
        code = parent[code]
        if code not in parent or code in path:
            raise InputError(f"{DIMENSIONS}: {code!r} of {name} has no row of its own, or lies in itself")
        path.append(code)
    return path


def _numbers(name: str, table: pa.Table, dimensions: Sequence[Dimension]) -> Ints:
    """The numbers of the cells in a table's rows."""
    cells = np.zeros(table.num_rows, np.int64)
    for one in dimensions:
        place = {code: number for number, code in enumerate(one.codes)}
        codes = table[one.name].to_pylist()
        try:
            cells = cells * len(one.codes) + np.array([place[code] for code in codes], np.int64)
        except KeyError:
            row = next(n for n, code in enumerate(codes) if code not in place)
            raise InputError(
                f"{name}, row {row + 2}, column {one.name}: {codes[row]!r} is not in {DIMENSIONS}"
            ) from None
    return cells


def _counts(name: str, table: pa.Table, column: str, blank: Flags | None = None) -> Ints:
    """The whole numbers of a column; where `blank` is set, it must be empty."""
    texts = table[column].to_pylist()
    numbers = np.zeros(len(texts), np.int64)
    for row, text in enumerate(texts):
        if blank is not None and blank[row]:
            if text:
                raise InputError(f"{name}, row {row + 2}, column {column}: a withheld cell has a value")
            continue
        try:
            numbers[row] = int(text)
        except ValueError:
            raise InputError(f"{name}, row {row + 2}, column {column}: {text!r} is no whole number") from None
    return numbers

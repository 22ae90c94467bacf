"""The folder of a protected table: what may be published, and under `confidential` why and with which proof.

`published.csv` has every cell that a table shows, margins included; `dimensions.csv` which code lies in which; `about.json`
what is known of a withheld cell; `known.csv`, if there is one, the figures that are public elsewhere. Under `confidential`,
`cells.csv` has the inner cells, `pattern.csv` each withheld cell with its count and reason, `certificates.csv` the changes
that prove that it cannot be recovered, `everyone.csv` the cells of which nobody may know that they hold everyone of the cell
above them in a dimension. After earlier releases, `earlier.txt` names their folders and `earlier.csv` has what the
certificates change there.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from borderstats.errors import InputError
from borderstats.protect.cube import TOTAL, Cube, Dimension, Flags, Ints
from borderstats.protect.perturb import Perturbed
from borderstats.protect.problem import Earlier
from borderstats.protect.suppress import Changes, Suppression

PUBLISHED, DIMENSIONS, ABOUT, KNOWN = "published.csv", "dimensions.csv", "about.json", "known.csv"
CELLS, PATTERN, CERTIFICATES = (f"confidential/{name}.csv" for name in ("cells", "pattern", "certificates"))
EVERYONE, EARLIER_CHANGES = "confidential/everyone.csv", "confidential/earlier.csv"
EARLIER = "confidential/earlier.txt"
_WHOLE = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True)
class Published:
    """What anyone can see: the dimensions, which cells are shown, and the count of each by its number, if not withheld.

    `least` is what is known of a withheld cell; `known` are the numbers and counts of figures public elsewhere.
    """

    dimensions: tuple[Dimension, ...]
    shown: Flags
    values: Ints
    withheld: Flags
    least: int
    known: tuple[Ints, Ints]

    def codes(self, cell: int) -> tuple[str, ...]:
        """The codes of one cell."""
        places = np.unravel_index(cell, [len(one.codes) for one in self.dimensions])
        return tuple(d.codes[int(place)] for d, place in zip(self.dimensions, places, strict=True))


@dataclass(frozen=True)
class Confidential:
    """What the office knows besides: the true inner cells, which cells are sensitive, and the certificates.

    Certificate c changes the cells numbered `cells[starts[c]:starts[c + 1]]` by `changes[...]`; its name is `names[c]`.
    `everyone` are pairs of numbers of cells of which nobody may know that they are equal, with the place of the dimension
    in which they differ. `earlier` are the folders of
    earlier releases, and what the same certificates change in each.
    """

    cube: Cube
    sensitive: Flags
    everyone: Ints
    names: tuple[str, ...]
    certificates: Changes
    earlier: tuple[tuple[Path, Changes], ...]


class _About(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a table was protected, as far as anyone may know."""

    method: str
    additive: bool
    least_withheld: int = 0


def write_perturbed(found: Perturbed, folder: Path) -> None:
    """Write the folder of a table in which counts were changed: all cells alike, so that nobody sees which were."""
    _open(folder)
    cube = found.cube
    every = np.flatnonzero(cube.shown)
    figures = {**cube.columns(every), "value": found.figures[every], "status": ["perturbed"] * len(every)}
    _write(folder / PUBLISHED, figures)
    _write(folder / DIMENSIONS, _levels(cube.dimensions))
    _write_json(folder / ABOUT, _About(found.method, found.additive))
    cells = {**cube.columns(cube.cells), "value": cube.counts, "published": found.figures[cube.cells]}
    _write(folder / CELLS, cells, 0o600)


def _open(folder: Path) -> None:
    """The folder, without what another method has left there."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "confidential"
    if secret.is_symlink():
        raise InputError(
            f"{secret}: is a link to another place; remove it, so that nothing confidential goes there"
        )
    secret.mkdir(mode=0o700, exist_ok=True)
    secret.chmod(0o700)
    for name in (KNOWN, PATTERN, CERTIFICATES, EVERYONE, EARLIER, EARLIER_CHANGES):
        (folder / name).unlink(missing_ok=True)


def write(protected: Suppression, folder: Path) -> None:
    """Write the folder; files of an earlier run are replaced, others are let be."""
    _open(folder)
    cube = protected.cube
    every = np.flatnonzero(cube.shown)
    withheld = protected.withheld[every]
    shown = pa.array(cube.values[every], mask=withheld)
    status = np.where(withheld, "suppressed", "published")
    _write(folder / PUBLISHED, {**cube.columns(every), "value": shown, "status": status})
    _write(folder / DIMENSIONS, _levels(cube.dimensions))
    _write_json(folder / ABOUT, _About("suppression", additive=True, least_withheld=protected.least))
    if protected.known is not None:
        known = np.unique(protected.known)
        _write(folder / KNOWN, {**cube.columns(known), "value": cube.values[known]})
    _write_confidential(protected, folder)


def _write_confidential(protected: Suppression, folder: Path) -> None:
    cube = protected.cube
    inner = cube.counts > 0
    sensitive = np.where(protected.sensitive[cube.cells], "sensitive", "")[inner]
    cells = {**cube.columns(cube.cells[inner]), "value": cube.counts[inner], "reason": sensitive}
    _write(folder / CELLS, cells, 0o600)
    withheld = np.flatnonzero(protected.withheld)
    reasons = np.where(protected.sensitive[withheld], "sensitive", "secondary")
    pattern = {**cube.columns(withheld), "value": cube.values[withheld], "reason": reasons}
    _write(folder / PATTERN, pattern, 0o600)
    _write(folder / CERTIFICATES, _changes(cube, protected.certificates), 0o600)
    if len(protected.everyone):
        below, _, place = protected.everyone.T
        above = cube.columns(protected.everyone[:, 1])
        dimensions = np.array([one.name for one in cube.dimensions], object)[place]
        within = [above[name][row] for row, name in enumerate(dimensions)]
        columns = {**cube.columns(below), "dimension": dimensions.tolist(), "within": within}
        _write(folder / EVERYONE, columns, 0o600)
    if protected.earlier:
        names = "".join(f"{one.name}\n" for one, _, _ in protected.earlier)
        write_bytes(folder / EARLIER, names.encode(), 0o600)
        parts = [_changes(each, changes) for _, each, changes in protected.earlier]
        release = np.repeat(np.arange(1, len(parts) + 1), [len(part["certificate"]) for part in parts])
        joined = {name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in parts[0]}
        _write(folder / EARLIER_CHANGES, {"release": release, **joined}, 0o600)


def _changes(cube: Cube, found: Changes) -> dict[str, Ints | list[str]]:
    number = np.repeat(np.arange(1, len(found) + 1), np.diff(found.starts))
    return {"certificate": number, **cube.columns(cube.cells[found.cells]), "change": found.changes}


def _write(path: Path, columns: Mapping[str, object], mode: int = 0o644) -> None:
    sink = pa.BufferOutputStream()
    csv.write_csv(pa.table(dict(columns)), sink, csv.WriteOptions(quoting_style="needed"))
    write_bytes(path, sink.getvalue(), mode)


def _write_json(path: Path, value: _About) -> None:
    write_bytes(path, msgspec.json.format(msgspec.json.encode(value)) + b"\n", 0o644)


def write_bytes(path: Path, data: bytes | pa.Buffer, mode: int) -> None:
    """Write a file that nobody else can read for a moment, if its mode says so."""
    # The name is taken by a new file, so that nobody reads a confidential one while it is open to others.
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
    part.replace(path)


def _levels(dimensions: Sequence[Dimension]) -> dict[str, list[str]]:
    """Every code of every dimension with each code above it, the total without one."""
    columns: dict[str, list[str]] = {"dimension": [], "code": [], "parent": []}
    for one in dimensions:
        for code, parent in (*one.parents, (len(one.codes) - 1, None)):
            columns["dimension"].append(one.name)
            columns["code"].append(one.codes[code])
            columns["parent"].append("" if parent is None else one.codes[parent])
    return columns


def read(folder: Path) -> tuple[Published, Confidential | None]:
    """Read a folder, with its confidential side if it is there. Raises InputError: file, row, what to do."""
    if not (folder / PUBLISHED).is_file():
        raise InputError(
            f"{folder}: no {PUBLISHED} in it; give a folder that borderstats protect has written"
        )
    dimensions = _dimensions(_table(folder, DIMENSIONS, ("dimension", "code", "parent")))
    try:
        about = msgspec.json.decode((folder / ABOUT).read_bytes(), type=_About)
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(f"{folder}: no readable {ABOUT} in it ({error}); protect the table anew") from None
    if about.least_withheld not in (0, 1):
        raise InputError(
            f"{ABOUT}: least_withheld is {about.least_withheld}; it is 0 or 1, so protect the table anew"
        )
    if about.method != "suppression":
        raise InputError(
            f"{folder}: protected by {about.method}, which changes counts and withholds none; the audit attacks suppression"
        )
    names = [one.name for one in dimensions]
    table = _table(folder, PUBLISHED, (*names, "value", "status"))
    cells = _numbers(PUBLISHED, table, dimensions)
    again = np.flatnonzero(np.bincount(cells) > 1)
    if len(again):
        row = int(np.flatnonzero(cells == again[0])[1])
        raise InputError(f"{PUBLISHED}, row {row + 2}: this cell stands in another row already")
    size = int(np.prod([len(one.codes) for one in dimensions]))
    shown, withheld, values = np.zeros(size, np.bool_), np.zeros(size, np.bool_), np.zeros(size, np.int64)
    statuses = table["status"].to_pylist()
    for row, status in enumerate(statuses):
        if status not in ("published", "suppressed"):
            raise InputError(
                f"{PUBLISHED}, row {row + 2}, column status: {status!r}; it is published or suppressed, so protect the table anew"
            )
    is_withheld = np.array(statuses, object) == "suppressed"
    shown[cells] = True
    withheld[cells] = is_withheld
    values[cells] = _counts(PUBLISHED, table, "value", blank=is_withheld)
    published = Published(
        dimensions, shown, values, withheld, about.least_withheld, _known(folder, dimensions)
    )
    if not (folder / PATTERN).is_file():
        return published, None
    return published, _confidential(folder, published)


def earlier(folder: Path, name: str) -> Earlier:
    """An earlier release, by the name under which it is kept. Raises InputError."""
    published, secret = read(folder)
    if secret is None:
        raise InputError(f"{folder}: an earlier release is needed with its folder confidential")
    cube = replace(secret.cube, shown=published.shown)
    return Earlier(
        name,
        cube,
        secret.sensitive,
        published.withheld,
        published.least,
        secret.everyone,
        published.known[0],
    )


def true_counts(folder: Path, dimensions: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The inner cells that a folder was made of, by their codes in these dimensions, zeros left out; empty if it has others."""
    try:
        table = csv.read_csv(
            folder / CELLS,
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(dimensions, pa.string())),
        )
        codes = zip(*(table[name].to_pylist() for name in dimensions), strict=True)
        found = zip(codes, table["value"].to_pylist(), strict=True)
    except (OSError, KeyError, pa.ArrowInvalid):
        raise InputError(
            f"{folder}: no {CELLS} in it that can be read; it is needed with its folder confidential"
        ) from None
    return {cell: count for cell, count in found if count}


def unnamed(folders: Sequence[Path]) -> Path | None:
    """An earlier release that one of these releases was held against and that is not among them; None if all are."""
    given = {folder.resolve() for folder in folders}
    for folder in folders:
        for path in _earlier(folder):
            if path.resolve() not in given:
                return path.resolve()
    return None


def _known(folder: Path, dimensions: Sequence[Dimension]) -> tuple[Ints, Ints]:
    if not (folder / KNOWN).exists():
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    table = _table(folder, KNOWN, (*(one.name for one in dimensions), "value"))
    return _numbers(KNOWN, table, dimensions), _counts(KNOWN, table, "value")


def _confidential(folder: Path, published: Published) -> Confidential:
    dimensions = published.dimensions
    names = [one.name for one in dimensions]
    pattern = _table(folder, PATTERN, (*names, "value", "reason"))
    withheld = _numbers(PATTERN, pattern, dimensions)
    if not np.array_equal(np.sort(withheld), np.flatnonzero(published.withheld)):
        raise InputError(f"{PATTERN}: the cells in it are not those that {PUBLISHED} withholds")
    inner = _table(folder, CELLS, (*names, "value", "reason"))
    numbers = _numbers(CELLS, inner, dimensions)
    counts = _counts(CELLS, inner, "value")
    order = np.argsort(numbers)
    shape = [len(one.codes) for one in dimensions]
    places = np.stack(np.unravel_index(numbers[order], shape), axis=1)
    cube = Cube(dimensions, places, counts[order], published.shown)
    if len(np.unique(numbers)) < len(numbers) or not cube.inner[numbers].all() or (counts < 1).any():
        raise InputError(f"{CELLS}: it must have inner cells only, each once, with a count from 1")
    if (cube.values[withheld] != _counts(PATTERN, pattern, "value")).any():
        raise InputError(f"{PATTERN}: its counts are not the sums of {CELLS}; protect anew")
    sensitive = np.zeros(len(published.values), np.bool_)
    for cells, table in ((withheld, pattern), (numbers, inner)):
        sensitive[cells[np.array(table["reason"].to_pylist(), object) == "sensitive"]] = True
    table = _table(folder, CERTIFICATES, ("certificate", *names, "change"))
    texts = table["certificate"].to_pylist()
    paths = _earlier(folder)
    columns = ("release", "certificate", *names, "change")
    others = _table(folder, EARLIER_CHANGES, columns) if paths else table.slice(0, 0)
    titles = list(dict.fromkeys([*texts, *others["certificate"].to_pylist()]))
    place = {title: number for number, title in enumerate(titles)}
    certificates = _grouped(CERTIFICATES, table, texts, dimensions, place)
    before = []
    for number, path in enumerate(paths, 1):
        changes = others.filter(pc.equal(others["release"], str(number)))
        its_dimensions = _dimensions(_table(path, DIMENSIONS, ("dimension", "code", "parent")))
        found = _grouped(EARLIER_CHANGES, changes, changes["certificate"].to_pylist(), its_dimensions, place)
        before.append((path, found))
    return Confidential(
        cube, sensitive, _everyone(folder, dimensions), tuple(titles), certificates, tuple(before)
    )


def _grouped(
    name: str, table: pa.Table, titles: list[str], dimensions: Sequence[Dimension], place: Mapping[str, int]
) -> Changes:
    number = np.array([place[title] for title in titles], np.int64)
    order = np.argsort(number, kind="stable")
    starts = np.searchsorted(number[order], np.arange(len(place) + 1))
    cells, changes = _numbers(name, table, dimensions), _counts(name, table, "change")
    return Changes(starts, cells[order], changes[order])


def _earlier(folder: Path) -> list[Path]:
    path = folder / EARLIER
    try:
        return [folder / line for line in path.read_text("utf-8").splitlines()] if path.is_file() else []
    except UnicodeDecodeError:
        raise InputError(f"{EARLIER}: is no UTF-8 text; protect the table anew") from None


def _everyone(folder: Path, dimensions: Sequence[Dimension]) -> Ints:
    if not (folder / EVERYONE).is_file():
        return np.zeros((0, 3), np.int64)
    names = [one.name for one in dimensions]
    table = _table(folder, EVERYONE, (*names, "dimension", "within"))
    below = _numbers(EVERYONE, table, dimensions)
    upper = {name: table[name].to_pylist() for name in names}
    for row, (name, code) in enumerate(
        zip(table["dimension"].to_pylist(), table["within"].to_pylist(), strict=True)
    ):
        if name not in upper:
            raise InputError(f"{EVERYONE}, row {row + 2}, column dimension: {name!r} is not in {DIMENSIONS}")
        upper[name][row] = code
    above = _numbers(EVERYONE, pa.table(upper), dimensions)
    place = [names.index(name) for name in table["dimension"].to_pylist()]
    return np.column_stack([below, above, np.array(place, np.int64)])


def _table(folder: Path, name: str, wanted: Sequence[str]) -> pa.Table:
    path = folder / name
    try:
        header = csv.open_csv(path).schema.names
        text = csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
        table = csv.read_csv(path, convert_options=text)
    except OSError:
        raise InputError(f"{folder}: no {name} in it that can be read; protect the table anew") from None
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise InputError(f"{name}: cannot be read as CSV: {str(error).splitlines()[0]}") from None
    if list(header) != list(wanted):
        raise InputError(f"{name}: columns {', '.join(header)}; they must be {', '.join(wanted)}")
    return table


def _dimensions(table: pa.Table) -> tuple[Dimension, ...]:
    parents: dict[str, dict[str, list[str]]] = {}
    for row in table.to_pylist():
        above = parents.setdefault(row["dimension"], {}).setdefault(row["code"], [])
        above += [row["parent"]] if row["parent"] else []
    made = []
    for name, parent in parents.items():
        codes = list(parent)
        holding = {code for above in parent.values() for code in above}
        inner = [code for code in codes if code not in holding]
        for code in holding - parent.keys():
            raise InputError(f"{DIMENSIONS}: {code!r} of {name} has no row of its own")
        if codes[: len(inner)] != inner or [code for code in codes if not parent[code]] != [TOTAL]:
            raise InputError(
                f"{DIMENSIONS}: the codes of {name} are not inner ones first, and {TOTAL} above all; protect anew"
            )
        codes = [*(code for code in codes if code != TOTAL), TOTAL]
        place = {code: number for number, code in enumerate(codes)}
        pairs = sorted((place[code], place[one]) for code, above in parent.items() for one in above)
        made.append(Dimension(name, tuple(codes), len(inner), tuple(pairs), ((name, 0),)))
    return tuple(made)


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
        if not _WHOLE.fullmatch(text):
            raise InputError(
                f"{name}, row {row + 2}, column {column}: {text[:30]!r} is no whole number, or too large for a count"
            )
        numbers[row] = int(text)
    return numbers

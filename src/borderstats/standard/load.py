"""Read `standard/` into frozen values; every error names the file and the path in it."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from borderstats.errors import StandardError
from borderstats.periods import Calendar
from borderstats.standard import decode
from borderstats.standard.check import contradictions
from borderstats.standard.codelists import Code, CodeList
from borderstats.standard.decode import DecodeError
from borderstats.standard.layouts import Layout
from borderstats.standard.model import (
    Break,
    Check,
    CitedMeasure,
    Concept,
    Dataset,
    Headlines,
    Measure,
    Standard,
    Waiver,
)
from borderstats.standard.office import Announcement, Office
from borderstats.standard.protection import Protections
from borderstats.standard.provisions import Milestone, Parameter, Provisions, Reconciliations
from borderstats.standard.records import Family
from borderstats.standard.simulation import Simulation
from borderstats.standard.sources import AnySource
from borderstats.standard.statuses import STATUSES, Status
from borderstats.standard.struct import Struct
from borderstats.standard.tables import AnyTableSpec

T = TypeVar("T", bound=Struct)

_LISTS = {"aliases", "concepts", "datasets", "predecessor", "provisions", "successor"}
_PAIRS = {"key"}
_PARTS = (
    "office.toml", "concepts.toml", "codelists/*.csv", "datasets/*.toml", "sources/*.toml", "provisions.toml",
    "milestones.csv", "parameters.csv", "reconciliations.toml", "home.toml", "breaks.csv", "checks.csv", "cited.csv",
    "measures.csv", "waivers.csv", "announcements.csv", "records/*.toml", "layouts/*.toml", "tables/*.toml",
    "protection.toml", "calendar.toml", "simulation.toml",
)  # fmt: skip
"""The files of a standard."""


def load(folder: Path) -> Standard:
    """The whole standard in `folder`, cross-checked.

    It must have an office, concepts, code lists, datasets and sources; every other file may be absent.

    Raises StandardError with one line for each thing that is wrong: first what cannot be read, then, once all
    can be read, every reference that leads nowhere.
    """
    if not (folder / "concepts.toml").is_file():
        raise StandardError(
            [
                f"{folder}: no standard here (concepts.toml is missing); run borderstats in the project's folder or give --standard"
            ]
        )
    findings: list[str] = []
    concepts = _toml(folder / "concepts.toml", dict[str, Concept], findings) or {}
    announced = _toml(folder / "provisions.toml", Provisions, findings, optional=True)
    standard = Standard(
        calendar=_toml(folder / "calendar.toml", Calendar, findings, optional=True) or Calendar(),
        concepts=concepts,
        codelists={
            path.stem: CodeList(
                path.stem, tuple(_rows(path, Status if path.stem == STATUSES else Code, findings))
            )
            for path in sorted((folder / "codelists").glob("*.csv"))
        },
        datasets=_by_id(folder / "datasets", Dataset, findings),
        sources=_by_id(folder / "sources", AnySource, findings),
        breaks=tuple(_rows(folder / "breaks.csv", Break, findings)),
        checks=tuple(_rows(folder / "checks.csv", Check, findings)),
        cited=tuple(_rows(folder / "cited.csv", CitedMeasure, findings)),
        measures=tuple(_rows(folder / "measures.csv", Measure, findings)),
        waivers=tuple(_rows(folder / "waivers.csv", Waiver, findings)),
        headlines=getattr(_toml(folder / "home.toml", Headlines, findings, optional=True), "headlines", ()),
        document=getattr(announced, "document", None),
        provisions=getattr(announced, "provisions", ()),
        milestones=tuple(_rows(folder / "milestones.csv", Milestone, findings)),
        parameters=tuple(_rows(folder / "parameters.csv", Parameter, findings)),
        reconciliations=getattr(
            _toml(folder / "reconciliations.toml", Reconciliations, findings, optional=True),
            "reconciliations",
            (),
        ),
        families=_by_id(folder / "records", Family, findings),
        layouts=_by_id(folder / "layouts", Layout, findings),
        tables=_by_id(folder / "tables", AnyTableSpec, findings),
        protections=getattr(
            _toml(folder / "protection.toml", Protections, findings, optional=True), "protections", ()
        ),
        simulation=_toml(folder / "simulation.toml", Simulation, findings, optional=True),
        office=_toml(folder / "office.toml", Office, findings),
        announcements=tuple(_rows(folder / "announcements.csv", Announcement, findings)),
        hash=_hash(folder),
    )
    findings += [
        f"{name}: no part of a standard; known are {', '.join(_PARTS)}" for name in _strangers(folder)
    ]
    findings = findings or list(contradictions(standard))
    if findings:
        raise StandardError(f"{folder.name}/{finding}" for finding in findings)
    return standard


def _strangers(folder: Path) -> list[str]:
    """Files that would be overlooked: their names are slips of the pen, as those of optional files can be."""
    names = (
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in (".toml", ".csv")
    )
    return sorted(name for name in names if not any(fnmatch(name, part) for part in _PARTS))


def _toml(path: Path, type_: Any, findings: list[str], *, optional: bool = False) -> Any:
    if not path.exists():
        findings += [] if optional else [f"{_place(path)}: missing; a standard cannot do without it"]
        return None
    try:
        return decode.toml(path.read_bytes(), type_)
    except (DecodeError, OSError) as error:
        findings.append(f"{_place(path)}: {error}")
        return None


def _by_id(folder: Path, type_: Any, findings: list[str]) -> dict[str, Any]:
    found = {}
    for path in sorted(folder.glob("*.toml")):
        if thing := _toml(path, type_, findings):
            if thing.id != path.stem:
                findings.append(
                    f"{_place(path)}: $.id: {thing.id!r} is not the name of its file; they must be equal"
                )
            found[path.stem] = thing
    return found


def _rows(path: Path, type_: type[T], findings: list[str]) -> list[T]:
    """The rows of a list; none if there is no such list."""
    if not path.exists():
        return []
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        findings.append(f"{_place(path)}: {error}")
        return []
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: list[T] = []
    try:
        if wrong := list(_header(reader.fieldnames or (), type_)):
            findings += [f"{_place(path)}: line 1: {line}" for line in wrong]
            return []
        for row in reader:
            try:
                rows.append(decode.row(_cells(row), type_))
            except ValueError as error:
                findings.append(f"{_place(path)}: line {reader.line_num}: {error}")
    except csv.Error as error:
        findings.append(f"{_place(path)}: line {reader.line_num}: {error}; a quote is out of place")
    return rows


def _header(names: Sequence[str], type_: type[T]) -> Iterator[str]:
    """What is wrong with the first line of a CSV file."""
    fields = {field.name: field for field in msgspec.structs.fields(type_)}
    for name in names:
        if name not in fields:
            yield f"no column {name!r}; known are {', '.join(fields)}"
        elif names.count(name) > 1:
            yield f"the column {name!r} stands there twice"
    for name, field in fields.items():
        if field.required and name not in names:
            yield f"the column {name!r} is missing"


def _cells(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A CSV row without its empty cells; lists and pairs are separated by `|`."""
    if None in row or None in row.values():
        raise ValueError("the row does not have as many cells as the header; check its commas and quotes")
    cells: dict[str, Any] = {}
    for name, text in row.items():
        if name in _LISTS:
            cells[name] = tuple(part.strip() for part in text.split("|") if part.strip())
        elif name in _PAIRS:
            cells[name] = pairs(text)
        elif text:
            cells[name] = text
    return cells


def pairs(text: str) -> dict[str, str]:
    """`region=SW|office=SDC` as a mapping; ValueError if a part has no `=`."""
    found = {}
    for part in filter(None, text.split("|")):
        name, equals, value = part.partition("=")
        if not equals:
            raise ValueError(f"{part!r} is not of the form dimension=CODE; separate several with |")
        found[name.strip()] = value.strip()
    return found


def _place(path: Path) -> str:
    """A file's place inside the standard, for messages."""
    return (
        path.name
        if path.parent.name not in ("codelists", "datasets", "sources", "records", "layouts", "tables")
        else f"{path.parent.name}/{path.name}"
    )


def _hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of the standard's files in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".toml", ".csv"):
            digest.update(
                path.relative_to(folder).as_posix().encode()
                + b"\0"
                + hashlib.sha256(path.read_bytes()).digest()
            )
    return digest.hexdigest()

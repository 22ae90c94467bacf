"""What the site needs of a release, read from its folder and from nowhere else.

The structs name only the fields that a page shows; a release may say more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import pyarrow as pa
from pyarrow import csv, parquet

from borderstats.errors import ReleaseError

MANIFEST = "manifest.json"

_T = TypeVar("_T")


class Struct(msgspec.Struct, frozen=True):
    """A part of what a release says about itself."""


class File(Struct, frozen=True):
    """One file of the release: path inside it, SHA-256, size in bytes."""

    path: str
    sha256: str
    bytes: int


class Manifest(Struct, frozen=True):
    """The release's id, date, the software that made it, and its files."""

    id: str
    date: str
    software: str
    version: str
    standard: str
    files: tuple[File, ...]


class Overview(Struct, frozen=True):
    """The release as a whole: its datasets, and how many snapshots, gates and cells went into it."""

    datasets: tuple[str, ...]
    counts: Mapping[str, int]


class Finding(Struct, frozen=True):
    """One cell that a gate found."""

    cell: str
    text: str
    waiver: str = ""


class Gate(Struct, frozen=True):
    """A gate: what it says, how many cells it compared, which of them were waived."""

    id: str
    dataset: str
    rule: str
    sentence: str
    compared: int
    failed: tuple[Finding, ...]
    waived: tuple[Finding, ...]


class Code(Struct, frozen=True):
    """One category of a code list of the standard."""

    code: str
    label_en: str
    scope: str = ""
    note: str = ""


class Concept(Struct, frozen=True):
    """What a dimension means."""

    label: str
    definition: str
    codelist: str
    source: str


class Break(Struct, frozen=True):
    """From when figures before and after do not compare, and why."""

    id: str
    date: str
    title: str
    explanation: str
    source: str
    datasets: tuple[str, ...]


class Check(Struct, frozen=True):
    """A figure that a publisher printed; without a dataset, no dataset holds it."""

    id: str
    dataset: str
    key: Mapping[str, str]
    period: str
    value: int
    source: str


class Waiver(Struct, frozen=True):
    """The cells of a gate that may fail, with the reason."""

    id: str
    gate: str
    reason: str
    evidence: str


class Headline(Struct, frozen=True):
    """A figure of the home page."""

    dataset: str
    title: str
    where: tuple[str, ...]
    who: tuple[str, ...]


class KnownError(Struct, frozen=True):
    """An error of the publisher's own."""

    what: str
    reason: str
    evidence: str


class StandardSource(Struct, frozen=True):
    """One publisher's file format, as the standard has it."""

    id: str
    title: str
    publisher: str
    dataset: str
    licence: str
    caveat: str
    page: str
    known_errors: tuple[KnownError, ...]


class Standard(Struct, frozen=True):
    """The whole standard, as far as the pages tell it."""

    hash: str
    concepts: Mapping[str, Concept]
    codelists: Mapping[str, tuple[Code, ...]]
    sources: tuple[StandardSource, ...]
    breaks: tuple[Break, ...]
    checks: tuple[Check, ...]
    waivers: tuple[Waiver, ...]
    home: tuple[Headline, ...]


class Text(Struct, frozen=True):
    """A text in English; the release has others beside it."""

    en: str


class DimensionCode(Struct, frozen=True):
    """A code that a dataset uses."""

    code: str
    en: str
    note: str


class Dimension(Struct, frozen=True):
    """A dimension of a dataset. `total`: `published` (rows with the code `_T`) or `sum` over the codes."""

    id: str
    label: Text
    definition: str
    source: str
    total: str
    codes: tuple[DimensionCode, ...]


class Source(Struct, frozen=True):
    """A source of a dataset."""

    id: str
    title: str
    publisher: str
    page: str
    licence: str
    caveat: str
    known_errors: tuple[KnownError, ...]


class Snapshot(Struct, frozen=True):
    """One file of a publisher, and the day for which it speaks."""

    file: str
    title: str
    publisher: str
    as_of: str
    as_of_basis: str
    as_of_note: str
    obtained_from: str


class Chart(Struct, frozen=True):
    """A chart that the standard declares for a dataset."""

    title: str
    kind: str
    by: str
    where: Mapping[str, str]
    top: int
    start: str


class Metadata(Struct, frozen=True):
    """All that a release says of one dataset in words."""

    id: str
    title: Text
    counts: str
    unit: Code
    measure: Literal["flow", "stock", "average"]
    rounding: int
    first_period: str
    last_period: str
    observations: int
    values_in_history: int
    dimensions: tuple[Dimension, ...]
    sources: tuple[Source, ...]
    snapshots: tuple[Snapshot, ...]
    breaks: tuple[Break, ...]
    notes: tuple[str, ...]
    charts: tuple[Chart, ...]

    def dimension(self, name: str) -> Dimension:
        """The dimension of that id; ReleaseError if the dataset has none."""
        for dimension in self.dimensions:
            if dimension.id == name:
                return dimension
        raise ReleaseError(f"data/{self.id}/metadata.json: no dimension {name!r}; build the release again")


@dataclass(frozen=True)
class Dataset:
    """One dataset: its words, and its tables of latest values and of revisions."""

    meta: Metadata
    latest: pa.Table
    revisions: pa.Table


@dataclass(frozen=True)
class Package:
    """A release as read."""

    path: Path
    manifest: Manifest
    overview: Overview
    gates: tuple[Gate, ...]
    standard: Standard
    revisions: tuple[Mapping[str, object], ...]
    datasets: Mapping[str, Dataset]

    @property
    def files(self) -> Mapping[str, File]:
        """The release's files by path."""
        return {file.path: file for file in self.manifest.files}


def package(release: Path) -> Package:
    """Read a release folder; ReleaseError, in one line, if it is none or a file of it is missing or broken."""
    if not (release / MANIFEST).is_file():
        raise ReleaseError(
            f"{release}: not a release ({MANIFEST} is missing); give the folder that `borderstats build` printed"
        )
    overview = _json(release / "release.json", Overview)
    return Package(
        path=release,
        manifest=_json(release / MANIFEST, Manifest),
        overview=overview,
        gates=_json(release / "gates.json", tuple[Gate, ...]),
        standard=_json(release / "standard.json", Standard),
        revisions=_rows(release / "revisions.csv"),
        datasets={name: _dataset(release / "data" / name) for name in overview.datasets},
    )


def _dataset(folder: Path) -> Dataset:
    return Dataset(
        _json(folder / "metadata.json", Metadata),
        _table(folder / "latest.parquet"),
        _table(folder / "revisions.parquet"),
    )


def _json(path: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError:
        raise ReleaseError(f"{path}: missing from the release; build it again") from None
    except msgspec.DecodeError as error:
        raise ReleaseError(f"{path}: altered or broken: {error}; build the release again") from None


def _table(path: Path) -> pa.Table:
    try:
        texts = [field.name for field in parquet.read_schema(path) if field.type == pa.string()]
        return parquet.read_table(path, read_dictionary=texts).unify_dictionaries().combine_chunks()
    except OSError:
        raise ReleaseError(f"{path}: missing from the release; build it again") from None
    except pa.ArrowInvalid as error:
        raise ReleaseError(f"{path}: altered or broken: {error}; build the release again") from None


def _rows(path: Path) -> tuple[Mapping[str, object], ...]:
    try:
        return tuple(csv.read_csv(path).to_pylist())
    except OSError:
        raise ReleaseError(f"{path}: missing from the release; build it again") from None
    except pa.ArrowInvalid as error:
        raise ReleaseError(f"{path}: altered or broken: {error}; build the release again") from None

"""What the site needs of a release, read from its folder and from nowhere else."""

import csv as texts
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import pyarrow as pa
from pyarrow import csv, parquet

from borderstats.errors import ReleaseError
from borderstats.package.accounts import Cited, Provision, Reconciliation, Reported
from borderstats.package.contents import File, Gate, Manifest, Metadata, Overview, Standard

MANIFEST = "manifest.json"

_T = TypeVar("_T")


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
    provisions: tuple[Provision, ...]
    reconciliations: tuple[Reconciliation, ...]
    reporting: tuple[Reported, ...]
    cited: tuple[Cited, ...]
    datasets: Mapping[str, Dataset]

    @property
    def files(self) -> Mapping[str, File]:
        """The release's files by path."""
        return {file.path: file for file in self.manifest.files}

    def dataset(self, name: str, where: str) -> Dataset:
        """The dataset of that id; ReleaseError, with the file that names it, if the release has none."""
        if name not in self.datasets:
            raise ReleaseError(f"{self.path / where}: no dataset {name!r} in this release; build it again")
        return self.datasets[name]


def package(release: Path) -> Package:
    """Read a release folder; ReleaseError, in one line, if it is none or a file of it is missing or broken."""
    told = manifest(release)
    overview = _json(release / "release.json", Overview)
    return Package(
        path=release,
        manifest=told,
        overview=overview,
        gates=_json(release / "gates.json", tuple[Gate, ...]),
        standard=_json(release / "standard.json", Standard),
        revisions=_rows(release / "revisions.csv"),
        provisions=_json(release / "provisions.json", tuple[Provision, ...]),
        reconciliations=_json(release / "reconciliations.json", tuple[Reconciliation, ...]),
        reporting=_json(release / "reporting.json", tuple[Reported, ...]),
        cited=_cited(release / "cited.csv"),
        datasets={name: _dataset(release / "data" / name) for name in overview.datasets},
    )


def manifest(release: Path) -> Manifest:
    """The manifest of a release folder; ReleaseError if it is none or its manifest is broken."""
    if not (release / MANIFEST).is_file():
        raise ReleaseError(
            f"{release}: not a release ({MANIFEST} is missing); give the folder that `borderstats build` printed"
        )
    return _json(release / MANIFEST, Manifest)


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


def _cited(path: Path) -> tuple[Cited, ...]:
    try:
        # A column of numbers separated by bars, or of none, stays text here.
        with path.open(encoding="utf-8", newline="") as file:
            return msgspec.convert(list(texts.DictReader(file)), type=tuple[Cited, ...], strict=False)
    except OSError:
        raise ReleaseError(f"{path}: missing from the release; build it again") from None
    except (ValueError, texts.Error) as error:
        raise ReleaseError(f"{path}: altered or broken: {error}; build the release again") from None


def _rows(path: Path) -> tuple[Mapping[str, object], ...]:
    try:
        return tuple(csv.read_csv(path).to_pylist())
    except OSError:
        raise ReleaseError(f"{path}: missing from the release; build it again") from None
    except pa.ArrowInvalid as error:
        raise ReleaseError(f"{path}: altered or broken: {error}; build the release again") from None

"""A release folder as a package."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
import pyarrow as pa
from msgspec.structs import fields
from pyarrow import csv as csvs
from pyarrow import parquet

from borderstats.errors import ReleaseError
from borderstats.package import account
from borderstats.package import manifest as manifests
from borderstats.package.datasets import Metadata
from borderstats.package.model import TABLES, Dataset, Package
from borderstats.package.provisions import Provision
from borderstats.package.reports import (
    Cited,
    Gate,
    Joined,
    JoinedFigure,
    Overview,
    Reconciliation,
    Reported,
    Revision,
)
from borderstats.package.standard import Standard

_T = TypeVar("_T")

Source = Callable[[Path], bytes]
"""What gives the bytes of a file; OSError if there is none."""


def package(release: Path, source: Source = Path.read_bytes) -> Package:
    """Read a release folder; ReleaseError, in one line, if it is none or a file of it is missing or broken.

    Whatever is read of it, now or later, is what `source` gives.
    """
    manifest = manifests.read(release)
    overview = _json(source, release / "release.json", Overview)
    joined = any(file.path == "joined.json" for file in manifest.files)
    return Package(
        manifest=manifest,
        overview=overview,
        gates=_json(source, release / "gates.json", tuple[Gate, ...]),
        standard=_json(source, release / "standard.json", Standard),
        revisions=_rows(source, release / "revisions.csv", Revision),
        provisions=_json(source, release / "provisions.json", tuple[Provision, ...]),
        reconciliations=_json(source, release / "reconciliations.json", tuple[Reconciliation, ...]),
        reporting=_json(source, release / "reporting.json", tuple[Reported, ...]),
        cited=_rows(source, release / "cited.csv", Cited),
        joined=_json(source, release / "joined.json", tuple[Joined, ...]) if joined else (),
        joined_figures=_rows(source, release / "joined.csv", JoinedFigure) if joined else (),
        datasets={name: _dataset(source, release / "data" / name) for name in overview.datasets},
        account=_json(source, release / account.NAME, account.Account) if manifest.previous else None,
    )


def _dataset(source: Source, folder: Path) -> Dataset:
    meta = _json(source, folder / "metadata.json", Metadata)
    names = [name for name in TABLES if name != "entries" or meta.entries]
    return Dataset(meta, Tables({name: folder / f"{name}.parquet" for name in names}, source))


class Tables(Mapping[str, pa.Table]):
    """Tables by name, each read from its Parquet file when it is first asked for: few readers need a history."""

    def __init__(self, paths: Mapping[str, Path], source: Source = Path.read_bytes) -> None:
        self._paths, self._source = paths, source
        self._read: dict[str, pa.Table] = {}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._read:
            self._read[name] = table(self._paths[name], self._source)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _json(source: Source, path: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(source(path), type=kind)
    except OSError:
        raise ReleaseError(f"{path}: missing from the release; build it again") from None
    except msgspec.DecodeError as error:
        raise ReleaseError(f"{path}: altered or broken: {error}; build the release again") from None


def table(path: Path, source: Source = Path.read_bytes) -> pa.Table:
    """A table of a release as a package holds it; ReleaseError if it is missing or broken."""
    try:
        file = pa.BufferReader(source(path))
        texts = [field.name for field in parquet.read_schema(file) if field.type == pa.string()]
        return parquet.read_table(file, read_dictionary=texts).unify_dictionaries().combine_chunks()
    except OSError:
        raise ReleaseError(f"{path}: missing from the release; build it again") from None
    except pa.ArrowInvalid as error:
        raise ReleaseError(f"{path}: altered or broken: {error}; build the release again") from None


def cells(release: Path, source: Source = Path.read_bytes) -> pa.Table:
    """The cells of the account of change of a release, all as texts; ReleaseError if they are missing or broken."""
    path = release / account.CELLS
    texts = csvs.ConvertOptions(
        column_types=dict.fromkeys(account.COLUMNS.names, pa.string()),
        include_columns=account.COLUMNS.names,
        strings_can_be_null=True,
        null_values=[""],
    )
    try:
        return csvs.read_csv(pa.BufferReader(source(path)), convert_options=texts)
    except OSError:
        raise ReleaseError(f"{path}: missing from the release; build it again") from None
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise ReleaseError(f"{path}: altered or broken: {error}; build the release again") from None


def _rows(source: Source, path: Path, kind: type[_T]) -> tuple[_T, ...]:
    try:
        file = io.StringIO(source(path).decode(), newline="")
        # An empty cell is an empty text; of a field that may be left out, nothing.
        needed = {field.name for field in fields(kind) if field.required}  # type: ignore[arg-type]
        rows = [{k: v for k, v in row.items() if v or k in needed} for row in csv.DictReader(file)]
        return msgspec.convert(rows, type=tuple[kind, ...], strict=False)  # type: ignore[valid-type]
    except OSError:
        raise ReleaseError(f"{path}: missing from the release; build it again") from None
    except (ValueError, csv.Error) as error:
        raise ReleaseError(f"{path}: altered or broken: {error}; build the release again") from None

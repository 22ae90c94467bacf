"""Write a release: all of it, or nothing."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
from pyarrow import csv, parquet

_BUILDING = ".building-"


@contextmanager
def folder(out: Path) -> Iterator[Path]:
    """An empty folder beside the releases in `out`, gone again unless `publish` has moved it into place.

    What a killed build has left behind is removed by the next one.
    """
    out.mkdir(parents=True, exist_ok=True)
    for left_over in out.glob(f"{_BUILDING}*"):
        if not _alive(left_over.name.removeprefix(_BUILDING)):
            shutil.rmtree(left_over, ignore_errors=True)
    building = out / f"{_BUILDING}{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def publish(building: Path, target: Path) -> None:
    """Move a finished folder into place in one step, after its bytes are on the disk."""
    for path in sorted(building.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
            path.chmod(0o444)
    building.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def table(folder: Path, name: str, content: pa.Table) -> None:
    """One table as `name.parquet` and `name.csv`: the same rows, columns and order in both."""
    folder.mkdir(parents=True, exist_ok=True)
    parquet.write_table(content, folder / f"{name}.parquet", compression="zstd", write_statistics=True)
    csv.write_csv(content, folder / f"{name}.csv", csv.WriteOptions(quoting_style="needed"))


def json(path: Path, content: Mapping[str, Any] | list[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")


def rows(path: Path, content: list[dict[str, Any]], names: list[str]) -> None:
    """A small CSV of plain rows, with a header even where there is no row."""
    columns = {
        name: pa.array([row[name] for row in content], None if content else pa.string()) for name in names
    }
    csv.write_csv(pa.table(columns), path, csv.WriteOptions(quoting_style="needed"))

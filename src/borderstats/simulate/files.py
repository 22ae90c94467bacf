"""The Parquet files of synthetic records: every one says in its metadata that no record in it is real."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
from pyarrow import parquet

from borderstats.errors import InputError
from borderstats.standard.simulation import FAMILIES

MARK = "borderstats.synthetic"
SENTENCE = (
    "Synthetic records made by borderstats simulate: no person and no event in this file is real. The margins of the "
    "encounters follow published figures; everything else is invented and no estimate of anything."
)

_ROW_GROUP = 1 << 17


def paths(out: Path) -> dict[str, Path]:
    """The file of each family: `out` holds encounters, the others lie beside it."""
    return {
        family: out if family == FAMILIES[0] else out.with_name(f"{out.stem}-{family}{out.suffix}")
        for family in FAMILIES
    }


def check_replaceable(files: Mapping[str, Path]) -> None:
    """Raise InputError if a file that would be replaced is not marked as synthetic."""
    for path in files.values():
        if path.exists() and not _is_synthetic(path):
            raise InputError(
                f"{path}: is there already and is not marked as synthetic; it is left alone, give another --out"
            )


def _is_synthetic(path: Path) -> bool:
    try:
        metadata = parquet.read_metadata(path).metadata or {}
    except (pa.ArrowInvalid, OSError):
        return False
    return metadata.get(MARK.encode()) == b"true"


class Files:
    """The open files of all families. On success they take their names; on an error nothing is left.

    One thread writes while the caller makes the next records; never more than one row group waits for it.
    """

    def __init__(self, targets: Mapping[str, Path], notes: Mapping[str, str]) -> None:
        self.rows = dict.fromkeys(targets, 0)
        self._targets = targets
        self._notes = {MARK: "true", f"{MARK}.sentence": SENTENCE, **notes}
        self._waiting: dict[str, list[Any]] = {family: [] for family in targets}
        self._writers: dict[str, Any] = {}
        self._thread = ThreadPoolExecutor(1)
        self._writing: Future[None] = self._thread.submit(lambda: None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is None:
                for family in self._targets:
                    self._write(family)
                self._writing.result()
            self._thread.shutdown()
            for writer in self._writers.values():
                writer.close()
            if kind is None:
                for path in self._targets.values():
                    _unfinished(path).replace(path)
        finally:
            self._thread.shutdown()
            for path in self._targets.values():
                _unfinished(path).unlink(missing_ok=True)

    def add(self, family: str, batch: Any) -> None:
        """Append a batch of records to a family's file."""
        self.rows[family] += batch.num_rows
        self._waiting[family].append(batch)
        rows = sum(waiting.num_rows for waiting in self._waiting[family])
        if rows >= _ROW_GROUP:
            self._write(family)

    def _write(self, family: str) -> None:
        """One row group of what has waited, as soon as the one before is written."""
        if batches := self._waiting[family]:
            self._writing.result()
            if family not in self._writers:
                self._writers[family] = self._open(family, batches[0].schema)
            table = pa.Table.from_batches(batches)
            self._writing = self._thread.submit(
                self._writers[family].write_table, table, row_group_size=2 * _ROW_GROUP
            )
            self._waiting[family] = []

    def _open(self, family: str, schema: Any) -> Any:
        writer = parquet.ParquetWriter(
            _unfinished(self._targets[family]),
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=[field.name for field in schema if pa.types.is_dictionary(field.type)],
            # Smallest and largest help to find times; of keys and codes they cost more than they help.
            write_statistics=[field.name for field in schema if pa.types.is_timestamp(field.type)],
            store_schema=False,
        )
        writer.add_key_value_metadata(self._notes)
        return writer


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")

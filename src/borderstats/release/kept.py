"""What files say, kept from one intake to the next, so that a new file is judged without reading all others of the archive again.

It is kept by the bytes of a file, its day, the standard and the software: where any of them is another, the file is read. A build
reads every file. What cannot be kept, or is broken, is read as well; the folder can be deleted at any time. It holds at most LARGEST
bytes: what was not asked for the longest goes first. Several processes may use it at once.
"""

import contextlib
import datetime
import hashlib
import importlib.metadata
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from borderstats.observations import KeySpace, Observations
from borderstats.package import software
from borderstats.package.snapshots import Snapshot
from borderstats.release.vintages import Vintage
from borderstats.standard.model import Standard

LARGEST = 1 << 28
"""Bytes of all that is kept: 256 MB, ten times what an archive of a hundred files says."""

_OURS = re.compile(r"[0-9a-f]{64}\.(msgpack|\d+)")
"""The names of what is kept, and of what a process is writing or left half written."""

Entries = tuple[tuple[str, ...], ...]


class Said(NamedTuple):
    """What a file says of a dataset: for which day, the observations, the identities of the rows of a list, and the last day of which
    it has figures, if it says one of its own.
    """

    as_of: datetime.date
    observations: Observations
    entries: Entries
    through: datetime.date | None = None


class _Said(msgspec.Struct):
    """The same as it is kept, the columns as bytes."""

    as_of: datetime.date
    key: bytes
    value: bytes
    status: bytes
    entries: Entries
    through: datetime.date | None


def place() -> Path | None:
    """The user's folder of what files say: `$XDG_CACHE_HOME/borderstats`, or that of `~/.cache`; None for a user without a home."""
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "borderstats"
    with contextlib.suppress(RuntimeError):
        return Path.home() / ".cache/borderstats"
    return None


@dataclass(frozen=True)
class Kept:
    """A folder of what files say by a standard."""

    folder: Path
    standard: Standard

    def get(self, snapshot: Snapshot) -> dict[str, Said] | None:
        """What a file says of each dataset; None if it is not kept."""
        path = self._path(snapshot)
        try:
            held = msgspec.msgpack.decode(path.read_bytes(), type=dict[str, _Said])
            # The time of a file is that of its last use.
            with contextlib.suppress(OSError):
                os.utime(path)
            return {
                name: Said(said.as_of, self._observations(name, said), said.entries, said.through)
                for name, said in held.items()
            }
        # A column that was cut is no whole number of figures, and a dataset may have another name.
        except (OSError, msgspec.MsgspecError, ValueError, KeyError):
            return None

    def _observations(self, dataset: str, said: _Said) -> Observations:
        key, value = (np.frombuffer(column, np.int64) for column in (said.key, said.value))
        return Observations(
            KeySpace.of(self.standard, dataset), key, value, np.frombuffer(said.status, np.int16)
        )

    def put(self, snapshot: Snapshot, vintages: Sequence[Vintage]) -> None:
        """Keep what a file says."""
        held = {}
        for vintage in vintages:
            seen = vintage.observations
            held[seen.space.dataset.id] = _Said(
                vintage.as_of,
                seen.key.tobytes(),
                seen.value.tobytes(),
                seen.status.tobytes(),
                vintage.entries,
                vintage.through,
            )
        path = self._path(snapshot)
        beside = path.with_suffix(f".{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(msgspec.msgpack.encode(held))
            beside.replace(path)
        except OSError:
            _drop(beside)
        self._prune()

    def _prune(self) -> None:
        """Delete what was not asked for the longest, until no more than LARGEST bytes are left."""
        size = 0
        for _, name, more in sorted(_sizes(self.folder), reverse=True):
            size += more
            if size > LARGEST:
                _drop(self.folder / name)

    def _path(self, snapshot: Snapshot) -> Path:
        said = (
            snapshot.sha256,
            str(snapshot.as_of),
            snapshot.source,
            snapshot.file,
            self.standard.hash,
            self._software,
        )
        return self.folder / f"{hashlib.sha256('|'.join(said).encode()).hexdigest()}.msgpack"

    @cached_property
    def _software(self) -> str:
        """A hash of the program's own text and of the versions of what it reads with."""
        digest = hashlib.sha256(f"{sys.version} {software.source()}".encode())
        for needed in sorted(importlib.metadata.requires("borderstats") or ()):
            name = re.split(r"[^\w.-]", needed, maxsplit=1)[0]
            with contextlib.suppress(importlib.metadata.PackageNotFoundError):
                digest.update(f"{name} {importlib.metadata.version(name)}".encode())
        return digest.hexdigest()


def _sizes(folder: Path) -> Iterator[tuple[int, str, int]]:
    """When each file was last used, its name and its bytes; those that another process deletes meanwhile are left out."""
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for one in found:
            with contextlib.suppress(OSError):
                if _OURS.fullmatch(one.name):
                    said = one.stat()
                    yield said.st_mtime_ns, one.name, said.st_size


def _drop(path: Path) -> None:
    """Delete a file that may not be there."""
    with contextlib.suppress(OSError):
        path.unlink()

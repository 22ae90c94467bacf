"""A file goes into the archive whole or not at all.

File and metadata are written beside their places under hidden names, synced, and renamed: the file first, then its
metadata, with which it is there. One add at a time does so; what another one left that did not end is written over.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from borderstats.errors import ArchiveError, InputError
from borderstats.intake import archive as archives
from borderstats.intake import editions, metadata
from borderstats.package.snapshots import Snapshot


def add(archive: Path, snapshot: Snapshot, data: bytes) -> bool:
    """Put a file and its metadata into the archive. Whether an earlier add of it had not ended.

    Raises InputError if the name is taken, the bytes are there, or the file that it replaces was replaced meanwhile;
    ArchiveError if the disk takes it not: nothing is left of it then.
    """
    with _alone(archive):
        listed = archives.snapshots(archive)
        if twin := archives.same_bytes(listed, data):
            raise InputError(f"{snapshot.file}: is in the archive already as {twin.file}; nothing to add")
        archives.check_name(archive, snapshot)
        editions.check_replaced(snapshot, listed)
        target = archive / snapshot.file
        again = target.exists() or any(
            archives.hidden(path).exists() for path in (target, archives.metadata_of(target))
        )
        try:
            _put(target, data, metadata.encoded(snapshot))
        except OSError as error:
            raise ArchiveError(
                f"{snapshot.file}: nothing was added, the archive could not be written: {error.strerror}; "
                "make room or mend it, and add the file again"
            ) from None
        return again


@contextlib.contextmanager
def _alone(archive: Path) -> Iterator[None]:
    """While no other process adds a file; the system ends the claim of one that is killed."""
    folder = os.open(archive, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _put(target: Path, data: bytes, described: bytes) -> None:
    described_at = archives.metadata_of(target)
    folders = [folder for folder in target.parents if not folder.exists()]
    done = False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for path, content in ((target, data), (described_at, described)):
            _write(archives.hidden(path), content)
        for path in (target, described_at):
            archives.hidden(path).replace(path)
            _sync(path.parent)
        for folder in folders:
            _sync(folder.parent)
        done = True
    finally:
        if not done:
            for path in (described_at, target, *map(archives.hidden, (described_at, target))):
                with contextlib.suppress(OSError):
                    path.unlink()
            for folder in folders:
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Have the system keep the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Files of the public folder, opened only if they are what their hash says, and never through a link.

A file is hashed when it is opened first, and again once its inode, size or times differ. One that was changed less than a second
before it was hashed could change once more within the same tick of the clock: it is hashed each time until it has rested.
"""

import contextlib
import errno
import hashlib
import os
import stat
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import NamedTuple

_REST = 1_000_000_000
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Altered(Exception):  # noqa: N818 - it says what the file is
    """A file that is not served: its path in the public folder, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class Stamp(NamedTuple):
    """What changes when a file does."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int


def stamp(file: FileIO) -> Stamp:
    """That of an open file."""
    return _stamp(os.fstat(file.fileno()))


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@dataclass(frozen=True)
class Known:
    """A path inside the public folder and the SHA-256 of the bytes that belong there."""

    path: str
    sha256: str


class Checks:
    """The files of one public folder, with those that were found whole and those that were not.

    `refused` is called with the path of a file and the reason when it is found altered.
    """

    def __init__(
        self, public: Path, refused: Callable[[str, str], None] = lambda _path, _reason: None
    ) -> None:
        self.public = public
        self._whole: dict[str, tuple[Stamp, str]] = {}
        self._faults: dict[str, tuple[Altered, str]] = {}
        self._bad: dict[str, tuple[Stamp, str]] = {}
        self._refused = refused
        self._locks: dict[str, threading.Lock] = {}

    def same(self, one: Known) -> bool:
        """Whether nothing about a file has changed since it was found whole: cheap, and reads nothing of it."""
        known = self._whole.get(one.path)
        if known is None or known[1] != one.sha256:
            return False
        path = str(self.public)
        *folders, name = one.path.split("/")
        try:
            for folder in folders:
                path = f"{path}/{folder}"
                if not stat.S_ISDIR(os.lstat(path).st_mode):
                    return False
            return _stamp(os.lstat(f"{path}/{name}")) == known[0]
        except OSError:
            return False

    def open(self, one: Known) -> FileIO:
        """The file, open at its begin. Raises Altered if it is missing, no file, behind a link, or has other bytes."""
        try:
            file = self._open(one)
        except Altered as problem:
            self._note(one, problem)
            raise
        except OSError as error:
            cause = Altered(one.path, _reason(error))
            self._note(one, cause)
            raise cause from None
        if self._faults.pop(one.path, None):
            self._refused(one.path, "")
        return file

    def read(self, one: Known) -> bytes:
        """The bytes of a file, which are those of its hash. Raises Altered."""
        with self.open(one) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != one.sha256:
            problem = Altered(one.path, _OTHER)
            self._note(one, problem)
            raise problem
        return data

    def check(self, one: Known) -> None:
        """Raises Altered if a file is not what its hash says; reads it only if it has changed since it was found whole."""
        self.open(one).close()

    def refuse(self, path: str, reason: str) -> None:
        """Note that a file of which no hash is known is not served."""
        self._note(Known(path, ""), Altered(path, reason))

    def anew(self) -> None:
        """Forget those that were refused so: they are looked at anew."""
        for path, (_, sha256) in list(self._faults.items()):
            if not sha256:
                del self._faults[path]

    def size(self, path: str) -> int:
        """The bytes of a file as they are now; 0 if there is none."""
        try:
            return os.lstat(self.public / path).st_size
        except OSError:
            return 0

    def again(self) -> dict[str, str]:
        """The files that are not whole, with the reasons, after another look at each."""
        for path, (_, sha256) in list(self._faults.items()):
            with contextlib.suppress(Altered):
                if sha256:
                    self.check(Known(path, sha256))
        return {path: problem.reason for path, (problem, _) in sorted(self._faults.items())}

    def _note(self, one: Known, problem: Altered) -> None:
        before = self._faults.get(one.path)
        self._faults[one.path] = problem, one.sha256
        self._whole.pop(one.path, None)
        if before is None or before[0].reason != problem.reason:
            self._refused(one.path, problem.reason)

    def _open(self, one: Known) -> FileIO:
        file = FileIO(descend(self.public, one.path))
        try:
            found = os.fstat(file.fileno())
            if self._whole.get(one.path) != (_stamp(found), one.sha256):
                with self._locks.setdefault(one.path, threading.Lock()):
                    self._hash(file, one)
        except BaseException:
            file.close()
            raise
        return file

    def _hash(self, file: FileIO, one: Known) -> None:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Altered(one.path, "not a file")
        before = stamp(file)
        if self._whole.get(one.path) == (before, one.sha256):
            return
        if self._bad.get(one.path) == (before, one.sha256):
            raise Altered(one.path, _OTHER)
        rested = abs(time.time_ns() - before.changed) > _REST
        right = hashlib.file_digest(file, "sha256").hexdigest() == one.sha256
        if stamp(file) != before:
            raise Altered(one.path, "it was changed while it was read")
        if rested:
            (self._whole if right else self._bad)[one.path] = before, one.sha256
        if not right:
            raise Altered(one.path, _OTHER)
        file.seek(0)


_OTHER = "its SHA-256 is not the one that was published"


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.ENOENT:
            return "missing"
        case errno.ELOOP | errno.ENOTDIR:
            return "behind a link or no folder; no link is followed"
        case _:
            return f"cannot be read: {error.strerror or error}"


def descend(public: Path, path: str) -> int:
    """A descriptor of what is under a path inside a folder, without following a link below it. Raises OSError, Altered."""
    *folders, name = path.split("/")
    if not name or any(part in ("", ".", "..") for part in (*folders, name)):
        raise Altered(path, "no path inside the folder")
    here = os.open(public, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            below = os.open(folder, _DIRECTORY, dir_fd=here)
            os.close(here)
            here = below
        return os.open(name, _FILE, dir_fd=here)
    finally:
        os.close(here)

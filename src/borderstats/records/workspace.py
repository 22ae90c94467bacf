"""The workspace: a folder in which confidential records live, that nobody but its owner can read.

Persons are kept only as hashes under a key that was made for the workspace and never leaves it. Every run appends a
line to `audit.csv` with its purpose. Nothing that is printed names a value of a record.
"""

import csv
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from borderstats.errors import WorkspaceError

_KEY = "person.key"
_KEY_BYTES = 64
_AUDIT = "audit.csv"
_SYNTHETIC = "synthetic"
_COLUMNS = ("time", "purpose", "what", "read", "accepted", "quarantined")


@dataclass(frozen=True)
class Workspace:
    """An opened workspace. Its folders: `records`, `quarantine`, `replaced`, `profiles`, `tables`, `scratch`."""

    path: Path

    @property
    def key(self) -> bytes:
        """The key of the hashes of persons."""
        return (self.path / _KEY).read_bytes()

    @property
    def synthetic(self) -> bool:
        """Whether its records are synthetic: they count nothing real. A workspace holds such records or real ones."""
        return (self.path / _SYNTHETIC).exists()

    def mark_as_synthetic(self) -> None:
        """Note that its records are synthetic."""
        (self.path / _SYNTHETIC).touch(mode=0o600)

    def folder(self, *names: str) -> Path:
        """A folder of the workspace, made for its owner alone if it is not there."""
        made = self.path
        for name in names:
            made /= name
            made.mkdir(mode=0o700, exist_ok=True)
        return made

    def accepted(self) -> Mapping[str, tuple[Path, ...]]:
        """The files of accepted records by family, the oldest delivery first."""
        folders = sorted(path for path in (self.path / "records").glob("*") if path.is_dir())
        found = {folder.name: tuple(sorted(folder.glob("*.parquet"))) for folder in folders}
        return {family: files for family, files in found.items() if files}

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for what is needed for a moment only; it is emptied before and after."""
        folder = self.path / "scratch"
        shutil.rmtree(folder, ignore_errors=True)
        self.folder("scratch")
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def audit(self, time: str, purpose: str, what: str, counts: tuple[int, int, int] | None = None) -> None:
        """Append what was done, when and for which purpose: never a value of a record."""
        path = self.path / _AUDIT
        fresh = not path.exists()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            if fresh:
                writer.writerow(_COLUMNS)
            writer.writerow([time, purpose, what, *(counts or ("", "", ""))])


def create(path: Path) -> Workspace:
    """Make a workspace in a folder that is not there or is empty. WorkspaceError if it holds anything."""
    if path.exists() and any(path.iterdir()):
        raise WorkspaceError(f"{path}: holds something already; give a folder that is not there or is empty")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    with os.fdopen(os.open(path / _KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
    return Workspace(path)


def open_(path: Path) -> Workspace:
    """Open a workspace. WorkspaceError if it is none, or if anybody but its owner could read it."""
    if not (path / _KEY).is_file():
        raise WorkspaceError(f"{path}: no workspace; make one with: borderstats records init {path}")
    for one in (path, path / _KEY):
        state = one.stat()
        if stat.S_IMODE(state.st_mode) & 0o077:
            raise WorkspaceError(
                f"{one}: others than its owner can read it; take their rights away with: chmod -R go= {path}"
            )
        if state.st_uid != os.geteuid():
            raise WorkspaceError(f"{one}: belongs to another user; only the owner of a workspace may use it")
    if len((path / _KEY).read_bytes()) != _KEY_BYTES:
        raise WorkspaceError(
            f"{path / _KEY}: is damaged; restore it from your backup, or begin a new workspace"
        )
    return Workspace(path)

"""The manifest of a release: what every file, input and the standard hash to, and the id that follows from it."""

import datetime
import hashlib
from pathlib import Path

import msgspec

from borderstats.errors import ReleaseError
from borderstats.intake.archive import Snapshot

NAME = "manifest.json"
SIGNATURE = "signature.json"


class File(msgspec.Struct, frozen=True):
    """One file of a release: path inside it, SHA-256, size in bytes."""

    path: str
    sha256: str
    bytes: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a release is made of. `id` is its date and the first digits of the hash over all the rest."""

    id: str
    date: datetime.date
    software: str
    version: str
    standard: str
    inputs: tuple[Snapshot, ...]
    files: tuple[File, ...]


def make(
    date: datetime.date,
    version: str,
    standard_hash: str,
    inputs: tuple[Snapshot, ...],
    files: tuple[File, ...],
) -> Manifest:
    """The manifest of a release with these files."""
    unnamed = unsealed(date, version, standard_hash, inputs, files)
    return msgspec.structs.replace(unnamed, id=identity(unnamed))


def unsealed(
    date: datetime.date,
    version: str,
    standard_hash: str,
    inputs: tuple[Snapshot, ...],
    files: tuple[File, ...],
) -> Manifest:
    """The manifest of a release that is not finished: it has no id."""
    return Manifest("", date, "borderstats", version, standard_hash, inputs, files)


def identity(manifest: Manifest) -> str:
    """The id that a manifest's content gives it."""
    content = msgspec.json.encode(msgspec.structs.replace(manifest, id=""))
    return f"{manifest.date}-{hashlib.sha256(content).hexdigest()[:12]}"


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def read(release: Path) -> Manifest:
    """The manifest of a release folder; ReleaseError if there is none or it cannot be read."""
    try:
        return msgspec.json.decode((release / NAME).read_bytes(), type=Manifest)
    except OSError:
        raise ReleaseError(
            f"{release}: not a release ({NAME} is missing); give the folder that `borderstats build` printed"
        ) from None
    except msgspec.DecodeError as error:
        raise ReleaseError(f"{release / NAME}: altered or broken: {error}") from None


def describe(root: Path) -> tuple[File, ...]:
    """Every file of a folder, in the order of their paths."""
    return tuple(describe_file(root, path) for path in sorted(root.rglob("*")) if path.is_file())


def describe_file(root: Path, path: Path) -> File:
    data = path.read_bytes()
    return File(path.relative_to(root).as_posix(), hashlib.sha256(data).hexdigest(), len(data))

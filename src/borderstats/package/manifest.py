"""The manifest of a release: what every file, input and the standard hash to, and the id that follows from it."""

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from borderstats.errors import ReleaseError
from borderstats.package import plain
from borderstats.package.snapshots import Snapshot
from borderstats.package.struct import Struct

NAME = "manifest.json"
SIGNATURE = "signature.json"
TOMBSTONE = "tombstone.json"
"""What is left in the folder of a published release that was withdrawn: `notices.Notices`."""

FORMAT = 1
"""The format of releases that this software writes and reads: it grows when a reader of the one before could go wrong."""


# Neither at the root, nor above, nor hidden; with a slash only between two names.
_PATH = r"^[^./\\\x00-\x1f][^/\\\x00-\x1f]*(/[^./\\\x00-\x1f][^/\\\x00-\x1f]*)*$"


class File(Struct, frozen=True):
    """One file of a release: path inside it, SHA-256, size in bytes."""

    path: Annotated[str, Meta(pattern=_PATH)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    bytes: Annotated[int, Meta(ge=0)]


class Previous(Struct, frozen=True, forbid_unknown_fields=True):
    """The release before: its id, and the SHA-256 of its manifest."""

    id: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d-[0-9a-f]{12}$")]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]

    @property
    def date(self) -> datetime.date:
        """Its date, with which its id begins."""
        return datetime.date.fromisoformat(self.id[:10])


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a release is made of. `id` is its date and the first digits of the hash over all the rest, but for `formats`.

    Those are the paths of the files that are made of the others and of nothing else: they cite the release by its id, which can
    therefore not depend on them. What holds them is the signature, and the next release, which names the hash of this manifest.
    `version` is that of the software, `source` the hash of its own text, `standard` the hash of the standard, `standard_files` those of its files by path. A first
    release has no `previous`.
    """

    id: str
    date: datetime.date
    format: int
    software: str
    version: str
    source: str
    standard: str
    standard_files: Mapping[str, str]
    previous: Previous | None
    inputs: tuple[Snapshot, ...]
    files: tuple[File, ...]
    formats: tuple[str, ...] = ()


def unsealed(
    date: datetime.date,
    version: str,
    source: str,
    standard_hash: str,
    standard_files: Mapping[str, str],
    inputs: tuple[Snapshot, ...],
) -> Manifest:
    """The manifest of a release that is not finished: it has no id, no files and no predecessor yet."""
    return Manifest(
        "", date, FORMAT, "borderstats", version, source, standard_hash, standard_files, None, inputs, ()
    )


def sealed(manifest: Manifest, files: Iterable[File]) -> Manifest:
    """The manifest of a release with these files of its own, in the order of their paths."""
    whole = msgspec.structs.replace(manifest, files=_ordered(files), formats=())
    return msgspec.structs.replace(whole, id=identity(whole))


def with_formats(manifest: Manifest, files: Iterable[File]) -> Manifest:
    """The same with the files that were made of its own ones."""
    added = _ordered(files)
    return msgspec.structs.replace(
        manifest, files=_ordered((*manifest.files, *added)), formats=tuple(file.path for file in added)
    )


def _ordered(files: Iterable[File]) -> tuple[File, ...]:
    return tuple(sorted(files, key=lambda file: file.path))


def identity(manifest: Manifest) -> str:
    """The id that a manifest's content gives it."""
    made = frozenset(manifest.formats)
    own = tuple(file for file in manifest.files if file.path not in made)
    content = msgspec.json.encode(msgspec.structs.replace(manifest, id="", files=own, formats=()))
    return f"{manifest.date}-{hashlib.sha256(content).hexdigest()[:12]}"


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def read(release: Path) -> Manifest:
    """The manifest of a release folder; ReleaseError if there is none or it cannot be read."""
    try:
        raw = plain.read(release / NAME)
    except FileNotFoundError:
        if (release / TOMBSTONE).is_file():
            raise ReleaseError(f"{release}: this release was withdrawn; its {TOMBSTONE} says why") from None
        raise ReleaseError(
            f"{release}: not a release ({NAME} is missing); give the folder that `borderstats build` printed"
        ) from None
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        raise ReleaseError(
            f"{release / NAME}: altered, broken or of another format: {error}; build the release again"
        ) from None


def previous(release: Path) -> Previous:
    """What the manifest of the next release says of a release folder. Raises ReleaseError if it is none."""
    return Previous(read(release).id, hashlib.sha256((release / NAME).read_bytes()).hexdigest())


def file(path: str, data: bytes) -> File:
    """What the manifest says of a file with these bytes."""
    return File(path, hashlib.sha256(data).hexdigest(), len(data))


def describe_file(root: Path, path: Path) -> File:
    """What the manifest would say of a file that is there."""
    with path.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        return File(path.relative_to(root).as_posix(), sha256, opened.tell())

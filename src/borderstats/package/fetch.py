"""Fetch a release from a public folder on any plain file host or mirror, and take it only if every byte is as it was signed."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from borderstats.errors import ReleaseError
from borderstats.package import folder, public_folder
from borderstats.package import manifest as manifests
from borderstats.package.manifest import File, Manifest
from borderstats.package.notices import Notices
from borderstats.package.pointer import Host, Signed
from borderstats.package.verify import alterations

_FETCHING = ".fetching-"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Fetched:
    """A release that was fetched: its folder, whether it is new here, the files that came over the wire, and the pointer."""

    path: Path
    new: bool
    files: int
    bytes: int
    pointer: Signed
    older: str
    """The id of a newer release that is here already: whoever publishes has gone back; empty if not."""
    told: tuple[str, ...] = ()
    """What the publisher has made known since about this release and those that are here already, a line for each notice."""


def fetch(
    address: str,
    into: Path,
    pinned: bytes | None = None,
    release: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> Fetched:
    """Fetch a release, the newest if none is named, into `into/releases/ID`; `into/trust` remembers what was seen.

    `pinned`: root metadata, needed the first time. What other releases there have already is not fetched again; what a killed
    fetch has left is used. Raises ReleaseError with the name of what is forged, altered, older, expired, missing.
    """
    host = Host(address)
    if any((into / "trust").glob("*.root.json")):
        raise ReleaseError(f"{into}: is itself a public folder; give another one to fetch into")
    into.mkdir(parents=True, exist_ok=True)
    with _alone(into):
        pointer = host.pointer(into / "trust", pinned)
        return _fetched(host, pointer, into / public_folder.RELEASES, release, progress)


@contextmanager
def _alone(into: Path) -> Iterator[None]:
    """While nobody else fetches into a folder; ReleaseError if somebody does."""
    held = os.open(into, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ReleaseError(f"{into}: another fetch is at work here; try again when that is done") from None
    finally:
        os.close(held)


def _fetched(
    host: Host, pointer: Signed, here: Path, release: str, progress: Callable[[str], None]
) -> Fetched:
    address = host.address
    id_ = release or pointer.newest
    if not id_:
        raise ReleaseError(f"{address}: nothing is published there yet")
    base = f"{public_folder.RELEASES}/{id_}"
    if f"{base}/{manifests.TOMBSTONE}" in pointer.files:
        raise ReleaseError("\n".join(f"{address}: {line}" for line in _told(host, pointer, id_)))
    if f"{base}/{manifests.NAME}" not in pointer.files:
        raise ReleaseError(f"{address}: there is no release {id_}; the newest is {pointer.newest}")
    held = [path.name for path in here.glob("*/") if not path.name.startswith(".")]
    older = max(held, default="") if not release and max(held, default="")[:10] > id_[:10] else ""
    told = tuple(line for name in sorted({id_, *held}) for line in _told(host, pointer, name))
    target = here / id_
    if target.exists() or target.is_symlink():
        _hold(target, pointer.files[f"{base}/{manifests.NAME}"].hashes["sha256"])
        return Fetched(target, False, 0, 0, pointer, older, told)
    building = here / f"{_FETCHING}{id_}"
    building.mkdir(parents=True, exist_ok=True)
    raw = _pointed(host, pointer, f"{base}/{manifests.NAME}")
    manifest = _manifest(address, id_, raw)
    known = dict(_known(here))
    count = size = 0
    for file in manifest.files:
        came = _take(host, base, file, building, known)
        count, size = count + came, size + came * file.bytes
        if came and not count % 100:
            progress(f"fetched {count:,} files")
    if f"{base}/{manifests.SIGNATURE}" in pointer.files:
        _put(building / manifests.SIGNATURE, _pointed(host, pointer, f"{base}/{manifests.SIGNATURE}"))
    _put(building / manifests.NAME, raw)
    _nothing_else(building, manifest)
    folder.move(building, target)
    return Fetched(target, True, count, size, pointer, older, told)


def _hold(target: Path, sha256: str) -> None:
    """Hold a release that is here already to what was signed. Raises ReleaseError with what is damaged."""
    found = []
    if target.is_symlink() or not target.is_dir():
        found = ["it is no folder"]
    elif manifests.previous(target).sha256 != sha256:
        found = [f"{manifests.NAME}: altered: it is not the one that was signed"]
    if found := found or list(alterations(target)):
        raise ReleaseError(
            "\n".join(f"{target}: damaged here: {one}; move it away and fetch again" for one in found)
        )


def _put(path: Path, data: bytes) -> None:
    """Write a file in place of one that a killed fetch may have left behind, closed to writing already."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def _told(host: Host, pointer: Signed, release: str) -> Iterator[str]:
    """What the notices about a release say."""
    path = f"{public_folder.NOTICES}/{release}.json"
    if path not in pointer.files:
        return
    try:
        found = msgspec.json.decode(_pointed(host, pointer, path), type=Notices)
    except msgspec.DecodeError as error:
        raise ReleaseError(
            f"{host.address}: {path}: of another format: {error}; take a newer borderstats"
        ) from None
    for one in found.notices:
        instead = f"; use {one.replaced_by} instead" if one.replaced_by else ""
        yield f"{release} was {one.kind} on {one.day}: {one.reason}{instead}"


def _pointed(host: Host, pointer: Signed, path: str) -> bytes:
    """The bytes of a file that the pointer names."""
    named = pointer.files[path]
    with host.open(path, named.length) as file:
        data = file.read()
    if len(data) != named.length or hashlib.sha256(data).hexdigest() != named.hashes["sha256"]:
        raise ReleaseError(
            f"{host.address}: {path}: altered: its SHA-256 is not the one that was signed; try another mirror"
        )
    return data


def _manifest(address: str, id_: str, raw: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        raise ReleaseError(
            f"{address}: {id_}: its manifest is of another format: {error}; take a newer borderstats"
        ) from None
    if manifest.id != id_ or manifests.identity(manifest) != id_:
        raise ReleaseError(f"{address}: {id_}: altered: its manifest does not make this id")
    return manifest


def _known(here: Path) -> Iterator[tuple[str, Path]]:
    """The files of the releases that are here, by their SHA-256."""
    for release in sorted(here.glob("*/")):
        if (release / manifests.NAME).is_file() and not release.name.startswith("."):
            for file in manifests.read(release).files:
                yield file.sha256, release / file.path


def _take(host: Host, base: str, file: File, building: Path, known: Mapping[str, Path]) -> bool:
    """Put a file into its place, from what is here or from the host; whether it was fetched."""
    target = building / file.path
    if target.is_file() and _is(target, file):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    same = known.get(file.sha256)
    if same and same.is_file() and _is(same, file):
        shutil.copyfile(same, target)
        return False
    path = f"{base}/{file.path}"
    written = target.with_name(f"{target.name}.part")
    target.unlink(missing_ok=True)
    sha256 = hashlib.sha256()
    with host.open(path, file.bytes) as opened, written.open("wb") as out:
        while chunk := opened.read(_CHUNK):
            sha256.update(chunk)
            out.write(chunk)
    if sha256.hexdigest() != file.sha256:
        written.unlink()
        raise ReleaseError(
            f"{host.address}: {path}: altered: its SHA-256 is not the one that was signed; try another mirror"
        )
    written.replace(target)
    return True


def _is(path: Path, file: File) -> bool:
    with path.open("rb") as opened:
        return os.fstat(opened.fileno()).st_size == file.bytes and (
            hashlib.file_digest(opened, "sha256").hexdigest() == file.sha256
        )


def _nothing_else(building: Path, manifest: Manifest) -> None:
    """Remove what a killed fetch has left behind and is no file of the release."""
    listed = {file.path for file in manifest.files} | {manifests.NAME, manifests.SIGNATURE}
    for path in building.rglob("*"):
        if path.is_file() and path.relative_to(building).as_posix() not in listed:
            path.unlink()

"""The files of a public folder by their addresses. Only what is listed with its hash is served: no path is made of a request."""

import contextlib
import datetime
import mimetypes
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import msgspec

from borderstats.package import manifest as manifests
from borderstats.package import pages, sign, trust
from borderstats.package.manifest import TOMBSTONE, Manifest
from borderstats.package.public_folder import PAGES, RELEASES, Pointer, midnight, notices, withdrawn
from borderstats.serve import encode, trusted
from borderstats.serve.checked import Altered, Checks, Known, descend
from borderstats.serve.trusted import Signed

_MEDIA = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".atom": "application/atom+xml",
    ".ics": "text/calendar; charset=utf-8",
    ".cff": "text/plain; charset=utf-8",
    ".sqlite": "application/vnd.sqlite3",
    ".xml": "application/xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_COMPRESSIBLE = (".html", ".css", ".json", ".jsonld", ".csv", ".svg", ".xml", ".atom", ".ics")
_MOST_COMPRESSED = 2_000_000
SMALL = 1_000_000
"""Bytes up to which a file is held in memory once it was asked for."""
_ROOM = 64_000_000


@dataclass(frozen=True)
class File(Known):
    """A file: its path, hash and size, its media type, when it came under its address, and whether that never gives another.

    `data`: its bytes, of one that is written over in its place, to go over to the next one in one step.
    """

    size: int
    media: str
    at: datetime.datetime
    immutable: bool
    data: bytes = b""

    @property
    def compressible(self) -> bool:
        """Whether it is sent packed to those who can read that: a text that is not too large."""
        return self.path.endswith(_COMPRESSIBLE) and encode.WORTH < self.size <= _MOST_COMPRESSED


def releases(checks: Checks, pointer: Pointer, signed: Signed | None) -> dict[str, File]:
    """The files of every release that is whole, under `/releases/{id}/`, by their addresses; only of those that are `signed`.

    Of one that was withdrawn its tombstone.
    """
    found: dict[str, File] = {}
    for folder in sorted((checks.public / RELEASES).iterdir()):
        base = f"{RELEASES}/{folder.name}"
        if withdrawn(checks.public, folder.name):
            if stone := _listed(checks, f"{base}/{TOMBSTONE}", signed):
                at = pointer.at or midnight(pointer.date)
                found[f"/{base}/{TOMBSTONE}"] = held(f"{base}/{TOMBSTONE}", stone, at)
        elif manifest := _manifest(checks, base, signed):
            at = pointer.published(manifest)
            for one in (*_own(checks, manifest), *_pages(checks, base, signed)):
                path = f"{base}/{one.path}"
                found[f"/{path}"] = File(path, one.sha256, one.bytes, media(one.path), at, immutable=True)
            if index := found.get(f"/{base}/index.html"):
                found[f"/{base}/"] = index
    return found


def current(checks: Checks, pointer: Pointer, signed: Signed | None) -> dict[str, File]:
    """The files of the newest release and the pages at the root, under the addresses that stay the same."""
    found: dict[str, File] = {}
    base = f"{RELEASES}/{pointer.release}"
    if manifest := _manifest(checks, base, signed):
        for one in _own(checks, manifest):
            at = pointer.came(one.path, one.sha256)
            found[f"/{one.path}"] = File(
                f"{base}/{one.path}", one.sha256, one.bytes, media(one.path), at, immutable=False
            )
    for path, arrival in pointer.files.items():
        if f"/{path}" not in found and path not in ASIDE:
            page = f"{PAGES}/{pointer.pages}/{path}"
            found[f"/{path}"] = File(
                page, arrival.sha256, checks.size(page), media(path), arrival.at, immutable=False
            )
    if "/index.html" in found:
        found["/"] = found["/index.html"]
    return found


ASIDE = frozenset(("latest/index.html", "_redirects"))
"""What a plain file host needs in the place of the server's own redirects."""


def gone(public: Path) -> dict[str, str]:
    """Why each release that was withdrawn is gone, by its id. Raises ReleaseError if notices are not to be believed."""
    found = {name: one.withdrawal for name, one in notices(public, trust.release_keys(public)).items()}
    return {name: one.reason for name, one in found.items() if one}


def metadata(checks: Checks) -> dict[str, File]:
    """The signed metadata of the folder, which was believed, by its addresses."""
    found: dict[str, File] = {}
    for path in trusted.names(checks.public):
        with contextlib.suppress(Altered, OSError):
            at = datetime.datetime.fromtimestamp(int((checks.public / path).stat().st_mtime), datetime.UTC)
            found[f"/{path}"] = held(path, _raw(checks, path), at)
    return found


def held(path: str, data: bytes, at: datetime.datetime) -> File:
    """A file whose bytes are here."""
    file = manifests.file(path, data)
    return File(path, file.sha256, file.bytes, media(path), at, immutable=False, data=data)


def _manifest(checks: Checks, folder: str, signed: Signed | None) -> Manifest | None:
    """The manifest of a release whose id it makes; none of a folder that is no release, half written or altered."""
    path = f"{folder}/{manifests.NAME}"
    raw = _listed(checks, path, signed)
    if raw is None:
        return None
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        checks.refuse(path, f"broken: {error}")
        return None
    if f"{RELEASES}/{manifest.id}" != folder or manifests.identity(manifest) != manifest.id:
        checks.refuse(path, "altered: its content no longer makes the id of the release")
        return None
    return manifest


def _listed(checks: Checks, path: str, signed: Signed | None) -> bytes | None:
    """The bytes of a file that names others; nothing if it is not there, or, where something is signed, not the one that is."""
    try:
        raw = _raw(checks, path)
    except (Altered, OSError):
        return None
    if signed and signed.named.get(path) != manifests.file(path, raw).sha256:
        checks.refuse(path, "not signed: the signed pointer does not name it")
        return None
    return raw


def _raw(checks: Checks, path: str) -> bytes:
    """The bytes of a file of which no hash is known. Raises OSError, Altered."""
    with FileIO(descend(checks.public, path)) as file:
        return file.read()


def _own(checks: Checks, manifest: Manifest) -> Iterator[manifests.File]:
    """The files of a release: those in the manifest, itself, and a signature that is over it."""
    yield from manifest.files
    raw = manifests.encode(manifest)
    yield manifests.file(manifests.NAME, raw)
    try:
        signature = _raw(checks, f"{RELEASES}/{manifest.id}/{manifests.SIGNATURE}")
    except (Altered, OSError):
        return
    if not sign.holds(signature, raw):
        yield manifests.file(manifests.SIGNATURE, signature)


def _pages(checks: Checks, folder: str, signed: Signed | None) -> Iterator[manifests.File]:
    """The files that were published with a release, and the list of them."""
    path = f"{folder}/{pages.NAME}"
    raw = _listed(checks, path, signed)
    if raw is None:
        return
    try:
        yield from msgspec.json.decode(raw, type=pages.Pages).files
    except msgspec.DecodeError as error:
        checks.refuse(path, f"broken: {error}")
        return
    yield manifests.file(pages.NAME, raw)


def media(path: str) -> str:
    """The media type of a file by its ending."""
    if path.endswith(".csv-metadata.json"):
        return "application/csvm+json"
    name = Path(path)
    return _MEDIA.get(name.suffix) or mimetypes.guess_type(name.name)[0] or "application/octet-stream"


class Held:
    """Small files that were asked for, as they are and packed, the last ones used, in a bounded amount of memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, file: File, packed: str) -> bytes | None:
        """The bytes of a file in a coding, if they are held."""
        with self._lock:
            if (found := self._kept.get((file.sha256, packed))) is not None:
                self._kept.move_to_end((file.sha256, packed))
            return found

    def put(self, file: File, packed: str, data: bytes) -> None:
        """Hold these bytes, and let go of those that were not asked for for the longest time."""
        with self._lock:
            if (file.sha256, packed) not in self._kept:
                self._kept[file.sha256, packed] = data
                self._size += len(data)
            while self._size > _ROOM:
                self._size -= len(self._kept.popitem(last=False)[1])

    def fetch(self, checks: Checks, file: File, packed: str) -> bytes:
        """Read a file, pack it and hold the bytes. Raises Altered."""
        data = file.data or checks.read(file)
        if packed:
            data = encode.CODINGS[packed](data)
        self.put(file, packed, data)
        return data

"""The files of a public folder by their addresses. Only what is listed is served: no path is made of a request."""

import datetime
import gzip
import hashlib
import mimetypes
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from borderstats.package import pages, trust
from borderstats.package.manifest import NAME as MANIFEST
from borderstats.package.manifest import SIGNATURE, TOMBSTONE, Manifest
from borderstats.package.public_folder import PAGES, RELEASES, Pointer, midnight, notices, withdrawn

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
_ROOM = 32_000_000


@dataclass(frozen=True)
class File:
    """A file, the hash of its bytes, its media type, when it came under its address, and whether that never gives another."""

    path: Path
    sha256: str
    media: str
    at: datetime.datetime
    immutable: bool

    @property
    def compressible(self) -> bool:
        """Whether it is sent compressed to those who can read that: a text that is not too large."""
        return self.path.suffix in _COMPRESSIBLE and self.path.stat().st_size <= _MOST_COMPRESSED


def releases(public: Path, pointer: Pointer) -> dict[str, File]:
    """The files of every release that is whole, under `/releases/{id}/`, by their addresses."""
    found: dict[str, File] = {}
    for folder in sorted((public / RELEASES).iterdir()):
        if withdrawn(public, folder.name):
            if (stone := folder / TOMBSTONE).is_file():
                address = f"/{RELEASES}/{folder.name}/{TOMBSTONE}"
                at = pointer.at or midnight(pointer.date)
                found[address] = File(stone, _sha256(stone), media(stone), at, immutable=False)
        elif manifest := _manifest(folder):
            for path, sha256 in (*_own(folder, manifest), *_pages(folder)):
                address = f"/{RELEASES}/{folder.name}/{path}"
                found[address] = File(
                    folder / path, sha256, media(Path(path)), pointer.published(manifest), immutable=True
                )
            if index := found.get(f"/{RELEASES}/{folder.name}/index.html"):
                found[f"/{RELEASES}/{folder.name}/"] = index
    return found


def current(public: Path, pointer: Pointer) -> dict[str, File]:
    """The files of the newest release and its pages under the addresses that stay the same."""
    found: dict[str, File] = {}
    folder = public / RELEASES / pointer.release
    if manifest := _manifest(folder):
        for path, sha256 in _own(folder, manifest):
            at = pointer.came(path, sha256)
            found[f"/{path}"] = File(folder / path, sha256, media(Path(path)), at, immutable=False)
    newest = public / PAGES / pointer.pages
    for page in sorted(newest.rglob("*")):
        if page.is_file():
            address = page.relative_to(newest).as_posix()
            sha256 = _sha256(page)
            at = pointer.came(address, sha256)
            found[f"/{address}"] = File(page, sha256, media(page), at, immutable=False)
    if "/index.html" in found:
        found["/"] = found["/index.html"]
    return found


def _manifest(folder: Path) -> Manifest | None:
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def gone(public: Path) -> dict[str, str]:
    """Why each release that was withdrawn is gone, by its id. Raises ReleaseError if notices are not to be believed."""
    found = {name: one.withdrawal for name, one in notices(public, trust.release_keys(public)).items()}
    return {name: one.reason for name, one in found.items() if one}


def _pages(folder: Path) -> Iterator[tuple[str, str]]:
    """The paths of what was published with a release, with the hashes."""
    yield from ((file.path, file.sha256) for file in pages.read(folder))
    if (folder / pages.NAME).is_file():
        yield pages.NAME, _sha256(folder / pages.NAME)


def _own(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """The paths of the files of a release, with their hashes."""
    yield from ((file.path, file.sha256) for file in manifest.files)
    for name in (MANIFEST, SIGNATURE):
        if (folder / name).is_file():
            yield name, _sha256(folder / name)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def media(path: Path) -> str:
    """The media type of a file by its ending."""
    if path.name.endswith(".csv-metadata.json"):
        return "application/csvm+json"
    return _MEDIA.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


class Compressed:
    """Files that were asked for compressed, the last ones used, in a bounded amount of memory."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, bytes] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def get(self, file: File) -> bytes:
        """The compressed bytes of a file."""
        with self.lock:
            if file.sha256 in self.kept:
                self.kept.move_to_end(file.sha256)
                return self.kept[file.sha256]
            made = compress(file.path.read_bytes())
            self.kept[file.sha256] = made
            self.size += len(made)
            while self.size > _ROOM:
                self.size -= len(self.kept.popitem(last=False)[1])
            return made


def compress(data: bytes) -> bytes:
    """Gzip without a time in it: the same bytes give the same bytes."""
    return gzip.compress(data, 5, mtime=0)

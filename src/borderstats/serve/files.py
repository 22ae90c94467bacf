"""The files of a public folder by their addresses. Only what is listed is served: no path is made of a request."""

import datetime
import gzip
import hashlib
import mimetypes
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from borderstats.package.manifest import NAME as MANIFEST
from borderstats.package.manifest import Manifest
from borderstats.package.public_folder import PAGES, RELEASES

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
    """A file, the hash of its bytes, its media type, its date, and whether its address never gives anything else."""

    path: Path
    sha256: str
    media: str
    date: datetime.date
    immutable: bool

    @property
    def compressible(self) -> bool:
        """Whether it is sent compressed to those who can read that: a text that is not too large."""
        return self.path.suffix in _COMPRESSIBLE and self.path.stat().st_size <= _MOST_COMPRESSED


def releases(public: Path) -> dict[str, File]:
    """The files of every release that is whole, under `/releases/{id}/`, by their addresses."""
    found: dict[str, File] = {}
    for folder in sorted((public / RELEASES).iterdir()):
        found.update(_of_release(folder, f"/{RELEASES}/{folder.name}/", immutable=True))
    return found


def current(public: Path, release: str) -> dict[str, File]:
    """The files of one release and its pages under the addresses that stay the same."""
    found = {
        f"/data/{path.removeprefix('data/')}": file
        for path, file in _of_release(public / RELEASES / release, "", immutable=False).items()
    }
    date = datetime.date.fromisoformat(release[:10])
    folder = public / PAGES / release
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            file = File(path, sha256, media(path), date, immutable=False)
            found[f"/{path.relative_to(folder).as_posix()}"] = file
    if "/index.html" in found:
        found["/"] = found["/index.html"]
    return found


def _of_release(folder: Path, prefix: str, *, immutable: bool) -> Mapping[str, File]:
    raw = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(raw.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return {}
    found = {
        prefix + file.path: File(
            folder / file.path, file.sha256, media(Path(file.path)), manifest.date, immutable
        )
        for file in manifest.files
    }
    for path in (raw, folder / "signature.json"):
        if path.is_file():
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            found[prefix + path.name] = File(path, sha256, media(path), manifest.date, immutable)
    return found


def midnight(date: datetime.date) -> datetime.datetime:
    """The first moment of a day, in UTC."""
    return datetime.datetime.combine(date, datetime.time(), datetime.UTC)


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

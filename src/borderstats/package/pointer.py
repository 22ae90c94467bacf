"""Read the signed pointer of a public folder, here or on any plain file host, and refuse what is forged, older or expired.

The checks are those of The Update Framework's client workflow, by python-tuf; see `trust` for what is signed. What was last read
is remembered: nothing older is taken afterwards (rollback), and nothing that has expired (freeze).
"""

import datetime
import logging
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, unquote, urlsplit

from tuf.api import exceptions
from tuf.api.metadata import Metadata, Root, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher
from urllib3.exceptions import HTTPError

from borderstats import __version__
from borderstats.errors import ReleaseError
from borderstats.package import trust

_FOLDER = "folder:/"
_REMEMBERED = "root_history"
"""Where python-tuf keeps the root metadata that it has seen."""

_FAULT = 500
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Signed:
    """What a signed pointer says: its number, until when it is good, the id of the newest release, and the files it names."""

    number: int
    expires: datetime.datetime
    newest: str
    files: Mapping[str, TargetFile]


class Host:
    """A public folder behind an address: http, https, or a folder of this machine. Everything read is bounded in size."""

    def __init__(self, address: str) -> None:
        """Raises ReleaseError if the address is no folder and does not begin with https:// or http://."""
        self.address = address
        try:
            parts = urlsplit(address)
        except ValueError as error:
            raise ReleaseError(f"{address}: no address: {error}") from None
        if parts.scheme in ("http", "https"):
            if parts.username or parts.password:
                raise ReleaseError(
                    f"{parts.hostname}: an address with a name or a password is not taken: others would see it"
                )
            self.base = address.rstrip("/") + "/"
            # What it tries once more is no news for the reader.
            logging.getLogger("urllib3").setLevel(logging.ERROR)
            self.fetcher: FetcherInterface = Urllib3Fetcher(app_user_agent=f"borderstats/{__version__}")
        elif address and Path(address).is_dir():
            self.base = _FOLDER
            self.fetcher = _Folder(Path(address))
        else:
            raise ReleaseError(f"{address or 'no address'}: no such folder; an address begins with https://")

    @contextmanager
    def open(self, path: str, length: int) -> Iterator[IO[bytes]]:
        """The bytes under a path, at most so many. Raises ReleaseError."""
        try:
            with self.fetcher.download_file(f"{self.base}{quote(path)}", length) as file:
                yield file
        except (exceptions.DownloadError, HTTPError) as error:
            raise ReleaseError(f"{self.address}: {path}: {_told(error)}") from None

    def pointer(self, memory: Path, pinned: bytes | None = None) -> Signed:
        """The signed pointer. `memory` is the folder where what was read last is remembered; `pinned` is root metadata that the
        reader has by another way, and without which nothing is believed the first time.

        Raises ReleaseError if the pointer cannot be had or is not to be believed.
        """
        memory.mkdir(parents=True, exist_ok=True)
        try:
            updater = Updater(
                str(memory),
                f"{self.base}{trust.FOLDER}/",
                fetcher=self.fetcher,
                config=UpdaterConfig(prefix_targets_with_hash=False),
                bootstrap=self._first(memory, pinned),
            )
            updater.refresh()
        except exceptions.DownloadHTTPError as error:
            raise ReleaseError(
                f"{self.address}: "
                + (
                    f"the host answers with an error (status {error.status_code}); try again, or another mirror"
                    if error.status_code >= _FAULT
                    else f"its signed metadata is not there (status {error.status_code}): either its keys are not named, or nothing "
                    "is signed yet, or this is not the address of a public folder"
                )
            ) from None
        except (
            exceptions.RepositoryError,
            exceptions.DownloadError,
            DeserializationError,
            HTTPError,
        ) as error:
            raise ReleaseError(f"{self.address}: {_told(error)}") from None
        targets = Metadata[Targets].from_file(str(memory / "targets.json")).signed
        timestamp = Metadata[Timestamp].from_file(str(memory / "timestamp.json")).signed
        newest = str(targets.unrecognized_fields.get(trust.NEWEST, ""))
        return Signed(timestamp.version, timestamp.expires, newest, targets.targets)

    def _first(self, memory: Path, pinned: bytes | None) -> bytes:
        """The root metadata to begin with: those that are remembered, of the same office as those that the reader has.

        Raises ReleaseError if nothing is known, or the folder remembers another office.
        """
        known = sorted(
            (memory / _REMEMBERED).glob("*.root.json"), key=lambda path: int(path.name.split(".")[0])
        )
        if not known:
            if pinned is None:
                raise ReleaseError(
                    f"{self.address}: it is not known who may sign there; give --root FILE, the root metadata that the office has "
                    "given you by another way than this address"
                )
            return pinned
        for path in known:
            trust.read_root(path)
        if pinned is not None:
            number = Metadata[Root].from_bytes(pinned).signed.version
            same = memory / _REMEMBERED / f"{number}.root.json"
            if not same.exists() or same.read_bytes() != pinned:
                raise ReleaseError(
                    f"{memory.parent}: remembers other root metadata than those given with --root; fetch from another office into "
                    "another folder"
                )
        return known[-1].read_bytes()


def of_folder(public: Path, pinned: bytes | None = None) -> Signed | None:
    """The signed pointer of a public folder of this machine, checked; None if nobody is named there who may sign.

    Without `pinned` root metadata the folder's own first is taken: then it is whole, but by whom is not checked. Raises
    ReleaseError if it is not to be believed.
    """
    first = public / trust.FOLDER / "1.root.json"
    if pinned is None and not first.exists():
        return None
    with tempfile.TemporaryDirectory() as memory:
        return Host(str(public)).pointer(Path(memory), pinned or first.read_bytes())


class _Folder(FetcherInterface):
    """A folder as if it were a host. Links are not followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        parts = unquote(url.removeprefix(_FOLDER)).split("/")
        path = self.folder.joinpath(*parts)
        below = [self.folder.joinpath(*parts[: n + 1]) for n in range(len(parts))]
        try:
            if ".." in parts or any(one.is_symlink() for one in below):
                raise exceptions.DownloadError("a link")
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            raise exceptions.DownloadHTTPError("not there", 404) from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise exceptions.DownloadHTTPError("no file", 404)
        return _chunks(descriptor)


def _chunks(descriptor: int) -> Iterator[bytes]:
    with os.fdopen(descriptor, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _told(error: Exception) -> str:
    """What python-tuf has found, in words, and what to do."""
    said = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
    match error:
        case exceptions.ExpiredMetadataError():
            how = "trust change --kind root" if "root" in said else "trust renew"
            return f"expired: {said}; whoever publishes has to sign it anew (`borderstats {how}`), and what is newer may be kept from you"
        case exceptions.BadVersionNumberError():
            return f"rolled back: {said}; an older pointer than one that you have seen is not taken"
        case exceptions.UnsignedMetadataError():
            return f"forged or signed by others: {said}; nothing of it is taken"
        case exceptions.LengthOrHashMismatchError() | exceptions.DownloadLengthMismatchError():
            return f"altered: {said}; nothing of it is taken"
        case exceptions.DownloadHTTPError():
            return f"not there (status {error.status_code}); try another mirror"
        case exceptions.SlowRetrievalError():
            return "does not answer, or too slowly; try again, or another mirror"
        case exceptions.DownloadError():
            cause = error.__cause__
            return f"cannot be fetched: {type(cause).__name__ if isinstance(cause, HTTPError) else cause or said}; try again, or another mirror"
        case HTTPError():
            return f"cut off or garbled on the way ({type(error).__name__}); try again, or another mirror"
        case _:
            return f"broken: {said}; nothing of it is taken"

"""The signed pointer of a public folder, followed as a client does: what is forged, older than seen or expired is not taken."""

import datetime
import hashlib
import re
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from borderstats.errors import ReleaseError
from borderstats.package import pointer, public_folder, trust

_NAME = re.compile(r"(?:\d{1,9}\.(?:root|targets|snapshot)|timestamp)\.json", re.ASCII)


class Unsettled(ReleaseError):  # noqa: N818 - it says what the pointer is
    """The pointer is not the signed one: somebody publishes just now, or has altered it."""


@dataclass(frozen=True)
class Signed:
    """Until when the signed pointer is good, and the SHA-256 of what it names by the paths in the public folder."""

    expires: datetime.datetime
    named: Mapping[str, str]


class Trust:
    """What was seen of a public folder's signed pointer since the server runs.

    `pinned`: root metadata that the office has by another way; without it the folder's own first is believed.
    """

    def __init__(self, public: Path, pinned: bytes | None) -> None:
        self._public, self._pinned = public, pinned
        self._memory = Path(tempfile.mkdtemp(prefix="borderstats-trust-"))
        weakref.finalize(self, shutil.rmtree, self._memory, ignore_errors=True)
        self._seen = False

    def signed(self, raw: bytes) -> Signed | None:
        """What is signed of a folder whose `latest.json` has these bytes; None if nobody is named there who may sign.

        Raises ReleaseError if it is not to be believed, Unsettled if the bytes are not those that were signed.
        """
        first = self._public / trust.FOLDER / "1.root.json"
        if self._pinned is None and not self._seen and not first.exists():
            return None
        try:
            pinned = self._pinned or (None if self._seen else first.read_bytes())
        except OSError as error:
            raise ReleaseError(f"{first}: cannot be read: {error.strerror}; restore it") from None
        found = pointer.Host(str(self._public)).pointer(self._memory, pinned)
        self._seen = True
        named = {path: target.hashes["sha256"] for path, target in found.files.items()}
        if named.get(public_folder.LATEST) != hashlib.sha256(raw).hexdigest():
            raise Unsettled(
                f"{self._public / public_folder.LATEST}: altered, or not signed yet: its SHA-256 is not the one that is signed"
            )
        return Signed(found.expires, named)


def names(public: Path) -> list[str]:
    """The paths of the signed metadata in a public folder."""
    found = (path.name for path in (public / trust.FOLDER).glob("*.json"))
    return [f"{trust.FOLDER}/{name}" for name in sorted(found) if _NAME.fullmatch(name)]

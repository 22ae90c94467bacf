"""The public folder: what a plain file host serves, and what the server reads.

    releases/{id}/   every release that was published there, as it is; never changed again
    pages/{id}/      the pages that were made for it
    latest.json      which of them is the newest; written last, so a reader sees the old release or the new one, never half
    everything else  the newest pages and, in data/, the newest files, under addresses that stay the same

Publishing may be killed at any moment: what is there stays whole, and publishing again completes it. One at a time.
"""

import datetime
from pathlib import Path

import msgspec

from borderstats.errors import ReleaseError
from borderstats.package import manifest as manifests
from borderstats.package.manifest import Manifest
from borderstats.package.struct import Struct

LATEST = "latest.json"
RELEASES, PAGES = "releases", "pages"


class Pointer(Struct, frozen=True):
    """`latest.json`: the newest release, its date, and the files beside it that were written for it."""

    release: str
    date: datetime.date
    files: tuple[str, ...] = ()


def pointer(public: Path) -> Pointer:
    """What `latest.json` says; ReleaseError if nothing was published in the folder yet."""
    try:
        return msgspec.json.decode((public / LATEST).read_bytes(), type=Pointer)
    except OSError:
        raise ReleaseError(
            f"{public}: nothing is published here ({LATEST} is missing); run borderstats publish RELEASE --static {public}"
        ) from None
    except msgspec.DecodeError as error:
        raise ReleaseError(f"{public / LATEST}: broken: {error}; publish the release again") from None


def releases(public: Path) -> list[Manifest]:
    """What was published in the folder, in the order of the ids; what is half written there is no release yet."""
    folders = sorted((public / RELEASES).glob("*/"))
    return [manifests.read(folder) for folder in folders if (folder / manifests.NAME).is_file()]

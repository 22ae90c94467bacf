"""The public folder: what a plain file host serves, and what the server reads.

    releases/{id}/   every release that was published there, as it is; never changed again
    pages/{id}/      the pages that were made for it
    latest.json      which of them is the newest, and when the bytes of each address came there; written last, so a reader sees
                     the old release or the new one, never half
    everything else  the newest pages and, in data/, the newest files, under addresses that stay the same

Publishing may be killed at any moment: what is there stays whole, and publishing again completes it. One at a time.
"""

import datetime
from collections.abc import Mapping
from pathlib import Path

import msgspec

from borderstats.errors import ReleaseError
from borderstats.package import manifest as manifests
from borderstats.package.manifest import Manifest
from borderstats.package.struct import Struct

LATEST = "latest.json"
RELEASES, PAGES = "releases", "pages"


class Arrival(Struct, frozen=True):
    """The hash of the bytes under an address, and the moment when they came there."""

    sha256: str
    at: datetime.datetime


class Pointer(Struct, frozen=True):
    """`latest.json`: the newest release, its date, and when the bytes of each address came there.

    `at`: the moment when it became the newest; `files`: what was written for it under addresses that stay, by their paths;
    `releases`: the moment when each release came into the folder. Moments are whole seconds, as HTTP has them, and of two
    publications the later one has a later moment. None of this can stand in a release, whose bytes know no clock.
    """

    release: str
    date: datetime.date
    at: datetime.datetime | None = None
    files: Mapping[str, Arrival] = {}
    releases: Mapping[str, datetime.datetime] = {}

    def came(self, path: str, sha256: str) -> datetime.datetime:
        """When these bytes came to a path that stays."""
        known = self.files.get(path)
        return known.at if known and known.sha256 == sha256 else self.at or midnight(self.date)

    def published(self, release: Manifest) -> datetime.datetime:
        """When a release came into the folder; the first moment of its date if nobody noted it."""
        return self.releases.get(release.id) or midnight(release.date)


def midnight(date: datetime.date) -> datetime.datetime:
    """The first moment of a day, in UTC."""
    return datetime.datetime.combine(date, datetime.time(), datetime.UTC)


def second(moment: datetime.datetime) -> datetime.datetime:
    """The first whole second after a moment: what came at that moment is never taken for older by who asks by the second."""
    return moment.replace(microsecond=0) + datetime.timedelta(seconds=1)


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

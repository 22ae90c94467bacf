"""The public folder: what a plain file host serves, and what the server reads.

    releases/{id}/      every release that was published there, as it is, with the pages that were made for it; never changed
                        again. Of one that was withdrawn its tombstone is left
    notices/{id}.json   what is to be known about a release since, signed
    pages/{hash}/       the newest pages as they stand at the root, for the server, which goes over to them in one step
    latest.json         which release is the newest, and when the bytes of each address came there; written last, so a reader
                        sees the old release or the new one, never half
    everything else     the newest pages and files, under addresses that stay the same

Publishing may be killed at any moment: what is there stays whole, and publishing again completes it. One at a time.
"""

import datetime
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from borderstats.errors import ReleaseError
from borderstats.package import manifest as manifests
from borderstats.package import notices as noted
from borderstats.package.manifest import TOMBSTONE, Manifest
from borderstats.package.notices import Notices
from borderstats.package.struct import Struct

LATEST = "latest.json"
RELEASES, PAGES, NOTICES = "releases", "pages", "notices"


class Arrival(Struct, frozen=True):
    """The hash of the bytes under an address, and the moment when they came there."""

    sha256: str
    at: datetime.datetime


class Pointer(Struct, frozen=True):
    """`latest.json`: the newest release, its date, and when the bytes of each address came there.

    `at`: the moment when it became the newest; `files`: what was written for it under addresses that stay, by their paths;
    `pages`: the folder in `pages/` that holds the pages among them; `gone`: what was written for releases before, and is to go;
    `releases`: the moment when each release came into the folder. Moments are whole seconds, as HTTP has them, and of two
    publications the later one has a later moment. None of this can stand in a release, whose bytes know no clock.
    """

    release: str
    date: datetime.date
    at: datetime.datetime | None = None
    files: Mapping[str, Arrival] = {}
    releases: Mapping[str, datetime.datetime] = {}
    pages: str = ""
    gone: tuple[str, ...] = ()

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
    """What is published in the folder, in the order of the ids; what is half written there or withdrawn is no release."""
    folders = sorted((public / RELEASES).glob("*/"))
    return [
        manifests.read(folder)
        for folder in folders
        if (folder / manifests.NAME).is_file() and not withdrawn(public, folder.name)
    ]


def withdrawn(public: Path, release: str) -> bool:
    """Whether a release was withdrawn, its bytes gone already or not."""
    try:
        raw = (public / NOTICES / f"{release}.json").read_bytes()
        return msgspec.json.decode(raw, type=Notices).withdrawal is not None
    except (OSError, msgspec.DecodeError):
        return (public / RELEASES / release / TOMBSTONE).is_file()


def notices(public: Path, trusted: Collection[str] = ()) -> dict[str, Notices]:
    """The notices in the folder, by the ids of their releases. `trusted`: the public keys (base64) of those who sign releases there.

    Raises ReleaseError if some are broken, altered, about another release, or not signed by the key of their release, of the newest
    one or by a trusted one.
    """
    try:
        newest = noted.signer(public / RELEASES / pointer(public).release)
    except ReleaseError:
        newest = ""
    found = {}
    for path in sorted((public / NOTICES).glob("*.json")):
        try:
            one = msgspec.json.decode(path.read_bytes(), type=Notices)
        except (OSError, msgspec.DecodeError) as error:
            raise ReleaseError(f"{path}: altered or broken: {error}; restore it") from None
        if wrong := noted.problem(one, {newest, *trusted}) or _misplaced(public, path.stem, one):
            raise ReleaseError(f"{path}: {wrong}; restore it, or write the notice again")
        found[one.release] = one
    return found


def _misplaced(public: Path, name: str, one: Notices) -> str:
    """Why notices are not about the release that their place names."""
    if one.release != name:
        return f"about {one.release}, and not about the release that its name says"
    release = public / RELEASES / name
    about = msgspec.structs.replace(one, notices=(), signature=None)
    if (release / manifests.NAME).is_file() and noted.of(release) != about:
        return f"not about the release that lies at {release}"
    return ""

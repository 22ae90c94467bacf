"""The pages about the releases of a public folder: the list of them, the notices about each, and what is left of what went."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from borderstats.formats import described
from borderstats.package import addresses
from borderstats.package.manifest import Manifest
from borderstats.package.model import Package
from borderstats.package.notices import Notice, Notices


@dataclass(frozen=True)
class Listed:
    """A release that was published, whether it is the newest, and the notices about it."""

    id: str
    date: datetime.date
    newest: bool
    notices: tuple[Notice, ...]


def listed(package: Package, releases: Sequence[Manifest], notices: Mapping[str, Notices]) -> list[Listed]:
    """Every release that was published, the latest first: those that are there, and those that were withdrawn."""
    dates = {one.id: one.date for one in releases} | {name: one.date for name, one in notices.items()}
    return [
        Listed(
            name, dates[name], name == package.manifest.id, notices[name].notices if name in notices else ()
        )
        for name in sorted(dates, reverse=True)
    ]


def pages(
    releases: Sequence[Listed], departed: Mapping[str, Manifest]
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The pages about these releases, each with its template and what that shows.

    `departed`: the pages that the newest release does not have, with the last release that has them.
    """
    yield "releases.html", "releases.html", {"releases": releases}
    for one in releases:
        yield addresses.notices(one.id), "noted.html", {"one": one}
    for path, last in departed.items():
        yield path, "departed.html", {"last": last}


def document(package: Package, releases: Sequence[Listed]) -> bytes:
    """The list of releases for programs, as JSON."""
    found = [
        {
            "id": one.id,
            "date": one.date,
            "newest": one.newest,
            "withdrawn": any(notice.kind == "withdrawn" for notice in one.notices),
            "url": described.address(package, addresses.permanent(one.id, "")),
            "notices": one.notices,
        }
        for one in releases
    ]
    publisher = package.standard.publisher
    return msgspec.json.encode(
        {"release": package.manifest.id, "publisher": publisher.name, "releases": found}
    )

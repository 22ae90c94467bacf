"""Releases and revisions as an Atom feed (RFC 4287): one entry a release, and one for each file that changed figures."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from types import MappingProxyType
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as Xml

from borderstats.formats import described
from borderstats.package import addresses
from borderstats.package.manifest import Manifest
from borderstats.package.model import Package
from borderstats.package.notices import Notice, Notices
from borderstats.package.reports import Revision
from borderstats.words import labels

NAME = "releases.atom"
"""The name of the file among the pages of a release. No release has it: it tells of others, too."""

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 200


def document(
    package: Package,
    published: Collection[Manifest] = (),
    notices: Mapping[str, Notices] = MappingProxyType({}),
) -> bytes:
    """The feed, as XML in UTF-8, of the release in `package` with its newest revisions, of those published before, and of notices.

    `published`: the releases of a public folder, which has the pages of each under an address of its own. A release that stands
    alone has no others than those of its site.
    """
    releases = published or [package.manifest]
    publisher = package.standard.publisher
    root = Xml.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _add(root, "id", publisher.address)
    _add(root, "title", f"{publisher.name}: releases and revisions")
    _add(root, "subtitle", publisher.description)
    days = (
        *(one.date for one in releases),
        *(one.day for about in notices.values() for one in about.notices),
    )
    _add(root, "updated", _time(max(days)))
    Xml.SubElement(root, "link", {"rel": "self", "href": described.address(package, NAME)})
    Xml.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": publisher.address})
    author = Xml.SubElement(root, "author")
    _add(author, "name", publisher.name)
    _add(author, "email", publisher.email)
    _add(root, "rights", publisher.licence)
    for one in sorted(releases, key=lambda one: (one.date, one.id), reverse=True):
        page = addresses.release(one.id) if published else ""
        _release(root, package, one, page)
    for about in notices.values():
        for n, notice in enumerate(about.notices, 1):
            _notice(root, package, about, n, notice)
    for entry in _revisions(package):
        root.append(entry)
    Xml.indent(root, " ")
    return bytes(Xml.tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def _release(root: Xml.Element, package: Package, one: Manifest, page: str) -> None:
    entry = Xml.SubElement(root, "entry")
    _add(entry, "id", _tag(package, one.date, f"release:{one.id}"))
    _add(entry, "title", f"Release of {labels.date(one.date)}")
    _add(entry, "updated", _time(one.date))
    link = {"rel": "alternate", "href": described.address(package, page)}
    Xml.SubElement(entry, "link", link)
    _add(
        entry,
        "summary",
        f"{labels.count(len(package.datasets), 'dataset')} in the newest release, made by {one.software} {one.version}."
        if one.date == package.manifest.date
        else f"Made by {one.software} {one.version}.",
    )


def _notice(root: Xml.Element, package: Package, about: Notices, n: int, notice: Notice) -> None:
    entry = Xml.SubElement(root, "entry")
    _add(entry, "id", _tag(package, about.date, f"notice:{about.release}:{n}"))
    _add(entry, "title", f"Release of {labels.date(about.date)}: {notice.kind}")
    _add(entry, "updated", _time(notice.day))
    place = described.address(package, addresses.notices(about.release))
    Xml.SubElement(entry, "link", {"rel": "alternate", "href": place})
    instead = f" Use release {notice.replaced_by} instead." if notice.replaced_by else ""
    _add(entry, "summary", f"{labels.stopped(notice.reason)}{instead}")


def _revisions(package: Package) -> Iterable[Xml.Element]:
    """An entry for each file that gave figures of a dataset otherwise than the file before it, the newest first."""

    def step(row: Revision) -> tuple[datetime.date, str, datetime.date, str]:
        return row.after, row.dataset, row.before, row.snapshot

    # Files of one day stay in their order.
    rows = sorted((row for row in package.revisions if row.cells), key=lambda row: step(row)[:3])
    steps = [(key, list(found)) for key, found in groupby(rows, key=step)]
    for (after, dataset, before, file), found in steps[::-1][:_MOST]:
        title = package.dataset(dataset, "revisions.csv").meta.title.en
        entry = Xml.Element("entry")
        # Of several files of a day all but the first follow on one of the same day.
        named, also = (f":{quote(file)}", f", {file}") if before == after else ("", "")
        _add(entry, "id", _tag(package, after, f"revision:{dataset}:{before}{named}"))
        _add(entry, "title", f"{title}: the file of {labels.date(after)}{also}")
        _add(entry, "updated", _time(after))
        Xml.SubElement(
            entry,
            "link",
            {"rel": "alternate", "href": described.address(package, addresses.dataset(dataset))},
        )
        what = "; ".join(f"{row.kind}: {labels.count(row.cells, 'cell')}" for row in found)
        _add(entry, "summary", f"Beside the file of {labels.date(before)}: {what}.")
        yield entry


def _tag(package: Package, date: datetime.date, name: str) -> str:
    """A name that stays the same wherever the feed lies (RFC 4151)."""
    return f"tag:{urlsplit(package.standard.publisher.address).hostname},{date}:{name}"


def _time(date: datetime.date) -> str:
    return f"{date}T00:00:00Z"


def _add(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = text

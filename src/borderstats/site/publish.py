"""Publish a release: add it and its pages to a public folder, and make it the newest there."""

import datetime
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec

from borderstats.errors import ReleaseError
from borderstats.package import manifest as manifests
from borderstats.package import trust
from borderstats.package.public_folder import (
    LATEST,
    PAGES,
    RELEASES,
    Arrival,
    Pointer,
    pointer,
    releases,
    second,
)
from borderstats.site import site
from borderstats.words import messages

_BUILDING = ".building"
_REDIRECT = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    '<meta http-equiv="refresh" content="0; url=../releases/{id}/manifest.json">'
    '<p><a href="../releases/{id}/manifest.json">{id}</a></p></html>\n'
)


@dataclass(frozen=True)
class Public:
    """A public folder, the release that was added, and the number of its pages."""

    path: Path
    release: str
    pages: int


def write(
    release: Path,
    public: Path,
    answers: Mapping[str, bytes] = MappingProxyType({}),
    now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
) -> Public:
    """Add a release to a public folder and make it the newest. `answers` are further files of it, by their paths.

    `now` is the clock by which the folder notes when the bytes of each address came there. Raises ReleaseError if the release is
    broken or the folder holds something else.
    """
    if public.exists() and not (public.is_dir() and (_ours(public) or not any(public.iterdir()))):
        raise ReleaseError(f"{public}: holds something else than published releases; give another folder")
    if public.resolve().is_relative_to(release.resolve()) or release.resolve().is_relative_to(
        public.resolve()
    ):
        raise ReleaseError(
            f"{public}: the public folder and the release {release} must not lie in each other"
        )
    public.mkdir(parents=True, exist_ok=True)
    for left_over in public.glob(f"{_BUILDING}-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    building = public / f"{_BUILDING}-{os.getpid()}"
    try:
        manifest = manifests.read(release)
        others = [one for one in releases(public) if one.id != manifest.id]
        made = site.write(release, building / "site", [*others, manifest])
        for path, data in answers.items():
            (building / "site" / path).parent.mkdir(parents=True, exist_ok=True)
            (building / "site" / path).write_bytes(data)
        files = sorted(_below(building / "site"))
        _settle(release, _below(release), building / "release", public / RELEASES / manifest.id)
        pages = [path for path in files if not (release / path).is_file()]
        _settle(building / "site", pages, building / "pages", public / PAGES / manifest.id)
        before = _before(public)
        moment = _moment(now(), before)
        arrivals: dict[str, Arrival] = {}

        def put(path: str, source: Path) -> None:
            with source.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            known = before.files.get(path)
            arrivals[path] = known if known and known.sha256 == sha256 else Arrival(sha256, moment)
            # File hosts say this moment, too.
            os.utime(source, (arrivals[path].at.timestamp(),) * 2)
            _put(public / path, source)

        for path in files:
            put(path, building / "site" / path)
        aside = {
            "latest/index.html": _REDIRECT.format(
                id=manifest.id, language=made.language, title=messages.text("latest.title")
            ),
            # How several file hosts are told of a redirect.
            "_redirects": f"/latest/* /releases/{manifest.id}/:splat 302\n",
        }
        for path, text in aside.items():
            put(path, _written(building, text.encode()))
        newest = Pointer(
            manifest.id,
            manifest.date,
            before.at if before.release == manifest.id else moment,
            arrivals,
            {one.id: before.releases.get(one.id, moment) for one in releases(public)},
        )
        _put(public / LATEST, _written(building, msgspec.json.encode(newest) + b"\n"))
        for path in sorted(set(before.files) - set(arrivals)):
            (public / path).unlink(missing_ok=True)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Public(public, manifest.id, made.pages)


def _ours(public: Path) -> bool:
    known = (LATEST, RELEASES, trust.FOLDER)
    return any((public / name).exists() for name in known) or any(public.glob(f"{_BUILDING}-*"))


def _before(public: Path) -> Pointer:
    """What the folder says so far: nothing if it is new, or its word is broken."""
    try:
        return pointer(public)
    except ReleaseError:
        return Pointer("", datetime.date.min)


def _moment(now: datetime.datetime, before: Pointer) -> datetime.datetime:
    """The moment of a publication: later than all that was noted before, whatever the clock says."""
    noted = (before.at, *(one.at for one in before.files.values()))
    return max(second(one) for one in (now, *noted) if one)


def _below(folder: Path) -> Iterable[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _settle(source: Path, paths: Iterable[str], building: Path, target: Path) -> None:
    """Copy files into a folder that appears whole or not at all; one that is there already stays."""
    if target.exists():
        return
    for path in paths:
        # Copies: nothing done to the public folder may touch the release.
        (building / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, building / path)
    target.parent.mkdir(parents=True, exist_ok=True)
    building.rename(target)


def _put(target: Path, source: Path) -> None:
    """Move a file into place in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def _written(building: Path, data: bytes) -> Path:
    """A file with these bytes, on the disk."""
    path = building / "written"
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return path

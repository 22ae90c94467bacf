"""Publish a release: add it and its pages to a public folder, and make it the newest there."""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec

from borderstats.errors import ReleaseError
from borderstats.package import manifest as manifests
from borderstats.package.public_folder import LATEST, PAGES, RELEASES, Pointer, pointer, releases
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


def write(release: Path, public: Path, answers: Mapping[str, bytes] = MappingProxyType({})) -> Public:
    """Add a release to a public folder and make it the newest. `answers` are further files of it, by their paths.

    Raises ReleaseError if the release is broken or the folder holds something else.
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
        made = site.write(release, building / "site", others)
        for path, data in answers.items():
            (building / "site" / path).parent.mkdir(parents=True, exist_ok=True)
            (building / "site" / path).write_bytes(data)
        files = sorted(_below(building / "site"))
        _settle(release, _below(release), building / "release", public / RELEASES / manifest.id)
        pages = [path for path in files if not path.startswith("data/")]
        _settle(building / "site", pages, building / "pages", public / PAGES / manifest.id)
        for path in files:
            _put(public / path, building / "site" / path)
        aside = {
            "latest/index.html": _REDIRECT.format(
                id=manifest.id, language=made.language, title=messages.text("latest.title")
            ),
            # How several file hosts are told of a redirect.
            "_redirects": f"/latest/* /releases/{manifest.id}/:splat 302\n",
        }
        for path, text in aside.items():
            _put(public / path, _written(building, text.encode()))
        written = (*files, *aside)
        before = pointer(public).files if (public / LATEST).exists() else ()
        newest = Pointer(manifest.id, manifest.date, written)
        _put(public / LATEST, _written(building, msgspec.json.encode(newest) + b"\n"))
        for path in sorted(set(before) - set(written)):
            (public / path).unlink(missing_ok=True)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Public(public, manifest.id, made.pages)


def _ours(public: Path) -> bool:
    return (public / LATEST).is_file() or (public / RELEASES).is_dir() or any(public.glob(f"{_BUILDING}-*"))


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

"""Publish a release: add it and its pages to a public folder, and make it the newest there. Note what is known about it later."""

import datetime
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats import __version__
from borderstats.errors import ReleaseError
from borderstats.formats import feed
from borderstats.package import folder as folders
from borderstats.package import manifest as manifests
from borderstats.package import notices as noted
from borderstats.package import pages as lists
from borderstats.package import public_folder, trust
from borderstats.package.manifest import TOMBSTONE, Manifest
from borderstats.package.model import Package
from borderstats.package.notices import Notice, Notices
from borderstats.package.public_folder import (
    LATEST,
    NOTICES,
    PAGES,
    RELEASES,
    Arrival,
    Pointer,
    pointer,
    releases,
    second,
    withdrawn,
)
from borderstats.site import site
from borderstats.site.pages import releases as about
from borderstats.words import messages

Clock = Callable[[], datetime.datetime]

_BUILDING, _ASIDE = ".building", ".withdrawn"
_ANSWERS = "api/"
_INDEX = "index.html"
_REDIRECT = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    '<meta http-equiv="refresh" content="0; url=../releases/{id}/manifest.json">'
    '<p><a href="../releases/{id}/manifest.json">{id}</a></p></html>\n'
)


@dataclass(frozen=True)
class Public:
    """A public folder, its newest release, and the number of that one's pages."""

    path: Path
    release: str
    pages: int


def _clock() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def write(
    release: Path,
    public: Path,
    answers: Mapping[str, bytes] = MappingProxyType({}),
    now: Clock = _clock,
) -> Public:
    """Add a release to a public folder and make it the newest. `answers` are further files of it, by their paths.

    What is there of it already stays as it is: its files and, whichever software made them, its pages. `now` is the clock by which
    the folder notes when the bytes of each address came there. Raises ReleaseError if the release is broken or was withdrawn, or
    the folder holds something else.
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
    with _building(public) as building:
        manifest = manifests.read(release)
        _refuse_withdrawn(public, manifest.id)
        _settle(release, manifest, answers, building, public / RELEASES / manifest.id)
        return _stand(public, manifest.id, building, now)


def note(
    public: Path, release: str, notice: Notice, key: Ed25519PrivateKey | None = None, now: Clock = _clock
) -> Public:
    """Put a notice beside a published release, signed by a key if one is given; nothing in the release changes.

    Of a withdrawal the bytes of the release go, and a tombstone with the notice stays; if it was the newest, the newest of the others
    is so from now on. Killed at any moment it is done or not, and doing it again completes it. Raises ReleaseError if there is no
    such release, the notice is not signed as the release is, or nothing would be left.
    """
    newest = pointer(public).release
    with _building(public) as building:
        if not withdrawn(public, release) or notice.kind != "withdrawn":
            _put_notice(public, release, notice, key, building)
        left = releases(public)
        ids = [one.id for one in left]
        return _stand(public, newest if newest in ids else _last(left, pointer(public)).id, building, now)


def _put_notice(
    public: Path, release: str, notice: Notice, key: Ed25519PrivateKey | None, building: Path
) -> None:
    ids = [one.id for one in releases(public)]
    for named in (release, *([notice.replaced_by] if notice.replaced_by else [])):
        _refuse_withdrawn(public, named)
        if named not in ids:
            raise ReleaseError(f"{public}: no release {named} is published here; there are {', '.join(ids)}")
    if notice.replaced_by == release:
        raise ReleaseError(f"{release}: a release does not replace itself; name the other one")
    if notice.kind == "withdrawn" and ids == [release]:
        raise ReleaseError(
            f"{release}: it is the only release here, and nothing would be left; publish the one that replaces it first, "
            "or take the whole folder off the host"
        )
    folder = public / RELEASES / release
    made = noted.added(_notices(public).get(release) or noted.of(folder), notice, key)
    newest = noted.signer(public / RELEASES / pointer(public).release)
    if wrong := noted.problem(made, {newest, *trust.release_keys(public)}):
        raise ReleaseError(f"{release}: this notice is {wrong}")
    _put(public / NOTICES / f"{release}.json", _written(building, noted.encode(made)))


def _refuse_withdrawn(public: Path, release: str) -> None:
    if withdrawn(public, release):
        found = _notices(public).get(release)
        reason = found.withdrawal.reason if found and found.withdrawal else "see its tombstone"
        raise ReleaseError(f"{release}: was withdrawn ({reason}); it cannot be published or noted any more")


def _notices(public: Path) -> dict[str, Notices]:
    return public_folder.notices(public, trust.release_keys(public))


def _last(left: Iterable[Manifest], before: Pointer) -> Manifest:
    """The newest of some releases: the latest by its date, and of one day that which came last."""
    return max(left, key=lambda one: (one.date, before.published(one), one.id))


@contextmanager
def _building(public: Path) -> Iterator[Path]:
    """An empty folder in a public folder, where one at a time can prepare what goes there; gone in the end."""
    held = os.open(public, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise ReleaseError(
            f"{public}: somebody else is publishing here; try again when that is done"
        ) from None
    try:
        for left_over in public.glob(f"{_BUILDING}-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        building = public / f"{_BUILDING}-{os.getpid()}"
        building.mkdir()
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)
        os.close(held)


def _settle(
    release: Path, manifest: Manifest, answers: Mapping[str, bytes], building: Path, target: Path
) -> None:
    """Put a release and its pages under its permanent address, whole or not at all; what is there already stays."""
    if target.exists():
        if (target / manifests.NAME).read_bytes() != (release / manifests.NAME).read_bytes():
            raise ReleaseError(
                f"{target}: is there already and is not the release {release}; nothing is replaced"
            )
        if not (target / lists.NAME).exists():
            _complete(target, manifest, answers, building)
        return
    made, files = building / RELEASES, _pages(release, answers)
    # Copies: nothing done to the public folder may touch the release.
    site.copy_files(manifest, release, made)
    folders.put(made, [*files.items(), (lists.NAME, _listing(manifest, files))])
    target.parent.mkdir(parents=True, exist_ok=True)
    folders.move(made, target)


def _complete(target: Path, manifest: Manifest, answers: Mapping[str, bytes], building: Path) -> None:
    """Add its pages to a release that was published without any; the list of them comes last."""
    files = _pages(target, answers)
    for path, data in (*files.items(), (lists.NAME, _listing(manifest, files))):
        _put(target / path, _written(building, data))


def _pages(release: Path, answers: Mapping[str, bytes]) -> dict[str, bytes]:
    return {**dict(site.pages(release).written(site.PERMANENT)), **answers}


def _listing(manifest: Manifest, files: Mapping[str, bytes]) -> bytes:
    described = (manifests.file(path, data) for path, data in files.items())
    return lists.encode(lists.listed(manifest.id, __version__, described))


def _stand(public: Path, release: str, building: Path, now: Clock) -> Public:
    """Make a release that lies in the folder the newest, and let go what is no more: the last step of all that is published."""
    folder, before, every = public / RELEASES / release, _before(public), _notices(public)
    made = site.pages(folder)
    site.put(building / "site", _answers(folder))
    site.put(building / "site", made.written(site.NEWEST, every[release].notices if release in every else ()))
    site.put(building / "site", _around(public, made.package, every))
    site.copy_files(made.package.manifest, folder, building / "files")
    pages = sorted(_below(building / "site"))
    kept = _keep(building / "site", pages, building / "kept", public / PAGES)
    moment = _moment(now(), before)
    arrivals: dict[str, Arrival] = {}

    def put(path: str, source: Path) -> None:
        sha256 = _sha256(source)
        known = before.files.get(path)
        arrivals[path] = known if known and known.sha256 == sha256 else Arrival(sha256, moment)
        # File hosts say this moment, too.
        os.utime(source, (arrivals[path].at.timestamp(),) * 2)
        _put(public / path, source)

    for part in ("files", "site"):
        for path in sorted(_below(building / part)):
            put(path, building / part / path)
    language = made.package.standard.office.languages[0]
    aside = {
        "latest/index.html": _REDIRECT.format(
            id=release, language=language, title=messages.text("latest.title")
        ),
        # How several file hosts are told of a redirect.
        "_redirects": f"/latest/* /releases/{release}/:splat 302\n",
    }
    for path, text in aside.items():
        put(path, _written(building, text.encode()))
    _point(
        public,
        Pointer(
            release,
            made.package.manifest.date,
            before.at if before.release == release else moment,
            arrivals,
            {one.id: before.releases.get(one.id, moment) for one in releases(public)},
            kept,
            tuple(path for path in sorted(_ever(public, before) - set(arrivals)) if (public / path).exists()),
        ),
        building,
    )
    _let_go(
        public,
        {kept} if before.release in every and every[before.release].withdrawal else {kept, before.pages},
    )
    for one in every.values():
        if one.withdrawal:
            _bury(public, one, made.package, building)
    return Public(public, release, len(made.shown))


def _answers(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The answers that were published with a release, which are files at the root, too."""
    for file in lists.read(folder):
        if file.path.startswith(_ANSWERS):
            yield file.path, (folder / file.path).read_bytes()


def _around(public: Path, package: Package, every: Mapping[str, Notices]) -> Iterator[tuple[str, bytes]]:
    """What stands beside the newest pages at the root: about all releases, the notices, and pages that the newest one lacks."""
    found = releases(public)
    listed = about.listed(package, found, every)
    for path, template, context in about.pages(listed, _departed(public, package, found)):
        yield path, site.rendered(package, path, template, context, site.NEWEST, stays=False).encode()
    yield "api/releases.json", about.document(package, listed)
    yield feed.NAME, feed.document(package, found, every)
    for name in every:
        yield f"{NOTICES}/{name}.json", (public / NOTICES / f"{name}.json").read_bytes()


def _departed(public: Path, package: Package, found: Iterable[Manifest]) -> dict[str, Manifest]:
    """The pages of other releases that the newest one does not have, each with the last release that has it."""
    own = _html(public / RELEASES / package.manifest.id)
    by_path: dict[str, Manifest] = {}
    for one in sorted(found, key=lambda one: (one.date, one.id)):
        by_path |= dict.fromkeys(sorted(_html(public / RELEASES / one.id) - own), one)
    return by_path


def _html(release: Path) -> set[str]:
    """The paths of the pages that were published with a release."""
    return {file.path for file in lists.read(release) if file.path.endswith(".html")}


def _point(public: Path, newest: Pointer, building: Path) -> None:
    """Say which release is the newest: from here on a publication or a withdrawal is done for all who ask."""
    _put(public / LATEST, _written(building, msgspec.json.encode(newest) + b"\n"))


def _ever(public: Path, before: Pointer) -> set[str]:
    """The paths at the root to which some publication has written, or one that was killed may have."""
    found = {*before.files, *before.gone, manifests.NAME, manifests.SIGNATURE}
    for folder in (public / RELEASES).iterdir():
        if (folder / manifests.NAME).exists():
            found |= {file.path for file in manifests.read(folder).files}
    for folder in (public / PAGES).iterdir():
        found |= set(_below(folder))
    return found


def _let_go(public: Path, kept: set[str]) -> None:
    """Remove what was written for releases before, and is of none any more. A server may still be at the pages before."""
    for path in pointer(public).gone:
        (public / path).unlink(missing_ok=True)
    for folder in (public / PAGES).iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _bury(public: Path, one: Notices, package: Package, building: Path) -> None:
    """Let a tombstone stand where a withdrawn release was, also for whoever follows a link to a page of it."""
    target, aside = public / RELEASES / one.release, public / f"{_ASIDE}-{one.release}"
    if (target / manifests.NAME).exists():
        target.rename(aside)
    if not target.exists():
        shown = {"one": about.Listed(one.release, one.date, newest=False, notices=one.notices)}
        grave = building / one.release
        site.put(grave, [(TOMBSTONE, noted.encode(one))])
        for path in sorted({_INDEX, *(_html(aside) if aside.exists() else ())}):
            page = f"{RELEASES}/{one.release}/{path}"
            text = site.rendered(package, page, "tombstone.html", shown, site.NEWEST, stays=False)
            site.put(grave, [(path, text.encode())])
        folders.move(grave, target)
    if aside.exists():
        shutil.rmtree(aside)


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
    earlier = (before.at, *(one.at for one in before.files.values()))
    return max(second(one) for one in (now, *earlier) if one)


def _below(folder: Path) -> Iterable[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _keep(source: Path, paths: Iterable[str], building: Path, target: Path) -> str:
    """Copy pages into a folder named by their hash, which appears whole or not at all; its name."""
    hashed = hashlib.sha256()
    for path in paths:
        hashed.update(f"{path} {_sha256(source / path)}\n".encode())
    name = hashed.hexdigest()[:16]
    if not (target / name).exists():
        shutil.copytree(source, building)
        target.mkdir(exist_ok=True)
        folders.move(building, target / name)
    return name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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

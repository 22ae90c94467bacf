"""Whether a release may become the newest of a public folder."""

from collections.abc import Collection, Iterator
from pathlib import Path

from borderstats.errors import ReleaseError
from borderstats.package import keys, public_folder, sign, trust
from borderstats.package import manifest as manifests
from borderstats.package.manifest import Manifest
from borderstats.package.verify import alterations


def check(release: Path, public: Path, trusted: Collection[str] = (), *, back: bool = False) -> None:
    """Raise ReleaseError with everything that speaks against a release as the newest of a public folder.

    It has to be whole; signed by one of the `trusted` public keys (base64), or, if none are given, by a release key of the folder,
    or, where nobody is named there, by the key of the release that is the newest now; and not before that one, unless the folder
    is to go `back`.
    """
    allowed = trusted or trust.release_keys(public)
    found = list(alterations(release, allowed))
    newest = _newest(public)
    if newest and not allowed:
        found += _other_signer(release, public / public_folder.RELEASES / newest.id)
    if newest and not back:
        found += _before(manifests.read(release), newest, public)
    if found:
        raise ReleaseError("\n".join(found))


def _newest(public: Path) -> Manifest | None:
    if not (public / public_folder.LATEST).exists():
        return None
    folder = public / public_folder.RELEASES / public_folder.pointer(public).release
    return manifests.read(folder) if (folder / manifests.NAME).is_file() else None


def _other_signer(release: Path, newest: Path) -> Iterator[str]:
    """A folder whose releases are signed does not take one that is signed by others, or by nobody."""
    before = _signer(newest)
    after = _signer(release)
    if before and after != before:
        by = f"signed by {keys.name(after)}" if after else "not signed"
        yield (
            f"{release.name}: {by}, and the newest release of this folder by {keys.name(before)}; if that is meant, say which key "
            "you trust with --public-key"
        )


def _signer(release: Path) -> str:
    path = release / manifests.SIGNATURE
    return sign.signer(path.read_bytes()) if path.is_file() else ""


def _before(release: Manifest, newest: Manifest, public: Path) -> Iterator[str]:
    if release.id != newest.id and (
        release.date < newest.date or release.id in _predecessors(newest, public)
    ):
        yield (
            f"{release.id}: older than {newest.id}, the newest release of this folder: readers would go back without a word; "
            "if that is meant, say --back"
        )


def _predecessors(release: Manifest, public: Path) -> set[str]:
    """The ids of the releases before it, as far as they are in the folder."""
    found: set[str] = set()
    while release.previous and release.previous.id not in found:
        found.add(release.previous.id)
        folder = public / public_folder.RELEASES / release.previous.id
        if not (folder / manifests.NAME).is_file():
            break
        release = manifests.read(folder)
    return found

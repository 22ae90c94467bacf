"""Whether a release may become the newest of a public folder."""

from collections.abc import Collection, Iterator
from pathlib import Path

from borderstats.errors import ReleaseError
from borderstats.package import keys, notices, public_folder, trust
from borderstats.package import manifest as manifests
from borderstats.package.manifest import Manifest
from borderstats.package.verify import alterations


def check(release: Path, public: Path, trusted: Collection[str] = (), *, back: bool = False) -> None:
    """Raise ReleaseError with everything that speaks against a release as the newest of a public folder.

    It has to be whole; signed by a release key of the folder, or, where nobody is named there, by the key of the release that is
    the newest now, if not by one of the `trusted` public keys (base64), which elsewhere only narrow; and not before that one, unless
    the folder is to go `back`. A release that the folder's signed pointer names already needs no signature by a key of today.
    """
    own = trust.release_keys(public)
    allowed = [key for key in own if key in trusted] if own and trusted else (trusted or own)
    if own and not allowed:
        raise ReleaseError(f"{public}: none of the keys given with --public-key may sign releases there")
    found = list(alterations(release, () if own and _signed_for(release, public) else allowed))
    if found:
        raise ReleaseError("\n".join(found))
    newest = _newest(public)
    if newest and not allowed:
        found += _other_signer(release, public / public_folder.RELEASES / newest.id)
    if newest and not back:
        found += _before(manifests.read(release), newest, public)
    if found:
        raise ReleaseError("\n".join(found))


def _newest(public: Path) -> Manifest | None:
    """The newest release of a folder by its signed pointer, else by its own word, else by the dates; None if there is none."""
    signed = trust.last(public)
    name = str(signed.signed.unrecognized_fields.get(trust.NEWEST, "")) if signed else ""
    if not name and (public / public_folder.LATEST).exists():
        name = public_folder.pointer(public).release
    there = {one.id: one for one in public_folder.releases(public)}
    return there.get(name) or max(there.values(), key=lambda one: (one.date, one.id), default=None)


def _signed_for(release: Path, public: Path) -> bool:
    """Whether the signed pointer names this very release."""
    signed = trust.last(public)
    known = (
        signed.signed.targets.get(f"{public_folder.RELEASES}/{release.name}/{manifests.NAME}")
        if signed
        else None
    )
    return known is not None and known.hashes["sha256"] == manifests.previous(release).sha256


def _other_signer(release: Path, newest: Path) -> Iterator[str]:
    """A folder whose releases are signed does not take one that is signed by others, or by nobody."""
    before = notices.signer(newest)
    after = notices.signer(release)
    if before and after != before:
        by = f"signed by {keys.name(after)}" if after else "not signed"
        yield (
            f"{release.name}: {by}, and the newest release of this folder by {keys.name(before)}; if that is meant, say which key "
            "you trust with --public-key"
        )


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

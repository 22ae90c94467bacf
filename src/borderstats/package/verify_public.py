"""Verify a public folder: its signed pointer, every release with its pages, the notices, and what stands at the root."""

from collections.abc import Iterator
from pathlib import Path

from borderstats.errors import ReleaseError
from borderstats.package import manifest as manifests
from borderstats.package import pointer, public_folder, trust
from borderstats.package.pointer import Signed
from borderstats.package.verify import alterations


def faults(public: Path, pinned: bytes | None = None) -> Iterator[str]:
    """One line for each thing in a public folder that is not as it was published; nothing if it is whole.

    `pinned` is root metadata that the reader trusts, to which the signed pointer is held: forged, altered, expired. That it is older than
    one seen before is told by who remembers: `borderstats fetch`. Raises ReleaseError if nothing is published there.
    """
    latest = public_folder.pointer(public)
    signed = None
    try:
        signed = pointer.of_folder(public, pinned)
    except ReleaseError as error:
        yield from str(error).splitlines()
    if signed:
        yield from _signed(public, signed, latest.release)
    trusted = trust.release_keys(public) if signed else ()
    for folder in sorted((public / public_folder.RELEASES).glob("*/")):
        if not (folder / manifests.TOMBSTONE).exists():
            yield from (f"{folder.relative_to(public)}: {line}" for line in _release(folder))
    try:
        public_folder.notices(public, trusted)
    except ReleaseError as error:
        yield str(error)
    for path, arrival in sorted(latest.files.items()):
        yield from _at_root(public, path, arrival.sha256)


def said(public: Path, pinned: bytes | None = None) -> str:
    """Who has signed the pointer of a public folder that is whole, and whether that was checked."""
    signed = pointer.of_folder(public, pinned)
    if signed is None:
        return "pointer: not signed: whether it is the newest is not known"
    held = (
        "held to the root metadata that you trust" if pinned else "by whom was not checked: give --root FILE"
    )
    return f"pointer: number {signed.number}, signed, good until {signed.expires:%Y-%m-%d %H:%M} UTC; {held}"


def _release(folder: Path) -> Iterator[str]:
    """By whom it had to be signed on its day is said by the pointer, which names its manifest and its signature."""
    try:
        yield from alterations(folder)
    except ReleaseError as error:
        yield str(error)


def _signed(public: Path, signed: Signed, newest: str) -> Iterator[str]:
    """What differs between the signed pointer and what lies in the folder."""
    if signed.newest != newest:
        yield f"{public_folder.LATEST}: says that {newest} is the newest, and the signed pointer says {signed.newest}"
    there = {
        path.relative_to(public).as_posix() for pattern in trust.POINTED for path in public.glob(pattern)
    }
    yield from (
        f"{name}: added: the signed pointer does not name it" for name in sorted(there - signed.files.keys())
    )
    for name, named in sorted(signed.files.items()):
        yield from _at_root(public, name, named.hashes["sha256"])


def _at_root(public: Path, name: str, sha256: str) -> Iterator[str]:
    path = public / name
    try:
        if any(
            one.is_symlink() for one in (path, *path.parents) if one.is_relative_to(public) and one != public
        ):
            yield f"{name}: a link: what it leads to is not part of the folder"
        elif not path.is_file():
            yield f"{name}: missing"
        elif manifests.describe_file(public, path).sha256 != sha256:
            yield f"{name}: altered: its SHA-256 is not the one that was published"
    except OSError as error:
        yield f"{name}: cannot be read: {error.strerror or error}"

"""The archive: the publishers' files, untouched, and beside each its metadata, which say where it came from."""

import difflib
import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

from borderstats.errors import ArchiveError, InputError
from borderstats.intake import metadata
from borderstats.package.snapshots import Snapshot
from borderstats.standard.decode import DecodeError

ADDING = ".adding"
"""How the hidden name ends under which a file is written until it is whole."""


def digest(data: bytes) -> str:
    """SHA-256 as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


def metadata_of(file: Path) -> Path:
    """Where the metadata of a file lie."""
    return file.with_name(file.name + metadata.SUFFIX)


def hidden(path: Path) -> Path:
    """Where a file of the archive is written until it is whole."""
    return path.with_name(f".{path.name}{ADDING}")


def snapshots(archive: Path) -> tuple[Snapshot, ...]:
    """The files of the archive by their metadata: by day, order within it, and name. No other file is opened.

    Raises ArchiveError, a line for each metadata file that cannot be read.
    """
    if not archive.is_dir():
        raise ArchiveError(
            f"{archive}: no archive here; run borderstats in the project's folder or give --archive"
        )
    found: list[Snapshot] = []
    wrong: list[str] = []
    for path in sorted(archive.rglob(f"*{metadata.SUFFIX}")):
        if path.name.startswith("."):
            continue
        name = path.relative_to(archive).as_posix()
        try:
            found.append(metadata.decoded(name.removesuffix(metadata.SUFFIX), path.read_bytes()))
        except (DecodeError, OSError) as error:
            wrong.append(f"{archive.name}/{name}: {error}")
    known = {snapshot.file for snapshot in found}
    wrong += [
        f"{archive.name}/{one.file}{metadata.SUFFIX}: $.replaces: the archive has no file {one.replaces!r}{_meant(one.replaces, known)}"
        for one in found
        if one.replaces and one.replaces not in known
    ]
    if wrong:
        raise ArchiveError("\n".join(wrong))
    return tuple(sorted(found, key=lambda snapshot: snapshot.place))


def _meant(name: str, known: Collection[str], otherwise: str = "correct it") -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"; {close[0]!r} may be meant" if close else f"; {otherwise}"


def read(archive: Path, snapshot: Snapshot) -> bytes:
    """A snapshot's bytes; ArchiveError if they are missing or are not the ones that were archived."""
    try:
        data = (archive / snapshot.file).read_bytes()
    except OSError:
        raise ArchiveError(
            f"{archive.name}/{snapshot.file}: its metadata are there, but not the file; restore it"
        ) from None
    if digest(data) != snapshot.sha256:
        raise ArchiveError(
            f"{archive.name}/{snapshot.file}: altered since it was archived (its SHA-256 differs); restore the file"
        )
    return data


def leftovers(archive: Path, listed: Iterable[Snapshot]) -> list[str]:
    """A line for each file that an add left which did not end. None of them is used.

    Raises ArchiveError if a file lies in the archive without metadata for any other reason.
    """
    known = {snapshot.file for snapshot in listed}
    known |= {name + metadata.SUFFIX for name in known}
    begun: set[str] = set()
    strange: list[str] = []
    for path in sorted(path for path in archive.rglob("*") if path.is_file()):
        name = path.relative_to(archive).as_posix()
        if path.name.endswith(ADDING):
            begun.add(_begun(path).relative_to(archive).as_posix())
        elif not path.name.startswith(".") and name not in known:
            (begun.add if hidden(metadata_of(path)).exists() else strange.append)(name)
    if strange:
        raise ArchiveError(
            f"{', '.join(strange)}: in the archive without metadata; add files with `borderstats intake FILE --add`"
        )
    return [
        f"{archive.name}/{name}: left by an add that did not end, and not used; add the file again, or remove what is left"
        for name in sorted(begun)
    ]


def _begun(path: Path) -> Path:
    """The file that was being added when a hidden one was written: it, or its metadata."""
    return path.with_name(path.name.removeprefix(".").removesuffix(ADDING).removesuffix(metadata.SUFFIX))


def check_sources(archive: Path, listed: Iterable[Snapshot], known: Collection[str]) -> None:
    """Raise ArchiveError if the metadata of a file name a source that is not among those of the standard."""
    lines = [
        f"{archive.name}/{snapshot.file}{metadata.SUFFIX}: $.source: {snapshot.source!r} is no source of the standard"
        f"{_meant(snapshot.source, known, 'correct it, or describe the source')}"
        for snapshot in listed
        if snapshot.source and snapshot.source not in known
    ]
    if lines:
        raise ArchiveError("\n".join(lines))


def same_bytes(listed: Iterable[Snapshot], data: bytes) -> Snapshot | None:
    """The archived snapshot with these very bytes, if there is one."""
    sha256 = digest(data)
    return next((snapshot for snapshot in listed if snapshot.sha256 == sha256), None)


def check_name(archive: Path, snapshot: Snapshot) -> None:
    """Raise InputError if the name of a file to be added is taken, or that of metadata.

    A file that an add left which did not end is no other one: it was written whole.
    """
    target = archive / snapshot.file
    if target.name.startswith(".") or target.name.endswith((metadata.SUFFIX, ADDING)):
        raise InputError(
            f"{snapshot.file}: names of metadata end in {metadata.SUFFIX}, and hidden files are not archived; rename yours"
        )
    if metadata_of(target).exists() or (target.exists() and digest(target.read_bytes()) != snapshot.sha256):
        raise InputError(
            f"{snapshot.file}: the archive has another file of this name; rename yours, snapshots are never replaced"
        )

"""The archive: the publishers' files, untouched, and the list that says where each came from."""

import csv
import difflib
import hashlib
import io
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from borderstats.errors import ArchiveError, InputError
from borderstats.package.snapshots import Snapshot

LIST = "snapshots.csv"


def digest(data: bytes) -> str:
    """SHA-256 as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


def snapshots(archive: Path) -> tuple[Snapshot, ...]:
    """The list of the archive in its order; ArchiveError names the line that cannot be read."""
    try:
        text = (archive / LIST).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ArchiveError(f"{archive.name}/{LIST}: not UTF-8 ({error}); save it as UTF-8") from None
    except OSError:
        raise ArchiveError(
            f"{archive / LIST}: no archive here; run borderstats in the project's folder or give --archive"
        ) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if tuple(reader.fieldnames or ()) != Snapshot.__struct_fields__:
        raise ArchiveError(
            f"{archive.name}/{LIST}: line 1: the header must be {','.join(Snapshot.__struct_fields__)}"
        )
    try:
        return tuple([msgspec.convert(row, Snapshot, strict=False) for row in reader])
    except (msgspec.ValidationError, csv.Error) as error:
        raise ArchiveError(f"{archive.name}/{LIST}: line {reader.line_num}: {error}") from None


def read(archive: Path, snapshot: Snapshot) -> bytes:
    """A snapshot's bytes; ArchiveError if they are missing or are not the ones that were archived."""
    try:
        data = (archive / snapshot.file).read_bytes()
    except OSError:
        raise ArchiveError(
            f"{archive.name}/{snapshot.file}: listed in {LIST} but not there; restore the file"
        ) from None
    if digest(data) != snapshot.sha256:
        raise ArchiveError(
            f"{archive.name}/{snapshot.file}: altered since it was archived (its SHA-256 differs); restore the file"
        )
    return data


def check_unlisted(archive: Path, listed: Iterable[Snapshot]) -> None:
    """Raise ArchiveError if a file lies in the archive without standing in its list."""
    known = {snapshot.file for snapshot in listed} | {LIST}
    files = (path.relative_to(archive) for path in sorted(archive.rglob("*")) if path.is_file())
    unlisted = [
        path.as_posix() for path in files if path.as_posix() not in known and not path.name.startswith(".")
    ]
    if unlisted:
        raise ArchiveError(
            f"{', '.join(unlisted)}: in the archive without a line in its list; "
            "add files with `borderstats intake FILE --add`"
        )


def check_sources(archive: Path, listed: Iterable[Snapshot], known: Collection[str]) -> None:
    """Raise ArchiveError if the list names a source that is not among those of the standard."""
    lines = []
    for snapshot in listed:
        if snapshot.source and snapshot.source not in known:
            close = difflib.get_close_matches(snapshot.source, known, 1)
            meant = f"{close[0]!r} may be meant" if close else "correct the list, or describe the source"
            lines.append(
                f"{archive.name}/{LIST}: {snapshot.file} is listed as a file of {snapshot.source!r}, "
                f"which is no source of the standard; {meant}"
            )
    if lines:
        raise ArchiveError("\n".join(lines))


def same_bytes(listed: Iterable[Snapshot], data: bytes) -> Snapshot | None:
    """The archived snapshot with these very bytes, if there is one."""
    sha256 = digest(data)
    return next((snapshot for snapshot in listed if snapshot.sha256 == sha256), None)


def check_name(archive: Path, snapshot: Snapshot) -> None:
    """Raise InputError if the name of a file to be added is taken."""
    if (archive / snapshot.file).exists():
        raise InputError(
            f"{snapshot.file}: the archive has another file of this name; rename yours, snapshots are never replaced"
        )


def add(archive: Path, snapshot: Snapshot, data: bytes) -> None:
    """Put a file into the archive and its line into the list; InputError if the name is taken."""
    check_name(archive, snapshot)
    target = archive / snapshot.file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    listed = (archive / LIST).read_bytes()
    with (archive / LIST).open("a", encoding="utf-8", newline="") as file:
        file.write("" if listed.endswith(b"\n") else "\n")
        csv.writer(file, lineterminator="\n").writerow(
            [
                str(value).lower() if isinstance(value, bool) else str(value)
                for value in msgspec.structs.astuple(snapshot)
            ]
        )

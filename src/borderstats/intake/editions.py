"""Which of the files of one day is newer: by its name, by the time of its capture, or by whoever adds it."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from borderstats.errors import InputError
from borderstats.package.snapshots import Snapshot
from borderstats.standard.sources import Source

WHEN_KNOWN = (
    "they are of two sources; say of one on which other day it became known (--published, --captured or --not-after, or "
    "`known` in the metadata)"
)
"""What to do where it is not told which of two files of two sources is newer."""


def placed(source: Source, snapshot: Snapshot, listed: Sequence[Snapshot]) -> Snapshot:
    """A new file with its order among those of its source and day, and with the basis of the order.

    Raises InputError if the file that it replaces is not one of those, or is replaced already.
    """
    day = [one for one in listed if (one.source, one.as_of) == (source.id, snapshot.as_of)]
    if snapshot.replaces:
        return replace(snapshot, order=_reissued(snapshot, day, listed), order_basis="replaces")
    if edition := _edition(source, snapshot.file):
        return replace(snapshot, order=str(edition), order_basis="name")
    if snapshot.captured and any(one.captured for one in day):
        return replace(snapshot, order_basis="captured")
    return snapshot


def _edition(source: Source, file: str) -> int:
    """The number of the edition whose mark a name ends with; 0 if it has none."""
    path = Path(file.lower())
    stem = Path(path.stem).stem if path.suffix == ".gz" else path.stem
    return next((n for n, mark in enumerate(source.editions, 1) if stem.endswith(mark.lower())), 0)


def _reissued(snapshot: Snapshot, day: Sequence[Snapshot], listed: Sequence[Snapshot]) -> str:
    other = next((one for one in listed if one.file == snapshot.replaces), None)
    if not other or other not in day:
        what = (
            f"is a file of {other.source or 'no source'} as of {other.as_of}"
            if other
            else "is no archived file"
        )
        raise InputError(
            f"{snapshot.file}: --replaces {snapshot.replaces} {what}; a re-issue replaces a file of {snapshot.source} as of "
            f"{snapshot.as_of}{_known(day)}"
        )
    check_replaced(snapshot, listed)
    edition, _, reissue = other.order.partition(".")
    return f"{edition}.{int(reissue or 0) + 1}"


def _known(day: Sequence[Snapshot]) -> str:
    return f": {', '.join(one.file for one in day)}" if day else ", and there is none; leave --replaces out"


def check_replaced(snapshot: Snapshot, listed: Sequence[Snapshot]) -> None:
    """Raise InputError if another file replaces the same one."""
    for other in listed:
        if snapshot.replaces and other.replaces == snapshot.replaces:
            raise InputError(
                f"{snapshot.file}: {other.replaces} is replaced already by {other.file}; if this file is newer still, "
                f"say --replaces {other.file}"
            )


def told(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether it is told which of two files is newer, by their ranks: neither begins with the other."""
    length = min(len(one), len(other))
    return one[:length] != other[:length]


def ways_out(one: str, other: str) -> str:
    """What to do where it is not told which of two files is newer."""
    return (
        "if one is a corrected re-issue of the other, add it with --replaces "
        f"{one} (or {other}) --reason TEXT; if the time of capture of both is known, give it (--captured, or `captured` in the "
        'metadata); if their names say it, put the marks into the source (editions = ["am", "pm"])'
    )

"""Archives for tests: snapshots made by hand, and parts of the real archive."""

import datetime
import hashlib
import shutil
from pathlib import Path

from msgspec.structs import replace

from borderstats.package.snapshots import Snapshot


def snapshot(file: str = "made/a.csv", data: bytes = b"1\n", **said: object) -> Snapshot:
    """A file made by hand; `known` is its day if not said otherwise."""
    as_of = said.get("as_of", datetime.date(2019, 9, 30))
    made = Snapshot(
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        source="usbp-annual-nation",
        publisher="A publisher, by hand",
        title='A "title"',
        as_of=as_of,
        as_of_basis="stated",
        as_of_note="",
        known=as_of,
        known_basis="not before",
        known_note="the day for which it speaks.",
        obtained_from="hand-made\nin two lines",
        licence="none",
    )
    return replace(made, **said)


def copied(archive: Path, folder: Path, *, begin: tuple[str, ...] = (), end: tuple[str, ...] = ()) -> Path:
    """An archive of those files of another one whose names begin or end so, with their metadata."""
    for path in sorted(archive.rglob("*.toml")):
        name = path.relative_to(archive).as_posix().removesuffix(".toml")
        if name.startswith(begin) if begin else name.endswith(end):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(archive / name, folder / name)
            shutil.copy(path, folder / f"{name}.toml")
    return folder

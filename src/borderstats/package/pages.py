"""What was published with a release beside its own files: the pages and answers that were made for it.

They lie in the release's folder of a public folder, under its permanent address, and are listed in `pages.json`: so they can be
told from what somebody added, and a release that is published again keeps them as they are.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from borderstats.errors import ReleaseError
from borderstats.package import plain
from borderstats.package.manifest import File
from borderstats.package.struct import Struct

NAME = "pages.json"


class Pages(Struct, frozen=True, forbid_unknown_fields=True):
    """The files that were made for a release when it was published, by the software of that version."""

    release: str
    version: str
    files: tuple[File, ...]


def encode(pages: Pages) -> bytes:
    return msgspec.json.format(msgspec.json.encode(pages), indent=1) + b"\n"


def listed(release: str, version: str, files: Iterable[File]) -> Pages:
    """The list of files, in the order of their paths."""
    return Pages(release, version, tuple(sorted(files, key=lambda file: file.path)))


def read(release: Path) -> tuple[File, ...]:
    """The files that were published with a release beside its own; none if it was not published yet.

    Raises ReleaseError if the list cannot be read.
    """
    try:
        return msgspec.json.decode(plain.read(release / NAME), type=Pages).files
    except FileNotFoundError:
        return ()
    except msgspec.DecodeError as error:
        raise ReleaseError(
            f"{release / NAME}: altered or broken: {error}; publish the release again"
        ) from None

"""Read small files of a folder that others may have written into: plain files only, no links, never more than a bound."""

import os
import stat
from pathlib import Path

from borderstats.errors import ReleaseError

MOST = 64 << 20
"""Bytes of the largest manifest, signature or list that is read at once."""


def read(path: Path, most: int = MOST) -> bytes:
    """The bytes of a plain file. Raises FileNotFoundError, or ReleaseError if it is a link, no plain file, or too large."""
    try:
        # Without waiting for whoever would write into a pipe.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(str(path)) from None
    except OSError as error:
        what = "a link" if path.is_symlink() else f"cannot be read: {error.strerror or error}"
        raise ReleaseError(f"{path}: {what}; a release has plain files only") from None
    with os.fdopen(descriptor, "rb", closefd=True) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ReleaseError(f"{path}: no plain file; a release has plain files only")
        if status.st_size > most:
            raise ReleaseError(
                f"{path}: has {status.st_size:,} bytes, which no such file has; it was altered"
            )
        return file.read()

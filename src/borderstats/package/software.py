"""The text of the software itself, by which a release says what made it: it can change without a new version."""

import hashlib
from functools import cache
from pathlib import Path

import borderstats

_TEXTS = frozenset((".css", ".html", ".po", ".py", ".pyx", ".svg"))
"""What is written by hand. What is compiled of it differs from machine to machine."""


@cache
def source() -> str:
    """The SHA-256 of the software's own files, each with its path: the same wherever, and however, it is installed."""
    return digest(Path(borderstats.__file__).parent)


def digest(folder: Path) -> str:
    """The SHA-256 of the texts in a folder, each with its path in it."""
    found = hashlib.sha256()
    texts = [path for path in folder.rglob("*") if path.suffix in _TEXTS and path.is_file()]
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in texts):
        found.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()

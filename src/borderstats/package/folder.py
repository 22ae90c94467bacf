"""The folder of a release on the disk: all of it, or nothing."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats.errors import ReleaseError
from borderstats.package import manifest as manifests
from borderstats.package import sign
from borderstats.package.manifest import File, Manifest

_BUILDING = ".building-"


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """An empty folder beside the releases in `out`, gone again unless `settle` has moved it into place.

    What a killed build has left behind is removed by the next one.
    """
    out.mkdir(parents=True, exist_ok=True)
    for left_over in out.glob(f"{_BUILDING}*"):
        if not _alive(left_over.name.removeprefix(_BUILDING)):
            shutil.rmtree(left_over, ignore_errors=True)
    folder = out / f"{_BUILDING}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def put(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[File]:
    """Write files into a folder, each under its path; their hashes and sizes."""
    written = []
    for name, data in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(manifests.file(name, data))
    return written


def settle(folder: Path, out: Path, manifest: Manifest, key: Ed25519PrivateKey | None) -> bool:
    """Seal a folder with its manifest and signature and move it to `out/<id>`; whether it was not there before.

    An equal release is left alone. Raises ReleaseError if a folder of that id holds anything else.
    """
    raw = manifests.encode(manifest)
    target = out / manifest.id
    if target.exists():
        if not (target / manifests.NAME).is_file() or (target / manifests.NAME).read_bytes() != raw:
            raise ReleaseError(
                f"{target}: is there already and is not this release; releases are never replaced, move it away"
            )
        return False
    (folder / manifests.NAME).write_bytes(raw)
    if key:
        (folder / manifests.SIGNATURE).write_bytes(sign.sign(key, raw))
    move(folder, target)
    return True


def move(folder: Path, target: Path) -> None:
    """Move a finished folder into place in one step, after its bytes are on the disk; nobody is to write into its files."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
            path.chmod(0o444)
    folder.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

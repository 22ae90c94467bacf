"""Verify a release: recompute every hash and the relations between its files, and name what was altered."""

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from pyarrow import ArrowException, parquet

from borderstats.errors import ReleaseError
from borderstats.package import keys, notices, pages, plain, sign
from borderstats.package import manifest as manifests
from borderstats.package.manifest import File
from borderstats.package.model import latest
from borderstats.package.write import comma_separated

_BESIDE = frozenset({manifests.NAME, manifests.SIGNATURE, pages.NAME})


def alterations(release: Path, trusted: Collection[str] = ()) -> Iterator[str]:
    """One line for each thing in the release folder that is not as it was made; nothing if it is whole.

    `trusted` are public keys (base64) of which one must have signed it: without them, a signature only proves that manifest
    and signature fit; see `signature`. Links are never followed. Raises ReleaseError if the folder is no release.
    """
    manifest = manifests.read(release)
    raw = plain.read(release / manifests.NAME)
    if manifests.identity(manifest) != manifest.id or manifests.encode(manifest) != raw:
        yield f"{manifests.NAME}: altered: its content no longer makes the id {manifest.id}"
    if (name := release.resolve().name) != manifest.id:
        yield f"{name}: renamed: the release is {manifest.id}"
    present = dict(_present(release))
    listed = {file.path: file for file in (*manifest.files, *pages.read(release))}
    yield from (f"{path}: {what}" for path, what in sorted(present.items()) if what)
    for path in sorted(present.keys() - listed.keys() - _BESIDE):
        if not present[path]:
            yield f"{path}: added: it is not in the manifest"
    for path, file in sorted(listed.items()):
        if path not in present:
            yield f"{path}: missing"
        elif not present[path]:
            yield from _altered(release, file)
    if not present.get(manifests.SIGNATURE):
        yield from _unsigned(release, raw, trusted)


def signature(release: Path, trusted: Collection[str] = ()) -> str:
    """Who has signed a release, and whether that was checked: what to say of one that `alterations` finds whole."""
    signer = notices.signer(release)
    if not signer:
        return "not signed: who made it is not known"
    key = keys.name(signer)
    if trusted:
        return f"signed by {key}, which is trusted"
    return f"signed by {key}, which was not checked: anybody can sign with a key of their own; say which one you trust"


def _present(release: Path) -> Iterator[tuple[str, str]]:
    """Every path below a folder, and what is wrong with it if it is no plain file."""
    for folder, names, files in os.walk(release, followlinks=False):
        for name in (*names, *files):
            path = Path(folder, name)
            mode = path.lstat().st_mode
            written = path.relative_to(release).as_posix()
            if stat.S_ISLNK(mode):
                yield written, "a link: what it leads to is not part of the release"
            elif stat.S_ISREG(mode):
                yield written, ""
            elif not stat.S_ISDIR(mode):
                yield written, "no plain file"


def _altered(release: Path, file: File) -> Iterator[str]:
    if manifests.describe_file(release, release / file.path) != file:
        yield f"{file.path}: altered: its SHA-256 is not the one in the manifest"
    elif file.path.endswith("/history.parquet"):
        yield from _relations(release / file.path)


def _unsigned(release: Path, raw: bytes, trusted: Collection[str]) -> Iterator[str]:
    try:
        written = plain.read(release / manifests.SIGNATURE)
    except FileNotFoundError:
        if trusted:
            yield f"{manifests.SIGNATURE}: missing: the release is not signed"
    except ReleaseError as error:
        yield f"{manifests.SIGNATURE}: {error}"
    else:
        if problem := sign.holds(written, raw, trusted):
            yield f"{manifests.SIGNATURE}: {problem}"


def _relations(history: Path) -> Iterator[str]:
    """The latest table is the open end of the history, and each CSV is its Parquet."""
    folder = history.parent
    try:
        values = parquet.read_table(history)
        if not parquet.read_table(folder / "latest.parquet").equals(latest(values)):
            yield f"data/{folder.name}/latest.parquet: not the latest of history.parquet"
        for name in ("latest", "history", "revisions"):
            table = parquet.read_table(folder / f"{name}.parquet")
            if comma_separated(table) != (folder / f"{name}.csv").read_bytes():
                yield f"data/{folder.name}/{name}.csv: not the same as {name}.parquet"
    except (OSError, ArrowException, KeyError, TypeError, ValueError) as error:
        # A file that is missing or altered is named for itself.
        yield f"data/{folder.name}: its tables cannot be compared: {str(error).splitlines()[0]}"

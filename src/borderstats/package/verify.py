"""Verify a release: recompute every hash and the relations between its files, and name what was altered."""

from collections.abc import Iterator
from pathlib import Path

from pyarrow import parquet

from borderstats.package import manifest as manifests
from borderstats.package import sign
from borderstats.package.model import latest
from borderstats.package.write import comma_separated


def alterations(release: Path, trusted_key: str | None = None) -> Iterator[str]:
    """One line for each thing in the release folder that is not as it was made; nothing if it is whole.

    `trusted_key` is a public key (base64): without it, a signature only proves that manifest and signature fit.
    Raises ReleaseError if the folder is no release.
    """
    manifest = manifests.read(release)
    raw = (release / manifests.NAME).read_bytes()
    if manifests.identity(manifest) != manifest.id or manifests.encode(manifest) != raw:
        yield f"{manifests.NAME}: altered: its content no longer makes the id {manifest.id}"
    if release.name != manifest.id:
        yield f"{release.name}: renamed: the release is {manifest.id}"
    listed = {file.path: file for file in manifest.files}
    present = {p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file()} - {
        manifests.NAME,
        manifests.SIGNATURE,
    }
    for path in sorted(present - listed.keys()):
        yield f"{path}: added: it is not in the manifest"
    for path, file in sorted(listed.items()):
        if path not in present:
            yield f"{path}: missing"
        elif manifests.describe_file(release, release / path) != file:
            yield f"{path}: altered: its SHA-256 is not the one in the manifest"
        elif path.endswith("/history.parquet"):
            yield from _relations(release / path)
    signature = release / manifests.SIGNATURE
    if signature.exists():
        if problem := sign.holds(signature.read_bytes(), raw, trusted_key):
            yield f"{manifests.SIGNATURE}: {problem}"
    elif trusted_key is not None:
        yield f"{manifests.SIGNATURE}: missing: the release is not signed"


def _relations(history: Path) -> Iterator[str]:
    """The latest table is the open end of the history, and each CSV is its Parquet."""
    folder = history.parent
    values = parquet.read_table(history)
    if not parquet.read_table(folder / "latest.parquet").equals(latest(values)):
        yield f"data/{folder.name}/latest.parquet: not the latest of history.parquet"
    for name in ("latest", "history", "revisions"):
        table = parquet.read_table(folder / f"{name}.parquet")
        if comma_separated(table) != (folder / f"{name}.csv").read_bytes():
            yield f"data/{folder.name}/{name}.csv: not the same as {name}.parquet"

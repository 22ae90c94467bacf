"""Build a release anew from what its manifest names, and tell what stands in the way from what was tampered with.

Inputs are found in the archive by their bytes: what else is there now, what a file is called now, and what the archive says of it
today make no difference.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from borderstats import __version__, pipeline
from borderstats.errors import InputError
from borderstats.formats import datapackage
from borderstats.intake import archive
from borderstats.package import manifest as manifests
from borderstats.package import read, software
from borderstats.package.manifest import Manifest
from borderstats.package.snapshots import Snapshot
from borderstats.package.verify import alterations
from borderstats.release import account, predecessor
from borderstats.standard.load import load
from borderstats.standard.model import Standard

_MOST = 5


def differences(
    standard_folder: Path, archive_folder: Path, release: Path, previous: Path | None = None
) -> list[str]:
    """One line for each thing in which a release is not what its inputs make, or because of which that cannot be said.

    `previous`: where the release before lies, if not beside this one. Without the same software, standard, files and release before
    nothing is built. Raises ReleaseError if the folder is no release, InputError if it names no release before and one is given.
    """
    wanted = manifests.read(release)
    if previous and not wanted.previous:
        raise InputError(f"{release}: names no release before it; leave --previous out")
    standard, found = load(standard_folder), _Files(archive_folder, wanted.inputs)
    before = (previous or release.resolve().parent / wanted.previous.id) if wanted.previous else None
    lacking = [*_method(wanted, standard), *found.lacking, *_before(wanted, before)]
    if lacking:
        return [*lacking, "so it was not built anew: nothing is said here of what its inputs make"]
    package = pipeline.packaged(standard, wanted.inputs, found.read, wanted.date)
    if before:
        reason = getattr(read.package(release).account, "reason", "")
        package = predecessor.followed(before, read.package(before), package, reason)
    formats = datapackage.NAME in {file.path for file in wanted.files}
    with tempfile.TemporaryDirectory() as folder:
        made = pipeline.seal(package, Path(folder), None, lambda _: None, formats=formats).package.manifest
    return list(_altered(wanted, made))


def _altered(wanted: Manifest, made: Manifest) -> Iterator[str]:
    """What other bytes were made of the same inputs."""
    ours = {file.path: file for file in made.files}
    theirs = {file.path: file for file in wanted.files}
    for path in sorted({*ours, *theirs}):
        if path not in ours:
            yield f"{path}: altered: a new build of the same inputs makes no such file"
        elif path not in theirs:
            yield f"{path}: altered: it is not there, and a new build of the same inputs makes it"
        elif ours[path] != theirs[path]:
            yield f"{path}: altered: a new build of the same inputs by the same software and standard makes other bytes"


def _method(wanted: Manifest, standard: Standard) -> Iterator[str]:
    if wanted.version != __version__:
        yield f"other software: made with version {wanted.version}, here is {__version__}; install {wanted.version}"
    elif wanted.source != software.source():
        yield (
            f"other software: made with another text of version {wanted.version} (SHA-256 {wanted.source[:12]}, here {software.source()[:12]}); "
            "install the one of that time"
        )
    if wanted.standard != standard.hash:
        files = [
            f"{one.path} {one.change}"
            for one in account.standard_changes(wanted.standard_files, standard.files)
        ]
        more = f" and {len(files) - _MOST} more" if len(files) > _MOST else ""
        yield (
            f"other standard: since the release {', '.join(files[:_MOST])}{more}; give the standard of that time with --standard"
        )


def _before(wanted: Manifest, before: Path | None) -> Iterator[str]:
    if not before or not wanted.previous:
        return
    if (before / manifests.TOMBSTONE).is_file():
        yield f"release before withdrawn: {wanted.previous.id}; what follows from it cannot be built anew"
    elif not (before / manifests.NAME).is_file():
        yield f"missing: the release before, {wanted.previous.id}, does not lie at {before}; give its folder with --previous"
    elif manifests.previous(before) != wanted.previous:
        yield f"other release before: {before} is not {wanted.previous.id} with the manifest that this one names; give that one with --previous"
    elif found := list(alterations(before)):
        yield f"release before altered: {before.name}: {found[0]}; restore it"


class _Files:
    """The bytes of a release's inputs in an archive; `lacking` has a line for each that is not there."""

    def __init__(self, folder: Path, inputs: tuple[Snapshot, ...]) -> None:
        self._paths: dict[str, Path] = {}
        self.lacking: list[str] = []
        moved = [one for one in inputs if not self._at(folder / one.file, one)]
        names = {one.sha256: one.file for one in archive.snapshots(folder)} if moved else {}
        for one in moved:
            name = names.get(one.sha256, one.file)
            if self._at(folder / name, one):
                continue
            self.lacking.append(
                f"other input: {folder.name}/{name}: altered since the release was made (its SHA-256 differs); restore the file"
                if (folder / name).is_file()
                else f"missing input: {folder.name}/{name}: not there, and no file of the archive has its SHA-256; restore it"
            )

    def _at(self, path: Path, snapshot: Snapshot) -> bool:
        """Whether a file has the bytes of a snapshot; if so they are read from there."""
        if path.is_file() and archive.digest(path.read_bytes()) == snapshot.sha256:
            self._paths[snapshot.sha256] = path
        return snapshot.sha256 in self._paths

    def read(self, snapshot: Snapshot) -> bytes:
        return self._paths[snapshot.sha256].read_bytes()

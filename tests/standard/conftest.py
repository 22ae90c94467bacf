"""A copy of the real standard that a test may damage."""

import filecmp
import os
import shutil

import pytest

from borderstats.errors import StandardError
from borderstats.standard.load import load


class Copy:
    """A copy of the real standard: damage it, then ask what `load` finds.

    Its files are links, so that hundreds of copies take no time: `write` alone may change one.
    """

    def __init__(self, folder):
        self.folder = folder

    def replace(self, file, old, new):
        """Put `new` in the place of the first `old` of a file."""
        written = (self.folder / file).read_text("utf-8")
        assert old in written, f"{file} no longer holds {old!r}"
        self.write(file, written.replace(old, new, 1))

    def append(self, file, added):
        self.write(file, (self.folder / file).read_text("utf-8") + added)

    def write(self, file, content):
        """Put a new file in the place of a link."""
        path = self.folder / file
        path.unlink(missing_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    @property
    def findings(self):
        """The lines of the StandardError that `load` raises, without the folder's name in front."""
        with pytest.raises(StandardError) as caught:
            load(self.folder)
        assert caught.value.exit_code == 2
        lines = str(caught.value).splitlines()
        assert all(line.startswith("standard/") for line in lines)
        return [line.removeprefix("standard/") for line in lines]


@pytest.fixture(scope="module")
def pristine(standard_folder, tmp_path_factory):
    """What the copies link to; no test may write into it."""
    folder = shutil.copytree(standard_folder, tmp_path_factory.mktemp("pristine") / "standard")
    yield folder
    for path in standard_folder.rglob("*.*"):
        assert filecmp.cmp(path, folder / path.relative_to(standard_folder), shallow=False), path


@pytest.fixture
def copy(pristine, tmp_path):
    return Copy(shutil.copytree(pristine, tmp_path / "standard", copy_function=os.link))

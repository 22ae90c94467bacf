"""A copy of the real standard that a test may damage."""

import shutil

import pytest

from borderstats.errors import StandardError
from borderstats.standard.load import load


class Copy:
    """A copy of the real standard: damage it, then ask what `load` finds."""

    def __init__(self, folder):
        self.folder = folder

    def replace(self, file, old, new):
        """Put `new` in the place of the first `old` of a file."""
        path = self.folder / file
        written = path.read_text("utf-8")
        assert old in written, f"{file} no longer holds {old!r}"
        path.write_text(written.replace(old, new, 1), "utf-8")

    def append(self, file, added):
        with (self.folder / file).open("a", encoding="utf-8", newline="") as opened:
            opened.write(added)

    @property
    def findings(self):
        """The lines of the StandardError that `load` raises, without the folder's name in front."""
        with pytest.raises(StandardError) as caught:
            load(self.folder)
        assert caught.value.exit_code == 2
        lines = str(caught.value).splitlines()
        assert all(line.startswith("standard/") for line in lines)
        return [line.removeprefix("standard/") for line in lines]


@pytest.fixture
def copy(standard_folder, tmp_path):
    return Copy(shutil.copytree(standard_folder, tmp_path / "standard"))

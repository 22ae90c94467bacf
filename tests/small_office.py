"""A copy of the second office's standard and archive that a test may change, and releases of it that follow one another."""

import datetime
import shutil
from pathlib import Path

import pytest

from borderstats import pipeline

OFFICE = Path(__file__).parent / "second_office"
DATE = datetime.date(2025, 8, 1)
OLDER, NEWER = "ship-calls-2025-03.csv", "ship-calls-2025-06.csv"


@pytest.fixture
def office(tmp_path):
    """The folder of an office's standard, archive and releases, and a function that builds one."""
    for part in ("standard", "archive"):
        shutil.copytree(OFFICE / part, tmp_path / part)

    def build(previous=None, reason="", date=DATE, *, formats=False):
        return pipeline.build(
            tmp_path / "standard",
            tmp_path / "archive",
            date,
            tmp_path / "releases",
            formats=formats,
            previous=previous,
            reason=reason,
        ).path

    return tmp_path, build


def change(path, *pairs):
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def put_aside(folder, name):
    """Take a file and its metadata out of the archive; what puts them back."""
    aside = folder / "aside"
    aside.mkdir(exist_ok=True)
    for one in (name, f"{name}.toml"):
        shutil.move(folder / "archive" / one, aside / one)

    def back():
        for one in (name, f"{name}.toml"):
            shutil.move(aside / one, folder / "archive" / one)

    return back

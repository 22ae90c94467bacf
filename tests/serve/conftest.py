"""A small release of the second office, published: a server over it is there in a second."""

import datetime
import os
import shutil
from pathlib import Path

import pytest

from borderstats import pipeline
from borderstats.serve import exact
from borderstats.site import publish

OFFICE = Path(__file__).parents[1] / "second_office"


@pytest.fixture(scope="session")
def office_release(once):
    def build(out):
        return pipeline.build(
            OFFICE / "standard", OFFICE / "archive", datetime.date(2025, 8, 1), out, formats=False
        ).path

    return once("office-release", build)


@pytest.fixture(scope="session")
def office_published(office_release, once):
    def make(out):
        made = publish.write(office_release, out, exact.documents(office_release)).path
        for path in made.rglob("*"):
            # Files that have rested: what was changed within this second is looked at each time.
            os.utime(path)
        return made

    return once("office-public", make)


@pytest.fixture
def office_public(office_published, tmp_path):
    """A copy of the public folder, to be spoiled."""
    return shutil.copytree(office_published, tmp_path / "public")

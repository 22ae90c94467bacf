"""What all tests share: the real standard and archive, one release of them, and its site, each made once."""

import datetime
from pathlib import Path

import pytest

from borderstats import pipeline
from borderstats.publish import site as publishing
from borderstats.publish import tree
from borderstats.standard import Standard, load
from serving import serving

ROOT = Path(__file__).parents[1]
DATE = datetime.date(2026, 1, 1)


@pytest.fixture(scope="session")
def standard_folder() -> Path:
    return ROOT / "standard"


@pytest.fixture(scope="session")
def archive_folder() -> Path:
    return ROOT / "archive"


@pytest.fixture(scope="session")
def standard(standard_folder) -> Standard:
    return load(standard_folder)


@pytest.fixture(scope="session")
def release(standard_folder, archive_folder, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("releases")
    return pipeline.build(standard_folder, archive_folder, DATE, out).path


@pytest.fixture(scope="session")
def site(release, tmp_path_factory) -> Path:
    return publishing.write(release, tmp_path_factory.mktemp("site") / "site").path


@pytest.fixture(scope="session")
def public(release, tmp_path_factory) -> Path:
    return tree.write(release, tmp_path_factory.mktemp("public") / "public").path


@pytest.fixture(scope="session")
def served(public, tmp_path_factory):
    """The real server over the real release, started once for all tests of a process."""
    with serving(public, tmp_path_factory.mktemp("log") / "log.jsonl") as running:
        yield running

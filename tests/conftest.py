"""What all tests share: the real standard and archive, one release of them, and its site, each made once."""

import datetime
import fcntl
import functools
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from borderstats import pipeline
from borderstats.serve import exact
from borderstats.site import publish
from borderstats.site import site as publishing
from borderstats.standard import decode
from borderstats.standard.load import load
from borderstats.standard.model import Standard
from serving import serving
from small_office import office  # noqa: F401 - a fixture
from small_release import made, small  # noqa: F401 - fixtures

ROOT = Path(__file__).parents[1]
DATE, LATER = datetime.date(2026, 11, 28), datetime.date(2026, 12, 28)
WHOLE = {"release", "later", "site", "public", "served"}
"""Fixtures that take a build of everything."""

# A slow machine is no fault of what is tested.
settings.register_profile("untimed", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=25)


def pytest_configure(config):
    """`make quick` tries fewer examples than the whole run."""
    settings.load_profile("quick" if config.option.markexpr == "not slow" else "untimed")


def pytest_collection_modifyitems(items):
    """What uses a whole release is slow; other slow tests are marked where they stand. `make quick` leaves both out."""
    for item in items:
        if WHOLE.intersection(item.fixturenames):
            item.add_marker("slow")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory) -> None:
    """What a run of the tests keeps is kept for it alone."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", autouse=True)
def each_text_is_read_once():
    """Most files are the same in every copy of a standard, and reading them is most of a test's time; nothing changes what is read."""
    rows = decode.rows
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decode, "toml", functools.cache(decode.toml))
        patch.setattr(decode, "rows", functools.cache(lambda text, kind: tuple(rows(text, kind))))
        yield


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
def once(tmp_path_factory):
    """Makes a folder once for all processes of a run: the first that needs it makes it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make_once(name: str, make: Callable[[Path], Path]) -> Path:
        note = shared / f"{name}.made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not note.exists():
                note.write_text(str(make(shared / name)))
        return Path(note.read_text())

    return make_once


@pytest.fixture(scope="session")
def release(standard_folder, archive_folder, once) -> Path:
    return once("releases", lambda out: pipeline.build(standard_folder, archive_folder, DATE, out).path)


@pytest.fixture(scope="session")
def later(standard_folder, archive_folder, once) -> Path:
    """A release of a month later with its own tables only: to swap in, or to copy and spoil."""
    return once(
        "later", lambda out: pipeline.build(standard_folder, archive_folder, LATER, out, formats=False).path
    )


@pytest.fixture(scope="session")
def site(release, once) -> Path:
    return once("site", lambda out: publishing.write(release, out).path)


@pytest.fixture(scope="session")
def public(release, once) -> Path:
    return once("public", lambda out: publish.write(release, out, exact.documents(release)).path)


@pytest.fixture(scope="session")
def served(public, tmp_path_factory):
    """The real server over the real release, started once for all tests of a process."""
    with serving(public, tmp_path_factory.mktemp("log") / "log.jsonl") as running:
        yield running

"""Building, publishing, going back, noting and withdrawing, killed at random moments: nothing is lost, and nothing is half.

Each process is killed (SIGKILL) at a moment drawn from the time that it takes, on folders in which others were killed before it.
The seed is fixed; BORDERSTATS_KILLS says how many there are, such as 200 before a release.
"""

import datetime
import hashlib
import multiprocessing
import os
import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from borderstats import pipeline
from borderstats.package import public_folder
from borderstats.package.notices import Notice
from borderstats.package.verify import alterations
from borderstats.serve import exact
from borderstats.site import publish
from published import THIRD, content, key, publish_all, releases

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("BORDERSTATS_KILLS", "20"))
DAY = datetime.date(2025, 9, 2)
SEED = 18

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Office:
    """A folder with an office's standard, archive, releases and public folder, and the ids of its releases."""

    path: Path
    first: str
    second: str
    third: str

    @property
    def public(self):
        return self.path / "public"

    @property
    def built(self):
        return self.path / "releases"

    def build(self):
        """The third release, after the second one."""
        folders = self.path / "standard", self.path / "archive"
        pipeline.build(*folders, THIRD, self.built, key(), formats=False, previous=self.built / self.second)

    def publish(self):
        self._publish(self.second)

    def back(self):
        self._publish(self.first)

    def note(self):
        publish.note(self.public, self.first, Notice("corrected", DAY, "a port was counted twice"), key())

    def withdraw(self):
        publish.note(self.public, self.second, Notice("withdrawn", DAY, "a court has ordered it"), key())

    def _publish(self, release):
        publish.write(self.built / release, self.public, exact.documents(self.built / release))


STEPS = ("build", "publish", "back", "note", "withdraw")


def run(office, step, seconds=None):
    """A step in a process of its own, killed after so many seconds; whether it came to its end."""
    process = processes.Process(target=getattr(office, step))
    process.start()
    process.join(seconds)
    process.kill()
    process.join()
    assert process.exitcode in (0, -9), step
    return process.exitcode == 0


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An office with its first release published, and with two; the content of the releases as published, and as built."""
    folder = tmp_path_factory.mktemp("made")
    names = [path.name for path in releases(folder / "one")]
    shutil.copytree(folder / "one", folder / "two")
    one, two = (Office(folder / name, *names) for name in ("one", "two"))
    publish_all(one.public, one.built / one.first)
    publish_all(two.public, two.built / two.first, two.built / two.second)
    as_published = {name: content(two.public / "releases" / name) for name in (two.first, two.second)}
    return (one, two), as_published, {name: content(one.built / name) for name in names}


@pytest.fixture(scope="module")
def durations(made, tmp_path_factory):
    """How long each step takes where nothing is in its way."""
    found, office = {}, fresh(made[0][0], tmp_path_factory.mktemp("timed") / "office")
    for step in STEPS:
        started = time.monotonic()
        assert run(office, step)
        found[step] = time.monotonic() - started
    return found


def fresh(office, folder):
    """A copy of the office, without the third release."""
    shutil.copytree(office.path, folder)
    copy = Office(folder, office.first, office.second, office.third)
    shutil.rmtree(copy.built / office.third)
    return copy


def check(office, as_published, as_built):
    """Every release is whole and as it was, the pointer leads to one, and every file under the addresses that stay is whole."""
    for path in office.built.iterdir():
        if not path.name.startswith("."):
            assert content(path) == as_built[path.name]
    there = office.public / "releases"
    every = public_folder.notices(office.public)
    gone = {name for name, one in every.items() if one.withdrawal}
    for path in there.iterdir():
        if (path / "tombstone.json").exists():
            assert path.name in gone
            assert not (path / "manifest.json").exists()
        else:
            assert content(path) == as_published[path.name]
    pointer = public_folder.pointer(office.public)
    assert pointer.release in as_published
    assert pointer.release in gone or (there / pointer.release / "manifest.json").exists()
    kept = content(office.public / "pages" / pointer.pages)
    assert {path: pointer.files[path].sha256 for path in kept} == kept
    # A file at the root is that of the pointer, or already that of what was to come.
    known = {one.sha256 for one in pointer.files.values()}
    for folder in ("pages", "releases"):
        known |= set(content(office.public / folder).values())
    known |= {
        hashlib.sha256(f"/latest/* /releases/{one}/:splat 302\n".encode()).hexdigest() for one in as_published
    }
    for path in {*pointer.files} - {"latest/index.html"}:
        sha256 = hashlib.sha256((office.public / path).read_bytes()).hexdigest()
        assert sha256 in known, path


def test_nothing_is_lost_or_half_whatever_is_killed(made, durations, tmp_path):
    draw, killed = random.Random(SEED), 0
    while killed < KILLS:
        office = fresh(draw.choice(made[0]), tmp_path / str(killed))
        for _ in range(draw.randint(1, 10)):
            step = draw.choice(possible(office))
            killed += not run(office, step, draw.uniform(0, durations[step]))
            check(office, *made[1:])
            shutil.rmtree(office.built / office.third, ignore_errors=True)
        finish(office, *made[1:])
        shutil.rmtree(office.path)


def possible(office):
    """The steps that can be taken: what is withdrawn is not published again, and what is not published is not withdrawn."""
    if public_folder.withdrawn(office.public, office.second):
        return ("build", "back", "note", "withdraw")
    if (office.public / "releases" / office.second).exists():
        return STEPS
    return ("build", "publish", "back", "note")


def finish(office, as_published, as_built):
    """What was begun is completed by doing it again, and nothing of the attempts is left."""
    assert run(office, "build")
    if "withdraw" not in possible(office):
        assert run(office, "publish")
    assert run(office, "withdraw")
    check(office, as_published, as_built)
    assert {path.name for path in office.built.iterdir()} == {*as_built}
    public = office.public
    assert public_folder.pointer(public).release == office.first
    assert [path.name for path in public.iterdir() if path.name.startswith(".")] == []
    assert (public / "releases" / office.second / "tombstone.json").exists()
    only = set(as_published[office.second].values()) - set(as_published[office.first].values())
    assert only.isdisjoint(content(public).values())
    assert list(alterations(public / "releases" / office.first)) == []
    assert list(alterations(office.built / office.third)) == []

"""`Last-Modified` is the moment when the bytes came under their address: a correction of the same day reaches all who ask by time."""

import datetime
import hashlib
import os
import shutil
import subprocess
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from borderstats import pipeline
from borderstats.package import public_folder
from borderstats.serve import exact
from borderstats.site import publish
from serving import serving

OFFICE = Path(__file__).parents[1] / "second_office"
DATE = datetime.date(2025, 8, 1)
CORRECTED, SAME = "/data/cargo/latest.csv", "/data/ship-calls/latest.csv"
ANSWER = "/api/datasets/cargo/observations?format=csv"


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """A release, and its correction of the same day: one figure of one file was wrong."""
    folder = tmp_path_factory.mktemp("corrected")
    first = pipeline.build(OFFICE / "standard", OFFICE / "archive", DATE, folder, formats=False).path
    archive = shutil.copytree(OFFICE / "archive", folder / "archive")
    file = archive / "cargo-2025-q2.csv"
    # The total of the last quarter, and the kind that it lacked.
    file.write_text(
        file.read_text()
        .replace("2025-Q2,Liquid bulk,60950", "2025-Q2,Liquid bulk,60951")
        .replace("2025-Q2,All cargo,192600", "2025-Q2,All cargo,192601")
    )
    described = archive / f"{file.name}.toml"
    old, new = (
        hashlib.sha256((folder / file.name).read_bytes()).hexdigest()
        for folder in (OFFICE / "archive", archive)
    )
    described.write_text(described.read_text().replace(old, new))
    second = pipeline.build(OFFICE / "standard", archive, DATE, folder, formats=False).path
    return first, second


def published(release, public, now=None):
    clock = (lambda: now,) if now else ()
    publish.write(release, public, exact.documents(release), *clock)


def moment(response):
    return parsedate_to_datetime(response.headers["last-modified"])


def swapped(served, release):
    until = time.monotonic() + 20
    while served.get("/health").json()["release"] != release.name:
        assert time.monotonic() < until
        time.sleep(0.05)


def curl(served, path, out, *more):
    done = subprocess.run(
        ["curl", "-sS", "--fail", "-w", "%{http_code}", "-o", out, *more, served.url + path],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.slow
def test_a_correction_of_the_same_day_reaches_curl(releases, tmp_path):
    first, second = releases
    public = tmp_path / "public"
    published(first, public)
    with serving(public, tmp_path / "log") as served:
        held = {path: tmp_path / f"{n}.csv" for n, path in enumerate((CORRECTED, SAME, ANSWER))}
        for path, file in held.items():
            # With the server's time, and with that of the download.
            assert curl(served, path, file, "-R") == "200"
            assert curl(served, path, tmp_path / "again", "-z", file) == "304"
        time.sleep(1)  # HTTP knows whole seconds; a copy of the very second may be fetched again.
        for file in held.values():
            os.utime(file)
        before = {path: file.read_bytes() for path, file in held.items()}
        published(second, public)
        swapped(served, second)
        for path, status in ((CORRECTED, "200"), (SAME, "304"), (ANSWER, "200")):
            assert curl(served, path, tmp_path / "new", "-z", held[path]) == status, path
            if status == "200":
                assert (tmp_path / "new").read_bytes() != before[path]
                assert curl(served, path, tmp_path / "newer", "-R") == "200"
                assert curl(served, path, tmp_path / "again", "-z", tmp_path / "newer") == "304"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_a_correction_of_the_same_day_reaches_wget(releases, tmp_path):
    first, second = releases
    public = tmp_path / "public"
    published(first, public)
    with serving(public, tmp_path / "log") as served:

        def mirror():
            subprocess.run(
                ["wget", "-q", "--no-proxy", "-N", served.url + CORRECTED, served.url + "/data/ship-calls/metadata.json"],
                cwd=tmp_path, check=True,
            )  # fmt: skip
            return (tmp_path / "latest.csv").read_bytes(), (tmp_path / "latest.csv").stat().st_ino

        data, _ = mirror()
        assert data == (first / "data/cargo/latest.csv").read_bytes()
        published(second, public)
        swapped(served, second)
        data, place = mirror()
        assert data == (second / "data/cargo/latest.csv").read_bytes()
        assert mirror() == (data, place)


@pytest.mark.slow
def test_addresses_keep_their_moments_until_their_bytes_change(releases, tmp_path):
    first, second = releases
    public = tmp_path / "public"
    noon = datetime.datetime(2025, 8, 1, 12, tzinfo=datetime.UTC)
    published(first, public, noon)
    at_noon = noon + datetime.timedelta(seconds=1)
    with serving(public, tmp_path / "log") as served:
        for path in (CORRECTED, SAME, ANSWER, "/", f"/releases/{first.name}/manifest.json"):
            assert moment(served.get(path)) == at_noon, path
    # A clock that was set back makes nothing older than it was.
    published(second, public, noon - datetime.timedelta(days=1))
    later = at_noon + datetime.timedelta(seconds=1)
    published(second, public, noon + datetime.timedelta(days=1))
    with serving(public, tmp_path / "log") as served:
        for path, at in (
            (CORRECTED, later),
            (SAME, at_noon),
            (ANSWER, later),
            (f"/releases/{first.name}/manifest.json", at_noon),
            (f"/releases/{second.name}/data/ship-calls/latest.csv", later),
        ):
            assert moment(served.get(path)) == at, path
    for path, at in ((CORRECTED, later), (SAME, at_noon)):
        assert (public / path[1:]).stat().st_mtime == at.timestamp()
    # Back to the first: its bytes come anew.
    published(first, public, noon + datetime.timedelta(days=2))
    with serving(public, tmp_path / "log") as served:
        assert moment(served.get(CORRECTED)) > noon + datetime.timedelta(days=2)
        assert moment(served.get(SAME)) == at_noon
        assert moment(served.get(f"/releases/{first.name}/manifest.json")) == at_noon


@pytest.mark.slow
def test_a_server_that_takes_a_release_late_says_when_it_did(releases, tmp_path):
    """Who has read the old bytes after the publication must not be told that they are still good."""
    first, second = releases
    public = tmp_path / "public"
    long_ago = datetime.datetime(2025, 8, 1, tzinfo=datetime.UTC)
    published(first, public, long_ago)
    with serving(public, tmp_path / "log") as served:
        read = datetime.datetime.now(datetime.UTC)
        published(second, public, long_ago + datetime.timedelta(days=1))
        swapped(served, second)
        for path in (CORRECTED, ANSWER):
            assert moment(served.get(path)) > read
        assert moment(served.get(SAME)) == long_ago + datetime.timedelta(seconds=1)


def test_nothing_of_the_clock_is_in_a_release(releases, tmp_path):
    first, _ = releases
    for n, now in enumerate((datetime.datetime(2025, 8, 1, tzinfo=datetime.UTC), None)):
        published(first, tmp_path / str(n), now)
    one, other = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.name != public_folder.LATEST
        }
        for folder in (tmp_path / "0", tmp_path / "1")
    )
    assert one == other
    assert len(one) > 30


@pytest.mark.slow
@pytest.mark.parametrize("how", ["published again", "put back by hand"])
def test_who_asks_by_date_does_not_keep_what_was_taken_back(releases, tmp_path, how):
    """The newest is the older release again: what it has came earlier than what a client holds."""
    first, second = releases
    public, kept = tmp_path / "public", tmp_path / "kept"
    august = datetime.datetime(2025, 8, 1, tzinfo=datetime.UTC)
    published(first, public, august)
    shutil.copytree(public, kept)
    published(second, public, august + datetime.timedelta(days=1))
    with serving(public, tmp_path / "log") as served:
        held = {path: served.get(path) for path in (CORRECTED, ANSWER, SAME)}
    if how == "published again":
        published(first, public, august + datetime.timedelta(days=2))
    else:
        shutil.rmtree(public)
        kept.rename(public)
    with serving(public, tmp_path / "log2") as served:
        for path, before in held.items():
            now = served.get(path, **{"If-Modified-Since": before.headers["last-modified"]})
            if path == SAME:
                assert now.status_code == 304
            else:
                assert (now.status_code, now.content != before.content) == (200, True), path

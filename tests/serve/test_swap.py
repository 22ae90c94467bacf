"""A new release while requests come in, and what happens if publishing is killed."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from borderstats.errors import ReleaseError
from borderstats.package import public_folder
from borderstats.site import publish
from serving import serving

BORDERSTATS = str(Path(sys.executable).with_name("borderstats"))


@pytest.fixture
def public_of_one(public, tmp_path):
    # Links are enough: publishing puts files in the place of others and writes into none.
    return shutil.copytree(public, tmp_path / "public", copy_function=os.link)


def wait_for(served, release, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if served.get("/health").json()["release"] == release:
            return
        time.sleep(0.1)
    raise AssertionError("the server has not taken the new release")


def test_ten_thousand_requests_while_a_release_is_swapped_in(public_of_one, later, tmp_path):
    paths = (
        "/",
        "/api/datasets",
        "/sdmx/2.1/dataflow/all/ice-removals-citizenship",
        "/api/datasets/cbp-encounters-state/observations?state=GU&format=csv",
        "/data/cbp-encounters-state/latest.csv",
    )
    seen, failed = set(), []

    def ask(url, times):
        with httpx.Client(base_url=url, timeout=30, headers={"Accept-Encoding": "identity"}) as client:
            for n in range(times):
                path = paths[n % len(paths)] if n % 10 == 0 else paths[1 + n % 2]
                try:
                    response = client.get(path)
                except httpx.HTTPError as error:
                    failed.append(repr(error))
                    continue
                if response.status_code != 200 or len(response.content) < 50:
                    failed.append((path, response.status_code))
                elif path == "/api/datasets":
                    seen.add(response.json()["release"])

    with serving(public_of_one, tmp_path / "log") as served:
        askers = [threading.Thread(target=ask, args=(served.url, 2_500)) for _ in range(4)]
        for asker in askers:
            asker.start()
        time.sleep(1)
        subprocess.run(
            [BORDERSTATS, "publish", later, "--static", public_of_one], check=True, capture_output=True
        )
        wait_for(served, later.name)
        for asker in askers:
            asker.join()
        assert failed == []
        assert served.release in seen
        old = served.get(f"/releases/{served.release}/manifest.json")
        assert old.status_code == 200
        newest = served.get("/latest/manifest.json")
        leads = newest.url.join(newest.headers["location"])
        assert leads.path == f"/releases/{later.name}/manifest.json"
        assert '"event":"release"' in served.log.read_text()


def test_publishing_that_is_killed_at_any_moment_leaves_a_whole_release(
    release, later, public_of_one, tmp_path
):
    with serving(public_of_one, tmp_path / "log") as served:
        for after in (0.3, 0.6, 0.9, 1.2, 1.5, 1.8):
            process = subprocess.Popen([BORDERSTATS, "publish", later, "--static", public_of_one])
            time.sleep(after)
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert public_folder.pointer(public_of_one).release in (release.name, later.name)
            assert served.get("/api/datasets").status_code == 200
            for folder in (public_of_one / "releases").iterdir():
                assert (folder / "manifest.json").is_file()
        subprocess.run(
            [BORDERSTATS, "publish", later, "--static", public_of_one], check=True, capture_output=True
        )
        wait_for(served, later.name)
    assert not list(public_of_one.glob(".building*"))
    again = subprocess.run(
        [BORDERSTATS, "verify", public_of_one / "releases" / later.name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr


def test_a_release_that_is_broken_is_not_taken(public_of_one, later, tmp_path):
    with serving(public_of_one, tmp_path / "log") as served:
        broken = public_of_one / "releases" / "2026-03-01-000000000000"
        broken.mkdir()
        (broken / "manifest.json").write_text("{")
        written = tmp_path / "latest.json"
        written.write_text('{"release": "2026-03-01-000000000000", "date": "2026-03-01"}')
        written.replace(public_of_one / "latest.json")
        time.sleep(2.5)
        assert served.get("/health").json()["release"] == served.release
        assert served.get("/api/datasets").status_code == 200
        assert '"event":"release-refused"' in served.log.read_text()


def test_tags_survive_a_restart(public, tmp_path):
    path = "/sdmx/2.1/data/ice-removals-citizenship/all"
    with serving(public, tmp_path / "one") as served:
        first = served.get(path).headers
    with serving(public, tmp_path / "two") as served:
        second = served.get(path, **{"If-None-Match": first["etag"]})
    assert second.status_code == 304
    assert second.headers["last-modified"] == first["last-modified"]


def test_a_public_folder_holds_every_release_and_the_pages_of_the_newest(release, later, tmp_path):
    public = tmp_path / "public"
    publish.write(release, public)
    (public / "stale.html").write_text("not ours")
    made = publish.write(later, public)
    assert made.release == later.name
    assert sorted(path.name for path in (public / "releases").iterdir()) == sorted((release.name, later.name))
    for each in (release, later):
        for path in ("manifest.json", "data/cbp-encounters-state/latest.csv"):
            assert (public / "releases" / each.name / path).read_bytes() == (each / path).read_bytes()
    assert later.name in (public / "index.html").read_text()
    assert later.name in (public / "latest/index.html").read_text()
    assert (public / "stale.html").exists()
    assert (public / "data/cbp-encounters-state/latest.csv").read_bytes() == (
        later / "data/cbp-encounters-state/latest.csv"
    ).read_bytes()


def test_what_is_in_the_way_is_reported(release, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    with pytest.raises(ReleaseError, match="holds something else than published releases"):
        publish.write(release, other)
    with pytest.raises(ReleaseError, match="must not lie in each other"):
        publish.write(release, release / "public")
    with pytest.raises(ReleaseError, match="nothing is published here"):
        public_folder.pointer(tmp_path)
    (tmp_path / "latest.json").write_text("{")
    with pytest.raises(ReleaseError, match=r"latest\.json: broken"):
        public_folder.pointer(tmp_path)

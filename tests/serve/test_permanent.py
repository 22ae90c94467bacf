"""What the server answers under the permanent addresses of releases: the same for ever, or that a release is gone and why."""

import datetime
import shutil
import time

import pytest

from borderstats.package import public_folder
from borderstats.package.notices import Notice
from borderstats.site import publish
from published import key, publish_all, releases
from serving import serving

GONE = Notice("withdrawn", datetime.date(2025, 9, 2), "A court has ordered it")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return releases(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def of_two(made, tmp_path_factory):
    return publish_all(tmp_path_factory.mktemp("of-two") / "public", *made[:2])


@pytest.fixture
def public(of_two, tmp_path):
    return shutil.copytree(of_two, tmp_path / "public")


def wait_until(true, seconds=20):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "the server has not taken what was published"
        time.sleep(0.1)


def test_every_file_of_every_release_stays_the_same_over_a_new_one(public, made, tmp_path):
    there = {
        f"/{path.relative_to(public).as_posix()}": path.read_bytes()
        for release in made[:2]
        for path in sorted((public / "releases" / release.name).rglob("*"))
        if path.is_file()
    }
    assert len(there) > 100
    with serving(public, tmp_path / "log") as served:

        def unchanged():
            return [
                path
                for path, data in there.items()
                if (found := served.get(path, **{"Accept-Encoding": "identity"})).content != data
                or "immutable" not in found.headers["cache-control"]
            ]

        assert unchanged() == []
        first = f"/releases/{made[0].name}/"
        assert served.get(first).content == there[f"{first}index.html"]
        publish_all(public, made[2])
        wait_until(lambda: made[2].name in served.get("/").text)
        assert unchanged() == []


def test_a_withdrawn_release_is_gone_and_the_answer_says_why(public, made, tmp_path):
    first, second = (one.name for one in made[:2])
    with serving(public, tmp_path / "log") as served:
        assert served.get(f"/releases/{second}/datasets/cargo.html").status_code == 200
        publish.note(public, second, GONE, key())
        wait_until(lambda: served.get("/api/datasets").json()["release"] == first)
        for path in ("", "index.html", "datasets/cargo.html", "manifest.json", "data/cargo/latest.csv"):
            answer = served.get(f"/releases/{second}/{path}")
            assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json")
            assert "A court has ordered it" in answer.json()["detail"]
        stone = served.get(f"/releases/{second}/tombstone.json")
        assert stone.json() == served.get(f"/notices/{second}.json").json()
        assert stone.json()["notices"][0]["reason"] == "A court has ordered it"
        assert "A court has ordered it" in served.get(f"/notices/{second}.html").text
        assert "A court has ordered it" in served.get("/releases.atom").text
        listed = served.get("/api/releases.json").json()["releases"]
        assert [one["withdrawn"] for one in listed] == [True, False]
        assert served.get(f"/releases/{first}/index.html").status_code == 200
        assert served.get("/releases/2025-01-01-000000000000/index.html").status_code == 404
    # A server that starts now answers the same.
    with serving(public, tmp_path / "log") as served:
        assert served.get(f"/releases/{second}/index.html").status_code == 410


def test_an_older_release_that_is_withdrawn_is_gone_at_once(public, made, tmp_path):
    with serving(public, tmp_path / "log") as served:
        path = f"/releases/{made[0].name}/index.html"
        assert served.get(path).status_code == 200
        publish.note(public, made[0].name, GONE, key())
        wait_until(lambda: served.get(path).status_code == 410)
        assert public_folder.pointer(public).release == made[1].name
        assert served.get("/health").json()["release"] == made[1].name

"""A server over a public folder whose keys are named serves what they have signed, and hands the signed pointer on."""

import datetime
import shutil
import time

import pytest

from borderstats.errors import ReleaseError
from borderstats.package import fetch, trust
from borderstats.serve.app import application
from serving import serving
from tiny_public import NOW, ONLINE, OTHER, RELEASE, ROOT, kinds


@pytest.fixture
def signed(office_public):
    root = trust.signed(trust.proposed(None, kinds(), NOW), [ROOT])
    trust.accept(office_public, root)
    trust.advance(office_public, (RELEASE, ONLINE), NOW)
    return office_public


def touched(public):
    """Look as if somebody had published, so that the server looks, too."""
    path = public / "latest.json"
    written = path.with_name("written")
    written.write_bytes(path.read_bytes())
    written.replace(path)


def fault(served, name):
    until = time.monotonic() + 15
    while name not in (found := served.get("/health").json().get("faults", {})):
        assert time.monotonic() < until, found
        time.sleep(0.1)
    return found[name]


def test_a_release_is_fetched_from_the_server(signed, tmp_path):
    with serving(signed, tmp_path / "log") as served:
        pinned = (signed / "trust/1.root.json").read_bytes()
        fetched = fetch.fetch(served.url, tmp_path / "here", pinned)
        assert fetched.path.name == served.release
        assert (fetched.path / "data/cargo/latest.csv").read_bytes() == served.get(
            f"/releases/{served.release}/data/cargo/latest.csv"
        ).content
        # Signed anew, and nothing else changed: the server hands that on, too.
        trust.advance(signed, (ONLINE,), NOW + datetime.timedelta(days=1))
        until = time.monotonic() + 15
        while fetch.fetch(served.url, tmp_path / "here").pointer.number != 2:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert served.get("/health").status_code == 200


def test_an_older_pointer_is_not_taken(signed, tmp_path):
    shutil.copytree(signed / "trust", tmp_path / "before")
    trust.advance(signed, (RELEASE, ONLINE), NOW)
    with serving(signed, tmp_path / "log") as served:
        shutil.rmtree(signed / "trust")
        shutil.copytree(tmp_path / "before", signed / "trust")
        touched(signed)
        assert "rolled back" in fault(served, "latest.json")
        assert served.get("/api/datasets").status_code == 200


def test_a_pointer_that_was_changed_and_not_signed_is_not_taken(signed, tmp_path):
    with serving(signed, tmp_path / "log") as served:
        path = signed / "latest.json"
        path.write_bytes(path.read_bytes() + b" ")
        assert "not the one that is signed" in fault(served, "latest.json")
        shutil.rmtree(signed / "trust")
        touched(signed)
        fault(served, "latest.json")
        assert served.get("/api/datasets").status_code == 200


def test_a_server_does_not_start_on_what_is_not_to_be_believed(signed, tmp_path):
    application(signed)
    latest = (signed / "latest.json").read_bytes()
    (signed / "latest.json").write_bytes(latest + b" ")
    with pytest.raises(ReleaseError, match="not the one that is signed"):
        application(signed)
    (signed / "latest.json").write_bytes(latest)
    other = tmp_path / "other"
    other.mkdir()
    trust.accept(other, trust.signed(trust.proposed(None, kinds((OTHER,), (OTHER,), (OTHER,)), NOW), [OTHER]))
    with pytest.raises(ReleaseError):
        application(signed, pinned=(other / "trust/1.root.json").read_bytes())
    application(signed, pinned=(signed / "trust/1.root.json").read_bytes())
    manifest = next((signed / "releases").iterdir()) / "manifest.json"
    assert f'"{manifest.parent.name}"' in manifest.read_text()
    (signed / "trust/timestamp.json").write_text("{}")
    with pytest.raises(ReleaseError):
        application(signed)


def test_a_pointer_that_has_expired_is_not_believed_at_the_start_and_named_later(office_public, tmp_path):
    then = NOW - datetime.timedelta(days=13, hours=23, minutes=59, seconds=40)
    trust.accept(office_public, trust.signed(trust.proposed(None, kinds(), then), [ROOT]))
    trust.advance(office_public, (RELEASE, ONLINE), then)
    now = datetime.datetime.now(datetime.UTC)
    if (left := (then + datetime.timedelta(days=14) - now).total_seconds()) < 5:
        trust.advance(
            office_public,
            (RELEASE, ONLINE),
            now - datetime.timedelta(days=14) + datetime.timedelta(seconds=8),
        )
        left = 8
    with serving(office_public, tmp_path / "log") as served:
        assert served.get("/health").status_code == 200
        time.sleep(left + 1)
        assert fault(served, "trust/timestamp.json").startswith("expired on ")
        assert served.get("/api/datasets").status_code == 200
    with pytest.raises(ReleaseError, match="expired"):
        application(office_public)

"""A public folder is whole, or what was altered in it is named: releases, root, notices, pointer."""

import datetime
import hashlib
import json
import os
import shutil

import pytest

import tiny_public
from borderstats.package.verify_public import faults, said
from tiny_public import NOW, ONLINE, OTHER, RELEASE, kinds


def at_root(tiny):
    """The newest figures at the root, too, as a publication puts them there."""
    latest = json.loads((tiny.path / "latest.json").read_text())
    data = (tiny.path / "releases" / latest["release"] / "figures.csv").read_bytes()
    (tiny.path / "figures.csv").write_bytes(data)
    arrival = {"sha256": hashlib.sha256(data).hexdigest(), "at": "2026-01-01T00:00:00Z"}
    latest["files"] = {"figures.csv": arrival}
    (tiny.path / "latest.json").write_text(json.dumps(latest))


@pytest.fixture
def tiny(tmp_path):
    tiny = tiny_public.tiny(tmp_path).begin()
    tiny.publish(tiny.release("2026-01-01"))
    tiny.publish(tiny.release("2026-02-01", "2"))
    at_root(tiny)
    tiny_public.trust.advance(tiny.path, (RELEASE, ONLINE), NOW)
    return tiny


def test_a_whole_folder_and_who_has_signed_it(tiny):
    root = tiny.root.read_bytes()
    assert list(faults(tiny.path, root)) == list(faults(tiny.path)) == []
    assert said(tiny.path, root).endswith("held to the root metadata that you trust")
    assert said(tiny.path).endswith("by whom was not checked: give --root FILE")
    assert said(tiny.path).startswith("pointer: number 3, signed, good until")


def test_a_folder_without_keys_says_so(tmp_path):
    tiny = tiny_public.tiny(tmp_path)
    tiny.publish(tiny.release("2026-01-01"), signers=())
    assert list(faults(tiny.path)) == []
    assert said(tiny.path).startswith("pointer: not signed")


def altered(path):
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")


def linked(path):
    path.rename(path.with_name("aside"))
    path.symlink_to("aside")


@pytest.mark.parametrize(
    ("name", "harm", "words"),
    [
        ("figures.csv", altered, "figures.csv: altered"),
        ("figures.csv", os.unlink, "figures.csv: missing"),
        ("figures.csv", linked, "figures.csv: a link"),
        ("releases/OLD/figures.csv", altered, "figures.csv: altered"),
        ("releases/OLD/same.txt", linked, "same.txt: a link"),
        ("releases/OLD/signature.json", os.unlink, "signature.json: missing"),
        ("latest.json", altered, "latest.json"),
        ("trust/timestamp.json", altered, "broken: "),
        ("trust/3.targets.json", os.unlink, "signed metadata is not there"),
    ],
)
def test_what_was_altered_is_named(tiny, name, harm, words):
    old = min(path.name for path in (tiny.path / "releases").iterdir())
    path = tiny.path / name.replace("OLD", old)
    if name == "latest.json":
        path.write_text(path.read_text().replace('"date"', ' "date"'))
    else:
        harm(path)
    assert any(words in line for line in faults(tiny.path))


def test_a_folder_that_says_otherwise_than_its_pointer(tiny):
    old, new = sorted(path.name for path in (tiny.path / "releases").iterdir())
    latest = tiny.path / "latest.json"
    latest.write_text(latest.read_text().replace(new, old))
    found = list(faults(tiny.path))
    assert f"latest.json: says that {old} is the newest, and the signed pointer says {new}" in found


def test_a_release_that_somebody_has_added(tiny):
    shutil.copytree(
        tiny.release("2026-03-01", "3", key=OTHER), tiny.path / "releases/2026-03-01-aaaaaaaaaaaa"
    )
    found = "\n".join(faults(tiny.path))
    assert "2026-03-01-aaaaaaaaaaaa: renamed: the release is 2026-03-01-" in found
    assert (
        "releases/2026-03-01-aaaaaaaaaaaa/manifest.json: added: the signed pointer does not name it" in found
    )


def test_one_that_others_have_signed_and_one_that_has_expired(tiny, tmp_path):
    others = kinds(root=(OTHER,), online=(OTHER,))
    trust = tiny_public.trust
    root = trust.signed(trust.proposed(None, others, NOW), [OTHER])
    assert any("forged or signed by others" in line for line in faults(tiny.path, trust.encoded(root)))
    past = NOW - datetime.timedelta(20)
    (tmp_path / "past").mkdir()
    old = tiny_public.tiny(tmp_path / "past").begin(past)
    old.publish(old.release("2026-01-01"), now=past)
    assert any("expired: " in line for line in faults(old.path))

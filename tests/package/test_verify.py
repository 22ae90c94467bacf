"""Verify: nothing but plain files, each as it was made, and always a word on who has signed."""

import os
from pathlib import Path

import pytest

import tiny_public
from borderstats.errors import ReleaseError
from borderstats.package import keys
from borderstats.package.verify import alterations, signature
from tiny_public import OTHER, RELEASE, public

NAME = keys.name(public(RELEASE)[0])


@pytest.fixture
def tiny(tmp_path):
    return tiny_public.tiny(tmp_path)


def test_who_has_signed_is_always_said(tiny):
    release = tiny.release("2026-01-01")
    assert list(alterations(release, public(OTHER, RELEASE))) == []
    assert signature(release, public(RELEASE)) == f"signed by {NAME}, which is trusted"
    assert signature(release).startswith(f"signed by {NAME}, which was not checked")
    assert signature(tiny.release("2026-02-01", key=None)).startswith("not signed")


def test_re_signed_and_stripped_ones_are_told_from_it(tiny):
    release = tiny.release("2026-01-01")
    signed = release / "signature.json"
    other = tiny.release("2026-02-01", key=OTHER) / "signature.json"
    signed.chmod(0o644)
    signed.write_bytes(other.read_bytes())
    assert list(alterations(release)) == ["signature.json: the signature is not over this manifest"]
    signed.unlink()
    assert list(alterations(release)) == []
    assert list(alterations(release, public(RELEASE))) == [
        "signature.json: missing: the release is not signed"
    ]


@pytest.mark.parametrize("target", ["../same.txt", "/etc/passwd", "nowhere"])
@pytest.mark.parametrize("name", ["figures.csv", "signature.json", "more.csv", "data"])
def test_a_link_is_named_and_not_followed(tiny, name, target):
    release = tiny.release("2026-01-01")
    if (path := release / name).exists():
        path.rename(tiny.path / "aside")
    path.symlink_to(target)
    assert f"{name}: a link: what it leads to is not part of the release" in list(alterations(release))


def test_what_is_no_plain_file_is_named_and_not_read(tiny):
    release = tiny.release("2026-01-01")
    (release / "figures.csv").unlink()
    os.mkfifo(release / "figures.csv")
    assert list(alterations(release)) == ["figures.csv: no plain file"]


@pytest.mark.parametrize("size", [0, 1])
def test_an_emptied_or_cut_file_is_named(tiny, size):
    release = tiny.release("2026-01-01", "12")
    (release / "figures.csv").chmod(0o644)
    os.truncate(release / "figures.csv", size)
    assert list(alterations(release)) == ["figures.csv: altered: its SHA-256 is not the one in the manifest"]


@pytest.mark.parametrize("name", ["signature.json", "manifest.json"])
def test_a_pipe_a_link_or_a_huge_file_is_not_read(tiny, name):
    release = tiny.release("2026-01-01")

    def found():
        try:
            return "\n".join(alterations(release))
        except ReleaseError as error:
            return str(error)

    (release / name).unlink()
    os.mkfifo(release / name)
    assert "no plain file" in found()
    (release / name).unlink()
    (release / name).symlink_to("/dev/zero")
    assert "a link" in found()
    (release / name).unlink()
    (release / name).touch()
    os.truncate(release / name, 20 << 30)
    assert "bytes, which no such file has" in found()


def test_by_any_path_it_is_the_same_release(tiny, monkeypatch):
    release = tiny.release("2026-01-01")
    monkeypatch.chdir(release)
    assert list(alterations(Path())) == []
    (tiny.path / "link").symlink_to(release)
    assert list(alterations(tiny.path / "link")) == []

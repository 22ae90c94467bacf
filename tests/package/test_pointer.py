"""What is not to be believed is refused by name: forged, re-signed, rolled back, frozen, cut, linked."""

import datetime
import json
import os
import shutil

import pytest
from tuf.api.metadata import Metadata

import tiny_public
from borderstats.errors import ReleaseError
from borderstats.package import pointer, trust
from borderstats.package.pointer import Host
from tiny_public import NOW, ONLINE, OTHER, RELEASE, ROOT, kinds


@pytest.fixture
def tiny(tmp_path):
    tiny = tiny_public.tiny(tmp_path).begin()
    tiny.publish(tiny.release("2026-01-01"))
    return tiny


@pytest.fixture
def read(tiny, tmp_path):
    """Read the pointer of a folder, the tiny one if none is given, as one reader does who remembers."""
    pinned = tiny.root.read_bytes()
    return lambda public=tiny.path: Host(str(public)).pointer(tmp_path / "memory", pinned)


def refused(read, words, *arguments):
    with pytest.raises(ReleaseError, match=words) as caught:
        read(*arguments)
    assert len(str(caught.value).splitlines()) == 1


def test_the_first_time_a_reader_has_to_know_who_may_sign(tiny, tmp_path):
    host = Host(str(tiny.path))
    refused(lambda: host.pointer(tmp_path / "memory"), "it is not known who may sign there; give --root FILE")
    assert host.pointer(tmp_path / "memory", tiny.root.read_bytes()).number == 1
    assert host.pointer(tmp_path / "memory").number == 1


@pytest.mark.parametrize("name", ["timestamp.json", "1.snapshot.json", "1.targets.json"])
def test_a_file_in_which_one_digit_is_changed(tiny, read, name):
    path = tiny.path / "trust" / name
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    refused(read, "forged or signed by others: .* was signed by 0/1 keys")


@pytest.mark.parametrize("name", ["timestamp.json", "1.snapshot.json", "1.targets.json"])
def test_a_file_that_is_cut_or_missing(tiny, read, name):
    path = tiny.path / "trust" / name
    path.write_bytes(path.read_bytes()[:-30])
    refused(read, "broken: ")
    path.unlink()
    refused(read, "its signed metadata is not there")


def test_one_signed_by_others_from_the_root_on(tiny, read, tmp_path):
    (tmp_path / "others").mkdir()
    forged = tiny_public.tiny(tmp_path / "others")
    others = kinds(root=(OTHER,), release=(OTHER,), online=(OTHER,))
    trust.accept(forged.path, trust.signed(trust.proposed(None, others, NOW), [OTHER]))
    forged.publish(forged.release("2026-05-01", key=OTHER), signers=(OTHER,))
    refused(read, "forged or signed by others", forged.path)


@pytest.mark.parametrize("name", ["timestamp.json", "1.snapshot.json", "1.targets.json"])
def test_one_re_signed_with_a_key_that_may_not(tiny, read, name):
    path = tiny.path / "trust" / name
    metadata = Metadata.from_file(str(path))
    metadata.signatures.clear()
    path.write_bytes(trust.encoded(trust.signed(metadata, [OTHER])))
    refused(read, "was signed by 0/1 keys")


def test_an_older_one_after_a_newer_one(tiny, read, tmp_path):
    old = shutil.copytree(tiny.path, tmp_path / "old")
    tiny.publish(tiny.release("2026-02-01", "2"))
    assert read().number == 2
    refused(read, "rolled back: .* an older pointer than one that you have seen is not taken", old)
    assert read().number == 2


def test_parts_of_two_pointers(tiny, read, tmp_path):
    tiny.publish(tiny.release("2026-02-01", "2"))
    shutil.copy(tiny.path / "trust/1.snapshot.json", tiny.path / "trust/2.snapshot.json")
    refused(read, "rolled back: Expected snapshot version 2, got 1")


def test_one_that_nobody_signs_anew(tmp_path):
    past = NOW - datetime.timedelta(15)
    tiny = tiny_public.tiny(tmp_path).begin(past)
    tiny.publish(tiny.release("2026-01-01"), now=past)
    refused(lambda: pointer.of_folder(tiny.path), r"expired: timestamp.json is expired; .*trust renew")
    trust.advance(tiny.path, (ONLINE,), NOW)
    assert pointer.of_folder(tiny.path).number == 2


def test_who_may_sign_expires_too(tmp_path):
    past = NOW - datetime.timedelta(731)
    tiny = tiny_public.tiny(tmp_path).begin(past)
    tiny.publish(tiny.release("2026-01-01"), now=past)
    refused(lambda: pointer.of_folder(tiny.path), "expired: Final root.json is expired.*change --kind root")
    refused(lambda: trust.advance(tiny.path, (ONLINE,), NOW), "who may sign has expired on .*--kind root")
    trust.accept(tiny.path, trust.signed(trust.proposed(trust.root(tiny.path), kinds(), NOW), [ROOT]))
    refused(lambda: trust.advance(tiny.path, (ONLINE,), NOW), "its release keys .* have to sign this")
    trust.advance(tiny.path, (RELEASE, ONLINE), NOW)
    assert pointer.of_folder(tiny.path, tiny.root.read_bytes()).number == 2


def test_links_are_not_followed(tiny, read, tmp_path):
    aside = tmp_path / "aside"
    (tiny.path / "trust").rename(aside)
    (tiny.path / "trust").symlink_to(aside)
    refused(read, "cannot be fetched: .*a link|a link")
    (tiny.path / "trust").unlink()
    shutil.copytree(aside, tiny.path / "trust")
    (tiny.path / "trust/timestamp.json").unlink()
    (tiny.path / "trust/timestamp.json").symlink_to(aside / "timestamp.json")
    refused(read, "a link")


def test_root_keys_are_exchanged_without_the_reader(tiny, read):
    new = trust.proposed(trust.root(tiny.path), kinds(root=(OTHER,), release=(OTHER,)), NOW)
    trust.accept(tiny.path, trust.signed(new, [ROOT, OTHER]))
    tiny.publish(tiny.release("2026-02-01", "2", key=OTHER), signers=(OTHER, ONLINE))
    assert read().newest.startswith("2026-02-01")


def test_metadata_that_is_too_long(tiny, read):
    path = tiny.path / "trust/timestamp.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"filler": "x" * 20_000}))
    refused(read, "altered: Downloaded .* exceeding the maximum allowed length")


def test_nobody_is_there(tmp_path, tiny):
    host = Host("http://127.0.0.1:9/")
    refused(
        lambda: host.pointer(tmp_path / "memory", tiny.root.read_bytes()), "does not answer, or too slowly"
    )


def test_release_keys_are_not_needed_to_read(tiny, read):
    assert read().files["latest.json"].length == (tiny.path / "latest.json").stat().st_size
    assert RELEASE  # who has signed is told by `verify`


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "no such folder; an address begins with https://"),
        ("nowhere", "no such folder"),
        ("ftp://127.0.0.1/", "no such folder"),
        ("http://[::1", "no address: "),
        ("https://me:secret@example.org/", "example.org: an address with a name or a password is not taken"),
    ],
)
def test_what_is_no_address(address, words):
    refused(lambda: Host(address), words)


def test_another_office_is_not_mixed_in_and_nothing_is_forgotten(tiny, read, tmp_path):
    (tmp_path / "second").mkdir()
    other = tiny_public.tiny(tmp_path / "second")
    others = kinds(root=(OTHER,), release=(OTHER,), online=(OTHER,))
    root = trust.accept(other.path, trust.signed(trust.proposed(None, others, NOW), [OTHER]))
    other.publish(other.release("2026-05-01", key=OTHER), signers=(OTHER,))
    assert read().number == 1
    refused(
        lambda: Host(str(other.path)).pointer(tmp_path / "memory", root.read_bytes()),
        "remembers other root metadata than those given with --root",
    )
    assert Host(str(tiny.path)).pointer(tmp_path / "memory").number == 1


def test_a_memory_of_which_the_link_is_lost(tiny, read, tmp_path):
    assert read().number == 1
    (tmp_path / "memory/root.json").unlink()
    assert Host(str(tiny.path)).pointer(tmp_path / "memory").number == 1


def test_a_pipe_in_place_of_a_file(tiny, read):
    (tiny.path / "trust/timestamp.json").unlink()
    os.mkfifo(tiny.path / "trust/timestamp.json")
    refused(read, "its signed metadata is not there")

"""What may become the newest release of a public folder: whole, signed as the folder has it, and not before the newest."""

import pytest

import tiny_public
from borderstats.errors import ReleaseError
from borderstats.package import keys, trust
from borderstats.package.admission import check
from tiny_public import NOW, OTHER, RELEASE, ROOT, kinds, public


@pytest.fixture
def tiny(tmp_path):
    return tiny_public.tiny(tmp_path)


def refused(words, *arguments, **named):
    with pytest.raises(ReleaseError, match=words):
        check(*arguments, **named)


def test_an_altered_release_is_refused_with_what_was_altered(tiny):
    release = tiny.release("2026-01-01")
    check(release, tiny.path)
    path = release / "figures.csv"
    path.chmod(0o644)
    path.write_text("2")
    refused("figures.csv: altered", release, tiny.path)


def test_a_link_is_refused(tiny, tmp_path):
    release = tiny.release("2026-01-01")
    (tmp_path / "secret").write_text("1")
    (release / "figures.csv").unlink()
    (release / "figures.csv").symlink_to(tmp_path / "secret")
    refused("figures.csv: a link: what it leads to is not part of the release", release, tiny.path)


@pytest.mark.parametrize("key", [None, OTHER])
def test_in_a_folder_whose_keys_are_named_one_of_them_has_to_sign(tiny, key):
    tiny.begin()
    check(tiny.release("2026-02-01"), tiny.path)
    refused("signature.json: ", tiny.release("2026-01-01", key=key), tiny.path)


@pytest.mark.parametrize(
    ("key", "by"), [(None, "not signed"), (OTHER, f"signed by {keys.name(public(OTHER)[0])}")]
)
def test_after_a_signed_release_none_comes_that_others_have_signed(tiny, key, by):
    tiny.publish(tiny.release("2026-01-01"), signers=())
    release = tiny.release("2026-02-01", key=key)
    refused(f"{release.name}: {by}, and the newest release of this folder by", release, tiny.path)
    check(tiny.release("2026-03-01"), tiny.path)
    if key:
        check(release, tiny.path, public(OTHER))


def test_an_older_release_does_not_replace_a_newer_one_without_a_word(tiny):
    older = tiny.release("2026-01-01")
    newest = tiny.release("2026-02-01")
    tiny.publish(newest, signers=())
    refused(f"{older.name}: older than {newest.name}", older, tiny.path)
    check(older, tiny.path, back=True)
    check(newest, tiny.path)


def test_nor_does_the_one_before_of_the_same_day(tiny):
    before = tiny.release("2026-01-01")
    middle = tiny.release("2026-01-01", "2", previous=before)
    newest = tiny.release("2026-01-01", "3", previous=middle)
    for release in (before, middle, newest):
        check(release, tiny.path)
        tiny.publish(release, signers=())
    for release in (before, middle):
        refused("older than", release, tiny.path)
    assert RELEASE


def test_without_its_own_word_a_folder_still_knows_its_newest(tiny):
    tiny.begin()
    older, newest = tiny.release("2026-01-01"), tiny.release("2026-02-01", "2")
    for release in (older, newest):
        tiny.publish(release)
    (tiny.path / "latest.json").unlink()
    refused(f"{older.name}: older than {newest.name}", older, tiny.path)


def test_keys_that_are_given_narrow_those_of_the_folder(tiny):
    tiny.begin()
    refused(
        "none of the keys given with --public-key may sign releases there",
        tiny.release("2026-01-01", key=OTHER),
        tiny.path,
        public(OTHER),
    )
    check(tiny.release("2026-02-01"), tiny.path, public(OTHER, RELEASE))


def test_after_an_exchange_of_keys_an_old_release_is_still_the_offices_own(tiny):
    tiny.begin()
    older, newest = tiny.release("2026-01-01"), tiny.release("2026-02-01", "2")
    for release in (older, newest):
        tiny.publish(release)
    new = trust.proposed(trust.root(tiny.path), kinds(release=(OTHER,)), NOW)
    trust.accept(tiny.path, trust.signed(new, [ROOT]))
    check(older, tiny.path, back=True)
    refused("not one that you trust", tiny.release("2026-03-01", "3"), tiny.path)


def test_a_signature_that_names_no_key(tiny):
    tiny.publish(tiny.release("2026-01-01"), signers=())
    release = tiny.release("2026-02-01")
    path = release / "signature.json"
    path.chmod(0o644)
    path.write_text('{"algorithm": "Ed25519", "public_key": "abc", "signature": "abc"}')
    refused("the signature cannot be read", release, tiny.path)

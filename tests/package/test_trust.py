"""Who may sign, and the pointer: what is signed, in which order, by whom, and what is refused."""

import datetime
import shutil

import pytest
from securesystemslib.signer import SSlibKey
from tuf.api.metadata import Metadata

import tiny_public
from borderstats.errors import ReleaseError
from borderstats.package import keys, pointer, trust
from tiny_public import NOW, ONLINE, OTHER, RELEASE, ROOT, kinds


@pytest.fixture
def tiny(tmp_path):
    return tiny_public.tiny(tmp_path).begin()


def test_a_folder_where_nobody_is_named_has_no_pointer(tmp_path):
    tiny = tiny_public.tiny(tmp_path)
    assert tiny.publish(tiny.release("2026-01-01"), signers=()) is None
    assert pointer.of_folder(tiny.path) is None
    trust.check(tiny.path, (), ("release",))
    with pytest.raises(ReleaseError, match="nobody is named there who may sign"):
        trust.check(tiny.path, (RELEASE,), ("release",))


def test_the_pointer_names_every_release_and_the_newest(tiny):
    one, other = tiny.release("2026-01-01"), tiny.release("2026-02-01", "2")
    tiny.publish(one)
    until = tiny.publish(other)
    assert until == NOW + datetime.timedelta(14)
    found = pointer.of_folder(tiny.path, tiny.root.read_bytes())
    assert (found.number, found.newest, found.expires) == (2, other.name, until)
    assert set(found.files) == {
        "latest.json",
        *(f"releases/{r.name}/{n}" for r in (one, other) for n in ("manifest.json", "signature.json")),
    }


def test_renewing_needs_the_online_key_only_and_counts_on(tiny):
    tiny.publish(tiny.release("2026-01-01"))
    trust.advance(tiny.path, (ONLINE,), NOW + datetime.timedelta(1))
    found = pointer.of_folder(tiny.path)
    assert (found.number, found.expires) == (2, NOW + datetime.timedelta(15))
    assert [p.name for p in sorted((tiny.path / "trust").glob("*.targets.json"))] == ["1.targets.json"]


def test_what_has_changed_needs_the_release_key(tiny):
    release = tiny.release("2026-01-01")
    with pytest.raises(ReleaseError, match=r"1 of its release keys .* have to sign this"):
        tiny.publish(release, signers=(ONLINE,))
    with pytest.raises(ReleaseError, match=r"1 of its online keys .* have to sign this"):
        tiny.publish(release, signers=(RELEASE,))
    with pytest.raises(ReleaseError, match=f"release keys \\({keys.name(tiny_public.public(RELEASE)[0])}\\)"):
        tiny.publish(release, signers=(OTHER, ONLINE))
    assert not (tiny.path / "trust/timestamp.json").exists()


def test_after_a_copy_was_restored_it_counts_on_above_what_readers_have_seen(tiny):
    tiny.publish(tiny.release("2026-01-01"))
    with pytest.raises(ReleaseError, match="its release keys"):
        trust.advance(tiny.path, (ONLINE,), NOW, above=40)
    trust.advance(tiny.path, (RELEASE, ONLINE), NOW, above=40)
    assert pointer.of_folder(tiny.path).number == 41
    numbers = sorted(path.name for path in (tiny.path / "trust").glob("41.*"))
    assert numbers == ["41.snapshot.json", "41.targets.json"]


def test_a_timestamp_that_was_lost_counts_on(tiny):
    for _ in range(3):
        tiny.publish(tiny.release("2026-01-01"))
    (tiny.path / "trust/timestamp.json").unlink()
    trust.advance(tiny.path, (ONLINE,), NOW)
    assert pointer.of_folder(tiny.path).number == 4


def altered_root(tiny, change):
    path = tiny.path / "trust/1.root.json"
    metadata = Metadata.from_file(str(path))
    change(metadata.signed)
    path.write_bytes(trust.encoded(metadata))


def test_a_key_that_somebody_has_written_into_the_root_is_not_signed_for(tiny):
    other = trust._key(tiny_public.public(OTHER)[0])
    altered_root(tiny, lambda signed: signed.add_key(other, "targets"))
    for use in (
        lambda: trust.root(tiny.path),
        lambda: trust.release_keys(tiny.path),
        lambda: trust.advance(tiny.path, (RELEASE, ONLINE), NOW),
    ):
        with pytest.raises(
            ReleaseError, match=r"1.root.json: altered: 1 more signatures of the new root keys"
        ):
            use()


def test_root_metadata_that_hide_who_signs_are_not_shown_signed_or_taken(tiny, tmp_path):
    other = trust._key(tiny_public.public(OTHER)[0])

    def hidden(signed):
        signed.add_key(other, "timestamp")

    def twice(signed):
        same = SSlibKey.from_crypto(keys.loaded(tiny_public.public(ROOT)[0]), "f" * 64)
        signed.add_key(same, "root")
        signed.roles["root"].threshold = 2

    def days(value):
        return lambda signed: signed.unrecognized_fields.update({"x-borderstats-days": value})

    def more(signed):
        signed.unrecognized_fields["more"] = 1

    wrong = [{}, [1], "x", {"root": "x"}, {"root": -5, "release": 1, "online": 1}]
    for change in (hidden, twice, more, *map(days, wrong)):
        proposed = trust.proposed(trust.root(tiny.path), kinds(), NOW)
        change(proposed.signed)
        path = tmp_path / "proposed.json"
        path.write_bytes(trust.encoded(trust.signed(proposed, [ROOT])))
        with pytest.raises(ReleaseError, match="nobody should sign or believe them"):
            trust.read_root(path)


def test_what_was_signed_and_is_altered_is_not_signed_again(tiny):
    old, new = tiny.release("2026-01-01"), tiny.release("2026-02-01", "2")
    for release in (old, new):
        tiny.publish(release)
    for name in ("manifest.json", "signature.json"):
        path = tiny.path / "releases" / old.name / name
        kept = path.read_bytes()
        path.chmod(0o644)
        path.write_bytes(b"{}")
        for renewing in (True, False):
            with pytest.raises(ReleaseError, match=rf"{name}: not as it was signed; restore it"):
                trust.advance(tiny.path, (RELEASE, ONLINE), NOW, renewing=renewing)
        path.unlink()
        with pytest.raises(ReleaseError, match=rf"{name}: missing; restore it"):
            trust.advance(tiny.path, (RELEASE, ONLINE), NOW)
        path.write_bytes(kept)
    trust.advance(tiny.path, (ONLINE,), NOW, renewing=True)


def test_to_renew_is_not_to_point_elsewhere(tiny):
    old, new = tiny.release("2026-01-01"), tiny.release("2026-02-01", "2")
    for release in (old, new):
        tiny.publish(release)
    latest = tiny.path / "latest.json"
    latest.write_text(latest.read_text().replace(new.name, old.name))
    with pytest.raises(ReleaseError, match=r"latest.json: not as it was signed"):
        trust.advance(tiny.path, (RELEASE, ONLINE), NOW, renewing=True)


def test_a_release_that_comes_in_altered_is_not_signed_for(tiny):
    tiny.publish(tiny.release("2026-01-01"))
    release = tiny.release("2026-02-01", "2")
    published = shutil.copytree(release, tiny.path / "releases" / release.name)
    (published / "figures.csv").chmod(0o644)
    (published / "figures.csv").write_text("3")
    with pytest.raises(ReleaseError, match=r"figures.csv: altered"):
        trust.advance(tiny.path, (RELEASE, ONLINE), NOW)


@pytest.mark.parametrize("left", ["targets", "snapshot"])
def test_killed_before_the_timestamp_the_pointer_before_stands_and_is_completed(tiny, left):
    tiny.publish(tiny.release("2026-01-01"))
    before = (tiny.path / "trust/timestamp.json").read_bytes()
    release = tiny.release("2026-02-01", "2")
    tiny.publish(release)
    (tiny.path / "trust/timestamp.json").write_bytes(before)
    if left == "targets":
        (tiny.path / "trust/2.snapshot.json").unlink()
    assert pointer.of_folder(tiny.path).newest.startswith("2026-01-01")
    trust.advance(tiny.path, (ONLINE,), NOW)
    assert pointer.of_folder(tiny.path).newest == release.name


def test_the_same_content_and_time_give_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        tiny = tiny_public.tiny(tmp_path / name).begin()
        tiny.publish(tiny.release("2026-01-01"))
    one, other = (
        {p.name: p.read_bytes() for p in (tmp_path / name / "public/trust").iterdir()}
        for name in ("one", "other")
    )
    assert one == other


def changed(tiny, signers, **named):
    new = trust.proposed(trust.root(tiny.path), kinds(**named), NOW)
    return trust.accept(tiny.path, trust.signed(new, signers))


def test_a_release_key_is_exchanged(tiny):
    tiny.publish(tiny.release("2026-01-01"))
    pinned = tiny.root.read_bytes()
    changed(tiny, [ROOT], release=(OTHER,))
    with pytest.raises(ReleaseError, match="forged or signed by others: targets was signed by 0/1 keys"):
        pointer.of_folder(tiny.path, pinned)
    with pytest.raises(ReleaseError, match="release keys"):
        trust.advance(tiny.path, (RELEASE, ONLINE), NOW)
    trust.advance(tiny.path, (OTHER, ONLINE), NOW)
    assert pointer.of_folder(tiny.path, pinned).number == 2


def test_a_root_key_is_exchanged_by_the_old_and_the_new(tiny):
    tiny.publish(tiny.release("2026-01-01"))
    for signers, whose in (([ROOT], "new"), ([OTHER], "before")):
        with pytest.raises(ReleaseError, match=f"1 more signatures of the {whose} root keys"):
            changed(tiny, signers, root=(OTHER,))
    changed(tiny, [ROOT, OTHER], root=(OTHER,))
    with pytest.raises(ReleaseError, match=r"of the before root keys|of the new root keys"):
        changed(tiny, [ROOT], root=(OTHER,))
    trust.advance(tiny.path, (ONLINE,), NOW)
    assert pointer.of_folder(tiny.path, tiny.root.read_bytes()).number == 2


def test_two_of_three_root_keys(tmp_path):
    tiny = tiny_public.tiny(tmp_path)
    three = kinds(root=(ROOT, RELEASE, OTHER), threshold=2)
    new = trust.signed(trust.proposed(None, three, NOW), [ROOT])
    assert [line.split(" of ")[0] for line in trust.missing(None, new)] == ["1 more signatures"]
    with pytest.raises(ReleaseError, match="1 more signatures of the new root keys"):
        trust.accept(tiny.path, new)
    assert trust.accept(tiny.path, trust.signed(new, [OTHER])).name == "1.root.json"


def test_as_many_keys_as_have_to_sign(tmp_path):
    with pytest.raises(ReleaseError, match="root: 2 of 1 keys cannot sign"):
        trust.proposed(None, kinds(threshold=2), NOW)
    with pytest.raises(ReleaseError, match="root: 2 of 1 keys cannot sign"):
        trust.proposed(None, kinds(root=(ROOT, ROOT), threshold=2), NOW)


def test_a_number_that_does_not_follow(tiny):
    new = trust.signed(trust.proposed(None, kinds(), NOW), [ROOT])
    with pytest.raises(ReleaseError, match=r"root metadata number 1 does not follow; the next one .* is 2"):
        trust.accept(tiny.path, new)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"signed": {"_type": "root"}}'])
def test_broken_metadata_is_named(tiny, content):
    (tiny.path / "trust/1.root.json").write_bytes(content)
    with pytest.raises(ReleaseError, match=r"1.root.json: broken"):
        trust.root(tiny.path)


def test_it_is_metadata_of_the_update_framework(tiny):
    tiny.publish(tiny.release("2026-01-01"))
    for path in (tiny.path / "trust").iterdir():
        assert Metadata.from_file(str(path)).signed.spec_version.startswith("1.")

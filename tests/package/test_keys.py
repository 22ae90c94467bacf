"""Keys: with a password, read by their owner only, never overwritten."""

import base64
import stat

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats.errors import ReleaseError
from borderstats.package import keys

PASSWORD = "a password of a test"


def test_a_new_key_is_encrypted_and_only_its_owner_reads_it(tmp_path):
    public = keys.create(tmp_path / "release.pem", PASSWORD)
    assert public == tmp_path / "release.pub.pem"
    assert stat.S_IMODE((tmp_path / "release.pem").stat().st_mode) == 0o600
    assert b"ENCRYPTED" in (tmp_path / "release.pem").read_bytes()
    key = keys.private_key(tmp_path / "release.pem", lambda _: PASSWORD)
    assert keys.raw(key.public_key()) == keys.public_key(public)


def test_a_password_that_is_wrong_or_missing(tmp_path):
    keys.create(tmp_path / "key.pem", PASSWORD)
    with pytest.raises(ReleaseError, match=r"key.pem: the password is wrong"):
        keys.private_key(tmp_path / "key.pem", lambda _: "another")
    with pytest.raises(ReleaseError, match=r"key.pem: has a password, and none was given"):
        keys.private_key(tmp_path / "key.pem")


@pytest.mark.parametrize("name", ["key.pem", "key.pub.pem"])
def test_a_key_is_never_overwritten(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(ReleaseError, match="is there already"):
        keys.create(tmp_path / "key.pem", PASSWORD)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def written(path, key, mode=0o600):
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o666, 0o644, 0o640, 0o604, 0o602, 0o601])
def test_a_key_that_others_can_reach_is_refused(tmp_path, mode):
    path = written(tmp_path / "key.pem", Ed25519PrivateKey.from_private_bytes(bytes(32)), mode)
    with pytest.raises(ReleaseError, match=rf"key.pem: others can read this private key \(mode {mode:o}\)"):
        keys.private_key(path)


def test_keys_are_read_from_pem_files(tmp_path):
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    private = written(tmp_path / "private.pem", key)
    public = tmp_path / "public.pem"
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    public.chmod(0o600)
    assert keys.private_key(private).private_bytes_raw() == bytes(32)
    assert keys.public_key(public) == base64.b64encode(key.public_key().public_bytes_raw()).decode()
    with pytest.raises(ReleaseError, match="no private key in PEM form"):
        keys.private_key(public)
    with pytest.raises(ReleaseError, match="no public key in PEM form"):
        keys.public_key(private)
    with pytest.raises(ReleaseError, match=r"nowhere.pem: cannot be read"):
        keys.private_key(tmp_path / "nowhere.pem")


def test_a_name_that_public_keys_have(tmp_path):
    with pytest.raises(ReleaseError, match="public keys have this ending"):
        keys.create(tmp_path / "key.pub.pem", PASSWORD)


def test_another_kind_of_key(tmp_path):
    path = written(tmp_path / "rsa.pem", rsa.generate_private_key(65537, 2048))
    with pytest.raises(ReleaseError, match=r"rsa.pem: not an Ed25519 key; make one with `borderstats key"):
        keys.private_key(path)

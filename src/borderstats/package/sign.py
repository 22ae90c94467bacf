"""Ed25519 signatures over a release's manifest (RFC 8032, by PyCA cryptography)."""

import base64
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from borderstats.errors import ReleaseError


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signature and the public key it was made with, both base64 of the raw bytes."""

    algorithm: str
    public_key: str
    signature: str


def private_key(path: Path) -> Ed25519PrivateKey:
    """The Ed25519 private key in a PEM file without password; ReleaseError if it holds none."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(f"{path}: no private key in PEM form without password ({error})") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseError(f"{path}: not an Ed25519 key; make one with `openssl genpkey -algorithm ed25519`")
    return key


def public_key(path: Path) -> str:
    """The public key in a PEM file as base64 of its raw bytes; ReleaseError if it holds none."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path}: no public key in PEM form ({error})") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ReleaseError(f"{path}: not an Ed25519 key")
    return _raw(key)


def sign(key: Ed25519PrivateKey, manifest: bytes) -> bytes:
    """The content of `signature.json` for a manifest's bytes."""
    signature = base64.b64encode(key.sign(manifest)).decode()
    return msgspec.json.encode(Signature("Ed25519", _raw(key.public_key()), signature)) + b"\n"


def holds(written: bytes, manifest: bytes, trusted: str | None) -> str:
    """An empty string if the signature is over the manifest, and by the trusted key if one is given; else why not."""
    try:
        signature = msgspec.json.decode(written, type=Signature)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature.public_key))
        key.verify(base64.b64decode(signature.signature), manifest)
    except (msgspec.DecodeError, ValueError) as error:
        return f"the signature cannot be read: {error}"
    except InvalidSignature:
        return "the signature is not over this manifest"
    if trusted is not None and signature.public_key != trusted:
        return "the signature is by another key than the one you trust"
    return ""


def _raw(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes_raw()).decode()

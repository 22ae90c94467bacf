"""Ed25519 signatures over the bytes of a file (RFC 8032, by PyCA cryptography), such as a release's manifest."""

import base64
from collections.abc import Collection

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats.package import keys


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signature and the public key it was made with, both base64 of the raw bytes."""

    algorithm: str
    public_key: str
    signature: str


def sign(key: Ed25519PrivateKey, data: bytes) -> bytes:
    """The content of the file with the signature over these bytes."""
    signature = base64.b64encode(key.sign(data)).decode()
    return msgspec.json.encode(Signature("Ed25519", keys.raw(key.public_key()), signature)) + b"\n"


def signer(written: bytes) -> str:
    """The public key (base64) that a signature says it was made with; empty if it cannot be read."""
    try:
        public = msgspec.json.decode(written, type=Signature).public_key
        keys.loaded(public)
    except (msgspec.DecodeError, ValueError):
        return ""
    return public


def holds(written: bytes, data: bytes, trusted: Collection[str] = ()) -> str:
    """An empty string if the signature is over the data, and by a trusted key if some are given; else why not."""
    try:
        signature = msgspec.json.decode(written, type=Signature)
        keys.loaded(signature.public_key).verify(base64.b64decode(signature.signature, validate=True), data)
    except (msgspec.DecodeError, ValueError) as error:
        return f"the signature cannot be read: {error}"
    except InvalidSignature:
        return "the signature is not over this manifest"
    if signature.algorithm != "Ed25519":
        return f"the signature says {signature.algorithm!r} for its algorithm; it has to be Ed25519"
    if trusted and signature.public_key not in trusted:
        return (
            f"the signature is by the key {keys.name(signature.public_key)}, which is not one that you trust"
        )
    return ""

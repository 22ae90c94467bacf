"""Ed25519 keys in PEM files (RFC 8032 and RFC 8410, by PyCA cryptography)."""

import base64
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from borderstats.errors import ReleaseError

Password = Callable[[Path], str]
"""Gives the password of a key's file; asked only where the file has one."""

_SHOWN = 16


def create(path: Path, password: str) -> Path:
    """Make a key pair: the private key in a new file, encrypted, that nobody else can read; the public one beside it.

    Returns the file of the public key. Raises ReleaseError if one of them is there already.
    """
    if path.name.endswith(".pub.pem"):
        raise ReleaseError(f"{path}: public keys have this ending; give the private one another name")
    public = path.with_name(f"{path.stem}.pub.pem")
    if public.exists() or public.is_symlink():
        raise ReleaseError(f"{public}: is there already; give the new key another name")
    key = Ed25519PrivateKey.generate()
    shown = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode()),
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ReleaseError(
            f"{path}: is there already; a key is never overwritten, give another name"
        ) from None
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be written: {error.strerror or error}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        public.write_bytes(shown)
    except OSError as error:
        path.unlink(missing_ok=True)
        public.unlink(missing_ok=True)
        raise ReleaseError(f"{path}: cannot be written: {error.strerror or error}") from None
    return public


def private_key(path: Path, password: Password | None = None) -> Ed25519PrivateKey:
    """The Ed25519 private key in a PEM file.

    Raises ReleaseError if it holds none, if others than its owner can read it, or if its password is wrong or not given.
    """
    try:
        data, mode = path.read_bytes(), path.stat().st_mode
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be read: {error.strerror or error}") from None
    if stat.S_IMODE(mode) & 0o077:
        raise ReleaseError(
            f"{path}: others can read this private key (mode {stat.S_IMODE(mode):o}): it may be known already; "
            f"make a new one with `borderstats key`, or, if nobody else has an account there, `chmod 600 {path}`"
        )
    try:
        key = _loaded(path, data, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ReleaseError(f"{path}: no private key in PEM form that is known: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseError(f"{path}: not an Ed25519 key; make one with `borderstats key {path.name}`")
    return key


def _loaded(path: Path, data: bytes, password: Password | None) -> object:
    try:
        return serialization.load_pem_private_key(data, password=None)
    except TypeError:  # it is encrypted
        if password is None:
            raise ReleaseError(f"{path}: has a password, and none was given") from None
    try:
        return serialization.load_pem_private_key(data, password=password(path).encode())
    except (ValueError, TypeError):
        raise ReleaseError(f"{path}: the password is wrong") from None


def public_key(path: Path) -> str:
    """The public key in a PEM file as base64 of its raw bytes; ReleaseError if it holds none."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise ReleaseError(f"{path}: no public key in PEM form that is known ({error})") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ReleaseError(f"{path}: not an Ed25519 key")
    return raw(key)


def raw(key: Ed25519PublicKey) -> str:
    """A public key as base64 of its raw bytes."""
    return encoded(key.public_bytes_raw())


def encoded(public: bytes) -> str:
    """The raw bytes of a public key as base64."""
    return base64.b64encode(public).decode()


def loaded(public: str) -> Ed25519PublicKey:
    """The public key of its base64; ValueError if that is none."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))


def full_name(public: str) -> str:
    """The name of a public key (base64): the SHA-256 of its raw bytes."""
    return hashlib.sha256(base64.b64decode(public)).hexdigest()


def name(public: str) -> str:
    """The first digits of its name, which messages show."""
    return full_name(public)[:_SHOWN]

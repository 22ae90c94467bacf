"""Three signed releases of the second office that follow one another, and public folders of them."""

import datetime
import hashlib
import shutil

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats import pipeline
from borderstats.serve import exact
from borderstats.site import publish
from small_office import NEWER, OFFICE, put_aside

FIRST, SECOND, THIRD = (datetime.date(2025, month, 1) for month in (8, 9, 10))


def key(n=1):
    """A key that is the same in every run: nothing real is signed with it."""
    return Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)


def key_files(folder, name, n):
    """Such a key in two PEM files: the private half, which only its owner can read, and the public one."""
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = folder / f"{name}.pem"
    private.write_bytes(key(n).private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    private.chmod(0o600)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    (folder / f"{name}.pub.pem").write_bytes(key(n).public_key().public_bytes(pem, form))


def releases(folder, *, signed=True):
    """The first lacks the newer file of ships, the third is like the second a month later."""
    for part in ("standard", "archive"):
        shutil.copytree(OFFICE / part, folder / part)
    made = []
    back = put_aside(folder, NEWER)
    for date in (FIRST, SECOND, THIRD):
        if date == SECOND:
            back()
        built = pipeline.build(
            folder / "standard",
            folder / "archive",
            date,
            folder / "releases",
            key() if signed else None,
            formats=False,
            previous=made[-1] if made else None,
        )
        made.append(built.path)
    return made


def publish_all(public, *made):
    """Publish them one after another, as the command does, at moments a day apart."""
    for n, release in enumerate(made):
        moment = datetime.datetime(2026, 1, 1 + n, tzinfo=datetime.UTC)
        publish.write(release, public, exact.documents(release), lambda moment=moment: moment)
    return public


def content(folder):
    """The SHA-256 of every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

"""Notices about a release that was published: signed documents beside it, for nothing in it is ever edited.

    notices/{id}.json              all notices about a release, signed together
    releases/{id}/tombstone.json   the same document, which is all that is left of a release that was withdrawn

That another release is newer is no notice: the pointer says it.
"""

import datetime
from collections.abc import Collection
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats.package import manifest as manifests
from borderstats.package import plain, sign
from borderstats.package.sign import Signature
from borderstats.package.struct import Struct

Kind = Literal["superseded", "corrected", "withdrawn"]


class Notice(Struct, frozen=True, forbid_unknown_fields=True):
    """One notice: what happened to a release, on which day, why, and the id of the release that stands for it, if one does."""

    kind: Kind
    day: datetime.date
    reason: str
    replaced_by: str = ""


class Notices(Struct, frozen=True, forbid_unknown_fields=True):
    """All notices about a release, the oldest first. `manifest`: the SHA-256 of its manifest; `signed_by`: the public key
    (base64) that has signed it, empty if none has; `signature`: over this document without it.
    """

    release: str
    manifest: str
    signed_by: str
    notices: tuple[Notice, ...]
    signature: Signature | None = None

    @property
    def withdrawal(self) -> Notice | None:
        """The notice that the release was withdrawn, if it was."""
        return next((one for one in self.notices if one.kind == "withdrawn"), None)

    @property
    def date(self) -> datetime.date:
        """The date of the release, with which its id begins."""
        return datetime.date.fromisoformat(self.release[:10])


def of(release: Path) -> Notices:
    """No notice yet about a release in a folder; ReleaseError if it is none."""
    named = manifests.previous(release)
    return Notices(named.id, named.sha256, signer(release), ())


def added(notices: Notices, notice: Notice, key: Ed25519PrivateKey | None) -> Notices:
    """The same with one notice more, signed by a key if one is given; as it is if its last notice says the same."""
    same = notices.notices[-1:] and msgspec.structs.replace(notices.notices[-1], day=notice.day) == notice
    every = notices.notices if same else (*notices.notices, notice)
    made = msgspec.structs.replace(notices, notices=every, signature=None)
    if key is None:
        return made
    signature = msgspec.json.decode(sign.sign(key, msgspec.json.encode(made)), type=Signature)
    return msgspec.structs.replace(made, signature=signature)


def encode(notices: Notices) -> bytes:
    return msgspec.json.format(msgspec.json.encode(notices), indent=1) + b"\n"


def signer(release: Path) -> str:
    """The public key (base64) that a release's signature names; empty if it is not signed."""
    try:
        return sign.signer(plain.read(release / manifests.SIGNATURE))
    except FileNotFoundError:
        return ""


def problem(notices: Notices, trusted: Collection[str] = ()) -> str:
    """An empty string if notices are signed as their release is; else why they are not to be believed.

    `trusted`: further public keys (base64), by which an office that has lost a key signs notices about older releases.
    """
    allowed = {notices.signed_by, *trusted} - {""}
    if notices.signature is None:
        return "not signed, and the release is: sign them with --sign KEY" if allowed else ""
    data = msgspec.json.encode(msgspec.structs.replace(notices, signature=None))
    return sign.holds(msgspec.json.encode(notices.signature), data, allowed).replace(
        "this manifest", "these notices"
    )

"""Who may sign what in a public folder, and the signed pointer to what is in it.

Metadata of The Update Framework (theupdateframework.io, specification 1.0, by python-tuf), in `trust/`:

    1.root.json, 2.root.json, ...   who may sign what; each is signed by enough root keys of the one before, too
    N.targets.json                  SHA-256 and size of `latest.json` and of what names all files of each release
    N.snapshot.json                 which targets are the newest
    timestamp.json                  which snapshot is the newest; put last, and expired soon, so that nobody can be kept
                                    with an old one

Three kinds of key: *root* (who may sign), *release* (releases, notices, targets) and *online* (snapshot and timestamp, which are
signed anew often). Numbers only grow. The clock stands here, and never in a release.
"""

import datetime
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.exceptions import RepositoryError, UnsignedMetadataError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from borderstats.errors import ReleaseError
from borderstats.package import keys, plain, public_folder
from borderstats.package.manifest import NAME as MANIFEST
from borderstats.package.manifest import TOMBSTONE
from borderstats.package.verify import alterations

FOLDER = "trust"
NEWEST = "x-borderstats-newest"
"""In the targets: the id of the newest release."""

Kind = Literal["root", "release", "online"]
KINDS: Mapping[Kind, tuple[str, ...]] = {
    "root": (Root.type,),
    "release": (Targets.type,),
    "online": (Snapshot.type, Timestamp.type),
}
"""The roles of The Update Framework that each kind of key signs."""

DAYS: Mapping[Kind, int] = {"root": 730, "release": 400, "online": 14}
"""For how many days a signature is good, if nothing else is said."""

MOST_DAYS = 3650

POINTED = (
    "latest.json",
    "notices/*.json",
    *(f"releases/*/{name}.json" for name in ("manifest", "signature", "pages", "tombstone")),
)
"""What the targets name: each of these names, with their hashes, all that stands below it."""

_DAYS = "x-borderstats-days"

RootMetadata = Metadata[Root]

S = TypeVar("S", Root, Targets, Snapshot, Timestamp)


@dataclass(frozen=True)
class Signers:
    """Who signs metadata of one kind: public keys (base64), how many of them have to, and for how many days it is good."""

    keys: tuple[str, ...]
    threshold: int
    days: int


def root(public: Path) -> RootMetadata | None:
    """The newest root metadata of a public folder; None if nobody is named there.

    Raises ReleaseError if one of the chain is broken, or not signed by enough root keys, its own and those of the one before.
    """
    found: RootMetadata | None = None
    for number in range(1, _number(public, Root.type) + 1):
        path = public / FOLDER / f"{number}.root.json"
        one = read_root(path)
        if one.signed.version != number or (lacking := missing(found, one)):
            why = f"it is number {one.signed.version}" if one.signed.version != number else lacking[0]
            raise ReleaseError(f"{path}: altered: {why}; restore it")
        found = one
    return found


def signers(root: RootMetadata) -> dict[Kind, Signers]:
    """Who signs what, by kind of key. Raises ReleaseError if the metadata name keys in another way than `proposed` does."""
    found: dict[Kind, Signers] = {}
    try:
        for kind, roles in KINDS.items():
            role = root.signed.roles[roles[0]]
            publics = tuple(_raw(root.signed.keys[keyid]) for keyid in role.keyids)
            found[kind] = Signers(publics, role.threshold, int(root.signed.unrecognized_fields[_DAYS][kind]))
        same = _content(root.signed.version, root.signed.expires, found).to_dict() == root.signed.to_dict()
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, ReleaseError):
        same = False
    if not same:
        raise ReleaseError(
            f"root metadata number {root.signed.version} name keys, kinds of keys or days otherwise than `borderstats trust` does: "
            "nobody should sign or believe them"
        )
    return found


def release_keys(public: Path) -> tuple[str, ...]:
    """The public keys (base64) that may sign releases and notices in a public folder; none if nobody is named there."""
    named = root(public)
    return signers(named)["release"].keys if named else ()


def proposed(
    before: RootMetadata | None, kinds: Mapping[Kind, Signers], now: datetime.datetime
) -> RootMetadata:
    """The next root metadata, which nobody has signed yet. Raises ReleaseError if too few keys are named."""
    number = before.signed.version + 1 if before else 1
    return Metadata(_content(number, _until(now, kinds["root"].days), kinds))


def _content(number: int, expires: datetime.datetime, kinds: Mapping[Kind, Signers]) -> Root:
    new = Root(
        version=number,
        expires=expires,
        consistent_snapshot=True,
        unrecognized_fields={_DAYS: {kind: one.days for kind, one in kinds.items()}},
    )
    for kind, one in kinds.items():
        publics = dict.fromkeys(one.keys)
        if not 1 <= one.threshold <= len(publics):
            raise ReleaseError(
                f"{kind}: {one.threshold} of {len(publics)} keys cannot sign; name at least one key, and as many as have to sign"
            )
        if not 1 <= one.days <= MOST_DAYS:
            raise ReleaseError(f"{kind}: {one.days} days; give 1 to {MOST_DAYS:,}")
        for role in KINDS[kind]:
            for public in publics:
                new.add_key(_key(public), role)
            new.roles[role].threshold = one.threshold
    return new


def signed(metadata: Metadata[S], private: Iterable[Ed25519PrivateKey]) -> Metadata[S]:
    """The same with further signatures."""
    for key in private:
        metadata.sign(_signer(key), append=True)
    return metadata


def missing(before: RootMetadata | None, new: RootMetadata) -> list[str]:
    """What root metadata lacks to follow other root metadata: a line for each of the two that too few have signed."""
    found = []
    for one, whose in ((before, "before"), (new, "new")):
        if one is None:
            continue
        result = one.signed.get_verification_result(Root.type, new.signed_bytes, new.signatures)
        if not result.verified:
            names = ", ".join(sorted(keyid[:16] for keyid in result.unsigned))
            found.append(f"{result.missing} more signatures of the {whose} root keys are needed, of {names}")
    return found


def accept(public: Path, new: RootMetadata) -> Path:
    """Put root metadata into a public folder. Raises ReleaseError if it does not follow, or too few have signed it."""
    before = root(public)
    number = before.signed.version + 1 if before else 1
    if new.signed.version != number:
        raise ReleaseError(
            f"root metadata number {new.signed.version} does not follow; the next one of {public} is {number}"
        )
    if lacking := missing(before, new):
        raise ReleaseError("\n".join(lacking))
    return _put(public / FOLDER / f"{number}.root.json", new)


def check(public: Path, private: Sequence[Ed25519PrivateKey], kinds: Iterable[Kind]) -> None:
    """Raise ReleaseError if keys are given for a folder where nobody is named, or not those that have to sign there."""
    current = root(public)
    if current is None:
        if private:
            raise ReleaseError(
                f"{public}: nobody is named there who may sign; name them with `borderstats trust begin`"
            )
        return
    given = {keys.raw(key.public_key()) for key in private}
    for kind in kinds:
        one = signers(current)[kind]
        if len(given.intersection(one.keys)) < one.threshold:
            names = ", ".join(map(keys.name, one.keys))
            raise ReleaseError(
                f"{public}: {one.threshold} of its {kind} keys ({names}) have to sign this; give them with --key"
            )


def advance(
    public: Path,
    private: Sequence[Ed25519PrivateKey],
    now: datetime.datetime,
    above: int = 0,
    *,
    renewing: bool = False,
) -> datetime.datetime | None:
    """Point to what is in a public folder now, and sign that; until when that is good, or None if nobody is named there.

    What was signed before must be as it was, but for `latest.json`, notices and releases that were withdrawn; where the pointer is only
    to be renewed, everything. A release that comes in has to be whole and signed. Release keys have to be given if something has
    changed, or if what they signed has expired or is by keys that may not sign any more. Numbers are above those that are there, and
    `above` a number. Killed at any moment, the pointer before stands; done again, it is completed. Raises ReleaseError.
    """
    current = root(public)
    if current is None:
        return None
    if current.signed.is_expired(now):
        raise ReleaseError(
            f"{public}: who may sign has expired on {current.signed.expires:%Y-%m-%d}; sign it anew with "
            "`borderstats trust change PUBLIC --kind root --key ROOT-KEY`"
        )
    before, named = last(public), _named(public)
    if not before and (public / FOLDER / "timestamp.json").exists():
        raise ReleaseError(f"{public / FOLDER}: the targets that were signed are missing; restore them")
    known = before.signed.targets if before else {}
    differing = _differing(known, named)
    if before and (
        altered := [name for name in differing if renewing or not _may_change(public, name, known)]
    ):
        raise ReleaseError(
            "\n".join(
                f"{public / name}: {_different(name, known, named)}; restore it, or publish again what belongs there"
                for name in altered
            )
        )
    _check_new(public, known, named)
    newest = public_folder.pointer(public).release if "latest.json" in named else ""
    number = before.signed.version if before else 0
    same = (
        before
        and not differing
        and before.signed.unrecognized_fields.get(NEWEST, "") == newest
        and not before.signed.is_expired(now)
        and _good(current, Targets.type, before)
        and number > above
    )
    releasing = _of(current, "release", private)
    check(public, private, ("online",) if same and not releasing else ("online", "release"))
    if not before or not same or releasing:
        number = max(_number(public, Targets.type), above) + 1
        before = Metadata(
            Targets(
                version=number,
                expires=_until(now, _days(current, "release")),
                targets=named,
                unrecognized_fields={NEWEST: newest},
            )
        )
        _put(public / FOLDER / f"{number}.targets.json", signed(before, releasing))
    online = _of(current, "online", private)
    until = _until(now, _days(current, "online"))
    snapshot = Snapshot(
        version=max(_number(public, Snapshot.type), above) + 1,
        expires=until,
        meta={"targets.json": MetaFile(number)},
    )
    _put(public / FOLDER / f"{snapshot.version}.snapshot.json", signed(Metadata(snapshot), online))
    timestamp = Timestamp(
        version=max(_timestamp(public), snapshot.version - 1, above) + 1,
        expires=until,
        snapshot_meta=MetaFile(snapshot.version),
    )
    _put(public / FOLDER / "timestamp.json", signed(Metadata(timestamp), online))
    return min(until, before.signed.expires, current.signed.expires)


def last(public: Path) -> Metadata[Targets] | None:
    """The targets that were signed last; None if nothing was signed yet. Raises ReleaseError if they are broken or missing."""
    number = _number(public, Targets.type)
    return _read(public / FOLDER / f"{number}.targets.json", Targets) if number else None


def _differing(before: Mapping[str, TargetFile], named: Mapping[str, TargetFile]) -> list[str]:
    """The names that are gone or have other bytes, or that are new."""
    return sorted(name for name in {*before, *named} if before.get(name) != named.get(name))


def _different(name: str, known: Mapping[str, TargetFile], named: Mapping[str, TargetFile]) -> str:
    if name not in named:
        return "missing"
    return "not as it was signed" if name in known else "was never signed"


def _may_change(public: Path, name: str, before: Mapping[str, TargetFile]) -> bool:
    """Whether it may differ from what was signed: the folder's own word, notices, and files of a release that comes or has gone."""
    if name not in before or name == public_folder.LATEST or name.startswith(f"{public_folder.NOTICES}/"):
        return True
    return ((public / name).parent / TOMBSTONE).is_file()


def _check_new(public: Path, known: Mapping[str, TargetFile], named: Mapping[str, TargetFile]) -> None:
    """Hold every release that was not signed for yet to its manifest and to the release keys, where it lies now."""
    # What was there before keys were named is vouched for by whoever named them.
    trusted = release_keys(public) if known else ()
    for name in named:
        if name.endswith(f"/{MANIFEST}") and name not in known:
            folder = (public / name).parent
            if found := list(alterations(folder, trusted)):
                raise ReleaseError("\n".join(f"{folder}: {line}" for line in found))


def _timestamp(public: Path) -> int:
    """The number of the timestamp; 0 if there is none, or it cannot be read: the snapshots are counted, too."""
    try:
        return _read(public / FOLDER / "timestamp.json", Timestamp).signed.version
    except ReleaseError:
        return 0


def read_root(path: Path) -> RootMetadata:
    """Root metadata in a file, signed or not. Raises ReleaseError if there is none, or not such as `proposed` makes."""
    metadata = _read(path, Root)
    try:
        signers(metadata)
    except ReleaseError as error:
        raise ReleaseError(f"{path}: {error}") from None
    return metadata


def _read(path: Path, kind: type[S]) -> Metadata[S]:
    try:
        metadata = Metadata.from_bytes(plain.read(path))
    except FileNotFoundError:
        raise ReleaseError(f"{path}: missing; restore it") from None
    except (DeserializationError, RepositoryError):
        raise ReleaseError(f"{path}: broken: no metadata of The Update Framework; restore it") from None
    if not isinstance(metadata.signed, kind):
        raise ReleaseError(f"{path}: broken: not of the kind {kind.type}; restore it")
    return metadata


def _put(path: Path, metadata: Metadata[Any]) -> Path:
    """Write metadata in one step, after its bytes are on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.{os.getpid()}")
    with building.open("wb") as file:
        file.write(encoded(metadata))
        file.flush()
        os.fsync(file.fileno())
    building.replace(path)
    return path


def encoded(metadata: Metadata[Any]) -> bytes:
    """The bytes of metadata: the same for the same content."""
    return metadata.to_bytes(JSONSerializer(compact=False)) + b"\n"


def _named(public: Path) -> dict[str, TargetFile]:
    found = {}
    for pattern in POINTED:
        for path in sorted(public.glob(pattern)):
            name = path.relative_to(public).as_posix()
            found[name] = TargetFile.from_file(name, str(path), ["sha256"])
    return found


def _number(public: Path, role: str) -> int:
    """The highest number of metadata of a role; 0 if there is none."""
    numbers = (path.name.partition(".")[0] for path in (public / FOLDER).glob(f"*.{role}.json"))
    return max((int(number) for number in numbers if number.isascii() and number.isdigit()), default=0)


def _good(root: RootMetadata, role: str, metadata: Metadata[Any]) -> bool:
    try:
        root.signed.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
    except UnsignedMetadataError:
        return False
    return True


def _of(root: RootMetadata, kind: Kind, private: Iterable[Ed25519PrivateKey]) -> list[Ed25519PrivateKey]:
    return [key for key in private if keys.raw(key.public_key()) in signers(root)[kind].keys]


def _days(root: RootMetadata, kind: Kind) -> int:
    return signers(root)[kind].days


def _until(now: datetime.datetime, days: int) -> datetime.datetime:
    return now.replace(microsecond=0) + datetime.timedelta(days)


def _signer(key: Ed25519PrivateKey) -> CryptoSigner:
    return CryptoSigner(key, _key(keys.raw(key.public_key())))


def _key(public: str) -> SSlibKey:
    return SSlibKey.from_crypto(keys.loaded(public), keys.full_name(public))


def _raw(key: Any) -> str:
    """A public key of the metadata as base64."""
    return keys.encoded(bytes.fromhex(key.keyval["public"]))

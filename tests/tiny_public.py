"""Tiny releases, signed, in public folders whose keys are named: all that trust is about, and no page."""

import datetime
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats.package import folder, keys, trust
from borderstats.package import manifest as manifests
from borderstats.package.trust import DAYS, Signers

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def private(number):
    """A key that is the same in every run; for tests only."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))


ROOT, RELEASE, ONLINE, OTHER = map(private, range(1, 5))


def public(*private_keys):
    return tuple(keys.raw(key.public_key()) for key in private_keys)


def kinds(root=(ROOT,), release=(RELEASE,), online=(ONLINE,), threshold=1):
    named = {"root": root, "release": release, "online": online}
    return {
        kind: Signers(public(*several), threshold if kind == "root" else 1, DAYS[kind])
        for kind, several in named.items()
    }


@dataclass
class Tiny:
    """A public folder, and the office that publishes there."""

    office: Path
    path: Path

    def begin(self, now=NOW):
        root = trust.signed(trust.proposed(None, kinds(), now), [ROOT])
        self.root = trust.accept(self.path, root)
        return self

    def release(self, day, figure="1", previous=None, key=RELEASE):
        """A release of three files in the office, signed unless there is no key."""
        date = datetime.date.fromisoformat(day)
        manifest = manifests.unsealed(date, "0", "0" * 64, "0" * 64, {}, ())
        if previous:
            manifest = manifests.Manifest(
                **{f: getattr(manifest, f) for f in manifest.__struct_fields__ if f != "previous"},
                previous=manifests.previous(previous),
            )
        with folder.building(self.office) as building:
            files = folder.put(
                building,
                [("figures.csv", figure.encode()), ("data/a b.txt", b"text"), ("same.txt", b"same" * 999)],
            )
            manifest = manifests.sealed(manifest, files)
            folder.settle(building, self.office, manifest, key)
        return self.office / manifest.id

    def publish(self, release, signers=(RELEASE, ONLINE), now=NOW):
        """Put a release there and make it the newest."""
        shutil.copytree(release, self.path / "releases" / release.name, dirs_exist_ok=True)
        latest = {"release": release.name, "date": release.name[:10], "files": {}, "releases": {}}
        (self.path / "latest.json").write_text(json.dumps(latest))
        return trust.advance(self.path, signers, now)


def tiny(folder):
    """An office and its public folder, where nothing is published yet."""
    (folder / "public").mkdir()
    return Tiny(folder / "office", folder / "public")

"""The release before, as one of the inputs of a release: it is whole, not later, and what we changed since has a reason."""

import datetime
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from msgspec.structs import replace as with_fields

from borderstats.errors import GateError, ReleaseError
from borderstats.package import account as accounts
from borderstats.package import manifest as manifests
from borderstats.package import read
from borderstats.package.model import Package
from borderstats.package.verify import alterations
from borderstats.release import account

_MOST = 10
"""So many of the things that need a reason are named."""


def checked(release: Path, date: datetime.date, trusted: Collection[str] = ()) -> Package:
    """A release that another one of a date can follow. `trusted`: public keys (base64) of which one must have signed it.

    Raises ReleaseError if it is altered, not signed by one of these keys, or later.
    """
    manifest = manifests.read(release)
    if manifest.date > date:
        raise ReleaseError(
            f"{release}: dated {manifest.date}, after the release to be built ({date}); give the release before it, or a later --date"
        )
    if found := list(alterations(release, trusted)):
        raise ReleaseError(
            f"{release}: not as it was published, so nothing can follow it: {found[0]}; restore it, or give the release as it was published"
        )
    return read.package(release)


def followed(release: Path, before: Package, package: Package, reason: str) -> Package:
    """A package that names the release before it and tells what differs, and why.

    Raises GateError if something differs by us and no reason is given.
    """
    told, cells = account.between(before, package, reason)
    if told.needs_reason and not reason.strip():
        raise GateError("\n".join(_unexplained(told)))
    manifest = with_fields(package.manifest, previous=manifests.previous(release))
    return replace(package, manifest=manifest, account=told, cells=cells)


def _unexplained(told: accounts.Account) -> list[str]:
    ours = with_fields(
        told,
        snapshots=tuple(one for one in told.snapshots if one.change == "removed"),
        standard=(),
        software=None,
        figures=tuple(one for one in told.figures if one.by == "us"),
    )
    lines = list(accounts.lines(ours))
    more = [f"and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return [
        f"since {told.previous} we have changed what was published, and no reason is given:",
        *(f"  {line}" for line in [*lines[:_MOST], *more]),
        "Nothing was released. Say why with --reason TEXT, which is published, or take the change back",
    ]

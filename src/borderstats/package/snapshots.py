"""The publishers' files that a release is made of."""

import datetime
from collections.abc import Sequence

from borderstats.package.struct import AsOf, Basis, Struct


class Snapshot(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a publisher. Without a `source` it is a document that belongs to the data, not data.

    `as_of` is the day for which the publisher vouches for the figures; `as_of_basis` is `stated` if the publisher
    says so, and `inferred` if it is only the first day on which the file can have existed. `synthetic`: it was made of
    synthetic records and counts nothing real.
    """

    file: str
    sha256: str
    bytes: int
    source: str
    publisher: str
    title: str
    as_of: datetime.date
    as_of_basis: Basis
    as_of_note: str
    obtained_from: str
    licence: str
    synthetic: bool = False

    @property
    def stands_for(self) -> AsOf:
        """The day for which it speaks, with its basis."""
        return AsOf(self.as_of, self.as_of_basis, self.as_of_note)


def newest(snapshots: Sequence[Snapshot]) -> AsOf:
    """The day for which the newest of some files speaks, with its basis."""
    return max(snapshots, key=lambda snapshot: snapshot.as_of).stands_for

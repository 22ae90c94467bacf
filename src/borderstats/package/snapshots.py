"""The publishers' files that a release is made of."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from msgspec import Meta

from borderstats.package.struct import AsOf, Basis, KnownBasis, Struct

SafeBasis = Literal["published", "captured", "announced", "not after"]
"""The basis of a day on which a file was surely known: a day that it was not known before is none."""

OrderBasis = Literal["", "name", "captured", "replaces"]
"""What says which place a file has among those of its day: nothing (it needs none), its name, the time of its capture,
or whoever archived it.
"""

ORDER = r"^[1-9]\d*(\.[1-9]\d*)?$"
"""An order within a day as text: the number of the edition and, behind a dot, that of a re-issue."""


class Declared(Struct, frozen=True, forbid_unknown_fields=True):
    """A property of a file that cannot be read from it, or must not be: its value, of which codes, and who says so."""

    name: str
    value: str
    basis: str
    where: Mapping[str, str] = {}


class Snapshot(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a publisher. Without a `source` it is a document that belongs to the data, not data.

    `as_of` is the day for which the publisher vouches for the figures; `as_of_basis` is `stated` if the publisher
    says so, and `inferred` if it is only the first day on which the file can have existed. `known` is the day on which
    it became known, or the bound that there is of it. `captured`: when it was fetched from the publisher or from an archive
    of the web. `archived`: the day on which it came into this archive, and so was known at the latest. `order` tells the files of one source and day apart: the number of the edition and, behind a dot, that of a
    corrected re-issue, which `replaces` another file of the archive for a `reason`. A file that is out of the ordinary has a
    `reason` too. `synthetic`: it was made of synthetic
    records and counts nothing real. `properties`: what was declared of it, because its figures do not show it.
    """

    file: str
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    bytes: Annotated[int, Meta(ge=0)]
    source: str
    publisher: str
    title: str
    as_of: datetime.date
    as_of_basis: Basis
    as_of_note: str
    known: datetime.date
    known_basis: KnownBasis
    known_note: str
    obtained_from: str
    licence: str
    address: str = ""
    captured: Annotated[datetime.datetime, Meta(tz=True)] | None = None
    archived: datetime.date | None = None
    order: Annotated[str, Meta(pattern=ORDER)] = "1"
    order_basis: OrderBasis = ""
    replaces: str = ""
    reason: str = ""
    synthetic: bool = False
    properties: tuple[Declared, ...] = ()

    @property
    def stands_for(self) -> AsOf:
        """The day for which it speaks and the one on which it became known, with their bases."""
        return AsOf(self.as_of, self.as_of_basis, self.as_of_note, self.known, self.known_basis)

    @property
    def rank(self) -> tuple[int, ...]:
        """Its place within its day: edition, re-issue and, if it is known, the second of its capture.

        Which of two files is newer is not told if the rank of one begins with that of the other.
        """
        edition, _, reissue = self.order.partition(".")
        second = (int(self.captured.timestamp()),) if self.captured else ()
        return (int(edition), int(reissue or 0), *second)

    @property
    def place(self) -> tuple[datetime.date, tuple[int, ...], str]:
        """What files are sorted by: the day for which they speak, the order within it, the name."""
        return self.as_of, self.rank, self.file


def newest(snapshots: Sequence[Snapshot]) -> AsOf:
    """The day for which the newest of some files speaks and the one on which it became known, with their bases."""
    return max(snapshots, key=lambda snapshot: snapshot.place).stands_for

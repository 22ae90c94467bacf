"""The account of change of a release: in what, and why, it differs from the one that it names as its predecessor."""

import datetime
from collections.abc import Iterator
from typing import Literal

import pyarrow as pa

from borderstats.package.struct import Struct

NAME, CELLS = "account.json", "account.csv"
"""The account, and every cell that it counts."""

COLUMNS = pa.schema(
    [
        (name, pa.bool_() if name == "counted" else pa.string())
        for name in (
            *("dataset", "table", "by", "kind", "cell", "period", "snapshot"),
            *("old", "old_status", "new", "new_status", "delta", "counted"),
        )
    ]
)
"""The columns of the cells. Figures are texts, for datasets differ in their decimals."""

By = Literal["publisher", "us"]
Kind = Literal["added", "withdrawn", "standard"]
"""Why figures differ: files were `added` (by the publisher), files were `withdrawn` (by us), or the same files are read
otherwise, by another `standard`, software or description of a file (by us).
"""


class SnapshotChange(Struct, frozen=True):
    """A file that only one of two releases has, or of which their metadata differ.

    `inserted`: added, though it is older than the newest file of its source that the predecessor had. `described`: the same bytes
    with other metadata; `fields` are those that differ.
    """

    change: Literal["added", "inserted", "removed", "described"]
    file: str
    sha256: str
    source: str
    as_of: datetime.date
    fields: tuple[str, ...] = ()


class StandardChange(Struct, frozen=True):
    """A file of the standard that only one of two releases was made with, or that differs."""

    change: Literal["added", "changed", "removed"]
    path: str


class SoftwareChange(Struct, frozen=True):
    """The versions of the software, where they differ, with digits of the hash of its text where only that does: `0.1.0 (8f3a...)`."""

    before: str
    after: str


class Moved(Struct, frozen=True):
    """The figures of a dataset that differ for one cause.

    `of`: what that was, in words: files of the archive or of the standard, the software. `cells`: how many of the latest figures say
    otherwise (in `statuses` of them only the status does); `net` and `gross` are over those that do not overlap (`counted`), in the
    dataset's unit. `versions`: figures of the history that are new, gone, or given otherwise by the same file, those of latest among them.
    """

    dataset: str
    by: By
    kind: Kind
    of: tuple[str, ...]
    cells: int
    statuses: int
    counted: int
    net: int | float
    gross: int | float
    versions: int


class Account(Struct, frozen=True):
    """`account.json`. `previous` is the id of the release before; `reason` is why what was published was changed by us."""

    previous: str
    reason: str
    snapshots: tuple[SnapshotChange, ...]
    standard: tuple[StandardChange, ...]
    software: SoftwareChange | None
    figures: tuple[Moved, ...]

    @property
    def needs_reason(self) -> bool:
        """Whether it tells of a file that was removed, or of figures that we have changed."""
        return any(one.change == "removed" for one in self.snapshots) or any(
            one.by == "us" for one in self.figures
        )


_SHOWN = 3
"""So many files stand in a line; of the others how many there are."""


def lines(account: Account) -> Iterator[str]:
    """What differs, a line for each thing: files, the standard, the software, and each dataset for each cause."""
    for one in account.snapshots:
        what = f" ({', '.join(one.fields)})" if one.fields else ""
        source = f"{one.source}, " if one.source else ""
        yield f"file {one.change}{what}: {one.file} ({source}as of {one.as_of})"
    for file in account.standard:
        yield f"standard {file.change}: {file.path}"
    if account.software:
        yield f"software: {account.software.before} to {account.software.after}"
    for moved in account.figures:
        yield line(moved)


def line(moved: Moved) -> str:
    """What differs of a dataset for one cause."""
    who = "the publisher" if moved.by == "publisher" else "us"
    what = {"added": "added ", "withdrawn": "removed ", "standard": ""}[moved.kind]
    more = f" and {len(moved.of) - _SHOWN} more" if len(moved.of) > _SHOWN else ""
    statuses = f", {moved.statuses:,} of them in status only" if moved.statuses else ""
    sums = (
        f"net {moved.net:+,}, gross {moved.gross:,}"
        if moved.counted
        else "none of them in the sums of changes"
    )
    return (
        f"{moved.dataset}: by {who} ({what}{', '.join(moved.of[:_SHOWN])}{more}): {moved.cells:,} latest figures{statuses}"
        f"{f', {sums}' if moved.cells else ''}; {moved.versions:,} in the history"
    )

"""What a release reports beside its datasets: its size, its gates, its revisions, how publishers compare and report."""

import datetime
from collections.abc import Mapping
from typing import Literal

from borderstats.package.struct import Basis, Struct, Text


class Overview(Struct, frozen=True):
    """`release.json`, the release as a whole: its datasets, and how many snapshots, gates and cells went into it."""

    date: datetime.date
    datasets: tuple[str, ...]
    counts: Mapping[str, int]


class Finding(Struct, frozen=True):
    """One cell that a gate found: what was expected and found (in the dataset's smallest unit), and the words for it.

    `as_of` is the day of the files that gave it, if it was found in the figures of one day. `waiver` is the id of the waiver
    that covers it.
    """

    cell: str
    expected: int
    found: int
    text: str
    as_of: datetime.date | None
    files: tuple[str, ...]
    waiver: str = ""


class Gate(Struct, frozen=True):
    """`gates.json`, a gate: what it says, how many cells it compared, which of them were waived (none fails in a release).

    Each cell is compared as of every day on which it, or one that it is compared with, became otherwise. `revised` are those
    that differ from another publisher's because the two speak for different days, by no more than they revise.
    """

    id: str
    dataset: str
    rule: str
    sentence: str
    compared: int
    failed: tuple[Finding, ...]
    waived: tuple[Finding, ...]
    revised: tuple[Finding, ...]


class Revision(Struct, frozen=True):
    """`revisions.csv`, the cells of one kind that a file of a dataset gives otherwise than the file before it.

    `before` and `after` are the days for which the two speak; `snapshot` is the later file, which tells the steps of one day apart.
    """

    dataset: str
    before: datetime.date
    after: datetime.date
    kind: str
    cells: int
    net: int | float
    gross: int | float
    snapshot: str = ""


class Side(Struct, frozen=True):
    """One publisher's side of a reconciliation; without a dataset its figures are cited."""

    label: str
    dataset: str


class Compared(Struct, frozen=True):
    """A fiscal year as each side has it; the difference is that of the largest and the smallest.

    `to_date`: that side's figure is of a year to date; such a row has no difference.
    """

    period: str
    values: tuple[int | float | None, ...]
    to_date: tuple[bool, ...]
    difference: int | float | None


class Reconciliation(Struct, frozen=True):
    """`reconciliations.json`, the same quantity from different publishers, and why they differ, as far as that is known."""

    id: str
    title: str
    explained: Literal["yes", "partly", "no"]
    explanation: str
    sides: tuple[Side, ...]
    rows: tuple[Compared, ...]


class Piece(Struct, frozen=True):
    """What one dataset gives of a joined series: from which period to which, to what its figures are rounded.

    `compared`: how many figures both this piece and the one before it have; `apart`: how many of them differ, and `largest` by how
    much at most, in the unit of the series. `gates` hold them to one another.
    """

    dataset: str
    first: str
    last: str
    rounding: int
    compared: int = 0
    apart: int = 0
    largest: int | float = 0
    gates: tuple[str, ...] = ()


class Joined(Struct, frozen=True):
    """`joined.json`, a series that several datasets make together, one after the other. Its figures are in `joined.csv`."""

    id: str
    title: Text
    explanation: str
    by: str
    codes: tuple[str, ...]
    pieces: tuple[Piece, ...]


class JoinedFigure(Struct, frozen=True):
    """`joined.csv`, a figure of a joined series: a code of the dimension by which it goes (`_T`: the total), a period, a value.

    `dataset` is the one that gives it; `other` is what the one before or after it has for the same.
    """

    series: str
    code: str
    period: str
    value: int | float
    provisional: bool
    dataset: str
    other: int | float | None = None
    other_dataset: str = ""


class Revised(Struct, frozen=True):
    """How many cells later files of a source gave otherwise, and by how much in all, in the datasets' units."""

    cells: int
    gross: int | float


class Reported(Struct, frozen=True):
    """`reporting.json`, how one source reports, as far as the archive shows it."""

    source: str
    title: str
    publisher: str
    page: str
    datasets: tuple[str, ...]
    files: int
    last_period_ends: datetime.date
    newest_as_of: datetime.date
    newest_as_of_basis: Basis
    days_to_publication: int | None
    days_since_last_period: int
    every: int
    state: str
    ended: str
    readable: str
    revisions: Revised
    breaks: int
    known_errors: int


class Cited(Struct, frozen=True):
    """`cited.csv`, a published figure that no dataset gives: a measure in words, and `what` it is of that measure.

    `provisions` are the numbers of those on whose pages it belongs, separated by `|`. A figure is `contradicted` if a `dataset`
    holds what it measures: with the figure `here`, as of a day in a file, which is another one for a `reason`.
    """

    id: str
    provisions: str
    measure: str
    what: str
    period: str
    value: int | float
    unit: str
    grade: str
    source: str
    state: Literal["cited", "contradicted"] = "cited"
    dataset: str = ""
    here: int | float | None = None
    as_of: datetime.date | None = None
    file: str = ""
    reason: str = ""

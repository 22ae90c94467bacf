"""What a release says of each of its datasets in words: `data/{dataset}/metadata.json`."""

import datetime
from collections.abc import Mapping
from typing import Literal

from borderstats.errors import ReleaseError
from borderstats.package.snapshots import SafeBasis, Snapshot
from borderstats.package.struct import Basis, Struct, Text
from borderstats.standard.model import Break, Chart
from borderstats.standard.sources import KnownError
from borderstats.standard.units import Unit


class DimensionCode(Struct, frozen=True, omit_defaults=True):
    """A code that a dataset uses, with its labels."""

    code: str
    en: str
    note: str
    es: str = ""


class Dimension(Struct, frozen=True):
    """A dimension of a dataset. `total`: `published` (rows with the code `_T`) or `sum` over the codes."""

    id: str
    label: Text
    definition: str
    source: str
    total: Literal["published", "sum"]
    codes: tuple[DimensionCode, ...]


class Source(Struct, frozen=True):
    """A source of a dataset."""

    id: str
    title: str
    publisher: str
    page: str
    licence: str
    caveat: str
    absent_rows: Literal["zero", "unknown"]
    known_errors: tuple[KnownError, ...]


class Span(Struct, frozen=True):
    """Periods of one kind without a gap, from the first to the last."""

    first: str
    last: str


class Vintage(Struct, frozen=True):
    """What one file says of the dataset: the day for which it speaks, the day from which on it was surely known, each
    with its basis, and how much it says of which periods.
    """

    as_of: datetime.date
    as_of_basis: Basis
    known: datetime.date
    known_basis: SafeBasis
    file: str
    observations: int
    covers: tuple[Span, ...]


class Changed(Struct, frozen=True):
    """The changes of one kind: cells, and the net and gross sums of the differences in the dataset's unit."""

    cells: int
    net: int | float
    gross: int | float


class ListStep(Struct, frozen=True):
    """From one file of a list to the next: how many entries it has, and how many entered and left it."""

    before: datetime.date
    after: datetime.date
    entries: int
    added: int
    removed: int


class Metadata(Struct, frozen=True):
    """All that a release says of one dataset in words.

    `added_up`: of each dimension with a published total, whether sums of changes take its parts or its total.
    `synthetic`: at least one of its files was made of synthetic records, and its figures count nothing real.
    """

    id: str
    title: Text
    counts: str
    unit: Unit
    measure: Literal["flow", "stock", "average"]
    trap: str
    decimals: int
    rounding: int
    provisions: tuple[int, ...]
    first_period: str
    last_period: str
    observations: int
    values_in_history: int
    vintages: tuple[Vintage, ...]
    changes: Mapping[str, Changed]
    added_up: Mapping[str, Literal["parts", "total"]]
    dimensions: tuple[Dimension, ...]
    sources: tuple[Source, ...]
    snapshots: tuple[Snapshot, ...]
    breaks: tuple[Break, ...]
    entries: tuple[ListStep, ...]
    notes: tuple[str, ...]
    charts: tuple[Chart, ...]
    synthetic: bool = False

    def dimension(self, name: str) -> Dimension:
        """The dimension of that id; ReleaseError if the dataset has none."""
        for dimension in self.dimensions:
            if dimension.id == name:
                return dimension
        raise ReleaseError(f"data/{self.id}/metadata.json: no dimension {name!r}; build the release again")

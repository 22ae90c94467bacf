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


class Property(Struct, frozen=True, omit_defaults=True):
    """What an edition is besides its figures, of the cells with some codes, and how that is known.

    `price_base`: the period in whose prices its constant figures are; `rounding`: the unit of which all figures are multiples;
    `provisional` and `to_date`: the periods whose figures are provisional, and those that were not over on its day. `note`: who
    says so, of what was declared with the file.
    """

    name: Literal["price_base", "rounding", "provisional", "to_date"]
    value: str
    basis: Literal["measured", "declared"]
    where: Mapping[str, str] = {}
    note: str = ""


class Vintage(Struct, frozen=True):
    """What one file says of the dataset: the day for which it speaks, the day from which on it was surely known, each
    with its basis, how much it says of which periods, and its properties.
    """

    as_of: datetime.date
    as_of_basis: Basis
    known: datetime.date
    known_basis: SafeBasis
    file: str
    observations: int
    covers: tuple[Span, ...]
    properties: tuple[Property, ...] = ()


class Age(Struct, frozen=True):
    """How periods of an age were revised: those that ended up to so many `days` before an edition (None: any more), and more than in the
    class before. `compared` with the next edition, how often a sum of one was `revised`, and by how much at most, as a `share` of it (None: from
    nothing).
    """

    days: int | None
    compared: int
    revised: int
    share: float | None


class Finality(Struct, frozen=True):
    """When a figure counts as final. `declared`: after so many days its source's figures are, and for which `reason`.

    `basis`: it is `shown` by the editions of the dataset, or `declared` only, for there are fewer than three to compare. `oldest_revised`: the
    most days that a period was over, and was still revised by more than the `share` of a sum that is allowed.
    """

    basis: Literal["shown", "declared"]
    declared: int | None
    reason: str
    editions: int
    share: float
    oldest_revised: int | None
    ages: tuple[Age, ...]


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
    finality: Finality
    added_up: Mapping[str, Literal["parts", "total", "current"]]
    dimensions: tuple[Dimension, ...]
    sources: tuple[Source, ...]
    snapshots: tuple[Snapshot, ...]
    breaks: tuple[Break, ...]
    entries: tuple[ListStep, ...]
    notes: tuple[str, ...]
    charts: tuple[Chart, ...]
    synthetic: bool = False

    @property
    def constant_prices(self) -> bool:
        """Whether some of its figures are in the prices of one period, which the column `price_base` of its tables says."""
        return bool(self.price_bases)

    @property
    def price_bases(self) -> Mapping[tuple[tuple[str, str], ...], str]:
        """The base of each part (its codes by dimension) in the newest edition that has the part."""
        return {
            tuple(one.where.items()): one.value
            for vintage in self.vintages
            for one in vintage.properties
            if one.name == "price_base"
        }

    def dimension(self, name: str) -> Dimension:
        """The dimension of that id; ReleaseError if the dataset has none."""
        for dimension in self.dimensions:
            if dimension.id == name:
                return dimension
        raise ReleaseError(f"data/{self.id}/metadata.json: no dimension {name!r}; build the release again")

"""Tables from records as frozen values: what is counted, of which records, by which dimensions and periods."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from borderstats.standard.struct import Struct

ADDITIVE = ("records",)
"""Measures that may be added over any dimension, so that one query makes all tables of them."""


class Bands(Struct, frozen=True):
    """A dimension made of a field's value: `codes[n]` are values up to and with `edges[n]`, the last all beyond.

    With `since`, the value is the time from `since` to `field`, in `unit`. A record without the value is unknown.
    """

    concept: str
    field: str
    edges: tuple[int, ...]
    codes: tuple[str, ...]
    since: str = ""
    unit: Literal["minutes", "hours", "days"] = "days"


class Recode(Struct, frozen=True):
    """A dimension made of a field's codes: those named become others, the rest `otherwise` (or stay as they are)."""

    concept: str
    field: str
    codes: Mapping[str, str]
    otherwise: str = ""


class Link(Struct, frozen=True):
    """The last record of another family about the same event, known by the table's day.

    `on` is the field that both families have; `field` the linked one's code that becomes a dimension; a record without
    any has the code `missing`.
    """

    family: str
    on: str
    field: str
    missing: str


class TableSpec(Struct, frozen=True):
    """One table: `measure` of the records of `family` that have the codes of `where`, in each of `sets` of dimensions.

    `records` counts them, `persons` the persons among them, `repeaters` the persons with at least `least` of them in
    the period, `returning` those whose person had an earlier one (of the same `where`) within `days` before,
    `quantile` is the duration from `since` to `until` that the share `share` of finished ones does not exceed (the
    smallest such, in minutes; a percentile without interpolation).
    `every` is the period to which a record belongs by its family's time. A rolling year ends with a month.
    A dimension is a field with codes, or one that `bands`, `recodes` or `link` make. The empty set is the total.
    `dataset` is the published dataset whose figures the table should give, cell by cell; `dataset_dimensions` names its
    dimension where it is called otherwise there.
    """

    id: str
    title: str
    counts: str
    unit: str
    family: str
    sets: tuple[tuple[str, ...], ...]
    measure: Literal["records", "persons", "repeaters", "returning", "quantile"] = "records"
    every: Literal["month", "fiscal_year", "rolling_year"] = "month"
    where: Mapping[str, tuple[str, ...]] = {}
    bands: tuple[Bands, ...] = ()
    recodes: tuple[Recode, ...] = ()
    link: Link | None = None
    least: int = 2
    days: int = 365
    share: float = 0.5
    since: str = ""
    until: str = ""
    denominator: str = ""
    trap: str = ""
    dataset: str = ""
    dataset_dimensions: Mapping[str, str] = {}
    title_es: str = ""

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension of any set, in the order of their first mention."""
        return tuple(dict.fromkeys(name for one in self.sets for name in one))

    @property
    def additive(self) -> bool:
        return self.measure in ADDITIVE

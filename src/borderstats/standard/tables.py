"""Tables from records as frozen values: what is counted, of which records, by which dimensions and periods.

What a table counts is its `measure`, the tag of its struct.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from msgspec import Meta

from borderstats.standard.struct import Names, Struct, Text

_LONGEST = 100_000
"""Days: nearly three centuries."""


class Bands(Struct, frozen=True):
    """A dimension made of a field's value. A record without the value is unknown."""

    concept: Text
    """The dimension that it makes."""
    field: Text
    """A number, or with `since` a time."""
    edges: Annotated[tuple[int, ...], Meta(min_length=1)]
    """The upper bounds of the bands, included, from the lowest."""
    codes: Names
    """The codes of the bands, one more than edges: the last is for all beyond."""
    since: str = ""
    """The time since which `field` is measured."""
    unit: Literal["minutes", "hours", "days"] = "days"
    """In what it is measured, with `since`."""


class Recode(Struct, frozen=True):
    """A dimension made of a field's codes."""

    concept: Text
    """The dimension that it makes."""
    field: Text
    """The field whose codes become others."""
    codes: Mapping[str, str]
    """The codes of the field that become others, with these."""
    otherwise: str = ""
    """The code that the rest becomes; without one it stays as it is."""


class Link(Struct, frozen=True):
    """A dimension made of the last record of another family about the same event, known by the table's day."""

    family: Text
    """The other family."""
    on: Text
    """The field that both families have, and that is the same in both records."""
    field: Text
    """The field of the other family whose code becomes the dimension."""
    missing: Text
    """The code of a record without one of the other family."""


class TableSpec(Struct, frozen=True, kw_only=True, tag_field="measure"):
    """A table of the records of a family.

    A dimension is a field with codes, or one that `bands`, `recodes` or `link` make.
    """

    id: Text
    """The name of its file."""
    title: Text
    """What it is called."""
    title_es: str = ""
    """The title in Spanish."""
    counts: Text
    """What it counts, in a sentence."""
    unit: Text
    """The unit of count."""
    family: Text
    """The family of records that are counted."""
    where: Mapping[str, Names] = {}
    """The codes that counted records have, by dimension."""
    sets: Annotated[tuple[tuple[str, ...], ...], Meta(min_length=1)]
    """The sets of dimensions by which they are counted; the empty one is the total."""
    bands: tuple[Bands, ...] = ()
    """Dimensions made of numbers and times."""
    recodes: tuple[Recode, ...] = ()
    """Dimensions made of codes."""
    link: Link | None = None
    """A dimension made of records of another family."""
    denominator: str = ""
    """Of what a figure is a part, in words."""
    trap: str = ""
    """The sentence that keeps a reader from the commonest mistake."""
    dataset: str = ""
    """The published dataset whose figures it should give, cell by cell, for `borderstats compare`."""
    dataset_dimensions: Mapping[str, str] = {}
    """What its dimensions are called there, where it is otherwise."""

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension of any set, in the order of their first mention."""
        return tuple(dict.fromkeys(name for one in self.sets for name in one))


class RecordsTable(TableSpec, frozen=True, kw_only=True, tag="records"):
    """The records are counted. Their numbers add up over any dimension, so that one query makes all tables of them."""

    every: Literal["month", "fiscal_year"] = "month"
    """The period to which a record belongs by its family's time."""


class PersonsTable(TableSpec, frozen=True, kw_only=True, tag="persons"):
    """The persons among the records are counted."""

    every: Literal["month", "fiscal_year", "rolling_year"] = "month"
    """The period in which a person is counted once; a rolling year ends with a month."""


class RepeatersTable(TableSpec, frozen=True, kw_only=True, tag="repeaters"):
    """The persons with at least `least` records in the period are counted."""

    every: Literal["month", "fiscal_year"] = "month"
    """The period to which a record belongs by its family's time."""
    least: Annotated[int, Meta(ge=1)]
    """How many records a person has at least."""


class ReturningTable(TableSpec, frozen=True, kw_only=True, tag="returning"):
    """The records whose person had an earlier one (of the same `where`) within `days` are counted."""

    every: Literal["month", "fiscal_year"] = "month"
    """The period to which a record belongs by its family's time."""
    days: Annotated[int, Meta(ge=1, le=_LONGEST)]
    """How many days before the earlier record may lie."""


class QuantileTable(TableSpec, frozen=True, kw_only=True, tag="quantile"):
    """The minutes from `since` to `until` that the share `share` of finished ones does not exceed.

    It is the smallest such number of whole minutes: a percentile without interpolation.
    """

    every: Literal["month", "fiscal_year"] = "month"
    """The period to which a record belongs by its family's time."""
    share: Annotated[float, Meta(gt=0, le=1)]
    """The share of those that do not last longer: 0.5 for the median."""
    since: Text
    """The time at which it begins."""
    until: Text
    """The time at which it ends; without one it is not finished."""


AnyTableSpec = RecordsTable | PersonsTable | RepeatersTable | ReturningTable | QuantileTable

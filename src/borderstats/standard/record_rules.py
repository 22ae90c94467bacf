"""The rules that records must meet, as frozen values: one struct for each, with exactly what it takes.

A rule is a named function with parameters, as that of a gate is.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from msgspec import Meta

from borderstats.standard.struct import Names, Struct, Text

Bound = date | int | float | None
"""The least or the most that a field may be, both included: a day of a time."""

_LONGEST = 1_000_000
"""Minutes: two years."""


class RecordRule(Struct, frozen=True, kw_only=True, tag_field="rule"):
    """What records must meet beyond their fields: a rule by name, its parameters, and a plain sentence for readers."""

    name: Text
    """What the rule is called; it is the reason that a record in quarantine has."""
    sentence: Text
    """What it holds, for readers."""

    @property
    def rule(self) -> str:
        """The name of the rule."""
        return str(self.__struct_config__.tag)


class RuleOfOne(RecordRule, frozen=True, kw_only=True):
    """A rule about a record alone. One of which a field in question is missing is not judged."""

    when: Mapping[str, Names] = {}
    """The codes of other fields that a record has on which it is held."""


class Determined(RuleOfOne, frozen=True, kw_only=True, tag="determined"):
    """`field` is the one that a row of `table` gives for the other codes of that row."""

    field: Text
    """The field that follows from others."""
    table: Annotated[tuple[Mapping[str, str], ...], Meta(min_length=1)]
    """The codes that occur together, a row for each."""


class Within(RuleOfOne, frozen=True, kw_only=True, tag="within"):
    """`field` lies from `minimum` to `maximum`."""

    field: Text
    """A time or a number."""
    minimum: Bound = None
    """The least that it may be, or the first day."""
    maximum: Bound = None
    """The most that it may be, or the last day."""


class OneOf(RuleOfOne, frozen=True, kw_only=True, tag="one_of"):
    """`field` has one of `codes`."""

    field: Text
    """A field with codes."""
    codes: Names
    """The codes that it may have."""


class NotBefore(RuleOfOne, frozen=True, kw_only=True, tag="not_before"):
    """`field` is not before `other`."""

    field: Text
    """A time."""
    other: Text
    """The time before which it may not be."""


class RuleOfSeveral(RecordRule, frozen=True, kw_only=True):
    """A rule about several records."""


class Unique(RuleOfSeveral, frozen=True, kw_only=True, tag="unique"):
    """No two records agree in all `fields`; the first stays."""

    fields: Names
    """The fields that are compared."""


class Apart(RuleOfSeveral, frozen=True, kw_only=True, tag="apart"):
    """Records that agree in `fields` lie at least `minutes` apart in `field`; the first stays."""

    fields: Names
    """The fields that are compared."""
    field: Text
    """The time of a record."""
    minutes: Annotated[int, Meta(ge=1, le=_LONGEST)]
    """How far apart they must be."""


class NoOverlap(RuleOfSeveral, frozen=True, kw_only=True, tag="no_overlap"):
    """Spans from `field` to `other` of records that agree in `fields` do not overlap; the first stays."""

    fields: Names
    """The fields that are compared."""
    field: Text
    """The time at which the span begins."""
    other: Text
    """The time at which it ends; a record without one has not ended."""


class Refers(RuleOfSeveral, frozen=True, kw_only=True, tag="refers"):
    """The value of `field` is the key of an accepted record of `family`."""

    field: Text
    """The key of the other record."""
    family: Text
    """The family of the other record."""


AnyRuleOfSeveral = Unique | Apart | NoOverlap | Refers
AnyRule = Determined | Within | OneOf | NotBefore | AnyRuleOfSeveral

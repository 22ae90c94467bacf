"""The record standard as frozen values: families of confidential records and their fields.

A record is one event of one person. What a family declares is all that validation knows.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from borderstats.standard.record_rules import AnyRule
from borderstats.standard.struct import Struct, Text

MISSING = ("BLANK", "REDACTED", "NOT_RECORDED")
"""Why a field has no value: nothing stands there, the publisher blacked it out, or says that it was not recorded."""


class Field(Struct, frozen=True, kw_only=True, tag_field="type"):
    """One field of a record."""

    name: Text
    """What it is called in validated files and by rules and tables."""
    label: Text
    """What it is, for readers."""
    required: bool = False
    """Whether a record without it is refused."""

    @property
    def type(self) -> str:
        return str(self.__struct_config__.tag)


class KeyField(Field, frozen=True, kw_only=True, tag="key"):
    """A number or name of the record, or of another one."""


class PersonField(Field, frozen=True, kw_only=True, tag="person"):
    """A person's number; it is kept only as a keyed hash."""


class TextField(Field, frozen=True, kw_only=True, tag="text"):
    """A short name that is never published."""


class CodeField(Field, frozen=True, kw_only=True, tag="code"):
    """A code of a concept."""

    concept: Text
    """The concept whose code list it has."""
    scope: str = ""
    """The field within whose code it is a code."""


class TimeField(Field, frozen=True, kw_only=True, tag="time"):
    """A point in time without zone."""

    minimum: date | None = None
    """The first day on which it may lie."""
    maximum: date | None = None
    """The last day on which it may lie."""


class WholeField(Field, frozen=True, kw_only=True, tag="whole"):
    """A whole number."""

    minimum: int | None = None
    """The least that it may be."""
    maximum: int | None = None
    """The most that it may be."""


class NumberField(Field, frozen=True, kw_only=True, tag="number"):
    """A number with decimals."""

    minimum: float | None = None
    """The least that it may be."""
    maximum: float | None = None
    """The most that it may be."""


BoundedField = TimeField | WholeField | NumberField
AnyField = KeyField | PersonField | TextField | CodeField | BoundedField


class ProfileLimits(Struct, frozen=True):
    """When a delivery of a family is implausible as a whole, beside the last one of the same layout.

    `by` is the field of type code by which records are counted month by month. Months or codes with less than `least`
    records are not judged. `change`: how far the records of a month may differ from those that the last delivery had,
    as a share of them. `missing`: by how much the share of records without a value may rise in a field. `new_codes`:
    the share of records that may have a code which the last delivery did not have. `repeats`: a quarter repeats
    another if this share of its records lies in months and codes with the same count.
    """

    by: Text
    least: int
    change: float
    missing: float
    new_codes: float
    repeats: float


class Family(Struct, frozen=True):
    """One kind of record: what one of it counts, its fields in order, and its rules.

    `key` names the field that tells its records apart, `person` the one with the person, `time` the one by which
    records belong to a period and codes are valid or not; `profile` says when a delivery as a whole is implausible.
    """

    id: Text
    title: Text
    counts: Text
    unit: Text
    key: Text
    person: Text
    time: Text
    sources: Text
    profile: ProfileLimits
    fields: tuple[AnyField, ...]
    rules: tuple[AnyRule, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @cached_property
    def concepts(self) -> Mapping[str, str]:
        """The concept of each field that has codes."""
        return {field.name: field.concept for field in self.fields if isinstance(field, CodeField)}

    def field(self, name: str) -> Field:
        return self.fields[self.names.index(name)]

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
    """When a delivery of a family is implausible as a whole, beside the last one of the same layout."""

    by: Text
    """The field with codes by which the records of a month are counted."""
    least: int
    """Months and codes with fewer records are not judged."""
    change: float
    """How far the records of a month may differ from those that the last delivery had, as a share of them."""
    missing: float
    """By how much the share of records without a value may rise in a field."""
    new_codes: float
    """The share of records that may have a code which the last delivery did not have."""
    repeats: float
    """A quarter repeats another if this share of its records lies in months and codes with the same count."""


class Family(Struct, frozen=True):
    """One kind of record, of one event of one person."""

    id: Text
    """The name of its file."""
    title: Text
    """What it is called."""
    counts: Text
    """What one record is."""
    unit: Text
    """The unit of count."""
    key: Text
    """The field that tells its records apart."""
    person: Text
    """The field with the person."""
    time: Text
    """The field by which records belong to a period, and codes are valid or not."""
    sources: Text
    """Where such records come from."""
    profile: ProfileLimits
    """When a delivery as a whole is implausible."""
    fields: tuple[AnyField, ...]
    """Its fields, in order."""
    rules: tuple[AnyRule, ...] = ()
    """What its records must meet beyond their fields."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @cached_property
    def concepts(self) -> Mapping[str, str]:
        """The concept of each field that has codes."""
        return {field.name: field.concept for field in self.fields if isinstance(field, CodeField)}

    def field(self, name: str) -> Field:
        return self.fields[self.names.index(name)]

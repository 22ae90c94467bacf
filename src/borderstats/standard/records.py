"""The record standard as frozen values: families of confidential records, their fields, and the rules they must meet.

A record is one event of one person. What a family declares here is all that validation knows: a rule is a named
function with parameters, as a gate is.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from borderstats.standard.struct import Struct

MISSING = ("BLANK", "REDACTED", "NOT_RECORDED")
"""Why a field has no value: nothing stands there, the publisher blacked it out, or says that it was not recorded."""


class Field(Struct, frozen=True):
    """One field of a record.

    `key` is a number or name of the record or of another one, `person` a person's number (kept only as a keyed hash),
    `time` a point in time without zone, `code` a code of `concept` (within the scope that the field `scope` gives),
    `whole` a whole number, `number` one with decimals, `text` a short name that is never published.
    `minimum` and `maximum` bound it, both included; those of a time are days.
    """

    name: str
    label: str
    type: Literal["key", "person", "time", "code", "whole", "number", "text"]
    concept: str = ""
    scope: str = ""
    required: bool = False
    minimum: str = ""
    maximum: str = ""


class RecordRule(Struct, frozen=True):
    """What records must meet beyond their fields: a rule by name, its parameters, and a plain sentence for readers.

    `when` limits it to records with certain codes. A record of which a field in question is missing is not judged.
    `determined`: `field` is the one that a row of `table` gives for the other codes of that row.
    `within`: `field` lies from `minimum` to `maximum`. `one_of`: `field` has one of `codes`.
    `not_before`: `field` is not before `other`. `unique`: no two records agree in all `fields`; the first stays.
    `apart`: records that agree in `fields` lie at least `minutes` apart in `field`; the first stays.
    `no_overlap`: spans from `field` to `other` of records that agree in `fields` do not overlap; the first stays.
    `refers`: the value of `field` is the key of an accepted record of `family`.
    """

    name: str
    rule: Literal["determined", "within", "one_of", "not_before", "unique", "apart", "no_overlap", "refers"]
    sentence: str
    field: str = ""
    other: str = ""
    fields: tuple[str, ...] = ()
    when: Mapping[str, tuple[str, ...]] = {}
    codes: tuple[str, ...] = ()
    table: tuple[Mapping[str, str], ...] = ()
    minimum: str = ""
    maximum: str = ""
    minutes: int = 0
    family: str = ""


class ProfileLimits(Struct, frozen=True):
    """When a delivery of a family is implausible as a whole, beside the last one of the same layout.

    `by` is the field of type code by which records are counted month by month. Months or codes with less than `least`
    records are not judged. `change`: how far the records of a month may differ from those that the last delivery had,
    as a share of them. `missing`: by how much the share of records without a value may rise in a field. `new_codes`:
    the share of records that may have a code which the last delivery did not have. `repeats`: a quarter repeats
    another if this share of its records lies in months and codes with the same count.
    """

    by: str
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

    id: str
    title: str
    counts: str
    unit: str
    key: str
    person: str
    time: str
    sources: str
    profile: ProfileLimits
    fields: tuple[Field, ...]
    rules: tuple[RecordRule, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        return self.fields[self.names.index(name)]

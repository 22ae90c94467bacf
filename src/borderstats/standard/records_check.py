"""Cross-check the record families: every field, code and family that they and their rules name."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date

from borderstats.standard.model import Standard
from borderstats.standard.record_rules import (
    AnyRule,
    Apart,
    Bound,
    Determined,
    NoOverlap,
    NotBefore,
    OneOf,
    Refers,
    RuleOfOne,
    Within,
)
from borderstats.standard.records import (
    BoundedField,
    CodeField,
    Family,
    Field,
    KeyField,
    PersonField,
    TimeField,
)
from borderstats.standard.references import missing

_MOST_REASONS = 62
"""A record's reasons are bits of one integer."""


def contradictions(standard: Standard) -> Iterator[str]:
    """Every contradiction in `records/`, one line each."""
    for family in standard.families.values():
        yield from _family(standard, family)


def of_concept(standard: Standard, where: str, concept: str, codes: Collection[str]) -> Iterator[str]:
    """Codes that a concept does not have, the scope in front where it has one."""
    if concept not in standard.concepts:
        return
    known = standard.codelist_of(concept).numbers
    for code in codes:
        if code not in known:
            yield f"{where}: {concept} has no code {code!r}"


def of_type(where: str, family: Family, name: str, *kinds: type[Field]) -> Iterator[str]:
    """A field that a family does not have, or that is of another type."""
    yield from missing(where, "field", name, family.names)
    if name in family.names and not isinstance(family.field(name), kinds):
        wanted = " or ".join(str(kind.__struct_config__.tag) for kind in kinds)
        yield f"{where}: the field {name} must be of type {wanted}"


def _family(standard: Standard, family: Family) -> Iterator[str]:
    file = f"records/{family.id}.toml"
    yield from missing(f"{file}: $.unit", "unit", family.unit, standard.units)
    for part, name, kind in (
        ("key", family.key, KeyField),
        ("person", family.person, PersonField),
        ("time", family.time, TimeField),
    ):
        yield from of_type(f"{file}: $.{part}", family, name, kind)
    yield from _profile(file, family)
    for number, field in enumerate(family.fields):
        yield from _field(standard, family, f"{file}: $.fields[{number}]", field)
    for what, names in (("fields", family.names), ("rules", [rule.name for rule in family.rules])):
        for name, times in Counter(names).items():
            if times > 1:
                yield f"{file}: $.{what}: {name!r} stands there twice; each has a name of its own"
    reasons = len(family.rules) + sum(map(_reasons, family.fields))
    if max(reasons, len(family.fields)) > _MOST_REASONS:
        yield f"{file}: $.fields: a record could have {reasons} reasons against it; at most {_MOST_REASONS} can be told apart"
    for number, rule in enumerate(family.rules):
        yield from _rule(standard, family, f"{file}: $.rules[{number}]", rule)


def _reasons(field: Field) -> int:
    """How many reasons against a record a field can be: missing, unreadable, out of range; unknown, not valid then."""
    return field.required + 1 + (1 if isinstance(field, BoundedField) else 2 * isinstance(field, CodeField))


def _profile(file: str, family: Family) -> Iterator[str]:
    limits = family.profile
    yield from of_type(f"{file}: $.profile.by", family, limits.by, CodeField)
    for name in ("missing", "new_codes", "repeats"):
        if not 0 < getattr(limits, name) <= 1:
            yield f"{file}: $.profile.{name}: a share above 0 and up to 1"
    if limits.least < 1 or not 0 < limits.change < math.inf:
        yield f"{file}: $.profile: least is at least 1, and change above 0"


def _field(standard: Standard, family: Family, where: str, field: Field) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", field.name, re.ASCII) or field.name.endswith("_missing"):
        yield f"{where}.name: {field.name!r}; a name has small letters, digits and _, begins with a letter and does not end with _missing"
    if isinstance(field, CodeField):
        yield from missing(f"{where}.concept", "concept", field.concept, standard.concepts)
        if field.scope:
            yield from of_type(f"{where}.scope", family, field.scope, CodeField)
    elif isinstance(field, BoundedField):
        yield from _bounds(where, field.minimum, field.maximum)


def _bounds(where: str, minimum: Bound, maximum: Bound) -> Iterator[str]:
    given = [bound for bound in (minimum, maximum) if bound is not None]
    if any(isinstance(bound, float) and not math.isfinite(bound) for bound in given):
        yield f"{where}: a bound is a finite number; leave it out where there is none"
    elif len({isinstance(bound, date) for bound in given}) > 1:
        yield f"{where}: minimum and maximum are both days, or both numbers"
    elif len(given) == 2 and given[0] > given[1]:  # type: ignore[operator]
        yield f"{where}.maximum: {maximum} is below the minimum, {minimum}"


def _rule(standard: Standard, family: Family, where: str, rule: AnyRule) -> Iterator[str]:
    if isinstance(rule, RuleOfOne):
        for name, codes in rule.when.items():
            yield from _coded(standard, family, f"{where}.when.{name}", name, codes)
    for name in getattr(rule, "fields", ()):
        yield from missing(f"{where}.fields", "field", name, family.names)
    match rule:
        case Determined():
            yield from _determined(standard, family, where, rule)
        case OneOf():
            yield from _coded(standard, family, f"{where}.field", rule.field, rule.codes)
        case Within():
            yield from _within(family, where, rule)
        case NotBefore() | NoOverlap():
            yield from of_type(f"{where}.field", family, rule.field, TimeField)
            yield from of_type(f"{where}.other", family, rule.other, TimeField)
        case Apart():
            yield from of_type(f"{where}.field", family, rule.field, TimeField)
        case Refers():
            yield from of_type(f"{where}.field", family, rule.field, KeyField)
            yield from missing(f"{where}.family", "family", rule.family, standard.families)


def _determined(standard: Standard, family: Family, where: str, rule: Determined) -> Iterator[str]:
    for number, row in enumerate(rule.table):
        there = f"{where}.table[{number}]"
        for name, code in row.items():
            yield from _coded(standard, family, there, name, [code])
        if rule.field not in row or len(row) == 1:
            yield f"{there}: a row has the code of {rule.field} and those of others from which it follows"


def _within(family: Family, where: str, rule: Within) -> Iterator[str]:
    bounds = [bound for bound in (rule.minimum, rule.maximum) if bound is not None]
    yield from _bounds(where, rule.minimum, rule.maximum)
    yield from missing(f"{where}.field", "field", rule.field, family.names)
    if not bounds:
        yield f"{where}: give minimum, maximum or both"
    if rule.field in family.names:
        field = family.field(rule.field)
        if not isinstance(field, BoundedField):
            yield f"{where}.field: {field.name} is of type {field.type}; only times and numbers lie within bounds"
        elif any(isinstance(bound, date) != isinstance(field, TimeField) for bound in bounds):
            wanted = "days like 2024-01-31" if isinstance(field, TimeField) else "numbers"
            yield f"{where}: {field.name} is of type {field.type}; its bounds are {wanted}"


def _coded(
    standard: Standard, family: Family, where: str, name: str, codes: Collection[str]
) -> Iterator[str]:
    """Codes of a field that has some."""
    yield from of_type(where, family, name, CodeField)
    if name in family.concepts:
        yield from of_concept(standard, where, family.concepts[name], codes)

"""Cross-check the record families and the tables made of them: every field, code and family that they name."""

from collections.abc import Collection, Iterator, Mapping

from borderstats.standard.model import Standard
from borderstats.standard.records import Family
from borderstats.standard.tables import TableSpec


def contradictions(standard: Standard) -> Iterator[str]:
    """Every contradiction in `records/` and `tables/`, one line each."""
    for family in standard.families.values():
        yield from _family(standard, family)
    for spec in standard.tables.values():
        yield from _table(standard, spec)


def _missing(where: str, kind: str, name: str, known: Collection[str]) -> Iterator[str]:
    if name not in known:
        yield f"{where}: no {kind} {name!r}; known are {', '.join(sorted(known)) or 'none'}"


def _codes(standard: Standard, where: str, concept: str, codes: Collection[str]) -> Iterator[str]:
    if concept not in standard.concepts:
        return
    known = standard.codelist_of(concept).numbers
    for code in codes:
        if code not in known:
            yield f"{where}: {concept} has no code {code!r}"


def _family(standard: Standard, family: Family) -> Iterator[str]:
    file = f"records/{family.id}.toml"
    yield from _missing(f"{file}: $.unit", "unit", family.unit, standard.codelists["unit"].numbers)
    for role, name, kind in (
        ("key", family.key, "key"),
        ("person", family.person, "person"),
        ("time", family.time, "time"),
    ):
        yield from _missing(f"{file}: $.{role}", "field", name, family.names)
        if name in family.names and family.field(name).type != kind:
            yield f"{file}: $.{role}: the field {name} must be of type {kind}"
    limits = family.profile
    yield from _missing(f"{file}: $.profile.by", "field", limits.by, family.names)
    if limits.by in family.names and not family.field(limits.by).concept:
        yield f"{file}: $.profile.by: the field {limits.by} must be of type code"
    for name in ("missing", "new_codes", "repeats"):
        if not 0 < getattr(limits, name) <= 1:
            yield f"{file}: $.profile.{name}: a share above 0 and up to 1"
    if limits.least < 1 or limits.change <= 0:
        yield f"{file}: $.profile: least is at least 1, and change above 0"
    for number, field in enumerate(family.fields):
        where = f"{file}: $.fields[{number}]"
        if (field.type == "code") != bool(field.concept):
            yield f"{where} ({field.name}): a field of type code has a concept, and no other has"
        if field.concept:
            yield from _missing(f"{where}.concept", "concept", field.concept, standard.concepts)
        if field.scope:
            yield from _missing(f"{where}.scope", "field", field.scope, family.names)
    for number, rule in enumerate(family.rules):
        where = f"{file}: $.rules[{number}]"
        named = [*rule.fields, *rule.when, *filter(None, (rule.field, rule.other))]
        named += [name for row in rule.table for name in row]
        for name in named:
            yield from _missing(where, "field", name, family.names)
        if any(name not in family.names for name in named):
            continue
        if rule.family:
            yield from _missing(f"{where}.family", "family", rule.family, standard.families)
        coded = [*rule.when.items(), *((name, (code,)) for row in rule.table for name, code in row.items())]
        coded += [(rule.field, rule.codes)] if rule.codes else []
        for name, codes in coded:
            if concept := family.field(name).concept:
                yield from _codes(standard, where, concept, codes)


def _table(standard: Standard, spec: TableSpec) -> Iterator[str]:
    file = f"tables/{spec.id}.toml"
    yield from _missing(f"{file}: $.unit", "unit", spec.unit, standard.codelists["unit"].numbers)
    yield from _missing(f"{file}: $.family", "family", spec.family, standard.families)
    if spec.family not in standard.families:
        return
    family = standard.families[spec.family]
    concepts = {field.name: field.concept for field in family.fields if field.concept}
    yield from _made(standard, spec, family, concepts)
    for name in (*spec.dimensions, *spec.where):
        yield from _missing(f"{file}: $.sets", "dimension", name, concepts)
    for name, codes in spec.where.items():
        if name in concepts:
            yield from _codes(standard, f"{file}: $.where", concepts[name], codes)
    if spec.every == "rolling_year" and spec.measure != "persons":
        yield f"{file}: $.every: only persons are counted over rolling years"
    if spec.measure == "quantile":
        for name in (spec.since, spec.until):
            yield from _missing(f"{file}: $.since, $.until", "field", name, family.names)
        if not 0 < spec.share <= 1:
            yield f"{file}: $.share: a share above 0 and up to 1"
    if spec.dataset:
        yield from _missing(f"{file}: $.dataset", "dataset", spec.dataset, standard.datasets)
    if spec.dataset in standard.datasets:
        known = standard.datasets[spec.dataset].concepts
        for name in spec.dimensions:
            other = spec.dataset_dimensions.get(name, name)
            yield from _missing(f"{file}: $.dataset_dimensions", "dimension of the dataset", other, known)
            concepts_ = [standard.concepts.get(n) for n in (name, other)]
            if all(concepts_) and len({c.codelist for c in concepts_ if c}) > 1:
                yield f"{file}: $.dataset_dimensions: {name} and {other} have different code lists"


def _made(standard: Standard, spec: TableSpec, family: Family, concepts: dict[str, str]) -> Iterator[str]:
    """Check the dimensions that a table makes, and add them to the known ones."""
    file = f"tables/{spec.id}.toml"
    for bands in spec.bands:
        yield from _missing(f"{file}: $.bands", "concept", bands.concept, standard.concepts)
        yield from _missing(f"{file}: $.bands", "field", bands.field, family.names)
        if len(bands.codes) != len(bands.edges) + 1:
            yield f"{file}: $.bands: one code more than edges, the last for all beyond"
        if bands.concept in standard.concepts:
            yield from _codes(standard, f"{file}: $.bands", bands.concept, bands.codes)
            concepts[bands.concept] = bands.concept
    for recode in spec.recodes:
        yield from _missing(f"{file}: $.recodes", "concept", recode.concept, standard.concepts)
        yield from _missing(f"{file}: $.recodes", "field", recode.field, family.names)
        if recode.concept in standard.concepts:
            codes = [*recode.codes.values(), *filter(None, [recode.otherwise])]
            yield from _codes(standard, f"{file}: $.recodes", recode.concept, codes)
            concepts[recode.concept] = recode.concept
    if spec.link:
        yield from _missing(f"{file}: $.link.family", "family", spec.link.family, standard.families)
        yield from _linked(standard, spec, standard.families, concepts)


def _linked(
    standard: Standard, spec: TableSpec, families: Mapping[str, Family], concepts: dict[str, str]
) -> Iterator[str]:
    link = spec.link
    if link and link.family in families:
        other = families[link.family]
        for name in (link.on, link.field):
            yield from _missing(f"tables/{spec.id}.toml: $.link", "field", name, other.names)
        if link.field in other.names and (concept := other.field(link.field).concept):
            yield from _codes(standard, f"tables/{spec.id}.toml: $.link.missing", concept, [link.missing])
            concepts[link.field] = concept

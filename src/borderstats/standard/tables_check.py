"""Cross-check the tables made of records: every field, code and family that they name."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from borderstats.standard.model import Standard
from borderstats.standard.records import CodeField, Family, NumberField, TimeField, WholeField
from borderstats.standard.records_check import of_concept, of_type
from borderstats.standard.references import missing
from borderstats.standard.tables import AnyTableSpec, Bands, Link, QuantileTable


def contradictions(standard: Standard) -> Iterator[str]:
    """Every contradiction in `tables/`, one line each."""
    for spec in standard.tables.values():
        yield from _table(standard, spec)


def _table(standard: Standard, spec: AnyTableSpec) -> Iterator[str]:
    file = f"tables/{spec.id}.toml"
    yield from missing(f"{file}: $.unit", "unit", spec.unit, standard.units)
    yield from missing(f"{file}: $.family", "family", spec.family, standard.families)
    if spec.family not in standard.families:
        return
    family = standard.families[spec.family]
    concepts = dict(family.concepts)
    yield from _made(standard, spec, family, concepts)
    for number, one in enumerate(spec.sets):
        for name in one:
            yield from missing(f"{file}: $.sets[{number}]", "dimension", name, concepts)
        if len(set(one)) < len(one):
            yield f"{file}: $.sets[{number}]: a dimension stands there twice"
    for name, codes in spec.where.items():
        yield from missing(f"{file}: $.where", "dimension", name, concepts)
        if name in concepts:
            yield from of_concept(standard, f"{file}: $.where", concepts[name], codes)
    if isinstance(spec, QuantileTable):
        yield from of_type(f"{file}: $.since", family, spec.since, TimeField)
        yield from of_type(f"{file}: $.until", family, spec.until, TimeField)
    if spec.dataset_dimensions and not spec.dataset:
        yield f"{file}: $.dataset_dimensions: name the dataset whose dimensions they are, or leave them out"
    if spec.dataset:
        yield from missing(f"{file}: $.dataset", "dataset", spec.dataset, standard.datasets)
    if spec.dataset in standard.datasets:
        yield from _beside(standard, spec, concepts)


def _beside(standard: Standard, spec: AnyTableSpec, concepts: Mapping[str, str]) -> Iterator[str]:
    """That the table's dimensions are those of the dataset with which it is compared."""
    where = f"tables/{spec.id}.toml: $.dataset_dimensions"
    known = standard.datasets[spec.dataset].concepts
    for name in spec.dataset_dimensions:
        yield from missing(where, "dimension", name, spec.dimensions)
    for name in spec.dimensions:
        other = spec.dataset_dimensions.get(name, name)
        yield from missing(where, "dimension of the dataset", other, known)
        both = [standard.concepts.get(one) for one in (concepts.get(name, ""), other)]
        if all(both) and len({one.codelist for one in both if one}) > 1:
            yield f"{where}: {name} and {other} have different code lists"


def _made(standard: Standard, spec: AnyTableSpec, family: Family, concepts: dict[str, str]) -> Iterator[str]:
    """Check the dimensions that a table makes, and add them to the known ones."""
    file = f"tables/{spec.id}.toml"
    for number, bands in enumerate(spec.bands):
        where = f"{file}: $.bands[{number}]"
        yield from missing(f"{where}.concept", "concept", bands.concept, standard.concepts)
        yield from _banded(where, family, bands)
        yield from of_concept(standard, f"{where}.codes", bands.concept, bands.codes)
    for number, recode in enumerate(spec.recodes):
        where = f"{file}: $.recodes[{number}]"
        yield from missing(f"{where}.concept", "concept", recode.concept, standard.concepts)
        yield from of_type(f"{where}.field", family, recode.field, CodeField)
        if recode.field in family.concepts:
            yield from of_concept(standard, f"{where}.codes", family.concepts[recode.field], recode.codes)
        codes = [*recode.codes.values(), *filter(None, [recode.otherwise])]
        yield from of_concept(standard, where, recode.concept, codes)
    made = [bands.concept for bands in spec.bands] + [recode.concept for recode in spec.recodes]
    concepts |= {name: name for name in made if name in standard.concepts}
    for name in sorted({name for name in made if made.count(name) > 1}):
        yield f"{file}: $.bands, $.recodes: {name} is made twice; a dimension is made in one way"
    if spec.link:
        yield from missing(f"{file}: $.link.family", "family", spec.link.family, standard.families)
        if other := standard.families.get(spec.link.family):
            yield from _linked(standard, f"{file}: $.link", spec.link, family, other)
            concepts |= {spec.link.field: other.concepts.get(spec.link.field, "")}


def _banded(where: str, family: Family, bands: Bands) -> Iterator[str]:
    if len(bands.codes) != len(bands.edges) + 1:
        yield f"{where}.codes: one code more than edges, the last for all beyond"
    if any(one >= other for one, other in pairwise(bands.edges)):
        yield f"{where}.edges: they rise, each above the one before"
    if bands.since:
        yield from of_type(f"{where}.field", family, bands.field, TimeField)
        yield from of_type(f"{where}.since", family, bands.since, TimeField)
    else:
        yield from of_type(f"{where}.field", family, bands.field, WholeField, NumberField)


def _linked(standard: Standard, where: str, link: Link, family: Family, other: Family) -> Iterator[str]:
    yield from missing(f"{where}.on", "field", link.on, family.names)
    yield from missing(f"{where}.on", f"field of {other.id}", link.on, other.names)
    yield from of_type(f"{where}.field", other, link.field, CodeField)
    if concept := other.concepts.get(link.field):
        yield from of_concept(standard, f"{where}.missing", concept, [link.missing])

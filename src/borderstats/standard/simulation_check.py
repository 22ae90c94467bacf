"""Cross-check `simulation.toml`: every dataset, dimension, family, field and code that it needs, and its shares."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import inspect

from borderstats.standard.codelists import TOTAL, UNKNOWN
from borderstats.standard.model import Standard
from borderstats.standard.simulation import CASE_FIELDS, FIELDS, MOST_CODES, Ages, Case, Margins, Simulation
from borderstats.standard.struct import Struct

_TOLERANCE = 1e-9


def contradictions(standard: Standard) -> Iterator[str]:
    """Every contradiction, one line each. Datasets, families and code lists have been checked already."""
    simulation = standard.simulation
    if simulation is None:
        return
    families = list(_families(standard))
    yield from families
    if not families:
        yield from (f"simulation.toml: {line}" for line in _margins(standard, simulation.margins))
        yield from (f"simulation.toml: {line}" for line in _values(standard, simulation))


def _families(standard: Standard) -> Iterator[str]:
    """What the families lack of the records that are made."""
    for name, fields in FIELDS.items():
        family = standard.families.get(name)
        if family is None:
            yield f"simulation.toml: no family {name!r}, of which records are made; describe it in records/{name}.toml"
            continue
        where = f"simulation.toml: records/{name}.toml"
        for field, concept in fields.items():
            if field not in family.names:
                yield f"{where} has no field {field!r}, which is made"
            elif family.concepts.get(field, "") != concept:
                yield f"{where}: {field} is made {f'of codes of {concept}' if concept else 'without codes'}, and is otherwise there"
        for other in family.fields:
            if other.required and other.name not in fields:
                yield f"{where}: {other.name} is required, and is not made"


def _margins(standard: Standard, margins: Margins) -> Iterator[str]:
    tables: list[tuple[str, str, tuple[str, ...]]] = [
        ("cells", margins.cells, ("region", "title", "demographic", "citizenship")),
        ("exact.dataset", margins.exact.dataset, ("component", "title", "demographic", "citizenship")),
        ("rounded.dataset", margins.rounded.dataset, ("region", "demographic", "citizenship")),
    ]
    for number, offices in enumerate(margins.offices):
        tables.append((f"offices[{number}].dataset", offices.dataset, ("office",)))
        if dataset := standard.datasets.get(offices.dataset):
            where = f"$.margins.offices[{number}].region: {dataset.id}"
            if "region" in dataset.concepts and offices.region:
                yield f"{where} is by region itself; leave it out"
            if "region" not in dataset.concepts and not offices.region:
                yield f"{where} is not by region; say of which region it is"
    for where, name, dimensions in tables:
        yield from _table(standard, f"$.margins.{where}", name, dimensions)
    for name, codes in margins.regions.items():
        if name not in margins.datasets:
            yield f"$.margins.regions: {name!r} is none of the tables {', '.join(margins.datasets)}"
        if len(set(codes.values())) < len(codes):
            yield f"$.margins.regions.{name}: two regions have one code there; each needs its own"
    if len(set(margins.components)) < 2:
        yield f"$.margins.components: {margins.components[0]} stands there twice; name two components"


def _table(standard: Standard, where: str, name: str, dimensions: Sequence[str]) -> Iterator[str]:
    dataset = standard.datasets.get(name)
    if dataset is None:
        yield f"{where}: no dataset {name!r}; known are {', '.join(standard.datasets)}"
        return
    for dimension in dimensions:
        if dimension not in dataset.concepts:
            yield f"{where}: {name} has no dimension {dimension!r}; it has {', '.join(dataset.concepts)}"
        elif len(standard.codelist_of(dimension).codes) > MOST_CODES:
            yield f"{where}: {dimension} has more than {MOST_CODES} codes, which the margins cannot hold"
    unit = standard.families["encounter"].unit
    if (dataset.unit, dataset.measure, dataset.decimals) != (unit, "flow", 0):
        yield f"{where}: {name} is no flow of whole {unit}, as encounters are"


def _values(standard: Standard, simulation: Simulation) -> Iterator[str]:
    """What is wrong with single values, by what stands beside their types."""
    levels = simulation.levels
    if (levels[0], levels[-1]) != (0, 1) or list(levels) != sorted(set(levels)):
        yield "$.levels: shares must rise from 0 to 1"
    for where, value, mark in _marked(simulation, inspect.type_info(Simulation), "$"):
        if concept := mark.get("concept"):
            yield from _code(standard, where, concept, value)
        if wanted := mark.get("shares"):
            yield from _shares(where, value, wanted == "whole")
        if "quantiles" in mark:
            yield from _quantiles(where, value, len(levels))
        if wanted := mark.get("entries for"):
            yield from _entries(where, value, wanted == "every")
        if isinstance(value, Case):
            yield from _when(standard, where, value)
        if (
            isinstance(value, Ages)
            and not value.youngest <= value.years[0] <= value.years[-1] <= value.oldest
        ):
            yield f"{where}: years must lie from youngest to oldest"
    dispositions = [screening.disposition for screening in simulation.screenings]
    for number, disposition in enumerate(dispositions):
        if disposition in dispositions[:number]:
            yield f"$.screenings[{number}].disposition: {disposition} has a screening already; it can have one"
    if len(set(simulation.mistakes.types)) < 2:
        yield f"$.mistakes.types: {simulation.mistakes.types[0]} stands there twice; name two types"


def _marked(value: Any, kind: inspect.Type, where: str) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    """Every value within a value, its place, and what stands beside its type."""
    if isinstance(kind, inspect.UnionType) and value is not None:
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    mark: Mapping[str, Any] = {}
    if isinstance(kind, inspect.Metadata):
        mark, kind = kind.extra or {}, kind.type
    yield where, value, mark
    if isinstance(value, Struct):
        struct = inspect.type_info(type(value))
        for field in struct.fields if isinstance(struct, inspect.StructType) else ():
            yield from _marked(getattr(value, field.name), field.type, f"{where}.{field.name}")
    elif isinstance(kind, inspect.DictType):
        for name, inner in value.items():
            yield from _marked(name, kind.key_type, where)
            yield from _marked(inner, kind.value_type, f"{where}.{name}")
    elif isinstance(kind, inspect.TupleType | inspect.VarTupleType):
        items = [kind.item_type] * len(value) if isinstance(kind, inspect.VarTupleType) else kind.item_types
        for number, (inner, inner_kind) in enumerate(zip(value, items, strict=True)):
            yield from _marked(inner, inner_kind, f"{where}[{number}]")


def _code(standard: Standard, where: str, concept: str, code: str) -> Iterator[str]:
    known = standard.codelist_of(concept)
    if code not in known.numbers:
        yield f"{where}: no code {code!r} in codelists/{known.id}.csv"
    elif code in (TOTAL, UNKNOWN):
        yield f"{where}: {code} is no code of single records; name another one of codelists/{known.id}.csv"


def _shares(where: str, shares: Mapping[str, float], whole: bool) -> Iterator[str]:
    total = math.fsum(shares.values())
    if total > 1 + _TOLERANCE or (whole and total < 1 - _TOLERANCE):
        yield f"{where}: the shares add up to {total:g}; they must add up to {'1' if whole else '1 at most'}"


def _quantiles(where: str, values: Sequence[float], levels: int) -> Iterator[str]:
    if len(values) != levels:
        yield f"{where}: {len(values)} values for {levels} levels; give one for each"
    if list(values) != sorted(values):
        yield f"{where}: the values of a distribution do not fall from one level to the next"


def _entries(where: str, entries: Sequence[Case], every: bool) -> Iterator[str]:
    for number, entry in enumerate(entries):
        for before, other in enumerate(entries[:number]):
            if all(
                name in entry.when and set(entry.when[name]) <= {*codes} for name, codes in other.when.items()
            ):
                yield f"{where}[{number}]: never counts, for [{before}] fits all of its encounters; put it before"
    if every and not (entries and not entries[-1].when):
        yield f"{where}: every encounter needs an entry; let the last one have no when"


def _when(standard: Standard, where: str, case: Case) -> Iterator[str]:
    for field, codes in case.when.items():
        if field not in CASE_FIELDS:
            yield f"{where}.when: no field {field!r} that every encounter has; they are {', '.join(CASE_FIELDS)}"
            continue
        if not codes:
            yield f"{where}.when.{field}: name at least one code, or leave it out"
        for code in codes:
            yield from _code(standard, f"{where}.when.{field}", field, code)

"""Cross-check a dataset: its dimensions, gates and charts, and that its cells can be numbered."""

from collections.abc import Collection, Iterator

from borderstats import periods
from borderstats.periods import Calendar
from borderstats.standard.model import Dataset, Standard
from borderstats.standard.properties import PRICE_BASE, placeholders
from borderstats.standard.references import codes, missing, period
from borderstats.standard.rules import (
    AgreesWith,
    Determined,
    Gate,
    MonthsMakeYear,
    OfParts,
    RevisionsWithin,
)

_LARGEST_KEY = 2**63 - 1


def contradictions(standard: Standard, dataset: Dataset) -> Iterator[str]:
    """Every contradiction of a dataset, one line each. The concepts and code lists have been checked already."""
    file = f"datasets/{dataset.id}.toml"
    yield from missing(f"{file}: $.unit", "unit", dataset.unit, standard.units)
    for number, dimension in enumerate(dataset.dimensions):
        where = f"{file}: $.dimensions[{number}]"
        yield from missing(f"{where}.concept", "concept", dimension.concept, standard.concepts)
        for name in dimension.determined_by:
            yield from missing(f"{where}.determined_by", "dimension", name, dataset.concepts)
        if dimension.concept in standard.concepts:
            scope = standard.concepts[dimension.concept].scope
            if scope and scope not in dataset.concepts:
                yield f"{where}: {dimension.concept} may have the same code for several of {scope}; add the dimension {scope}"
    if any(dimension.concept not in standard.concepts for dimension in dataset.dimensions):
        return
    yield from _keys(standard, dataset)
    yield from _price_base(standard, dataset)
    names = [gate.name for gate in dataset.gates]
    for number, gate in enumerate(dataset.gates):
        where = f"{file}: $.gates[{number}]"
        if names.count(gate.name) > 1:
            yield f"{where}.name: {gate.name!r} is used twice; a gate has a name of its own"
        yield from _gate(standard, where, dataset, gate)
    for number, chart in enumerate(dataset.charts):
        where = f"{file}: $.charts[{number}]"
        if chart.by:
            yield from missing(f"{where}.by", "dimension", chart.by, dataset.concepts)
        yield from period(f"{where}.start", chart.start)
        if chart.kind == "bars" and not chart.by:
            yield f"{where}.by: name the dimension of whose codes the bars are"
        if chart.kind == "bars" and chart.start:
            yield f"{where}.start: bars are of one period; leave it out"
        yield from codes(standard, f"{where}.where", dataset, chart.where)


def _price_base(standard: Standard, dataset: Dataset) -> Iterator[str]:
    """The dimensions and codes of its prices, and the properties that its texts name."""
    file, base = f"datasets/{dataset.id}.toml", dataset.price_base
    if base:
        where = f"{file}: $.price_base"
        for name in (base.dimension, *base.by):
            yield from missing(where, "dimension", name, dataset.concepts)
        if base.dimension in dataset.concepts:
            for code in (base.current, base.constant):
                yield from _one_of(standard, where, [base.dimension], [code])
    texts = {
        "title": dataset.title,
        "title_es": dataset.title_es,
        "counts": dataset.counts,
        "trap": dataset.trap,
    }
    texts |= {f"notes[{number}]": text for number, text in enumerate(dataset.notes)}
    texts |= {f"charts[{number}].title": chart.title for number, chart in enumerate(dataset.charts)}
    for name, text in texts.items():
        yield from filled(f"{file}: $.{name}", dataset, text, title=name.startswith("title"))


def filled(where: str, dataset: Dataset, text: str, *, title: bool = False) -> Iterator[str]:
    """That the properties which a text of a dataset or of its indicators names are there to be filled in."""
    for name in placeholders(text):
        if name != PRICE_BASE:
            yield f"{where}: {{{name}}} is no property; known is {{{PRICE_BASE}}}"
        elif not dataset.price_base:
            yield f"{where}: {{{name}}}, but {dataset.id} has no $.price_base"
        elif title:
            yield f"{where}: {{{name}}}, but the title of a dataset is the same in every edition; leave it out"


def _keys(standard: Standard, dataset: Dataset) -> Iterator[str]:
    """That every cell has a number of its own among those that an observation can have, and every dimension one place."""
    where = f"datasets/{dataset.id}.toml: $.dimensions"
    for name in sorted({name for name in dataset.concepts if dataset.concepts.count(name) > 1}):
        yield f"{where}: {name} stands there twice; a dimension is named once"
    sizes = {name: len(standard.codelist_of(name).codes) for name in dataset.concepts}
    cells = periods.SPAN
    for size in sizes.values():
        cells *= size
    if cells > _LARGEST_KEY:
        product = " x ".join(f"{size:,} of {name}" for name, size in sizes.items())
        yield f"{where}: {product} codes make more cells than can be numbered; leave a dimension out, or give one a shorter code list"


def _gate(standard: Standard, where: str, dataset: Dataset, gate: Gate) -> Iterator[str]:
    """Dimensions, codes, periods and datasets that a gate names, whichever rule has them; then what its rule asks for."""
    if concept := getattr(gate, "dimension", ""):
        yield from missing(f"{where}.dimension", "dimension", concept, dataset.concepts)
    for name in getattr(gate, "by", ()):
        yield from missing(f"{where}.by", "dimension", name, dataset.concepts)
    for name in ("where", "codes"):
        yield from codes(standard, f"{where}.{name}", dataset, getattr(gate, name, {}))
    for number, row in enumerate(getattr(gate, "table", ())):
        yield from codes(standard, f"{where}.table[{number}]", dataset, row)
    yield from _span(standard.calendar, where, getattr(gate, "start", ""), getattr(gate, "end", ""))
    match gate:
        case OfParts(dimension=concept) if concept in dataset.concepts:
            yield from _one_of(standard, f"{where}.parts", [concept], gate.parts)
            yield from _one_of(standard, f"{where}.whole", [concept], [gate.whole])
        case Determined(dimension=concept):
            for number, row in enumerate(gate.table):
                if concept not in row:
                    yield f"{where}.table[{number}]: the code of {concept} itself is missing"
        case MonthsMakeYear() if dataset.measure != "flow":
            yield f"{where}.rule: months of {_A[dataset.measure]} do not add up to a year; only those of a flow do"
        case RevisionsWithin(rest=rest) if rest:
            among = [name for name in gate.by or dataset.concepts if name in dataset.concepts]
            yield from _one_of(standard, f"{where}.rest", among, [rest])
    for name in gate.others:
        yield from missing(f"{where}.dataset", "dataset", name, standard.datasets)
        if other := standard.datasets.get(name):
            yield from _compared(standard, where, dataset, other, gate)


_A = {"stock": "a stock", "average": "an average"}


def _span(calendar: Calendar, where: str, start: str, end: str) -> Iterator[str]:
    found = [*period(f"{where}.start", start), *period(f"{where}.end", end)]
    yield from found
    if (
        start
        and end
        and not found
        and calendar.first_day(periods.parse(start)) > calendar.last_day(periods.parse(end))
    ):
        yield f"{where}.end: {end} is before the start, {start}"


def _one_of(
    standard: Standard, where: str, concepts: Collection[str], wanted: Collection[str]
) -> Iterator[str]:
    """Codes of any of some dimensions."""
    known = {code.code for name in concepts for code in standard.codelist_of(name).codes}
    for code in wanted:
        if code not in known:
            yield f"{where}: {' or '.join(concepts)} has no code {code!r}"


def _compared(standard: Standard, where: str, dataset: Dataset, other: Dataset, gate: Gate) -> Iterator[str]:
    if other.decimals != dataset.decimals:
        yield f"{where}.dataset: {other.id} has figures with {other.decimals} decimals, {dataset.id} with {dataset.decimals}; they cannot be compared"
    if isinstance(gate, AgreesWith):
        yield from codes(standard, f"{where}.other_where", other, gate.other_where)
        for name in gate.by:
            yield from missing(f"{where}.by", f"dimension of {other.id}", name, other.concepts)

"""Cross-check every reference in the standard; each finding is `file: $.path: what is wrong, what to do`."""

import codecs
from collections.abc import Collection, Iterator, Mapping

from borderstats.standard import periods
from borderstats.standard.model import DELIMITERS, Column, Dataset, Gate, Source, Standard, fold

_NO_CODES = {"obs_status", "unit", "freq", "month"}
"""Code lists that are not dimensions and so need no total and no unknown."""


_NEEDED = {
    "month": tuple(str(number) for number in range(1, 13)),
    "obs_status": ("A", "P", "M"),
    "freq": ("M", "A"),
    "unit": (),
}
"""Code lists and codes that the program itself relies on."""


def contradictions(standard: Standard) -> Iterator[str]:
    """Every contradiction of a standard that could be read, one line each; of its concepts and code lists first."""
    foundations = [*_concepts(standard), *_codelists(standard)]
    yield from foundations
    if foundations:
        return
    yield from _parents(standard)
    for dataset in standard.datasets.values():
        yield from _dataset(standard, dataset)
    for source in standard.sources.values():
        yield from _source(standard, source)
    yield from _lists(standard)


def _missing(where: str, kind: str, name: str, known: Collection[str]) -> Iterator[str]:
    if name not in known:
        yield f"{where}: no {kind} {name!r}; known are {', '.join(sorted(known)) or 'none'}"


def _concepts(standard: Standard) -> Iterator[str]:
    for name, concept in standard.concepts.items():
        yield from _missing(
            f"concepts.toml: $.{name}.codelist", "code list", concept.codelist, standard.codelists
        )
        if concept.parents:
            yield from _missing(
                f"concepts.toml: $.{name}.parents", "concept", concept.parents, standard.concepts
            )


def _codelists(standard: Standard) -> Iterator[str]:
    for name, needed in _NEEDED.items():
        there = standard.codelists[name].numbers if name in standard.codelists else {}
        if name not in standard.codelists:
            yield f"codelists/{name}.csv: the code list is missing; intake cannot do without it"
        for lacking in [wanted for wanted in needed if wanted not in there]:
            yield f"codelists/{name}.csv: the code {lacking} is missing; intake cannot do without it"
    for codelist in standard.codelists.values():
        file = f"codelists/{codelist.id}.csv"
        ids = {code.id for code in codelist.codes}
        if len(ids) < len(codelist.codes):
            twice = sorted({c.id for c in codelist.codes if [d.id for d in codelist.codes].count(c.id) > 1})
            yield f"{file}: {', '.join(twice)} stands there twice; a code is listed once"
        if codelist.id not in _NO_CODES:
            for lacking in sorted({"_T", "_U"} - ids):
                yield f"{file}: the code {lacking} is missing; every list has a total and an unknown"
        meaning: dict[tuple[str, str], str] = {}
        for code in codelist.codes:
            where = f"{file}: {code.id}"
            for label in (code.code, code.label_en, *code.aliases):
                other = meaning.setdefault((code.scope, fold(label)), code.id)
                if other != code.id:
                    yield f"{where}: the label {label!r} also means {other}; a label means one code"
            known = {c.code for c in codelist.codes}
            if code.scope and "component" in standard.codelists:
                yield from _missing(
                    f"{where}: scope", "component", code.scope, standard.codelists["component"].numbers
                )
            for reference in (*code.predecessor, *code.successor):
                yield from _missing(f"{where}: predecessor or successor", "code", reference, known)
            if code.valid_from and code.valid_to and code.valid_from > code.valid_to:
                yield f"{where}: valid_from {code.valid_from} is after valid_to {code.valid_to}"


def _parents(standard: Standard) -> Iterator[str]:
    for concept in standard.concepts.values():
        known = (
            {code.code for code in standard.codelist_of(concept.parents).codes} if concept.parents else set()
        )
        for code in standard.codelists[concept.codelist].codes:
            if code.parent:
                yield from _missing(
                    f"codelists/{concept.codelist}.csv: {code.id}: parent", "code", code.parent, known
                )


def _codes(
    standard: Standard, where: str, dataset: Dataset, wanted: Mapping[str, str | tuple[str, ...]]
) -> Iterator[str]:
    """Dimension names and codes in a filter, a recode or a key."""
    for concept, codes in wanted.items():
        if concept not in dataset.concepts:
            yield from _missing(f"{where}.{concept}", f"dimension of {dataset.id}", concept, dataset.concepts)
            continue
        known = {code.code for code in standard.codelist_of(concept).codes}
        for code in (codes,) if isinstance(codes, str) else codes:
            if code not in known:
                yield f"{where}.{concept}: no code {code!r} in codelists/{standard.concepts[concept].codelist}.csv"


def _period(where: str, text: str) -> Iterator[str]:
    if text:
        try:
            periods.parse(text)
        except ValueError as error:
            yield f"{where}: {error}"


def _dataset(standard: Standard, dataset: Dataset) -> Iterator[str]:
    file = f"datasets/{dataset.id}.toml"
    if dataset.rounding < 1:
        yield f"{file}: $.rounding: {dataset.rounding} is no unit to round to; 1 means whole counts"
    if "unit" in standard.codelists:
        yield from _missing(f"{file}: $.unit", "unit", dataset.unit, standard.codelists["unit"].numbers)
    for number, dimension in enumerate(dataset.dimensions):
        where = f"{file}: $.dimensions[{number}]"
        yield from _missing(f"{where}.concept", "concept", dimension.concept, standard.concepts)
        for name in dimension.determined_by:
            yield from _missing(f"{where}.determined_by", "dimension", name, dataset.concepts)
        if dimension.concept in standard.concepts:
            scoped = any(code.scope for code in standard.codelist_of(dimension.concept).codes)
            if scoped and "component" not in dataset.concepts:
                yield f"{where}: {dimension.concept} has the same code in several components; add the dimension component"
    if any(dimension.concept not in standard.concepts for dimension in dataset.dimensions):
        return
    names = [gate.name for gate in dataset.gates]
    for number, gate in enumerate(dataset.gates):
        where = f"{file}: $.gates[{number}]"
        if names.count(gate.name) > 1:
            yield f"{where}.name: {gate.name!r} is used twice; a gate has a name of its own"
        yield from _gate(standard, where, dataset, gate)
    for number, chart in enumerate(dataset.charts):
        where = f"{file}: $.charts[{number}]"
        if chart.by:
            yield from _missing(f"{where}.by", "dimension", chart.by, dataset.concepts)
        yield from _codes(standard, f"{where}.where", dataset, chart.where)


def _gate(standard: Standard, where: str, dataset: Dataset, gate: Gate) -> Iterator[str]:
    if gate.dimension:
        yield from _missing(f"{where}.dimension", "dimension", gate.dimension, dataset.concepts)
    for name in gate.by:
        yield from _missing(f"{where}.by", "dimension", name, dataset.concepts)
    yield from _codes(standard, f"{where}.where", dataset, gate.where)
    yield from _codes(standard, f"{where}.codes", dataset, gate.codes)
    for number, row in enumerate(gate.table):
        yield from _codes(standard, f"{where}.table[{number}]", dataset, row)
    yield from _period(f"{where}.start", gate.start)
    yield from _period(f"{where}.end", gate.end)
    if gate.rule in ("agrees_with", "year_between_months"):
        yield from _missing(f"{where}.dataset", "dataset", gate.dataset, standard.datasets)
        if other := standard.datasets.get(gate.dataset):
            yield from _codes(standard, f"{where}.other_where", other, gate.other_where)
            for name in gate.by:
                yield from _missing(f"{where}.by", f"dimension of {other.id}", name, other.concepts)


def _source(standard: Standard, source: Source) -> Iterator[str]:
    file = f"sources/{source.id}.toml"
    yield from _missing(f"{file}: $.dataset", "dataset", source.dataset, standard.datasets)
    dataset = standard.datasets.get(source.dataset)
    if not dataset or any(concept not in standard.concepts for concept in dataset.concepts):
        return
    yield from _codes(standard, f"{file}: $.constants", dataset, source.constants)
    yield from _format(file, source)
    for number, column in enumerate(source.columns):
        yield from _column(standard, f"{file}: $.columns[{number}]", dataset, column)
    given = {c.concept for c in source.columns if c.concept} | {*source.constants}
    given |= {name for column in source.columns for name in (*column.key, column.parent_to)}
    for concept in dataset.concepts:
        if concept not in given:
            yield f"{file}: nothing gives the dimension {concept} of {dataset.id}; add a column or a constant"
    for number, table in enumerate(source.layout):
        where = f"{file}: $.tables[{number}]"
        for name in table.columns:
            yield from _missing(f"{where}.columns", "column", name, source.column)
        columns = [source.column[name] for name in table.columns if name in source.column]
        if not any(column.value for column in columns):
            yield f"{where}: no column has value = true; one must hold the figures"
        if not any(column.time in ("fiscal_year", "calendar_month") for column in columns):
            yield f'{where}: no column has time = "fiscal_year" or "calendar_month"; every figure needs its period'
    if source.absent == "zero" and not source.absent_reason:
        yield f"{file}: $.absent: an absent row counts as zero only where the source says so; give absent_reason"


def _format(file: str, source: Source) -> Iterator[str]:
    """Encoding, delimiter and column names that a file can have."""
    try:
        codecs.lookup(source.encoding)
    except LookupError:
        yield f"{file}: $.encoding: no encoding is called {source.encoding!r}; utf-8 is the usual one"
    if source.delimiter not in DELIMITERS:
        yield f"{file}: $.delimiter: {source.delimiter!r}; known are {', '.join(DELIMITERS.values())}"
    names = [fold(column.name) for column in source.columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{file}: $.columns: {name!r} is described twice; a column has one meaning"


def _column(standard: Standard, where: str, dataset: Dataset, column: Column) -> Iterator[str]:
    roles = [bool(column.concept), bool(column.time), column.value, bool(column.ignore)]
    if sum(roles) != 1:
        yield f"{where} ({column.name}): give exactly one of concept, time, value and ignore"
    if column.concept:
        yield from _codes(standard, where, dataset, {column.concept: tuple(column.labels.values())})
    if column.scope_from:
        yield from _missing(f"{where}.scope_from", "dimension", column.scope_from, dataset.concepts)
    yield from _codes(standard, f"{where}.key", dataset, column.key)
    for label, codes in column.keys.items():
        yield from _codes(standard, f"{where}.keys.{label}", dataset, codes)
        if column.concept not in codes:
            yield f"{where}.keys.{label}: the code of {column.concept} itself is missing"
    if column.parent_to:
        yield from _missing(f"{where}.parent_to", "dimension", column.parent_to, dataset.concepts)
    for status in column.missing.values():
        yield from _missing(f"{where}.missing", "status", status, standard.codelists["obs_status"].numbers)


def _lists(standard: Standard) -> Iterator[str]:
    for number, headline in enumerate(standard.headlines):
        where = f"home.toml: $.headlines[{number}]"
        yield from _missing(f"{where}.dataset", "dataset", headline.dataset, standard.datasets)
        if shown := standard.datasets.get(headline.dataset):
            for concept in (*headline.where, *headline.who):
                yield from _missing(where, f"dimension of {shown.id}", concept, shown.concepts)
    for entry in standard.breaks:
        for name in entry.datasets:
            yield from _missing(f"breaks.csv: {entry.id}", "dataset", name, standard.datasets)
    for check in standard.checks:
        if check.dataset:
            where = f"checks.csv: {check.id}"
            yield from _period(where, check.period)
            yield from _missing(where, "dataset", check.dataset, standard.datasets)
            if dataset := standard.datasets.get(check.dataset):
                yield from _codes(standard, where, dataset, check.key)
                if check.unit.upper() != dataset.unit:
                    yield f"{where}: unit {check.unit} is not the unit {dataset.unit} of {dataset.id}; units never mix"
    gates = {f"{d.id}/{gate.name}": d for d in standard.datasets.values() for gate in d.gates}
    gates |= {f"{d.id}/{name}": d for d in standard.datasets.values() for name in BUILT_IN}
    for waiver in standard.waivers:
        where = f"waivers.csv: {waiver.id}"
        yield from _missing(where, "gate", waiver.gate, gates)
        if dataset := gates.get(waiver.gate):
            yield from _codes(standard, where, dataset, waiver.key)
        yield from _period(where, waiver.start)
        yield from _period(where, waiver.end)


BUILT_IN = ("check-values", "codes-valid", "revisions-recorded")
"""Gates that every dataset passes, without saying so."""

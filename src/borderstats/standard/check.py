"""Cross-check every reference in the standard; each finding is `file: $.path: what is wrong, what to do`."""

import codecs
from collections.abc import Collection, Iterator, Mapping

from borderstats import periods
from borderstats.standard import (
    languages_check,
    layouts_check,
    office_check,
    protection_check,
    records_check,
    simulation_check,
)
from borderstats.standard.model import Dataset, Gate, Standard
from borderstats.standard.sources import DELIMITERS, Column, Source, Table
from borderstats.standard.struct import fold

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
    """Every contradiction of a standard that could be read, one line each; of its office, concepts and code lists first."""
    foundations = [
        *office_check.contradictions(standard.office),
        *_folders(standard),
        *_concepts(standard),
        *_codelists(standard),
    ]
    yield from foundations
    if foundations:
        return
    yield from _parents(standard)
    yield from languages_check.contradictions(standard)
    for dataset in standard.datasets.values():
        yield from _dataset(standard, dataset)
    for source in standard.sources.values():
        yield from _source(standard, source)
    yield from _provisions(standard)
    yield from _lists(standard)
    of_records = list(records_check.contradictions(standard))
    yield from of_records
    if not of_records:
        yield from protection_check.contradictions(standard)
    if not any(line.startswith("records/") for line in of_records):
        yield from layouts_check.contradictions(standard.layouts, standard.families, standard.codelist_of)
        yield from simulation_check.contradictions(standard)


def _folders(standard: Standard) -> Iterator[str]:
    for name, found in (("datasets", standard.datasets), ("sources", standard.sources)):
        if not found:
            yield f"{name}: no file; a standard has at least one dataset and one source that feeds it"


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
        known = {code.code for code in codelist.codes}
        for code in codelist.codes:
            where = f"{file}: {code.id}"
            for label in (code.code, code.label_en, *code.aliases):
                other = meaning.setdefault((code.scope, fold(label)), code.id)
                if other != code.id:
                    yield f"{where}: the label {label!r} also means {other}; a label means one code"
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
    """Dimension names and codes in a filter, a recode or a key of one dataset."""
    return _codes_of(standard, where, dataset.id, dataset.concepts, wanted)


def _codes_of(
    standard: Standard,
    where: str,
    owner: str,
    concepts: Collection[str],
    wanted: Mapping[str, str | tuple[str, ...]],
) -> Iterator[str]:
    for concept, codes in wanted.items():
        if concept not in concepts:
            yield from _missing(f"{where}.{concept}", f"dimension of {owner}", concept, concepts)
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
    known = {code.code for name in dataset.concepts for code in standard.codelist_of(name).codes}
    if gate.rest and gate.rest not in known:
        yield f"{where}.rest: no dimension of {dataset.id} has a code {gate.rest!r}"
    if gate.rule in ("agrees_with", "year_between_months"):
        yield from _missing(f"{where}.dataset", "dataset", gate.dataset, standard.datasets)
        if other := standard.datasets.get(gate.dataset):
            if other.decimals != dataset.decimals:
                yield f"{where}.dataset: {other.id} has figures with {other.decimals} decimals, {dataset.id} with {dataset.decimals}; they cannot be compared"
            yield from _codes(standard, f"{where}.other_where", other, gate.other_where)
            for name in gate.by:
                yield from _missing(f"{where}.by", f"dimension of {other.id}", name, other.concepts)


def _source(standard: Standard, source: Source) -> Iterator[str]:
    file = f"sources/{source.id}.toml"
    for name in source.feeds:
        yield from _missing(f"{file}: $.dataset", "dataset", name, standard.datasets)
    fed = [standard.datasets[name] for name in source.feeds if name in standard.datasets]
    if len(fed) < len(source.feeds) or any(c not in standard.concepts for d in fed for c in d.concepts):
        return
    concepts = list(dict.fromkeys(concept for dataset in fed for concept in dataset.concepts))
    yield from _codes_of(standard, f"{file}: $.constants", file, concepts, source.constants)
    yield from _format(file, source)
    for number, column in enumerate(source.columns):
        yield from _column(standard, f"{file}: $.columns[{number}]", file, concepts, column)
    for number, table in enumerate(source.layout):
        if not table.ignore:
            yield from _table(standard, f"{file}: $.tables[{number}]", source, table)
    for dataset in fed:
        tables = [t for t in source.layout if not t.ignore and (t.dataset or source.dataset) == dataset.id]
        given = {name for table in tables for name in _given(source, table)}
        for concept in dataset.concepts:
            if concept not in given and (len(tables) == 1 or dataset.dimension(concept).total == "published"):
                yield f"{file}: nothing gives the dimension {concept} of {dataset.id}; add a column or a constant"
    if source.absent == "zero" and not source.absent_reason:
        yield f"{file}: $.absent: an absent row counts as zero only where the source says so; give absent_reason"


def _given(source: Source, table: Table) -> set[str]:
    """The dimensions that a table's columns and constants give; one that is not given is at its total."""
    columns = [
        source.column[name]
        for name in (*table.columns, *table.across, table.figures, table.title_as)
        if name in source.column
    ]
    given = {c.concept for c in columns if c.concept} | {*source.constants, *table.constants}
    return given | {
        n for c in columns for n in (*c.key, c.parent_to, *(k for keys in c.keys.values() for k in keys))
    }


def _table(standard: Standard, where: str, source: Source, table: Table) -> Iterator[str]:
    dataset = standard.datasets[table.dataset or source.dataset]
    names = (*table.columns, *table.across, *filter(None, [table.figures, table.title_as]))
    for name in (*names, *table.values, *table.identity):
        yield from _missing(f"{where}.columns", "column", name, source.column)
    columns = [source.column[name] for name in names if name in source.column]
    yield from _codes(standard, f"{where}.constants", dataset, table.constants)
    given = {c.concept for c in columns if c.concept} | {*source.constants, *table.constants}
    given |= {
        name for c in columns for name in (*c.key, c.parent_to, *(n for k in c.keys.values() for n in k))
    }
    for concept in dataset.concepts:
        if concept not in given and dataset.dimension(concept).total != "published":
            yield f"{where}: nothing gives the dimension {concept} of {dataset.id}; add a column or a constant"
    counted = table.combine in ("rows", "distinct")
    if counted == any(column.value for column in columns):
        yield (
            f"{where}: no column has value = true; one must hold the figures"
            if not counted
            else (f"{where}: rows are counted, so no column can hold figures")
        )
    yield from _shape(where, source, table)
    if table.combine == "distinct" and not table.identity:
        yield f"{where}.identity: name the columns that together tell one thing from another"
    if table.across and not table.figures:
        yield f"{where}.figures: name the column that describes the cells of the block"
    dated = {"fiscal_year", "calendar_month", "day", "half_month"}
    if not table.day and not any(column.time in dated for column in columns):
        yield f'{where}: no column has time = "fiscal_year", "calendar_month", "half_month" or "day"; every figure needs its period'


def _shape(where: str, source: Source, table: Table) -> Iterator[str]:
    """What no file could be read by."""
    names = (*table.columns, *table.across, *filter(None, [table.figures, table.title_as]))
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{where}: column {name!r} stands in it twice; a column has one place"
    for name in table.values:
        if name in source.column and not source.column[name].value:
            yield f"{where}.values: column {name!r} has no figures; give it value = true"
    for name in table.identity:
        if name in source.column and name not in names:
            yield f"{where}.identity: column {name!r} is not one of the table"
    named = len(table.across)
    if table.headers and table.headers != named and (table.headers < named or named > 1):
        yield f"{where}.headers: {table.headers} header rows cannot give {named} names of across; join them into one, or name each"
    if table.day not in ("", "as_of") and not table.across:
        yield f"{where}.day: only a block has a note with its day beside it; a list can have the day of the file (as_of)"
    if bool(table.across) != any(other.across for other in source.layout):
        yield f"{where}: a source has lists or blocks, not both"


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


def _column(
    standard: Standard, where: str, file: str, concepts: Collection[str], column: Column
) -> Iterator[str]:
    if column.value and column.footnotes:
        yield f"{where} ({column.name}): footnotes do not go with value; a digit at the end of a figure is part of it"
    roles = [bool(column.concept), bool(column.time), column.value, bool(column.ignore)]
    if sum(roles) != 1:
        yield f"{where} ({column.name}): give exactly one of concept, time, value and ignore"
    if column.concept:
        codes = (*column.labels.values(), *column.contains.values())
        yield from _codes_of(standard, where, file, concepts, {column.concept: codes})
    for name, value in (("scope_from", column.scope_from), ("parent_to", column.parent_to)):
        if value:
            yield from _missing(f"{where}.{name}", "dimension", value, concepts)
    yield from _codes_of(standard, f"{where}.key", file, concepts, column.key)
    for label, keys in column.keys.items():
        yield from _codes_of(standard, f"{where}.keys.{label}", file, concepts, keys)
        if column.concept not in keys:
            yield f"{where}.keys.{label}: the code of {column.concept} itself is missing"
    for status in column.missing.values():
        yield from _missing(f"{where}.missing", "status", status, standard.codelists["obs_status"].numbers)


_MOST_YEARS = 20
"""Sums over more fiscal years than that are a slip of the pen."""


def _provisions(standard: Standard) -> Iterator[str]:
    figures = {check.id: check for check in standard.checks}
    for provision in standard.provisions:
        for indicator in provision.indicators:
            where = f"provisions.toml: {provision.id}/{indicator.id}"
            yield from _missing(f"{where}: dataset", "dataset", indicator.dataset, standard.datasets)
            if dataset := standard.datasets.get(indicator.dataset):
                yield from _codes(standard, f"{where}: where", dataset, _several(indicator.where))
                yield from _codes(standard, f"{where}: share_of", dataset, _several(indicator.share_of or {}))
            yield from _period(f"{where}: baseline", indicator.baseline)
            if indicator.baseline_cited:
                yield from _missing(f"{where}: baseline_cited", "figure", indicator.baseline_cited, figures)
            if indicator.years > 1 and (indicator.share_of is not None or indicator.years > _MOST_YEARS):
                yield f"{where}: years: a sum of 2 to {_MOST_YEARS} fiscal years, and of no share"
            if indicator.share_of is not None and not indicator.denominator:
                yield f"{where}: denominator: a share says in words of what"
    numbers = {provision.number for provision in standard.provisions}
    dated = [("milestones.csv", m.id, m.provision) for m in standard.milestones]
    dated += [("parameters.csv", p.id, p.provision) for p in standard.parameters]
    for file, name, number in dated:
        if number not in numbers:
            yield f"{file}: {name}: no provision {number}"
    for one in standard.reconciliations:
        for number, side in enumerate(one.sides):
            where = f"reconciliations.toml: {one.id}: $.sides[{number}]"
            if bool(side.dataset) == bool(side.figures):
                yield f"{where}: give either a dataset or figures"
            if side.dataset:
                yield from _missing(where, "dataset", side.dataset, standard.datasets)
            if dataset := standard.datasets.get(side.dataset):
                yield from _codes(standard, where, dataset, _several(side.where))
            for name in side.figures:
                yield from _missing(where, "cited figure", name, figures)
                if name in figures:
                    yield from _period(f"{where}: {name}", figures[name].period)


def _several(where: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """A pattern whose codes may be several, separated by `|`."""
    return {concept: tuple(codes.split("|")) for concept, codes in where.items()}


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
        for name in entry.concepts:
            yield from _missing(f"breaks.csv: {entry.id}", "concept", name, standard.concepts)
    cited = {measure.measure for measure in standard.cited}
    sheet = {provision.number for provision in standard.provisions}
    for measure in standard.cited:
        for number in measure.provisions:
            if number not in sheet:
                yield f"cited.csv: {measure.measure}: no provision {number}"
    for check in standard.checks:
        if not check.dataset:
            yield from _missing(
                f"checks.csv: {check.id}: measure", "measure of cited.csv", check.measure, cited
            )
        if check.dataset:
            where = f"checks.csv: {check.id}"
            yield from _period(where, check.period)
            yield from _missing(where, "dataset", check.dataset, standard.datasets)
            if dataset := standard.datasets.get(check.dataset):
                yield from _codes(standard, where, dataset, check.key)
                if check.unit.upper() != dataset.unit:
                    yield f"{where}: unit {check.unit} is not the unit {dataset.unit} of {dataset.id}; units never mix"
    for words in standard.measures:
        where = f"measures.csv: {words.measure}, {words.component}, {words.geography}, {words.dimension}"
        yield from _missing(where, "dataset", words.dataset, standard.datasets)
        if dataset := standard.datasets.get(words.dataset):
            yield from _codes(standard, where, dataset, words.key)
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

"""Cross-check a source: every dataset, column and code that it names, and what no file could be read by."""

import codecs
from collections.abc import Collection, Iterator

from borderstats.standard.model import Standard
from borderstats.standard.references import codes, codes_of, missing
from borderstats.standard.sources import DELIMITERS, Column, Source, Table
from borderstats.standard.struct import fold


def contradictions(standard: Standard, source: Source) -> Iterator[str]:
    file = f"sources/{source.id}.toml"
    for name in source.feeds:
        yield from missing(f"{file}: $.dataset", "dataset", name, standard.datasets)
    fed = [standard.datasets[name] for name in source.feeds if name in standard.datasets]
    if len(fed) < len(source.feeds) or any(c not in standard.concepts for d in fed for c in d.concepts):
        return
    concepts = list(dict.fromkeys(concept for dataset in fed for concept in dataset.concepts))
    yield from codes_of(standard, f"{file}: $.constants", file, concepts, source.constants)
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
        yield from missing(f"{where}.columns", "column", name, source.column)
    columns = [source.column[name] for name in names if name in source.column]
    yield from codes(standard, f"{where}.constants", dataset, table.constants)
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
        yield from codes_of(standard, where, file, concepts, {column.concept: codes})
    for name, value in (("scope_from", column.scope_from), ("parent_to", column.parent_to)):
        if value:
            yield from missing(f"{where}.{name}", "dimension", value, concepts)
    yield from codes_of(standard, f"{where}.key", file, concepts, column.key)
    for label, keys in column.keys.items():
        yield from codes_of(standard, f"{where}.keys.{label}", file, concepts, keys)
        if column.concept not in keys:
            yield f"{where}.keys.{label}: the code of {column.concept} itself is missing"
    for status in column.missing.values():
        yield from missing(f"{where}.missing", "status", status, standard.codelists["obs_status"].numbers)

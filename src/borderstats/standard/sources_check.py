"""Cross-check a source: every dataset, column and code that it names, and what no file could be read by."""

import codecs
from collections.abc import Collection, Iterator
from itertools import chain
from typing import get_args

from borderstats.periods import forms
from borderstats.standard.codelists import TOTAL
from borderstats.standard.columns import (
    AnnualColumn,
    AnyColumn,
    Column,
    DatedColumn,
    DayColumn,
    DimensionColumn,
    FigureColumn,
    FittingColumn,
    IgnoredColumn,
    MonthColumn,
    NotBeforeColumn,
    PeriodColumn,
    TimeColumn,
)
from borderstats.standard.model import Dataset, Standard
from borderstats.standard.references import codes, codes_of, missing
from borderstats.standard.rules import Determined
from borderstats.standard.sources import (
    DELIMITERS,
    BlockTable,
    CsvSource,
    IgnoredBlock,
    ListTable,
    ParquetSource,
    Source,
    UsedTable,
    WorkbookSource,
)
from borderstats.standard.statuses import STATUSES
from borderstats.standard.struct import fold


def contradictions(standard: Standard, source: Source) -> Iterator[str]:
    """Every contradiction of a source, one line each; first of the datasets that it feeds."""
    file = f"sources/{source.id}.toml"
    lacking = list(_datasets(standard, file, source))
    yield from lacking
    fed = [standard.datasets[name] for name in source.feeds if name in standard.datasets]
    if lacking or any(c not in standard.concepts for dataset in fed for c in dataset.concepts):
        return
    concepts = list(dict.fromkeys(concept for dataset in fed for concept in dataset.concepts))
    yield from codes_of(standard, f"{file}: $.constants", file, concepts, source.constants)
    yield from _format(file, source)
    yield from _rows(file, source)
    yield from _notation(file, source)
    for number, column in enumerate(source.columns):
        where = f"{file}: $.columns[{number}]"
        yield from _column(where, source, column)
        if isinstance(column, DimensionColumn):
            yield from _dimension(standard, where, file, concepts, column)
        elif isinstance(column, FigureColumn):
            yield from codes_of(standard, f"{where}.key", file, concepts, column.key)
            for status in column.missing.values():
                yield from _without_figure(standard, f"{where}.missing", status)
    for number, table in enumerate(source.layout):
        if not isinstance(table, IgnoredBlock):
            where = f"{file}: $.tables[{number}]" if source.tables else f"{file}: $.columns"
            yield from _table(standard, where, source, table)
    yield from _unused_constants(file, source)
    for concept in source.determined:
        yield from missing(f"{file}: $.determined", f"dimension of {file}", concept, concepts)
    for dataset in fed:
        yield from _determined(file, source, dataset)
        yield from _never_given(file, source, dataset)


def _datasets(standard: Standard, file: str, source: Source) -> Iterator[str]:
    for number, table in enumerate(source.layout):
        if not isinstance(table, IgnoredBlock) and table.dataset:
            where = f"{file}: $.tables[{number}].dataset"
            yield from missing(where, "dataset", table.dataset, standard.datasets)
    if not all(table.dataset for table in source.used) or not source.used:
        yield from missing(f"{file}: $.dataset", "dataset", source.dataset, standard.datasets)
    elif source.dataset:
        yield f"{file}: $.dataset: every table names a dataset of its own; leave this one out"


def _format(file: str, source: Source) -> Iterator[str]:
    """What a file of the format cannot have."""
    if isinstance(source, CsvSource):
        try:
            codecs.lookup(source.encoding)
        except LookupError:
            yield f"{file}: $.encoding: no encoding is called {source.encoding!r}; utf-8 is the usual one"
        if source.delimiter not in DELIMITERS:
            yield f"{file}: $.delimiter: {source.delimiter!r}; known are {', '.join(DELIMITERS.values())}"
    in_sheets = any(table.sheet for table in source.layout)
    for number, table in enumerate(source.tables):
        where = f"{file}: $.tables[{number}]"
        if isinstance(table, ListTable) and source.regions:
            yield f"{where}: a source has lists or blocks, not both"
        if table.sheet and not isinstance(source, WorkbookSource):
            yield f"{where}.sheet: only a workbook has sheets"
        if in_sheets and not table.sheet:
            yield f"{where}.sheet: name the sheet of every table, or of none"


def _rows(file: str, source: Source) -> Iterator[str]:
    """What is said of rows that cannot be."""
    if source.absent == "zero" and not source.absent_reason:
        yield f"{file}: $.absent: an absent row counts as zero only where the source says so; give absent_reason"
    if source.absent != "zero" and source.absent_reason:
        yield f'{file}: $.absent_reason: it is the reason of absent = "zero" only'
    if source.last_year_provisional and not any(isinstance(c, AnnualColumn) for c in source.columns):
        yield f'{file}: $.last_year_provisional: no column has role = "fiscal_year" or "year"'
    names = [fold(column.name) for column in source.columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{file}: $.columns: {name!r} is described twice; a column has one meaning"


def _notation(file: str, source: Source) -> Iterator[str]:
    """What is said of how figures and dates are written that cannot be."""
    if source.thousands == source.decimal:
        yield f"{file}: $.thousands: {source.thousands!r} stands before decimals; a sign means one thing"
    if source.decimal != "." and isinstance(source, ParquetSource):
        yield f"{file}: $.decimal: the figures of a Parquet file are numbers; leave it out"
    yield from _forms(f"{file}: $", source.dates, source.years_from)
    for number, column in enumerate(source.columns):
        where, noted = f"{file}: $.columns[{number}]", source.column[column.name]
        if isinstance(column, FigureColumn) and isinstance(noted, FigureColumn):
            if column.decimal not in ("", source.decimal) and isinstance(
                source, WorkbookSource | ParquetSource
            ):
                yield f"{where}.decimal: cells that hold numbers are written as the source says; say it there"
            elif noted.thousands == noted.decimal and (column.thousands or column.decimal):
                yield f"{where}.thousands: {noted.thousands!r} stands before decimals; a sign means one thing"
        if isinstance(column, DatedColumn) and isinstance(noted, DatedColumn):
            yield from _forms(where, column.dates, noted.years_from)
            for place, form in enumerate(column.dates):
                if (written := forms.written(form)) and written not in column.forms:
                    yield f"{where}.dates[{place}]: {form!r} writes a {written}, which a column with {_role(column)} has not"


def _forms(where: str, dates: Collection[str], years_from: int | None) -> Iterator[str]:
    for number, form in enumerate(dates):
        if not forms.written(form):
            yield (
                f"{where}.dates[{number}]: {form!r} writes no day, month, quarter, week or fiscal year; those have %d, %m and %Y, %m and %Y, "
                "%q and %Y, %G and %V, or %Y and %y, with %B for the name of a month and %y for two digits of a year"
            )
        elif "%y" in form and years_from is None:
            yield f"{where}.years_from: {form!r} has a year of two digits; say with which year the hundred begin that it means"


def _column(where: str, source: Source, column: Column) -> Iterator[str]:
    if not any(column.name in table.names for table in source.used):
        yield f"{where} ({column.name}): no table has this column; add it to one, or leave it out"
    if column.optional and source.regions:
        yield f"{where}.optional: a block has all its columns; only a list can lack one"
    elif column.optional and isinstance(column, TimeColumn) and not isinstance(column, FittingColumn):
        yield f"{where}.optional: every figure needs its period; no file can lack a column with {_role(column)}"
    seen: dict[str, str] = {}
    for field, labels in _labels(column):
        for label in labels:
            other = seen.setdefault(fold(label), field)
            if other != field:
                yield f"{where}.{field}: {label!r} stands in {other} too; a label means one thing"


def _labels(column: Column) -> Iterator[tuple[str, Collection[str]]]:
    """The fields that each say what a label means."""
    yield "left_out", column.left_out
    match column:
        case DimensionColumn():
            yield from (("keys", column.keys), ("labels", column.labels), ("totals", column.totals))
        case FigureColumn():
            yield from (("missing", column.missing), ("zero", column.zero))
        case NotBeforeColumn():
            yield "labels", column.labels
        case IgnoredColumn():
            yield "allowed", column.allowed
        case MonthColumn() if column.whole_year:
            yield "whole_year", (column.whole_year,)


def _role(column: Column) -> str:
    return f'role = "{column.role}"'


def _dimension(
    standard: Standard, where: str, file: str, concepts: Collection[str], column: DimensionColumn
) -> Iterator[str]:
    if column.concept not in concepts:
        yield from missing(f"{where}.concept", f"dimension of {file}", column.concept, concepts)
        return
    concept = standard.concepts[column.concept]
    known = {code.code for code in standard.codelist_of(column.concept).codes}
    for field, recodes in (("labels", column.labels), ("contains", column.contains)):
        for label, code in recodes.items():
            if code not in known:
                yield f"{where}.{field}: {label!r}: no code {code!r} in codelists/{concept.codelist}.csv"
    texts = list(column.contains)
    for number, text in enumerate(texts):
        if (
            earlier := next((other for other in texts[:number] if fold(other) in fold(text)), None)
        ) is not None:
            yield f"{where}.contains: {text!r} is never reached, for it contains {earlier!r}, which stands before it"
    for label, keys in column.keys.items():
        yield from codes_of(standard, f"{where}.keys.{label}", file, concepts, keys)
        if column.concept not in keys:
            yield f"{where}.keys.{label}: the code of {column.concept} itself is missing"
    if column.below and column.below not in concepts:
        yield from missing(f"{where}.below", "dimension", column.below, concepts)
    if column.below and column.groups:
        yield f"{where}.below: groups are joined into one label with the rows below them; leave one of the two out"
    if column.parent_to and column.parent_to not in concepts:
        yield from missing(f"{where}.parent_to", "dimension", column.parent_to, concepts)
    elif column.parent_to and column.parent_to != concept.parents:
        yield (
            f"{where}.parent_to: the parents of {column.concept} are codes of {concept.parents or 'no concept'}, "
            f"as concepts.toml says, not of {column.parent_to}"
        )


def _table(standard: Standard, where: str, source: Source, table: UsedTable) -> Iterator[str]:
    dataset = standard.datasets[table.dataset or source.dataset]
    yield from codes(standard, f"{where}.constants", dataset, table.constants)
    misplaced = list(_misplaced(where, source, table))
    yield from misplaced
    if misplaced:
        return
    columns = [source.column[name] for name in table.names]
    yield from _list(where, columns, table) if isinstance(table, ListTable) else _block(where, columns, table)
    yield from _times(where, columns, table)
    yield from _given_twice(where, columns, source, table)
    yield from _totals(where, columns, dataset, table)
    given = _always_given(source, table)
    for concept in dataset.concepts:
        if concept not in given and dataset.dimension(concept).total != "published":
            yield f"{where}: nothing gives the dimension {concept} of {dataset.id}; add a column or a constant"


def _misplaced(where: str, source: Source, table: UsedTable) -> Iterator[str]:
    """Columns that are not described, and those with two places."""
    fields: dict[str, Collection[str]] = {"columns": table.columns}
    if isinstance(table, ListTable):
        fields |= {"values": table.values, "identity": table.identity}
    else:
        fields |= {"across": table.across, "figures": [table.figures]}
        fields["title_as"] = [table.title_as] if table.title_as else []
    for field, names in fields.items():
        for name in names:
            yield from missing(f"{where}.{field}", "column", name, source.column)
    for name in sorted({name for name in table.names if table.names.count(name) > 1}):
        yield f"{where}: column {name!r} stands in it twice; a column has one place"


def _list(where: str, columns: list[Column], table: ListTable) -> Iterator[str]:
    figures = {column.name: column for column in columns if isinstance(column, FigureColumn)}
    for field, names in (("values", table.values), ("identity", table.identity)):
        for name in names:
            if name not in table.columns:
                yield f"{where}.{field}: column {name!r} is not one of the table"
            elif field == "values" and name not in figures:
                yield f'{where}.values: column {name!r} has no figures; give it role = "figure"'
    if table.counted and figures:
        yield f"{where}: rows are counted, so no column can hold figures"
    elif not table.counted and not figures:
        yield f'{where}: no column has role = "figure"; one must hold the figures'
    elif figures and all(figures[name].optional for name in set(table.values) & set(figures) or figures):
        yield f"{where}: every column of figures is optional; a file that has none could not be read"
    if table.combine == "distinct" and not table.identity:
        yield f"{where}.identity: name the columns that together tell one thing from another"
    if table.within and not table.combine:
        yield f"{where}.within: say with combine how the days of a {table.within} are put together"
    if table.within and not any(isinstance(column, DayColumn) for column in columns):
        yield f'{where}.within: no column has role = "day"'


def _block(where: str, columns: list[Column], table: BlockTable) -> Iterator[str]:
    for column in columns:
        if column.name == table.figures and table.counted and not isinstance(column, DimensionColumn):
            yield f'{where}.figures: cells are counted by their labels; give column {column.name!r} role = "dimension"'
        elif column.name == table.figures and not table.counted and not isinstance(column, FigureColumn):
            yield f'{where}.figures: column {column.name!r} has no figures; give it role = "figure"'
        if column.name != table.figures and isinstance(column, FigureColumn):
            yield f"{where}: column {column.name!r} has figures; those of a block are in {table.figures!r} alone"
    if table.title_as and not table.title:
        yield f"{where}.title_as: without title there is no rest of it"
    if table.every and not table.title:
        yield f"{where}.every: without title nothing tells where each one is"
    named = len(table.across)
    if table.headers and table.headers != named and (table.headers < named or named > 1):
        yield f"{where}.headers: {table.headers} header rows cannot give {named} names of across; join them into one, or name each"


def _times(where: str, columns: list[Column], table: UsedTable) -> Iterator[str]:
    """Every figure has one period, and what stands beside a column of times has it beside it."""
    giving = [column.name for column in columns if isinstance(column, PeriodColumn)]
    if table.day and giving:
        yield f"{where}.day: column {giving[0]!r} says for which period a figure is; leave one of the two out"
    if not table.day and not giving:
        roles = [
            f'"{kind.__struct_config__.tag}"'
            for kind in get_args(AnyColumn)
            if issubclass(kind, PeriodColumn)
        ]
        yield f"{where}: no column has role = {', '.join(roles[:-1])} or {roles[-1]}; every figure needs its period"
    if len(giving) > 1:
        yield f"{where}: columns {', '.join(map(repr, giving))} each say for which period a figure is; a table has one such column"
    beside = [
        column
        for column in columns
        if isinstance(column, TimeColumn) and not isinstance(column, PeriodColumn)
    ]
    for column in beside:
        if not any(isinstance(other, column.beside) for other in columns):
            roles = [f'"{kind.__struct_config__.tag}"' for kind in column.beside]
            yield f"{where}: column {column.name!r} with {_role(column)} needs one with role = {' or '.join(roles)} beside it"
    kinds = [column.role for column in beside]
    for role in sorted({role for role in kinds if kinds.count(role) > 1}):
        yield f'{where}: {kinds.count(role)} columns have role = "{role}"; a table has one such column'


def _given(columns: list[Column]) -> Iterator[tuple[str, str]]:
    """The dimensions that columns of labels give, each with the column that does."""
    for column in columns:
        if isinstance(column, DimensionColumn):
            others = chain.from_iterable(column.keys.values())
            for concept in dict.fromkeys(
                filter(None, [column.concept, column.parent_to, column.below, *others])
            ):
                yield concept, f"column {column.name!r}"


def _totals(where: str, columns: list[Column], dataset: Dataset, table: UsedTable) -> Iterator[str]:
    """Labels of totals, which a dataset either publishes or adds up itself."""
    for column in columns:
        if not isinstance(column, DimensionColumn) or column.concept not in dataset.concepts:
            continue
        summed = dataset.dimension(column.concept).total == "sum"
        printed = [label for label, code in column.labels.items() if code == TOTAL]
        if column.totals and not summed:
            yield f"{where}: column {column.name!r} has totals, and {dataset.id} publishes them; give them the code {TOTAL} with labels"
        if column.totals and (table.counted or dataset.rounding > 1):
            why = "rows are counted" if table.counted else f"{dataset.id} is rounded to {dataset.rounding}"
            yield f"{where}: column {column.name!r} has totals, which cannot be held to other rows: {why}"
        if printed and summed:
            yield f"{where}: column {column.name!r} makes {printed[0]!r} the total of {column.concept}, and {dataset.id} adds up itself; name it with totals"


def _determined(file: str, source: Source, dataset: Dataset) -> Iterator[str]:
    """Dimensions that are said to follow from others: by a gate of the dataset."""
    follow = {gate.dimension for gate in dataset.gates if isinstance(gate, Determined)}
    for concept in source.determined:
        if concept in source.constants:
            yield f"{file}: $.determined: constants give {concept} too; leave one of the two out"
        elif concept in dataset.concepts and concept not in follow:
            yield f"{file}: $.determined: no gate of {dataset.id} with rule 'determined' says what {concept} follows from"


def _given_twice(where: str, columns: list[Column], source: Source, table: UsedTable) -> Iterator[str]:
    """Dimensions that two give, of which one would not be used; a column of figures may differ from the constants."""
    labels = list(_given(columns))
    given = {concept for concept, _ in labels}
    by: dict[str, list[str]] = {}
    follow = ((concept, "determined") for concept in source.determined)
    for concept, column in (*labels, *((concept, "constants") for concept in table.constants), *follow):
        by.setdefault(concept, []).append(column)
    for figure in columns:
        for concept in figure.key if isinstance(figure, FigureColumn) else ():
            if concept in given:
                by[concept].append(f"column {figure.name!r}")
    for concept, names in by.items():
        if len(names) > 1:
            yield f"{where}: {' and '.join(names)} give the dimension {concept}; one of them would not be used"


def _always_given(source: Source, table: UsedTable) -> set[str]:
    """The dimensions that a table's columns and constants give in every file; one that is not given is at its total."""
    columns = [source.column[name] for name in table.names if name in source.column]
    figures = [c for c in columns if isinstance(c, FigureColumn) and c.name in (table.values or table.names)]
    keys = set.intersection(*(set(column.key) for column in figures)) if figures else set()
    labels = {concept for concept, _ in _given([column for column in columns if not column.optional])}
    return {*source.constants, *source.determined, *table.constants, *labels, *keys}


def _unused_constants(file: str, source: Source) -> Iterator[str]:
    for concept in source.constants:
        own = [{*table.constants, *dict(_given(_columns(source, table)))} for table in source.used]
        if concept not in source.determined and all(concept in given for given in own):
            yield f"{file}: $.constants.{concept}: every table gives {concept} itself; leave it out"


def _never_given(file: str, source: Source, dataset: Dataset) -> Iterator[str]:
    """Dimensions with a published total that no table gives: all figures would be at that total."""
    tables = [table for table in source.used if (table.dataset or source.dataset) == dataset.id]
    given = set(source.constants)
    for table in tables:
        columns = _columns(source, table)
        given |= {*table.constants, *dict(_given(columns))}
        given |= {concept for c in columns if isinstance(c, FigureColumn) for concept in c.key}
    for concept in dataset.concepts:
        if concept not in given and dataset.dimension(concept).total == "published":
            yield f"{file}: nothing gives the dimension {concept} of {dataset.id}; add a column or a constant"


def _columns(source: Source, table: UsedTable) -> list[Column]:
    return [source.column[name] for name in table.names if name in source.column]


def _without_figure(standard: Standard, where: str, code: str) -> Iterator[str]:
    """The status of a cell without a figure: under one that can have a figure it would be a zero."""
    statuses = standard.statuses
    yield from missing(where, "status", code, standard.codelists[STATUSES].numbers)
    if code in statuses.codes and statuses[code] not in statuses.without_figure:
        others = ", ".join(statuses.codes[place] for place in statuses.without_figure)
        yield f"{where}: {code} is the status of a figure, and here there is none; name one of {others}"

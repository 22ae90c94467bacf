"""From cells of text to typed values in one SQL query, keeping apart why there is none: blank, redacted and so on."""

# ruff: noqa: S608 - the SQL is made of our own column names and of texts that `literal` has quoted

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from borderstats.records.sql import literal
from borderstats.standard.layouts import Feed, Layout, LayoutColumn, shape
from borderstats.standard.records import Family, Field

SQL_TYPES = {"time": "TIMESTAMP", "whole": "INTEGER", "number": "DOUBLE"}
"""How a field's values are kept; all others are VARCHAR."""

PLACE = (
    "CASE WHEN source_sheet IS NULL THEN '' ELSE 'sheet ' || source_sheet || ', ' END || 'row ' || source_row"
)
"""Where a record stands, for messages."""

_ODD_SPACE = "\xa0\t\n\r"
_ISO = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")


@dataclass(frozen=True)
class TextTable:
    """A file's rows as text: `relation` is SQL that gives all of them in order, with the columns of `cells`.

    `cells` are the SQL columns by the layout's names, `headings` what stands above them, `every` all columns, `nameless`
    those without a heading; `source` is the file that is streamed. `above` is how many rows stand above the first; the
    rows of a workbook say themselves where they stand (`sheet`, `source_sheet`, `source_row`).
    """

    relation: str
    digest: str
    cells: Mapping[str, str]
    headings: Mapping[str, str]
    source: Path
    every: tuple[str, ...] = ()
    nameless: tuple[str, ...] = ()
    above: int = 0
    workbook: bool = False


def marked(layout: Layout, table: TextTable) -> str:
    """SQL that gives all rows in order: the cells without white space around them, each with why it holds no value."""
    texts = [f"{_cleaned_sql(cell)} AS {cell}" for cell in table.cells.values()]
    marks = [
        f"{_reason(layout, layout.column[name], cell)} AS {cell}_mark" for name, cell in table.cells.items()
    ]
    place = ["sheet", "source_sheet", "source_row", "TRUE AS filled"]
    if not table.workbook:
        filled = f"coalesce({', '.join(table.every)}) IS NOT NULL AS filled"
        place = ["1 AS sheet", "CAST(NULL AS VARCHAR) AS source_sheet", filled]
    names = [column.rsplit(" ", 1)[-1] for column in place]
    return (
        f"SELECT {', '.join([*names, *table.nameless, *table.cells.values(), *marks])} "
        f"FROM (SELECT {', '.join([*place, *table.nameless, *texts])} FROM ({table.relation}))"
    )


def numbered(table: TextTable, file: Path) -> TextTable:
    """The table of rows that `marked` wrote to a Parquet file, without the empty ones."""
    row = "source_row"
    if not table.workbook:
        row = f"CAST(file_row_number + {table.above + 1} AS BIGINT) AS source_row"
    given = "* EXCLUDE (source_row)" if table.workbook else "*"
    rows = (
        f"SELECT {given}, {row} FROM read_parquet({literal(str(file))}, file_row_number = true) WHERE filled"
    )
    return replace(table, relation=rows)


def counts(layout: Layout, table: TextTable) -> tuple[str, Sequence[str]]:
    """SQL that counts the rows and those of each feed and finds what must not be there, and the columns it finds in.

    Its one row: all rows, rows of each feed, where the header stands again, where a cell stands without a heading, and
    for each of the columns returned where it holds a cell that is not allowed.
    """
    guarded = [column.name for column in layout.columns if column.allowed and column.name in table.cells]
    places = [
        _all(
            f"lower({_text(table, c.name)}) = {literal(_clean(table.headings[c.name]))}"
            for c in layout.required
        ),
        " OR ".join(f"{cell} IS NOT NULL" for cell in table.nameless) or "FALSE",
        *(
            f"{_mark(table, name)} IS NULL AND NOT {_one_of(table, name, layout.column[name].allowed)}"
            for name in guarded
        ),
    ]
    columns = [
        "count(*)",
        *(f"count(*) FILTER ({taken(feed, table)})" for feed in layout.feeds),
        *(f"arg_min({PLACE}, (sheet, source_row)) FILTER ({condition})" for condition in places),
    ]
    return f"SELECT {', '.join(columns)} FROM ({table.relation})", guarded


def records(layout: Layout, feed: Feed, family: Family, table: TextTable) -> str:
    """SQL that gives the staged records of one feed: each field, why it is missing, and where the record stands."""
    values = []
    for field in family.fields:
        value, why = _field(layout, feed, field, table)
        values += [f"{value} AS {field.name}", f"{why} AS {field.name}_why"]
    final = [
        f"{name}, CASE WHEN {name} IS NULL THEN coalesce({name}_why, 'UNREADABLE') END AS {name}_missing"
        for name in family.names
    ]
    sheet = _text(table, "source_sheet") if "source_sheet" in table.cells else "source_sheet"
    row = f"try_cast({_text(table, 'source_row')} AS BIGINT)" if "source_row" in table.cells else "source_row"
    place = [f"{sheet} AS at_sheet", f"{row} AS at_row"]
    final += ["at_sheet AS source_sheet", "at_row AS source_row"]
    if "synthetic" in table.cells:
        place.append(f"lower({_text(table, 'synthetic')}) = 'true' AS made_up")
        final.append("made_up AS synthetic")
    return (
        f"SELECT {', '.join(final)} FROM (SELECT {', '.join([*values, *place])} FROM ({table.relation}) "
        f"WHERE {taken(feed, table)})"
    )


def taken(feed: Feed, table: TextTable) -> str:
    """The condition under which a row is taken; a column that the file lacks has none of the cells asked for."""
    return _all(
        [
            *(_one_of(table, name, cells) for name, cells in feed.when.items()),
            *(f"NOT {_one_of(table, name, cells)}" for name, cells in feed.unless.items()),
            *(f"{_mark(table, name)} IS NULL" if name in table.cells else "FALSE" for name in feed.filled),
        ]
    )


def _reason(layout: Layout, column: LayoutColumn, cell: str) -> str:
    """Why a cell holds no value."""
    kinds = {"BLANK": layout.blank, "REDACTED": layout.redacted, "NOT_RECORDED": layout.not_recorded}
    reasons = {_squeezed(text): reason for reason, texts in kinds.items() for text in texts}
    reasons |= {_squeezed(label): "BLANK" for label, code in column.labels.items() if not code}
    blank = f"CASE WHEN coalesce({cell}, '') = '' THEN 'BLANK'"
    if not reasons:
        return f"{blank} END"
    # Few cells begin as these texts do, and only those are worth a look at the whole.
    first = literal("".join(sorted({text[0] for text in reasons})))
    return f"{blank} WHEN contains({first}, lower({cell}[1])) THEN {_looked_up(reasons, cell)} END"


def _field(layout: Layout, feed: Feed, field: Field, table: TextTable) -> tuple[str, str]:
    """SQL of a field's value, and of why it has none (null where a value stands, even one that cannot be read)."""
    if field.name in feed.keys:
        return _key(table, feed.keys[field.name]), "NULL"
    if field.name in feed.constants:
        return literal(feed.constants[field.name]), "NULL"
    cases = [case for case in feed.cases if case.field == field.name]
    if cases:
        names = dict.fromkeys(name for case in cases for name in case.when if name in table.cells)
        branches = " ".join(
            f"WHEN {_all(_one_of(table, name, cells) for name, cells in case.when.items())} THEN {literal(case.code)}"
            for case in cases
        )
        reasons = ", ".join([*(_mark(table, name) for name in names), "'NOT_RECORDED'"])
        return f"CASE {branches} END", f"coalesce({reasons})"
    columns = [name for name in feed.fields.get(field.name, ()) if name in table.cells]
    if not columns:
        return f"CAST(NULL AS {SQL_TYPES.get(field.type, 'VARCHAR')})", "'NOT_RECORDED'"
    marks = [_mark(table, name) for name in columns]
    options = " ".join(
        f"WHEN {mark} IS NULL THEN {_typed(layout, layout.column[name], field, table)}"
        for name, mark in zip(columns, marks, strict=True)
    )
    why = f"CASE WHEN {_all(f'{mark} IS NOT NULL' for mark in marks)} THEN {marks[0]} END"
    if f"{field.name}_missing" in table.cells:  # a canonical file says itself why a value is missing
        why = f"coalesce(nullif({_text(table, field.name + '_missing')}, ''), {why})"
    return f"CASE {options} END", why


def _key(table: TextTable, kind: str) -> str:
    """A key made of where the row stands: the same whenever the same bytes are read."""
    ending = literal(f".{kind}" if kind else "")
    return f"{literal(table.digest[:16])} || '.' || sheet || '.' || source_row || {ending}"


def _typed(layout: Layout, column: LayoutColumn, field: Field, table: TextTable) -> str:
    cell = _text(table, column.name)
    if field.type == "time":
        return _time(cell, layout.times, workbook=table.workbook)
    number = f"try_cast({cell} AS DOUBLE)"
    if field.type == "whole":
        return f"CASE WHEN {number} = trunc({number}) AND abs({number}) < 2147483648 THEN CAST({number} AS INTEGER) END"
    if field.type == "number":
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    labels = {_squeezed(label): code for label, code in column.labels.items() if code}
    if not labels:
        return cell
    return f"coalesce({_looked_up(labels, cell)}, {cell})"


def _time(cell: str, forms: Sequence[str], *, workbook: bool) -> str:
    """A point in time by the first form whose shape the cell has: DuckDB is slow at trying one that does not fit."""
    if workbook:
        forms = tuple(dict.fromkeys((*forms, *_ISO)))
    options = " ".join(
        f"WHEN regexp_full_match({cell}, {literal(shape(form))}) THEN try_strptime({cell}, {literal(form)})"
        for form in forms
    )
    if not workbook:
        return f"CASE {options} END"
    # A cell that the agency forgot to format as a date is a number of days.
    days = f"try_cast({cell} AS DOUBLE)"
    second = f"to_microseconds(CAST(round({days} * 86400) AS BIGINT) * 1000000)"
    counted = f"WHEN {days} BETWEEN 1 AND 2958465 THEN TIMESTAMP '1899-12-30' + {second}"
    return f"CASE {options} {counted} END"


def _text(table: TextTable, name: str) -> str:
    return table.cells[name]


def _mark(table: TextTable, name: str) -> str:
    return f"{table.cells[name]}_mark"


def _one_of(table: TextTable, name: str, cells: Iterable[str]) -> str:
    if name not in table.cells:
        return "FALSE"
    return f"coalesce(list_contains([{_list(map(_clean, cells))}], lower({table.cells[name]})), FALSE)"


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(f"({condition})" for condition in conditions) or "TRUE"


def _clean(text: str) -> str:
    """A text as a cell is compared with it: without white space around it, in lower case."""
    return text.translate(dict.fromkeys(map(ord, _ODD_SPACE), " ")).strip(" ").lower()


def _squeezed(text: str) -> str:
    return re.sub(r"[\s,;]+", "", text).lower()


def _cleaned_sql(cell: str) -> str:
    """A cell without white space around it. Few cells hold any other than blanks, and only those are rewritten."""
    odd = [f"chr({ord(character)})" for character in _ODD_SPACE]
    even = cell
    for character in odd:
        even = f"replace({even}, {character}, ' ')"
    found = " OR ".join(f"contains({cell}, {character})" for character in odd)
    return f"CASE WHEN {found} THEN trim({even}) ELSE trim({cell}) END"


def _squeezed_sql(cell: str) -> str:
    return f"lower(replace(replace(replace({cell}, ' ', ''), ',', ''), ';', ''))"


def _looked_up(words: Mapping[str, str], cell: str) -> str:
    """What a cell stands for by its squeezed text; null if it is none of them.

    Two lists: DuckDB would turn IN into a join, which loses the order, and compute the cell for each WHEN of a CASE.
    """
    place = f"list_position([{_list(words)}], {_squeezed_sql(cell)})"
    return f"list_extract([{_list(words.values())}], {place})"


def _list(texts: Iterable[str]) -> str:
    return ", ".join(map(literal, texts))

"""Which source of the standard a file is: by its header, never by its name."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from borderstats.errors import InputError
from borderstats.intake import raw
from borderstats.standard.model import DELIMITERS, Source, Standard, Table, fold

_LEAST_LIKENESS = 0.5


def read(standard: Standard, name: str, data: bytes) -> tuple[Source, list[tuple[Table, raw.RawTable]]]:
    """The source a file is in the format of, and its tables as published.

    Raises InputError if no source resembles the file, or if the one that does differs from it in a column, a
    sheet, the delimiter or the encoding: the text says which, and what to do.
    """
    data = raw.unpacked(name, data)
    return _workbook(standard, name, data) if raw.is_workbook(data) else _text(standard, name, data)


def _text(standard: Standard, name: str, data: bytes) -> tuple[Source, list[tuple[Table, raw.RawTable]]]:
    line = raw.first_line(data)
    candidates = [
        (
            _likeness(raw.text_header(line, delimiter), source.column),
            delimiter == source.delimiter,
            delimiter,
            source,
        )
        for source in standard.sources.values()
        if source.format == "csv"
        for delimiter in DELIMITERS
    ]
    likeness, _, delimiter, source = max(candidates, key=lambda c: (c[0], c[1]), default=(0, False, "", None))
    if source is None or likeness < _LEAST_LIKENESS:
        raise _unknown(standard, name, f"its first line is {line[:80]!r}")
    if delimiter != source.delimiter:
        raise InputError(
            f"{name}: row 1: the columns are separated by {DELIMITERS[delimiter]}, but {source.id} uses {DELIMITERS[source.delimiter]}; "
            "the file was saved anew by another program. Fetch the publisher's own file"
        )
    table = source.layout[0]
    header = raw.text_header(line, delimiter)
    _complain(name, "", source, table, header)
    return source, [(table, raw.read_text(name, data, source.delimiter, source.encoding))]


def _workbook(standard: Standard, name: str, data: bytes) -> tuple[Source, list[tuple[Table, raw.RawTable]]]:
    sheets = raw.sheet_names(name, data)
    candidates = [
        (_likeness(sheets, [table.sheet for table in source.layout]), source)
        for source in standard.sources.values()
        if source.format == "xlsx"
    ]
    likeness, source = max(candidates, key=lambda c: c[0], default=(0, None))
    if source is None or likeness < _LEAST_LIKENESS:
        raise _unknown(standard, name, f"its sheets are {', '.join(sheets[:6])}")
    wanted = [table.sheet for table in source.layout]
    problems = [
        *(
            f"{name}: sheet {s!r} of {source.id} is missing; {_hint(s, [name for name in sheets if name not in wanted])}"
            for s in wanted
            if s not in sheets
        ),
        *(
            f"{name}: sheet {s!r} is not known to {source.id}; add it to sources/{source.id}.toml"
            for s in sheets
            if s not in wanted
        ),
    ]
    if problems:
        raise InputError("\n".join(problems))
    tables = raw.read_sheets(name, data, wanted)
    for table, published in zip(source.layout, tables, strict=True):
        _complain(name, table.sheet, source, table, published.header)
    return source, list(zip(source.layout, tables, strict=True))


def _likeness(header: Sequence[str], wanted: Iterable[str]) -> float:
    """Shared names over all names (Jaccard)."""
    left, right = {fold(name) for name in header}, {fold(name) for name in wanted}
    return len(left & right) / len(left | right)


def _complain(name: str, sheet: str, source: Source, table: Table, header: Sequence[str]) -> None:
    """Raise InputError with a line for every column that is missing, renamed, extra or there twice."""
    problems = list(_differences(source, table, header))
    if problems:
        place = f"{name}: sheet {sheet!r}: row 1" if sheet else f"{name}: row 1"
        raise InputError("\n".join(f"{place}: {problem}" for problem in problems))


def _differences(source: Source, table: Table, header: Sequence[str]) -> Iterator[str]:
    present = Counter(fold(column) for column in header)
    wanted = {fold(column): column for column in table.columns}
    extra = {fold(column): column for column in header if fold(column) not in wanted}
    for column, times in present.items():
        if times > 1 and column in wanted:
            yield f"column {wanted[column]!r} stands there {times} times; delete the copy or fetch the file again"
    for folded, column in wanted.items():
        if folded in present:
            continue
        close = difflib.get_close_matches(folded, extra, 1, 0.6)
        if close:
            number = [fold(c) for c in header].index(close[0]) + 1
            yield (
                f"column {number}: {extra.pop(close[0])!r} is probably {column!r} renamed; if it means the same, "
                f"rename it in sources/{source.id}.toml"
            )
        else:
            yield f"column {column!r} is missing; {source.id} cannot be read without it"
    for folded, column in extra.items():
        number = [fold(c) for c in header].index(folded) + 1
        yield f"column {number}: {column!r} is not known to {source.id}; describe it in sources/{source.id}.toml"


def _hint(sheet: str, sheets: Sequence[str]) -> str:
    close = difflib.get_close_matches(sheet, sheets, 1, 0.6)
    return f"{close[0]!r} may be it, renamed" if close else "the workbook cannot be read without it"


def _unknown(standard: Standard, name: str, what: str) -> InputError:
    known = ", ".join(standard.sources)
    return InputError(
        f"{name}: no source in the standard reads this file: {what}. Known sources: {known}. See docs/add-a-source.md"
    )

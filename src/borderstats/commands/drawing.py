"""An explained sheet in the terminal: each cell with what was made of it, in columns that fit the width."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

import click

from borderstats.intake.explained import Cell, Finding, Kind, Sheet
from borderstats.intake.raw import letters

MARKS = {
    Kind.ACCEPTED: ("=", "green"),
    Kind.LEFT_OUT: ("-", "yellow"),
    Kind.REFUSED: ("!", "red"),
    Kind.HEADING: ("#", "cyan"),
    Kind.UNSEEN: ("?", "magenta"),
    Kind.BLANK: (" ", ""),
}
_WIDEST, _NARROWEST = ((90, True), (60, True), (45, False), (30, False)), 3
"""How wide a column may be, and whether its codes have the names of their dimensions: the first that fits."""

_SHOWN = 20
_DIMENSION = re.compile(r"\b[a-z_]+=")


def legend() -> str:
    """What the marks mean."""
    return "   ".join(_styled(f"{mark} {kind}", kind) for kind, (mark, _) in MARKS.items() if mark.strip())


def lines(sheet: Sheet, rows: Sequence[int], width: int) -> Iterator[str]:
    """Name and counts, the tables found, some rows cell by cell, a summary by column, and the cells of which nothing was made."""
    yield click.style(title(sheet), bold=True)
    yield fitted(counts(sheet), width)
    yield from (fitted(f"  {table}", width) for table in sheet.tables)
    yield from _drawn(sheet, rows, width)
    if len(rows) < len(sheet.rows):
        yield f"  {len(rows):,} of {len(sheet.rows):,} rows are drawn; --sheet and --rows FROM:TO draw others"
    if sheet.columns:
        yield "columns:"
        for column in sheet.columns:
            yield fitted(f"  {column.place:<3} {column.name}: {column.role}; {column.says}", width)
    for kind in (Kind.REFUSED, Kind.LEFT_OUT, Kind.UNSEEN):
        yield from _found(kind, sheet.found(kind), width)


def fitted(text: str, width: int) -> str:
    """A line that is broken between words where it is longer than the width."""
    indent = " " * 6
    return "\n".join(textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False)) or text


def title(sheet: Sheet) -> str:
    """What a sheet is called, and its size."""
    name = f"sheet {sheet.name!r}" if sheet.name else "file"
    return f"{name}: {len(sheet.rows):,} rows, {sheet.width:,} columns"


def counts(sheet: Sheet) -> str:
    """The cells by kind, which add up to those of the sheet."""
    parts = " + ".join(f"{number:,} {kind}" for kind, number in sheet.counts.items())
    return f"cells: {sum(sheet.counts.values()):,} = {parts}"


def _found(kind: Kind, findings: Sequence[Finding], width: int) -> Iterator[str]:
    if findings:
        yield _styled(f"{kind}:", kind)
    for finding in findings[:_SHOWN]:
        more = f" and {finding.cells - 1:,} cells more" if finding.cells > 1 else ""
        text = f" {finding.text!r}" if finding.text else ""
        reason = f": {finding.reason}" if finding.reason else ""
        yield fitted(f"  {finding.place}{text}{more}{reason}", width)
    if len(findings) > _SHOWN:
        yield f"  and {len(findings) - _SHOWN:,} reasons more"


def _drawn(sheet: Sheet, rows: Sequence[int], width: int) -> Iterator[str]:
    """The rows in stripes of as many columns as the width holds, each cell over what was made of it."""
    if not rows:
        return
    gutter = len(str(sheet.rows[rows[-1]])) + 2
    found = [[sheet.cell(row, column) for column in range(sheet.width)] for row in rows]
    for most, named in _WIDEST:
        cells = [[_lines(cell, named=named) for cell in row] for row in found]
        widths = [_width(column, most) for column in zip(*cells, strict=True)]
        if sum(widths) <= width - gutter:
            break
    for columns in _stripes(widths, width - gutter):
        sizes = [widths[column] for column in columns]
        yield " " * gutter + _beside([letters(column) for column in columns], sizes)
        for row, drawn, of in zip(rows, cells, found, strict=True):
            texts, notes = zip(*(drawn[column] for column in columns), strict=True)
            if any((*texts, *notes)):
                yield (f"{sheet.rows[row]:>{gutter - 1}} " + _beside(texts, sizes)).rstrip()
                yield " " * gutter + _beside(notes, sizes, [of[column].kind for column in columns])


def _lines(cell: Cell, *, named: bool) -> tuple[str, str]:
    """The two lines of a cell: its text, and what was made of it with the mark of its kind."""
    note = _flat(cell.note)
    return _flat(cell.text), f"{MARKS[cell.kind][0]} {note if named else _DIMENSION.sub('', note)}".strip()


def _width(column: Iterable[tuple[str, str]], most: int) -> int:
    """The width of a column with the space behind it."""
    widest = max(max(len(text), len(note)) for text, note in column)
    return min(max(widest, _NARROWEST), most) + 2


def _stripes(widths: Iterable[int], width: int) -> Iterator[list[int]]:
    """The columns that fit side by side."""
    stripe: list[int] = []
    used = 0
    for column, size in enumerate(widths):
        if stripe and used + size > width:
            yield stripe
            stripe, used = [], 0
        stripe.append(column)
        used += size
    if stripe:
        yield stripe


def _flat(text: str) -> str:
    """A text on one line, in which nothing commands the terminal."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in " ".join(text.split())
    )


def _beside(texts: Sequence[str], sizes: Sequence[int], kinds: Sequence[Kind] = ()) -> str:
    """Texts in their columns, cut two places before the next one, in the colors of their kinds."""
    last = max((place for place, text in enumerate(texts) if text), default=-1)
    found = ""
    for place, (text, size) in enumerate(zip(texts, sizes, strict=True)):
        cut = text if len(text) <= size - 2 else f"{text[: size - 3]}…"
        found += (_styled(cut, kinds[place]) if kinds else cut) + " " * (
            size - len(cut) if place < last else 0
        )
    return found


def _styled(text: str, kind: Kind) -> str:
    return click.style(text, fg=MARKS[kind][1]) if MARKS[kind][1] else text

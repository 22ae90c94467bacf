"""An explained sheet in the terminal: each cell with what was made of it, in columns that fit the width."""

import re
from collections.abc import Iterable, Iterator, Sequence

import click

from borderstats.intake.explained import Finding, Kind, Sheet
from borderstats.intake.raw import letters

MARKS = {
    Kind.ACCEPTED: ("=", "green"),
    Kind.LEFT_OUT: ("-", "yellow"),
    Kind.REFUSED: ("!", "red"),
    Kind.HEADING: ("#", "cyan"),
    Kind.UNSEEN: ("?", "magenta"),
    Kind.BLANK: (" ", ""),
}
_WIDEST, _NARROWEST = (90, 60, 45, 30), 3
_SHOWN = 20
_DIMENSION = re.compile(r"\b[a-z_]+=")


def legend() -> str:
    """What the marks mean."""
    return "   ".join(_styled(f"{mark} {kind}", kind) for kind, (mark, _) in MARKS.items() if mark.strip())


def lines(sheet: Sheet, rows: Sequence[int], width: int) -> Iterator[str]:
    """Name and counts, the tables found, some rows cell by cell, a summary by column, and the cells of which nothing was made."""
    yield click.style(title(sheet), bold=True)
    yield _fitted(counts(sheet), width)
    yield from (_fitted(f"  {table}", width) for table in sheet.tables)
    yield from _drawn(sheet, rows, width)
    if len(rows) < len(sheet.rows):
        yield f"  {len(rows):,} of {len(sheet.rows):,} rows are drawn; --sheet and --rows FROM:TO draw others"
    if sheet.columns:
        yield "columns:"
        for column in sheet.columns:
            yield _fitted(f"  {column.place:<3} {column.name}: {column.role}; {column.says}", width)
    for kind in (Kind.REFUSED, Kind.LEFT_OUT, Kind.UNSEEN):
        yield from _found(kind, sheet.found(kind), width)


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
        yield _fitted(f"  {finding.place}{text}{more}{reason}", width)
    if len(findings) > _SHOWN:
        yield f"  and {len(findings) - _SHOWN:,} reasons more"


def _drawn(sheet: Sheet, rows: Sequence[int], width: int) -> Iterator[str]:
    """The rows in stripes of as many columns as the width holds, each cell over what was made of it."""
    if not rows:
        return
    gutter = len(str(sheet.rows[rows[-1]])) + 2
    for columns in _stripes(_widths(sheet, rows, width - gutter), width - gutter):
        yield (" " * gutter + "".join(f"{letters(c):<{size}}" for c, size in columns)).rstrip()
        for row in rows:
            cells = [sheet.cell(row, column) for column, _ in columns]
            sizes = [size for _, size in columns]
            if not any(cell.text or cell.note for cell in cells):
                continue
            number = f"{sheet.rows[row]:>{gutter - 1}} "
            texts = [_cut(cell.text, size) for cell, size in zip(cells, sizes, strict=True)]
            notes = [
                _cut(_short(f"{MARKS[cell.kind][0]} {cell.note}", size), size)
                for cell, size in zip(cells, sizes, strict=True)
            ]
            kinds = [cell.kind for cell in cells]
            yield (number + _beside(texts, sizes)).rstrip()
            yield " " * gutter + _beside(notes, sizes, kinds)


def _widths(sheet: Sheet, rows: Sequence[int], width: int) -> list[int]:
    """The width of each column with the space behind it: as wide as its cells if all columns fit so, narrower if not."""
    widths = []
    for column in range(sheet.width):
        cells = [sheet.cell(row, column) for row in rows]
        widest = max((max(len(_flat(cell.text)), len(cell.note) + 2) for cell in cells), default=0)
        widths.append(max(widest, _NARROWEST) + 2)
    cut = [[min(size, most) for size in widths] for most in _WIDEST]
    return next((sizes for sizes in cut if sum(sizes) <= width), cut[-1])


def _stripes(widths: Iterable[int], width: int) -> Iterator[list[tuple[int, int]]]:
    """The columns that fit side by side, each with its width."""
    stripe: list[tuple[int, int]] = []
    for column, size in enumerate(widths):
        if stripe and sum(other for _, other in stripe) + size > width:
            yield stripe
            stripe = []
        stripe.append((column, size))
    if stripe:
        yield stripe


def _flat(text: str) -> str:
    """A text on one line, in which nothing commands the terminal."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in " ".join(text.split())
    )


def _cut(text: str, size: int) -> str:
    """A text on one line, at least two places shorter than its column."""
    flat = _flat(text)
    return flat if len(flat) <= size - 2 else f"{flat[: size - 3]}…"


def _beside(texts: Sequence[str], sizes: Sequence[int], kinds: Sequence[Kind] = ()) -> str:
    """Texts in their columns, in the colors of their kinds."""
    last = max((place for place, text in enumerate(texts) if text), default=-1)
    return "".join(
        (_styled(text, kinds[place]) if kinds else text) + " " * (size - len(text) if place < last else 0)
        for place, (text, size) in enumerate(zip(texts, sizes, strict=True))
    )


def _short(note: str, size: int) -> str:
    """A note without the names of dimensions, if it is too long for its column with them."""
    return note if len(note) <= size - 2 else _DIMENSION.sub("", note)


def _fitted(text: str, width: int) -> str:
    """A line that is broken between words where it is longer than the width."""
    return click.wrap_text(text, width, "", " " * 6) if len(text) > width else text


def _styled(text: str, kind: Kind) -> str:
    return click.style(text, fg=MARKS[kind][1]) if MARKS[kind][1] else text

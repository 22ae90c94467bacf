"""What a source makes of a file: in the terminal, or as one page of HTML."""

import datetime
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import jinja2

from borderstats.commands import drawing
from borderstats.errors import InputError
from borderstats.intake import explain, raw
from borderstats.intake.explain import Explanation
from borderstats.intake.explained import Kind, Sheet
from borderstats.intake.old_workbook import check_old_workbook
from borderstats.standard.model import Standard
from borderstats.standard.struct import fold

Span = tuple[int, int]
"""The numbers of the first and the last row that are shown."""

_DRAWN, _WRITTEN = 12, 500
"""How many rows of each sheet are drawn, and written as HTML, if nobody says which."""

_SHEETS_DRAWN = 3
"""Of a workbook of more sheets only the counts and reasons are told, if nobody says which sheets or rows."""

_NARROWEST, _WIDEST = 70, 200
_WIDTH = 120
"""Where there is no terminal, lines are this wide."""


def explanation(
    standard: Standard, source: str, file: Path, as_of: datetime.date | None, sheets: Sequence[str]
) -> tuple[Explanation, list[Sheet]]:
    """What a source makes of a file, and the sheets asked for; InputError if there is no such sheet."""
    data = file.read_bytes()
    check_old_workbook(file.name, raw.unpacked(file.name, data))
    found = explain.explain(standard, source, file.name, data, as_of)
    names = [sheet.name for sheet in found.sheets]
    wanted = {fold(name): name for name in sheets}
    if missing := wanted.keys() - set(map(fold, names)):
        raise InputError(
            f"{file.name}: there is no sheet {wanted[min(missing)]!r}; there are {', '.join(map(repr, names))}"
        )
    return found, [sheet for sheet in found.sheets if not wanted or fold(sheet.name) in wanted]


def lines(name: str, found: Explanation, sheets: Sequence[Sheet], span: Span | None) -> Iterator[str]:
    """The explanation as the terminal shows it, no wider than that."""
    width = min(max(shutil.get_terminal_size((_WIDTH, 24)).columns, _NARROWEST), _WIDEST)
    yield drawing.fitted(f"{name} as a file of {found.source.id}: {found.source.title}", width)
    yield drawing.legend()
    if found.differences:
        yield click.style("differs from what the source describes:", fg="red")
        yield from (drawing.fitted(f"  {'; '.join(filter(None, one))}", width) for one in found.differences)
    several = len(sheets) > _SHEETS_DRAWN and not span
    for sheet in sheets:
        yield ""
        yield from drawing.lines(sheet, [] if several else _rows(sheet, span or (1, _DRAWN)), width)


def page(name: str, found: Explanation, sheets: Sequence[Sheet], span: Span | None) -> str:
    """The explanation as a page of its own: no file beside it, no script."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"title": drawing.title, "counts": drawing.counts, "letters": raw.letters}
    shown = [(sheet, _rows(sheet, span or (1, _WRITTEN))) for sheet in sheets]
    reasons = (Kind.REFUSED, Kind.LEFT_OUT, Kind.UNSEEN)
    marks = {kind: mark for kind, (mark, _) in drawing.MARKS.items() if mark.strip()}
    return environment.get_template("explaining.html").render(
        name=name, found=found, sheets=shown, reasons=reasons, marks=marks
    )


def _rows(sheet: Sheet, span: Span) -> list[int]:
    """The places of the rows that are shown; of a list its header too."""
    first, last = span
    return [
        place
        for place, number in enumerate(sheet.rows.tolist())
        if first <= number <= last or (sheet.columns and not place)
    ]

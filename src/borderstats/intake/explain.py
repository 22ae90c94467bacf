"""What a source makes of a file, cell by cell: every cell is accepted, left out, refused, a heading, blank, or not looked at.

Nothing is read a second time: what is told of a cell is what the reader took it for.
"""

import datetime
from dataclasses import dataclass

from borderstats.intake import recognise
from borderstats.intake.differences import Difference
from borderstats.intake.explain_grid import GridSheet
from borderstats.intake.explain_list import ListSheet
from borderstats.intake.explained import Sheet
from borderstats.intake.grid import Grid
from borderstats.intake.read import read_recognised
from borderstats.standard.model import Standard
from borderstats.standard.sources import Source


@dataclass(frozen=True)
class Explanation:
    """The sheets of a file with what a source makes of them, and how the file differs from those of the source."""

    source: Source
    sheets: tuple[Sheet, ...]
    differences: tuple[Difference, ...]


def explain(
    standard: Standard, source: str, name: str, data: bytes, as_of: datetime.date | None = None
) -> Explanation:
    """Read a file as one of a source and tell what was made of each cell.

    Raises InputError if the file is damaged or of another form, or needs an `as_of`. A sheet that differs from what
    the source describes is shown as far as it can be read.
    """
    differences: list[Difference] = []
    found = recognise.read(standard, name, data, source, differences)
    reading = read_recognised(standard, name, found, as_of, given=True)
    sheets = [
        GridSheet(sheet.seen, reading, sheet.aside)
        if isinstance(sheet.seen, Grid)
        else ListSheet(sheet.seen, reading)
        for sheet in found.sheets
    ]
    return Explanation(found.source, tuple(sheets), tuple(differences))

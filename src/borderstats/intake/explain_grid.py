"""A sheet of blocks explained: titles, headings, figures, and the cells that lie in no block."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from borderstats.intake.explained import Finding, Kind, Sheet
from borderstats.intake.grid import Block, Grid, may_be_a_figure
from borderstats.intake.meaning import meaning, role, rule_path
from borderstats.intake.raw import Cells, letters
from borderstats.intake.read import Reading
from borderstats.intake.statements import leading_day_of, stated_days
from borderstats.intake.table import Part
from borderstats.standard.sources import BlockTable, IgnoredBlock, Region

Place = tuple[int, int]

_TEXT = "a text beside the tables, and no figure"
"""Why a title, a note or a legend is left out; each is told, because it may say that figures mean something else now."""


class _Label(NamedTuple):
    """What a cell is to a table: the label or figure of a column in some rows of the long table, the first of which counts."""

    part: Part
    column: str
    row: int


_STRENGTH = {Kind.HEADING: 0, Kind.LEFT_OUT: 1, Kind.ACCEPTED: 2, Kind.REFUSED: 3}
"""A cell in several tables is what the strongest makes of it; a heading what it is to a table with figures for it."""


class GridSheet(Sheet):
    """A sheet as a grid of cells; `aside` says why it is not used at all."""

    def __init__(self, grid: Grid, reading: Reading, aside: str = "") -> None:
        self.name, self.rows = grid.sheet, np.arange(1, len(grid.rows) + 1)
        self.grid, self.reading, self.aside = grid, reading, aside
        self.refusals = [refusal for refusal in reading.refusals if refusal.sheet == grid.sheet]
        self.conflicts = {
            (refusal.row, refusal.letter): refusal.reason
            for refusal in reading.conflicts
            if refusal.sheet == grid.sheet
        }
        own = {part.space.dataset.id for part in reading.parts if part.published.sheet == grid.sheet}
        self.several = len(own) > 1
        self.said: dict[Place, list[_Label | str]] = {}
        self.strength: dict[Place, int] = {}
        blank = np.array([[not cell.strip() for cell in row] for row in grid.rows], bool)
        unused = Kind.LEFT_OUT if aside else Kind.UNSEEN
        self.kinds = np.where(blank, Kind.BLANK.number, unused.number).astype(np.int16)
        self.tables = [self._block(table, block) for table, block in grid.blocks]
        self._days()
        if grid.blocks:
            self._texts()

    def text(self, row: int, column: int) -> str:
        return self.grid.rows[row][column]

    def note(self, row: int, column: int) -> str:
        if (row, column) not in self.said:
            return self.aside if self.text(row, column).strip() else ""
        said = (
            one if isinstance(one, str) else meaning(one.part, one.column, one.row, named=self.several)
            for one in self.said[row, column]
        )
        return "; ".join(dict.fromkeys(filter(None, said)))

    def found(self, kind: Kind) -> list[Finding]:
        if kind == Kind.REFUSED:
            return [
                Finding(f"row {one.row}, column {one.letter}", one.unknown, one.reason, one.figures)
                for one in self.refusals
            ]
        found: dict[object, Finding] = {}
        for row, column in np.argwhere(self.kinds == kind.number).tolist():
            reason = self.note(row, column)
            first = Finding(f"{letters(column)}{row + 1}", self.text(row, column), reason, 0)
            key = (row, column) if reason in ("", _TEXT) else reason
            known = found.get(key, first)
            found[key] = known._replace(cells=known.cells + 1)
        return list(found.values())

    def _say(self, cell: Place, kind: Kind, what: _Label | str = "", strength: int = 0) -> None:
        """Say what a cell is, unless something stronger is said of it already."""
        strength = strength or _STRENGTH[kind]
        if strength > self.strength.get(cell, -1):
            self.said[cell] = []
            self.kinds[cell], self.strength[cell] = kind.number, strength
        if strength == self.strength[cell]:
            self.said[cell].append(what)

    def _texts(self) -> None:
        """The cells of a sheet in use that lie in no block; what may be a figure among them, nobody has looked at."""
        for row, column in np.argwhere(self.kinds == Kind.UNSEEN.number).tolist():
            if not may_be_a_figure(self.grid.rows[row][column]):
                self._say((row, column), Kind.LEFT_OUT, _TEXT)

    def _days(self) -> None:
        """The cells that say for which day the figures or the file stand."""
        for cell, day in self.grid.days.items():
            self._say(cell, Kind.HEADING, f"the day {day}")
        source = self.reading.source
        leading = leading_day_of(source)
        for row, cells in enumerate(self.grid.rows) if source.stated else ():
            for column, text in enumerate(cells):
                for day in stated_days(source.stated, [Cells("", [[text]])], leading):
                    self._say((row, column), Kind.HEADING, f"the file is stated for {day}")

    def _block(self, table: Region, block: Block) -> str:
        """Say what the cells of a block are, and where it lies."""
        path = rule_path(self.reading.source, table)
        first, last = letters(block.columns[0]), letters(block.columns[-1])
        lies = (
            f"columns {first} to {last}, header in row {block.header + 1}, "
            f"rows {block.rows[0] + 1} to {block.rows[-1] + 1}"
        )
        if block.titled:
            self._say(block.titled, Kind.HEADING, f"the title of {path.partition(' ')[2]}")
        parts = [
            part
            for part in self.reading.parts
            if part.table is table
            and part.published.sheet == self.name
            and part.published.block == block.place
        ]
        for row in (*block.head, *block.rows):
            for column in block.columns if row in block.head else block.headings:
                self._say((row, column), Kind.HEADING)
        for part in parts:
            self._part(part, block)
        if isinstance(table, IgnoredBlock):
            for row in block.rows:
                for column in block.values:
                    self._say((row, column), Kind.LEFT_OUT, table.reason)
            return f"{path}: a block that is not used, {lies}"
        return f"{path}: a block that feeds {', '.join(part.space.dataset.id for part in parts)}, {lies}"

    def _part(self, part: Part, block: Block) -> None:
        """Say what headings and figures of a block are to one table."""
        table, width = part.table, len(block.values)
        assert isinstance(table, BlockTable)
        every = range(len(part.published.row))
        if block.titled and table.title_as:
            self._heading(block.titled, part, table.title_as, every)
        for name, column in zip(table.columns, block.headings, strict=True):
            self._say((block.header, column), Kind.HEADING, role(part.by_name[name][0]))
            for place, row in enumerate(block.rows):
                self._heading((row, column), part, name, every[place * width : (place + 1) * width])
        names = table.across if len(table.across) == block.depth else table.across * block.depth
        for name, row in zip(names, block.head, strict=True):
            for place, column in enumerate(block.values):
                self._heading((row, column), part, name, every[place::width])
        for place, cell in enumerate((row, column) for row in block.rows for column in block.values):
            self._figure(cell, part, table.figures, place)

    def _heading(self, cell: Place, part: Part, name: str, rows: Sequence[int]) -> None:
        """A heading is what it is to the first of its figures that is open; it is refused if they all are for it."""
        row = next((row for row in rows if part.rows.open[row]), rows[0])
        refusal = part.rows.refusals.get(row)
        refused = refusal is not None and refusal.column == name
        if refused:
            self._say(cell, Kind.REFUSED, _Label(part, name, row))
        elif not refusal:
            self._say(cell, Kind.HEADING, _Label(part, name, row), 2 if part.rows.open[row] else 1)

    def _figure(self, cell: Place, part: Part, name: str, row: int) -> None:
        figure = _Label(part, name, row)
        if reason := self.conflicts.get((cell[0] + 1, letters(cell[1]))):
            self._say(cell, Kind.REFUSED, reason)
        elif refusal := part.rows.refusals.get(row):
            self._say(cell, Kind.REFUSED, figure if refusal.column in ("", name) else "")
        else:
            self._say(cell, Kind.ACCEPTED if part.rows.open[row] else Kind.LEFT_OUT, figure)

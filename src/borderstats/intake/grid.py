"""A sheet as a grid of cells, and the blocks of figures in it as long tables: one row for each figure.

A block is found by its title and by the labels of its corner, never by its position: rows and columns may move from
one edition to the next. Every figure of a sheet must lie in a block that the standard describes.
"""

import datetime
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from borderstats.intake.differences import Difference, differing
from borderstats.intake.kinds import no_value
from borderstats.intake.raw import Cells, Labels, RawTable, letters, shown
from borderstats.intake.statements import Leading, leading_day
from borderstats.intake.wildcards import wildcard
from borderstats.observations import Ints
from borderstats.standard.sources import BlockTable, IgnoredBlock, Region
from borderstats.standard.struct import even, fold

_RAISED = "[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]"
_FOOTNOTES = re.compile(
    rf"(?<=[^\d\s])\d{{1,2}}(,\d{{1,2}})*$|\s+\d{{1,2}}/$|\s*/\d{{1,2}}$|\s*{_RAISED}+(,\s*{_RAISED}+)*$|(\s*\[(\d|{_RAISED}){{1,2}}\])+$"
)
_FIGURE = re.compile(
    "[<>~\u2248\u00b1\u2264\u2265(+\u2212\u2013$\u20ac\u00a3 -]*[0-9.][0-9 ,.'\u2019\u00a0\u2009\u202f]*"
    "(?:[eE][-+]?[0-9]+)?[ %)*\u2020\u2021\u00b9\u00b2\u00b3\u2070\u2074-\u2079]*[a-z]?[*\u2020\u2021)]*"
)
"""What looks like a figure, however it is dressed: `$1,234`, `(12)`, `12 %`, `<5`, `12 r`, `1e-05`."""

_UNIT = re.compile(r"\b(thousand|million|billion|percent|per cent)(?:s|age)?\b|%", re.IGNORECASE)
"""Words that say that a figure is no plain count."""


_LONGEST_FIGURE = 30


Titled = tuple[int, int, str]
"""A cell that begins with a title: its row, its column, and what stands behind the title."""


@dataclass(frozen=True)
class Grid:
    """A sheet's cells, the blocks found in it, and the cells that say for which day one of them stands."""

    cells: Cells
    blocks: list[tuple[Region, "Block"]] = field(default_factory=list)
    days: dict[tuple[int, int], datetime.date] = field(default_factory=dict)

    @property
    def sheet(self) -> str:
        return self.cells.sheet

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        return self.cells.rows

    @cached_property
    def origins(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each merged cell the one that holds its label."""
        height, width = len(self.rows), len(self.rows[0])
        return {
            (row, column): first
            for first, last in self.cells.merged
            if first[0] < height and first[1] < width
            for row in range(first[0], min(last[0] + 1, height))
            for column in range(first[1], min(last[1] + 1, width))
        }

    @cached_property
    def texts(self) -> list[tuple[int, int, str]]:
        """Every cell that is not blank and no plain number: its row, its column, and its text, white space made even."""
        return [
            (row, column, even(cell))
            for row, cells in enumerate(self.rows)
            for column, cell in enumerate(cells)
            if cell and not cell.isdigit()
        ]

    @cached_property
    def _by_initial(self) -> dict[str, list[Titled]]:
        """The same by the first letter of the text, upper or lower."""
        found: dict[str, list[Titled]] = {}
        for one in self.texts:
            found.setdefault(_initial(one[2]), []).append(one)
        return found

    def titled(self, title: str) -> Iterator[Titled]:
        """The row and column of each cell that begins with a title, and what stands behind it there."""
        wanted, initial = wildcard(title), _initial(even(title))
        plain = initial.isascii() and initial.isalpha()
        for row, column, text in self._by_initial.get(initial, ()) if plain else self.texts:
            if found := wanted.match(text):
                yield row, column, text[found.end() :]

    def at(self, row: int, column: int) -> str:
        """The label that a person sees in a cell, merged or not."""
        row, column = self.origins.get((row, column), (row, column))
        return self.rows[row][column]

    def origin(self, row: int, column: int) -> tuple[int, int]:
        return self.origins.get((row, column), (row, column))

    @property
    def where(self) -> str:
        """What stands before a place; a file without sheets has none."""
        return f"sheet {self.sheet!r}: " if self.sheet else ""

    def place(self, number: int) -> str:
        return f"{self.where}row {number + 1}"


@dataclass(frozen=True)
class Block:
    """Where a block of figures lies: the cell of its title, the lowest header row, the columns of headings and figures, the rows.

    `title` is what stands in that cell behind the title that the standard knows.
    """

    title: str
    titled: tuple[int, int] | None
    header: int
    depth: int
    headings: tuple[int, ...]
    values: tuple[int, ...]
    rows: tuple[int, ...]

    @property
    def head(self) -> range:
        """The header rows."""
        return range(self.header - self.depth + 1, self.header + 1)

    @property
    def top(self) -> int:
        """The row of the title, or the highest header row."""
        return min(self.head[0], self.titled[0]) if self.titled else self.head[0]

    @property
    def columns(self) -> tuple[int, ...]:
        return (*self.headings, *self.values)

    @property
    def place(self) -> tuple[int, ...]:
        """What tells it from the other blocks of its sheet."""
        return (self.header, *self.columns, *self.rows)


def _initial(text: str) -> str:
    """The first letter of a text, alike for all that a search without regard to case takes for alike."""
    return text[:1].casefold()[:1].replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")


def without_footnotes(label: str) -> str:
    """A label without the digits glued to its end that point to a footnote: `Withdrawals7`, `1997 /1`, `1896³`, `2016 [1]`."""
    return _FOOTNOTES.sub("", label.strip()).rstrip()


def units(texts: Iterable[str]) -> frozenset[str]:
    """The words in some texts that say that a figure is no plain count, such as `thousand`."""
    return frozenset(_unit(match) for text in texts for match in _UNIT.finditer(text))


def _unit(match: re.Match[str]) -> str:
    return (match[1] or "percent").lower().replace(" ", "")


def set_aside(name: str, grid: Grid, table: IgnoredBlock, described: frozenset[str] = frozenset()) -> None:
    """Find the blocks of a table that is not used, as `long_tables` does, so that their figures are not left over."""
    for titled in _places(grid, table):
        found = _find(name, grid, table, titled)
        _refuse_unit(name, grid, found, described)
        grid.blocks.append((table, found))


def long_tables(
    name: str,
    grid: Grid,
    table: BlockTable,
    described: frozenset[str] = frozenset(),
    leading: Leading = leading_day,
) -> Iterator[RawTable]:
    """The block of a table, or `every` one with its title: one row for each figure, in the order of the sheet.

    `described` are the units that the standard knows, `leading` reads the day in a note. Columns: `title_as`, if given; the row headings; the header rows of `across`;
    the figures. `row` is the figure's row in the sheet, from 1. Raises LayoutError if the block is not there or its headings are not
    the declared ones.
    """
    for titled in _places(grid, table):
        yield _long_table(name, grid, table, _find(name, grid, table, titled), described, leading)


def _places(grid: Grid, table: Region) -> Sequence[Titled | None]:
    """Where the title of a block stands, or of every one; nowhere, if it has none or it is not there.

    A row heading of a block that was found before is no title, unless nothing else is.
    """
    if not table.title:
        return [None]
    labels = {(row, column) for _, one in grid.blocks for row in one.rows for column in one.headings}
    every = list(grid.titled(table.title))
    found = [one for one in every if one[:2] not in labels] or every
    return (found if table.every else found[:1]) or [None]


def _long_table(
    name: str, grid: Grid, table: BlockTable, block: Block, described: frozenset[str], leading: Leading
) -> RawTable:
    _refuse_unit(name, grid, block, described)
    grid.blocks.append((table, block))
    height, width = len(block.rows), len(block.values)
    headings = [
        _labels(
            [grid.at(row, column) for row in block.rows],
            np.repeat(np.arange(height), width),
        )
        for column in block.headings
    ]
    across = [_labels(level, np.tile(np.arange(width), height)) for level in _header(grid, block, table)]
    figures = _labels(
        [grid.rows[row][column] for row in block.rows for column in block.values], np.arange(height * width)
    )
    title = [_labels([block.title], np.zeros(height * width, np.int64))] if table.title_as else []
    return RawTable(
        grid.sheet,
        table.names,
        (*title, *headings, *across, figures),
        np.repeat(np.array(block.rows, np.int64) + 1, width),
        column=tuple(map(letters, block.values)) * height,
        width=width,
        day=_day(name, grid, table.day, leading) if table.day not in ("", "as_of") else None,
        letters=(
            *([""] if table.title_as else []),
            *map(letters, block.headings),
            *("" for _ in (*table.across, table.figures)),
        ),
        block=block.place,
        hidden=grid.cells.hidden,
        first_day=grid.cells.first_day,
        as_of=grid.cells.as_of,
    )


def _refuse_unit(name: str, grid: Grid, block: Block, described: frozenset[str]) -> None:
    """Raise LayoutError if title or header name a unit, such as thousands, that the standard's description does not."""
    for row in range(block.top, block.header + 1):
        for column, cell in enumerate(grid.rows[row]):
            if not cell or cell.isdigit() or _looks_like_a_figure(cell):
                continue
            if found := units([cell]) - described:
                raise differing(
                    name,
                    f"{grid.place(row)}, column {letters(column)}: {shown(cell)} says {min(found)!r}, which the table in the standard does not",
                    "if the publisher changed the unit, the figures are other ones: describe them as a dataset of their own",
                )


def left_overs(grid: Grid) -> Iterator[Difference]:
    """The figures of a sheet that lie in no block, with the place of the first: nothing is lost in silence."""
    free = np.ones((len(grid.rows), len(grid.rows[0])), bool)
    for _, block in grid.blocks:
        free[np.ix_((*block.head, *block.rows), block.columns)] = False
    loose = [
        (row, column)
        for row, (cells, unused) in enumerate(zip(grid.rows, free.tolist(), strict=True))
        for column, cell in itertools.compress(enumerate(cells), unused)
        if cell and may_be_a_figure(cell)
    ]
    if loose:
        row, column = loose[0]
        yield Difference(
            f"{grid.place(row)}, column {letters(column)}: {shown(grid.rows[row][column])} and {len(loose) - 1:,} more "
            "figures lie in no table that the standard describes",
            "describe it as a table, or as an `ignored_block` with the reason why it is not used",
        )


def may_be_a_figure(cell: str) -> bool:
    """Whether a cell looks like a figure, however it is dressed, or holds an error or formula where one may have stood."""
    return _looks_like_a_figure(cell) or bool(no_value(cell))


def _looks_like_a_figure(cell: str) -> bool:
    text = cell.strip()
    return len(text) <= _LONGEST_FIGURE and any(map(str.isdigit, text)) and bool(_FIGURE.fullmatch(text))


def _find(name: str, grid: Grid, table: Region, found: Titled | None) -> Block:
    title, start, left = "", 0, 0
    titled = None
    if table.title:
        row, left, title = found or _title(name, grid, table.title)
        titled = row, left
        start = row + 1
    corner = table.columns[0] if table.corner is None else table.corner
    top, left = _corner(name, grid, table, start, left, corner)
    header = top
    while corner and header + 1 < len(grid.rows) and _same(grid.at(header + 1, left), corner):
        header += 1
    if header - table.depth + 1 < 0:
        raise differing(name, f"{grid.place(header)}: there are fewer than {table.depth} header rows")
    headings = tuple(range(left, left + len(table.columns)))
    if headings[-1] >= len(grid.rows[header]):
        raise differing(
            name,
            f"{grid.place(header)}: the row has {len(grid.rows[header])} columns, too few for the row headings {', '.join(table.columns)}",
        )
    if table.corner is None:
        for column, wanted in zip(headings, table.columns, strict=True):
            if not _same(grid.at(header, column), wanted):
                raise differing(
                    name,
                    f"{grid.place(header)}, column {letters(column)}: {shown(grid.rows[header][column])} stands where {wanted!r} should",
                )
    first = headings[-1] + 1
    while grid.origin(header, first) == grid.origin(header, left):
        first += 1
    width = len(grid.rows[header])
    values = tuple(itertools.takewhile(lambda c: grid.at(header, c).strip(), range(first, width)))
    rows = tuple(_body(name, grid, header + 1, headings, values, table.gaps))
    if not rows:
        raise differing(name, f"{grid.place(header)}: there is a header and not one row of figures below it")
    return Block(title, titled, header, table.depth, headings, values, rows)


def _body(
    name: str, grid: Grid, start: int, headings: Sequence[int], values: Sequence[int], gaps: int
) -> Iterator[int]:
    """The rows with figures below a header up to the first without one; blank rows right below the header do not count.

    A row right below the header that has a heading and no figure is an error: it may be the head of a group. Up to
    `gaps` rows without a figure may stand before or between those that have one.
    """
    begun, passed = False, 0
    lone: tuple[int, str] | None = None
    for row in range(start, len(grid.rows)):
        if any(grid.rows[row][c].strip() for c in values):
            if lone:
                raise differing(
                    name,
                    f"{grid.place(lone[0])}: {shown(lone[1])} stands right below the header without a figure",
                    "a group of rows must begin with figures of its own",
                )
            begun, passed = True, 0
            yield row
        elif passed < gaps:
            passed += 1
        elif begun:
            return
        elif heading := next((grid.rows[row][c] for c in headings if grid.rows[row][c].strip()), ""):
            lone = lone or (row, heading)


def _title(name: str, grid: Grid, title: str) -> Titled:
    if found := next(grid.titled(title), None):
        return found
    raise differing(
        name,
        f"{grid.where}no cell begins with {title!r}",
        "if the table was renamed, change its title in the standard",
    )


def _day(name: str, grid: Grid, text: str, leading: Leading) -> datetime.date:
    """The date behind a text, whatever stands behind that."""
    row, column, rest = _title(name, grid, text)
    written = rest.strip(" :,.")
    if day := leading(written):
        grid.days[row, column] = day
        return day
    raise differing(
        name,
        f"{grid.place(row)}, column {letters(column)}: {shown(written)} behind {text!r} is not a date like 11/16/2020",
        "if the note was worded anew, change the `day` of the table in the standard",
    )


def _corner(name: str, grid: Grid, table: Region, start: int, left: int, corner: str) -> tuple[int, int]:
    """The first cell below the title, in its column, that has the corner's label.

    A blank corner is that of the first row which has labels, only none there.
    """
    for row in range(start, len(grid.rows)):
        if _same(grid.rows[row][left], corner) and any(cell.strip() for cell in grid.rows[row]):
            return row, left
    below = f" below {table.title!r}" if table.title else ""
    raise differing(
        name,
        f"{grid.where}column {letters(left)}: no cell{below} is {corner!r}, with which the header of the table begins",
    )


def _same(cell: str, wanted: str) -> bool:
    return fold(cell) == fold(wanted) or fold(without_footnotes(cell)) == fold(wanted)


def _header(grid: Grid, block: Block, table: BlockTable) -> Iterator[list[str]]:
    """The labels of each declared level for each column of figures; undeclared levels are joined into one."""
    levels = [[" ".join(grid.at(row, column).split()) for column in block.values] for row in block.head]
    if len(levels) == len(table.across):
        return iter(levels)
    return iter(
        [
            [
                " / ".join(without_footnotes(label) for label in path if label)
                for path in zip(*levels, strict=True)
            ]
        ]
    )


def _labels(texts: Sequence[str], place: Ints) -> Labels:
    distinct: dict[str, int] = {}
    numbers = np.array([distinct.setdefault(text, len(distinct)) for text in texts], np.int64)
    return Labels(list(distinct), numbers[place])

"""A column's labels before they are understood: blanks filled, footnotes cut off, groups put in front."""

import datetime
import re
from collections.abc import Collection, Sequence

import numpy as np

from borderstats.intake.grid import without_footnotes
from borderstats.intake.raw import Labels
from borderstats.observations import Flags
from borderstats.standard.codelists import TOTAL
from borderstats.standard.columns import (
    Column,
    DayColumn,
    DimensionColumn,
    HalfMonthColumn,
    LabelColumn,
    LastDayColumn,
    NotBeforeColumn,
    WeekColumn,
)
from borderstats.standard.struct import fold, visible

_DAYS = (DayColumn, HalfMonthColumn, LastDayColumn, NotBeforeColumn)
_NUMBER_OF_DAY = re.compile("[0-9]{5}")
_NUMBERS_OF_DAYS = range(20_000, 60_000)
"""The numbers of the days from 1954 to 2064; other numbers are none, in a column of days."""


def rows_with(cells: Labels, *labels: str) -> Flags:
    """Which rows have one of some labels."""
    wanted = {fold(label) for label in labels}
    return np.array([fold(text) in wanted for text in cells.distinct], bool)[cells.place]


def prepared(column: Column, cells: Labels, width: int) -> Labels:
    """A column's labels without invisible characters, and without footnotes and with blanks filled, if the standard says so.

    With a `width` they are filled from the left within each stretch of so many rows, else from above.
    """
    place = cells.place
    cells = Labels(list(map(visible, cells.distinct)), place)
    if not isinstance(column, LabelColumn):
        return cells
    if column.fill:
        blank = np.array([not label.strip() for label in cells.distinct], bool)[place]
        every = np.arange(len(place))
        start = every - every % width if width else 0
        last = np.maximum.accumulate(np.where(blank, start, every))
        place = place[last]
    distinct = list(map(without_footnotes, cells.distinct)) if column.footnotes else cells.distinct
    groups = column.groups if isinstance(column, DimensionColumn) else ()
    return _grouped(groups, Labels(distinct, place)) if groups else Labels(distinct, place)


def in_two(begins: Collection[str], cells: Labels) -> tuple[Labels, Labels]:
    """Labels of groups and of the rows below them as two columns: each row's group, and what it is of that group.

    `begins` are the folded labels that begin a group; the row that has one is the total of its group.
    """
    heads = np.array([fold(label) in begins for label in cells.distinct], bool)[cells.place]
    last = np.maximum.accumulate(np.where(heads, np.arange(len(cells.place)), -1))
    total = len(cells.distinct)
    return (
        Labels(cells.distinct, cells.place[np.where(last < 0, np.arange(len(last)), last)]),
        Labels([*cells.distinct, TOTAL], np.where(heads, total, cells.place)),
    )


def dated(column: Column, cells: Labels, first_day: datetime.date) -> Labels:
    """A column of days in which the number of a day, which is what a workbook holds in a cell, is that day."""
    holds_days = isinstance(column, _DAYS) or (isinstance(column, WeekColumn) and column.day)
    if not holds_days:
        return cells
    return Labels([_dated(label, first_day) for label in cells.distinct], cells.place)


def _dated(label: str, first_day: datetime.date) -> str:
    number = label.strip()
    if _NUMBER_OF_DAY.fullmatch(number) and int(number) in _NUMBERS_OF_DAYS:
        return (first_day + datetime.timedelta(int(number))).isoformat()
    return label


def _grouped(groups: Sequence[str], cells: Labels) -> Labels:
    """Labels of rows in a group as `group / label`; the row that begins a group keeps its own."""
    begins = {fold(group) for group in groups}
    heads = np.array([fold(label) in begins for label in cells.distinct], bool)[cells.place]
    last = np.maximum.accumulate(np.where(heads, np.arange(len(cells.place)), -1))
    group = np.where(heads | (last < 0), -1, cells.place[last])
    pairs, place = np.unique(np.stack((group, cells.place)), axis=1, return_inverse=True)
    distinct = [
        cells.distinct[label] if head < 0 else f"{cells.distinct[head].strip()} / {cells.distinct[label]}"
        for head, label in pairs.T
    ]
    return Labels(distinct, place)

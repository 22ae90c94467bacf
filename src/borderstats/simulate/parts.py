"""The cells of a month as rows with a time, in parts that are small enough for memory."""

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from borderstats import periods
from borderstats.errors import InputError
from borderstats.observations import Ints
from borderstats.simulate.margins import Cells
from borderstats.simulate.random_numbers import generator
from borderstats.standard.model import Standard
from borderstats.standard.record_rules import Within

DAY = 86_400
PART_ROWS = 1 << 17
"""About how many rows a part has; a month is cut into days at most."""

_EPOCH = datetime.date(1970, 1, 1)
_OFFSETS = 1024


@dataclass(frozen=True)
class Part:
    """Some rows in the order of time: each row's cell and its time in seconds since 1970."""

    month: int
    number: int
    cells: Cells
    cell: Ints
    time: Ints


def seconds(day: datetime.date) -> int:
    """The beginning of a day in seconds since 1970."""
    return (day - _EPOCH).days * DAY


def windows(standard: Standard) -> Mapping[int, tuple[int, int]]:
    """For each title in force for a time only its first second and the first one after: what the record rules say."""
    family = standard.families["encounter"]
    titles = standard.codelist_of("title").numbers
    return {
        titles[title]: (
            seconds(rule.minimum),
            seconds(rule.maximum) + DAY,
        )
        for rule in family.rules
        if isinstance(rule, Within) and rule.field == family.time
        if isinstance(rule.minimum, datetime.date) and isinstance(rule.maximum, datetime.date)
        for title in rule.when.get("title", ())
    }


def parts(cells: Cells, allowed: Mapping[int, tuple[int, int]], seed: int, dataset: str) -> Iterator[Part]:
    """All rows of all cells of a dataset, month by month; each month has exactly the rows of its cells.

    Raises InputError if a cell lies wholly outside the time in which its title was in force.
    """
    months, starts = np.unique(cells.month, return_index=True)
    for month, start, stop in zip(months, starts, (*starts[1:], len(cells.month)), strict=True):
        yield from _month(int(month), cells.where(np.arange(start, stop)), allowed, seed, dataset)


def _month(
    month: int, cells: Cells, allowed: Mapping[int, tuple[int, int]], seed: int, dataset: str
) -> Iterator[Part]:
    begin, end = map(seconds, periods.days(month))
    days = (end - begin) // DAY + 1
    first, after = np.full(len(cells.count), begin), np.full(len(cells.count), begin + days * DAY)
    for title, (start, stop) in allowed.items():
        under = cells.title == title
        first[under], after[under] = np.maximum(first[under], start), np.minimum(after[under], stop)
    if (first >= after).any():
        raise InputError(
            f"{dataset} {periods.text(month)}: encounters under a title that standard/records/encounter.toml does not "
            "allow in that month; correct the archive or the rule"
        )
    number = min(days, math.ceil(int(cells.count.sum()) / PART_ROWS))
    # Small cells fall into one part or another by an offset of their own.
    offset = generator(seed, month).integers(0, _OFFSETS, len(cells.count)) / _OFFSETS
    edges = begin + np.arange(number + 1) * days * DAY // number
    for part in range(number):
        low, high = (np.clip(edge, first, after) for edge in edges[part : part + 2])
        done = [np.floor(cells.count * ((to - first) / (after - first)) + offset) for to in (low, high)]
        count = (done[1] - done[0]).astype(np.int64)
        cell = np.repeat(np.arange(len(count)), count)
        position = generator(seed, month, part).random(len(cell))
        since = (low - begin)[cell] + (position * (high - low)[cell]).astype(np.int64)
        # Time and row as one number: sorting it is fast and leaves no ties.
        both = np.sort((since << 32) | np.arange(len(cell)))
        yield Part(month, part, cells, cell[both & 0xFFFFFFFF], begin + (both >> 32))

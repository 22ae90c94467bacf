"""Figures with their keys and the rows they come from, and figures of one key put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from borderstats.observations import Flags, Ints, Small


@dataclass(frozen=True)
class Figures:
    """Figures, each with its key, its value, its status, and the places of its row and column in the table.

    Where rows are counted, a figure stands in no column: its place is -1.
    """

    key: Ints
    value: Ints
    status: Small
    row: Ints
    column: Small

    def __len__(self) -> int:
        return len(self.key)

    def take(self, wanted: Ints | Flags) -> "Figures":
        """Those at some places, or the flagged ones."""
        return Figures(
            self.key[wanted], self.value[wanted], self.status[wanted], self.row[wanted], self.column[wanted]
        )

    def of(self, rows: Flags) -> "Figures":
        """Those of the flagged rows."""
        return self if rows.all() else self.take(rows[self.row])

    def by_key(self) -> "Figures":
        return self.take(np.argsort(self.key, kind="stable"))


def numbered(columns: Sequence[Ints]) -> Ints:
    """A number for each row that is the same where every column has the same number, none below zero."""
    number = np.zeros(len(columns[0]), np.int64)
    most = 1
    for numbers in columns:
        size = int(numbers.max(initial=0)) + 1
        if most > np.iinfo(np.int64).max // size:
            distinct, number = np.unique(number, return_inverse=True)
            most = len(distinct)
        number = number * size + numbers
        most *= size
    return number


def once(figures: Figures, identity: Ints) -> Figures:
    """The first figure of each key for each identity, which is given by row."""
    _, keys = np.unique(figures.key, return_inverse=True)
    _, first = np.unique(numbered([identity[figures.row], keys]), return_index=True)
    return figures.take(np.sort(first))


def added_up(figures: Figures, untold: Sequence[int]) -> Figures:
    """Figures in the order of their keys, those of one key as their sum, which has row and column of the first.

    A sum with a part that is not told (`untold` are the statuses of such) is not told either, for the reason of its
    first such part.
    """
    if not len(figures):
        return figures
    starts = np.flatnonzero(np.append(True, figures.key[1:] != figures.key[:-1]))
    hidden = np.isin(figures.status, untold)
    place = np.where(hidden, np.arange(len(figures)), len(figures))
    first_hidden = np.minimum.reduceat(place, starts)
    complete = first_hidden == len(figures)
    return Figures(
        figures.key[starts],
        np.where(complete, np.add.reduceat(figures.value, starts), 0),
        figures.status[np.where(complete, starts, first_hidden)],
        figures.row[starts],
        figures.column[starts],
    )

"""Rows that add up others, in tables of a dataset that adds up itself: each is held to the rows that it adds up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from borderstats.intake.codes import Places
from borderstats.intake.figures import Figures, numbered
from borderstats.intake.labels import rows_with
from borderstats.intake.raw import Labels
from borderstats.observations import Flags, Ints, KeySpace
from borderstats.standard.columns import DimensionColumn


@dataclass(frozen=True)
class Totals:
    """The rows of a table that add up others, by the labels that its `columns` have for `totals`."""

    space: KeySpace
    columns: Sequence[tuple[DimensionColumn, Labels]]

    @cached_property
    def _over(self) -> Sequence[Flags]:
        """For each column the rows that are totals over it."""
        return [rows_with(labels, *column.totals) for column, labels in self.columns]

    @cached_property
    def rows(self) -> Flags:
        """The rows that are totals over any column."""
        found: Flags = np.logical_or.reduce(self._over)
        return found

    def differing(self, figures: Figures, places: Places, period: Ints) -> Iterator[tuple[int, int, int]]:
        """The places of totals that are not the sum of the rows that they add up, each with its figure and that sum.

        A total that has no figure, or a part that has none, cannot be held to anything.
        """
        over = np.array([flags[figures.row] for flags in self._over])
        parts = ~self.rows[figures.row]
        untold = np.isin(figures.status, self.space.statuses.untold)
        for pattern in np.unique(over[:, ~parts], axis=1).T:
            here = np.flatnonzero(parts | (over == pattern[:, None]).all(axis=0))
            rows, part = figures.row[here], parts[here]
            codes = [np.broadcast_to(places[c], period.shape)[rows] for c in self._apart(pattern)]
            cells = numbered([period[rows], figures.column[here].astype(np.int64) + 1, *codes])
            _, group = np.unique(cells, return_inverse=True)
            added, hidden = np.zeros(len(here), np.int64), np.zeros(len(here), bool)
            np.add.at(added, group[part], figures.value[here[part]])
            hidden[group[untold[here]]] = True
            for n in np.flatnonzero(~part & ~hidden[group] & (added[group] != figures.value[here])):
                yield int(here[n]), int(figures.value[here[n]]), int(added[group[n]])

    def _apart(self, pattern: Flags) -> Iterator[str]:
        """The dimensions by which totals over some columns are told apart; one that follows from others tells nothing."""
        gone: set[str] = set()
        for (column, _), total in zip(self.columns, pattern, strict=True):
            if total:
                gone |= {
                    column.concept,
                    column.parent_to,
                    *(c for codes in column.keys.values() for c in codes),
                }
        for concept in self.space.dataset.concepts:
            if concept not in gone and not self.space.dataset.dimension(concept).determined_by:
                yield concept

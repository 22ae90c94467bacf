"""Which entry of `simulation.toml` fits an encounter: by the codes of its `when`, the first one counts."""

from collections.abc import Sequence

import numpy as np

from borderstats.observations import Ints
from borderstats.simulate.margins import Cells
from borderstats.simulate.random_numbers import steps
from borderstats.simulate.records import NONE
from borderstats.standard.model import Standard
from borderstats.standard.simulation import CASE_FIELDS, Case, Chance


class Cases:
    """A table from the codes of a cell to the place of the first entry that fits it."""

    def __init__(self, standard: Standard, entries: Sequence[Case]) -> None:
        lists = {field: standard.codelist_of(field).numbers for field in CASE_FIELDS}
        self._fields = [f for f in CASE_FIELDS if any(f in entry.when for entry in entries)] or CASE_FIELDS[
            :1
        ]
        self._table = np.full([len(lists[field]) for field in self._fields], NONE)
        for place, entry in reversed(list(enumerate(entries))):
            codes = (entry.when.get(field, lists[field]) for field in self._fields)
            fits = ([lists[f][code] for code in named] for f, named in zip(self._fields, codes, strict=True))
            self._table[np.ix_(*fits)] = place

    def of(self, cells: Cells) -> Ints:
        """For each cell the place of its entry, -1 where none fits."""
        found: Ints = self._table[tuple(getattr(cells, field) for field in self._fields)]
        return found


class Chances:
    """How often something happens to the encounters of a cell."""

    def __init__(self, standard: Standard, entries: Sequence[Chance]) -> None:
        self._cases = Cases(standard, entries)
        self._steps = np.array([*(steps(entry.share) for entry in entries), 0])

    def of(self, cells: Cells) -> Ints:
        """For each cell the share in steps, 0 where no entry fits."""
        return self._steps[self._cases.of(cells)]

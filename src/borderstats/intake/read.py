"""A publisher's file to observations: every row becomes observations or a refusal with its reason."""

import datetime
from dataclasses import dataclass

import numpy as np

from borderstats.intake import recognise
from borderstats.intake.table import Part, Refusal, TableReader
from borderstats.observations import Flags, Ints, KeySpace, Observations, lookup
from borderstats.standard import periods
from borderstats.standard.model import Source, Standard


@dataclass(frozen=True)
class Reading:
    """What came of a file. Rows read = accepted + refused."""

    source: Source
    observations: Observations
    rows: int
    refusals: tuple[Refusal, ...]

    @property
    def accepted(self) -> int:
        return self.rows - len(self.refusals)

    @property
    def earliest_as_of(self) -> datetime.date:
        """The end of the last period in the file, before which it cannot have existed."""
        return max(periods.last_day(int(period)) for period in self.observations.covered)

    @property
    def total(self) -> int:
        """The sum over every month (every year, where there are no months) at the total of all dimensions."""
        space = self.observations.space
        flags = space.at_total(self.observations.key, {})
        months = flags & (space.period(self.observations.key) < periods.FISCAL)
        return int(self.observations.value[months if months.any() else flags].sum())


def read_file(standard: Standard, name: str, data: bytes) -> Reading:
    """The observations in a publisher's file and the rows refused.

    Raises InputError if the file as a whole is not what a source describes; no row of it is then read.
    """
    source, tables = recognise.read(standard, name, data)
    space = KeySpace.of(standard, source.dataset)
    parts = [TableReader(standard, source, space, table, published).read() for table, published in tables]
    return _merge(source, space, parts, standard.codelists["obs_status"].numbers["M"])


def _merge(source: Source, space: KeySpace, parts: list[Part], not_applicable: int) -> Reading:
    """The tables of a file put together; a cell that an earlier sheet holds already is refused."""
    key, value, status = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int16)
    refusals: list[Refusal] = []
    for part in parts:
        there, known = lookup(key, value, part.key)
        for place in np.flatnonzero(known):
            cell = space.text(int(part.key[place]))
            reason = f"{cell} is {part.value[place]} here and stands on an earlier sheet too, as {there[place]}; a cell has one place"
            refusals.append(Refusal(part.sheet, int(part.row[place]), "", reason))
        refusals += part.refusals
        key = np.concatenate((key, part.key[~known]))
        value = np.concatenate((value, part.value[~known]))
        status = np.concatenate((status, part.status[~known]))
        if len(parts) > 1:
            order = np.argsort(key, kind="stable")
            key, value, status = key[order], value[order], status[order]
    status[_cannot_exist(space, key, value)] = not_applicable
    return Reading(
        source, Observations(space, key, value, status), sum(part.rows for part in parts), tuple(refusals)
    )


def _cannot_exist(space: KeySpace, key: Ints, value: Ints) -> Flags:
    """Zeros under a code that is not valid in their period: a closed office has no count, not a count of zero."""
    flags = np.zeros(len(key), bool)
    zero = np.flatnonzero(value == 0)
    for concept in space.dataset.concepts:
        codes = space.codelists[concept].codes
        cells = np.stack((space.digit(key[zero], concept), space.period(key[zero])))
        pairs, inverse = np.unique(cells, axis=1, return_inverse=True)
        valid = np.array([codes[int(place)].valid_in(int(period)) for place, period in pairs.T], bool)
        flags[zero[~valid[inverse]]] = True
    return flags

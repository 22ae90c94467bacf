"""A publisher's file to observations: every row becomes observations or a refusal with its reason."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from borderstats.intake import recognise
from borderstats.intake.table import Part, Refusal, TableReader
from borderstats.observations import Flags, Ints, KeySpace, Observations, lookup
from borderstats.standard import periods
from borderstats.standard.model import Source, Standard


@dataclass(frozen=True)
class Reading:
    """What came of a file. Rows read = accepted + refused. `provisional` is that status's place."""

    source: Source
    observations: Observations
    rows: int
    refusals: tuple[Refusal, ...]
    provisional: int

    @property
    def accepted(self) -> int:
        return self.rows - len(self.refusals)

    @property
    def earliest_as_of(self) -> datetime.date:
        """The end of the last period in the file, before which it cannot have existed; of a year to date its start."""
        observations = self.observations
        period = observations.space.period(observations.key)
        to_date = set(period[(period >= periods.FISCAL) & (observations.status == self.provisional)].tolist())
        return max(
            periods.first_day(int(p)) if int(p) in to_date else periods.last_day(int(p))
            for p in observations.covered
        )

    @property
    def total(self) -> int:
        """The sum over every month (every year, where there are no months) at the total of all dimensions; a flow's."""
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
    return _merge(source, space, parts, standard.codelists["obs_status"].numbers)


def _merge(source: Source, space: KeySpace, parts: list[Part], statuses: Mapping[str, int]) -> Reading:
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
    status[_cannot_exist(space, key, value)] = statuses["M"]
    observations = Observations(space, key, value, status)
    return Reading(source, observations, sum(part.rows for part in parts), tuple(refusals), statuses["P"])


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

"""Who is encountered: new persons, and some of those who left and come back with the same citizenship and demographic.

Those who may return are kept in pools of bounded size, one for each citizenship and demographic, so that memory does not
grow with the rows. Above some 20 million rows the pools turn over faster than in life, and gaps become shorter.
"""

from dataclasses import dataclass

import numpy as np

from borderstats.observations import Flags, Ints
from borderstats.simulate.cases import Cases, Chances
from borderstats.simulate.parts import DAY, Part
from borderstats.simulate.random_numbers import RandomNumbers, quantiles
from borderstats.standard.model import Standard
from borderstats.standard.simulation import Simulation

POOL = 1 << 17
"""The most persons that one pool holds; the first to come are the first to be forgotten."""

NOBODY = -1
"""In `number`: the person is not recorded."""

_STRATA = 16
_YEAR = 365.2425
_NUMBER, _BORN, _FREE, _LAST = range(4)


@dataclass(frozen=True)
class Seen:
    """The person of each row: its number, its day of birth (days since 1970) and its age in completed years."""

    number: Ints
    born: Ints
    age: Ints


class Persons:
    """All persons so far, as a counter, and the pools of those who may return."""

    def __init__(self, standard: Standard, simulation: Simulation) -> None:
        persons = simulation.persons
        self._count = 0
        self._pools: dict[int, Ints] = {}
        self._missing, self._remembered = persons.missing, persons.remembered
        self._gap, self._memory = persons.gap_hours * 3600, persons.memory_days * DAY
        self._returning = Chances(standard, persons.returning)
        self._groups = Cases(standard, persons.ages)
        self._ages = np.stack([quantiles(group.years, simulation.levels) for group in persons.ages])
        self._youngest, self._oldest = np.array([(group.youngest, group.oldest) for group in persons.ages]).T

    def of(self, random: RandomNumbers, part: Part) -> Seen:
        """The persons of a part's rows, each at most once."""
        cells = part.cells
        group = self._groups.of(cells)[part.cell]
        day = part.time // DAY
        age = self._ages[group, random.draw()]
        born = day - np.ceil(age * _YEAR).astype(np.int64) - random.generator.integers(0, 364, random.rows)
        number = np.full(random.rows, NOBODY)
        recorded = ~random.happens(self._missing)
        wanted = recorded & random.happens(self._returning.of(cells)[part.cell])
        self._find(random, part, np.flatnonzero(wanted), group, number, born)
        new = np.flatnonzero(recorded & (number == NOBODY))
        number[new] = self._count + np.arange(len(new))
        self._count += len(new)
        return Seen(number, born, _age(day, born))

    def left(self, random: RandomNumbers, part: Part, seen: Seen, departed: Flags, free: Ints) -> None:
        """Keep some of those who left, from the second `free` on, as possible returners."""
        kept = np.flatnonzero(departed & (seen.number != NOBODY) & random.happens(self._remembered))
        entry = np.stack((seen.number[kept], seen.born[kept], free[kept], part.time[kept]))
        for stratum, places in _groups(_strata(part)[kept]):
            old = self._pools.get(stratum, np.zeros((4, 0), np.int64))
            self._pools[stratum] = np.concatenate((old, entry[:, places]), axis=1)[:, -POOL:]

    def _find(
        self, random: RandomNumbers, part: Part, rows: Ints, group: Ints, number: Ints, born: Ints
    ) -> None:
        """Put those who return into `number` and `born` of some of the wanted rows."""
        for stratum, places in _groups(_strata(part)[rows]):
            pool = self._pools.get(stratum)
            if pool is None or not pool.shape[1]:
                continue
            slot, first = np.unique(
                random.generator.integers(0, pool.shape[1], len(places)), return_index=True
            )
            row, found = rows[places[first]], pool[:, slot]
            time = part.time[row]
            age = _age(time // DAY, found[_BORN])
            fits = (
                (found[_FREE] + self._gap <= time)
                & (time <= found[_LAST] + self._memory)
                & (age >= self._youngest[group[row]])
                & (age <= self._oldest[group[row]])
            )
            number[row[fits]], born[row[fits]] = found[_NUMBER, fits], found[_BORN, fits]
            stays = pool[_LAST] + self._memory >= part.time[0]
            stays[slot[fits]] = False
            self._pools[stratum] = pool[:, stays]


def _age(day: Ints, born: Ints) -> Ints:
    return np.floor((day - born) / _YEAR).astype(np.int64)


def _strata(part: Part) -> Ints:
    stratum: Ints = (part.cells.citizenship * _STRATA + part.cells.demographic)[part.cell]
    return stratum


def _groups(stratum: Ints) -> list[tuple[int, Ints]]:
    """Each stratum that occurs and the places where it does, in order."""
    if not len(stratum):
        return []
    order = np.argsort(stratum.astype(np.int16), kind="stable")
    names, starts = np.unique(stratum[order], return_index=True)
    return list(zip(names.tolist(), np.split(order, starts[1:]), strict=True))

"""Observations as three integer columns: key, value, status.

A key is one 64-bit integer: the places of an observation's codes in their code lists and its period, written in
mixed radix with the dataset's dimensions as digits and the period last. Keys of one dataset sort by dimension and
then by time; a sum over a dimension is arithmetic on one digit. (Measured on the seven state files, 280,834 rows:
a quarter of the memory of columns of text, and no hash table anywhere; see docs/decisions.)
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from borderstats import periods
from borderstats.periods import Calendar
from borderstats.standard.codelists import TOTAL, CodeList
from borderstats.standard.model import Dataset, Standard
from borderstats.standard.statuses import Statuses

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int16]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class KeySpace:
    """The keys of one dataset: how its codes and periods are written into one integer and read back.

    `scopes` has the dimension of the scopes for each dimension whose codes have some; `statuses` are those that its
    observations can have.
    """

    dataset: Dataset
    codelists: Mapping[str, CodeList]
    scopes: Mapping[str, str]
    calendar: Calendar
    statuses: Statuses

    @classmethod
    def of(cls, standard: Standard, dataset_id: str) -> "KeySpace":
        dataset = standard.datasets[dataset_id]
        codelists = {name: standard.codelist_of(name) for name in dataset.concepts}
        scopes = {name: scope for name in dataset.concepts if (scope := standard.concepts[name].scope)}
        return cls(dataset, codelists, scopes, standard.calendar, standard.statuses)

    @cached_property
    def weights(self) -> dict[str, int]:
        """What one step in a dimension's code adds to a key."""
        weights, weight = {}, periods.SPAN
        for concept in reversed(self.dataset.concepts):
            weights[concept] = weight
            weight *= len(self.codelists[concept].codes)
        return weights

    def number(self, concept: str, code: str) -> int:
        """The place of a code in its list; in a list with scopes the first of that name serves as a pattern."""
        return self._numbers(concept, code)[0]

    def _numbers(self, concept: str, code: str) -> Sequence[int]:
        return self._places[concept].get(code, ())

    @cached_property
    def _places(self) -> Mapping[str, Mapping[str, list[int]]]:
        """The places of each code in each dimension's list; in a list with scopes it has several."""
        places: dict[str, dict[str, list[int]]] = {concept: {} for concept in self.dataset.concepts}
        for concept, found in places.items():
            for place, entry in enumerate(self.codelists[concept].codes):
                found.setdefault(entry.code, []).append(place)
        return places

    def encode(self, codes: Mapping[str, Ints | int], period: Ints | int) -> Ints:
        """Keys from the codes' places (a column or one place for all) and periods."""
        return np.asarray(
            sum((codes[c] * weight for c, weight in self.weights.items()), start=period), np.int64
        )

    def digit(self, key: Ints, concept: str) -> Ints:
        """The places of the codes of one dimension in each key."""
        return key // self.weights[concept] % len(self.codelists[concept].codes)

    def period(self, key: Ints) -> Ints:
        return key % periods.SPAN

    def put(self, key: Ints, concept: str, place: Ints | int) -> Ints:
        """The keys with one dimension's code replaced."""
        return key + (place - self.digit(key, concept)) * self.weights[concept]

    def total(self, concept: str) -> int:
        return self.number(concept, TOTAL)

    def matches(self, key: Ints, wanted: Mapping[str, str | tuple[str, ...]]) -> Flags:
        """Which keys have one of the wanted codes in every named dimension."""
        found = np.ones(len(key), bool)
        for concept, codes in wanted.items():
            places = [
                n
                for code in ((codes,) if isinstance(codes, str) else codes)
                for n in self._numbers(concept, code)
            ]
            found &= np.isin(self.digit(key, concept), places)
        return found

    def at_total(self, key: Ints, pattern: Mapping[str, str]) -> Flags:
        """The keys whose values add up to the pattern: named dimensions at their code, the others at their total."""
        wanted = {c: pattern.get(c, TOTAL) for c in self.dataset.concepts if c in pattern}
        published = {
            d.concept: TOTAL
            for d in self.dataset.dimensions
            if d.total == "published" and d.concept not in pattern
        }
        summed = {
            c for c, code in wanted.items() if code == TOTAL and self.dataset.dimension(c).total == "sum"
        }
        return self.matches(key, {**published, **{c: code for c, code in wanted.items() if c not in summed}})

    def codes(self, key: int) -> dict[str, str]:
        """One key's codes by dimension."""
        return {
            c: self.codelists[c].codes[int(self.digit(np.array([key]), c)[0])].code
            for c in self.dataset.concepts
        }

    def amount(self, value: int) -> float:
        """A figure in the dataset's unit: a whole number, or one with decimals in a dataset that has them."""
        decimals = self.dataset.decimals
        return value / 10**decimals if decimals else value

    def shown(self, value: int) -> str:
        """A figure as a person reads it, with the decimals of the dataset."""
        return f"{self.amount(value):,.{self.dataset.decimals}f}"

    def text(self, key: int) -> str:
        """One key as a person reads it: `region=SW state=TX 2023-10`, totals left out."""
        codes = " ".join(f"{c}={code}" for c, code in self.codes(key).items() if code != TOTAL)
        return f"{codes} {periods.text(key % periods.SPAN)}".strip()


@dataclass(frozen=True)
class Observations:
    """Observations of one dataset, sorted by key, each key once. `status` is a place in the list obs_status."""

    space: KeySpace
    key: Ints
    value: Ints
    status: Small

    def __len__(self) -> int:
        return len(self.key)

    def where(self, flags: Flags) -> "Observations":
        return Observations(self.space, self.key[flags], self.value[flags], self.status[flags])

    @cached_property
    def covered(self) -> Ints:
        """The periods for which there is at least one observation, in order."""
        return np.flatnonzero(np.bincount(self.space.period(self.key)))

    @cached_property
    def last_day(self) -> datetime.date:
        """The end of the last period; ValueError if there is none."""
        return max(self.space.calendar.last_day(int(period)) for period in self.covered)


@dataclass(frozen=True)
class Origins:
    """Where observations stand in their file, in their order: of each the first cell or row, and how many there are.

    `prefix` is a place in `prefixes`, which end before the number of the row: `Sheet!C`, `row `.
    """

    prefixes: tuple[str, ...]
    prefix: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    count: npt.NDArray[np.int32]

    def texts(self, wanted: Ints) -> list[str]:
        """`Sheet!C12`, `row 1034 and 3 more` of the observations at some places."""
        cells = (self.prefix[wanted].tolist(), self.row[wanted].tolist(), self.count[wanted].tolist())
        return [
            f"{self.prefixes[prefix]}{row}" + (f" and {count - 1:,} more" if count > 1 else "")
            for prefix, row, count in zip(*cells, strict=True)
        ]


def sums(key: Ints, value: Ints) -> tuple[Ints, Ints, Ints]:
    """Distinct keys in order, the sum of the values of each and how many there were."""
    if not len(key):
        return key, value, key
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return ordered[starts], np.add.reduceat(value[order], starts), np.diff(np.append(starts, len(ordered)))


def lookup(keys: Ints, values: Ints, wanted: Ints) -> tuple[Ints, Flags]:
    """The value of each wanted key in sorted `keys`, zero where there is none, and whether there is one."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = keys[place] == wanted
    return np.where(found, values[place], 0), found


def within(period: Ints, wanted: Ints) -> Flags:
    """Which periods are among the wanted ones."""
    table = np.zeros(periods.SPAN, bool)
    table[wanted] = True
    found: Flags = table[period]
    return found

"""Where each observation stands in its file: sheet, row and column, and the table of the source that read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from borderstats.intake.meaning import rule_path
from borderstats.intake.read import Reading
from borderstats.intake.table import Part
from borderstats.observations import Ints, Origins
from borderstats.standard.sources import Source


class Origin(NamedTuple):
    """A cell that an observation comes from, or a row that is counted, which has no column.

    `row` is its number in the file or sheet, `column` the letter in a sheet and the name in a file without sheets,
    `rule` the path in the standard of the table that read it.
    """

    sheet: str
    row: int
    column: str
    rule: str


@dataclass(frozen=True)
class Provenance:
    """The cells that the observations of one dataset come from, in the order of their keys.

    An observation that several tables have, or that rows were added up or counted for, comes from several cells.
    `part` is the number of the part that read each, `place` the place among the figures accepted there.
    """

    source: Source
    parts: Sequence[Part]
    key: Ints
    part: Ints
    place: Ints

    def of(self, key: int) -> list[Origin]:
        """The cells of one observation, in the order in which they were read; none if the file does not have it."""
        first, end = np.searchsorted(self.key, [key, key + 1])
        return [
            self._origin(self.parts[int(part)], int(place))
            for part, place in zip(self.part[first:end], self.place[first:end], strict=True)
        ]

    def _origin(self, part: Part, place: int) -> Origin:
        published, row, column = (
            part.published,
            int(part.accepted.row[place]),
            int(part.accepted.column[place]),
        )
        if published.column:
            name = published.column[row]
        elif column < 0:
            name = ""
        else:
            name = (published.letters or published.header)[column]
        return Origin(published.sheet, int(published.row[row]), name, rule_path(self.source, part.table))


def provenance(reading: Reading) -> Mapping[str, Provenance]:
    """By dataset, where the observations read from a file stand in it."""
    found: dict[str, list[Part]] = {}
    for part in reading.parts:
        found.setdefault(part.space.dataset.id, []).append(part)
    return {dataset: _of(reading.source, parts) for dataset, parts in found.items()}


def _of(source: Source, parts: Sequence[Part]) -> Provenance:
    if len(parts) == 1:
        (only,) = parts
        size = len(only.accepted)
        return Provenance(source, parts, only.accepted.key, np.zeros(size, np.int64), np.arange(size))
    key = np.concatenate([part.accepted.key for part in parts])
    number = np.repeat(np.arange(len(parts)), [len(part.accepted) for part in parts])
    place = np.concatenate([np.arange(len(part.accepted)) for part in parts])
    order = np.argsort(key, kind="stable")
    return Provenance(source, parts, key[order], number[order], place[order])


def origins(reading: Reading) -> Mapping[str, Origins]:
    """By dataset, the cell or row that each observation read from a file comes from, in the order of the observations."""
    return {dataset: _origins(found) for dataset, found in provenance(reading).items()}


def _origins(found: Provenance) -> Origins:
    starts = np.flatnonzero(np.append(True, found.key[1:] != found.key[:-1]))[: len(found.key)]
    part, place = found.part[starts], found.place[starts]
    row, prefix = np.zeros((2, len(starts)), np.int32)
    prefixes: list[str] = []
    for number, one in enumerate(found.parts):
        own = part == number
        rows, columns = one.accepted.row[place[own]], one.accepted.column[place[own]]
        row[own] = one.published.row[rows]
        if one.published.column:
            names, which = np.unique(np.array(one.published.column)[rows], return_inverse=True)
        else:
            # Where rows are counted, a figure stands in no column: its place is -1, the last of these.
            names, which = np.array([*(one.published.letters or one.published.header), ""]), columns
        several = len(np.unique(columns)) > 1
        prefix[own] = len(prefixes) + which % len(names)
        prefixes += [_prefix(one.published.sheet, name, several=several) for name in names.tolist()]
    return Origins(tuple(prefixes), prefix, row, np.diff(np.append(starts, len(found.key))).astype(np.int32))


def _prefix(sheet: str, column: str, *, several: bool) -> str:
    if sheet:
        return f"{sheet}!{column}" if column else f"{sheet}, row "
    return f"column {column}, row " if several and column else "row "

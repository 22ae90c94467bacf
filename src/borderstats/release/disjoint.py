"""Which of a dataset's cells do not overlap, so that a sum over them counts nothing twice.

Published totals stand among their parts, years among their months, and some breakdowns hold a part of the whole only. Of each
dimension with a published total, the parts are taken if a gate of the standard says that they add up to it, else the total, else
(where none is printed) the parts; of a year its shorter periods, if there are any; of an amount in current and in constant prices the current one.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from borderstats.observations import Flags, Ints, KeySpace
from borderstats.release import price_bases
from borderstats.standard.codelists import TOTAL
from borderstats.standard.rules import Additive


def among(space: KeySpace, every: Ints, cells: Ints) -> Flags:
    """Which of some cells are among the disjoint ones of all that there are (`every`)."""
    chosen = _in_time(space, every, cells)
    published = [d.concept for d in space.dataset.dimensions if d.total == "published"]
    for place, concept in enumerate(published):
        total = space.total(concept)
        groups = []
        for keys in (every, cells):
            group = keys
            for later in published[place:]:
                group = space.put(group, later, space.total(later))
            groups.append(group)
        digit = space.digit(every, concept)
        adds_up, own = _adds_up(space, concept, cells), space.digit(cells, concept)
        is_part = np.isin(digit, list(_parts(space, concept)))
        divided = np.isin(groups[1], np.unique(groups[0][is_part & (digit != total)])) & adds_up
        whole = np.isin(groups[1], np.unique(groups[0][digit == total]))
        parts = (own != total) & np.isin(own, list(_parts(space, concept)))
        chosen &= np.where(divided, parts, np.where(whole, own == total, own != total))
    if space.dataset.price_base:
        chosen &= ~(price_bases.constant(space, cells) & np.isin(price_bases.twins(space, cells), every))
    return chosen


def taken(space: KeySpace) -> dict[str, Literal["parts", "total", "current"]]:
    """Of each dimension with a published total, whether its `parts` or its `total` are taken where both are there.

    Of prices it is `current` ones: constant ones say the same amount again.
    """
    found: dict[str, Literal["parts", "total", "current"]] = {}
    for dimension in space.dataset.dimensions:
        if dimension.total == "published":
            found[dimension.concept] = "parts" if any(_additive(space, dimension.concept)) else "total"
    if space.dataset.price_base:
        found[space.dataset.price_base.dimension] = "current"
    return found


def _in_time(space: KeySpace, every: Ints, cells: Ints) -> Flags:
    """Which cells are of the shortest periods: no year of which there are months, no quarter of which there are months."""
    there = np.unique(space.period(every))
    kind = space.calendar.year_kind(there)
    year = space.calendar.holding(there, kind)
    divided = [year[(year != there) & (year > 0)]]
    quarter = space.calendar.holding(there, "quarter")
    divided.append(quarter[(quarter != there) & (quarter > 0)])
    return ~np.isin(space.period(cells), np.concatenate(divided))


def _additive(space: KeySpace, concept: str) -> Iterator[Additive]:
    for gate in space.dataset.gates:
        if isinstance(gate, Additive) and gate.dimension == concept and gate.whole == TOTAL:
            yield gate


def _adds_up(space: KeySpace, concept: str, cells: Ints) -> Flags:
    """In which cells' slices a gate says that the parts of a dimension add up."""
    found = np.zeros(len(cells), bool)
    for gate in _additive(space, concept):
        where = {name: codes for name, codes in gate.where.items() if name != concept}
        found |= space.matches(cells, where)
    return found


def _parts(space: KeySpace, concept: str) -> set[int]:
    """The places of the codes that add up to the total of a dimension: all others, or those that a gate names."""
    total = space.total(concept)
    every = set(range(len(space.codelists[concept].codes))) - {total}
    for gate in _additive(space, concept):
        named = {
            n
            for code in gate.parts
            for n, entry in enumerate(space.codelists[concept].codes)
            if entry.code == code
        }
        every = named or every
    return every

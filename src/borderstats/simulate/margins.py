"""The published figures as cells of whole events: the margins that the synthetic encounters have.

Every cell of the table `cells` is kept to the event. Where the table `exact` has the component it is met exactly, too, as far as
the two agree. What only rounded tables have (the first component elsewhere, offices) is met as nearly as the exact tables allow.
What nobody publishes is not made up: the office is then missing. Which tables these are says `simulation.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise

import numpy as np

from borderstats import periods
from borderstats.observations import Ints, Observations, lookup, sums
from borderstats.simulate.allocate import Floats, by_columns, in_proportion, two_ways
from borderstats.standard.model import Standard
from borderstats.standard.simulation import MOST_CODES, Margins, Rounded

NO_OFFICE = -1
"""In `office`: there is no published figure of it."""


@dataclass(frozen=True)
class Cells:
    """Cells of encounters in the order of their columns: codes as places in their lists, months as periods."""

    month: Ints
    region: Ints
    component: Ints
    office: Ints
    title: Ints
    demographic: Ints
    citizenship: Ints
    count: Ints

    def where(self, rows: Ints) -> "Cells":
        """The cells at some places or under a flag."""
        return Cells(*(getattr(self, field.name)[rows] for field in fields(self)))

    def scaled(self, total: int) -> "Cells":
        """The same cells with `total` events in all.

        Months, regions, components and offices within them come within one event of their exact share, the other
        margins within the rounding of their cells; whole multiples of the published total are exact.
        """
        count = in_proportion(self.count, total)
        return replace(self, count=count).where(np.flatnonzero(count))


@dataclass(frozen=True)
class _Figures:
    """Monthly figures by some dimensions, found by the places of their codes."""

    key: Ints
    value: Ints

    def of(self, month: Ints, *places: Ints | int) -> Ints:
        """The figure of each key, 0 where none is published."""
        return lookup(self.key, self.value, _pack(month, *places))[0]

    def columns(self, count: int) -> tuple[Ints, ...]:
        """The months and places of all keys."""
        places = (self.key // MOST_CODES**power % MOST_CODES for power in range(count - 1, -1, -1))
        return (self.key // MOST_CODES**count, *places)


def published(standard: Standard, margins: Margins, observations: Mapping[str, Observations]) -> Cells:
    """The published encounters of all months that the tables of cells and of components have in common."""
    named = {name: _numbers(standard, name) for name in ("component", "region", "citizenship")}
    cells = _figures(observations[margins.cells], "region", "title", "demographic", "citizenship")
    month, region, title, demographic, citizenship = cells.columns(4)
    covered = np.isin(month, _months(margins, observations)) & (cells.value > 0)
    month, region, title, demographic, citizenship, count = (
        column[covered] for column in (month, region, title, demographic, citizenship, cells.value)
    )
    first_component, second_component = (named["component"][code] for code in margins.components)
    rounded_region = _recoded(standard, region, margins.regions.get(margins.rounded.dataset, {}))

    exact = _figures(observations[margins.exact.dataset], "component", "title", "demographic", "citizenship")
    others = named["citizenship"][margins.exact.others]
    grouped = np.where(np.isin(citizenship, exact.columns(4)[4]), citizenship, others)
    is_exact = region == named["region"][margins.exact.region]
    rounded = observations[margins.rounded.dataset]
    wanted = np.where(
        is_exact,
        exact.of(month, first_component, title, demographic, grouped),
        _figures(rounded, "region", "demographic").of(month, rounded_region, demographic),
    )
    key = _pack(month, region, demographic, np.where(is_exact, title, 0), np.where(is_exact, grouped, 0))
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    room = np.bincount(group, count).astype(np.int64)
    rest = named["citizenship"][margins.rounded.others]
    share = _share_of_first(rounded, margins.rounded, rest, month, rounded_region, citizenship, count)
    of_first = two_ways(count, share, group, np.minimum(wanted[first], room))

    twice = [np.concatenate((column, column)) for column in (month, region, title, demographic, citizenship)]
    month, region, title, demographic, citizenship = twice
    component = np.repeat([first_component, second_component], len(count))
    parted = Cells(
        month, region, component, np.full(len(month), NO_OFFICE), title, demographic, citizenship,
        np.concatenate((of_first, count - of_first)),
    )  # fmt: skip
    return _with_offices(
        parted.where(np.flatnonzero(parted.count)), _offices(standard, margins, observations)
    )


def _share_of_first(
    observations: Observations,
    rounded: Rounded,
    rest: int,
    month: Ints,
    region: Ints,
    citizenship: Ints,
    count: Ints,
) -> Floats:
    """The share of each cell's citizenship in its month and region that the first component encountered."""
    named, every = _figures(observations, "region", "citizenship"), _figures(observations, "region")
    reported = named.of(month, region, citizenship)
    key = _pack(month, region, citizenship)
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    size = np.bincount(place, count)[place]
    # What is left of a region once the citizenships that the cells name are taken off belongs to their group of the others.
    whole_month = _pack(month, region)
    _, month_place = np.unique(whole_month, return_inverse=True)
    once = np.zeros(len(key), bool)
    once[first] = True
    sum_named = np.bincount(month_place, np.where(once & (citizenship != rest), reported, 0))[month_place]
    reported = np.where(citizenship == rest, every.of(month, region) - sum_named, reported)
    share: Floats = np.clip(reported / size, 1 - rounded.largest_share, rounded.largest_share)
    return share


def _recoded(standard: Standard, region: Ints, codes: Mapping[str, str]) -> Ints:
    """Places of regions with some codes replaced by others."""
    numbers = _numbers(standard, "region")
    place = np.arange(len(numbers))
    for old, new in codes.items():
        place[numbers[old]] = numbers[new]
    recoded: Ints = place[region]
    return recoded


def _offices(
    standard: Standard, margins: Margins, observations: Mapping[str, Observations]
) -> dict[int, tuple[Ints, Ints]]:
    """For each month, region and component the offices with published figures, and these."""
    found: dict[int, tuple[Ints, Ints]] = {}
    for table in margins.offices:
        component = _numbers(standard, "component")[table.component]
        dimensions = standard.datasets[table.dataset].concepts
        by = [name for name in ("component", "region", "office") if name in dimensions]
        figures = _figures(observations[table.dataset], *by)
        month, *places = figures.columns(len(by))
        column = dict(zip(by, places, strict=True))
        if table.region:
            region = np.full(len(month), _numbers(standard, "region")[table.region])
        else:
            own = {given: code for code, given in margins.regions.get(table.dataset, {}).items()}
            region = _recoded(standard, column["region"], own)
        rows = np.flatnonzero(column.get("component", np.full(len(month), component)) == component)
        key = _pack(month, region, component)
        _gather(found, key[rows], column["office"][rows], figures.value[rows])
    return found


def _gather(found: dict[int, tuple[Ints, Ints]], key: Ints, office: Ints, value: Ints) -> None:
    for each in np.unique(key):
        rows = (key == each) & (value > 0)
        if rows.any():
            found.setdefault(int(each), (office[rows], value[rows]))


def _with_offices(cells: Cells, offices: Mapping[int, tuple[Ints, Ints]]) -> Cells:
    """The cells of each month, region and component shared out among its offices, in the order of all columns."""
    key = _pack(cells.month, cells.region, cells.component)
    order = np.lexsort((cells.citizenship, cells.demographic, cells.title, key))
    edges = np.flatnonzero(np.diff(key[order], prepend=-1, append=-1))
    parts: list[Cells] = []
    for start, stop in pairwise(edges.tolist()):
        block = cells.where(order[start:stop])
        if found := offices.get(int(key[order[start]])):
            office, figure = found
            table = by_columns(block.count, in_proportion(figure, int(block.count.sum())))
            row, column = np.nonzero(table)
            spread = block.where(row)
            parts.append(
                Cells(
                    spread.month, spread.region, spread.component, office[column],
                    spread.title, spread.demographic, spread.citizenship, table[row, column],
                )
            )  # fmt: skip
        else:
            parts.append(block)
    whole = Cells(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Cells)))
    by = (getattr(whole, field.name) for field in reversed(fields(Cells)[:-1]))
    return whole.where(np.lexsort(tuple(by)))


def _months(margins: Margins, observations: Mapping[str, Observations]) -> Ints:
    """The months that the tables have in common which the cells cannot do without."""
    needed = (margins.cells, margins.exact.dataset, margins.rounded.dataset)
    first, second, third = (observations[name].covered for name in needed)
    months = np.intersect1d(np.intersect1d(first, second), third)
    return months[periods.is_month(months)]


def _figures(observations: Observations, *by: str) -> _Figures:
    """The monthly figures by some dimensions, the others at their published total or added up."""
    space = observations.space
    flags = periods.is_month(space.period(observations.key))
    for dimension in space.dataset.dimensions:
        if dimension.concept in by:
            flags &= space.digit(observations.key, dimension.concept) != space.total(dimension.concept)
        elif dimension.total == "published":
            flags &= space.digit(observations.key, dimension.concept) == space.total(dimension.concept)
    chosen = observations.where(flags)
    places = (space.digit(chosen.key, concept) for concept in by)
    key, value, _ = sums(_pack(space.period(chosen.key), *places), chosen.value)
    return _Figures(key, value)


def _pack(month: Ints, *places: Ints | int) -> Ints:
    """A month and some places of codes as one number, in whose order they sort."""
    key = month
    for place in places:
        key = key * MOST_CODES + place
    return key


def _numbers(standard: Standard, concept: str) -> Mapping[str, int]:
    return standard.codelist_of(concept).numbers

"""The published figures as cells of whole events: the margins that the synthetic encounters have.

Every cell of CBP's state table is kept to the event. Where CBP's southwest border table tells the component it is met
exactly, too. What only OHSS tells (Border Patrol away from the southwest border, sectors and field offices) is rounded to
ten there and is met as nearly as the exact tables allow. What nobody publishes is not made up: the office is then missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise

import numpy as np

from borderstats import periods
from borderstats.observations import Ints, Observations, lookup, sums
from borderstats.simulate.allocate import Floats, by_columns, in_proportion, two_ways
from borderstats.standard.model import Standard

STATE = "cbp-encounters-state"
SOUTHWEST = "cbp-encounters-southwest"
OHSS_SOUTHWEST = "ohss-encounters-southwest"
OHSS_BORDER_PATROL = "ohss-usbp-encounters"
DATASETS = (STATE, SOUTHWEST, OHSS_SOUTHWEST, OHSS_BORDER_PATROL)
"""The datasets from which the margins come."""

NO_OFFICE = -1
"""In `office`: no published figure tells it."""

_RADIX = 512
_CERTAIN = 0.999
"""No citizenship is wholly one component's: rounded figures cannot say so."""


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
        places = (self.key // _RADIX**power % _RADIX for power in range(count - 1, -1, -1))
        return (self.key // _RADIX**count, *places)


def published(standard: Standard, observations: Mapping[str, Observations]) -> Cells:
    """The published encounters of all months that CBP's two tables and OHSS's Border Patrol table cover."""
    named = {name: _numbers(standard, name) for name in ("component", "region", "citizenship")}
    state = _figures(observations[STATE], "region", "title", "demographic", "citizenship")
    month, region, title, demographic, citizenship = state.columns(4)
    covered = np.isin(month, _months(observations)) & (state.value > 0)
    month, region, title, demographic, citizenship, count = (
        column[covered] for column in (month, region, title, demographic, citizenship, state.value)
    )
    border_patrol, ports = named["component"]["USBP"], named["component"]["OFO"]
    # CBP's table counts in OTHER what the Border Patrol calls the coastal border.
    ohss_region = np.where(region == named["region"]["OTHER"], named["region"]["COASTAL"], region)

    southwest = observations[SOUTHWEST]
    exact = _figures(southwest, "component", "title", "demographic", "citizenship")
    grouped = np.where(np.isin(citizenship, exact.columns(4)[4]), citizenship, named["citizenship"]["O4"])
    told = region == named["region"]["SW"]
    rounded = _figures(observations[OHSS_BORDER_PATROL], "region", "demographic")
    wanted = np.where(
        told,
        exact.of(month, border_patrol, title, demographic, grouped),
        rounded.of(month, ohss_region, demographic),
    )
    key = _pack(month, region, demographic, np.where(told, title, 0), np.where(told, grouped, 0))
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    room = np.bincount(group, count).astype(np.int64)
    share = _border_patrol_share(
        observations[OHSS_BORDER_PATROL], named["citizenship"]["O21"], month, ohss_region, citizenship, count
    )
    mine = two_ways(count, share, group, np.minimum(wanted[first], room))

    twice = [np.concatenate((column, column)) for column in (month, region, title, demographic, citizenship)]
    month, region, title, demographic, citizenship = twice
    component = np.repeat([border_patrol, ports], len(count))
    cells = Cells(
        month, region, component, np.full(len(month), NO_OFFICE), title, demographic, citizenship,
        np.concatenate((mine, count - mine)),
    )  # fmt: skip
    return _with_offices(cells.where(np.flatnonzero(cells.count)), _offices(standard, observations))


def _border_patrol_share(
    ohss: Observations, rest: int, month: Ints, region: Ints, citizenship: Ints, count: Ints
) -> Floats:
    """The share of each cell's citizenship in its month and region that the Border Patrol encountered."""
    named, every = _figures(ohss, "region", "citizenship"), _figures(ohss, "region")
    mine = named.of(month, region, citizenship)
    key = _pack(month, region, citizenship)
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    size = np.bincount(place, count)[place]
    # What is left of a region once the citizenships that CBP names are taken off belongs to its group of the others.
    whole_month = _pack(month, region)
    _, month_place = np.unique(whole_month, return_inverse=True)
    once = np.zeros(len(key), bool)
    once[first] = True
    sum_named = np.bincount(month_place, np.where(once & (citizenship != rest), mine, 0))[month_place]
    mine = np.where(citizenship == rest, every.of(month, region) - sum_named, mine)
    share: Floats = np.clip(mine / size, 1 - _CERTAIN, _CERTAIN)
    return share


def _offices(standard: Standard, observations: Mapping[str, Observations]) -> dict[int, tuple[Ints, Ints]]:
    """For each month, region and component the offices with published figures, and these."""
    named, component = _numbers(standard, "region"), _numbers(standard, "component")
    found: dict[int, tuple[Ints, Ints]] = {}
    sectors = _figures(observations[OHSS_BORDER_PATROL], "region", "office")
    month, region, office = sectors.columns(2)
    region = np.where(region == named["COASTAL"], named["OTHER"], region)
    _gather(found, _pack(month, region, component["USBP"]), office, sectors.value)
    ports = _figures(observations[OHSS_SOUTHWEST], "component", "office")
    month, agency, office = ports.columns(2)
    rows = agency == component["OFO"]
    _gather(found, _pack(month, named["SW"], agency)[rows], office[rows], ports.value[rows])
    return found


def _gather(found: dict[int, tuple[Ints, Ints]], key: Ints, office: Ints, value: Ints) -> None:
    for each in np.unique(key):
        rows = (key == each) & (value > 0)
        if rows.any():
            found[int(each)] = (office[rows], value[rows])


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


def _months(observations: Mapping[str, Observations]) -> Ints:
    """The months that the tables have in common which the cells cannot do without."""
    first, second, third = (observations[name].covered for name in (STATE, SOUTHWEST, OHSS_BORDER_PATROL))
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
        key = key * _RADIX + place
    return key


def _numbers(standard: Standard, concept: str) -> Mapping[str, int]:
    return standard.codelist_of(concept).numbers

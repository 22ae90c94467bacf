"""What protection costs: cells and counts withheld by table, under other priorities, and beside other methods.

For the statistician who sets the policy; it tells small counts' number and place, so it is confidential.
"""

from dataclasses import dataclass
from pathlib import Path

import jinja2
import msgspec
import numpy as np

from borderstats.protect.cube import Cube, Flags, Ints
from borderstats.protect.perturb import perturb
from borderstats.protect.suppress import suppress
from borderstats.standard.protection import Method, Policy

_TEMPLATE = "utility.html"


@dataclass(frozen=True)
class Part:
    """One table of the cube, or a pattern as a whole: cells that are not zero, and what of them is withheld.

    `counts` is the sum of their counts, `lost` that of those withheld.
    """

    name: str
    cells: int
    sensitive: int
    secondary: int
    counts: int
    lost: int

    @property
    def withheld(self) -> int:
        return self.sensitive + self.secondary


@dataclass(frozen=True)
class Way:
    """One method: cells without a figure, cells with another figure, and by how much those differ."""

    name: str
    withheld: int
    changed: int
    mean: float
    most: int
    additive: bool


@dataclass(frozen=True)
class Utility:
    """The whole report of one table of counts."""

    cells: int
    threshold: int
    tables: tuple[Part, ...]
    priorities: tuple[Part, ...]
    methods: tuple[Way, ...]


def utility(cube: Cube, policy: Policy, keys: Ints | None = None) -> Utility:
    """Protect a cube in every way and compare. With the keys of the records (see `perturb`) also by cell key."""
    policy = msgspec.structs.replace(policy, method="suppression")
    plain = suppress(cube, policy)
    sensitive, withheld = plain.sensitive & cube.shown, plain.withheld
    tables = tuple(
        _part(cube, name, flags & cube.shown, sensitive, withheld)
        for name, flags in _tables(cube)
        if (flags & cube.shown).any()
    )
    priorities = [_part(cube, _named(policy.first), cube.shown, sensitive, withheld)]
    for first in _others(cube, policy):
        found = suppress(cube, msgspec.structs.replace(policy, first=first)).withheld
        priorities.append(_part(cube, _named(first), cube.shown, sensitive, found))
    base = max(policy.base, policy.threshold)
    others: list[Method] = ["small-counts", "rounding"]
    if keys is not None:
        others.append("cell-key")
    ways = [
        Way("suppression", int(withheld.sum()), 0, 0.0, 0, True),
        *(_way(cube, msgspec.structs.replace(policy, method=one, base=base), keys) for one in others),
    ]
    return Utility(int(cube.shown.sum()), policy.threshold, tables, tuple(priorities), tuple(ways))


def page(found: Utility) -> str:
    """The report as a page of its own: no file beside it, no script."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_TEMPLATE).render(found=found)


def _part(cube: Cube, name: str, where: Flags, sensitive: Flags, withheld: Flags) -> Part:
    there = where & ((cube.values > 0) | withheld)
    lost = there & withheld
    return Part(
        name,
        int(there.sum()),
        int((lost & sensitive).sum()),
        int((lost & ~sensitive).sum()),
        int(cube.values[there].sum()),
        int(cube.values[lost].sum()),
    )


def _tables(cube: Cube) -> list[tuple[str, Flags]]:
    """Every combination of levels, with its cells: those exactly of these levels, the rest added up."""
    found: list[tuple[tuple[str, ...], Flags]] = [((), np.ones(1, np.bool_))]
    for one in cube.dimensions:
        total = len(one.codes) - 1
        levels = [*((name or f"groups of {one.name}", start) for name, start in one.levels), ("", total)]
        place, ends = np.arange(total + 1), [*(start for _, start in levels[1:]), total + 1]
        found = [
            ((*names, *([name] if name else [])), (flags[:, None] & (place >= start) & (place < end)).ravel())
            for names, flags in found
            for (name, start), end in zip(levels, ends, strict=True)
        ]
    return [(" by ".join(names) or "total", flags) for names, flags in found]


def _others(cube: Cube, policy: Policy) -> list[tuple[tuple[str, ...], ...]]:
    """Other priorities: by count alone, and each dimension by itself first."""
    ways: list[tuple[tuple[str, ...], ...]] = [
        (),
        *(((one.name,),) for one in cube.dimensions if one.inner > 1),
    ]
    return [first for first in ways if first != policy.first]


def _named(first: tuple[tuple[str, ...], ...]) -> str:
    return (
        "; ".join(" by ".join(columns) for columns in first) + " first"
        if first
        else "the largest counts first"
    )


def _way(cube: Cube, policy: Policy, keys: Ints | None) -> Way:
    found = perturb(cube, policy, keys)
    there = cube.shown & (cube.values > 0)
    change = np.abs(found.figures - cube.values)[there]
    name = f"{policy.method} ({policy.base})" if policy.method != "cell-key" else policy.method
    return Way(
        name,
        0,
        int((change > 0).sum()),
        float(change.mean()) if len(change) else 0.0,
        int(change.max(initial=0)),
        found.additive,
    )

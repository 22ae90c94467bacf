"""Two releases in one key space, each read with the standard that it was made with.

A cell is known by its codes: what only one of the two standards has is a code, a dimension or a status of the joint space too. In a
dimension that only one of them has, the cells of the other stand at the total.
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from msgspec.structs import replace

from borderstats.errors import ReleaseError
from borderstats.observations import Ints, KeySpace, Observations
from borderstats.package.standard import Standard
from borderstats.standard.codelists import TOTAL, Code, CodeList
from borderstats.standard.statuses import STATUSES, Statuses


def own(standard: Standard, name: str) -> KeySpace:
    """The keys of a dataset as the standard has it that a release was made with. ReleaseError if it has no such dataset."""
    dataset = next((one for one in standard.datasets if one.id == name), None)
    if not dataset:
        raise ReleaseError(f"standard.json: no dataset {name!r}; build the release again")
    concepts = {concept: standard.concepts[concept] for concept in dataset.concepts}
    return KeySpace(
        dataset,
        {concept: CodeList(one.codelist, standard.lists[one.codelist]) for concept, one in concepts.items()},
        {concept: one.scope for concept, one in concepts.items() if one.scope},
        standard.calendar,
        Statuses(CodeList(STATUSES, standard.statuses)),
    )


def space(*spaces: KeySpace) -> KeySpace:
    """The keys in which all that stands in some spaces of one dataset has a place; rules are those of the last."""
    *_, last = spaces
    dimensions = {one.concept: one for space in spaces for one in space.dataset.dimensions}
    dimensions = {name: dimensions[name] for name in dict.fromkeys((*last.dataset.concepts, *dimensions))}
    shared = set.intersection(*(set(space.dataset.concepts) for space in spaces))
    total = {name: () if name in shared else (Code(TOTAL, TOTAL),) for name in dimensions}
    dataset = replace(
        last.dataset,
        dimensions=tuple(dimensions.values()),
        decimals=max(space.dataset.decimals for space in spaces),
    )
    return KeySpace(
        dataset,
        {
            name: _together(
                name, *(s.codelists[name].codes for s in reversed(spaces) if name in s.codelists), total[name]
            )
            for name in dimensions
        },
        {name: scope for space in spaces for name, scope in space.scopes.items()},
        last.calendar,
        Statuses(_together(STATUSES, *(space.statuses.codelist.codes for space in reversed(spaces)))),
    )


def _together(name: str, *lists: Sequence[Code]) -> CodeList:
    """The codes of some lists, each once, those of the first first."""
    codes: dict[str, Code] = {}
    for code in chain(*lists):
        codes.setdefault(code.id, code)
    return CodeList(name, tuple(codes.values()))


def within(space: KeySpace, observed: Observations) -> Observations:
    """Observations of a dataset in a space that has a place for all of them."""
    own = observed.space
    places: dict[str, Ints | int] = {}
    for concept in space.dataset.concepts:
        if concept not in own.dataset.concepts:
            places[concept] = space.total(concept)
            continue
        numbers = space.codelists[concept].numbers
        theirs = np.array([numbers[code.id] for code in own.codelists[concept].codes])
        places[concept] = theirs[own.digit(observed.key, concept)]
    key = space.encode(places, own.period(observed.key))
    order = np.argsort(key)
    scale = 10 ** (space.dataset.decimals - own.dataset.decimals)
    statuses = np.array([space.statuses[code] for code in own.statuses.codes], np.int16)
    return Observations(space, key[order], observed.value[order] * scale, statuses[observed.status][order])

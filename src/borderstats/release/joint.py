"""Two releases in one key space, each read with the standard that it was made with.

A cell is known by its codes: what only one of the two standards has is a code, a dimension or a status of the joint space too. In a
dimension that only one of them has, the cells of the other stand at the total.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa
from msgspec.structs import replace

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.observations import Ints, KeySpace, Small
from borderstats.package.standard import Standard
from borderstats.standard.codelists import TOTAL, Code, CodeList
from borderstats.standard.statuses import STATUSES, Statuses


def own(standard: Standard, name: str) -> KeySpace:
    """The keys of a dataset as the standard has it that a release was made with."""
    dataset = next(one for one in standard.datasets if one.id == name)
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


def keys(space: KeySpace, table: pa.Table, where: str) -> Ints:
    """The keys of the cells of a table of a release. Raises ReleaseError if the space lacks a code of it."""
    places: dict[str, Ints | int] = {}
    for concept in space.dataset.concepts:
        if concept not in table.column_names:
            places[concept] = space.total(concept)
            continue
        labels, label = _coded(table[concept])
        scope = space.scopes.get(concept, "")
        scopes, inner = _coded(table[scope]) if scope in table.column_names else ([""], np.zeros_like(label))
        pairs, place = np.unique(inner * len(labels) + label, return_inverse=True)
        numbers = space.codelists[concept].numbers
        known = np.empty(len(pairs), np.int64)
        for n, (within, one) in enumerate(zip(*np.divmod(pairs, len(labels)), strict=True)):
            known[n] = numbers.get(f"{scopes[within]}.{labels[one]}", numbers.get(labels[one], -1))
        if -1 in known:
            unknown = labels[int(pairs[known == -1][0]) % len(labels)]
            raise ReleaseError(
                f"{where}: {concept} {unknown} is not in its standard.json; build the release again"
            )
        places[concept] = known[place]
    texts, place = _coded(table["period"])
    period = np.array([periods.parse(text) for text in texts], np.int64)[place]
    return space.encode(places, period)


def figures(space: KeySpace, table: pa.Table, where: str) -> tuple[Ints, Small]:
    """The values (in the space's smallest unit; 0 where there is none) and statuses of a table of a release."""
    value = np.asarray(table["value"].fill_null(0), np.float64 if space.dataset.decimals else np.int64)
    texts, place = _coded(table["status"])
    if unknown := sorted(set(texts) - set(space.statuses.codes)):
        raise ReleaseError(
            f"{where}: status {unknown[0]} is not in its standard.json; build the release again"
        )
    status = np.array([space.statuses[text] for text in texts], np.int16)[place]
    return np.rint(value * 10**space.dataset.decimals).astype(np.int64), status


def files(table: pa.Table, places: Mapping[str, int], where: str) -> Ints:
    """The places of the files that a table of a release names. Raises ReleaseError if the manifest lacks one."""
    names, place = _coded(table["snapshot"])
    if unknown := sorted(set(names) - places.keys()):
        raise ReleaseError(f"{where}: {unknown[0]} is not among the inputs; build the release again")
    return np.array([places[name] for name in names], np.int64)[place]


def _coded(column: pa.ChunkedArray) -> tuple[list[str], Ints]:
    """The distinct texts of a column, and which of them stands in each row."""
    whole = column.combine_chunks()
    coded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    return coded.dictionary.to_pylist(), np.asarray(coded.indices, np.int64)

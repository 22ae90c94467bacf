"""The tables of a release back as keys, figures and observations, to compare them with others."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.observations import Ints, KeySpace, Observations, Small
from borderstats.package import read
from borderstats.package.model import Package
from borderstats.release import joint
from borderstats.release.vintages import Vintage
from borderstats.standard.model import Standard


def latest(release: Path, standard: Standard | None = None) -> dict[str, Vintage]:
    """Each dataset's latest observations in a release, as a vintage of the release's date.

    They are read with the standard that it was made with, or with another `standard`. Raises ReleaseError if the folder is no
    release, or holds a dataset or code that the standard does not know.
    """
    package = read.package(release)
    return {name: _vintage(package, name, standard) for name in sorted(package.datasets)}


def _vintage(package: Package, name: str, standard: Standard | None) -> Vintage:
    where = package.manifest.id
    if standard and name not in standard.datasets:
        raise ReleaseError(
            f"{where}: the dataset {name} is not in this standard; compare with the standard it was made with"
        )
    space = KeySpace.of(standard, name) if standard else joint.own(package.standard, name)
    table = package.datasets[name].latest
    key, (value, status) = keys(space, table, where), figures(space, table, where)
    order = np.argsort(key)
    return Vintage(package.manifest.date, where, Observations(space, key[order], value[order], status[order]))


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
            raise ReleaseError(f"{where}: {concept} {unknown} is not in this standard")
        places[concept] = known[place]
    texts, place = _coded(table["period"])
    period = np.array([periods.parse(text) for text in texts], np.int64)[place]
    return space.encode(places, period)


def figures(space: KeySpace, table: pa.Table, where: str) -> tuple[Ints, Small]:
    """The values (in the space's smallest unit; 0 where there is none) and statuses of a table of a release."""
    value = np.asarray(table["value"].fill_null(0), np.float64 if space.dataset.decimals else np.int64)
    texts, place = _coded(table["status"])
    if unknown := sorted(set(texts) - set(space.statuses.codes)):
        raise ReleaseError(f"{where}: status {unknown[0]} is not in this standard")
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

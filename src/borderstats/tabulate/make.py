"""Tables from validated records: declared specifications in, cells out, by any engine."""

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from borderstats import periods
from borderstats.engine import Engine, Files
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import Standard
from borderstats.standard.tables import (
    AnyTableSpec,
    Bands,
    QuantileTable,
    Recode,
    RecordsTable,
    ReturningTable,
    TableSpec,
)
from borderstats.tabulate import query as queries
from borderstats.tabulate.query import COUNT, MINUTES, PERIOD, UNTOLD, Scope

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """The cells of a table: unprotected, so they must not leave the workspace.

    `cells` has a column for each dimension (a code, `_T` for the total), `period` (text), `value` (in the unit of the
    specification; whole minutes for durations) and `untold`, the records that the figure cannot hold: those without a
    person where persons are counted, those unfinished where durations are. Sorted by dimensions and period.
    """

    spec: AnyTableSpec
    day: datetime.date
    cells: pa.Table


def scope(standard: Standard, name: str, day: datetime.date) -> Scope:
    """A table's specification with the families that it names, as of a day."""
    spec = standard.tables[name]
    linked = standard.families[spec.link.family] if spec.link else None
    return Scope(spec, standard.families[spec.family], linked, day, standard.calendar)


def tables(engine: Engine, scopes: Sequence[Scope], files: Files) -> Iterator[Table]:
    """Each table, those of an additive kind together in one query. Raises EngineError."""
    for together in _plans(scopes):
        if isinstance(together[0].spec, RecordsTable):
            yield from _additive(engine, together, files)
        else:
            yield from (_single(engine, one, files) for one in together)


def _plans(scopes: Iterable[Scope]) -> list[list[Scope]]:
    """Tables that one query can make: same family, period and link, and no dimension made in two ways."""
    plans: dict[object, list[list[Scope]]] = {}
    for one in scopes:
        kind = (one.spec.family, one.spec.every, isinstance(one.spec, RecordsTable), one.spec.link, one.day)
        for plan in plans.setdefault(kind, []):
            if all(_agree(one.spec, other.spec) for other in plan):
                plan.append(one)
                break
        else:
            plans[kind].append([one])
    return [plan for some in plans.values() for plan in some]


def _agree(one: TableSpec, other: TableSpec) -> bool:
    made = [_made(spec) for spec in (one, other)]
    names = [{*spec.dimensions, *spec.where} for spec in (one, other)]
    return all(made[0].get(name) == made[1].get(name) for name in names[0] & names[1])


def _made(spec: TableSpec) -> dict[str, Bands | Recode]:
    """The dimensions that a specification makes, by name."""
    return {bands.concept: bands for bands in spec.bands} | {
        recode.concept: recode for recode in spec.recodes
    }


def _additive(engine: Engine, scopes: Sequence[Scope], files: Files) -> Iterator[Table]:
    made = {m.concept: m for one in scopes for m in one.spec.bands}
    recoded = {m.concept: m for one in scopes for m in one.spec.recodes}
    first = msgspec.structs.replace(
        scopes[0].spec, bands=tuple(made.values()), recodes=tuple(recoded.values())
    )
    merged = [replace(scopes[0], spec=first), *scopes[1:]]
    found = engine.run(queries.additive(merged), files)
    dimensions = tuple(dict.fromkeys(name for one in scopes for name in one.spec.dimensions))
    kept = _kept(found, dimensions)
    for number, one in enumerate(scopes):
        counts = found[f"_n{number}"].to_numpy()
        wanted = np.isin(kept, [_bits(dimensions, names) for names in one.spec.sets]) & (counts > 0)
        own = found.filter(pa.array(wanted))
        yield _table(one, own, own[f"_n{number}"].to_numpy(), np.zeros(own.num_rows, np.int64))


def _bits(dimensions: Sequence[str], kept: Sequence[str]) -> int:
    return sum(1 << n for n, name in enumerate(dimensions) if name in kept)


def _kept(found: pa.Table, dimensions: Sequence[str]) -> Ints:
    """Which dimensions each row is told apart by, as bits."""
    bits = np.zeros(found.num_rows, np.int64)
    for n in range(len(dimensions)):
        bits |= (found[f"_g{n}"].to_numpy() == 0).astype(np.int64) << n
    return bits


def _single(engine: Engine, one: Scope, files: Files) -> Table:
    spec = one.spec
    if isinstance(spec, QuantileTable):
        return _quantiles(one, spec.share, engine.run(queries.durations(one, spec), files))
    if isinstance(spec, ReturningTable):
        found = engine.run(queries.returning(one, spec.days), files)
        return _table(one, found, found[COUNT].to_numpy(), found[UNTOLD].to_numpy())
    months = engine.run(queries.months(one), files).to_pylist()[0] if spec.every == "rolling_year" else {}
    parts = []
    for names in spec.sets:
        if spec.every == "rolling_year":
            found = _rolled(engine.run(queries.rolling(one, names), files), names, months)
        else:
            found = engine.run(queries.persons(one, names), files)
        parts.append(_complete(found, spec.dimensions, names))
    found = pa.concat_tables(parts)
    return _table(one, found, found[COUNT].to_numpy(), found[UNTOLD].to_numpy())


def _complete(found: pa.Table, dimensions: Sequence[str], names: Sequence[str]) -> pa.Table:
    total = pa.array([TOTAL] * found.num_rows, pa.string())
    columns = {name: found[name].cast(pa.string()) if name in names else total for name in dimensions}
    figures = {name: found[name].cast(pa.int64()) for name in (PERIOD, COUNT, UNTOLD)}
    return pa.table({**columns, **figures})


def _rolled(found: pa.Table, names: Sequence[str], months: Mapping[str, int | None]) -> pa.Table:
    """Rolling years from stretches: what has begun less what has ended, month by month."""
    first, last = months["_first"], months["_last"]
    cells: dict[tuple[str, ...], Ints] = {}
    if first is not None and last is not None:
        width = last - first + 1
        rows = zip(*(found[c].to_pylist() for c in (PERIOD, "_until", COUNT, UNTOLD)), strict=True)
        codes = zip(*(found[c].to_pylist() for c in names), strict=True) if names else [()] * found.num_rows
        for key, (begin, until, count, untold) in zip(codes, rows, strict=True):
            steps = cells.setdefault(tuple(key), np.zeros((2, width + 13), np.int64))
            steps[:, begin - first] += (count, untold)
            steps[:, until - first] -= (count, untold)
    made = [
        (*key, (first or 0) + place, *running[:, place].tolist())
        for key, steps in cells.items()
        for running in [np.cumsum(steps, axis=1)]
        for place in range(11, width)
        if running[:, place].any()
    ]
    columns = list(zip(*made, strict=True)) or [()] * (len(names) + 3)
    types = [*[pa.string()] * len(names), *[pa.int64()] * 3]
    return pa.table(
        {
            name: pa.array(column, type_)
            for name, column, type_ in zip((*names, PERIOD, COUNT, UNTOLD), columns, types, strict=True)
        }
    )


def _quantiles(one: Scope, share: float, found: pa.Table) -> Table:
    """Percentiles from how often each duration occurs: the smallest that the share of durations does not exceed."""
    dimensions = one.spec.dimensions
    found = found.append_column("_kept", pa.array(_kept(found, dimensions)))
    by = [*dimensions, "_kept", PERIOD]
    found = found.sort_by([(name, "ascending") for name in (*by, MINUTES)])
    if not found.num_rows:
        return _table(one, found, found[COUNT].to_numpy(), found[COUNT].to_numpy())
    changed = np.zeros(found.num_rows, bool)
    changed[0] = True
    for name in by:
        values = pc.fill_null(found[name], "") if pa.types.is_string(found[name].type) else found[name]
        codes = values.combine_chunks().dictionary_encode().indices.to_numpy()
        changed[1:] |= codes[1:] != codes[:-1]
    starts = np.flatnonzero(changed)
    running = np.cumsum(found[COUNT].to_numpy())
    ends = np.append(starts[1:], found.num_rows) - 1
    unfinished = np.where(found[MINUTES].to_numpy()[starts] < 0, found[COUNT].to_numpy()[starts], 0)
    before = np.where(starts > 0, running[starts - 1], 0) + unfinished
    totals = running[ends] - before
    wanted = np.array([max(math.ceil(share * int(total)), 1) for total in totals])
    place = np.searchsorted(running, before + wanted)[totals > 0]
    chosen = found.take(pa.array(place))
    return _table(one, chosen, chosen[MINUTES].to_numpy(), unfinished[totals > 0])


def _table(one: Scope, found: pa.Table, value: Ints, untold: Ints) -> Table:
    """Cells with codes, `_T` where a dimension is added up, and periods as text."""
    columns = {}
    for name in one.spec.dimensions:
        column = found[name].cast(pa.string())
        columns[name] = pc.fill_null(column, TOTAL)
    text = [periods.text(int(period)) for period in found[PERIOD].to_pylist()]
    cells = pa.table(
        {
            **columns,
            "period": pa.array(text, pa.string()),
            "value": pa.array(value, pa.int64()),
            "untold": pa.array(untold, pa.int64()),
        }
    )
    return Table(one.spec, one.day, cells.sort_by([(name, "ascending") for name in cells.column_names[:-2]]))

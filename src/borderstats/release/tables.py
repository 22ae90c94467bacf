"""Histories and changes as tables that a person or a program reads: codes, periods, dates, values, statuses."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, Small
from borderstats.release.changes import IMPOSSIBLE, KINDS, Changes
from borderstats.release.vintages import OPEN, History, Vintage


def history_table(history: History) -> pa.Table:
    """Every value with the as-of dates between which it was known.

    Columns: one for each dimension (codes), freq (M, A), period (2023-10, FY2024), fiscal_year, value (empty where
    the status says that there is none), status (SDMX OBS_STATUS), known_from, known_to (empty: still known), and the
    snapshot that first gave it. Sorted by dimension, period and known_from.
    """
    as_of = [vintage.as_of for vintage in history.vintages]
    files = [vintage.file for vintage in history.vintages]
    statuses = history.space.statuses
    missing = np.isin(history.status, statuses.without_figure)
    return pa.table(
        {
            **_keys(history.space, history.key),
            "value": _figures(history.space, history.value, missing),
            "status": _pick(statuses.codes, history.status),
            "known_from": pa.array(as_of, pa.date32()).take(pa.array(history.first)),
            "known_to": pa.array([*as_of, None], pa.date32()).take(
                pa.array(np.where(history.until == OPEN, len(as_of), history.until))
            ),
            "snapshot": _pick(files, history.first),
            "origin": pa.array(_origins(history), pa.string()),
        }
    )


def _origins(history: History) -> list[str | None]:
    """Where the file that first gave each value has it; None where that is not known."""
    found = np.full(len(history), None, object)
    for number, vintage in enumerate(history.vintages):
        if vintage.origins:
            given = history.first == number
            places = np.searchsorted(vintage.observations.key, history.key[given])
            found[given] = vintage.origins.texts(places)
    return list(found)


def changes_table(found: Changes, vintages: Sequence[Vintage]) -> pa.Table:
    """Every cell that differs between two successive vintages, the largest change first.

    Columns: one for each dimension, freq, period, fiscal_year, kind, old, new (empty: no row, or none with a figure), delta (empty: not
    between two figures), counted (whether it is among those that do not overlap, and so in sums), before and after (the as-of
    dates of the two vintages), and the snapshot that is the later one.
    """
    order = np.lexsort((found.key, found.after, -np.abs(found.delta)))
    dates = pa.array([vintage.as_of for vintage in vintages], pa.date32())
    return pa.table(
        {
            **_keys(found.space, found.key[order]),
            "kind": _pick(KINDS, found.kind[order]),
            "old": _figures(found.space, found.old[order], found.old[order] <= IMPOSSIBLE),
            "new": _figures(found.space, found.new[order], found.new[order] <= IMPOSSIBLE),
            "delta": _figures(found.space, found.delta[order], ~found.compared[order]),
            "counted": pa.array(found.counted[order]),
            "before": dates.take(pa.array(found.before[order])),
            "after": dates.take(pa.array(found.after[order])),
            "snapshot": _pick([vintage.file for vintage in vintages], found.after[order]),
        }
    )


def _figures(space: KeySpace, value: Ints, missing: Flags) -> pa.Array:
    """Whole numbers; numbers with decimals only in a dataset whose figures have them."""
    decimals = space.dataset.decimals
    if not decimals:
        return pa.array(value, pa.int64(), mask=missing)
    return pa.array(value / 10**decimals, pa.float64(), mask=missing)


def _keys(space: KeySpace, key: Ints) -> dict[str, pa.Array]:
    period, place = np.unique(space.period(key), return_inverse=True)
    years = space.calendar.fiscal_years(period).astype(np.int16)
    codes = [periods.FREQUENCIES[kind] for kind in periods.KINDS]
    columns = {
        concept: _pick([code.code for code in space.codelists[concept].codes], space.digit(key, concept))
        for concept in space.dataset.concepts
    }
    return {
        **columns,
        "freq": _pick(codes, periods.kinds(period)[place]),
        "period": _pick([periods.text(int(p)) for p in period], place),
        # An office without a fiscal year has no such column.
        **({"fiscal_year": pa.array(years[place])} if space.calendar.rules else {}),
    }


def _pick(labels: Sequence[str], place: Ints | Small) -> pa.Array:
    """A label for each place. Plain strings, not a dictionary: pandas would make categories, which do not compare."""
    return pa.array(labels, pa.string()).take(pa.array(place))

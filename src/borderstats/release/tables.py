"""Histories and changes as tables that a person or a program reads: codes, periods, dates, values, statuses."""

import datetime
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, Small
from borderstats.release import knowledge, price_bases
from borderstats.release.changes import IMPOSSIBLE, KINDS, Changes
from borderstats.release.knowledge import Known
from borderstats.release.vintages import OPEN, History, Vintage


def history_table(history: History, found: Changes, known: Mapping[str, Known]) -> pa.Table:
    """Every value with the days between which it was known, and with the editions between which it stood.

    `known`: from when on each file was surely known. Columns: one for each dimension (codes), freq (M, A), period (2023-10,
    FY2024), fiscal_year, value (empty where the status says that there is none), status (SDMX OBS_STATUS), price_base (in a dataset
    with constant prices), known_from with its
    basis (known_basis), edition_from (the day for which the file speaks that first gave it), known_to (empty: still known),
    edition_to (the day for which the file speaks that no longer does; empty: the newest does), ended (the kind of change that ended
    it, or `status`: the same figure has another status), and the snapshot that first gave it. Sorted by dimension, period and edition.
    """
    files = [vintage.file for vintage in history.vintages]
    statuses = history.space.statuses
    missing = np.isin(history.status, statuses.without_figure)
    spans = knowledge.spans(history, [known[file].day for file in files])
    editions = np.array([vintage.as_of.toordinal() for vintage in history.vintages] + [OPEN])
    return pa.table(
        {
            **_keys(history.space, history.key),
            "value": _figures(history.space, history.value, missing),
            "status": _pick(statuses.codes, history.status),
            **_price_base(history),
            "known_from": _days(spans.since),
            "known_basis": _pick(knowledge.bases(known, files), spans.basis % (len(files) + 1)),
            "edition_from": _days(editions[history.first]),
            "known_to": _days(spans.until),
            "edition_to": _days(editions[history.until]),
            "ended": _ended(history, found),
            "snapshot": _pick(files, history.first),
            "origin": pa.array(_origins(history), pa.string()),
        }
    )


def _ended(history: History, found: Changes) -> pa.Array:
    """What ended each run: the kind of the change of its cell in the vintage that ended it.

    A figure that is the same in the prices of another period ended as a rebased one.
    """
    many = len(history.vintages)
    keys, place = np.unique(history.key, return_inverse=True)
    changed = np.searchsorted(keys, found.key) * many + found.after
    end = place * many + history.until
    at = np.minimum(np.searchsorted(changed, end), max(len(changed) - 1, 0))
    same = changed[at] == end if len(changed) else np.zeros(len(end), bool)
    kind = np.where(same, found.kind[at] if len(changed) else 0, len(KINDS))
    if history.space.dataset.price_base:
        base = history.bases(history.key, history.first)
        followed = (history.key[1:] == history.key[:-1]) & (history.until[:-1] == history.first[1:])
        rebased = np.append(followed & (base[1:] != base[:-1]), np.zeros(min(len(base), 1), bool))
        kind = np.where(~same & rebased, KINDS.index("rebased"), kind)
    return _pick([*KINDS, "status", None], np.where(history.until == OPEN, len(KINDS) + 1, kind))


def _days(ordinal: Ints) -> pa.Array:
    """Days by their ordinals; none where they are OPEN."""
    epoch = datetime.date(1970, 1, 1).toordinal()
    return pa.array((ordinal - epoch).astype("datetime64[D]"), pa.date32(), mask=ordinal == OPEN)


def _price_base(history: History) -> dict[str, pa.Array]:
    """The period in whose prices each figure is, in a dataset that has constant prices; empty of current ones."""
    if not history.space.dataset.price_base:
        return {}
    base, place = np.unique(history.bases(history.key, history.first), return_inverse=True)
    texts = [None if one == price_bases.NONE else periods.text(one) for one in base.tolist()]
    return {"price_base": _pick(texts, place)}


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
    between two figures in the same prices), counted (whether it is among those that do not overlap, and so in sums), before and after (the as-of
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


def _pick(labels: Sequence[str | None], place: Ints | Small) -> pa.Array:
    """A label for each place. Plain strings, not a dictionary: pandas would make categories, which do not compare."""
    return pa.array(labels, pa.string()).take(pa.array(place))

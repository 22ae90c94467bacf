"""What `borderstats diff` prints: the cells that differ between two sets of observations of one dataset."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from borderstats import periods
from borderstats.observations import KeySpace
from borderstats.release import joint
from borderstats.release.changes import (
    IMPOSSIBLE,
    KINDS,
    MISSING,
    REVISIONS,
    UNTOLD,
    Changes,
    changes,
    net_by_kind,
)
from borderstats.release.vintages import Vintage, history_of


def between(space: KeySpace, before: Vintage, after: Vintage) -> Changes:
    """The cells that differ, in the periods that both cover; `space` has a place for all cells of either."""
    sides = [
        replace(one, observations=joint.within(space, one.observations), origins=None)
        for one in (before, after)
    ]
    return changes(history_of(space, sides))


def lines(found: Changes, before: Vintage, after: Vintage, largest: int) -> Iterator[str]:
    """The summary by kind with net and gross sums, and the largest changes, those of equal size in key order."""
    shared = np.intersect1d(before.observations.covered, after.observations.covered)
    yield f"{found.space.dataset.id}: {before.file} (as of {before.as_of}) to {after.file} (as of {after.as_of})"
    if not len(shared):
        yield "the two have no period in common: nothing to compare"
        return
    noun = "period" if len(shared) == 1 else "periods"
    yield f"in the {len(shared):,} {noun} that both hold, {periods.text(int(shared[0]))} to {periods.text(int(shared[-1]))}:"
    decimals = found.space.dataset.decimals
    for kind, (cells, net, gross) in net_by_kind(found).items():
        yield f"  {kind:<9}{cells:>8,} cells   net {net:>+10,.{decimals}f}   gross {gross:>10,.{decimals}f}"
    delta = found.delta
    revised = found.of(*REVISIONS)
    net, gross = (
        found.space.amount(int(sums[revised & found.counted].sum())) for sums in (delta, np.abs(delta))
    )
    yield f"  {'revised':<9}{int(revised.sum()):>8,} cells   net {net:>+10,.{decimals}f}   gross {gross:>10,.{decimals}f}"
    order = np.lexsort((found.key, -np.abs(delta)))[:largest]
    if len(order):
        yield "largest:"
    for place in order:
        old, new = (_shown(found.space, int(values[place])) for values in (found.old, found.new))
        cell = found.space.text(int(found.key[place]))
        yield f"  {cell}: {old} to {new} ({_signed(found.space, int(delta[place]))}, {KINDS[int(found.kind[place])]})"


def _shown(space: KeySpace, value: int) -> str:
    return {MISSING: "no row", UNTOLD: "not told", IMPOSSIBLE: "none possible"}.get(value) or space.shown(
        value
    )


def _signed(space: KeySpace, value: int) -> str:
    return f"{'+' if value >= 0 else ''}{space.shown(value)}"

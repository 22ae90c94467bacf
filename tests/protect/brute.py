"""The obvious, slow reference: every table of whole counts that agrees with what is published, one by one."""

import itertools

import numpy as np

from borderstats.protect.cube import cube, dimension


def flat(counts):
    """A cube of a nested list of counts, without parent levels."""
    table = np.array(counts)
    rows = np.array(list(np.ndindex(table.shape)))
    dimensions = [
        dimension([f"d{k}"], [(f"d{k}-{n}",) for n in range(size)]) for k, size in enumerate(table.shape)
    ]
    return cube(dimensions, rows, table.ravel())


def tables(made, withheld, beyond=2):
    """Every table (the count of each cell by its number) that has the published cells, with withheld inner cells from 1.

    A withheld inner cell in no published sum is tried up to `beyond` more than it is.
    """
    free = [n for n, cell in enumerate(made.cells) if withheld[cell]]
    most = {n: int(made.counts[n]) + beyond for n in free}
    published = np.flatnonzero(~withheld)
    for cell in published:
        inside = [int(n) for n in made.sums.of(np.array([cell])).cells]
        hidden = [n for n in inside if n in most]
        left = int(made.values[cell]) - sum(int(made.counts[n]) for n in inside if n not in most)
        for n in hidden:
            most[n] = min(most[n], left - len(hidden) + 1)
    for guess in itertools.product(*(range(1, most[n] + 1) for n in free)):
        counts = made.counts.copy()
        counts[free] = guess
        values = made.added_up(counts)
        if (values[published] == made.values[published]).all():
            yield values


def recovered(made, withheld):
    """The withheld cells that have one count in every such table."""
    every = np.array(list(tables(made, withheld)))
    same = (every == every[0]).all(axis=0)
    return {int(cell) for cell in np.flatnonzero(same & withheld)}

"""Certificates recomputed without any of the code that made them: counts by codes, sums written out."""

import itertools

import numpy as np


def counts_of(made):
    """The count of each inner cell by its codes."""
    return {made.codes(int(cell)): int(n) for cell, n in zip(made.cells, made.counts, strict=True)}


def value(made, counts, codes):
    """The sum of the inner cells that lie in a cell."""
    inside = []
    for one, code in zip(made.dimensions, codes, strict=True):
        place = one.codes.index(code)
        inside.append(
            [one.codes[n] for n in range(one.inner) if n == place or place in one.above[n].tolist()]
        )
    return sum(counts.get(cell, 0) for cell in itertools.product(*inside))


def changed(made, found, number):
    """The counts after a certificate."""
    counts = counts_of(made)
    part = slice(found.starts[number], found.starts[number + 1])
    for cell, change in zip(found.cells[part], found.changes[part], strict=True):
        counts[made.codes(int(made.cells[cell]))] += int(change)
    return counts


def uncertified(protected):
    """The sensitive figures that no certificate changes, as text; every certificate is checked on the way."""
    tables = [(protected.cube, protected.withheld, protected.least, protected.certificates)]
    tables += [(made, one.withheld, one.least, found) for one, made, found in protected.earlier]
    figures = {}
    for release, (made, withheld, *_) in enumerate(tables):
        sensitive = protected.sensitive
        if release:
            # A combination that no table of an earlier release shows is held against this one only if it was not revised.
            sensitive = protected.earlier[release - 1][0].sensitive & made.shown
        for cell in np.flatnonzero(sensitive):
            assert withheld[cell] or not made.shown[cell]
            figures[release, made.codes(int(cell)), None] = False
    pairs = [protected.everyone, *(one.everyone for one, _, _ in protected.earlier)]
    for release, ((made, *_), own) in enumerate(zip(tables, pairs, strict=True)):
        for below, above, _ in own:
            figures[release, made.codes(int(below)), made.codes(int(above))] = False
    for number in range(len(protected.certificates)):
        every = [changed(made, found, number) for made, _, _, found in tables]
        for (made, withheld, least, _), counts in zip(tables, every, strict=True):
            before = counts_of(made)
            for cell in np.flatnonzero(made.shown):
                codes = made.codes(int(cell))
                now = value(made, counts, codes)
                assert withheld[cell] or now == value(made, before, codes)
                assert not withheld[cell] or now >= least
            assert min(counts.values(), default=0) >= 0
            for cell, n in before.items():
                if cell in (own := counts_of(protected.cube)) and own[cell] == n:
                    assert counts[cell] == every[0][cell]
        elsewhere = [() if protected.known is None else protected.known]
        elsewhere += [one.known for one, _, _ in protected.earlier]
        for (made, *_), counts, cells in zip(tables, every, elsewhere, strict=True):
            for cell in cells:
                assert value(made, counts, made.codes(int(cell))) == made.values[cell]
        for release, codes, above in figures:
            made = tables[release][0]
            old, new = (value(made, c, codes) for c in (counts_of(made), every[release]))
            if above:
                old, new = (
                    value(made, c, above) - v for c, v in ((counts_of(made), old), (every[release], new))
                )
            figures[release, codes, above] |= old != new
    return [f"{figure}" for figure, safe in figures.items() if not safe]

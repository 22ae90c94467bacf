"""A table from records beside the published dataset whose figures it should give, cell by cell."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from borderstats import periods
from borderstats.observations import Ints, KeySpace, Observations, lookup
from borderstats.standard.codelists import TOTAL
from borderstats.tabulate.make import Table


@dataclass(frozen=True)
class Comparison:
    """Cells by key of the dataset; a cell that one side does not have is a zero there. In the dataset's unit."""

    space: KeySpace
    key: Ints
    ours: Ints
    published: Ints

    def cells(self) -> pa.Table:
        """A row for each cell: the dataset's dimensions, `period`, `value`, `published`, `difference`."""
        named = [self.space.codes(int(key)) for key in self.key]
        columns = {
            c: pa.array([codes[c] for codes in named], pa.string()) for c in self.space.dataset.concepts
        }
        text = [periods.text(int(period)) for period in self.space.period(self.key)]
        figures = {"value": self.ours, "published": self.published, "difference": self.ours - self.published}
        return pa.table({**columns, "period": pa.array(text, pa.string()), **figures})

    def lines(self) -> list[str]:
        """How they agree, for a reader: cells, sums, and the months whose sums lie farthest apart."""
        both = (self.ours != 0) & (self.published != 0)
        equal = int((both & (self.ours == self.published)).sum())
        only_ours, only_published = (
            int(((self.ours != 0) & ~both).sum()),
            int(((self.published != 0) & ~both).sum()),
        )
        sums = int(self.ours.sum()), int(self.published.sum())
        ratio = f", ratio {sums[0] / sums[1]:.5f}" if sums[1] else ""
        found = [
            f"{int(both.sum()):,} cells in both, {equal:,} of them equal",
            f"{only_ours:,} cells only in the records, {only_published:,} only published",
            f"sum {sums[0]:,} in the records, {sums[1]:,} published{ratio}",
        ]
        month, place = np.unique(self.space.period(self.key), return_inverse=True)
        ours, published = (
            np.bincount(place, weights=side).astype(np.int64) for side in (self.ours, self.published)
        )
        shared = published > 0
        if shared.any():
            ratios = ours[shared] / published[shared]
            for word, at in (("lowest", ratios.argmin()), ("highest", ratios.argmax())):
                period = periods.text(int(month[shared][at]))
                found.append(f"{word} ratio of a period: {ratios[at]:.5f} in {period}")
        return found


def compare(table: Table, published: Observations) -> Comparison:
    """The finest cells of a table and those of its dataset, over the periods that both have, but for figures not told."""
    spec, space = table.spec, published.space
    names = {name: spec.dataset_dimensions.get(name, name) for name in spec.dimensions}
    finest = max(spec.sets, key=len)
    rows = [
        row
        for row in table.cells.to_pylist()
        if all((row[name] != TOTAL) == (name in finest) for name in spec.dimensions)
    ]
    totals = {c: space.total(c) for c in space.dataset.concepts if c not in names.values()}
    codes: dict[str, Ints | int] = dict(totals)
    for name, other in names.items():
        places = {code.id: place for place, code in enumerate(space.codelists[other].codes)}
        codes[other] = np.array([places[row[name]] for row in rows], np.int64)
    key = space.encode(codes, np.array([periods.parse(row["period"]) for row in rows], np.int64))
    value = np.array([row["value"] for row in rows], np.int64)
    order = np.argsort(key)
    ours, figures = key[order], value[order]
    totals_published = published.where(space.matches(published.key, dict.fromkeys(totals, TOTAL)))
    shared = np.intersect1d(space.period(ours), totals_published.covered)
    every = np.union1d(ours, totals_published.key)
    every = every[np.isin(space.period(every), shared)]
    untold = totals_published.key[np.isin(totals_published.status, space.statuses.untold)]
    every = np.setdiff1d(every, untold)
    return Comparison(
        space,
        every,
        lookup(ours, figures, every)[0],
        lookup(totals_published.key, totals_published.value, every)[0],
    )

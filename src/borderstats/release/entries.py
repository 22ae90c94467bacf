"""What entered a list and what left it between one snapshot and the next.

A list of a day (agreements in force) is compared with the next one; a list of what happened in a span of time
(transactions) only with one of the same span: there, what enters or leaves was revised without a word.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from borderstats import periods
from borderstats.release.vintages import History, Vintage
from borderstats.standard.model import Standard
from borderstats.standard.sources import ListTable


@dataclass(frozen=True)
class Step:
    """From one snapshot of a list to the next: entries added and removed, in order."""

    before: Vintage
    after: Vintage
    added: tuple[tuple[str, ...], ...]
    removed: tuple[tuple[str, ...], ...]


def steps(history: History) -> Iterator[Step]:
    """Each snapshot of a list compared with the last one before it that can be compared."""
    lists = [vintage for vintage in history.vintages if vintage.entries]
    for number, after in enumerate(lists):
        before = next((earlier for earlier in reversed(lists[:number]) if _comparable(earlier, after)), None)
        if before:
            old, new = Counter(before.entries), Counter(after.entries)
            yield Step(
                before,
                after,
                tuple(sorted((new - old).elements())),
                tuple(sorted((old - new).elements())),
            )


def _comparable(before: Vintage, after: Vintage) -> bool:
    """Whether both are lists of a day, or lists of the same periods."""
    covered = before.observations.covered, after.observations.covered
    days = all(len(c) == 1 and periods.kind(int(c[0])) == "day" for c in covered)
    return days or bool(np.array_equal(*covered))


def names(standard: Standard, dataset: str) -> tuple[str, ...]:
    """The columns that tell entries apart, as the source of a list names them."""
    return next(
        table.identity
        for source in standard.sources.values()
        for table in source.used
        if isinstance(table, ListTable) and table.identity and (table.dataset or source.dataset) == dataset
    )


def table(found: list[Step], columns: tuple[str, ...]) -> pa.Table:
    """One row for each entry added or removed: change, before, after (as-of dates) and what tells it apart."""
    rows = [
        (change, step.before.as_of, step.after.as_of, *entry)
        for step in found
        for change, entries in (("added", step.added), ("removed", step.removed))
        for entry in entries
    ]
    by_column = list(zip(*rows, strict=True)) or [()] * (3 + len(columns))
    types = [pa.string(), pa.date32(), pa.date32(), *[pa.string()] * len(columns)]
    labels = ("change", "before", "after", *(name.lower().replace(" ", "_") for name in columns))
    return pa.table(
        {name: pa.array(values, type_) for name, values, type_ in zip(labels, by_column, types, strict=True)}
    )

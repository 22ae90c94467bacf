"""What `borderstats intake` prints about a file."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from borderstats import periods
from borderstats.intake.raw import letters
from borderstats.intake.read import Reading, total
from borderstats.intake.refusal import by_cause
from borderstats.observations import Observations

_SHOWN = 20


def lines(name: str, reading: Reading) -> Iterator[str]:
    """The report on one file: source, rows, unknown codes, and for each dataset period and total."""
    source = reading.source
    yield f"{name}: {source.title}, {source.publisher}"
    yield f"source: {source.id}, feeds {', '.join(source.feeds)}"
    left_out = f" + {reading.left_out:,} left out" if reading.left_out else ""
    yield f"rows: {reading.rows:,} read = {reading.accepted:,} accepted{left_out} + {reading.refused:,} refused"
    unknown: Counter[tuple[str, str]] = Counter()
    for refusal in reading.refusals:
        if refusal.unknown:
            unknown[refusal.column, refusal.unknown] += refusal.figures
    listed = ", ".join(f"{column} {label!r} ({n:,} rows)" for (column, label), n in sorted(unknown.items()))
    yield f"unknown codes: {listed or 'none'}"
    yield from _hidden(reading)
    for dataset, observations in reading.datasets.items():
        if len(reading.datasets) > 1:
            yield f"dataset: {dataset}"
        yield from _summary(observations)


def _hidden(reading: Reading) -> Iterator[str]:
    """The rows and columns of the tables read that are hidden in the file; they count like the others."""
    rows: dict[str, set[int]] = {}
    columns: dict[str, set[str]] = {}
    for published in {id(part.published): part.published for part in reading.parts}.values():
        hidden = {row + 1 for row in published.hidden.rows}
        rows.setdefault(published.sheet, set()).update(hidden.intersection(published.row.tolist()))
        read = {*published.letters, *published.column}
        columns.setdefault(published.sheet, set()).update(
            name for name in map(letters, published.hidden.columns) if name in read
        )
    for sheet, numbers in rows.items():
        found = []
        if numbers:
            lie = f"{min(numbers):,} to {max(numbers):,}" if len(numbers) > 1 else f"{min(numbers):,}"
            found.append(f"{len(numbers):,} row{'s' if len(numbers) > 1 else ''} ({lie})")
        if names := sorted(columns[sheet], key=lambda name: (len(name), name)):
            found.append(f"column{'s' if len(names) > 1 else ''} {', '.join(names)}")
        if found:
            yield f"hidden in the file, and read like the others: sheet {sheet!r}: {' and '.join(found)}"


def _summary(observations: Observations) -> Iterator[str]:
    if len(observations):
        covered = observations.covered
        kinds = periods.kinds(covered)
        stretches = [covered[kinds == kind] for kind in np.unique(kinds)]
        stretches.sort(key=lambda stretch: observations.space.calendar.first_day(int(stretch[0])))
        spans = " and ".join(f"{periods.text(int(p[0]))} to {periods.text(int(p[-1]))}" for p in stretches)
        yield f"period: {spans}"
    yield f"observations: {len(observations):,}, {_sum(observations)}"


def _sum(observations: Observations) -> str:
    dataset = observations.space.dataset
    unit = dataset.unit.lower().replace("_", "-")
    if dataset.measure != "flow":
        return f"in {unit}; its periods do not add up"
    sum_ = total(observations)
    if sum_ is None:
        return f"in {unit}; none of them is a total of everything"
    return f"total {sum_ / 10**dataset.decimals:,.{dataset.decimals}f} {unit}"


def refusal_lines(name: str, reading: Reading, *, advised: bool = True) -> Iterator[str]:
    """The first causes of refusals in the order of the file, with what to do if `advised`, and how many rows have others."""
    causes = by_cause(reading.refusals)
    for refusal in causes[:_SHOWN]:
        yield "; ".join(filter(None, [refusal.text(name), refusal.to_do if advised else ""]))
    if more := sum(refusal.figures for refusal in causes[_SHOWN:]):
        yield f"{name}: and {more:,} rows more"


def condition(name: str, reading: Reading) -> Iterator[str]:
    """Under which condition the refusals hold: that the file is of its source, if nobody has said so."""
    if not reading.given:
        yield (
            f"{name}: this holds if the file is of {reading.source.id}, the only source that reads it; "
            "if it is of another, say which with --source, or describe it (docs/add-a-source.md)"
        )

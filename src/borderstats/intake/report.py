"""What `borderstats intake` prints about a file."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from borderstats import periods
from borderstats.intake.read import Reading, total
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
    for dataset, observations in reading.datasets.items():
        if len(reading.datasets) > 1:
            yield f"dataset: {dataset}"
        yield from _summary(observations)


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


def refusal_lines(name: str, reading: Reading) -> Iterator[str]:
    """The first refusals in the order of the file, each with what to do, and how many more there are."""
    for refusal in reading.refusals[:_SHOWN]:
        yield "; ".join(filter(None, [refusal.text(name), refusal.to_do]))
    if len(reading.refusals) > _SHOWN:
        yield f"{name}: and {len(reading.refusals) - _SHOWN:,} rows more"


def condition(name: str, reading: Reading) -> Iterator[str]:
    """Under which condition the refusals hold: that the file is of its source, if nobody has said so."""
    if not reading.given:
        yield (
            f"{name}: this holds if the file is of {reading.source.id}, the only source that reads it; "
            "if it is of another, say which with --source, or describe it (docs/add-a-source.md)"
        )

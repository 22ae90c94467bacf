"""What `borderstats intake` prints about a file."""

from collections import Counter
from collections.abc import Iterator

from borderstats.intake.read import Reading
from borderstats.standard import periods

_SHOWN = 20


def lines(name: str, reading: Reading) -> Iterator[str]:
    """The report on one file: source, rows, unknown codes, period and total."""
    source, observations = reading.source, reading.observations
    unit = observations.space.dataset.unit.lower().replace("_", "-")
    yield f"{name}: {source.title}, {source.publisher}"
    yield f"source: {source.id}, feeds {source.dataset}"
    yield f"rows: {reading.rows:,} read = {reading.accepted:,} accepted + {len(reading.refusals):,} refused"
    unknown = Counter((r.column, r.unknown) for r in reading.refusals if r.unknown)
    listed = ", ".join(f"{column} {label!r} ({n:,} rows)" for (column, label), n in sorted(unknown.items()))
    yield f"unknown codes: {listed or 'none'}"
    if len(observations):
        covered = observations.covered
        months, years = covered[covered < periods.FISCAL], covered[covered >= periods.FISCAL]
        spans = " and ".join(
            f"{periods.text(int(p[0]))} to {periods.text(int(p[-1]))}" for p in (months, years) if len(p)
        )
        yield f"period: {spans}"
    flow = observations.space.dataset.measure == "flow"
    total = f"total {reading.total:,} {unit}" if flow else f"in {unit}; its periods do not add up"
    yield f"observations: {len(observations):,}, {total}"


def refusal_lines(name: str, reading: Reading) -> Iterator[str]:
    """The first refusals in the order of the file, and how many more there are."""
    for refusal in reading.refusals[:_SHOWN]:
        yield refusal.text(name)
    if len(reading.refusals) > _SHOWN:
        yield f"{name}: and {len(reading.refusals) - _SHOWN:,} rows more"

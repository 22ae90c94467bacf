"""A new file against the archived edition before it: what changed, what is gone, and whether it is a torso."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from borderstats import periods, pipeline
from borderstats.intake import archive
from borderstats.intake.read import Reading
from borderstats.observations import Ints, KeySpace, Observations, within
from borderstats.package.snapshots import Snapshot
from borderstats.release import difference
from borderstats.release.changes import REVISIONS, net_by_kind
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.model import Standard

_SHOWN = 8


@dataclass(frozen=True)
class Comparison:
    """Lines for the reader, and a line for each dataset of which the file has less than half. `day`: of the last file."""

    lines: list[str] = field(default_factory=list)
    shorter: list[str] = field(default_factory=list)
    day: datetime.date | None = None


def with_edition_before(
    standard: Standard,
    folder: Path,
    listed: Sequence[Snapshot],
    reading: Reading,
    new_file: Snapshot,
) -> Comparison:
    """What a file changes in the edition of its source that a release puts before it, by as-of day and order.

    What was known of a day is what its files say together, later ones of the same periods last. A file that was cut can seem older
    than all others, so where its day is inferred and no edition is before it, it is held to the first one after it, but only for
    whether it is a torso. Raises InputError or ArchiveError if the archived file cannot be read.
    """
    as_of, source = new_file.as_of, reading.source.id
    of_its_source = [one for one in listed if one.source == source]
    own = [one for one in of_its_source if (one.as_of, one.rank) <= (as_of, new_file.rank)]
    if own:
        day = max(one.as_of for one in own)
        last = [one for one in own if one.as_of == day]
    else:
        day = min((one.as_of for one in of_its_source), default=as_of)
        last = [one for one in of_its_source if one.as_of == day and new_file.as_of_basis == "inferred"]
    named = f"{', '.join(one.file for one in last)}, as of {day}"
    none = f"compared: the archive has no file of {source} as of {as_of} or earlier"
    found = Comparison(
        [f"compared with {named}:" if own else f"{none}; the next is {named}" if last else none], day=day
    )
    before: dict[str, list[Vintage]] = {}
    for snapshot in last:
        for vintage in pipeline.observe(standard, snapshot, archive.read(folder, snapshot)):
            before.setdefault(vintage.observations.space.dataset.id, []).append(vintage)
    of_a_day = {table.dataset or reading.source.dataset for table in reading.source.used if table.day}
    for name, now in reading.datasets.items():
        if not len(now) or name not in before:
            continue
        old = before[name][0]
        if len(before[name]) > 1:
            old = replace(old, observations=history_of(KeySpace.of(standard, name), before[name]).latest)
        if name in of_a_day:
            old = replace(old, observations=_on_the_day_of(now, old.observations))
        if own:
            new = Vintage(
                reading.days.get(name, as_of), "", now, old.absent_is_zero, declared=new_file.properties
            )
            found.lines.extend(f"  {name}: {line}" for line in _lines(old, new, day))
        found.shorter.extend(f"{name}: {line}" for line in _shorter(old.observations, now, day))
    return found


def _on_the_day_of(now: Observations, old: Observations) -> Observations:
    """Figures of one day as if they were of the other's, because a list of one day has no period in common with another."""
    if len(now.covered) != 1 or len(old.covered) != 1:
        return old
    return Observations(old.space, old.key - old.covered[0] + now.covered[0], old.value, old.status)


def _lines(old: Vintage, new: Vintage, day: datetime.date) -> Iterator[str]:
    space, before, now = new.observations.space, old.observations, new.observations
    if len(shared := np.intersect1d(before.covered, now.covered)):
        kinds = net_by_kind(difference.between(space, old, new))
        counts = ", ".join(
            f"{cells:,} {'cells ' if kind == 'changed' else ''}{kind}"
            for kind, (cells, _, _) in kinds.items()
            if cells or kind in ("changed", "new", "vanished")
        )
        net, gross = (sum(kinds[kind][n] for kind in REVISIONS) for n in (1, 2))
        yield f"{counts}, net {net:+,.{space.dataset.decimals}f}, gross {gross:,.{space.dataset.decimals}f}"
    if len(cells := _outside(now, before)):
        yield f"{len(cells):,} cells of {_spans(space.period(cells))} that it did not have"
    if len(cells := _outside(before, now)):
        yield f"the file of {day} has {len(cells):,} cells of {_spans(space.period(cells))} that this file lacks"
    here = before.where(within(space.period(before.key), shared))
    for concept in space.dataset.concepts:
        codes = space.codelists[concept].codes
        digits = space.digit(here.key, concept)
        gone = ~np.isin(digits, space.digit(now.key, concept))
        if gone.any():
            names = [codes[int(place)].id for place in np.unique(digits[gone])]
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            yield (
                f"the file of {day} has {gone.sum():,} cells of {concept} {', '.join(names[:_SHOWN])}{more} that this file lacks"
            )


def _outside(observations: Observations, other: Observations) -> Ints:
    """The keys whose period the other does not cover."""
    return observations.key[~within(observations.space.period(observations.key), other.covered)]


def _spans(period: Ints) -> str:
    """Periods as stretches: `FY2014 to FY2016, FY2019`."""
    every = np.unique(period)
    breaks = np.flatnonzero(np.diff(every) != 1) + 1
    runs = np.split(every, breaks)
    texts = [
        periods.text(int(run[0])) + (f" to {periods.text(int(run[-1]))}" if len(run) > 1 else "")
        for run in runs
    ]
    return ", ".join(texts[:_SHOWN]) + (
        f" and {len(texts) - _SHOWN} stretches more" if len(texts) > _SHOWN else ""
    )


def _shorter(old: Observations, now: Observations, day: datetime.date) -> Iterator[str]:
    """Why a file is a torso: it has less than half the cells, or half the sum, of the last one in its span of time."""
    span = list(_span(now.covered))
    there = old.where(np.isin(old.space.period(old.key), span))
    until = f"from {periods.text(span[0])} to {periods.text(span[-1])}"
    if 2 * len(now) < len(there):
        yield f"{len(now):,} cells {until}, where the file of {day} has {len(there):,}"
        return
    sums = [int(side.value.sum()) for side in (now, there)]
    if not now.space.dataset.negative and 2 * sums[0] < sums[1]:
        shown = [now.space.shown(value) for value in sums]
        yield f"figures {until} that add up to {shown[0]}, where those of the file of {day} add up to {shown[1]}"


def _span(covered: Ints) -> Iterable[int]:
    """Every period between the first and the last of each frequency."""
    kinds = periods.kinds(covered)
    for kind in np.unique(kinds):
        own = covered[kinds == kind]
        yield from range(int(own[0]), int(own[-1]) + 1)

"""The page of the reporting itself: for each source how old, how late, how revised and how readable it is."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.package.reports import Reported
from borderstats.words import labels, messages

_MACHINE = "machine-readable"


@dataclass(frozen=True)
class Source:
    """One source with the datasets that it feeds."""

    reported: Reported
    datasets: tuple[Metadata, ...]


@dataclass(frozen=True)
class Summary:
    """Of all sources, how many are in which state, the commonest first, and so on; `sentence` says the states in words."""

    sources: int
    files: int
    states: tuple[tuple[str, int], ...]
    readable: int
    revised: int
    cells: int
    stated: int
    sentence: str


def context(package: Package) -> dict[str, Any]:
    """What the template of the reporting page shows."""
    return {
        "sources": [
            Source(
                source,
                tuple(package.datasets[name].meta for name in source.datasets if name in package.datasets),
            )
            for source in sorted(package.reporting, key=lambda source: source.last_period_ends, reverse=True)
        ],
        "summary": summary(package),
        "provisions": [one for one in package.provisions if one.number in one.document.reporting],
    }


def summary(package: Package) -> Summary:
    """The totals over all sources."""
    found = package.reporting
    counts = Counter(source.state for source in found)
    states = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    named = [f"{count} {messages.named('state', state)}" for state, count in states]
    return Summary(
        sources=len(found),
        files=sum(source.files for source in found),
        states=states,
        readable=sum(source.readable.startswith(_MACHINE) for source in found),
        revised=sum(source.revisions.cells > 0 for source in found),
        cells=sum(source.revisions.cells for source in found),
        stated=sum(source.days_to_publication is not None for source in found),
        sentence=messages.counted("reporting.states", len(found), states=labels.listed(named))
        if found
        else "",
    )

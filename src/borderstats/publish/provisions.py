"""The pages of the provisions: one over all of them, and one for each with everything that reports on it."""

import string
from dataclasses import dataclass
from typing import Any

from borderstats.publish import labels, reporting
from borderstats.publish.accounts import Parameter, Provision
from borderstats.publish.contents import Metadata
from borderstats.publish.indicators import Standing, standing
from borderstats.publish.read import Package

_REPORTING = (16, 17)
"""The provisions that promise the reporting itself."""


@dataclass(frozen=True)
class Entry:
    """One provision on the page over all: its first indicator, or why there is none; `reported`: it is the reporting."""

    provision: Provision
    path: str
    first: Standing | None
    more: int
    reason: str
    reported: bool


def path(provision: Provision) -> str:
    """The page of a provision."""
    return f"provisions/{provision.number}-{provision.id}.html"


def overview(package: Package) -> dict[str, Any]:
    """What the template of the page over all provisions shows."""
    entries = [_entry(package, provision) for provision in package.provisions]
    return {
        "entries": entries,
        "measured": sum(entry.first is not None for entry in entries),
        "summary": reporting.summary(package),
    }


def context(package: Package, provision: Provision) -> dict[str, Any]:
    """What the template of one provision's page shows."""
    numbers = [other.number for other in package.provisions]
    place = numbers.index(provision.number)
    return {
        "provision": provision,
        "standings": standings(package, provision),
        "rules": lettered(provision),
        "datasets": [package.datasets[name].meta for name in provision.datasets if name in package.datasets],
        "reason": _reason(provision),
        "reported": provision.number in _REPORTING,
        "summary": reporting.summary(package),
        "before": _near(package, place - 1) if place else None,
        "after": _near(package, place + 1) if place + 1 < len(numbers) else None,
        "cite": f"Provision {provision.number}, {provision.title.en}. borderstats release {package.manifest.id}, "
        f"{labels.date(package.manifest.date)}.",
    }


def _near(package: Package, place: int) -> tuple[str, Provision]:
    provision = package.provisions[place]
    return path(provision), provision


def lettered(provision: Provision) -> tuple[tuple[str, Parameter], ...]:
    """The dated parameters with the letters that stand for them in the charts."""
    return tuple(zip(string.ascii_uppercase, provision.parameters, strict=False))


def standings(package: Package, provision: Provision) -> tuple[Standing, ...]:
    """How each indicator stands; each break of a dataset is explained at the first chart that shows it."""
    told: dict[str, frozenset[int]] = {}
    made = []
    for indicator in provision.indicators:
        meta = _meta(package, indicator.dataset)
        one = standing(indicator, meta, lettered(provision), told.get(meta.id, frozenset()))
        if one.chart:
            numbers = frozenset(item.number for item in one.chart.breaks)
            told[meta.id] = told.get(meta.id, frozenset()) | numbers
        made.append(one)
    return tuple(made)


def _meta(package: Package, name: str) -> Metadata:
    return package.dataset(name, "provisions.json").meta


def _entry(package: Package, provision: Provision) -> Entry:
    first = provision.indicators[0] if provision.indicators else None
    return Entry(
        provision,
        path(provision),
        standing(first, _meta(package, first.dataset)) if first else None,
        max(len(provision.indicators) - 1, 0),
        _reason(provision),
        provision.number in _REPORTING,
    )


def _reason(provision: Provision) -> str:
    """Why a provision has no figures: the reason of its empty dataset, else the first thing that cannot be known."""
    if provision.indicators:
        return ""
    reasons = [empty.reason for empty in provision.empty] or list(provision.unknown)
    return reasons[0] if reasons else ""

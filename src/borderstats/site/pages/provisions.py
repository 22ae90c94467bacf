"""The pages of the provisions: one over all of them, and one for each with everything that reports on it."""

import string
from dataclasses import dataclass
from typing import Any

from borderstats import periods
from borderstats.formats import described
from borderstats.package import addresses
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.package.provisions import Provision
from borderstats.site.charts import view
from borderstats.site.pages import cited, reporting
from borderstats.site.pages.indicators import Standing, breaks, standing
from borderstats.standard.provisions import Parameter
from borderstats.words import labels, messages


@dataclass(frozen=True)
class Entry:
    """One provision on the page over all: its first indicator, or why nothing measures it.

    `context` is the first figure beside a provision that nothing measures, `more` how many indicators are not shown,
    `cited` how many published figures its page has, `reported`: it is about the reporting itself.
    """

    provision: Provision
    path: str
    first: Standing | None
    context: Standing | None
    more: int
    cited: int
    reason: str
    reported: bool


def overview(package: Package) -> dict[str, Any]:
    """What the template of the page over all provisions shows."""
    entries = [_entry(package, provision) for provision in package.provisions]
    return {
        "entries": entries,
        "measured": sum(entry.first is not None for entry in entries),
        "reported": sum(entry.reported and not entry.first for entry in entries),
        "summary": reporting.summary(package),
    }


def context(package: Package, provision: Provision) -> dict[str, Any]:
    """What the template of one provision's page shows."""
    numbers = [other.number for other in package.provisions]
    place = numbers.index(provision.number)
    shown = standings(package, provision)
    return {
        "provision": provision,
        "standings": [item for item in shown if not item.indicator.context],
        "beside": [item for item in shown if item.indicator.context],
        "measures": cited.measures(package, cited.of(package, provision.number)),
        "grades": cited.grades(cited.of(package, provision.number)),
        "sought": sought(provision),
        "rules": lettered(provision),
        "datasets": [package.datasets[name].meta for name in provision.datasets if name in package.datasets],
        "reason": _reason(provision),
        "reported": provision.number in provision.document.reporting,
        "summary": reporting.summary(package),
        "before": _near(package, place - 1) if place else None,
        "after": _near(package, place + 1) if place + 1 < len(numbers) else None,
        "cite": messages.text(
            "cite.provision",
            number=provision.number,
            title=provision.title.en,
            publisher=package.standard.publisher.name,
            date=labels.date(package.manifest.date),
            page=described.permanent(package, addresses.provision(provision)),
        ),
    }


@dataclass(frozen=True)
class Sought:
    """What was looked for: its periods, and a row for each thing with what came of it in each and where it was looked for."""

    periods: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str], ...]


def sought(provision: Provision) -> Sought:
    """The table of what was looked for; a period of which nothing is said of a thing is a dash."""
    times = sorted({periods.parse(text) for one in provision.searched for text in one.periods})
    results: dict[str, dict[int, str]] = {}
    where: dict[str, list[str]] = {}
    for one in provision.searched:
        found = results.setdefault(one.what, {})
        found |= {periods.parse(text): messages.named("searched", one.result) for text in one.periods}
        where.setdefault(one.what, []).append(one.where)
    rows = tuple(
        (what, tuple(found.get(time, labels.NONE) for time in times), "; ".join(dict.fromkeys(where[what])))
        for what, found in results.items()
    )
    return Sought(tuple(map(periods.text, times)), rows)


def _near(package: Package, place: int) -> tuple[str, Provision]:
    provision = package.provisions[place]
    return addresses.provision(provision), provision


def lettered(provision: Provision) -> tuple[tuple[str, Parameter], ...]:
    """The dated parameters with the letters that stand for them in the charts."""
    return tuple(zip(string.ascii_uppercase, provision.parameters, strict=False))


def standings(package: Package, provision: Provision) -> tuple[Standing, ...]:
    """How each indicator stands, those that measure the provision first; each break is explained once on the page."""
    shown = sorted(provision.indicators, key=lambda indicator: indicator.context)
    metas = [_meta(package, indicator.dataset) for indicator in shown]
    calendar = package.standard.calendar
    found = view.marked([breaks(calendar, one, meta) for one, meta in zip(shown, metas, strict=True)])
    return tuple(
        standing(calendar, one, meta, lettered(provision), marked)
        for one, meta, marked in zip(shown, metas, found, strict=True)
    )


def _meta(package: Package, name: str) -> Metadata:
    return package.dataset(name, "provisions.json").meta


def _entry(package: Package, provision: Provision) -> Entry:
    measuring = [one for one in provision.indicators if not one.context]
    beside = [one for one in provision.indicators if one.context]
    calendar = package.standard.calendar
    shown = [standing(calendar, one, _meta(package, one.dataset)) for one in (measuring or beside)[:1]]
    return Entry(
        provision,
        addresses.provision(provision),
        shown[0] if measuring else None,
        shown[0] if shown and not measuring else None,
        len(provision.indicators) - len(shown),
        len(cited.of(package, provision.number)),
        _reason(provision),
        provision.number in provision.document.reporting,
    )


def _reason(provision: Provision) -> str:
    """Why nothing measures a provision: the first thing that cannot be known, else the reason of its empty dataset."""
    if any(not one.context for one in provision.indicators):
        return ""
    reasons = [*provision.unknown, *(empty.reason for empty in provision.empty)]
    return reasons[0] if reasons else ""

"""The page of the method, made from the standard: concepts, code lists, sources, breaks, statuses, vintages."""

import datetime
from collections.abc import Iterator
from typing import Any

from borderstats import periods
from borderstats.package.model import Package
from borderstats.periods import Calendar
from borderstats.words import messages
from borderstats.words import periods as names


def context(package: Package) -> dict[str, Any]:
    """What the template of the method page shows."""
    standard = package.standard
    metas = {name: dataset.meta for name, dataset in package.datasets.items()}
    used = {concept.codelist for concept in standard.concepts.values()}
    return {
        "concepts": list(standard.concepts.values()),
        "codelists": {name: codes for name, codes in standard.codelists.items() if name in used},
        "sources": [
            (source, [meta for meta in metas.values() if source.id in {s.id for s in meta.sources}])
            for source in standard.sources
        ],
        "breaks": sorted(standard.breaks, key=lambda entry: entry.date),
        "statuses": standard.statuses,
        "units": standard.units,
        "metas": metas,
        "standard": standard,
        "years": [messages.text("method.calendar_year")]
        if not standard.calendar.rules
        else [*_fiscal_years(standard.calendar, package.manifest.date)],
    }


def _fiscal_years(calendar: Calendar, today: datetime.date) -> Iterator[str]:
    """How fiscal years run, with the last one that is over as an example; how they ran before, and what lay between."""
    last = calendar.fiscal_year(periods.at("month", today))
    while calendar.last_day(periods.fiscal(last)) >= today:
        last -= 1
    year = periods.fiscal(last)
    yield messages.text(
        "method.year_ends" if calendar.named_by == "end" else "method.year_begins",
        **_run(calendar, year),
        example=names.long(year),
        short=names.short(year),
        months=names.span(*(periods.at("month", day) for day in calendar.days(year))),
    )
    for rule in reversed(calendar.rules[1:]):
        before = periods.fiscal(rule.since - 1)
        # The last year under a rule may be a short one: the one before it shows how years ran.
        ran = _run(calendar, before - 1)
        yield messages.text("method.year_before", year=names.long(before), **ran)
    for period in dict.fromkeys(calendar.transitions.values()):
        if period is not None:
            noun = names.noun(periods.kind(period))
            yield messages.text("method.between", noun=noun, period=names.long(period))


def _run(calendar: Calendar, year: int) -> dict[str, str]:
    """The first and the last day of a year, each without the year."""
    first, last = calendar.days(year)
    return {"first": names.day_of_year(first), "last": names.day_of_year(last)}

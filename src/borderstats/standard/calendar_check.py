"""Contradictions within the calendar of a standard."""

from collections.abc import Iterator
from itertools import pairwise

from borderstats import periods
from borderstats.periods import Calendar


def contradictions(calendar: Calendar) -> Iterator[str]:
    """Rules out of order, and names of times between two rules that are no period."""
    where = "calendar.toml: $.fiscal_years"
    for rule in calendar.rules[:1]:
        if rule.since:
            yield f"{where}[0].since: the first rule holds for all years before the second; leave it out"
        if rule.transition:
            yield f"{where}[0].transition: no rule comes before the first; leave it out"
    years = periods.every("year")
    for number, rule in enumerate(calendar.rules[1:], 1):
        if not periods.ordinal(years[0]) < rule.since <= periods.ordinal(years[-1]):
            yield f"{where}[{number}].since: give the first fiscal year under this rule, a year like 1977"
            return
    for number, (before, rule) in enumerate(pairwise(calendar.rules[1:]), 2):
        if rule.since <= before.since:
            yield f"{where}[{number}].since: {rule.since} is not after {before.since}; rules stand in the order of time"
            return
    named = [label for rule in calendar.rules for label in rule.transition]
    for label, period in calendar.transitions.items():
        if period is None:
            yield (
                f"{where}: transition {label!r}: what lies between the two rules is neither a month nor a calendar quarter, "
                "so no figure can be of it; leave it out"
            )
        if [one.casefold() for one in named].count(label) > 1:
            yield f"{where}: transition {label!r} stands there twice; it means one time"

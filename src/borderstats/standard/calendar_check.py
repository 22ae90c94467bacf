"""Contradictions within the calendar of a standard, and between it and the periods that sources give."""

from collections.abc import Iterator
from itertools import pairwise

from borderstats import periods
from borderstats.periods import Calendar, Kind
from borderstats.standard.columns import MonthColumn, PeriodColumn
from borderstats.standard.model import Standard
from borderstats.standard.sources import ListTable, Source, UsedTable


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


def of_periods(standard: Standard) -> Iterator[str]:
    """Fiscal years of an office that has none, frequencies without a code, and datasets with years of both kinds.

    Years of the calendar and fiscal years are both annual: the figures of a dataset with both would be one series.
    """
    years: dict[str, dict[Kind, str]] = {}
    codes = standard.codelists["freq"].numbers
    for source in standard.sources.values():
        file = f"sources/{source.id}.toml"
        for table in source.used:
            kinds = _kinds(source, table)
            if "fiscal_year" in kinds and not standard.calendar.rules:
                yield f'{file}: calendar.toml does not say when a fiscal year begins; calendar years have role = "year"'
            for code in sorted({periods.FREQUENCIES[kind] for kind in kinds} - set(codes)):
                yield f"codelists/freq.csv: the code {code} is missing; {file} gives such periods"
            for kind in kinds & {"year", "fiscal_year"}:
                years.setdefault(table.dataset or source.dataset, {}).setdefault(kind, file)
    for spec in standard.tables.values():
        if spec.every == "fiscal_year" and not standard.calendar.rules:
            yield f"tables/{spec.id}.toml: $.every: calendar.toml does not say when a fiscal year begins"
    for dataset, files in years.items():
        if len(files) > 1:
            yield (
                f"datasets/{dataset}.toml: {files['fiscal_year']} gives it fiscal years and {files['year']} calendar years; both "
                "have the frequency A, so they would be one series: make two datasets"
            )


def _kinds(source: Source, table: UsedTable) -> set[Kind]:
    """The kinds of periods that a table can give."""
    if table.day:
        return {"day"}
    columns = [source.column[name] for name in table.names if name in source.column]
    kinds = {column.kind for column in columns if isinstance(column, PeriodColumn)}
    for column in columns:
        if isinstance(column, MonthColumn):
            kinds = {"month", *kinds} if column.whole_year else {"month"}
    within = isinstance(table, ListTable) and table.within
    return {"month"} if within else kinds

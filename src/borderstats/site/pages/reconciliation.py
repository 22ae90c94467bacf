"""The page of reconciliations: the same quantity as several publishers have it, year by year."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from borderstats import periods
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.package.reports import Compared, Reconciliation
from borderstats.periods import YearKind
from borderstats.words import amounts, labels, messages
from borderstats.words import periods as names
from borderstats.words.amounts import Style

_STATES = ("yes", "partly", "no")
"""Whether the difference between publishers is explained."""


@dataclass(frozen=True)
class Column:
    """One publisher's column: its name, and its dataset; None: its figures are cited."""

    label: str
    meta: Metadata | None


@dataclass(frozen=True)
class Year:
    """One year in figures, each with whether it is of a year to date; `apart`: the publishers differ."""

    head: str
    values: tuple[tuple[str, bool], ...]
    difference: str
    percent: str
    apart: bool


@dataclass(frozen=True)
class Table:
    """One reconciliation, the newest year first. `largest`: the year with the largest difference in per cent, if any."""

    reconciliation: Reconciliation
    unit: str
    columns: tuple[Column, ...]
    years: tuple[Year, ...]
    apart: int
    largest: str
    kind: YearKind


def context(package: Package) -> dict[str, Any]:
    """What the template of the reconciliation page shows."""
    tables = [_table(package, one) for one in package.reconciliations]
    states = Counter[str](table.reconciliation.explained for table in tables)
    return {
        "tables": tables,
        "states": [(state, states[state]) for state in _STATES if states[state]],
        "years": sum(len(table.years) for table in tables),
        "apart": sum(table.apart for table in tables),
        "kind": _kind(package, [row for one in package.reconciliations for row in one.rows]),
    }


def _kind(package: Package, rows: Sequence[Compared]) -> YearKind:
    """Whether the years are calendar years or fiscal years."""
    return package.standard.calendar.year_kind(
        np.array([periods.parse(row.period) for row in rows], np.int64)
    )


def _table(package: Package, one: Reconciliation) -> Table:
    columns = tuple(
        Column(
            side.label,
            package.dataset(side.dataset, "reconciliations.json").meta if side.dataset else None,
        )
        for side in one.sides
    )
    metas = [column.meta for column in columns if column.meta]
    style = _style(one, metas)
    years = tuple(_year(row, style) for row in reversed(one.rows))
    largest = max((row for row in one.rows if row.difference), key=_share, default=None)
    return Table(
        one,
        labels.unit(metas[0].unit) if metas else "",
        columns,
        years,
        sum(year.apart for year in years),
        f"{_percent(_share(largest))}, {names.short(periods.parse(largest.period))}" if largest else "",
        _kind(package, one.rows),
    )


def _style(one: Reconciliation, metas: Sequence[Metadata]) -> Style:
    """One style for all sides, with as many decimals as one of the figures has."""
    values = [value for row in one.rows for value in row.values if value is not None]
    decimals = max(map(amounts.decimals, values), default=0)
    return amounts.of(metas[0].unit, decimals) if metas else Style(decimals=decimals)


def _year(row: Compared, style: Style) -> Year:
    values = (style.exact(float("nan") if value is None else value) for value in row.values)
    return Year(
        names.head(periods.parse(row.period)),
        tuple(zip(values, row.to_date, strict=True)),
        labels.NONE if row.difference is None else style.exact(row.difference),
        labels.NONE if row.difference is None else _percent(_share(row)),
        bool(row.difference),
    )


def _share(row: Compared) -> float:
    """The difference as a share of the largest figure; zero without a difference."""
    largest = max(abs(value) for value in row.values if value is not None)
    return (row.difference or 0.0) / largest if largest else 0.0


def _percent(share: float) -> str:
    """Two digits below one per cent, so that a difference that there is never reads as none."""
    percent = 100 * share
    if not percent:
        return "0%"
    if 0 < percent < 0.01:
        return messages.text("reconciliation.under")
    return f"{percent:.2f}%" if percent < 1 else f"{percent:.1f}%"

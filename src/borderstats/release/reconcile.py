"""The same quantity from different publishers, year by year, with the difference and its explanation."""

from collections.abc import Mapping

import numpy as np

from borderstats import periods
from borderstats.package import reports
from borderstats.release import series
from borderstats.release.evidence import Evidence
from borderstats.standard.model import Standard
from borderstats.standard.provisions import Reconciliation, Side


def reconciliations(standard: Standard, evidence: Evidence) -> tuple[reports.Reconciliation, ...]:
    """Every reconciliation with a row for each year that at least two sides have.

    A side's year to date is marked so, and such a row has no difference.
    """
    return tuple(_one(standard, evidence, one) for one in standard.reconciliations)


def _one(standard: Standard, evidence: Evidence, one: Reconciliation) -> reports.Reconciliation:
    sides = [_side(standard, evidence, side) for side in one.sides]
    every = np.array(sorted({year for side in sides for year in side}), np.int64)
    rows = []
    for year in every[standard.calendar.overlaps(every, one.start, "")].tolist():
        figures = [side.get(year, (None, False)) for side in sides]
        there = [value for value, _ in figures if value is not None]
        if len(there) > 1:
            to_date = [open_ for _, open_ in figures]
            rows.append(
                reports.Compared(
                    period=periods.text(year),
                    values=tuple(value for value, _ in figures),
                    to_date=tuple(to_date),
                    difference=None if any(to_date) else round(max(there) - min(there), 2),
                )
            )
    return reports.Reconciliation(
        id=one.id,
        title=one.title,
        explained=one.explained,
        explanation=one.explanation,
        sides=tuple(reports.Side(side.label, side.dataset) for side in one.sides),
        rows=tuple(rows),
    )


def _side(standard: Standard, evidence: Evidence, side: Side) -> Mapping[int, tuple[float, bool]]:
    """One publisher's figures by year, and whether they are of a year to date."""
    if not side.dataset:
        cited = {check.id: check for check in standard.checks}
        return {periods.parse(cited[name].period): (cited[name].value, False) for name in side.figures}
    dataset = standard.datasets[side.dataset]
    found = series.of(evidence, side.dataset, side.where)
    whole = series.by_year(standard.calendar, found, dataset.measure)
    years = {p: point for p, point in found.items() if periods.kind(p) in series.YEARS} | dict(whole)
    scale = 10**dataset.decimals
    return {
        p: (point.value / scale if dataset.decimals else point.value, p not in whole)
        for p, point in years.items()
    }

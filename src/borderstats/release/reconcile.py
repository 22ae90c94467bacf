"""The same quantity from different publishers, fiscal year by fiscal year, with the difference and its explanation."""

from collections.abc import Mapping
from typing import Any

from borderstats.release import series
from borderstats.release.rules import Evidence
from borderstats.standard import periods
from borderstats.standard.model import Standard
from borderstats.standard.provisions import Reconciliation, Side


def reconciliations(standard: Standard, evidence: Evidence) -> list[dict[str, Any]]:
    """Every reconciliation with a row for each fiscal year that at least two sides have."""
    return [_one(standard, evidence, one) for one in standard.reconciliations]


def _one(standard: Standard, evidence: Evidence, one: Reconciliation) -> dict[str, Any]:
    sides = [_side(standard, evidence, side) for side in one.sides]
    first = periods.parse(one.start) if one.start else 0
    years = sorted({year for side in sides for year in side if year >= first})
    rows = []
    for year in years:
        values = [side.get(year) for side in sides]
        there = [value for value in values if value is not None]
        if len(there) > 1:
            rows.append(
                {
                    "period": periods.text(year),
                    "values": values,
                    "difference": round(max(there) - min(there), 2),
                }
            )
    return {
        "id": one.id,
        "title": one.title,
        "explained": one.explained,
        "explanation": one.explanation,
        "sides": [{"label": side.label, "dataset": side.dataset} for side in one.sides],
        "rows": rows,
    }


def _side(standard: Standard, evidence: Evidence, side: Side) -> Mapping[int, float]:
    """One publisher's figures by fiscal year."""
    if not side.dataset:
        cited = {check.id: check for check in standard.checks}
        return {periods.parse(cited[name].period): cited[name].value for name in side.figures}
    dataset = standard.datasets[side.dataset]
    found = series.by_fiscal_year(series.of(evidence, side.dataset, side.where), dataset.measure)
    scale = 10**dataset.decimals
    return {p: point.value / scale if dataset.decimals else point.value for p, point in found.items()}

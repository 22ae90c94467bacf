"""How each provision of the fact sheet stands: its indicators with baseline, latest figure and progress.

A share always carries its numerator and denominator. Progress towards a target is never clipped: it can be negative.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from borderstats.errors import GateError
from borderstats.release import series
from borderstats.release.rules import Evidence
from borderstats.release.series import Series
from borderstats.standard import periods
from borderstats.standard.model import Dataset, Standard
from borderstats.standard.provisions import Indicator, Provision

_DIGITS = 4
"""Digits of a share behind the point: 0.1234 is 12.34 per cent."""


def provisions(standard: Standard, evidence: Evidence) -> list[dict[str, Any]]:
    """Every provision with its indicators, milestones and parameters, in the order of the fact sheet.

    Raises GateError if a share is not between 0 and 1, or an indicator has no figure.
    """
    return [
        {
            "number": provision.number,
            "id": provision.id,
            "title": {"en": provision.title, "es": provision.title_es},
            "promise": provision.promise,
            "source": standard.fact_sheet,
            "datasets": [name for name in _datasets(standard, provision) if name in evidence.histories],
            "empty": [
                {"id": name, "title": standard.datasets[name].title, "reason": standard.datasets[name].empty}
                for name in _datasets(standard, provision)
                if standard.datasets[name].empty
            ],
            "indicators": [_indicator(standard, evidence, provision, one) for one in provision.indicators],
            "unknown": provision.unknown,
            "milestones": [_plain(m) for m in standard.milestones if m.provision == provision.number],
            "parameters": [_plain(p) for p in standard.parameters if p.provision == provision.number],
        }
        for provision in standard.provisions
    ]


def _datasets(standard: Standard, provision: Provision) -> list[str]:
    """The datasets that report on a provision."""
    return [name for name, dataset in standard.datasets.items() if provision.number in dataset.provisions]


def _indicator(
    standard: Standard, evidence: Evidence, provision: Provision, one: Indicator
) -> dict[str, Any]:
    dataset = standard.datasets[one.dataset]
    numerator = series.of(evidence, one.dataset, one.where)
    denominator = None if one.share_of is None else series.of(evidence, one.dataset, one.share_of)
    annual = series.by_fiscal_year(numerator, dataset.measure)
    shorter = {p: point for p, point in numerator.items() if not periods.FISCAL <= p < periods.HALF_MONTH}
    if len(annual) == 1 and len(shorter) > 1:
        # One year alone tells no story: the months do.
        annual, numerator = {}, shorter
    main = annual or numerator
    below = None
    if denominator is not None:
        below = series.by_fiscal_year(denominator, dataset.measure) if annual else denominator
    shown = _figures(dataset, one, main, below)
    if not shown:
        raise GateError(f"provisions/{provision.id}/{one.id}: {one.dataset} has no figure for this indicator")
    finest = _figures(dataset, one, numerator, denominator)
    latest = max(shown, key=periods.last_day)
    recent = max(shorter.keys() & finest.keys(), key=periods.last_day, default=None) if annual else None
    if recent is not None and periods.last_day(recent) <= periods.last_day(latest):
        recent = None
    baseline = periods.parse(one.baseline) if one.baseline else None
    if baseline is not None and baseline not in shown:
        raise GateError(
            f"provisions/{provision.id}/{one.id}: {one.dataset} has no figure for the baseline {one.baseline}"
        )
    change = None if baseline is None else round(shown[latest]["value"] - shown[baseline]["value"], _DIGITS)
    return {
        "id": one.id,
        "title": {"en": one.title, "es": one.title_es},
        "dataset": one.dataset,
        "where": one.where,
        "share_of": one.share_of,
        "denominator": one.denominator,
        "unit": _plain(standard.codelists["unit"][dataset.unit]),
        "measure": dataset.measure,
        "rounding": dataset.rounding,
        "decimals": dataset.decimals,
        "trap": one.trap or dataset.trap,
        "baseline": shown[baseline] if baseline is not None else None,
        "latest": {**shown[latest], "as_of": _as_of(evidence, one.dataset, latest)},
        "recent": {**finest[recent], "as_of": _as_of(evidence, one.dataset, recent)}
        if recent is not None
        else None,
        "change": change,
        "target": one.target,
        "target_note": one.target_note,
        "progress": round(change / one.target, _DIGITS) if one.target and change is not None else None,
        "series": list(shown.values()),
    }


def _figures(
    dataset: Dataset, one: Indicator, numerator: Series, denominator: Series | None
) -> Mapping[int, dict[str, Any]]:
    """Figures, or shares with numerator and denominator, by period."""
    scale = 10**dataset.decimals
    if denominator is None:
        return {
            p: {
                "period": periods.text(p),
                "value": point.value / scale if dataset.decimals else point.value,
                "provisional": point.provisional,
            }
            for p, point in numerator.items()
        }
    shares = {}
    for p, whole in denominator.items():
        if not whole.value or p not in numerator:
            continue
        part = numerator[p].value
        if not 0 <= part <= whole.value:
            raise GateError(
                f"{one.dataset}/{one.id}: {periods.text(p)}: {part:,} of {whole.value:,} is no share between 0 and 1"
            )
        shares[p] = {
            "period": periods.text(p),
            "value": round(part / whole.value, _DIGITS),
            "numerator": part / scale if dataset.decimals else part,
            "denominator": whole.value / scale if dataset.decimals else whole.value,
            "provisional": numerator[p].provisional or whole.provisional,
        }
    return shares


def _as_of(evidence: Evidence, dataset: str, period: int) -> str:
    """The as-of date of the newest snapshot that has anything of the period, or of a month in the year."""
    vintages = evidence.histories[dataset].vintages
    day = periods.last_day(period)
    for vintage in reversed(vintages):
        covered = vintage.observations.covered
        if period in covered or any(
            periods.first_day(period) <= periods.last_day(int(p)) <= day for p in covered
        ):
            return vintage.as_of.isoformat()
    return vintages[-1].as_of.isoformat()


def _plain(thing: object) -> Any:
    return msgspec.to_builtins(thing, builtin_types=())

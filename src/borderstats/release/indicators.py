"""How each provision stands: its document, its indicators with baseline, latest figure and progress.

A share always carries its numerator and denominator. Progress towards a target is never clipped: it can be negative.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from borderstats import periods
from borderstats.errors import GateError
from borderstats.release import series
from borderstats.release.evidence import Evidence
from borderstats.release.series import Series
from borderstats.standard.model import Dataset, Standard
from borderstats.standard.provisions import Indicator, Provision

_DIGITS = 4
"""Digits of a share behind the point: 0.1234 is 12.34 per cent."""


def provisions(standard: Standard, evidence: Evidence) -> list[dict[str, Any]]:
    """Every provision with its indicators, milestones and parameters, in the order of its document.

    Raises GateError if a share is not between 0 and 1, or an indicator has no figure.
    """
    return [
        {
            "number": provision.number,
            "id": provision.id,
            "title": {"en": provision.title, "es": provision.title_es},
            "text": provision.text,
            "document": _plain(standard.document),
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
    if one.years > 1:
        main = series.over_years(main, one.years)
    shown = _figures(dataset, one, main, below)
    if not shown:
        raise GateError(f"provisions/{provision.id}/{one.id}: {one.dataset} has no figure for this indicator")
    latest = max(shown, key=periods.last_day)
    baseline = _baseline(standard, provision, one, shown)
    change = None if baseline is None else round(shown[latest]["value"] - baseline["value"], _DIGITS)
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
        "years": one.years,
        "context": one.context,
        "baseline": baseline,
        "latest": {**shown[latest], "as_of": _as_of(evidence, one.dataset, latest)},
        "to_date": _to_date(evidence, dataset, one, numerator, denominator, latest) if annual else None,
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


def _baseline(
    standard: Standard, provision: Provision, one: Indicator, shown: Mapping[int, dict[str, Any]]
) -> dict[str, Any] | None:
    """The figure with which the latest is compared: one of the series, or a cited one with its source."""
    if one.baseline_cited:
        check = next(check for check in standard.checks if check.id == one.baseline_cited)
        return {"period": check.period, "value": check.value, "provisional": False, "cited": check.source}
    if not one.baseline:
        return None
    period = periods.parse(one.baseline)
    if period not in shown:
        raise GateError(
            f"provisions/{provision.id}/{one.id}: {one.dataset} has no figure for the baseline {one.baseline}"
        )
    return {**shown[period], "cited": ""}


def _to_date(
    evidence: Evidence,
    dataset: Dataset,
    one: Indicator,
    numerator: Series,
    denominator: Series | None,
    latest: int,
) -> dict[str, Any] | None:
    """The fiscal year to date, or the latest stock or average, if later than the latest year; a year earlier too."""
    span = series.to_date(numerator, dataset.measure)
    if not span or periods.last_day(span[-1]) <= periods.last_day(latest) or one.years > 1:
        return None
    found = _span(dataset, one, numerator, denominator, span)
    if found is None:
        return None
    earlier = series.year_earlier(span)
    before = _span(dataset, one, numerator, denominator, earlier) if len(earlier) == len(span) else None
    return {**found, "as_of": _as_of(evidence, one.dataset, span[-1]), "before": before}


def _span(
    dataset: Dataset, one: Indicator, numerator: Series, denominator: Series | None, span: Sequence[int]
) -> dict[str, Any] | None:
    """The figure of several periods together; None if one of them has none."""
    if not all(p in side for p in span for side in (numerator, denominator) if side is not None):
        return None
    last = span[-1]
    sums = [
        {last: series.over(side, span)} if side is not None else None for side in (numerator, denominator)
    ]
    figure = _figures(dataset, one, sums[0] or {}, sums[1]).get(last)
    if figure is None:
        return None
    del figure["period"]
    return {"first": periods.text(span[0]), "last": periods.text(last), **figure}


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

"""What a release says about itself in JSON: each dataset, the gates, the whole standard."""

from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np

from borderstats import periods
from borderstats.intake.archive import Snapshot
from borderstats.observations import Ints, KeySpace
from borderstats.release.entries import Step
from borderstats.release.evidence import Finding
from borderstats.release.gates import Outcome
from borderstats.release.vintages import Changes, History, net_by_kind
from borderstats.standard.model import Standard


def dataset(
    standard: Standard, told: History, found: Changes, snapshots: Iterable[Snapshot], steps: Iterable[Step]
) -> dict[str, Any]:
    """All that a reader of one dataset needs: what it counts, unit, dimensions with codes, sources, breaks, notes."""
    this = told.space.dataset
    mine = [
        snapshot
        for snapshot in snapshots
        if snapshot.source and this.id in standard.sources[snapshot.source].feeds
    ]
    sources = [standard.sources[name] for name in dict.fromkeys(snapshot.source for snapshot in mine)]
    covered = told.latest.covered
    return {
        "id": this.id,
        "title": {"en": this.title, "es": this.title_es},
        "counts": this.counts,
        "unit": _plain(standard.codelists["unit"][this.unit]),
        "measure": this.measure,
        "trap": this.trap,
        "decimals": this.decimals,
        "rounding": this.rounding,
        "provisions": this.provisions,
        "first_period": periods.text(min(map(int, covered), key=periods.first_day)),
        "last_period": _last_period(covered),
        "observations": len(told.latest),
        "values_in_history": len(told),
        "vintages": [
            {"as_of": v.as_of, "file": v.file, "observations": len(v.observations)} for v in told.vintages
        ],
        "changes": {
            kind: dict(zip(("cells", "net", "gross"), sums, strict=True))
            for kind, sums in net_by_kind(found).items()
        },
        "dimensions": _dimensions(standard, told.space, told),
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "publisher": source.publisher,
                "page": source.page,
                "licence": source.licence,
                "caveat": source.caveat,
                "absent_rows": source.absent,
                "known_errors": [_plain(error) for error in source.known_errors],
            }
            for source in sources
        ],
        "snapshots": [_plain(snapshot) for snapshot in mine],
        "breaks": [
            _plain(entry)
            for entry in sorted(standard.breaks, key=lambda b: b.date)
            if this.id in entry.datasets
        ],
        "entries": [
            {
                "before": step.before.as_of,
                "after": step.after.as_of,
                "entries": len(step.after.entries),
                "added": len(step.added),
                "removed": len(step.removed),
            }
            for step in steps
        ],
        "notes": this.notes,
        "charts": [_plain(chart) for chart in this.charts],
    }


def _last_period(covered: Ints) -> str:
    """The last period; a fiscal year only where there is nothing shorter, because the last one may be to date."""
    quarter = periods.frequency(covered) == periods.FREQUENCIES.index("Q")
    shorter = covered[~periods.is_fiscal_year(covered) & ~quarter]
    return periods.text(max(map(int, shorter if len(shorter) else covered), key=periods.last_day))


def _dimensions(standard: Standard, space: KeySpace, told: History) -> list[dict[str, Any]]:
    described = []
    for dimension in space.dataset.dimensions:
        concept = standard.concepts[dimension.concept]
        used = np.unique(space.digit(told.key, dimension.concept))
        codes = [space.codelists[dimension.concept].codes[int(place)] for place in used]
        described.append(
            {
                "id": dimension.concept,
                "label": {"en": concept.label, "es": concept.label_es},
                "definition": concept.definition,
                "source": concept.source,
                "total": dimension.total,
                "codes": [
                    {"code": c.code, "en": c.label_en, "es": c.label_es, "note": c.note} for c in codes
                ],
            }
        )
    return described


def gates(spaces: dict[str, KeySpace], outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Every gate with its sentence, what it compared, and every cell that was waived (none failed in a release)."""
    return [
        {
            "id": outcome.id,
            "dataset": outcome.dataset,
            "rule": outcome.rule,
            "sentence": outcome.sentence,
            "compared": outcome.compared,
            "failed": [_finding(spaces[outcome.dataset], finding) for finding in outcome.failed],
            "waived": [
                {**_finding(spaces[outcome.dataset], finding), "waiver": waiver.id}
                for finding, waiver in outcome.waived
            ],
        }
        for outcome in outcomes
    ]


def _finding(space: KeySpace, finding: Finding) -> dict[str, Any]:
    return {
        "cell": space.text(finding.key),
        "expected": finding.expected,
        "found": finding.found,
        "text": finding.text,
    }


def method(standard: Standard) -> dict[str, Any]:
    """The whole standard, from which the page on the method is made."""
    return {
        "hash": standard.hash,
        "concepts": _plain(standard.concepts),
        "codelists": {
            name: [_plain(code) for code in codelist.codes] for name, codelist in standard.codelists.items()
        },
        "datasets": [_plain(this) for this in standard.datasets.values()],
        "sources": [_plain(source) for source in standard.sources.values()],
        "breaks": _plain(standard.breaks),
        "checks": _plain(standard.checks),
        "cited": _plain(standard.cited),
        "measures": _plain(standard.measures),
        "waivers": _plain(standard.waivers),
        "home": _plain(standard.headlines),
        "publisher": _plain(standard.publisher),
        "announcements": _plain(standard.announcements),
    }


def _plain(thing: object) -> Any:
    return msgspec.to_builtins(thing, builtin_types=())

"""The page of the method, made from the standard: concepts, code lists, sources, breaks, statuses, vintages."""

from typing import Any

from borderstats.package.model import Package

_UNIT = "unit"


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
        "units": standard.codelists.get(_UNIT, ()),
        "metas": metas,
        "standard": standard,
    }

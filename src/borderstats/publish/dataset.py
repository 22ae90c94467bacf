"""The page of one dataset: its charts, definitions, sources, checks and files."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from borderstats.publish import exhibit, labels, periods, provisions, quality
from borderstats.publish.accounts import Provision
from borderstats.publish.contents import Defined, Metadata
from borderstats.publish.figures import TOTAL, Facts
from borderstats.publish.ranking import exhibits
from borderstats.publish.read import Package

_TABLES = (
    ("latest", "Latest", "What the newest file of the publisher says of each period."),
    ("history", "History", "Every value that was ever published, with the dates between which it stood."),
    ("revisions", "Revisions", "Every value that one file gives otherwise than the file before it."),
    (
        "entries",
        "Entries",
        "Everything that entered the list or left it from one file to the next.",
    ),
)


@dataclass(frozen=True)
class Download:
    """One table in its two formats: path, size and SHA-256 of each."""

    name: str
    what: str
    files: tuple[tuple[str, str, str, str], ...]


def context(package: Package, told: Facts) -> dict[str, Any]:
    """What the template of a dataset's page shows."""
    meta = told.meta
    return {
        "meta": meta,
        "noun": labels.noun(meta),
        "unit": labels.unit(meta.unit),
        "measure": _measure(told),
        "span": span(told),
        "precision": _precision(meta),
        "exhibits": exhibits(told),
        "gates": [gate for gate in package.gates if gate.dataset == meta.id],
        "waivers": [
            one
            for waiver in package.standard.waivers
            if waiver.gate.split("/")[0] == meta.id
            for one in quality.waived(package, waiver, {meta.id: meta})
        ],
        "provisions": _provisions(package, meta.provisions),
        "downloads": [
            _download(package, meta, *table)
            for table in _TABLES
            if f"data/{meta.id}/{table[0]}.csv" in package.files
        ],
        "sql": _sql(told),
        "newest": max(snapshot.as_of for snapshot in meta.snapshots),
        "cite": f"{meta.title.en}. borderstats release {package.manifest.id}, {labels.date(package.manifest.date)}.",
    }


def empty(package: Package) -> tuple[Defined, ...]:
    """The datasets that the standard defines and nobody fills."""
    return tuple(one for one in package.standard.datasets if one.empty and one.id not in package.datasets)


def without_figures(package: Package, defined: Defined) -> dict[str, Any]:
    """What the template of the page of a dataset without figures shows."""
    units = {unit.code: labels.unit(unit) for unit in package.standard.codelists.get("unit", ())}
    return {
        "defined": defined,
        "unit": units.get(defined.unit, defined.unit.lower()),
        "provisions": _provisions(package, defined.provisions),
        "dimensions": [
            (one, package.standard.concepts[one.concept])
            for one in defined.dimensions
            if one.concept in package.standard.concepts
        ],
    }


def _provisions(package: Package, numbers: Collection[int]) -> list[tuple[str, Provision]]:
    """The provisions of these numbers with their pages."""
    return [
        (provisions.path(provision), provision)
        for provision in package.provisions
        if provision.number in numbers
    ]


def _download(package: Package, meta: Metadata, name: str, title: str, what: str) -> Download:
    files = []
    for kind, ending in (("Parquet", "parquet"), ("CSV", "csv")):
        path = f"data/{meta.id}/{name}.{ending}"
        file = package.files[path]
        files.append((kind, path, labels.size(file.bytes), file.sha256))
    return Download(title, what, tuple(files))


def span(told: Facts) -> str:
    """From the first period to the last of the frequency with the most of them; a year that is not over is to date."""
    time = told.time[told.of(told.main)]
    first, last = int(time.min()), int(time.max())
    open_end = told.main == "A" and periods.last_day("A", last) > told.newest
    return labels.span(told.main, first, last) + (" to date" if open_end else "")


def _measure(told: Facts) -> str:
    """`Flow: per month and per fiscal year`, `Stock: on the day`, `Average over the month`."""
    measure = told.meta.measure
    whens = [exhibit.when(measure, freq) for freq in told.frequencies if freq != "Q" or told.main == "Q"]
    if measure == "average":
        return labels.sentence(labels.listed(whens))
    return f"{labels.sentence(measure)}: {labels.listed(whens)}"


def _precision(meta: Metadata) -> str:
    if meta.rounding > 1:
        return f"To the nearest {meta.rounding}"
    whole = "Whole dollars" if meta.unit.code == "USD" else "None: whole counts"
    return f"To {meta.decimals} decimals" if meta.decimals else whole


def _sql(told: Facts) -> str:
    """A query that is right for this dataset: each published total picked once, all else summed."""
    freq = told.frequencies[0]
    where = next((chart.where for chart in told.meta.charts), {})
    picked = [f"freq = '{freq}'"]
    picked += [f"{name} = '{code}'" for name, code in where.items()]
    for dimension in told.meta.dimensions:
        if dimension.total == "published" and dimension.id not in where:
            codes = [code.code for code in dimension.codes]
            picked.append(f"{dimension.id} = '{TOTAL if TOTAL in codes else codes[0]}'")
    return (
        f"SELECT period, sum(value) AS {told.meta.unit.code.lower()}\n"
        f"FROM 'data/{told.meta.id}/latest.parquet'\n"
        f"WHERE {' AND '.join(picked)}\n"
        "GROUP BY period ORDER BY period;"
    )

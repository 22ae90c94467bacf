"""The page of one dataset: its charts, definitions, sources, checks and files."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from borderstats import periods
from borderstats.formats import described, distributions, jsonld
from borderstats.package import addresses
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.package.provisions import Provision
from borderstats.package.snapshots import newest
from borderstats.site.charts import view
from borderstats.site.charts.ranking import views
from borderstats.site.figures import Facts
from borderstats.site.pages import finality, joined, quality
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import Dataset as Defined
from borderstats.words import labels, messages
from borderstats.words import periods as names


@dataclass(frozen=True)
class Download:
    """One table in its formats: name, path, size and SHA-256 of each."""

    name: str
    what: str
    files: tuple[tuple[str, str, str, str], ...]


def context(package: Package, facts: Facts) -> dict[str, Any]:
    """What the template of a dataset's page shows."""
    meta = facts.meta
    return {
        "meta": meta,
        "noun": labels.noun(meta),
        "unit": labels.unit(meta.unit),
        "measure": _measure(facts),
        "span": span(facts),
        "precision": _precision(meta),
        "views": views(facts),
        "joined": joined.of(package, meta.id),
        "gates": [gate for gate in package.gates if gate.dataset == meta.id],
        "waivers": [
            one
            for waiver in package.standard.waivers
            if waiver.gate.split("/")[0] == meta.id
            for one in quality.waived(package, waiver, {meta.id: meta})
        ],
        "provisions": _provisions(package, meta.provisions),
        "downloads": _downloads(package, meta),
        "jsonld": jsonld.dataset(package, meta),
        "sql": _sql(facts),
        "price_bases": _price_bases(meta),
        "final": list(finality.sentences(meta)),
        "ages": finality.ages(meta),
        "newest": newest(meta.snapshots),
        "cite": described.citation(package, meta),
    }


def empty(package: Package) -> tuple[Defined, ...]:
    """The datasets that the standard defines and nobody fills."""
    return tuple(one for one in package.standard.datasets if one.empty and one.id not in package.datasets)


def without_figures(package: Package, defined: Defined) -> dict[str, Any]:
    """What the template of the page of a dataset without figures shows."""
    units = {unit.code: labels.unit(unit) for unit in package.standard.units}
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
        (addresses.provision(provision), provision)
        for provision in package.provisions
        if provision.number in numbers
    ]


def _downloads(package: Package, meta: Metadata) -> list[Download]:
    """The tables as Parquet and CSV, and the latest figures in every other format."""
    tables, others = defaultdict(list), []
    for one in distributions.of_dataset(package.files, meta.id):
        table = one.file.path.split("/")[-1].split(".")[0]
        file = (one.kind.name, one.file.path, labels.size(one.file.bytes), one.file.sha256)
        if one.kind in (distributions.CSV, distributions.PARQUET):
            tables[table].append(file)
        else:
            others.append(file)
    found = [
        Download(messages.named("file", table), messages.named("file_holds", table), tuple(files))
        for table, files in tables.items()
    ]
    if others:
        latest = messages.named("file", "latest")
        found.append(Download(latest, messages.text("download.other_formats"), tuple(others)))
    return found


def span(facts: Facts) -> str:
    """From the first period to the last of the kind with the most of them; a year that is not over is to date."""
    time = facts.time[facts.of(facts.main)]
    first, last = int(time.min()), int(time.max())
    open_end = facts.main in ("year", "fiscal_year") and facts.calendar.last_day(last) > facts.newest
    spanned = names.span(first, last)
    return messages.text("period.so_far", period=spanned) if open_end else spanned


def _measure(facts: Facts) -> str:
    """`Flow: per month and per fiscal year`, `Stock: on the day`, `Average over the month`."""
    measure = facts.meta.measure
    whens = [view.when(measure, kind) for kind in facts.kinds]
    if measure == "average":
        return labels.sentence(labels.listed(whens))
    return labels.sentence(f"{messages.named('measure', measure)}: {labels.listed(whens)}")


def _precision(meta: Metadata) -> str:
    if meta.rounding > 1:
        return messages.text("rounding.nearest", to=meta.rounding)
    if meta.decimals:
        return messages.text("rounding.decimals", decimals=meta.decimals)
    if meta.unit.currency:
        return messages.text("rounding.money", unit=labels.lowered(meta.unit))
    return messages.text("rounding.none")


def _price_bases(meta: Metadata) -> str:
    """`FY2021: Obligations and Disbursements; FY2019: Initial allocations`; nothing in a dataset without constant prices."""
    named: dict[str, list[str]] = {}
    for where, base in meta.price_bases.items():
        codes = [
            next((code.en for code in meta.dimension(name).codes if code.code == wanted), wanted)
            for name, wanted in where
        ]
        named.setdefault(base, []).extend(codes)
    bases = sorted(named.items(), reverse=True)
    return "; ".join(
        f"{labels.period(base)}: {labels.listed(codes)}" if codes else base for base, codes in bases
    )


def _sql(facts: Facts) -> str:
    """A query that is right for this dataset: each published total picked once, all else summed."""
    freq = periods.FREQUENCIES[facts.main]
    where = next((chart.where for chart in facts.meta.charts), {})
    picked = [f"freq = '{freq}'"]
    picked += [f"{name} = '{code}'" for name, code in where.items()]
    for dimension in facts.meta.dimensions:
        if dimension.total == "published" and dimension.id not in where:
            codes = [code.code for code in dimension.codes]
            picked.append(f"{dimension.id} = '{TOTAL if TOTAL in codes else codes[0]}'")
    return (
        f"SELECT period, sum(value) AS {facts.meta.unit.code.lower()}\n"
        f"FROM 'data/{facts.meta.id}/latest.parquet'\n"
        f"WHERE {' AND '.join(picked)}\n"
        "GROUP BY period ORDER BY period;"
    )

"""The page of one dataset: its charts, definitions, sources, checks and files."""

from dataclasses import dataclass
from typing import Any

from borderstats.publish import labels
from borderstats.publish.exhibit import exhibits
from borderstats.publish.figures import TOTAL, Facts
from borderstats.publish.read import Metadata, Package

_TABLES = (
    ("latest", "Latest", "What the newest file of the publisher says of each period."),
    ("history", "History", "Every value that was ever published, with the dates between which it stood."),
    ("revisions", "Revisions", "Every value that one file gives otherwise than the file before it."),
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
        "exhibits": exhibits(told),
        "gates": [gate for gate in package.gates if gate.dataset == meta.id],
        "downloads": [_download(package, meta, *table) for table in _TABLES],
        "sql": _sql(told),
        "newest": max(snapshot.as_of for snapshot in meta.snapshots),
        "cite": f"{meta.title.en}. borderstats release {package.manifest.id}, {labels.date(package.manifest.date)}.",
    }


def _download(package: Package, meta: Metadata, name: str, title: str, what: str) -> Download:
    files = []
    for kind, ending in (("Parquet", "parquet"), ("CSV", "csv")):
        path = f"data/{meta.id}/{name}.{ending}"
        file = package.files[path]
        files.append((kind, path, labels.size(file.bytes), file.sha256))
    return Download(title, what, tuple(files))


def _sql(told: Facts) -> str:
    """A query that is right for this dataset: each published total picked once, all else summed."""
    freq = "M" if told.monthly.any() else "A"
    picked = [f"freq = '{freq}'"]
    picked += [
        f"{dimension.id} = '{TOTAL}'" for dimension in told.meta.dimensions if dimension.total == "published"
    ]
    return (
        f"SELECT period, sum(value) AS {told.meta.unit.code.lower()}\n"
        f"FROM 'data/{told.meta.id}/latest.parquet'\n"
        f"WHERE {' AND '.join(picked)}\n"
        "GROUP BY period ORDER BY period;"
    )

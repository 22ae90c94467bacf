"""What each CSV file of a dataset holds, as CSV on the Web metadata beside it.

The vocabulary is https://www.w3.org/TR/tabular-metadata/; a reader finds `latest.csv-metadata.json` by the name of `latest.csv`.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import pyarrow as pa

from borderstats.formats import described, tabular
from borderstats.formats.distributions import TABLES
from borderstats.formats.tabular import Column
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package

_TYPES = {"text": "string", "integer": "integer", "number": "decimal", "date": "date", "year": "gYear"}


def name(table: str) -> str:
    """The name of the file in the dataset's folder."""
    return f"{table}.csv-metadata.json"


def document(package: Package, dataset: str, table: str, schema: pa.Schema) -> bytes:
    """The metadata of one CSV file of a dataset, as JSON in UTF-8; ReleaseError if there is no such dataset."""
    meta = package.dataset(dataset, "release.json").meta
    publisher = package.standard.publisher
    title, what = TABLES[table]
    metadata: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table}.csv",
        "dc:title": f"{meta.title.en}: {title.lower()}",
        "dc:description": f"{meta.counts} {what}",
        "dc:publisher": publisher.name,
        "dc:source": described.sources(meta),
        "dc:license": {"@id": publisher.licence_address},
        "dc:modified": {"@value": package.manifest.date, "@type": "xsd:date"},
        "dc:bibliographicCitation": described.citation(package, meta),
        "tableSchema": {
            "columns": [_column(one) for one in tabular.columns(package, meta, schema)],
            **_key(meta, table),
        },
    }
    return msgspec.json.format(msgspec.json.encode(metadata), indent=1) + b"\n"


def _key(meta: Metadata, table: str) -> Mapping[str, Any]:
    found = tabular.key(meta, table)
    return {"primaryKey": list(found)} if found else {}


def _column(one: Column) -> dict[str, Any]:
    kind = _TYPES[one.type]
    return {
        "name": one.name,
        # The first title is what stands in the header of the file.
        "titles": {"und": one.name, "en": one.title, **({"es": one.title_es} if one.title_es else {})},
        "dc:description": one.description,
        "datatype": {"base": kind, "format": one.pattern} if one.pattern else kind,
        "required": one.required,
    }

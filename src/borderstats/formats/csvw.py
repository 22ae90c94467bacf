"""What each CSV file of a dataset, and the account of change, holds, as CSV on the Web metadata beside it.

The vocabulary is https://www.w3.org/TR/tabular-metadata/; a reader finds `latest.csv-metadata.json` by the name of `latest.csv`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from borderstats.formats import described, tabular
from borderstats.formats.distributions import ACCOUNT, TABLES
from borderstats.formats.tabular import Column
from borderstats.package.account import CELLS
from borderstats.package.model import Package

_TYPES = {
    "text": "string",
    "integer": "integer",
    "number": "decimal",
    "date": "date",
    "year": "gYear",
    "boolean": "boolean",
}


def name(table: str) -> str:
    """The name of the file in the dataset's folder."""
    return f"{table}.csv-metadata.json"


def document(package: Package, dataset: str, table: str, schema: pa.Schema) -> bytes:
    """The metadata of one CSV file of a dataset, as JSON in UTF-8; ReleaseError if there is no such dataset."""
    meta = package.dataset(dataset, "release.json").meta
    title, what = TABLES[table]
    words = {
        "dc:title": f"{meta.title.en}: {title.lower()}",
        "dc:description": f"{meta.counts} {what}",
        "dc:source": described.sources(meta),
        "dc:bibliographicCitation": described.citation(package, meta),
    }
    return _document(
        package, f"{table}.csv", words, tabular.columns(package, meta, schema), tabular.key(meta, table)
    )


def account(package: Package) -> bytes:
    """The metadata of the account of change of a release, as JSON in UTF-8."""
    title, what = ACCOUNT
    return _document(package, CELLS, {"dc:title": title, "dc:description": what}, tabular.account(), ())


def _document(
    package: Package, url: str, words: Mapping[str, str], columns: Sequence[Column], key: Sequence[str]
) -> bytes:
    publisher = package.standard.publisher
    metadata: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        **words,
        "dc:publisher": publisher.name,
        "dc:license": {"@id": publisher.licence_address},
        "dc:modified": {"@value": package.manifest.date, "@type": "xsd:date"},
        "tableSchema": {
            "columns": [_column(one) for one in columns],
            **({"primaryKey": list(key)} if key else {}),
        },
    }
    return msgspec.json.format(msgspec.json.encode(metadata), indent=1) + b"\n"


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

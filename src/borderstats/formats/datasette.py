"""What Datasette shows beside the release's database: descriptions of tables and columns, sources, licence.

The format is https://docs.datasette.io/en/stable/metadata.html, as of Datasette 0.65.
"""

from typing import Any

import msgspec

from borderstats.formats import database, database_words, described
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.words import labels

NAME = "datasette.json"
"""The name of the file in the release's folder."""

_TABLES = {
    "datasets": "Each dataset: what it counts, its unit, precision and notes, and how to cite it.",
    "dimensions": "The dimensions of each dataset, and whether the publisher states their total or it is a sum.",
    "codes": "What each code of a dataset means.",
    "sources": "The publishers' tables that the datasets are read from.",
    "dataset_sources": "Which dataset is read from which source.",
    "snapshots": "The publishers' files, each with the day for which it speaks.",
    "provisions": "What was announced, in the words of its document.",
    "dataset_provisions": "Which dataset reports on which provision.",
    "statuses": "What the status of a figure means.",
    "frequencies": "What the frequency of a period means.",
    "texts": "Titles, labels and notes of everything that has a name, for searches with or without accents.",
}
_OF_PROVISIONS = ("provisions", "dataset_provisions")
_LABELS = {"provisions": "title_en", "statuses": "label_en", "frequencies": "label_en"}
_NAMED = {
    "freq": "The frequency of the period; months and years of a flow overlap, so ask for one of them.",
    "period": "The period: {periods}.",
    "fiscal_year": "The fiscal year in which the period ends.",
    "status": "Why a figure is provisional or missing.",
    "known_from": "The day from which on this figure was surely known.",
    "known_basis": "How that day is known: published, captured or announced then, or not after it.",
    "edition_from": "The day for which the file speaks that first gave this figure.",
}
_PRICES = {
    "price_base": "The period in whose prices the figure is; none where it is in those of its own period."
}
_UNTIL = {
    "known_to": "The day from which on another figure was surely known; none while the figure stands.",
    "edition_to": "The day for which the file speaks that gave another figure; none while the figure stands.",
    "ended": "The kind of change that ended it, or status: the same figure has another status.",
}


def document(package: Package) -> bytes:
    """Datasette's metadata for the release's database, as JSON in UTF-8."""
    publisher = package.standard.publisher
    tables: dict[str, Any] = {
        name: {"description": text}
        for name, text in _TABLES.items()
        if package.provisions or name not in _OF_PROVISIONS
    }
    for name, column in _LABELS.items():
        if name in tables:
            tables[name]["label_column"] = column
    for dimension in database_words.dimensions(package):
        # They explain the codes beside each figure; `codes` lists all of them for readers.
        tables[database_words.explaining(dimension)] = {"label_column": "label_en", "hidden": True}
    for dataset in package.datasets.values():
        name = database_words.table(dataset.meta.id)
        tables[name] = _table(package, dataset.meta, "")
        tables[name + database.HISTORY] = _table(package, dataset.meta, "History: ")
    metadata = {
        "title": publisher.name,
        "description": publisher.description,
        "license": publisher.licence,
        "license_url": publisher.licence_address,
        "source": f"{publisher.name}, release of {labels.date(package.manifest.date)}",
        "source_url": publisher.address,
        "databases": {database.NAME.partition(".")[0]: {"tables": tables}},
    }
    return msgspec.json.format(msgspec.json.encode(metadata), indent=1) + b"\n"


def _table(package: Package, meta: Metadata, which: str) -> dict[str, Any]:
    fiscal = bool(package.standard.calendar.rules)
    named = {name: what for name, what in _NAMED.items() if name != "fiscal_year" or fiscal}
    unit = f"Whole numbers of {labels.lowered(meta.unit)}"
    columns = {
        **{one.id: f"{one.label.en}: {one.definition}" for one in meta.dimensions},
        **{
            name: what.replace("{periods}", described.period_examples(package))
            for name, what in named.items()
        },
        "value": f"{labels.unit(meta.unit) if meta.decimals else unit}; none where the status says why.",
        **(_PRICES if meta.constant_prices else {}),
    }
    return {
        "description": f"{which}{meta.title.en}. {meta.counts}",
        "source": described.sources(meta),
        "source_url": described.page(package, meta),
        "columns": columns | _UNTIL if which else columns,
        "sortable_columns": [
            "period",
            *(["fiscal_year"] if fiscal else []),
            "value",
            "known_from",
            "edition_from",
        ],
        "facets": [one.id for one in meta.dimensions if 1 < len(one.codes) <= _FEW],
    }


_FEW = 30
"""Codes of a dimension that can be shown beside a table, each with its number of rows."""

"""A release as a Frictionless Data Package, version 2: https://datapackage.org/standard/data-package/."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from borderstats.formats import database, described, tabular
from borderstats.formats.distributions import ACCOUNT, TABLES
from borderstats.formats.tabular import Column
from borderstats.package.account import CELLS
from borderstats.package.manifest import File
from borderstats.package.model import Package
from borderstats.words import labels

NAME = "datapackage.json"
"""The name of the file in the release's folder."""

_PROFILES = "https://datapackage.org/profiles/2.0"
_TYPES = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "year": "year",
    "boolean": "boolean",
}


def document(package: Package, files: Mapping[str, File], schemas: Mapping[str, pa.Schema]) -> bytes:
    """The descriptor, as JSON in UTF-8, of the release's CSV files, whose `schemas` are by path, and of its database."""
    publisher = package.standard.publisher
    descriptor = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": publisher.id.lower(),
        "id": publisher.address,
        "title": f"{publisher.name}, release of {package.manifest.date}",
        "description": publisher.description,
        "homepage": publisher.address,
        "version": package.manifest.date,
        "created": f"{package.manifest.date}T00:00:00Z",
        "keywords": list(publisher.keywords),
        "licenses": [
            {"name": publisher.licence_id, "path": publisher.licence_address, "title": publisher.licence}
        ],
        "contributors": [
            {
                "title": publisher.contact,
                "organization": publisher.name,
                "email": publisher.email,
                "path": publisher.address,
                "roles": ["publisher"],
            }
        ],
        "sources": _sources(package),
        "resources": [*_tables(package, files, schemas), *_account(files), *_database(files)],
    }
    return msgspec.json.format(msgspec.json.encode(descriptor), indent=1) + b"\n"


def _sources(package: Package) -> list[dict[str, str]]:
    used = {source.id: source for dataset in package.datasets.values() for source in dataset.meta.sources}
    return [
        {
            "title": f"{source.publisher}, {source.title}",
            **({"path": labels.address(source.page)} if source.page else {}),
        }
        for _, source in sorted(used.items())
    ]


def _tables(
    package: Package, files: Mapping[str, File], schemas: Mapping[str, pa.Schema]
) -> list[dict[str, Any]]:
    found = []
    for dataset, read in package.datasets.items():
        for table, (title, what) in TABLES.items():
            path = f"data/{dataset}/{table}.csv"
            if path not in files:
                continue
            one = _table(
                f"{dataset}-{table}",
                files[path],
                (f"{read.meta.title.en}: {title.lower()}", f"{read.meta.counts} {what}"),
                tabular.columns(package, read.meta, schemas[path]),
                tabular.key(read.meta, table),
            )
            found.append({**one, "bibliographicCitation": described.citation(package, read.meta)})
    return found


def _account(files: Mapping[str, File]) -> list[dict[str, Any]]:
    if CELLS not in files:
        return []
    return [_table("account", files[CELLS], ACCOUNT, tabular.account(), ())]


def _table(
    name: str, file: File, words: tuple[str, str], columns: Sequence[Column], key: Sequence[str]
) -> dict[str, Any]:
    schema = {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fields": [_field(column) for column in columns],
        "missingValues": [""],
        **({"primaryKey": list(key)} if key else {}),
    }
    return {
        "name": name,
        **_file(file),
        "$schema": f"{_PROFILES}/dataresource.json",
        "type": "table",
        "title": words[0],
        "description": words[1],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _database(files: Mapping[str, File]) -> list[dict[str, Any]]:
    if database.NAME not in files:
        return []
    title = "Everything as one SQLite database"
    media = {"format": "sqlite", "mediatype": "application/vnd.sqlite3"}
    return [{"name": "database", **_file(files[database.NAME]), "title": title, **media}]


def _file(file: File) -> dict[str, Any]:
    return {"path": file.path, "bytes": file.bytes, "hash": f"sha256:{file.sha256}"}


def _field(one: Column) -> dict[str, Any]:
    constraints = {
        **({"required": True} if one.required else {}),
        **({"pattern": one.pattern} if one.pattern else {}),
    }
    return {
        "name": one.name,
        "type": _TYPES[one.type],
        "title": one.title,
        "description": one.description,
        **({"constraints": constraints} if constraints else {}),
        **(
            {"categories": [{"value": code.code, "label": code.label_en} for code in one.codes]}
            if one.codes
            else {}
        ),
    }

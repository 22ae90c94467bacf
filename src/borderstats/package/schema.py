"""The JSON Schema of a release's JSON files, generated from the structs that they are written from."""

import functools
from collections.abc import Mapping
from typing import Any

from borderstats.package import account
from borderstats.package.datasets import Metadata
from borderstats.package.manifest import Manifest
from borderstats.package.provisions import Provision
from borderstats.package.reports import Gate, Joined, Overview, Reconciliation, Reported
from borderstats.package.standard import Standard
from borderstats.standard import schema

NAME = "schema.json"
"""The name of the file in the release's folder."""

FILES: Mapping[str, Any] = {
    "manifest.json": Manifest,
    "release.json": Overview,
    "gates.json": tuple[Gate, ...],
    "standard.json": Standard,
    "provisions.json": tuple[Provision, ...],
    "reconciliations.json": tuple[Reconciliation, ...],
    "joined.json": tuple[Joined, ...],
    "reporting.json": tuple[Reported, ...],
    account.NAME: account.Account,
    "data/{dataset}/metadata.json": Metadata,
}
"""What each JSON file of a release's own holds, by its path."""


@functools.cache
def document() -> bytes:
    """One document with a definition for each part; `properties` names that of each file by its path."""
    roots, parts = schema.components(tuple(FILES.values()))
    return schema.written(
        {
            "title": "The JSON files of a release by their paths",
            "type": "object",
            "properties": dict(zip(FILES, roots, strict=True)),
            "$defs": parts,
        }
    )

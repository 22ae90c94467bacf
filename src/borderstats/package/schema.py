"""The JSON Schema of a release's JSON files, generated from the structs that they are written from."""

from collections.abc import Mapping
from typing import Any

import msgspec

from borderstats.package.datasets import Metadata
from borderstats.package.manifest import Manifest
from borderstats.package.provisions import Provision
from borderstats.package.reports import Gate, Overview, Reconciliation, Reported
from borderstats.package.standard import Standard

NAME = "schema.json"
"""The name of the file in the release's folder."""

FILES: Mapping[str, Any] = {
    "manifest.json": Manifest,
    "release.json": Overview,
    "gates.json": tuple[Gate, ...],
    "standard.json": Standard,
    "provisions.json": tuple[Provision, ...],
    "reconciliations.json": tuple[Reconciliation, ...],
    "reporting.json": tuple[Reported, ...],
    "data/{dataset}/metadata.json": Metadata,
}
"""What each JSON file of a release's own holds, by its path."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document() -> bytes:
    """One document with a definition for each part; `properties` names that of each file by its path."""
    schemas, definitions = msgspec.json.schema_components(
        tuple(FILES.values()), ref_template="#/$defs/{name}"
    )
    told = {
        "$schema": _DIALECT,
        "title": "The JSON files of a release by their paths",
        "type": "object",
        "properties": dict(zip(FILES, schemas, strict=True)),
        "$defs": definitions,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"

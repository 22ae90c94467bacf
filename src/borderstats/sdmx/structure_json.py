"""Structures as SDMX-JSON 2.0."""

from collections.abc import Iterable
from typing import Any

import msgspec

from borderstats.package.struct import Text
from borderstats.sdmx.message import Header
from borderstats.sdmx.model import (
    CATEGORIES,
    CONCEPTS,
    TIME,
    TIME_DIMENSION,
    Artefact,
    Categorisation,
    Component,
    Constraint,
    Dataflow,
    DataStructure,
    Item,
    Owner,
    Scheme,
    urn,
)

_SCHEMA = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json"
_LISTS = {
    "AgencyScheme": ("agencySchemes", "agencies"),
    "Codelist": ("codelists", "codes"),
    "ConceptScheme": ("conceptSchemes", "concepts"),
    "CategoryScheme": ("categorySchemes", "categories"),
    "DataStructure": ("dataStructures", ""),
    "Dataflow": ("dataflows", ""),
    "Categorisation": ("categorisations", ""),
    "ContentConstraint": ("dataConstraints", ""),
}


def structure(header: Header, artefacts: Iterable[Artefact], stubs: bool = False) -> bytes:
    """A structure message of these artefacts; `stubs`: without what is in them."""
    lists: dict[str, list[dict[str, Any]]] = {}
    for one in artefacts:
        lists.setdefault(_LISTS[one.kind][0], []).append(_artefact(one, stubs))
    return msgspec.json.encode({"meta": meta(header, _SCHEMA), "data": lists})


def meta(header: Header, schema: str) -> dict[str, Any]:
    """What a message says of itself."""
    return {
        "schema": schema,
        "id": header.id,
        "test": False,
        "prepared": header.prepared,
        "contentLanguages": header.languages,
        "sender": {"id": header.sender},
    }


def named(name: Text, description: Text | None = None) -> dict[str, Any]:
    """A name in its languages, and a description if there is one."""
    found: dict[str, Any] = {"name": name.en, "names": _languages(name)}
    if description:
        found |= {"description": description.en, "descriptions": _languages(description)}
    return found


def _languages(text: Text) -> dict[str, str]:
    return {language: written for language, written in (("en", text.en), ("es", text.es)) if written}


def _artefact(one: Artefact, stubs: bool) -> dict[str, Any]:
    kind = "DataConstraint" if one.kind == "ContentConstraint" else one.kind
    found: dict[str, Any] = {
        "id": one.id,
        "agencyID": one.agency,
        "version": one.version,
        "links": [{"rel": "self", "urn": urn(one, kind=kind)}],
        **named(one.name, getattr(one, "description", None)),
    }
    if one.kind == "AgencyScheme":
        # An agency scheme has no version of its own in 3.0.
        del found["version"]
    if stubs and not isinstance(one, Categorisation):
        return found
    match one:
        case Scheme():
            found[_LISTS[one.kind][1]] = [_item(one, item) for item in one.items]
        case DataStructure():
            found["dataStructureComponents"] = _components(one)
        case Dataflow():
            found["structure"] = _urn(one.owner, "DataStructure", one.structure)
        case Categorisation():
            found["source"] = _urn(one.owner, "Dataflow", one.dataflow)
            found["target"] = _urn(one.owner, "CategoryScheme", CATEGORIES, one.category)
        case Constraint():
            found |= _region(one)
    return found


def _item(scheme: Scheme, item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "links": [{"rel": "self", "urn": urn(scheme, item.id)}],
        **named(item.name, item.description),
        **({"coreRepresentation": _typed(item.type)} if item.type else {}),
    }


def _typed(name: str) -> dict[str, Any]:
    return {"format": {"dataType": name}}


def _urn(owner: Owner, kind: str, id_: str, item: str = "") -> str:
    return urn(Scheme(kind, owner, id_, Text(""), ()), item)


def _components(one: DataStructure) -> dict[str, Any]:
    return {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": [
                {"id": each.id, "position": place, **_represented(one, each)}
                for place, each in enumerate(one.dimensions)
            ],
            "timeDimension": {"id": TIME, **_represented(one, TIME_DIMENSION)},
        },
        "attributeList": {
            "id": "AttributeDescriptor",
            "attributes": [
                {
                    "id": each.id,
                    "usage": "mandatory" if each.id in ("UNIT_MEASURE", "OBS_STATUS") else "optional",
                    "attributeRelationship": {"dataflow" if each.level == "dataset" else "observation": {}},
                    **_represented(one, each),
                }
                for each in one.attributes
            ],
        },
        "measureList": {
            "id": "MeasureDescriptor",
            "measures": [{"id": one.measure.id, "usage": "optional", **_represented(one, one.measure)}],
        },
    }


def _represented(of: DataStructure, one: Component) -> dict[str, Any]:
    return {
        "conceptIdentity": _urn(of.owner, "ConceptScheme", CONCEPTS, one.id),
        "localRepresentation": {"enumeration": _urn(of.owner, "Codelist", one.codelist)}
        if one.codelist
        else _typed(one.type),
    }


def _region(one: Constraint) -> dict[str, Any]:
    keys: list[dict[str, Any]] = [
        {"id": name, "values": [{"value": code} for code in codes]}
        for name, codes in one.codes.items()
        if codes
    ]
    if one.start:
        ends = {
            "startPeriod": {"period": one.start, "isInclusive": True},
            "endPeriod": {"period": one.end, "isInclusive": True},
        }
        keys.append({"id": TIME, "timeRange": ends})
    counted = [
        {"id": name, "title": str(value), "type": "sdmx_metrics"}
        for name, value in (("series_count", one.series), ("obs_count", one.count))
        if value is not None
    ]
    return {
        **({"annotations": counted} if counted else {}),
        "role": "Actual",
        "constraintAttachment": {"dataflows": [_urn(one.owner, "Dataflow", one.dataflow)]},
        **({"cubeRegions": [{"include": True, "keyValues": keys}]} if keys else {}),
    }

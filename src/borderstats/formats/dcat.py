"""The catalogue of a release's datasets, as data catalogues in the United States harvest it.

`data.json` follows DCAT-US 1.1 (https://resources.data.gov/resources/dcat-us/), `dcat-us-3.jsonld` DCAT-US 3
(https://resources.data.gov/standards/catalog/dcat-us-3/) with its JSON-LD context inside, so that it reads without a network.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from borderstats.formats import described, distributions
from borderstats.formats.distributions import Distribution
from borderstats.package.datasets import Metadata
from borderstats.package.manifest import File
from borderstats.package.model import Package

NAME_1 = "data.json"
NAME_3 = "dcat-us-3.jsonld"

_SCHEMA_1 = "https://project-open-data.cio.gov/v1.1/schema"
_CONTEXT_3: Mapping[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat-us": "http://data.resources.gov/ontology/dcat-us#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "Catalog": "dcat:Catalog",
    "Dataset": "dcat:Dataset",
    "Distribution": "dcat:Distribution",
    "Standard": "dcterms:Standard",
    "PeriodOfTime": "dcterms:PeriodOfTime",
    "Document": "foaf:Document",
    "Agent": "foaf:Agent",
    "Kind": "vcard:Kind",
    "Checksum": "spdx:Checksum",
    "dataset": {"@id": "dcat:dataset", "@container": "@set"},
    "distribution": {"@id": "dcat:distribution", "@container": "@set"},
    "contactPoint": "dcat:contactPoint",
    "keyword": {"@id": "dcat:keyword", "@container": "@set"},
    "landingPage": {"@id": "dcat:landingPage", "@type": "@id"},
    "homepage": "foaf:homepage",
    "accessURL": {"@id": "dcat:accessURL", "@type": "@id"},
    "downloadURL": {"@id": "dcat:downloadURL", "@type": "@id"},
    "mediaType": "dcat:mediaType",
    "byteSize": {"@id": "dcat:byteSize", "@type": "xsd:nonNegativeInteger"},
    "version": "dcat:version",
    "startDate": {"@id": "dcat:startDate", "@type": "xsd:date"},
    "endDate": {"@id": "dcat:endDate", "@type": "xsd:date"},
    "describedBy": "dcat-us:describedBy",
    "title": "dcterms:title",
    "titleMap": {"@id": "dcterms:title", "@container": "@language"},
    "description": "dcterms:description",
    "descriptionMap": {"@id": "dcterms:description", "@container": "@language"},
    "identifier": "dcterms:identifier",
    "issued": {"@id": "dcterms:issued", "@type": "xsd:date"},
    "modified": {"@id": "dcterms:modified", "@type": "xsd:date"},
    "language": {"@id": "dcterms:language", "@container": "@set"},
    "license": "dcterms:license",
    "accessRights": "dcterms:accessRights",
    "publisher": "dcterms:publisher",
    "provenance": "dcterms:provenance",
    "temporal": {"@id": "dcterms:temporal", "@container": "@set"},
    "format": "dcterms:format",
    "conformsTo": {"@id": "dcterms:conformsTo", "@container": "@set"},
    "bibliographicCitation": "dcterms:bibliographicCitation",
    "name": "foaf:name",
    "fn": "vcard:fn",
    "hasEmail": {"@id": "vcard:hasEmail", "@type": "@id"},
    "checksum": "spdx:checksum",
    "algorithm": "spdx:algorithm",
    "checksumValue": {"@id": "spdx:checksumValue", "@type": "xsd:hexBinary"},
}


def version_1(package: Package, files: Mapping[str, File]) -> bytes:
    """The catalogue after DCAT-US 1.1, as JSON in UTF-8. `files`: those of the release by path."""
    catalogue = {
        "@context": f"{_SCHEMA_1}/catalog.jsonld",
        "@id": described.address(package, NAME_1),
        "@type": "dcat:Catalog",
        "conformsTo": _SCHEMA_1,
        "describedBy": f"{_SCHEMA_1}/catalog.json",
        "dataset": [_dataset_1(package, files, read.meta) for read in package.datasets.values()],
    }
    return msgspec.json.format(msgspec.json.encode(catalogue), indent=1) + b"\n"


def _dataset_1(package: Package, files: Mapping[str, File], meta: Metadata) -> dict[str, Any]:
    publisher = package.standard.publisher
    federal = {"bureauCode": list(publisher.bureau_codes), "programCode": list(publisher.program_codes)}
    return {
        "@type": "dcat:Dataset",
        "identifier": described.page(package, meta),
        "title": meta.title.en,
        "description": described.summary(meta),
        "keyword": list(publisher.keywords),
        "modified": package.manifest.date,
        "publisher": {"@type": "org:Organization", "name": publisher.name},
        "contactPoint": {
            "@type": "vcard:Contact",
            "fn": publisher.contact,
            "hasEmail": f"mailto:{publisher.email}",
        },
        "accessLevel": "public",
        **{name: codes for name, codes in federal.items() if codes},
        "license": publisher.licence_address,
        "temporal": "/".join(described.days(package, meta)),
        "language": ["en"],
        "landingPage": described.page(package, meta),
        "describedBy": described.address(package, f"data/{meta.id}/metadata.json"),
        "describedByType": "application/json",
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": one.title,
                "format": one.kind.name,
                "mediaType": one.kind.media,
                "downloadURL": described.permanent(package, one.file.path),
                "conformsTo": one.kind.standard,
            }
            for one in distributions.of_dataset(files, meta.id)
        ],
    }


def version_3(package: Package, files: Mapping[str, File]) -> bytes:
    """The catalogue after DCAT-US 3, as JSON-LD in UTF-8. `files`: those of the release by path."""
    publisher = package.standard.publisher
    catalogue = {
        "@context": _CONTEXT_3,
        "@id": described.address(package, NAME_3),
        "@type": "Catalog",
        "conformsTo": {"@type": "Standard", "title": "DCAT-US 3.0"},
        "title": publisher.name,
        "description": publisher.description,
        **({"descriptionMap": {"es": publisher.description_es}} if publisher.description_es else {}),
        "homepage": {"@type": "Document", "title": publisher.name, "accessURL": publisher.address},
        "publisher": _agent(package),
        "license": publisher.licence_address,
        "language": list(package.standard.office.languages),
        "modified": package.manifest.date,
        "keyword": list(publisher.keywords),
        "dataset": [_dataset_3(package, files, read.meta) for read in package.datasets.values()],
    }
    return msgspec.json.format(msgspec.json.encode(catalogue), indent=1) + b"\n"


def _dataset_3(package: Package, files: Mapping[str, File], meta: Metadata) -> dict[str, Any]:
    publisher = package.standard.publisher
    start, end = described.days(package, meta)
    page = described.page(package, meta)
    return {
        "@type": "Dataset",
        "@id": page,
        "identifier": page,
        "title": meta.title.en,
        **({"titleMap": {"es": meta.title.es}} if meta.title.es else {}),
        "description": described.summary(meta),
        "contactPoint": [{"@type": "Kind", "fn": publisher.contact, "hasEmail": f"mailto:{publisher.email}"}],
        "publisher": _agent(package),
        "keyword": list(publisher.keywords),
        "license": publisher.licence_address,
        "accessRights": "public",
        "provenance": described.sources(meta),
        "modified": package.manifest.date,
        "version": package.manifest.date,
        "temporal": [{"@type": "PeriodOfTime", "startDate": start, "endDate": end}],
        "language": ["en"],
        "landingPage": page,
        "describedBy": {
            "@type": "Distribution",
            "title": "Definitions, dimensions with their codes, sources, notes",
            "downloadURL": described.address(package, f"data/{meta.id}/metadata.json"),
            "mediaType": "application/json",
        },
        "bibliographicCitation": described.citation(package, meta),
        "distribution": [_distribution_3(package, one) for one in distributions.of_dataset(files, meta.id)],
    }


def _distribution_3(package: Package, one: Distribution) -> dict[str, Any]:
    return {
        "@type": "Distribution",
        "title": one.title,
        "format": one.kind.name,
        "mediaType": one.kind.media,
        "downloadURL": described.permanent(package, one.file.path),
        "byteSize": str(one.file.bytes),
        "conformsTo": [{"@type": "Standard", "@id": one.kind.standard, "title": one.kind.name}],
        "checksum": {"@type": "Checksum", "algorithm": "SHA-256", "checksumValue": one.file.sha256},
    }


def _agent(package: Package) -> dict[str, str]:
    publisher = package.standard.publisher
    return {"@type": "Agent", "@id": publisher.address, "name": publisher.name}

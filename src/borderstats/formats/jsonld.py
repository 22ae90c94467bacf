"""What search engines for data read in a page: schema.org `Dataset` and `DataCatalog`, as JSON-LD."""

from collections.abc import Mapping
from typing import Any

import msgspec
from markupsafe import Markup

from borderstats.formats import described, distributions
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.words import labels

_CONTEXT = "https://schema.org/"


def dataset(package: Package, meta: Metadata) -> Markup:
    """A dataset as schema.org sees it, ready to stand in a script element of a page."""
    publisher = package.standard.publisher
    first, last = described.days(package, meta)
    return _safe(
        {
            "@context": _CONTEXT,
            "@type": "Dataset",
            "@id": described.page(package, meta),
            "url": described.page(package, meta),
            "identifier": f"{publisher.id}:{meta.id}",
            "name": meta.title.en,
            **({"alternateName": meta.title.es} if meta.title.es else {}),
            "description": described.summary(meta),
            "version": package.manifest.id,
            "datePublished": package.manifest.date,
            "temporalCoverage": f"{first}/{last}",
            "keywords": list(publisher.keywords),
            "license": publisher.licence_address,
            "isAccessibleForFree": True,
            "inLanguage": "en",
            "creator": _publisher(package),
            "publisher": _publisher(package),
            "isBasedOn": [_source(one.publisher, one.title, one.page) for one in meta.sources],
            "citation": described.citation(package, meta),
            "variableMeasured": {
                "@type": "PropertyValue",
                "name": "value",
                "description": meta.counts,
                "unitText": labels.unit(meta.unit),
            },
            "includedInDataCatalog": {
                "@type": "DataCatalog",
                "@id": publisher.address,
                "name": publisher.name,
            },
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": one.title,
                    "encodingFormat": one.kind.media,
                    "contentUrl": described.permanent(package, one.file.path),
                    "contentSize": f"{one.file.bytes} B",
                    "sha256": one.file.sha256,
                }
                for one in distributions.of_dataset(package.files, meta.id)
            ],
        }
    )


def catalogue(package: Package) -> Markup:
    """All datasets of a release as schema.org sees them, ready to stand in a script element of a page."""
    publisher = package.standard.publisher
    return _safe(
        {
            "@context": _CONTEXT,
            "@type": "DataCatalog",
            "@id": publisher.address,
            "url": publisher.address,
            "name": publisher.name,
            "description": publisher.description,
            "license": publisher.licence_address,
            "dateModified": package.manifest.date,
            "publisher": _publisher(package),
            "dataset": [
                {"@type": "Dataset", "@id": described.page(package, one.meta), "name": one.meta.title.en}
                for one in package.datasets.values()
            ],
        }
    )


def _publisher(package: Package) -> dict[str, str]:
    publisher = package.standard.publisher
    return {
        "@type": "Organization",
        "name": publisher.name,
        "url": publisher.address,
        "email": publisher.email,
    }


def _source(publisher: str, title: str, page: str) -> dict[str, str]:
    work = {"@type": "CreativeWork", "name": f"{publisher}, {title}"}
    return work | ({"url": labels.address(page)} if page else {})


def _safe(document: Mapping[str, Any]) -> Markup:
    """JSON in which nothing can end the script element or be read as markup."""
    text = msgspec.json.encode(document).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - every sign that markup is made of is escaped above

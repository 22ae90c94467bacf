"""How to cite a release, as `CITATION.cff`: https://citation-file-format.github.io/, version 1.2.0."""

import yaml

from borderstats.formats import described
from borderstats.package.model import Package

NAME = "CITATION.cff"
"""The name of the file in the release's folder."""


def document(package: Package) -> bytes:
    """The citation of the release, as YAML in UTF-8."""
    publisher, date = package.standard.publisher, str(package.manifest.date)
    citation = {
        "cff-version": "1.2.0",
        "type": "dataset",
        "message": "If you use these figures, please cite them with their release.",
        "title": f"{publisher.name}: {package.standard.office.subject}",
        "abstract": publisher.description,
        "authors": [{"name": publisher.name, "website": publisher.address}],
        "contact": [{"name": publisher.contact, "email": publisher.email}],
        "version": package.manifest.id,
        "date-released": date,
        "url": described.permanent(package, "index.html"),
        "keywords": list(publisher.keywords),
        "license-url": publisher.licence_address,
    }
    return str(yaml.safe_dump(citation, sort_keys=False, allow_unicode=True, width=100)).encode()

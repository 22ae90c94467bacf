"""The addresses of releases and of their pages inside a site and a public folder."""

from borderstats.package.provisions import Provision
from borderstats.standard.struct import slug


def release(release_id: str) -> str:
    """The first page of a release in a public folder, where it stays."""
    return permanent(release_id, "index.html")


def dataset(dataset_id: str) -> str:
    """The page of a dataset."""
    return f"datasets/{dataset_id}.html"


def source(source_id: str) -> str:
    """The page of a source."""
    return f"sources/{source_id}.html"


def topic(folder: str, label: str) -> str:
    """The page of a place or a group, by its name."""
    return f"{folder}/{slug(label)}.html"


def provision(one: Provision) -> str:
    """The page of a provision."""
    return f"provisions/{one.number}-{one.id}.html"


def permanent(release: str, path: str) -> str:
    """Where a page or file of a release stays as it is."""
    return f"releases/{release}/{path}"


def notices(release: str) -> str:
    """The page of the notices about a release."""
    return f"notices/{release}.html"

"""The addresses of a release's pages inside its site and public folder."""

from borderstats.package.provisions import Provision


def release(release_id: str) -> str:
    """What leads to all of a release in a public folder, where it stays."""
    return f"releases/{release_id}/manifest.json"


def dataset(dataset_id: str) -> str:
    """The page of a dataset."""
    return f"datasets/{dataset_id}.html"


def source(source_id: str) -> str:
    """The page of a source."""
    return f"sources/{source_id}.html"


def provision(one: Provision) -> str:
    """The page of a provision."""
    return f"provisions/{one.number}-{one.id}.html"

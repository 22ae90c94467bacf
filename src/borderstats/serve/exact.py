"""The answers that need no question, as files: what a plain file host gives of the API.

Each is what the server answers under the same address without its ending.
"""

from pathlib import Path

from borderstats.serve import api, openapi
from borderstats.serve.limits import Limits
from borderstats.serve.request import Request
from borderstats.serve.store import Store


def documents(release: Path) -> dict[str, bytes]:
    """The answers by their paths in the public folder; ReleaseError if the release is broken."""
    store = Store(release, Limits())
    nothing = Request({}, ())
    found = {
        "api/datasets.json": api.datasets(store, nothing),
        "api/revisions.json": api.revisions(store, nothing),
        **({"api/provisions.json": api.provisions(store, nothing)} if store.package.provisions else {}),
        "api/openapi.json": openapi.document(store, nothing),
        **{
            f"api/datasets/{name}.json": api.dataset(store, Request({"dataset": name}, ()))
            for name in store.package.datasets
        },
    }
    return {path: prepared.make() for path, prepared in found.items()}

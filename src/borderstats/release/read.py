"""A release's latest table back as observations, to compare it with another."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.observations import KeySpace, Observations, Small
from borderstats.package import manifest as manifests
from borderstats.release.vintages import Vintage
from borderstats.standard.model import Standard


def latest(standard: Standard, release: Path) -> dict[str, Vintage]:
    """Each dataset's latest observations in a release, as a vintage of the release's date.

    Raises ReleaseError if the folder is no release, or holds a dataset or code that the standard does not know.
    """
    manifest = manifests.read(release)
    found = {}
    for folder in sorted(path for path in (release / "data").iterdir() if path.is_dir()):
        if folder.name not in standard.datasets:
            raise ReleaseError(
                f"{release.name}: the dataset {folder.name} is not in this standard; compare with the standard it was made with"
            )
        space = KeySpace.of(standard, folder.name)
        table = parquet.read_table(folder / "latest.parquet")
        key = _keys(space, table, release.name)
        order = np.argsort(key)
        value = np.asarray(table["value"].fill_null(0))[order] * 10**space.dataset.decimals
        status = _statuses(space, table, release.name)[order]
        found[folder.name] = Vintage(
            manifest.date,
            release.name,
            Observations(space, key[order], np.rint(value).astype(np.int64), status),
        )
    return found


def _statuses(space: KeySpace, table: pa.Table, release: str) -> Small:
    codes = table["status"].to_pylist()
    if unknown := sorted(set(codes) - set(space.statuses.codes)):
        raise ReleaseError(f"{release}: status {', '.join(unknown)} is not in this standard")
    return np.array([space.statuses[code] for code in codes], np.int16)


def _keys(space: KeySpace, table: pa.Table, release: str) -> np.ndarray:
    codes = {}
    for concept in space.dataset.concepts:
        codelist = space.codelists[concept]
        scope, labels = space.scopes.get(concept), table[concept].to_pylist()
        scopes = table[scope].to_pylist() if scope else [""] * len(labels)
        places = {pair: codelist.find(pair[0], pair[1]) for pair in set(zip(labels, scopes, strict=True))}
        if unknown := sorted({label for (label, _), place in places.items() if place is None}):
            raise ReleaseError(f"{release}: {concept} {', '.join(unknown)} is not in this standard")
        codes[concept] = np.array([places[pair] for pair in zip(labels, scopes, strict=True)], np.int64)
    period = np.array([periods.parse(text) for text in table["period"].to_pylist()], np.int64)
    return space.encode(codes, period)

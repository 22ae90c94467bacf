"""The page of a source: its files with their hashes, and the rules of the standard that read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from borderstats.package.model import Package
from borderstats.package.snapshots import Snapshot
from borderstats.standard.sources import AnySource, Source

_ROLES = ("kind", "role")
"""What tells tables and columns of the standard apart."""


@dataclass(frozen=True)
class Rule:
    """A table or column of the standard: where it stands there, what it is called in the file, its role, and all else."""

    path: str
    name: str
    role: str
    rest: Mapping[str, str]


def used(package: Package) -> tuple[AnySource, ...]:
    """The sources with a file in the release, in the order of the standard."""
    files = {snapshot.source for snapshot in package.manifest.inputs}
    return tuple(source for source in package.standard.sources if source.id in files)


def context(package: Package, source: Source) -> dict[str, Any]:
    """What the template of a source's page shows."""
    datasets = package.datasets
    return {
        "source": source,
        "datasets": [datasets[name].meta for name in source.feeds if name in datasets],
        "files": snapshots(package, source.id),
        "tables": [_rule(f"$.tables[{n}]", "sheet", table) for n, table in enumerate(source.tables)],
        "columns": [_rule(f"$.columns[{n}]", "name", column) for n, column in enumerate(source.columns)],
    }


def snapshots(package: Package, source: str) -> list[Snapshot]:
    """The files of a source in a release, the newest first."""
    files = [snapshot for snapshot in package.manifest.inputs if snapshot.source == source]
    return sorted(files, key=lambda snapshot: snapshot.place, reverse=True)


def _rule(path: str, name: str, part: msgspec.Struct) -> Rule:
    said = msgspec.to_builtins(part, builtin_types=())
    role = next((said.pop(key) for key in _ROLES if key in said), "")
    return Rule(path, said.pop(name, ""), role, {key: _shown(value) for key, value in said.items() if value})


def _shown(value: object) -> str:
    """A value of the standard as it stands in TOML, nearly: lists and tables on one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_shown(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_shown(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)

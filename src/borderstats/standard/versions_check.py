"""Whether what is published under the version of a standard is what was published under it before."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from borderstats.errors import StandardError
from borderstats.standard.model import Standard
from borderstats.standard.office_check import VERSION

_FILE = "versions.csv"
_DIGITS = 16


def contradictions(standard: Standard) -> Iterator[str]:
    """That the versions rise, and that the present one stands for the artefacts that it stood for; one line each."""
    if not standard.versions:
        return
    for one in standard.versions:
        if not VERSION.fullmatch(one.version):
            yield f"{_FILE}: {one.version!r} is not three numbers with points between them, such as 1.0.0"
            return
    numbers = [tuple(map(int, one.version.split("."))) for one in standard.versions]
    days = [one.date for one in standard.versions]
    if numbers != sorted(set(numbers)) or days != sorted(days):
        yield f"{_FILE}: versions stand in their order, each once, none with an earlier day than the one before"
        return
    present, now = standard.office.version, fingerprint(standard)
    last = standard.versions[-1]
    if last.version != present:
        yield f"{_FILE}: the last line must be that of the version in office.toml: {present},DATE,{now}"
    elif last.artefacts != now:
        yield (
            f"{_FILE}: {present}: concepts, code lists or datasets are not those that were published under it: raise "
            f"$.version in office.toml, add the line VERSION,DATE,{now} and say in the changelog what changed"
        )


def require(folder: Path, standard: Standard) -> None:
    """Raise StandardError if the standard of a folder must not be published under its version.

    A standard can be read and tried without: who adds a dataset says what the new version is when it is done.
    """
    if findings := list(contradictions(standard)):
        raise StandardError(f"{folder.name}/{finding}" for finding in findings)


def fingerprint(standard: Standard) -> str:
    """The first digits of the SHA-256 of what SDMX and the files of a release say of concepts, codes and datasets.

    How publishers write a label (`aliases`) is no part of it, nor what gates, charts and provisions make of a dataset.
    """
    return hashlib.sha256(msgspec.json.encode(_artefacts(standard), order="deterministic")).hexdigest()[
        :_DIGITS
    ]


def _artefacts(standard: Standard) -> Any:
    return {
        "concepts": standard.concepts,
        "codelists": {
            name: [msgspec.structs.replace(code, aliases=()) for code in one.codes]
            for name, one in standard.codelists.items()
        },
        "datasets": {
            name: msgspec.structs.replace(one, provisions=(), gates=(), charts=())
            for name, one in standard.datasets.items()
        },
    }

"""The page of revisions: what each new file changed, in sum and cell by cell."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from borderstats.package.datasets import Metadata
from borderstats.package.model import Dataset, Package
from borderstats.package.reports import Revision
from borderstats.site.pages import account
from borderstats.words import amounts, labels, messages
from borderstats.words.amounts import Style

_LARGEST = 200
_KINDS = ("changed", "new", "vanished", "named", "span", "rebased", "recoded", "zero", "untold")
_BY_US = ("standard", "withdrawn")
"""The kinds of what differs by us from the release before: in the account of change, not in the log of revisions."""


@dataclass(frozen=True)
class Kind:
    """The changes of one kind from one file to the next: cells, net and gross as text."""

    name: str
    cells: int
    net: str
    gross: str


@dataclass(frozen=True)
class Step:
    """From one file's as-of date to the next; no kinds: nothing changed. `file`: the later one, if another is of its day."""

    before: str
    after: str
    file: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Change:
    """One cell that changed, as text. `file`: the one that changed it, if another is of its day."""

    cell: str
    period: str
    kind: str
    old: str
    new: str
    delta: str
    before: str
    after: str
    file: str


@dataclass(frozen=True)
class Log:
    """All that changed in one dataset. `added_up`: how sums are made; `total`: how many cells; `largest`: the first of them."""

    meta: Metadata
    unit: str
    added_up: str
    steps: tuple[Step, ...]
    total: int
    largest: tuple[Change, ...]


def context(package: Package) -> dict[str, Any]:
    """What the template of the revisions page shows."""
    logs = [_log(package, dataset) for dataset in package.datasets.values()]
    return {
        "logs": [log for log in logs if log.steps],
        "single": [log.meta for log in logs if not log.steps],
        "total": sum(log.total for log in logs),
        "kinds": (*_KINDS, *_BY_US),
        "since": account.since(package),
    }


def _log(package: Package, dataset: Dataset) -> Log:
    shared = _shared(dataset.meta)
    return Log(
        dataset.meta,
        labels.unit(dataset.meta.unit),
        _added_up(dataset.meta),
        # Files of one day that do not overlap are no step.
        tuple(
            Step(before, after, file if file in shared else "", kinds)
            for (before, after, file), kinds in _kinds(package, dataset.meta).items()
            if kinds or before != after
        ),
        dataset.revisions.num_rows,
        _largest(dataset, shared),
    )


def _shared(meta: Metadata) -> set[str]:
    """The files that are not the only one of their day."""
    days = Counter(vintage.as_of for vintage in meta.vintages)
    return {vintage.file for vintage in meta.vintages if days[vintage.as_of] > 1}


def _kinds(package: Package, meta: Metadata) -> dict[tuple[str, str, str], tuple[Kind, ...]]:
    """The sums of a dataset's changes by step (two days and the later file) and kind, in its unit and in the order of the steps."""
    style = amounts.of(meta.unit, meta.decimals)
    own = [row for row in package.revisions if row.dataset == meta.id]
    found: dict[tuple[str, str, str], tuple[Kind, ...]] = {_step(row): () for row in own}
    for row in sorted(own, key=lambda row: _order(row.kind)):
        if row.cells:
            kind = Kind(row.kind, row.cells, style.signed(row.net), style.exact(row.gross))
            found[_step(row)] += (kind,)
    return found


def _step(row: Revision) -> tuple[str, str, str]:
    return str(row.before), str(row.after), row.snapshot


def _added_up(meta: Metadata) -> str:
    """Of which dimensions the sums of changes take the parts, and of which the total."""
    parts, total, current = (
        [one.label.en.lower() for one in meta.dimensions if meta.added_up.get(one.id) == way]
        for way in ("parts", "total", "current")
    )
    said = [messages.text("revisions.of_parts", dimensions=labels.listed(parts))] if parts else []
    said += [messages.text("revisions.of_total", dimensions=labels.listed(total))] if total else []
    said += [messages.text("revisions.of_current", dimensions=labels.listed(current))] if current else []
    return f"{labels.sentence('; '.join(said))}." if said else ""


def _order(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _largest(dataset: Dataset, shared: Collection[str]) -> tuple[Change, ...]:
    """The table of revisions comes with the largest first."""
    names = {d.id: {code.code: code.en for code in d.codes} for d in dataset.meta.dimensions}
    # A dimension with one code says nothing about a cell.
    style = amounts.of(dataset.meta.unit, dataset.meta.decimals)
    varying = [d.id for d in dataset.meta.dimensions if len(d.codes) > 1]
    return tuple(
        Change(
            cell=", ".join(names[name].get(row[name], row[name]) for name in varying),
            period=labels.period(row["period"]),
            kind=row["kind"],
            old=_value(row["old"], style),
            new=_value(row["new"], style),
            delta=style.signed(row["delta"]) if row["delta"] is not None else labels.NONE,
            before=str(row["before"]),
            after=str(row["after"]),
            file=row["snapshot"] if row["snapshot"] in shared else "",
        )
        for row in dataset.revisions.slice(0, _LARGEST).to_pylist()
    )


def _value(value: float | None, style: Style) -> str:
    return messages.text("revisions.no_row") if value is None else style.exact(value)


def readable(cell: str, meta: Metadata) -> str:
    """A cell as gates write it (`office=ELC 1999-10`) in words: `El Centro Sector, October 1999`."""
    names = {d.id: {code.code: code.en for code in d.codes} for d in meta.dimensions}
    words = []
    for part in cell.split():
        concept, equals, code = part.partition("=")
        words.append(names.get(concept, {}).get(code, code) if equals else labels.period(part))
    return ", ".join(words)

"""The page of revisions: what each new file changed, in sum and cell by cell."""

from dataclasses import dataclass
from typing import Any

from borderstats.package.datasets import Metadata
from borderstats.package.model import Dataset, Package
from borderstats.words import amounts, labels, messages
from borderstats.words.amounts import Style

_LARGEST = 200
_KINDS = ("changed", "new", "vanished", "recoded", "zero", "untold")


@dataclass(frozen=True)
class Kind:
    """The changes of one kind from one file to the next: cells, net and gross as text."""

    name: str
    cells: int
    net: str
    gross: str


@dataclass(frozen=True)
class Step:
    """From one file's as-of date to the next; no kinds: nothing changed."""

    before: str
    after: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Change:
    """One cell that changed, as text."""

    cell: str
    period: str
    kind: str
    old: str
    new: str
    delta: str
    before: str
    after: str


@dataclass(frozen=True)
class Log:
    """All that changed in one dataset. `total`: how many cells; `largest`: the first of them."""

    meta: Metadata
    unit: str
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
        "kinds": _KINDS,
    }


def _log(package: Package, dataset: Dataset) -> Log:
    rows = [row for row in package.revisions if row.dataset == dataset.meta.id]
    pairs = dict.fromkeys((str(row.before), str(row.after)) for row in rows)
    found = _kinds(dataset)
    steps = (Step(*pair, found.get(pair, ())) for pair in pairs)
    return Log(
        dataset.meta,
        labels.unit(dataset.meta.unit),
        # Files of one day that do not overlap are no step.
        tuple(step for step in steps if step.kinds or step.before != step.after),
        dataset.revisions.num_rows,
        _largest(dataset),
    )


def _kinds(dataset: Dataset) -> dict[tuple[str, str], tuple[Kind, ...]]:
    """The sums of the table of revisions by pair of files and kind, in the unit of the dataset."""
    deltas: dict[tuple[str, str], dict[str, list[float]]] = {}
    names = ("before", "after", "kind", "delta")
    for before, after, kind, delta in zip(
        *(dataset.revisions[name].to_pylist() for name in names), strict=True
    ):
        deltas.setdefault((str(before), str(after)), {}).setdefault(kind, []).append(delta)
    style = amounts.of(dataset.meta.unit, dataset.meta.decimals)
    return {
        pair: tuple(
            Kind(
                kind,
                len(kinds[kind]),
                style.signed(sum(kinds[kind])),
                style.exact(sum(abs(delta) for delta in kinds[kind])),
            )
            for kind in sorted(kinds, key=_order)
        )
        for pair, kinds in deltas.items()
    }


def _order(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _largest(dataset: Dataset) -> tuple[Change, ...]:
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
            delta=style.signed(row["delta"]),
            before=str(row["before"]),
            after=str(row["after"]),
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

"""The page of revisions: what each new file changed, in sum and cell by cell."""

from dataclasses import dataclass
from typing import Any

from borderstats.publish import labels
from borderstats.publish.read import Dataset, Metadata, Package

_LARGEST = 200
_KINDS = ("changed", "new", "vanished", "recoded", "zero")


@dataclass(frozen=True)
class Step:
    """From one file's as-of date to the next: cells, net and gross by kind."""

    before: str
    after: str
    kinds: tuple[tuple[str, int, int, int], ...]

    @property
    def cells(self) -> int:
        return sum(cells for _, cells, _, _ in self.kinds)


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
    }


def _log(package: Package, dataset: Dataset) -> Log:
    rows = [row for row in package.revisions if row["dataset"] == dataset.meta.id]
    pairs = dict.fromkeys((str(row["before"]), str(row["after"])) for row in rows)
    steps = tuple(
        Step(
            before,
            after,
            tuple(
                (str(row["kind"]), _whole(row["cells"]), _whole(row["net"]), _whole(row["gross"]))
                for row in rows
                if (str(row["before"]), str(row["after"])) == (before, after)
            ),
        )
        for before, after in pairs
    )
    return Log(
        dataset.meta, labels.unit(dataset.meta.unit), steps, dataset.revisions.num_rows, _largest(dataset)
    )


def _whole(value: object) -> int:
    return int(str(value))


def _largest(dataset: Dataset) -> tuple[Change, ...]:
    """The table of revisions comes with the largest first."""
    names = {d.id: {code.code: code.en for code in d.codes} for d in dataset.meta.dimensions}
    # A dimension with one code says nothing about a cell.
    telling = [d.id for d in dataset.meta.dimensions if len(d.codes) > 1]
    return tuple(
        Change(
            cell=", ".join(names[name].get(row[name], row[name]) for name in telling),
            period=labels.period(row["period"]),
            kind=row["kind"],
            old=_value(row["old"]),
            new=_value(row["new"]),
            delta=labels.signed(row["delta"]),
            before=str(row["before"]),
            after=str(row["after"]),
        )
        for row in dataset.revisions.slice(0, _LARGEST).to_pylist()
    )


def _value(value: int | None) -> str:
    return "no row" if value is None else labels.number(value)


def readable(cell: str, meta: Metadata) -> str:
    """A cell as gates write it (`office=ELC 1999-10`) in words: `El Centro Sector, October 1999`."""
    names = {d.id: {code.code: code.en for code in d.codes} for d in meta.dimensions}
    words = []
    for part in cell.split():
        concept, equals, code = part.partition("=")
        words.append(names.get(concept, {}).get(code, code) if equals else labels.period(part))
    return ", ".join(words)

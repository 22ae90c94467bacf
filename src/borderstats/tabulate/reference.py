"""What a table is, in plain Python: slow, obvious, and what every engine is held to.

Records are mappings from field to value, None where it is missing. Nothing here is used to make a release.
"""

import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from borderstats import periods
from borderstats.standard.codelists import TOTAL, UNKNOWN
from borderstats.standard.tables import (
    PersonsTable,
    RecordsTable,
    RepeatersTable,
    ReturningTable,
)
from borderstats.tabulate.query import SECONDS, Scope

Record = Mapping[str, Any]
Cells = dict[tuple[tuple[str, ...], int], tuple[int, int]]
"""From the codes of all dimensions and the period to the figure and the records that it could not hold."""


def tabulate(scope: Scope, records: Mapping[str, Sequence[Record]]) -> Cells:
    """The cells of a table from the records of each family."""
    spec, family = scope.spec, scope.family
    known = [record for record in records[family.id] if record[family.time].date() <= scope.day]
    names = {*spec.dimensions, *spec.where}
    rows = [(record, {name: _code(scope, record, name, records) for name in names}) for record in known]
    selected = [
        (r, codes) for r, codes in rows if all(codes[name] in some for name, some in spec.where.items())
    ]
    ends = {periods.month(r[family.time].year, r[family.time].month) for r in known}
    groups: dict[tuple[tuple[str, ...], int], list[Record]] = defaultdict(list)
    histories: dict[Any, list[Record]] = defaultdict(list)
    for record, codes in sorted(selected, key=lambda row: (row[0][family.time], row[0][family.key])):
        for one in spec.sets:
            key = tuple(codes[name] if name in one else TOTAL for name in spec.dimensions)
            for period in _periods(scope, record[family.time], ends):
                groups[key, period].append(record)
        if record[family.person] is not None:
            histories[record[family.person]].append(record)
    cells = {cell: _measure(scope, group, histories) for cell, group in groups.items()}
    return {cell: figure for cell, figure in cells.items() if figure is not None}


def _periods(scope: Scope, time: datetime.datetime, ends: Iterable[int]) -> Iterator[int]:
    every = scope.spec.every
    month = periods.month(time.year, time.month)
    if every == "month":
        yield month
    elif every == "fiscal_year":
        yield periods.fiscal(scope.calendar.fiscal_year(month))
    else:
        first, last = min(ends), max(ends)
        yield from (end for end in range(month, month + 12) if first + 11 <= end <= last)


def _code(scope: Scope, record: Record, name: str, records: Mapping[str, Sequence[Record]]) -> str:
    spec = scope.spec
    for bands in spec.bands:
        if bands.concept == name:
            value = record[bands.field]
            if value is not None and bands.since:
                value = _elapsed(record[bands.since], value, bands.unit)
            if value is None:
                return UNKNOWN
            return next(
                (c for e, c in zip(bands.edges, bands.codes, strict=False) if value <= e), bands.codes[-1]
            )
    for recode in spec.recodes:
        if recode.concept == name:
            code = record[recode.field]
            return UNKNOWN if code is None else recode.codes.get(code, recode.otherwise or code)
    if spec.link and scope.linked and spec.link.field == name:
        event, linked = record[spec.link.on], scope.linked
        about = [
            other
            for other in records[linked.id]
            if event is not None and other[spec.link.on] == event and other[linked.time].date() <= scope.day
        ]
        if not about:
            return spec.link.missing
        last = max(about, key=lambda other: (other[linked.time], other[linked.key]))
        return last[name] or UNKNOWN
    return record[name] or UNKNOWN


def _elapsed(since: datetime.datetime | None, until: datetime.datetime, unit: str) -> float | None:
    if since is None:
        return None
    seconds = math.floor(_since_epoch(until)) - math.floor(_since_epoch(since))
    return seconds // 60 if unit == "minutes" else seconds / SECONDS[unit]


def _since_epoch(time: datetime.datetime) -> float:
    return (time - datetime.datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001


def _measure(
    scope: Scope, group: Sequence[Record], histories: Mapping[Any, Sequence[Record]]
) -> tuple[int, int] | None:
    spec, family = scope.spec, scope.family
    times = Counter(record[family.person] for record in group)
    nobody = times.pop(None, 0)
    if isinstance(spec, RecordsTable):
        return len(group), 0
    if isinstance(spec, PersonsTable):
        return len(times), nobody
    if isinstance(spec, RepeatersTable):
        return sum(count >= spec.least for count in times.values()), nobody
    if isinstance(spec, ReturningTable):
        return sum(_returns(scope, spec.days, record, histories) for record in group), nobody
    lengths = sorted(
        length
        for record in group
        if record[spec.until] is not None
        and (length := _elapsed(record[spec.since], record[spec.until], "minutes")) is not None
        and length >= 0
    )
    if not lengths:
        return None
    return int(lengths[max(math.ceil(spec.share * len(lengths)), 1) - 1]), len(group) - len(lengths)


def _returns(scope: Scope, days: int, record: Record, histories: Mapping[Any, Sequence[Record]]) -> bool:
    person = record[scope.family.person]
    if person is None:
        return False
    history = histories[person]
    place = next(n for n, other in enumerate(history) if other is record)
    if not place:
        return False
    seconds = _elapsed(history[place - 1][scope.family.time], record[scope.family.time], "hours")
    return seconds is not None and seconds <= days * 24

"""Questions of time as they are defined, day by day and row by row: what `borderstats.package.lineage` is held to."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Version:
    """What was known of a cell, (key, ..., period), from a day on until another."""

    cell: tuple[str, ...]
    value: int | None
    status: str
    known_from: datetime.date
    known_to: datetime.date | None = None

    def known(self, day: datetime.date) -> bool:
        return self.known_from <= day and (self.known_to is None or day < self.known_to)


@dataclass(frozen=True)
class Deletion:
    """That a cell vanished on a day; `version` is what was known of it before."""

    version: Version
    day: datetime.date


History = Sequence[Version]
Row = Version | Deletion


def as_of(history: History, day: datetime.date) -> list[Version]:
    return [one for one in history if one.known(day)]


def changes(history: History, first: datetime.date, last: datetime.date) -> list[Row]:
    """Replacements and deletions from the one day to the other."""
    before, after = as_of(history, first), as_of(history, last)
    there = {one.cell for one in after}
    replacements = [one for one in after if not any(one is other for other in before)]
    deletions = [
        Deletion(one, vanished(history, one.cell, first, last)) for one in before if one.cell not in there
    ]
    return [*replacements, *deletions]


def vanished(
    history: History, cell: tuple[str, ...], first: datetime.date, last: datetime.date
) -> datetime.date:
    """The last day after the first until the last on which the cell was not known, and the day before it was."""

    def there(day: datetime.date) -> bool:
        return any(one.cell == cell for one in as_of(history, day))

    return max(day for day in days(first, last) if there(day - DAY) and not there(day))


def steps(history: History, first: datetime.date, last: datetime.date) -> list[Row]:
    """The changes of each day after the first until the last."""
    found: list[Row] = []
    for day in days(first, last):
        found += (
            one if isinstance(one, Deletion) else cut(one, last) for one in changes(history, day - DAY, day)
        )
    return found


def history_until(history: History, last: datetime.date) -> list[Version]:
    """Every version that was known on some day until the last."""
    first = min((one.known_from for one in history), default=last) - DAY
    return [cut(one, last) for one in history if any(one.known(day) for day in days(first, last))]


def cut(one: Version, last: datetime.date) -> Version:
    """A version as it was known on a day: when it would end was not."""
    return replace(one, known_to=None) if one.known_to and one.known_to > last else one


def days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """The days after the first until the last."""
    while first < last:
        first += DAY
        yield first


def only(rows: Sequence[Row], test: Callable[[Version], bool]) -> list[Row]:
    """The rows of an answer whose version meets a condition."""
    return [one for one in rows if test(one.version if isinstance(one, Deletion) else one)]


def ends(rows: Sequence[Row], first: int | None, last: int | None) -> list[Row]:
    """Of each series (a cell without its period) the rows of its first and its last periods, so many."""
    if first is None and last is None:
        return list(rows)
    cells = [(one.version if isinstance(one, Deletion) else one).cell for one in rows]
    kept = []
    for row, cell in zip(rows, cells, strict=True):
        periods = sorted({other[-1] for other in cells if other[:-1] == cell[:-1]})
        wanted = {*periods[: first or 0], *(periods[-last:] if last else ())}
        if cell[-1] in wanted:
            kept.append(row)
    return kept

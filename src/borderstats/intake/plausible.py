"""What no single cell shows: rows that share a key, and quarters that repeat another's figures."""

from collections.abc import Iterator

import numpy as np

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace

_QUARTER_LEAST_CELLS = 12
"""A quarter with fewer figures than this may repeat another by chance."""


def duplicates(space: KeySpace, key: Ints, row: Ints) -> dict[int, str]:
    """The places whose key stands there more than once, each with the reason to refuse it.

    All of them are refused: nobody can tell which is right. `key` is sorted, `row` is each place's row in the file.
    """
    same = key[1:] == key[:-1]
    places = np.flatnonzero(np.append(False, same) | np.append(same, False)) if same.any() else ()
    rows: dict[int, list[int]] = {}
    for place in places:
        rows.setdefault(int(key[place]), []).append(int(row[place]))
    for alike in rows.values():
        alike.sort()
    reasons = {}
    for place in places:
        alike = rows[int(key[place])]
        others = [str(other) for other in alike[:6] if other != row[place]][:5] or ["the same"]
        cell = space.text(int(key[place]))
        reasons[int(place)] = (
            f"{cell} stands there more than once (also in row {', '.join(others)}); which is right cannot be told"
        )
    return reasons


def repeated_quarters(space: KeySpace, key: Ints, value: Ints) -> Iterator[tuple[Flags, str]]:
    """Each quarter whose figures are all those of an earlier one: its places, and the reason to refuse them."""
    period = space.period(key)
    quarter = np.where(periods.is_month(period) & (value > 0), period // 3, 0)
    cells = np.bincount(quarter)
    totals = np.bincount(quarter, value)
    alike: dict[tuple[int, float], list[int]] = {}
    for number in map(int, np.flatnonzero(cells >= _QUARTER_LEAST_CELLS)):
        if number:
            alike.setdefault((int(cells[number]), float(totals[number])), []).append(number)
    for numbers in alike.values():
        seen: dict[bytes, int] = {}
        for number in numbers if len(numbers) > 1 else ():
            first = seen.setdefault(_figures(key, period, value, quarter == number), number)
            if first != number:
                text = (
                    f"{_months(number)} repeats every figure of {_months(first)}; "
                    "the publisher probably put the wrong quarter in. Ask for the right one"
                )
                yield (period // 3 == number) & periods.is_month(period), text


def _figures(key: Ints, period: Ints, value: Ints, cells: Flags) -> bytes:
    """A quarter's figures without the quarter: two quarters have the same if these are the same."""
    shape = key[cells] - period[cells] + period[cells] % 3
    order = np.argsort(shape)
    return shape[order].tobytes() + value[cells][order].tobytes()


def _months(quarter: int) -> str:
    return f"{periods.text(quarter * 3)} to {periods.text(int(quarter) * 3 + 2)}"

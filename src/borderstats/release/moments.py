"""When gates look at a dataset: once for each day on which it, or one that it is compared with, became otherwise.

What a vintage leaves as it was has been looked at before, so a rule sees of each moment only the periods that became
otherwise: the cost of gates grows with what changed, not with the number of vintages.
"""

import datetime
from collections.abc import Iterator, Sequence

import numpy as np

from borderstats.observations import Ints
from borderstats.release.evidence import Evidence, Moment
from borderstats.release.vintages import History


def moments(evidence: Evidence, datasets: Sequence[str], *, years: bool) -> Iterator[Moment]:
    """Each moment from that on at which something is known of each of these datasets, in the order of time.

    Of the first, each vintage is a moment; of the others, each day on which the first has none. `years`: the periods are
    whole years, for a rule that adds up or compares the periods in them.
    """
    histories = {name: evidence.histories[name] for name in datasets}
    own, *others = histories.values()
    days = {vintage.as_of for vintage in own.vintages}
    steps = [(vintage.as_of, number) for number, vintage in enumerate(own.vintages)]
    steps += [(day, -1) for day in sorted({v.as_of for other in others for v in other.vintages} - days)]
    known = False
    for day, number in sorted(steps, key=lambda step: step[0]):
        newest = {name: _newest(history, day) for name, history in histories.items()}
        if number >= 0:
            newest[datasets[0]] = number
        if min(newest.values()) < 0:
            continue
        came = [
            (history, n)
            for name, history in histories.items()
            for n, vintage in enumerate(history.vintages)
            if (n == number if name == datasets[0] else vintage.as_of == day)
        ]
        if known:
            touched = np.unique(np.concatenate([history.touched(n) for history, n in came]))
        else:
            touched = np.unique(np.concatenate([history.periods for history in histories.values()]))
        known = True
        if years:
            touched = _years(list(histories.values()), touched)
        if len(touched):
            files = tuple(dict.fromkeys(history.vintages[n].file for history, n in came))
            yield Moment(day, files, newest, touched)


def _newest(history: History, day: datetime.date) -> int:
    """The newest vintage of a day, or before it; -1 if there is none."""
    return sum(vintage.as_of <= day for vintage in history.vintages) - 1


def _years(histories: Sequence[History], touched: Ints) -> Ints:
    """All periods of the years in which some lie; what lies in no year stands for itself."""
    every = np.unique(np.concatenate([history.periods for history in histories]))
    calendar = histories[0].space.calendar
    year = calendar.holding(every, calendar.year_kind(every))
    year = np.where(year > 0, year, every)
    return every[np.isin(year, year[np.isin(every, touched)])]

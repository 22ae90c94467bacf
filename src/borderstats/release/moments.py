"""When gates look at a dataset: once for each day on which it, or one that it is compared with, became otherwise.

What a vintage leaves as it was has been looked at before, so a rule sees of each moment only the periods that became
otherwise: the cost of gates grows with what changed, not with the number of vintages.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from borderstats.observations import Ints
from borderstats.periods import Calendar
from borderstats.release.evidence import Evidence, Moment
from borderstats.release.vintages import History

Where = Mapping[str, tuple[str, ...]]


def moments(
    evidence: Evidence,
    datasets: Sequence[str],
    *,
    years: bool,
    where: Mapping[str, Where] | None = None,
    along: str = "",
) -> Iterator[Moment]:
    """Each moment from that on at which something is known of each of these datasets, in the order of time.

    Of the first, each vintage is a moment; of the others, each day on which the first has none. `years`: the periods are
    whole years, for a rule that adds up or compares the periods in them. `where`: the codes at which it looks in each dataset, all
    if not given. `along`: the dimension along which it adds up series, of which some may be named in a few periods only.
    """
    histories = [evidence.histories[name] for name in datasets]
    every = np.unique(np.concatenate([history.periods for history in histories]))
    year = _years(histories[0].space.calendar, every) if years else every
    touches = {
        name: evidence.histories[name].touches((where or {}).get(name, {}), along) for name in datasets
    }
    known = False
    for day, newest, came in _steps(histories):
        touched = (
            np.concatenate([touches[history.space.dataset.id][n] for history, n in came]) if known else every
        )
        known = True
        wanted = every[np.isin(year, year[np.isin(every, touched)])]
        if len(wanted):
            files = tuple(dict.fromkeys(history.vintages[n].file for history, n in came))
            yield Moment(day, files, dict(zip(datasets, newest, strict=True)), wanted)


def editions(history: History) -> Iterator[Moment]:
    """Each vintage that says anything anew or otherwise, for a rule that looks at each cell by itself."""
    name = history.space.dataset.id
    for number, vintage in enumerate(history.vintages):
        if len(history.touched(number)):
            yield Moment(vintage.as_of, (vintage.file,), {name: number})


def _steps(
    histories: Sequence[History],
) -> Iterator[tuple[datetime.date, list[int], list[tuple[History, int]]]]:
    """Day by day the newest vintage of each dataset by then, and the vintages that came."""
    own, *others = histories
    days = {vintage.as_of for vintage in own.vintages}
    steps = [(vintage.as_of, number) for number, vintage in enumerate(own.vintages)]
    steps += [(day, -1) for day in sorted({v.as_of for other in others for v in other.vintages} - days)]
    for day, number in sorted(steps, key=lambda step: step[0]):
        newest = [sum(vintage.as_of <= day for vintage in history.vintages) - 1 for history in histories]
        newest[0] = number if number >= 0 else newest[0]
        if min(newest) >= 0:
            came = [(own, number)] if number >= 0 else []
            came += [(other, n) for other in others for n, v in enumerate(other.vintages) if v.as_of == day]
            yield day, newest, came


def _years(calendar: Calendar, period: Ints) -> Ints:
    """The year in which each period lies; what lies in none stands for itself."""
    year = calendar.holding(period, calendar.year_kind(period))
    return np.where(year > 0, year, period)

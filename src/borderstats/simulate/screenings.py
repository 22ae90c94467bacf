"""Screenings for fear and of children, which first dispositions lead to or end with."""

import numpy as np

from borderstats.observations import Ints
from borderstats.simulate.parts import DAY, Part
from borderstats.simulate.random_numbers import (
    STEPS,
    RandomNumbers,
    categories,
    choice,
    partly,
    quantiles,
    steps,
)
from borderstats.simulate.records import NEVER, NONE, Screenings
from borderstats.standard.model import Standard
from borderstats.standard.simulation import ScreeningAfter, ScreeningBefore, Simulation


class ScreeningDraws:
    """Draws screenings: who has one, when it is decided, and with which result."""

    def __init__(self, standard: Standard, simulation: Simulation, cutoff: int) -> None:
        self._cutoff = cutoff
        screenings = simulation.screenings
        kinds, results = (standard.codelist_of(name).numbers for name in ("screening_kind", "fear_result"))
        # By first disposition; the last is that of encounters without one.
        place = {screening.disposition: number for number, screening in enumerate(screenings)}
        outcomes = (*standard.codelist_of("event_outcome").numbers, "")
        self._screening = np.array([place.get(code, NONE) for code in outcomes])
        self._share = np.array(
            [steps(screenings[place[code]].share) if code in place else 0 for code in outcomes]
        )
        # By screening.
        self._kind = np.array([kinds[screening.kind] for screening in screenings])
        self._referred = np.array([s.referred if isinstance(s, ScreeningBefore) else 1.0 for s in screenings])
        self._days = [
            quantiles(s.days, simulation.levels, DAY)
            if isinstance(s, ScreeningAfter)
            else np.zeros(STEPS, np.int64)
            for s in screenings
        ]
        self._results = [
            categories(s.results if isinstance(s, ScreeningAfter) else {}, results, NONE) for s in screenings
        ]

    def of(
        self, random: RandomNumbers, part: Part, event: Ints, person: Ints, first: Ints, disposed: Ints
    ) -> Screenings:
        """The screenings of a part's encounters with the given first dispositions and their times."""
        rows = np.flatnonzero(random.happens(self._share[first]))
        screening = self._screening[first[rows]]
        met, disposed = part.time[rows], disposed[rows]
        decided = disposed + choice(self._days, screening, random.draw()[rows])
        known = decided < self._cutoff
        result = choice(self._results, screening, random.draw()[rows])
        return Screenings(
            event=event[rows],
            person=person[rows],
            kind=self._kind[screening],
            referred=met + partly(disposed - met, self._referred[screening]),
            decided=np.where(known, decided, NEVER),
            result=np.where(known, result, NONE),
        )

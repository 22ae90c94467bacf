"""What follows an encounter: custody, outcomes, screening and referral for prosecution."""

from dataclasses import dataclass

import numpy as np

from borderstats.observations import Flags, Ints
from borderstats.simulate.cases import Cases, Chances
from borderstats.simulate.parts import DAY, Part, windows
from borderstats.simulate.persons import NOBODY
from borderstats.simulate.random_numbers import RandomNumbers, categories, choice, partly, quantiles, steps
from borderstats.simulate.records import NEVER, NONE, Outcomes, Referrals, Screenings, Spells
from borderstats.simulate.screenings import ScreeningDraws
from borderstats.standard.model import Standard
from borderstats.standard.simulation import Simulation

_HOUR = 3600


@dataclass(frozen=True)
class Sequel:
    """The records that follow a part's encounters, and who of the persons left, and when."""

    spells: Spells
    outcomes: Outcomes
    screenings: Screenings
    referrals: Referrals
    departed: Flags
    left: Ints


class Sequels:
    """Draws what follows encounters; knows the codes' places, the shares and the day on which the files are drawn."""

    def __init__(self, standard: Standard, simulation: Simulation, cutoff: int) -> None:
        self._cutoff = cutoff
        self._windows = windows(standard)
        self._simulation = simulation
        concepts = ("component", "office", "event_outcome", "repatriation_type", "release_reason", "statute")
        self._places = places = {name: standard.codelist_of(name).numbers for name in concepts}
        outcome = places["event_outcome"]
        # By outcome; the last is that of encounters without one.
        outcomes = (*outcome, "")
        first, waits = simulation.dispositions.first, simulation.dispositions.waits
        self._first_cases, self._wait_cases = Cases(standard, first), Cases(standard, waits)
        self._first = [categories(case.outcomes, outcome, NONE) for case in first]
        self._first.append(categories({}, outcome, NONE))
        self._waits = [quantiles(case.hours, simulation.levels, _HOUR) for case in waits]
        later, detention = simulation.later, simulation.detention
        self._later = [categories(later.outcomes.get(code, {}), outcome, NONE) for code in outcomes]
        self._later_days = quantiles(later.days, simulation.levels, DAY)
        self._held = Chances(standard, simulation.custody.held)
        self._detained = np.array([steps(detention.after.get(code, 0)) for code in outcomes])
        self._detained_days = quantiles(detention.days, simulation.levels, DAY)
        self._reasons = [
            categories(detention.reasons.get(code, detention.otherwise), places["release_reason"], NONE)
            for code in outcomes
        ]
        repatriation = simulation.repatriation
        self._departures = [outcome[code] for code in repatriation.outcomes]
        self._repatriation = np.array(
            [
                places["repatriation_type"][repatriation.types.get(code, repatriation.otherwise)]
                for code in outcomes
            ]
        )
        self._referred = Chances(standard, simulation.prosecution.referred)
        self._statutes = categories(simulation.prosecution.statutes, places["statute"], NONE).astype(np.int64)
        self._screenings = ScreeningDraws(standard, simulation, cutoff)

    def of(self, random: RandomNumbers, part: Part, event: Ints, person: Ints) -> Sequel:
        """What follows the encounters of a part, as far as it is known on the day on which the files are drawn."""
        cells, cell = part.cells, part.cell
        first = choice(self._first, self._first_cases.of(cells)[cell], random.draw())
        wait = choice(self._waits, self._wait_cases.of(cells)[cell], random.draw())
        disposed = np.minimum(part.time + wait, self._latest(part)[cell])
        later = choice(self._later, first, random.draw())
        detained = random.happens(self._detained[first]) & (person != NOBODY)
        detained_in = disposed + self._simulation.detention.delay_hours * _HOUR
        detained_out = detained_in + self._detained_days[random.draw()]
        later_time = np.where(detained, detained_out, disposed + self._later_days[random.draw()])
        later[later_time >= self._cutoff] = NONE
        at_once = np.isin(first, self._departures)
        detention = (detained, detained_in, detained_out)
        return Sequel(
            self._spells(random, part, event, person, disposed, detention, later),
            self._outcomes(event, person, (first, disposed), (later, later_time)),
            self._screenings.of(random, part, event, person, first, disposed),
            self._referrals(random, part, event, person, disposed),
            at_once | np.isin(later, self._departures),
            np.where(at_once, disposed, later_time),
        )

    def _latest(self, part: Part) -> Ints:
        """For each cell the last second in which its title's dispositions can be."""
        latest = np.full(len(part.cells.count), self._cutoff - 1)
        for title, (_, after) in self._windows.items():
            latest[part.cells.title == title] = after - 1
        return latest

    def _spells(
        self, random: RandomNumbers, part: Part, event: Ints, person: Ints, disposed: Ints,
        detention: tuple[Flags, Ints, Ints], later: Ints,
    ) -> Spells:  # fmt: skip
        cells, cell = part.cells, part.cell
        components, offices = self._places["component"], self._places["office"]
        custody, other = self._simulation.custody, self._simulation.detention
        held = np.flatnonzero(random.happens(self._held.of(cells)[cell]) & (person != NOBODY))
        detained, detained_in, detained_out = detention
        moved = np.flatnonzero(detained & (detained_in < self._cutoff))
        # Places: the offices, then the components where the office is missing, then those of detention.
        of_cell = np.where(cells.office >= 0, cells.office, len(offices) + cells.component)
        of_moved = len(offices) + len(components) + random.generator.integers(0, other.places, len(moved))
        reason = choice(self._reasons, later, random.draw())
        out = detained_out[moved] < self._cutoff
        rows = np.concatenate((held, moved))
        time = part.time[held]
        return Spells(
            event=event[rows],
            person=person[rows],
            agency=np.concatenate(
                (cells.component[cell[held]], np.full(len(moved), components[other.component]))
            ),
            place=np.concatenate((of_cell[cell[held]], of_moved)),
            demographic=cells.demographic[cell[rows]],
            book_in=np.concatenate(
                (time + partly(disposed[held] - time, custody.book_in), detained_in[moved])
            ),
            book_out=np.concatenate((disposed[held], np.where(out, detained_out[moved], NEVER))),
            reason=np.concatenate((np.full(len(held), NONE), np.where(out, reason[moved], NONE))),
        )

    def _outcomes(
        self, event: Ints, person: Ints, first: tuple[Ints, Ints], later: tuple[Ints, Ints]
    ) -> Outcomes:
        now, then = (np.flatnonzero(outcome != NONE) for outcome in (first[0], later[0]))
        rows = np.concatenate((now, then))
        outcome = np.concatenate((first[0][now], later[0][then]))
        departs = np.isin(outcome, self._departures)
        return Outcomes(
            event=event[rows],
            person=person[rows],
            time=np.concatenate((first[1][now], later[1][then])),
            outcome=outcome,
            repatriation=np.where(departs, self._repatriation[first[0][rows]], NONE),
        )

    def _referrals(
        self, random: RandomNumbers, part: Part, event: Ints, person: Ints, disposed: Ints
    ) -> Referrals:
        rows = np.flatnonzero(random.happens(self._referred.of(part.cells)[part.cell]))
        return Referrals(event[rows], person[rows], disposed[rows], self._statutes[random.draw()[rows]])

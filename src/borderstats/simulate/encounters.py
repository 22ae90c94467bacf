"""The encounters of a part: its cells' codes, and what is drawn for each row."""

import numpy as np

from borderstats.observations import Ints
from borderstats.simulate.cases import Cases
from borderstats.simulate.parts import Part
from borderstats.simulate.persons import Seen
from borderstats.simulate.random_numbers import RandomNumbers, quantiles
from borderstats.simulate.records import NEVER, NONE, Encounters
from borderstats.standard.model import Standard
from borderstats.standard.record_rules import Determined
from borderstats.standard.simulation import Simulation

_HUNDREDTHS = 100


class EncounterFields:
    """Draws entry, distance and what is not recorded; the type of encounter is the one that the record rules give."""

    def __init__(self, standard: Standard, simulation: Simulation) -> None:
        self._age_missing = simulation.persons.age_missing
        self._entry, self._distance = simulation.entry, simulation.distance
        self._entered, self._away = (Cases(standard, [case]) for case in (self._entry, self._distance))
        self._seconds = quantiles(self._entry.hours, simulation.levels, 3600)
        self._hundredths = quantiles(self._distance.miles, simulation.levels, _HUNDREDTHS)
        self._types = _types(standard)

    def of(self, random: RandomNumbers, part: Part, event: Ints, seen: Seen) -> Encounters:
        """The encounters of a part with the given numbers and persons."""
        cells, cell = part.cells, part.cell
        entered, away = ((cases.of(cells) != NONE)[cell] for cases in (self._entered, self._away))
        entry = part.time - self._seconds[random.draw()]
        entry[~entered | random.happens(self._entry.missing)] = NEVER
        miles = self._hundredths[random.draw()] / _HUNDREDTHS
        distance = np.where(away, miles, self._distance.elsewhere)
        distance[away & random.happens(self._distance.missing)] = np.nan
        return Encounters(
            event=event,
            person=seen.number,
            time=part.time,
            component=cells.component[cell],
            region=cells.region[cell],
            office=cells.office[cell],
            title=cells.title[cell],
            type=self._types[cells.component, cells.title][cell],
            citizenship=cells.citizenship[cell],
            demographic=cells.demographic[cell],
            age=np.where(random.happens(self._age_missing), NONE, seen.age),
            entry=entry,
            distance=distance,
        )


def _types(standard: Standard) -> Ints:
    """The type of encounter of each component and title, by the rule that determines it."""
    component, title, kinds = (
        standard.codelist_of(name).numbers for name in ("component", "title", "encounter_type")
    )
    found = np.full((len(component), len(title)), NONE)
    for rule in standard.families["encounter"].rules:
        if isinstance(rule, Determined) and rule.field == "encounter_type":
            for row in rule.table:
                agencies = [component[row["component"]]] if "component" in row else list(component.values())
                found[agencies, title[row["title"]]] = kinds[row["encounter_type"]]
    return found

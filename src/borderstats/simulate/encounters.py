"""The encounters of a part: its cells' codes, and what is drawn for each row."""

import numpy as np

from borderstats.observations import Ints
from borderstats.simulate import shares
from borderstats.simulate.chance import Dice, spread
from borderstats.simulate.parts import Part
from borderstats.simulate.persons import Seen
from borderstats.simulate.records import NEVER, NONE, Encounters
from borderstats.standard.model import Standard

_HUNDREDTHS = 100


class Meetings:
    """Draws entry, distance and what is not recorded; the type of encounter is the one that the record rules give."""

    def __init__(self, standard: Standard) -> None:
        self._border_patrol = standard.codelist_of("component").numbers["USBP"]
        self._entry = spread(shares.ENTRY_HOURS, 3600)
        self._distance = spread(shares.DISTANCE_MILES, _HUNDREDTHS)
        self._types = _types(standard)

    def of(self, dice: Dice, part: Part, event: Ints, seen: Seen) -> Encounters:
        """The encounters of a part with the given numbers and persons."""
        cells, cell = part.cells, part.cell
        between_ports = (cells.component == self._border_patrol)[cell]
        entry = part.time - self._entry[dice.roll()]
        entry[~between_ports | dice.happens(shares.NO_ENTRY)] = NEVER
        distance = np.where(between_ports, self._distance[dice.roll()] / _HUNDREDTHS, 0.0)
        distance[between_ports & dice.happens(shares.NO_DISTANCE)] = np.nan
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
            age=np.where(dice.happens(shares.NO_AGE), NONE, seen.age),
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
        if rule.rule == "determined" and rule.field == "encounter_type":
            for row in rule.table:
                agencies = [component[row["component"]]] if "component" in row else list(component.values())
                found[agencies, title[row["title"]]] = kinds[row["encounter_type"]]
    return found

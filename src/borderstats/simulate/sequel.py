"""What follows an encounter: custody, outcomes, screening and referral for prosecution."""

from dataclasses import dataclass

import numpy as np

from borderstats.observations import Flags, Ints
from borderstats.simulate import shares
from borderstats.simulate.chance import Dice, choice, mix, spread, steps
from borderstats.simulate.parts import DAY, Part, windows
from borderstats.simulate.persons import NOBODY
from borderstats.simulate.records import NEVER, NONE, Outcomes, Referrals, Screenings, Spells
from borderstats.standard.model import Standard

_TO_ICE_SECONDS = 7_200


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

    def __init__(self, standard: Standard, cutoff: int) -> None:
        self._cutoff = cutoff
        self._windows = windows(standard)
        lists = {
            name: standard.codelist_of(name).numbers
            for name in (
                "component", "title", "demographic", "office", "event_outcome", "repatriation_type", "release_reason",
                "screening_kind", "fear_result", "statute",
            )
        }  # fmt: skip
        self._places = lists
        outcome = lists["event_outcome"]
        self._kinds = list(shares.DISPOSITIONS)
        self._first = [mix(shares.DISPOSITIONS[kind], outcome, NONE) for kind in self._kinds]
        # The last table of each list is that of encounters without a disposition or of dispositions without a later one.
        self._first.append(mix({}, outcome, NONE))
        self._later = [mix(shares.LATER.get(code, {}), outcome, NONE) for code in (*outcome, "")]
        self._to_ice = np.array([steps(shares.TO_ICE.get(code, 0)) for code in (*outcome, "")])
        types = lists["repatriation_type"]
        self._repatriation = np.array(
            [types[shares.REPATRIATION.get(code, "OTHER_REMOVAL")] for code in (*outcome, "")]
        )
        screened = [shares.SCREENED.get(code, ("", 0.0)) for code in (*outcome, "")]
        self._screened = np.array([steps(share) for _, share in screened])
        self._screening = np.array([lists["screening_kind"].get(kind, NONE) for kind, _ in screened])
        self._fear = mix(shares.FEAR_RESULTS, lists["fear_result"], lists["fear_result"]["CLOSED"])
        self._reasons = [
            mix(shares.REASONS.get(code, shares.REASONS[""]), lists["release_reason"], NONE)
            for code in (*outcome, "")
        ]
        self._statutes = mix(shares.STATUTES, lists["statute"], lists["statute"]["OTHER"]).astype(np.int64)
        self._hours = [spread(shares.CBP_HOURS[title], 3600) for title in ("T8", "T42")]
        self._ice, self._months, self._screening_days = (
            spread(days, DAY) for days in (shares.ICE_DAYS, shares.LATER_DAYS, shares.SCREENING_DAYS)
        )

    def of(self, dice: Dice, part: Part, event: Ints, person: Ints) -> Sequel:
        """What follows the encounters of a part, as far as it is known on the day on which the files are drawn."""
        cell = part.cell
        first = choice(self._first, self._kind(part)[cell], dice.roll())
        wait = choice(self._hours, (part.cells.title == self._places["title"]["T42"])[cell], dice.roll())
        disposed = np.minimum(part.time + wait, self._latest(part)[cell])
        later = choice(self._later, first, dice.roll())
        to_ice = dice.happens(self._to_ice[first]) & (person != NOBODY)
        ice_in = disposed + _TO_ICE_SECONDS
        ice_out = ice_in + self._ice[dice.roll()]
        later_time = np.where(to_ice, ice_out, disposed + self._months[dice.roll()])
        later[later_time >= self._cutoff] = NONE
        departures = [self._places["event_outcome"][code] for code in shares.DEPARTURES]
        at_once = np.isin(first, departures)
        spells = self._spells(dice, part, event, person, disposed, (to_ice, ice_in, ice_out), later)
        outcomes = self._outcomes(event, person, (first, disposed), (later, later_time), departures)
        return Sequel(
            spells,
            outcomes,
            self._screenings(dice, part, event, person, first, disposed),
            self._referrals(dice, part, event, person, disposed),
            at_once | np.isin(later, departures),
            np.where(at_once, disposed, later_time),
        )

    def _kind(self, part: Part) -> Ints:
        """For each cell its table of first dispositions."""
        component, title, group = (self._places[name] for name in ("component", "title", "demographic"))
        kind = np.full(len(part.cells.count), len(self._kinds))
        for place, (agency, authority, demographic) in enumerate(self._kinds):
            kind[
                (part.cells.component == component[agency])
                & (part.cells.title == title[authority])
                & (part.cells.demographic == group[demographic])
            ] = place
        return kind

    def _latest(self, part: Part) -> Ints:
        """For each cell the last second in which its title's dispositions can be."""
        latest = np.full(len(part.cells.count), self._cutoff - 1)
        for title, (_, after) in self._windows.items():
            latest[part.cells.title == title] = after - 1
        return latest

    def _spells(
        self, dice: Dice, part: Part, event: Ints, person: Ints, disposed: Ints,
        ice: tuple[Flags, Ints, Ints], later: Ints,
    ) -> Spells:  # fmt: skip
        cells, cell = part.cells, part.cell
        component, title, offices = (self._places[name] for name in ("component", "title", "office"))
        held_share = np.zeros(len(cells.count), np.int64)
        for (agency, authority), share in shares.HELD.items():
            mine = (cells.component == component[agency]) & (cells.title == title[authority])
            held_share[mine] = steps(share)
        held = np.flatnonzero(dice.happens(held_share[cell]) & (person != NOBODY))
        to_ice, ice_in, ice_out = ice
        moved = np.flatnonzero(to_ice & (ice_in < self._cutoff))
        # Places: the offices, then the components where the office is missing, then ICE's.
        of_cell = np.where(cells.office >= 0, cells.office, len(offices) + cells.component)
        of_ice = len(offices) + len(component) + dice.chance.integers(0, shares.ICE_PLACES, len(moved))
        reason = choice(self._reasons, later, dice.roll())
        out = ice_out[moved] < self._cutoff
        rows = np.concatenate((held, moved))
        time = part.time[held]
        return Spells(
            event=event[rows],
            person=person[rows],
            agency=np.concatenate((cells.component[cell[held]], np.full(len(moved), component["ICE"]))),
            place=np.concatenate((of_cell[cell[held]], of_ice)),
            demographic=cells.demographic[cell[rows]],
            book_in=np.concatenate((time + (disposed[held] - time) // 10, ice_in[moved])),
            book_out=np.concatenate((disposed[held], np.where(out, ice_out[moved], NEVER))),
            reason=np.concatenate((np.full(len(held), NONE), np.where(out, reason[moved], NONE))),
        )

    def _outcomes(
        self,
        event: Ints,
        person: Ints,
        first: tuple[Ints, Ints],
        later: tuple[Ints, Ints],
        departures: list[int],
    ) -> Outcomes:
        now, then = (np.flatnonzero(outcome != NONE) for outcome in (first[0], later[0]))
        rows = np.concatenate((now, then))
        outcome = np.concatenate((first[0][now], later[0][then]))
        return Outcomes(
            event=event[rows],
            person=person[rows],
            time=np.concatenate((first[1][now], later[1][then])),
            outcome=outcome,
            repatriation=np.where(np.isin(outcome, departures), self._repatriation[first[0][rows]], NONE),
        )

    def _screenings(
        self, dice: Dice, part: Part, event: Ints, person: Ints, first: Ints, disposed: Ints
    ) -> Screenings:
        rows = np.flatnonzero(dice.happens(self._screened[first]))
        kind = self._screening[first[rows]]
        child = kind == self._places["screening_kind"]["CHILD"]
        met, disposed = part.time[rows], disposed[rows]
        draw = dice.roll()[rows]
        decided = np.where(child, disposed, disposed + self._screening_days[draw])
        known = decided < self._cutoff
        result = self._fear[dice.roll()[rows]]
        return Screenings(
            event=event[rows],
            person=person[rows],
            kind=kind,
            referred=np.where(child, met + (disposed - met) // 10, disposed),
            decided=np.where(known, decided, NEVER),
            result=np.where(known & ~child, result, NONE),
        )

    def _referrals(self, dice: Dice, part: Part, event: Ints, person: Ints, disposed: Ints) -> Referrals:
        cells = part.cells
        component, title, group = (self._places[name] for name in ("component", "title", "demographic"))
        share = np.zeros(len(cells.count), np.int64)
        for demographic, value in shares.PROSECUTED.items():
            share[
                (cells.component == component["USBP"])
                & (cells.title == title["T8"])
                & (cells.demographic == group[demographic])
            ] = steps(value)
        rows = np.flatnonzero(dice.happens(share[part.cell]))
        return Referrals(event[rows], person[rows], disposed[rows], self._statutes[dice.roll()[rows]])

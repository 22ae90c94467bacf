"""Mistakes put into synthetic records on purpose, each of a kind that validation must find.

No column tells which records are spoiled: only the counts are known. A spoiled encounter takes its sequel with it, for
records that name an encounter which is not accepted are not accepted either.
"""

from collections import Counter
from dataclasses import fields, replace
from typing import TypeVar

import numpy as np

from borderstats.observations import Flags, Ints
from borderstats.simulate.chance import Dice, steps
from borderstats.simulate.records import NEVER, NONE, Encounters, Outcomes, Referrals, Screenings, Spells
from borderstats.standard.model import Standard

UNKNOWN_CODE = "SYN_UNKNOWN"
"""The code that is in no list."""

_TOO_OLD = 30
_ELSEWHERE = 500_000_000_000
_HOUR = 3600

_ENCOUNTER_KINDS = ("unknown code", "wrong type", "duplicate", "missing key", "child of 30")

R = TypeVar("R", Outcomes, Screenings, Referrals)


class Spoiler:
    """Spoils a share of records and counts what it did, by kind."""

    def __init__(self, standard: Standard, share: float) -> None:
        self._share = steps(share)
        self.counts: Counter[str] = Counter()
        groups = standard.codelist_of("demographic").numbers
        self._children = np.array([groups["UC"], groups["AM"]])
        types = standard.codelist_of("encounter_type").numbers
        self._apprehension, self._inadmissible = types["APP"], types["INA"]
        self._no_country = len(standard.codelist_of("citizenship").codes)

    def encounters(self, dice: Dice, records: Encounters) -> Encounters:
        """The encounters with mistakes; a duplicate stands behind its original."""
        children = np.isin(records.demographic, self._children)
        kind = dice.roll() % np.where(children, len(_ENCOUNTER_KINDS), len(_ENCOUNTER_KINDS) - 1)
        kind = np.where(dice.happens(self._share), kind, NONE)
        unknown, wrong, twice, nameless, old = (
            self._count(name, kind == n) for n, name in enumerate(_ENCOUNTER_KINDS)
        )
        other = np.where(records.type == self._apprehension, self._inadmissible, self._apprehension)
        spoiled = replace(
            records,
            citizenship=np.where(unknown, self._no_country, records.citizenship),
            type=np.where(wrong, other, records.type),
            event=np.where(nameless, NONE, records.event),
            age=np.where(old, _TOO_OLD, records.age),
        )
        rows = np.repeat(np.arange(len(kind)), 1 + twice)
        return Encounters(*(getattr(spoiled, field.name)[rows] for field in fields(spoiled)))

    def spells(self, dice: Dice, records: Spells) -> Spells:
        """Spells of which some end before they begin."""
        bad = self._count("book-out before book-in", dice.happens(self._share) & (records.book_out != NEVER))
        return replace(records, book_out=np.where(bad, records.book_in - _HOUR, records.book_out))

    def followers(self, dice: Dice, records: R) -> R:
        """Records of which some name an encounter that is nowhere."""
        bad = self._count("dangling reference", dice.happens(self._share))
        event: Ints = np.where(bad, records.event + _ELSEWHERE, records.event)
        return replace(records, event=event)

    def _count(self, name: str, flags: Flags) -> Flags:
        self.counts[name] += int(flags.sum())
        return flags

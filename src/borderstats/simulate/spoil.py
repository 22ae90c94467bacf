"""Mistakes put into synthetic records on purpose, each of a kind that validation must find.

No column tells which records are spoiled: only the counts are known. A spoiled encounter takes its sequel with it, for
records that name an encounter which is not accepted are not accepted either.
"""

from collections import Counter
from dataclasses import fields, replace
from typing import TypeVar

import numpy as np

from borderstats.observations import Flags, Ints
from borderstats.simulate.random_numbers import RandomNumbers, steps
from borderstats.simulate.records import NEVER, NONE, Encounters, Outcomes, Referrals, Screenings, Spells
from borderstats.standard.model import Standard
from borderstats.standard.simulation import Mistakes

UNKNOWN_CODE = "SYN_UNKNOWN"
"""The code that is in no list."""

_ELSEWHERE = 500_000_000_000

R = TypeVar("R", Outcomes, Screenings, Referrals)


class Spoiler:
    """Spoils a share of records and counts what it did, by kind."""

    def __init__(self, standard: Standard, mistakes: Mistakes, share: float) -> None:
        self._share = steps(share)
        self.counts: Counter[str] = Counter()
        self._mistakes = mistakes
        # The last is for children only.
        self._kinds = ("unknown code", "wrong type", "duplicate", "missing key", f"child of {mistakes.age}")
        groups, types = (standard.codelist_of(name).numbers for name in ("demographic", "encounter_type"))
        self._children = [groups[code] for code in mistakes.children]
        self._types = [types[code] for code in mistakes.types]
        self._no_country = len(standard.codelist_of("citizenship").codes)

    def encounters(self, random: RandomNumbers, records: Encounters) -> Encounters:
        """The encounters with mistakes; a duplicate stands behind its original."""
        children = np.isin(records.demographic, self._children)
        kind = random.draw() % np.where(children, len(self._kinds), len(self._kinds) - 1)
        kind = np.where(random.happens(self._share), kind, NONE)
        unknown, wrong, twice, nameless, old = (
            self._count(name, kind == n) for n, name in enumerate(self._kinds)
        )
        one, other = self._types
        spoiled = replace(
            records,
            citizenship=np.where(unknown, self._no_country, records.citizenship),
            type=np.where(wrong, np.where(records.type == one, other, one), records.type),
            event=np.where(nameless, NONE, records.event),
            age=np.where(old, self._mistakes.age, records.age),
        )
        rows = np.repeat(np.arange(len(kind)), 1 + twice)
        return Encounters(*(getattr(spoiled, field.name)[rows] for field in fields(spoiled)))

    def spells(self, random: RandomNumbers, records: Spells) -> Spells:
        """Spells of which some end before they begin."""
        bad = self._count(
            "book-out before book-in", random.happens(self._share) & (records.book_out != NEVER)
        )
        early = records.book_in - self._mistakes.early_hours * 3600
        return replace(records, book_out=np.where(bad, early, records.book_out))

    def followers(self, random: RandomNumbers, records: R) -> R:
        """Records of which some name an encounter that is nowhere."""
        bad = self._count("dangling reference", random.happens(self._share))
        event: Ints = np.where(bad, records.event + _ELSEWHERE, records.event)
        return replace(records, event=event)

    def _count(self, name: str, flags: Flags) -> Flags:
        self.counts[name] += int(flags.sum())
        return flags

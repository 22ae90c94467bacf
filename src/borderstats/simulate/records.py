"""Records of each family as columns of numbers: codes as places in their lists, times in seconds since 1970."""

from dataclasses import dataclass

from borderstats.observations import Ints
from borderstats.simulate.allocate import Floats

NONE = -1
"""In a column of keys, persons, codes or ages: there is no value."""

NEVER = -(2**62)
"""In a column of times: there is no value."""


@dataclass(frozen=True)
class Encounters:
    """Encounters in the order of time. `distance` is in miles, NaN where it is not recorded."""

    event: Ints
    person: Ints
    time: Ints
    component: Ints
    region: Ints
    office: Ints
    title: Ints
    type: Ints
    citizenship: Ints
    demographic: Ints
    age: Ints
    entry: Ints
    distance: Floats


@dataclass(frozen=True)
class Spells:
    """Custody spells; `place` counts offices, then components, then those of detention."""

    event: Ints
    person: Ints
    agency: Ints
    place: Ints
    demographic: Ints
    book_in: Ints
    book_out: Ints
    reason: Ints


@dataclass(frozen=True)
class Outcomes:
    """Dispositions and outcomes."""

    event: Ints
    person: Ints
    time: Ints
    outcome: Ints
    repatriation: Ints


@dataclass(frozen=True)
class Screenings:
    """Screenings for fear and of children."""

    event: Ints
    person: Ints
    kind: Ints
    referred: Ints
    decided: Ints
    result: Ints


@dataclass(frozen=True)
class Referrals:
    """Referrals for prosecution."""

    event: Ints
    person: Ints
    time: Ints
    statute: Ints

"""What every part of a release is made of, and what many parts share."""

import datetime
from typing import Literal

import msgspec


class Struct(msgspec.Struct, frozen=True):
    """A part of a release."""


class Text(Struct, frozen=True, omit_defaults=True):
    """A text in English and, if the standard has Spanish labels, in Spanish."""

    en: str
    es: str = ""


Basis = Literal["stated", "inferred"]
"""Where an as-of date comes from: the publisher says so, or it is only the first day on which the file can have existed."""


KnownBasis = Literal["published", "captured", "announced", "not before", "not after"]
"""How it is known when a file became known: the publisher's own day of publication, the day on which it was first
captured, a day that was announced, or only a bound: not before it, or not after it.
"""


class AsOf(Struct, frozen=True):
    """The day for which a figure speaks, and the day on which it became known, each with its basis; the note is on the first."""

    day: datetime.date
    basis: Basis
    note: str
    known: datetime.date
    known_basis: KnownBasis

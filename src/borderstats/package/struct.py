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


class AsOf(Struct, frozen=True):
    """The day for which a figure speaks, and on which basis; the note says how it is known."""

    day: datetime.date
    basis: Basis
    note: str = ""

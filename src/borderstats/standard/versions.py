"""The versions of a standard, each with what its artefacts are, so that changed ones are not given out as the same."""

import datetime

from borderstats.standard.struct import Struct


class Version(Struct, frozen=True):
    """A version of the standard."""

    version: str
    """Its three numbers, as `office.toml` has those of the present one."""
    date: datetime.date
    """Since when."""
    artefacts: str
    """A fingerprint of its concepts, code lists and data structures, which `borderstats standard check` says."""

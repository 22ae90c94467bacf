"""What every part of the standard is made of, and how labels are compared."""

import functools
import re
import unicodedata
from typing import Annotated

import msgspec

Text = Annotated[str, msgspec.Meta(min_length=1)]
"""A text that says something."""

Names = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
"""Names or codes, at least one."""


_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])
_ALIKE = {**_INVISIBLE, 0x2019: "'", **dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2212], "-")}


_KEPT = 1 << 15
"""So many labels are compared once: the tables of a publisher repeat a few thousand."""


def visible(label: str) -> str:
    """A label without the characters that nobody sees: spaces of no width, soft hyphens, marks of direction."""
    return label if label.isascii() else label.translate(_INVISIBLE)


@functools.lru_cache(_KEPT)
def fold(label: str) -> str:
    """A label as it is compared.

    Upper and lower case, runs of white space, characters that nobody sees, straight and curled apostrophes, and hyphens,
    en dashes and minus signs make no difference.
    """
    return even(label).casefold()


@functools.lru_cache(_KEPT)
def even(label: str) -> str:
    """A label as `fold` compares it, in the case in which it is written."""
    alike = label if label.isascii() else label.translate(_ALIKE)
    return " ".join(alike.split())


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A part of the standard; a field that is not declared here is an error."""


def slug(label: str) -> str:
    """A name as it stands in an address: `Rio Grande Valley Sector` is `rio-grande-valley-sector`."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")

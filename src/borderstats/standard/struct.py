"""What every part of the standard is made of, and how labels are compared."""

from typing import Annotated

import msgspec

Text = Annotated[str, msgspec.Meta(min_length=1)]
"""A text that says something."""

Names = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
"""Names or codes, at least one."""


def fold(label: str) -> str:
    """A label as it is compared: upper and lower case and runs of white space make no difference."""
    return " ".join(label.replace("\u2019", "'").split()).casefold()


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A part of the standard; a field that is not declared here is an error."""

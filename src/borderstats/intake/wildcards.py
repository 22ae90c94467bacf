"""Names of sheets and titles of tables that change from one edition to the next, as the standard writes them."""

import functools
import re

from borderstats.standard.struct import even

_ANY = {"?": "(.)", "*": ".*?"}


@functools.cache
def wildcard(text: str) -> re.Pattern[str]:
    """The expression for a text of the standard: `?` stands for any one character, a group of its own; `*` for any run of them, or none.

    What is matched must be `even`; upper and lower case make no difference.
    """
    parts = re.split(r"([?*])", even(text))
    return re.compile("".join(_ANY.get(part) or re.escape(part) for part in parts), re.IGNORECASE)


def fits(pattern: str, text: str) -> str | None:
    """The characters for which the `?` of a pattern stand in a text; None if the text does not fit it."""
    found = wildcard(pattern).fullmatch(even(text))
    return "".join(found.groups()) if found else None

"""Cells that hold no value: an error of a spreadsheet, and a formula that nobody has calculated; and digits that are raised.

They are told by their texts, so that a text file that was saved from a spreadsheet is held to the same.
"""

import re

_ERROR = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|[A-Z_]{4,15}[!?])")
"""The errors of Excel and LibreOffice: `#REF!`, `#N/A`, `#SPILL!`, `#GETTING_DATA!`."""

RAISED = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
"""Digits as they are raised to point to a note."""

_FORMULA = re.compile(r"=[^\s=]")


def no_value(label: str) -> str:
    """Why a cell holds no value though it is not blank; empty if it holds one."""
    if "#" not in label and "=" not in label:
        return ""
    text = label.strip()
    if text.startswith("#") and _ERROR.fullmatch(text):
        return f"the cell has the error {text}, and nobody can tell which figure or label should stand there"
    if _FORMULA.match(text):
        return f"the formula {text} was never calculated, so the file has no value here"
    return ""

"""What to do about a refused row, by the reason that it was refused: one place for all of them."""

from collections.abc import Mapping

_AGAIN = "compare the row with the publisher's own file and fetch that again if they differ"

_ADVICE = (
    (
        ("the cell has the error",),
        "ask the publisher for a file without it; if the publisher prints it where there is no figure, say what it means with `missing` in the source's file",
    ),
    (
        ("was never calculated",),
        "fetch the publisher's own file; if that is it, ask for one that was saved by the program that calculates it",
    ),
    (
        ("; if it ", "; take it out", "ask the publisher", "Ask for the right one", "declare"),
        "",
    ),
    (
        ("a delimiter or quote is lost", "was saved anew", "a quote was opened"),
        "fetch the publisher's own file and do not open it in another program first",
    ),
    (("begins after", "is after"), "give the right day with --as-of, or fetch the file again"),
    (("unknown month", "is not a month"), "write it as the source's editions do, or add it to codelists/month.csv if it is right"),
    (
        ("what the mark",),
        "say so in the source's file with `provisional_mark` or `footnotes`, or fetch the file again",
    ),
    (("unknown label",), "if the publisher has a new label, add it to the allowed ones of the column in the source's file"),
    (
        ("more than once", "in an earlier table"),
        "fetch the file again, and ask the publisher if it stands so there",
    ),
    (("the count is blank",), "if the publisher leaves figures out, say what a blank means with `missing` in the source's file"),
    (
        ("is not a number", "is too long to be one"),
        "fetch the file again; if the publisher writes so, say what the mark means with `missing` or `zero` in the source's file, or `left_out` for a row without data",
    ),
    (
        ("is not a year", "is not a day", "has no months", "has no such month", "begins no half-month", " ends on ", "does not fit", "is not a quarter", "is not a calendar quarter", "is not a week", "weeks of ISO 8601"),
        "fetch the file again; if the row is a note or a heading of the publisher's, name it with `left_out` in the source's file",
    ),
    (("is negative", "is a fraction", "decimals", "not a multiple"), f"{_AGAIN}; if the publisher changed how figures are written, change the dataset in the standard"),
)  # fmt: skip


def on(reason: str) -> str:
    """What to do about a row refused for a reason; empty where the reason says it itself."""
    return next((advice for marks, advice in _ADVICE if any(mark in reason for mark in marks)), _AGAIN)


def undeclared(what: str, lines: Mapping[str, str]) -> str:
    """Why something is refused whose notation the standard does not say: the lines that would, with what it would mean."""
    return f"{what} is written in a form that is not declared; {declare(lines)}"


def declare(lines: Mapping[str, str]) -> str:
    """Which line of the standard is to be added, by what is meant."""
    meant = ", ".join(f"if it means {meaning}, add {line}" for line, meaning in lines.items())
    return f"{meant} to the column in the source's file, or above all columns"

"""The page of cited figures: what publishers printed and no dataset here holds, with its source and grade."""

from dataclasses import dataclass
from typing import Any

from borderstats.publish import labels
from borderstats.publish.accounts import Cited
from borderstats.publish.amounts import Style
from borderstats.publish.read import Package

GRADES = {
    "A": "read in the text of the publisher itself",
    "A2": "read in another text that quotes an official figure",
    "C": "computed here from figures of grade A",
    "B": "background knowledge, not read in a source",
}


@dataclass(frozen=True)
class Group:
    """The figures of one source: rows of (what, period, figure, unit, grade, id)."""

    source: str
    rows: tuple[tuple[str, str, str, str, str, str], ...]


def context(package: Package) -> dict[str, Any]:
    """What the template of the page of cited figures shows."""
    sources = dict.fromkeys(figure.source for figure in package.cited)
    grades = sorted({part for figure in package.cited for part in figure.grade.split("/")})
    return {
        "groups": [
            Group(source, tuple(_row(figure) for figure in package.cited if figure.source == source))
            for source in sources
        ],
        "total": len(package.cited),
        "grades": [(grade, GRADES.get(grade, "not explained")) for grade in grades],
    }


def _row(figure: Cited) -> tuple[str, str, str, str, str, str]:
    whole = figure.value == int(figure.value)
    value = Style(decimals=0 if whole else 2).exact(figure.value)
    period = labels.sentence(labels.period(figure.period))
    return figure.what.replace("_", " ") or figure.id, period, value, figure.unit, figure.grade, figure.id

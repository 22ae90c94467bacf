"""A row that did not become observations: where it stands, why, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from borderstats.intake import advice


@dataclass(frozen=True)
class Refusal:
    """A row that did not become observations: where it stands and why. Rows are numbered as in the file, header 1.

    `unknown` is the label that no code list knows, if that is the reason; `letter` the column of the sheet. In a block
    of figures `figure` is the column of the figure, and `cause` is alike in all that are refused for one reason. Of those
    figures, or rows of a list, there are `figures`.
    """

    sheet: str
    row: int
    column: str
    reason: str
    unknown: str = ""
    letter: str = ""
    figure: str = ""
    cause: tuple[str, ...] = ()
    figures: int = 1

    @property
    def to_do(self) -> str:
        """What to do about it; empty where the reason says it."""
        return advice.on(self.reason)

    def text(self, name: str) -> str:
        sheet = f"sheet {self.sheet!r}: " if self.sheet else ""
        names = " ".join(filter(None, [self.letter, repr(self.column) if self.column else ""]))
        more = f" ({self.figures:,} {'figures' if self.figure else 'rows'})" if self.figures > 1 else ""
        return f"{name}: {sheet}row {self.row}{f', column {names}' if names else ''}: {self.reason}{more}"


def by_cause(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """One refusal for all rows of a list that are refused for one reason in one column, as a person is told of them."""
    found: dict[object, Refusal] = {}
    for number, refusal in enumerate(refusals):
        key = number if refusal.figure else (refusal.sheet, refusal.column, refusal.reason)
        first = found.get(key)
        found[key] = replace(first, figures=first.figures + refusal.figures) if first else refusal
    return tuple(found.values())


def gathered(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """One refusal for all figures of a block that one heading or one repeated row makes unusable, in their order."""
    found: dict[tuple[object, ...], Refusal] = {}
    for number, refusal in enumerate(refusals):
        key = (refusal.sheet, *refusal.cause) if refusal.cause else (number,)
        first = found.get(key)
        found[key] = replace(first, figures=first.figures + refusal.figures) if first else refusal
    return tuple(found.values())

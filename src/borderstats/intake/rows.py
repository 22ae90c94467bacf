"""Which rows of a table are read: those still open, those left out, and those refused, each with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from borderstats.intake.raw import Labels, RawTable
from borderstats.intake.refusal import Refusal
from borderstats.observations import Flags
from borderstats.standard.sources import BlockTable, UsedTable
from borderstats.standard.struct import fold


@dataclass(frozen=True)
class Refused:
    """Why rows are refused for what stands in a column: a reason by the place of the label in `labels`.

    Without `labels` it is a reason by the place of the row. `rows` are the only ones that it holds for, if given. What
    refuses the figures of one row of a block for one `cause` is told once.
    """

    column: str
    reasons: Mapping[int, str]
    labels: Labels | None = None
    rows: Flags | None = None
    cause: str = ""


@dataclass
class Rows:
    """The rows of one table by their place. A row is refused once, for the first reason.

    `closed` are rows that another use of the same table has refused: they make no observation here either.
    """

    table: UsedTable
    published: RawTable
    closed: Flags | None = None
    refusals: dict[int, Refusal] = field(default_factory=dict)
    _left_out_for: list[tuple[Flags, Callable[[int], str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open = np.ones(len(self.published.row), bool) if self.closed is None else ~self.closed
        self.left_out = np.zeros(len(self.open), bool)

    def in_order(self) -> list[Refusal]:
        """What was refused, in the order of the rows."""
        return [self.refusals[place] for place in sorted(self.refusals)]

    @property
    def refused(self) -> Flags:
        """The rows refused here."""
        flags = np.zeros(len(self.open), bool)
        flags[list(self.refusals)] = True
        return flags

    def leave_out(self, flags: Flags, reason: Callable[[int], str]) -> None:
        """Leave out rows that are no data, for a reason by their place; they count, but not as refused."""
        here = flags & self.open
        self._left_out_for.append((here, reason))
        self.left_out |= here
        self.open &= ~flags

    def why(self, place: int) -> str:
        """Why a row makes no observation; empty if it is open."""
        if place in self.refusals:
            return self.refusals[place].reason
        if self.left_out[place]:
            return next(reason(place) for flags, reason in self._left_out_for if flags[place])
        return "" if self.open[place] else "another table that these cells feed refuses them"

    def refuse(self, *every: Refused) -> None:
        """Refuse the rows that are still open."""
        for one in every:
            for place in self._places(one):
                self._refuse(one, place)

    def _places(self, one: Refused) -> list[int]:
        """The open rows that have a reason."""
        if not one.reasons:
            return []
        bad = np.zeros(len(one.labels.distinct) if one.labels else len(self.open), bool)
        bad[list(one.reasons)] = True
        flags = bad[one.labels.place] if one.labels else bad
        found: list[int] = np.flatnonzero(
            flags & self.open if one.rows is None else flags & self.open & one.rows
        ).tolist()
        return found

    def _refuse(self, one: Refused, place: int) -> None:
        published, table, column = self.published, self.table, one.column
        label = int(one.labels.place[place]) if one.labels else place
        reason = one.reasons[label]
        unknown = one.labels.distinct[label] if one.labels and reason.startswith("unknown") else ""
        row = int(published.row[place])
        figure = published.column[place] if published.column else ""
        cause: tuple[str, ...] = ()
        if figure and (one.cause or column in table.columns):
            cause = (str(row), column, one.cause or reason)
        elif figure and isinstance(table, BlockTable) and column in (*table.across, table.title_as):
            cause = (figure if column in table.across else "", column, reason)
        letter = self._letters.get(fold(column), "") if column else ""
        self.refusals[place] = Refusal(
            published.sheet, row, column, reason, unknown, letter or figure, figure, cause
        )
        self.open[place] = False

    @cached_property
    def _letters(self) -> dict[str, str]:
        """The column of the sheet of each column of the table that has one of its own."""
        names = map(fold, self.published.header)
        return dict(zip(names, self.published.letters, strict=False))

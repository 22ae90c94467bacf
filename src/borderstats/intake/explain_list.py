"""A list explained: each row by what became of it, each column by what its labels were taken for."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from borderstats.intake.explained import NO_CELL, ColumnSummary, Finding, Kind, Sheet
from borderstats.intake.meaning import meaning, role, rule, used
from borderstats.intake.raw import Labels, RawTable, letters, shown
from borderstats.intake.read import Reading
from borderstats.intake.refusal import by_cause
from borderstats.observations import Small
from borderstats.standard.columns import Column, FigureColumn, IgnoredColumn
from borderstats.standard.struct import fold

_EXAMPLES, _LONGEST = 4, 30


class ListSheet(Sheet):
    """A list with its header in row 1."""

    def __init__(self, published: RawTable, reading: Reading) -> None:
        self.name, self.published = published.sheet, published
        self.parts = [part for part in reading.parts if part.published is published]
        self.refusals = by_cause(refusal for refusal in reading.refusals if refusal.sheet == published.sheet)
        self.conflicts = [refusal for refusal in reading.conflicts if refusal.sheet == published.sheet]
        self.tables = [rule(reading.source, part) for part in self.parts]
        by_name = {fold(name): column for name, column in reading.source.column.items()}
        self.described = [by_name.get(fold(name)) for name in published.header]
        self.ragged = {bad.row: bad.cells for bad in published.ragged}
        self.surplus = sum(max(cells - len(self.described), 0) for cells in self.ragged.values())
        self.rows = np.sort(np.concatenate(([1], published.row, list(self.ragged)))).astype(np.int64)
        self.kinds = self._kinds()

    @cached_property
    def columns(self) -> list[ColumnSummary]:  # type: ignore[override]
        return [
            ColumnSummary(
                self._place(number), name, role(column) if column else "not known", self._says(number, column)
            )
            for number, (name, column) in enumerate(zip(self.published.header, self.described, strict=True))
        ]

    def text(self, row: int, column: int) -> str:
        if not row:
            return self.published.header[column]
        if (number := int(self.rows[row])) in self.ragged:
            return "" if column else f"{self.ragged[number]} cells"
        return _label(self.published.columns[column], self._row(number))

    def note(self, row: int, column: int) -> str:
        described = self.described[column]
        if not row:
            return role(described) if described else "the source does not know this column"
        if (number := int(self.rows[row])) in self.ragged:
            return "" if column else "more or fewer cells than the header"
        return self._meaning(described, self._row(number)) if described else ""

    def found(self, kind: Kind) -> list[Finding]:
        if kind == Kind.REFUSED:
            return [
                Finding(
                    f"row {one.row}{f', column {one.column!r}' if one.column else ''}",
                    one.unknown,
                    one.reason,
                    one.figures,
                )
                for one in self.refusals
            ]
        if kind == Kind.LEFT_OUT:
            return [*self._unused(), *self._rows_left_out()]
        return list(self._unseen()) if kind == Kind.UNSEEN else []

    def _kinds(self) -> Small:
        kinds = np.full((len(self.rows), len(self.described)), Kind.UNSEEN.number, np.int16)
        kinds[0, [column is not None for column in self.described]] = Kind.HEADING.number
        place = np.searchsorted(self.rows, self.published.row)
        for number, column in enumerate(self.described):
            kinds[place, number] = self._of_column(number, column)
        for row, cells in self.ragged.items():
            ragged = int(np.searchsorted(self.rows, row))
            kinds[ragged] = NO_CELL
            kinds[ragged, :cells] = Kind.REFUSED.number
        return kinds

    def _of_column(self, number: int, column: Column | None) -> Small:
        """What became of each cell of a column."""
        if column and self._is_used(column):
            return self._of_rows
        if self.parts:
            return np.where(self._of_rows == Kind.ACCEPTED.number, Kind.LEFT_OUT.number, self._of_rows)
        labels = self.published.columns[number]
        blank = np.array([not label.strip() for label in labels.distinct], bool)[labels.place]
        return np.where(blank, Kind.BLANK.number, Kind.UNSEEN.number).astype(np.int16)

    def _is_used(self, column: Column) -> bool:
        return any(used(part, column) for part in self.parts)

    @cached_property
    def _of_rows(self) -> Small:
        """What became of each row: it is refused if one table refuses it, and accepted if one takes it."""
        found = np.full(len(self.published.row), Kind.LEFT_OUT.number, np.int16)
        for part in self.parts:
            found[part.rows.open] = Kind.ACCEPTED.number
        for part in self.parts:
            found[part.rows.refused] = Kind.REFUSED.number
        conflicts = [refusal.row for refusal in self.conflicts]
        found[np.isin(self.published.row, conflicts)] = Kind.REFUSED.number
        return found

    def _row(self, number: int) -> int:
        """The place of a row by its number in the file."""
        return int(np.searchsorted(self.published.row, number))

    def _meaning(self, column: Column, row: int) -> str:
        """What a label was taken for in each table; of a refused row only the cell that is refused says why."""
        refused = [part.rows.refusals[row] for part in self.parts if row in part.rows.refusals]
        refused += [one for one in self.conflicts if one.row == self.published.row[row]]
        if refused:
            said = [one.reason for one in refused if one.column in ("", column.name)]
        else:
            named = len(self.parts) > 1
            said = [meaning(part, column.name, row, named=named) for part in self.parts]
        return "; ".join(dict.fromkeys(filter(None, said)))

    def _place(self, number: int) -> str:
        return self.published.letters[number] if self.published.letters else letters(number)

    def _unused(self) -> Iterator[Finding]:
        """The columns of which no table makes anything."""
        cells = int((self._of_rows == Kind.ACCEPTED.number).sum())
        for number, column in enumerate(self.described):
            if column and self.parts and cells and not self._is_used(column):
                reason = (
                    column.reason if isinstance(column, IgnoredColumn) else "no table of the source uses it"
                )
                yield Finding(f"column {self._place(number)}", column.name, reason, cells)

    def _rows_left_out(self) -> list[Finding]:
        found: dict[str, Finding] = {}
        for row in np.flatnonzero(self._of_rows == Kind.LEFT_OUT.number).tolist() if self.parts else ():
            reason = self.parts[0].rows.why(row)
            text = _label(self.published.columns[0], row)
            first = found.get(reason) or Finding(f"row {self.published.row[row]}", text, reason, 0)
            found[reason] = first._replace(cells=first.cells + len(self.described))
        return list(found.values())

    def _unseen(self) -> Iterator[Finding]:
        for number, name in enumerate(self.published.header):
            cells = int((self.kinds[:, number] == Kind.UNSEEN.number).sum())
            if cells:
                known = self.described[number] is not None
                reason = (
                    "the header differs, so no row was read"
                    if known
                    else "the source does not know this column"
                )
                yield Finding(f"column {self._place(number)}", name, reason, cells)

    def _says(self, number: int, column: Column | None) -> str:
        """How many labels a column has, and what the first were taken for."""
        labels = self.published.columns[number]
        kinds = self.kinds[1:, number]
        refused = int((kinds == Kind.REFUSED.number).sum())
        more = f"; {_counted(refused, 'cell')} refused" if refused else ""
        if column is None or not self._is_used(column):
            return f"{_counted(len(labels.distinct), 'label')}{more}"
        if isinstance(column, FigureColumn):
            return f"{_counted(int((kinds == Kind.ACCEPTED.number).sum()), 'figure')}{more}"
        examples = []
        for label, text in enumerate(labels.distinct[:_EXAMPLES]):
            here = np.flatnonzero((labels.place == label) & (self._of_rows == Kind.ACCEPTED.number))
            if len(here):
                examples.append(f"{shown(text, _LONGEST)} is {self._meaning(column, int(here[0]))}")
        rest = len(labels.distinct) - len(examples)
        others = f" and {rest:,} more" if examples and rest else ""
        return f"{_counted(len(labels.distinct), 'label')}: {', '.join(examples) or 'none accepted'}{others}{more}"


def _label(labels: Labels, row: int) -> str:
    return labels.distinct[int(labels.place[row])]


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"

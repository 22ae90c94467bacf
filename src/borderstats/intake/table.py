"""One published table to keys, values and statuses: each distinct label is understood once, each bad row refused."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from borderstats import periods
from borderstats.intake import plausible, times
from borderstats.intake.counts import Form, counts
from borderstats.intake.labels import numbered, prepared, rows_with
from borderstats.intake.raw import Labels, RawTable, shown
from borderstats.intake.refusal import Refusal
from borderstats.observations import Flags, Ints, KeySpace, Small
from borderstats.standard.model import TOTAL, UNKNOWN, Standard
from borderstats.standard.sources import Column, Source, Table
from borderstats.standard.struct import fold


@dataclass(frozen=True)
class Part:
    """One table's observations sorted by key, with the row of each, before tables are put together.

    `rows` is how many rows there were, `left_out` which of them are no data by the standard. `entries` are the
    identities of the rows accepted, in a list whose rows are things that a later list has again or not.
    """

    dataset: str
    sheet: str
    rows: int
    left_out: Flags
    key: Ints
    value: Ints
    status: Small
    row: Ints
    letters: tuple[str, ...]
    refusals: list[Refusal]
    entries: tuple[tuple[str, ...], ...] = ()


@dataclass
class TableReader:
    """Reads one table. `as_of` is the day for which the file is stated, if that is known.

    `closed` are rows that another use of the same table has refused: they make no observation here either.
    """

    standard: Standard
    source: Source
    space: KeySpace
    table: Table
    published: RawTable
    as_of: datetime.date | None = None
    closed: Flags | None = None
    refusals: dict[int, Refusal] = field(default_factory=dict)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that the table has, in the order of the standard; some editions lack an optional one."""
        present = {fold(name) for name in self.published.header}
        names = self.published.header if self.table.across else self.table.columns
        return [self.source.column[name] for name in names if fold(name) in present]

    @cached_property
    def cells(self) -> dict[str, Labels]:
        place = {fold(name): number for number, name in enumerate(self.published.header)}
        # A blank in a header row repeats the label to its left, one in a row heading that above it.
        width = dict.fromkeys(self.table.across, self.published.width)
        return {
            c.name: prepared(c, self.published.columns[place[fold(c.name)]], width.get(c.name, 0))
            for c in self.columns
        }

    def read(self) -> Part:
        """The table's observations; a row with one bad cell is refused whole."""
        published = self.published
        self.open = np.ones(len(published.row), bool) if self.closed is None else ~self.closed
        self.left_out = np.zeros(len(published.row), bool)
        ragged = [
            Refusal(
                published.sheet,
                bad.row,
                "",
                f"the row has {bad.cells} cells, the header {len(published.header)}; a delimiter or quote is lost or too many",
            )
            for bad in published.ragged
        ]
        self._leave_out()
        self._blank_or_open()
        for column in self.columns:
            self._ignored(column)
        self.not_before = times.not_before(self)
        period, status = times.periods_and_statuses(self)
        codes = self._codes()
        key, value, status = self._cells(codes, period, status)
        order = np.argsort(key, kind="stable")
        if self.table.combine:
            key, value, status, row = self._combined(key, value, status, order)
        else:
            self._implausible(key, value, order)
            cell = self._open_cells(order)
            key, value, status, row = key[cell], value[cell], status[cell], cell % max(len(self.open), 1)
        refusals = [*ragged, *(self.refusals[place] for place in sorted(self.refusals))]
        return Part(
            self.space.dataset.id,
            published.sheet,
            len(published.row) + len(ragged),
            self.left_out,
            key,
            value,
            status,
            published.row[row],
            tuple(published.column[n] for n in row) if published.column else (),
            sorted(refusals, key=lambda refusal: refusal.row),
            self._entries(),
        )

    @property
    def refused(self) -> Flags:
        """The rows that this reader has refused."""
        flags = np.zeros(len(self.open), bool)
        flags[list(self.refusals)] = True
        return flags

    def _entries(self) -> tuple[tuple[str, ...], ...]:
        """What tells each accepted row of a list from another, in the order of the list, white space made even."""
        if not self.table.identity or self.table.combine == "distinct":
            return ()
        open_rows = np.flatnonzero(self.open)
        texts = []
        for name in self.table.identity:
            labels = self.cells[name]
            even = [" ".join(label.replace("\u2019", "'").split()) for label in labels.distinct]
            texts.append([even[place] for place in labels.place[open_rows].tolist()])
        return tuple(zip(*texts, strict=True))

    def _cells(
        self, codes: Mapping[str, Ints | int], period: Ints, status: Small
    ) -> tuple[Ints, Ints, Small]:
        """Keys, values and statuses, first of all rows in the first value column, then of all in the next."""
        if self.table.combine in ("rows", "distinct"):
            key = np.broadcast_to(self.space.encode(codes, period), period.shape)
            return key, np.ones(len(key), np.int64), status
        wanted = self.table.values or tuple(column.name for column in self.columns)
        parts = [
            self._values(c, self.cells[c.name], codes, period, status)
            for c in self.columns
            if c.value and c.name in wanted
        ]
        key, value, status = (np.concatenate(column) for column in zip(*parts, strict=True))
        if self.source.future_zeros and self.as_of:
            first = {p: periods.first_day(p) for p in map(int, np.unique(period[self.open]))}
            future = np.isin(period, [p for p, day in first.items() if day > self.as_of])
            self._drop(future & (value.reshape(len(parts), -1) == 0).all(axis=0))
        return key, value, status

    def _combined(self, key: Ints, value: Ints, status: Small, order: Ints) -> tuple[Ints, Ints, Small, Ints]:
        """Rows of one key as one cell: their sum, their number, or the number of different identities among them."""
        order = self._open_cells(order)
        if self.table.combine == "distinct":
            identity = self._identities(self.table.identity)
            _, first = np.unique(np.stack((key[order], identity[order])), axis=1, return_index=True)
            order = order[np.sort(first)]
        ordered = key[order]
        starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(order) else order
        if not len(order):
            return ordered, order, status[order], order
        total, status = np.add.reduceat(value[order], starts), status[order]
        # A sum with a part that is not told is not told either, for the reason of its first such part.
        untold = np.isin(status, self._untold)
        told_not = np.add.reduceat(untold.astype(np.int64), starts) > 0
        place = np.where(untold, np.arange(len(order)), len(order))
        reason = status[np.minimum(np.minimum.reduceat(place, starts), len(order) - 1)]
        return (
            ordered[starts],
            np.where(told_not, 0, total),
            np.where(told_not, reason, status[starts]),
            order[starts] % len(self.open),
        )

    @cached_property
    def _untold(self) -> list[int]:
        """The statuses of figures that exist and are not told."""
        numbers = self.standard.codelists["obs_status"].numbers
        return [numbers[code] for code in ("L", "Q", "O") if code in numbers]

    def _identities(self, names: Sequence[str]) -> Ints:
        """A number for each row that is the same where the labels of these columns are, but for case and white space."""
        columns = [self.cells[name] for name in names]
        return numbered(
            [(np.unique([fold(t) for t in c.distinct], return_inverse=True)[1], c) for c in columns]
        )

    def _open_cells(self, order: Ints) -> Ints:
        """The cells of rows not refused; cells count through the first value column, then the next."""
        return order if self.open.all() else order[self.open[order % len(self.open)]]

    def _implausible(self, key: Ints, value: Ints, order: Ints) -> None:
        """Refuse rows that share a key with another, and quarters that repeat another."""
        height = max(len(self.open), 1)
        cell = self._open_cells(order)
        reasons = plausible.duplicates(self.space, key[cell], self.published.row[cell % height])
        self._refuse_places({int(cell[n] % height): reason for n, reason in reasons.items()}, "twice")
        cell = self._open_cells(order)
        for flags, reason in plausible.repeated_quarters(self.space, key[cell], value[cell]):
            self._refuse_places(dict.fromkeys((int(n) for n in cell[flags] % height), reason))

    def _refuse_places(self, reasons: Mapping[int, str], shared: str = "") -> None:
        """Refuse rows by their place in the table; those of one row of a block for one cause, if it is `shared`."""
        flags = np.zeros(len(self.open), bool)
        flags[list(reasons)] = True
        self.refuse(flags, "", lambda place: reasons[place], shared=shared)

    def refuse(
        self,
        flags: Flags,
        column: str,
        reason: Callable[[int], str],
        unknown: Callable[[int], str] = lambda _: "",
        shared: str = "",
    ) -> None:
        """Refuse the flagged rows that are still open; `reason` and `unknown` get the row's place in the table."""
        published = self.published
        own = self._letters.get(column, "")
        for place in map(int, np.flatnonzero(flags & self.open)):
            row, text = int(published.row[place]), reason(place)
            figure = published.column[place] if published.column else ""
            cause: tuple[str, ...] = ()
            if figure and (shared or column in self.table.columns):
                cause = (str(row), column, shared or text)
            elif figure and column in (*self.table.across, self.table.title_as):
                cause = (figure if column in self.table.across else "", column, text)
            self.refusals[place] = Refusal(
                published.sheet, row, column, text, unknown(place), own or figure, figure, cause
            )
        self.open &= ~flags

    @cached_property
    def _letters(self) -> dict[str, str]:
        """The column of the sheet of each column of the table that has one of its own."""
        place = {
            fold(name): letter
            for name, letter in zip(self.published.header, self.published.letters, strict=False)
        }
        return {column.name: place.get(fold(column.name), "") for column in self.columns}

    def refuse_labels(
        self, column: Column, cells: Labels, reasons: Mapping[int, str], here: Flags | None = None
    ) -> None:
        """Refuse the rows whose label, by its place among the distinct ones, has a reason."""
        if not reasons:
            return
        bad = np.zeros(len(cells.distinct), bool)
        bad[list(reasons)] = True
        flags = bad[cells.place] if here is None else bad[cells.place] & here

        def unknown(place: int) -> str:
            return (
                cells.distinct[cells.place[place]]
                if reasons[int(cells.place[place])].startswith("unknown")
                else ""
            )

        self.refuse(flags, column.name, lambda place: reasons[int(cells.place[place])], unknown)

    def _drop(self, flags: Flags) -> None:
        """Leave out rows that are no data; they count, but not as refused."""
        self.left_out |= flags & self.open
        self.open &= ~flags

    def _leave_out(self) -> None:
        """Leave out the rows that the standard says are no data, and all but the first of rows that repeat another."""
        for column in self.columns:
            if column.left_out:
                self._drop(rows_with(self.cells[column.name], *column.left_out))
        if self.table.repeats == "drop":
            every = [self.cells[column.name] for column in self.columns]
            number = numbered([(np.arange(len(labels.distinct)), labels) for labels in every])
            _, first = np.unique(number, return_index=True)
            repeats = np.ones(len(self.open), bool)
            repeats[first] = False
            self._drop(repeats)

    def _blank_or_open(self) -> None:
        """Refuse rows without any cell, and rows with a cell that runs over the end of its line."""
        blank = self.open.copy()
        for column in self.columns:
            labels = self.cells[column.name]
            if blank.any():
                blank &= np.array([not label.strip() for label in labels.distinct], bool)[labels.place]
            if self.source.format == "csv" and any(end in "".join(labels.distinct) for end in "\r\n"):
                broken = "the cell runs over the end of its line: a quote was opened and not closed"
                reasons = {
                    n: broken for n, label in enumerate(labels.distinct) if "\n" in label or "\r" in label
                }
                self.refuse_labels(column, labels, reasons)
        self.refuse(
            blank, "", lambda _: "the row is blank; take it out, or ask the publisher what is missing"
        )

    def _ignored(self, column: Column) -> None:
        if column.ignore and column.allowed:
            allowed = {fold(label) for label in column.allowed}
            known = ", ".join(column.allowed)
            cells = self.cells[column.name]
            self.refuse_labels(
                column,
                cells,
                {
                    n: f"unknown label {shown(t)}; known are {known}"
                    for n, t in enumerate(cells.distinct)
                    if fold(t) not in allowed
                },
            )

    def _codes(self) -> dict[str, Ints | int]:
        """Each row's code by dimension, as its place in the code list; unknown labels refuse their rows."""
        space = self.space
        concepts = space.dataset.concepts
        constants = {**self.source.constants, **self.table.constants}
        codes: dict[str, Ints | int] = {c: space.total(c) for c in concepts}
        codes |= {
            concept: space.number(concept, code) for concept, code in constants.items() if concept in concepts
        }
        mine = [column for column in self.columns if column.concept in concepts]
        for column in sorted(mine, key=lambda c: bool(c.scope_from)):
            places = self._places(column, self.cells[column.name], codes)
            codes[column.concept] = places
            if column.parent_to in concepts:
                codes[column.parent_to] = self._parents(column)[places]
            for label, others in column.keys.items():
                here = rows_with(self.cells[column.name], label)
                for concept, code in others.items():
                    if concept != column.concept and concept in concepts:
                        codes[concept] = np.where(here, space.number(concept, code), codes[concept])
        return codes

    def _parents(self, column: Column) -> Ints:
        """For each code of the column's list the place of its parent; the total where it has none."""
        codes = self.space.codelists[column.concept].codes
        return np.array([self.space.number(column.parent_to, code.parent or TOTAL) for code in codes])

    def _places(self, column: Column, cells: Labels, codes: Mapping[str, Ints | int]) -> Ints:
        """The place of each row's code; a label is looked up once, in a list with scopes once for each scope."""
        codelist = self.space.codelists[column.concept]
        scope_of = (column.scope_from or "component") if any(code.scope for code in codelist.codes) else ""
        scopes = [code.code for code in self.space.codelists[scope_of].codes] if scope_of else [""]
        scope = np.asarray(codes[scope_of] if scope_of else 0)
        recodes = {fold(label): code for label, code in column.labels.items()}
        recodes |= {fold(label): codes[column.concept] for label, codes in column.keys.items()}
        contains = {fold(text): code for text, code in column.contains.items()}
        places = np.zeros(len(cells.place), np.int64)
        for number in np.unique(scope):
            found = np.zeros(len(cells.distinct), np.int64)
            reasons = {}
            for n, label in enumerate(cells.distinct):
                folded = fold(label)
                recoded = recodes.get(folded) or next(
                    (code for text, code in contains.items() if text in folded), None
                )
                place = codelist.find_folded(fold(recoded) if recoded else folded, scopes[number])
                total = place is not None and codelist.codes[place].code == TOTAL
                printed = (
                    self.table.across and self.space.dataset.dimension(column.concept).total == "published"
                )
                if place is None or (total and not (recoded if not self.table.across else printed)):
                    reasons[n] = self._no_code(column, label, codelist.id, total=total)
                found[n] = place or 0
            here = np.broadcast_to(scope == number, places.shape)
            places = np.where(here, found[cells.place], places)
            self.refuse_labels(column, cells, reasons, here)
        return places

    def _no_code(self, column: Column, label: str, codelist: str, *, total: bool) -> str:
        if total:
            return f"{shown(label)} is a total row among the data; take it out or declare it in sources/{self.source.id}.toml"
        if not label.strip():
            return f"{column.concept} is blank; a blank is not {UNKNOWN}, ask the publisher"
        return f"unknown {column.concept} {shown(label)}; if it is right, add it to codelists/{codelist}.csv (never to an other)"

    def _values(
        self, column: Column, cells: Labels, codes: Mapping[str, Ints | int], period: Ints, status: Small
    ) -> tuple[Ints, Ints, Small]:
        """Keys, counts and statuses of one value column; a cell without a figure counts zero under its status."""
        none = {fold(label) for label in (*column.missing, *column.zero)}
        labels = (
            ["0" if fold(label) in none else label for label in cells.distinct] if none else cells.distinct
        )
        dataset = self.space.dataset
        form = Form(
            self.source.whole_decimals, dataset.rounding, dataset.decimals, dataset.negative, column.rounded
        )
        distinct, reasons = counts(labels, form)
        self.refuse_labels(column, cells, reasons)
        value = distinct[cells.place]
        for code in dict.fromkeys(column.missing.values()):
            place = self.standard.codelists["obs_status"].numbers[code]
            mine = rows_with(cells, *(label for label, of in column.missing.items() if of == code))
            status = np.where(mine, np.int16(place), status)
        own = dict(codes)
        for concept in column.key.keys() & own.keys():
            own[concept] = self._own_place(concept, column.key[concept], column)
        return np.broadcast_to(self.space.encode(own, period), value.shape), value, status

    def _own_place(self, concept: str, code: str, column: Column) -> int:
        scope = column.key.get("component", self.source.constants.get("component", ""))
        place = self.space.codelists[concept].find(code, scope)
        return self.space.number(concept, code) if place is None else place

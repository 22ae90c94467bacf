"""One published table to keys, values and statuses: each distinct label is understood once, each bad row refused."""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from borderstats import periods
from borderstats.intake import plausible, times
from borderstats.intake.codes import CodeReader, Places
from borderstats.intake.counts import Form, counts
from borderstats.intake.figures import Figures, added_up, numbered, once
from borderstats.intake.kinds import no_value
from borderstats.intake.labels import dated, in_two, prepared, rows_with
from borderstats.intake.raw import Labels, RawTable, shown
from borderstats.intake.refusal import Refusal
from borderstats.intake.rows import Refused, Rows
from borderstats.intake.times import Times
from borderstats.intake.totals import Totals
from borderstats.intake.wildcards import fits
from borderstats.observations import Flags, Ints, KeySpace, Small
from borderstats.periods import Calendar
from borderstats.standard.codelists import CodeList
from borderstats.standard.columns import (
    Column,
    DimensionColumn,
    FigureColumn,
    IgnoredColumn,
    NotBeforeColumn,
)
from borderstats.standard.model import Standard
from borderstats.standard.sources import BlockTable, CsvSource, ListTable, Source, UsedTable
from borderstats.standard.struct import fold

Columns = Sequence[tuple[Column, Labels]]

_SHARE = re.compile(r"\s*\(\s*\d+(?:\.\d+)?\s*%\s*\)\s*$", re.ASCII)
"""A share behind a figure."""


@dataclass(frozen=True)
class Part:
    """What was read of one table, before tables are put together.

    `rows` are those open, left out and refused; `places` and `period` what the labels of each row mean. `accepted` are
    the figures read, in the order of their keys, and `observed` the same with those of one key put together.
    `not_before` is the latest date that the table names. `entries` are the identities of the rows accepted, in a list
    whose rows are things that a later list has again or not.
    """

    space: KeySpace
    table: UsedTable
    published: RawTable
    columns: Sequence[tuple[Column, Labels]]
    rows: Rows
    places: Places
    period: Ints
    accepted: Figures
    observed: Figures
    not_before: datetime.date
    entries: tuple[tuple[str, ...], ...] = ()

    @property
    def count(self) -> int:
        """How many rows there were."""
        return len(self.published.row) + len(self.published.ragged)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Column, Labels]]:
        """The columns that the table has, with their labels, by name."""
        return {column.name: (column, labels) for column, labels in reversed(self.columns)}

    def figure_at(self, row: int, name: str) -> int | None:
        """The place among the figures accepted of the one in a row and column; none if there is none."""
        wanted = self._place(np.array(row), np.array(self._header.index(fold(name))))
        order, places = self._in_reading_order
        found = int(np.searchsorted(places, wanted))
        return int(order[found]) if found < len(places) and places[found] == wanted else None

    @cached_property
    def _header(self) -> list[str]:
        return [fold(name) for name in self.published.header]

    @cached_property
    def _in_reading_order(self) -> tuple[Ints, Ints]:
        """The places of the figures accepted from cell to cell, and the cells."""
        places = self._place(self.accepted.row, self.accepted.column)
        order = np.argsort(places)
        return order, places[order]

    def _place(self, row: Ints, column: Small) -> Ints:
        place: Ints = row * len(self._header) + column
        return place

    @cached_property
    def refusals(self) -> list[Refusal]:
        """The rows refused, in the order of the file."""
        return sorted([*_ragged(self.published), *self.rows.in_order()], key=lambda refusal: refusal.row)


@dataclass(frozen=True)
class TableReader:
    """Reads one table. `as_of` is the day for which it is stated, if that is known; `own` the last of which it has figures, if it says so."""

    standard: Standard
    source: Source
    space: KeySpace
    table: UsedTable
    published: RawTable
    as_of: datetime.date | None = None
    own: datetime.date | None = None

    @property
    def through(self) -> datetime.date | None:
        """The last day of which the table has figures."""
        return self.own or self.as_of

    @cached_property
    def columns(self) -> list[tuple[Column, Labels]]:
        """The columns that the table has, in the order of the standard; some editions lack an optional one."""
        published = self.published
        place = {fold(name): number for number, name in enumerate(published.header)}
        # A blank in a header row repeats the label to its left, one in a row heading that above it.
        across = self.table.across if isinstance(self.table, BlockTable) else ()
        found: list[tuple[Column, Labels]] = []
        for name in self.table.names:
            if fold(name) in place:
                column, width = self.source.column[name], published.width if name in across else 0
                labels = prepared(column, published.columns[place[fold(name)]], width=width)
                if published.first_day:
                    labels = dated(column, labels, published.first_day)
                found += (
                    self._nested(column, labels)
                    if isinstance(column, DimensionColumn)
                    else [(column, labels)]
                )
        return found

    def _nested(self, column: DimensionColumn, labels: Labels) -> list[tuple[Column, Labels]]:
        """A column of codes, and that of the codes of another concept which stand below each of its own."""
        if not column.below:
            return [(column, labels)]
        known = {label for _, label in self.space.codelists[column.concept].labels}
        groups, rows = in_two(known | {*map(fold, column.labels)}, labels)
        return [
            (column, groups),
            (DimensionColumn(name=column.name, concept=column.below, left_out=column.left_out), rows),
        ]

    def read(self, closed: Flags | None = None) -> Part:
        """The table's observations; a row with one bad cell is refused whole.

        `closed` are rows that another use of the same table has refused: they make no observation here either.
        """
        rows = Rows(self.table, self.published, closed)
        self._leave_out(rows)
        columns = self._of_open(rows)
        rows.refuse(
            *self._broken(columns), self._blank(columns), *_without_value(columns), *_not_allowed(columns)
        )
        not_before = self._not_before(columns, rows)
        found = self._times(columns, not_before)
        rows.refuse(*found.refused)
        if not self.source.future_zeros:
            rows.refuse(self._future(found.period, rows.open))
        places, refused = self._codes.read(
            [(column, labels) for column, labels in columns if isinstance(column, DimensionColumn)]
        )
        rows.refuse(*refused)
        status = self._status(found, rows.open)
        figures = self._figures(columns, rows, places, found.period, status).of(rows.open)
        figures = self._without_totals(columns, figures, rows, places, found.period).by_key()
        if self.table.combine:
            figures = self._each_once(figures)
            observed = added_up(figures, self.space.statuses.untold)
        else:
            figures = observed = self._plausible(figures, rows)
        return Part(
            self.space,
            self.table,
            self.published,
            self.columns,
            rows,
            places,
            found.period,
            figures,
            observed,
            not_before,
            self._entries(rows.open),
        )

    def _leave_out(self, rows: Rows) -> None:
        """Leave out the rows that the standard says are no data, and all but the first of rows that repeat another."""
        for column, labels in self.columns:
            if column.left_out:
                reasons = [
                    next((why for name, why in column.left_out.items() if fits(name, label) is not None), "")
                    for label in labels.distinct
                ]
                here = np.array([bool(reason) for reason in reasons], bool)[labels.place]
                rows.leave_out(here, _by_label(reasons, labels))
        if isinstance(self.table, ListTable) and self.table.repeats == "drop":
            number = numbered([labels.place for _, labels in self.columns])
            _, first = np.unique(number, return_index=True)
            repeats = np.ones(len(number), bool)
            repeats[first] = False
            rows.leave_out(repeats, lambda _: "the row repeats an earlier one in every cell")

    def _of_open(self, rows: Rows) -> Columns:
        """The columns with the labels of the open rows only: what stands in the others need not be understood.

        A table that leaves out the years of zeros looks for them in every row.
        """
        if rows.open.all() or (isinstance(self.table, BlockTable) and self.table.zero_years):
            return self.columns
        return [(column, labels.of(rows.open)) for column, labels in self.columns]

    def _broken(self, columns: Columns) -> Iterator[Refused]:
        """Rows of a text file with a cell that runs over the end of its line."""
        for column, labels in columns if isinstance(self.source, CsvSource) else ():
            if any(end in "".join(labels.distinct) for end in "\r\n"):
                broken = "the cell runs over the end of its line: a quote was opened and not closed"
                bad = [n for n, label in enumerate(labels.distinct) if "\n" in label or "\r" in label]
                yield Refused(column.name, dict.fromkeys(bad, broken), labels)

    def _blank(self, columns: Columns) -> Refused:
        """Rows without any cell."""
        blank = np.ones(len(self.published.row), bool)
        for _, labels in columns:
            if blank.any():
                blank &= np.array([not label.strip() for label in labels.distinct], bool)[labels.place]
        reason = "the row is blank; take it out, or ask the publisher what is missing"
        return Refused("", dict.fromkeys(np.flatnonzero(blank).tolist(), reason))

    def _not_before(self, columns: Columns, rows: Rows) -> datetime.date:
        """The latest date before which the file cannot have existed, in the rows that are open."""
        latest = datetime.date.min
        for column, labels in columns:
            if isinstance(column, NotBeforeColumn):
                date, refused = times.not_before(column, labels, rows.open, self._months, self.as_of)
                rows.refuse(refused)
                latest = max(latest, date)
        return latest

    def _times(self, columns: Columns, not_before: datetime.date) -> Times:
        if self.table.day:
            day = self.published.day or self.as_of or not_before
            return times.of_day(day, len(self.published.row))
        return times.read(
            columns,
            self._months,
            self.standard.calendar,
            days_as_months=isinstance(self.table, ListTable) and self.table.within == "month",
            last_year_to_date=self.source.last_year_provisional,
        )

    @property
    def _months(self) -> CodeList:
        """The names of months."""
        return self.standard.codelists.get("month", CodeList("month", ()))

    def _future(self, period: Ints, rows: Flags) -> Refused:
        """Rows whose period begins after the day for which the file is stated: one of the two is wrong."""
        if not self.as_of:
            return Refused("", {})
        last = max(self.as_of, self.through or self.as_of)
        late = np.flatnonzero(times.begin_after(self.standard.calendar, period, last, rows)).tolist()
        reason = f"begins after {last}, the day for which the file is stated; one of the two is wrong"
        return Refused("", {row: f"{periods.text(int(period[row]))} {reason}" for row in late})

    def _status(self, found: Times, rows: Flags) -> Small:
        """Each row's status before its figures are seen: normal or provisional."""
        statuses = self.standard.statuses
        provisional = found.to_date
        if self.as_of:
            settled = self.as_of - datetime.timedelta(days=self.source.provisional_days)
            provisional = provisional | times.end_after(self.standard.calendar, found.period, settled, rows)
        return np.where(provisional, statuses.provisional, statuses.normal).astype(np.int16)

    @cached_property
    def _codes(self) -> CodeReader:
        constants = {**self.source.constants, **self.table.constants}
        block = isinstance(self.table, BlockTable)
        return CodeReader(self.space, self.source.id, constants, block, self.source.determined)

    def _figures(self, columns: Columns, rows: Rows, places: Places, period: Ints, status: Small) -> Figures:
        """First the figures of all rows in the first column of figures, then of all in the next; ones, if rows are counted."""
        every = np.arange(len(period))
        if self.table.counted:
            key = np.broadcast_to(self.space.encode(places, period), period.shape)
            return Figures(key, np.ones(len(key), np.int64), status, every, np.full(len(key), -1, np.int16))
        wanted = self.table.values or self.table.names
        header = [fold(name) for name in self.published.header]
        parts = []
        for column, labels in columns:
            if isinstance(column, FigureColumn) and column.name in wanted:
                value, refused = self._values(column, labels)
                rows.refuse(refused)
                key = self.space.encode(self._codes.in_column(column, places), period)
                place = np.full(len(every), header.index(fold(column.name)), np.int16)
                parts.append(
                    (np.broadcast_to(key, period.shape), value, self._statuses(column, labels, status), place)
                )
        key, value, statuses, place = (np.concatenate(column) for column in zip(*parts, strict=True))
        if self.source.future_zeros and self.through:
            zero = (value.reshape(len(parts), -1) == 0).all(axis=0)
            future = times.begin_after(self.standard.calendar, period, self.through, rows.open) & zero
            rows.leave_out(future, lambda _: "a zero that is printed for a month that has not come")
            rows.refuse(self._future(period, rows.open))
        if isinstance(self.table, BlockTable) and self.table.zero_years:
            empty = _years_of_zeros(self.standard.calendar, period, value)
            rows.leave_out(
                empty, lambda _: "a zero of a year that the table leaves out: all its figures are zero"
            )
        return Figures(key, value, statuses, np.tile(every, len(parts)), place)

    def _without_totals(
        self, columns: Columns, figures: Figures, rows: Rows, places: Places, period: Ints
    ) -> Figures:
        """The figures without the rows that add up others, each of which is refused if it is not their sum.

        Where a row is refused, or a key stands there twice, there is no such sum.
        """
        with_totals = [
            (column, labels)
            for column, labels in columns
            if isinstance(column, DimensionColumn) and column.totals
        ]
        if not with_totals:
            return figures
        totals = Totals(self.space, with_totals)
        keys = figures.key[~totals.rows[figures.row]]
        if not rows.refusals and (self.table.combine or len(np.unique(keys)) == len(keys)):
            reasons = {
                int(figures.row[n]): f"a total of {self.space.shown(total)}, and the rows that it adds up "
                f"come to {self.space.shown(added)}; which is wrong cannot be told"
                for n, total, added in totals.differing(figures, places, period)
            }
            rows.refuse(Refused("", reasons))
        rows.leave_out(totals.rows, lambda _: "a total, held to the rows that it adds up")
        return figures.of(rows.open)

    def _values(self, column: FigureColumn, labels: Labels) -> tuple[Ints, Refused]:
        """The figure in each row; a cell without one counts zero."""
        none = {fold(label) for label in (*column.missing, *column.zero)}
        texts = ["0" if fold(text) in none else text for text in labels.distinct] if none else labels.distinct
        if column.with_share:
            texts = [_SHARE.sub("", text) for text in texts]
        dataset = self.space.dataset
        form = Form(
            self.source.whole_decimals,
            dataset.rounding,
            dataset.decimals,
            dataset.negative,
            column.rounded,
            column.thousands,
            column.decimal or ".",
        )
        distinct, reasons = counts(texts, form)
        return distinct[labels.place], Refused(column.name, reasons, labels)

    def _statuses(self, column: FigureColumn, labels: Labels, status: Small) -> Small:
        """The status of each row, of a cell without a figure the one that the column gives it."""
        for code in dict.fromkeys(column.missing.values()):
            here = rows_with(labels, *(label for label, of in column.missing.items() if of == code))
            number = self.space.statuses[code]
            status = np.where(here, np.int16(number), status)
        return status

    def _each_once(self, figures: Figures) -> Figures:
        """The figures that are added up: of things that are counted once, the first of each identity."""
        if not isinstance(self.table, ListTable) or self.table.combine != "distinct":
            return figures
        columns = [self._column(name) for name in self.table.identity]
        folded = [np.unique(list(map(fold, labels.distinct)), return_inverse=True)[1] for labels in columns]
        same = [number[labels.place] for number, labels in zip(folded, columns, strict=True)]
        return once(figures, numbered(same))

    def _plausible(self, figures: Figures, rows: Rows) -> Figures:
        """The figures without the rows that share a key with another, and without quarters that repeat another."""
        reasons = plausible.duplicates(self.space, figures.key, self.published.row[figures.row])
        rows.refuse(Refused("", {int(figures.row[n]): text for n, text in reasons.items()}, cause="twice"))
        figures = figures.of(rows.open)
        for flags, reason in plausible.repeated_quarters(self.space, figures.key, figures.value):
            rows.refuse(Refused("", dict.fromkeys(figures.row[flags].tolist(), reason)))
        return figures.of(rows.open)

    def _column(self, name: str) -> Labels:
        return next(labels for column, labels in self.columns if column.name == name)

    def _entries(self, rows: Flags) -> tuple[tuple[str, ...], ...]:
        """What tells each accepted row of a list from another, in the order of the list, white space made even."""
        if (
            not isinstance(self.table, ListTable)
            or self.table.combine == "distinct"
            or not self.table.identity
        ):
            return ()
        open_rows = np.flatnonzero(rows)
        texts = []
        for labels in map(self._column, self.table.identity):
            even = [" ".join(label.replace("\u2019", "'").split()) for label in labels.distinct]
            texts.append([even[place] for place in labels.place[open_rows].tolist()])
        return tuple(zip(*texts, strict=True))


def _without_value(columns: Columns) -> Iterator[Refused]:
    """Rows with an error or a formula without a value where a label or figure is needed, and none is declared.

    A blank that is declared says nothing of them: only the text of the error itself does.
    """
    for column, labels in columns:
        if isinstance(column, IgnoredColumn) and not column.allowed:
            continue
        declared = {fold(label) for label in column.declared}
        reasons = {
            n: reason
            for n, label in enumerate(labels.distinct)
            if (reason := no_value(label)) and fold(label) not in declared
        }
        yield Refused(column.name, reasons, labels)


def _not_allowed(columns: Columns) -> Iterator[Refused]:
    """Rows with a label that an ignored column must not have."""
    for column, labels in columns:
        if isinstance(column, IgnoredColumn) and column.allowed:
            allowed = {fold(label) for label in column.allowed}
            known = ", ".join(column.allowed)
            reasons = {
                n: f"unknown label {shown(label)}; known are {known}"
                for n, label in enumerate(labels.distinct)
                if fold(label) not in allowed
            }
            yield Refused(column.name, reasons, labels)


def _ragged(published: RawTable) -> Iterator[Refusal]:
    """The rows that have more or fewer cells than the header."""
    for bad in published.ragged:
        reason = (
            f"the row has {bad.cells} cells, the header {len(published.header)}; "
            "a delimiter or quote is lost or too many"
        )
        yield Refusal(published.sheet, bad.row, "", reason)


def _years_of_zeros(calendar: Calendar, period: Ints, value: Ints) -> Flags:
    """Which rows are of a fiscal year, or of a month of one, of which every figure is zero."""
    year = calendar.fiscal_years(period)
    return ~np.isin(year, year[value != 0])


def _by_label(reasons: Sequence[str], labels: Labels) -> Callable[[int], str]:
    """The reason of each row's label."""
    return lambda row: reasons[labels.place[row]]

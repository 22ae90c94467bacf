"""One published table to keys, values and statuses: each distinct label is understood once, each bad row refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from borderstats.intake import plausible
from borderstats.intake.counts import counts
from borderstats.intake.raw import Labels, RawTable, shown
from borderstats.observations import Flags, Ints, KeySpace, Small
from borderstats.standard import periods
from borderstats.standard.model import TOTAL, UNKNOWN, Column, Source, Standard, Table, fold


@dataclass(frozen=True)
class Refusal:
    """A row that did not become observations: where it stands and why. Rows are numbered as in the file, header 1.

    `unknown` is the label that no code list knows, if that is the reason.
    """

    sheet: str
    row: int
    column: str
    reason: str
    unknown: str = ""

    def text(self, name: str) -> str:
        sheet = f"sheet {self.sheet!r}: " if self.sheet else ""
        column = f", column {self.column!r}" if self.column else ""
        return f"{name}: {sheet}row {self.row}{column}: {self.reason}"


@dataclass(frozen=True)
class Part:
    """One table's observations sorted by key, with the row of each, before tables are put together."""

    sheet: str
    rows: int
    key: Ints
    value: Ints
    status: Small
    row: Ints
    refusals: list[Refusal]


@dataclass
class TableReader:
    standard: Standard
    source: Source
    space: KeySpace
    table: Table
    published: RawTable
    refusals: dict[int, Refusal] = field(default_factory=dict)

    def read(self) -> Part:
        """The table's observations; a row with one bad cell is refused whole."""
        published = self.published
        self.open = np.ones(len(published.row), bool)
        for bad in published.ragged:
            reason = f"the row has {bad.cells} cells, the header {len(published.header)}; a delimiter or quote is lost or too many"
            self.refusals[bad.row] = Refusal(published.sheet, bad.row, "", reason)
        place = {fold(name): number for number, name in enumerate(published.header)}
        cells = {name: published.columns[place[fold(name)]] for name in self.table.columns}
        columns = [self.source.column[name] for name in self.table.columns]
        self._blank_or_open(columns, cells)
        for column in columns:
            self._ignored(column, cells[column.name])
        period, status = self._periods(columns, cells)
        codes = self._codes(columns, cells)
        parts = [self._values(c, cells[c.name], codes, period, status) for c in columns if c.value]
        key, value, status = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(key)
        self._implausible(key, value, order)
        cell = self._open_cells(order)
        row = cell % len(self.open) if len(cell) else cell
        return Part(
            published.sheet,
            len(published.row) + len(published.ragged),
            key[cell],
            value[cell],
            status[cell],
            published.row[row],
            [self.refusals[row] for row in sorted(self.refusals)],
        )

    def _open_cells(self, order: Ints) -> Ints:
        """The cells of rows not refused; cells count through the first value column, then the next."""
        return order[self.open[order % len(self.open)]] if len(order) else order

    def _implausible(self, key: Ints, value: Ints, order: Ints) -> None:
        """Refuse rows that share a key with another, and quarters that repeat another."""
        height = max(len(self.open), 1)
        cell = self._open_cells(order)
        reasons = plausible.duplicates(self.space, key[cell], self.published.row[cell % height])
        self._refuse_places({int(cell[n] % height): reason for n, reason in reasons.items()})
        cell = self._open_cells(order)
        for flags, reason in plausible.repeated_quarters(self.space, key[cell], value[cell]):
            self._refuse_places(dict.fromkeys((int(n) for n in cell[flags] % height), reason))

    def _refuse_places(self, reasons: Mapping[int, str]) -> None:
        """Refuse rows by their place in the table."""
        flags = np.zeros(len(self.open), bool)
        flags[list(reasons)] = True
        self._refuse(flags, "", lambda place: reasons[place])

    def _refuse(
        self,
        flags: Flags,
        column: str,
        reason: Callable[[int], str],
        unknown: Callable[[int], str] = lambda _: "",
    ) -> None:
        """Refuse the flagged rows that are still open; `reason` and `unknown` get the row's place in the table."""
        for place in np.flatnonzero(flags & self.open):
            row = int(self.published.row[place])
            self.refusals[row] = Refusal(
                self.published.sheet, row, column, reason(int(place)), unknown(int(place))
            )
        self.open &= ~flags

    def _refuse_labels(
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

        self._refuse(flags, column.name, lambda place: reasons[int(cells.place[place])], unknown)

    def _blank_or_open(self, columns: list[Column], cells: Mapping[str, Labels]) -> None:
        """Refuse rows without any cell, and rows with a cell that runs over the end of its line."""
        blank = self.open.copy()
        for column in columns:
            labels = cells[column.name]
            if blank.any():
                blank &= np.array([not label.strip() for label in labels.distinct], bool)[labels.place]
            if any(end in "".join(labels.distinct) for end in "\r\n"):
                broken = "the cell runs over the end of its line: a quote was opened and not closed"
                reasons = {
                    n: broken for n, label in enumerate(labels.distinct) if "\n" in label or "\r" in label
                }
                self._refuse_labels(column, labels, reasons)
        self._refuse(
            blank, "", lambda _: "the row is blank; take it out, or ask the publisher what is missing"
        )

    def _ignored(self, column: Column, cells: Labels) -> None:
        if column.ignore and column.allowed:
            allowed = {fold(label) for label in column.allowed}
            known = ", ".join(column.allowed)
            self._refuse_labels(
                column,
                cells,
                {
                    n: f"unknown label {shown(t)}; known are {known}"
                    for n, t in enumerate(cells.distinct)
                    if fold(t) not in allowed
                },
            )

    def _periods(self, columns: list[Column], cells: Mapping[str, Labels]) -> tuple[Ints, Small]:
        """Each row's period and status; rows without a readable one are refused."""
        by_time = {column.time: column for column in columns if column.time}
        if month_column := by_time.get("calendar_month"):
            return self._calendar_months(month_column, cells[month_column.name])
        normal, provisional = (self.standard.codelists["obs_status"].numbers[code] for code in ("A", "P"))
        year_column = by_time["fiscal_year"]
        years, marked, reasons = _years(year_column, cells[year_column.name].distinct)
        self._refuse_labels(year_column, cells[year_column.name], reasons)
        year = years[cells[year_column.name].place]
        status = np.where(marked, provisional, normal).astype(np.int16)[cells[year_column.name].place]
        if self.source.last_year_provisional and len(year):
            status[year == year.max()] = provisional
        if not (month_column := by_time.get("month")):
            return periods.FISCAL + year, status
        month_cells = cells[month_column.name]
        wanted = fold(month_column.whole_year)
        whole_year = np.array([bool(wanted) and fold(label) == wanted for label in month_cells.distinct])
        found = [
            0 if whole else self.standard.codelists["month"].find(label)
            for label, whole in zip(month_cells.distinct, whole_year, strict=True)
        ]
        self._refuse_labels(
            month_column,
            month_cells,
            {
                n: f"unknown month {shown(month_cells.distinct[n])}"
                for n, place in enumerate(found)
                if place is None
            },
        )
        numbers = [int(code.code) for code in self.standard.codelists["month"].codes]
        month = np.array([0 if place is None else numbers[place] for place in found])[month_cells.place]
        calendar = year - (month >= 10)
        if calendar_column := by_time.get("calendar_year"):
            written, _, reasons = _years(calendar_column, cells[calendar_column.name].distinct)
            self._refuse_labels(calendar_column, cells[calendar_column.name], reasons)
            self._refuse(
                written[cells[calendar_column.name].place] != calendar,
                calendar_column.name,
                lambda place: (
                    f"the calendar year does not fit the fiscal year and month, which make it {calendar[place]}"
                ),
            )
        months = 12 * calendar + month - 1
        return np.where(whole_year[month_cells.place], periods.FISCAL + year, months), status

    def _calendar_months(self, column: Column, cells: Labels) -> tuple[Ints, Small]:
        """Periods from labels like 2018-10."""
        found, reasons = [], {}
        for number, label in enumerate(cells.distinct):
            try:
                found.append(periods.parse(label.strip()))
            except ValueError:
                found.append(0)
            if not 0 < found[-1] < periods.FISCAL:
                reasons[number] = f"{shown(label)} is not a month like 2018-10"
        self._refuse_labels(column, cells, reasons)
        normal = self.standard.codelists["obs_status"].numbers["A"]
        period = np.array(found, np.int64)[cells.place]
        return period, np.full(len(period), normal, np.int16)

    def _codes(self, columns: list[Column], cells: Mapping[str, Labels]) -> dict[str, Ints | int]:
        """Each row's code by dimension, as its place in the code list; unknown labels refuse their rows."""
        space = self.space
        codes: dict[str, Ints | int] = {c: space.total(c) for c in space.dataset.concepts}
        codes |= {concept: space.number(concept, code) for concept, code in self.source.constants.items()}
        for column in sorted((c for c in columns if c.concept), key=lambda c: bool(c.scope_from)):
            places = self._places(column, cells[column.name], codes)
            codes[column.concept] = places
            if column.parent_to:
                codes[column.parent_to] = self._parents(column)[places]
            for label, others in column.keys.items():
                here = self._rows_with(cells[column.name], label)
                for concept, code in others.items():
                    if concept != column.concept:
                        codes[concept] = np.where(here, space.number(concept, code), codes[concept])
        return codes

    def _parents(self, column: Column) -> Ints:
        """For each code of the column's list the place of its parent; the total where it has none."""
        codes = self.space.codelists[column.concept].codes
        return np.array([self.space.number(column.parent_to, code.parent or TOTAL) for code in codes])

    def _rows_with(self, cells: Labels, label: str) -> Flags:
        return np.array([fold(text) == fold(label) for text in cells.distinct], bool)[cells.place]

    def _places(self, column: Column, cells: Labels, codes: Mapping[str, Ints | int]) -> Ints:
        """The place of each row's code; a label is looked up once, in a list with scopes once for each scope."""
        codelist = self.space.codelists[column.concept]
        scope_of = (column.scope_from or "component") if any(code.scope for code in codelist.codes) else ""
        scopes = [code.code for code in self.space.codelists[scope_of].codes] if scope_of else [""]
        scope = np.asarray(codes[scope_of] if scope_of else 0)
        recodes = {fold(label): code for label, code in column.labels.items()}
        recodes |= {fold(label): codes[column.concept] for label, codes in column.keys.items()}
        places = np.zeros(len(cells.place), np.int64)
        for number in np.unique(scope):
            found = np.zeros(len(cells.distinct), np.int64)
            reasons = {}
            for n, label in enumerate(cells.distinct):
                recoded = recodes.get(fold(label))
                place = codelist.find(recoded or label, scopes[number])
                total = not recoded and place is not None and codelist.codes[place].code == TOTAL
                if place is None or total:
                    reasons[n] = self._no_code(column, label, codelist.id, total=total)
                found[n] = place or 0
            here = np.broadcast_to(scope == number, places.shape)
            places = np.where(here, found[cells.place], places)
            self._refuse_labels(column, cells, reasons, here)
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
        missing = {fold(label): code for label, code in column.missing.items()}
        labels = (
            ["0" if fold(label) in missing else label for label in cells.distinct]
            if missing
            else cells.distinct
        )
        distinct, reasons = counts(
            labels, whole_decimals=self.source.whole_decimals, rounding=self.space.dataset.rounding
        )
        self._refuse_labels(column, cells, reasons)
        value = distinct[cells.place]
        for label, code in column.missing.items():
            place = self.standard.codelists["obs_status"].numbers[code]
            status = np.where(self._rows_with(cells, label), np.int16(place), status)
        own = dict(codes)
        for concept, code in column.key.items():
            own[concept] = self._own_place(concept, code, column)
        return np.broadcast_to(self.space.encode(own, period), value.shape), value, status

    def _own_place(self, concept: str, code: str, column: Column) -> int:
        scope = column.key.get("component", self.source.constants.get("component", ""))
        place = self.space.codelists[concept].find(code, scope)
        return self.space.number(concept, code) if place is None else place


def _years(column: Column, labels: list[str]) -> tuple[Ints, Flags, dict[int, str]]:
    """The year in each label, whether it carries the mark of a year to date, and the labels that hold none."""
    years, marked, reasons = [], [], {}
    for number, label in enumerate(labels):
        text = label.strip()
        mark = bool(column.provisional_mark) and text.endswith(column.provisional_mark)
        digits = text.removesuffix(column.provisional_mark).strip() if mark else text
        fits = len(digits) == 4 and digits.isascii() and digits.isdigit() and "1800" < digits < "2200"
        if not fits:
            reasons[number] = f"{shown(label)} is not a year"
        years.append(int(digits) if fits else 0)
        marked.append(mark)
    return np.array(years, np.int64), np.array(marked, bool), reasons

"""A publisher's table to observations: every row becomes observations or a refusal with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from borderstats.intake import recognise
from borderstats.intake.counts import count
from borderstats.intake.raw import Labels, RawTable
from borderstats.observations import Flags, Ints, KeySpace, Observations, lookup
from borderstats.standard import periods
from borderstats.standard.model import TOTAL, UNKNOWN, Column, Source, Standard, Table, fold

_QUARTER_LEAST_CELLS = 12
"""A quarter with fewer figures than this may repeat another by chance."""


@dataclass(frozen=True)
class Refusal:
    """A row that did not become observations: where it stands and why. Rows are numbered as in the file, header 1."""

    sheet: str
    row: int
    column: str
    reason: str

    def text(self, name: str) -> str:
        sheet = f"sheet {self.sheet!r}: " if self.sheet else ""
        column = f", column {self.column!r}" if self.column else ""
        return f"{name}: {sheet}row {self.row}{column}: {self.reason}"


@dataclass(frozen=True)
class Reading:
    """What came of a file. Rows read = accepted + refused."""

    source: Source
    observations: Observations
    rows: int
    refusals: tuple[Refusal, ...]

    @property
    def accepted(self) -> int:
        return self.rows - len(self.refusals)

    @property
    def total(self) -> int:
        """The sum over every month (every year, where there are no months) at the total of all dimensions."""
        space = self.observations.space
        flags = space.at_total(self.observations.key, {})
        months = flags & (space.period(self.observations.key) < periods.FISCAL)
        return int(self.observations.value[months if months.any() else flags].sum())


def read_file(standard: Standard, name: str, data: bytes) -> Reading:
    """The observations in a publisher's file and the rows refused.

    Raises InputError if the file as a whole is not what a source describes; no row of it is then read.
    """
    source, tables = recognise.read(standard, name, data)
    space = KeySpace.of(standard, source.dataset)
    parts = [_TableReader(standard, source, space, table, published).read() for table, published in tables]
    return _merge(source, space, parts, standard.codelists["obs_status"].numbers["M"])


@dataclass(frozen=True)
class _Part:
    """One table's observations with the table row of each, before tables are put together."""

    sheet: str
    rows: int
    key: Ints
    value: Ints
    status: Ints
    row: Ints
    refusals: list[Refusal]


@dataclass
class _TableReader:
    standard: Standard
    source: Source
    space: KeySpace
    table: Table
    published: RawTable
    refusals: dict[int, Refusal] = field(default_factory=dict)

    def read(self) -> _Part:
        """The table's observations; a row with one bad cell is refused whole."""
        published = self.published
        self.open = np.ones(len(published.row), bool)
        for bad in published.ragged:
            reason = f"the row has {bad.cells} cells, the header {len(published.header)}; a delimiter or quote is lost or too many"
            self.refusals[bad.row] = Refusal(published.sheet, bad.row, "", reason)
        place = {fold(name): number for number, name in enumerate(published.header)}
        cells = {name: published.columns[place[fold(name)]] for name in self.table.columns}
        columns = [self.source.column[name] for name in self.table.columns]
        for column in columns:
            self._ignored(column, cells[column.name])
        period, status = self._periods(columns, cells)
        codes = self._codes(columns, cells)
        parts = [self._values(c, cells[c.name], codes, period) for c in columns if c.value]
        keys, values = [key for key, _ in parts], [value for _, value in parts]
        self._duplicates(np.concatenate(keys), len(parts))
        self._repeated_quarter(np.concatenate(keys), np.concatenate(values), len(parts))
        every = np.tile(self.open, len(parts))
        return _Part(
            published.sheet,
            len(published.row) + len(published.ragged),
            np.concatenate(keys)[every],
            np.concatenate(values)[every],
            np.tile(status, len(parts))[every],
            np.tile(published.row, len(parts))[every],
            [self.refusals[row] for row in sorted(self.refusals)],
        )

    def _refuse(self, flags: Flags, column: str, reason: Callable[[int], str]) -> None:
        """Refuse the flagged rows that are still open; `reason` gets the row's place in the table."""
        for place in np.flatnonzero(flags & self.open):
            row = int(self.published.row[place])
            self.refusals[row] = Refusal(self.published.sheet, row, column, reason(int(place)))
        self.open &= ~flags

    def _refuse_labels(self, column: Column, cells: Labels, reasons: Mapping[int, str]) -> None:
        """Refuse the rows whose label, by its place among the distinct ones, has a reason."""
        if reasons:
            bad = np.zeros(len(cells.distinct), bool)
            bad[list(reasons)] = True
            self._refuse(bad[cells.place], column.name, lambda place: reasons[int(cells.place[place])])

    def _ignored(self, column: Column, cells: Labels) -> None:
        if column.ignore and column.allowed:
            allowed = {fold(label) for label in column.allowed}
            known = ", ".join(column.allowed)
            self._refuse_labels(
                column,
                cells,
                {n: f"unknown label {t!r}; known are {known}" for n, t in enumerate(cells.distinct) if fold(t) not in allowed},
            )

    def _periods(self, columns: list[Column], cells: Mapping[str, Labels]) -> tuple[Ints, Ints]:
        """Each row's period and status; rows without a readable one are refused."""
        by_time = {column.time: column for column in columns if column.time}
        normal, provisional = (self.standard.codelists["obs_status"].numbers[code] for code in ("A", "P"))
        year_column = by_time["fiscal_year"]
        years, marked, reasons = _years(year_column, cells[year_column.name].distinct)
        self._refuse_labels(year_column, cells[year_column.name], reasons)
        year = years[cells[year_column.name].place]
        status = np.where(marked[cells[year_column.name].place], provisional, normal)
        if self.source.last_year_provisional and len(year):
            status = np.where(year == year.max(), provisional, status)
        if not (month_column := by_time.get("month")):
            return periods.FISCAL + year, status
        month_cells = cells[month_column.name]
        found = [self.standard.codelists["month"].find(label) for label in month_cells.distinct]
        self._refuse_labels(
            month_column,
            month_cells,
            {n: f"unknown month {month_cells.distinct[n]!r}" for n, place in enumerate(found) if place is None},
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
                lambda place: f"the calendar year does not fit the fiscal year and month, which make it {calendar[place]}",
            )
        return 12 * calendar + month - 1, status

    def _codes(self, columns: list[Column], cells: Mapping[str, Labels]) -> dict[str, Ints | int]:
        """Each row's code by dimension, as its place in the code list; unknown labels refuse their rows."""
        space = self.space
        codes: dict[str, Ints | int] = {c: space.total(c) for c in space.dataset.concepts}
        codes |= {concept: space.number(concept, code) for concept, code in self.source.constants.items()}
        for column in sorted((c for c in columns if c.concept), key=lambda c: bool(c.scope_from)):
            codes[column.concept] = self._places(column, cells[column.name], codes)
        return codes

    def _places(self, column: Column, cells: Labels, codes: Mapping[str, Ints | int]) -> Ints:
        scopes = self.space.codelists[column.scope_from or "component"].codes if self._scope(column) else ()
        codelist = self.space.codelists[column.concept]
        recodes = {fold(label): code for label, code in column.labels.items()}
        width = len(cells.distinct)
        scope = codes[self._scope(column)] if scopes else 0
        pairs, inverse = np.unique(np.asarray(scope) * width + cells.place, return_inverse=True)
        found, reasons = [], {}
        for number, pair in enumerate(pairs):
            label = cells.distinct[int(pair) % width]
            scope_code = scopes[int(pair) // width].code if scopes else ""
            if fold(label) in recodes:
                place = codelist.find(recodes[fold(label)], scope_code)
            else:
                place = codelist.find(label, scope_code)
                if place is not None and codelist.codes[place].code == TOTAL:
                    reasons[number] = f"{label!r} is a total row among the data; take it out or declare it in sources/{self.source.id}.toml"
            if place is None:
                reasons[number] = (
                    f"unknown {column.concept} {label!r}; if it is right, add it to codelists/{codelist.id}.csv (never to an other)"
                    if label.strip()
                    else f"{column.concept} is blank; a blank is not {UNKNOWN}, ask the publisher"
                )
            found.append(0 if place is None else place)
        places = np.array(found, np.int64)[inverse]
        self._refuse_labels(column, Labels([""] * len(pairs), inverse), reasons)
        return places

    def _scope(self, column: Column) -> str:
        """The concept that a column's codes are scoped by, if its code list has scopes."""
        scoped = any(code.scope for code in self.space.codelists[column.concept].codes)
        return (column.scope_from or "component") if scoped else ""

    def _values(
        self, column: Column, cells: Labels, codes: Mapping[str, Ints | int], period: Ints
    ) -> tuple[Ints, Ints]:
        """Keys and counts of one value column."""
        rounding = self.space.dataset.rounding
        read = [count(t, whole_decimals=self.source.whole_decimals, rounding=rounding) for t in cells.distinct]
        self._refuse_labels(column, cells, {n: reason for n, (_, reason) in enumerate(read) if reason})
        value = np.array([number for number, _ in read], np.int64)[cells.place]
        own = dict(codes)
        for concept, code in column.key.items():
            own[concept] = self._own_place(concept, code, column)
        return np.broadcast_to(self.space.encode(own, period), value.shape), value

    def _own_place(self, concept: str, code: str, column: Column) -> int:
        scope = column.key.get("component", self.source.constants.get("component", ""))
        place = self.space.codelists[concept].find(code, scope)
        return self.space.number(concept, code) if place is None else place

    def _duplicates(self, key: Ints, wide: int) -> None:
        """Refuse every row that shares a key with another: nobody can tell which of them is right."""
        open_key = key[np.tile(self.open, wide)]
        ordered = np.sort(open_key)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        if not len(twice):
            return
        rows = np.tile(self.published.row, wide)
        flags = np.isin(key, twice) & np.tile(self.open, wide)
        for number, part in enumerate(np.split(flags, wide)):
            own = np.split(key, wide)[number]

            def reason(place: int, own: Ints = own) -> str:
                others = sorted({int(r) for r in rows[flags & (key == own[place])]} - {int(self.published.row[place])})
                return f"{self.space.text(own[place])} stands there more than once (also in row {', '.join(map(str, others[:5]))}); which is right cannot be told"

            self._refuse(part, "", reason)

    def _repeated_quarter(self, key: Ints, value: Ints, wide: int) -> None:
        """Refuse the rows of a quarter whose figures are all those of an earlier quarter."""
        period = self.space.period(key)
        used = np.tile(self.open, wide) & (period < periods.FISCAL) & (value > 0)
        quarter = period // 3
        seen: dict[bytes, int] = {}
        for number in np.unique(quarter[used]):
            cells = used & (quarter == number)
            if cells.sum() < _QUARTER_LEAST_CELLS:
                continue
            content = np.stack((key[cells] - period[cells] + period[cells] % 3, value[cells]))
            digest = content[:, np.argsort(content[0])].tobytes()
            first = seen.setdefault(digest, int(number))
            if first != number:
                text = f"{_quarter(number)} repeats every figure of {_quarter(first)}; the publisher probably put the wrong quarter in. Ask for the right one"
                flags = np.any(np.split(quarter == number, wide), axis=0)
                self._refuse(flags, "", lambda _, text=text: text)  # type: ignore[misc]


def _quarter(number: int) -> str:
    return f"{periods.text(int(number) * 3)} to {periods.text(int(number) * 3 + 2)}"


def _years(column: Column, labels: list[str]) -> tuple[Ints, Flags, dict[int, str]]:
    """The year in each label, whether it carries the mark of a year to date, and the labels that hold none."""
    years, marked, reasons = [], [], {}
    for number, label in enumerate(labels):
        text = label.strip()
        mark = bool(column.provisional_mark) and text.endswith(column.provisional_mark)
        digits = text.removesuffix(column.provisional_mark).strip() if mark else text
        fits = len(digits) == 4 and digits.isascii() and digits.isdigit() and digits > "1800"
        if not fits:
            reasons[number] = f"{label!r} is not a year"
        years.append(int(digits) if fits else 0)
        marked.append(mark)
    return np.array(years, np.int64), np.array(marked, bool), reasons


def _merge(source: Source, space: KeySpace, parts: list[_Part], not_applicable: int) -> Reading:
    """The tables of a file put together; a cell that an earlier sheet holds already is refused."""
    key, value, status = (np.zeros(0, np.int64) for _ in range(3))
    refusals: list[Refusal] = []
    for part in parts:
        there, known = lookup(key, value, part.key)
        for place in np.flatnonzero(known):
            cell = space.text(int(part.key[place]))
            reason = f"{cell} is {part.value[place]} here and stands on an earlier sheet too, as {there[place]}; a cell has one place"
            refusals.append(Refusal(part.sheet, int(part.row[place]), "", reason))
        refusals += part.refusals
        key = np.concatenate((key, part.key[~known]))
        order = np.argsort(key, kind="stable")
        value = np.concatenate((value, part.value[~known]))[order]
        status = np.concatenate((status, part.status[~known]))[order]
        key = key[order]
    observations = Observations(space, key, value, np.where(_cannot_exist(space, key, value), not_applicable, status))
    return Reading(source, observations, sum(part.rows for part in parts), tuple(refusals))


def _cannot_exist(space: KeySpace, key: Ints, value: Ints) -> Flags:
    """Zeros under a code that is not valid in their period: a closed office has no count, not a count of zero."""
    flags = np.zeros(len(key), bool)
    zero = np.flatnonzero(value == 0)
    for concept in space.dataset.concepts:
        codes = space.codelists[concept].codes
        cells = np.stack((space.digit(key[zero], concept), space.period(key[zero])))
        pairs, inverse = np.unique(cells, axis=1, return_inverse=True)
        valid = np.array([codes[int(place)].valid_in(int(period)) for place, period in pairs.T], bool)
        flags[zero[~valid[inverse]]] = True
    return flags

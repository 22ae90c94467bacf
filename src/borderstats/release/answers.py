"""What the editions of a dataset say of a figure, asked of a release's own tables."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from borderstats import periods
from borderstats.observations import Flags, Ints
from borderstats.package.model import Dataset, held
from borderstats.package.standard import Standard
from borderstats.release.series import PARTS, YEARS
from borderstats.standard.codelists import TOTAL

Days = npt.NDArray[np.int32]

_EPOCH = datetime.date(1970, 1, 1)

_OPEN = np.iinfo(np.int32).max
"""The end of what the newest edition still says."""


@dataclass(frozen=True)
class Answer:
    """What a dataset says of a figure, in its unit, from one edition on: the one that first gave it so.

    `rounding`: to what the dataset is rounded; `slack`: by how much that may have moved the figure. `closed`: it is of a
    whole period, which a year to date is not.
    """

    dataset: str
    as_of: datetime.date
    file: str
    value: float
    rounding: int
    slack: float
    closed: bool


@dataclass(frozen=True)
class Editions:
    """All editions of one dataset of a release."""

    standard: Standard
    dataset: Dataset

    def answers(self, key: Mapping[str, str], period: str) -> Iterator[Answer]:
        """What the editions say of the cell at a key (all else at its total), the newest first.

        A flow without the period is its months, quarters or half-months together, if there are all. An edition that does
        not have the figure, or a part of it, gives no answer.
        """
        meta, spans = self.dataset.meta, self._spans(period)
        rows = self._at(key)
        rows = rows[
            np.isin(self._periods.place[rows], [self._periods.find(one) for span in spans for one in span])
        ]
        told: object = ()
        for day in reversed(list(self._files)):
            covered = self._covered(day)
            span = next((span for span in spans if covered.issuperset(span)), ())
            found = self._figure(rows[self._known(day, rows)], span)
            if found is None or found.since == told:
                continue
            told = found.since
            yield Answer(
                meta.id,
                since := found.since or day,
                self._files[since],
                found.value,
                meta.rounding,
                found.terms * meta.rounding / 2 if meta.rounding > 1 else 0,
                found.whole,
            )

    def _spans(self, period: str) -> list[tuple[str, ...]]:
        """The period itself and, of a flow, the periods that make it up."""
        spans: list[tuple[str, ...]] = [(period,)]
        if self.dataset.meta.measure == "flow":
            calendar, whole = self.standard.calendar, periods.parse(period)
            spans += [tuple(map(periods.text, calendar.parts(whole, part))) for part in PARTS]
        return [span for span in spans if span]

    def _figure(self, rows: Ints, span: Sequence[str]) -> "_Figure | None":
        """The sum of some rows in a span. None if there is none, or one has no figure though it could have."""
        wanted = np.array([self._periods.find(one) for one in span], np.int64)
        rows = rows[np.isin(self._periods.place[rows], wanted)]
        there = rows[~np.isnan(self._value[rows])]
        lacking = {
            self._status.texts[n] for n in self._status.place[rows[np.isnan(self._value[rows])]].tolist()
        }
        # Where every source calls an absent row a zero, a period that is covered has a figure.
        zero = all(source.absent_rows == "zero" for source in self.dataset.meta.sources)
        if not span or lacking - self._inapplicable or not (zero or len(there)):
            return None
        statuses = {self._status.texts[n] for n in self._status.place[there].tolist()}
        year = self.dataset.meta.measure != "stock" and periods.kind(periods.parse(span[0])) in YEARS
        return _Figure(
            float(self._value[there].sum()),
            len(there),
            (zero or bool(np.isin(wanted, self._periods.place[rows]).all()))
            and not (year and self.standard.provisional in statuses),
            _EPOCH + datetime.timedelta(int(self._since[rows].max())) if len(rows) else None,
        )

    def _at(self, key: Mapping[str, str]) -> Ints:
        """The rows that add up to the cells at a key: those at its codes and at published totals."""
        flags = np.ones(self._history.num_rows, bool)
        for dimension in self.dataset.meta.dimensions:
            code = key.get(dimension.id, TOTAL)
            if code != TOTAL or dimension.total == "published":
                column = _column(self._history, dimension.id)
                flags &= column.place == column.find(code)
        return np.flatnonzero(flags)

    def _known(self, day: datetime.date, rows: Ints | slice = slice(None)) -> Flags:
        """Which rows an edition has: those that begin with it or before, and do not end by then."""
        number = (day - _EPOCH).days
        known: Flags = (self._since[rows] <= number) & (number < self._until[rows])
        return known

    def _covered(self, day: datetime.date) -> frozenset[str]:
        """The periods of which an edition says anything."""
        if day not in self._coverage:
            places = np.unique(self._periods.place[self._known(day)]).tolist()
            self._coverage[day] = frozenset(self._periods.texts[place] for place in places)
        return self._coverage[day]

    @cached_property
    def _coverage(self) -> dict[datetime.date, frozenset[str]]:
        return {}

    @cached_property
    def _files(self) -> Mapping[datetime.date, str]:
        """The file of each edition by its day, in order; of several of a day the last one."""
        return {vintage.as_of: vintage.file for vintage in self.dataset.meta.vintages}

    @cached_property
    def _inapplicable(self) -> frozenset[str]:
        """The statuses of cells that can have no figure: they count nothing, where others leave a sum unknown."""
        return frozenset(one.code for one in self.standard.statuses if one.role == "not_applicable")

    @cached_property
    def _history(self) -> pa.Table:
        return held(self.dataset.history)

    @cached_property
    def _periods(self) -> "_Column":
        return _column(self._history, "period")

    @cached_property
    def _status(self) -> "_Column":
        return _column(self._history, "status")

    @cached_property
    def _value(self) -> npt.NDArray[np.float64]:
        figures: npt.NDArray[np.float64] = self._history["value"].cast(pa.float64()).to_numpy()
        return figures

    @cached_property
    def _since(self) -> Days:
        return _days(self._history["edition_from"])

    @cached_property
    def _until(self) -> Days:
        return _days(self._history["edition_to"])


@dataclass(frozen=True)
class _Figure:
    """A sum with the number of its terms, whether it is of a whole period, and the day of the edition that made it so."""

    value: float
    terms: int
    whole: bool
    since: datetime.date | None


@dataclass(frozen=True)
class _Column:
    """A column of texts: each text once, and the place of every row's."""

    texts: list[str]
    place: Ints

    def find(self, text: str) -> int:
        """The place of a text; -1 if no row has it."""
        return self.texts.index(text) if text in self.texts else -1


def _days(column: pa.ChunkedArray) -> Days:
    """Days as numbers; what is still said has no end."""
    days: Days = column.cast(pa.int32()).fill_null(_OPEN).to_numpy()
    return days


def _column(table: pa.Table, name: str) -> _Column:
    column = table[name].combine_chunks()
    return _Column(column.dictionary.to_pylist(), column.indices.to_numpy())

"""What is known now of one dataset, in memory: rows by conditions on their columns, without a database.

A condition on texts is put once to each text that there is, and then to the numbers by which rows refer to them: a filter over all
rows of a dataset takes microseconds. Each row is written as CSV once, so that an answer in CSV is made of lines that are there.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute, csv

if TYPE_CHECKING:
    from borderstats.serve.store import Query, Test

Rows = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

_TEXT: Mapping[str, Callable[[str, str], bool]] = {
    "eq": str.__eq__,
    "ne": str.__eq__,
    "co": str.__contains__,
    "nc": str.__contains__,
    "sw": str.startswith,
    "ew": str.endswith,
    "lt": str.__lt__,
    "le": str.__le__,
    "gt": str.__gt__,
    "ge": str.__ge__,
}
_NUMBER: Mapping[str, Callable[[Any, Any], Mask]] = {
    "eq": np.equal,
    "ne": np.equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
}
_NOT = ("ne", "nc")


class Latest:
    """The latest table of a dataset with some of its columns, its texts as dictionaries; `series` are those of a series' key."""

    def __init__(self, table: pa.Table, series: Sequence[str]) -> None:
        self.table = table.combine_chunks()
        self._series = series
        self._columns = {name: self._column(name) for name in table.column_names}

    def _column(self, name: str) -> tuple[npt.NDArray[Any], list[str] | None, Mask]:
        """The values of a column, or the places of its texts in a list of them, and which of them there are."""
        column = self.table[name].chunk(0) if self.table.num_rows else pa.array([], self.table[name].type)
        there = np.asarray(compute.is_valid(column))
        if pa.types.is_dictionary(column.type):
            places = compute.fill_null(column.indices, 0).to_numpy(zero_copy_only=False)
            # As few bytes as hold them: there is less to be read.
            return (
                places.astype(np.min_scalar_type(len(column.dictionary))),
                column.dictionary.to_pylist(),
                there,
            )
        if pa.types.is_date(column.type):
            return np.asarray(compute.fill_null(column.cast(pa.int32()), 0)), None, there
        return np.asarray(compute.fill_null(column, 0)), None, there

    def rows(self, query: "Query", *, limited: bool = True) -> Rows:
        """The places of the rows that a query finds, in the order of the table."""
        mask = np.ones(self.table.num_rows, np.bool_)
        for test in query.tests:
            mask &= self._holds(test)
        if query.periods is not None:
            places, texts, _ = self._columns["period"]
            wanted = set(query.periods)
            mask &= _among(places, [text in wanted for text in texts or ()])
        found = np.flatnonzero(mask)
        if query.first is not None or query.last is not None:
            found = self._ends(found, query.first, query.last)
        if limited:
            found = found[query.offset : None if query.limit is None else query.offset + query.limit]
        return found

    def _holds(self, test: "Test") -> Mask:
        if test.column not in self._columns:
            # What is known now has not ended.
            return np.zeros(self.table.num_rows, np.bool_)
        values, texts, there = self._columns[test.column]
        if texts is not None:
            holds = _TEXT[test.operator]
            fits = [any(holds(text, str(one)) for one in test.values) for text in texts]
            found = _among(values, fits)
            if test.operator == "nc":
                return ~(found & there)
        else:
            compare = _NUMBER[test.operator]
            found = np.zeros(len(values), np.bool_)
            for one in test.values:
                found |= compare(values, _number(one))
        return (~found if test.operator in _NOT else found) & there

    def _ends(self, rows: Rows, first: int | None, last: int | None) -> Rows:
        """The first and last so many of each series."""
        series, times = self._of_series[rows], self._order[rows]
        order = np.lexsort((times, series))
        begins = np.flatnonzero(np.diff(series[order], prepend=-1))
        lengths = np.diff(np.append(begins, len(rows)))
        place = np.arange(len(rows)) - np.repeat(begins, lengths)
        left = np.repeat(lengths, lengths) - place - 1
        kept = np.zeros(len(rows), np.bool_)
        if first is not None:
            kept |= place < first
        if last is not None:
            kept |= left < last
        return np.sort(rows[order[kept]])

    @cached_property
    def _of_series(self) -> npt.NDArray[np.int64]:
        """The number of each row's series."""
        found = np.zeros(self.table.num_rows, np.int64)
        for name in self._series:
            places, texts, _ = self._columns[name]
            _, found = np.unique(found * (len(texts or ()) + 1) + places, return_inverse=True)
        return found

    @cached_property
    def _order(self) -> npt.NDArray[np.int64]:
        """The place of each row's period in the order of their texts."""
        places, texts, _ = self._columns["period"]
        ranks = np.empty(len(texts or ()), np.int64)
        ranks[np.argsort(np.array(texts or (), np.object_))] = np.arange(len(ranks))
        return ranks[places] if len(ranks) else np.zeros(0, np.int64)

    def crosses(self, one: str, other: str, total: str) -> bool:
        """Whether any row is of a code of both columns that is not the total of all."""
        both = np.ones(self.table.num_rows, np.bool_)
        for name in (one, other):
            places, texts, there = self._columns[name]
            both &= np.array([text != total for text in texts or ()], np.bool_)[places] & there
        return bool(both.any())

    def series(self, rows: Rows) -> int:
        """Of how many series rows are."""
        return len(np.unique(self._of_series[rows]))

    def take(self, rows: Rows) -> pa.Table:
        """Rows as a table, its texts as they are."""
        found = self.table.take(pa.array(rows))
        return pa.table(
            {
                name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
                for name, column in zip(found.column_names, found.columns, strict=True)
            }
        )

    def csv(self, rows: Rows) -> bytes:
        """Rows as CSV, with the names of the columns first."""
        head, lines = self._lines
        if len(lines) != self.table.num_rows:
            # A text has a line break in it.
            return written(self.take(rows))
        taken = lines.take(pa.array(rows))
        _, offsets, data = taken.buffers()
        ends = np.frombuffer(offsets, np.int64)[taken.offset : taken.offset + len(taken) + 1]
        body: bytes = data[int(ends[0]) : int(ends[-1])].to_pybytes() if len(taken) else b""
        return head + body

    @cached_property
    def _lines(self) -> tuple[bytes, pa.Array]:
        """The line with the names, and those of all rows."""
        head, *lines = written(self.take(np.arange(self.table.num_rows))).splitlines(keepends=True)
        return head, pa.array(lines, pa.large_binary())


def _among(places: npt.NDArray[Any], wanted: Sequence[bool]) -> Mask:
    """Whether each place is a wanted one. For a few, comparing with each is ten times as fast as looking each up."""
    few = np.flatnonzero(wanted).tolist()
    if len(few) > 4:
        looked_up: Mask = np.asarray(wanted, np.bool_)[places]
        return looked_up
    found = np.zeros(len(places), np.bool_)
    for one in few:
        found |= places == one
    return found


def written(table: pa.Table) -> bytes:
    """A table as CSV; a figure that is not there is an empty cell."""
    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink, csv.WriteOptions(quoting_style="needed"))
    found: bytes = sink.getvalue().to_pybytes()
    return found


def _number(value: str | float | datetime.date) -> float:
    if isinstance(value, datetime.date):
        return (value - datetime.date(1970, 1, 1)).days
    return float(value)

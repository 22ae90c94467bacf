"""Declared tables of records as one cube to protect, and what is published of it as a file for the archive."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np
import pyarrow as pa
from pyarrow import csv

from borderstats import periods
from borderstats.errors import InputError
from borderstats.periods import Calendar
from borderstats.protect.cube import TOTAL, Cube, Dimension, Flags, Ints, cube, dimension
from borderstats.standard.model import Dataset, Standard
from borderstats.standard.tables import RecordsTable

_MONTH, _YEAR = "month", "fiscal_year"


def together(specs: Sequence[RecordsTable]) -> RecordsTable:
    """The table of all dimensions of these, by month: its cells are the inner cells of them all."""
    dimensions = tuple(dict.fromkeys(name for spec in specs for name in spec.dimensions))
    return msgspec.structs.replace(
        specs[0],
        sets=(dimensions,),
        every="month",
        bands=tuple({one.concept: one for spec in specs for one in spec.bands}.values()),
        recodes=tuple({one.concept: one for spec in specs for one in spec.recodes}.values()),
    )


def inner_cells(
    calendar: Calendar, specs: Sequence[RecordsTable], cells: pa.Table, day: datetime.date
) -> Cube:
    """The cube of tables, from the cells of `together`: shown are their sets, in months and fiscal years that are over.

    The last dimension is time. A year is shown if the records hold it from its first month on.
    """
    names = together(specs).dimensions
    over = [calendar.last_day(periods.parse(text)) <= day for text in cells["period"].to_pylist()]
    cells = cells.filter(pa.array(over, pa.bool_()))
    if not cells.num_rows:
        raise InputError(f"no month of the records was over on {day}; there is nothing to publish yet")
    found, columns = [], []
    for name in names:
        codes = sorted(set(cells[name].to_pylist()))
        found.append(dimension([name], [(code,) for code in codes]))
        columns.append(_places(found[-1], cells[name].to_pylist()))
    texts = cells["period"].to_pylist()
    months = sorted(periods.parse(text) for text in set(texts))
    paths = [(periods.text(m), periods.text(periods.fiscal(calendar.fiscal_year(m)))) for m in months]
    found.append(dimension([_MONTH, _YEAR], paths))
    columns.append(_places(found[-1], texts))
    whole = cube(found, np.stack(columns, axis=1), cells["value"].to_numpy())
    shown = np.zeros(len(whole.values), np.bool_)
    time = np.arange(len(shown)) % len(found[-1].codes)
    for spec in specs:
        finest = found[-1].inner if spec.every == _YEAR else 0
        for kept in spec.sets:
            shown |= _exactly(whole, kept) & (time >= finest)
    return replace(whole, shown=shown & _over(calendar, whole, months, day))


def _places(one: Dimension, codes: Sequence[str]) -> Ints:
    place = {code: number for number, code in enumerate(one.codes)}
    return np.array([place[code] for code in codes], np.int64)


def _exactly(whole: Cube, names: Sequence[str]) -> Flags:
    """The cells that have a code in each of these dimensions and the total in all others but time."""
    flags = np.ones(1, np.bool_)
    for one in whole.dimensions[:-1]:
        total = np.arange(len(one.codes)) == len(one.codes) - 1
        flags = (flags[:, None] & (~total if one.name in names else total)).ravel()
    return np.repeat(flags, len(whole.dimensions[-1].codes))


def _over(calendar: Calendar, whole: Cube, months: Sequence[int], day: datetime.date) -> Flags:
    """The cells of periods that had ended on a day and of which the records hold the beginning; of all time, none."""
    codes = whole.dimensions[-1].codes
    over = []
    for code in codes[:-1]:
        period = periods.parse(code)
        begun = calendar.first_day(period) >= calendar.first_day(months[0])
        over.append(begun and calendar.last_day(period) <= day)
    return np.tile(np.array([*over, False]), len(whole.values) // len(codes))


def public_file(standard: Standard, dataset: Dataset, whole: Cube, figures: Ints, withheld: Flags) -> bytes:
    """What is published as CSV: shown cells that are not zero, or are withheld, then with a blank figure.

    Its columns are the dataset's dimensions (codes without their scope), fiscal_year, month (1 to 12, `_T` for the year),
    value and status.
    """
    names = dataset.concepts
    cells = np.flatnonzero(whole.shown & ((figures != 0) | withheld))
    columns = whole.columns(cells)
    times = [periods.parse(text) for text in columns[_MONTH]]
    year = [standard.calendar.fiscal_year(period) for period in times]
    month = [
        TOTAL if text.startswith("FY") else str(int(text.rpartition("-")[2])) for text in columns[_MONTH]
    ]
    made = pa.table(
        {
            **{name: [standard.codelist_of(name)[code].code for code in columns[name]] for name in names},
            _YEAR: pa.array(year, pa.int64()),
            _MONTH: month,
            "value": pa.array(figures[cells], mask=withheld[cells]),
            "status": np.where(withheld[cells], "suppressed", "published"),
        }
    )
    order = [(name, "ascending") for name in (*names, _YEAR, _MONTH)]
    sink = pa.BufferOutputStream()
    csv.write_csv(made.sort_by(order), sink, csv.WriteOptions(quoting_style="needed"))
    data: bytes = sink.getvalue().to_pybytes()
    return data

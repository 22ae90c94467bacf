"""Each row's period and status, from the columns of a table that hold times."""

import datetime
import re
from typing import TYPE_CHECKING

import numpy as np

from borderstats import periods
from borderstats.intake.raw import Labels, shown
from borderstats.observations import Flags, Ints, Small
from borderstats.standard.sources import Column
from borderstats.standard.struct import fold

if TYPE_CHECKING:
    from borderstats.intake.table import TableReader


def periods_and_statuses(reader: "TableReader") -> tuple[Ints, Small]:
    """Each row's period and status; rows without a readable one are refused."""
    period, status = _periods(reader)
    _complain_of_future(reader, period)
    if reader.as_of:
        settled = reader.as_of - datetime.timedelta(days=reader.source.provisional_days)
        late = [p for p in map(int, np.unique(period[reader.open])) if periods.last_day(p) > settled]
        status[np.isin(period, late)] = reader.standard.codelists["obs_status"].numbers["P"]
    return period, status


def _complain_of_future(reader: "TableReader", period: Ints) -> None:
    """Refuse rows whose period begins after the day for which the file is stated: one of the two is wrong."""
    if reader.as_of and not reader.source.future_zeros:
        first = {p: periods.first_day(p) for p in map(int, np.unique(period[reader.open]))}
        future = np.isin(period, [p for p, day in first.items() if day > reader.as_of])
        reader.refuse(
            future,
            "",
            lambda place: (
                f"{periods.text(int(period[place]))} begins after {reader.as_of}, the day for which the file is stated; one of the two is wrong"
            ),
        )


def _periods(reader: "TableReader") -> tuple[Ints, Small]:
    by_time = {column.time: column for column in reader.columns if column.time}
    normal, provisional = (reader.standard.codelists["obs_status"].numbers[code] for code in ("A", "P"))
    status = np.full(len(reader.open), normal, np.int16)
    if reader.table.day:
        day = reader.published.day or reader.as_of or reader.not_before
        return np.full(len(reader.open), periods.day(day), np.int64), status
    if column := by_time.get("calendar_month"):
        return _calendar_months(reader, column), status
    if column := by_time.get("day"):
        return _days(reader, column), status
    if column := by_time.get("half_month"):
        return _half_months(reader, column, by_time.get("last_day")), status
    column = by_time["fiscal_year"]
    cells = reader.cells[column.name]
    years, marked, reasons = _years(column, cells.distinct)
    reader.refuse_labels(column, cells, reasons)
    year = years[cells.place]
    status = np.where(marked, provisional, normal).astype(np.int16)[cells.place]
    if reader.source.last_year_provisional and len(year):
        status[year == year.max()] = provisional
    if month_column := by_time.get("month"):
        tq = {
            n: f"{shown(t)} is a quarter and has no months"
            for n, t in enumerate(cells.distinct)
            if t.strip().lower() == _TRANSITION
        }
        reader.refuse_labels(column, cells, tq)
        return _months(reader, month_column, by_time.get("calendar_year"), year), status
    quarter = np.array([label.strip().lower() == _TRANSITION for label in cells.distinct], bool)
    return np.where(quarter[cells.place], periods.quarter(1976, 3), periods.FISCAL + year), status


def not_before(reader: "TableReader") -> datetime.date:
    """The latest date in the columns of dates before which the file cannot have existed.

    A row with a date after the day for which the file is stated is refused: one of the two is wrong.
    """
    latest = datetime.date.min
    for column in reader.columns:
        if not column.dated:
            continue
        cells = reader.cells[column.name]
        recodes = {fold(label): date for label, date in column.labels.items()}
        reasons = {}
        for place in np.unique(cells.place[reader.open]):
            label = cells.distinct[place]
            date = _date(recodes.get(fold(label), label))
            if date is None:
                reasons[int(place)] = (
                    f"{shown(label)} is not a date like 2025-03-17; if it is a slip of the publisher, recode it in labels"
                )
            elif reader.as_of and date > reader.as_of:
                reasons[int(place)] = (
                    f"{date} is after {reader.as_of}, the day for which the file is stated; one of the two is wrong"
                )
            else:
                latest = max(latest, date)
        reader.refuse_labels(column, cells, reasons)
    return latest


_MIDNIGHT = re.compile(r"[ T]00:00:00(\.0+)?$")
_TRANSITION = "1976tq"
"""How publishers write the transition quarter, July to September 1976."""


def _date(text: str) -> datetime.date | None:
    """The day that a cell's text begins with (a cell with a time of midnight is a day)."""
    try:
        return datetime.date.fromisoformat(_MIDNIGHT.sub("", text.strip()))
    except ValueError:
        return None


def _months(reader: "TableReader", column: Column, calendar_column: Column | None, year: Ints) -> Ints:
    """Periods from a fiscal year and a month; the month label of a whole year gives the year."""
    cells = reader.cells[column.name]
    wanted = fold(column.whole_year)
    whole_year = np.array([bool(wanted) and fold(label) == wanted for label in cells.distinct], bool)
    found = [
        0 if whole else reader.standard.codelists["month"].find(label)
        for label, whole in zip(cells.distinct, whole_year, strict=True)
    ]
    reader.refuse_labels(
        column,
        cells,
        {n: f"unknown month {shown(cells.distinct[n])}" for n, place in enumerate(found) if place is None},
    )
    numbers = [int(code.code) for code in reader.standard.codelists["month"].codes]
    month = np.array([0 if place is None else numbers[place] for place in found])[cells.place]
    calendar = year - (month >= periods.first_month(year))
    if calendar_column:
        labels = reader.cells[calendar_column.name]
        written, _, reasons = _years(calendar_column, labels.distinct)
        reader.refuse_labels(calendar_column, labels, reasons)
        reader.refuse(
            written[labels.place] != calendar,
            calendar_column.name,
            lambda place: (
                f"the calendar year does not fit the fiscal year and month, which make it {calendar[place]}"
            ),
        )
    months = 12 * calendar + month - 1
    return np.where(whole_year[cells.place], periods.FISCAL + year, months)


def _calendar_months(reader: "TableReader", column: Column) -> Ints:
    """Periods from labels like 2018-10."""
    cells = reader.cells[column.name]
    found, reasons = [], {}
    for number, label in enumerate(cells.distinct):
        try:
            found.append(periods.parse(label.strip()))
        except ValueError:
            found.append(0)
        if not 0 < found[-1] < periods.QUARTER:
            reasons[number] = f"{shown(label)} is not a month like 2018-10"
    reader.refuse_labels(column, cells, reasons)
    return np.array(found, np.int64)[cells.place]


def _dates(reader: "TableReader", column: Column) -> tuple[list[datetime.date], Labels]:
    """The date in each distinct label; rows without one are refused."""
    cells = reader.cells[column.name]
    found = [_date(label) for label in cells.distinct]
    reasons = {
        n: f"{shown(cells.distinct[n])} is not a day like 2025-07-03"
        if not date
        else f"{date} is not a day between {periods.FIRST_DAY} and {periods.LAST_DAY}"
        for n, date in enumerate(found)
        if not date or not periods.FIRST_DAY <= date <= periods.LAST_DAY
    }
    reader.refuse_labels(column, cells, reasons)
    return [date if date and n not in reasons else periods.FIRST_DAY for n, date in enumerate(found)], cells


def _days(reader: "TableReader", column: Column) -> Ints:
    """Days, or the months in which they lie."""
    dates, cells = _dates(reader, column)
    within = reader.table.within == "month"
    found = [periods.month(date.year, date.month) if within else periods.day(date) for date in dates]
    return np.array(found, np.int64)[cells.place]


def _half_months(reader: "TableReader", first_column: Column, last_column: Column | None) -> Ints:
    """Half-months from their first day; their last day, if there is a column for it, must fit."""
    first, cells = _dates(reader, first_column)
    reader.refuse_labels(
        first_column,
        cells,
        {
            n: f"{date} begins no half-month; those begin on the 1st and the 16th"
            for n, date in enumerate(first)
            if date.day not in (1, 16)
        },
    )
    found = np.array([periods.half_month(d.year, d.month, int(d.day == 16)) for d in first], np.int64)[
        cells.place
    ]
    if last_column:
        last, last_cells = _dates(reader, last_column)
        written = np.array([date.toordinal() for date in last])[last_cells.place]
        wanted = {p: periods.last_day(p).toordinal() for p in map(int, np.unique(found))}
        right = np.array([wanted[int(period)] for period in found])
        reader.refuse(
            written != right,
            last_column.name,
            lambda place: f"the half-month ends on {datetime.date.fromordinal(int(right[place]))}",
        )
    return found


def _years(column: Column, labels: list[str]) -> tuple[Ints, Flags, dict[int, str]]:
    """The year in each label, whether it carries the mark of a year to date, and the labels that hold none.

    `FY2021` and `FY21` are years too; two digits are those of 1950 to 2049.
    """
    years, marked, reasons = [], [], {}
    for number, label in enumerate(labels):
        text = label.strip().lstrip(": ")
        mark = bool(column.provisional_mark) and text.endswith(column.provisional_mark)
        digits = text.removesuffix(column.provisional_mark).strip() if mark else text
        if digits[:2].upper() == "FY":
            digits = digits[2:].strip()
            if len(digits) == 2 and digits.isascii() and digits.isdigit():
                digits = f"{'20' if digits < '50' else '19'}{digits}"
        if digits.lower() == _TRANSITION:
            digits = digits[:4]
        fits = len(digits) == 4 and digits.isascii() and digits.isdigit() and "1800" < digits < "2200"
        if not fits:
            reasons[number] = f"{shown(label)} is not a year"
        years.append(int(digits) if fits else 0)
        marked.append(mark)
    return np.array(years, np.int64), np.array(marked, bool), reasons

"""Columns of times to values: each row's period, and the reasons for which rows have none."""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from borderstats import periods
from borderstats.intake.raw import Labels, shown
from borderstats.intake.rows import Refused
from borderstats.observations import Flags, Ints
from borderstats.periods import Calendar
from borderstats.standard.codelists import CodeList
from borderstats.standard.columns import (
    CalendarMonthColumn,
    CalendarYearColumn,
    Column,
    DayColumn,
    FiscalYearColumn,
    HalfMonthColumn,
    LastDayColumn,
    MonthColumn,
    NotBeforeColumn,
    PeriodColumn,
)
from borderstats.standard.struct import fold

C = TypeVar("C", bound=Column)
Columns = Sequence[tuple[Column, Labels]]

_NONE = periods.day(periods.FIRST_DAY)
"""What stands for the period of a row that is refused."""


@dataclass(frozen=True)
class Times:
    """Each row's period, whether it is one to date, and the rows refused, first reason first."""

    period: Ints
    to_date: Flags
    refused: Sequence[Refused]


def of_day(day: datetime.date, rows: int) -> Times:
    """The times of a table whose figures are all those of one day."""
    return Times(np.full(rows, periods.day(day), np.int64), np.zeros(rows, bool), ())


def read(
    columns: Columns,
    months: CodeList,
    calendar: Calendar,
    *,
    days_as_months: bool = False,
    last_year_to_date: bool = False,
) -> Times:
    """The times of a table with one column that gives periods and those beside it.

    `months` is the list of their names, `calendar` has the fiscal years. `days_as_months`: the period of a day is its month. `last_year_to_date`: the
    last fiscal year is one to date, though it is not marked.
    """
    if years := _one(columns, FiscalYearColumn):
        return _fiscal_years(*years, columns, months, calendar, last_year_to_date=last_year_to_date)
    if halves := _one(columns, HalfMonthColumn):
        return _half_months(*halves, columns)
    column, labels = next((column, labels) for column, labels in columns if isinstance(column, PeriodColumn))
    period, reasons = _periods(labels, _month_of_day if days_as_months else _PERIOD[type(column)])
    return Times(period, np.zeros(len(period), bool), [Refused(column.name, reasons, labels)])


def begin_after(calendar: Calendar, period: Ints, day: datetime.date, rows: Flags) -> Flags:
    """Which of the flagged rows have a period that begins after a day."""
    late = [p for p in map(int, np.unique(period[rows])) if calendar.first_day(p) > day]
    return rows & np.isin(period, late)


def end_after(calendar: Calendar, period: Ints, day: datetime.date, rows: Flags) -> Flags:
    """Which of the flagged rows have a period that ends after a day."""
    late = [p for p in map(int, np.unique(period[rows])) if calendar.last_day(p) > day]
    return rows & np.isin(period, late)


def not_before(
    column: NotBeforeColumn, labels: Labels, rows: Flags, as_of: datetime.date | None
) -> tuple[datetime.date, Refused]:
    """The latest of the dates in some rows, before which the file cannot have existed.

    A row with a date after `as_of`, the day for which the file is stated, is refused: one of the two is wrong.
    """
    latest = datetime.date.min
    recodes = {fold(label): date for label, date in column.labels.items()}
    reasons = {}
    for place in np.unique(labels.place[rows]).tolist():
        label = labels.distinct[place]
        date = recodes.get(fold(label)) or _date(label)
        if date is None:
            reasons[place] = (
                f"{shown(label)} is not a date like 2025-03-17; if it is a slip of the publisher, recode it in labels"
            )
        elif as_of and date > as_of:
            reasons[place] = (
                f"{date} is after {as_of}, the day for which the file is stated; one of the two is wrong"
            )
        else:
            latest = max(latest, date)
    return latest, Refused(column.name, reasons, labels)


def _one(columns: Columns, kind: type[C]) -> tuple[C, Labels] | None:
    """The column of one kind, if there is one."""
    return next(((column, labels) for column, labels in columns if isinstance(column, kind)), None)


def _periods(labels: Labels, read_one: Callable[[str], int | str]) -> tuple[Ints, dict[int, str]]:
    """Each row's period, and by the place of its label the reason why it is none."""
    found = [read_one(label) for label in labels.distinct]
    reasons = {place: reason for place, reason in enumerate(found) if isinstance(reason, str)}
    distinct = [_NONE if isinstance(period, str) else period for period in found]
    return np.array(distinct, np.int64)[labels.place], reasons


_MIDNIGHT = re.compile(r"[ T]00:00:00(\.0+)?$")


def _date(text: str) -> datetime.date | None:
    """The day that a cell's text is (a cell with a time of midnight is a day)."""
    try:
        return datetime.date.fromisoformat(_MIDNIGHT.sub("", text.strip()))
    except ValueError:
        return None


def _day(label: str) -> datetime.date | str:
    """The day that a label is, or the reason why it is none."""
    date = _date(label)
    if not date:
        return f"{shown(label)} is not a day like 2025-07-03"
    if not periods.FIRST_DAY <= date <= periods.LAST_DAY:
        return f"{date} is not a day between {periods.FIRST_DAY} and {periods.LAST_DAY}"
    return date


def _calendar_month(label: str) -> int | str:
    try:
        period = periods.parse(label.strip())
    except ValueError:
        period = periods.QUARTER
    return period if period < periods.QUARTER else f"{shown(label)} is not a month like 2018-10"


def _day_period(label: str) -> int | str:
    date = _day(label)
    return date if isinstance(date, str) else periods.day(date)


def _month_of_day(label: str) -> int | str:
    date = _day(label)
    return date if isinstance(date, str) else periods.month(date.year, date.month)


def _half_month(label: str) -> int | str:
    date = _day(label)
    if isinstance(date, str):
        return date
    if date.day not in (1, 16):
        return f"{date} begins no half-month; those begin on the 1st and the 16th"
    return periods.half_month(date.year, date.month, int(date.day == 16))


_PERIOD: Mapping[type[Column], Callable[[str], int | str]] = {
    CalendarMonthColumn: _calendar_month,
    DayColumn: _day_period,
}
"""For each kind of column that needs no other the period of a label, or the reason why it has none."""


def _half_months(column: HalfMonthColumn, labels: Labels, columns: Columns) -> Times:
    """Half-months from their first day; their last day, if there is a column for it, must fit."""
    period, reasons = _periods(labels, _half_month)
    refused = [Refused(column.name, reasons, labels)]
    if beside := _one(columns, LastDayColumn):
        last, days = beside
        written, reasons = _periods(days, _day_period)
        distinct, place = np.unique(period, return_inverse=True)
        right = np.array([periods.day(periods.days(p)[1]) for p in distinct.tolist()], np.int64)[place]
        wrong = {
            row: f"the half-month ends on {periods.days(int(right[row]))[0]}"
            for row in np.flatnonzero(written != right).tolist()
        }
        refused += [Refused(last.name, reasons, days), Refused(last.name, wrong)]
    return Times(period, np.zeros(len(period), bool), refused)


class _Year(NamedTuple):
    """A year as a label has it, whether it carries the mark of a year to date, and what lies between two years, if that is meant."""

    number: int
    to_date: bool = False
    between: int = 0


def _fiscal_years(
    column: FiscalYearColumn,
    labels: Labels,
    columns: Columns,
    months: CodeList,
    calendar: Calendar,
    *,
    last_year_to_date: bool,
) -> Times:
    """Fiscal years, or with a column of months beside them the months."""
    years, reasons = _years(labels, column.provisional_mark, calendar.transitions)
    refused = [Refused(column.name, reasons, labels)]
    year = np.array([year.number for year in years], np.int64)[labels.place]
    to_date = np.array([year.to_date for year in years], bool)[labels.place]
    between = np.array([year.between for year in years], np.int64)
    if last_year_to_date and len(year):
        to_date |= year == year.max()
    if beside := _one(columns, MonthColumn):
        reasons = {
            n: f"{shown(labels.distinct[n])} is a {periods.kind(int(between[n]))} and has no months"
            for n in np.flatnonzero(between).tolist()
        }
        period, unfit = _months(*beside, columns, months, calendar, year)
        return Times(period, to_date, [*refused, Refused(column.name, reasons, labels), *unfit])
    period = np.where(between[labels.place], between[labels.place], periods.FISCAL + year)
    return Times(period, to_date, refused)


def _months(
    column: MonthColumn, labels: Labels, columns: Columns, months: CodeList, calendar: Calendar, year: Ints
) -> tuple[Ints, list[Refused]]:
    """Periods from a fiscal year and a month; the month label of a whole year gives the year."""
    wanted = fold(column.whole_year)
    whole = np.array([bool(wanted) and fold(label) == wanted for label in labels.distinct], bool)
    found = [
        0 if is_year else months.find(label) for label, is_year in zip(labels.distinct, whole, strict=True)
    ]
    reasons = {
        n: f"unknown month {shown(labels.distinct[n])}" for n, place in enumerate(found) if place is None
    }
    refused = [Refused(column.name, reasons, labels)]
    numbers = [int(code.code) for code in months.codes]
    number = np.array([1 if place is None else numbers[place] for place in found], np.int64)[labels.place]
    whole = whole[labels.place]
    period = calendar.months_in(year, number)
    lacking = np.flatnonzero((period == 0) & ~whole).tolist()
    refused.append(Refused(column.name, {n: f"fiscal year {year[n]} has no such month" for n in lacking}))
    if beside := _one(columns, CalendarYearColumn):
        refused += _unfit(*beside, period // 12)
    return np.where(whole, periods.FISCAL + year, period), refused


def _unfit(column: CalendarYearColumn, labels: Labels, right: Ints) -> list[Refused]:
    """The rows whose calendar year is not the one that fiscal year and month make."""
    years, reasons = _years(labels)
    written = np.array([year.number for year in years], np.int64)[labels.place]
    wrong = {
        row: f"the calendar year does not fit the fiscal year and month, which make it {right[row]}"
        for row in np.flatnonzero(written != right).tolist()
    }
    return [Refused(column.name, reasons, labels), Refused(column.name, wrong)]


def _years(
    labels: Labels, mark: str = "", transitions: Mapping[str, int | None] = {}
) -> tuple[list[_Year], dict[int, str]]:
    """The year in each label, and by the place of the label why it is none."""
    found = [_year(label, mark, transitions) for label in labels.distinct]
    reasons = {n: f"{shown(labels.distinct[n])} is not a year" for n, year in enumerate(found) if not year}
    return [year or _Year(0) for year in found], reasons


def _year(label: str, mark: str, transitions: Mapping[str, int | None]) -> _Year | None:
    """`FY2021` and `FY21` are years too; two digits are those of 1950 to 2049."""
    text = label.strip().lstrip(": ")
    to_date = bool(mark) and text.endswith(mark)
    digits = text.removesuffix(mark).strip() if to_date else text
    if digits[:2].upper() == "FY":
        digits = digits[2:].strip()
        if len(digits) == 2 and digits.isascii() and digits.isdigit():
            digits = f"{'20' if digits < '50' else '19'}{digits}"
    if between := transitions.get(digits.casefold()):
        return _Year(periods.days(between)[1].year, to_date, between)
    if len(digits) == 4 and digits.isascii() and digits.isdigit() and "1800" < digits < "2200":
        return _Year(int(digits), to_date)
    return None

"""Columns of times to values: each row's period, and the reasons for which rows have none."""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from borderstats import periods
from borderstats.intake import period_labels
from borderstats.intake.dates import Dates
from borderstats.intake.raw import Labels, shown
from borderstats.intake.rows import Refused
from borderstats.observations import Flags, Ints
from borderstats.periods import Calendar
from borderstats.standard.codelists import CodeList
from borderstats.standard.columns import (
    AnnualColumn,
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
    QuarterColumn,
    WeekColumn,
)
from borderstats.standard.struct import fold

C = TypeVar("C", bound=Column)
Columns = Sequence[tuple[Column, Labels]]

ReadYear = Callable[[str], int | str | None]
"""A label as a year's period, or why it is none; None if it does not look like one."""

_NOTED = re.compile(r"(?<=[\d)])[*\u2020\u2021\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+$")

_NONE = periods.day(periods.FIRST_DAY)
"""What stands for the period of a row that is refused."""

_PERIOD: Mapping[type[Column], Callable[[str, Dates], int | str]] = {
    CalendarMonthColumn: period_labels.calendar_month,
    DayColumn: period_labels.day,
    HalfMonthColumn: period_labels.half_month,
}
"""For each kind of column whose labels say all the period of a label, or the reason why it has none."""

_WEEK: Mapping[str, Callable[[str, Dates], int | str]] = {
    "": period_labels.week,
    "first": period_labels.week_of_first_day,
    "last": period_labels.week_of_last_day,
}


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
    last year is one to date, though it is not marked.
    """
    column, labels = next((column, labels) for column, labels in columns if isinstance(column, PeriodColumn))
    if isinstance(column, AnnualColumn):
        return _annual(column, labels, columns, months, calendar, last_year_to_date=last_year_to_date)
    read_one: Callable[[str, Dates], int | str]
    match column:
        case QuarterColumn():
            read_one = partial(period_labels.quarter, calendar=calendar, fiscal=column.fiscal)
        case WeekColumn():
            read_one = _WEEK[column.day]
        case _:
            read_one = period_labels.month_of_day if days_as_months else _PERIOD[type(column)]
    period, reasons = _periods(labels, read_one, Dates.of(column, months))
    refused = [Refused(column.name, reasons, labels)]
    if beside := _one(columns, LastDayColumn):
        refused += _unfit_last_day(*beside, period, months)
    return Times(period, np.zeros(len(period), bool), refused)


def begin_after(calendar: Calendar, period: Ints, day: datetime.date, rows: Flags) -> Flags:
    """Which of the flagged rows have a period that begins after a day."""
    late = [p for p in map(int, np.unique(period[rows])) if calendar.first_day(p) > day]
    return rows & np.isin(period, late)


def end_after(calendar: Calendar, period: Ints, day: datetime.date, rows: Flags) -> Flags:
    """Which of the flagged rows have a period that ends after a day."""
    late = [p for p in map(int, np.unique(period[rows])) if calendar.last_day(p) > day]
    return rows & np.isin(period, late)


def not_before(
    column: NotBeforeColumn, labels: Labels, rows: Flags, months: CodeList, as_of: datetime.date | None
) -> tuple[datetime.date, Refused]:
    """The latest of the dates in some rows, before which the file cannot have existed; `months` is the list of their names.

    A row with a date after `as_of`, the day for which the file is stated, is refused: one of the two is wrong.
    """
    latest = datetime.date.min
    recodes = {fold(label): date for label, date in column.labels.items()}
    dates = Dates.of(column, months)
    reasons = {}
    for place in np.unique(labels.place[rows]).tolist():
        label = labels.distinct[place]
        date = recodes.get(fold(label)) or period_labels.date_of(label, dates)
        if date is None:
            reasons[place] = (
                f"{shown(label)} is not a date like 2025-03-17; if it is a slip of the publisher, recode it in labels"
            )
        elif isinstance(date, str):
            reasons[place] = date
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


def _periods(
    labels: Labels, read_one: Callable[[str, Dates], int | str], dates: Dates
) -> tuple[Ints, dict[int, str]]:
    """Each row's period, and by the place of its label the reason why it is none."""
    found = [read_one(label, dates) for label in labels.distinct]
    reasons = {place: reason for place, reason in enumerate(found) if isinstance(reason, str)}
    distinct = [_NONE if isinstance(period, str) else period for period in found]
    return np.array(distinct, np.int64)[labels.place], reasons


def _unfit_last_day(column: LastDayColumn, labels: Labels, period: Ints, months: CodeList) -> list[Refused]:
    """The rows whose last day is not that of the half-month or week."""
    written, reasons = _periods(labels, period_labels.day, Dates.of(column, months))
    distinct, place = np.unique(period, return_inverse=True)
    right = np.array([periods.day(periods.days(p)[1]) for p in distinct.tolist()], np.int64)[place]
    noun = "week" if "week" in set(map(periods.kind, distinct.tolist())) else "half-month"
    wrong = {
        row: f"the {noun} ends on {periods.days(int(right[row]))[0]}"
        for row in np.flatnonzero(written != right).tolist()
    }
    return [Refused(column.name, reasons, labels), Refused(column.name, wrong)]


class _Year(NamedTuple):
    """A year as a label has it, whether it carries the mark of a year to date, and what lies between two years, if that is meant."""

    number: int
    to_date: bool = False
    between: int = 0


_NO_YEAR = _Year(1800)
"""What stands for the year of a row that is refused: before any that is read."""


def _annual(
    column: AnnualColumn,
    labels: Labels,
    columns: Columns,
    months: CodeList,
    calendar: Calendar,
    *,
    last_year_to_date: bool,
) -> Times:
    """Years, or with a column of months beside them the months."""
    fiscal = isinstance(column, FiscalYearColumn)
    between = calendar.transitions if fiscal else {}
    read_one: ReadYear = _calendar_year
    if fiscal:
        read_one = partial(period_labels.fiscal_year, dates=Dates.of(column, months), calendar=calendar)
    years, reasons = _years(labels, read_one, column, between)
    refused = [Refused(column.name, reasons, labels)]
    year = np.array([year.number for year in years], np.int64)[labels.place]
    to_date = np.array([year.to_date for year in years], bool)[labels.place]
    other = np.array([year.between for year in years], np.int64)
    if last_year_to_date and len(year):
        to_date |= year == year.max()
    whole_year = (periods.FISCAL if fiscal else periods.YEAR) + year
    if beside := _one(columns, MonthColumn):
        reasons = {
            n: f"{shown(labels.distinct[n])} is a {periods.kind(int(other[n]))} and has no months"
            for n in np.flatnonzero(other).tolist()
        }
        period, unfit = _months(*beside, columns, months, calendar, whole_year)
        return Times(period, to_date, [*refused, Refused(column.name, reasons, labels), *unfit])
    return Times(np.where(other[labels.place], other[labels.place], whole_year), to_date, refused)


def _months(
    column: MonthColumn,
    labels: Labels,
    columns: Columns,
    months: CodeList,
    calendar: Calendar,
    whole_year: Ints,
) -> tuple[Ints, list[Refused]]:
    """Periods from a year and a month; the month label of a whole year gives the year."""
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
    period = calendar.months_in(whole_year, number)
    lacking = np.flatnonzero((period == 0) & ~whole).tolist()
    reasons = {row: f"{periods.text(int(whole_year[row]))} has no such month" for row in lacking}
    refused.append(Refused(column.name, reasons))
    if beside := _one(columns, CalendarYearColumn):
        refused += _unfit(*beside, period // 12)
    return np.where(whole, whole_year, period), refused


def _unfit(column: CalendarYearColumn, labels: Labels, right: Ints) -> list[Refused]:
    """The rows whose calendar year is not the one that fiscal year and month make."""
    years, reasons = _years(labels, _calendar_year)
    written = np.array([year.number for year in years], np.int64)[labels.place]
    wrong = {
        row: f"the calendar year does not fit the fiscal year and month, which make it {right[row]}"
        for row in np.flatnonzero(written != right).tolist()
    }
    return [Refused(column.name, reasons, labels), Refused(column.name, wrong)]


def _calendar_year(label: str) -> int | None:
    number = period_labels.year(label, "CY")
    return None if number is None else periods.year(number)


def _years(
    labels: Labels,
    read_one: ReadYear,
    column: AnnualColumn | None = None,
    between: Mapping[str, int | None] = {},
) -> tuple[list[_Year], dict[int, str]]:
    """The year in each label, and by the place of the label why it is none."""
    found = [_year(label, read_one, column, between) for label in labels.distinct]
    reasons = {
        n: year or _no_year(labels.distinct[n]) for n, year in enumerate(found) if not isinstance(year, _Year)
    }
    return [year if isinstance(year, _Year) else _NO_YEAR for year in found], reasons


def _no_year(label: str) -> str:
    """Why a label is no year: because of a mark at its end, if one is there."""
    if found := _NOTED.search(label.strip()):
        return (
            f"{shown(label)} is not a year: what the mark {found[0]!r} means is not declared for the column"
        )
    return f"{shown(label)} is not a year"


def _year(
    label: str, read_one: ReadYear, column: AnnualColumn | None, between: Mapping[str, int | None]
) -> _Year | str | None:
    mark, final = (column.provisional_mark, column.final_mark) if column else ("", "")
    text = fold(label).lstrip(": ").removeprefix(fold(final)).removesuffix(fold(final))
    marks = (fold(mark), fold(mark).strip("()[] ")) if mark else ()
    found = next((one for one in marks if text.endswith(one)), "")
    to_date = bool(found)
    text = text.removesuffix(found).strip()
    if period := between.get(text.casefold()):
        return _Year(periods.days(period)[1].year, to_date, period)
    year = read_one(text)
    return _Year(periods.ordinal(year), to_date) if isinstance(year, int) else year

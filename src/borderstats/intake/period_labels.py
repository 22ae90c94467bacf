"""What one label of a column of times means: its period, or the reason why it is none."""

import datetime
import re

from borderstats import periods
from borderstats.intake.dates import Dates
from borderstats.intake.raw import shown
from borderstats.periods import Calendar
from borderstats.periods.forms import Parts
from borderstats.standard.codelists import CodeList

_MIDNIGHT = re.compile(r"[ T]00:00:00(\.0+)?$")
_QUARTER = re.compile(r"((?:FY|CY)?\d{2,4})(?:[ -]?Q| quarter )([1-4])(?: data)?", re.ASCII | re.IGNORECASE)
_QUARTER_FIRST = re.compile(r"Q([1-4])[ -]((?:FY|CY)?\d{2,4})", re.ASCII | re.IGNORECASE)
_MONTHS = re.compile(r"(\w+\.?)(?: ?[-\N{EN DASH}] ?| to )(\w+\.?) (\d{4})")
_WEEK = re.compile(r"(\d{4})[ -]?W(\d{1,2})", re.ASCII | re.IGNORECASE)
_WEEK_DAY = re.compile(r"week (of|beginning|ending) (.+)", re.IGNORECASE)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def date(text: str) -> datetime.date | None:
    """The day that a cell's text is (a cell with a time of midnight is a day)."""
    try:
        return datetime.date.fromisoformat(_MIDNIGHT.sub("", text.strip()))
    except ValueError:
        return None


def date_of(label: str, dates: Dates) -> datetime.date | str | None:
    """The day that a label is in some declared form; why it is none, if it looks like one."""
    return dates.read(label, "day", _date, date(label))


def _date(parts: Parts, _: str) -> datetime.date:
    return datetime.date(parts["Y"], parts["m"], parts["d"])


def year(text: str, prefix: str) -> int | None:
    """The number of a year, with a prefix (`FY`, `CY`) or without; with it two digits are those of 1950 to 2049."""
    digits = text.strip()
    if digits[:2].upper() == prefix:
        digits = digits[2:].strip()
        if re.fullmatch(r"\d\d", digits, re.ASCII):
            digits = f"{'20' if digits < '50' else '19'}{digits}"
    fits = re.fullmatch(r"\d{4}", digits, re.ASCII) and "1800" < digits < "2200"
    return int(digits) if fits else None


def fiscal_year(label: str, dates: Dates, calendar: Calendar) -> int | str | None:
    """A fiscal year, by the two calendar years that it lies in where they are written so; None if a label is none."""

    def of_parts(parts: Parts, _: str) -> int:
        if parts["y"] != parts["Y"] + 1:
            raise ValueError
        return periods.fiscal(parts["y"] if calendar.named_by == "end" else parts["Y"])

    number = year(label, "FY")
    return dates.read(label, "fiscal year", of_parts, None if number is None else periods.fiscal(number))


def calendar_month(label: str, dates: Dates) -> int | str:
    first = date(label)
    begun = periods.at("month", first) if first and first.day == 1 else None
    if begun is not None and not dates.declared:
        return begun
    try:
        standard = periods.parse(label.strip())
    except ValueError:
        standard = periods.QUARTER
    found = dates.read(label, "month", _month, standard if standard < periods.QUARTER else None)
    if found is None:
        found = dates.read(label, "day", _month_of_first_day, begun)
    return f"{shown(label)} is not a month like 2018-10" if found is None else found


def _month(parts: Parts, _: str) -> int:
    return periods.at("month", datetime.date(parts["Y"], parts["m"], 1))


def _month_of_first_day(parts: Parts, form: str) -> int:
    first = _date(parts, form)
    if first.day != 1:
        raise ValueError
    return periods.at("month", first)


def day(label: str, dates: Dates) -> int | str:
    found = day_of(label, dates)
    return found if isinstance(found, str) else periods.day(found)


def month_of_day(label: str, dates: Dates) -> int | str:
    found = day_of(label, dates)
    return found if isinstance(found, str) else periods.at("month", found)


def half_month(label: str, dates: Dates) -> int | str:
    """Of its first day."""
    found = day_of(label, dates)
    if isinstance(found, str):
        return found
    if found.day not in (1, 16):
        return f"{found} begins no half-month; those begin on the 1st and the 16th"
    return periods.at("half_month", found)


def quarter(label: str, dates: Dates, calendar: Calendar, *, fiscal: bool = False) -> int | str:
    """Of a calendar year, or of a fiscal year whose quarters are calendar quarters; or the months from one to another.

    `fiscal`: a year without a prefix is a fiscal year.
    """

    def of_parts(parts: Parts, form: str) -> int:
        of = "FY" if fiscal or "FY" in form.upper() else ""
        found = _quarter(label, f"{of}{parts['Y']}", parts["q"], calendar, fiscal=False)
        if isinstance(found, str):
            raise ValueError  # noqa: TRY004 - it is the value that is none
        return found

    standard = _standard_quarter(label, dates.months, calendar, fiscal=fiscal)
    if standard != _no_quarter(label):
        return standard
    found = dates.read(label, "quarter", of_parts, None)
    return standard if found is None else found


def _standard_quarter(label: str, months: CodeList, calendar: Calendar, *, fiscal: bool) -> int | str:
    """The quarter of a label in a form that needs no declaration."""
    text = " ".join(label.split())
    if found := _QUARTER.fullmatch(text):
        return _quarter(label, found[1], int(found[2]), calendar, fiscal=fiscal)
    if found := _QUARTER_FIRST.fullmatch(text):
        return _quarter(label, found[2], int(found[1]), calendar, fiscal=fiscal)
    if found := _MONTHS.fullmatch(text):
        places = months.find(found[1]), months.find(found[2])
        numbers = [int(months.codes[place].code) for place in places if place is not None]
        return _quarter_of_months(label, numbers, int(found[3]))
    return _no_quarter(label)


def _quarter(label: str, written: str, number: int, calendar: Calendar, *, fiscal: bool) -> int | str:
    """The quarter of that number in a year as it is written."""
    fiscal = written[:2].upper() == "FY" or (fiscal and written.isdigit())
    found = year(written, "FY" if fiscal else "CY")
    if found is None:
        return _no_quarter(label)
    whole = periods.fiscal(found) if fiscal else periods.year(found)
    quarters = calendar.parts(whole, "quarter") if calendar.rules or not fiscal else ()
    if len(quarters) != 4:
        return f"{shown(label)}: by calendar.toml that fiscal year is not made of four calendar quarters"
    return quarters[number - 1]


def _quarter_of_months(label: str, numbers: list[int], year: int) -> int | str:
    """The quarter from a month to another, by their numbers as far as they are known."""
    if len(numbers) < 2:
        return _no_quarter(label)
    begin, end = numbers
    if begin % 3 != 1 or end != begin + 2:
        return f"{shown(label)} is not a calendar quarter; those begin in January, April, July and October"
    return periods.quarter(year, (begin + 2) // 3)


def _no_quarter(label: str) -> str:
    return f"{shown(label)} is not a quarter like 2024 Q3, Q3 2024 or Jul-Sep 2024"


def week(label: str, dates: Dates) -> int | str:
    text = " ".join(label.split())
    if found := _WEEK_DAY.fullmatch(text):
        of_day = week_of_last_day if found[1].lower() == "ending" else week_of_first_day
        return of_day(found[2], dates)
    if found := _WEEK.fullmatch(text):
        try:
            return _week({"Y": int(found[1]), "V": int(found[2])}, "")
        except ValueError:
            return f"{shown(label)}: there is no such week"
    declared = dates.read(label, "week", _week, None)
    return (
        f"{shown(label)} is not a week like 2024-W05 or week ending 2024-02-04"
        if declared is None
        else declared
    )


def _week(parts: Parts, _: str) -> int:
    return periods.parse(f"{parts['Y']}-W{parts['V']:02}")


def week_of_first_day(label: str, dates: Dates) -> int | str:
    return _week_of_day(label, dates, 0, "begin on a Monday")


def week_of_last_day(label: str, dates: Dates) -> int | str:
    return _week_of_day(label, dates, 6, "end on a Sunday")


def _week_of_day(label: str, dates: Dates, weekday: int, rule: str) -> int | str:
    found = day_of(label, dates)
    if isinstance(found, str):
        return found
    if found.weekday() != weekday:
        return f"{found} is a {_WEEKDAYS[found.weekday()]}; weeks of ISO 8601 {rule}"
    return periods.week(found)


def day_of(label: str, dates: Dates) -> datetime.date | str:
    """The day that a label is, or the reason why it is none."""
    found = date_of(label, dates)
    if found is None:
        return f"{shown(label)} is not a day like 2025-07-03"
    if isinstance(found, datetime.date) and not periods.FIRST_DAY <= found <= periods.LAST_DAY:
        return f"{found} is not a day between {periods.FIRST_DAY} and {periods.LAST_DAY}"
    return found

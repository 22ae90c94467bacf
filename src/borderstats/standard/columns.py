"""The columns of a publisher's tables: for each role that a column can have a struct with the fields of that role.

A column's `role` is the tag of its struct. A role that says by itself for which period a figure is, is a
`PeriodColumn`; one that needs another column says with `beside` of which roles that can be.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from borderstats.periods import Kind
from borderstats.periods.forms import Written
from borderstats.standard.struct import Struct, Text

Thousands = Literal["", ",", ".", " ", "'"]
"""What can separate thousands; a space is any, an apostrophe may be curled."""

FirstYear = Annotated[int, Meta(ge=1700, le=2400)]
"""The first of the hundred years that years of two digits mean."""


class Column(Struct, frozen=True, kw_only=True, tag_field="role"):
    """A column of a table."""

    name: str
    """As it stands in the header."""
    left_out: Mapping[str, Text] = {}
    """Labels of rows that are no data, with the reason, `?` and `*` in them for any characters; such rows are counted as left out."""
    optional: bool = False
    """Whether some editions lack it."""

    @property
    def role(self) -> str:
        return str(self.__struct_config__.tag)

    @property
    def words(self) -> Iterator[str]:
        """The name and labels by which the standard knows the column."""
        yield from (self.name, *self.left_out)

    @property
    def declared(self) -> Iterator[str]:
        """The labels of which the standard says what they mean."""
        yield from ()


class FigureColumn(Column, frozen=True, kw_only=True, tag="figure"):
    """Figures."""

    key: Mapping[str, str] = {}
    """The codes of a column of a wide table, by dimension."""
    missing: Mapping[str, str] = {}
    """The status of a cell without a figure, such as `NA`."""
    zero: tuple[str, ...] = ()
    """What stands for a zero, such as `-`."""
    rounded: bool = False
    """Whether figures are rounded to the decimals of the dataset, half to even."""
    with_share: bool = False
    """Whether a share in brackets stands behind figures, which is cut off: `57 (6.32%)`."""
    thousands: Thousands = ""
    """What separates thousands, if not what the source says: `,` in `52,546`."""
    decimal: Literal["", ".", ","] = ""
    """What stands before decimals, if not what the source says."""

    @property
    def declared(self) -> Iterator[str]:
        yield from (*self.missing, *self.zero)


class LabelColumn(Column, frozen=True, kw_only=True):
    """A column of labels."""

    fill: bool = False
    """Whether a blank cell repeats the label above it; in a header row, that to its left."""
    footnotes: bool = False
    """Whether digits at the end of a label point to a footnote and are cut off: `Withdrawals7`, `1997 /1`, `2016 [1]`; behind a
    digit only raised ones, `1896³`.
    """


class DimensionColumn(LabelColumn, frozen=True, kw_only=True, tag="dimension"):
    """Labels that mean codes of `concept`."""

    concept: str
    """The dimension."""
    labels: Mapping[str, str] = {}
    """Recodes that hold in this column only."""
    keys: Mapping[str, Mapping[str, str]] = {}
    """Labels that stand for codes of several concepts, such as a region among sectors."""
    totals: tuple[str, ...] = ()
    """Labels of rows that add up others, where the dataset adds up itself: each is held to the rows that it adds up, and left out."""
    contains: Mapping[str, str] = {}
    """Texts with their codes: the first text found anywhere in the cell decides; `""`, put last, matches
    every cell.
    """
    parent_to: str = ""
    """The concept that a code's parent fills."""
    groups: tuple[str, ...] = ()
    """Labels that begin a group of rows: `Felons` below `Convicted` becomes `Convicted / Felons`."""
    below: str = ""
    """The concept whose codes stand, in rows of their own, below each code of this one; a row with a code of this one is at its total."""

    @property
    def words(self) -> Iterator[str]:
        yield from (
            self.name,
            *self.labels,
            *self.keys,
            *self.totals,
            *self.contains,
            *self.left_out,
            *self.groups,
        )

    @property
    def declared(self) -> Iterator[str]:
        yield from (*self.labels, *self.keys, *self.totals)


class DatedColumn(LabelColumn, frozen=True, kw_only=True):
    """A column of days, months, quarters, weeks or fiscal years, of which `forms` can say how they are written."""

    forms: ClassVar[tuple[Written, ...]] = ("day",)
    dates: tuple[Text, ...] = ()
    """The forms in which they are written, if not those that the source says: `%d-%b-%y` for `12-Jan-23`."""
    years_from: FirstYear | None = None
    """The first of the hundred years that `%y` means, if not what the source says."""


class IgnoredColumn(LabelColumn, frozen=True, kw_only=True, tag="ignored"):
    """Labels that say nothing of the figures."""

    reason: Text
    """Why it is not used."""
    allowed: tuple[str, ...] = ()
    """The only labels that it may have."""

    @property
    def words(self) -> Iterator[str]:
        yield from (self.name, *self.left_out, *self.allowed)

    @property
    def declared(self) -> Iterator[str]:
        yield from self.allowed


class NotBeforeColumn(DatedColumn, frozen=True, kw_only=True, tag="not_before"):
    """Dates such as 2025-03-17, of which the latest is the first day on which the file can have existed; one
    after the day for which the file is stated refuses its row.
    """

    labels: Mapping[str, date] = {}
    """Slips of the publisher, with the date that is meant (`"7/72025" = 2025-07-07`)."""

    @property
    def words(self) -> Iterator[str]:
        yield from (self.name, *self.labels, *self.left_out)

    @property
    def declared(self) -> Iterator[str]:
        yield from self.labels


class TimeColumn(LabelColumn, frozen=True, kw_only=True):
    """Labels that say when. `beside`: a table with such a column has one of these kinds too."""

    beside: ClassVar[tuple[type[Column], ...]] = ()


class PeriodColumn(TimeColumn, frozen=True, kw_only=True):
    """Labels that by themselves say for which period a figure is, of which `kind`."""

    kind: ClassVar[Kind]


class AnnualColumn(PeriodColumn, DatedColumn, frozen=True, kw_only=True):
    """Years, or with a column of months beside them months."""

    forms: ClassVar[tuple[Written, ...]] = ()

    provisional_mark: str = ""
    """What marks a year to date, at its end."""
    final_mark: str = ""
    """What marks a year that is over, before it or behind it: `EO` in `EOFY2024`."""


class FiscalYearColumn(AnnualColumn, frozen=True, kw_only=True, tag="fiscal_year"):
    """Fiscal years: `2024`, `FY2024`, `FY24`, and what calendar.toml calls the time between two (`1976tq`); `2023/24` where that is declared."""

    kind: ClassVar[Kind] = "fiscal_year"
    forms: ClassVar[tuple[Written, ...]] = ("fiscal year",)


class YearColumn(AnnualColumn, frozen=True, kw_only=True, tag="year"):
    """Calendar years: `2024`, `CY2024`, `CY24`."""

    kind: ClassVar[Kind] = "year"


class QuarterColumn(PeriodColumn, DatedColumn, frozen=True, kw_only=True, tag="quarter"):
    """Calendar quarters: `2024 Q3`, `2024-Q3`, `Q3 2024`, `Jul-Sep 2024`, `July to September 2024`; `2024 Quarter 3`; `FY2024 Q3` of a fiscal year."""

    kind: ClassVar[Kind] = "quarter"
    forms: ClassVar[tuple[Written, ...]] = ("quarter",)
    fiscal: bool = False
    """Whether a quarter without `FY` is one of a fiscal year."""


class WeekColumn(PeriodColumn, DatedColumn, frozen=True, kw_only=True, tag="week"):
    """Weeks of ISO 8601, from Monday to Sunday: `2024-W05`, `week of 2024-01-29`, `week ending 2024-02-04`."""

    kind: ClassVar[Kind] = "week"
    forms: ClassVar[tuple[Written, ...]] = ("week", "day")
    day: Literal["", "first", "last"] = ""
    """Whether cells with a day (`2024-01-29`) have the first or the last one of the week."""


class CalendarMonthColumn(PeriodColumn, DatedColumn, frozen=True, kw_only=True, tag="calendar_month"):
    """Months: `2018-10`, or the first day of one."""

    kind: ClassVar[Kind] = "month"
    forms: ClassVar[tuple[Written, ...]] = ("month", "day")


class DayColumn(PeriodColumn, DatedColumn, frozen=True, kw_only=True, tag="day"):
    """Days: `2025-07-03`."""

    kind: ClassVar[Kind] = "day"


class HalfMonthColumn(PeriodColumn, DatedColumn, frozen=True, kw_only=True, tag="half_month"):
    """The first days of half-months: `2020-01-16`."""

    kind: ClassVar[Kind] = "half_month"


class FittingColumn(TimeColumn, frozen=True, kw_only=True):
    """Labels that say again what others say, and must fit them."""


class MonthColumn(TimeColumn, frozen=True, kw_only=True, tag="month"):
    """Names of months of the year beside them."""

    whole_year: str = ""
    """The label of a year's total."""
    beside: ClassVar[tuple[type[Column], ...]] = (FiscalYearColumn, YearColumn)


class CalendarYearColumn(FittingColumn, frozen=True, kw_only=True, tag="calendar_year"):
    """Calendar years of the months of fiscal years beside them."""

    beside: ClassVar[tuple[type[Column], ...]] = (MonthColumn,)


class LastDayColumn(FittingColumn, DatedColumn, frozen=True, kw_only=True, tag="last_day"):
    """Last days of the half-months or weeks beside them."""

    beside: ClassVar[tuple[type[Column], ...]] = (HalfMonthColumn, WeekColumn)


AnyColumn = (
    DimensionColumn
    | FigureColumn
    | FiscalYearColumn
    | YearColumn
    | QuarterColumn
    | MonthColumn
    | CalendarYearColumn
    | CalendarMonthColumn
    | WeekColumn
    | DayColumn
    | HalfMonthColumn
    | LastDayColumn
    | NotBeforeColumn
    | IgnoredColumn
)

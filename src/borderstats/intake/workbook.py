"""A workbook, old or new, as sheets of labels: each cell as a person sees it, and what kind of cell it is."""

import datetime
import functools
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import python_calamine

from borderstats.errors import InputError
from borderstats.intake import advice
from borderstats.intake.kinds import no_value
from borderstats.intake.old_workbook import OldWorkbook
from borderstats.intake.raw import OLD_OFFICE, Cells, letters
from borderstats.intake.spreadsheet_xml import Marks, Place, SpreadsheetXml
from borderstats.intake.unpack import Package, broken

_FIRST_DAYS = (datetime.date(1899, 12, 30), datetime.date(1904, 1, 1))
"""The day from which days are counted, and the other that Macintoshes had."""

_NOISE = 1e-8
"""So far from a whole number a figure is one: sums of fractions leave a rest, and no publisher prints such a figure."""

_OTHER_KINDS = {"xl/workbook.bin", "content.xml"}
"""The parts by which workbooks of other kinds are known."""


@dataclass(frozen=True)
class Workbook:
    """A workbook, old (.xls) or new (.xlsx), opened once. InputError if it is cut off, broken or far too large."""

    name: str
    data: bytes

    @cached_property
    def _book(self) -> python_calamine.CalamineWorkbook:
        if isinstance(self._described, SpreadsheetXml):
            self._described.check()
        try:
            return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self.data))
        except BaseException as error:  # noqa: BLE001 - what the library raises for a broken workbook has no other common base
            _reraise_a_stop(error)
            raise broken(self.name, error) from None

    @cached_property
    def _described(self) -> SpreadsheetXml | OldWorkbook:
        if self.data.startswith(OLD_OFFICE):
            return OldWorkbook(self.name, self.data)
        package = Package(self.name, self.data)
        if "xl/workbook.xml" in package.parts:
            return SpreadsheetXml(package)
        if package.parts.keys() & _OTHER_KINDS:
            raise InputError(
                f"{self.name}: this is a workbook in the form .xlsb or .ods, in which errors are not told from blanks; ask the publisher for one in .xlsx"
            )
        raise broken(self.name, "Cannot detect file format")

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets in their order."""
        return list(self._book.sheet_names)

    def cells(self, sheet: str, decimal: str = ".") -> Cells:
        """The cells of a sheet, numbers with `decimal` before their decimals; InputError if it is empty or broken."""
        marks = self._described.marks(sheet)
        try:
            found = self._book.get_sheet_by_name(sheet)
            label = functools.lru_cache(None, typed=True)(lambda cell: _cell(cell, decimal))
            rows = [
                [cell if cell.__class__ is str else label(cell) for cell in row]
                for row in found.to_python(skip_empty_area=False)
            ]
            merged = found.merged_cell_ranges or []
        except BaseException as error:  # noqa: BLE001 - as above
            _reraise_a_stop(error)
            why = " ".join(str(error).split())
            if odd := next((place for place, text in marks.texts.items() if text in why), None):
                row, column = odd
                why = f"row {row + 1}, column {letters(column)}: {no_value(marks.texts[odd])}"
                raise InputError(f"{self.name}: sheet {sheet!r}: {why}; {advice.on(why)}") from None
            raise InputError(
                f"{self.name}: sheet {sheet!r} is broken ({why}); fetch the workbook again"
            ) from None
        _mark(rows, marks)
        if not rows:
            raise InputError(f"{self.name}: sheet {sheet!r} is empty; fetch the workbook again")
        if _area(merged, len(rows), len(rows[0])) > len(rows) * len(rows[0]):
            raise InputError(
                f"{self.name}: sheet {sheet!r}: merged cells lie over one another, which no program does; fetch the workbook again"
            )
        first_day = _FIRST_DAYS[self._described.first_day_1904]
        return Cells(sheet, rows, merged, marks.hidden, first_day)


def _area(merged: Iterable[tuple[Place, Place]], height: int, width: int) -> int:
    """How many cells of a sheet are merged."""
    return sum(
        max(min(last[0] + 1, height) - first[0], 0) * max(min(last[1] + 1, width) - first[1], 0)
        for first, last in merged
    )


def _mark(rows: list[list[str]], marks: Marks) -> None:
    """Put the texts of the marked cells where they stand; the last of them may lie beyond all values."""
    if not marks.texts:
        return
    height = max(len(rows), 1 + max(row for row, _ in marks.texts))
    width = max(len(rows[0]) if rows else 0, 1 + max(column for _, column in marks.texts))
    rows += [[] for _ in range(height - len(rows))]
    for cells in rows:
        cells.extend([""] * (width - len(cells)))
    for (row, column), text in marks.texts.items():
        rows[row][column] = text


def _reraise_a_stop(error: BaseException) -> None:
    """Let a stop by the user pass, and what was explained already."""
    if isinstance(error, KeyboardInterrupt | SystemExit | InputError):
        raise error


def _cell(value: object, decimal: str) -> str:
    """A cell that is no text as the label a person sees; Excel holds every number as a float, and a sum of fractions nearly as one."""
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value))
        whole = abs(value - round(value)) <= _NOISE
        return str(round(value)) if whole else str(value).replace(".", decimal)
    return str(value)

"""What an old workbook (.xls) says of its cells that their values do not, and whether it can be read at all.

A formula of such a workbook always has a value, so that none is found that was not calculated.
"""

import contextlib
import io
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import xlrd

from borderstats.intake.raw import OLD_OFFICE, Hidden
from borderstats.intake.spreadsheet_xml import Marks, joined
from borderstats.intake.unpack import broken

_RAISED = 1

_TRIAL = """
import contextlib, io, sys
with contextlib.suppress(ImportError, ValueError, OSError):
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, resource.getrlimit(resource.RLIMIT_AS)[1]))
import python_calamine, xlrd
data = sys.stdin.buffer.read()
book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
for sheet in book.sheet_names:
    book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
"""
_TRIAL_SECONDS = 60


def check_old_workbook(name: str, data: bytes) -> None:
    """Raise InputError if an old workbook (.xls) is so broken that reading it would end or fill this process.

    The libraries trust the sizes that such a file states and are aborted by wrong ones, so they try in a process of their own.
    """
    if not data.startswith(OLD_OFFICE):
        return
    with contextlib.suppress(subprocess.TimeoutExpired):
        command = [sys.executable, "-I", "-c", _TRIAL]
        tried = subprocess.run(  # noqa: S603 - our own words
            command, input=data, capture_output=True, timeout=_TRIAL_SECONDS, check=False
        )
        if not tried.returncode:
            return
    raise broken(name, "no program can tell where its sheets end")


@dataclass(frozen=True)
class OldWorkbook:
    """The records of an old workbook, opened once; InputError if they are broken."""

    name: str
    data: bytes

    @cached_property
    def _book(self) -> xlrd.Book:
        try:
            return xlrd.open_workbook(
                file_contents=self.data, formatting_info=True, on_demand=True, logfile=io.StringIO()
            )
        except Exception as error:  # noqa: BLE001 - what the library raises for a broken workbook has no other common base
            raise broken(self.name, error) from None

    @property
    def first_day_1904(self) -> bool:
        """Whether days are counted from 1904."""
        return bool(self._book.datemode)

    def marks(self, sheet: str) -> Marks:
        """What a sheet says of its cells."""
        try:
            found = self._book.sheet_by_name(sheet)
            texts = {
                (row, column): xlrd.error_text_from_code.get(found.cell_value(row, column), "#ERROR!")
                for row in range(found.nrows)
                for column, kind in enumerate(found.row_types(row))
                if kind == xlrd.XL_CELL_ERROR
            }
            for place, runs in found.rich_text_runlist_map.items():
                if text := joined(self._runs(found.cell_value(*place), runs)):
                    texts[place] = text
        except Exception as error:  # noqa: BLE001 - as above
            raise broken(self.name, error) from None
        rows = frozenset(row for row, info in found.rowinfo_map.items() if info.hidden)
        columns = frozenset(column for column, info in found.colinfo_map.items() if info.hidden)
        return Marks(texts, Hidden(rows, columns))

    def _runs(self, text: str, runs: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
        """The runs of a text, each with whether its font is raised; what stands before the first has the font of the cell."""
        starts = [(0, False), *((at, self._book.font_list[font].escapement == _RAISED) for at, font in runs)]
        ends = [at for at, _ in starts[1:]] + [len(text)]
        return [(text[at:end], raised) for (at, raised), end in zip(starts, ends, strict=True)]

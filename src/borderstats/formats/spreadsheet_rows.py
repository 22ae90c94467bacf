"""The rows of a long table in a workbook: as XlsxWriter writes them, in about a third of the time.

XlsxWriter holds an object for each cell and asks it for its XML. Here the XML of a column's cells is made once for each of its
texts. This reaches into XlsxWriter, whose version is pinned; a test holds one to the other,
byte for byte but for `spans`, an attribute that only helps readers to reserve memory and is left out here.
"""
# ruff: noqa: SLF001

from collections.abc import Iterator, Mapping, Sequence
from itertools import starmap
from typing import Any

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

Cell = str | float


class Rows:
    """The rows of a worksheet from row `start`, counted from 0, to its last; columns are added from the left.

    XlsxWriter writes what stands above them, and the last one, so that it knows how far the table goes.
    """

    def __init__(self, worksheet: Any, start: int) -> None:
        self._sheet, self._start, self._last = worksheet, start, start
        self._columns: list[tuple[Sequence[Cell], Mapping[Cell, int], Any]] = []
        self._others, worksheet._write_rows = worksheet._write_rows, self._write

    def add(self, cells: Sequence[Cell], looks: Any) -> None:
        """The next column, of as many cells as the others and at least one, in this format."""
        shared = self._sheet.str_table._get_shared_string_index
        texts: dict[Cell, int] = {cell: shared(cell) for cell in cells[:-1] if isinstance(cell, str)}
        write = self._sheet.write_string if isinstance(cells[-1], str) else self._sheet.write_number
        self._last = self._start + len(cells) - 1
        write(self._last, len(self._columns), cells[-1], looks)
        self._columns.append((cells[:-1], texts, looks))

    def _write(self) -> None:
        sheet, first, last = self._sheet, self._sheet.dim_rowmin, self._sheet.dim_rowmax
        sheet.dim_rowmax = self._start - 1
        self._others()
        names = [f'<c r="{xl_col_to_name(place)}' for place in range(len(self._columns))]
        for row, cells in enumerate(zip(*starmap(_cells, self._columns), strict=True), self._start):
            sheet._write_row(row, None, sheet.row_info.get(row))
            number = str(row + 1)
            parts = [name + number + cell for name, cell in zip(names, cells, strict=True)]
            sheet.fh.write("".join(parts) + "</row>")
        sheet.dim_rowmin, sheet.dim_rowmax = self._last, last
        self._others()
        sheet.dim_rowmin = first


def _cells(cells: Sequence[Cell], texts: Mapping[Cell, int], looks: Any) -> Iterator[str]:
    """The XML of the cells of a column, after the numbers of their rows."""
    style = f'" s="{looks._get_xf_index()}"'
    made = {text: f'{style} t="s"><v>{number}</v></c>' for text, number in texts.items()}
    return (made.get(cell) or f"{style}><v>{cell:.16G}</v></c>" for cell in cells)

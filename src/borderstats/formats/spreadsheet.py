"""How a workbook is written: by gptables, which knows the guidance, with what it does slowly done here.

Texts are never formulas, links only where they are meant, and the bytes depend on nothing but what is written.
"""

import datetime
import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd  # type: ignore[import-untyped]

from borderstats.formats.spreadsheet_rows import Rows
from borderstats.words import labels

with warnings.catch_warnings():
    # It leaves closing a file of its own to the collector.
    warnings.simplefilter("ignore", ResourceWarning)
    import gptables  # type: ignore[import-untyped]

_PLACEHOLDER = "x"
_WIDEST = 90
"""Letters of a column; longer texts have several lines."""

_COVER = 75
_LINE = 16.0
"""The height of a line of gptables' font in points."""

_TITLE = 22.0
"""The same of its titles, whose letters are half as wide again."""

_SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Sheet:
    """A table of a workbook: its columns by heading, and its words; `$$name$$` in a subtitle refers to a note.

    `noted`: the note of a column by the column's place. `figures`: the heading of the column of figures, with so many
    `decimals`.
    """

    title: str
    columns: Mapping[str, Sequence[str | float]]
    instructions: str
    legend: Sequence[str] = ()
    subtitles: Sequence[str] = ()
    noted: Mapping[int, str] = field(default_factory=dict)
    figures: str = ""
    decimals: int = 0

    @property
    def start(self) -> int:
        """The row under the headings: title, instructions and headings are one each."""
        return 3 + len(self.subtitles) + len(self.legend)

    @property
    def length(self) -> int:
        """How many rows the table has."""
        return len(next(iter(self.columns.values())))


@dataclass(frozen=True)
class Cover:
    """The first worksheet, a text a row; `[text](address)` is a link."""

    title: str
    intro: Sequence[str]
    about: Sequence[str]
    contact: Sequence[str]


@dataclass(frozen=True)
class Workbook:
    """All that a workbook has. `notes`: texts by name. `remarks` stand over the contents."""

    cover: Cover
    notes: Mapping[str, str]
    sheets: Mapping[str, Sheet]
    author: str
    made: datetime.date
    remarks: Sequence[str] = ()


class _Table(gptables.GPTable):  # type: ignore[misc]
    """A table of which gptables writes the words, the headings and one row, over which all rows are then written.

    It would hold a dictionary of formats for each cell, and take minutes. `more`: how many rows are to come.
    """

    more = 0

    def _set_data_range(self) -> None:
        super()._set_data_range()
        self.data_range[2] += self.more


def plain(text: str) -> str:
    """A text in which gptables finds neither a link nor a reference to a note."""
    return text.replace("](", "] (").replace("$$", "$ $")


def written(workbook: Workbook) -> bytes:
    """The workbook as an XLSX file: cover, contents, notes, then its sheets. Every note must be referred to."""
    stream, cover, notes, sheets = io.BytesIO(), workbook.cover, workbook.notes, workbook.sheets
    with warnings.catch_warnings():
        # It calls pandas in ways that pandas will give up.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"gptables\.")
        book = gptables.produce_workbook(
            stream,
            {label: _table(label, sheet) for label, sheet in sheets.items()},
            cover=gptables.Cover(cover.title, list(cover.intro), list(cover.about), list(cover.contact)),
            contentsheet_options={"subtitles": list(workbook.remarks)},
            notes_table=pd.DataFrame({"Note": list(notes), "Note text": list(map(plain, notes.values()))}),
            auto_width={**dict.fromkeys(sheets, False), "Notes": False},
            workbook_options=_SETTINGS,
        )
    _fit_cover(book.get_worksheet_by_name("Cover"), cover)
    _fit_paper(book.get_worksheet_by_name("Contents"))
    _fill_notes(book, list(notes.values()))
    for label, sheet in sheets.items():
        _fill(book, book.get_worksheet_by_name(label), sheet)
    made = datetime.datetime.combine(workbook.made, datetime.time())
    book.set_properties({"title": cover.title[:255], "author": workbook.author, "created": made})
    book.close()
    return stream.getvalue()


def _table(label: str, sheet: Sheet) -> _Table:
    table = _Table(
        pd.DataFrame({heading: [_PLACEHOLDER] for heading in sheet.columns}),
        f"{label.lower()}_table",
        sheet.title,
        subtitles=list(sheet.subtitles),
        instructions=sheet.instructions,
        legend=list(sheet.legend),
        table_notes=dict(sheet.noted),
        additional_formatting=[
            {"column": {"columns": [n], "format": _looks(sheet, heading), "include_names": True}}
            for n, heading in enumerate(sheet.columns)
        ],
    )
    table.more = sheet.length - 1
    return table


def _looks(sheet: Sheet, heading: str) -> dict[str, Any]:
    """How the cells of a column look: figures to the right, with commas and the publisher's decimals."""
    if heading == sheet.figures:
        return {"align": "right", "indent": 1, "num_format": f"#,##0.{'0' * sheet.decimals}".rstrip(".")}
    return {"align": "left"}


def _fill(book: Any, worksheet: Any, sheet: Sheet) -> None:
    """All rows of a table under its headings, the widths of its columns and the heights of rows with several lines."""
    start, heading_lines = sheet.start, 1
    heights: dict[int, float] = {}
    rows = Rows(worksheet, start)
    for place, (heading, cells) in enumerate(sheet.columns.items()):
        # A heading breaks between its words, above the number of its note.
        headed = max(map(len, [*heading.split(), "[note 10]"]))
        letters = min(_WIDEST, max(headed, *(len(str(cell)) for cell in set(cells))))
        heading_lines = max(heading_lines, len(labels.wrapped(heading, letters)) + (place in sheet.noted))
        worksheet.set_column(place, place, _width(letters))
        looks = book.add_format({**book.theme.data_format, **_looks(sheet, heading)})
        rows.add(cells, looks)
        long = {cell for cell in cells if isinstance(cell, str) and len(cell) > letters}
        tall: dict[str | float, float] = {text: _height(text, letters) for text in long}
        for row, cell in enumerate(cells, start) if tall else ():
            if cell in tall:
                heights[row] = max(heights.get(row, 0), tall[cell])
    heights[start - 1] = _LINE * heading_lines
    for row, height in heights.items():
        worksheet.set_row(row, height)
    _fit_paper(worksheet)
    # Each page of it has the headings.
    worksheet.repeat_rows(start - 1)


def _fill_notes(book: Any, notes: Sequence[str]) -> None:
    """The notes with their numbers beside their first lines, in rows as high as their lines.

    Excel fits the heights of rows itself; other programs do not all.
    """
    worksheet = book.get_worksheet_by_name("Notes")
    looks = book.add_format({**book.theme.data_format, "align": "left", "valign": "top"})
    worksheet.set_column(0, 0, _width(len("Note number")))
    worksheet.set_column(1, 1, _width(_WIDEST))
    for row, text in enumerate(notes, 3):
        worksheet.write_number(row, 0, row - 2, looks)
        worksheet.write_string(row, 1, text, looks)
        worksheet.set_row(row, _height(text, _WIDEST))
    _fit_paper(worksheet)


def _fit_cover(worksheet: Any, cover: Cover) -> None:
    """Width and heights of the cover's lines: its title, and three parts that have a heading each."""
    worksheet.set_column(0, 0, _width(_COVER))
    worksheet.set_row(0, _TITLE * len(labels.wrapped(cover.title, _COVER * 2 // 3)))
    parts = [text for part in (cover.intro, cover.about, cover.contact) for text in ("", *part)]
    for row, text in enumerate(parts, 1):
        shown = text[1:].partition("](")[0] if text.startswith("[") else text
        if len(shown) > _COVER:
            worksheet.set_row(row, _height(shown, _COVER))
    _fit_paper(worksheet)


def _fit_paper(worksheet: Any) -> None:
    """On paper a worksheet is as wide as its page."""
    worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)


def _width(letters: int) -> float:
    """A column's width for so many letters of gptables' font, in those of a spreadsheet's default font."""
    return 1.2 * letters + 2


def _height(text: str, letters: int) -> float:
    """A row's height in points for a text in lines of so many letters."""
    return _LINE * len(labels.wrapped(text, letters))

"""What a new workbook (.xlsx) says of its cells that their values do not: errors, formulas, raised digits, hidden rows.

The values are read by a library that gives an empty text for an error and for a formula without a value, and joins a
number with the note that stands raised behind it. Only parts that have such a thing are parsed. A document type, which
could define entities, is refused.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from posixpath import join, normpath
from typing import NamedTuple
from xml.parsers import expat

import numpy as np

from borderstats.errors import InputError
from borderstats.intake.kinds import RAISED
from borderstats.intake.raw import Hidden
from borderstats.intake.unpack import MOST, Package, broken, check_size, whole_tags
from borderstats.observations import Ints

MOST_CELLS = 20_000_000
"""A workbook with more cells is none of tables; the largest in the archive has half a million."""

_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_COLUMN = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})[0-9]')
_ROW = re.compile(rb'<c [^>]*?\br="[A-Z]{1,3}([0-9]{1,7})"')

_SHARED = re.compile(rb"<(?:\w+:)?c\s[^>]*?\bt=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})")
_STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
_HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\s(?=[^>]*\b(?:hidden=[\"'](?:1|true)|ht=[\"']0[\"']))[^>]*?\br=[\"']([0-9]{1,7})"
)
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\s(?=[^>]*\bhidden=[\"'](?:1|true))[^>]*>")
_SPAN = re.compile(rb"\b(?:min|max)=[\"']([0-9]{1,5})")
_MARKS = (b'"e"', b"superscript", b"<f")
"""What stands in every sheet with an error, a formula or a raised digit: sought one by one, faster than all at once."""

_BEHIND_TAG = np.isin(np.arange(256), list(b" \t\n\v\f\r/>"))
_LONGEST_PLACE = len('<c r="XFD1048576"')

_MARKED = re.compile(
    rb"\"e\"|'e'|superscript|(?:</f\s*>|<f\b[^>]*/>)(?!\s*<v\b)|<v\b[^>]*(?:/>|>\s*(?:</|&))|<!|:[fv][\s/>]"
)
"""What stands in every row with such a cell: a formula that no value follows is marked, one with a value is not."""

_RECALCULATED = re.compile(_MARKED.pattern + rb"|(?:</f\s*>|/>)\s*<v\b[^>]*>\s*0\s*</")
"""The same where a formula with the value 0 has none either."""

_ROW_TAG = re.compile(rb"<row[\s>]")
_PLAIN = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?![^>]*encoding=[\"'](?!utf-8[\"']))[^>]*>)?\s*<\w", re.IGNORECASE
)
"""How a sheet in UTF-8 begins."""

_TRUE = ("1", "true")
_STRINGS = "xl/sharedstrings.xml"
_LONGEST_FORMULA = 30

Place = tuple[int, int]
"""Row and column of a cell, from 0."""


@dataclass(frozen=True)
class Marks:
    """The texts of the cells that are otherwise than their values, and what is hidden.

    An error is its own text (`#REF!`), a formula without a value the formula (`=A1+1`), and digits that are raised
    beside a number are raised (`341` and a note 1 are `341\u00b9`).
    """

    texts: Mapping[Place, str]
    hidden: Hidden


@dataclass(frozen=True)
class _Extent:
    """How many rows and columns a sheet has, what is hidden, and whether there may be marked cells in it.

    `sharing`: how many cells have a shared text, at most. `placed`: each cell says where it stands.
    """

    rows: int
    columns: int
    sharing: int
    hidden: Hidden
    marked: bool
    placed: bool

    @property
    def cells(self) -> int:
        return self.rows * self.columns


@dataclass(frozen=True)
class SpreadsheetXml:
    """The parts of a workbook. InputError for one that is no workbook of this kind, broken, or far too large."""

    package: Package

    def check(self) -> None:
        """Raise InputError if reading the sheets would fill the memory: by their cells, or by texts that many share."""
        name = self.package.name
        for part, extent in self._extents.items():
            if extent.cells > MOST_CELLS:
                raise InputError(
                    f"{name}: {part} reaches to row {extent.rows:,} and column {extent.columns:,}, which no table here does; "
                    "there is a stray cell far out. Fetch the publisher's own file"
                )
        parts = [part.lower() for part in self._sheets.values()]
        cells = sum(self._extents[part].cells for part in parts if part in self._extents)
        if cells > MOST_CELLS:
            raise InputError(
                f"{name}: the sheets have {cells:,} cells, and no workbook of tables has more than {MOST_CELLS:,}. Fetch the publisher's own file"
            )
        lengths = self._lengths
        sharing = sum(self._extents[part].sharing for part in parts if part in self._extents)
        if len(lengths) and sharing * int(lengths.max()) > MOST:
            check_size(name, self._shared_text(lengths), "the text that the cells of the workbook share")

    def marks(self, sheet: str) -> Marks:
        """What a sheet says of its cells."""
        part = self._sheets.get(sheet, "").lower()
        if part not in self._extents:
            return Marks({}, Hidden())
        extent = self._extents[part]
        return Marks(self._read(part, placed=extent.placed).texts if extent.marked else {}, extent.hidden)

    @cached_property
    def _extents(self) -> dict[str, _Extent]:
        """The extent of each sheet by its part."""
        parts = dict.fromkeys(part.lower() for part in self._sheets.values())
        return {part: self._extent(part) for part in parts if part in self.package.parts}

    def _extent(self, part: str) -> _Extent:
        rows = columns = cells = placed = sharing = 0
        marked = bool(self._raised)
        hidden_rows: set[int] = set()
        hidden_columns: set[int] = set()
        for text in whole_tags(self.package.pieces(part)):
            here = _usual(text) or _unusual(text)
            rows, columns = max(rows, here.rows), max(columns, here.columns)
            cells, placed = cells + here.cells, placed + here.placed
            quoted = b"'" in text
            sharing += text.count(b't="s"') + (text.count(b"t='s'") if quoted else 0)
            marked = marked or _may_be_marked(text)
            if cells > MOST_CELLS:
                raise InputError(
                    f"{self.package.name}: {part} has more than {MOST_CELLS:,} cells, which no sheet with tables has. Fetch the publisher's own file"
                )
            if b"hidden" in text or b'ht="0"' in text:
                hidden_rows.update(int(row) - 1 for row in _HIDDEN_ROW.findall(text))
                for span in map(_SPAN.findall, _HIDDEN_COLUMNS.findall(text)):
                    hidden_columns.update(
                        range(min(map(int, span), default=1) - 1, max(map(int, span), default=0))
                    )
        if placed < cells:
            reader = self._read(part)
            rows, columns = max(rows, reader.last_row + 1), max(columns, reader.last_column + 1)
        hidden = Hidden(frozenset(hidden_rows), frozenset(hidden_columns))
        return _Extent(rows, columns, sharing, hidden, marked, placed == cells)

    def _read(self, part: str, *, placed: bool = False) -> "_SheetReader":
        """A sheet as it is parsed. `placed`: each cell says where it stands, so that rows without a mark can be left out."""
        reader = _SheetReader(self._raised, recalculated=self._recalculated)
        marked = _RECALCULATED if self._recalculated else _MARKED
        rows = (
            _marked_rows(b"".join(self.package.pieces(part)), marked) if placed and not self._raised else None
        )
        pieces = None if rows is None else (b"<rows>", *rows, b"</rows>")
        self._parse(part, reader.start, reader.end, reader.text, pieces)
        return reader

    @cached_property
    def _recalculated(self) -> bool:
        """Whether the program that opens the workbook is to calculate every formula, because nobody has yet."""
        found = []
        self._parse("xl/workbook.xml", lambda tag, own: found.append((tag, own)))
        return any(tag == "calcPr" and own.get("fullCalcOnLoad") in _TRUE for tag, own in found)

    @cached_property
    def first_day_1904(self) -> bool:
        """Whether days are counted from 1904."""
        found = []
        self._parse("xl/workbook.xml", lambda tag, own: found.append((tag, own)))
        return any(tag == "workbookPr" and own.get("date1904") in _TRUE for tag, own in found)

    @cached_property
    def _sheets(self) -> dict[str, str]:
        """The part of each sheet by its name."""
        targets: dict[str, str] = {}
        sheets: dict[str, str] = {}
        self._parse(
            "xl/_rels/workbook.xml.rels",
            lambda tag, own: targets.update({own["Id"]: own["Target"]} if tag == "Relationship" else {}),
        )
        self._parse(
            "xl/workbook.xml",
            lambda tag, own: sheets.update({own["name"]: _relation(own)} if tag == "sheet" else {}),
        )
        return {
            name: normpath(join("/xl", targets.get(one, ""))).removeprefix("/")
            for name, one in sheets.items()
        }

    @property
    def _strings(self) -> str:
        """The part of the texts that cells share; none in a workbook of figures or inline texts."""
        return _STRINGS if _STRINGS in self.package.parts else ""

    @cached_property
    def _lengths(self) -> Ints:
        """About how long each shared text is: the bytes from its tag to the next."""
        starts, before = [], 0
        for text in whole_tags(self.package.pieces(self._strings)) if self._strings else ():
            starts += [before + match.start() for match in _STRING.finditer(text)]
            before += len(text)
        ends = np.array([*starts, before][1:], np.int64)
        return ends - np.array(starts[: len(ends)], np.int64)

    def _shared_text(self, lengths: Ints) -> int:
        """How long all texts together are that cells share."""
        total = 0
        for part in self._extents:
            for text in whole_tags(self.package.pieces(part)):
                numbers = np.array(_SHARED.findall(text), "S9").astype(np.int64)
                total += int(lengths[numbers[numbers < len(lengths)]].sum())
        return total

    @cached_property
    def _raised(self) -> Mapping[int, str]:
        """The shared texts in which digits stand raised beside a number, by their number."""
        part = self._strings
        if not part or not any(b"superscript" in text for text in whole_tags(self.package.pieces(part))):
            return {}
        reader = _StringsReader()
        self._parse(part, reader.start, reader.end, reader.text)
        return reader.raised

    def _parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object],
        end: Callable[[str], object] = lambda _: None,
        text: Callable[[str], object] = lambda _: None,
        pieces: Iterable[bytes] | None = None,
    ) -> None:
        """Parse a part, or a row of it; tags are given without the prefix of their namespace."""

        def refuse(*_: object) -> None:
            raise broken(self.package.name, f"{part} has a document type")

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = lambda tag, own: start(tag.rpartition(":")[2], own)
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
        parser.CharacterDataHandler = text
        try:
            for piece in self.package.pieces(part) if pieces is None else pieces:
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, KeyError, ValueError, StopIteration) as error:
            raise broken(self.package.name, f"{part}: {error}") from None


class _Runs:
    """A text that is made of runs, some of them raised."""

    def __init__(self) -> None:
        self._runs: list[tuple[str, bool]] = []
        self._raised = self._inside = self._spoken = False

    def start(self, tag: str, own: Mapping[str, str]) -> None:
        if tag == "r":
            self._raised = False
        elif tag == "vertAlign":
            self._raised = own.get("val") == "superscript"
        elif tag == "rPh":
            self._spoken = True
        elif tag == "t" and not self._spoken:
            self._inside = True
            self._runs.append(("", self._raised))

    def end(self, tag: str) -> None:
        if tag == "t":
            self._inside = False
        elif tag == "rPh":
            self._spoken = False
        elif tag == "r":
            self._raised = False

    def text(self, text: str) -> None:
        if self._inside:
            before, raised = self._runs[-1]
            self._runs[-1] = (before + text, raised)

    @property
    def raised(self) -> str:
        """The whole text with raised digits, if one stands beside a digit that is not; else nothing."""
        return joined(self._runs)


def joined(runs: Iterable[tuple[str, bool]]) -> str:
    """Runs of text, of which some are raised, as one in which raised digits are; nothing if none is beside another digit."""
    whole, found, before = "", False, ("", False)
    for text, raised in runs:
        if not text.strip():
            whole += text
            continue
        beside = before[0].rstrip()[-1:].isdigit() and text.lstrip()[:1].isdigit()
        found = found or (beside and raised != before[1])
        whole += text.translate(RAISED) if raised else text
        before = (text, raised)
    return whole if found else ""


class _StringsReader:
    def __init__(self) -> None:
        self.raised: dict[int, str] = {}
        self._number = -1
        self._runs = _Runs()

    def start(self, tag: str, own: Mapping[str, str]) -> None:
        if tag == "si":
            self._number += 1
            self._runs = _Runs()
        else:
            self._runs.start(tag, own)

    def end(self, tag: str) -> None:
        if tag != "si":
            self._runs.end(tag)
        elif raised := self._runs.raised:
            self.raised[self._number] = raised

    def text(self, text: str) -> None:
        self._runs.text(text)


class _SheetReader:
    """Reads the cells of a sheet. `recalculated`: a formula's 0 is no value, because nobody has calculated it yet."""

    def __init__(self, raised: Mapping[int, str], *, recalculated: bool) -> None:
        self._shared, self._recalculated = raised, recalculated
        self.texts: dict[Place, str] = {}
        self._row = self._column = self.last_row = self.last_column = -1
        self._kind, self._inside = "", ""
        self._formula: str | None = None
        self._value: str | None = None
        self._runs = _Runs()

    def start(self, tag: str, own: Mapping[str, str]) -> None:
        if tag == "c":
            self._cell(own)
        elif tag == "row":
            self._row = int(own["r"]) - 1 if "r" in own else self._row + 1
            self._column = -1
        elif tag in ("f", "v"):
            self._inside = tag
            if tag == "f":
                self._formula = ""
            else:
                self._value = ""
        else:
            self._runs.start(tag, own)

    def _cell(self, own: Mapping[str, str]) -> None:
        if place := own.get("r"):
            column = place.rstrip("0123456789")
            self._column, self._row = _column_number(column.encode()) - 1, int(place[len(column) :]) - 1
        else:
            self._column += 1
        self.last_row, self.last_column = max(self.last_row, self._row), max(self.last_column, self._column)
        self._kind = own.get("t", "n")
        self._formula = self._value = None
        self._runs = _Runs()

    def end(self, tag: str) -> None:
        self._inside = ""
        if tag != "c":
            self._runs.end(tag)
        elif text := self._mark():
            self.texts[self._row, self._column] = text

    def text(self, text: str) -> None:
        if self._inside == "f":
            self._formula = (self._formula or "") + text
        elif self._inside == "v":
            self._value = (self._value or "") + text
        else:
            self._runs.text(text)

    def _mark(self) -> str:
        """The text of a cell that is otherwise than its value; else nothing."""
        value = (self._value or "").strip()
        if self._kind == "e":
            return value or "#ERROR!"
        if self._formula is not None and self._is_missing(value):
            return f"={' '.join(self._formula.split())[:_LONGEST_FORMULA] or '...'}"
        if self._kind == "s" and value.isdigit():
            return self._shared.get(int(value), "")
        return self._runs.raised if self._kind == "inlineStr" else ""

    def _is_missing(self, value: str) -> bool:
        """Whether a formula has no value; an empty text is one."""
        if self._kind == "str":
            return self._value is None
        return not value or (self._recalculated and value == "0")


class _Cells(NamedTuple):
    """The last row and column of some cells, how many they are, and how many of them say where they stand."""

    rows: int
    columns: int
    cells: int
    placed: int


def _usual(text: bytes) -> _Cells | None:
    """The cells in a piece of a sheet, if each begins as nearly all programs write them: `<c r="B12"`; else None."""
    if b":" in text and b":c" in text:
        return None
    signs = np.frombuffer(text + bytes(_LONGEST_PLACE), np.uint8)
    tags = np.flatnonzero(signs == ord("<"))
    at = tags[(signs[tags + 1] == ord("c")) & _BEHIND_TAG[signs[tags + 2]]]
    number = len(at)
    if not all((signs[at + place] == sign).all() for place, sign in enumerate(b' r="', 2)):
        return None
    at += len('<c r="')
    column, row = np.zeros(number, np.int32), np.zeros(number, np.int32)
    for value, first, digits, least, longest in ((column, "A", 26, 1, 3), (row, "0", 10, 0, 7)):
        for _ in range(longest):
            digit = signs[at] - np.uint8(ord(first))
            here = digit < digits
            if not here.any():
                break
            np.copyto(value, value * digits + digit + least, where=here)
            at += here
    if not ((signs[at] == ord('"')) & (column > 0) & (row > 0)).all():
        return None
    return _Cells(int(row.max(initial=0)), int(column.max(initial=0)), number, number)


def _unusual(text: bytes) -> _Cells:
    """The cells in a piece of a sheet, however they are written."""
    columns = _COLUMN.findall(text)
    return _Cells(
        max(map(int, set(_ROW.findall(text))), default=0),
        max(map(_column_number, set(columns)), default=0),
        len(_CELL.findall(text)),
        len(columns),
    )


def _may_be_marked(text: bytes) -> bool:
    """Whether a piece of a sheet may have an error, a formula or a raised digit."""
    return (
        any(mark in text for mark in _MARKS)
        or (b"'" in text and b"'e'" in text)
        or (b":" in text and b":f" in text)
    )


def _marked_rows(sheet: bytes, marked: re.Pattern[bytes]) -> list[bytes] | None:
    """The rows in which a cell may be marked, elements that can be parsed without the others; None if that cannot be told."""
    if not _PLAIN.match(sheet) or b"<!" in sheet:
        return None
    parts = sheet.split(b"</row")[:-1]
    rows = [part[part.rfind(b"<row") :] for part in parts]
    cells = sum(row.count(b"<c ") for row in rows)
    if cells != sheet.count(b"<c ") or not all(map(_ROW_TAG.match, rows)):
        return None
    return [row + b"</row>" for row in rows if _may_be_marked(row) and marked.search(row)]


def _relation(own: Mapping[str, str]) -> str:
    """The id of the part of a sheet, an attribute of another namespace."""
    return next(value for name, value in own.items() if name.endswith(":id"))


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number

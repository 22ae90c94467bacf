"""A web page as cells: its headings, texts and the rows of its tables one below the other, as a sheet would have them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from borderstats.errors import InputError
from borderstats.intake.kinds import RAISED
from borderstats.intake.raw import NOT_A_TABLE, Cells, letters

_MOST_CELLS = 500_000
"""No published page has as many."""

_MOST_COLUMNS, _MOST_ROWS = 1_000, 65_534
"""What a cell can span at most, by the HTML standard."""

_UNSEEN = {"head", "script", "style", "template", "noscript"}
_IN_LINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
}  # fmt: skip
"""What does not end a line of text."""


def cells(name: str, data: bytes) -> Cells:
    """The text of a page as cells: a row for each row of a table, and for each paragraph or heading one with its first cell alone.

    Digits in `<sup>` are raised, as a person sees them. A table in which others stand is no table but the layout of the page.
    Raises InputError if the page has no table, is cut off or too large, or has cells that lie over one another.
    """
    page = _Page(name)
    page.read(_root(name, data))
    if not page.tables:
        raise InputError(f"{name}: {NOT_A_TABLE}")
    lower = data.lower()
    if b"<html" in lower and b"</html" not in lower:
        raise InputError(f"{name}: the page has no end (</html>), so it was probably cut off; fetch it again")
    width = max(map(len, page.rows))
    _check_size(name, len(page.rows) * width)
    return Cells("", [row + [""] * (width - len(row)) for row in page.rows], page.merged)


def _root(name: str, data: bytes) -> html.HtmlElement:
    """A page as a tree. It is in UTF-8 if it can be; otherwise as it says itself."""
    encoding: str | None = "utf-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        encoding = None
    parser = html.HTMLParser(encoding=encoding, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise InputError(f"{name}: {NOT_A_TABLE} ({_even(str(error))})") from None
    # Where it reaches a limit, the library leaves out what is behind it and says nothing.
    if any(one.level == etree.ErrorLevels.FATAL for one in parser.error_log):
        raise InputError(
            f"{name}: the page is nested too deep, or has too long a text, to be read whole. Fetch the publisher's own page"
        )
    return root


def _check_size(name: str, size: int) -> None:
    if size > _MOST_CELLS:
        raise InputError(
            f"{name}: the page has more than {_MOST_CELLS:,} cells, which no published page has. Fetch the publisher's own page"
        )


@dataclass
class _Page:
    """The rows of a page as far as it was read."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    tables: int = 0

    def read(self, root: html.HtmlElement) -> None:
        line = ""
        for piece in itertools.chain(_pieces(root), [None]):
            if isinstance(piece, str):
                line += piece
                continue
            if text := _even(line):
                self.rows.append([text])
            line = ""
            if piece is not None:
                self._table(piece)

    def _table(self, table: html.HtmlElement) -> None:
        """The rows of a table by the table model of HTML: a cell takes the first places that are free in its row."""
        self.tables += 1
        for caption in table.iterchildren("caption"):
            self.rows.append([_text(caption)])
        lines = [line for line in table.iter("tr") if next(line.iterancestors("table")) is table]
        taken: dict[tuple[int, int], str] = {}
        top = len(self.rows)
        for number, line in enumerate(lines):
            column = 0
            for cell in line.iterchildren("td", "th"):
                while (number, column) in taken:
                    column += 1
                wide = min(_span(cell, "colspan"), _MOST_COLUMNS)
                high = min(_span(cell, "rowspan") or len(lines), _MOST_ROWS, len(lines) - number)
                _check_size(self.name, len(taken) + wide * high)
                for place in _places(number, column, high, wide):
                    if place in taken:
                        raise InputError(
                            f"{self.name}: row {top + place[0] + 1}, column {letters(place[1])}: cells lie over one another, "
                            "which no program writes; fetch the page again"
                        )
                    taken[place] = ""
                taken[number, column] = _text(cell)
                if wide * high > 1:
                    last = top + number + high - 1, column + wide - 1
                    self.merged.append(((top + number, column), last))
                column += wide
        width = 1 + max((column for _, column in taken), default=0)
        _check_size(self.name, len(lines) * width)
        self.rows += [[taken.get((row, column), "") for column in range(width)] for row in range(len(lines))]


def _places(row: int, column: int, high: int, wide: int) -> Iterator[tuple[int, int]]:
    """The places of a cell that spans rows and columns."""
    return ((r, c) for r in range(row, row + high) for c in range(column, column + wide))


def _span(cell: html.HtmlElement, name: str) -> int:
    """How many rows or columns a cell spans; what is no number is one."""
    written = (cell.get(name) or "").strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 1


def _pieces(root: html.HtmlElement) -> Iterator[str | html.HtmlElement | None]:
    """The texts in an element, None where a line ends, and the tables of figures."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if element.tag not in _IN_LINE:
            yield None
        if event == "end":
            if element is not root:
                yield _raised(element.getparent(), element.tail)
        elif element.tag in _UNSEEN:
            walk.skip_subtree()
        elif element.tag == "table" and element.find(".//table") is None:
            walk.skip_subtree()
            yield element
        else:
            yield _raised(element, element.text)


def _text(cell: html.HtmlElement) -> str:
    """The text of a cell on one line."""
    return _even("".join(" " if piece is None else piece for piece in _pieces(cell)))


def _raised(element: html.HtmlElement, text: str | None) -> str:
    """A text that stands in an element, its digits raised if it stands in a `<sup>`."""
    text = text or ""
    if text.strip() and (element.tag == "sup" or next(element.iterancestors("sup"), None) is not None):
        return text.translate(RAISED)
    return text


def _even(text: str) -> str:
    return " ".join(text.split())

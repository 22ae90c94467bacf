"""Which layout a file has: told by its headings alone, below whatever preamble stands above them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from borderstats.errors import InputError
from borderstats.standard.layouts import Layout, LayoutColumn, heading

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Header:
    """A row that is the header of a layout: its place (1 is the first row), its headings, each column's place in it."""

    layout: Layout
    row: int
    headings: tuple[str, ...]
    place: Mapping[str, int]
    delimiter: str = ""

    @property
    def unknown(self) -> tuple[str, ...]:
        return _unknown(self.layout, self.headings)

    @property
    def nameless(self) -> tuple[int, ...]:
        """Places of columns without a heading; nothing may stand in them."""
        return tuple(place for place, text in enumerate(self.headings) if not heading(text))


def recognise(layouts: Iterable[Layout], tried: Mapping[str, Rows], where: str) -> Header:
    """The one header among the first rows of a file, which were read once for each delimiter (`""` for a sheet).

    InputError if no layout fits, several do, headings are unknown, or one column stands there twice.
    """
    layouts = tuple(layouts)
    found = [header for delimiter, rows in tried.items() for header in _headers(layouts, rows, delimiter)]
    fitting = [header for header in found if not header.unknown] or found
    names = sorted({header.layout.id for header in fitting})
    if not fitting:
        raise InputError(f"{where}: {_nearest(layouts, tried)}")
    if len(names) > 1:
        raise InputError(
            f"{where}: the headings fit several layouts ({', '.join(names)}); require a column that only one of them has"
        )
    header = fitting[0]
    if header.unknown:
        raise InputError(
            f"{where}: row {header.row}: unknown columns: {_listed(header.unknown)}; "
            f"add them to standard/layouts/{header.layout.id}.toml, or say there under ignore why they are not taken"
        )
    twice = [name for name, times in _times(header.layout, header.headings).items() if times > 1]
    if twice:
        raise InputError(
            f"{where}: row {header.row}: columns that stand there twice, perhaps under two headings: {_listed(twice)}; "
            "keep the one that the agency means"
        )
    return header


def _headers(layouts: Iterable[Layout], rows: Rows, delimiter: str) -> list[Header]:
    """The first row that is a header of each layout."""
    headers = []
    for layout in layouts:
        if delimiter and delimiter not in layout.delimiters:
            continue
        for number, row in enumerate(rows, 1):
            columns = [layout.headings.get(heading(text)) for text in row]
            if all(column in columns for column in layout.required):
                place = {column.name: at for at, column in enumerate(columns) if column}
                headers.append(Header(layout, number, tuple(row), place, delimiter))
                break
    return headers


def _unknown(layout: Layout, row: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in row if heading(text) and heading(text) not in layout.headings)


def _times(layout: Layout, row: Sequence[str]) -> Counter[str]:
    columns = (layout.headings.get(heading(text)) for text in row)
    return Counter(column.name for column in columns if column and not column.ignore)


def _nearest(layouts: Sequence[Layout], tried: Mapping[str, Rows]) -> str:
    """What is wrong, by the layout and row with the largest share of the required columns.

    A row's own words are shown only where most of them are headings: others could be a record's.
    """
    best: tuple[float, Layout, Sequence[str], str] | None = None
    for delimiter, rows in tried.items():
        for row in rows:
            for layout in layouts:
                share = 1 - len(_missing(layout, row)) / len(layout.required)
                if share and (best is None or share > best[0]):
                    best = (share, layout, row, delimiter)
    if best is None:
        return "the first 50 rows hold no heading of any layout; write one in standard/layouts/"
    _, layout, row, delimiter = best
    missing = _missing(layout, row)
    if not missing:
        return (
            f"the columns are those of layout {layout.id}, but separated by something else; "
            f"save the file with {' or '.join(repr(each) for each in layout.delimiters)} between its cells"
        )
    text = f"no layout fits; the nearest is {layout.id}, without its columns {_listed(_headings(missing))}"
    unknown = _unknown(layout, row)
    if unknown and 2 * len(unknown) < len(row):
        text += f" and with the unknown columns {_listed(unknown)}"
    elif unknown:
        text += f" and with {len(unknown)} unknown columns"
    return f"{text}; add the headings to standard/layouts/{layout.id}.toml or write another layout"


def _missing(layout: Layout, row: Sequence[str]) -> list[LayoutColumn]:
    there = _times(layout, row)
    return [column for column in layout.required if not there[column.name]]


def _headings(columns: Iterable[LayoutColumn]) -> list[str]:
    return [" or ".join(column.names) for column in columns]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(" ".join(name.split()) for name in names)

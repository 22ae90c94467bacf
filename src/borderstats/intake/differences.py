"""How a file differs from what a source describes: columns and sheets that are missing, renamed, extra or there twice."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from borderstats.errors import InputError
from borderstats.standard.sources import ListTable, Source, WorkbookSource
from borderstats.standard.struct import fold


class Difference(NamedTuple):
    """What a file has otherwise than a source, with its place, and what to do if the file is of that source."""

    what: str
    to_do: str = ""


class LayoutError(InputError):
    """A file that is not laid out as a source describes it. Its text holds if the file is of that source."""

    def __init__(self, name: str, differences: Iterable[Difference]) -> None:
        self.differences = tuple(differences)
        super().__init__("\n".join(f"{name}: {'; '.join(filter(None, found))}" for found in self.differences))


def differing(name: str, what: str, to_do: str = "") -> LayoutError:
    """The error of one difference."""
    return LayoutError(name, [Difference(what, to_do)])


def likeness(names: Iterable[str], wanted: Iterable[str]) -> float:
    """Shared names over all names (Jaccard), from 0 to 1."""
    one, other = {fold(name) for name in names}, {fold(name) for name in wanted}
    return len(one & other) / (len(one | other) or 1)


def of_columns(
    source: Source, table: ListTable, header: Sequence[str], sheet: str = ""
) -> Iterator[Difference]:
    """Each column of a list that is missing, renamed, extra or there twice."""
    place = f"sheet {sheet!r}: row 1" if sheet else "row 1"
    folded = [fold(column) for column in header]
    wanted = {fold(column): column for column in table.columns}
    extra = {fold(column): column for column in header if fold(column) not in wanted}
    for column, times in Counter(folded).items():
        if times > 1 and column in wanted:
            yield Difference(
                f"{place}: column {wanted[column]!r} stands there {times} times",
                "delete the copy or fetch the file again",
            )
    for name, column in wanted.items():
        if name in folded or source.column[column].optional:
            continue
        close = difflib.get_close_matches(name, extra, 1, 0.6)
        if close:
            number = folded.index(close[0]) + 1
            yield Difference(
                f"{place}: column {number}: {extra.pop(close[0])!r} is probably {column!r} renamed",
                f"if it means the same, rename it in sources/{source.id}.toml",
            )
        else:
            yield Difference(
                f"{place}: column {column!r} is missing", f"{source.id} cannot be read without it"
            )
    for name, column in extra.items():
        yield Difference(
            f"{place}: column {folded.index(name) + 1}: {column!r} is not known to {source.id}",
            f"describe it in sources/{source.id}.toml",
        )


def of_sheets(source: WorkbookSource, wanted: Sequence[str], sheets: Sequence[str]) -> Iterator[Difference]:
    """Each wanted sheet that a workbook lacks, and each of its sheets that the source does not know."""
    known = {*wanted, *(sheet_named(pattern, sheets) for pattern in source.other_sheets)}
    strange = [sheet for sheet in sheets if sheet not in known]
    for sheet in wanted:
        if sheet not in sheets:
            missing = f"sheet {sheet!r} of {source.id} is missing"
            if close := difflib.get_close_matches(sheet, strange, 1, 0.6):
                yield Difference(f"{missing}; {close[0]!r} may be it, renamed")
            else:
                yield Difference(missing, "the workbook cannot be read without it")
    for sheet in strange:
        yield Difference(
            f"sheet {sheet!r} is not known to {source.id}", f"add it to sources/{source.id}.toml"
        )


def sheet_named(pattern: str, sheets: Sequence[str]) -> str:
    """The sheet that a name of the standard means (`FY??` in it stands for any year), or the name if there is none.

    One that has blanks at its ends more or less than the name is meant if no other is.
    """
    exact = (sheet for sheet in sheets if _fits(sheet, pattern))
    near = (sheet for sheet in sheets if _fits(sheet.strip(), pattern.strip()))
    return next(exact, next(near, pattern))


def _fits(sheet: str, pattern: str) -> bool:
    return len(sheet) == len(pattern) and all(p in ("?", s) for s, p in zip(sheet, pattern, strict=True))

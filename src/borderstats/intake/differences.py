"""How a file differs from what a source describes: columns and sheets that are missing, renamed, extra or there twice."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from borderstats.errors import InputError
from borderstats.intake.wildcards import fits
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


def of_sheets(source: WorkbookSource, sheets: Sequence[str]) -> Iterator[Difference]:
    """Each sheet of a source that a workbook lacks, each of another year than the rest, and each that the source does not know."""
    wanted = sheets_meant(source, sheets)
    known = {*wanted.values(), *sheets_aside(source, sheets)}
    strange = [sheet for sheet in sheets if sheet not in known]
    for sheet in wanted.values():
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
    years = {
        sheet: year for pattern, sheet in wanted.items() if (year := fits(pattern, sheet)) and sheet in sheets
    }
    usual = Counter(years.values()).most_common(1)
    for sheet, year in years.items():
        if year != usual[0][0]:
            yield Difference(
                f"sheet {sheet!r} is of another year than {next(s for s, y in years.items() if y == usual[0][0])!r} and the others",
                "the publisher put the sheet of another edition into the workbook; ask for the right one",
            )


def sheets_aside(source: WorkbookSource, sheets: Sequence[str]) -> list[str]:
    """The sheets of a workbook that hold no figures of the source."""
    return [
        sheet for sheet in sheets if any(fits(pattern, sheet) is not None for pattern in source.other_sheets)
    ]


def sheets_meant(source: WorkbookSource, sheets: Sequence[str]) -> dict[str, str]:
    """The sheet that each name of a source means, or the name if there is none; the first, whatever it is called, if it names none.

    Names are left out of which there is no sheet and the tables are all optional.
    """
    needed = {table.sheet for table in source.layout if not table.optional}
    patterns = dict.fromkeys(table.sheet for table in source.layout if table.sheet)
    found = {pattern: sheet_named(pattern, sheets) for pattern in patterns} or {"": sheets[0]}
    return {pattern: sheet for pattern, sheet in found.items() if sheet in sheets or pattern in needed}


def sheet_named(pattern: str, sheets: Sequence[str]) -> str:
    """The sheet that a name of the standard means, or the name if there is none: in `FY??` any year, and of several the newest.

    The very name goes before one that has blanks at its ends more or less.
    """
    if pattern in sheets:
        return pattern
    found = [(years, sheet) for sheet in sheets if (years := fits(pattern, sheet)) is not None]
    return max(found, key=lambda one: one[0])[1] if found else pattern

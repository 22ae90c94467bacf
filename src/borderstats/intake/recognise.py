"""Which source of the standard a file is of: the one that is named, or the only one that reads a new file."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from borderstats.errors import InputError
from borderstats.intake import forms
from borderstats.intake.differences import Difference, LayoutError
from borderstats.intake.forms import File, Recognised
from borderstats.intake.table import TableReader
from borderstats.observations import KeySpace
from borderstats.standard.model import Standard
from borderstats.standard.sources import BlockTable

_LEAST_LIKENESS = 0.2
"""A source that shares fewer of its names with a file neither reads it nor is near."""

_DIFFERENCES_SHOWN = 12
_OTHERS_SHOWN = 2


def read(
    standard: Standard, name: str, data: bytes, source: str = "", differing: list[Difference] | None = None
) -> Recognised:
    """A file as one of a source, by its id; without one, of the only source that reads it.

    Raises InputError if the file is damaged, if no source reads it, or if several do. Raises LayoutError if it differs
    from the source that is named; with a list `differing` the differences are put there, and what can be read is.
    """
    file = forms.opened(name, data)
    if source:
        return _named(standard, name, file, source, differing)
    found, near, damaged = _tried(standard, file)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        ids = [one.source.id for one in found]
        both = "both" if len(ids) == 2 else "all"
        raise InputError(
            f"{name}: {', '.join(ids[:-1])} and {ids[-1]} {both} read it; say which with --source"
        )
    if damaged:
        raise damaged[0]
    raise InputError("\n".join(_nearest(standard, name, file, near)))


def sources_of(standard: Standard, name: str, data: bytes) -> tuple[str, ...]:
    """The ids of all sources that read a file."""
    found, _, _ = _tried(standard, forms.opened(name, data))
    return tuple(one.source.id for one in found)


def _named(
    standard: Standard, name: str, file: File[Any], source: str, differing: list[Difference] | None
) -> Recognised:
    if source not in standard.sources:
        close = difflib.get_close_matches(source, standard.sources, 1)
        meant = f"{close[0]!r} may be meant" if close else f"known are {', '.join(standard.sources)}"
        raise InputError(f"{name}: no source of the standard is called {source!r}; {meant}")
    described = standard.sources[source]
    if described.format != file.form:
        raise LayoutError(
            name,
            [
                Difference(
                    f"it is {forms.CALLED[file.form]}, and a file of {source} is {forms.CALLED[described.format]}",
                    "fetch the publisher's own file",
                )
            ],
        )
    return file.read(described, differing)


def _tried(
    standard: Standard, file: File[Any]
) -> tuple[list[Recognised], dict[str, tuple[Difference, ...]], list[InputError]]:
    """A file as one of each source that reads it, how it differs from those that are near, and what is damaged in it."""
    found: list[Recognised] = []
    differing: dict[str, tuple[Difference, ...]] = {}
    damaged: list[InputError] = []
    for source in standard.sources.values():
        if source.format == file.form and file.likeness(source) >= _LEAST_LIKENESS:
            try:
                found.append(file.read(source))
            except LayoutError as error:
                differing[source.id] = error.differences
            except InputError as error:
                damaged.append(error)
    if len(found) > 1:
        found = [one for one in found if _headings_known(standard, one)] or found
    return found, differing, damaged


def _headings_known(standard: Standard, found: Recognised) -> bool:
    """Whether the standard knows every label in the header rows of the blocks, in which the other columns come and go."""
    for table, published in found.tables:
        if isinstance(table, BlockTable):
            space = KeySpace.of(standard, table.dataset or found.source.dataset)
            part = TableReader(standard, found.source, space, table, published).read()
            if any(refusal.column in table.across for refusal in part.refusals):
                return False
    return True


def _nearest(
    standard: Standard, name: str, file: File[Any], differing: Mapping[str, tuple[Difference, ...]]
) -> Iterable[str]:
    """The lines that say that no source reads a file: how it differs from the nearest, and which are next."""
    likeness = {source: file.likeness(standard.sources[source]) for source in differing}
    near = sorted(differing, key=lambda source: (-likeness[source], len(differing[source])))
    if not near:
        known = ", ".join(standard.sources)
        yield (
            f"{name}: no source in the standard reads this file: {file.face}. Known sources: {known}. See docs/add-a-source.md"
        )
        return
    nearest, *others = near
    found = differing[nearest]
    yield f"{name}: no source in the standard reads this file; nearest is {nearest}, which differs by:"
    yield from (f"{name}: {one.what}" for one in found[:_DIFFERENCES_SHOWN])
    if more := found[_DIFFERENCES_SHOWN:]:
        yield f"{name}: and {_counted(len(more))} more"
    if others:
        next_ = ", ".join(f"{one} ({_counted(len(differing[one]))})" for one in others[:_OTHERS_SHOWN])
        yield f"{name}: next are {next_}"
    yield (
        f"{name}: if this file is of {nearest}, --source {nearest} says what to change; "
        "if it is not, describe it as a source of its own (docs/add-a-source.md)"
    )


def _counted(differences: int) -> str:
    return f"{differences:,} difference{'s' if differences != 1 else ''}"

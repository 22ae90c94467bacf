"""What the formats of a dataset say alike: its citation, its notes, its codes of status, its rows as plain values."""

import datetime
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.package import addresses
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.periods import Calendar, Kind
from borderstats.standard.codelists import Code
from borderstats.standard.statuses import Status
from borderstats.words import labels
from borderstats.words.periods import noun

_MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
    "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def address(package: Package, path: str) -> str:
    """The public address of a file of the release."""
    return f"{package.standard.publisher.address}{path}"


def permanent(package: Package, path: str) -> str:
    """The public address under which a page or a file of the release stays as it is."""
    return address(package, addresses.permanent(package.manifest.id, path))


def page(package: Package, meta: Metadata) -> str:
    """The public address of the newest page of a dataset."""
    return address(package, addresses.dataset(meta.id))


def summary(meta: Metadata) -> str:
    """What a dataset counts, its unit, and what a reader must not miss, in one paragraph."""
    said = (meta.counts, f"Unit: {labels.unit(meta.unit)}.", meta.trap)
    return " ".join(labels.stopped(text) for text in said if text)


def citation(package: Package, meta: Metadata) -> str:
    """How to cite a dataset: with the date of its release, and the address where that stays as it is."""
    publisher = package.standard.publisher
    where = permanent(package, addresses.dataset(meta.id))
    return f"{meta.title.en}. {publisher.name}, release of {labels.date(package.manifest.date)}. {where}"


def citation_es(package: Package, meta: Metadata) -> str:
    """The citation in Spanish; the English title where there is no Spanish one."""
    publisher = package.standard.publisher
    day = package.manifest.date
    written = f"{day.day} de {_MONTHS_ES[day.month - 1]} de {day.year}"
    name, where = publisher.name_es or publisher.name, permanent(package, addresses.dataset(meta.id))
    return f"{meta.title.es or meta.title.en}. {name}, publicación del {written}. {where}"


def sources(meta: Metadata) -> str:
    """The publishers of a dataset's files and the titles of their tables, in one line."""
    return "; ".join(f"{source.publisher}, {source.title}" for source in meta.sources)


def notes(meta: Metadata) -> tuple[str, ...]:
    """What a reader must know besides the definition: the trap, precision, notes, caveats, and breaks by date."""
    rounded = (
        f"Figures are rounded to the nearest {meta.rounding} by their publisher; a 0 can be a small count."
    )
    said = [
        meta.trap,
        labels.stopped(meta.unit.note) if meta.unit.note else "",
        rounded if meta.rounding > 1 else "",
        *meta.notes,
        *(f"{source.publisher}: {source.caveat}" for source in meta.sources if source.caveat),
        *(
            f"{labels.date(one.date)}, {one.title}: {one.explanation}"
            for one in sorted(meta.breaks, key=lambda one: one.date)
        ),
    ]
    return tuple(dict.fromkeys(text for text in said if text))


def statuses(package: Package, meta: Metadata, table: pa.Table) -> Mapping[str, Status]:
    """What the statuses of a table's figures mean, by code; ReleaseError if the standard does not say it of one."""
    known = package.standard.status
    if unknown := set(texts(table, "status")) - known.keys():
        raise ReleaseError(
            f"data/{meta.id}: the status {min(unknown)!r} is not in standard.json; build the release again"
        )
    return known


def frequencies(package: Package) -> Mapping[str, Code]:
    """The codes of frequency by code: those of the standard, and plain names of those that it leaves out and needs."""
    names = {periods.FREQUENCIES[kind]: labels.sentence(noun(kind)) for kind in package.kinds}
    plain = {code: Code(code, name, "") for code, name in names.items()}
    return plain | {one.code: one for one in package.standard.codelists.get("freq", ())}


def texts(table: pa.Table, name: str) -> list[Any]:
    """A column as texts; dates as `2024-01-31`, None where there is none."""
    column = table[name]
    if pa.types.is_date(column.type):
        column = column.cast(pa.string())
    if column.null_count or not pa.types.is_dictionary(column.type):
        return list(column.to_pylist())
    # Each distinct text is made once, and not once for each row.
    made: list[str | None] = []
    for chunk in column.chunks:
        codes = chunk.dictionary.to_pylist()
        if chunk.null_count:
            made += [None if place is None else codes[place] for place in chunk.indices.to_pylist()]
        else:
            made += map(codes.__getitem__, chunk.indices.to_numpy().tolist())
    return made


def values(meta: Metadata, table: pa.Table) -> list[int | float | None]:
    """The figures of a table: whole numbers where the publisher has no decimals, None where there is no figure.

    Raises ReleaseError for a part of a whole number, for infinity, and for what is not a number: a missing figure is null.
    """
    if pa.types.is_integer(table["value"].type):
        return list(table["value"].to_pylist())
    return [_value(meta, value) for value in table["value"].to_pylist()]


def _value(meta: Metadata, value: float | None) -> int | float | None:
    if value is None or (math.isfinite(value) and meta.decimals):
        return value
    if not math.isfinite(value) or value != round(value):
        raise ReleaseError(f"data/{meta.id}: the figure {value!r} is no count; build the release again")
    return round(value)


def period_examples(package: Package) -> str:
    """A period of each kind that the release has: `2023-10, FY2024 or 2025-07-03`."""
    *first, last = (periods.EXAMPLES[kind] for kind in package.kinds)
    return f"{', '.join(first)} or {last}" if first else last


def days(package: Package, meta: Metadata) -> tuple[str, str]:
    """The first day and the last of which a dataset tells."""
    calendar = package.standard.calendar
    first, last = (periods.parse(written) for written in (meta.first_period, meta.last_period))
    return calendar.first_day(first).isoformat(), calendar.last_day(last).isoformat()


def period_order(calendar: Calendar, written: Iterable[str]) -> list[str]:
    """Periods by the day on which they begin, the longer one first: a fiscal year stands before its October."""

    def key(period: str) -> tuple[datetime.date, int]:
        first, last = calendar.days(periods.parse(period))
        return first, -last.toordinal()

    return sorted(set(written), key=key)


def kinds(table: pa.Table) -> dict[Kind, pa.Table]:
    """The rows of each kind of periods that there is, in the order of the kinds."""
    column = texts(table, "period")
    kind = {period: periods.kind(periods.parse(period)) for period in set(column)}
    of_row = np.array([periods.KINDS.index(kind[period]) for period in column])
    return {periods.KINDS[n]: table.filter(pa.array(of_row == n)) for n in np.unique(of_row)}


def labelled(code: Any) -> str:
    """The English label of a code of a dimension or of a code list; the code where it has none."""
    return str(getattr(code, "en", "") or getattr(code, "label_en", "") or code.code)

"""A message of figures before it is written: which dataflow, which parts, what of each observation is given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pyarrow as pa
from pyarrow import compute

from borderstats.sdmx.model import TIME, Component, DataStructure, time_period

Action = Literal["Information", "Replace", "Delete"]

FLAT = "AllDimensions"
"""The dimension at the observation if observations are not put together in series."""


@dataclass(frozen=True)
class Header:
    """Of each message: its id, when it was prepared (the release's date: the same release gives the same bytes), by whom.

    `languages` are those in which names are given.
    """

    id: str
    prepared: str
    sender: str
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True)
class Part:
    """One data set: rows of a release's table, what a receiver should do with them, and when they were valid.

    Rows to be deleted have no figure.
    """

    table: pa.Table
    action: Action = "Information"
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True)
class Message:
    """Figures of one dataflow. `at` is the dimension at the observation; attributes or figures may be left out."""

    header: Header
    structure: DataStructure
    parts: Sequence[Part]
    at: str = TIME
    dataset_attributes: bool = True
    attributes: bool = True
    figures: bool = True

    @property
    def observed(self) -> tuple[Component, ...]:
        """The attributes of each observation that are given."""
        return (
            tuple(one for one in self.structure.attributes if one.level == "observation")
            if self.attributes
            else ()
        )

    @property
    def whole(self) -> tuple[Component, ...]:
        """The attributes of the dataset as a whole that are given."""
        return (
            tuple(one for one in self.structure.attributes if one.level == "dataset")
            if self.dataset_attributes
            else ()
        )

    def of(self, part: Part) -> "Message":
        """The message as far as a part goes: of what is deleted the key alone, for with attributes only these would be deleted."""
        return replace(self, dataset_attributes=False, attributes=False) if part.action == "Delete" else self

    @property
    def along(self) -> tuple[str, ...]:
        """The dimensions of a series, without that at the observation."""
        names = [one.id for one in self.structure.dimensions]
        return tuple(names if self.at == TIME else [n for n in (*names, TIME) if n != self.at])


def columns(message: Message, part: Part) -> dict[str, list[str]]:
    """Texts by component id: keys and observation attributes; the measure's are empty where there is no figure."""
    structure = message.structure
    found = {one.id: part.table[one.column].to_pylist() for one in structure.dimensions}
    period = part.table["period"]
    written = {text: time_period(structure.calendar, text) for text in period.unique().to_pylist()}
    found[TIME] = [written[text] for text in period.to_pylist()]
    for one in (structure.measure, *message.observed):
        found[one.id] = compute.fill_null(text(structure, part.table[one.column]), "").to_pylist()
    return found


def text(structure: DataStructure, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text: numbers with as many decimals as the dataset has, never with an exponent; no figure is null."""
    if not pa.types.is_floating(column.type):
        return compute.cast(column, pa.string())
    digits = int(next(one.value for one in structure.attributes if one.id == "DECIMALS"))
    return pa.chunked_array(
        [[None if value is None else f"{value:.{digits}f}" for value in column.to_pylist()]], pa.string()
    )


def series(message: Message, part: Part) -> Iterator[tuple[tuple[str, ...], list[int], dict[str, list[str]]]]:
    """The series of a part: key (in the order of `along`), the places of its rows, and all texts.

    Rows of one series come together whatever their order in the table; series stand in the order of their first row.
    """
    texts = columns(message, part)
    gathered: dict[tuple[str, ...], list[int]] = {}
    for row, key in enumerate(zip(*(texts[name] for name in message.along), strict=True)):
        gathered.setdefault(key, []).append(row)
    for key, rows in gathered.items():
        yield key, rows, texts

"""Figures as SDMX-CSV 2.0 (for SDMX 3) and 1.0 (for SDMX 2.1): one row for each observation."""

from typing import Literal

import pyarrow as pa
from pyarrow import csv

from borderstats.sdmx.message import Message, Part, text
from borderstats.sdmx.model import TIME, DataStructure, time_period

_ACTIONS = {"Information": "I", "Replace": "R", "Delete": "D"}


def data(message: Message, version: Literal["1.0", "2.0"] = "2.0") -> bytes:
    """The message as CSV; a figure that is not there is an empty cell. Columns: structure, key, figure, attributes.

    In 2.0, if a part says from when it was valid, so does a column of ours, `VALID_FROM`.
    """
    sink = pa.BufferOutputStream()
    options = csv.WriteOptions(quoting_style="needed")
    table = pa.concat_tables([_rows(message, part, version) for part in message.parts])
    csv.write_csv(table, sink, options)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _rows(message: Message, part: Part, version: str) -> pa.Table:
    one, size = message.structure, part.table.num_rows
    given = message.of(part)

    def same(value: str) -> pa.Array:
        if not value:
            return pa.nulls(size, pa.string())
        return pa.DictionaryArray.from_arrays(pa.array([0] * size, pa.int32()), [value]).cast(pa.string())

    found: dict[str, pa.Array | pa.ChunkedArray] = {}
    if version == "2.0":
        found["STRUCTURE"] = same("dataflow")
        found["STRUCTURE_ID"] = same(reference(one))
        found["ACTION"] = same(_ACTIONS[part.action])
    else:
        found["DATAFLOW"] = same(reference(one))
    for dimension in one.dimensions:
        found[dimension.id] = part.table[dimension.column].cast(pa.string())
    found[TIME] = _times(one, part.table["period"])
    if message.figures:
        found[one.measure.id] = text(one, part.table[one.measure.column])
    for attribute in message.whole:
        found[attribute.id] = same(attribute.value if attribute in given.whole else "")
    for attribute in message.observed if message.figures else ():
        there = attribute in given.observed
        found[attribute.id] = text(one, part.table[attribute.column]) if there else same("")
    if version == "2.0" and any(each.valid_from for each in message.parts):
        found["VALID_FROM"] = same(part.valid_from)
    table = pa.table(found)
    if not message.figures:
        table = table.drop_columns([TIME]).group_by(
            table.drop_columns([TIME]).column_names, use_threads=False
        )
        table = table.aggregate([])
    return table


def reference(structure: DataStructure) -> str:
    """A dataflow in one text: `BORDERSTATS:cbp-encounters-state(1.0)`."""
    return f"{structure.agency}:{structure.id}({structure.version})"


def _times(structure: DataStructure, column: pa.ChunkedArray) -> pa.ChunkedArray:
    encoded = column.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    written = pa.array(
        [time_period(structure.calendar, period) for period in encoded.dictionary.to_pylist()], pa.string()
    )
    return pa.DictionaryArray.from_arrays(encoded.indices, written).cast(pa.string())

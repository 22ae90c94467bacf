"""A package as the files of a release: pure functions from values to bytes. What is told twice is told from one value."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
from pyarrow import csv, parquet

from borderstats.package import account, schema
from borderstats.package.model import Dataset, Package, plain
from borderstats.package.reports import Cited, JoinedFigure, Revision
from borderstats.package.snapshots import Snapshot


def documents(package: Package) -> Iterator[tuple[str, bytes]]:
    """The files of the release as a whole, each with its path, but for the manifest."""
    yield "release.json", json(package.overview)
    yield "gates.json", json(package.gates)
    yield "standard.json", json(package.standard)
    yield "provisions.json", json(package.provisions)
    yield "reconciliations.json", json(package.reconciliations)
    if package.joined:
        yield "joined.json", json(package.joined)
        yield "joined.csv", rows(package.joined_figures, JoinedFigure.__struct_fields__)
    yield "reporting.json", json(package.reporting)
    yield schema.NAME, schema.document()
    yield "cited.csv", rows(package.cited, Cited.__struct_fields__)
    yield "revisions.csv", rows(package.revisions, Revision.__struct_fields__)
    yield "snapshots.csv", rows(package.manifest.inputs, Snapshot.__struct_fields__)
    if package.account and package.cells is not None:
        yield account.NAME, json(package.account)
        yield account.CELLS, comma_separated(package.cells)
    gates = [
        {
            "gate": gate.id,
            "compared": gate.compared,
            "failed": len(gate.failed),
            "waived": len(gate.waived),
            "revised": len(gate.revised),
            "sentence": gate.sentence,
        }
        for gate in package.gates
    ]
    yield "gates.csv", rows(gates, ("gate", "compared", "failed", "waived", "revised", "sentence"))
    reasons = {waiver.id: waiver.reason for waiver in package.standard.waivers}
    waived = [
        {
            "waiver": finding.waiver,
            "gate": gate.id,
            "cell": finding.cell,
            "as_of": str(finding.as_of or ""),
            "files": "|".join(finding.files),
            "finding": finding.text,
            "reason": reasons[finding.waiver],
        }
        for gate in package.gates
        for finding in gate.waived
    ]
    yield "waivers.csv", rows(waived, ("waiver", "gate", "cell", "as_of", "files", "finding", "reason"))


def dataset(one: Dataset) -> Iterator[tuple[str, bytes]]:
    """The files of one dataset, each with its path in the release: its words, and each table as Parquet and as CSV."""
    folder = f"data/{one.meta.id}"
    yield f"{folder}/metadata.json", json(one.meta)
    for name, held in one.tables.items():
        content = plain(held)
        yield f"{folder}/{name}.parquet", _parquet(content)
        yield f"{folder}/{name}.csv", comma_separated(content)


def _parquet(content: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    parquet.write_table(content, sink, compression="zstd", write_statistics=True)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def comma_separated(content: pa.Table) -> bytes:
    """A table as CSV; a figure that is not there is an empty cell."""
    sink = pa.BufferOutputStream()
    csv.write_csv(content, sink, csv.WriteOptions(quoting_style="needed"))
    written: bytes = sink.getvalue().to_pybytes()
    return written


def json(content: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def rows(
    content: Sequence[Cited | JoinedFigure | Revision | Snapshot | Mapping[str, Any]], names: Sequence[str]
) -> bytes:
    """A small CSV of plain rows, with a header even where there is no row."""
    listed = [msgspec.to_builtins(row, builtin_types=(datetime.date,)) for row in content]
    columns = {
        name: pa.array([_flat(row[name]) for row in listed], None if listed else pa.string())
        for name in names
    }
    return comma_separated(pa.table(columns))


def _flat(value: Any) -> Any:
    """A list as text, JSON as in the documents; an empty one is empty."""
    if isinstance(value, list | tuple):
        return msgspec.json.encode(value).decode() if value else ""
    return value

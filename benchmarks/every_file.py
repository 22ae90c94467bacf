"""Every file of the archive: read into observations one by one (`intake`) or as a build does, with a process for each processor (`together`),
or merely read by the libraries that do it (`bare`).
"""

import gzip
import io
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pypdf
import python_calamine
from pyarrow import csv, parquet

from borderstats import pipeline
from borderstats.intake import archive
from borderstats.package.snapshots import Snapshot
from borderstats.standard.load import load
from borderstats.standard.model import Standard

Files = Iterable[tuple[Snapshot, bytes]]


def intake(standard: Standard, files: Files) -> int:
    """Observations."""
    return sum(
        len(vintage.observations)
        for snapshot, data in files
        for vintage in pipeline.observe(standard, snapshot, data)
    )


def together(standard: Standard, files: Files) -> int:
    """The same observations."""
    content = dict(files)
    found = pipeline.observed(standard, content, content.__getitem__)
    return sum(len(vintage.observations) for vintage in found)


def bare(standard: Standard, files: Files) -> int:
    """Bytes read."""
    read = 0
    for snapshot, data in files:
        read += len(data)
        source = standard.sources[snapshot.source]
        if source.format == "workbook":
            book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
            for sheet in book.sheet_names:
                book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        elif source.format == "parquet":
            parquet.read_table(pa.BufferReader(data), use_threads=False)
        elif source.format == "pdf":
            for page in pypdf.PdfReader(io.BytesIO(data)).pages:
                page.extract_text(extraction_mode="layout")
        else:
            text = gzip.decompress(data) if snapshot.file.endswith(".gz") else data
            csv.read_csv(
                pa.BufferReader(text),
                read_options=csv.ReadOptions(use_threads=False, encoding=source.encoding),
                parse_options=csv.ParseOptions(delimiter=source.delimiter),
            )
    return read


def main(task: str) -> None:
    """Run one task."""
    standard, folder = load(Path("standard")), Path("archive")
    files = [(s, archive.read(folder, s)) for s in archive.snapshots(folder) if s.source]
    started = time.perf_counter()
    print({"intake": intake, "together": together, "bare": bare}[task](standard, files))
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main(sys.argv[1])

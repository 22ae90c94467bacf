"""Every file of the archive: read into observations (`intake`), or merely read by the libraries that do it (`bare`)."""

import gzip
import io
import sys
import time
from pathlib import Path

import pyarrow as pa
import pypdf
import python_calamine
from pyarrow import csv, parquet

from borderstats.intake import archive
from borderstats.intake.read import read_file
from borderstats.standard.load import load

FOLDER = Path("archive")
STANDARD = load(Path("standard"))
FILES = [(s, archive.read(FOLDER, s)) for s in archive.snapshots(FOLDER) if s.source]


def intake() -> int:
    """Rows read."""
    return sum(read_file(STANDARD, s.file, data, s.as_of, s.source).rows for s, data in FILES)


def bare() -> int:
    """Bytes read."""
    for snapshot, data in FILES:
        source = STANDARD.sources[snapshot.source]
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
    return sum(len(data) for _, data in FILES)


started = time.perf_counter()
print({"intake": intake, "bare": bare}[sys.argv[1]]())
print(time.perf_counter() - started)

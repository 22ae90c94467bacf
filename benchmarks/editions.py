"""Further editions of archived files, invented: small changed copies of later days, to measure what time costs."""

import csv
import datetime
import io
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from msgspec.structs import replace

from borderstats.intake import adding, archive
from borderstats.package.snapshots import Snapshot

STATE, LIST = "cbp-nationwide-state", "ice-287g"
CHANGED = 20
"""So many cells of a table are otherwise in each edition."""

_OPEN = datetime.date(2024, 3, 31)
"""The edition by state that is copied: most of its last year is still open, so that it may be revised."""


def office(own: Path, out: Path, *, lists: int, states: int) -> Path:
    """A copy of an office whose archive has so many further 287(g) lists and editions by state."""
    shutil.copytree(own / "standard", out / "standard")
    shutil.copytree(own / "archive", out / "archive")
    for source, number in ((LIST, lists), (STATE, states)):
        for snapshot, data in further(out / "archive", source, number):
            adding.add(out / "archive", snapshot, data)
    return out


def further(folder: Path, source: str, number: int) -> Iterator[tuple[Snapshot, bytes]]:
    """So many further editions of a source, a day apart."""
    listed = [one for one in archive.snapshots(folder) if one.source == source]
    own = next(one for one in listed if one.as_of == _OPEN) if source == STATE else listed[-1]
    made = {STATE: _tables, LIST: _lists}[source](archive.read(folder, own), number)
    for n, data in enumerate(made, 1):
        day = own.as_of + datetime.timedelta(n)
        yield (
            replace(
                own,
                file=f"{own.file.removesuffix(Path(own.file).suffix)}-{day:%m%d%Y}am{Path(own.file).suffix}",
                sha256=archive.digest(data),
                bytes=len(data),
                title="Invented for a benchmark",
                as_of=day,
                known=day,
                obtained_from="benchmarks/editions.py",
            ),
            data,
        )


def _tables(data: bytes, number: int) -> Iterator[bytes]:
    """Each with other cells one higher, of the last year and of no land border: the southwest border is in other files too."""
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    year, region, count = (
        header.index(name) for name in ("Fiscal Year", "Land Border Region", "Encounter Count")
    )
    last = max(row[year] for row in rows)
    may = [n for n, row in enumerate(rows) if row[year] == last and row[region] == "Other"]
    for seed in range(number):
        changed = set(random.Random(seed).sample(may, CHANGED))
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(header)
        for n, row in enumerate(rows):
            writer.writerow([*row[:count], int(row[count]) + 1, *row[count + 1 :]] if n in changed else row)
        yield text.getvalue().encode()


def _lists(data: bytes, number: int) -> Iterator[bytes]:
    """Each with one more agency of another name than the one before."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == "LAW ENFORCEMENT AGENCY")
    for n in range(number):
        sheet.cell(n + 2, column).value = f"Invented Agency {n}"
        out = io.BytesIO()
        book.save(out)
        yield out.getvalue()

"""Small files that unpack to much: each is refused in one line, in little memory, before anything of it is kept."""

import io
import subprocess
import sys
import zipfile
import zlib

import pyarrow as pa
import pytest
from pyarrow import parquet
from small import book, document
from workbook_parts import packed_again, parts_of

from borderstats.errors import InputError
from borderstats.intake.workbook import Workbook

pytestmark = pytest.mark.slow

HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
MAIN = "http://schemas.openxmlformats.org"
WORKBOOK = (
    f'<workbook xmlns="{MAIN}/spreadsheetml/2006/main" xmlns:r="{MAIN}/officeDocument/2006/relationships"><sheets>'
    '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = f'<Relationships xmlns="{MAIN}/package/2006/relationships"><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>'

SMALL = 200 << 20
"""What a refusal may take besides what the libraries take; what the file unpacks to is several times that."""

READ = """
import resource, sys, time
from pathlib import Path
import pyarrow.parquet, pypdf, python_calamine, xlrd
from borderstats.errors import InputError
from borderstats.intake import forms
data = Path(sys.argv[1]).read_bytes()
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + int(sys.argv[2]), used + int(sys.argv[2])))
try:
    forms.opened("made", data)
except InputError as error:
    print(error)
"""


def refusal(tmp_path, data, most=SMALL):
    """What is said of a file by a process that has little memory; fails if it takes more, or says more than one line."""
    file = tmp_path / "made"
    file.write_bytes(data)
    tried = subprocess.run(
        [sys.executable, "-c", READ, str(file), str(most)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert not tried.returncode, tried.stderr[-2000:]
    (line,) = tried.stdout.splitlines()
    assert line.startswith("made: ")
    return line


def gzipped(piece, times):
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()


def workbook(*pieces, shared=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/workbook.xml", WORKBOOK)
        packed.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        if shared:
            packed.writestr("xl/sharedStrings.xml", b"<sst><si><t>" + shared + b"</t></si></sst>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for piece in (HEAD, *pieces, TAIL):
                part.write(piece)
    return out.getvalue()


def row(number, cells):
    return b'<row r="%d">' % number + cells + b"</row>"


@pytest.mark.slow
def test_a_gzip_file_of_a_gigabyte(tmp_path):
    data = gzipped(b"Fiscal Year,State\n" * 58_254, 1000)
    assert len(data) < 10_000_000
    assert "the gzip file unpacks to more than 512 MiB" in refusal(tmp_path, data)


@pytest.mark.slow
def test_a_workbook_of_42_million_cells(tmp_path):
    cells = b"<c><v>1</v></c>" * 42
    data = workbook(*(b"<row>" + cells + b"</row>" for _ in range(1_000_000)))
    assert len(data) < 10_000_000
    assert "unpacks to more than 512 MiB" in refusal(tmp_path, data)


@pytest.mark.slow
def test_a_workbook_of_many_cells_that_unpacks_to_less(tmp_path):
    cells = b"<c/>" * 100
    data = workbook(*(b"<row>" + cells + b"</row>" for _ in range(210_000)))
    assert "sheet1.xml has more than 20,000,000 cells" in refusal(tmp_path, data)


@pytest.mark.parametrize(
    "pieces",
    [
        [row(1, b'<c r="A1"><v>1</v></c>'), row(1_048_576, b'<c r="XFD1048576"><v>1</v></c>')],
        [b"<row>" + b"<c><v>1</v></c>" * 16_000 + b"</row>", b'<row r="1048576"><c><v>1</v></c></row>'],
        [b'<x:row r="1048576" xmlns:x="m"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'],
    ],
    ids=["by their places", "without places", "with a prefix"],
)
def test_a_stray_cell_far_out(tmp_path, pieces):
    assert "there is a stray cell far out" in refusal(tmp_path, workbook(*pieces))


def test_a_long_text_that_many_cells_share(tmp_path):
    rows = (row(n, b'<c r="A%d" t="s"><v>0</v></c>' % n) for n in range(1, 50_000))
    line = refusal(tmp_path, workbook(*rows, shared=b"a" * 32_000))
    assert "the text that the cells of the workbook share unpacks to more than 512 MiB" in line


@pytest.mark.slow
def test_texts_that_are_larger_than_the_memory(tmp_path):
    assert "unpacks to more than 512 MiB" in refusal(tmp_path, workbook(shared=b"a" * (600 << 20)))


def test_a_part_that_is_larger_than_it_states(tmp_path):
    data = bytearray(workbook(*(row(n, b'<c r="A%d"><v>1</v></c>' % n) for n in range(1, 100_000))))
    name = b"xl/worksheets/sheet1.xml"
    place = data.rfind(name) - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    data[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    assert f"{name.decode()} is not what the file says of it" in refusal(tmp_path, bytes(data))


def test_a_part_that_stands_there_twice(tmp_path):
    out = io.BytesIO(workbook(row(1, b'<c r="A1"><v>1</v></c>')))
    with zipfile.ZipFile(out, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("xl/worksheets/sheet1.xml", HEAD + TAIL)
    assert "a part stands in it twice" in refusal(tmp_path, out.getvalue())


def test_entities_are_not_expanded(tmp_path):
    inside = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData><row><c t="e"><v>&a;</v></c></row></sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, inside if "sheet1" in name else old.read(name))
    assert "xl/worksheets/sheet1.xml has a document type" in refusal(tmp_path, out.getvalue())


@pytest.mark.parametrize("form", ["xl/workbook.bin", "content.xml"])
def test_a_workbook_of_another_kind(tmp_path, form):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(form, "made")
    assert "this is a workbook in the form .xlsb or .ods" in refusal(tmp_path, out.getvalue())


def test_merged_cells_that_lie_over_one_another():
    merged = b"".join(b'<mergeCell ref="A1:B%d"/>' % (n + 1) for n in range(1000))
    parts = parts_of(book(Data=[["Country", 2019], *[["Mexico", 1]] * 1000]))
    sheet = "xl/worksheets/sheet1.xml"
    made = b"</sheetData><mergeCells>" + merged + b"</mergeCells>"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", made)
    with pytest.raises(InputError, match="merged cells lie over one another"):
        Workbook("made", packed_again(parts)).cells("Data")


def written(table, **how):
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd", **how)
    return out.getvalue()


@pytest.mark.slow
def test_a_parquet_file_of_large_texts(tmp_path):
    data = written(pa.table({"facility": ["x" * (1 << 20)] * 600}), use_dictionary=False)
    assert "the Parquet file unpacks to more than 512 MiB" in refusal(tmp_path, data)


def test_a_parquet_file_of_many_rows(tmp_path):
    out = io.BytesIO()
    table = pa.table({"held": pa.array([1] * 1_000_000, pa.int8())})
    with parquet.ParquetWriter(out, table.schema) as writer:
        for _ in range(51):
            writer.write_table(table)
    assert "has 51,000,000 rows of 1 columns" in refusal(tmp_path, out.getvalue())


def test_a_text_of_a_parquet_file_that_each_row_has_is_kept_once(tmp_path):
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), ["x" * 2000])
    data = written(pa.table({"facility": text.cast(pa.dictionary(pa.int32(), pa.string()))}))
    file = tmp_path / "made"
    file.write_bytes(data)
    command = [sys.executable, "-c", READ, str(file), str(3 * SMALL)]
    tried = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (tried.returncode, tried.stdout) == (0, ""), tried.stderr[-2000:]


@pytest.mark.slow
def test_a_pdf_whose_page_unpacks_to_much(tmp_path):
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(400)) + packer.flush()
    plain = document(["here"])
    start = plain.index(b"<< /Length")
    end = plain.index(b"endstream") + len(b"endstream")
    packed = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(stream), stream)
    assert "the PDF is cut off or broken (Limit reached" in refusal(
        tmp_path, plain[:start] + packed + plain[end:], 2 * SMALL
    )

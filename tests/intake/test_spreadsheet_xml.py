"""Only rows in which a cell may be marked are parsed: the marks are those of the whole sheet, however it is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import book
from workbook_parts import packed_again, parts_of

from borderstats.errors import InputError
from borderstats.intake.spreadsheet_xml import SpreadsheetXml, _unusual, _usual
from borderstats.intake.unpack import Package

PART = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
EMPTY = parts_of(book(Data=[["a"]]))
RAISED = '<is><r><t>341</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is>'
CELLS = st.sampled_from([
    "><v>1</v>", ' t="e"><v>#REF!</v>', "><f>A1+1</f>", '><f t="shared" si="0"/><v>2</v>', f' t="inlineStr">{RAISED}',
    "><f>A1+1</f><v>0</v>", '><f t="shared" si="0"/>', "><f>A1</f >\n<v> 0 </v>", "><f>A1</f><v> &#32; </v>", "><v/><f>A1</f>",
    "><f>A1</f><v><!-- none --></v>", "><x:f>A1</x:f><v>1</v>", "><f>A1</f><x:v></x:v>", ' t="str"><f>A1</f><v/>', "><v>0</v>",
    ' t="str"><f>A1</f><v></v>', ' t="inlineStr"><is><t>é "e" &lt;f&gt;</t></is>', ">",
])  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=3), max_size=4)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def sheet(rows, head=HEAD, row='<row r="{0}">{1}</row>', cell='<c r="{0}"{1}</c>'):
    made = (
        row.format(
            number,
            "".join(cell.format(f"{letter}{number}", one) for letter, one in zip("ABC", cells, strict=False)),
        )
        for number, cells in enumerate(rows, 1)
    )
    after = "<conditionalFormatting><formula>1</formula></conditionalFormatting>"
    return f"{head}<worksheet><sheetData>{''.join(made)}</sheetData>{after}</worksheet>"


def spreadsheet(text, encoding="utf-8", *, recalculated=False):
    parts = {**EMPTY, PART: text.encode(encoding)}
    if not recalculated:
        parts[BOOK] = parts[BOOK].replace(b'fullCalcOnLoad="1"', b"")
    return SpreadsheetXml(Package("made", packed_again(parts)))


def marks(described):
    return described.marks("Data").texts


def of_all(described):
    return described._read(PART).texts


@settings(max_examples=200)
@given(rows=ROWS, recalculated=st.booleans())
def test_the_marks_of_some_rows_are_those_of_the_sheet(rows, recalculated):
    described = spreadsheet(sheet(rows), recalculated=recalculated)
    assert described._recalculated is recalculated
    assert marks(described) == of_all(described)


@pytest.mark.parametrize(
    "written",
    [
        {"row": "<row>{1}</row>"},
        {"row": '<row\nr="{0}">{1}</row >'},
        {"cell": "<c r='{0}'{1}</c>"},
        {"cell": "<c{1}</c>"},
        {"head": ""},
        {"head": "\ufeff" + HEAD},
        {"head": f"{HEAD}<!-- a comment </row> -->"},
    ],
)
def test_however_rows_and_cells_are_written(written):
    described = spreadsheet(
        sheet([["><v>1</v>", ' t="e"><v>#REF!</v>'], [], ["><v>1</v>"], ["><f>A1+1</f>"]], **written)
    )
    assert sorted(marks(described).values()) == ["#REF!", "=A1+1"]
    assert marks(described) == of_all(described)


def test_in_another_encoding():
    head = HEAD.replace("UTF-8", "ISO-8859-1")
    described = spreadsheet(sheet([[' t="e"><v>é</v>']], head), "latin-1")
    assert marks(described) == of_all(described) == {(0, 0): "é"}


def test_a_document_type_is_refused():
    described = spreadsheet(sheet([[' t="e"><v>#REF!</v>']], f"{HEAD}<!DOCTYPE worksheet>"))
    with pytest.raises(InputError, match="document type"):
        marks(described)


PLACES = st.from_regex(r"[A-Z]{1,4}[0-9]{1,8}|[a-z]1|A|", fullmatch=True)
TAGS = st.sampled_from(['<c r="{}"/>', '<c r="{}" s="1"><v>1</v></c>', "<c r='{}'/>", '<c s="1" r="{}"/>', "<c>{}</c>", "<c/>", "<cols/>"])  # fmt: skip


@given(cells=st.lists(st.tuples(TAGS, PLACES), max_size=4))
def test_cells_as_most_programs_write_them_are_found_without_an_expression(cells):
    text = "<row>".join(tag.format(place) for tag, place in cells).encode()
    found = _usual(text)
    assert found is None or found == _unusual(text)


def test_the_last_cell_that_a_sheet_can_have():
    assert _usual(b'<c r="B12" s="3"/><c r="XFD1048576"/>') == (1_048_576, 16_384, 2, 2)
    assert _usual(b"no tag") == (0, 0, 0, 0)

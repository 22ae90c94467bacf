"""Empty, error, not calculated, raised digits, hidden: each kind of cell is told from the others, in all workbooks."""

import datetime
import re
import struct

import pytest
from small import book, cells, figures, reading, standard_of
from test_archive_files import content, read_cells, snapshots, standard
from test_hostile_sheets import BLOCK, COUNTRY, FIGURE, WHO, YEAR, said, table
from workbook_parts import edited, packed_again, parts_of, with_cells

from borderstats.errors import InputError
from borderstats.intake import report
from borderstats.intake.read import read_file
from borderstats.intake.workbook import Workbook

FEAR = "Congressional-Semi-Monthly-Report-10-01-20-to-10-15-21.xlsx"
DETENTION = "FY21-detentionstats.xlsx"
AGREEMENTS = "participatingAgencies05012026am.xlsx"
SHEET = "xl/worksheets/sheet1.xml"
ERROR, FORMULA, TEXT = ' t="e"', "", ' t="inlineStr"'
BLANKS = FIGURE.replace("{ D", '{ "" = "O", D')
STANDARD = standard_of(said(COUNTRY, YEAR, BLANKS, BLOCK))
ROWS = [["Country", 2019, 2020], ["Mexico", 1, 2], ["Cuba", 3, 4]]


def raised(text, note):
    return f'<is><r><t>{text}</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>{note}</t></r></is>'


def read(name, data):
    snapshot = snapshots()[name]
    return read_file(standard(), name, data, snapshot.as_of, snapshot.source)


def refusals(found, name="made"):
    return [refusal.text(name) for refusal in found.refusals]


# Errors and formulas without a value


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_an_error_is_refused_where_blanks_are_declared(error):
    found = reading(STANDARD, with_cells(book(Data=ROWS), SHEET, C2=(ERROR, f"<v>{error}</v>")))
    assert refusals(found) == [
        f"made: sheet 'Data': row 2, column C 'figure': the cell has the error {error}, and nobody can tell which figure or label should stand there"
    ]
    assert found.refusals[0].to_do.startswith("ask the publisher for a file without it")
    assert (found.rows, found.accepted, found.refused) == (4, 3, 1)


def test_an_error_that_the_reading_library_does_not_know_is_named_with_its_place():
    with pytest.raises(InputError) as caught:
        reading(STANDARD, with_cells(book(Data=ROWS), SHEET, C2=(ERROR, "<v>#SPILL!</v>")))
    assert str(caught.value).startswith(
        "made: sheet 'Data': row 2, column C: the cell has the error #SPILL!, and "
    )


@pytest.mark.parametrize("value", ["", "<v/>", "<v></v>"])
def test_a_formula_without_a_value_is_refused_where_blanks_are_declared(value):
    data = with_cells(book(Data=ROWS), SHEET, C3=(FORMULA, f"<f>B2+B3</f>{value}"))
    found = reading(STANDARD, data)
    assert refusals(found) == [
        "made: sheet 'Data': row 3, column C 'figure': the formula =B2+B3 was never calculated, so the file has no value here"
    ]
    assert found.refusals[0].to_do.startswith("fetch the publisher's own file")


def test_a_formula_with_a_value_is_that_value_and_with_an_empty_text_a_blank():
    data = with_cells(
        book(Data=ROWS),
        SHEET,
        B2=(FORMULA, "<f>1+6</f><v>7</v>"),
        C3=(' t="str"', '<f>IF(1,"","")</f><v></v>'),
    )
    assert figures(STANDARD, data)["citizenship=MEX FY2019"] == (7, "A")
    assert figures(STANDARD, data)["citizenship=CUB FY2020"] == (0, "O")


def test_a_zero_that_a_program_wrote_for_a_formula_it_does_not_calculate():
    parts = parts_of(with_cells(book(Data=ROWS), SHEET, B2=(FORMULA, "<f>1+6</f><v>0</v>")))
    workbook = parts["xl/workbook.xml"].decode()
    assert 'fullCalcOnLoad="1"' in workbook
    assert len(reading(STANDARD, packed_again(parts)).refusals) == 1
    parts["xl/workbook.xml"] = workbook.replace('fullCalcOnLoad="1"', "").encode()
    assert figures(STANDARD, packed_again(parts))["citizenship=MEX FY2019"] == (0, "A")


def test_a_block_whose_last_row_is_not_calculated_is_read_to_its_end():
    data = with_cells(book(Data=ROWS), SHEET, B3=(FORMULA, "<f>B2</f>"), C3=(FORMULA, "<f>C2</f>"))
    found = reading(STANDARD, data)
    assert (found.rows, found.accepted, found.refused) == (4, 2, 2)
    assert [(one.row, one.letter) for one in found.refusals] == [(3, "B"), (3, "C")]


@pytest.mark.parametrize(
    "cell", [(ERROR, "<v>#REF!</v>"), (FORMULA, "<f>B2</f>")], ids=["an error", "not calculated"]
)
def test_an_error_that_lies_in_no_block_stops_the_file(cell):
    data = with_cells(book(Data=[*ROWS, [], ["", "", "a note"]]), SHEET, C5=cell)
    with pytest.raises(
        InputError, match=r"sheet 'Data': row 5, column C: '(#REF!|=B2)' and 0 more figures lie in no"
    ):
        reading(STANDARD, data)


def test_an_error_in_a_heading_refuses_its_figures():
    row = with_cells(book(Data=ROWS), SHEET, A3=(ERROR, "<v>#N/A</v>"))
    assert refusals(reading(STANDARD, row)) == [
        "made: sheet 'Data': row 3, column A 'Country': the cell has the error #N/A, and nobody can tell which figure or label should stand there (2 figures)"
    ]
    column = with_cells(book(Data=ROWS), SHEET, C1=(ERROR, "<v>#N/A</v>"))
    assert reading(STANDARD, column).refused == 2


def test_an_error_counts_as_what_the_source_says_of_it_by_its_name():
    named = standard_of(said(COUNTRY, YEAR, FIGURE.replace("D =", '"#N/A" ='), BLOCK))
    data = with_cells(book(Data=ROWS), SHEET, C2=(ERROR, "<v>#N/A</v>"))
    assert figures(named, data)["citizenship=MEX FY2020"] == (0, "Q")


def test_an_error_where_any_text_has_a_code_is_refused():
    any_text = COUNTRY + 'contains = { Mex = "MEX", "" = "CUB" }\n'
    data = with_cells(book(Data=ROWS), SHEET, A3=(ERROR, "<v>#REF!</v>"))
    assert reading(standard_of(said(any_text, YEAR, FIGURE, BLOCK)), data).refused == 2


def test_an_error_in_a_column_that_says_nothing_of_the_figures_is_none_of_ours():
    names = ["Country", "Year", "figure", "who"]
    lists = standard_of(said(COUNTRY, YEAR, FIGURE, WHO, table(sheet="Data", columns=names)))
    data = with_cells(book(Data=[names, ["Mexico", 2019, 5, "x"]]), SHEET, D2=(ERROR, "<v>#N/A</v>"))
    assert figures(lists, data) == {"citizenship=MEX FY2019": (5, "A")}


def test_a_text_file_that_was_saved_from_a_sheet_with_errors():
    lists = standard_of(said(COUNTRY, YEAR, BLANKS), "csv")
    found = reading(lists, b"Country,Year,figure\nMexico,2019,#REF!\nMexico,2020,=1+1\nCuba,2020,\n")
    assert [(one.row, one.reason.split(",")[0]) for one in found.refusals] == [
        (2, "the cell has the error #REF!"),
        (3, "the formula =1+1 was never calculated"),
    ]
    assert found.accepted == 1


OLD = "Table50.xls"


def records(data, kind):
    """The places and the contents of the records of a kind in an old workbook whose stream lies in one piece."""
    mark = struct.pack("<H", kind)
    place = -1
    while (place := data.find(mark, place + 1)) >= 0:
        (length,) = struct.unpack("<H", data[place + 2 : place + 4])
        yield place, data[place + 4 : place + 4 + length]


def with_errors_in_row(data, row):
    """Errors in place of the numbers of a row, as many as find room, and nothing in place of the others."""
    for place, content_ in records(data, 0xBD):
        if len(content_) % 6 == 0 and len(content_) > 12 and content_[:4] == struct.pack("<HH", row, 1):
            size, style = 4 + len(content_), content_[4:6]
            errors = [
                struct.pack("<HHHH", 0x205, 8, row, column) + style + b"\x17\x01"
                for column in range(1, 1 + (size - 4) // 12)
            ]
            rest = size - 12 * len(errors) - 4
            made = b"".join(errors) + struct.pack("<HH", 0x866, rest) + bytes(rest)
            return data[:place] + made + data[place + size :], len(errors)
    raise AssertionError(row)


def test_the_errors_of_an_old_workbook():
    data, errors = with_errors_in_row(content(OLD), 14)
    found = read(OLD, data)
    assert errors > 5
    assert ["the cell has the error #REF!" in one.reason for one in found.refusals[:errors]] == [
        True
    ] * errors
    assert (found.rows, found.refused) == (325, 13)
    assert (
        found.refusals[0]
        .text(OLD)
        .startswith("Table50.xls: sheet 'Table 50': row 15, column B 'convictions': ")
    )


def test_the_hidden_rows_of_an_old_workbook():
    data = bytearray(content(OLD))
    for place, content_ in records(content(OLD), 0x208):
        if len(content_) == 16 and content_[:2] == struct.pack("<H", 14):
            data[place + 4 + 12] |= 0x20
    lines = list(report.lines(OLD, read(OLD, bytes(data))))
    assert "hidden in the file, and read like the others: sheet 'Table 50': 1 row (15)" in lines


# Files of the archive with the same faults


def test_errors_in_a_report_of_uscis():
    kinds = {"D7": "#REF!", "E7": "#N/A", "F7": "#DIV/0!", "G7": "#VALUE!"}
    data = edited(FEAR, SHEET, **{place: (ERROR, f"<v>{error}</v>") for place, error in kinds.items()})
    found = read(FEAR, data)
    assert {f"{one.letter}{one.row}": one.reason.split()[5].rstrip(",") for one in found.refusals} == kinds
    assert (found.rows, found.refused) == (1150, 4)


def test_formulas_without_a_value_in_a_report_of_uscis():
    data = edited(FEAR, SHEET, D7=(FORMULA, "<f>340+1</f><v></v>"), E7=(FORMULA, "<f>367+1</f><v></v>"))
    assert [f"{one.letter}{one.row}" for one in read(FEAR, data).refusals] == ["D7", "E7"]


def test_the_last_row_of_a_block_of_ice_is_not_calculated():
    cells_ = {f"{letter}45": (FORMULA, f"<f>{letter}39-{letter}39</f><v></v>") for letter in "BCDE"}
    found = read(DETENTION, edited(DETENTION, "xl/worksheets/sheet3.xml", **cells_))
    assert [f"{one.letter}{one.row}" for one in found.refusals] == ["B45", "C45", "D45", "E45"]
    assert (found.rows, found.refused) == (4_603, 4)


# Raised digits


def test_a_figure_with_a_raised_note_is_never_another_figure():
    data = with_cells(book(Data=ROWS), SHEET, B2=(TEXT, raised("341", "1")))
    assert refusals(reading(STANDARD, data)) == [
        "made: sheet 'Data': row 2, column B 'figure': the count '341\u00b9' has a note in superscript, and is no figure with it; ask the publisher for a file without it"
    ]


def test_a_raised_note_in_the_texts_that_cells_share():
    parts = parts_of(content(FEAR))
    before = parts["xl/sharedStrings.xml"]
    note = raised("341", "1").replace("is>", "si>").encode()
    parts["xl/sharedStrings.xml"] = before.replace(b"</sst>", note + b"</sst>")
    data = with_cells(packed_again(parts), SHEET, D7=(' t="s"', f"<v>{before.count(b'<si>')}</v>"))
    assert ["'341\u00b9' has a note" in one.reason for one in read(FEAR, data).refusals] == [True]


def test_a_raised_digit_before_a_figure_is_none_of_its_digits():
    run = '<is><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r><r><t>341</t></r></is>'
    assert len(reading(STANDARD, with_cells(book(Data=ROWS), SHEET, B2=(TEXT, run))).refusals) == 1


@pytest.mark.parametrize("footnotes", [True, False])
def test_a_year_with_a_raised_note_is_that_year_where_the_source_says_so(footnotes):
    years = YEAR + "footnotes = true\n" if footnotes else YEAR
    data = with_cells(book(Data=ROWS), SHEET, B1=(TEXT, raised("2019", "1")))
    found = reading(standard_of(said(COUNTRY, years, FIGURE, BLOCK)), data)
    assert found.refused == (0 if footnotes else 2)
    assert ("citizenship=MEX FY2019" in cells(found.observations)) == footnotes


def test_a_raised_note_behind_letters_is_read_as_before():
    noted = standard_of(said(COUNTRY + "footnotes = true\n", YEAR, FIGURE, BLOCK))
    data = with_cells(book(Data=ROWS), SHEET, A2=(TEXT, raised("Mexico", "7")))
    assert figures(noted, data) == figures(STANDARD, book(Data=ROWS))
    ordinal = Workbook("made", with_cells(book(Data=ROWS), SHEET, A2=(TEXT, raised("5", "th")))).cells("Data")
    assert ordinal.rows[1][0] == "5th"


def test_the_raised_note_of_the_occupational_series():
    sheet = " Congressional Semi-Monthly Rep"
    assert Workbook(FEAR, content(FEAR)).cells(sheet).rows[72][1] == "USCBP: GS-1895, GS-1896\u00b3"


# Hidden rows and columns


def test_hidden_rows_and_columns_are_read_and_told():
    data = book(Data=ROWS)
    parts = parts_of(data)
    text = parts[SHEET].decode().replace('<row r="3"', '<row r="3" hidden="1"')
    parts[SHEET] = text.replace(
        "<sheetData>", '<cols><col min="3" max="16384" hidden="1"/></cols><sheetData>'
    ).encode()
    found = reading(STANDARD, packed_again(parts))
    assert cells(found.observations) == figures(STANDARD, data)
    assert "hidden in the file, and read like the others: sheet 'Data': 1 row (3) and column C" in list(
        report.lines("made", found)
    )


def test_the_hidden_rows_of_a_list_count():
    parts = parts_of(content(AGREEMENTS))
    parts[SHEET] = re.sub(rb'<row r="(\d{2,4})"', rb'<row r="\1" hidden="1"', parts[SHEET])
    found = read(AGREEMENTS, packed_again(parts))
    assert found.accepted == 1779
    (line,) = [line for line in report.lines(AGREEMENTS, found) if line.startswith("hidden")]
    assert line == "hidden in the file, and read like the others: sheet 'Sheet1': 1,771 rows (10 to 1,780)"
    assert not any(line.startswith("hidden") for line in report.lines(FEAR, read(FEAR, content(FEAR))))


# Names of sheets


def test_a_blank_at_the_end_of_a_sheets_name_makes_no_other_name():
    data = with_cells(book(**{"Data ": ROWS}), SHEET, C2=(ERROR, "<v>#REF!</v>"))
    found = reading(STANDARD, data)
    assert found.accepted == 3
    assert refusals(found)[0].startswith("made: sheet 'Data ': row 2, column C")


def test_of_two_sheets_with_one_name_but_for_blanks_the_one_with_the_very_name_is_meant():
    other = standard_of(
        said(COUNTRY, YEAR, FIGURE, BLOCK, top='other_sheets = { "Data " = "a working table" }')
    )
    data = book(**{"Data ": [["Country", 2019], ["Mexico", 9]], "Data": ROWS})
    assert figures(other, data) == figures(STANDARD, book(Data=ROWS))


# Dates of a Macintosh


def test_dates_that_are_counted_from_1904():
    parts = parts_of(content(AGREEMENTS))
    days = re.compile(rb'(<c r="F\d+"[^>]*><v>)(\d{5})(</v>)')
    assert len(days.findall(parts[SHEET])) > 1000
    parts[SHEET] = days.sub(lambda found: found[1] + b"%d" % (int(found[2]) - 1462) + found[3], parts[SHEET])
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<workbookPr", b'<workbookPr date1904="1"')
    found = read(AGREEMENTS, packed_again(parts))
    assert found.accepted == 1779
    assert found.not_before == read(AGREEMENTS, content(AGREEMENTS)).not_before > datetime.date(2026, 1, 1)
    assert read_cells(AGREEMENTS, "ice-287g-agencies")

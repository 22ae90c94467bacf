"""What was made of each cell: every cell of a file is counted once, and says what the reader took it for."""

import csv
import gzip
import io

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
import python_calamine
import test_combine
import test_grid
import test_parquet
import test_pdf
import test_several_tables
import xlrd
from handmade import error, text
from pyarrow import parquet
from small import book, document, standard_of
from test_archive_files import content, reading, snapshots, standard

from borderstats.errors import InputError
from borderstats.intake import pdf
from borderstats.intake.explain import explain
from borderstats.intake.explained import KINDS, Kind
from borderstats.intake.raw import letters

NEWEST = {s.source: name for name, s in sorted(snapshots().items(), key=lambda item: item[1].as_of)}


def explained(standard_, data, as_of=None, source="made"):
    found = explain(standard_, source, "made", data, as_of)
    for sheet in found.sheets:
        every = [
            sheet.cell(row, column).kind for row in range(len(sheet.rows)) for column in range(sheet.width)
        ]
        blanks = every.count(Kind.BLANK) - sheet.counts[Kind.BLANK]
        assert all(
            every.count(kind) + sheet.surplus * (kind == Kind.REFUSED) == sheet.counts[kind]
            for kind in Kind
            if kind != Kind.BLANK
        )
        assert blanks == int((sheet.kinds == -1).sum())
    return found


def drawn(sheet):
    """Each cell as `text | kind: note`, by its place in the sheet."""
    cells = {
        f"{letters(column)}{number}": sheet.cell(row, column)
        for row, number in enumerate(sheet.rows.tolist())
        for column in range(sheet.width)
    }
    return {
        place: f"{cell.text} | {cell.kind}: {cell.note}"
        for place, cell in cells.items()
        if cell.kind != Kind.BLANK
    }


def counted(**numbers):
    """How many cells are of each kind; of those not named none."""
    return dict.fromkeys(Kind, 0) | {Kind[name.upper()]: number for name, number in numbers.items()}


# Every file of the archive


def sizes(name, source):
    """How many cells each sheet of a file has, by other means."""
    data = content(name)
    if source.format == "workbook":
        opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = {
            name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in opened.sheet_names
        }
        return {name: len(rows) * len(rows[0]) for name, rows in found.items() if rows}
    if source.format == "parquet":
        table = parquet.read_table(pa.BufferReader(data))
        return {"": (table.num_rows + 1) * table.num_columns}
    if source.format == "pdf":
        return {"": sum(map(len, pdf.cells(name, data).rows))}
    plain = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    rows = csv.reader(io.StringIO(plain.decode(source.encoding)), delimiter=source.delimiter)
    return {"": sum(map(len, rows))}


@pytest.mark.slow
@pytest.mark.parametrize("source", sorted(NEWEST))
def test_every_cell_of_every_file_is_counted_once(source):
    name = NEWEST[source]
    found = explain(standard(), source, name, content(name), snapshots()[name].as_of)
    assert not found.differences
    assert {sheet.name: sum(sheet.counts.values()) for sheet in found.sheets} == sizes(name, found.source)
    assert not any(sheet.counts[Kind.REFUSED] for sheet in found.sheets)
    read = reading(name)
    if found.source.regions:
        cells = {
            (part.published.sheet, int(part.published.row[row]), part.published.column[row])
            for part in read.parts
            for row in part.accepted.row.tolist()
        }
        assert sum(sheet.counts[Kind.ACCEPTED] for sheet in found.sheets) == len(cells)
    else:
        assert (
            sum(int((sheet.kinds == Kind.ACCEPTED.number).any(axis=1).sum()) for sheet in found.sheets)
            == read.accepted
        )


def filled(name):
    """The cells of each sheet of a workbook in which something stands, read by other libraries than ours."""
    data = content(name)
    if name.endswith(".xls"):
        opened = xlrd.open_workbook(file_contents=data)
        rows = {sheet.name: map(sheet.row_values, range(sheet.nrows)) for sheet in opened.sheets()}
    else:
        opened = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in opened:
            sheet.reset_dimensions()
        rows = {sheet.title: sheet.iter_rows(values_only=True) for sheet in opened}
    return {
        sheet: [
            (row, column)
            for row, cells in enumerate(found)
            for column, cell in enumerate(cells)
            if cell is not None and str(cell).strip()
        ]
        for sheet, found in rows.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in snapshots() if name.endswith((".xls", ".xlsx"))])
def test_every_cell_in_which_something_stands_is_accepted_left_out_refused_or_a_heading(name):
    found = explain(standard(), snapshots()[name].source, name, content(name), snapshots()[name].as_of)
    expected = filled(name)
    assert {sheet.name for sheet in found.sheets} == {sheet for sheet, cells in expected.items() if cells}
    told = [kind.number for kind in (Kind.ACCEPTED, Kind.LEFT_OUT, Kind.REFUSED, Kind.HEADING)]
    for sheet in found.sheets:
        rows, columns = np.array(expected[sheet.name]).T
        assert np.isin(sheet.kinds[rows, columns], told).all()
        assert sheet.counts[Kind.UNSEEN] == 0
        if sheet.columns:
            continue  # of a list, a row of which a cell is blank is taken whole
        blank = sum(
            not sheet.text(row, column).strip()
            for row, column in np.argwhere(np.isin(sheet.kinds, told)).tolist()
        )
        assert sum(sheet.counts[Kind(KINDS[kind])] for kind in told) == len(rows) + blank


# Blocks

BLOCK = [
    ["Events by country, 2019 to 2020", "", "", "a note"],
    ["Country", 2019, 2020, ""],
    ["Mexico", 1, "D", ""],
    ["Cuba1", "-", 4, ""],
    ["Ruritania", 5, "x", ""],
    ["1 Some are counted twice.", "", "", ""],
]


def test_a_block():
    (sheet,) = explained(test_grid.YEARS, book(Data=BLOCK)).sheets
    assert drawn(sheet) == {
        "A1": "Events by country, 2019 to 2020 | headings: the title of $.tables[0]",
        "D1": "a note | left out: a text beside the tables, and no figure",
        "A2": "Country | headings: dimension citizenship",
        "B2": "2019 | headings: FY2019",
        "C2": "2020 | headings: FY2020",
        "A3": "Mexico | headings: citizenship=MEX",
        "B3": "1 | accepted: citizenship=MEX FY2019",
        "C3": "D | accepted: citizenship=MEX FY2020: no figure, status Q",
        "A4": "Cuba1 | headings: citizenship=CUB",
        "B4": "- | accepted: citizenship=CUB FY2019 = 0",
        "C4": "4 | accepted: citizenship=CUB FY2020",
        "A5": (
            "Ruritania | refused: unknown citizenship 'Ruritania'; if it is right, add it to "
            "codelists/citizenship.csv (never to an other)"
        ),
        "B5": "5 | refused: ",
        "C5": "x | refused: ",
        "A6": "1 Some are counted twice. | left out: a text beside the tables, and no figure",
    }
    assert sheet.counts == counted(accepted=4, refused=3, heading=6, left_out=2, blank=9)
    assert sheet.tables == [
        "sources/made.toml: $.tables[0]: a block that feeds events, columns A to C, header in row 2, rows 3 to 5"
    ]
    assert [finding.place for finding in sheet.found(Kind.LEFT_OUT)] == ["D1", "A6"]
    assert [(one.place, one.text, one.cells) for one in sheet.found(Kind.REFUSED)] == [
        ("row 5, column A", "Ruritania", 2)
    ]


def test_a_figure_that_is_none_and_a_heading_above_it():
    rows = [["Events by country"], ["Country", 2019, "20x0"], ["Mexico", "y", 2], ["Cuba", 3, 4]]
    cells = drawn(explained(test_grid.YEARS, book(Data=rows)).sheets[0])
    assert cells["B3"] == "y | refused: the count 'y' is not a number"
    assert cells["C2"] == "20x0 | refused: '20x' is not a year"
    assert (cells["C3"], cells["C4"]) == ("2 | refused: ", "4 | refused: ")
    assert cells["B4"] == "3 | accepted: citizenship=CUB FY2019"


def test_merged_and_filled_headings_say_what_they_hold_for():
    rows = [["", "Border Patrol", "", "Both"], ["Country", 2019, 2020, 2019], ["Mexico", 1, 2, 3]]
    cells = drawn(explained(test_grid.LEVELS, book(Data=(rows, "B1:C1"))).sheets[0])
    assert cells["B1"] == "Border Patrol | headings: agency=USBP"
    assert cells["C1"] == " | headings: agency=USBP"
    assert cells["D1"] == "Both | headings: agency=_T"
    assert cells["C3"] == "2 | accepted: citizenship=MEX agency=USBP FY2020"


def test_what_is_not_used_has_its_reason():
    described = standard_of(
        'stated = "Data as of"\nother_sheets = { Notes = "words" }\n'
        + test_grid.ONE_AGENCY.replace('zero = ["-"]', 'zero = ["-"]\nleft_out = { plan = "no figure yet" }')
        + test_grid.BY_YEAR
        + '\n[[tables]]\nkind = "ignored_block"\nsheet = "Data"\ntitle = "Shares"\ncolumns = ["Country"]\n'
        'reason = "shares of the figures above"\n'
    )
    data = [*test_grid.SHEET[:3], ["Cuba", "plan", 4], [], ["Shares"], ["Country", 2019], ["Mexico", 0.5]]
    notes = [["Data as of 11/16/2020"], ["", "words and words"]]
    found = explained(described, book(Data=data, Notes=notes))
    sheets = {sheet.name: drawn(sheet) for sheet in found.sheets}
    assert sheets["Data"]["B4"] == "plan | left out: no figure yet"
    assert sheets["Data"]["C4"] == "4 | accepted: citizenship=CUB FY2020"
    assert sheets["Data"]["A6"] == "Shares | headings: the title of $.tables[1]"
    assert sheets["Data"]["B8"] == "0.5 | left out: shares of the figures above"
    assert sheets["Notes"] == {
        "A1": "Data as of 11/16/2020 | headings: the file is stated for 2020-11-16",
        "B2": "words and words | left out: words",
    }
    (first, second) = found.sheets[0].found(Kind.LEFT_OUT)
    assert (first.place, second.place, second.reason) == ("B4", "B8", "shares of the figures above")


def test_a_sheet_that_differs_is_shown_as_far_as_it_can_be_read():
    data = [*test_grid.SHEET, [], ["Loose", 7], ["Mexico", 8]]
    found = explained(test_grid.YEARS, book(Data=data, Other=[["x"]]))
    assert [one.what.partition(":")[0] for one in found.differences] == [
        "sheet 'Other' is not known to made",
        "sheet 'Data'",
    ]
    cells = drawn(found.sheets[0])
    assert cells["B3"] == "1 | accepted: citizenship=MEX FY2019"
    assert cells["B6"] == "7 | not looked at: "
    assert drawn(found.sheets[1]) == {"A1": "x | not looked at: "}
    renamed = explained(test_grid.YEARS, book(Data=[["Persons"], *test_grid.SHEET[1:]]))
    assert "no cell begins with 'Events by country'" in renamed.differences[0].what
    assert renamed.sheets[0].counts == counted(unseen=10, blank=2)


def test_two_tables_of_one_block():
    name = NEWEST["uscis-fear"]
    found = explain(standard(), "uscis-fear", name, content(name))
    cells = drawn(found.sheets[0])
    assert cells["D7"].endswith(" in uscis-fear-receipts")
    assert cells["D8"].endswith(" in uscis-fear-decisions")
    assert cells["B8"] == "All Decisions | headings: fear_result=_T"


def test_a_document():
    (sheet,) = explained(test_pdf.STANDARD, document(test_pdf.PAGE)).sheets
    cells = drawn(sheet)
    assert cells["A5"] == f"{test_pdf.NOTE} | headings: the day 2020-11-16"
    assert cells["C4"] == "6 | accepted: citizenship=SLV agency=OFO 2020-11-16"
    assert cells["B2"] == "Border Patrol | headings: agency=USBP"


# Lists


def test_a_list_that_feeds_two_datasets():
    data = text(test_several_tables.HEADER, "Mexico,2019,x,5,3", "Cuba,2019,plan,,", "Atlantis,2019,x,1,1")
    (sheet,) = explained(test_several_tables.TWO, data).sheets
    assert drawn(sheet) == {
        "A1": "country | headings: dimension citizenship",
        "B1": "year | headings: fiscal_year",
        "C1": "kind | headings: ignored: what is counted",
        "D1": "events | headings: figure",
        "E1": "persons | headings: figure",
        "A2": "Mexico | accepted: citizenship=MEX",
        "B2": "2019 | accepted: FY2019",
        "C2": "x | left out: what is counted",
        "D2": "5 | accepted: citizenship=MEX FY2019 in events",
        "E2": "3 | accepted: citizenship=MEX agency=OFO FY2019 in persons",
        **{
            f"{letter}3": f"{said} | left out: no figure yet"
            for letter, said in zip("ABDE", ["Cuba", "2019", "", ""], strict=True)
        },
        "C3": "plan | left out: what is counted",
        "A4": (
            "Atlantis | refused: unknown citizenship 'Atlantis'; if it is right, add it to "
            "codelists/citizenship.csv (never to an other)"
        ),
        **{
            f"{letter}4": f"{said} | refused: "
            for letter, said in zip("BCDE", ["2019", "x", "1", "1"], strict=True)
        },
    }
    assert sheet.counts == counted(accepted=4, left_out=6, refused=5, heading=5)
    assert sheet.tables == [
        f"sources/made.toml: $.tables[{n}]: a list that feeds {name}"
        for n, name in enumerate(("events", "persons"))
    ]
    assert [(one.place, one.reason, one.cells) for one in sheet.found(Kind.LEFT_OUT)] == [
        ("column C", "what is counted", 1),
        ("row 3", "no figure yet", 5),
    ]
    says = {column.name: column.says for column in sheet.columns}
    assert says["country"] == "3 labels: 'Mexico' is citizenship=MEX and 2 more; 1 cell refused"
    assert says["events"] == "1 figure; 1 cell refused"
    assert says["kind"] == "2 labels; 1 cell refused"


def test_rows_with_more_or_fewer_cells_count_as_many_as_they_have():
    data = text(test_several_tables.HEADER, "Mexico,2019", "Mexico,2019,x,5,3", "Cuba,2019,x,1,2,3,4")
    (sheet,) = explained(test_several_tables.TWO, data).sheets
    assert sheet.counts == counted(accepted=4, left_out=1, refused=9, heading=5)
    cells = drawn(sheet)
    assert cells["A2"] == "2 cells | refused: more or fewer cells than the header"
    assert cells["A4"] == "7 cells | refused: more or fewer cells than the header"
    assert cells["D3"] == "5 | accepted: citizenship=MEX FY2019 in events"
    assert "C2" not in cells


def test_rows_that_are_counted_or_stand_there_twice():
    (sheet,) = explained(test_combine.ONCE, test_combine.LIST).sheets
    cells = drawn(sheet)
    assert cells["A3"] == "Mexico | left out: the row repeats an earlier one in every cell"
    assert sheet.tables == ["sources/made.toml: $.tables[0]: a list that feeds events, rows counted"]
    assert cells["A2"] == "Mexico | accepted: citizenship=MEX"


def test_cells_of_two_tables_that_say_otherwise_are_refused():
    columns = test_several_tables.COUNTRY_AND_YEAR + test_several_tables.EVENTS
    table = '\n[[tables]]\nkind = "list"\nsheet = "{}"\ncolumns = ["country", "year", "events"]\n'
    described = standard_of(
        'dataset = "events"\nconstants = { agency = "_T" }\n'
        + columns
        + table.format("A")
        + table.format("B")
    )
    rows = [["country", "year", "events"], ["Mexico", 2019, 5]]
    found = explained(described, book(A=rows, B=[rows[0], ["Mexico", 2019, 6]]))
    assert found.sheets[0].counts[Kind.ACCEPTED] == 3
    assert found.sheets[1].counts[Kind.REFUSED] == 3
    assert "is 6 here and 5 in an earlier table" in drawn(found.sheets[1])["C2"]


def test_a_list_whose_header_differs():
    data = text(test_several_tables.HEADER.replace("kind", "sort"), "Mexico,2019,x,5,")
    found = explained(test_several_tables.TWO, data)
    assert [one.what for one in found.differences] == [
        "row 1: column 'kind' is missing",
        "row 1: column 3: 'sort' is not known to made",
    ]
    cells = drawn(found.sheets[0])
    assert cells["C1"] == "sort | not looked at: the source does not know this column"
    assert cells["D2"] == "5 | not looked at: "
    assert found.sheets[0].counts == counted(unseen=5, blank=1, heading=4)


def test_another_delimiter_and_a_parquet_file():
    data = text(test_several_tables.HEADER, "Mexico,2019,x,5,3").replace(b",", b";")
    found = explained(test_several_tables.TWO, data)
    assert "separated by semicolons" in found.differences[0].what
    assert found.sheets[0].width == 5
    (sheet,) = explained(test_parquet.STANDARD, test_parquet.file()).sheets
    assert drawn(sheet)["C3"] == "0 | accepted: citizenship=CUB 2025-07-04"


def test_what_cannot_be_shown_at_all():
    future = standard_of("future_zeros = true\n" + test_grid.ONE_AGENCY + test_grid.BY_YEAR)
    with pytest.raises(InputError, match="say with --as-of for which day the file is stated"):
        explain(future, "made", "made", book(Data=test_grid.SHEET))
    with pytest.raises(InputError, match="it is a workbook, and a file of made is a text file"):
        explain(test_several_tables.TWO, "made", "made", book(Data=[["x"]]))
    with pytest.raises(InputError, match="no source of the standard is called 'mad'"):
        explain(test_several_tables.TWO, "mad", "made", b"a\n")
    assert "the last line has no end" in error(test_several_tables.TWO, b"country,year,kind,events,persons")

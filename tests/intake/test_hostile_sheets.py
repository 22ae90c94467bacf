"""Sheets and lists made to harm, or slightly wrong: each once crashed, lost a figure or made a wrong one."""

import datetime
import io
import re
import tracemalloc
import zipfile

import pyarrow as pa
import pytest
from handmade import text
from pyarrow import parquet
from small import book, cells, document, figures, reading, standard_of

from borderstats.errors import InputError, StandardError
from borderstats.intake.read import read_file, total

DAY = datetime.date(2025, 7, 3)
COUNTRY = '\n[[columns]]\nname = "Country"\nrole = "dimension"\nconcept = "citizenship"\n'
YEAR = '\n[[columns]]\nname = "Year"\nrole = "fiscal_year"\n'
WHEN = '\n[[columns]]\nname = "when"\nrole = "day"\n'
FIGURE = '\n[[columns]]\nname = "figure"\nrole = "figure"\nmissing = { D = "Q" }\n'
SECOND = '\n[[columns]]\nname = "second"\nrole = "figure"\nkey = { agency = "OFO" }\n'
WHO = '\n[[columns]]\nname = "who"\nrole = "ignored"\nreason = "by whom"\n'
BLOCK = '\n[[tables]]\nkind = "block"\nsheet = "Data"\ncolumns = ["Country"]\nacross = ["Year"]\nfigures = "figure"\n'


AGENCY = '\n[[columns]]\nname = "agency"\nrole = "dimension"\nconcept = "agency"\n'


def said(*parts, dataset="events", top=""):
    """A source; its figures are those of all agencies, if no column says of which they are."""
    constants = "" if any('concept = "agency"' in part for part in parts) else 'constants = { agency = "_T" }'
    fed = f'dataset = "{dataset}"' if dataset else ""
    return f"{fed}\n{constants}\n{top}\n" + "".join(parts)


def table(**fields):
    """A table in TOML; its values are given as Python writes them, which for texts and lists of texts is the same."""
    kind = "block" if "across" in fields else "list"
    return f"\n[[tables]]\nkind = {kind!r}\n" + "".join(
        f"{name} = {value!r}\n" for name, value in fields.items()
    )


YEARS = standard_of(said(COUNTRY, YEAR, FIGURE, BLOCK))
DAYS = standard_of(said(COUNTRY, WHEN, FIGURE), "csv")
SHEET = [["Country", 2019, 2020], ["Mexico", 1, 2]]


def stopped(standard, data, as_of=None):
    """Whether the file or at least one row of it is refused; anything but an InputError would be a traceback."""
    try:
        return bool(read_file(standard, "made", data, as_of).refusals)
    except InputError:
        return True


# crashes


@pytest.mark.slow
def test_a_cell_merged_over_a_whole_sheet_does_not_fill_the_memory():
    data = book(Data=(SHEET, "A5:J20004"))
    tracemalloc.start()
    try:
        figures(YEARS, data)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_sheet_that_is_narrower_than_its_row_headings():
    months = '\n[[columns]]\nname = "Month"\nrole = "month"\n'
    block = table(sheet="Data", columns=["Year", "Month"], across=["Country"], figures="figure")
    assert stopped(standard_of(said(COUNTRY, YEAR, months, FIGURE, block)), book(Data=[["Year"], [2019]]))


@pytest.mark.parametrize("top", ["provisional_days = 365", "future_zeros = true"])
@pytest.mark.parametrize("year", ["20x0", ""])
def test_a_period_that_is_none_in_a_source_that_looks_at_the_day_of_the_file(top, year):
    standard = standard_of(said(COUNTRY, YEAR, FIGURE, top=top), "csv")
    assert stopped(standard, text("Country,Year,figure", f"Mexico,{year},1"), DAY)


def test_zeros_to_come_in_several_columns():
    standard = standard_of(said(COUNTRY, YEAR, FIGURE, SECOND, top="future_zeros = true"), "csv")
    data = text("Country,Year,figure,second", "Mexico,2030,0,0", "Mexico,2020,0,3")
    assert figures(standard, data, DAY) == {
        "citizenship=MEX FY2020": (0, "A"),
        "citizenship=MEX agency=OFO FY2020": (3, "A"),
    }


def test_sums_of_several_columns():
    names = ["Country", "Year", "figure", "second"]
    standard = standard_of(said(COUNTRY, YEAR, FIGURE, SECOND, table(columns=names, combine="sum")), "csv")
    data = text("Country,Year,figure,second", "Mexico,2019,1,2", "Mexico,2019,3,4", "Mexico,20x9,9,9")
    found = reading(standard, data)
    assert cells(found.observations) == {
        "citizenship=MEX FY2019": (4, "A"),
        "citizenship=MEX agency=OFO FY2019": (6, "A"),
    }
    assert [refusal.row for refusal in found.refusals] == [4]


def test_text_in_a_parquet_file_that_is_no_text():
    buffer = io.BytesIO()
    label = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")]
    )
    parquet.write_table(pa.table({"Country": label, "when": [DAY], "figure": [1]}), buffer)
    assert stopped(standard_of(said(COUNTRY, WHEN, FIGURE), "parquet"), buffer.getvalue())


@pytest.mark.parametrize("font", [b"/F1 9 0 R", b"/F1 7", b""])
def test_a_pdf_with_a_font_that_is_not_there(font):
    data = document(["Events", "          2019      2020", "Mexico      12        13"])
    block = BLOCK.replace('sheet = "Data"', 'title = "Events"')
    assert stopped(standard_of(said(COUNTRY, YEAR, FIGURE, block), "pdf"), data.replace(b"/F1 1 0 R", font))


OLD = "yearbook-convictions-1998/Table73_2.xls"


@pytest.mark.parametrize("length", [17_500, 17_953, 18_500])
def test_an_old_workbook_that_is_cut_off(standard, archive_folder, length):
    data = (archive_folder / OLD).read_bytes()
    assert not stopped(standard, data)
    with pytest.raises(InputError, match=r"^made: the workbook is cut off or broken \(.*\); fetch it again$"):
        read_file(standard, "made", data[:length])


@pytest.mark.parametrize("place", [30, 40, 60])
def test_a_workbook_with_a_damaged_sheet(place):
    data = bytearray(book(Data=SHEET))
    start = data.index(b"xl/worksheets/sheet1.xml") + place
    data[start : start + 4] = bytes(byte ^ 0x5A for byte in data[start : start + 4])
    with pytest.raises(InputError):
        read_file(YEARS, "made", bytes(data))


def test_a_workbook_without_a_sheet():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(Data=SHEET))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(
                name,
                re.sub(rb"<sheets>.*</sheets>", b"<sheets></sheets>", part)
                if name == "xl/workbook.xml"
                else part,
            )
    with pytest.raises(InputError):
        read_file(YEARS, "made", out.getvalue())


# wrong figures


@pytest.mark.parametrize("day", ["2925-07-03", "2119-01-13", "1899-12-31", "1823-07-03", "0001-01-01"])
def test_a_day_that_no_period_holds(day):
    assert stopped(DAYS, text("Country,when,figure", f"Mexico,{day},1"))
    of_months = standard_of(
        said(COUNTRY, WHEN, FIGURE, table(columns=["Country", "when", "figure"], combine="sum", within="month")),
        "csv",
    )  # fmt: skip
    if day > "2500":
        assert stopped(of_months, text("Country,when,figure", f"Mexico,{day},1"))


def test_figures_of_the_day_of_a_file_that_is_stated_for_none():
    standard = standard_of(said(COUNTRY, FIGURE, table(columns=["Country", "figure"], day="as_of")), "csv")
    assert stopped(standard, text("Country,figure", "Mexico,1"))


def test_a_note_of_a_day_after_the_one_for_which_the_file_is_stated():
    block = table(sheet="Data", columns=["Country"], across=["agency"], figures="figure", day="Data as of")
    data = book(Data=[["Country", "OFO"], ["Mexico", 1], ["Data as of 7/4/2025"]])
    assert stopped(standard_of(said(COUNTRY, AGENCY, FIGURE, block)), data, DAY)


@pytest.mark.parametrize("month", ["July", "Total"])
def test_the_transition_quarter_in_a_table_of_months_is_no_part_of_fiscal_year_1976(month):
    months = '\n[[columns]]\nname = "Month"\nrole = "month"\nwhole_year = "Total"\n'
    standard = standard_of(said(COUNTRY, YEAR, months, FIGURE), "csv")
    data = text("Country,Year,Month,figure", f"Mexico,1976tq,{month},1")
    right = {"July": "1976-07", "Total": "1976-Q3"}[month]
    assert stopped(standard, data) or figures(standard, data) == {f"citizenship=MEX {right}": (1, "A")}


def test_a_label_that_is_repeated_to_the_right_is_not_carried_into_the_next_row():
    block = table(sheet="Data", columns=["Year"], across=["agency", "Country"], figures="figure")
    sheet = [["", "", "OFO"], ["Year", "Mexico", "Cuba"], [2019, 1, 2], [2020, 3, 4]]
    found = reading(
        standard_of(said(COUNTRY, YEAR, AGENCY + "fill = true\n", FIGURE, block)), book(Data=sheet)
    )
    assert {cell for cell in cells(found.observations) if "MEX" in cell} == set()


def test_a_label_that_begins_a_group_right_below_the_header_without_figures():
    grouped = COUNTRY + 'groups = ["America"]\nlabels = { All = "_T", "America / All" = "GTM" }\n'
    data = book(Data=[["Country", 2019], ["America"], ["All", 3]])
    standard = standard_of(said(grouped, YEAR, FIGURE, BLOCK))
    assert stopped(standard, data) or figures(standard, data) == {"citizenship=GTM FY2019": (3, "A")}


def test_a_total_in_a_block_of_a_dataset_whose_total_is_a_sum():
    standard = standard_of(said(COUNTRY, YEAR, FIGURE, BLOCK, dataset="arrests"))
    data = book(Data=[["Country", 2019], ["Mexico", 1], ["Cuba", 2], ["Total", 3]])
    assert stopped(standard, data) or total(reading(standard, data).observations) == 3


def test_a_sum_of_which_a_part_is_withheld_is_no_whole_sum():
    standard = standard_of(
        said(COUNTRY, YEAR, FIGURE, table(columns=["Country", "Year", "figure"], combine="sum")), "csv"
    )
    for rows in (("Mexico,2019,5", "Mexico,2019,D"), ("Mexico,2019,D", "Mexico,2019,5")):
        data = text("Country,Year,figure", *rows)
        assert stopped(standard, data) or figures(standard, data)["citizenship=MEX FY2019"][1] == "Q"


@pytest.mark.parametrize("sheets", [(0, "D"), ("D", 0)])
def test_a_zero_in_one_table_and_a_figure_withheld_in_another_contradict_each_other(sheets):
    two = BLOCK.replace("Data", "A") + BLOCK.replace("Data", "B")
    rows = [[["Country", 2019, 2020], ["Mexico", figure, 2]] for figure in sheets]
    assert stopped(standard_of(said(COUNTRY, YEAR, FIGURE, two)), book(A=rows[0], B=rows[1]))


def test_a_figure_has_no_footnotes_because_they_would_be_taken_for_its_decimals():
    with pytest.raises(StandardError, match=r"\$\.columns\[2\]: no field 'footnotes' with role 'figure'"):
        standard_of(said(COUNTRY, YEAR, FIGURE + "footnotes = true\n", BLOCK, dataset="money"))


def test_a_list_on_another_sheet_is_not_read():
    lists = table(sheet="A", columns=["Country", "Year", "figure"])
    others = 'other_sheets = { B = "a working table" }'
    data = book(
        A=[["Country", "Year", "figure"], ["Cuba", 2019, 5]],
        B=[["Country", "Year", "figure"], ["Cuba", 2020, 5]],
    )
    assert figures(standard_of(said(COUNTRY, YEAR, FIGURE, lists, top=others)), data) == {
        "citizenship=CUB FY2019": (5, "A")
    }


# figures lost, or not told


@pytest.mark.parametrize(
    "cell",
    [
        "$12",
        "(12)",
        "12 345",
        "1 234 567",
        "12*",
        "\u221212",
        "12 %",
        "12.",
        "+5",
        "<5",
        "12 r",
        0.00001,
        "1'234",
    ],
)
def test_a_figure_outside_every_block_in_any_form(cell):
    assert stopped(YEARS, book(Data=[*SHEET, [], ["", "", "", cell]]))


def test_each_figure_that_contradicts_another_table_is_reported():
    two = BLOCK.replace("Data", "A") + BLOCK.replace("Data", "B")
    data = book(A=SHEET, B=[SHEET[0], ["Mexico", 8, 9]])
    found = reading(standard_of(said(COUNTRY, YEAR, FIGURE, two)), data)
    assert [(refusal.row, refusal.letter) for refusal in found.refusals] == [(2, "B"), (2, "C")]
    assert found.accepted == 2


def test_a_row_with_one_bad_cell_is_refused_for_every_dataset():
    tables = "".join(
        table(dataset=dataset, columns=["Country", "Year", "figure", "second"], values=[name])
        for dataset, name in (("events", "figure"), ("persons", "second"))
    )
    standard = standard_of(said(COUNTRY, YEAR, FIGURE, SECOND, tables, dataset=""), "csv")
    found = reading(standard, text("Country,Year,figure,second", "Mexico,2019,1,2", "Cuba,2019,3,x"))
    assert found.accepted == 1
    assert [len(observations) for observations in found.datasets.values()] == [1, 1]


def test_the_transition_quarter_is_part_of_a_total_of_years():
    standard = standard_of(said(COUNTRY, YEAR, FIGURE, dataset="arrests"), "csv")
    data = text("Country,Year,figure", "Mexico,1976,1", "Mexico,1976tq,2", "Mexico,1977,4")
    assert total(reading(standard, data).observations) == 7


def test_days_that_a_table_of_pandas_holds():
    buffer = io.BytesIO()
    days = pa.array([datetime.datetime(2025, 7, 3)], pa.timestamp("ns"))
    parquet.write_table(pa.table({"Country": ["Mexico"], "when": days, "figure": [1]}), buffer)
    standard = standard_of(said(COUNTRY, WHEN, FIGURE), "parquet")
    assert figures(standard, buffer.getvalue()) == {"citizenship=MEX 2025-07-03": (1, "A")}


# contradictions that the standard's own check finds


LIST = ["Country", "Year", "figure", "who"]
WRONG = {
    "more header rows than names": (
        table(columns=["Country"], across=["Year", "who"], figures="figure", headers=3),
        "headers: 3 header rows cannot give 2 names of across; join them into one, or name each",
    ),
    "fewer header rows than names": (
        table(columns=["Country"], across=["Year", "who"], figures="figure", headers=1),
        "headers: 1 header rows cannot give 2 names of across; join them into one, or name each",
    ),
    "values of a column without figures": (
        table(columns=LIST, values=["who"]),
        "values: column 'who' has no figures; give it role = \"figure\"",
    ),
    "an identity that the table lacks": (
        table(columns=["Country", "Year"], combine="distinct", identity=["who"]),
        "identity: column 'who' is not one of the table",
    ),
    "a note in a list": (
        table(columns=["Country", "figure", "who"], day="Data as of"),
        "$.tables[0].day: 'Data as of' is none of as_of",
    ),
    "a block beside a list": (
        table(sheet="List", columns=LIST) + BLOCK,
        "$.tables[0]: a source has lists or blocks, not both",
    ),
    "a column in two places": (
        table(columns=["Country"], across=["Country", "Year"], figures="figure"),
        "$.tables[0]: column 'Country' stands in it twice; a column has one place",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_table_that_cannot_be_read_is_found_before_a_file_is(what):
    tables, expected = WRONG[what]
    with pytest.raises(StandardError) as error:
        standard_of(said(COUNTRY, YEAR, FIGURE, WHO, tables))
    assert expected in str(error.value)


def test_the_rest_of_a_title_gives_its_dimension():
    block = table(
        sheet="Data",
        title="Events:",
        title_as="agency",
        columns=["Country"],
        across=["Year"],
        figures="figure",
    )
    standard = standard_of(said(COUNTRY, AGENCY, YEAR, FIGURE, block))
    assert figures(standard, book(Data=[["Events: OFO"], *SHEET])) == {
        "citizenship=MEX agency=OFO FY2019": (1, "A"),
        "citizenship=MEX agency=OFO FY2020": (2, "A"),
    }

"""The day for which a file says that it stands, and units that a title names."""

import datetime

import pytest
from msgspec.structs import replace
from small import book, cells, document, figures, reading, standard_of
from test_archive_files import content, snapshots

from borderstats.errors import InputError
from borderstats.intake.read import read_file
from borderstats.intake.statements import leading_day

DAY = datetime.date(2024, 8, 30)


@pytest.mark.parametrize(
    "text",
    [
        "8/30/2024",
        "08/30/2024; later",
        "8.30.2024",
        "2024-08-30.",
        ": August 30, 2024; future",
        "Aug 30, 2024",
    ],
)
def test_a_text_that_begins_with_a_day(text):
    assert leading_day(text) == DAY


@pytest.mark.parametrize(
    "text", ["", "the end of August", "30/8/2024", "August 2024", "8/30/20241", "13.13.2024"]
)
def test_a_text_that_does_not(text):
    assert leading_day(text) is None


COLUMNS = """\
dataset = "events"
constants = { agency = "_T" }
stated = "Data as of"

[[columns]]
name = "Country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "Year"
role = "fiscal_year"

[[columns]]
name = "figure"
role = "figure"
"""
BLOCK = '\n[[tables]]\nkind = "block"\nsheet = "Data"\ntitle = "Events"\ncolumns = ["Country"]\nacross = ["Year"]\nfigures = "figure"\n'
NOTES = '\n[other_sheets]\nNotes = "words"\nEmpty = "nothing"\n'
STANDARD = standard_of(COLUMNS + NOTES + BLOCK)
SHEET = [["Events"], ["Country", 2019], ["Mexico", 1]]


def test_a_day_in_a_note_below_the_table():
    found = reading(
        STANDARD, book(Data=[*SHEET, ["Notes: rounded. DATA as  of August 30, 2024; more to come."]])
    )
    assert found.stated == (DAY,)


def test_a_day_on_a_sheet_of_notes_is_looked_for_if_the_tables_say_none():
    found = reading(STANDARD, book(Data=SHEET, Notes=[["Data as of 8/30/2024"]]))
    assert found.stated == (DAY,)
    assert reading(STANDARD, book(Data=SHEET, Empty=[])).stated == ()


def test_two_days_and_none():
    two = [*SHEET, ["Data as of 8/30/2024"], ["Data as of 8/31/2024, data as of 8/30/2024"]]
    assert reading(STANDARD, book(Data=two)).stated == (DAY, DAY.replace(day=31))
    assert reading(STANDARD, book(Data=[*SHEET, ["Data as of summer"]])).stated == ()


BOTH = standard_of(
    COLUMNS
    + BLOCK
    + BLOCK.replace('sheet = "Data"', 'sheet = "More"').replace("figures =", 'dataset = "persons"\nfigures =')
    + BLOCK.replace('sheet = "Data"', 'sheet = "Last"').replace("figures =", 'dataset = "persons"\nfigures =')
)
LATER = DAY.replace(day=31)


def both(*days):
    """Three sheets, of which the second and third feed one dataset, each with a day."""
    rows = [[SHEET[0], SHEET[1], [country, 1]] for country in ("Mexico", "Mexico", "Cuba")]
    notes = [[["Data as of " + day.strftime("%m/%d/%Y")]] if day else [] for day in days]
    return book(**{name: [*r, *n] for name, r, n in zip(("Data", "More", "Last"), rows, notes, strict=True)})


def test_each_dataset_stands_for_the_day_of_its_sheets_if_they_agree():
    assert reading(BOTH, both(DAY, LATER, LATER), DAY).days == {"events": DAY, "persons": LATER}
    assert reading(BOTH, both(DAY, LATER, DAY), DAY).days == {"events": DAY}
    assert reading(BOTH, both(DAY, LATER, None), DAY).days == {"events": DAY}
    assert reading(BOTH, both(None, None, LATER)).days == {}


def test_a_list_that_feeds_two_datasets_stands_for_the_day_in_a_cell_of_it():
    lists = "".join(
        f'\n[[tables]]\nkind = "list"\ndataset = "{dataset}"\ncolumns = ["Country", "Year", "figure"]\n'
        for dataset in ("events", "persons")
    )
    note = '\n[[columns]]\nname = "note"\nrole = "ignored"\nreason = "words"\n'
    standard = standard_of(
        COLUMNS.replace('dataset = "events"\n', "") + note + lists.replace('"figure"]', '"figure", "note"]')
    )
    rows = [
        ["Country", "Year", "figure", "note"],
        ["Mexico", 2019, 1, "Data as of 8/30/2024"],
        ["Atlantis", 2019, 1, ""],
    ]
    found = reading(standard, book(rows))
    assert (found.days, found.stated) == ({"events": DAY, "persons": DAY}, (DAY,))
    assert (found.rows, found.refused) == (2, 1)


def test_no_sheet_is_trusted_where_the_caller_corrects_the_day_of_the_file():
    assert reading(BOTH, both(DAY, LATER, LATER), DAY.replace(year=2025)).days == {}


def test_figures_are_judged_by_the_day_of_their_sheet():
    """On 2019-09-30 fiscal year 2019 is over, and on 2019-09-29 it is not."""
    over, before = datetime.date(2019, 9, 30), datetime.date(2019, 9, 29)
    found = reading(BOTH, both(before, over, over), before).datasets
    assert {name: set(cells(one).values()) for name, one in found.items()} == {
        "events": {(1, "P")},
        "persons": {(1, "A")},
    }
    early = datetime.date(2018, 9, 30)
    late = reading(BOTH, both(early, over, over), early)
    assert [refusal.text("made") for refusal in late.refusals] == [
        (
            "made: sheet 'Data': row 3, column B: FY2019 begins after 2018-09-30, the day for which the file is stated; "
            "one of the two is wrong"
        )
    ]


def test_a_day_in_a_document():
    data = document(
        ["Events", "", "             2019     2020", "Mexico          1        2", "Data as of 8/30/2024"]
    )
    standard = standard_of(
        COLUMNS + BLOCK.replace('sheet = "Data"\n', "").replace('["Country"]', '["Country"]\ncorner = ""'),
        "pdf",
    )
    assert reading(standard, data).stated == (DAY,)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [n for n, s in snapshots().items() if s.source in ("ohss-monthly-tables", "ice-detention-statistics", "usbp-barrier")]
)  # fmt: skip
def test_files_of_the_archive_say_the_day_that_its_list_has(standard, name):
    # some of the monthly tables of OHSS are as of a later day than the others
    day = snapshots()[name].as_of
    # the footnotes of fiscal year 2020 stand in two workbooks of ICE: alone, and in a hidden sheet beside the right ones
    others = {
        "april-2024": (day, datetime.date(2024, 6, 25), datetime.date(2024, 6, 30)),
        "july-2024": (day, datetime.date(2024, 9, 24)),
        "august-2024": (day, datetime.date(2024, 10, 16), datetime.date(2024, 10, 22)),
        "20211008015346": (datetime.date(2020, 10, 2),),
        "20220810150817": (datetime.date(2020, 10, 2), day),
    }
    stated = next((days for part, days in others.items() if part in name), (day,))
    assert read_file(standard, name, content(name), day).stated == stated


# units


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Events, in thousands", "thousand"),
        ("Events (Millions)", "million"),
        ("Events: percent of all", "percent"),
        ("Events, per cent", "percent"),
        ("Events (% of total)", "percent"),
    ],
)
def test_a_title_with_a_unit_that_the_standard_does_not_know(title, unit):
    with pytest.raises(InputError) as caught:
        read_file(STANDARD, "made", book(Data=[[title], *SHEET[1:]]), source="made")
    assert str(caught.value) == (
        f"made: sheet 'Data': row 1, column A: {title!r} says {unit!r}, which the table in the standard does not; "
        "if the publisher changed the unit, the figures are other ones: describe them as a dataset of their own"
    )


def test_a_line_between_title_and_header_with_a_unit():
    with pytest.raises(InputError, match="row 2, column B: 'in thousands' says 'thousand'"):
        read_file(STANDARD, "made", book(Data=[SHEET[0], ["", "in thousands"], *SHEET[1:]]), source="made")


def test_a_unit_that_the_standard_describes_and_one_in_a_note_below():
    standard = standard_of((COLUMNS + BLOCK).replace('"Events"', '"Events in thousands"'))
    assert figures(standard, book(Data=[["Events in thousands"], *SHEET[1:]]))
    assert figures(STANDARD, book(Data=[*SHEET, ["Percent may not add up"]]))


@pytest.mark.slow
def test_a_title_of_the_monthly_tables_in_thousands(standard):
    import io

    import openpyxl

    name = next(n for n, s in snapshots().items() if s.source == "ohss-monthly-tables")
    made = openpyxl.load_workbook(io.BytesIO(content(name)))
    sheet = made["Nationwide USBP"]
    (title,) = {
        t.title for t in standard.sources["ohss-monthly-tables"].tables if t.sheet == "Nationwide USBP"
    }
    place = next(c for row in sheet.iter_rows(max_row=6) for c in row if str(c.value).startswith(title))
    place.value += " (in thousands)"
    buffer = io.BytesIO()
    made.save(buffer)
    with pytest.raises(InputError, match="says 'thousand', which the table in the standard does not"):
        read_file(standard, name, buffer.getvalue())


# rows of a block that feeds two datasets


def test_a_block_that_feeds_two_datasets_is_counted_once():
    two = BLOCK + BLOCK.replace("figures =", 'dataset = "persons"\nfigures =')
    found = reading(standard_of(COLUMNS + two), book(Data=SHEET))
    assert (found.rows, found.accepted) == (1, 1)
    assert [len(observations) for observations in found.datasets.values()] == [1, 1]
    broken = reading(standard_of(COLUMNS + two), book(Data=[*SHEET, ["Atlantis", 5]]))
    assert (broken.rows, broken.accepted, broken.refused, len(broken.refusals)) == (2, 1, 1, 1)


def test_rows_that_one_of_two_datasets_leaves_out_are_read():
    kinds = (
        COLUMNS
        + '\n[[columns]]\nname = "plain"\nrole = "dimension"\nconcept = "citizenship"\nleft_out = { Mexico = "not here" }\n'
    )
    two = BLOCK + BLOCK.replace("figures =", 'dataset = "persons"\nfigures =').replace(
        'columns = ["Country"]', 'columns = ["plain"]\ncorner = "Country"'
    )
    found = reading(standard_of(kinds + two), book(Data=[*SHEET, ["Cuba", 4]]))
    assert (found.rows, found.accepted, found.left_out) == (2, 2, 0)
    assert [len(observations) for observations in found.datasets.values()] == [2, 1]


def test_the_standard_can_be_asked_without_a_statement():
    source = STANDARD.sources["made"]
    plain = replace(STANDARD, sources={"made": replace(source, stated="")})
    assert reading(plain, book(Data=[*SHEET, ["Data as of 8/30/2024"]])).stated == ()

"""A file is known by what is in it, never by its name; one that two sources read, or none, is not guessed at."""

import gzip
import io

import openpyxl
import pyarrow as pa
import pytest
import test_grid
import test_parquet
import test_pdf
from handmade import MONTHLY, NATION, SECTOR, SOUTHWEST, STATE, error, state_row, text, workbook
from msgspec.structs import replace
from pyarrow import parquet
from small import book, document
from test_archive_files import content, snapshots

from borderstats.errors import ArchiveError, InputError
from borderstats.intake import archive as archives
from borderstats.intake import recognise
from borderstats.intake.differences import LayoutError
from borderstats.intake.read import read_file, read_listed
from borderstats.standard.columns import IgnoredColumn

ROWS = {
    "cbp-nationwide-state": (STATE, 9, ","),
    "cbp-southwest": (SOUTHWEST, 9, ","),
    "usbp-annual-nation": (NATION, 2, ","),
    "usbp-annual-southwest-sector": (SECTOR, 3, ","),
    "usbp-annual-deaths": ("sector,fiscal_year,deaths", 3, ","),
    "usbp-monthly-sector": (MONTHLY, 28, "|"),
}
STAFFING = "border_patrol_staffing_1992_2019.csv"
FEAR = "Congressional-Semi-Monthly-Report-10-01-20-to-10-15-21.xlsx"


def named(source, name, **names):
    """A source like another, with columns, sheets and titles of other names."""
    table = [
        replace(
            table,
            columns=tuple(names.get(column, column) for column in table.columns),
            sheet=names.get(table.sheet, table.sheet),
            **({"title": names.get(table.title, table.title)} if hasattr(table, "title") else {}),
        )
        for table in source.tables
    ]
    columns = [replace(column, name=names.get(column.name, column.name)) for column in source.columns]
    return replace(source, id=name, columns=tuple(columns), tables=tuple(table))


def also(standard, source, name="other", **names):
    """The standard and one source more, like another of it."""
    return replace(
        standard,
        sources={**standard.sources, name: named(standard.sources[source], name, **names)},
    )


def asks(standard, data, *ids):
    """Whether the file is refused because all these sources read it, and read as each of them if that is said."""
    message = error(standard, data, "made", "")
    for name in ids:
        assert read_file(standard, "made", data, source=name).source.id == name
    return message == f"made: {' and '.join(ids)} both read it; say which with --source"


# One source reads it


@pytest.mark.parametrize("source", ROWS)
@pytest.mark.parametrize("name", ["made.csv", "nationwide-encounters.csv", "made.xlsx", "no name, no end"])
def test_the_header_decides_and_the_name_does_not(standard, source, name):
    header, width, delimiter = ROWS[source]
    assert len(header.split(delimiter)) == width
    found, tables, *_ = recognise.read(standard, name, text(header, delimiter.join("x" * width)))
    assert found.id == source
    assert [published.header for _, published in tables] == [tuple(header.split(delimiter))]


def test_a_workbook_is_known_by_its_sheets(standard):
    found, tables, *_ = recognise.read(standard, "made.csv", workbook())
    assert found.id == "ohss-usbp-workbook"
    assert [table.sheet for table, _ in tables] == [published.sheet for _, published in tables]
    assert len(tables) == 16


def test_columns_in_another_order_are_the_same_source(standard):
    found, *_ = recognise.read(standard, "made.csv", b"total_apprehensions,fiscal_year\n5,2019\n")
    assert found.id == "usbp-annual-nation"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(snapshots()))
def test_every_file_of_the_archive_is_read_by_its_source_alone(standard, name):
    assert recognise.sources_of(standard, name, content(name)) == (snapshots()[name].source,)


def test_a_first_line_in_another_encoding_is_read_in_that_of_the_source(standard):
    spanish = also(standard, "usbp-annual-nation", fiscal_year="año")
    latin = replace(
        spanish, sources={**spanish.sources, "other": replace(spanish.sources["other"], encoding="latin-1")}
    )
    data = "año,total_apprehensions\n2019,5\n"
    assert read_file(latin, "made", data.encode("latin-1")).source.id == "other"
    assert read_file(spanish, "made", data.encode()).source.id == "other"
    assert "\nmade: row 1, byte 2: 0xf1 is not utf-8\n" in error(
        spanish, data.encode("latin-1"), "made", source=""
    )


# Two sources read it


def test_two_sources_of_one_header(standard):
    two = also(standard, "usbp-staffing", "usbp-assaults")
    assert asks(two, content(STAFFING), "usbp-staffing", "usbp-assaults")
    three = also(two, "usbp-staffing", "usbp-vehicles")
    assert error(three, content(STAFFING), "made", "") == (
        "made: usbp-staffing, usbp-assaults and usbp-vehicles all read it; say which with --source"
    )


def test_two_sources_of_one_header_and_another_delimiter_or_encoding(standard):
    pipes = also(standard, "usbp-staffing")
    pipes = replace(pipes, sources={**pipes.sources, "other": replace(pipes.sources["other"], delimiter="|")})
    for data, source in (
        (content(STAFFING), "usbp-staffing"),
        (content(STAFFING).replace(b",", b"|"), "other"),
    ):
        assert read_file(pipes, "made", data).source.id == source
    ascii_only = also(standard, "cbp-nationwide-state")
    other = replace(ascii_only.sources["other"], encoding="ascii")
    ascii_only = replace(ascii_only, sources={**ascii_only.sources, "other": other})
    assert asks(ascii_only, text(STATE, state_row()), "cbp-nationwide-state", "other")
    damaged = text(STATE, state_row(state="Ñ"))
    assert read_file(ascii_only, "made", damaged).source.id == "cbp-nationwide-state"


def test_an_optional_column_that_is_missing_leaves_both(standard):
    lacking = replace(
        standard.sources["usbp-annual-nation"],
        id="other",
        columns=(
            *standard.sources["usbp-annual-nation"].columns,
            IgnoredColumn(name="note", reason="a note", optional=True),
        ),
    )
    two = replace(standard, sources={**standard.sources, "other": lacking})
    assert asks(two, text(NATION, "2019,5"), "usbp-annual-nation", "other")
    assert read_file(two, "made", text(f"{NATION},note", "2019,5,x")).source.id == "other"


@pytest.mark.parametrize("source", ["ohss-usbp-workbook", "uscis-fear"])
def test_two_workbooks_of_the_same_sheets(standard, source):
    data = workbook() if source == "ohss-usbp-workbook" else content(FEAR)
    assert asks(also(standard, source), data, source, "other")


def test_blocks_of_one_sheet_are_told_apart_by_their_titles():
    two = also(test_grid.YEARS, "made", **{"Events by country": "Persons by country"})
    rows = [*test_grid.HEADER], ["Mexico", 1, 2]
    for title, source in (("Events by country", "made"), ("Persons by country", "other")):
        assert read_file(two, "made", book(Data=[[title], *rows])).source.id == source
    message = error(two, book(Data=[["Deaths by country"], *rows]), "made", "").splitlines()
    assert message[:2] == [
        "made: no source in the standard reads this file; nearest is made, which differs by:",
        "made: sheet 'Data': no cell begins with 'Events by country'",
    ]
    assert message[2] == "made: next are other (1 difference)"


def test_a_block_that_begins_with_the_same_heading_is_no_list(standard):
    """A list of which the first column is that of a block: only the list knows what stands in its header."""
    block = standard.sources["ice-removals-citizenship"]
    head = block.tables[0].columns[0]
    two = also(standard, "usbp-annual-nation", total_apprehensions=head)
    assert read_file(two, "made", text(f"{head},fiscal_year", "5,2019")).source.id == "other"
    assert read_file(two, "made", text(f"{head},2019", "MEXICO,5")).source.id == block.id


def test_two_parquet_files_of_the_same_columns():
    two = also(test_parquet.STANDARD, "made")
    assert asks(two, test_parquet.file(), "made", "other")


def test_two_documents_of_the_same_title():
    assert asks(also(test_pdf.STANDARD, "made"), document(test_pdf.PAGE), "made", "other")


def test_a_compressed_file_is_recognised_as_well(standard):
    assert asks(also(standard, "usbp-staffing"), gzip.compress(content(STAFFING)), "usbp-staffing", "other")


# None reads it


def test_how_a_text_file_differs_is_said_without_advice_to_bend_a_source(standard):
    data = text(STATE.replace("State,", "").replace("Citizenship", "Citizenships") + ",Port", state_row())
    assert error(standard, data).splitlines() == [
        "made.csv: no source in the standard reads this file; nearest is cbp-nationwide-state, which differs by:",
        "made.csv: row 1: column 'State' is missing",
        "made.csv: row 1: column 6: 'Citizenships' is probably 'Citizenship' renamed",
        "made.csv: row 1: column 9: 'Port' is not known to cbp-nationwide-state",
        "made.csv: next are cbp-southwest (5 differences), cbp-nationwide-aor (6 differences)",
        (
            "made.csv: if this file is of cbp-nationwide-state, --source cbp-nationwide-state says what to change; "
            "if it is not, describe it as a source of its own (docs/add-a-source.md)"
        ),
    ]


def test_the_nearest_is_the_likest_and_then_the_one_with_the_fewest_differences(standard):
    message = error(standard, b"sector,fiscal_year,assaults\nyuma,2019,5\n").splitlines()
    assert message[0].endswith("nearest is usbp-annual-deaths, which differs by:")
    near = also(standard, "usbp-staffing", "usbp-assaults", number_of_agents="assaults", sector="place")
    message = error(near, b"sector,fiscal_year,assaults\nyuma,2019,5\n").splitlines()
    assert message[0].endswith("nearest is usbp-annual-deaths, which differs by:")
    message = error(near, b"place,fiscal_year,assault\nyuma,2019,5\n").splitlines()
    assert message[:2] == [
        "made.csv: no source in the standard reads this file; nearest is usbp-assaults, which differs by:",
        "made.csv: row 1: column 3: 'assault' is probably 'assaults' renamed",
    ]


def test_another_delimiter(standard):
    data = text(STATE, state_row()).replace(b",", b";")
    assert error(standard, data).splitlines()[:2] == [
        "made.csv: no source in the standard reads this file; nearest is cbp-nationwide-state, which differs by:",
        "made.csv: row 1: the columns are separated by semicolons, but cbp-nationwide-state uses commas",
    ]


def test_a_workbook_with_another_sheet_and_another_column(standard):
    def edit(made):
        made["Monthly Sector"].title = "Monthly Sectors"

    assert error(standard, workbook(edit), "made.xlsx").splitlines()[:3] == [
        "made.xlsx: no source in the standard reads this file; nearest is ohss-usbp-workbook, which differs by:",
        "made.xlsx: sheet 'Monthly Sector' of ohss-usbp-workbook is missing; 'Monthly Sectors' may be it, renamed",
        "made.xlsx: sheet 'Monthly Sectors' is not known to ohss-usbp-workbook",
    ]

    def columns(made):
        for sheet in ("Monthly Sector", "Annual Sector"):
            made[sheet].cell(1, made[sheet].max_column - 1).value = "Sectors"

    assert error(standard, workbook(columns), "made.xlsx").splitlines()[1:3] == [
        "made.xlsx: sheet 'Annual Sector': row 1: column 2: 'Sectors' is probably 'Sector' renamed",
        "made.xlsx: sheet 'Monthly Sector': row 1: column 3: 'Sectors' is probably 'Sector' renamed",
    ]


def test_a_list_on_the_first_sheet_whatever_that_is_called(standard):
    made = openpyxl.Workbook()
    made.active.append(["STATE", "LAW ENFORCEMENT AGENCY", "KIND", "COUNTY", "SIGNED"])
    buffer = io.BytesIO()
    made.save(buffer)
    message = error(standard, buffer.getvalue(), "made.xlsx").splitlines()
    assert message[0].endswith("nearest is ice-287g, which differs by:")


def test_every_block_that_is_not_there_is_named(standard):
    made = openpyxl.load_workbook(io.BytesIO(content(FEAR)))
    for row in made.worksheets[0].iter_rows():
        for cell in row:
            if str(cell.value).strip().startswith("All "):
                cell.value = f"Some {cell.value}"
    buffer = io.BytesIO()
    made.save(buffer)
    message = error(standard, buffer.getvalue(), "made.xlsx").splitlines()
    assert message[0].endswith("nearest is uscis-fear, which differs by:")
    assert sum("no cell begins with 'All Credible Fear Cases'" in line for line in message) == 2
    assert sum("no cell begins with 'All Reasonable Fear Cases'" in line for line in message) == 2


def test_a_parquet_file():
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"country": ["Mexico"], "days": ["2025-07-03"], "held": [1]}), buffer)
    assert error(test_parquet.STANDARD, buffer.getvalue(), "made", "").splitlines() == [
        "made: no source in the standard reads this file; nearest is made, which differs by:",
        "made: row 1: column 2: 'days' is probably 'day' renamed",
        (
            "made: if this file is of made, --source made says what to change; "
            "if it is not, describe it as a source of its own (docs/add-a-source.md)"
        ),
    ]


def test_a_document_of_which_one_title_is_there():
    other = named(test_pdf.STANDARD.sources["made"], "made")
    (table,) = other.tables
    second = replace(table, title="Persons by country")
    two = replace(test_pdf.STANDARD, sources={"made": replace(other, tables=(table, second))})
    assert error(two, document(test_pdf.PAGE), "made", "").splitlines()[:2] == [
        "made: no source in the standard reads this file; nearest is made, which differs by:",
        "made: no cell begins with 'Persons by country'",
    ]


def test_a_file_like_no_source_is_shown_by_its_beginning(standard):
    message = error(standard, b"name,age\nAnna,7\n")
    assert message.startswith(
        "made.csv: no source in the standard reads this file: its first line is 'name,age'."
    )
    assert "\n" not in message


def test_a_long_first_line_is_shown_in_part(standard):
    message = error(standard, b"x" * 1000 + b"\n")
    assert f"its first line is '{'x' * 80}'." in message


def test_many_differences_are_counted(standard):
    header = "|".join(name if n % 2 else f"kind {n}" for n, name in enumerate(MONTHLY.split("|")))
    message = error(standard, f"{header}\n{'|'.join('0' * 28)}\n".encode()).splitlines()
    assert message[0].endswith("nearest is usbp-monthly-sector, which differs by:")
    assert len(message) < 18
    assert any(line.endswith(" differences more") for line in message)


@pytest.mark.parametrize(
    "data",
    [
        text(STATE.replace("State,", ""), state_row()),
        text(STATE + ",Port", state_row() + ",x"),
        text(STATE, state_row()).replace(b",", b";"),
        workbook(lambda made: made.create_sheet("Notes")),
        b"sector,fiscal_year,assaults\nyuma,2019,5\n",
        b"name,age\nAnna,7\n",
    ],
)
def test_no_text_bids_to_change_a_source_that_nobody_named(standard, data):
    assert "sources/" not in error(standard, data)


# The source is named


def test_the_source_that_is_named_reads_the_file_or_says_what_to_change(standard):
    message = error(standard, text(STATE + ",Port", state_row() + ",x"), source="cbp-nationwide-state")
    assert message.endswith("describe it in sources/cbp-nationwide-state.toml")
    with pytest.raises(LayoutError):
        read_file(standard, "made", content(STAFFING), source="usbp-annual-deaths")


def test_a_source_that_is_not_there(standard):
    assert error(standard, content(STAFFING), source="usbp-stafing") == (
        "made.csv: no source of the standard is called 'usbp-stafing'; 'usbp-staffing' may be meant"
    )
    assert "known are cbp-currency-seizures, cbp-custody-transfer, " in error(
        standard, content(STAFFING), source="x"
    )


def test_a_source_of_another_form(standard):
    assert error(standard, workbook(), "made.xlsx", "usbp-staffing") == (
        "made.xlsx: it is a workbook, and a file of usbp-staffing is a text file; fetch the publisher's own file"
    )


# An archived file's metadata name it


def listed(name, source):
    return replace(snapshots()[name], source=source)


def test_an_archived_file_is_read_by_the_source_of_its_metadata_though_another_reads_it_too(standard):
    two = also(standard, "usbp-staffing", "usbp-assaults")
    for source in ("usbp-staffing", "usbp-assaults"):
        assert read_listed(two, listed(STAFFING, source), content(STAFFING)).source.id == source


def test_metadata_that_name_a_source_that_the_file_is_not_of(standard):
    with pytest.raises(ArchiveError) as caught:
        read_listed(standard, listed(STAFFING, "usbp-annual-deaths"), content(STAFFING))
    assert str(caught.value) == (
        f"usbp-staffing/{STAFFING}.toml: $.source: it is said to be a file of usbp-annual-deaths, but it is one of "
        "usbp-staffing; correct it"
    )


def test_an_archived_file_from_which_its_source_has_moved_away(standard):
    moved = named(standard.sources["usbp-staffing"], "usbp-staffing", sector="place")
    changed = replace(standard, sources={**standard.sources, "usbp-staffing": moved})
    with pytest.raises(ArchiveError) as caught:
        read_listed(changed, snapshots()[STAFFING], content(STAFFING))
    first, *others = str(caught.value).splitlines()
    assert first == (
        f"usbp-staffing/{STAFFING}.toml: $.source: it is said to be a file of usbp-staffing, from which it differs; "
        "correct it or the source:"
    )
    assert others == [
        f"usbp-staffing/{STAFFING}: row 1: column 'place' is missing; usbp-staffing cannot be read without it",
        (
            f"usbp-staffing/{STAFFING}: row 1: column 1: 'sector' is not known to usbp-staffing; "
            "describe it in sources/usbp-staffing.toml"
        ),
    ]


def test_a_damaged_file_is_no_fault_of_the_metadata(standard):
    with pytest.raises(InputError, match="fetch it again") as caught:
        read_listed(standard, snapshots()[STAFFING], content(STAFFING)[:-1])
    assert not isinstance(caught.value, ArchiveError)


def test_metadata_that_name_a_source_that_is_not_there(standard, archive_folder):
    wrong = [listed(STAFFING, "usbp-stafing"), listed(FEAR, "x"), *snapshots().values()]
    with pytest.raises(ArchiveError) as caught:
        archives.check_sources(archive_folder, wrong, standard.sources)
    assert str(caught.value).splitlines() == [
        (
            f"archive/usbp-staffing/{STAFFING}.toml: $.source: 'usbp-stafing' is no source of the standard; "
            "'usbp-staffing' may be meant"
        ),
        (
            f"archive/uscis-fear/{FEAR}.toml: $.source: 'x' is no source of the standard; "
            "correct it, or describe the source"
        ),
    ]

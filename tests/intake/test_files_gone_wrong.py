"""Files as they came, or went wrong on their way: each is read where its meaning is certain, else told in one line a cause."""

import datetime
import functools
import re

import pytest
from handmade import text
from small import cells, reading, standard_of
from test_archive_files import content, snapshots, standard
from test_hostile_sheets import COUNTRY, FIGURE, said
from workbook_parts import edited, packed_again, parts_of

from borderstats.intake import report
from borderstats.intake.read import read_file

LIST = "nationwide-encounters-fy21-fy24-mar-state.csv"
FEAR = "Congressional-Semi-Monthly-Report-10-01-20-to-10-15-21.xlsx"
AGREEMENTS = "participatingAgencies05012026am.xlsx"
SHEET = "xl/worksheets/sheet1.xml"


@functools.cache
def lines():
    """The header of a list of CBP, its first hundred rows and its last ones, which are of a year to date."""
    every = content(LIST).decode("utf-8-sig").splitlines()
    return every[:100] + every[-100:]


def read_list(*made, end="\n", data=None):
    data = data or "".join(line + end for line in made).encode()
    return read_file(standard(), "made.csv", data, datetime.date(2024, 4, 1), "cbp-nationwide-state")


@functools.cache
def plain():
    found = read_list(*lines())
    assert (found.accepted, found.refused) == (199, 0)
    return found


def same(found):
    assert cells(found.observations) == cells(plain().observations)
    assert found.refused == 0


def told(found):
    """What is said of the rows refused, without what to do."""
    return list(report.refusal_lines("made.csv", found, advised=False))


# Text files


@pytest.mark.parametrize(
    "mark", ["(FYTD)", "(fytd)", "FYTD", " (FYTD) ", "\u00a0(FYTD)", "(FYTD)\u200b", "(\ufeffFYTD)"]
)
def test_other_marks_of_the_year_to_date(mark):
    found = read_list(*(re.sub(r" ?\(FYTD\)", f" {mark}", line) for line in lines()))
    same(found)
    provisional = found.observations.status == found.provisional
    assert provisional.sum() == sum("(FYTD)" in line for line in lines()) > 50


@pytest.mark.parametrize(("mark", "named"), [("*", "*"), (" (FYTD)\u00b9", "\u00b9")])
def test_a_mark_of_the_year_to_date_that_nobody_declared_is_one_line(mark, named):
    found = read_list(*(line.replace(" (FYTD)", mark) for line in lines()))
    count = sum("(FYTD)" in line for line in lines())
    (line,) = told(found)
    assert line.endswith(
        f"is not a year: what the mark {named!r} means is not declared for the column ({count} rows)"
    )
    assert found.accepted == 199 - count


def test_lines_that_end_as_on_an_old_macintosh():
    same(read_list(*lines(), end="\r"))


def test_a_file_that_ends_as_in_dos():
    same(read_list(data="\n".join([*lines(), "\x1a"]).encode()))


@pytest.mark.parametrize("header", [",,,", ""])
def test_empty_columns_at_the_end(header):
    first, *rest = lines()
    same(read_list(first + header, *(line + ",,," for line in rest)))


def test_one_row_that_is_wider_than_the_header_is_refused_all_the_same():
    first, second, *rest = lines()
    (line,) = told(read_list(first, second + ",,,", *rest))
    assert (
        line
        == "made.csv: row 2: the row has 12 cells, the header 9; a delimiter or quote is lost or too many"
    )


@pytest.mark.parametrize("character", ["\u00a0", "\u200b", "\u00ad", "\ufeff", "\u2060"])
def test_characters_that_nobody_sees(character):
    same(read_list(*(line.replace("MEXICO", f"MEXICO{character}") for line in lines())))


def test_a_hyphen_that_everybody_sees_is_one_line():
    found = read_list(*(line.replace("MEXICO", "MEXICO\u2011") for line in lines()))
    (line,) = told(found)
    assert "unknown citizenship 'MEXICO\u2011'" in line
    assert line.endswith("rows)")


def test_other_words_for_months():
    words = {
        "OCT": "October",
        "NOV": "Nov.",
        "DEC": "december",
        "JAN": "Jan",
        "FEB": "February",
        "MAR": "March",
    }
    found = read_list(
        *(re.sub(r",(OCT|NOV|DEC|JAN|FEB|MAR),", lambda m: f",{words[m[1]]},", line) for line in lines())
    )
    assert cells(found.observations) == cells(plain().observations)


# Workbooks


def read_book(name, data):
    snapshot = snapshots()[name]
    return read_file(standard(), name, data, snapshot.as_of, snapshot.source)


def test_numbers_that_are_kept_as_text():
    found = read_book(FEAR, edited(FEAR, SHEET, D7=(' t="inlineStr"', "<is><t>341</t></is>")))
    assert cells(found.datasets["uscis-fear-receipts"]) == cells(
        read_book(FEAR, content(FEAR)).datasets["uscis-fear-receipts"]
    )


def test_the_rest_that_a_sum_of_fractions_leaves_is_no_fraction():
    found = read_book(
        FEAR, edited(FEAR, SHEET, D7=("", "<v>341.000000001</v>"), E7=("", "<v>367.99999999999994</v>"))
    )
    before = read_book(FEAR, content(FEAR))
    assert found.refused == 0
    assert (found.datasets["uscis-fear-receipts"].value == before.datasets["uscis-fear-receipts"].value).all()
    assert read_book(FEAR, edited(FEAR, SHEET, D7=("", "<v>341.5</v>"))).refused == 1


def test_an_en_dash_is_a_zero_where_a_hyphen_is_one():
    hyphen, dash = (
        read_book(FEAR, edited(FEAR, SHEET, D7=(' t="inlineStr"', f"<is><t>{mark}</t></is>")))
        for mark in "-\u2013"
    )
    assert dash.refused == 0
    assert cells(dash.datasets["uscis-fear-receipts"]) == cells(hyphen.datasets["uscis-fear-receipts"])
    assert read_book(FEAR, edited(FEAR, SHEET, D7=(' t="inlineStr"', "<is><t>\u2014</t></is>"))).refused == 1


def tail(cell):
    parts = parts_of(content(AGREEMENTS))
    rows = "".join(f'<row r="{n}"><c r="A{n}"{cell}</c></row>' for n in range(1791, 1830))
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", f"{rows}</sheetData>".encode())
    return packed_again(parts)


@pytest.mark.parametrize(
    "cell", [">", ' t="inlineStr"><is><t xml:space="preserve"> </t></is>'], ids=["form", "blank"]
)
def test_blank_rows_at_the_end_of_a_list_are_none(cell):
    found = read_book(AGREEMENTS, tail(cell))
    assert (found.rows, found.accepted) == (1779, 1779)


def test_a_text_below_blank_rows_is_refused_and_the_blank_rows_are_one_line():
    found = read_book(AGREEMENTS, tail(' t="inlineStr"><is><t>Source: ICE</t></is>'))
    assert len(list(report.refusal_lines(AGREEMENTS, found))) == 2
    assert found.refused == 49


@pytest.mark.parametrize("every", [1, 7])
def test_days_that_have_lost_their_form(every):
    parts = parts_of(content(AGREEMENTS))
    styled = re.compile(rb'(<c r="F(\d+)") s="\d+"(?=><v>\d{5}</v>)')
    parts[SHEET] = styled.sub(lambda m: m[1] if not int(m[2]) % every else m[0], parts[SHEET])
    found, before = read_book(AGREEMENTS, packed_again(parts)), read_book(AGREEMENTS, content(AGREEMENTS))
    assert (found.accepted, found.not_before) == (1779, before.not_before)


def test_the_number_of_a_day_in_a_text_file_is_none():
    days = standard_of(said(COUNTRY, '\n[[columns]]\nname = "when"\nrole = "day"\n', FIGURE), "csv")
    found = reading(days, text("Country,when,figure", "Mexico,45922,1", "Cuba,45922,1"))
    assert [one.reason for one in found.refusals] == ["'45922' is not a day like 2025-07-03"] * 2

"""Every refusal says what to do, in the intake's report and in its CSV."""

import re
from pathlib import Path

import pytest
from handmade import STATE, state_row, text, workbook
from small import book, reading, standard_of

from borderstats.intake import advice, report
from borderstats.intake.read import read_file

DONE = re.compile(r"\b(fetch|ask|add|declare|say|name|give|compare|take|recode)\b", re.IGNORECASE)
ROWS = {
    "year": state_row(year="hello"),
    "month": state_row(month="OKT"),
    "label": state_row(state="ZZ"),
    "blank label": state_row(state=""),
    "grouping": state_row(grouping="XX"),
    "total": state_row(demographic="Total"),
    "blank": state_row(count=""),
    "negative": state_row(count="-3"),
    "fraction": state_row(count="1.5"),
    "separators": state_row(count='"1,200"'),
    "word": state_row(count="x"),
    "long": state_row(count="9" * 50),
    "large": state_row(count="9" * 20),
    "ragged": state_row() + ",1",
    "empty": ",,,,,,,,",
}


@pytest.mark.parametrize("what", ROWS)
def test_a_refused_row_says_what_to_do(standard, what):
    found = read_file(standard, "made.csv", text(STATE, ROWS[what]))
    assert found.refused == 1
    (line,) = report.refusal_lines("made.csv", found)
    assert line.startswith("made.csv: row 2")
    assert DONE.search(line), line


def test_a_row_twice_says_what_to_do(standard):
    found = read_file(standard, "made.csv", text(STATE, state_row(), state_row()))
    assert all(
        "fetch the file again, and ask the publisher" in line for line in report.refusal_lines("m", found)
    )


def test_what_nobody_thought_of_is_compared_with_the_publishers_file():
    assert advice.on("something new").startswith("compare the row with the publisher's own file")


def test_every_reason_in_the_code_leads_to_an_advice():
    """Each line of advice has at least one reason in the code that it is for."""
    folder = Path(advice.__file__).parent
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "advice.py")
    for marks, _ in advice._ADVICE:
        for mark in marks:
            assert mark in code, mark


def test_a_row_too_many_in_a_block_is_one_refusal(standard_folder):
    columns = """\
dataset = "events"
constants = { agency = "_T" }

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

[[tables]]
kind = "block"
sheet = "Data"
columns = ["Country"]
across = ["Year"]
figures = "figure"
"""
    years = list(range(1950, 2020))
    rows = [["Country", *years], ["Mexico", *years], ["Note 7", *years], ["Mexico", *years]]
    found = reading(standard_of(columns), book(Data=rows))
    assert found.refused == 210
    assert [(r.row, r.letter, r.figures) for r in found.refusals] == [
        (2, "B", 70),
        (3, "A", 70),
        (4, "B", 70),
    ]
    wrong = [["Country", 2019, "20x0"], ["Mexico", 1, 2], ["Cuba", 3, 4]]
    found = reading(standard_of(columns), book(Data=wrong))
    assert [(r.row, r.letter, r.column, r.figures) for r in found.refusals] == [(2, "C", "Year", 2)]


def test_the_letter_of_the_column_in_a_sheet_that_is_a_list(standard):
    def edit(made):
        made["Monthly Rgn and Citp"]["D2"] = "Ruritania"

    (refusal,) = read_file(standard, "made.xlsx", workbook(edit)).refusals
    assert (refusal.letter, refusal.column) == ("D", "Citizenship")

"""The provisions hold the fact sheet's own words. Against its text, as the American Immigration Lawyers Association keeps it."""

import re
from pathlib import Path

import pytest

KEPT = Path(__file__).with_name("fact-sheet.txt").read_text("utf-8")

STAMP = "AILA Doc. No. 17022169. (Posted 2/21/17)"
"""What the keeper of the copy printed at the foot of its first page, between two actions."""


def plain(text):
    """The words alone: without the keeper's stamp, marks of emphasis, bullets, and ends of lines and pages."""
    return " ".join(re.sub(r"^- ", "", text.replace(STAMP, ""), flags=re.MULTILINE).replace("*", "").split())


SHEET = plain(KEPT)


@pytest.fixture
def provisions(standard):
    return standard.provisions


def test_titles_and_texts_are_the_sheet_from_its_first_action_to_its_end(provisions):
    """Nothing left out, added, reordered or reworded."""
    *actions, transparency = provisions
    quoted = " ".join(f"{one.title}. {one.text}" for one in actions)
    begun, ended = SHEET.index(" Actions "), SHEET.index(" Topics: ")
    assert SHEET[begun:ended] == f" Actions {quoted} {transparency.title} {transparency.text}"


def test_they_are_numbered_as_the_sheet_has_them(provisions):
    assert [one.number for one in provisions] == list(range(1, 18))
    assert KEPT.count("\n- **") == 16


def test_the_document_is_the_sheet(standard):
    document = standard.document
    assert plain(document.title) == document.title
    assert document.title in SHEET
    assert f"Release Date: {document.date:%B} {document.date.day}, {document.date.year}" in SHEET
    assert document.publisher.partition(", ")[2] in SHEET
    assert document.reference in STAMP


def test_a_target_is_a_number_of_the_text(provisions):
    targets = [(one.text, item.target) for one in provisions for item in one.indicators if item.target]
    assert targets
    for text, target in targets:
        assert f"{target:,}" in text


def test_what_the_sheet_made_due_has_no_day_that_the_sheet_does_not_name(standard):
    """The sheet names no day. A day that an order or a law set is told apart from it."""
    for milestone in standard.milestones:
        if milestone.set_by == "fact sheet":
            assert milestone.due is None, milestone.id


def test_aid_was_looked_for_in_every_executive_department_and_each_of_the_five_years(standard):
    departments = [
        c.label_en for c in standard.codelists["funding_agency"].codes if "Department" in c.label_en
    ]
    sought = {(one.what, period) for one in standard.searched if one.provision == 4 for period in one.periods}
    years = [f"FY{year}" for year in range(2012, 2017)]
    assert len(departments) == 15
    assert {(name, year) for name in departments for year in years} <= sought

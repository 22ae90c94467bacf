"""A file is known by its header, never by its name."""

import pytest
from handmade import MONTHLY, NATION, SECTOR, SOUTHWEST, STATE, text, workbook

from borderstats.errors import InputError
from borderstats.intake import recognise

ROWS = {
    "cbp-nationwide-state": (STATE, 9, ","),
    "cbp-southwest": (SOUTHWEST, 9, ","),
    "usbp-annual-nation": (NATION, 2, ","),
    "usbp-annual-southwest-sector": (SECTOR, 3, ","),
    "usbp-annual-deaths": ("sector,fiscal_year,deaths", 3, ","),
    "usbp-monthly-sector": (MONTHLY, 28, "|"),
}


@pytest.mark.parametrize("source", ROWS)
@pytest.mark.parametrize("name", ["made.csv", "nationwide-encounters.csv", "made.xlsx", "no name, no end"])
def test_the_header_decides_and_the_name_does_not(standard, source, name):
    header, width, delimiter = ROWS[source]
    assert len(header.split(delimiter)) == width
    found, tables, _ = recognise.read(standard, name, text(header, delimiter.join("x" * width)))
    assert found.id == source
    assert [published.header for _, published in tables] == [tuple(header.split(delimiter))]


def test_a_workbook_is_known_by_its_sheets(standard):
    found, tables, _ = recognise.read(standard, "made.csv", workbook())
    assert found.id == "ohss-usbp-workbook"
    assert [table.sheet for table, _ in tables] == [published.sheet for _, published in tables]
    assert len(tables) == 16


def test_columns_in_another_order_are_the_same_source(standard):
    found, _, _ = recognise.read(standard, "made.csv", b"total_apprehensions,fiscal_year\n5,2019\n")
    assert found.id == "usbp-annual-nation"


def test_half_the_columns_are_enough_to_say_what_differs_and_fewer_are_not(standard):
    with pytest.raises(InputError, match="column 'total_apprehensions' is missing"):
        recognise.read(standard, "made.csv", b"fiscal_year\n2019\n")
    with pytest.raises(InputError, match="no source in the standard reads this file"):
        recognise.read(standard, "made.csv", b"fiscal_year,a,b\n2019,1,2\n")


def test_a_long_first_line_is_shown_in_part(standard):
    with pytest.raises(InputError) as caught:
        recognise.read(standard, "made.csv", b"x" * 1000 + b"\n")
    assert f"its first line is '{'x' * 80}'." in str(caught.value)

"""Small hand-made files in the publishers' real formats: no figure in them was ever published."""

import io
from pathlib import Path

import openpyxl
import pytest

from borderstats.errors import InputError
from borderstats.intake.read import read_file

STATE = "Fiscal Year,Month Grouping,Month (abbv),Land Border Region,State,Demographic,Citizenship,Title of Authority,Encounter Count"
SOUTHWEST = "Fiscal Year,Month Grouping,Month (abbv),Component,Demographic,Citizenship Grouping,Title of Authority,Encounter Type,Encounter Count"
NATION = "fiscal_year,total_apprehensions"
SECTOR = "sector,fiscal_year,total_apprehensions"
SECTORS = [
    "livermore",
    "miami",
    "new_orleans",
    "ramey",
    "blaine",
    "buffalo",
    "detroit",
    "grand_forks",
    "havre",
    "houlton",
    "spokane",
    "swanton",
    "big_bend",
    "del_rio",
    "el_centro",
    "el_paso",
    "laredo",
    "rio_grande_valley",
    "san_diego",
    "tucson",
    "yuma",
    "coastal_border",
    "northern_border",
    "southwest_border",
    "monthly_total",
]
MONTHLY = "|".join(["month", *SECTORS, "fy", "cy"])

SOURCES = ", ".join(path.stem for path in sorted(Path(__file__).parents[2].glob("standard/sources/*.toml")))

SHEETS = {
    "Annual Count": (),
    "Annual Citizenship": ("Citizenship",),
    "Annual Region": ("Region",),
    "Annual Family Status": ("Family Status",),
    "Annual Sector": ("Sector",),
    "Annual Rgn and Citp": ("Region", "Citizenship"),
    "Annual Rgn and Fam Status": ("Region", "Family Status"),
    "Annual Rgn and Sector": ("Region", "Sector"),
}
CELLS = {
    "Fiscal Year": 2024,
    "Month": "October",
    "Region": "Southwest Land Border",
    "Sector": "Yuma",
    "Citizenship": "Mexico",
    "Family Status": "Single Adults",
    "Quantity": 120,
}


def text(header, *rows, end="\n"):
    """A text file: header, rows, and an end on every line."""
    return "".join(line + end for line in (header, *rows)).encode()


def state_row(
    year="2023",
    grouping="FYTD",
    month="OCT",
    region="Southwest Land Border",
    state="TX",
    demographic="Single Adults",
    citizenship="MEXICO",
    title="Title 8",
    count="7",
):
    return f"{year},{grouping},{month},{region},{state},{demographic},{citizenship},{title},{count}"


def southwest_row(
    year="2023", component="U.S. Border Patrol", citizenship="Mexico", kind="Apprehensions", count="7"
):
    return f"{year},FYTD,OCT,{component},Single Adults,{citizenship},Title 8,{kind},{count}"


def monthly_row(month="10", fy="2000", cy="1999", **counts):
    """A month of the wide sector table; every figure that is not given is 0."""
    return "|".join([month, *(counts.get(name, "0") for name in SECTORS), fy, cy])


def workbook(edit=lambda book: None, *, rows=True):
    """The OHSS workbook of sixteen sheets with one row in each, then edited."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for annual, names in SHEETS.items():
        for sheet, columns in (
            (annual, ("Fiscal Year", *names, "Quantity")),
            (annual.replace("Annual", "Monthly"), ("Fiscal Year", "Month", *names, "Quantity")),
        ):
            page = book.create_sheet(sheet)
            page.append(columns)
            if rows:
                page.append([CELLS[column] for column in columns])
    edit(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def refusals(standard, data, name="made.csv"):
    """The texts of the refused rows; every row read is accepted or refused, and no refused row is an observation."""
    reading = read_file(standard, name, data)
    assert reading.rows == reading.accepted + reading.refused
    assert reading.accepted >= 0
    return [refusal.text(name) for refusal in reading.refusals]


def error(standard, data, name="made.csv", source=None):
    """The text with which the whole file is refused, read as one of a source: the only one, if none is given.

    With an empty `source`, the file is one that nobody has said anything of.
    """
    if source is None and len(standard.sources) == 1:
        (source,) = standard.sources
    with pytest.raises(InputError) as caught:
        read_file(standard, name, data, source=source or "")
    assert caught.value.exit_code == 2
    return str(caught.value)


def figures(standard, data, name="made.csv"):
    """The observations in words: `region=SW state=TX 2023-10` to value and status."""
    observations = read_file(standard, name, data).observations
    statuses = standard.statuses.codes
    return {
        observations.space.text(int(key)): (int(value), statuses[status])
        for key, value, status in zip(observations.key, observations.value, observations.status, strict=True)
    }

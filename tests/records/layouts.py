"""Small hand-made files in each agency layout. Everything in them is invented: no person, number or event is real."""

import csv
import io
from pathlib import Path
from types import SimpleNamespace

import msgspec
import openpyxl

from borderstats.standard.layouts import Layout
from borderstats.standard.records import Family

STANDARD = Path(__file__).parents[2] / "standard"

SECRET = "8675309"  # a person's number that no message may show

OLDER = [
    "APPR_DT_TIME", "SECTOR", "APP_AGE", "CITIZENSHIP", "SUBJECT_KEY", "ENTRY_DATE", "FMUA_INDICATOR",
    "UNACCOMPANIED_CHILD_INDICATOR", "ADULT_OR_JUVENILE", "DISPOSITION", "CREDIBLE_FEAR_INDICATOR", "LANDMARK",
]  # fmt: skip
OLDER_ROWS = [
    ["1/2/2012 11:00:00 AM", "San Diego", "34", "MEXICO", SECRET, "1/1/2012", "N", "N", "Adult", "Voluntary Return", "N", "(b)(7)(E)"],
    ["1/2/2012 11:00:00 PM", "Rio Grande Valley", "8", "HONDURAS", "(b)(6)\n", "", "Y", "N", "Juvenile", "NTA", "Y", "(b)(7)(E)"],
    ["12/31/2012 12:05:00 AM", "Tucson", "15.0", "EL SALVADOR", "(b)(6), (b)(7)(C)", "N/A", "N", "Y", "Juvenile", "", "N", ""],
    ["1/2/12", "Tucson", "old", "UNKNOWN", "555", "13/45/2012", "", "", "", "\u00a0", "", ""],
]  # fmt: skip

NEWER = [
    "Apprehension Date", "Civ Id(Subject Key)", "Sector", "Citizenship", "Demographic", "Age", "Final Bookout Date",
    "MPP Indicator", "Referred for Prosecution Under 8 USC 1325 or 8 USC 1326", "Disposition", "Transfer To Group",
]  # fmt: skip
NEWER_ROWS = [
    ["06/01/2019 10:00:00 AM", SECRET, "El Paso", "GUATEMALA", "FMUA", "30", "06/03/2019 09:30:00 AM", "Y", "No", "NTA", ""],
    ["06/01/2019 11:00:00 AM", "1002", "Yuma", "MEXICO", "Single Adult", "25", "", "N", "Yes", "Expedited Removal", ""],
    ["06/02/2019", "1003", "Yuma", "CUBA", "UAC", "15", "06/04/2019 01:00:00 PM", "N", "No", "", "HHS"],
]  # fmt: skip

OFO = [
    "EVENT_CREATED_DATE_TIME", "FIELD_OFFICE_NAME", "CITIZENSHIP_COUNTRY_NAME", "AGE_AT_EVENT_CREATION_TIME",
    "FMUA_INDICATOR_DERIVED", "UAC_INDICATOR_DERIVED", "CRED_FEAR_INDICATOR_DERIVED", "DISPOSITION",
    "MODE_OF_TRANSPORTATION", "PERSON_COUNT",
]  # fmt: skip
OFO_ROWS = [
    ["3/4/2018 7:15:00 AM", "San Diego", "MEXICO", "40", "Y", "N", "Y", "Withdrawal", "Pedestrian", "1"],
    ["3/4/2018 7:20:00 AM", "Laredo", "(b)(6), (b)(7)(C)", "41", "N", "N", "N", "", "Vehicle", "1"],
]

DETENTIONS = [
    "Book In Date Time", "Book Out Date Time", "Detention Facility", "Detention Facility Code",
    "Detention Release Reason", "Gender", "Anonymized Identifier",
]  # fmt: skip
DETENTION_ROWS = [
    [
        "2020-01-02 03:04:05",
        "2020-01-09 10:00:00",
        "INVENTED CENTER",
        "INVCTR",
        "Transferred",
        "Male",
        SECRET,
    ],
    [
        "2020-01-09 12:00:00",
        "2020-02-01 10:00:00",
        "OTHER CENTER",
        "OTHCTR",
        "Bonded Out - IJ",
        "Male",
        SECRET,
    ],
    ["2020-03-01 12:00:00", "", "OTHER CENTER", "OTHCTR", "", "Female", "b(6), b(7)c"],
]

REMOVALS = ["Departure Date", "Port of Departure", "Case Status", "Case Category", "Anonymized Identifer"]
REMOVAL_ROWS = [
    ["2019-05-06", "EL PASO, TX", "8-Excluded/Deported/Removed", "[8F] Expedited Removal", SECRET],
    ["2019-05-07", "EL PASO, TX", "9-VR Witnessed", "[9] VR Under Safeguards", "77"],
    ["2019-05-08", "EL PASO, TX", "ACTIVE", "[3] Deportable", "78"],
]

SCREENINGS = ["Referral Date", "Decision Date", "Decision", "Person Identifier"]
SCREENING_ROWS = [["5/6/2019", "6/6/2019", "Fear Established (Y)", SECRET], ["5/7/2019", "", "", "78"]]

EACH = {
    "usbp-apprehensions-older": (OLDER, OLDER_ROWS),
    "usbp-apprehensions": (NEWER, NEWER_ROWS),
    "ofo-inadmissibles": (OFO, OFO_ROWS),
    "ice-detentions": (DETENTIONS, DETENTION_ROWS),
    "ice-removals": (REMOVALS, REMOVAL_ROWS),
    "credible-fear-screenings": (SCREENINGS, SCREENING_ROWS),
}


def declared():
    """The layouts and families of the standard, which need nothing else of it."""
    return SimpleNamespace(layouts=_read("layouts", Layout), families=_read("records", Family))


def _read(folder, type_):
    files = sorted((STANDARD / folder).glob("*.toml"))
    return {path.stem: msgspec.toml.decode(path.read_bytes(), type=type_) for path in files}


def text(header, rows, delimiter=",", above="", below="", end="\n", quoting=csv.QUOTE_MINIMAL) -> str:
    """A delimited text file with lines above and below."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([header, *rows])
    return above + stream.getvalue() + below


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path

"""ICE's workbooks of detention statistics as a series: every figure of twenty-four of them, found by hand in their cells.

Nothing of intake is used to find the figures: a table is where its title stands, its labels are those of the dictionaries below.
"""

import functools
import io
import re
from decimal import ROUND_HALF_EVEN, Decimal

import openpyxl
import pytest
from test_archive_files import content, differences, of_source, read_cells, snapshots

NAMES = sorted(of_source("ice-detention-statistics"), key=lambda name: (snapshots()[name].as_of, name))
BOOKS = [*NAMES[1:46:3], *NAMES[46::2][:11], NAMES[-1]]
MONTHS = ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"]
CLASSES = {"FRC": "FRC", "FSC": "FRC", "Adult": "ADULT", "Total": "_T"}
KINDS = {
    "Convicted Criminal": "CONVICTED", "Pending Criminal Charges": "PENDING",
    "Other Immigration Violator": "OTHER_VIOLATOR", "Total": "_T", "": "_T",
}  # fmt: skip
AGENCIES = {"CBP": "CBP", "ICE": "ICE", "Total": "_T"}
AVERAGES = {"CBP Average": "CBP", "ICE Average": "ICE", "Average": "_T"}
DISPOSITIONS = {
    "Total": "_T", "Expedited Removal (I-860)": "EXPEDITED_REMOVAL", "Notice to Appear (I-862)": "NOTICE_TO_APPEAR",
    "Reinstatement of Deport Order (I-871)": "REINSTATEMENT", "Other": "OTHER",
}  # fmt: skip
REASONS = {
    "Total": "_T", "Bonded Out": "BOND", "Bond Set by ICE": "BOND_ICE", "Bond Set by IJ": "BOND_IJ",
    "Order of Recognizance": "ROR", "Order of Supervision": "OSUP", "Paroled": "PAROLE",
    "Prosecutorial Discretion": "PROSECUTORIAL_DISCRETION", "Proceedings Terminated": "PROCEEDINGS_TERMINATED",
    "Release to Remove": "REMOVAL", "Relief Granted by IJ": "RELIEF",
    "Transfer to U.S. Marshals or other agency": "TRANSFER_AGENCY", "Transferred": "TRANSFERRED", "Other": "OTHER",
}  # fmt: skip
REMOVALS = {"Total": ("_T", "_T"), "FRC": ("FRC", "_T"), "FSC": ("FRC", "_T"), "FAMU": ("_T", "FMUA")}
PAROLES = {"Parole Requested": "_T", "Parole Granted": "GRANTED", "Parole Denied": "DENIED"}
STATUSES = {
    "FAMU": "FAMU", "ECMS-FAMU": "ECMS_FAMU", "Single Adult": "SINGLE_ADULT",
    "ECMS-Single Adult": "ECMS_SINGLE_ADULT", "Total": "_T",
}  # fmt: skip
TECHNOLOGIES = {
    "GPS": "GPS", "Ankle Monitor": "GPS", "SmartLINK": "SMARTLINK", "TR": "TR", "VoiceID": "TR", "VeriWatch": "WRIST",
    "Veriwatch": "WRIST", "Wristworn": "WRIST", "Dual Tech": "DUAL", "Dual Technology": "DUAL", "No Tech": "NONE",
    "No Technology": "NONE", "Total": "_T",
}  # fmt: skip
AREAS = {
    "Atlanta": "ATL", "Baltimore": "BAL", "Boston": "BOS", "Buffalo": "BUF", "Chicago": "CHI", "Dallas": "DAL",
    "Denver": "DEN", "Detroit": "DET", "El Paso": "ELP", "Harlingen": "HLG", "Houston": "HOU", "Los Angeles": "LOS",
    "Miami": "MIA", "New Orleans": "NOL", "New York": "NYC", "Newark": "NEW", "Philadelphia": "PHI", "Phoenix": "PHO",
    "Salt Lake City": "SLC", "San Antonio": "SNA", "San Diego": "SND", "San Francisco": "SFR", "Seattle": "SEA",
    "St Paul": "SPM", "Washington DC": "WAS",
}  # fmt: skip


def said(cell):
    return "" if cell is None else " ".join(str(cell).split())


def whole(cell):
    return 0 if said(cell) in ("", "-") else int(cell)


def hundredths(cell):
    return (
        None
        if said(cell) in ("", "-")
        else int((Decimal(str(cell)) * 100).to_integral_value(ROUND_HALF_EVEN))
    )


class Sheet:
    """The cells of a sheet; places are counted from 0."""

    def __init__(self, rows):
        self.rows = rows

    def at(self, row, column):
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None

    def title(self, begins):
        """The place and the text of the first cell that begins with some text."""
        for row, cells in enumerate(self.rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str) and re.match(begins, said(cell)):
                    return row, column, said(cell)
        return None

    def below(self, row, column, gaps=1):
        """The rows below a header in which there is something from a column on, as far as they follow on one another."""
        blank = 0
        for number in range(row + 1, len(self.rows)):
            if any(said(self.at(number, near)) for near in range(column, column + 3)):
                blank = 0
                yield number
            elif (blank := blank + 1) > gaps:
                return

    def header(self, row, column):
        """The row below a title in which the header stands, with the columns of its labels behind the first."""
        while not any(said(self.at(row, near)) for near in range(column, column + 3)):
            row += 1
        labels = {}
        for near in range(column + 1, len(self.rows[row])):
            if label := said(self.at(row, near)):
                labels[label] = near
            elif labels:
                break
        return row, labels


class Book:
    def __init__(self, name):
        self.as_of = snapshots()[name].as_of
        book = openpyxl.load_workbook(io.BytesIO(content(name)), read_only=True, data_only=True)
        year = next(s for s in book.sheetnames if s.startswith("Detention FY"))[12:14]
        program = next(s for s in book.sheetnames if re.match(rf"ATD (EO)?FY{year}", s))
        self.detention, self.program = (
            Sheet(list(book[sheet].iter_rows(values_only=True)))
            for sheet in (f"{self._named(book, year)}", program)
        )
        others = ("Monthly Bond Statistics", "Vulnerable & Special Population")
        self.others = {s: list(book[s].iter_rows(values_only=True)) for s in others if s in book.sheetnames}
        place = next(s for s in book.sheetnames if s.startswith("Facilities"))
        self.facilities = Sheet(list(book[place].iter_rows(max_row=2000, max_col=31, values_only=True)))
        self.footnotes = list(book["Footnotes"].iter_rows(values_only=True))

    @staticmethod
    def _named(book, year):
        return next(s for s in book.sheetnames if s.startswith(f"Detention FY{year}"))

    def months(self, labels, year, total):
        """The period and column of each month that had begun on the day of the file, and of the year."""
        for label, column in labels.items():
            if label == total:
                yield f"FY{year}", column
            elif label in MONTHS:
                number = (MONTHS.index(label) + 9) % 12 + 1
                yield f"{year - (number > 9)}-{number:02}", column

    def other(self, sheet):
        return Sheet(self.others[sheet]) if sheet in self.others else None

    def begun(self, period, day=""):
        return period.startswith("FY") or period <= (day or f"{self.as_of:%Y-%m}")

    def encounters(self):
        """The month to which the footnotes say that the table of parole goes."""
        texts = " ".join(said(cell) for cells in self.footnotes for cell in cells)
        month, year = re.search(
            r"Encounters data (?:is|are) updated through (\d\d)/\d\d/(\d{4})", texts
        ).groups()
        return f"{year}-{month}"


@functools.cache
def book(name):
    return Book(name)


def year_in(title):
    found = re.search(r":\s*(?:EO)?FY(\d{2,4})", title)[1]
    return int(found) if len(found) == 4 else 2000 + int(found)


def detained(one):
    sheet, day = one.detention, f"{one.as_of}"
    row, labels = sheet.header(*shifted(sheet.title("ICE Currently Detained by Processing")))
    for number in sheet.below(row, 0, 0):
        for label, column in labels.items():
            code = DISPOSITIONS[said(sheet.at(number, 0))]
            yield (code, CLASSES[label], "_T", "_T", day), whole(sheet.at(number, column))
    row, labels = sheet.header(*shifted(sheet.title("ICE Currently Detained by Criminality")))
    for number in sheet.below(row, 0, 0):
        for label, agency in AGENCIES.items():
            kind = KINDS[said(sheet.at(number, 0))]
            yield ("_T", "_T", kind, agency, day), whole(sheet.at(number, labels[label]))


def shifted(place):
    """The cell below a title."""
    return place[0] + 1, place[1]


def monthly(one, title, codes, total, written, first=0):
    """A table by month of one row of labels: each row's code, period and figure."""
    sheet = one.detention
    if place := sheet.title(title):
        row, labels = sheet.header(*shifted(place))
        for number in sheet.below(row, place[1], 0):
            code = codes(said(sheet.at(number, place[1])), said(sheet.at(number, place[1] + 1)))
            for period, column in one.months(labels, year_in(place[2]), total):
                figure = written(sheet.at(number, column))
                if code is not None and (one.begun(period) or figure):
                    yield code, period, figure


def by_class(one, title):
    """A table of the classes of facility beside one heading."""
    sheet = one.detention
    if place := sheet.title(title):
        row, labels = sheet.header(*shifted(place))
        column = labels["Total"]
        for number in sheet.below(row, place[1], 0):
            if label := said(sheet.at(number, place[1])):
                cells = (sheet.at(number, near) for near in range(column, column + 3))  # merged in the header
                figure = next(cell for cell in cells if said(cell))
                yield CLASSES[label], f"FY{year_in(place[2])}", whole(figure)


def bookins(one):
    for code, period, figure in monthly(
        one, "ICE Initial Book-Ins by Arresting", lambda label, _: AGENCIES[label], "Total", whole
    ):
        yield (code, "_T", "_T", period), figure
    sheet = one.detention
    place = sheet.title("ICE Initial Book-Ins by (Facility Type and )?Criminality")
    row, labels = sheet.header(*shifted(place))
    for number in sheet.below(row, 0, 0):
        for label, kind in KINDS.items():
            if label:
                key = ("_T", CLASSES[said(sheet.at(number, 0))], kind, f"FY{year_in(place[2])}")
                yield key, whole(sheet.at(number, labels[label]))


class Reason:
    """The reason of a row: a blank stands for the one above."""

    def __init__(self):
        self.last = ""

    def __call__(self, label, kind):
        self.last = label or self.last
        return REASONS[re.sub("(?<=.) Total$", "", self.last).replace("supervision", "Supervision")], KINDS[
            kind
        ]


def outs(one, what):
    for code, period, figure in monthly(
        one, f"ICE Final {what} by Release Reason, Month", Reason(), "Total", whole
    ):
        reason, kind = code
        yield (reason, kind, "_T", period), figure
    for code, period, figure in by_class(one, rf"ICE Final {what}( by Facility Type)? ?:"):
        yield ("_T", "_T", code, period), figure


def releases(one):
    for (reason, kind, place, period), figure in outs(one, "Releases"):
        yield (reason, place, kind, period), figure
    sheet = one.detention
    if place := sheet.title("ICE Final Releases by Release Reason and Criminality"):
        row, labels = sheet.header(*shifted(place))
        for number in sheet.below(row, 0, 0):
            reason = REASONS[said(sheet.at(number, 0)).replace("supervision", "Supervision")]
            for label, column in labels.items():
                yield (reason, "_T", KINDS[label], f"FY{year_in(place[2])}"), whole(sheet.at(number, column))


def removals(one):
    sheet = one.detention
    row, column, title = sheet.title("ICE Removals:")
    for number in range(row + 2, row + 4):
        label = said(sheet.at(number, column))
        code = REMOVALS[next(part for part in REMOVALS if part in label)]
        yield (*code, f"FY{year_in(title)}"), whole(sheet.at(number, column + 2))


class Agency:
    """The agency and the criminality of a row: a kind of criminality stands below its agency."""

    def __call__(self, label, _):
        if label in AVERAGES:
            self.agency = AVERAGES[label]
            return self.agency, "_T"
        return self.agency, KINDS[label]


def averages(one, what):
    for code, period, figure in monthly(
        one, f"ICE Average {what} by Arresting Agency, Month", Agency(), "FY Overall", hundredths
    ):
        yield (*code, "_T", period), figure
    for code, period, figure in monthly(
        one,
        rf"ICE Average {what} by (Facility Type and )?Month:",
        lambda label, _: CLASSES[label],
        "FY Overall",
        hundredths,
    ):
        if code != "_T":
            yield ("_T", "_T", code, period), figure


def stay(one):
    yield from averages(one, "Length of Stay")
    for code, period, figure in monthly(
        one, "ICE Average Length of Stay Adult", lambda label, _: AGENCIES[label], "FY Overall", hundredths
    ):
        if code != "_T":
            yield (code, "_T", "ADULT", period), figure


def fear_days(one):
    sheet = one.detention
    place = sheet.title("Average Time from USCIS Fear")
    row, _ = sheet.header(*shifted(place))
    for column in range(place[1] + 1, place[1] + 5):
        if label := said(sheet.at(row, column)):
            yield (CLASSES[label], said(sheet.at(row + 1, place[1]))), hundredths(sheet.at(row + 1, column))


def fear_detained(one):
    sheet = one.detention
    row, column, _ = sheet.title("(Aliens|Noncitizens) with USCIS-Established")
    for number in range(row + 2, row + 5):
        if label := said(sheet.at(number, column)):
            yield (CLASSES[label], f"{one.as_of}"), whole(sheet.at(number, column + 2))


def fear_parole(one):
    sheet = one.detention
    for what in ("Requested", "Status"):
        if not (
            place := sheet.title(
                f"(Individuals|Aliens) with Positive Credible Fear Determination Parole {what}"
            )
        ):
            continue
        row, labels = sheet.header(*shifted(place))
        cells, year = [], 0
        for number in sheet.below(row, 0, 0):
            if label := said(sheet.at(number, 0)):
                year = int(label[-4:])
            code = PAROLES[said(sheet.at(number, 1))] if what == "Status" else "_T"
            cells += [
                (year, (code, period), whole(sheet.at(number, column)))
                for period, column in one.months(labels, year, "FY Overall")
            ]
        printed = {year for year, _, figure in cells if figure}
        for year, key, figure in cells:
            if year in printed and (one.begun(key[1], one.encounters()) or figure):
                yield key, figure


BONDS = {
    "bonds": r".*with Bond Posted$|ICE Final Book Outs$",
    "amount": "Average Bond Amount",
    "stay": r"ALOS \(Days\)",
}


def bonds(one, what, written):
    if sheet := one.other("Monthly Bond Statistics"):
        header = next(number for number, cells in enumerate(sheet.rows) if said(cells[1]).startswith("20"))
        row = next(cells for cells in sheet.rows[header:] if re.match(BONDS[what], said(cells[0])))
        cells = [
            (said(day)[:7], written(row[near])) for near, day in enumerate(sheet.rows[header]) if near and day
        ]
        years = {period: int(period[:4]) + (period[5:] >= "10") for period, _ in cells}
        printed = {years[period] for period, figure in cells if figure}
        yield from ((("BOND", period), figure) for period, figure in cells if years[period] in printed)


PLACEMENTS = {
    "Disciplinary": "DISCIPLINARY", "Facility Security Threat": "SECURITY_THREAT", "Medical/Mental Health": "MEDICAL",
    "Medical Mental": "MEDICAL", "Pending Investigation of Disciplinary Violation": "INVESTIGATION",
    "Protective Custody": "PROTECTIVE", "Grand Total": "_T",
}  # fmt: skip


def segregation(one, column, written):
    sheet = one.other("Vulnerable & Special Population")
    period = ""
    for cells in sheet.rows if sheet else ():
        label = said(cells[0])
        if found := re.match(r"(?:Fiscal Year \(FY\)|FY) (\d{4}) Quarter (\d) Data", label):
            year, quarter = int(found[1]), int(found[2])
            period = f"{year - 1}-Q4" if quarter == 1 else f"{year}-Q{quarter - 1}"
        elif label in PLACEMENTS and period:
            yield (PLACEMENTS[label], period), written(cells[column])


TYPES = {
    "USMS IGA": "USMS_IGA",
    "USMS CDF": "USMS_CDF",
    "FAMILY STAGING": "FAMILY",
    "TAP-ICE": "TAP_ICE",
    "Other": "OTHER",
}


def beds(one):
    sheet = one.facilities
    header = next(number for number, cells in enumerate(sheet.rows) if said(cells[0]) == "Name")
    column = next(near for near, cell in enumerate(sheet.rows[header]) if said(cell) == "Guaranteed Minimum")
    found = {}
    for cells in sheet.rows[header + 1 :]:
        if area := said(cells[5]):
            key = (area, TYPES.get(said(cells[6]), said(cells[6])), f"{one.as_of}")
            figure = cells[column] if isinstance(cells[column], int | float) else 0
            found[key] = found.get(key, 0) + int(figure)
    yield from found.items()


INSPECTIONS = {
    "Last Inspection Rating - Final": "LAST", "Last Final Rating": "LAST", "ODO Final Rating": "ODO",
    "Last Nakamoto Inspection Rating - Final": "CONTRACTOR",
}  # fmt: skip
RATINGS = {
    "": "NONE", "*": "NONE", "N/A": "NONE", "ACCEPTABLE/ADEQUATE": "ACCEPTABLE", "FAILURE": "FAIL", "AT-RISK": "AT_RISK",
    "DOES NOT MEET STANDARDS": "DOES_NOT_MEET", "SPECIAL REVIEW - PRE-OCCUPANCY": "SPECIAL", "OVERCOME BY EVENTS": "OTHER",
}  # fmt: skip


def rating(label):
    """The code of a rating, by how it begins where it is written in many ways."""
    text = label.upper()
    for begin, code in (("MEET", "MEETS"), ("PENDING", "PENDING"), ("REFUSED", "REFUSED"), ("TAR", "OTHER")):
        if text.startswith(begin):
            return code
    return RATINGS.get(text, text)


def inspections(one):
    sheet = one.facilities
    header = next(number for number, cells in enumerate(sheet.rows) if said(cells[0]) == "Name")
    found = {}
    for column, heading in enumerate(map(said, sheet.rows[header])):
        for cells in sheet.rows[header + 1 :] if heading in INSPECTIONS else ():
            if said(cells[5]):
                kind = TYPES.get(said(cells[6]), said(cells[6]))
                key = (INSPECTIONS[heading], rating(said(cells[column])), kind, f"{one.as_of}")
                found[key] = found.get(key, 0) + 1
    yield from found.items()


GROUPS = {
    "Level A": "LEVEL_A", "Level B": "LEVEL_B", "Level C": "LEVEL_C", "Level D": "LEVEL_D", "Male Crim": "MALE_CRIMINAL",
    "Male Non-Crim": "MALE_NONCRIMINAL", "Female Crim": "FEMALE_CRIMINAL", "Female Non-Crim": "FEMALE_NONCRIMINAL",
    "ICE Threat Level 1": "THREAT_1", "ICE Threat Level 2": "THREAT_2", "ICE Threat Level 3": "THREAT_3",
    "No ICE Threat Level": "NO_THREAT", "Mandatory": "MANDATORY",
}  # fmt: skip


def population(one):
    sheet = one.facilities
    header = next(number for number, cells in enumerate(sheet.rows) if said(cells[0]) == "Name")
    year = re.search("FY([0-9]{2}) ALOS", " ".join(map(said, sheet.rows[header])))[1]
    found = {}
    for column, heading in enumerate(map(said, sheet.rows[header])):
        for cells in sheet.rows[header + 1 :] if heading in GROUPS else ():
            if area := said(cells[5]):
                key = (GROUPS[heading], area, f"FY20{year}")
                found[key] = found.get(key, 0) + (hundredths(cells[column]) or 0)
    yield from found.items()


def program(one, column, written):
    sheet = one.program
    day = sheet.title("Data from BI Inc. Participants Report,")[2].rpartition(" ")[2]
    month, number, year = day.split(".")
    period = f"{year}-{int(month):02}-{int(number):02}"
    if column == 1 and (place := sheet.title("ATD Active Population Counts and Daily Cost")):
        row, _ = sheet.header(*shifted(place))
        for number in sheet.below(row, 0, 0):
            if (label := said(sheet.at(number, 0))) in TECHNOLOGIES:
                yield ("_T", "_T", TECHNOLOGIES[label], period), written(sheet.at(number, 1))
    row, _ = sheet.header(*shifted(sheet.title("ATD Active Population by Status")))
    for number in sheet.below(row, 0, 0):
        label = said(sheet.at(number, 0))
        if label in STATUSES and said(sheet.at(number, 1)):
            yield (STATUSES[label], "_T", "_T", period), written(sheet.at(number, column))
    row, _ = sheet.header(*shifted(sheet.title("Active ATD Participants and Average")))
    area = ""
    for number in sheet.below(row, 0):
        label = said(sheet.at(number, 0))
        area = AREAS.get(label, area)
        if label not in ("", "Total", "Grand Total") and said(sheet.at(number, 1)):
            code = "_T" if label in AREAS else TECHNOLOGIES[label]
            yield ("_T", area, code, period), written(sheet.at(number, column))


DATASETS = {
    "ice-statistics-detained": detained,
    "ice-statistics-bookins": bookins,
    "ice-statistics-releases": releases,
    "ice-statistics-bookouts": lambda one: outs(one, "Book Outs"),
    "ice-statistics-removals": removals,
    "ice-statistics-adp": lambda one: averages(one, "Daily Population"),
    "ice-statistics-stay": stay,
    "ice-statistics-fear-days": fear_days,
    "ice-statistics-fear-detained": fear_detained,
    "ice-statistics-fear-parole": fear_parole,
    "ice-statistics-bonds": lambda one: bonds(one, "bonds", whole),
    "ice-statistics-bond-amount": lambda one: bonds(one, "amount", hundredths),
    "ice-statistics-bond-stay": lambda one: bonds(one, "stay", hundredths),
    "ice-statistics-segregation": lambda one: segregation(one, 1, whole),
    "ice-statistics-segregation-days": lambda one: segregation(one, 2, hundredths),
    "ice-statistics-guaranteed-beds": beds,
    "ice-statistics-inspections": inspections,
    "ice-statistics-population": population,
    "ice-statistics-atd": lambda one: program(one, 1, whole),
    "ice-statistics-atd-length": lambda one: program(one, 2, hundredths),
}


def test_they_are_more_than_twenty_of_every_year():
    assert len(BOOKS) == len(set(BOOKS)) > 20
    assert {snapshots()[name].as_of.year for name in BOOKS} == set(range(2021, 2027))


@pytest.mark.slow
@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("name", BOOKS)
def test_every_figure_is_the_one_in_the_cell(name, dataset):
    expected = dict(DATASETS[dataset](book(name)))
    found = {
        key: None if status == "O" else value
        for key, (value, status) in (read_cells(name, dataset) if expected else {}).items()
    }
    assert differences(found, expected) == {}


@pytest.mark.slow
@pytest.mark.parametrize("dataset", DATASETS)
def test_twenty_of_them_or_all_that_have_it_are_held_to_their_cells(dataset):
    having = [name for name in BOOKS if dict(DATASETS[dataset](book(name)))]
    assert len(having) >= {"ice-statistics-bookouts": 12, "ice-statistics-releases": 15}.get(dataset, 19)

"""Invented files by area of responsibility, with the publisher's headings and labels: no figure in them was ever published.

They have four fiscal years, the last of them to date, and the tables by state and of the southwest border that fit them.
"""

import csv
import io
from collections import Counter

MONTHS = ("OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP")
YEARS = (2023, 2024, 2025, 2026)
REACHED = 8
"""The months of the last year that the files have."""

HEADER = [
    "Fiscal Year",
    "Month Grouping",
    "Month (abbv)",
    "Component",
    "Land Border Region",
    "Area of Responsibility",
    "AOR (Abbv)",
    "Demographic",
    "Citizenship",
    "Title of Authority",
    "Encounter Type",
    "Encounter Count",
]
STATE = [
    "Fiscal Year",
    "Month Grouping",
    "Month (abbv)",
    "Land Border Region",
    "State",
    "Demographic",
    "Citizenship",
    "Title of Authority",
    "Encounter Count",
]
SOUTHWEST = [
    "Fiscal Year",
    "Month Grouping",
    "Month (abbv)",
    "Component",
    "Demographic",
    "Citizenship Grouping",
    "Title of Authority",
    "Encounter Type",
    "Encounter Count",
]

USBP, OFO = "U.S. Border Patrol", "Office of Field Operations"
SW, NORTH, OTHER = "Southwest Land Border", "Northern Land Border", "Other"
SECTORS = {
    SW: "Big Bend:BBT|Del Rio:DRT|El Centro:ELC|El Paso:EPT|Laredo:LRT|Rio Grande Valley:RGV|San Diego:SDC|Tucson:TCA|Yuma:YUM",
    NORTH: "Blaine:BLW|Buffalo:BUN|Detroit:DTM|Grand Forks:GFN|Havre:HVM|Houlton:HLT|Spokane:SPW|Swanton:SWB",
    OTHER: "Miami:MIP|New Orleans:NLL|Ramey:RMY",
}
OFFICES = {
    SW: "El Paso|Laredo|San Diego|Tucson",
    NORTH: "Boston|Buffalo|Detroit|Portland|Seattle",
    OTHER: (
        "Atlanta|Baltimore|Boston|Chicago|Houston|Los Angeles|Miami|New Orleans|New York|Preclearance|"
        "San Francisco|San Juan|Tampa"
    ),
}
CITIZENSHIPS = [
    "MEXICO",
    "GUATEMALA",
    "HONDURAS",
    "EL SALVADOR",
    "CHINA, PEOPLES REPUBLIC OF",
    "MYANMAR (BURMA)",
    "INDIA",
    "OTHER",
    "BRAZIL",
    "VENEZUELA",
]
CHILDREN = ("UAC", "UC / Single Minors")
GROUPS = ("Single Adults", "FMUA", CHILDREN[0])
STATES = {"Southwest Land Border": ("TX", "AZ", "CA"), "Northern Land Border": ("ME",), "Other": ("FL",)}
NORTHERN_TRIANGLE_AND_MEXICO = ("MEXICO", "GUATEMALA", "HONDURAS", "EL SALVADOR")


def offices():
    """Component, region, area and its abbreviation; Boston stands in two regions, as it does in the publisher's files."""
    for region, names in SECTORS.items():
        for name, code in (pair.split(":") for pair in names.split("|")):
            yield USBP, region, f"{name} Sector", code
    for region, names in OFFICES.items():
        for name in names.split("|"):
            yield OFO, region, f"{name} Field Office", name


def rows():
    """The rows of the first edition: of each office and month a few, and none that is zero."""
    made = []
    for year in YEARS:
        for m, month in enumerate(MONTHS[: REACHED if year == YEARS[-1] else 12]):
            for n, (component, region, area, code) in enumerate(offices()):
                for k in range(2):
                    seed = year * 7 + m * 31 + n * 13 + k * 101
                    group = GROUPS[(seed + k) % 3] if component == USBP or seed % 5 else "Accompanied Minors"
                    title = "Title 42" if year == 2023 and m < 8 and seed % 4 == 0 else "Title 8"
                    kind = (
                        "Expulsions"
                        if title == "Title 42"
                        else "Apprehensions"
                        if component == USBP
                        else "Inadmissibles"
                    )
                    made.append(
                        [
                            f"{year} (FYTD)" if year == YEARS[-1] else str(year),
                            "FYTD" if m < REACHED else "Remaining",
                            month,
                            component,
                            region,
                            area,
                            code,
                            group,
                            CITIZENSHIPS[(seed + k) % len(CITIZENSHIPS)],
                            title,
                            kind,
                            1 + seed % 97,
                        ]
                    )
    unique = {tuple(row[:11]): row for row in made}
    return list(unique.values())


def second(first):
    """A later edition: of the open year 100 rows are changed by 1 to 10, five have vanished, one is new; the children's label is the older one."""
    open_year = [n for n, row in enumerate(first) if row[0].endswith("(FYTD)")]
    changed = {place: 1 + number % 10 for number, place in enumerate(open_year[:200:2])}
    vanished = set(open_year[201:211:2])
    made = [[*row[:11], row[11] + changed.get(n, 0)] for n, row in enumerate(first) if n not in vanished]
    new = [*first[open_year[-1]][:7], GROUPS[0], "UKRAINE", *first[open_year[-1]][9:11], 7]
    older = [[CHILDREN[1] if cell == CHILDREN[0] else cell for cell in row] for row in [*made, new]]
    return older[::-1]


def by_state(of):
    """The table by state that fits: each office lies in one state of its region."""
    counts = Counter()
    for row in of:
        states = STATES[row[4]]
        counts[(*row[:3], row[4], states[len(row[5]) % len(states)], *row[7:10])] += row[11]
    return [[*key, count] for key, count in counts.items()]


def of_southwest(of):
    """The table of the southwest border that fits."""
    counts = Counter()
    for row in of:
        if row[4] == SW:
            citizenship = row[8] if row[8] in NORTHERN_TRIANGLE_AND_MEXICO else "OTHER"
            counts[(*row[:4], row[7], citizenship, *row[9:11])] += row[11]
    return [[*key, count] for key, count in counts.items()]


def text(header, of):
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *of])
    return written.getvalue().encode()

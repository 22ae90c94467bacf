"""The indicators of the provisions that rest on files of many editions. Against the archived files, in plain Python."""

import csv
import json
import re
from collections import Counter

import openpyxl
import pytest

CLOSING = {
    "FY2021": "20211008015346-FY21_detentionStats10072021.xlsx",
    "FY2022": "20220930022712-FY22_detentionStats09292022.xlsx",
    "FY2023": "20230929140619-FY23_detentionStats09292023.xlsx",
    "FY2024": "20241220175644-FY24_detentionStats.xlsx",
    "FY2025": "FY25_detentionStats09242025.xlsx",
    "FY2026": "FY26_detentionStats_02122026.xlsx",
}
"""The last workbook in hand of each fiscal year."""

RELEASED = ("Bonded Out", "Order of Recognizance", "Order of Supervision", "Paroled", "Relief Granted by IJ")
BORDER_AREAS = ("ELP", "HLG", "PHO", "SNA", "SND")
BORDER_STATES = ("ARIZONA", "CALIFORNIA", "NEW MEXICO", "TEXAS")


@pytest.fixture(scope="module")
def indicators(release):
    provisions = json.loads((release / "provisions.json").read_text("utf-8"))
    return {one["id"]: one for provision in provisions for one in provision["indicators"]}


@pytest.fixture(scope="module")
def workbook(archive_folder):
    """A function from a fiscal year and the beginning of a sheet's name to the rows of the last workbook in hand."""
    kept = {}

    def rows(year, sheet):
        if (year, sheet) not in kept:
            path = archive_folder / "ice-detention-statistics" / CLOSING[year]
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            name = next(name for name in book.sheetnames if name.startswith(sheet))
            kept[year, sheet] = [list(row) for row in book[name].iter_rows(values_only=True)]
        return kept[year, sheet]

    return rows


def table(rows, title):
    """The rows below a title, from its column on, to the next empty one; the labels of a column that spans rows are filled in."""
    at, left = next(
        (n, place)
        for n, row in enumerate(rows)
        for place, cell in enumerate(row)
        if str(cell).startswith(title)
    )
    found, label = [], None
    for row in rows[at + 1 :]:
        cells = row[left:]
        if all(cell is None for cell in cells[:3]):
            break
        label = cells[0] or label
        found.append([str(label).strip(), *cells[1:]])
    head, *body = found
    return [cell and str(cell).strip() for cell in head], body


def by_year(indicator):
    return {figure["period"]: figure["value"] for figure in indicator["series"]}


def test_removals(indicators, workbook):
    said = {}
    for year in CLOSING:
        _, body = table(workbook(year, "Detention FY"), "ICE Removals")
        said[year] = next(cell for cell in body[0][1:] if cell is not None)
    assert (said["FY2024"], said["FY2025"]) == (271_484, 319_980)
    found = indicators["ice-removals"]
    assert by_year(found) == {year: said[year] for year in list(CLOSING)[:-1]}
    assert (found["to_date"]["last"], found["to_date"]["value"]) == ("FY2026", said["FY2026"])


def test_book_ins_after_an_arrest_by_ice(indicators, workbook):
    head, body = table(workbook("FY2026", "Detention FY"), "ICE Initial Book-Ins by Arresting Agen")
    (own,) = (row for row in body if row[0] == "ICE")
    whole_months = [own[head.index(month)] for month in ("Oct", "Nov", "Dec", "Jan")]
    found = indicators["ice-bookins-after-arrest"]["to_date"]
    assert (found["first"], found["last"], found["value"]) == ("2025-10", "2026-01", sum(whole_months))


@pytest.mark.parametrize("year", ["FY2024", "FY2025"])
def test_releases_among_final_book_outs(indicators, workbook, year):
    _, body = table(workbook(year, "Detention FY"), "ICE Final Book Outs by Release Reason")
    totals = {
        row[0]: [cell for cell in row if cell is not None][-1]
        for row in body
        if row[1] == "Total" or row[0] == "Total"
    }
    released, every = sum(totals[reason] for reason in RELEASED), totals["Total"]
    found = next(f for f in indicators["ice-bookouts-released-share"]["series"] if f["period"] == year)
    assert (found["numerator"], found["denominator"]) == (released, every)
    assert found["value"] == round(released / every, 4)


def test_guaranteed_beds_in_the_areas_at_the_border(indicators, workbook):
    rows = workbook("FY2026", "Facilities FY")
    head = next(n for n, row in enumerate(rows) if row[0] == "Name" and row[1] == "Address")
    names = [str(cell).strip() for cell in rows[head]]
    area, beds = names.index("AOR"), names.index("Guaranteed Minimum")
    listed = [row for row in rows[head + 1 :] if row[0] and row[area]]
    every = Counter()
    for row in listed:
        every[row[area]] += int(row[beds] or 0)
    said = sum(every[one] for one in BORDER_AREAS)
    assert indicators["guaranteed-beds-border"]["latest"]["value"] == said
    assert indicators["guaranteed-beds"]["latest"]["value"] == sum(every.values())


def test_average_daily_population(indicators, workbook):
    head, body = table(workbook("FY2025", "Detention FY"), "ICE Average Daily Population by Arresting")
    (total,) = (row for row in body if row[0] == "Average")
    year = total[head.index("FY Overall")]
    assert by_year(indicators["average-daily-population-ice"])["FY2025"] == pytest.approx(year, abs=0.006)


def test_parole_after_a_positive_fear_determination(indicators, workbook):
    rows = workbook("FY2025", "Detention FY")
    head, body = table(rows[146:], "Aliens with Positive Credible Fear Det")
    year = head.index("FY Overall")
    said = {(row[0], row[1]): row[year] for row in body}
    granted, denied = said["FY2025", "Parole Granted"], said["FY2025", "Parole Denied"]
    assert by_year(indicators["fear-parole-granted"])["FY2025"] == granted
    assert by_year(indicators["fear-parole-granted-share"])["FY2025"] == round(
        granted / (granted + denied), 4
    )


def test_agreements_and_agencies_at_the_border(indicators, archive_folder):
    book = openpyxl.load_workbook(archive_folder / "ice-287g" / "participatingAgencies05112026am.xlsx")
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    state, agency = (
        [str(cell).strip() for cell in head].index(name) for name in ("STATE", "LAW ENFORCEMENT AGENCY")
    )
    own = [row for row in rows if row[0] and str(row[state]).strip().upper() in BORDER_STATES]
    names = {(row[state].strip().upper(), re.sub(r"\s|['\u2019]", "", row[agency]).upper()) for row in own}
    assert indicators["agreements-border-states"]["latest"]["value"] == len(own) == 392
    assert indicators["agencies-border-states"]["latest"]["value"] == len(names)


@pytest.mark.parametrize(
    ("name", "group"),
    [("children-southwest-cbp", ("UAC", "UC / Single Minors")), ("family-units-southwest-cbp", ("FMUA",))],
)
def test_children_and_families_at_the_southwest_land_border(indicators, archive_folder, name, group):
    counted = Counter()
    path = archive_folder / "encounters" / "nationwide-encounters-fy23-fy26-nov-state.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["Land Border Region"] == "Southwest Land Border" and row["Demographic"] in group:
                year = int(row["Fiscal Year"][:4])
                counted[year] += int(row["Encounter Count"])
                if row["Month (abbv)"] in ("OCT", "NOV"):
                    counted["begun", year] += int(row["Encounter Count"])
    found = indicators[name]
    assert by_year(found)["FY2025"] == counted[2025]
    assert (found["to_date"]["value"], found["to_date"]["before"]["value"]) == (
        counted[2026],
        counted["begun", 2025],
    )

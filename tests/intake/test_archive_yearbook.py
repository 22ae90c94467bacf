"""The tables of the Statistical Yearbooks against a plain reading of the old workbooks (.xls)."""

import functools
import io
from collections import Counter

import pytest
import python_calamine
from test_archive_files import ROWS, codes_of, content, differences, figures, plain, read_cells

CASES, CONVICTIONS_2004, CONVICTIONS_1998 = "Table49_0.xls", "Table50.xls", "Table73_2.xls"
INVESTIGATIONS = "Table61_1.xls"
DEPARTURES_2013, DEPARTURES_1998 = "table39_3.xls", "Table62_2.xls"
REMOVALS_2003, REMOVALS_2008, RETURNS = "Table43D.xls", "table37d_1.xls", "table40d_1.xls"
RESULTS = {
    "prosecutions": "PROSECUTION",
    "convictions": "CONVICTION",
    "acquittals": "ACQUITTAL",
    "dismissals": "DISMISSAL",
}
CLASSES = {
    "Total": "_T",
    "Immigration": "IMMIGRATION",
    "Naturalization": "NATURALIZATION",
    "Other": "OTHER",
}
DEPARTURES = {
    "Removals": "REMOVAL",
    "Returns": "RETURN",
    "Formal removals": "FORMAL_REMOVAL",
    "Voluntary departures": "VOLUNTARY_DEPARTURE",
}
REGIONS = {
    "Africa": "AFRICA",
    "Asia": "ASIA",
    "Europe": "EUROPE",
    "Oceania": "OCEANIA",
    "South America": "SOUTH_AMERICA",
    "North America": "NORTH_AMERICA",
    "Caribbean": "CARIBBEAN",
    "Central America": "CENTRAL_AMERICA",
    "Unknown": "_U",
}
SHIFTED = {
    "Puerto Rico",
    "St- Kitts-Nevis",
    "St- Lucia",
    "St- Vincent and the Grenadines",
    "Trinidad and Tobago",
    "Turks and Caicos Islands",
}


@functools.cache
def sheet(name):
    """The first sheet below its title: the header and the rows with a label."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content(name)))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    start = next(place for place, row in enumerate(rows) if sum(cell != "" for cell in row) > 1)
    body = [row for row in rows[start + 1 :] if row[0] != "" and row[1] != ""]
    return [column.strip() if isinstance(column, str) else column for column in rows[start]], body


def year(label):
    """A fiscal year in words, from 1997.0 or `1997 /1`."""
    return f"FY{int(str(label)[:4])}"


def cell(figure):
    text = str(figure).strip()
    return (0, "O") if text in ("NA", "") else (0 if text == "-" else int(float(text)), "A")


def by_row(name, codelist):
    """Every figure of a table with years above, by the code of its row's label and year."""
    header, body = sheet(name)
    return {
        (codes_of(codelist)[plain(row[0])], year(column)): cell(figure)
        for row in body
        for column, figure in zip(header[1:], row[1:], strict=True)
    }


@pytest.mark.parametrize(
    ("name", "codelist", "size"),
    [
        (CONVICTIONS_2004, "violation", 25 * 13),
        (CONVICTIONS_1998, "violation", 16 * 7),
        (INVESTIGATIONS, "investigation", 18 * 10),
    ],
)
def test_every_figure_of_a_table_with_years_above(name, codelist, size):
    expected = by_row(name, codelist)
    assert len(expected) == size
    assert differences(read_cells(name), expected) == {}


@pytest.mark.parametrize("name", [CONVICTIONS_2004, CONVICTIONS_1998, INVESTIGATIONS])
def test_the_sum_of_each_row(name):
    printed = Counter()
    for row in sheet(name)[1]:
        codelist = "investigation" if name == INVESTIGATIONS else "violation"
        numbers = [int(figure) for figure in row[1:] if figure != "NA"]
        printed[codes_of(codelist)[plain(row[0])]] += sum(numbers)
    found = Counter()
    for (code, _), value in figures(name).items():
        found[code] += value
    assert found == printed


def test_cases_by_class_and_result_without_fines_and_imprisonment():
    header, body = sheet(CASES)
    expected = {}
    for row in body:
        first, _, result = row[0].partition(" ")
        for column, figure in zip(header[1:], row[1:], strict=True):
            if result in RESULTS:
                expected[CLASSES[first], RESULTS[result], year(column)] = cell(figure)
    assert len(expected) == 4 * 4 * 13
    assert differences(read_cells(CASES), expected) == {}
    assert len(body) * 13 == ROWS[CASES][0] == len(expected) + ROWS[CASES][1]


@pytest.mark.parametrize(("name", "size"), [(DEPARTURES_2013, 285), (DEPARTURES_1998, 76)])
def test_removals_and_returns_by_year_without_sums_of_years(name, size):
    header, body = sheet(name)
    expected = {
        (DEPARTURES[column], year(row[0])): cell(figure)
        for row in body
        if not isinstance(row[0], str)
        for column, figure in zip(header[1:], row[1:], strict=True)
        if figure != "NA"
    }
    assert len(expected) == size
    assert differences(read_cells(name), expected) == {}


def test_the_two_yearbooks_give_the_same_departures_until_1992():
    old, new = figures(DEPARTURES_1998), figures(DEPARTURES_2013)
    for kind, former in (("REMOVAL", "FORMAL_REMOVAL"), ("RETURN", "VOLUNTARY_DEPARTURE")):
        for time in range(1961, 1993):
            assert old[former, f"FY{time}"] == new[kind, f"FY{time}"], (kind, time)
    assert old["FORMAL_REMOVAL", "FY1998"] == 172_547
    assert new["REMOVAL", "FY2013"] == 438_421
    assert new["REMOVAL", "FY1892"] == 2_801


def place(label, edition):
    """World region and citizenship of a column of a table by country."""
    if label.strip() == "Total":
        return "_T", "_T"
    if label in REGIONS:
        region = "OTHER_NORTH_AMERICA" if edition == 2008 and label == "North America" else REGIONS[label]
        return region, "_T"
    if label == "Other":
        return ("OTHER", "_T") if edition == 2003 else ("_T", "YEARBOOK_OTHER")
    return "_T", codes_of("citizenship")[plain(label)]


def removals(name, edition):
    """Every figure of a table of removals by criminality and country."""
    header, body = sheet(name)
    kinds = {"total": "_T", "criminal": "CONVICTED", "non-criminal": "NON_CONVICTED"}
    return {
        (kinds[plain(row[1])], *place(column, edition), year(row[0])): cell(figure)
        for row in body
        for column, figure in zip(header[2:], row[2:], strict=True)
        if not (edition == 2003 and column in SHIFTED)
    }


@pytest.mark.parametrize(
    ("name", "edition", "size"), [(REMOVALS_2003, 2003, 33 * 210), (REMOVALS_2008, 2008, 30 * 165)]
)
def test_removals_by_criminality_and_country(name, edition, size):
    expected = removals(name, edition)
    assert len(expected) == size
    assert differences(read_cells(name), expected) == {}


def test_six_shifted_columns_of_2003_are_left_out_and_2008_has_their_countries():
    countries = {codes_of("citizenship")[plain(label)] for label in SHIFTED - {"Puerto Rico"}}
    assert countries <= {key[2] for key in read_cells(REMOVALS_2008)}
    assert not countries & {key[2] for key in read_cells(REMOVALS_2003)}
    assert ROWS[REMOVALS_2003][1] == len(SHIFTED) * 33


def test_the_columns_left_out_are_shifted_by_one():
    # Trinidad and Tobago's figures stand under St. Vincent until FY1998, and in their place from FY1999 on
    header, body = sheet(REMOVALS_2003)
    totals = {int(row[0]): row for row in body if row[1].strip() == "Total"}
    trinidad, vincent, puerto_rico = (
        header.index(label)
        for label in ("Trinidad and Tobago", "St- Vincent and the Grenadines", "Puerto Rico")
    )
    assert (totals[1998][vincent], totals[1998][trinidad]) == (265, 6)
    assert (totals[1999][vincent], totals[1999][trinidad]) == (29, 310)
    assert figures(REMOVALS_2008)["_T", "_T", "TTO", "FY1999"] == 316
    assert all(totals[time][puerto_rico] > 0 for time in range(1993, 1999))
    assert all(totals[time][puerto_rico] == 0 for time in range(1999, 2003))


def test_returns_by_country():
    header, body = sheet(RETURNS)
    expected = {
        (*place(row[0], 2013), year(column)): cell(figure)
        for row in body
        for column, figure in zip(header[1:], row[1:], strict=True)
    }
    assert len(expected) == 182 * 5
    assert differences(read_cells(RETURNS), expected) == {}
    assert read_cells(RETURNS)["_T", "_T", "FY2013"] == (178_371, "A")


@pytest.mark.parametrize(
    "name", [CASES, CONVICTIONS_2004, INVESTIGATIONS, REMOVALS_2003, REMOVALS_2008, RETURNS]
)
def test_what_is_not_available_is_missing_without_a_reason_and_never_a_zero(name):
    _, body = sheet(name)
    printed = sum(cell in ("NA", "") for row in body for cell in row[1:])
    found = sum(status == "O" for _, status in read_cells(name).values())
    assert 0 < found <= printed
    if name not in (CASES, REMOVALS_2003):
        assert found == printed

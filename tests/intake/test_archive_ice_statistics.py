"""ICE's workbook of detention statistics against the cells of its sheets, each table by its place in this edition."""

import functools
import io
from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.utils import column_index_from_string
from test_archive_files import codes_of, content, differences, plain, read_cells, reading, snapshots

from borderstats.errors import InputError
from borderstats.intake.read import read_file

NAME = "FY21-detentionstats.xlsx"
DAY = "2020-11-21"
DETENTION, PROGRAM = "Detention FY21 YTD", "ATD FY21 YTD"
CRIMINALITY = ("CONVICTED", "PENDING", "OTHER_VIOLATOR")
KINDS = ("_T", *CRIMINALITY)
AGENCIES = ("CBP", "ICE", "_T")
REASONS = ("_T", "BOND", "BOND_ICE", "BOND_IJ", "ROR", "OSUP", "PAROLE", "PROSECUTORIAL_DISCRETION")
DISPOSITIONS = ("_T", "EXPEDITED_REMOVAL", "NOTICE_TO_APPEAR", "REINSTATEMENT", "OTHER")
STATUSES = ("FAMU", "ECMS_FAMU", "SINGLE_ADULT", "ECMS_SINGLE_ADULT", "_T")
MONTHS = {"B": "2020-10", "C": "2020-11", "N": "FY2021"}


@functools.cache
def book():
    return openpyxl.load_workbook(io.BytesIO(content(NAME)), data_only=True)


def block(sheet, first, rows, columns):
    """Figures below one another from row `first` on: for each code of `rows` and column of `columns` its cell."""
    return {
        (row, column): book()[sheet].cell(first + place, column_index_from_string(column)).value
        for place, row in enumerate(rows)
        for column in columns
    }


def hundredths(figure):
    return int((Decimal(str(figure)) * 100).to_integral_value(ROUND_HALF_EVEN))


def detained():
    cells = {
        (row, {"B": "FRC", "C": "ADULT", "D": "_T"}[column], "_T", "_T", DAY): figure
        for (row, column), figure in block(DETENTION, 10, DISPOSITIONS, "BCD").items()
    }
    return cells | {
        ("_T", "_T", row, {"B": "ICE", "D": "CBP", "F": "_T"}[column], DAY): figure
        for (row, column), figure in block(DETENTION, 20, KINDS, "BDF").items()
    }


def bookins():
    times = {"J": "2020-10", "K": "2020-11", "V": "FY2021"}
    cells = {
        (row, "_T", "_T", times[column]): figure
        for (row, column), figure in block(DETENTION, 20, ("_T", "CBP", "ICE"), times).items()
    }
    kinds = dict(zip("BCDE", (*CRIMINALITY, "_T"), strict=True))
    return cells | {
        ("_T", row, kinds[column], "FY2021"): figure
        for (row, column), figure in block(DETENTION, 29, ("_T", "ADULT", "FRC"), kinds).items()
    }


def releases():
    cells = {
        ("_T", row, "_T", "FY2021"): figure
        for (row, _), figure in block(DETENTION, 29, ("_T", "FRC", "ADULT"), "J").items()
    }
    kinds = dict(zip("BCDE", (*CRIMINALITY, "_T"), strict=True))
    return cells | {
        (row, "_T", kinds[column], "FY2021"): figure
        for (row, column), figure in block(DETENTION, 38, REASONS, kinds).items()
    }


def beds():
    """The guaranteed minimum of each facility, added up by area and type."""
    found = {}
    for cells in book()["Facilities FY21 YTD"].iter_rows(8, values_only=True):
        if area := plain(str(cells[5] or "")):
            key = codes_of("aor")[area], codes_of("contract_type")[plain(cells[6])], DAY
            found[key] = found.get(key, 0) + (cells[22] if isinstance(cells[22], int) else 0)
    return found


def inspections():
    """The final rating of the last inspection of each facility, counted by type."""
    ratings = {
        "": "NONE",
        "Meets Standard": "MEETS",
        "Special Review - Pre-Occupancy": "SPECIAL",
        "TAR Assigned": "OTHER",
    }
    return Counter(
        ("LAST", ratings.get(said, said.upper()), codes_of("contract_type")[plain(cells[6])], DAY)
        for cells in book()["Facilities FY21 YTD"].iter_rows(8, values_only=True)
        if plain(str(cells[5] or ""))
        for said in [str(cells[25] or "").strip()]
    )


def population():
    """The average population of each facility by group, added up by area."""
    groups = [
        "LEVEL_A",
        "LEVEL_B",
        "LEVEL_C",
        "LEVEL_D",
        "MALE_CRIMINAL",
        "MALE_NONCRIMINAL",
        "FEMALE_CRIMINAL",
    ]
    groups += ["FEMALE_NONCRIMINAL", "THREAT_1", "THREAT_2", "THREAT_3", "NO_THREAT", "MANDATORY"]
    found = Counter()
    for cells in book()["Facilities FY21 YTD"].iter_rows(8, values_only=True):
        if area := plain(str(cells[5] or "")):
            for group, cell in zip(groups, cells[9:22], strict=True):
                found[group, codes_of("aor")[area], "FY2021"] += hundredths(cell)
    return dict(found)


def removals():
    return {
        (row, "_T", "FY2021"): figure for (row, _), figure in block(DETENTION, 29, ("_T", "FRC"), "P").items()
    }


def fear_days():
    classes = {"I": "FRC", "J": "ADULT", "K": "_T"}
    return {
        (classes[column], "FY2021"): hundredths(figure)
        for (_, column), figure in block(DETENTION, 10, ("FY2021",), classes).items()
    }


def fear_detained():
    return {
        (row, DAY): figure for (row, _), figure in block(DETENTION, 10, ("_T", "FRC", "ADULT"), "O").items()
    }


def averages(first, first_of_facilities):
    """A table by agency and criminality, and one by class of facility, each by month."""
    rows = [(agency, kind) for agency in AGENCIES for kind in KINDS]
    cells = {
        (*row, "_T", MONTHS[column]): hundredths(figure)
        for (row, column), figure in block(DETENTION, first, rows, MONTHS).items()
    }
    return cells | {
        ("_T", "_T", row, MONTHS[column]): hundredths(figure)
        for (row, column), figure in block(
            DETENTION, first_of_facilities, ("_T", "FRC", "ADULT"), MONTHS
        ).items()
    }


def program(column, written):
    """The two tables of Alternatives to Detention: by status, and by area and technology."""
    cells = {
        (row, "_T", "_T", DAY): written(figure)
        for (row, _), figure in block(PROGRAM, 7, STATUSES, column).items()
    }
    area = "_T"
    for label, *figures in book()[PROGRAM].iter_rows(18, 114, 1, 3, values_only=True):
        technology = label.upper() if label in ("GPS", "SmartLINK", "TR") else "_T"
        if technology == "_T":
            area = codes_of("aor")[plain(label)]
        cells["_T", area, technology, DAY] = written(figures["BC".index(column)])
    return cells


EXPECTED = {
    "ice-statistics-detained": (detained, "A"),
    "ice-statistics-fear-days": (fear_days, "P"),
    "ice-statistics-fear-detained": (fear_detained, "A"),
    "ice-statistics-guaranteed-beds": (beds, "A"),
    "ice-statistics-inspections": (inspections, "A"),
    "ice-statistics-population": (population, "P"),
    "ice-statistics-bookins": (bookins, "P"),
    "ice-statistics-releases": (releases, "P"),
    "ice-statistics-removals": (removals, "P"),
    "ice-statistics-adp": (lambda: averages(51, 85), "P"),
    "ice-statistics-stay": (lambda: averages(68, 93), "P"),
    "ice-statistics-atd": (lambda: program("B", int), "A"),
    "ice-statistics-atd-length": (lambda: program("C", hundredths), "A"),
}


def test_the_datasets_here_are_all_that_the_workbook_feeds():
    assert set(EXPECTED) == set(reading(NAME).datasets)


@pytest.mark.parametrize("dataset", EXPECTED)
def test_every_figure_used_comes_out_and_nothing_else(dataset):
    made, status = EXPECTED[dataset]
    assert (
        differences(read_cells(NAME, dataset), {key: (figure, status) for key, figure in made().items()})
        == {}
    )


@pytest.mark.parametrize(
    ("dataset", "key", "figure"),
    [
        ("ice-statistics-detained", ("NOTICE_TO_APPEAR", "ADULT", "_T", "_T", DAY), 9_802),
        ("ice-statistics-detained", ("_T", "_T", "OTHER_VIOLATOR", "CBP", DAY), 3_918),
        ("ice-statistics-detained", ("_T", "_T", "_T", "_T", DAY), 16_075),
        ("ice-statistics-bookins", ("ICE", "_T", "_T", "2020-10"), 6_809),
        ("ice-statistics-bookins", ("_T", "FRC", "OTHER_VIOLATOR", "FY2021"), 46),
        ("ice-statistics-releases", ("BOND_IJ", "_T", "PENDING", "FY2021"), 526),
        ("ice-statistics-releases", ("_T", "FRC", "_T", "FY2021"), 403),
        ("ice-statistics-removals", ("FRC", "_T", "FY2021"), 129),
        ("ice-statistics-adp", ("CBP", "_T", "_T", "2020-10"), 629_490),
        ("ice-statistics-adp", ("_T", "_T", "FRC", "FY2021"), 28_625),
        ("ice-statistics-stay", ("ICE", "PENDING", "_T", "2020-11"), 5_431),
        ("ice-statistics-stay", ("_T", "_T", "ADULT", "FY2021"), 8_698),
        ("ice-statistics-atd", ("ECMS_FAMU", "_T", "_T", DAY), 948),
        ("ice-statistics-atd", ("_T", "SPM", "SMARTLINK", DAY), 911),
        ("ice-statistics-atd-length", ("_T", "WAS", "TR", DAY), 75_614),
    ],
)
def test_a_figure_picked_by_hand(dataset, key, figure):
    assert read_cells(NAME, dataset)[key][0] == figure


def test_the_zeros_of_months_that_had_not_come_are_no_figures():
    later = block(DETENTION, 20, ("_T", "CBP", "ICE"), "LMNOPQRSTU")
    assert set(later.values()) == {0}
    months = {
        key[-1] for dataset in EXPECTED for key in read_cells(NAME, dataset) if len(key[-1]) == len("2020-10")
    }
    assert months == {"2020-10", "2020-11"}


def test_without_a_day_the_one_that_the_footnotes_say_is_taken(standard):
    found = read_file(standard, NAME, content(NAME))
    assert found.stated == (snapshots()[NAME].as_of,)
    assert {name: len(o) for name, o in found.datasets.items()} == {
        name: len(o) for name, o in reading(NAME).datasets.items()
    }


def test_without_a_day_that_anybody_says_the_workbook_is_not_read(standard):
    source = standard.sources["ice-detention-statistics"]
    other = {**standard.sources, source.id: replace(source, stated="")}
    with pytest.raises(InputError, match="prints zero for months that have not come"):
        read_file(replace(standard, sources=other), NAME, content(NAME))


def test_the_average_of_the_year_to_date_is_that_of_its_days():
    # 31 days of October and 21 of November
    found = read_cells(NAME, "ice-statistics-adp")
    for key in [key for key in found if key[-1] == "FY2021"]:
        october, november = found[*key[:-1], "2020-10"][0], found[*key[:-1], "2020-11"][0]
        assert abs((31 * october + 21 * november) / 52 - found[key][0]) < 1.5, key


def test_the_average_of_the_year_to_date_lies_between_its_months():
    for dataset in ("ice-statistics-stay", "ice-statistics-adp"):
        found = read_cells(NAME, dataset)
        for agency in AGENCIES:
            months = [found[agency, "_T", "_T", time][0] for time in ("2020-10", "2020-11")]
            assert min(months) <= found[agency, "_T", "_T", "FY2021"][0] <= max(months)


def test_months_of_book_ins_add_up_to_the_year_to_date():
    found = read_cells(NAME, "ice-statistics-bookins")
    for agency in AGENCIES:
        months = [found[agency, "_T", "_T", time][0] for time in ("2020-10", "2020-11")]
        assert sum(months) == found[agency, "_T", "_T", "FY2021"][0]

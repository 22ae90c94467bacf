"""OHSS's monthly tables against a plain reading of the workbook: every figure of every sheet, and some by hand."""

import datetime
import functools
import io
import re
from collections import Counter

import openpyxl
import pytest
from test_archive_files import (
    codes_of,
    content,
    differences,
    of_source,
    plain,
    read_cells,
    reading,
    snapshots,
)

from borderstats import pipeline

NAME = "2024_1108_ohss_immigration-enforcement-and-legal-processes-tables-july-2024.xlsx"
MONTHS = ("October", "November", "December", "January", "February", "March", "April", "May", "June", "July",
          "August", "September")  # fmt: skip
# The columns under two header rows, from left to right
CRIMINALITY = ("_T", "CONVICTED", "AGGRAVATED_FELON", "FELON", "MISDEMEANOR", "CONVICTED_OTHER", "NON_CONVICTED",
               "PENDING", "OTHER_VIOLATOR")  # fmt: skip
TYPES = ("_T", "T8", "T8_ENFORCEMENT", "T42_EXPULSION", "REMOVAL", "EXPEDITED_REMOVAL", "REINSTATEMENT",
         "OTHER_REMOVAL", "ENFORCEMENT_RETURN", "WITHDRAWAL_ENFORCEMENT", "VOLUNTARY_RETURN",
         "VOLUNTARY_DEPARTURE", "OTHER_RETURN", "ADMINISTRATIVE_RETURN", "WITHDRAWAL_ADMINISTRATIVE",
         "CREW")  # fmt: skip
# By sheet: the dataset fed, the dimensions in its header rows, the codes of all its figures
SHEETS = {
    "CBP Encounter by Type + Region": ("ohss-encounters-type", ("encounter_class", "region"), {}),
    "SWB Encounters by Citizenship": ("ohss-encounters-southwest", ("component", "citizenship"), {}),
    "SWB Encounters by Family Status": ("ohss-encounters-southwest", ("component", "demographic"), {}),
    "SWB Enc by Sector+Field Ofc": ("ohss-encounters-southwest", ("component", "office"), {}),
    "SWB USBP": ("ohss-encounters-southwest", ("citizenship",), {"component": "USBP"}),
    "Nationwide USBP": ("ohss-encounters-nationwide", ("citizenship",), {"component": "USBP"}),
    "Nationwide OFO": ("ohss-encounters-nationwide", ("citizenship",), {"component": "OFO"}),
    "CBP One Appointments": ("ohss-cbp-one", ("citizenship",), {}),
    "CBP SWB Book-Outs by Agency": ("ohss-cbp-bookouts", ("component", "outcome"), {}),
    "CBP SWB Book-Outs by Family": ("ohss-cbp-bookouts", ("demographic", "outcome"), {}),
    "CBP SWB Book-Outs by Citp": ("ohss-cbp-bookouts", ("citizenship", "outcome"), {}),
    "ERO Arrests by Citizenship": ("ohss-ero-arrests", ("citizenship",), {}),
    "ERO Arrests by Criminality": ("ohss-ero-arrests", ("criminality",), {}),
    "ICE Book-Ins by Citizenship": ("ohss-ice-bookins", ("citizenship",), {}),
    "ICE Book-Ins by Criminality": ("ohss-ice-bookins", ("criminality",), {}),
    "ICE Book-Ins by Arrest Agency": ("ohss-ice-bookins", ("arresting_agency",), {}),
    "ICE Book-Outs by Criminality": ("ohss-ice-bookouts", ("criminality", "release_reason"), {}),
    "ICE Book-Outs by Arrest Agency": ("ohss-ice-bookouts", ("arresting_agency", "release_reason"), {}),
    "ICE ERO R&R by Citizenship": ("ohss-ero-removals-returns", ("citizenship",), {}),
    "ICE ERO R&R by Criminality": ("ohss-ero-removals-returns", ("criminality",), {}),
    "ICE ERO R&R by Arrest Agcy": ("ohss-ero-removals-returns", ("arresting_agency",), {}),
    "DHS Repats by Type": ("ohss-repatriations", ("repatriation_type",), {}),
    "DHS Removals by Criminality": (
        "ohss-repatriations",
        ("criminality",),
        {"repatriation_type": "REMOVAL"},
    ),
    "DHS Removals by Arrest Agcy": (
        "ohss-repatriations",
        ("arresting_agency",),
        {"repatriation_type": "REMOVAL"},
    ),
    "DHS Removals by Citizenship": ("ohss-repatriations", ("citizenship",), {"repatriation_type": "REMOVAL"}),
    "DHS Enf Returns by Citizenship": (
        "ohss-repatriations",
        ("citizenship",),
        {"repatriation_type": "ENFORCEMENT_RETURN"},
    ),
    "DHS Adm Returns by Citizens": (
        "ohss-repatriations",
        ("citizenship",),
        {"repatriation_type": "ADMINISTRATIVE_RETURN"},
    ),
    "SWB CF Filed by Citp": ("ohss-credible-fear-referrals", ("citizenship",), {"region": "SW"}),
    "SWB CF Completed by Result": ("ohss-credible-fear-decisions", ("fear_result",), {"region": "SW"}),
    "Nationwide CF Filed by Citp": ("ohss-credible-fear-referrals", ("citizenship",), {}),
    "Nationwide CF by Result": ("ohss-credible-fear-decisions", ("fear_result",), {}),
    "CHNV I-134": ("ohss-chnv-confirmed", ("citizenship",), {}),
    "CHNV Travel Authorization": ("ohss-chnv-authorizations", ("citizenship",), {}),
    "CHNV Paroles": ("ohss-chnv-paroles", ("citizenship",), {}),
}
DATASETS = sorted({dataset for dataset, _, _ in SHEETS.values()})


@functools.cache
def sheet(name):
    """A sheet's header labels, top row first, and its rows with figures: fiscal year, month, figures."""
    rows = list(book()[name].iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "Fiscal Year")
    above, tops = "", []
    for label in rows[start - 1][2:]:
        above = label or above
        tops.append(above)
    year, body = "", []
    for row in rows[start + 1 :]:
        year = row[0] or year
        if row[1]:
            body.append((str(year), row[1], row[2:]))
    return (tops, rows[start][2:]), body


@functools.cache
def book():
    return openpyxl.load_workbook(io.BytesIO(content(NAME)), read_only=True, data_only=True)


def code(concept, label, scope=""):
    """The code that a header label means, without the digits of its footnote."""
    folded = plain(re.sub(r"(?<=[^\d\s])\d$", "", (label or "").strip()))
    if not folded or folded.startswith("total"):
        return "_T"
    if concept == "citizenship" and "other" in folded:
        return "OHSS_OTHER_100" if "stateless" in folded else "OHSS_OTHER"
    codes = codes_of(concept)
    return codes[scope, folded] if scope else codes[folded]


def columns(name):
    """The codes of each column of figures of a sheet."""
    _, dimensions, constants = SHEETS[name]
    (tops, labels), _ = sheet(name)
    for place, (top, label) in enumerate(zip(tops, labels, strict=True)):
        if name.endswith("by Criminality") and len(labels) == len(CRIMINALITY):
            found = {"criminality": CRIMINALITY[place]}
        elif dimensions == ("repatriation_type",):
            found = {"repatriation_type": TYPES[place]}
        elif len(dimensions) == 1:
            found = {dimensions[0]: code(dimensions[0], label)}
        else:
            outer = code(dimensions[0], top)
            scope = outer if dimensions[1] == "office" and not label.startswith("Total") else ""
            found = {dimensions[0]: outer, dimensions[1]: code(dimensions[1], label, scope)}
        yield {**constants, **found}


def period(year, month):
    """A row's period in words."""
    fiscal = int(year.removesuffix(" YTD"))
    if month == "Total":
        return f"FY{fiscal}"
    number = (MONTHS.index(month) + 9) % 12 + 1
    return f"{fiscal - (number >= 10)}-{number:02d}"


def cells(name):
    """Every figure of a sheet: key in its dataset, and the value and status that it should have."""
    dataset = reading(NAME).datasets[SHEETS[name][0]].space.dataset
    keys = [tuple(codes.get(concept, "_T") for concept in dataset.concepts) for codes in columns(name)]
    for year, month, printed in sheet(name)[1]:
        status = "P" if year.endswith("YTD") else "A"
        for key, figure in zip(keys, printed, strict=True):
            cell = {"X": (0, "M"), "NA": (0, "L")}.get(figure, (figure, status))
            yield (*key, period(year, month)), cell


def test_every_sheet_but_the_contents_is_used():
    assert set(book().sheetnames) == {"TOC", *SHEETS}


@pytest.mark.slow
def test_the_figures_of_all_sheets_are_the_rows_read():
    assert sum(1 for name in SHEETS for _ in cells(name)) == reading(NAME).rows == 104_374


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_figure_of_every_sheet_comes_out_and_no_other(dataset):
    expected = {}
    for name, (fed, _, _) in SHEETS.items():
        if fed == dataset:
            expected.update(cells(name))
    assert differences(read_cells(NAME, dataset), expected) == {}


@pytest.mark.parametrize("name", SHEETS)
def test_the_sum_of_all_figures_of_a_sheet(name):
    expected = dict(cells(name))
    found = read_cells(NAME, SHEETS[name][0])
    printed = sum(figure for _, _, row in sheet(name)[1] for figure in row if isinstance(figure, int))
    assert sum(found[key][0] for key in expected) == printed > 0


@pytest.mark.parametrize(
    ("dataset", "key", "cell"),
    [
        ("ohss-encounters-type", ("_T", "_T", "FY2014"), (711_670, "A")),
        ("ohss-encounters-type", ("ENFORCEMENT", "_T", "FY2014"), (611_990, "A")),
        ("ohss-encounters-southwest", ("_T", "_T", "MEX", "_T", "2013-10"), (24_710, "A")),
        ("ohss-encounters-southwest", ("USBP", "_T", "_T", "_T", "2024-07"), (56_400, "P")),
        ("ohss-encounters-southwest", ("_T", "_T", "_T", "FMUA", "FY2014"), (67_060, "A")),
        ("ohss-encounters-southwest", ("_T", "_T", "_T", "AM", "FY2014"), (0, "L")),
        ("ohss-encounters-southwest", ("USBP", "SDC", "_T", "_T", "FY2014"), (29_910, "A")),
        ("ohss-encounters-southwest", ("OFO", "LAREDO", "_T", "_T", "2013-10"), (3_010, "A")),
        ("ohss-encounters-nationwide", ("OFO", "_T", "FY2014"), (125_340, "A")),
        ("ohss-encounters-nationwide", ("OFO", "OHSS_OTHER_100", "2013-11"), (230, "A")),
        ("ohss-cbp-one", ("MEX", "FY2023"), (58_770, "A")),
        ("ohss-cbp-one", ("_T", "2022-10"), (0, "M")),
        ("ohss-cbp-bookouts", ("_T", "_T", "_T", "TO_ICE", "FY2014"), (221_300, "A")),
        ("ohss-cbp-bookouts", ("_T", "_T", "_T", "T42_EXPULSION", "FY2014"), (0, "M")),
        ("ohss-ice-bookouts", ("_T", "_T", "REMOVAL", "FY2018"), (204_330, "A")),
        ("ohss-ero-removals-returns", ("MEX", "_T", "_T", "2024-07"), (8_060, "P")),
        ("ohss-ero-removals-returns", ("_T", "PENDING", "_T", "FY2014"), (0, "L")),
        ("ohss-ero-removals-returns", ("_T", "_T", "ICE", "2013-12"), (9_080, "A")),
        ("ohss-repatriations", ("EXPEDITED_REMOVAL", "_T", "_T", "_T", "FY2014"), (187_940, "A")),
        ("ohss-repatriations", ("REMOVAL", "MEX", "_T", "_T", "2024-07"), (12_200, "P")),
        ("ohss-credible-fear-referrals", ("SW", "MEX", "2024-07"), (980, "P")),
        ("ohss-credible-fear-decisions", ("_T", "POSITIVE", "2024-07"), (5_090, "P")),
        ("ohss-chnv-confirmed", ("HTI", "2022-10"), (0, "M")),
        ("ohss-chnv-authorizations", ("_T", "FY2023"), (268_890, "A")),
        ("ohss-chnv-paroles", ("VEN", "2022-12"), (5_130, "A")),
    ],
)
def test_a_cell_picked_by_hand(dataset, key, cell):
    assert read_cells(NAME, dataset)[key] == cell


def test_x_is_not_applicable_and_na_not_recorded():
    printed = Counter(figure for name in SHEETS for _, _, row in sheet(name)[1] for figure in row)
    assert (printed["X"], printed["NA"]) == (3_750, 1_274)
    found = Counter(status for dataset in DATASETS for _, status in read_cells(NAME, dataset).values())
    # Tables with outcomes print the row of all encounters, and its X, more than once
    assert (found["M"], found["L"]) == (3_346, 1_274)


def test_provisional_are_all_figures_of_fiscal_year_2024_and_no_others():
    for dataset in DATASETS:
        for key, (_, status) in read_cells(NAME, dataset).items():
            to_date = key[-1] == "FY2024" or "2023-10" <= key[-1] <= "2024-09"
            assert (status == "P") == (to_date and status not in ("M", "L")), key


@pytest.mark.slow
@pytest.mark.parametrize("name", of_source("ohss-monthly-tables"))
def test_a_dataset_stands_for_the_day_that_its_sheets_state_where_they_agree(name):
    """Found with openpyxl: the tables of CBP One and of CHNV are as of a later day than the others."""
    workbook = openpyxl.load_workbook(io.BytesIO(content(name)), read_only=True, data_only=True)
    days = {}
    for sheet_, (dataset, _, _) in SHEETS.items():
        (page,) = (one for one in workbook.worksheets if one.title.strip() == sheet_)
        texts = " ".join(str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell)
        said = re.findall(r"Data are current as of (\w+ \d+, \d{4})", texts)
        days.setdefault(dataset, set()).update(said or [""])
    expected = {
        dataset: datetime.datetime.strptime(said.pop(), "%B %d, %Y").date()  # noqa: DTZ007 - a day has no time zone
        for dataset, said in days.items()
        if len(said) == 1
    }
    vintages = pipeline.vintages_of(snapshots()[name], reading(name))
    found = {vintage.observations.space.dataset.id: vintage.as_of for vintage in vintages}
    assert found == {dataset: expected.get(dataset, snapshots()[name].as_of) for dataset in days}
    later = {dataset for dataset, day in found.items() if day > snapshots()[name].as_of}
    assert later == {"ohss-cbp-one", "ohss-chnv-confirmed", "ohss-chnv-authorizations", "ohss-chnv-paroles"}

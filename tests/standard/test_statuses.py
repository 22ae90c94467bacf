"""Statuses: under which there is a figure stands in the code list, and nowhere else."""

import csv
from pathlib import Path

import pytest

from borderstats.standard.load import load

CODELIST = Path(__file__).parents[2] / "standard/codelists/obs_status.csv"
ROWS = list(csv.DictReader(CODELIST.read_text("utf-8").splitlines()))
NATION = "sources/usbp-annual-nation.toml"
FILE = "codelists/obs_status.csv"


def places(**wanted):
    return tuple(n for n, row in enumerate(ROWS) if all(row[name] == text for name, text in wanted.items()))


def test_every_status_without_a_figure_is_known_as_such(standard):
    assert standard.statuses.without_figure == places(figure="no")
    assert standard.statuses.codes == tuple(row["code"] for row in ROWS)


def test_a_figure_that_is_not_told_is_one_that_could_be(standard):
    statuses = standard.statuses
    assert {*statuses.untold, statuses.not_applicable} == set(statuses.without_figure)
    assert statuses.not_applicable not in statuses.untold


@pytest.mark.parametrize("role", ["normal", "provisional", "not_applicable"])
def test_a_status_is_known_by_its_role(standard, role):
    assert (getattr(standard.statuses, role),) == places(role=role)


def test_a_status_added_to_the_list_is_known_by_what_it_says(copy):
    for code, figure in (("N", "no"), ("F", "yes"), ("S", "may")):
        copy.append(FILE, f"{code},New {code},Nuevo {code},{figure},,,,,,,,,,\n")
    statuses = load(copy.folder).statuses
    assert {statuses["N"]} == set(statuses.without_figure) - set(places(figure="no"))
    assert {statuses["N"]} == set(statuses.untold) - set(places(figure="no"))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("yes,normal", "yes,", "role normal: no status has it; exactly one status must have it"),
        ("E,Estimated,Estimado,yes,", "E,Estimated,Estimado,yes,normal", "role normal: A, E; exactly one status must have it"),
        ("no,not_applicable", "yes,not_applicable", "M: figure yes does not go with role not_applicable; make it no"),
        ("no,suppressed", "may,suppressed", "Q: figure may does not go with role suppressed; make it no"),
        ("yes,provisional", "no,provisional", "P: figure no does not go with role provisional; make it yes"),
    ],
)  # fmt: skip
def test_roles_that_do_not_fit(copy, old, new, line):
    copy.replace(FILE, old, new)
    assert copy.findings == [f"{FILE}: {line}"]


def test_a_status_that_does_not_say_whether_there_is_a_figure(copy):
    copy.replace(FILE, "E,Estimated,Estimado,yes", "E,Estimated,Estimado,")
    assert copy.findings == [f"{FILE}: line 5: the field 'figure' is missing"]


def test_no_other_code_says_whether_there_is_a_figure(copy):
    copy.replace("codelists/title.csv", "iso3166,note", "iso3166,figure")
    assert copy.findings[0].startswith("codelists/title.csv: line 1: no column 'figure'; known are ")


def test_a_status_of_missing_figures_that_does_not_exist(copy, standard):
    copy.append(NATION, 'missing = { D = "Z" }\n')
    statuses = ", ".join(sorted(standard.statuses.codes))
    assert copy.findings == [f"{NATION}: $.columns[1].missing: no status 'Z'; known are {statuses}"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["figure"] != "no"], ids=lambda row: row["code"])
def test_a_status_of_missing_figures_under_which_there_may_be_one(copy, row):
    copy.append(NATION, f'missing = {{ NA = "{row["code"]}" }}\n')
    without = ", ".join(other["code"] for other in ROWS if other["figure"] == "no")
    assert copy.findings == [
        f"{NATION}: $.columns[1].missing: {row['code']} is the status of a figure, and here there is none; name one of {without}"
    ]

"""`borderstats intake` and `diff` on files that feed two datasets, are lists, or hold amounts. All are hand-made."""

import csv

import openpyxl
import pytest

from borderstats.commands.diff import diff
from borderstats.commands.intake import intake
from borderstats.intake import archive as archives

HEADER = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA", "ADDENDUM"]


def agreement(state, agency, model, signed):
    return [state, agency, "County", "none", model, signed, "link", None]


LIST = [
    agreement("FLORIDA", "A Sheriff", "Task Force Model", "2025-03-01"),
    agreement("FLORIDA", "A Sheriff", "Jail Enforcement Model", "2025-03-05"),
    agreement("TEXAS", "B Police", "Task Force Model", "2025-02-01"),
]


@pytest.fixture
def made(tmp_path):
    """A function from rows to a list of agreements in a workbook."""

    def write(name, rows):
        book = openpyxl.Workbook()
        for row in (HEADER, *rows):
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def test_a_list_is_reported_by_dataset(run, made):
    output, error = run(intake, made("list.xlsx", LIST), "--as-of", "2025-03-10")
    assert error == ""
    assert output.splitlines() == [
        "list.xlsx: 287(g) participating agencies, U.S. Immigration and Customs Enforcement",
        "source: ice-287g, feeds ice-287g-agreements, ice-287g-agencies",
        "rows: 3 read = 3 accepted + 0 refused",
        "unknown codes: none",
        "dataset: ice-287g-agreements",
        "period: 2025-03-10 to 2025-03-10",
        "observations: 3, in agreements; its periods do not add up",
        "dataset: ice-287g-agencies",
        "period: 2025-03-10 to 2025-03-10",
        "observations: 2, in agencies; its periods do not add up",
        "compared: the archive has no file of ice-287g as of 2025-03-10 or earlier",
    ]


def test_a_row_is_refused_once_for_both_datasets(run, made):
    rows = [*LIST, agreement("ATLANTIS", "C Police", "Task Force Model", "2025-02-01")]
    output, error = run(intake, made("list.xlsx", rows), "--as-of", "2025-03-10", "--source", "ice-287g")
    assert output.splitlines()[2:4] == [
        "rows: 4 read = 3 accepted + 1 refused",
        "unknown codes: STATE 'ATLANTIS' (1 rows)",
    ]
    assert error == (
        "list.xlsx: sheet 'Sheet': row 5, column A 'STATE': unknown state 'ATLANTIS'; "
        "if it is right, add it to codelists/state.csv (never to an other)"
    )


def test_a_date_after_the_stated_one_refuses_its_row(run, made):
    _, error = run(intake, made("list.xlsx", LIST), "--as-of", "2025-03-04", "--source", "ice-287g")
    assert error == (
        "list.xlsx: sheet 'Sheet': row 3, column F 'SIGNED': 2025-03-05 is after 2025-03-04, "
        "the day for which the file is stated; one of the two is wrong; give the right day with --as-of, or fetch the file again"
    )


def test_a_list_without_a_stated_day_is_neither_reported_nor_added(run, made, archive):
    path = made("list.xlsx", LIST)
    before = archives.snapshots(archive)
    for options in ((), ("--add", "--obtained-from", "hand-made")):
        output, error = run(intake, path, *options)
        assert output == ""
        assert error == (
            "list.xlsx: the figures of ice-287g are those of the day for which the file is stated, and it does not say "
            "which; give the publisher's date with --as-of (the latest date inside is only the first day on which the "
            "list can have existed)"
        )
    assert archives.snapshots(archive) == before


def test_two_lists_are_compared_by_dataset(run, made, tmp_path):
    later = [*LIST[1:], agreement("TEXAS", "C Police", "Task Force Model", "2025-03-05")]
    files = made("first.xlsx", LIST), made("second.xlsx", later)
    output, error = run(diff, *files, "--csv", tmp_path / "out")
    assert error == ""
    lines = output.splitlines()
    assert [line for line in lines if line.startswith("ice-")] == [
        "ice-287g-agreements: first.xlsx (as-of date inferred: 2025-03-05) to second.xlsx (as-of date inferred: 2025-03-05)",
        "ice-287g-agencies: first.xlsx (as-of date inferred: 2025-03-05) to second.xlsx (as-of date inferred: 2025-03-05)",
    ]
    assert "  state=TX model_287g=TFM 2025-03-05: 1 to 2 (+1, changed)" in lines
    assert "  state=TX 2025-03-05: 1 to 2 (+1, changed)" in lines
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "ice-287g-agencies.csv",
        "ice-287g-agreements.csv",
    ]


CONTRACTS = (
    "Agency,Award ID,Recipient Name,Federal Action Obligation,Action Date,Modification,"
    "Product/Service Description,NAICS Description,Transaction Description\n"
)


def contract(amount):
    return f"CBP,1,nobody,{amount},2021-05-03,0,JANITORIAL SERVICES,none,cleaning\n"


def test_amounts_are_compared_in_their_own_unit(run, tmp_path):
    for name, amount in (("first.csv", "1500.25"), ("second.csv", "-0.50")):
        (tmp_path / name).write_text(CONTRACTS + contract(amount))
    output, error = run(diff, tmp_path / "first.csv", tmp_path / "second.csv", "--csv", tmp_path / "out")
    assert error == ""
    with (tmp_path / "out/contract-obligations.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert [float(row[name]) for name in ("old", "new", "delta")] == [1500.25, -0.5, -1500.75]
    assert output.splitlines()[-1].endswith("2021-05: 1,500.25 to -0.50 (-1,500.75, changed)")

"""Damage to the standard that once passed unseen, or ended in a traceback."""

import pytest

from borderstats.standard.load import load


def test_a_typo_in_a_codelist_of_a_used_concept(copy):  # S1: KeyError
    copy.replace("concepts.toml", 'codelist = "region"', 'codelist = "regoin"')
    assert copy.findings[0].startswith("concepts.toml: $.region.codelist: no code list 'regoin'")


@pytest.mark.parametrize("row", ['"T9,Title 9\n', '"T9"x,Title 9,,,,,,,,,,\n'])
def test_a_quote_too_many_in_a_csv(copy, row):  # S2: csv.Error
    copy.append("codelists/title.csv", row)
    assert copy.findings[0].startswith("codelists/title.csv: line ")


@pytest.mark.parametrize("name", ["month", "obs_status", "unit", "freq"])
def test_a_list_that_the_code_needs(copy, name):  # S3: loads, then KeyError at intake
    (copy.folder / f"codelists/{name}.csv").unlink()
    assert any(f"codelists/{name}.csv" in line for line in copy.findings)


def test_a_status_that_the_code_needs(copy):  # S3
    copy.replace("codelists/obs_status.csv", "yes,provisional,", "yes,,")
    assert copy.findings == [
        "codelists/obs_status.csv: role provisional: no status has it; exactly one status must have it"
    ]


def test_a_status_may_be_called_otherwise(copy):
    copy.replace("codelists/obs_status.csv", "P,Provisional,", "PP,Provisional,")
    statuses = load(copy.folder).statuses
    assert statuses.codes[statuses.provisional] == "PP"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sources/usbp-monthly-sector.toml", 'delimiter = "|"', 'delimiter = "||"'),
        ("sources/usbp-monthly-sector.toml", 'delimiter = "|"', 'delimiter = "~"'),
        ("sources/cbp-southwest.toml", 'format = "csv"', 'format = "csv"\nencoding = "klingon"'),
        ("datasets/usbp-apprehensions-nation.toml", "unit =", "rounding = 0\nunit ="),
        ("sources/cbp-southwest.toml", 'name = "Demographic"', 'name = "Component"'),
        ("codelists/month.csv", "\n1,January", "\nJ,January"),
        ("codelists/office.csv", ",SW,USBP", ",WEST,USBP"),
        ("codelists/office.csv", ",SW,USBP", ",SW,USBPX"),
    ],
)
def test_what_loads_today_and_breaks_intake_or_means_nothing(copy, file, old, new):  # S4
    copy.replace(file, old, new)
    assert copy.findings

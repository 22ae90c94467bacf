"""Each contradiction of protection.toml is told with its place."""

import pytest

FILE = "protection.toml"
AT = f"{FILE}: $.protections[0]"

ONE = {
    "a table that is none": (
        '"encounters-office"',
        '"encounters-offices"',
        f"{AT}.tables: no table 'encounters-offices'; known are ",
    ),
    "a source that is none": (
        'source = "records-encounters"',
        'source = "records"',
        f"{AT}.source: no source 'records'; known are ",
    ),
    "no table": (
        'tables = ["encounters-office", "encounters-citizenship", "encounters-demographic"]',
        "tables = []",
        f"{AT}.tables: name at least one table",
    ),
    "a table that does not add up": (
        '"encounters-office"',
        '"persons-year"',
        f"{AT}.tables: persons-year is no plain count of records, whose cells add up; it cannot be protected",
    ),
    "a table of other records": (
        '"encounters-office"',
        '"unaccompanied-children"',
        f"{AT}.tables: encounters-citizenship is of other records than unaccompanied-children",
    ),
    "a dimension too many": (
        '"encounters-office"',
        '"encounters-office", "encounters-authority"',
        f"{AT}.tables: encounter_type must be a dimension of the tables and of records-encounters",
    ),
    "a method that needs record keys": (
        "threshold = 5\n",
        'threshold = 5\nmethod = "cell-key"\n',
        f"{AT}.method: noise by cell key needs the keys of single records",
    ),
    "a threshold of one": ("threshold = 5\n", "threshold = 1\n", f"{AT}.threshold: at least 2"),
    "a stricter threshold that is not": ("threshold = 10", "threshold = 5", f"{AT}.stricter: threshold 5"),
    "a code that is none": (
        'codes = ["UC", "AM"]',
        'codes = ["KIDS"]',
        f"{AT}.stricter: no code 'KIDS' in codelists/demographic.csv",
    ),
    "a dimension that is none": (
        'dimension = "demographic"',
        'dimension = "age"',
        f"{AT}.attribute, stricter: 'age' is no dimension; they are citizenship, ",
    ),
    "a level that is none": (
        'first = [["component", "region", "month"]]',
        'first = [["week"]]',
        f"{AT}.first: 'week' is none of citizenship, component",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), ONE.values(), ids=ONE)
def test_what_contradicts_is_reported(copy, old, new, message):
    copy.replace(FILE, old, new)
    assert any(line.startswith(message) for line in copy.findings), copy.findings

"""The account of change as the catalogues describe it: valid to their tools, and of the types that they say."""

import csv
import json

import pytest
from csvw import CSVW
from frictionless import Package as DataPackage

from borderstats.formats import csvw, datapackage
from borderstats.package import account
from small_office import NEWER, OLDER, change, put_aside


@pytest.fixture
def release(office):
    """A release in which two labels are exchanged, a file is gone and another one has come."""
    folder, build = office
    back = put_aside(folder, NEWER)
    first = build()
    back()
    put_aside(folder, OLDER)
    change(
        folder / "standard/codelists/port.csv",
        ("Sunhaven", "?"), ("Westmole", "Sunhaven"), ("?", "Westmole"),
    )  # fmt: skip
    return build(first, "The labels had been exchanged.", formats=True)


def test_the_account_is_a_table_of_the_release_like_every_other(release):
    with (release / account.CELLS).open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert {(row["by"], row["kind"]) for row in written} == {
        ("us", "withdrawn"), ("us", "standard"), ("publisher", "added"),
    }  # fmt: skip
    found = DataPackage(str(release / datapackage.NAME))
    resource = found.get_resource("account")
    report = resource.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
    descriptor = json.loads((release / datapackage.NAME).read_text())
    (one,) = (one for one in descriptor["resources"] if one["path"] == account.CELLS)
    assert (one["bytes"], [field["name"] for field in one["schema"]["fields"]]) == (
        *((release / account.CELLS).stat().st_size, account.COLUMNS.names),
    )
    read = CSVW(str(release / csvw.name("account")), validate=True)
    assert read.is_valid, [str(one.message) for one in read.warnings]
    rows = CSVW(str(release / csvw.name("account"))).to_json(minimal=True)
    assert len(rows) == len(written) > 0
    for row, text in zip(rows, written, strict=True):
        assert row["counted"] is (text["counted"] == "true")
        for name in ("old", "new", "delta"):
            assert row.get(name) == (float(text[name]) if text[name] else None)


def test_a_table_that_is_not_what_is_said_of_it_is_found(release, tmp_path):
    descriptor = json.loads((release / datapackage.NAME).read_text())
    resource = next(one for one in descriptor["resources"] if one["name"] == "account")
    (tmp_path / account.CELLS).write_text((release / account.CELLS).read_text().replace("true", "maybe", 1))
    (tmp_path / "datapackage.json").write_text(json.dumps({**descriptor, "resources": [resource]}))
    report = DataPackage(str(tmp_path / "datapackage.json")).validate()
    assert "type-error" in {kind for (kind,) in report.flatten(["type"])}


@pytest.mark.slow
def test_a_first_release_describes_no_account(office):
    _, build = office
    first = build(formats=True)
    assert not (first / csvw.name("account")).exists()
    assert "account" not in {
        one["name"] for one in json.loads((first / datapackage.NAME).read_text())["resources"]
    }

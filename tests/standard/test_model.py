"""Codes and code lists: when a code is valid, and what a publisher's label means."""

import datetime

import pytest

from borderstats import periods
from borderstats.standard.codelists import Code, CodeList
from borderstats.standard.struct import fold
from calendars import FEDERAL

EIGHT = ["Buffalo", "Detroit", "El Paso", "Laredo", "Miami", "New Orleans", "San Diego", "Tucson"]
"""Names that a sector and a field office share."""


@pytest.mark.parametrize(
    ("period", "valid"),
    [
        ("2020-02", False),
        ("2020-03", True),
        ("2023-05", True),
        ("2023-06", False),
        ("FY2019", False),
        ("FY2020", True),
        ("FY2023", True),
        ("FY2024", False),
    ],
)
def test_title_42_is_valid_in_every_period_that_has_a_day_of_it(standard, period, valid):
    assert standard.codelists["title"]["T42"].valid_in(FEDERAL.days(periods.parse(period))) is valid


@pytest.mark.parametrize(
    ("first", "last", "period", "valid"),
    [
        (None, None, "1925-01", True),
        ("2020-03-31", None, "2020-03", True),
        ("2020-04-01", None, "2020-03", False),
        (None, "2020-03-01", "2020-03", True),
        (None, "2020-02-29", "2020-03", False),
        (None, "2020-02-29", "2020-02", True),
        ("2019-10-01", "2019-10-01", "FY2020", True),
        ("2020-09-30", "2020-09-30", "FY2020", True),
        ("2020-10-01", None, "FY2020", False),
        (None, "2019-09-30", "FY2020", False),
        ("2020-03-10", "2020-03-20", "2020-03", True),
    ],
)
def test_the_edges_of_validity(first, last, period, valid):
    day = datetime.date.fromisoformat
    code = Code("X", "x", "x", valid_from=first and day(first), valid_to=last and day(last))
    assert code.valid_in(FEDERAL.days(periods.parse(period))) is valid


def test_the_closed_sector_is_valid_to_the_end_of_fy2005(standard):
    livermore = standard.codelists["office"]["USBP.LVM"]
    assert livermore.valid_in(FEDERAL.days(periods.parse("2005-09")))
    assert not livermore.valid_in(FEDERAL.days(periods.parse("2005-10")))


@pytest.mark.parametrize("name", EIGHT)
def test_a_name_that_a_sector_and_a_field_office_share_is_told_apart_by_component(standard, name):
    offices = standard.codelists["office"]
    for component, kind in (("USBP", "Sector"), ("OFO", "Field Office")):
        place = offices.find(f"{name} {kind}", component)
        assert offices.codes[place].scope == component
        assert offices.codes[place].label_en == f"{name} {kind}"
    sector = offices.codes[offices.find(name, "USBP")]
    assert (sector.scope, sector.label_en) == ("USBP", f"{name} Sector")
    field_office = offices.find(name, "OFO")
    assert field_office is not None
    assert offices.codes[field_office].scope == "OFO"


@pytest.mark.parametrize("name", EIGHT)
def test_no_office_is_found_without_its_component(standard, name):
    offices = standard.codelists["office"]
    assert offices.find(name) is None
    assert offices.find(f"{name} Sector", "OFO") is None
    assert offices.find(f"{name} Field Office", "USBP") is None


def test_the_total_and_the_unknown_are_found_in_every_scope(standard):
    offices = standard.codelists["office"]
    assert {offices.codes[offices.find("Total", scope)].code for scope in ("", "USBP", "OFO")} == {"_T"}
    assert {offices.codes[offices.find("Unknown", scope)].code for scope in ("", "USBP", "OFO")} == {"_U"}


@pytest.mark.parametrize(
    ("codelist", "label", "code"),
    [
        ("citizenship", "CHINA, PEOPLES REPUBLIC OF", "CHN"),
        ("citizenship", "CHINA", "CHN"),
        ("citizenship", "MEXICO", "MEX"),
        ("citizenship", "  el   salvador ", "SLV"),
        ("demographic", "UC / Single Minors", "UC"),
        ("demographic", "Unaccompanied Children", "UC"),
        ("demographic", "FMUA", "FMUA"),
        ("region", "Southwest Land Border", "SW"),
        ("region", "Coastal Border", "COASTAL"),
        ("month", "01 October", "10"),
        ("month", "SEP", "9"),
    ],
)
def test_what_a_publishers_label_means(standard, codelist, label, code):
    codes = standard.codelists[codelist]
    assert codes.codes[codes.find(label)].code == code


@pytest.mark.parametrize(
    "label", ["Other", "OTHER", "Others", "All others", "Rest of world", "", "Ruritania"]
)
def test_no_citizenship_is_guessed(standard, label):
    assert standard.codelists["citizenship"].find(label) is None


def test_every_label_of_every_list_finds_the_code_that_has_it(standard):
    for codelist in standard.codelists.values():
        for place, code in enumerate(codelist.codes):
            for label in (code.code, code.label_en, *code.aliases, code.label_en.upper()):
                assert codelist.find(label, code.scope) == place, (codelist.id, code.id, label)


def test_no_label_of_a_scope_is_hidden_behind_one_without(standard):
    for codelist in standard.codelists.values():
        plain = {label for scope, label in codelist.labels if not scope}
        scoped = {label for scope, label in codelist.labels if scope}
        assert not plain & scoped, codelist.id


def test_a_code_is_found_by_its_id():
    codes = CodeList("made", (Code("A", "a", "a"), Code("A", "a", "a", scope="S")))
    assert codes.numbers == {"A": 0, "S.A": 1}
    assert codes["S.A"].scope == "S"
    with pytest.raises(KeyError):
        codes["S.B"]


def test_a_label_is_compared_without_case_and_white_space():
    assert fold(" Southwest \n LAND\tBorder ") == "southwest land border"


def test_a_frozen_value_cannot_be_changed(standard):
    with pytest.raises(AttributeError):
        standard.hash = "x"

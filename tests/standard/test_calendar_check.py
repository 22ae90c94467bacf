"""Slips in the rules of the fiscal year are told with their place."""

import pytest

from borderstats import periods
from borderstats.standard.load import load

RULES = """[[fiscal_years]]
month = {}

[[fiscal_years]]
month = {}
since = {}
"""


@pytest.mark.parametrize(
    ("written", "finding"),
    [
        (
            "[[fiscal_years]]\nmonth = 13\n",
            "calendar.toml: $.fiscal_years[0].month: expected `int` <= 12",
        ),
        (
            'named_by = "middle"\n',
            "calendar.toml: $.named_by: 'middle' is none of end, start",
        ),
        (
            "fiscal_year = []\n",
            "calendar.toml: $: no field 'fiscal_year'; known are named_by, fiscal_years",
        ),
        (
            "[[fiscal_years]]\nmonth = 4\nsince = 1950\n",
            "calendar.toml: $.fiscal_years[0].since: the first rule holds for all years before the second; leave it out",
        ),
        (
            '[[fiscal_years]]\nmonth = 4\ntransition = ["tq"]\n',
            "calendar.toml: $.fiscal_years[0].transition: no rule comes before the first; leave it out",
        ),
        (
            RULES.format(7, 10, 0),
            "calendar.toml: $.fiscal_years[1].since: give the first fiscal year under this rule, a year like 1977",
        ),
        (
            RULES.format(7, 10, 1977) + "[[fiscal_years]]\nmonth = 1\nsince = 1977\n",
            "calendar.toml: $.fiscal_years[2].since: 1977 is not after 1977; rules stand in the order of time",
        ),
        (
            RULES.format(7, 11, 1977) + 'transition = ["tq"]\n',
            (
                "calendar.toml: $.fiscal_years: transition 'tq': what lies between the two rules is neither a month nor a "
                "calendar quarter, so no figure can be of it; leave it out"
            ),
        ),
        (
            RULES.format(7, 10, 1977) + 'transition = ["TQ", "tq"]\n',
            "calendar.toml: $.fiscal_years: transition 'tq' stands there twice; it means one time",
        ),
    ],
)
def test_a_slip_is_one_line(copy, written, finding):
    copy.write("calendar.toml", written)
    assert copy.findings[0] == finding


def test_a_calendar_with_a_rule_that_cuts_a_year_short(copy):
    copy.write("calendar.toml", RULES.format(10, 7, 1990))
    calendar = load(copy.folder).calendar
    assert [len(calendar.parts(periods.fiscal(year), "month")) for year in (1988, 1989, 1990)] == [12, 9, 12]


# sources and the calendar


NATION, SECTOR = "sources/usbp-annual-nation.toml", "sources/usbp-monthly-sector.toml"


def test_an_office_without_a_fiscal_year_has_no_columns_of_fiscal_years(copy):
    (copy.folder / "calendar.toml").unlink()
    said = 'calendar.toml does not say when a fiscal year begins; calendar years have role = "year"'
    findings = copy.findings
    assert f"{NATION}: {said}" in findings
    assert (
        "tables/persons-year.toml: $.every: calendar.toml does not say when a fiscal year begins" in findings
    )


def test_a_dataset_has_years_of_one_kind(copy):
    copy.replace(NATION, 'role = "fiscal_year"', 'role = "year"')
    written = (copy.folder / NATION).read_text().replace('role = "year"', 'role = "fiscal_year"')
    other = copy.folder / "sources/usbp-annual-again.toml"
    other.write_text(written.replace('id = "usbp-annual-nation"', 'id = "usbp-annual-again"'))
    assert (
        "datasets/usbp-apprehensions-nation.toml: sources/usbp-annual-again.toml gives it fiscal years and "
        "sources/usbp-annual-nation.toml calendar years; both have the frequency A, so they would be one series: make two datasets"
    ) in copy.findings


@pytest.mark.parametrize(("role", "code"), [("week", "W"), ("quarter", "")])
def test_a_frequency_needs_its_code(copy, role, code):
    copy.replace(NATION, 'role = "fiscal_year"', f'role = "{role}"')
    missing = [f"codelists/freq.csv: the code {code} is missing; {NATION} gives such periods"] if code else []
    if missing:
        assert copy.findings == missing
    else:
        assert load(copy.folder).sources["usbp-annual-nation"].columns[0].role == role


def test_months_beside_calendar_years_without_a_label_of_the_whole_give_no_years(copy):
    """The months of another office's calendar years can stand in a dataset with fiscal years."""
    copy.replace(SECTOR, 'role = "fiscal_year"', 'role = "year"')
    assert load(copy.folder).calendar.rules

"""What a bad file gets: one test for each kind, with the whole text that its reader sees. All files are hand-made."""

import pytest
from handmade import (
    MONTHLY,
    SECTOR,
    SOURCES,
    SOUTHWEST,
    STATE,
    error,
    figures,
    monthly_row,
    refusals,
    southwest_row,
    state_row,
    text,
)

GOOD = "region=SW state=TX demographic=SA citizenship=MEX title=T8 2022-10"


def unknown_file(what, name="made.csv"):
    return f"{name}: no source in the standard reads this file: {what}. Known sources: {SOURCES}. See docs/add-a-source.md"


def test_a_good_file_is_read_whole(standard):
    assert figures(standard, text(STATE, state_row())) == {GOOD: (7, "A")}


# Columns


def test_a_renamed_column(standard):
    data = text(STATE.replace("Citizenship", "Citizenships"), state_row())
    assert error(standard, data, source="cbp-nationwide-state") == (
        "made.csv: row 1: column 7: 'Citizenships' is probably 'Citizenship' renamed; if it means the same, "
        "rename it in sources/cbp-nationwide-state.toml"
    )


def test_a_missing_column(standard):
    data = text(STATE.replace("State,", ""), state_row().replace("TX,", ""))
    assert error(standard, data, source="cbp-nationwide-state") == (
        "made.csv: row 1: column 'State' is missing; cbp-nationwide-state cannot be read without it"
    )


def test_an_extra_column(standard):
    data = text(STATE + ",Port of Entry", state_row() + ",Hidalgo")
    assert error(standard, data, source="cbp-nationwide-state") == (
        "made.csv: row 1: column 10: 'Port of Entry' is not known to cbp-nationwide-state; "
        "describe it in sources/cbp-nationwide-state.toml"
    )


def test_a_delimiter_too_many_on_every_line_makes_no_column(standard):
    plain = figures(standard, text(STATE, state_row()))
    assert figures(standard, text(STATE + ",", state_row() + ",")) == plain
    assert figures(standard, text(STATE, state_row() + ",,")) == plain


def test_a_cell_in_a_column_without_a_name(standard):
    data = text(STATE + ",", state_row() + ",", state_row(state="CA") + ",9")
    assert error(standard, data) == (
        "made.csv: row 3, column 10: '9' stands in a column that has no name; compare it with the publisher's own file"
    )


@pytest.mark.parametrize("copy", ["State", "STATE", " State "])
def test_a_duplicated_column(standard, copy):
    data = text(f"{STATE},{copy}", state_row() + ",TX")
    assert error(standard, data, source="cbp-nationwide-state") == (
        "made.csv: row 1: column 'State' stands there 2 times; delete the copy or fetch the file again"
    )


def test_every_wrong_column_gets_a_line_of_its_own(standard):
    data = text(STATE.replace("State,", "").replace("Citizenship", "Citizenships") + ",Port", state_row())
    assert error(standard, data, source="cbp-nationwide-state").splitlines() == [
        "made.csv: row 1: column 'State' is missing; cbp-nationwide-state cannot be read without it",
        (
            "made.csv: row 1: column 6: 'Citizenships' is probably 'Citizenship' renamed; if it means the same, "
            "rename it in sources/cbp-nationwide-state.toml"
        ),
        (
            "made.csv: row 1: column 9: 'Port' is not known to cbp-nationwide-state; "
            "describe it in sources/cbp-nationwide-state.toml"
        ),
    ]


# Labels


@pytest.mark.parametrize(
    ("cell", "column", "concept", "codelist"),
    [
        ({"region": "Eastern Land Border"}, "Land Border Region", "region", "region"),
        ({"state": "ZZ"}, "State", "state", "state"),
        ({"demographic": "Grandparents"}, "Demographic", "demographic", "demographic"),
        ({"citizenship": "RURITANIA"}, "Citizenship", "citizenship", "citizenship"),
        ({"title": "Title 50"}, "Title of Authority", "title", "title"),
    ],
)
def test_an_unknown_label_is_refused_and_never_becomes_an_other(standard, cell, column, concept, codelist):
    data = text(STATE, state_row(), state_row(**{"state": "CA", **cell}))
    label = next(iter(cell.values()))
    assert refusals(standard, data) == [
        (
            f"made.csv: row 3, column '{column}': unknown {concept} '{label}'; "
            f"if it is right, add it to codelists/{codelist}.csv (never to an other)"
        )
    ]
    assert figures(standard, data) == {GOOD: (7, "A")}


def test_an_unknown_component(standard):
    data = text(SOUTHWEST, southwest_row(component="Coast Guard"))
    assert refusals(standard, data) == [
        (
            "made.csv: row 2, column 'Component': unknown component 'Coast Guard'; "
            "if it is right, add it to codelists/component.csv (never to an other)"
        )
    ]


def test_an_unknown_citizenship_in_the_southwest_file_is_not_taken_for_its_other(standard):
    data = text(SOUTHWEST, southwest_row(citizenship="Others"))
    assert refusals(standard, data) == [
        (
            "made.csv: row 2, column 'Citizenship Grouping': unknown citizenship 'Others'; "
            "if it is right, add it to codelists/citizenship.csv (never to an other)"
        )
    ]


def test_the_two_publishers_others_are_two_codes(standard):
    assert list(figures(standard, text(STATE, state_row(citizenship="OTHER")))) == [
        "region=SW state=TX demographic=SA citizenship=O21 title=T8 2022-10"
    ]
    assert list(figures(standard, text(SOUTHWEST, southwest_row(citizenship="Other")))) == [
        "region=SW component=USBP demographic=SA citizenship=O4 title=T8 encounter_type=APP 2022-10"
    ]


def test_an_unknown_sector(standard):
    assert refusals(standard, text(SECTOR, "atlantis,2019,5")) == [
        (
            "made.csv: row 2, column 'sector': unknown office 'atlantis'; "
            "if it is right, add it to codelists/office.csv (never to an other)"
        )
    ]


def test_a_field_office_is_no_sector(standard):
    assert refusals(standard, text(SECTOR, "Atlanta Field Office,2019,5")) == [
        (
            "made.csv: row 2, column 'sector': unknown office 'Atlanta Field Office'; "
            "if it is right, add it to codelists/office.csv (never to an other)"
        )
    ]


@pytest.mark.parametrize(
    ("cell", "column", "concept"),
    [({"state": ""}, "State", "state"), ({"citizenship": "  "}, "Citizenship", "citizenship")],
)
def test_a_blank_label_is_not_the_unknown(standard, cell, column, concept):
    assert refusals(standard, text(STATE, state_row(**cell))) == [
        f"made.csv: row 2, column '{column}': {concept} is blank; a blank is not _U, ask the publisher"
    ]


def test_an_unknown_month(standard):
    assert refusals(standard, text(STATE, state_row(month="OKT"))) == [
        "made.csv: row 2, column 'Month (abbv)': unknown month 'OKT'"
    ]


def test_an_unknown_month_grouping(standard):
    assert refusals(standard, text(STATE, state_row(grouping="Rest"))) == [
        "made.csv: row 2, column 'Month Grouping': unknown label 'Rest'; known are FYTD, Remaining"
    ]


# Counts


@pytest.mark.parametrize(
    ("count", "reason"),
    [
        ("7.5", "the count 7.5 is a fraction; events come whole"),
        ("-7", "the count -7 is negative; events cannot be fewer than none"),
        ("", "the count is blank; a blank is neither zero nor a figure"),
        ("  ", "the count is blank; a blank is neither zero nor a figure"),
        ("seven", "the count 'seven' is not a number"),
        ("NaN", "the count 'NaN' is not a number"),
        ("1e3", "the count '1e3' is not a number"),
        ("+5", "the count '+5' is not a number"),
        ("0x10", "the count '0x10' is not a number"),
        ("1_000", "the count '1_000' is not a number"),
        ("12.", "the count '12.' is not a number"),
        ("１２", "the count '１２' is not a number"),  # noqa: RUF001 - full-width digits are the point
        ("٣", "the count '٣' is not a number"),
        ("7\0", "the count '7\\x00' is not a number"),
        ("9999999999999999999", "the count 9999999999999999999 is too large to be one"),
        (
            '"1,234"',
            (
                "the count '1,234' is written in a form that is not declared; if it means 1234, "
                'add `thousands = ","` to the column in the source\'s file, or above all columns'
            ),
        ),
        (
            "9584.0",
            "the count 9584.0 is written with decimals; if the publisher does so, declare whole_decimals for the source",
        ),
    ],
)
def test_a_count_that_is_none(standard, count, reason):
    data = text(STATE, state_row(), state_row(state="CA", count=count))
    assert refusals(standard, data) == [f"made.csv: row 3, column 'Encounter Count': {reason}"]
    assert figures(standard, data) == {GOOD: (7, "A")}


def test_thousands_separators_without_quotes_are_a_cell_too_many(standard):
    assert refusals(standard, text(STATE, state_row(count="1,234"))) == [
        "made.csv: row 2: the row has 10 cells, the header 9; a delimiter or quote is lost or too many"
    ]


def test_whole_numbers_with_decimals_where_the_source_declares_them(standard):
    data = text(SOUTHWEST, southwest_row(count="9584.0"))
    assert refusals(standard, data) == []
    assert [value for value, _ in figures(standard, data).values()] == [9584]


def test_a_fraction_where_the_source_declares_decimals(standard):
    assert refusals(standard, text(SOUTHWEST, southwest_row(count="9584.5"))) == [
        "made.csv: row 2, column 'Encounter Count': the count 9584.5 is a fraction; events come whole"
    ]


def test_one_bad_count_in_a_wide_row_refuses_the_whole_row(standard):
    data = text(
        MONTHLY,
        monthly_row(yuma="3"),
        monthly_row(month="11", yuma="4", tucson="n/a"),
    )
    assert refusals(standard, data) == ["made.csv: row 3, column 'tucson': the count 'n/a' is not a number"]
    assert {key.split()[-1] for key in figures(standard, data)} == {"1999-10"}


# Keys


@pytest.mark.parametrize("count", ["7", "8"])
def test_a_duplicated_key_refuses_every_row_of_it(standard, count):
    data = text(STATE, state_row(), state_row(state="CA"), state_row(count=count))
    also = "stands there more than once (also in row {}); which is right cannot be told"
    assert refusals(standard, data) == [
        f"made.csv: row 2: {GOOD} {also.format(4)}",
        f"made.csv: row 4: {GOOD} {also.format(2)}",
    ]
    assert list(figures(standard, data)) == [GOOD.replace("TX", "CA")]


def test_two_labels_of_one_code_are_one_key(standard):
    data = text(STATE, state_row(citizenship="CHINA"), state_row(citizenship='"CHINA, PEOPLES REPUBLIC OF"'))
    assert len(refusals(standard, data)) == 2


@pytest.mark.parametrize("label", ["Total", "Grand Total", "TOTAL", "All", "_T"])
def test_a_total_row_among_the_data(standard, label):
    data = text(STATE, state_row(), state_row(state=label, count="7"))
    assert refusals(standard, data) == [
        (
            f"made.csv: row 3, column 'State': '{label}' is a total row among the data; "
            "take it out or declare it in sources/cbp-nationwide-state.toml"
        )
    ]
    assert figures(standard, data) == {GOOD: (7, "A")}


def test_a_total_line_at_the_end(standard):
    data = text(STATE, state_row(), "Grand Total,FYTD,,,,,,,7")
    assert refusals(standard, data) == ["made.csv: row 3, column 'Fiscal Year': 'Grand Total' is not a year"]


def test_a_total_where_the_source_declares_it_is_a_published_total(standard):
    data = text(SECTOR, "yuma,2019,5", "southwest border,2019,5")
    assert figures(standard, data) == {
        "component=USBP region=SW office=YUM FY2019": (5, "A"),
        "component=USBP region=SW FY2019": (5, "A"),
    }


def test_a_quarter_that_repeats_another_quarters_figures(standard):
    states = ["TX", "CA", "AZ", "NM", "FL", "NY", "WA", "MT", "ME", "VT", "ND", "MN"]
    rows = [
        state_row(month=month, state=state, count=str(10 + number))
        for month in ("OCT", "JAN")
        for number, state in enumerate(states)
    ]
    data = text(STATE, *rows)
    assert refusals(standard, data) == [
        f"made.csv: row {row}: 2023-01 to 2023-03 repeats every figure of 2022-10 to 2022-12; "
        "the publisher probably put the wrong quarter in. Ask for the right one"
        for row in range(14, 26)
    ]
    assert {key.split()[-1] for key in figures(standard, data)} == {"2022-10"}


def test_a_quarter_with_one_other_figure_is_no_repetition(standard):
    states = ["TX", "CA", "AZ", "NM", "FL", "NY", "WA", "MT", "ME", "VT", "ND", "MN"]
    rows = [
        state_row(month=month, state=state, count=str(10 + number + (month == "JAN" and state == "MN")))
        for month in ("OCT", "JAN")
        for number, state in enumerate(states)
    ]
    assert refusals(standard, text(STATE, *rows)) == []

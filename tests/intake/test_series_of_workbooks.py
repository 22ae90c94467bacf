"""What a source can say of a series of workbooks, whose sheets, titles and tables change from one edition to the next."""

import datetime

import pytest
from small import book, cells, reading, refusals, standard_of
from test_hostile_sheets import said, stopped, table

from borderstats.errors import InputError
from borderstats.intake.read import read_file
from borderstats.intake.wildcards import fits, wildcard

COUNTRY = '\n[[columns]]\nname = "Country"\nrole = "dimension"\nconcept = "citizenship"\n'
AGENCY = '\n[[columns]]\nname = "agency"\nrole = "dimension"\nconcept = "agency"\n'
YEAR = '\n[[columns]]\nname = "year"\nrole = "fiscal_year"\n'
FIGURE = '\n[[columns]]\nname = "figure"\nrole = "figure"\nzero = [""]\n'
DAY = datetime.date(2020, 10, 15)
BLOCK = {"sheet": "Data *FY??*", "columns": ["Country"], "across": ["agency"], "figures": "figure"}


def of(*columns, top="", **fields):
    written = {**BLOCK, **fields}
    lines = [
        f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        for name, value in written.items()
    ]
    block = "\n[[tables]]\nkind = 'block'\n" + "\n".join(lines) + "\n"
    return standard_of(said(*(columns or (COUNTRY, AGENCY, YEAR, FIGURE)), block, top=top))


def sheet(*rows, title="Events: FY2020"):
    return [[title], ["Country", "OFO"], *rows]


TITLED = of(title="Events*:", title_as="year")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("Data FY??", "Data FY21", "21"),
        ("Data *FY??*", "data  EOFY2021 ", "20"),
        ("*ICLOS*", " ICLOS and Detainees", ""),
        ("Data FY??", "Data FY2021", None),
        ("Data (1)", "Data (1)", ""),
        ("Data.", "Data!", None),
    ],
)
def test_a_wildcard_stands_for_what_it_says_and_nothing_else(pattern, text, found):
    assert fits(pattern, text) == found


def test_the_rest_of_a_title_is_what_stands_behind_it():
    found = wildcard("ICE * Book-Ins by *Criminality:").match(
        "ICE Initial Book-Ins by Facility and Criminality: FY2021"
    )
    assert found.string[found.end() :] == " FY2021"


@pytest.mark.parametrize(
    ("title", "period"),
    [("Events: FY2020", "FY2020"), ("Events by agency: FY20", "FY2020"), ("EVENTS : 2021", "FY2021")],
)
def test_the_year_is_taken_from_the_rest_of_a_title_that_changes(title, period):
    found = reading(TITLED, book(**{"Data FY20": sheet(["Mexico", 5], title=title)}))
    assert cells(found.observations) == {f"citizenship=MEX agency=OFO {period}": (5, "A")}


def test_a_year_that_is_over_can_be_marked():
    final = of(COUNTRY, AGENCY, YEAR + 'final_mark = "EO"\n', FIGURE, title="Events:", title_as="year")
    data = book(**{"Data EOFY20": sheet(["Mexico", 5], title="Events: EOFY2020")})
    assert "citizenship=MEX agency=OFO FY2020" in cells(reading(final, data).observations)
    assert refusals(TITLED, data) != []


def test_of_several_sheets_that_of_the_newest_year_is_meant():
    other = of(title="Events:", title_as="year", top='other_sheets = { "Data EOFY??" = "an earlier year" }')
    data = book(**{"Data EOFY19": sheet(["Mexico", 9]), "Data FY20 YTD": sheet(["Mexico", 5])})
    assert list(cells(reading(other, data).observations).values()) == [(5, "A")]


def test_sheets_of_two_years_are_of_two_editions():
    second = table(
        sheet="More FY??",
        columns=["Country"],
        across=["agency"],
        figures="figure",
        title="Events:",
        title_as="year",
    )
    standard = standard_of(
        said(COUNTRY, AGENCY, YEAR, FIGURE, table(**BLOCK, title="Events:", title_as="year"), second)
    )
    right = book(**{"Data FY20": sheet(["Mexico", 5]), "More FY20": sheet(["Cuba", 6])})
    assert len(cells(reading(standard, right).observations)) == 2
    wrong = book(**{"Data FY20": sheet(["Mexico", 5]), "More FY21": sheet(["Cuba", 6])})
    with pytest.raises(InputError, match="is of another year than") as caught:
        read_file(standard, "made.xlsx", wrong, None, "made")
    assert "the publisher put the sheet of another edition into the workbook" in str(caught.value)


def test_a_table_that_only_some_editions_have():
    standard = standard_of(
        said(COUNTRY, AGENCY, YEAR, FIGURE, table(**BLOCK, title="Events:", title_as="year")
             + table(**BLOCK, title="Returns:", title_as="year") + "optional = true\n")
    )  # fmt: skip
    without = book(**{"Data FY20": sheet(["Mexico", 5])})
    assert len(cells(reading(standard, without).observations)) == 1
    both = [*sheet(["Mexico", 5]), [], *sheet(["Cuba", 6], title="Returns: FY2020")]
    assert len(cells(reading(standard, book(**{"Data FY20": both})).observations)) == 2
    renamed = [*sheet(["Mexico", 5]), [], ["Returns: FY2020"], ["State", "OFO"], ["Cuba", 6]]
    with pytest.raises(InputError) as caught:
        read_file(standard, "made.xlsx", book(**{"Data FY20": renamed}), None, "made")
    assert "no cell below 'Returns:' is 'Country'" in str(caught.value)
    assert "lie in no table that the standard describes" in str(caught.value)


def test_rows_without_a_figure_may_stand_between_those_of_a_block_if_that_is_said():
    rows = sheet(["Mexico", 5], ["Cuba", ""], ["Guatemala", 7])
    gaps = standard_of(
        said(COUNTRY, AGENCY, YEAR, FIGURE, table(**BLOCK, title="Events:", title_as="year") + "gaps = 1\n")
    )  # fmt: skip
    assert [
        value for value, _ in cells(reading(gaps, book(**{"Data FY20": rows})).observations).values()
    ] == [5, 7]
    assert stopped(TITLED, book(**{"Data FY20": rows}))


def test_every_block_with_a_title_is_read_each_with_its_own_rest():
    every = standard_of(
        said(
            COUNTRY, AGENCY, YEAR, FIGURE, table(**BLOCK, title="Events:", title_as="year") + "every = true\n"
        )
    )
    data = book(**{"Data FY20": [*sheet(["Mexico", 5]), [], *sheet(["Mexico", 6], title="Events: FY2019")]})
    assert cells(reading(every, data).observations) == {
        "citizenship=MEX agency=OFO FY2019": (6, "A"),
        "citizenship=MEX agency=OFO FY2020": (5, "A"),
    }
    assert stopped(TITLED, data)


def test_codes_of_another_concept_stand_below_each_code_of_this_one():
    below = standard_of(
        said(COUNTRY + 'below = "agency"  # concept = "agency"\n', '\n[[columns]]\nname = "count"\nrole = "ignored"\nreason = "a heading"\n', YEAR, FIGURE,
             table(sheet="Data FY??", columns=["Country"], across=["count"], figures="figure", title="Events:", title_as="year"))
    )  # fmt: skip
    rows = [
        ["Events: FY2020"],
        ["Country", "Count"],
        ["Mexico", 9],
        ["OFO", 4],
        ["USBP", 5],
        ["Cuba", 1],
        ["OFO", 1],
    ]
    assert cells(reading(below, book(**{"Data FY20": rows})).observations) == {
        "citizenship=CUB FY2020": (1, "A"),
        "citizenship=CUB agency=OFO FY2020": (1, "A"),
        "citizenship=MEX FY2020": (9, "A"),
        "citizenship=MEX agency=OFO FY2020": (4, "A"),
        "citizenship=MEX agency=USBP FY2020": (5, "A"),
    }
    (refusal,) = reading(below, book(**{"Data FY20": [*rows, ["Atlantis", 3]]})).refusals
    assert refusal.unknown == "Atlantis"


def test_a_year_of_which_every_figure_is_zero_is_left_out_if_that_is_said():
    zeros = standard_of(
        said(COUNTRY, YEAR, FIGURE,
             table(sheet="Data FY??", columns=["Country"], across=["year"], figures="figure") + "zero_years = true\n")
    )  # fmt: skip
    rows = [["Country", "FY2019", "FY2020"], ["Mexico", 0, 0], ["Cuba", 0, 2]]
    found = reading(zeros, book(**{"Data FY20": rows}))
    assert (found.accepted, found.left_out) == (2, 2)
    assert set(cells(found.observations)) == {"citizenship=MEX FY2020", "citizenship=CUB FY2020"}


def test_a_table_can_be_stated_for_a_day_of_its_own():
    month = '\n[[columns]]\nname = "month"\nrole = "calendar_month"\n'
    own = standard_of(
        said(COUNTRY, month, FIGURE,
             table(sheet="Data FY??", columns=["Country"], across=["month"], figures="figure")
             + 'stated = "Events * to"\n', top='future_zeros = true\nother_sheets = { Notes = "words" }')
    )  # fmt: skip
    rows = [["Country", "2020-10", "2020-11", "2020-12"], ["Mexico", 5, 6, 0]]
    notes = [["Events were counted to 11/2/2020"], ["Events are those to 8/1/2020"]]
    found = reading(own, book(**{"Data FY20": rows, "Notes": notes}), DAY)
    assert set(cells(found.observations)) == {"citizenship=MEX 2020-10", "citizenship=MEX 2020-11"}
    assert set(found.last_days.values()) == {datetime.date(2020, 11, 2)}
    without = reading(own, book(**{"Data FY20": rows, "Notes": [["none"]]}), DAY)
    assert without.last_days == {}
    (refusal,) = without.refusals
    assert refusal.reason.startswith("2020-11 begins after 2020-10-15")


@pytest.mark.parametrize(
    ("label", "fiscal", "period"),
    [
        ("2022 Quarter 2 Data", True, "2022-Q1"),
        ("2022 Quarter 1 Data", True, "2021-Q4"),
        ("2022 Quarter 2", False, "2022-Q2"),
        ("2022 Q2", True, "2022-Q1"),
        ("CY2022 Q2", True, "2022-Q2"),
    ],
)
def test_quarters_in_words(label, fiscal, period):
    quarter = f'\n[[columns]]\nname = "quarter"\nrole = "quarter"\nfiscal = {str(fiscal).lower()}\n'
    standard = standard_of(
        said(
            COUNTRY,
            quarter,
            FIGURE,
            table(sheet="Data FY??", columns=["Country"], across=["quarter"], figures="figure"),
        )
    )
    found = reading(standard, book(**{"Data FY20": [["Country", label], ["Mexico", 5]]}))
    assert [cell.rpartition(" ")[2] for cell in cells(found.observations)] == [period]

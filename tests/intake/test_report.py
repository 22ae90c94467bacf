"""What intake prints about a file, line by line."""

from handmade import NATION, STATE, state_row, text, workbook

from borderstats.intake import advice, report
from borderstats.intake.read import read_file


def lines(standard, data, name="made.csv"):
    return list(report.lines(name, read_file(standard, name, data)))


def test_a_good_file(standard):
    data = text(STATE, state_row(count="1000"), state_row(month="NOV", count="234"))
    assert lines(standard, data) == [
        "made.csv: Nationwide Encounters: by state, U.S. Customs and Border Protection",
        "source: cbp-nationwide-state, feeds cbp-encounters-state",
        "rows: 2 read = 2 accepted + 0 refused",
        "unknown codes: none",
        "period: 2022-10 to 2022-11",
        "observations: 2, total 1,234 events",
    ]


def test_a_file_with_refusals_lists_each_unknown_label_once_with_its_rows(standard):
    data = text(
        STATE,
        state_row(),
        state_row(state="ZZ"),
        state_row(state="ZZ", month="NOV"),
        state_row(citizenship="RURITANIA"),
        state_row(month="OKT"),
        state_row(count="x"),
    )
    assert lines(standard, data)[2:4] == [
        "rows: 6 read = 1 accepted + 5 refused",
        "unknown codes: Citizenship 'RURITANIA' (1 rows), Month (abbv) 'OKT' (1 rows), State 'ZZ' (2 rows)",
    ]


def test_a_file_of_which_nothing_is_accepted_has_no_period(standard):
    assert lines(standard, text(STATE, state_row(count="x")))[2:] == [
        "rows: 1 read = 0 accepted + 1 refused",
        "unknown codes: none",
        "observations: 0, total 0 events",
    ]


def test_years(standard):
    assert lines(standard, text(NATION, "2018,5", "2019,7"))[-2:] == [
        "period: FY2018 to FY2019",
        "observations: 2, total 12 events",
    ]


def test_months_and_years_are_not_added_up(standard):
    assert lines(standard, workbook(), "made.xlsx")[-2:] == [
        "period: 2023-10 to 2023-10 and FY2024 to FY2024",
        "observations: 16, total 120 events",
    ]


def test_the_first_twenty_refusals_are_shown_and_the_others_counted(standard):
    rows = [state_row(year=str(2000 + n), count=f"x{n}") for n in range(23)]
    reading = read_file(standard, "made.csv", text(STATE, *rows))
    shown = list(report.refusal_lines("made.csv", reading))
    assert len(shown) == 21
    assert shown[
        0
    ] == "made.csv: row 2, column 'Encounter Count': the count 'x0' is not a number; " + advice.on(
        "is not a number"
    )
    assert shown[19].startswith("made.csv: row 21,")
    assert shown[20] == "made.csv: and 3 rows more"


def test_exactly_twenty_refusals_have_no_line_more(standard):
    rows = [state_row(year=str(2000 + n), count=f"x{n}") for n in range(20)]
    reading = read_file(standard, "made.csv", text(STATE, *rows))
    assert len(list(report.refusal_lines("made.csv", reading))) == 20


def test_rows_that_one_cause_refuses_have_one_line(standard):
    rows = [state_row(year=str(2000 + n), count="x") for n in range(23)]
    reading = read_file(standard, "made.csv", text(STATE, *rows, state_row(state="Y")))
    first, second = report.refusal_lines("made.csv", reading)
    assert first.startswith(
        "made.csv: row 2, column 'Encounter Count': the count 'x' is not a number (23 rows); "
    )
    assert second.startswith("made.csv: row 25, column 'State': unknown state 'Y'")

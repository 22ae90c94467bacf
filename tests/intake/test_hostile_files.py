"""Files damaged at random: whatever happens to the bytes, there is an InputError or a reading that loses no row."""

import csv
import io

from handmade import NATION, SECTOR, STATE, error, refusals, state_row, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderstats.errors import InputError
from borderstats.intake import report
from borderstats.intake.read import read_file

FILES = (
    text(NATION, *(f"{year},{year * 7}" for year in range(1990, 2010))),
    text(SECTOR, "yuma,2019,5", "southwest border,2019,5", "el paso,2018,6"),
    text(STATE, state_row(), state_row(state="CA"), state_row(citizenship='"CHINA, PEOPLES REPUBLIC OF"')),
)
PIECES = st.sampled_from(
    ['"', ",", "\n", "\r", ";", "|", "\t", "\0", " ", "-", ".", "0", "9", "e", "Total", '""', ",,", "\n\n"]
)


def outcome(standard, data):
    """The reading of a text, or None and the error's text."""
    try:
        return read_file(standard, "made.csv", data.encode()), ""
    except InputError as refused:
        return None, str(refused)


@st.composite
def damaged(draw):
    """A small file with pieces cut out and put in below its header."""
    data = draw(st.sampled_from(FILES)).decode()
    start = data.index("\n") + 1
    header, body = data[:start], data[start:]
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(body)))
        body = body[:place] + draw(PIECES) + body[place + draw(st.integers(0, 3)) :]
    return header + body


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
def test_a_damaged_file_is_an_error_or_a_reading_that_loses_no_row(standard, data):
    reading, message = outcome(standard, data)
    if reading is None:
        assert message.startswith("made.csv: ")
        return
    assert reading.rows == reading.accepted + len(reading.refusals)
    assert len(reading.observations) == reading.accepted
    rows = list(csv.reader(io.StringIO(data, newline="")))[1:]
    if '"' not in data:
        assert reading.rows == len(rows)
    assert len({refusal.row for refusal in reading.refusals}) == len(reading.refusals)
    assert all(2 <= refusal.row <= reading.rows + 1 for refusal in reading.refusals)
    assert list(report.lines("made.csv", reading))


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
def test_no_figure_of_a_damaged_file_is_a_text_that_its_own_row_does_not_hold(standard, data):
    reading, _ = outcome(standard, data)
    if reading is None:
        return
    cells = {
        cell.strip().lstrip("0") or "0" for row in csv.reader(io.StringIO(data, newline="")) for cell in row
    }
    assert {str(value) for value in reading.observations.value.tolist()} <= cells


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300).filter(lambda data: b"\r" not in data))
def test_bytes_of_no_kind_are_an_error(standard, data):
    assert error(standard, data).startswith("made.csv: ")


def test_a_very_long_cell(standard):
    (line,) = refusals(standard, text(STATE, state_row(state="x" * 1_000_000)))
    assert line.startswith("made.csv: row 2, column 'State': unknown state 'xxx")


def test_many_bad_rows_are_all_refused(standard):
    rows = [state_row(count=f"x{n}") for n in range(20_000)]
    texts = refusals(standard, text(STATE, *rows))
    assert len(texts) == 20_000
    assert texts[-1] == "made.csv: row 20001, column 'Encounter Count': the count 'x19999' is not a number"


def test_characters_that_other_programs_take_for_line_ends_stay_in_their_cell(standard):
    data = text(
        STATE, state_row(state="T\u2028X"), state_row(state="T\x0bX"), state_row(state="T\x85X"), state_row()
    )
    assert [line.split(",")[0] for line in refusals(standard, data)] == [
        "made.csv: row 2",
        "made.csv: row 3",
        "made.csv: row 4",
    ]

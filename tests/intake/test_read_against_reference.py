"""The reader against a slow obvious one: same observations, same refused rows, for good and damaged tables."""

import csv
import io
from collections import defaultdict
from pathlib import Path

import pytest
from handmade import STATE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderstats import periods
from borderstats.intake.read import read_file

CODELISTS = Path(__file__).parents[2] / "standard" / "codelists"
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


HYPHENS = "\u2010\u2011\u2012\u2013\u2212"
UNSEEN = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def plain(label):
    """A label as a person reads it."""
    seen = ["-" if c in HYPHENS else c for c in label if c not in UNSEEN]
    return " ".join("".join(seen).replace("\u2019", "'").split()).casefold()


def labels_of(name):
    """From a label to its code, straight from the CSV."""
    found = {}
    with (CODELISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for label in (row["code"], row["label_en"], *row["aliases"].split("|")):
                if label:
                    found[plain(label)] = row["code"]
    return found


LABELS = {
    name: labels_of(name) for name in ("region", "state", "demographic", "citizenship", "title", "month")
}


def reference(text):
    """Observations as a dict from (codes, month) to (value, status), and the numbers of the refused rows."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    (width,) = widths if len(widths := {len(row) for row in rows[1:]}) == 1 else (0,)
    if width > 9 and not any(cell.strip() for row in rows[1:] for cell in row[9:]):
        rows = [row[:9] for row in rows]
    refused, cells = set(), defaultdict(list)
    for number, row in enumerate(rows[1:], start=2):
        read = reference_row(row)
        if read is None:
            refused.add(number)
        else:
            key, value, status = read
            cells[key].append((number, value, status))
    observations = {}
    for key, found in cells.items():
        if len(found) > 1:
            refused |= {number for number, _, _ in found}
        else:
            observations[key] = found[0][1:]
    return observations, sorted(refused), len(rows) - 1


def reference_row(row):
    if len(row) != 9 or any("\n" in cell for cell in row):
        return None
    year, grouping, month, region, state, demographic, citizenship, title, count = row
    year = plain(year)
    mark = next((mark for mark in ("(fytd)", "fytd") if year.endswith(mark)), "")
    to_date = bool(mark)
    year = year.removesuffix(mark).strip().lstrip(": ").removeprefix("fy").strip()
    if len(year) == 2 and year.isascii() and year.isdigit():
        year = ("20" if year < "50" else "19") + year
    if not (len(year) == 4 and year.isascii() and year.isdigit() and "1800" < year < "2200"):
        return None
    if plain(grouping) not in ("fytd", "remaining") or plain(month) not in LABELS["month"]:
        return None
    codes = []
    for concept, label in (
        ("region", region),
        ("state", state),
        ("demographic", demographic),
        ("citizenship", citizenship),
        ("title", title),
    ):
        other = concept == "citizenship" and plain(label) == "other"
        code = "O21" if other else LABELS[concept].get(plain(label))
        if code in (None, "_T"):
            return None
        codes.append(code)
    count = "".join(c for c in count if c not in UNSEEN).strip()
    if not (count.isascii() and count.isdigit() and int(count) <= 10**12):
        return None
    number = int(LABELS["month"][plain(month)])
    when = f"{int(year) - (number >= 10)}-{number:02d}"
    status = "P" if to_date else "A"
    if int(count) == 0 and codes[-1] == "T42" and not "2020-03" <= when <= "2023-05":
        status = "M"
    return (*codes, when), int(count), status


GOOD = st.tuples(
    st.sampled_from(["2019", "2020", "2023", "2024 (FYTD)", "2024"]),
    st.sampled_from(["FYTD", "Remaining"]),
    st.sampled_from(MONTHS),
    st.sampled_from(["Southwest Land Border", "Northern Land Border", "Other"]),
    st.sampled_from(["TX", "CA", "Texas"]),
    st.sampled_from(["Single Adults", "FMUA", "UC / Single Minors"]),
    st.sampled_from(["MEXICO", "OTHER", "CHINA", "CHINA, PEOPLES REPUBLIC OF"]),
    st.sampled_from(["Title 8", "Title 42"]),
    st.sampled_from(["0", "7", "12", "007", str(10**12)]),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)
BAD = st.one_of(
    TEXT,
    st.sampled_from(
        [
            "",
            " ",
            "Total",
            "_T",
            "_U",
            "-1",
            "1.0",
            "1.5",
            "1,234",
            "x",
            "\u0661",
            "FYTD",
            "2023",
            "7 ",
            " TX",
            str(2**62),
        ]
    ),
)


@st.composite
def damaged(draw):
    row = list(draw(GOOD))
    for _ in range(draw(st.integers(1, 2))):
        row[draw(st.integers(0, 8))] = draw(BAD)
    return row


@st.composite
def ragged(draw):
    row = list(draw(GOOD))
    return row[: draw(st.integers(2, 8))] if draw(st.booleans()) else [*row, draw(BAD)]


@st.composite
def tables(draw):
    """A file in the layout of the nationwide state table; too few rows for a quarter to repeat another."""
    good = draw(st.lists(GOOD, max_size=8))
    rows = [*good, *draw(st.lists(damaged(), max_size=5)), *draw(st.lists(ragged(), max_size=2))]
    if good and draw(st.booleans()):
        rows.append(draw(st.sampled_from(good)))
    rows = draw(st.permutations(rows)) or [draw(GOOD)]
    buffer = io.StringIO()
    buffer.write(STATE + "\n")
    csv.writer(buffer, lineterminator=draw(st.sampled_from(["\n", "\r\n"]))).writerows(rows)
    return buffer.getvalue()


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables())
def test_the_reader_says_what_the_obvious_reader_says(standard, text):
    expected, refused, rows = reference(text)
    reading = read_file(standard, "made.csv", text.encode())
    observations = reading.observations
    statuses = standard.statuses.codes
    found = {
        (*observations.space.codes(int(key)).values(), periods.text(int(key) % periods.SPAN)): (
            int(value),
            statuses[status],
        )
        for key, value, status in zip(observations.key, observations.value, observations.status, strict=True)
    }
    assert found == expected
    assert [refusal.row for refusal in reading.refusals] == refused
    assert all(refusal.reason for refusal in reading.refusals)
    assert reading.rows == rows == reading.accepted + len(reading.refusals)
    assert len(observations) == reading.accepted

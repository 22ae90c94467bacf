"""Periods as integers and as text against the datetime module."""

import datetime
import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats import periods

DATED = [kind for kind in periods.KINDS if kind != "fiscal_year"]
DAYS = st.dates(periods.FIRST_DAY, periods.LAST_DAY)
ONE_DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize("kind", periods.KINDS)
def test_every_period_is_written_and_read_back(kind):
    """All 85,000 of them: the text says the kind, and no two have one text."""
    every = periods.every(kind)
    written = [periods.text(period) for period in every]
    assert [periods.parse(text) for text in written] == list(every)
    assert len(set(written)) == len(every)
    assert {periods.kind(period) for period in every} == {kind}
    assert np.array_equal(periods.kinds(np.array(every)), np.full(len(every), periods.KINDS.index(kind)))


def test_the_kinds_have_ranges_of_their_own_below_the_span():
    ends = [(periods.every(kind).start, periods.every(kind).stop) for kind in periods.KINDS]
    assert ends == sorted(ends)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(ends))
    assert 0 < ends[0][0] < ends[-1][1] <= periods.SPAN


@pytest.mark.parametrize("kind", DATED)
@given(day=DAYS)
def test_a_day_lies_in_one_period_of_each_kind(kind, day):
    period = periods.at(kind, day)
    first, last = periods.days(period)
    assert period in periods.every(kind)
    assert first <= day <= last
    assert periods.days(period + 1)[0] == last + ONE_DAY
    assert periods.at(kind, first) == periods.at(kind, last) == period


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("month", lambda day: day.replace(day=1)),
        ("quarter", lambda day: day.replace(month=(1, 4, 7, 10)[(day.month - 1) // 3], day=1)),
        ("year", lambda day: day.replace(month=1, day=1)),
        ("half_month", lambda day: day.replace(day=1 if day.day < 16 else 16)),
        ("week", lambda day: day - datetime.timedelta(days=day.weekday())),
        ("day", lambda day: day),
    ],
)
@given(day=DAYS)
def test_the_first_day_of_each_kind(kind, first, day):
    assert periods.days(periods.at(kind, day))[0] == first(day)


@given(DAYS)
def test_a_week_is_that_of_iso_8601(day):
    year, week, _ = day.isocalendar()
    assert periods.text(periods.week(day)) == f"{year}-W{week:02d}"


@given(st.lists(st.tuples(st.sampled_from(DATED), DAYS), min_size=1, max_size=20))
def test_the_months_in_which_periods_begin_and_end(found):
    every = [periods.at(kind, day) for kind, day in found]
    first, last = periods.numbers.months(np.array(every))
    days = [periods.days(period) for period in every]
    assert first.tolist() == [periods.at("month", day) for day, _ in days]
    assert last.tolist() == [periods.at("month", day) for _, day in days]


@given(st.sampled_from(DATED), DAYS)
def test_a_year_earlier_is_the_same_part_of_the_year_before(kind, day):
    period = periods.at(kind, day)
    earlier, written = periods.year_earlier(period), periods.text(period)
    year = str(int(written[:4]) - 1)
    if day.year == 1900 and kind in ("half_month", "week", "day"):
        assert earlier is None
    elif written.endswith(("-W53", "-02-29")):
        assert earlier is None or periods.text(earlier) == year + written[4:]
    elif kind == "half_month":
        assert periods.text(earlier).startswith(year + written[4:10])
    else:
        assert periods.text(earlier) == year + written[4:]


@pytest.mark.parametrize(
    ("written", "earlier"),
    [("2021-W53", None), ("2020-W53", None), ("2024-02-29", None), ("2025-02-28", "2024-02-28"), ("FY2024", "FY2023")],
)  # fmt: skip
def test_what_has_nothing_a_year_earlier(written, earlier):
    if written == "2021-W53":
        with pytest.raises(ValueError, match="neither"):
            periods.parse(written)
        return
    found = periods.year_earlier(periods.parse(written))
    assert (found and periods.text(found)) == earlier


def test_what_a_fiscal_year_is_only_a_calendar_knows():
    for call in (
        lambda: periods.days(periods.fiscal(2024)),
        lambda: periods.at("fiscal_year", datetime.date(2024, 1, 1)),
    ):
        with pytest.raises(ValueError, match="for a calendar to say"):
            call()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("1976-Q3", "1976-07-01", "1976-09-30"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2020-01-01/P15D", "2020-01-01", "2020-01-15"),
        ("2020-02-16/P14D", "2020-02-16", "2020-02-29"),
        ("2021-02-16/P13D", "2021-02-16", "2021-02-28"),
        ("2024-W01", "2024-01-01", "2024-01-07"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("1900-W01", "1900-01-01", "1900-01-07"),
        ("2025-07-03", "2025-07-03", "2025-07-03"),
    ],
)
def test_first_and_last_days(text, first, last):
    assert tuple(map(str, periods.days(periods.parse(text)))) == (first, last)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "202",
        "20244",
        "2023-00",
        "2023-13",
        "2023-1",
        "FY24",
        "fy2024",
        "CY2024",
        " 2023-10",
        "FY2024\n",
        "2024 ",
        "2023-10-1",
        "2023-13-01",
        "2023-02-30",
        "2023-Q5",
        "2023-q1",
        "Q3-1976",
        "2024-W00",
        "2021-W53",
        "2024-W5",
        "2024W05",
        "2020-01-15/P15D",
        "2020-01-01/P17D",
        # what no period is written as: a half-month with the days of another, a period outside its range
        "2020-01-01/P13D",
        "2020-02-16/P16D",
        "2500-01",
        "2500",
        "0000-01",
        "0000",
        "FY0000",
        "9999-Q4",
        "1850-01-01",
        "1850-W01",
        "2119-12-31",
        "1850-01-01/P15D",
        "2400-01-16/P16D",
        "\u0662\u0660\u0662\u0663-10",
    ],
)
def test_what_is_no_period(written):
    with pytest.raises(ValueError, match="neither a month") as caught:
        periods.parse(written)
    assert str(caught.value) == (
        f"{written!r} is neither a month like 2023-10 nor a fiscal year like FY2024 (a calendar year like 2024, a quarter "
        "like 1976-Q3, a half-month like 2020-01-16/P16D, a week like 2024-W05 and a day like 2025-07-03 would do too)"
    )


@pytest.mark.parametrize("kind", periods.KINDS)
def test_the_pattern_and_the_example_of_a_kind(kind):
    assert periods.kind(periods.parse(periods.EXAMPLES[kind])) == kind
    every = periods.every(kind)
    for period in {every[0], every[-1], *every[:: max(1, len(every) // 500)]}:
        found = [
            one for one, pattern in periods.PATTERNS.items() if re.fullmatch(pattern, periods.text(period))
        ]
        assert found == [kind]

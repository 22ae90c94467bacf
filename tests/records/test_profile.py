"""When a delivery is implausible as a whole. The counts are invented."""

from collections import Counter

import pytest

from borderstats.records import profile
from borderstats.records.profile import Profile


def month(text):
    year, number = map(int, text.split("-"))
    return 12 * year + number - 1


def made(months, missing=(), codes=()):
    """A profile from `{"2021-01": {"A": 500}}`."""
    counted = {month(m): Counter(counts) for m, counts in months.items()}
    return Profile(sum(c.total() for c in counted.values()), counted, dict(missing), dict(codes))


@pytest.fixture
def family(standard):
    return standard.families["encounter"]


def quarter(first, base):
    year, number = map(int, first.split("-"))
    return {f"{year}-{number + n:02d}": {"A": base + 7 * n, "B": 300 + base - 11 * n} for n in range(3)}


BEFORE = quarter("2021-01", 1000) | quarter("2021-04", 1200)


def test_a_delivery_like_the_last_one_is_plausible(family):
    later = BEFORE | quarter("2021-07", 1300)
    later["2021-05"] = {"A": 1210, "B": 1480}
    assert profile.implausible(family, made(later), made(BEFORE)) == ()


def test_the_first_delivery_is_judged_by_itself(family):
    assert profile.implausible(family, made(BEFORE), None) == ()


@pytest.mark.parametrize(
    ("months", "line"),
    [
        (BEFORE | {"2021-02": {"A": 1007}}, "2021-02: 1,007 records; the last delivery had 2,296"),
        (BEFORE | {"2021-02": {"A": 1007, "C": 1289}}, "2021-02, B: 0 records; the last delivery had 1,289"),
        (BEFORE | {"2021-02": {"A": 1007, "B": 9999}}, "2021-02, B: 9,999 records; the last delivery had 1,289"),
        (BEFORE | {"2021-02": {"A": 1007, "": 1289}}, "2021-02, without code: 1,289 records; the last delivery had 0"),
        ({"2021-07": {"A": 1000}}, "B: no record; the last delivery had 1,389 a month"),
        (
            {m: c for m, c in BEFORE.items() if m != "2021-03"},
            "no record in 2021-03, while other months have 2,536",
        ),
        (
            BEFORE | {f"2021-{7 + n:02d}": c for n, c in enumerate(quarter("2021-04", 1200).values())},
            "2021-07 to 2021-09 repeats 2021-04 to 2021-06 of this delivery, month by month",
        ),
        (
            {f"2021-{7 + n:02d}": c for n, c in enumerate(quarter("2021-01", 1000).values())},
            "2021-07 to 2021-09 repeats 2021-01 to 2021-03 of the last one, month by month",
        ),
        (BEFORE, "as many records in every month as in the last delivery: the same records again"),
    ],
)  # fmt: skip
def test_what_is_implausible_is_named_with_its_month(family, months, line):
    assert f"encounter: {line}" in profile.implausible(family, made(months), made(BEFORE))


def test_a_quarter_that_repeats_all_but_a_few_records_is_found(family):
    copied = {f"2021-{7 + n:02d}": c for n, c in enumerate(quarter("2021-04", 1200).values())}
    copied["2021-09"] = {**copied["2021-09"], "C": 3}
    assert any("repeats" in line for line in profile.implausible(family, made(BEFORE | copied), None))


def test_the_last_month_of_the_last_delivery_may_grow(family):
    fresh = BEFORE | {"2021-06": {"A": 9000, "B": 9000}}
    assert profile.implausible(family, made(fresh), made(BEFORE)) == ()


def test_a_mistyped_date_makes_no_gap_and_no_last_month(family):
    assert profile.implausible(family, made(BEFORE | {"1900-01": {"A": 1}}), None) == ()
    grown = BEFORE | {"2021-06": {"A": 9000, "B": 9000}}
    assert profile.implausible(family, made(grown), made(BEFORE | {"2101-01": {"A": 1}})) == ()


def test_a_handful_is_no_measure_of_the_next_delivery(family):
    assert (
        profile.implausible(family, made(BEFORE, codes={("title", "T8"): 9000}), made({"2021-01": {"A": 3}}))
        == ()
    )


def test_few_records_are_not_judged(family):
    few = {m: {code: n // 100 for code, n in counts.items()} for m, counts in BEFORE.items()}
    assert profile.implausible(family, made({"2021-01": {"A": 1}}), made(few)) == ()


def test_a_field_that_comes_without_values(family):
    total = sum(sum(counts.values()) for counts in BEFORE.values())
    later = BEFORE | {"2021-07": {"A": 1300, "B": 1600}}
    fresh, before = made(later, {"age": total}), made(BEFORE, {"age": total // 100})
    assert profile.implausible(family, fresh, before) == (
        "encounter: age: no value in 83.8% of the records; 1.0% in the last delivery",
    )


def test_a_code_that_the_last_delivery_did_not_have(family):
    later = BEFORE | {"2021-07": {"A": 1300, "B": 1600}}
    fresh = made(later, codes={("citizenship", "CUB"): 5000, ("title", "T8"): 9000, ("title", "T42"): 99})
    before = made(BEFORE, codes={("title", "T8"): 8000})
    assert profile.implausible(family, fresh, before) == (
        "encounter: citizenship CUB: 28.0% of the records; the last delivery had none",
    )


def test_a_profile_is_kept_as_it_is(tmp_path):
    one = made(BEFORE | {"2021-08": {"": 3}}, {"age": 4, "office": 0}, {("office", "USBP.SDC"): 9})
    profile.write(tmp_path / "one.csv", one)
    assert profile.read(tmp_path / "one.csv") == one

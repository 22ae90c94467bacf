"""How old periods were that were still revised, and the gate that holds a source to the span that it declares."""

import datetime
import itertools
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from test_price_bases import DEFLATORS, OLDER, amounts

from borderstats.package.datasets import Age
from borderstats.release import finality
from borderstats.release.changes import changes
from borderstats.release.evidence import Evidence
from borderstats.release.gates import judged
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.rules import Final

AID, ONE = "foreign-assistance", "ohss-cbp-one"
DAYS = [datetime.date(2021, 11, 30), datetime.date(2022, 11, 30), datetime.date(2023, 11, 30)]
GATE = Final(name="final", sentence="As said.", by=("aid_transaction",), share=0.01)
SAID = (
    "counted as final 426 days after its end, and was revised from 100,000 to 101,001: "
    "provisional_days = 427 in sources/foreign-assistance.toml would have said so"
)


def aid(observe, *editions, days=DAYS):
    """Editions of obligations and disbursements, in the prices of another year each time."""
    return [
        Vintage(
            day,
            f"aid-{day.year}.csv",
            observe(
                AID,
                *(
                    row
                    for kind, years in edition.items()
                    for year, value in years.items()
                    for row in amounts(
                        kind, {year: value}, prices, status="P" if year in provisional else "A"
                    )
                ),
            ),
            source="foreign-assistance",
        )
        for day, prices, (edition, provisional) in zip(
            days, [OLDER, DEFLATORS, OLDER], editions, strict=False
        )
    ]


@pytest.fixture
def found(standard):
    """What the gate finds in some editions."""

    def judge(vintages, gate=GATE):
        history = history_of(vintages[0].observations.space, vintages)
        evidence = Evidence({AID: history}, {AID: changes(history)}, (), standard.statuses)
        compared, findings = judged(evidence, AID, gate)
        return compared, [(history.space.text(one.key), *one.files, one.text) for one in findings]

    return judge


def shown(standard, *vintages, source=AID):
    history = history_of(vintages[0].observations.space, vintages)
    return finality.shown(history, changes(history), [standard.sources[source]])


def test_a_year_that_counted_as_final_and_rose_is_found_with_the_span_that_would_have_been_right(
    observe, found
):
    first = {"OBLIGATIONS": {"FY2020": 100_000, "FY2021": 100_000}}
    second = {"OBLIGATIONS": {"FY2020": 101_001, "FY2021": 150_000}}
    editions = aid(observe, (first, {"FY2021"}), (second, {"FY2021"}))
    assert found(editions) == (
        2,
        [
            (
                "aid_transaction=OBLIGATIONS FY2020",
                "aid-2022.csv",
                SAID,
            )
        ],
    )
    assert found(editions, GATE.__class__(name="final", sentence="As said.", share=0.02))[1] == []


def test_what_a_rebase_changes_of_a_final_year_is_no_revision(observe, found):
    same = {"OBLIGATIONS": {"FY2019": 100_000, "FY2020": 100_000, "FY2021": 100_000}}
    editions = aid(observe, (same, {}), (same, {}), (same, {}))
    assert found(editions) == (6, [])


def test_what_moves_between_types_is_seen_by_type_and_not_in_their_sum(observe, found):
    first = {"OBLIGATIONS": {"FY2020": 100_000}, "REQUESTS": {"FY2020": 100_000}}
    second = {"OBLIGATIONS": {"FY2020": 110_000}, "REQUESTS": {"FY2020": 90_000}}
    editions = aid(observe, (first, {}), (second, {}))
    assert len(found(editions)[1]) == 2
    assert found(editions, Final(name="final", sentence="As said.", share=0.01))[1] == []


def test_a_type_that_only_one_edition_has_and_a_corrected_reissue_are_not_compared(observe, found):
    first = {"OBLIGATIONS": {"FY2020": 100_000}, "ALLOCATIONS": {"FY2020": 100_000}}
    second = {"OBLIGATIONS": {"FY2020": 110_000}}
    vintages = aid(observe, (first, {}), (second, {}))
    assert [cell for cell, *_ in found(vintages)[1]] == ["aid_transaction=OBLIGATIONS FY2020"]
    vintages[1] = replace(vintages[1], order=(1, 1))
    assert found(vintages) == (0, [])


def test_the_evidence_by_age(observe, standard):
    def edition(old, new):
        return {"OBLIGATIONS": {"FY2019": 100_000, "FY2020": old, "FY2021": new}}

    editions = [
        (edition(100_000, 40_000), {"FY2021"}),
        (edition(108_000, 90_000), {"FY2021"}),
        (edition(108_000, 90_450), {}),
    ]
    found = shown(standard, *aid(observe, *editions))
    assert found.basis == "shown"
    assert (found.editions, found.declared, found.share) == (3, 732, 0.01)
    # 30 November 2021: FY2021 61 days, FY2020 426, FY2019 792; a year later 426, 791 and 1157.
    assert found.ages == (
        Age(92, 1, 1, 1.25),
        Age(730, 2, 2, 0.08),
        Age(1096, 2, 0, 0.0),
        Age(1826, 1, 0, 0.0),
    )
    assert found.oldest_revised == 426


@pytest.mark.parametrize("number", [1, 2])
def test_with_fewer_than_three_editions_the_span_is_declared_only(observe, standard, number):
    same = {"OBLIGATIONS": {"FY2019": 100_000}}
    found = shown(standard, *aid(observe, *[(same, {})] * number))
    assert (found.basis, found.declared, found.oldest_revised) == ("declared", 732, None)
    assert found.reason == standard.sources[AID].provisional_reason
    assert len(found.ages) == number - 1


def test_a_source_without_a_span_shows_the_same_evidence(observe, standard):
    def edition(day, *values):
        rows = [({}, f"2023-{10 + n}", value) for n, value in enumerate(values)]
        return Vintage(datetime.date.fromisoformat(day), f"{day}.csv", observe(ONE, *rows))

    vintages = [
        edition("2023-12-15", 100, 100),
        edition("2024-01-15", 100, 110, 50),
        edition("2024-02-15", 100, 110, 50),
    ]
    found = shown(standard, *vintages, source="ohss-monthly-tables")
    assert (found.basis, found.declared, found.share, found.oldest_revised) == ("shown", None, 0.0, 15)
    assert found.ages == (Age(31, 2, 1, 0.1), Age(92, 3, 0, 0.0))


YEARS_OF = ["FY2019", "FY2020", "FY2021"]
KINDS_OF = ["OBLIGATIONS", "REQUESTS"]
a_file = st.dictionaries(
    st.tuples(st.sampled_from(["MEX", "CAN"]), st.sampled_from(KINDS_OF), st.sampled_from(YEARS_OF)),
    st.tuples(st.integers(1, 3), st.sampled_from("AP")),
    min_size=1,
)


@pytest.mark.slow
@given(st.lists(a_file, min_size=2, max_size=4))
def test_what_was_revised_is_that_of_the_obvious_way(observe, files):
    days = [datetime.date(2021 + n, 11, 30) for n in range(len(files))]
    vintages = [
        Vintage(
            day,
            f"{day}.csv",
            observe(
                AID,
                *(
                    (
                        {"recipient": who, "aid_transaction": kind, "price_basis": "CURRENT"},
                        year,
                        value,
                        status,
                    )
                    for (who, kind, year), (value, status) in file.items()
                ),
            ),
        )
        for day, file in zip(days, files, strict=True)
    ]
    history = history_of(vintages[0].observations.space, vintages)
    found = {
        (history.space.text(one.key), one.before, one.after): (one.age, one.old, one.new, one.final)
        for one in finality.revised(history, changes(history), ("aid_transaction",))
    }
    wanted = {}
    for kind in KINDS_OF:
        for year in YEARS_OF:
            having = [n for n, file in enumerate(files) if any(key[2] == year for key in file)]
            for before, after in itertools.pairwise(having):
                sides = [
                    {key[0]: said for key, said in files[n].items() if key[1:] == (kind, year)}
                    for n in (before, after)
                ]
                values = [{who: value for who, (value, _) in side.items()} for side in sides]
                if all(sides) and values[0] != values[1]:
                    end = datetime.date(int(year[2:]), 9, 30)
                    final = all(status == "A" for _, status in sides[0].values())
                    wanted[f"aid_transaction={kind} {year}", before, after] = (
                        (days[before] - end).days,
                        sum(values[0].values()),
                        sum(values[1].values()),
                        final,
                    )
    # A series that enters or leaves a table is no revision of it.
    other = changes(history)
    assume(other.of("changed", "new", "vanished").all())
    assert found == wanted

"""In the prices of which year constant amounts are, and that an amount in other prices is rebased and not revised."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats import periods, pipeline
from borderstats.intake import archive
from borderstats.package.snapshots import Declared
from borderstats.release import price_bases, tables
from borderstats.release.changes import KINDS, changes, net_by_kind
from borderstats.release.evidence import Evidence
from borderstats.release.knowledge import Known
from borderstats.release.revision_rules import closed_years, revisions_within
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.rules import ClosedYears, RevisionsWithin

AID = "foreign-assistance"
YEARS = ["FY2019", "FY2020", "FY2021"]
DEFLATORS = {"FY2019": 1.04448, "FY2020": 1.030726, "FY2021": 1.0}
OLDER = {"FY2019": 1.0, "FY2020": 0.980642, "FY2021": 0.961443}


def cell(kind, basis, year, value, status="A", recipient="MEX"):
    codes = {"recipient": recipient, "aid_transaction": kind, "price_basis": basis}
    return codes, year, value, status


def amounts(kind, current, deflators, **more):
    """Amounts of some years in both prices."""
    for year, value in current.items():
        yield cell(kind, "CURRENT", year, value, **more)
        yield cell(kind, "CONSTANT", year, round(value * deflators[year]), **more)


CURRENT = {"FY2019": 40_000, "FY2020": 52_000, "FY2021": 61_000}


def edition(observe, number, *rows, declared=()):
    day = datetime.date(2023, 10, 31) + datetime.timedelta(days=200 * number)
    return Vintage(day, f"aid-{number}.csv", observe(AID, *rows), declared=declared)


def told(vintage):
    known = vintage.bases
    return {
        known.codes(int(part))["aid_transaction"]: "" if base == price_bases.NONE else periods.text(int(base))
        for part, base in zip(known.part, known.period, strict=True)
    }


def kinds(*vintages):
    found = changes(history_of(vintages[0].observations.space, vintages))
    return {found.space.text(int(key)): KINDS[kind] for key, kind in zip(found.key, found.kind, strict=True)}


def test_each_part_has_the_base_of_the_year_in_which_its_amounts_are_equal(observe):
    rows = [*amounts("OBLIGATIONS", CURRENT, DEFLATORS), *amounts("REQUESTS", CURRENT, OLDER)]
    assert told(edition(observe, 0, *rows)) == {"OBLIGATIONS": "FY2021", "REQUESTS": "FY2019"}


def test_small_amounts_that_happen_to_be_equal_say_nothing(observe):
    rows = [
        *amounts("OBLIGATIONS", CURRENT, DEFLATORS),
        *amounts("OBLIGATIONS", {"FY2020": 5}, DEFLATORS, recipient="CAN"),
    ]
    assert told(edition(observe, 0, *rows)) == {"OBLIGATIONS": "FY2021"}
    tiny = amounts("OBLIGATIONS", {"FY2019": 5, "FY2020": 9}, DEFLATORS)
    assert told(edition(observe, 0, *tiny)) == {"OBLIGATIONS": ""}


def test_a_part_without_the_year_has_the_base_of_the_part_that_is_deflated_alike(observe):
    ended = {"FY2019": 80_000, "FY2020": 90_000}
    rows = [
        *amounts("OBLIGATIONS", CURRENT, DEFLATORS),
        *amounts("REQUESTS", CURRENT, OLDER),
        *amounts("ALLOCATIONS", ended, DEFLATORS),
    ]
    assert told(edition(observe, 0, *rows))["ALLOCATIONS"] == "FY2021"
    alone = amounts("ALLOCATIONS", ended, DEFLATORS)
    assert told(edition(observe, 0, *alone)) == {"ALLOCATIONS": ""}


def test_columns_that_are_the_same_say_no_base(observe):
    same = amounts("OBLIGATIONS", CURRENT, dict.fromkeys(YEARS, 1.0))
    assert told(edition(observe, 0, *same)) == {"OBLIGATIONS": ""}


def test_what_is_declared_holds_where_nothing_is_measured_and_of_its_part_only(observe):
    rows = [*amounts("OBLIGATIONS", {"FY2019": 40_000}, DEFLATORS), *amounts("REQUESTS", CURRENT, OLDER)]
    said = (Declared("price_base", "FY2021", "the note", {"aid_transaction": "OBLIGATIONS"}),)
    assert told(edition(observe, 0, *rows, declared=said)) == {"OBLIGATIONS": "FY2021", "REQUESTS": "FY2019"}


def test_an_amount_in_other_prices_is_rebased_and_one_that_changed_is_revised(observe):
    first = edition(observe, 0, *amounts("OBLIGATIONS", CURRENT, OLDER))
    second = edition(observe, 1, *amounts("OBLIGATIONS", CURRENT | {"FY2020": 53_000}, DEFLATORS))
    name = "recipient=MEX aid_transaction=OBLIGATIONS price_basis={} {}"
    assert kinds(first, second) == {
        name.format("CONSTANT", "FY2019"): "rebased",
        name.format("CURRENT", "FY2020"): "changed",
        name.format("CONSTANT", "FY2020"): "changed",
        name.format("CONSTANT", "FY2021"): "rebased",
    }


def test_amounts_in_different_prices_have_no_difference(observe):
    first = edition(observe, 0, *amounts("OBLIGATIONS", CURRENT, OLDER))
    second = edition(observe, 1, *amounts("OBLIGATIONS", CURRENT | {"FY2020": 53_000}, DEFLATORS))
    found = changes(history_of(first.observations.space, [first, second]))
    assert found.delta.tolist() == [1_000 if compared else 0 for compared in found.compared]
    assert found.compared.tolist() == (~price_bases.constant(found.space, found.key)).tolist()


def test_with_the_same_base_and_other_deflators_amounts_are_rebased(observe):
    """A publisher can take newer price indexes without another base; a single amount that changes is revised."""
    several = ["MEX", "CAN", "GTM"]
    first, second = (
        [row for name in several for row in amounts("OBLIGATIONS", CURRENT, prices, recipient=name)]
        for prices in (DEFLATORS, DEFLATORS | {"FY2019": 1.05})
    )
    assert set(kinds(edition(observe, 0, *first), edition(observe, 1, *second)).values()) == {"rebased"}
    one = amounts("OBLIGATIONS", CURRENT, DEFLATORS | {"FY2019": 1.05}, recipient="MEX")
    rest = first[len(CURRENT) * 2 :]
    assert kinds(edition(observe, 0, *first), edition(observe, 1, *one, *rest)) == {
        "recipient=MEX aid_transaction=OBLIGATIONS price_basis=CONSTANT FY2019": "changed"
    }


def test_sums_of_changes_hold_an_amount_once_in_current_prices(observe):
    first = edition(observe, 0, *amounts("OBLIGATIONS", CURRENT, OLDER))
    second = edition(observe, 1, *amounts("OBLIGATIONS", CURRENT | {"FY2020": 53_000}, DEFLATORS))
    sums = net_by_kind(changes(history_of(first.observations.space, [first, second])))
    assert sums["changed"] == (2, 1_000, 1_000)
    assert sums["rebased"] == (2, 0, 0)


def test_an_equal_figure_in_other_prices_is_a_version_of_its_own_and_no_change(observe):
    """A zero is the same in all prices; in the history it says of which year they are."""
    first = edition(
        observe,
        0,
        *amounts("OBLIGATIONS", CURRENT, OLDER),
        cell("REQUESTS", "CONSTANT", "FY2019", 0),
        declared=(Declared("price_base", "FY2019", "the note"),),
    )
    second = edition(
        observe,
        1,
        *amounts("OBLIGATIONS", CURRENT, DEFLATORS),
        cell("REQUESTS", "CONSTANT", "FY2019", 0),
        declared=(Declared("price_base", "FY2021", "the note"),),
    )
    history = history_of(first.observations.space, [first, second])
    zero = history.value == 0
    assert [periods.text(int(base)) for base in history.bases(history.key[zero], history.first[zero])] == [
        "FY2019",
        "FY2021",
    ]
    assert "aid_transaction=REQUESTS" not in " ".join(kinds(first, second))
    table = tables.history_table(
        history, changes(history), {v.file: Known(v.as_of, "published") for v in history.vintages}
    ).to_pylist()
    told = {row["price_base"]: row["ended"] for row in table if row["value"] == 0}
    assert told == {"FY2019": "rebased", "FY2021": None}


KIND = ["OBLIGATIONS", "REQUESTS"]
a_cell = st.tuples(st.sampled_from(KIND), st.sampled_from(["CURRENT", "CONSTANT"]), st.sampled_from(YEARS))
a_file = st.tuples(
    st.dictionaries(a_cell, st.tuples(st.integers(0, 3), st.sampled_from("APQ")), min_size=1, max_size=9),
    st.fixed_dictionaries({kind: st.sampled_from(YEARS) for kind in KIND}),
)


@pytest.mark.slow
@given(st.lists(a_file, min_size=2, max_size=4))
def test_rebased_are_those_of_the_obvious_way(observe, files):
    made = []
    for number, (figures, base) in enumerate(files):
        rows = [cell(kind, basis, year, *said) for (kind, basis, year), said in figures.items()]
        said = tuple(Declared("price_base", base[kind], "x", {"aid_transaction": kind}) for kind in KIND)
        made.append(edition(observe, number, *rows, declared=said))
    found = changes(history_of(made[0].observations.space, made))
    names = {
        int(observe(AID, cell(*name, 1)).key[0]): name
        for name in [(k, b, y) for k in KIND for b in ("CURRENT", "CONSTANT") for y in YEARS]
    }
    for key, before, after, kind in zip(found.key, found.before, found.after, found.kind, strict=True):
        name, basis, year = names[int(key)]
        (old, old_base), (new, new_base) = files[before], files[after]
        had, has = (side.get((name, basis, year)) for side in (old, new))
        figures = had and has and "Q" not in (had[1], has[1])
        twins = [_figure(side.get((name, "CURRENT", year))) for side in (old, new)]
        rebased = (
            basis == "CONSTANT" and figures and old_base[name] != new_base[name] and twins[0] == twins[1]
        )
        assert (KINDS[kind] == "rebased") == bool(rebased)


def _figure(said):
    return None if said is None else "Q" if said[1] == "Q" else said[0]


def test_the_bases_of_the_archived_file(standard, archive_folder):
    listed = [one for one in archive.snapshots(archive_folder) if one.source == AID]
    first = pipeline.observe(standard, listed[0], archive.read(archive_folder, listed[0]))[0]
    later, earlier = ("OBLIGATIONS", "DISBURSEMENTS"), ("REQUESTS", "APPROPRIATED", "ALLOCATIONS")
    assert told(first) == dict.fromkeys(later, "FY2021") | dict.fromkeys(earlier, "FY2019")
    assert len(price_bases.off(first.bases.deflated)) == 0


@pytest.mark.parametrize("digit", [1, 9])
def test_an_amount_that_is_not_deflated_as_the_others_is_found(observe, digit):
    many = [
        row
        for n, recipient in enumerate(["MEX", "CAN", "GTM", "SLV", "HND"])
        for row in amounts(
            "OBLIGATIONS", {y: v + n * 7_000 for y, v in CURRENT.items()}, DEFLATORS, recipient=recipient
        )
    ]
    assert len(price_bases.off(price_bases.deflated(observe(AID, *many)))) == 0
    wrong = many[1]
    many[1] = (wrong[0], wrong[1], int(f"{digit}{wrong[2]}"), wrong[3])
    bad = observe(AID, *many)
    found = price_bases.deflated(bad)
    assert [bad.space.text(int(found.key[place])) for place in price_bases.off(found)] == [
        "recipient=MEX aid_transaction=OBLIGATIONS price_basis=CONSTANT FY2019"
    ]


def test_no_rule_about_revisions_takes_a_rebase_for_one(observe, standard):
    """Every amount of closed years changes by a fifth; a publisher that also revises one is found."""
    several = ["MEX", "CAN", "GTM"]
    prices = DEFLATORS | {"FY2019": 1.3, "FY2020": 1.25}
    first = [row for name in several for row in amounts("OBLIGATIONS", CURRENT, OLDER, recipient=name)]
    second = [row for name in several for row in amounts("OBLIGATIONS", CURRENT, prices, recipient=name)]
    revised = list(amounts("OBLIGATIONS", CURRENT | {"FY2020": 99_000}, prices, recipient="MEX"))
    prices_of = {"price_basis": ("CURRENT", "CONSTANT"), "aid_transaction": ("OBLIGATIONS",)}
    within = RevisionsWithin(
        name="within", sentence="As said.", by=("recipient",), share=0.1, where=prices_of
    )

    def found(later):
        history = history_of(first_edition.observations.space, [first_edition, edition(observe, 1, *later)])
        evidence = Evidence({AID: history}, {AID: changes(history)}, (), standard.statuses)
        closed = closed_years(evidence, AID, ClosedYears(name="closed", sentence="As said."))[1]
        compared, beyond = revisions_within(evidence, AID, within)
        assert compared
        return [{history.space.text(one.key) for one in one_rule} for one_rule in (closed, beyond)]

    first_edition = edition(observe, 0, *first)
    assert found(second) == [set(), set()]
    name = "recipient=MEX aid_transaction=OBLIGATIONS price_basis={} FY2020"
    assert found([*revised, *second[len(revised) :]]) == [
        {name.format("CURRENT"), name.format("CONSTANT")},
        {"recipient=MEX FY2020"},
    ]


an_amount = st.tuples(st.sampled_from([5, 2_000, 40_000, -40_000]), st.sampled_from([0, 0, 3]))


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["MEX", "CAN"]), st.sampled_from(YEARS)),
        st.tuples(an_amount, st.booleans()),
        min_size=1,
    )
)
def test_the_base_measured_is_that_of_the_obvious_way(observe, figures):
    rows = []
    for (recipient, year), ((current, more), paired) in figures.items():
        rows.append(cell("OBLIGATIONS", "CONSTANT", year, current + more, recipient=recipient))
        if paired:
            rows.append(cell("OBLIGATIONS", "CURRENT", year, current, recipient=recipient))
    pairs = {(one, year): said for (one, year), (said, paired) in figures.items() if paired}
    equal = [
        year
        for year in YEARS
        if all(more == 0 for (_, at), (_, more) in pairs.items() if at == year)
        and any(abs(current) >= 1_000 for (_, at), (current, _) in pairs.items() if at == year)
    ]
    wanted = equal[0] if len(equal) == 1 else ""
    assert told(edition(observe, 0, *rows)) == {"OBLIGATIONS": wanted}

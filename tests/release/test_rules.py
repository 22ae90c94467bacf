"""Every rule lets right figures pass and names the wrong cell: no gate that cannot fail."""

import dataclasses
from typing import get_args

import numpy as np
import pytest

from borderstats import periods
from borderstats.release import agreement, revision_rules, rules
from borderstats.release.changes import KINDS, MISSING, net_by_kind
from borderstats.release.evidence import Evidence
from borderstats.release.registry import RULES
from borderstats.standard.model import Check
from borderstats.standard.rules import EVERY_DATASET, AnyGate

SECTOR, OHSS = "usbp-encounters-sector", "ohss-usbp-encounters"
SOUTHWEST, STATE = "cbp-encounters-southwest", "cbp-encounters-state"


KINDS_OF_GATE = {kind.__struct_config__.tag: kind for kind in RULES}


def gate(rule, **parameters):
    return KINDS_OF_GATE[rule](name="tried", sentence="", **parameters)


def named(result, observations):
    """Cells compared, and what failed in words."""
    compared, findings = result
    return compared, [f"{observations.space.text(f.key)}: {f.text}" for f in findings]


def sector(office, value, region="SW", period="2010-01"):
    return {"component": "USBP", "region": region, "office": office}, period, value


def southwest(period="2021-05", value=1, **codes):
    base = {
        "region": "SW",
        "component": "USBP",
        "demographic": "SA",
        "citizenship": "MEX",
        "title": "T8",
        "encounter_type": "APP",
    }
    return {**base, **codes}, period, value


def test_additive(observe, evidence):
    right = observe(SECTOR, sector("SDC", 3), sector("YUM", 4), sector("_T", 7))
    wrong = observe(SECTOR, sector("SDC", 3), sector("YUM", 5), sector("_T", 7))
    additive = gate("additive", dimension="office")
    assert rules.additive(evidence([right]), SECTOR, additive) == (1, [])
    assert named(rules.additive(evidence([wrong]), SECTOR, additive), wrong) == (
        1,
        ["component=USBP region=SW 2010-01: the parts add up to 8, the total printed is 7"],
    )
    assert rules.additive(evidence([wrong]), SECTOR, gate("additive", dimension="office", tolerance=1)) == (
        1,
        [],
    )


def test_additive_misses_a_total_that_the_series_has_in_other_months(observe, evidence):
    lost = observe(SECTOR, sector("SDC", 3), sector("_T", 3), sector("SDC", 4, period="2010-02"))
    assert named(rules.additive(evidence([lost]), SECTOR, gate("additive", dimension="office")), lost) == (
        2,
        ["component=USBP region=SW 2010-02: the parts add up to 4, the total printed is 0"],
    )


def test_additive_allows_half_a_rounding_step_for_each_code_and_the_total(observe, evidence):
    def year(total):
        rows = [({"component": "USBP", "office": office}, "FY2010", 10) for office in ("SDC", "YUM", "TCA")]
        return observe(OHSS, *rows, ({"component": "USBP"}, "FY2010", total))

    additive = gate("additive", dimension="office")
    assert rules.additive(evidence([year(50)]), OHSS, additive) == (1, [])
    assert len(rules.additive(evidence([year(60)]), OHSS, additive)[1]) == 1


def test_additive_of_some_parts_and_another_whole(observe, evidence):
    rule = gate("additive", dimension="office", parts=("SDC", "YUM"), whole="TCA")
    # the published total and other codes take no part
    right = observe(
        SECTOR, sector("SDC", 3), sector("YUM", 4), sector("TCA", 7), sector("_T", 99), sector("ELC", 5)
    )
    wrong = observe(SECTOR, sector("SDC", 3), sector("YUM", 5), sector("TCA", 7))
    assert rules.additive(evidence([right]), SECTOR, rule) == (1, [])
    assert named(rules.additive(evidence([wrong]), SECTOR, rule), wrong) == (
        1,
        ["component=USBP region=SW office=TCA 2010-01: the parts add up to 8, the total printed is 7"],
    )


def test_additive_looks_at_certain_cells_only(observe, evidence):
    cells = observe(
        SECTOR,
        sector("SDC", 3),
        sector("_T", 9),
        sector("BLW", 4, "NORTH"),
        sector("_T", 4, "NORTH"),
    )
    north = gate("additive", dimension="office", where={"region": ("NORTH",)})
    assert rules.additive(evidence([cells]), SECTOR, north) == (1, [])
    assert len(rules.additive(evidence([cells]), SECTOR, gate("additive", dimension="office"))[1]) == 1


@pytest.mark.parametrize("status", ["L", "Q", "O"])
def test_additive_has_nothing_to_say_where_a_part_or_the_whole_has_no_figure(observe, evidence, status):
    rule = gate("additive", dimension="office")
    part = observe(SECTOR, sector("SDC", 3), (*sector("YUM", 0), status), sector("_T", 7))
    whole = observe(SECTOR, sector("SDC", 3), sector("YUM", 4), (*sector("_T", 0), status))
    assert rules.additive(evidence([part]), SECTOR, rule) == (0, [])
    assert rules.additive(evidence([whole]), SECTOR, rule) == (0, [])


def test_additive_counts_a_part_that_cannot_exist_as_nothing(observe, evidence):
    cells = observe(SECTOR, sector("SDC", 7), (*sector("LVM", 0), "M"), sector("_T", 7))
    assert rules.additive(evidence([cells]), SECTOR, gate("additive", dimension="office")) == (1, [])


def test_additive_of_amounts_below_zero(observe, evidence):
    rule = gate("additive", dimension="office")
    right = observe(SECTOR, sector("SDC", -3), sector("YUM", 4), sector("_T", 1))
    wrong = observe(SECTOR, sector("SDC", -3), sector("YUM", 4), sector("_T", -1))
    assert rules.additive(evidence([right]), SECTOR, rule) == (1, [])
    assert named(rules.additive(evidence([wrong]), SECTOR, rule), wrong)[1] == [
        "component=USBP region=SW 2010-01: the parts add up to 1, the total printed is -1"
    ]


def test_parts_within_whole(observe, evidence):
    rule = gate("parts_within_whole", dimension="office")
    within = observe(SECTOR, sector("SDC", 3), sector("YUM", 4), sector("_T", 9))
    beyond = observe(SECTOR, sector("SDC", 3), sector("YUM", 4), sector("_T", 6))
    assert rules.parts_within_whole(evidence([within]), SECTOR, rule) == (1, [])
    assert named(rules.parts_within_whole(evidence([beyond]), SECTOR, rule), beyond) == (
        1,
        ["component=USBP region=SW 2010-01: the parts add up to 7, more than the whole of 6"],
    )
    tolerant = gate("parts_within_whole", dimension="office", tolerance=1)
    assert rules.parts_within_whole(evidence([beyond]), SECTOR, tolerant) == (1, [])


def test_parts_that_are_told_may_be_too_much_even_if_others_are_not(observe, evidence):
    cells = observe(SECTOR, sector("SDC", 8), (*sector("YUM", 0), "Q"), sector("_T", 7))
    rule = gate("parts_within_whole", dimension="office")
    assert len(rules.parts_within_whole(evidence([cells]), SECTOR, rule)[1]) == 1


def test_parts_within_a_whole_that_is_not_told(observe, evidence):
    cells = observe(SECTOR, sector("SDC", 8), (*sector("_T", 0), "Q"))
    rule = gate("parts_within_whole", dimension="office")
    assert rules.parts_within_whole(evidence([cells]), SECTOR, rule) == (0, [])


def test_months_make_year(observe, evidence):
    months = [({"component": "USBP"}, f"2010-{n:02d}", 100) for n in range(1, 10)]

    def with_year(total):
        return observe(OHSS, *months, ({"component": "USBP"}, "FY2010", total))

    rule = gate("months_make_year")
    assert rules.months_make_year(evidence([with_year(960)]), OHSS, rule) == (1, [])
    wrong = with_year(970)
    assert named(rules.months_make_year(evidence([wrong]), OHSS, rule), wrong) == (
        1,
        ["component=USBP FY2010: the months add up to 900, the year printed is 970"],
    )


def test_a_year_without_months_has_nothing_to_add_up(observe, evidence):
    months = [({"component": "USBP"}, f"{2009 if n > 9 else 2010}-{n:02d}", 10) for n in range(1, 13)]
    years = [({"component": "USBP"}, "FY2009", 500), ({"component": "USBP"}, "FY2010", 120)]
    cells = observe(OHSS, *months, *years)
    assert rules.months_make_year(evidence([cells]), OHSS, gate("months_make_year")) == (1, [])


def test_months_of_which_one_is_withheld_make_no_year(observe, evidence):
    months = [({"component": "USBP"}, f"{2009 if n > 9 else 2010}-{n:02d}", 100) for n in range(2, 13)]
    cells = observe(
        OHSS, *months, ({"component": "USBP"}, "2010-01", 0, "Q"), ({"component": "USBP"}, "FY2010", 1300)
    )
    assert rules.months_make_year(evidence([cells]), OHSS, gate("months_make_year")) == (0, [])


def test_only_the_twelve_months_of_fiscal_year_1976_make_it(observe, evidence):
    months = [({"component": "USBP"}, f"{1975 + (n > 12)}-{(n - 1) % 12 + 1:02d}", 100) for n in range(7, 22)]
    cells = observe(OHSS, *months, ({"component": "USBP"}, "FY1976", 1200))
    assert len(months) == 15
    assert rules.months_make_year(evidence([cells]), OHSS, gate("months_make_year")) == (1, [])


def test_determined(observe, evidence, standard):
    follows = next(g for g in standard.datasets[SOUTHWEST].gates if g.rule == "determined")
    right = observe(SOUTHWEST, southwest(), southwest(component="OFO", encounter_type="INA"))
    wrong = observe(SOUTHWEST, southwest(encounter_type="INA"))
    assert rules.determined(evidence([right]), SOUTHWEST, follows) == (2, [])
    assert named(rules.determined(evidence([wrong]), SOUTHWEST, follows), wrong)[1] == [
        "region=SW component=USBP demographic=SA citizenship=MEX title=T8 encounter_type=INA 2021-05: encounter_type does not follow from the other codes"
    ]


@pytest.mark.parametrize(
    ("period", "failures"), [("2020-02", 1), ("2020-03", 0), ("2023-05", 0), ("2023-06", 1)]
)
def test_only_within(observe, evidence, standard, period, failures):
    dates = next(g for g in standard.datasets[SOUTHWEST].gates if g.rule == "only_within")
    cell = observe(SOUTHWEST, southwest(period, title="T42", encounter_type="EXP"))
    assert len(rules.only_within(evidence([cell]), SOUTHWEST, dates)[1]) == failures
    zero = observe(SOUTHWEST, southwest(period, 0, title="T42", encounter_type="EXP"))
    assert rules.only_within(evidence([zero]), SOUTHWEST, dates) == (1, [])


def test_only_with(observe, evidence, standard):
    ports = next(g for g in standard.datasets[SOUTHWEST].gates if g.rule == "only_with")
    right = observe(SOUTHWEST, southwest(component="OFO", demographic="AM", encounter_type="INA"))
    wrong = observe(SOUTHWEST, southwest(demographic="AM"))
    assert rules.only_with(evidence([right]), SOUTHWEST, ports) == (1, [])
    assert named(rules.only_with(evidence([wrong]), SOUTHWEST, ports), wrong)[1] == [
        "region=SW component=USBP demographic=AM citizenship=MEX title=T8 encounter_type=APP 2021-05: occurs only with component OFO"
    ]


def state(value, period="2021-05", **codes):
    base = {"region": "SW", "state": "TX", "demographic": "SA", "citizenship": "MEX", "title": "T8"}
    return {**base, **codes}, period, value


def test_agrees_with(observe, evidence, standard):
    agrees = next(g for g in standard.datasets[STATE].gates if g.name == "southwest-total")
    table = observe(SOUTHWEST, southwest(value=4), southwest(value=3, component="OFO", encounter_type="INA"))
    right = observe(STATE, state(5), state(2, state="CA"), state(9, state="WA", region="NORTH"))
    assert agreement.agrees_with(evidence([right], [table]), STATE, agrees) == (1, [])
    wrong = observe(STATE, state(5), state(1, state="CA"))
    assert named(agreement.agrees_with(evidence([wrong], [table]), STATE, agrees), wrong) == (
        1,
        ["demographic=SA title=T8 2021-05: 6 here, 7 in cbp-encounters-southwest"],
    )
    lacking = observe(STATE, state(7), state(1, demographic="UC"))
    assert named(agreement.agrees_with(evidence([lacking], [table]), STATE, agrees), lacking)[1] == [
        "demographic=UC title=T8 2021-05: 1 here, 0 in cbp-encounters-southwest"
    ]


def test_agrees_with_adds_months_up_only_where_the_year_is_whole(observe, evidence):
    months = [({"component": "USBP"}, f"{2009 if n > 9 else 2010}-{n:02d}", 10) for n in range(1, 13)]
    begun = ({"component": "USBP"}, "2010-10", 10)
    sectors = observe(SECTOR, *months, begun)
    nation = "usbp-apprehensions-nation"
    agrees = gate("agrees_with", dataset=nation)
    right = observe(nation, ({"component": "USBP"}, "FY2010", 120), ({"component": "USBP"}, "FY2011", 999))
    assert agreement.agrees_with(evidence([sectors], [right]), SECTOR, agrees) == (1, [])
    wrong = observe(nation, ({"component": "USBP"}, "FY2010", 121))
    assert len(agreement.agrees_with(evidence([sectors], [wrong]), SECTOR, agrees)[1]) == 1


def test_agrees_with_takes_twelve_half_months_for_no_year(observe, evidence):
    halves = [
        ({}, f"2020-{n:02d}-{day}/P{days}D", 10)
        for n in range(1, 7)
        for day, days in (("01", 15), ("16", {1: 16, 2: 14, 3: 16, 4: 15, 5: 16, 6: 15}[n]))
    ]
    half_monthly, nation = "uscis-fear-receipts", "usbp-apprehensions-nation"
    cells = observe(half_monthly, *halves)
    year = observe(nation, ({"component": "USBP"}, "FY2020", 999))
    agrees = gate("agrees_with", dataset=nation)
    assert agreement.agrees_with(evidence([cells], [year]), half_monthly, agrees) == (0, [])


def test_agrees_with_has_no_sum_where_a_part_is_not_told(observe, evidence, standard):
    agrees = next(g for g in standard.datasets[STATE].gates if g.name == "southwest-total")
    table = observe(SOUTHWEST, southwest(value=7), southwest("2021-06", 7))
    here = observe(STATE, state(5), (*state(0, state="CA"), "Q"), state(7, "2021-06"))
    assert agreement.agrees_with(evidence([here], [table]), STATE, agrees) == (1, [])
    there = observe(SOUTHWEST, (*southwest(value=0), "Q"), southwest("2021-06", 8))
    (found,) = named(agreement.agrees_with(evidence([here], [there]), STATE, agrees), here)[1]
    assert found == "demographic=SA title=T8 2021-06: 7 here, 8 in cbp-encounters-southwest"


@pytest.mark.parametrize("months", [11, 12])
def test_agrees_with_takes_no_less_than_twelve_months_for_a_year(observe, evidence, months):
    figures = [
        ({"component": "USBP"}, f"{2009 if n > 9 else 2010}-{n:02d}", 10) for n in range(1, months + 1)
    ]
    nation = observe("usbp-apprehensions-nation", ({"component": "USBP"}, "FY2010", 999))
    agrees = gate("agrees_with", dataset="usbp-apprehensions-nation")
    compared, found = agreement.agrees_with(evidence([observe(SECTOR, *figures)], [nation]), SECTOR, agrees)
    assert (compared, len(found)) == ((1, 1) if months == 12 else (0, 0))


def test_year_between_months(observe, evidence):
    month, year = "ice-detention-adp-month", "ice-detention-adp-year"
    months = observe(
        month, *(({"component": "ICE"}, f"{2019 if n > 9 else 2020}-{n:02d}", 100 + n) for n in range(1, 13))
    )
    rule = gate("year_between_months", dataset=year)
    inside = observe(year, ({"component": "ICE"}, "FY2020", 105), ({"component": "ICE"}, "FY2021", 1))
    assert rules.year_between_months(evidence([months], [inside]), month, rule) == (1, [])
    outside = observe(year, ({"component": "ICE"}, "FY2020", 113))
    assert named(rules.year_between_months(evidence([months], [outside]), month, rule), months) == (
        1,
        ["component=ICE FY2020: 113 in ice-detention-adp-year, the months lie between 101 and 112"],
    )


@pytest.mark.parametrize("hidden", ["", "2020-03", "FY2020"])
@pytest.mark.parametrize("months", [11, 12])
def test_year_between_months_needs_a_figure_of_the_year_and_of_all_twelve(observe, evidence, months, hidden):
    month, year = "ice-detention-adp-month", "ice-detention-adp-year"

    def cell(period, value):
        return {"component": "ICE"}, period, *((0, "Q") if period == hidden else (value,))

    names = [f"{2019 if n > 9 else 2020}-{n:02d}" for n in range(1, months + 1)]
    cells = observe(month, *(cell(name, 100) for name in names))
    yearly = observe(year, cell("FY2020", 999))
    rule = gate("year_between_months", dataset=year)
    compared, found = rules.year_between_months(evidence([cells], [yearly]), month, rule)
    whole = months == 12 and not hidden
    assert (compared, len(found)) == ((1, 1) if whole else (0, 0))


def test_check_values_never_add_up_an_average(observe, evidence):
    month = "ice-detention-adp-month"
    months = observe(month, *(({"component": "ICE"}, f"2020-{n:02d}", 100) for n in range(1, 10)))
    check = Check("CV1", "FY2020", 900, "persons_per_day", "A", "a page", month)
    assert len(rules.check_values(evidence([months], checks=(check,)), month, gate("check_values"))[1]) == 1


def test_closed_years(observe, evidence):
    closed = observe(STATE, state(5), state(6, "2021-06"))
    rule = gate("closed_years")
    assert revision_rules.closed_years(evidence([closed, closed]), STATE, rule) == (2, [])
    revised = observe(STATE, state(5), state(7, "2021-06"))
    compared, findings = revision_rules.closed_years(evidence([closed, revised]), STATE, rule)
    assert (compared, [f.text for f in findings]) == (
        2,
        ["closed in the file as of 2024-01-28, yet changed by +1"],
    )
    open_year = observe(STATE, (*state(5), "P"), (*state(6, "2021-06"), "P"))
    assert revision_rules.closed_years(evidence([open_year, revised]), STATE, rule) == (0, [])


def test_check_values(observe, evidence):
    def check(value, tolerance=0, key=None):
        return Check("CV1", "FY2021", value, "events", "A", "a page", STATE, key or {}, tolerance)

    cells = observe(
        STATE, state(5), state(6, "2021-06"), state(8, "2021-10"), state(2, region="NORTH", state="WA")
    )
    rule = gate("check_values")
    assert rules.check_values(evidence([cells], checks=(check(13),)), STATE, rule) == (1, [])
    assert rules.check_values(evidence([cells], checks=(check(10, 3),)), STATE, rule) == (1, [])
    assert rules.check_values(evidence([cells], checks=(check(11, key={"region": "SW"}),)), STATE, rule) == (
        1,
        [],
    )
    wrong = rules.check_values(evidence([cells], checks=(check(14),)), STATE, rule)
    assert named(wrong, cells) == (1, ["FY2021: CV1: 14 published, 13 here; a page"])


def test_a_check_value_does_not_come_out_of_figures_that_are_not_told(observe, evidence):
    cells = observe(STATE, state(5), (*state(0, "2021-06"), "Q"))
    checks = (Check("CV1", "FY2021", 5, "events", "A", "a page", STATE, {}),)
    assert named(
        rules.check_values(evidence([cells], checks=checks), STATE, gate("check_values")), cells
    ) == (
        1,
        ["FY2021: CV1: 5 published, no figure here; a page"],
    )


def test_codes_valid(observe, evidence):
    livermore = sector("LVM", 1, "COASTAL", "2005-09"), sector("LVM", 0, "COASTAL", "2005-10")
    assert rules.codes_valid(evidence([observe(SECTOR, *livermore)]), SECTOR, gate("codes_valid")) == (6, [])
    late = observe(SECTOR, sector("LVM", 1, "COASTAL", "2005-10"))
    assert named(rules.codes_valid(evidence([late]), SECTOR, gate("codes_valid")), late)[1] == [
        "component=USBP region=COASTAL office=LVM 2005-10: office LVM is valid from ever to 2005-09-30"
    ]


def test_revisions_recorded_fails_if_the_log_loses_one_change(observe, evidence):
    seen = evidence(
        [observe(STATE, state(5), state(6, "2021-06")), observe(STATE, state(5), state(7, "2021-06"))]
    )
    rule = gate("revisions_recorded")
    assert revision_rules.revisions_recorded(seen, STATE, rule) == (4, [])
    found = seen.changes[STATE]
    forgotten = found.where(np.zeros(len(found), bool))
    blind = Evidence(seen.histories, {STATE: forgotten}, (), seen.statuses)
    assert [f.text for f in revision_rules.revisions_recorded(blind, STATE, rule)[1]] == [
        "the log does not lead to the figures of file-1.csv"
    ]


@pytest.mark.parametrize("column", ["new", "after", "key"])
def test_revisions_recorded_fails_if_the_log_says_anything_else(observe, evidence, column):
    seen = evidence(
        [observe(STATE, state(5), state(value, "2021-06"), state(4, "2021-07")) for value in (6, 7, 7)]
    )
    rule = gate("revisions_recorded")
    assert revision_rules.revisions_recorded(seen, STATE, rule) == (9, [])
    found = seen.changes[STATE]
    assert len(found) == 1
    wrong = dataclasses.replace(found, **{column: getattr(found, column) + 1})
    other = Evidence(seen.histories, {STATE: wrong}, (), seen.statuses)
    assert revision_rules.revisions_recorded(other, STATE, rule)[1]


@pytest.mark.parametrize("column", ["value", "first", "status"])
def test_revisions_recorded_fails_if_the_history_is_not_what_the_editions_say(observe, evidence, column):
    seen = evidence([observe(STATE, state(5), state(value, "2021-06")) for value in (6, 7)])
    history = seen.histories[STATE]
    changed = getattr(history, column).copy()
    changed[-1] += 1 if column != "first" else -1
    wrong = dataclasses.replace(history, **{column: changed})
    other = Evidence({STATE: wrong}, seen.changes, (), seen.statuses)
    assert revision_rules.revisions_recorded(other, STATE, gate("revisions_recorded"))[1]


MONEY = "contract-obligations"


def contract(value, period="2021-05", agency="CBP", *, status="A"):
    codes = {"contracting_agency": agency, "spending_category": "SERVICES", "wall_text": "NONE"}
    return codes, period, value, status


def test_amounts_below_zero_are_revised_like_others(observe, evidence):
    first = observe(MONEY, contract(-1), contract(-5, "2021-06"), contract(0, agency="ICE"))
    second = observe(MONEY, contract(1), contract(-7, "2021-06", "ICE"), contract(-1, agency="ICE"))
    seen = evidence([first, second])
    found = seen.changes[MONEY]
    space = found.space
    said = {
        f"{space.codes(int(key))['contracting_agency']} {periods.text(int(space.period(np.array([key]))[0]))}": (
            int(delta),
            KINDS[kind],
        )
        for key, delta, kind in zip(found.key, found.delta, found.kind, strict=True)
    }
    assert said == {
        "CBP 2021-05": (2, "changed"),
        "CBP 2021-06": (5, "vanished"),
        "ICE 2021-05": (-1, "changed"),
        "ICE 2021-06": (-7, "new"),
    }
    assert revision_rules.revisions_recorded(seen, MONEY, gate("revisions_recorded")) == (6, [])
    assert net_by_kind(found)["changed"] == (2, 0.01, 0.03)
    closed = revision_rules.closed_years(seen, MONEY, gate("closed_years"))
    assert sorted(finding.text for finding in closed[1]) == [
        f"closed in the file as of 2024-01-28, yet changed by {delta}" for delta in ("+2", "+5", "-1", "-7")
    ]


@pytest.mark.parametrize("value", [-1, 0, 1])
def test_an_amount_that_appears_is_never_taken_for_one_that_was_there(observe, evidence, value):
    first = observe(MONEY, contract(3))
    second = observe(MONEY, contract(3), contract(value, agency="ICE"))
    for files, old_is_missing in (([first, second], True), ([second, first], False)):
        seen = evidence(files)
        found = seen.changes[MONEY]
        assert [bool(found.old[0] == MISSING), bool(found.new[0] == MISSING)] == [
            old_is_missing,
            not old_is_missing,
        ]
        assert revision_rules.revisions_recorded(seen, MONEY, gate("revisions_recorded")) == (3, [])


def test_every_rule_is_a_function():
    assert set(RULES) == {*get_args(AnyGate), *map(type, EVERY_DATASET)}

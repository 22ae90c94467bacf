"""Every rule lets right figures pass and names the wrong cell: no gate that cannot fail."""

import numpy as np
import pytest

from borderstats.release import rules
from borderstats.standard.model import Check, Gate

SECTOR, OHSS = "usbp-encounters-sector", "ohss-usbp-encounters"
SOUTHWEST, STATE = "cbp-encounters-southwest", "cbp-encounters-state"


def gate(rule, **parameters):
    return Gate(name="tried", rule=rule, sentence="", **parameters)


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
    assert rules.agrees_with(evidence([right], [table]), STATE, agrees) == (1, [])
    wrong = observe(STATE, state(5), state(1, state="CA"))
    assert named(rules.agrees_with(evidence([wrong], [table]), STATE, agrees), wrong) == (
        1,
        ["demographic=SA title=T8 2021-05: 6 here, 7 in cbp-encounters-southwest"],
    )
    lacking = observe(STATE, state(7), state(1, demographic="UC"))
    assert named(rules.agrees_with(evidence([lacking], [table]), STATE, agrees), lacking)[1] == [
        "demographic=UC title=T8 2021-05: 1 here, 0 in cbp-encounters-southwest"
    ]


def test_agrees_with_adds_months_up_only_where_the_year_is_whole(observe, evidence):
    months = [({"component": "USBP"}, f"{2009 if n > 9 else 2010}-{n:02d}", 10) for n in range(1, 13)]
    begun = ({"component": "USBP"}, "2010-10", 10)
    sectors = observe(SECTOR, *months, begun)
    nation = "usbp-apprehensions-nation"
    agrees = gate("agrees_with", dataset=nation)
    right = observe(nation, ({"component": "USBP"}, "FY2010", 120), ({"component": "USBP"}, "FY2011", 999))
    assert rules.agrees_with(evidence([sectors], [right]), SECTOR, agrees) == (1, [])
    wrong = observe(nation, ({"component": "USBP"}, "FY2010", 121))
    assert len(rules.agrees_with(evidence([sectors], [wrong]), SECTOR, agrees)[1]) == 1


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


def test_check_values_never_add_up_an_average(observe, evidence):
    month = "ice-detention-adp-month"
    months = observe(month, *(({"component": "ICE"}, f"2020-{n:02d}", 100) for n in range(1, 10)))
    check = Check("CV1", "FY2020", 900, "persons_per_day", "A", "a page", month)
    assert len(rules.check_values(evidence([months], checks=(check,)), month, gate("additive"))[1]) == 1


def test_closed_years(observe, evidence):
    closed = observe(STATE, state(5), state(6, "2021-06"))
    rule = gate("closed_years")
    assert rules.closed_years(evidence([closed, closed]), STATE, rule) == (2, [])
    revised = observe(STATE, state(5), state(7, "2021-06"))
    compared, findings = rules.closed_years(evidence([closed, revised]), STATE, rule)
    assert (compared, [f.text for f in findings]) == (
        2,
        ["closed in the file as of 2024-01-28, yet changed by +1"],
    )
    open_year = observe(STATE, (*state(5), "P"), (*state(6, "2021-06"), "P"))
    assert rules.closed_years(evidence([open_year, revised]), STATE, rule) == (0, [])


def test_check_values(observe, evidence):
    def check(value, tolerance=0, key=None):
        return Check("CV1", "FY2021", value, "events", "A", "a page", STATE, key or {}, tolerance)

    cells = observe(
        STATE, state(5), state(6, "2021-06"), state(8, "2021-10"), state(2, region="NORTH", state="WA")
    )
    rule = gate("additive")
    assert rules.check_values(evidence([cells], checks=(check(13),)), STATE, rule) == (1, [])
    assert rules.check_values(evidence([cells], checks=(check(10, 3),)), STATE, rule) == (1, [])
    assert rules.check_values(evidence([cells], checks=(check(11, key={"region": "SW"}),)), STATE, rule) == (
        1,
        [],
    )
    wrong = rules.check_values(evidence([cells], checks=(check(14),)), STATE, rule)
    assert named(wrong, cells) == (1, ["FY2021: CV1: 14 published, 13 here; a page"])


def test_codes_valid(observe, evidence):
    livermore = sector("LVM", 1, "COASTAL", "2005-09"), sector("LVM", 0, "COASTAL", "2005-10")
    assert rules.codes_valid(evidence([observe(SECTOR, *livermore)]), SECTOR, gate("additive")) == (6, [])
    late = observe(SECTOR, sector("LVM", 1, "COASTAL", "2005-10"))
    assert named(rules.codes_valid(evidence([late]), SECTOR, gate("additive")), late)[1] == [
        "component=USBP region=COASTAL office=LVM 2005-10: office LVM is valid from ever to 2005-09-30"
    ]


def test_revisions_recorded_fails_if_the_log_loses_one_change(observe, evidence):
    seen = evidence(
        [observe(STATE, state(5), state(6, "2021-06")), observe(STATE, state(5), state(7, "2021-06"))]
    )
    rule = gate("additive")
    assert rules.revisions_recorded(seen, STATE, rule) == (4, [])
    found = seen.changes[STATE]
    forgotten = type(found)(
        found.space,
        *(
            np.zeros(0, c.dtype)
            for c in (found.key, found.old, found.new, found.before, found.after, found.kind)
        ),
    )
    blind = rules.Evidence(seen.histories, {STATE: forgotten}, (), seen.provisional)
    assert [f.text for f in rules.revisions_recorded(blind, STATE, rule)[1]] == [
        "the log does not lead to the figures of file-1.csv"
    ]


def test_every_rule_of_the_standard_is_a_function_here(standard):
    used = {g.rule for dataset in standard.datasets.values() for g in dataset.gates}
    assert used <= set(rules.RULES)

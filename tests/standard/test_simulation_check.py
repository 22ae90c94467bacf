"""Each contradiction of simulation.toml is reported with its place; a standard can do without the file."""

import re

import pytest

from borderstats.standard.load import load

FILE = "simulation.toml"

ONE = {
    # the published tables
    "a dataset that is none": (
        'cells = "cbp-encounters-state"', 'cells = "cbp-encounters-states"',
        "$.margins.cells: no dataset 'cbp-encounters-states'; known are cbp-",
    ),
    "a table without the dimensions of cells": (
        'cells = "cbp-encounters-state"', 'cells = "usbp-encounters-sector"',
        "$.margins.cells: usbp-encounters-sector has no dimension 'demographic'; it has ",
    ),
    "a table of another unit": (
        'dataset = "cbp-encounters-southwest"', 'dataset = "usbp-deaths-southwest-sector"',
        "$.margins.exact.dataset: usbp-deaths-southwest-sector is no flow of whole EVENTS, as encounters are",
    ),
    "a stock": (
        'dataset = "cbp-encounters-southwest"', 'dataset = "ice-detained-day"',
        "$.margins.exact.dataset: ice-detained-day is no flow of whole EVENTS",
    ),
    "a region where the table is by region": (
        'component = "USBP"\n', 'component = "USBP"\nregion = "SW"\n',
        "$.margins.offices[0].region: ohss-usbp-encounters is by region itself; leave it out",
    ),
    "no region where the table is not by region": (
        'component = "OFO"\nregion = "SW"\n', 'component = "OFO"\n',
        "$.margins.offices[1].region: ohss-encounters-southwest is not by region; say of which region it is",
    ),
    "an optional code that is none": (
        'component = "OFO"\nregion = "SW"\n', 'component = "OFO"\nregion = "WEST"\n',
        "$.margins.offices[1].region: no code 'WEST' in codelists/region.csv",
    ),
    "regions of a table that is none": (
        "{ ohss-usbp-encounters = {", "{ ohss-usbp = {",
        "$.margins.regions: 'ohss-usbp' is none of the tables cbp-encounters-state, cbp-encounters-southwest, ",
    ),
    "two regions with one code": (
        '{ OTHER = "COASTAL" }', '{ OTHER = "COASTAL", AIR = "COASTAL" }',
        "$.margins.regions.ohss-usbp-encounters: two regions have one code there",
    ),
    "one component": (
        'components = ["USBP", "OFO"]', 'components = ["OFO", "OFO"]',
        "$.margins.components: OFO stands there twice; name two components",
    ),
    # codes, wherever they stand
    "a code of a list": (
        'types = ["APP", "INA"]', 'types = ["APP", "IN"]', "$.mistakes.types[1]: no code 'IN' in codelists/encounter_type.csv",
    ),
    "a code as a name": (
        "TO_ICE = 1\n", "TO_JAIL = 1\n", "$.detention.after: no code 'TO_JAIL' in codelists/event_outcome.csv",
    ),
    "a code within a table": (
        "BOND_IJ = 0.25", "BOND_XX = 0.25",
        "$.detention.reasons.RELEASE: no code 'BOND_XX' in codelists/release_reason.csv",
    ),
    "a code in a variant": (
        "CLOSED = 0.15", "SHUT = 0.15", "$.screenings[0].results: no code 'SHUT' in codelists/fear_result.csv",
    ),
    "a total": (
        'others = "O4"', 'others = "_T"',
        "$.margins.exact.others: _T is no code of single records; name another one of codelists/citizenship.csv",
    ),
    "an unknown": (
        'otherwise = "OTHER_REMOVAL"', 'otherwise = "_U"', "$.repatriation.otherwise: _U is no code of single records",
    ),
    # entries with `when`
    "a field that not every encounter has": (
        'when = { component = ["USBP"], title = ["T42"] }', 'when = { office = ["USBP.SDC"] }',
        "$.persons.returning[0].when: no field 'office' that every encounter has; they are component, region, ",
    ),
    "a code that is none in when": (
        'when = { component = ["USBP"], title = ["T42"] }', 'when = { component = ["BP"] }',
        "$.persons.returning[0].when.component: no code 'BP' in codelists/component.csv",
    ),
    "a when outside of a list": (
        '[entry]\nwhen = { component = ["USBP"] }', '[entry]\nwhen = { component = ["BP"] }',
        "$.entry.when.component: no code 'BP'",
    ),
    "no code in when": (
        'when = { component = ["USBP"], title = ["T42"] }', "when = { component = [] }",
        "$.persons.returning[0].when.component: name at least one code, or leave it out",
    ),
    "an entry that never counts": (
        'when = { component = ["USBP"], title = ["T42"] }', 'when = { component = ["USBP"] }',
        "$.persons.returning[1]: never counts, for [0] fits all of its encounters; put it before",
    ),
    "encounters without ages": (
        "[[persons.ages]]\nyears = ", '[[persons.ages]]\nwhen = { demographic = ["FMUA"] }\nyears = ',
        "$.persons.ages: every encounter needs an entry; let the last one have no when",
    ),
    # numbers
    "shares of more than a whole": (
        "NTA_RELEASED = 0.27", "NTA_RELEASED = 0.37",
        "$.dispositions.first[0].outcomes: the shares add up to 1.08; they must add up to 1 at most",
    ),
    "shares of less than a whole": (
        "1325 = 0.45", "1325 = 0.25", "$.prosecution.statutes: the shares add up to 0.8; they must add up to 1",
    ),
    "levels that fall": (
        "levels = [0, 0.1,", "levels = [0, 0.3,", "$.levels: shares must rise from 0 to 1",
    ),
    "levels that end before 1": (
        "0.99, 1]", "0.99, 0.999]", "$.levels: shares must rise from 0 to 1",
    ),
    "a value too few": (
        "hours = [1, 8, 16,", "hours = [1, 16,", "$.dispositions.waits[1].hours: 7 values for 8 levels; give one for each",
    ),
    "values that fall": (
        "hours = [1, 8, 16,", "hours = [1, 18, 16,",
        "$.dispositions.waits[1].hours: the values of a distribution do not fall from one level to the next",
    ),
    "an age above the oldest": (
        "17, 17, 17]\nyoungest = 0\noldest = 17", "17, 17, 17]\nyoungest = 0\noldest = 16",
        "$.persons.ages[1]: years must lie from youngest to oldest",
    ),
    "two screenings after one disposition": (
        'disposition = "REINSTATEMENT"', 'disposition = "CREDIBLE_FEAR"',
        "$.screenings[1].disposition: CREDIBLE_FEAR has a screening already; it can have one",
    ),
    "one type": (
        'types = ["APP", "INA"]', 'types = ["APP", "APP"]', "$.mistakes.types: APP stands there twice; name two types",
    ),
}  # fmt: skip

SHAPE = {
    "a share above 1": ("remembered = 0.5", "remembered = 1.5", "$.persons.remembered: "),
    "a share that is no number": ("remembered = 0.5", "remembered = nan", "$.persons.remembered: "),
    "a share in a table": ("TO_ICE = 1\n", "TO_ICE = -1\n", "$.detention.after.TO_ICE: "),
    "an infinite value": ("1_200]", "inf]", "$.later.days[7]: "),
    "no place": ("places = 120", "places = 0", "$.detention.places: "),
    "a share of all": ("largest_share = 0.999", "largest_share = 1", "$.margins.rounded.largest_share: "),
    "no screening": ('[[screenings]]\ntiming = "after"\nkind = "CREDIBLE"', "", "$."),
    "an unknown variant": ('timing = "before"', 'timing = "during"', "$.screenings[2].timing: no timing 'during'; known are after, before"),
    "a field of another variant": ("referred = 0.1", "referred = 0.1\ndays = [0, 1]", "$.screenings[2]: no field 'days' with timing 'before'; known are "),
    "a field that is lacking": ("gap_hours = 12\n", "", "$.persons: the field 'gap_hours' is missing"),
    "a field too many": ("gap_hours = 12\n", "gap_hours = 12\ngap_days = 1\n", "$.persons: no field 'gap_days'; known are "),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reported"), ONE.values(), ids=ONE)
def test_what_contradicts_is_reported(copy, old, new, reported):
    copy.replace(FILE, old, new)
    assert any(line.startswith(f"{FILE}: {reported}") for line in copy.findings), copy.findings


@pytest.mark.parametrize(("old", "new", "reported"), SHAPE.values(), ids=SHAPE)
def test_what_cannot_be_read_is_reported(copy, old, new, reported):
    copy.replace(FILE, old, new)
    [line] = copy.findings
    assert line.startswith(f"{FILE}: ")
    assert reported in line


FAMILIES = {
    "a field that is not there": (
        'name = "demographic"', 'name = "group"', "has no field 'demographic', which is made",
    ),
    "a field that is required": (
        'name = "demographic"', 'name = "group"\nrequired = true', ": group is required, and is not made",
    ),
    "a field of another concept": (
        'concept = "demographic"', 'concept = "region"', ": demographic is made of codes of demographic, and is otherwise there",
    ),
    "a field with a concept": (
        'name = "place"\nlabel = "Place of custody"\ntype = "text"',
        'name = "place"\nlabel = "Place of custody"\ntype = "code"\nconcept = "facility"',
        ": place is made without codes, and is otherwise there",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reported"), FAMILIES.values(), ids=FAMILIES)
def test_families_that_are_made_otherwise_are_reported(copy, old, new, reported):
    copy.replace("records/custody.toml", old, new)
    reported = f"{FILE}: records/custody.toml{'' if reported.startswith(':') else ' '}{reported}"
    assert reported in copy.findings


def test_a_family_that_is_not_there(copy):
    (copy.folder / "records/screening.toml").unlink()
    for path in (copy.folder / "tables").glob("*.toml"):
        if 'family = "screening"' in path.read_text("utf-8"):
            path.unlink()
    assert (
        "simulation.toml: no family 'screening', of which records are made; describe it in records/screening.toml"
        in copy.findings
    )


def test_a_list_that_is_too_long(copy):
    copy.append("codelists/demographic.csv", "".join(f"X{n},X{n},X{n},,,,,,,,,\n" for n in range(600)))
    assert (
        "simulation.toml: $.margins.cells: demographic has more than 512 codes, which the margins cannot hold"
        in copy.findings
    )


def test_the_file_may_be_absent(copy):
    (copy.folder / FILE).unlink()
    assert load(copy.folder).simulation is None


def test_every_number_is_marked_as_invented(standard_folder):
    """A number stands below a comment that says so, but for the levels and what is a fact."""
    facts = {"levels = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1]", "elsewhere = 0"}
    marked, comment = False, []
    for line in (standard_folder / FILE).read_text("utf-8").splitlines():
        if line.startswith("#"):
            comment.append(line)
            continue
        if comment:
            marked, comment = any("Invented:" in words for words in comment), []
        if re.search(r"= .*\d", re.sub(r'"[^"]*"', "", line)):
            assert marked or line in facts, line

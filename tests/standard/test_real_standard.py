"""The standard that is published here: what every list, dataset and source of it must have."""

import re

import pytest

from borderstats import periods
from borderstats.standard.codelists import TOTAL, UNKNOWN

WITHOUT_TOTAL = {"obs_status", "unit", "freq", "month"}

OTHERS = {"O4", "O21", "OHSS_OTHER", "OHSS_OTHER_100", "YEARBOOK_OTHER"}
"""Each publisher's group of remaining citizenships."""

FORMER = {"ANT": "ANHH", "CSK": "CSHH", "SCG": "CSXX", "SUN": "SUHH", "YUG": "YUCS"}
"""Former states, with their codes in ISO 3166-3."""


def test_its_parts(standard):
    fed = {name for source in standard.sources.values() for name in source.feeds}
    assert fed == {name for name, dataset in standard.datasets.items() if not dataset.empty}
    assert {concept.codelist for concept in standard.concepts.values()} < set(standard.codelists)
    assert re.fullmatch("[0-9a-f]{64}", standard.hash)


def test_every_list_of_a_dimension_has_a_total_and_an_unknown(standard):
    for codelist in standard.codelists.values():
        if codelist.id not in WITHOUT_TOTAL:
            assert {TOTAL, UNKNOWN} <= set(codelist.numbers), codelist.id


def test_every_dimension_has_a_list(standard):
    for dataset in standard.datasets.values():
        for concept in dataset.concepts:
            assert standard.codelist_of(concept).codes


def test_every_code_has_a_label_in_english_and_spanish(standard):
    for codelist in standard.codelists.values():
        for code in codelist.codes:
            assert code.label_en.strip(), (codelist.id, code.id)
            assert code.label_es.strip(), (codelist.id, code.id)


def test_every_citizenship_but_the_groups_has_an_iso_3166_code(standard):
    codes = standard.codelists["citizenship"].codes
    without = {code.code for code in codes if not code.iso3166}
    assert without == {*OTHERS, "KOREA", TOTAL, UNKNOWN}
    countries = [code for code in codes if code.iso3166]
    former = {code.code: code.iso3166 for code in countries if code.code != code.iso3166}
    assert former == FORMER
    assert all(re.fullmatch("[A-Z]{3}", code.iso3166) for code in countries if code.code not in former)
    assert len({code.iso3166 for code in countries}) == len(countries)


def test_no_group_of_citizenships_has_an_alias(standard):
    for code in OTHERS:
        assert standard.codelists["citizenship"][code].aliases == ()


def test_no_region_of_the_world_is_a_citizenship(standard):
    regions = [code for code in standard.codelists["world_region"].codes if code.code not in (TOTAL, UNKNOWN)]
    for region in regions:
        for label in (region.code, region.label_en, *region.aliases):
            assert standard.codelists["citizenship"].find(label) is None, label


@pytest.mark.parametrize(
    ("codelist", "label"), [("citizenship", "Other"), ("repatriation_type", "Withdrawals")]
)
def test_an_ambiguous_label_means_nothing(standard, codelist, label):
    assert standard.codelists[codelist].find(label) is None


def test_a_list_whose_codes_are_parts_of_each_other_has_no_circle(standard):
    for concept in standard.concepts.values():
        if concept.parents and standard.concepts[concept.parents].codelist == concept.codelist:
            parent = {code.code: code.parent for code in standard.codelists[concept.codelist].codes}
            for code in parent:
                above = [code]
                while parent[above[-1]]:
                    assert parent[above[-1]] not in above, (concept.codelist, code)
                    above.append(parent[above[-1]])


def test_the_months_are_the_twelve(standard):
    assert [code.code for code in standard.codelists["month"].codes] == [str(n) for n in range(1, 13)]


def test_a_status_says_whether_a_figure_stands_with_it_as_its_note_does(standard):
    for status in standard.statuses.all:
        assert (status.figure == "no") == status.note.startswith("Missing:"), status.code


def test_every_dataset_is_fed_by_a_source(standard):
    fed = {name for source in standard.sources.values() for name in source.feeds}
    assert fed == {name for name, dataset in standard.datasets.items() if not dataset.empty}


def test_every_dataset_says_what_it_counts_in_both_languages(standard):
    for dataset in standard.datasets.values():
        assert dataset.counts.endswith(".")
        assert dataset.title
        assert dataset.title_es
        assert dataset.title_es != dataset.title
        assert dataset.unit in standard.codelists["unit"].numbers


def test_every_gate_has_a_sentence(standard):
    for dataset in standard.datasets.values():
        for gate in dataset.gates:
            assert gate.sentence.endswith("."), (dataset.id, gate.name)


def test_every_waiver_has_a_reason_and_evidence(standard):
    for waiver in standard.waivers:
        assert waiver.reason
        assert waiver.evidence


@pytest.mark.parametrize("kind", ["breaks", "checks", "waivers"])
def test_ids_are_given_once(standard, kind):
    ids = [entry.id for entry in getattr(standard, kind)]
    assert len(ids) == len(set(ids))


def test_every_source_column_stands_there_once(standard):
    for source in standard.sources.values():
        names = [column.name for column in source.columns]
        assert len(names) == len(set(names)), source.id


def test_every_check_value_with_a_dataset_is_at_a_period_it_can_hold(standard):
    for check in standard.checks:
        if check.dataset:
            assert 0 < periods.parse(check.period) < periods.SPAN
            assert check.value >= 0

"""The margins of the cells, and of the records made from them, are the published figures."""

from collections import Counter
from dataclasses import fields

import numpy as np
import pyarrow.compute as pc
import pytest
from pyarrow import parquet

from borderstats import periods
from borderstats.simulate.margins import NO_OFFICE, Cells

pytestmark = pytest.mark.slow

STATE, SOUTHWEST = "cbp-encounters-state", "cbp-encounters-southwest"
OHSS_SOUTHWEST, OHSS_BORDER_PATROL = "ohss-encounters-southwest", "ohss-usbp-encounters"
ROUNDING = 5
OTHER_PUBLISHER = 30
"""OHSS and CBP count the southwest border's Border Patrol apart by up to this many events a month."""


def table(observations, dataset, *by):
    """The published monthly figures by some dimensions, straight from the observations, as codes."""
    chosen = observations[dataset]
    space = chosen.space
    columns = {
        d.concept: [space.codelists[d.concept].codes[n].code for n in space.digit(chosen.key, d.concept)]
        for d in space.dataset.dimensions
        if d.concept in by or d.total == "published"
    }
    months = [periods.text(int(period)) for period in space.period(chosen.key)]
    found = Counter()
    for row, value in enumerate(chosen.value.tolist()):
        codes = {name: column[row] for name, column in columns.items()}
        if len(months[row]) == len("2024-09") and all((codes[c] == "_T") != (c in by) for c in codes):
            found[(months[row], *(codes[name] for name in by))] += value
    return found


def margin(standard, cells, *by, **where):
    """The cells added up by some columns, as codes."""
    columns = {
        name: [standard.codelist_of(name).codes[place].code for place in getattr(cells, name)]
        for name in {*by, *where}
    }
    found = Counter()
    for row, count in enumerate(cells.count.tolist()):
        if all(columns[name][row] == code for name, code in where.items()):
            month = periods.text(int(cells.month[row]))
            found[(month, *(columns[name][row] for name in by))] += count
    return found


def positive(figures):
    return {key: value for key, value in figures.items() if value}


def months_of(observations, dataset):
    return {key[0] for key in table(observations, dataset)}


def test_every_cell_of_the_state_table_is_met_exactly(standard, observations, cells):
    """In the months that no table lacks which the cells need: OHSS's ends first."""
    by = ("region", "title", "demographic", "citizenship")
    common = set.intersection(
        *(months_of(observations, one) for one in (STATE, SOUTHWEST, OHSS_BORDER_PATROL))
    )
    assert max(common) == max(months_of(observations, OHSS_BORDER_PATROL))
    wanted = positive(table(observations, STATE, *by))
    assert margin(standard, cells, *by) == {key: value for key, value in wanted.items() if key[0] in common}


def between_files(observations, *by):
    """By how much CBP's state table has more at the southwest border than its southwest table: the two are of two days."""
    state, southwest = (table(observations, STATE, "region", *by), table(observations, SOUTHWEST, *by))
    return {key: state[key[0], "SW", *key[1:]] - value for key, value in southwest.items()}


@pytest.mark.parametrize("by", [("title", "demographic"), ("citizenship",)])
def test_the_component_is_met_exactly_where_cbp_tells_it(standard, observations, cells, by):
    """Where the newest files of the two tables differ in the sum of both components, by that and no more."""
    months = {periods.text(int(month)) for month in np.unique(cells.month)}
    off = between_files(observations, *by)
    found = margin(standard, cells, "component", *by, region="SW")
    missed = Counter()
    for (month, component, *codes), value in table(observations, SOUTHWEST, "component", *by).items():
        if month in months and codes != ["O4"]:
            more = found[month, component, *codes] - value
            assert abs(more) <= abs(off[month, *codes]), (month, component, codes)
            missed[month, *codes] += more
    assert {key: more for key, more in missed.items() if more} == {
        key: more for key, more in off.items() if more and key[0] in months and key[1:] != ("O4",)
    }
    # Both files are of days after fiscal year 2024 was over.
    assert all(key[0] > "2024-09" for key in missed if missed[key])


@pytest.mark.parametrize(("region", "published"), [("NORTH", "NORTH"), ("OTHER", "COASTAL")])
def test_the_border_patrol_elsewhere_is_met_as_ohss_rounds_it(
    standard, observations, cells, region, published
):
    wanted = table(observations, OHSS_BORDER_PATROL, "region", "demographic")
    found = margin(standard, cells, "demographic", region=region, component="USBP")
    assert found
    for (month, group), value in found.items():
        assert value == wanted[month, published, group], (month, group)


def test_offices_are_met_as_nearly_as_rounding_and_two_publishers_allow(standard, observations, cells):
    sectors = table(observations, OHSS_BORDER_PATROL, "region", "office")
    found = margin(standard, cells, "office", component="USBP")
    compared = 0
    for (month, _, office), value in sectors.items():
        if (month, office) in found:
            compared += 1
            assert abs(found[month, office] - value) <= ROUNDING + OTHER_PUBLISHER, (month, office)
    assert compared > 1000
    ports = table(observations, OHSS_SOUTHWEST, "component", "office")
    found = margin(standard, cells, "office", component="OFO", region="SW")
    published = {
        (month, office): value for (month, agency, office), value in ports.items() if agency == "OFO"
    }
    for key, value in found.items():
        if key in published:
            assert abs(value - published[key]) <= ROUNDING + OTHER_PUBLISHER, key


def test_an_office_is_missing_only_where_nobody_publishes_it(standard, cells):
    numbers = {name: standard.codelist_of(name).numbers for name in ("region", "component")}
    missing = cells.where(cells.office == NO_OFFICE)
    ofo = missing.component == numbers["component"]["OFO"]
    southwest = missing.region == numbers["region"]["SW"]
    late = missing.month >= periods.month(2024, 8)
    assert (ofo & (~southwest | late)).all()


def test_an_office_belongs_to_its_component(standard, cells):
    offices, components = (standard.codelist_of(name).codes for name in ("office", "component"))
    with_office = cells.where(cells.office != NO_OFFICE)
    for office, component in set(
        zip(with_office.office.tolist(), with_office.component.tolist(), strict=True)
    ):
        assert offices[office].scope == components[component].code


@pytest.mark.parametrize("rows", [1, 999, 250_000, 20_000_000])
def test_any_number_of_rows_keeps_months_regions_and_offices_within_one_event(cells, rows):
    scaled = cells.scaled(rows)
    assert scaled.count.sum() == rows
    edge = int(cells.count.sum())
    for depth in (1, 2, 3, 4):
        by = [field.name for field in fields(Cells)][:depth]
        exact, found = (_added_up(this, by) for this in (cells, scaled))
        for key, value in exact.items():
            assert abs(found[key] - value * rows / edge) <= 1, key


def _added_up(cells, by):
    found = Counter()
    for *key, count in zip(*(getattr(cells, name).tolist() for name in (*by, "count")), strict=True):
        found[tuple(key)] += count
    return found


def test_whole_multiples_of_the_published_number_are_exact(cells):
    twice = cells.scaled(2 * int(cells.count.sum()))
    assert twice.count.tolist() == (2 * cells.count).tolist()


def test_the_records_have_the_margins_of_their_cells(standard, cells, made):
    read = parquet.read_table(made.files["encounter"])
    scaled = cells.scaled(read.num_rows)
    for column in ("component", "title", "region", "demographic", "citizenship"):
        found = Counter(
            zip(
                pc.strftime(read["encounter_time"], "%Y-%m").to_pylist(),
                read[column].to_pylist(),
                strict=True,
            )
        )
        assert found == margin(standard, scaled, column)
    with_office = scaled.where(scaled.office != NO_OFFICE)
    offices = Counter(
        (month, office)
        for month, office in zip(
            pc.strftime(read["encounter_time"], "%Y-%m").to_pylist(), read["office"].to_pylist(), strict=True
        )
        if office
    )
    assert offices == margin(standard, with_office, "office")

"""The codes of a table's rows against looking each of them up by itself."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.intake.codes import CodeReader
from borderstats.intake.raw import Labels
from borderstats.observations import KeySpace
from borderstats.standard.codelists import Code, CodeList
from borderstats.standard.columns import DimensionColumn, FigureColumn

DATASET = "usbp-encounters-sector"
"""A dataset whose offices have a scope: the component."""

COMPONENTS = ("USBP", "OFO", "Border Patrol", "nobody")
OFFICES = ("San Diego", "El Paso", "Miami", "SDC", "Livermore", "nowhere", "", "Total")


def labels(texts):
    distinct = list(dict.fromkeys(texts))
    return Labels(distinct, np.array([distinct.index(text) for text in texts], np.int64))


@pytest.fixture(scope="module")
def space(standard):
    return KeySpace.of(standard, DATASET)


def reference(space, component, office):
    """The places of the codes that two labels mean; None for a label that means none."""
    offices, components = space.codelists["office"], space.codelists["component"]
    of = components.find(component)
    if of is None or components.codes[of].code == "_T":
        return None
    found = offices.find(office, components.codes[of].code)
    return None if found is None or offices.codes[found].code == "_T" else (of, found)


@given(
    rows=st.lists(st.tuples(st.sampled_from(COMPONENTS), st.sampled_from(OFFICES)), min_size=1, max_size=12)
)
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_code_is_sought_in_the_scope_of_its_row_whatever_the_order_of_the_columns(space, order, rows):
    components, offices = zip(*rows, strict=True)
    columns = [
        (DimensionColumn(name="component", concept="component"), labels(components)),
        (DimensionColumn(name="office", concept="office"), labels(offices)),
    ]
    reader = CodeReader(space, "made", {}, block=False)
    places, refused = reader.read([columns[n] for n in order])
    bad = np.zeros(len(rows), bool)
    for one in refused:
        wrong = np.isin(one.labels.place, list(one.reasons))
        bad |= wrong if one.rows is None else wrong & one.rows
    for row, (component, office) in enumerate(rows):
        expected = reference(space, component, office)
        assert bad[row] == (expected is None)
        if expected is not None:
            assert (places["component"][row], places["office"][row]) == expected
    assert places["region"] == space.total("region")


def ids(space, places):
    return {
        concept: space.codelists[concept].codes[int(np.asarray(places[concept]))].id for concept in places
    }


@pytest.mark.parametrize(
    ("constants", "key"), [({"component": "OFO"}, {}), ({"component": "USBP"}, {"component": "OFO"})]
)
def test_the_code_of_a_column_of_figures_is_that_of_its_component(space, constants, key):
    of_field_operations = Code(code="SDC", label_en="Another San Diego", scope="OFO")
    offices = (*space.codelists["office"].codes, of_field_operations)
    two = replace(space, codelists={**space.codelists, "office": CodeList("office", offices)})
    reader = CodeReader(two, "made", constants, block=False)
    places, _ = reader.read([])
    found = reader.in_column(FigureColumn(name="figures", key={"office": "SDC", **key}), places)
    assert offices[int(found["office"])] == of_field_operations

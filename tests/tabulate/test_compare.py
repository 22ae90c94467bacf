"""A table beside the dataset it should give. The cells are invented."""

import datetime

import numpy as np
import pyarrow as pa
import pytest

from borderstats import periods
from borderstats.observations import KeySpace, Observations
from borderstats.tabulate.compare import compare
from borderstats.tabulate.make import Table

DIMENSIONS = ("region", "component", "demographic", "citizenship_group", "title", "encounter_type")
DATASET = ("region", "component", "demographic", "citizenship", "title", "encounter_type")
A = ("SW", "USBP", "SA", "MEX", "T8", "APP")
B = ("SW", "OFO", "UC", "_U", "T8", "INA")


@pytest.fixture
def published(standard):
    """A function from (codes, period, figure) to observations of the southwest dataset."""
    space = KeySpace.of(standard, "cbp-encounters-southwest")

    def make(*rows):
        keys = []
        for codes, period, _ in rows:
            places = {c: space.number(c, code) for c, code in zip(DATASET, codes, strict=True)}
            keys.append(int(space.encode(places, periods.parse(period))))
        order = np.argsort(keys)
        values = np.array([value for *_, value in rows], np.int64)
        return Observations(space, np.array(keys)[order], values[order], np.zeros(len(rows), np.int16))

    return make


@pytest.fixture
def table(standard):
    """A function from (codes, period, figure) to a table of southwest encounters."""

    def make(*rows):
        cells = [
            {**dict(zip(DIMENSIONS, codes, strict=True)), "period": period, "value": value, "untold": 0}
            for codes, period, value in rows
        ]
        return Table(
            standard.tables["southwest-encounters"], datetime.date(2022, 1, 1), pa.Table.from_pylist(cells)
        )

    return make


def test_cells_meet_by_code_and_period(published, table):
    ours = table((A, "2021-10", 90), (A, "2021-11", 40), (B, "2021-11", 3))
    found = compare(ours, published((A, "2021-10", 100), (A, "2021-11", 40), (B, "2021-10", 2)))
    rows = {(r["citizenship"], r["period"]): (r["value"], r["published"], r["difference"]) for r in found.cells().to_pylist()}  # fmt: skip
    assert rows == {
        ("MEX", "2021-10"): (90, 100, -10),
        ("MEX", "2021-11"): (40, 40, 0),
        ("_U", "2021-10"): (0, 2, -2),
        ("_U", "2021-11"): (3, 0, 3),
    }
    assert found.lines() == [
        "2 cells in both, 1 of them equal",
        "1 cells only in the records, 1 only published",
        "sum 133 in the records, 142 published, ratio 0.93662",
        "lowest ratio of a period: 0.88235 in 2021-10",
        "highest ratio of a period: 1.07500 in 2021-11",
    ]


def test_periods_that_one_side_does_not_have_are_left_out(published, table):
    found = compare(
        table((A, "2021-10", 90), (A, "2021-12", 1)), published((A, "2021-10", 90), (A, "2021-11", 5))
    )
    assert found.cells()["period"].to_pylist() == ["2021-10"]


def test_nothing_in_common(published, table):
    found = compare(table((A, "2021-10", 90)), published((A, "2021-11", 5)))
    assert found.lines() == [
        "0 cells in both, 0 of them equal",
        "0 cells only in the records, 0 only published",
        "sum 0 in the records, 0 published",
    ]

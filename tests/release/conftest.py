"""Hand-made observations of real datasets, for the tests of vintages, rules and releases."""

import datetime

import numpy as np
import pytest

from borderstats import periods
from borderstats.observations import KeySpace, Observations
from borderstats.release.changes import changes
from borderstats.release.evidence import Evidence
from borderstats.release.vintages import Vintage, history_of


@pytest.fixture(scope="session")
def observe(standard):
    """A function from dataset and rows (codes, period, value, status) to observations; unnamed dimensions are totals."""

    def make(dataset, *rows):
        space = KeySpace.of(standard, dataset)
        statuses = space.statuses
        cells = []
        for codes, period, value, *status in rows:
            scope = codes.get("component", "")
            places = {
                concept: space.codelists[concept].find(codes.get(concept, "_T"), scope)
                for concept in space.dataset.concepts
            }
            key = int(space.encode(places, periods.parse(period)))
            cells.append((key, value, statuses[status[0]] if status else statuses.normal))
        cells.sort()
        columns = zip(*cells, strict=True) if cells else ((), (), ())
        return Observations(
            space, *(np.array(c, t) for c, t in zip(columns, (np.int64, np.int64, np.int16), strict=True))
        )

    return make


@pytest.fixture(scope="session")
def vintages():
    """A function from observations to vintages a month apart."""

    def make(*observations):
        return [
            Vintage(datetime.date(2024, n + 1, 28), f"file-{n}.csv", o) for n, o in enumerate(observations)
        ]

    return make


@pytest.fixture(scope="session")
def evidence(standard, vintages):
    """A function from each dataset's vintages (lists of observations) to the evidence for its gates."""

    def make(*series, checks=()):
        histories = {}
        for observations in series:
            space = observations[0].space
            histories[space.dataset.id] = history_of(space, vintages(*observations))
        found = {name: changes(h) for name, h in histories.items()}
        return Evidence(histories, found, checks, standard.statuses)

    return make

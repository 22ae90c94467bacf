"""The published figures once, and one set of simulated files for the tests that only look at them."""

from collections.abc import Mapping

import pytest

from borderstats.commands.simulate import published_observations
from borderstats.observations import Observations
from borderstats.simulate.margins import Cells, published
from borderstats.simulate.run import Simulated, simulate

ROWS, SEED = 30_000, 11


@pytest.fixture(scope="session")
def observations(standard, archive_folder) -> Mapping[str, Observations]:
    return published_observations(standard, archive_folder)


@pytest.fixture(scope="session")
def cells(standard, observations) -> Cells:
    return published(standard, standard.simulation.margins, observations)


@pytest.fixture(scope="session")
def made(standard, observations, tmp_path_factory) -> Simulated:
    out = tmp_path_factory.mktemp("simulated") / "made.parquet"
    return simulate(standard, observations, out, ROWS, SEED)

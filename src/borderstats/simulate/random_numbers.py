"""Random numbers that depend on the arguments only, and distributions as tables in which they are looked up, which is fast.

A draw has 4,096 steps: shares are met within a few hundredths of a percent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from borderstats.standard.simulation import Levels, Quantiles

STEPS = 4096

Draws = npt.NDArray[np.uint16]
Table = npt.NDArray[np.int64]


def generator(seed: int, *place: int) -> np.random.Generator:
    """The generator of one place (a month, a part of it, a purpose): its numbers depend on nothing else."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, *place))))


class RandomNumbers:
    """Random numbers for the rows of one part, a column at a time."""

    def __init__(self, generator: np.random.Generator, rows: int) -> None:
        self.generator = generator
        self.rows = rows

    def draw(self) -> Draws:
        """A number from 0 to 4,095 for each row."""
        return self.generator.integers(0, STEPS, self.rows, dtype=np.uint16)

    def happens(self, share: Table | float) -> npt.NDArray[np.bool_]:
        """Whether something of this share (for each row in steps, see `steps`, or one for all) happens."""
        found: npt.NDArray[np.bool_] = self.draw() < (steps(share) if isinstance(share, float) else share)
        return found


def steps(share: float) -> int:
    """A share as a number of steps."""
    return round(share * STEPS)


def partly(seconds: Table, share: npt.NDArray[np.float64] | float) -> Table:
    """Whole seconds of a share of some spans."""
    whole: Table = np.floor(seconds * share).astype(np.int64)
    return whole


def quantiles(values: Quantiles, levels: Levels, scale: float = 1.0) -> Table:
    """The whole value, times `scale`, for each draw from a distribution with some values at some levels."""
    at = (np.arange(STEPS) + 0.5) / STEPS
    return np.floor(np.interp(at, levels, values) * scale).astype(np.int64)


def categories(shares: Mapping[str, float], place: Mapping[str, int], rest: int) -> npt.NDArray[np.int16]:
    """The place of the code for each draw from codes with shares; what these leave over is `rest`."""
    edges = np.rint(np.cumsum([0.0, *shares.values()]) * STEPS).astype(np.int64).tolist()
    found = np.full(STEPS, rest, np.int16)
    for code, start, stop in zip(shares, edges[:-1], edges[1:], strict=True):
        found[start:stop] = place[code]
    return found


def choice(tables: Sequence[npt.NDArray[Any]], which: npt.NDArray[Any], draw: Draws) -> npt.NDArray[Any]:
    """For each row the value that its draw has in the table that `which` names; -1 names the last."""
    found: npt.NDArray[Any] = np.concatenate(tables)[which.astype(np.int64) * STEPS + draw]
    return found

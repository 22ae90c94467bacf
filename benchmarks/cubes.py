"""Simulated cubes of counts that look like apprehensions: skewed, sparse, with regions and borders. Nobody is counted.

`write` draws as the generator does with which the figures of GaussSuppression and sdcTable in the documentation were
measured, so that they speak of the same tables.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

SPEC = """count = "n"
threshold = 5
[[dimension]]
name = "fy"
[[dimension]]
name = "sector"
parents = ["border"]
[[dimension]]
name = "nat"
parents = ["region"]
[[dimension]]
name = "demo"
"""


@dataclass(frozen=True)
class Cube:
    """Years, borders, sectors of each, regions, nationalities of each, demographic groups, months, records, seed."""

    fy: int
    borders: int
    sectors: int
    regions: int
    nationalities: int
    demo: int
    months: int
    records: int
    seed: int

    @property
    def spec(self) -> str:
        return SPEC + ('[[dimension]]\nname = "month"\n' if self.months > 1 else "")

    @property
    def cells(self) -> int:
        """All cells, margins included."""
        sizes = (
            self.fy + 1,
            self.borders * (self.sectors + 1) + 1,
            self.regions * (self.nationalities + 1) + 1,
            self.demo + 1,
            *([self.months + 1] if self.months > 1 else []),
        )
        return int(np.prod(sizes))


CUBES = {
    cube.cells: cube
    for cube in (
        Cube(2, 2, 2, 2, 2, 2, 1, 600, 3),
        Cube(3, 2, 3, 3, 3, 3, 1, 6_000, 11),
        Cube(5, 3, 4, 4, 5, 4, 1, 40_000, 1),
        Cube(9, 3, 7, 6, 12, 5, 1, 300_000, 2),
        Cube(9, 3, 7, 6, 12, 3, 12, 1_500_000, 4),
    )
}


def records(cube: Cube) -> pd.DataFrame:
    """The simulated records, a column for each code."""
    random = np.random.default_rng(cube.seed)

    def skewed(size: int, power: float) -> np.ndarray:
        share = 1 / np.arange(1, size + 1) ** power
        random.shuffle(share)
        return share / share.sum()

    sectors, nationalities = cube.borders * cube.sectors, cube.regions * cube.nationalities
    by_sector, by_nationality = skewed(sectors, 0.9), skewed(nationalities, 1.3)
    by_demo, by_month, by_year = skewed(cube.demo, 0.8), skewed(cube.months, 0.2), skewed(cube.fy, 0.2)
    mix = random.gamma(0.5, 1, (sectors, nationalities)) * by_nationality
    edges = (mix / mix.sum(axis=1, keepdims=True)).cumsum(axis=1)
    sector = random.choice(sectors, cube.records, p=by_sector)
    chance = random.random(cube.records)
    pieces = np.array_split(np.arange(cube.records), max(cube.records // 100_000, 1))
    nationality = np.concatenate([(edges[sector[p]] < chance[p, None]).sum(axis=1) for p in pieces])
    nationality = nationality.clip(0, nationalities - 1)
    demo = random.choice(cube.demo, cube.records, p=by_demo)
    year = random.choice(cube.fy, cube.records, p=by_year)
    month = random.choice(cube.months, cube.records, p=by_month)
    frame = pd.DataFrame(
        {
            "fy": [f"F{2015 + n}" for n in year],
            "border": [f"B{n // cube.sectors}" for n in sector],
            "sector": [f"S{n:02d}" for n in sector],
            "region": [f"R{n // cube.nationalities}" for n in nationality],
            "nat": [f"N{n:03d}" for n in nationality],
            "demo": [f"D{n}" for n in demo],
        }
    )
    return frame.assign(month=[f"M{n:02d}" for n in month]) if cube.months > 1 else frame


def write(cube: Cube, folder: Path) -> tuple[Path, Path]:
    """The inner cells and their specification, as files."""
    frame = records(cube)
    cells, spec = folder / f"{cube.cells}.csv", folder / f"{cube.cells}.toml"
    frame.groupby(list(frame.columns)).size().reset_index(name="n").to_csv(cells, index=False)
    spec.write_text(cube.spec)
    return cells, spec

"""From published figures to files of synthetic records. Start reading here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from borderstats import periods
from borderstats.errors import InputError, StandardError
from borderstats.observations import Observations
from borderstats.simulate.batches import Batches
from borderstats.simulate.encounters import EncounterFields
from borderstats.simulate.files import Files, check_replaceable, paths
from borderstats.simulate.margins import Cells, published
from borderstats.simulate.parts import DAY, parts, seconds, windows
from borderstats.simulate.persons import Persons
from borderstats.simulate.random_numbers import RandomNumbers, generator
from borderstats.simulate.sequel import Sequels
from borderstats.simulate.spoil import Spoiler
from borderstats.standard.model import Standard
from borderstats.standard.simulation import Simulation

LARGEST = 10_000_000_000
"""The most rows: what keys of twelve digits and whole numbers of 64 bits hold with room to spare."""

_DRAWS, _MISTAKES = 1, 2
"""What a part's numbers are for: mistakes have their own, so that the sound records stay the same with and without."""


@dataclass(frozen=True)
class Simulated:
    """What was written: the file and the rows of each family, and how many records were spoiled, by kind."""

    files: Mapping[str, Path]
    rows: Mapping[str, int]
    spoiled: Mapping[str, int]


def simulate(
    standard: Standard,
    observations: Mapping[str, Observations],
    out: Path,
    rows: int | None = None,
    seed: int = 0,
    errors: float = 0.0,
    progress: Callable[[str], None] = lambda _: None,
) -> Simulated:
    """Write synthetic encounters to `out` and what follows them to files beside it.

    `observations` are the newest of each dataset that the margins name. `rows` is how many encounters there are (None: as
    many as were published), `errors` the share of records that is spoiled on purpose. The same arguments give the same
    bytes. Raises InputError if the arguments do not make sense or a real file would be replaced, StandardError if the
    standard has no simulation.toml; nothing is then written.
    """
    simulation = knowledge(standard)
    if out.suffix != ".parquet":
        raise InputError(f"{out}: the records are written as Parquet; give a name that ends in .parquet")
    if not 0 <= errors < 1:
        raise InputError(f"--errors {errors}: a share of records lies from 0 to below 1")
    if rows is not None and not 1 <= rows <= LARGEST:
        raise InputError(f"--rows {rows}: give a number from 1 to {LARGEST:,}")
    if seed < 0:
        raise InputError(f"--seed {seed}: give a whole number from 0 on")
    targets = paths(out)
    check_replaceable(targets)
    cells = published(standard, simulation.margins, observations)
    cells = cells if rows is None else cells.scaled(rows)
    spoiler = Spoiler(standard, simulation.mistakes, errors) if errors else None
    notes = {
        "borderstats.rows": str(int(cells.count.sum())),
        "borderstats.seed": str(seed),
        "borderstats.errors": str(errors),
    }
    with Files(targets, notes) as files:
        _write(standard, simulation, cells, seed, spoiler, files, progress)
    return Simulated(targets, files.rows, spoiler.counts if spoiler else {})


def knowledge(standard: Standard) -> Simulation:
    """What the standard says of synthetic records. Raises StandardError if it says nothing."""
    if standard.simulation is None:
        raise StandardError(
            [
                "this standard has no simulation.toml, which says what is simulated; docs/standard.md names its fields"
            ]
        )
    return standard.simulation


def _write(
    standard: Standard,
    simulation: Simulation,
    cells: Cells,
    seed: int,
    spoiler: Spoiler | None,
    files: Files,
    progress: Callable[[str], None],
) -> None:
    cutoff = seconds(periods.days(int(cells.month.max()))[1]) + (1 + simulation.cutoff_days) * DAY
    persons, encounter_fields = Persons(standard, simulation), EncounterFields(standard, simulation)
    sequels, batches = Sequels(standard, simulation, cutoff), Batches(standard, simulation)
    done, year = 0, 0
    for part in parts(cells, windows(standard), seed, simulation.margins.cells):
        random = RandomNumbers(generator(seed, part.month, part.number, _DRAWS), len(part.time))
        event = done + np.arange(len(part.time))
        seen = persons.of(random, part)
        encounters = encounter_fields.of(random, part, event, seen)
        sequel = sequels.of(random, part, event, seen.number)
        persons.left(random, part, seen, sequel.departed, sequel.left)
        spells, outcomes = sequel.spells, sequel.outcomes
        screenings, referrals = sequel.screenings, sequel.referrals
        if spoiler:
            mistakes = generator(seed, part.month, part.number, _MISTAKES)
            encounters = spoiler.encounters(RandomNumbers(mistakes, len(event)), encounters)
            spells = spoiler.spells(RandomNumbers(mistakes, len(spells.event)), spells)
            outcomes = spoiler.followers(RandomNumbers(mistakes, len(outcomes.event)), outcomes)
            screenings = spoiler.followers(RandomNumbers(mistakes, len(screenings.event)), screenings)
            referrals = spoiler.followers(RandomNumbers(mistakes, len(referrals.event)), referrals)
        files.add("encounter", batches.encounters(encounters))
        files.add("custody", batches.spells(spells))
        files.add("outcome", batches.outcomes(outcomes))
        files.add("screening", batches.screenings(screenings))
        files.add("prosecution", batches.referrals(referrals))
        done += len(event)
        this_year = standard.calendar.fiscal_year(part.month)
        if this_year != year:
            progress(f"simulating FY{this_year}: {done:,} encounters so far")
            year = this_year

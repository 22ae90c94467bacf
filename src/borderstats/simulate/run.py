"""From published figures to files of synthetic records. Start reading here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from borderstats import periods
from borderstats.errors import InputError
from borderstats.observations import Observations
from borderstats.simulate import shares
from borderstats.simulate.batches import Batches
from borderstats.simulate.chance import Dice, generator
from borderstats.simulate.encounters import Meetings
from borderstats.simulate.files import Files, complain_of_real, paths
from borderstats.simulate.margins import Cells, published
from borderstats.simulate.parts import DAY, parts, seconds, windows
from borderstats.simulate.persons import Persons
from borderstats.simulate.sequel import Sequels
from borderstats.simulate.spoil import Spoiler
from borderstats.standard.model import Standard

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

    `observations` are the newest of each dataset in `margins.DATASETS`. `rows` is how many encounters there are (None: as
    many as were published), `errors` the share of records that is spoiled on purpose. The same arguments give the same
    bytes. Raises InputError if the arguments do not make sense or a real file would be replaced; nothing is then written.
    """
    if out.suffix != ".parquet":
        raise InputError(f"{out}: the records are written as Parquet; give a name that ends in .parquet")
    if not 0 <= errors < 1:
        raise InputError(f"--errors {errors}: a share of records lies from 0 to below 1")
    if rows is not None and not 1 <= rows <= LARGEST:
        raise InputError(f"--rows {rows}: give a number from 1 to {LARGEST:,}")
    if seed < 0:
        raise InputError(f"--seed {seed}: give a whole number from 0 on")
    targets = paths(out)
    complain_of_real(targets)
    cells = published(standard, observations)
    cells = cells if rows is None else cells.scaled(rows)
    spoiler = Spoiler(standard, errors) if errors else None
    notes = {
        "borderstats.rows": str(int(cells.count.sum())),
        "borderstats.seed": str(seed),
        "borderstats.errors": str(errors),
    }
    with Files(targets, notes) as files:
        _write(standard, cells, seed, spoiler, files, progress)
    return Simulated(targets, files.rows, spoiler.counts if spoiler else {})


def _write(
    standard: Standard,
    cells: Cells,
    seed: int,
    spoiler: Spoiler | None,
    files: Files,
    progress: Callable[[str], None],
) -> None:
    cutoff = seconds(periods.last_day(int(cells.month.max()))) + (1 + shares.CUTOFF_DAYS) * DAY
    persons, meetings, sequels = Persons(standard), Meetings(standard), Sequels(standard, cutoff)
    batches = Batches(standard)
    done, year = 0, 0
    for part in parts(cells, windows(standard), seed):
        dice = Dice(generator(seed, part.month, part.number, _DRAWS), len(part.time))
        event = done + np.arange(len(part.time))
        seen = persons.of(dice, part)
        encounters = meetings.of(dice, part, event, seen)
        sequel = sequels.of(dice, part, event, seen.number)
        persons.left(dice, part, seen, sequel.departed, sequel.left)
        spells, outcomes = sequel.spells, sequel.outcomes
        screenings, referrals = sequel.screenings, sequel.referrals
        if spoiler:
            chance = generator(seed, part.month, part.number, _MISTAKES)
            encounters = spoiler.encounters(Dice(chance, len(event)), encounters)
            spells = spoiler.spells(Dice(chance, len(spells.event)), spells)
            outcomes = spoiler.followers(Dice(chance, len(outcomes.event)), outcomes)
            screenings = spoiler.followers(Dice(chance, len(screenings.event)), screenings)
            referrals = spoiler.followers(Dice(chance, len(referrals.event)), referrals)
        files.add("encounter", batches.encounters(encounters))
        files.add("custody", batches.spells(spells))
        files.add("outcome", batches.outcomes(outcomes))
        files.add("screening", batches.screenings(screenings))
        files.add("prosecution", batches.referrals(referrals))
        done += len(event)
        this_year = int(periods.fiscal_years(np.array([part.month]))[0])
        if this_year != year:
            progress(f"simulating FY{this_year}: {done:,} encounters so far")
            year = this_year

"""What time costs, one task a process: `gates OFFICE N`, `build OFFICE [formats]`, `add OFFICE FILE DAY`. Prints the seconds."""

import contextlib
import datetime
import io
import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from editions import CHANGED, STATE

from borderstats import periods, pipeline
from borderstats.cli import cli
from borderstats.intake import archive
from borderstats.release import gates
from borderstats.standard.load import load

DATASET = "cbp-encounters-state"
DATE = datetime.date(2026, 9, 1)


def judge(office: str, number: str) -> float:
    """All gates of a dataset of which there are so many editions, each revising some cells of the last year."""
    standard, folder = load(Path(office) / "standard"), Path(office) / "archive"
    # The two files that were current together; later ones differ by what either revised in between.
    listed = [one for one in archive.snapshots(folder) if one.as_of < datetime.date(2025, 1, 1)]
    own = [snapshot for snapshot in listed if snapshot.source == STATE][-1]
    others = [snapshot for snapshot in listed if snapshot.source == "cbp-southwest"]
    first, *rest = (
        vintage
        for snapshot in (own, *others)
        for vintage in pipeline.observe(standard, snapshot, archive.read(folder, snapshot))
    )
    space, seen = first.observations.space, first.observations
    year = space.calendar.fiscal_years(space.period(seen.key))
    place = space.number("region", "OTHER")
    may = np.flatnonzero((year == year.max()) & (space.digit(seen.key, "region") == place)).tolist()
    status = seen.status.copy()
    status[year == year.max()] = standard.statuses.provisional
    vintages = [replace(first, observations=replace(seen, status=status))]
    for n in range(1, int(number)):
        value = seen.value.copy()
        value[random.Random(n).sample(may, CHANGED)] += 1
        day = own.as_of + datetime.timedelta(n)
        vintages.append(
            replace(first, as_of=day, file=f"{n}.csv", observations=replace(seen, value=value, status=status))
        )
    evidence = pipeline.weigh(standard, [*vintages, *rest])
    # What was published of years before and after these is in no edition here.
    asked = tuple(
        check
        for check in evidence.checks
        if check.dataset == DATASET
        and year.min() <= space.calendar.fiscal_year(periods.parse(check.period)) <= year.max()
    )
    evidence = replace(evidence, checks=asked)
    started = time.perf_counter()
    outcomes = gates.run(standard, evidence, [DATASET])
    seconds = time.perf_counter() - started
    assert all(outcome.passed for outcome in outcomes), [o.failed[:3] for o in outcomes if not o.passed]
    return seconds


def build(office: str, formats: str = "") -> float:
    """A release of everything."""
    with tempfile.TemporaryDirectory() as out:
        started = time.perf_counter()
        folder = Path(office)
        pipeline.build(folder / "standard", folder / "archive", DATE, Path(out), formats=bool(formats))
        return time.perf_counter() - started


def add(office: str, file: str, day: str) -> float:
    """`intake --add` of one more 287(g) list; the archive is left as it was."""
    folders = ["--standard", f"{office}/standard", "--archive", f"{office}/archive"]
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        cli.main(
            [*folders, "intake", file, "--add", "--as-of", day, "--obtained-from", "a benchmark"],
            standalone_mode=False,
        )
    seconds = time.perf_counter() - started
    (added,) = (Path(office) / "archive").glob(f"*/{Path(file).name}")
    added.unlink()
    added.with_name(f"{added.name}.toml").unlink()
    return seconds


if __name__ == "__main__":
    print({"gates": judge, "build": build, "add": add}[sys.argv[1]](*sys.argv[2:]))

"""Intake, vintages and gates of the seven nationwide files by state, as a build does them.

The southwest border files are read too, because two of the gates compare with them. Prints what the peer prints:
cells and sum of the latest table, number and net sum of the revisions; then the seconds without imports.
"""

import time
from pathlib import Path

from borderstats import pipeline
from borderstats.intake import archive
from borderstats.release import gates
from borderstats.standard.load import load

DATASET = "cbp-encounters-state"
SOURCES = ("cbp-nationwide-state", "cbp-southwest")


def main() -> None:
    """Run once."""
    started = time.perf_counter()
    standard = load(Path("standard"))
    folder = Path("archive")
    listed = [snapshot for snapshot in archive.snapshots(folder) if snapshot.source in SOURCES]
    vintages = [
        vintage
        for snapshot in listed
        for vintage in pipeline.observe(standard, snapshot, archive.read(folder, snapshot))
    ]
    evidence = pipeline.weigh(standard, vintages)
    outcomes = gates.run(standard, evidence, [DATASET])
    assert all(outcome.passed for outcome in outcomes)
    latest, changes = evidence.known(DATASET), evidence.changes[DATASET]
    print(len(latest), latest.value.sum(), len(changes), changes.delta.sum())
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main()

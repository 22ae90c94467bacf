"""`make bench`, published files: each task against its peer, in turn, in one run; medians and ratios.

Seconds are those of the task, without the start of Python and imports, which both sides print themselves; memory is
the peak of the whole process, as the kernel counts it.
"""

import os
import statistics
import tempfile
from pathlib import Path

import click
from measure import measure

from borderstats.intake import archive

HERE = Path(__file__).parent


def declared(office: str, out: str) -> dict[str, list[str]]:
    """Each task by its name; the release that one builds in `out` is the one whose site the next writes."""
    folder = Path("archive")
    listed = [s for s in archive.snapshots(folder) if s.source == "cbp-nationwide-state"]
    files = [str(folder / s.file) for s in listed]
    dated = [f"{folder / s.file}={s.as_of}" for s in listed]
    return {
        "borderstats: intake, vintages, gates of seven state files": [str(HERE / "states.py")],
        "pandas: the same latest table and revisions": [str(HERE / "pandas_peer.py"), *dated],
        "DuckDB: merely reads the seven files": [str(HERE / "duckdb_peer.py"), *files],
        "borderstats: intake of every file of the archive": [str(HERE / "every_file.py"), "intake"],
        "borderstats: the same with a process for each processor": [str(HERE / "every_file.py"), "together"],
        "the libraries merely read every file": [str(HERE / "every_file.py"), "bare"],
        "borderstats: builds the whole release": [str(HERE / "whole.py"), "release", out, office],
        "borderstats: writes the whole site": [str(HERE / "whole.py"), "site", out],
    }


@click.command()
@click.option("--rounds", default=9, show_default=True)
@click.option(
    "--office",
    default=".",
    show_default=True,
    help="Folder of the standard and archive that are built whole.",
)
def main(rounds: int, office: str) -> None:
    """Run every task and print the table."""
    with tempfile.TemporaryDirectory(prefix="borderstats-bench-") as out:
        tasks = declared(office, out)
        measured: dict[str, list[tuple[float, float, str]]] = {name: [] for name in tasks}
        for _ in range(rounds):
            for name, command in tasks.items():
                measured[name].append(measure(*command))
    seconds = {name: statistics.median(s for s, _, _ in runs) for name, runs in measured.items()}
    memory = {name: statistics.median(m for _, m, _ in runs) for name, runs in measured.items()}
    print(f"medians of {rounds} rounds, tasks in turn, {os.cpu_count()} cores")
    for name in tasks:
        print(f"  {name:<60}{seconds[name]:8.3f} s{memory[name]:8.0f} MB")
    ours, pandas, duckdb, every, together, bare, release, site = tasks
    same = {runs[0][2] for name, runs in measured.items() if name in (ours, pandas)}
    assert len(same) == 1, f"the peers disagree: {same}"
    print(
        f"  pandas takes {seconds[pandas] / seconds[ours]:.1f} times as long, {memory[pandas] / memory[ours]:.1f} times the memory; same result: {same.pop()}"
    )
    print(f"  borderstats takes {seconds[ours] / seconds[duckdb]:.1f} times as long as DuckDB's reading")
    print(
        f"  the intake of every file takes {seconds[every] / seconds[bare]:.1f} times as long as bare reading, "
        f"with a process for each processor {seconds[together] / seconds[bare]:.1f} times"
    )
    print(f"  the site takes {seconds[site] / seconds[release]:.2f} of the time of the release")


if __name__ == "__main__":
    main()

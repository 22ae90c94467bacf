"""`make bench`, records: simulated records, each task against its peer, in turn, in one run; medians and ratios."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
from measure import measure

HERE = Path(__file__).parent


def borderstats(*arguments: str | Path) -> float:
    """Seconds of a command."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "borderstats", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def compare(rounds: int, tasks: dict[str, list[str]]) -> dict[str, float]:
    """Medians of the seconds of tasks that must print the same, in turn; prints them with the memory."""
    runs: dict[str, list[tuple[float, float, str]]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, command in tasks.items():
            runs[name].append(measure(*command))
    for name, some in runs.items():
        seconds, memory = (statistics.median(run[n] for run in some) for n in (0, 1))
        print(f"  {name:<66}{seconds:8.2f} s{memory:8.0f} MB", flush=True)
    assert len({some[0][2] for some in runs.values()}) == 1, "the peers disagree"
    return {name: statistics.median(run[0] for run in some) for name, some in runs.items()}


def prepared(folder: Path, rows: int, families: list[str]) -> tuple[Path, Path]:
    """Simulated records, and a workspace that holds those of some families."""
    file, workspace = folder / f"{rows}.parquet", folder / f"workspace-{rows}"
    seconds = borderstats("simulate", "--rows", str(rows), "--seed", "1", "--out", file)
    print(f"{rows:,} encounters and what follows from them, simulated in {seconds:.0f} s")
    purpose = ["--purpose", "benchmark"]
    borderstats("records", "init", workspace, *purpose)
    for family in families:
        source = file if family == "encounter" else file.with_name(f"{rows}-{family}.parquet")
        seconds = borderstats(
            "records", "add", source, "--workspace", workspace, *purpose, "--as-of", "2029-12-31"
        )
        print(f"  records add, {family}: {seconds:.0f} s", flush=True)
    for other in folder.glob(f"{rows}-*.parquet"):
        other.unlink()
    return file, workspace


@click.command()
@click.argument("sizes", type=int, nargs=-1, default=(1_000_000, 20_000_000, 100_000_000))
@click.option("--rounds", default=5, show_default=True)
def main(sizes: tuple[int, ...], rounds: int) -> None:
    """Run every task with so many records: all families and peers with the second of the SIZES, one round from the third on.

    By default a million, twenty million and a hundred million.
    """
    validate, tables = str(HERE / "validate.py"), str(HERE / "tables.py")
    print(f"records: medians of {rounds} rounds (tables 3 at most), tasks in turn, {os.cpu_count()} cores")
    per_record: dict[str, list[float]] = {"validation": [], "tables": []}
    with tempfile.TemporaryDirectory(prefix="borderstats-bench-") as scratch:
        for place, rows in enumerate(sizes):
            second, times = place == 1, rounds if place < 2 else 1
            families = ["encounter", *(["outcome", "custody"] if second else [])]
            file, workspace = prepared(Path(scratch), rows, families)
            scan = compare(
                times,
                {
                    "borderstats: validation and recoding": [validate, "ours", str(file)],
                    "DuckDB: merely reads every column": [validate, "bare", str(file)],
                },
            )
            ours, bare = scan.values()
            print(f"    validation takes {ours / bare:.2f} times as long as bare reading")
            per_record["validation"].append(ours / rows)
            file.unlink()
            kinds = {"encounter": ["ours"], "persons": ["ours"]}
            if second:
                kinds = {
                    "encounter": ["ours"],
                    "additive": ["ours", "sql", "pandas"],
                    "persons": ["ours", "sql"],
                }
            for kind, peers in kinds.items():
                named = {f"{peer}: tables, {kind}": [tables, peer, kind, str(workspace)] for peer in peers}
                found = compare(min(times, 3), named)
                if kind == "encounter":
                    per_record["tables"].append(found["ours: tables, encounter"] / rows)
                for peer in peers[1:]:
                    ratio = found[f"ours: tables, {kind}"] / found[f"{peer}: tables, {kind}"]
                    print(f"    ours takes {ratio:.2f} of the time of {peer}")
    for name, some in per_record.items():
        text = ", ".join(f"{1e9 * s:.0f}" for s in some)
        print(f"  {name}: {text} ns a record at {', '.join(f'{n:,}' for n in sizes)}")


if __name__ == "__main__":
    main()

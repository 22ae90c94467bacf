"""`make bench`, disclosure control: simulated cubes, seconds, memory, what is withheld, and what the audit can undo."""

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import click
import numpy as np
import pandas as pd
from cubes import CUBES, write

from borderstats.protect import attack, read, spec
from borderstats.protect.cube import Cube
from borderstats.protect.folder import Confidential, Published
from borderstats.protect.perturb import KEYS, perturb
from borderstats.protect.suppress import Changes
from borderstats.standard.protection import Policy

HERE = Path(__file__).parent
TAU_ARGUS_MOST = 1_872
"""tau-ARGUS takes a minute for so many cells, and does not end in an hour for 12,000."""
OTHERS_MOST = 12_000
PEERS = {"cell-key": "cell-key-perturbation==3.1.0", "acro": "acro==1.0.2"}
ACRO_THRESHOLD = 10


def command(*arguments: str | Path) -> tuple[float, float, str]:
    """Seconds of processor time, peak memory in MB, and what a command prints."""
    process = subprocess.Popen(
        [str(a) for a in arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, arguments))} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said


def ours(cells: int, folder: Path) -> None:
    """Protect and audit with the commands."""
    path, specification = write(CUBES[cells], folder)
    out = folder / str(cells)
    for arguments in (("protect", path, "--spec", specification, "--out", out), ("audit", out)):
        seconds, memory, said = command(sys.executable, "-m", "borderstats", *arguments)
        shown = [
            line for line in said.splitlines() if line.startswith(("withheld", "certificates", "disclosed"))
        ]
        print(
            f"{cells:>9,} cells  {arguments[0]:<8}{seconds:9.1f} s{memory:7.0f} MB  {'; '.join(shown)}",
            flush=True,
        )


def attacked(made: Cube, sensitive: np.ndarray, withheld: np.ndarray) -> str:
    """What our audit can undo of a pattern that comes without certificates."""
    started = time.perf_counter()
    nothing = np.zeros(0, np.int64)
    none = Changes(np.zeros(1, np.int64), nothing, nothing)
    shown = np.where(withheld, 0, made.values)
    found = attack.audit(
        Published(made.dimensions, made.shown, shown, withheld, 1, (nothing, nothing)),
        Confidential(made, sensitive, nothing.reshape(0, 2), (), none, ()),
    )
    took = time.perf_counter() - started
    return f"disclosed cells: {len(found.disclosed):,} of {sensitive.sum():,} (attacked in {took:.0f} s)"


def cube_of(cells: int, folder: Path) -> Cube:
    path, specification = write(CUBES[cells], folder)
    return read.read(path, spec.read(specification))


def tau_argus(cells: int, folder: Path) -> None:
    """Let tau-ARGUS protect the same cube, and attack what it publishes."""
    out = folder / "tau-argus.csv"
    _, _, said = command(sys.executable, HERE / "tau_argus_peer.py", str(cells), out)
    seconds, memory = said.splitlines()[-1].split()
    made = cube_of(cells, folder)
    frame = pd.read_csv(out, dtype=str, keep_default_na=False)
    places = [pd.Index(d.codes).get_indexer(frame[d.name]) for d in made.dimensions]
    numbers = np.ravel_multi_index(places, made.shape)
    status = np.full(len(made.values), "E", object)
    status[numbers] = frame["status"]
    sensitive, secondary = status == "U", made.values[status == "M"]
    print(
        f"{cells:>9,} cells  tau-ARGUS MOD {float(seconds):.1f} s {float(memory):.0f} MB  withheld: {sensitive.sum():,} sensitive, "
        f"{len(secondary):,} more (sum of their counts {secondary.sum():,}); "
        f"{attacked(made, sensitive, sensitive | (status == 'M'))}",
        flush=True,
    )


def installed(folder: Path) -> Path:
    """The Python of a new environment with ACRO and cell-key-perturbation."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [python, "-m", "pip", "install", "-q", *PEERS.values()]
    subprocess.run(install, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return python


def python_peers(python: Path, cells: int, folder: Path) -> None:
    """ACRO and cell-key-perturbation."""
    for name in PEERS:
        _, _, said = command(python, HERE / "python_peers.py", name, str(cells), folder / "peer.csv")
        seconds, memory = said.splitlines()[-1].split()
        print(f"{cells:>9,} cells  {name} (peer) {float(seconds):.2f} s {float(memory):.0f} MB", flush=True)


def other_methods(cells: int, folder: Path) -> None:
    """What our attack undoes of ACRO's rule, and our methods that do as the peers do."""
    made = cube_of(cells, folder)
    small = (made.values > 0) & (made.values < ACRO_THRESHOLD)
    print(f"{cells:>9,} cells  the rule of ACRO in every table: {attacked(made, small, small)}", flush=True)
    keys = np.random.default_rng(1).integers(0, KEYS, len(made.counts))
    for method in ("cell-key", "small-counts", "rounding"):
        policy = Policy(5, method=method, base=5, most=6)
        started = time.process_time()
        found = perturb(made, policy, keys)
        change = np.abs(found.figures - made.values)[made.values > 0]
        print(
            f"{cells:>9,} cells  {method:<13}{time.process_time() - started:9.2f} s  mean change {change.mean():.2f}, "
            f"largest {change.max()}, sums {'hold' if found.additive else 'are lost'}",
            flush=True,
        )


@click.command()
@click.argument("wanted", metavar="CELLS...", type=click.Choice(CUBES), nargs=-1, default=list(CUBES))
@click.option(
    "--install/--no-install", default=True, help="Peers that need an environment of their own, too."
)
def main(wanted: tuple[int, ...], *, install: bool) -> None:
    """Every cube of so many cells, and the peers on those that they can take."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for cells in wanted:
            ours(cells, folder)
        for cells in wanted:
            if cells <= TAU_ARGUS_MOST:
                tau_argus(cells, folder)
        python = installed(folder / "peers") if install else None
        for cells in wanted:
            if cells <= OTHERS_MOST:
                if python:
                    python_peers(python, cells, folder)
                other_methods(cells, folder)


if __name__ == "__main__":
    main()

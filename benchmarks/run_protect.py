"""`make bench`, disclosure control: simulated cubes, seconds, memory, what is withheld, and what the audit can undo.

`run_protect.py CELLS ...` takes the cubes of so many cells only.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from cubes import CUBES, write

from borderstats.protect import attack, read, spec
from borderstats.protect.folder import Confidential, Published
from borderstats.protect.suppress import Changes

HERE = Path(__file__).parent
PEER_CELLS = 1_872
"""tau-ARGUS takes a minute for these, and does not end in an hour for 12,000."""


def command(*arguments: str | Path) -> tuple[float, float, str]:
    """Seconds of processor time, peak memory in MB, and what a command prints."""
    process = subprocess.Popen([str(a) for a in arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments[1]} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said


def ours(cells: int, folder: Path) -> None:
    """Protect and audit with the commands."""
    path, specification = write(CUBES[cells], folder)
    program, out = Path(sys.executable).with_name("borderstats"), folder / str(cells)
    for arguments in (("protect", path, "--spec", specification, "--out", out), ("audit", out)):
        seconds, memory, said = command(program, *arguments)
        told = [
            line for line in said.splitlines() if line.startswith(("withheld", "certificates", "disclosed"))
        ]
        print(
            f"{cells:>9,} cells  {arguments[0]:<8}{seconds:9.1f} s{memory:7.0f} MB  {'; '.join(told)}",
            flush=True,
        )


def tau_argus(cells: int, folder: Path) -> None:
    """Let tau-ARGUS protect the same cube, and attack what it publishes with our audit."""
    out = folder / "tau-argus.csv"
    _, _, said = command(sys.executable, HERE / "tau_argus_peer.py", str(cells), out)
    seconds, memory = said.splitlines()[-1].split()
    path, specification = write(CUBES[cells], folder)
    made = read.read(path, spec.read(specification))
    frame = pd.read_csv(out, dtype=str, keep_default_na=False)
    places = [pd.Index(d.codes).get_indexer(frame[d.name]) for d in made.dimensions]
    numbers = np.ravel_multi_index(places, made.shape)
    status = np.full(len(made.values), "E", object)
    status[numbers] = frame["status"]
    sensitive, withheld = status == "U", (status == "U") | (status == "M")
    nothing = Changes(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
    secondary = made.added_up(made.counts)[status == "M"]
    started = time.perf_counter()
    found = attack.audit(
        Published(made.dimensions, np.where(withheld, 0, made.values), withheld),
        Confidential(made.values, sensitive, (), nothing),
    )
    print(
        f"{cells:>9,} cells  tau-ARGUS MOD {float(seconds):.1f} s {float(memory):.0f} MB  withheld: {sensitive.sum():,} sensitive, "
        f"{len(secondary):,} more (sum of their counts {secondary.sum():,}); disclosed cells: "
        f"{len(found.disclosed):,} (attacked in {time.perf_counter() - started:.0f} s)"
    )


def main() -> None:
    """Every cube, and the peer on the smallest."""
    wanted = [int(text) for text in sys.argv[1:]] or list(CUBES)
    with tempfile.TemporaryDirectory() as name:
        for cells in wanted:
            ours(cells, Path(name))
        if PEER_CELLS in wanted:
            tau_argus(PEER_CELLS, Path(name))


if __name__ == "__main__":
    main()

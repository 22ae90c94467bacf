"""`tau_argus_peer.py CELLS OUT`: tau-ARGUS (pytauargus, method MOD) protects a simulated cube; prints seconds and memory.

OUT gets a row for each cell: the dimensions, `n`, and `status` (S published, U sensitive, M secondary, E zero).
"""

import os
import resource
import sys
import time
from pathlib import Path

from cubes import CUBES, records
from pytauargus import protect
from pytauargus.hrc import write_hrc

DIMENSIONS = ["fy", "sector", "nat", "demo"]


def main() -> None:
    """Protect and report."""
    frame = records(CUBES[int(sys.argv[1])])
    out = Path(sys.argv[2]).resolve()
    # The engine leaves its own files where it runs.
    os.chdir(out.parent)
    levels = {"sector": "border", "nat": "region"}
    files = {
        name: write_hrc(
            {column: frame[column].tolist() for column in (name, above)},
            [name, above],
            hrc_filename=str(out.with_name(f"{name}.hrc")),
        )
        for name, above in levels.items()
    }
    started = time.perf_counter()
    made = protect(
        frame[DIMENSIONS].assign(one=1),
        tables=DIMENSIONS,
        response="one",
        safety_rules="FREQ(5,100)",
        suppress="MOD(1)",
        hrc=files,
        totcode="_T",
        workdir=str(out.with_suffix("")),
    )
    seconds = time.perf_counter() - started
    cells = made.tables[0].dataframe()
    cells.rename(columns={"freq": "n"})[[*DIMENSIONS, "n", "status"]].to_csv(out, index=False)
    print(f"{seconds:.2f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


if __name__ == "__main__":
    main()

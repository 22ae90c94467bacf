"""ACRO and cell-key-perturbation on a simulated cube, each in this interpreter: `python_peers.py NAME CELLS OUT.csv`.

They want older libraries than this project pins, so the benchmark gives them an environment of their own. What is written is
the table of inner cells: a column for each dimension, `n` (empty where withheld). The last line is seconds and megabytes.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from cubes import CUBES, records


def acro(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Counts below ACRO's threshold withheld; it does not protect them by withholding others."""
    from acro import ACRO  # noqa: PLC0415

    session = ACRO(suppress=True)
    index, columns = ([frame[name] for name in part] for part in (names[:2], names[2:]))
    table = session.crosstab(index, columns)
    return table.stack(list(range(len(names) - 2)), future_stack=True).rename("n").reset_index()


def cell_key(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The inner cells with noise by cell key, by the table of noise that comes with the package."""
    from cell_key_perturbation.create_perturbed_table import create_perturbed_table  # noqa: PLC0415
    from cell_key_perturbation.utils.generate_test_ptable import generate_ptable_10_5_rule  # noqa: PLC0415

    keyed = frame.assign(record_key=np.random.default_rng(1).integers(0, 256, len(frame)))
    table = create_perturbed_table(keyed, generate_ptable_10_5_rule(), [], names, "record_key")
    return table.rename(columns={"count": "n"})[[*names, "n"]]


def main() -> None:
    """Run one of them and say what it took."""
    name, cells, out = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    frame = records(CUBES[cells])
    names = ["fy", "sector", "nat", "demo"]
    started = time.process_time()
    found = {"acro": acro, "cell-key": cell_key}[name](frame, names)
    seconds = time.process_time() - started
    found.to_csv(out, index=False)
    print(f"{seconds:.2f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


if __name__ == "__main__":
    main()

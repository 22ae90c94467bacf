"""A task of the benchmark of records: `validate.py WHO FILE` reads a Parquet file of encounters.

WHO is ours (validation and recoding: labels, codes, bounds, rules, duplicates, the profile) or bare (DuckDB merely reads
every column of every record). Prints how many records there are, then the seconds.
"""

import sys
import time
from pathlib import Path

import duckdb
import sqlglot.dialects.duckdb  # noqa: F401 - imports are not timed, and this one is made late otherwise

from borderstats.engine.duck import DuckEngine
from borderstats.records.validate import validation
from borderstats.standard.load import load


def bare(file: Path) -> int:
    """Every value is read: a hash of all columns is what cannot be had without."""
    connection = duckdb.connect(config={"threads": 2})
    relation = connection.read_parquet(str(file))
    hashed = f"COUNT(*), BIT_XOR(HASH({', '.join(relation.columns)}))"
    return int(relation.aggregate(hashed).fetchall()[0][0])


def main(who: str, file: Path) -> None:
    """Run one task."""
    standard = load(Path("standard"))
    started = time.perf_counter()
    if who == "bare":
        records = bare(file)
    else:
        engine = DuckEngine(spill=file.parent)
        with validation(standard, standard.families["encounter"], file, {}, engine) as opened:
            records = opened.checked.read
    seconds = time.perf_counter() - started
    print(records)
    print(seconds)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

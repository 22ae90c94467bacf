"""The second peer of `make bench`: DuckDB reads the same files, all columns as text, and does nothing else.

(With its own guess of types it stops at the first `2024 (FYTD)`.) Usage: duckdb_peer.py FILE ...
"""

import sys
import time

import duckdb


def main(files: list[str]) -> None:
    """Run once."""
    started = time.perf_counter()
    connection = duckdb.connect()
    rows = 0
    for file in files:
        table = connection.execute(
            "CREATE OR REPLACE TABLE t AS SELECT * FROM read_csv(?, all_varchar = true)", [file]
        )
        rows += table.fetchall()[0][0]
    print(rows)
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Rows and sum of values of Parquet and CSV files over HTTP, as DuckDB reads them with its own extension.

It runs in an environment of its own: the extension is packaged for a version of DuckDB that borderstats does not use.
"""

import json
import sys
from pathlib import Path

import duckdb
import duckdb_extension_httpfs

(extension,) = Path(duckdb_extension_httpfs.__file__).parent.rglob("*.duckdb_extension")
connection = duckdb.connect()
connection.execute(f"LOAD '{extension}'")
for address in sys.argv[1:]:
    ((rows, total),) = connection.sql(f"SELECT count(*), sum(value) FROM '{address}'").fetchall()
    sys.stdout.write(json.dumps([rows, float(total)]) + "\n")

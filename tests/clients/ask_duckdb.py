"""The rows that a query on standard input gives, asked by DuckDB with its own extension for HTTP.

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
for row in connection.sql(sys.stdin.read()).fetchall():
    sys.stdout.write(json.dumps(row, default=str) + "\n")

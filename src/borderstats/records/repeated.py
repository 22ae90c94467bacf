"""Rules about several records of a file: the rows that break them, found among those that share something.

To compare every record with its neighbours a file would have to be sorted. Two records that a rule can set against
each other agree in a hash; so the hashes are sorted, which takes 8 bytes a record, and only the few rows whose hash
occurs again are looked at closely.
"""

from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlglot import exp

from borderstats.records.sql import Columns, quoted
from borderstats.standard.records import Family, RecordRule

Rows = npt.NDArray[np.int64]
_AT_ONCE = 25_000_000
"""How many hashes are sorted together, so that memory does not grow with the file."""


def failing(
    connection: duckdb.DuckDBPyConnection, family: Family, rule: RecordRule, columns: Columns, key: str
) -> Rows:
    """The rows of the view `_file` that break a rule of `unique`, `apart`, `no_overlap` or `refers`.

    `key` is the field that tells the records of the family apart to which a rule refers.
    """
    names = {name for name in (*rule.fields, rule.field) if name}
    if not names <= set(columns.there):
        return np.zeros(0, np.int64)
    if rule.rule == "refers":
        return _dangling(connection, rule, key)
    where = [f"f.{quoted(name)} IS NOT NULL" for name in rule.fields]
    hashes = [_hash(family, columns, rule.fields, "")]
    if rule.rule == "apart":
        # Two times less than so many minutes apart lie in one box of twice the width, on one of two grids.
        time, width = columns.value(family.field(rule.field)), 120 * rule.minutes
        where.append(f"{time} IS NOT NULL")
        boxes = [f"(CAST(EPOCH({time}) AS BIGINT) + {shift}) // {width}" for shift in (0, width // 2)]
        hashes = [_hash(family, columns, rule.fields, box) for box in boxes]
    if rule.rule == "no_overlap":
        where.append(f"{columns.value(family.field(rule.field)).replace('f.', '')} IS NOT NULL")
    condition = " AND ".join(where)
    found = [_again(connection, hash_, condition) for hash_ in hashes]
    rows = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
    if not len(rows):
        return rows
    connection.register("_candidates", pa.table({"_row": rows}))
    return _close(connection, family, rule, columns)


def _hash(family: Family, columns: Columns, fields: Sequence[str], box: str) -> str:
    values = [columns.value(family.field(name)) for name in fields]
    return f"HASH({', '.join([*values, *([box] if box else [])])})"


def _again(connection: duckdb.DuckDBPyConnection, hash_: str, condition: str) -> Rows:
    """The rows whose hash another row has too."""
    total = connection.sql("SELECT COUNT(*) FROM _file").fetchall()[0][0]
    parts = max(1, -(-total // _AT_ONCE))
    again = []
    for part in range(parts):
        mine = f"{condition} AND {hash_} % {parts} = {part}" if parts > 1 else condition
        query = (
            exp.select(f"{hash_} AS h", dialect="duckdb")
            .from_("_file AS f", dialect="duckdb")
            .where(mine, dialect="duckdb")
        )
        hashes = np.sort(connection.sql(query.sql("duckdb")).fetchnumpy()["h"])
        again.append(np.unique(hashes[1:][hashes[1:] == hashes[:-1]]))
    table = pa.table({"h": np.concatenate(again)})
    if not table.num_rows:
        return np.zeros(0, np.int64)
    connection.register("_again", table)
    query = (
        exp.select("f.file_row_number", dialect="duckdb")
        .from_("_file AS f", dialect="duckdb")
        .where(condition, dialect="duckdb")
    )
    query = query.join("_again", on=f"{hash_} = a.h", join_type="semi", join_alias="a", dialect="duckdb")
    rows: Rows = connection.sql(query.sql("duckdb")).fetchnumpy()["file_row_number"]
    return rows.astype(np.int64)


def _close(connection: duckdb.DuckDBPyConnection, family: Family, rule: RecordRule, columns: Columns) -> Rows:
    """Those of the candidates that break the rule, in the order of their rows."""
    by = ", ".join(f"f.{quoted(name)}" for name in rule.fields)
    field = columns.value(family.field(rule.field)) if rule.field else ""
    if rule.rule == "unique":
        breaks = f"ROW_NUMBER() OVER (PARTITION BY {by} ORDER BY f.file_row_number) > 1"
    elif rule.rule == "apart":
        before = f"LAG({field}) OVER (PARTITION BY {by} ORDER BY {field}, f.file_row_number)"
        breaks = f"EPOCH({field}) - EPOCH({before}) < {60 * rule.minutes}"
    else:
        other = columns.value(family.field(rule.other)) if rule.other in columns.there else "NULL"
        end = f"COALESCE({other}, CAST('9999-12-31' AS TIMESTAMP))"
        before = (
            f"MAX({end}) OVER (PARTITION BY {by} ORDER BY {field}, f.file_row_number "
            "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        )
        breaks = f"{field} < {before}"
    there = [f"f.{quoted(name)} IS NOT NULL" for name in rule.fields]
    there += [f"{field} IS NOT NULL"] if field else []
    inner = (
        exp.select("f.file_row_number AS _row", f"{breaks} AS breaks", dialect="duckdb")
        .from_("_file AS f", dialect="duckdb")
        .join("_candidates", on="f.file_row_number = c._row", join_alias="c", dialect="duckdb")
        .where(*there, dialect="duckdb")
    )
    query = exp.select("_row").from_(inner.subquery("k")).where("breaks").sql("duckdb")
    rows: Rows = np.sort(connection.sql(query).fetchnumpy()["_row"].astype(np.int64))
    return rows


def _dangling(connection: duckdb.DuckDBPyConnection, rule: RecordRule, key: str) -> Rows:
    """The rows whose reference leads to no accepted record."""
    name = quoted(rule.field)
    query = (
        exp.select("f.file_row_number AS _row", dialect="duckdb")
        .from_("_file AS f", dialect="duckdb")
        .join(
            quoted(rule.family),
            on=f"f.{name} = k.{quoted(key)}",
            join_type="anti",
            join_alias="k",
            dialect="duckdb",
        )
        .where(f"f.{name} IS NOT NULL", dialect="duckdb")
        .sql("duckdb")
    )
    rows: Rows = np.sort(connection.sql(query).fetchnumpy()["_row"].astype(np.int64))
    return rows

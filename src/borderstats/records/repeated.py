"""Rules about several records of a file: the rows that break them, found among those that share something.

To compare every record with its neighbours a file would have to be sorted. Instead a word of 64 bits is made of each
record, such that two records which a rule can set against each other have neighbouring words; the words are sorted,
which takes 20 bytes a record, and only the few rows that have a neighbour are looked at closely.
"""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlglot import exp

from borderstats.records.sql import Columns, quoted
from borderstats.standard.record_rules import AnyRuleOfSeveral, Apart, NoOverlap, Refers, Unique
from borderstats.standard.records import Family

Rows = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
_AT_ONCE = 50_000_000
"""How many words are sorted together, so that memory does not grow with the file."""
_BATCH = 1 << 20


class Room:
    """Memory for the words of a file's records, used by one rule after another: fresh memory is slow at first touch."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.total: int = connection.sql("SELECT COUNT(*) FROM _file").fetchall()[0][0]
        self.parts = max(1, -(-self.total // _AT_ONCE))
        self.words = np.empty(self.total, np.uint64)
        self.sorted = np.empty(self.total, np.uint64)
        self.rows = np.empty(self.total, np.uint32)


def failing(
    connection: duckdb.DuckDBPyConnection,
    family: Family,
    rule: AnyRuleOfSeveral,
    columns: Columns,
    key: str,
    room: Room,
) -> tuple[Rows, frozenset[str]]:
    """The rows of the view `_file` that break a rule.

    Also the fields that turned out to have a value in every row. `key` is the field that tells the records of the
    family apart to which a rule refers.
    """
    nothing: frozenset[str] = frozenset()
    names = set() if isinstance(rule, Refers) else {*rule.fields}
    names |= set() if isinstance(rule, Unique) else {rule.field}
    if not names <= set(columns.types):
        return np.zeros(0, np.int64), nothing
    if isinstance(rule, Refers):
        return _dangling(connection, rule, key), nothing
    values = [columns.value(family.field(name)) for name in rule.fields]
    there = values if isinstance(rule, Unique) else [*values, columns.value(family.field(rule.field))]
    word, apart = f"HASH({', '.join(values)})", 0
    if isinstance(rule, Apart):
        # The high half tells who and where, the low half when, in units of the time that must lie between: less than
        # that apart, two records are of one unit or of two that follow each other.
        unit = f"EPOCH_US({there[-1]}) // {60_000_000 * rule.minutes} + {1 << 31}"
        word = f"({word} & {(1 << 64) - (1 << 32)}::UBIGINT) | ({unit} & {(1 << 32) - 1})::UBIGINT"
        apart = 1
    condition = " AND ".join(f"{value} IS NOT NULL" for value in there)
    rows, complete = _neighbours(connection, room, word, apart, condition)
    if len(rows):
        connection.register("_candidates", pa.table({"_row": rows}))
        rows = _close(connection, family, rule, columns)
    # A label is there, but its code may not be.
    kept = frozenset(name for name in names if family.field(name).type != "code")
    return rows, kept if complete else nothing


def _neighbours(
    connection: duckdb.DuckDBPyConnection, room: Room, word: str, apart: int, condition: str
) -> tuple[Rows, bool]:
    """The rows whose word is at most so far from that of another row; whether all have one."""
    words, rows, parts = room.words, room.rows, room.parts
    found, there = [], 0
    for part in range(parts):
        conditions = [condition, *([f"({word} >> 32) % {parts} = {part}"] if parts > 1 else [])]
        query = exp.select(f"{word} AS w", "CAST(f.file_row_number AS UINTEGER) AS r", dialect="duckdb")
        query = query.from_("_file AS f").where(*conditions, dialect="duckdb")
        count = 0
        for batch in connection.sql(query.sql("duckdb")).to_arrow_reader(_BATCH):
            end = count + len(batch)
            words[count:end], rows[count:end] = batch["w"].to_numpy(), batch["r"].to_numpy()
            count = end
        near = _near(_sorted(words[:count], room.sorted[:count]), apart)
        found.append(rows[:count][_among(words[:count], near)])
        there += count
    return np.concatenate(found).astype(np.int64), there == room.total


def _sorted(words: Words, made: Words) -> Words:
    """A sorted copy, made on two cores."""
    made[:] = words
    half = len(made) // 2
    if half:
        made.partition(half)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(np.ndarray.sort, (made[:half], made[half:])))
    return made


def _near(words: Words, apart: int) -> Words:
    """Those of sorted words that have another one so near."""
    starts = range(0, len(words), _BATCH)
    pieces = [words[n : n + _BATCH + 1] for n in starts]
    places = [n + np.flatnonzero(w[1:] - w[:-1] <= apart) for n, w in zip(starts, pieces, strict=True)]
    first = np.concatenate([np.zeros(0, np.int64), *places])
    near: Words = words[np.concatenate([first, first + 1])]
    return near


def _among(words: Words, some: Words) -> npt.NDArray[np.int64]:
    """The places of words that are among a few. Most of the others are told by some bits of them, without a search."""
    bits = min(max(len(some).bit_length() + 8, 16), 28)
    listed = np.zeros(1 << bits, bool)
    listed[_mixed(some, bits)] = True
    starts = range(0, len(words) if len(some) else 0, _BATCH)
    places = [n + np.flatnonzero(listed[_mixed(words[n : n + _BATCH], bits)]) for n in starts]
    maybe = np.concatenate([np.zeros(0, np.int64), *places])
    among: npt.NDArray[np.int64] = maybe[np.isin(words[maybe], some)]
    return among


def _mixed(words: Words, bits: int) -> Words:
    """So many bits, to which every bit of a word contributes (multiplicative hashing, Knuth, TAOCP 3, 6.4)."""
    mixed: Words = (words * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - bits)
    return mixed


def _rows(connection: duckdb.DuckDBPyConnection, query: exp.Select) -> Rows:
    rows: Rows = connection.sql(query.sql("duckdb")).fetchnumpy()["_row"].astype(np.int64)
    rows.sort()
    return rows


def _close(
    connection: duckdb.DuckDBPyConnection, family: Family, rule: Unique | Apart | NoOverlap, columns: Columns
) -> Rows:
    """Those of the candidates that break the rule, in the order of their rows."""
    by = ", ".join(f"f.{quoted(name)}" for name in rule.fields)
    field = "" if isinstance(rule, Unique) else columns.value(family.field(rule.field))
    if isinstance(rule, Unique):
        breaks = f"ROW_NUMBER() OVER (PARTITION BY {by} ORDER BY f.file_row_number) > 1"
    elif isinstance(rule, Apart):
        before = f"LAG({field}) OVER (PARTITION BY {by} ORDER BY {field}, f.file_row_number)"
        breaks = f"EPOCH({field}) - EPOCH({before}) < {60 * rule.minutes}"
    else:
        other = columns.value(family.field(rule.other)) if rule.other in columns.types else "NULL"
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
    return _rows(connection, exp.select("_row").from_(inner.subquery("k")).where("breaks"))


def _dangling(connection: duckdb.DuckDBPyConnection, rule: Refers, key: str) -> Rows:
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
    )
    return _rows(connection, query)

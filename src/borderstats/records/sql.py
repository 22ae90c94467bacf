"""The SQL of validation: one projection of a file, with a bit for each reason against a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from borderstats.records.codes import Labels
from borderstats.standard.records import Family, Field, RecordRule

_NULL = {"key": "VARCHAR", "text": "VARCHAR", "person": "VARCHAR", "code": "VARCHAR", "time": "TIMESTAMP"}
_TYPES = {**_NULL, "whole": "BIGINT", "number": "DOUBLE"}


@dataclass(frozen=True)
class Columns:
    """The names of a file's columns."""

    there: tuple[str, ...]

    def value(self, field: Field) -> str:
        """A field of the file `f`, or a null if it has no such column."""
        type_ = _TYPES[field.type]
        raw = f"f.{quoted(field.name)}" if field.name in self.there else "NULL"
        return f"TRY_CAST({raw} AS {type_})"

    def missing(self, field: Field) -> str:
        """Why the value is missing: BLANK, REDACTED, NOT_RECORDED, UNREADABLE, or null if there is a value."""
        if field.name not in self.there:
            return "'NOT_RECORDED'"
        raw, name = f"f.{quoted(field.name)}", f"{field.name}_missing"
        unreadable = f"WHEN {raw} IS NOT NULL AND {self.value(field)} IS NULL THEN 'UNREADABLE'"
        told = f"COALESCE(f.{quoted(name)}, 'BLANK')" if name in self.there else "'BLANK'"
        return f"CASE {unreadable} WHEN {raw} IS NULL THEN {told} END"


@dataclass(frozen=True)
class Reason:
    """A reason against a record: a condition of it alone, or the table of the rows that fail."""

    name: str
    condition: str = ""
    failed: str = ""


def quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql("duckdb")


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def distinct(field: str, scope: str) -> str:
    """The pairs of labels of a scope and of a field that occur."""
    outer = f"COALESCE(CAST({quoted(scope)} AS VARCHAR), '')" if scope else "''"
    return (
        exp.select(f"{outer} AS scope_label", f"CAST({quoted(field)} AS VARCHAR) AS label", dialect="duckdb")
        .from_("_file")
        .where(f"{quoted(field)} IS NOT NULL", dialect="duckdb")
        .distinct()
        .sql("duckdb")
    )


def reasons(family: Family, columns: Columns, labels: Mapping[str, Labels]) -> tuple[Reason, ...]:
    """Every reason that one record alone can have, in the order of fields and rules, over the recoded columns."""
    found = []
    for field in family.fields:
        missing = quoted(f"{field.name}_missing")
        if field.required:
            found.append(
                Reason(f"{field.name}-missing", f"{missing} IN ('BLANK', 'REDACTED', 'NOT_RECORDED')")
            )
        if field.name in columns.there:
            found.append(Reason(f"{field.name}-unreadable", f"{missing} = 'UNREADABLE'"))
        if field.name in labels:
            found.append(Reason(f"{field.name}-unknown-code", f"{missing} = 'UNKNOWN_CODE'"))
            if labels[field.name].dated:
                found.append(Reason(f"{field.name}-code-not-valid-then", quoted(f"_late_{field.name}")))
        if field.minimum or field.maximum:
            found.append(
                Reason(f"{field.name}-out-of-range", f"NOT ({_between(field, field.minimum, field.maximum)})")
            )
    of_rules = ((rule.name, _condition(family, rule)) for rule in family.rules)
    return (*found, *(Reason(name, condition) for name, condition in of_rules if condition))


def _condition(family: Family, rule: RecordRule) -> str:
    """When a record breaks a rule of its own; empty for rules about several records. A null is not judged."""
    if rule.rule == "determined":
        cases = []
        for row in rule.table:
            when = " AND ".join(
                f"{quoted(n)} = {literal(code)}" for n, code in row.items() if n != rule.field
            )
            cases.append(f"WHEN {when} THEN {quoted(rule.field)} <> {literal(row[rule.field])}")
        others = dict.fromkeys(n for row in rule.table for n in row if n != rule.field)
        told = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in others)
        wrong = f"CASE {' '.join(cases)} WHEN {told} THEN TRUE END"
    elif rule.rule == "within":
        wrong = f"NOT ({_between(family.field(rule.field), rule.minimum, rule.maximum)})"
    elif rule.rule == "one_of":
        wrong = f"{quoted(rule.field)} NOT IN ({_list(rule.codes)})"
    elif rule.rule == "not_before":
        wrong = f"{quoted(rule.field)} < {quoted(rule.other)}"
    else:
        return ""
    only = [f"{quoted(name)} IN ({_list(some)})" for name, some in rule.when.items()]
    return " AND ".join([*only, f"({wrong})"])


def _list(some: Sequence[str]) -> str:
    return ", ".join(map(literal, some))


def _between(field: Field, minimum: str, maximum: str) -> str:
    """Whether a field lies within bounds; those of a time are days, both included."""
    name = quoted(field.name)
    if field.type == "time":
        low = f"CAST({literal(minimum)} AS DATE)"
        high = f"CAST({literal(maximum)} AS DATE) + INTERVAL 1 DAY"
        bounds = [f"{name} >= {low}"] * bool(minimum) + [f"{name} < {high}"] * bool(maximum)
    else:
        low = exp.Literal.number(minimum or "0").sql("duckdb")
        high = exp.Literal.number(maximum or "0").sql("duckdb")
        bounds = [f"{name} >= {low}"] * bool(minimum) + [f"{name} <= {high}"] * bool(maximum)
    return " AND ".join(bounds)


def recoded(family: Family, columns: Columns, labels: Mapping[str, Labels]) -> exp.Select:
    """The file with codes for labels, `<field>_missing` for every field, `_late_<field>` and `_row`."""
    parts = ["f.file_row_number AS _row"]
    query = exp.select().from_("_file AS f", dialect="duckdb")
    time = columns.value(family.field(family.time))
    for number, field in enumerate(family.fields):
        name, missing = quoted(field.name), quoted(f"{field.name}_missing")
        if field.name not in labels:
            parts += [f"{columns.value(field)} AS {name}", f"{columns.missing(field)} AS {missing}"]
            continue
        alias = f"l{number}"
        scope = field.scope if field.scope in columns.there else ""
        on = f"CAST(f.{name} AS VARCHAR) = {alias}.label"
        if scope:
            on += f" AND COALESCE(CAST(f.{quoted(scope)} AS VARCHAR), '') = {alias}.scope_label"
        query = query.join(
            quoted(f"_labels_{field.name}"), on=on, join_type="left", join_alias=alias, dialect="duckdb"
        )
        unknown = f"CASE WHEN f.{name} IS NOT NULL AND {alias}.code IS NULL THEN 'UNKNOWN_CODE'"
        parts += [f"{alias}.code AS {name}", f"{unknown} ELSE {columns.missing(field)} END AS {missing}"]
        if labels[field.name].dated:
            late = f"({time} < {alias}.starts OR {time} >= {alias}.ends + INTERVAL 1 DAY)"
            parts.append(f"COALESCE({late}, FALSE) AS {quoted(f'_late_{field.name}')}")
    for name in ("source_sheet", "source_row"):
        if name in columns.there:
            parts.append(f"f.{name}")
    return query.select(*parts, dialect="duckdb")


def judged(
    family: Family, columns: Columns, labels: Mapping[str, Labels], found: Sequence[Reason]
) -> exp.Select:
    """The recoded file with `_reasons`: a bit for each reason."""
    query = exp.select("r.*").from_(recoded(family, columns, labels).subquery("r"))
    bits = []
    for number, reason in enumerate(found):
        if reason.failed:
            alias = f"s{number}"
            query = query.join(
                reason.failed,
                on=f"r._row = {alias}._row",
                join_type="left",
                join_alias=alias,
                dialect="duckdb",
            )
            bits.append(f"CASE WHEN {alias}._row IS NULL THEN 0 ELSE {1 << number} END")
        else:
            bits.append(f"CASE WHEN {reason.condition} THEN {1 << number} ELSE 0 END")
    total = " + ".join(bits) or "0"
    return query.select(f"CAST({total} AS BIGINT) AS _reasons", dialect="duckdb")


def counted(family: Family, columns: Columns, labels: Mapping[str, Labels], found: Sequence[Reason]) -> str:
    """How many records have which reasons."""
    query = exp.select("_reasons", "COUNT(*) AS n").from_(
        judged(family, columns, labels, found).subquery("j")
    )
    return query.group_by("_reasons").sql("duckdb")


def validated(
    family: Family,
    columns: Columns,
    labels: Mapping[str, Labels],
    found: Sequence[Reason],
    *,
    key: bytes,
    accepted: bool,
) -> str:
    """The validated records, or those in quarantine with `_reasons` and their row in the file."""
    query = exp.select().from_(judged(family, columns, labels, found).subquery("j"))
    parts = []
    for field in family.fields:
        name = quoted(field.name)
        value = f"{hashed(name, key)} AS {name}" if field.type == "person" else name
        parts += [value, quoted(f"{field.name}_missing")] if not (accepted and field.required) else [value]
    if not accepted:
        names = ", ".join(
            f"CASE WHEN _reasons & {1 << n} <> 0 THEN {literal(reason.name)} END"
            for n, reason in enumerate(found)
        )
        told = f"ARRAY_TO_STRING(LIST_FILTER([{names or 'NULL'}], x -> x IS NOT NULL), '|') AS _reasons"
        parts += ["_row", told, *(n for n in ("source_sheet", "source_row") if n in columns.there)]
    condition = "_reasons = 0" if accepted else "_reasons <> 0"
    return query.select(*parts, dialect="duckdb").where(condition).sql("duckdb")


def hashed(expression: str, key: bytes) -> str:
    """A person's number as 64 bits of HMAC-SHA-256 (RFC 2104) under a key of 64 bytes, as a signed integer.

    Two of n persons share one with a probability of n squared over 2 to the 65th: 0.03 per cent of a chance that any
    two of 100 million do.
    """
    inner, outer = (bytes(byte ^ pad for byte in key).hex() for pad in (0x36, 0x5C))
    digest = f"SHA256(UNHEX('{inner}') || ENCODE(CAST({expression} AS VARCHAR)))"
    twice = f"SHA256(UNHEX('{outer}') || UNHEX({digest}))"
    return f"CAST(CAST(CAST('0x' || SUBSTR({twice}, 1, 16) AS UBIGINT) AS HUGEINT) - 9223372036854775808 AS BIGINT)"

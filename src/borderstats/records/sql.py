"""The SQL of validation: one projection of a file, with a bit for each reason against a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from borderstats.records.codes import Labels
from borderstats.standard.record_rules import AnyRule, Bound, Determined, NotBefore, OneOf, Within
from borderstats.standard.records import BoundedField, CodeField, Family, Field

_TYPES = {"key": "VARCHAR", "text": "VARCHAR", "person": "VARCHAR", "code": "VARCHAR"}
_TYPES |= {"time": "TIMESTAMP", "whole": "BIGINT", "number": "DOUBLE"}
_READ = ("time", "whole", "number")
_MISSING = {"unreadable": "UNREADABLE", "unknown-code": "UNKNOWN_CODE"}
_LOSSLESS = {"BIGINT": ("INTEGER", "SMALLINT", "TINYINT"), "DOUBLE": ("FLOAT",)}


@dataclass(frozen=True)
class Columns:
    """The columns of a file `f`, each with DuckDB's name for its type; `complete` are known to have no null."""

    types: Mapping[str, str]
    complete: frozenset[str] = frozenset()

    def value(self, field: Field) -> str:
        """A field, null if the file has no such column or its value cannot be read."""
        wanted = _TYPES[field.type]
        if field.name not in self.types:
            return f"CAST(NULL AS {wanted})"
        raw, type_ = f"f.{quoted(field.name)}", self.types[field.name]
        if type_ == wanted:
            return raw
        return f"{'TRY_CAST' if self.doubtful(field) else 'CAST'}({raw} AS {wanted})"

    def doubtful(self, field: Field) -> bool:
        """Whether the file has the field in a type that may hold what cannot be read."""
        wanted = _TYPES[field.type]
        return field.name in self.types and self.types[field.name] not in (
            wanted,
            *_LOSSLESS.get(wanted, ()),
        )

    def unreadable(self, field: Field) -> str:
        """Whether there is, or was before the file was staged, something that cannot be read; empty if never."""
        tests = []
        if self.doubtful(field):
            tests.append(f"(f.{quoted(field.name)} IS NOT NULL AND {self.value(field)} IS NULL)")
        if field.type in _READ and f"{field.name}_missing" in self.types:
            tests.append(f"COALESCE(f.{quoted(f'{field.name}_missing')} = 'UNREADABLE', FALSE)")
        return " OR ".join(tests)

    def blank(self, field: Field) -> str:
        """Why there is nothing: BLANK, REDACTED, NOT_RECORDED, or null if there is something."""
        if field.name not in self.types:
            return "'NOT_RECORDED'"
        name = f"{field.name}_missing"
        reason = f"COALESCE(f.{quoted(name)}, 'BLANK')" if name in self.types else "'BLANK'"
        return f"CASE WHEN f.{quoted(field.name)} IS NULL THEN {reason} END"


@dataclass(frozen=True)
class Reason:
    """A reason against a record: a condition of it alone, or the table of the rows that fail."""

    name: str
    condition: str = ""
    failed: str = ""


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def combinations(fields: Sequence[str]) -> str:
    """The table `_labels` of the labels that occur together in some fields, with how many records have them."""
    parts = [f"CAST({quoted(name)} AS VARCHAR) AS {quoted(name)}" for name in fields]
    query = exp.select(*parts, "COUNT(*) AS _records", dialect="duckdb").from_("_file")
    return query.group_by(*map(str, range(1, len(fields) + 1))).ctas("_labels").sql("duckdb")


def occurring(field: str, scope: str) -> str:
    """The labels of a field that occur, how often, and the label of its scope beside each."""
    by = [quoted(field), *([quoted(scope)] if scope else [])]
    query = exp.select(by[0], "SUM(_records)", *(by[1:] or ["''"]), dialect="duckdb").from_("_labels")
    return query.group_by(*by, dialect="duckdb").sql("duckdb")


def reasons(family: Family, columns: Columns, labels: Mapping[str, Labels]) -> tuple[Reason, ...]:
    """Every reason that one record alone can have, in the order of fields and rules, over the recoded columns.

    A reason that no record of this file can have is left out: a number among whole numbers is never unreadable.
    """
    found = []
    for field in family.fields:
        lost = _lost(field, columns, labels)
        if field.required and field.name not in columns.complete:
            missing = " AND ".join(
                [f"{quoted(field.name)} IS NULL", *(f"NOT {name}" for name in lost.values())]
            )
            found.append(Reason(f"{field.name}-missing", missing))
        found += [Reason(f"{field.name}-{reason}", name) for reason, name in lost.items()]
        if field.name in labels and labels[field.name].dated:
            found.append(Reason(f"{field.name}-code-not-valid-then", _late(family, field, labels)))
        if isinstance(field, BoundedField) and (bounds := _between(field.name, field.minimum, field.maximum)):
            found.append(Reason(f"{field.name}-out-of-range", f"NOT ({bounds})"))
    of_rules = ((rule.name, _condition(rule)) for rule in family.rules)
    return (*found, *(Reason(name, condition) for name, condition in of_rules if condition))


def _lost(field: Field, columns: Columns, labels: Mapping[str, Labels]) -> dict[str, str]:
    """Why a value of this file can be lost although the file holds something: reasons, and the columns that tell."""
    lost = {}
    if columns.unreadable(field):
        lost["unreadable"] = quoted(f"_unreadable_{field.name}")
    if field.name in labels and labels[field.name].unknown:
        lost["unknown-code"] = quoted(f"_unknown_{field.name}")
    return lost


def _late(family: Family, field: Field, labels: Mapping[str, Labels]) -> str:
    """When a record has a code on a day on which it is not valid."""
    time, cases = quoted(family.time), []
    for code, (starts, ends) in labels[field.name].dated.items():
        after = f"{time} < CAST({literal(starts.isoformat())} AS DATE)" if starts else ""
        before = f"{time} >= CAST({literal(ends.isoformat())} AS DATE) + INTERVAL 1 DAY" if ends else ""
        cases.append(f"WHEN {literal(code)} THEN {' OR '.join(filter(None, (after, before)))}")
    return f"CASE {quoted(field.name)} {' '.join(cases)} END"


def _condition(rule: AnyRule) -> str:
    """When a record breaks a rule of its own; empty for rules about several records. A null is not judged."""
    match rule:
        case Determined():
            wrong = _undetermined(rule)
        case Within():
            wrong = f"NOT ({_between(rule.field, rule.minimum, rule.maximum)})"
        case OneOf():
            wrong = f"{quoted(rule.field)} NOT IN ({_list(rule.codes)})"
        case NotBefore():
            wrong = f"{quoted(rule.field)} < {quoted(rule.other)}"
        case _:
            return ""
    only = [f"{quoted(name)} IN ({_list(some)})" for name, some in rule.when.items()]
    return " AND ".join([*only, f"({wrong})"])


def _undetermined(rule: Determined) -> str:
    cases = []
    for row in rule.table:
        when = " AND ".join(f"{quoted(n)} = {literal(code)}" for n, code in row.items() if n != rule.field)
        cases.append(f"WHEN {when} THEN {quoted(rule.field)} <> {literal(row[rule.field])}")
    others = dict.fromkeys(n for row in rule.table for n in row if n != rule.field)
    known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in others)
    return f"CASE {' '.join(cases)} WHEN {known} THEN TRUE END"


def _list(some: Sequence[str]) -> str:
    return ", ".join(map(literal, some))


def _between(field: str, minimum: Bound, maximum: Bound) -> str:
    """Whether a field lies within bounds; those of a time are days, both included."""
    tests = [] if minimum is None else [f"{quoted(field)} >= {_bound(minimum)}"]
    if isinstance(maximum, date):
        tests.append(f"{quoted(field)} < {_bound(maximum)} + INTERVAL 1 DAY")
    elif maximum is not None:
        tests.append(f"{quoted(field)} <= {_bound(maximum)}")
    return " AND ".join(tests)


def _bound(bound: date | float) -> str:
    return f"CAST({literal(bound.isoformat())} AS DATE)" if isinstance(bound, date) else repr(bound)


def recoded(family: Family, columns: Columns, labels: Mapping[str, Labels]) -> exp.Select:
    """The file with codes for labels, `<field>_missing` for every field, what is lost, and `_row`."""
    parts = ["f.file_row_number AS _row"]
    query = exp.select().from_("_file AS f", dialect="duckdb")
    for field in family.fields:
        value, blank = columns.value(field), columns.blank(field)
        lost = _lost(field, columns, labels)
        tests = {"unreadable": columns.unreadable(field)}
        if isinstance(field, CodeField) and field.name in labels:
            code = _code(field, columns, labels[field.name])
            tests["unknown-code"] = f"({value} IS NOT NULL AND {code} IS NULL)"
            value = code
        cases = [f"WHEN {tests[reason]} THEN {literal(_MISSING[reason])}" for reason in lost]
        missing = f"CASE {' '.join(cases)} ELSE {blank} END" if cases else blank
        parts += [f"{value} AS {quoted(field.name)}", f"{missing} AS {quoted(f'{field.name}_missing')}"]
        parts += [f"{tests[reason]} AS {name}" for reason, name in lost.items()]
    parts += [f"f.{name}" for name in ("source_sheet", "source_row") if name in columns.types]
    return query.select(*parts, dialect="duckdb")


def _code(field: CodeField, columns: Columns, labels: Labels) -> str:
    """The code of a label, null for one that nobody knows: DuckDB looks it up once for each entry of a dictionary."""
    value = columns.value(field)
    if labels.codes_already:
        return value
    if "" in labels.codes and len(labels.codes) == 1:
        return _looked_up(labels.codes[""], value)
    scopes = " ".join(
        f"WHEN {literal(scope)} THEN {_looked_up(codes, value)}" for scope, codes in labels.codes.items()
    )
    return f"CASE COALESCE(CAST(f.{quoted(field.scope)} AS VARCHAR), '') {scopes} END"


def _looked_up(codes: Mapping[str, str], value: str) -> str:
    pairs = ", ".join(f"{literal(label)}: {literal(code)}" for label, code in codes.items())
    return f"MAP {{{pairs}}}[{value}]" if codes else "CAST(NULL AS VARCHAR)"


def judged(
    family: Family, columns: Columns, labels: Mapping[str, Labels], found: Sequence[Reason]
) -> exp.Select:
    """The recoded file with `_reasons`: a bit for each reason."""
    query = exp.select("r.*").from_(recoded(family, columns, labels).subquery("r"))
    conditions = []
    for number, reason in enumerate(found):
        conditions.append(reason.condition or f"s{number}._row IS NOT NULL")
        if reason.failed:
            query = query.join(
                reason.failed,
                on=f"r._row = s{number}._row",
                join_type="left",
                join_alias=f"s{number}",
                dialect="duckdb",
            )
    return query.select(f"{_bits(conditions)} AS _reasons", dialect="duckdb")


def counted(family: Family, columns: Columns, labels: Mapping[str, Labels], found: Sequence[Reason]) -> str:
    """How many records have which reasons (bits) and lack which fields (bits), by month and code of the profile."""
    time, by = quoted(family.time), quoted(family.profile.by)
    month = f"CAST(12 * EXTRACT(YEAR FROM {time}) + EXTRACT(MONTH FROM {time}) - 1 AS INTEGER)"
    lacking = _bits(["FALSE" if n in columns.complete else f"{quoted(n)} IS NULL" for n in family.names])
    query = exp.select(
        f"{month} AS m", f"{by} AS b", "_reasons", f"{lacking} AS k", "COUNT(*)", dialect="duckdb"
    )
    query = query.from_(judged(family, columns, labels, found).subquery("j"))
    return query.group_by("m", "b", "_reasons", "k").sql("duckdb")


def _bits(conditions: Sequence[str]) -> str:
    """A bit for each condition that holds."""
    bits = [f"CASE WHEN {condition} THEN {1 << n} ELSE 0 END" for n, condition in enumerate(conditions)]
    return f"CAST({' + '.join(bits) or '0'} AS BIGINT)"


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
        reasons = f"ARRAY_TO_STRING(LIST_FILTER([{names or 'NULL'}], x -> x IS NOT NULL), '|') AS _reasons"
        parts += ["_row", reasons, *(n for n in ("source_sheet", "source_row") if n in columns.types)]
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

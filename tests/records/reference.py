"""What validation is, in plain Python: slow, obvious, and what the SQL is held to.

Raw records are mappings from field to value as a canonical file has it, None where it is missing.
"""

import datetime
from collections import Counter, defaultdict

from borderstats.standard.codelists import TOTAL


def reasons(standard, family, raw, accepted_keys, unreadable=()):
    """For each record the set of the names of the reasons against it. `unreadable`: (row, field), None in the record."""
    recoded = [recode(standard, family, record) for record in raw]
    found = [alone(family, record, codes) for record, codes in zip(raw, recoded, strict=True)]
    for n, name in unreadable:
        found[n] = found[n] - {f"{name}-missing"} | {f"{name}-unreadable"}
    for rule in family.rules:
        rows = together(rule, recoded, raw, accepted_keys)
        for n in rows:
            found[n].add(rule.name)
    return found, recoded


def profile(family, recoded):
    """Records by month and code, records without a value by field, records by field and code."""
    months, missing, codes = defaultdict(Counter), dict.fromkeys(family.names, 0), Counter()
    for record in recoded:
        if time := record[family.time]:
            months[12 * time.year + time.month - 1][record[family.profile.by] or ""] += 1
        for field in family.fields:
            missing[field.name] += record[field.name] is None
            if field.type == "code" and record[field.name] is not None:
                codes[field.name, record[field.name]] += 1
    return months, missing, codes


def recode(standard, family, record):
    codes = dict(record)
    codes["_invalid"], codes["_late"] = set(), set()
    coded = [field for field in family.fields if field.type == "code"]
    for field in sorted(coded, key=lambda field: bool(field.scope)):
        if record[field.name] is None:
            continue
        codelist = standard.codelist_of(field.concept)
        scope = codes[field.scope] if field.scope else None
        place = codelist.find(record[field.name].removeprefix(f"{scope}."), scope or "")
        code = codelist.codes[place] if place is not None else None
        if code is None or code.code == TOTAL:
            codes[field.name] = None
            codes["_invalid"].add(field.name)
            continue
        codes[field.name] = code.id
        day = record[family.time].date() if record[family.time] else None
        if day and ((code.valid_from and day < code.valid_from) or (code.valid_to and day > code.valid_to)):
            codes["_late"].add(field.name)
    return codes


def alone(family, record, codes):
    found = set()
    for field in family.fields:
        value = record[field.name]
        if field.required and value is None:
            found.add(f"{field.name}-missing")
        if field.name in codes["_invalid"]:
            found.add(f"{field.name}-unknown-code")
        if field.name in codes["_late"]:
            found.add(f"{field.name}-code-not-valid-then")
        bounded = value is not None and field.type in ("time", "whole", "number")
        if bounded and not within(field, value, field.minimum, field.maximum):
            found.add(f"{field.name}-out-of-range")
    for rule in family.rules:
        if rule.rule not in ("determined", "within", "one_of", "not_before"):
            continue
        if any(codes[name] not in some for name, some in rule.when.items()):
            continue
        value = codes.get(rule.field)
        if rule.rule == "determined" and value is not None:
            others = {name for row in rule.table for name in row if name != rule.field}
            row = next(
                (r for r in rule.table if all(codes[n] == c for n, c in r.items() if n != rule.field)), None
            )
            if row is None and all(codes[name] is not None for name in others):
                found.add(rule.name)
            if row is not None and row[rule.field] != value:
                found.add(rule.name)
        elif rule.rule == "determined" and value is None:
            others = {name for row in rule.table for name in row if name != rule.field}
            row = next(
                (r for r in rule.table if all(codes[n] == c for n, c in r.items() if n != rule.field)), None
            )
            if row is None and all(codes[name] is not None for name in others):
                found.add(rule.name)
        elif value is None:
            continue
        elif (
            (
                rule.rule == "within"
                and not within(family.field(rule.field), value, rule.minimum, rule.maximum)
            )
            or (rule.rule == "one_of" and value not in rule.codes)
            or (rule.rule == "not_before" and codes[rule.other] is not None and value < codes[rule.other])
        ):
            found.add(rule.name)
    return found


def within(field, value, minimum, maximum):
    value = value.date() if field.type == "time" else value
    return (minimum is None or value >= minimum) and (maximum is None or value <= maximum)


def together(rule, recoded, raw, accepted_keys):
    """The rows that break a rule about several records. Labels are compared as the file has them."""
    if rule.rule == "refers":
        return [
            n
            for n, record in enumerate(raw)
            if record[rule.field] is not None and record[rule.field] not in accepted_keys
        ]
    if rule.rule not in ("unique", "apart", "no_overlap"):
        return []
    groups = defaultdict(list)
    for n, record in enumerate(raw):
        names = [*rule.fields, *([rule.field] if rule.rule != "unique" else [])]
        if all(record[name] is not None for name in names):
            groups[tuple(record[name] for name in rule.fields)].append(n)
    found = []
    for rows in groups.values():
        if rule.rule == "unique":
            found += rows[1:]
            continue
        rows.sort(key=lambda n: (raw[n][rule.field], n))
        end = None
        for before, n in zip([None, *rows], rows, strict=False):
            start = raw[n][rule.field]
            if rule.rule == "apart":
                if before is not None and start - raw[before][rule.field] < datetime.timedelta(
                    minutes=rule.minutes
                ):
                    found.append(n)
                continue
            if end is not None and start < end:
                found.append(n)
            own = raw[n][rule.other] or datetime.datetime(9999, 12, 31)
            end = own if end is None else max(end, own)
    return found

"""What a delivery looks like, counted, and whether that is plausible beside the delivery before it.

A delivery can be well formed in every record and wrong as a whole: a file that ends early, an office that is missing, a
column that came out empty, a quarter sent twice under two names.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from borderstats.standard.records import Family, ProfileLimits

_COLUMNS = ("kind", "name", "month", "records")
_ALL, _ROWS, _LACKING, _CODE = "all", "month", "missing", "code"

Months = Mapping[int, Counter[str]]
"""Records by month (years times twelve and months, from 0) and code of the field by which the family is profiled."""


@dataclass(frozen=True)
class Profile:
    """Counts of one family's records in one delivery: by month and code, without a value by field, by code.

    `records` is all of them, also those without a time; `missing` counts by field, `codes` by (field, code).
    Confidential: counts can be as small as 1.
    """

    records: int
    months: Months
    missing: Mapping[str, int]
    codes: Mapping[tuple[str, str], int]

    def full(self, least: int) -> list[int]:
        """The months with at least so many records, in order: a mistyped date makes no month of the delivery."""
        return [month for month, counts in sorted(self.months.items()) if counts.total() >= least]


def implausible(family: Family, fresh: Profile, before: Profile | None) -> tuple[str, ...]:
    """What is implausible about a delivery, one line each, beside the last one of the same layout if there is one."""
    limits = family.profile
    found = [*_gaps(limits, fresh), *_repeats(limits, fresh, before)]
    if before and before.records >= limits.least:
        found += [*_rows(limits, fresh, before), *_missing(limits, fresh, before)]
        found += _new_codes(limits, fresh, before)
    return tuple(f"{family.id}: {line}" for line in found)


def write(path: Path, profile: Profile) -> None:
    """Write a profile as CSV, in a fixed order."""
    rows = [(_ALL, "", "", profile.records)]
    for month, counts in sorted(profile.months.items()):
        rows += [(_ROWS, code, str(month), n) for code, n in sorted(counts.items())]
    rows += [(_LACKING, name, "", n) for name, n in sorted(profile.missing.items())]
    rows += [(_CODE, f"{field}={code}", "", n) for (field, code), n in sorted(profile.codes.items())]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(rows)


def read(path: Path) -> Profile:
    """Read what `write` wrote."""
    months: dict[int, Counter[str]] = {}
    missing, codes, records = {}, {}, 0
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            count = int(row["records"])
            if row["kind"] == _ALL:
                records = count
            elif row["kind"] == _ROWS:
                months.setdefault(int(row["month"]), Counter())[row["name"]] = count
            elif row["kind"] == _LACKING:
                missing[row["name"]] = count
            else:
                field, _, code = row["name"].partition("=")
                codes[field, code] = count
    return Profile(records, months, missing, codes)


def _text(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _gaps(limits: ProfileLimits, fresh: Profile) -> Iterator[str]:
    """Months without a record amid months with many."""
    full = fresh.full(limits.least)
    if not full:
        return
    usual = sum(fresh.months[month].total() for month in full) // len(full)
    for month in range(full[0], full[-1]):
        if month not in fresh.months:
            yield f"no record in {_text(month)}, while other months have {usual:,}"


def _rows(limits: ProfileLimits, fresh: Profile, before: Profile) -> Iterator[str]:
    """Months that both deliveries hold whole and that have changed too much, in all or for one code."""
    both = sorted(set(fresh.months) & set(before.months))
    # The last month of a delivery is rarely whole.
    last = max(before.full(limits.least), default=None)
    for month in both:
        if month == last:
            continue
        now, then = fresh.months[month], before.months[month]
        yield from _changed(limits, _text(month), now.total(), then.total())
        for code in sorted(set(now) | set(then)):
            yield from _changed(limits, f"{_text(month)}, {code or 'without code'}", now[code], then[code])
    months = len(before.months)
    for code, count in sorted(sum(before.months.values(), Counter[str]()).items()):
        if not both and count >= limits.least * months and not any(c[code] for c in fresh.months.values()):
            yield f"{code or 'without code'}: no record; the last delivery had {count // months:,} a month"


def _changed(limits: ProfileLimits, where: str, now: int, then: int) -> Iterator[str]:
    if max(now, then) >= limits.least and abs(now - then) > limits.change * then:
        yield f"{where}: {now:,} records; the last delivery had {then:,}"


def _missing(limits: ProfileLimits, fresh: Profile, before: Profile) -> Iterator[str]:
    for field in sorted(set(fresh.missing) | set(before.missing)):
        now, then = (p.missing.get(field, 0) / max(p.records, 1) for p in (fresh, before))
        if fresh.records >= limits.least and now - then > limits.missing:
            yield f"{field}: no value in {now:.1%} of the records; {then:.1%} in the last delivery"


def _new_codes(limits: ProfileLimits, fresh: Profile, before: Profile) -> Iterator[str]:
    for (field, code), count in sorted(fresh.codes.items()):
        share = count / max(fresh.records, 1)
        if (field, code) not in before.codes and count >= limits.least and share > limits.new_codes:
            yield f"{field} {code}: {share:.1%} of the records; the last delivery had none"


def _repeats(limits: ProfileLimits, fresh: Profile, before: Profile | None) -> Iterator[str]:
    """Quarters whose counts by month and code are those of another quarter, here or in the delivery before."""
    quarters = _quarters(fresh.months)
    others = [(quarters, "this delivery"), *([(_quarters(before.months), "the last one")] if before else [])]
    for quarter, counts in quarters.items():
        for known, where in others:
            for other, other_counts in known.items():
                earlier = other < quarter if known is quarters else other != quarter
                if earlier and _alike(limits, counts, other_counts):
                    yield f"{_named(quarter)} repeats {_named(other)} of {where}, month by month"
    if before and fresh.months == before.months and fresh.records >= limits.least:
        yield "as many records in every month as in the last delivery: the same records again"


def _quarters(months: Months) -> dict[int, Sequence[Counter[str]]]:
    """Whole quarters, each with the counts of its three months."""
    quarters = {month // 3 for month in months}
    every = {q: [months.get(3 * q + n, Counter()) for n in range(3)] for q in sorted(quarters)}
    return {q: three for q, three in every.items() if all(three)}


def _named(quarter: int) -> str:
    return f"{_text(3 * quarter)} to {_text(3 * quarter + 2)}"


def _alike(limits: ProfileLimits, one: Sequence[Counter[str]], other: Sequence[Counter[str]]) -> bool:
    total = sum(counts.total() for counts in one)
    pairs = zip(one, other, strict=True)
    same = sum(count for left, right in pairs for code, count in left.items() if right[code] == count)
    return total >= 3 * limits.least and same >= limits.repeats * total

"""Records of a file to validated records: every record is accepted, or quarantined with the reasons by name.

What can be told from a record alone is one pass of SQL over the file, with a bit for each reason. Rules about
several records look only at those that have something in common with another one (`repeated`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from borderstats.engine.duck import DuckEngine, engine_errors
from borderstats.records import codes, repeated, sql
from borderstats.records.codes import Labels
from borderstats.records.profile import Profile
from borderstats.records.sql import Columns, Reason
from borderstats.standard.model import Standard
from borderstats.standard.record_rules import Refers, RuleOfSeveral
from borderstats.standard.records import CodeField, Family

ROW = "_row"


@dataclass(frozen=True)
class Checked:
    """How a file's records of a family ended, and what they look like.

    `reasons` counts records by reason; a record can have several.
    """

    family: str
    read: int
    accepted: int
    reasons: Mapping[str, int]
    unjudged: tuple[str, ...]
    profile: Profile

    @property
    def quarantined(self) -> int:
        return self.read - self.accepted


@dataclass(frozen=True)
class Validation:
    """A file open for validation. Nothing of it is kept but what `accepted` and `quarantined` write."""

    connection: duckdb.DuckDBPyConnection
    family: Family
    columns: Columns
    labels: Mapping[str, Labels]
    reasons: tuple[Reason, ...]
    unjudged: tuple[str, ...]

    @cached_property
    def checked(self) -> Checked:
        """One pass over the file: how many records have which reasons, and with them how many are accepted."""
        with engine_errors():
            found = self.connection.sql(
                sql.counted(self.family, self.columns, self.labels, self.reasons)
            ).fetchall()
        bits, counts = (np.array([row[n] for row in found], np.int64) for n in (2, 4))
        reasons = {
            reason.name: int(counts[(bits >> n) & 1 == 1].sum()) for n, reason in enumerate(self.reasons)
        }
        return Checked(
            self.family.id,
            int(counts.sum()),
            int(counts[bits == 0].sum()),
            {name: count for name, count in reasons.items() if count},
            self.unjudged,
            self._profile(found),
        )

    def _profile(self, found: Sequence[tuple[Any, ...]]) -> Profile:
        months: dict[int, Counter[str]] = {}
        missing = dict.fromkeys(self.family.names, 0)
        for month, code, _, lacking, count in found:
            if month is not None:
                months.setdefault(month, Counter())[code or ""] += count
            for n, name in enumerate(self.family.names):
                missing[name] += count * (lacking >> n & 1)
        codes = {(name, code): n for name, some in self.labels.items() for code, n in some.counts.items()}
        return Profile(sum(row[-1] for row in found), months, missing, codes)

    def write(self, accepted: Path, quarantined: Path, key: bytes) -> None:
        """Write validated and quarantined records to two Parquet files; persons become keyed hashes in both."""
        for path, good in ((accepted, True), (quarantined, False)):
            query = sql.validated(
                self.family, self.columns, self.labels, self.reasons, key=key, accepted=good
            )
            with engine_errors():
                self.connection.sql(query).write_parquet(str(path), compression="zstd")


@contextmanager
def validation(
    standard: Standard, family: Family, file: Path, known: Mapping[str, Sequence[Path]], engine: DuckEngine
) -> Iterator[Validation]:
    """Open a canonical or staged Parquet file for validation against the accepted records in `known` by family.

    A rule that refers to a family of which there are none at hand is not judged. Raises EngineError.
    """
    with engine.session({name: paths for name, paths in known.items() if paths}) as connection:
        with engine_errors():
            connection.read_parquet(str(file), file_row_number=True).create_view("_file")
            file_ = connection.view("_file")
            columns = Columns(dict(zip(file_.columns, map(str, file_.types), strict=True)))
        labels = _labels(standard, family, columns, connection)
        coded = frozenset(name for name, some in labels.items() if some.complete and not some.unknown)
        columns = replace(columns, complete=coded)
        with engine_errors():
            room = repeated.Room(connection)
        unjudged: list[str] = []
        together: list[Reason] = []
        for rule in family.rules:
            if not isinstance(rule, RuleOfSeveral):
                continue
            if isinstance(rule, Refers) and not known.get(rule.family):
                unjudged.append(rule.name)
                continue
            with engine_errors():
                key = standard.families[rule.family].key if isinstance(rule, Refers) else ""
                rows, complete = repeated.failing(connection, family, rule, columns, key, room)
                columns = replace(columns, complete=columns.complete | complete)
                if len(rows):
                    together.append(Reason(rule.name, failed=f"_failed_{len(together)}"))
                    connection.register(together[-1].failed, pa.table({ROW: rows}))
        reasons = (*sql.reasons(family, columns, labels), *together)
        del room
        yield Validation(connection, family, columns, labels, reasons, tuple(unjudged))


def _labels(
    standard: Standard, family: Family, columns: Columns, connection: duckdb.DuckDBPyConnection
) -> dict[str, Labels]:
    """The codes of every label in the file, by field."""
    found: dict[str, Labels] = {}
    fields = [f for f in family.fields if isinstance(f, CodeField) and f.name in columns.types]
    if fields:
        with engine_errors():
            connection.execute(sql.combinations([field.name for field in fields]))
    for field in sorted(fields, key=lambda field: bool(field.scope)):
        scope = field.scope if field.scope in columns.types else ""
        with engine_errors():
            occurring = connection.sql(sql.occurring(field.name, scope)).fetchall()
        found[field.name] = codes.labels(standard, field, occurring, found.get(scope))
    return found

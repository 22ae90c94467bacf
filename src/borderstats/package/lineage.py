"""What was known when: questions of time in one algebra, as SQL for DuckDB over a table of a release's history.

A cell is a key and a period. A version of it is a row of the table: what was known of the cell from the day `known_from` on until
the day `known_to`, on which it was known no longer (null: it still is). Versions of a cell do not overlap, and one that ends
before or on the day on which it begins was never known. The same questions can be put to the days of the editions, for
which the publisher's files speak: `edition_from` and `edition_to`.

* `as_of(K)`: the versions that were known on a day, `known_from <= K < known_to`.
* `changes(K1, K2)`: what makes of the one day the other. Replacements: versions of `as_of(K2)` that are not in `as_of(K1)`.
  Deletions: cells in `as_of(K1)` that are not in `as_of(K2)`, each with the day on which it vanished.
* `steps(K1, K2)`: the changes of each day after K1 until K2, day by day.
* `history(K)`: every version that was known until a day, its end left open if it came after that day.

A release that names the one before it (`Correction`) became known on its date, with all in which it differs: who held something before and asks
on that date or later is told also the cells in which the release before had other figures, if nothing else is told of them. They are
replaced by what is known now, or deleted on that date. So what was held, of the release before, and the answer make what
this release says, whatever the days of the files in which the two differ. Answers about one day, and the history, are as this release has them.

Conditions on the cell commute with all of them and are put inside. Any other (on a value, a status, a day) is put to the result: a
cell that fails it has not vanished. A deletion has the version that was known on K1 (in `steps`: that ended), and is found by it.

The idea of a validity in knowledge time is that of ALFRED (Federal Reserve Bank of St. Louis); what the questions are called
in SDMX, `asOf`, `updatedAfter` and `includeHistory`, stands in its REST interface (version 2.2).
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from borderstats.package.model import ENDS

Days = Literal["known", "edition"]


@dataclass(frozen=True)
class Question:
    """A question of time: of all that was known until a day, the state; after `since`, what changed; or its `history`.

    `history` alone asks for `history(until)`, with `since` for `steps(since, until)`; `since` alone for `changes(since, until)`.
    `days`: whether its days are those on which something was known, or those of the editions.
    """

    until: datetime.date = datetime.date.max
    since: datetime.date | None = None
    history: bool = False
    days: Days = "known"


@dataclass(frozen=True)
class Correction:
    """In what a release differs from the one before it, and the dates of the two.

    The `table` has a row for each such cell: its columns, the latest `value` and `status` of the release before (null: it had none), the `kind` of the
    difference, and whether the `latest` figures differ, or only what was known earlier.
    """

    table: str
    before: datetime.date
    date: datetime.date

    def told(self, question: Question) -> bool:
        """Whether who asks held something before this release was known, and asks for what is known since.

        Who held something on the date of two releases may have held the first of them.
        """
        if question.since is None or question.since == datetime.date.min or question.days == "edition":
            return False
        held = question.since < self.date or question.since <= self.before
        return held and self.date <= question.until


def sql(
    table: str, cell: Sequence[str], question: Question, where: str, correction: Correction | None = None
) -> tuple[str, dict[str, object]]:
    """A query for the answer and its named parameters: the columns of the table, `vanished`, and after `since` the `kind`.

    `vanished` is null but for a deletion, `kind` but for what a correction tells. `cell`: the columns that name one; `where`: a
    condition on them, with parameters of other names than `since`, `until`, `before` and `date`. Rows of changes and steps come in no order.
    """
    begins, ends = f"{question.days}_from", f"{question.days}_to"
    source = f'SELECT * FROM "{table}" WHERE ({where}) AND {begins} <= $until'  # noqa: S608 (ours)
    stood = f"({ends} IS NULL OR {ends} > {begins})"
    there = f"({ends} IS NULL OR {ends} > $until)"
    # When a version will end is not known before it does.
    open_ends = ", ".join(f"CASE WHEN {ends} <= $until THEN {end} END AS {end}" for end in ENDS)
    cut = f"* REPLACE ({open_ends}), NULL::DATE AS vanished"
    parameters: dict[str, object] = {"until": question.until}
    if question.since is None:
        if question.history:
            return f"SELECT {cut} FROM ({source} AND {stood})", parameters  # noqa: S608 (ours)
        return f"SELECT *, NULL::DATE AS vanished FROM ({source} AND {there})", parameters  # noqa: S608 (ours)
    # Of all other versions none begins or ends after the one day until the other: their cells have not changed.
    moved = f"{source} AND {stood} AND ({begins} > $since OR ({ends} > $since AND {ends} <= $until))"
    parameters["since"] = question.since
    key = ", ".join(f'"{name}"' for name in cell)
    if question.history:
        same = " AND ".join(f'old."{name}" = new."{name}"' for name in cell)
        select = (
            f"SELECT {cut} FROM moved WHERE {begins} > $since "  # noqa: S608 (ours)
            f"UNION ALL SELECT old.*, old.{ends} AS vanished FROM moved AS old "
            f"ANTI JOIN moved AS new ON {same} AND new.{begins} = old.{ends} "
            f"WHERE old.{ends} > $since AND old.{ends} <= $until"
        )
    else:
        select = (
            f"SELECT *, NULL::DATE AS vanished FROM moved WHERE {begins} > $since AND {there} "  # noqa: S608 (ours)
            f"UNION ALL SELECT moved.*, vanished FROM moved "
            f"JOIN (SELECT {key}, max({ends}) AS vanished FROM moved GROUP BY {key} HAVING NOT bool_or{there}) USING ({key}) "
            f"WHERE {begins} <= $since"
        )
    query = f"WITH moved AS ({moved}), told AS ({select}) SELECT *, NULL::VARCHAR AS kind FROM told"  # noqa: S608 (ours)
    if correction is None or not correction.told(question):
        return query, parameters
    # Of the cells of which nothing else is told. What differs in the past alone matters to who held something of before.
    corrected = (
        f'SELECT * FROM "{correction.table}" ANTI JOIN told USING ({key}) '  # noqa: S608 (ours)
        f"WHERE ({where}) AND (latest OR $since < $before)"
    )
    query += (
        f" UNION ALL BY NAME SELECT now.*, NULL::DATE AS vanished, kind FROM ({source} AND {there}) AS now "  # noqa: S608 (ours)
        f"JOIN ({corrected}) AS corrected USING ({key}) "
        f"UNION ALL BY NAME SELECT * EXCLUDE (latest), $date AS vanished FROM ({corrected}) "
        f"ANTI JOIN ({source} AND {there}) USING ({key}) WHERE status IS NOT NULL OR $since < $before"
    )
    return query, {**parameters, "before": correction.before, "date": correction.date}

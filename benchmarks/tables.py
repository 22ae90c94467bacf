"""A task of the benchmark of records: `tables.py WHO KIND WORKSPACE` makes tables of validated records.

WHO is ours, sql (DuckDB, `hand_written`) or pandas; KIND is additive, encounter (those of them that are made of encounters)
or persons. Prints for each table how many cells are not
zero and what they add up to, so that the peers can be held to each other, then the seconds.
"""

import datetime
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import hand_written
import numpy as np
import pandas as pd
from pyarrow import parquet

from borderstats.engine.duck import DuckEngine
from borderstats.records import workspace as workspaces
from borderstats.standard.load import load
from borderstats.standard.model import Standard
from borderstats.tabulate import make

DAY = datetime.date(2030, 1, 1)


Files = dict[str, list[Path]]
Found = tuple[str, int, int]


def ours(standard: Standard, names: Iterable[str], files: Files, spill: Path) -> Iterator[Found]:
    """The declared tables."""
    scopes = [make.scope(standard, name, DAY) for name in names]
    for table in make.tables(DuckEngine(spill=spill), scopes, files):
        values = table.cells["value"].to_numpy()
        yield table.spec.id, int((values > 0).sum()), int(values.sum())


def sql(queries: dict[str, list[str]], files: Files) -> Iterator[Found]:
    """The same by hand."""
    connection = duckdb.connect(config={"threads": 2})
    for family, paths in files.items():
        connection.read_parquet([str(path) for path in paths]).create_view(family)
    for name, some in queries.items():
        counts = np.concatenate([connection.sql(query).fetchnumpy()["n"] for query in some])
        yield name, int((counts > 0).sum()), int(counts.sum())


def pandas(files: Files) -> Iterator[Found]:
    """The same in pandas: codes as categories, each set of each table a `groupby`."""
    frame = _read(
        files["encounter"],
        ["component", "region", "office", "title", "encounter_type", "citizenship", "demographic"],
        ["encounter_time", "entry_time", "distance_miles"],
    )  # fmt: skip
    month = frame.encounter_time.dt.to_period("M")
    year = frame.encounter_time.dt.year + (frame.encounter_time.dt.month >= 10)
    frame["distance"] = np.where(frame.distance_miles.isna(), -1, frame.distance_miles > 100)
    since = (frame.encounter_time - frame.entry_time).dt.total_seconds()
    frame["since"] = np.select([since.isna(), since <= 14 * 86400, since <= 731 * 86400], [0, 1, 2], 3)
    named = frame.citizenship.isin(["MEX", "GTM", "HND", "SLV"])
    frame["group"] = (
        frame.citizenship.astype(str).where(named | (frame.citizenship == "?"), "O4").astype("category")
    )
    title, type_, place = "title", "encounter_type", ["component", "region", "office"]
    yield _made(
        "encounters-authority", frame, month, [], [title], [title, type_], ["component", title, type_]
    )
    yield _made("encounters-citizenship", frame, month, [], ["citizenship"], ["component", "citizenship"])
    yield _made(
        "encounters-demographic", frame, month, [], ["demographic"], ["component", "region", "demographic"]
    )
    yield _made("encounters-office", frame, month, [], place[:1], place[:2], place)
    office = ["component", "office"]
    yield _made(
        "encounters-year-office-citizenship",
        frame,
        year,
        [],
        office,
        ["citizenship"],
        [*office, "citizenship"],
    )
    yield _made("encounters-distance", frame, year, ["distance"], ["component", "distance"])
    yield _made("encounters-time-since-entry", frame, year, ["since"], ["component", "since"])
    south = frame.region == "SW"
    yield _made(
        "southwest-encounters",
        frame[south],
        month[south],
        ["component", "demographic", "group", title, type_],
    )
    uc = frame.demographic == "UC"
    yield _made("unaccompanied-children", frame[uc], month[uc], [], place[:2], office, ["citizenship"])
    del frame, named, since, month, year
    frame = _read(files["outcome"], ["event_outcome", "repatriation_type"], ["outcome_time"])
    month = frame.outcome_time.dt.to_period("M")
    outcome = "event_outcome"
    yield _made("dispositions", frame, month, [], [outcome])
    gone = frame.event_outcome.isin(["REMOVAL", "VOLUNTARY_RETURN", "EXPULSION", "MPP"])
    yield _made(
        "removals-and-returns", frame[gone], month[gone], [], [outcome], [outcome, "repatriation_type"]
    )
    frame = _read(files["custody"], ["holding_agency", "demographic"], ["book_in", "book_out"])
    length = (frame.book_out - frame.book_in).dt.total_seconds()
    frame["long"] = np.where(length.isna(), -1, length > 72 * 3600)
    agency = ["holding_agency", "long"]
    month = frame.book_in.dt.to_period("M")
    yield _made("custody-over-72-hours", frame, month, [], ["long"], agency, [*agency, "demographic"])


def _read(files: list[Path], codes: list[str], others: list[str]) -> pd.DataFrame:
    table = parquet.read_table(list(files), columns=[*codes, *others], read_dictionary=codes)
    frame = table.to_pandas()
    for name in codes:
        frame[name] = frame[name].cat.add_categories("?").fillna("?")
    return frame


def _made(name: str, frame: pd.DataFrame, period: pd.Series, *sets: list[str]) -> Found:
    counts = [frame.groupby([*one, period], observed=True).size() for one in sets]
    return name, sum(int((c > 0).sum()) for c in counts), sum(int(c.sum()) for c in counts)


def main(who: str, kind: str, workspace: Path) -> None:
    """Run one task."""
    standard, files = load(Path("standard")), dict(workspaces.open_(workspace).accepted())
    queries = hand_written.PERSONS if kind == "persons" else hand_written.ADDITIVE
    if kind == "encounter":
        queries = {name: q for name, q in queries.items() if standard.tables[name].family == kind}
    started = time.perf_counter()
    if who == "ours":
        found = list(ours(standard, queries, files, workspace))
    else:
        found = list(sql(queries, files) if who == "sql" else pandas(files))
    seconds = time.perf_counter() - started
    for line in sorted(found):
        print(*line)
    print(seconds)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))

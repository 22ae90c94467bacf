"""The account of change between two releases, held to plain Python that reads each file by both standards."""

import datetime
import hashlib
from pathlib import Path

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from borderstats import periods
from borderstats.observations import KeySpace, Observations
from borderstats.package import manifest as manifests
from borderstats.package.datasets import Vintage as Published
from borderstats.package.model import Dataset, Package, held
from borderstats.release import account, describe, tables
from borderstats.release.changes import changes
from borderstats.release.knowledge import surely
from borderstats.release.vintages import Vintage, history_of
from borderstats.standard.load import load
from made_archive import snapshot
from small_release import MONTHLY

STANDARD = load(Path(__file__).parents[1] / "second_office/standard")
NAME = "ship-calls"
PORTS, PERIODS = ("SUN", "WES", "OLD"), ("2024-01", "2024-02")
FILES = ("a.csv", "b.csv", "c.csv", "d.csv", "e.csv")
FIGURES = st.sampled_from([(1, "A"), (2, "A"), (2, "P"), (0, "L")])
CLAIMS = st.dictionaries(
    st.tuples(st.sampled_from(PORTS), st.sampled_from(PERIODS)), FIGURES, min_size=1, max_size=6
)


def file(name, place):
    """A file of which the name says which bytes it has, as of a day."""
    return snapshot(
        name,
        name.encode(),
        source=NAME,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        as_of=datetime.date(2024, 3, 1 + place),
    )


def observations(space, claims):
    cells = sorted(
        (
            int(space.encode({"port": space.number("port", port)}, periods.parse(period))),
            value,
            space.statuses[status],
        )
        for (port, period), (value, status) in claims.items()
    )
    key, value, status = zip(*cells, strict=True)
    return Observations(space, np.array(key), np.array(value), np.array(status, np.int16))


def release(standard, files, said):
    """What a release publishes that was made of files in their order, where each says so much by a standard."""
    inputs = tuple(file(name, place) for place, name in enumerate(files))
    datasets = {}
    speaking = [(one, said[one.file]) for one in inputs if one.file in said]
    if speaking:
        space = KeySpace.of(standard, NAME)
        vintages = [Vintage(one.as_of, one.file, observations(space, claims)) for one, claims in speaking]
        history = history_of(space, vintages)
        made, known = changes(history), surely(inputs, datetime.date(2024, 6, 1))
        found = {
            "history": held(tables.history_table(history, made, known)),
            "revisions": held(tables.changes_table(made, vintages)),
        }
        meta = msgspec.convert({**MONTHLY, "id": NAME}, describe.Metadata, strict=False)
        covers = [tuple(describe.spans(v.observations.covered)) for v in vintages]
        listed = tuple(
            Published(
                v.as_of, "stated", known[v.file].day, known[v.file].basis, v.file, len(v.observations), c
            )
            for v, c in zip(vintages, covers, strict=True)
        )
        datasets[NAME] = Dataset(msgspec.structs.replace(meta, vintages=listed), found)
    manifest = manifests.unsealed(
        datetime.date(2024, 6, 1), "0.1.0", "0" * 64, standard.hash, standard.files, inputs
    )
    published = describe.method(standard, ())
    return Package(manifest, None, (), published, (), (), (), (), (), datasets)


def states(files, said):
    """What is known after each file: of each period that it speaks of, what it says and nothing else."""
    known = {}
    yield known
    for name in files:
        spoken = {period for _, period in said.get(name, {})}
        known = {cell: figure for cell, figure in known.items() if cell[1] not in spoken}
        known = {**known, **said.get(name, {})}
        yield known


def first_given(files, said):
    """Every figure with the file that first gave it, and cells with the file that took them back."""
    given, *after = states(files, said)
    for name, known in zip(files, after, strict=True):
        for cell in {*given, *known}:
            if given.get(cell) != known.get(cell):
                yield cell, name, given.get(cell), known.get(cell)
        given = known


def latest(files, said):
    return list(states(files, said))[-1]


def differences(old, new):
    return {(cell, old.get(cell), new.get(cell)) for cell in {*old, *new} if old.get(cell) != new.get(cell)}


def reference(before, after, old, new):
    """For each cause the latest figures and the versions that differ, from what each file says by either standard."""
    left = [name for name in before if name in after]
    kept = [name for name in after if name in before]
    found = {
        ("withdrawn", "latest"): differences(latest(before, old), latest(left, old)),
        ("standard", "latest"): differences(latest(left, old), latest(kept, new)),
        ("added", "latest"): differences(latest(kept, new), latest(after, new)),
        ("withdrawn", "history"): {
            (cell, name, figure, None)
            for cell, name, _, figure in first_given(before, old)
            if figure and name not in after
        },
        ("added", "history"): {
            (cell, name, None, figure)
            for cell, name, _, figure in first_given(after, new)
            if figure and name not in before
        },
    }
    as_of = [
        dict(zip(files, list(states(files, said))[1:], strict=True))
        for files, said in ((left, old), (kept, new))
    ]
    turns = {turn[:2] for files, said in ((left, old), (kept, new)) for turn in first_given(files, said)}
    found["standard", "history"] = {
        (cell, name, as_of[0][name].get(cell), as_of[1][name].get(cell))
        for cell, name in turns
        if as_of[0][name].get(cell) != as_of[1][name].get(cell)
    }
    return {cause: cells for cause, cells in found.items() if cells}


def told(cells):
    """The rows of an account as the reference has them."""
    found = {}
    for row in cells.to_pylist():
        cell = (row["cell"].removeprefix("port="), row["period"])
        sides = [
            (int(row[side] or 0), row[f"{side}_status"]) if row[f"{side}_status"] else None
            for side in ("old", "new")
        ]
        one = (cell, *([row["snapshot"]] if row["table"] == "history" else []), *sides)
        rows = found.setdefault((row["kind"], row["table"]), set())
        assert one not in rows
        rows.add(one)
    return found


@given(
    st.lists(st.sampled_from(FILES), unique=True, max_size=4),
    st.lists(st.sampled_from(FILES), unique=True, max_size=4),
    st.dictionaries(st.sampled_from(FILES), CLAIMS),
    st.dictionaries(st.sampled_from(FILES), CLAIMS),
)
def test_each_difference_has_the_cause_that_it_has_where_every_file_is_read_by_both_standards(
    before, after, old, changed
):
    new = {**old, **changed}
    one, other = release(STANDARD, before, old), release(STANDARD, after, new)
    found, cells = account.between(one, other)
    assert told(cells) == reference(before, after, old, new)
    for moved in found.figures:
        rows = [row for row in cells.to_pylist() if row["kind"] == moved.kind]
        counted = [row for row in rows if row["table"] == "latest"]
        assert moved.by == ("publisher" if moved.kind == "added" else "us") == rows[0]["by"]
        assert (moved.cells, moved.versions) == (len(counted), len(rows) - len(counted))
        deltas = [int(row["delta"] or 0) for row in counted]
        assert (moved.net, moved.gross) == (sum(deltas), sum(map(abs, deltas)))
        assert moved.of


@given(
    st.lists(st.sampled_from(FILES), unique=True, min_size=1, max_size=5),
    st.dictionaries(st.sampled_from(FILES), CLAIMS),
    st.integers(0, 5),
)
def test_what_publishers_add_is_never_ours(files, said, known):
    before = files[:known]
    found, _ = account.between(release(STANDARD, before, said), release(STANDARD, files, said))
    assert {moved.by for moved in found.figures} <= {"publisher"}
    assert {one.change for one in found.snapshots} <= {"added", "inserted"}
    assert not found.needs_reason


@given(
    st.lists(st.sampled_from(FILES), unique=True, min_size=1, max_size=5),
    st.dictionaries(st.sampled_from(FILES), CLAIMS),
)
def test_a_release_differs_in_nothing_from_itself(files, said):
    one = release(STANDARD, files, said)
    found, cells = account.between(one, one)
    assert not found.snapshots
    assert not found.standard
    assert not found.figures
    assert not len(cells)

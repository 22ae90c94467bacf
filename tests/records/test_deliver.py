"""What a later delivery replaces in a layout without keys. All records are invented."""

import datetime

import layouts
import pytest
from pyarrow import parquet

from borderstats.records import deliver, workspace


@pytest.fixture
def kept(tmp_path):
    return workspace.create(tmp_path / "workspace")


@pytest.fixture
def give(standard, kept, tmp_path):
    """A function that delivers rows of a layout as a file of a day and gives how many records each family replaced."""

    def call(header, rows, day):
        file = tmp_path / f"{day}.csv"
        file.write_text(layouts.text(header, rows))
        found = deliver.deliver(standard, file, kept, datetime.date.fromisoformat(day), lambda _: None)
        return dict(found.replaced)

    return call


def column(kept, family, name):
    rows = [row[name] for path in kept.accepted()[family] for row in parquet.read_table(path).to_pylist()]
    return sorted(row if isinstance(row, str) else f"{row:%Y-%m-%d %H}" for row in rows)


@pytest.mark.slow
def test_a_delivery_replaces_its_days_and_what_was_told_about_their_records(give, kept):
    rows = [list(row) for row in layouts.OLDER_ROWS[:3]]
    assert give(layouts.OLDER, rows, "2013-01-31") == {"encounter": 0, "outcome": 0}
    assert column(kept, "encounter", "encounter_time") == ["2012-01-02 11", "2012-01-02 23", "2012-12-31 00"]
    assert column(kept, "outcome", "event_outcome") == ["CREDIBLE_FEAR", "NTA", "VOLUNTARY_RETURN"]
    corrected = [*rows[0][:9], "NTA", *rows[0][10:]]
    assert give(layouts.OLDER, [corrected], "2013-06-30") == {"encounter": 2, "outcome": 3}
    assert column(kept, "encounter", "encounter_time") == ["2012-01-02 11", "2012-12-31 00"]
    assert column(kept, "outcome", "event_outcome") == ["NTA"]
    files = sorted(path.parent.name for path in (kept.path / "replaced").rglob("*.parquet"))
    assert files == ["encounter", "outcome"]


@pytest.mark.slow
def test_other_days_and_other_layouts_stay(give, kept):
    give(layouts.OLDER, layouts.OLDER_ROWS[:3], "2013-01-31")
    newer = [row for row in layouts.NEWER_ROWS if row[4] != "FMUA"]
    assert set(give(layouts.NEWER, newer, "2019-12-31").values()) == {0}
    later = [["1/3/2012 11:00:00 AM", *layouts.OLDER_ROWS[0][1:]]]
    assert give(layouts.OLDER, later, "2013-06-30") == {"encounter": 0, "outcome": 0}
    assert len(column(kept, "encounter", "encounter_time")) == 3 + len(newer) + 1


def test_removals_are_accepted_without_their_encounter_and_replaced_by_day(give, kept):
    assert give(layouts.REMOVALS, layouts.REMOVAL_ROWS, "2019-06-30") == {"outcome": 0}
    before = column(kept, "outcome", "outcome_time")
    assert len(before) == 2
    assert give(layouts.REMOVALS, [layouts.REMOVAL_ROWS[1]], "2019-07-31") == {"outcome": 1}
    assert column(kept, "outcome", "outcome_time") == before

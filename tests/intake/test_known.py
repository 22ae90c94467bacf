"""A release holds what was known on its date: what became known later is left out and named."""

import csv
import datetime
import io

import pytest
from click.testing import CliRunner
from small import written

from borderstats import pipeline
from borderstats.commands.releases import build
from borderstats.errors import ArchiveError
from borderstats.intake import adding
from borderstats.package import manifest
from made_archive import snapshot

SOURCE = """
dataset = "arrests"

[[columns]]
name = "month"
role = "calendar_month"

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "agency"
role = "dimension"
concept = "agency"
labels = { All = "_T" }

[[columns]]
name = "arrests"
role = "figure"
"""


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def folders(tmp_path):
    """January 2023 is 1 in a file as of its end, known on 20 February, and 2 in a file as of 28 February, known on 22 March."""
    archive = tmp_path / "archive"
    archive.mkdir()
    for as_of, known, figure in (("2023-01-31", "2023-02-20", 1), ("2023-02-28", "2023-03-22", 2)):
        data = f"month,country,agency,arrests\n2023-01,MEX,All,{figure}\n".encode()
        one = snapshot(
            f"{as_of}.csv", data, source="made", as_of=day(as_of), known=day(known), known_basis="published"
        )
        adding.add(archive, one, data)
    return written(tmp_path / "standard", SOURCE, "csv"), archive


def built(folders, tmp_path, date):
    said = []
    made = pipeline.build(*folders, day(date), tmp_path / "out", progress=said.append, formats=False)
    with io.StringIO((made.path / "data/arrests/latest.csv").read_text()) as text:
        values = [row["value"] for row in csv.DictReader(text)]
    inputs = [one.file for one in manifest.read(made.path).inputs]
    return values, inputs, [line for line in said if line.startswith("left out")]


def test_what_became_known_later_is_not_in_it(folders, tmp_path):
    """On 1 March the second file speaks for a day that is over, but nobody has seen it."""
    for date in ("2023-02-20", "2023-03-01", "2023-03-21"):
        assert built(folders, tmp_path, date) == (
            ["1"],
            ["2023-01-31.csv"],
            [f"left out 2023-02-28.csv: known on 2023-03-22 (published), after the release's date {date}"],
        )
    assert built(folders, tmp_path, "2023-03-22") == (["2"], ["2023-01-31.csv", "2023-02-28.csv"], [])


def test_a_release_of_before_is_the_same_when_the_archive_has_grown(folders, tmp_path):
    before = pipeline.build(*folders, day("2023-03-22"), tmp_path / "out", formats=False).path
    data = b"month,country,agency,arrests\n2023-01,MEX,All,3\n"
    adding.add(folders[1], snapshot("later.csv", data, source="made", as_of=day("2023-03-31")), data)
    again = pipeline.build(*folders, day("2023-03-22"), tmp_path / "again", formats=False).path
    assert again.name == before.name
    assert {path.name: path.read_bytes() for path in again.rglob("*.json")} == {
        path.name: path.read_bytes() for path in before.rglob("*.json")
    }


def test_before_anything_was_known_there_is_no_release(folders, tmp_path):
    with pytest.raises(ArchiveError, match="nothing in the archive was known on 2023-02-19"):
        pipeline.build(*folders, day("2023-02-19"), tmp_path / "out", formats=False)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_command_says_what_is_left_out_and_what_an_add_left(folders, tmp_path):
    (folders[1] / ".new.csv.adding").write_bytes(b"half")
    result = CliRunner().invoke(
        build,
        ["--date", "2023-03-01", "--out", str(tmp_path / "out")],
        obj=dict(zip(("standard", "archive"), folders, strict=True)),
    )
    assert result.exit_code == 0
    assert result.stderr.splitlines()[:2] == [
        "archive/new.csv: left by an add that did not end, and not used; add the file again, or remove what is left",
        "left out 2023-02-28.csv: known on 2023-03-22 (published), after the release's date 2023-03-01",
    ]

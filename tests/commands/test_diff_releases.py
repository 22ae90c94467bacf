"""`borderstats diff` of two releases, each read with the standard that it was made with."""

import csv

import pytest
from click.testing import CliRunner

from borderstats.commands.diff import diff
from borderstats.errors import ReleaseError
from small_office import NEWER, change, put_aside


@pytest.fixture
def run(tmp_path):
    """A function that runs `diff` where no standard and no archive are."""

    def call(*arguments):
        nowhere = {"standard": tmp_path / "no-standard", "archive": tmp_path / "no-archive"}
        result = CliRunner().invoke(diff, [*map(str, arguments)], obj=nowhere, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output.splitlines()

    return call


@pytest.fixture
def pair(office):
    """Two releases that do not follow one another: a file more, a code renamed, a page's text changed."""
    folder, build = office
    back = put_aside(folder, NEWER)
    first = build()
    back()
    change(folder / "standard/codelists/port.csv", ("OLD,", "OQY,"))
    change(folder / "standard/home.toml", ("\n", "\n# A remark.\n"))
    return first, build()


def test_the_short_form_says_only_what_differs(run, pair):
    assert run(*pair, "--short") == [
        f"file added: {NEWER} (ship-calls, as of 2025-07-04)",
        "standard changed: codelists/port.csv",
        "standard changed: home.toml",
        "ship-calls: by us (standard/codelists/port.csv): 54 latest figures, net +0, gross 1,204; 54 in the history",
        f"ship-calls: by the publisher (added {NEWER}): 10 latest figures, net +905, gross 905; 10 in the history",
        "staff: by us (standard/codelists/port.csv): 20 latest figures, net +0, gross 840; 20 in the history",
    ]


def test_the_other_way_round_files_are_removed(run, pair):
    lines = run(*reversed(pair), "--short")
    assert lines[0] == f"file removed: {NEWER} (ship-calls, as of 2025-07-04)"
    assert lines[3].startswith(
        f"ship-calls: by us (removed {NEWER}): 10 latest figures, net -905, gross 905; 10"
    )


def test_of_what_is_the_same_nothing_is_said(run, pair):
    assert run(pair[0], pair[0], "--short") == []


def test_every_cell_of_the_short_form_in_a_csv(run, pair, tmp_path):
    run(*pair, "--short", "--csv", tmp_path / "cells")
    with (tmp_path / "cells/account.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * (54 + 10 + 20)
    assert {row["cell"] for row in rows if row["by"] == "us"} == {"port=OLD", "port=OQY"}


def test_the_long_form_knows_the_codes_of_either(run, pair):
    lines = run(*pair)
    assert f"ship-calls: {pair[0].name} (as of 2025-08-01) to {pair[1].name} (as of 2025-08-01)" in lines
    calls = lines[lines.index("in the 27 periods that both hold, 2023-01 to 2025-03:") :]
    assert any(line.startswith("  named") and " 50 cells" in line for line in calls)
    assert any(line.startswith("  port=OLD 20") and "to no row" in line for line in calls)
    assert any(line.startswith("  port=OQY 20") and "no row to" in line for line in calls)


def test_what_is_no_release_is_said(office, run, pair, tmp_path):
    with pytest.raises(ReleaseError, match=r"nowhere: not a release \(manifest.json is missing\)"):
        run(pair[0], tmp_path / "nowhere", "--short")

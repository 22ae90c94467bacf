"""`borderstats diff`: two files, or two dates of a source, cell by cell."""

import csv
from pathlib import Path

import pytest

from borderstats.commands.diff import diff

HEADER = "fiscal_year,total_apprehensions\n"
SOURCES = ", ".join(path.stem for path in sorted(Path(__file__).parents[2].glob("standard/sources/*.toml")))


@pytest.fixture
def made(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


@pytest.fixture
def pair(made):
    """Two hand-made files: FY2018 changes by +3 and FY2017 by -100, FY2019 stays, FY2016 and FY2020 are in one only."""
    first = made("first.csv", HEADER + "2019,50\n2018,7\n2017,400\n2016,1\n")
    return first, made("second.csv", HEADER + "2020,2\n2019,50\n2018,10\n2017,300\n")


def test_two_files(run, pair):
    output, error = run(diff, *pair)
    assert error == ""
    assert output.splitlines() == [
        "usbp-apprehensions-nation: first.csv (as-of date inferred: 2019-09-30) to second.csv (as-of date inferred: 2020-09-30)",
        "in the 3 periods that both hold, FY2017 to FY2019:",
        "  changed         2 cells   net        -97   gross        103",
        "  new             0 cells   net         +0   gross          0",
        "  vanished        0 cells   net         +0   gross          0",
        "  named           0 cells   net         +0   gross          0",
        "  span            0 cells   net         +0   gross          0",
        "  rebased         0 cells   net         +0   gross          0",
        "  recoded         0 cells   net         +0   gross          0",
        "  zero            0 cells   net         +0   gross          0",
        "  untold          0 cells   net         +0   gross          0",
        "  revised         2 cells   net        -97   gross        103",
        "largest:",
        "  component=USBP FY2017: 400 to 300 (-100, changed)",
        "  component=USBP FY2018: 7 to 10 (+3, changed)",
    ]


def test_a_file_that_says_its_day_and_one_of_the_archive(run, archive_folder, tmp_path):
    path = (
        archive_folder
        / "usbp-barrier/u.s._border_patrol_mileage_of_pedestrian_and_vehicle_barrier_by_state_0.pdf"
    )
    altered = tmp_path / "miles.pdf"
    altered.write_bytes(path.read_bytes() + b"\n")
    output, error = run(diff, altered, path, folder=archive_folder)
    assert error == ""
    assert output.splitlines()[0] == (
        f"usbp-barrier-miles: miles.pdf (as of 2019-09-30) to {path.name} (as of 2019-09-30)"
    )


def test_the_other_way_round_is_the_opposite(run, pair):
    output, _ = run(diff, *reversed(pair))
    assert "  revised         2 cells   net        +97   gross        103" in output.splitlines()


def test_only_the_largest_are_printed(run, pair):
    output, _ = run(diff, *pair, "--largest", "1")
    assert output.splitlines()[-2:] == ["largest:", "  component=USBP FY2017: 400 to 300 (-100, changed)"]


def test_a_file_and_itself(run, pair):
    output, error = run(diff, pair[0], pair[0])
    assert error == ""
    assert output.splitlines()[-1] == "  revised         0 cells   net         +0   gross          0"


def test_new_and_vanished_cells(run, made):
    header = "sector,fiscal_year,total_apprehensions\n"
    first = made("first.csv", header + "yuma,2019,5\ntucson,2019,6\n")
    second = made("second.csv", header + "yuma,2019,5\nlaredo,2019,9\n")
    output, _ = run(diff, first, second)
    assert output.splitlines()[3:] == [
        "  new             1 cells   net         +9   gross          9",
        "  vanished        1 cells   net         -6   gross          6",
        "  named           0 cells   net         +0   gross          0",
        "  span            0 cells   net         +0   gross          0",
        "  rebased         0 cells   net         +0   gross          0",
        "  recoded         0 cells   net         +0   gross          0",
        "  zero            0 cells   net         +0   gross          0",
        "  untold          0 cells   net         +0   gross          0",
        "  revised         2 cells   net         +3   gross         15",
        "largest:",
        "  component=USBP region=SW office=LRT FY2019: no row to 9 (+9, new)",
        "  component=USBP region=SW office=TCA FY2019: 6 to no row (-6, vanished)",
    ]


def test_every_differing_cell_in_a_csv(run, pair, tmp_path):
    run(diff, *pair, "--csv", tmp_path / "out" / "here")
    with (tmp_path / "out/here/usbp-apprehensions-nation.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert {("400" in row.values(), "300" in row.values()) for row in rows} == {(True, True), (False, False)}


def test_two_files_with_no_period_in_common(run, made):
    output, error = run(diff, made("first.csv", HEADER + "2018,5\n"), made("second.csv", HEADER + "2019,5\n"))
    assert error == ""
    assert output.splitlines()[-1] == "the two have no period in common: nothing to compare"


def test_a_date_of_a_source_is_what_was_known_then(run, archive):
    file = archive / "encounters/nationwide_total_apprehensions_1925_2019.csv"
    output, error = run(diff, "2024-01-01", file, "--source", "usbp-annual-nation")
    assert error == ""
    assert output.splitlines()[1] == "in the 95 periods that both hold, FY1925 to FY2019:"
    assert output.splitlines()[-1] == "  revised         0 cells   net         +0   gross          0"


def test_two_dates_of_a_source_in_the_real_archive(run, archive_folder):
    output, error = run(
        diff, "2023-10-31", "2023-11-30", "--source", "cbp-nationwide-state", folder=archive_folder
    )
    assert error == ""
    lines = output.splitlines()
    assert lines[0] == (
        "cbp-encounters-state: encounters/nationwide-encounters-fy21-fy24-oct-state.csv (as of 2023-10-31) to "
        "encounters/nationwide-encounters-fy21-fy24-nov-state.csv (as of 2023-11-30)"
    )
    assert "largest:" in lines


def test_a_date_without_its_source(run):
    assert run(diff, "2023-10-31", "2023-11-30")[1] == (
        f"2023-10-31: say with --source which source's date it is; known are {SOURCES}"
    )


def test_a_source_that_does_not_exist(run):
    assert run(diff, "2023-10-31", "2023-11-30", "--source", "cbp")[1] == (
        f"2023-10-31: say with --source which source's date it is; known are {SOURCES}"
    )


def test_a_date_before_the_first_snapshot(run):
    assert run(diff, "1999-12-31", "2023-11-30", "--source", "usbp-annual-nation")[1] == (
        "1999-12-31: the archive has no snapshot of usbp-annual-nation as of that day or earlier"
    )


@pytest.mark.parametrize("given", ["nowhere.csv", "31 October 2023", "2023-02-30", ""])
def test_neither_file_nor_release_nor_date(run, given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if given:
        assert run(diff, given, "2023-11-30", "--source", "usbp-annual-nation")[1] == (
            f"{given}: neither a file, nor a release folder, nor a date like 2023-10-31"
        )
    else:
        assert run(diff, given, "2023-11-30", "--source", "usbp-annual-nation")[1]


def test_a_file_with_refused_rows(run, made, pair):
    broken = made("broken.csv", HEADER + "2019,x\n")
    assert run(diff, pair[0], broken)[1] == (
        f"broken.csv: 1 rows were refused; see `borderstats intake {broken}` first"
    )


def test_a_folder_that_is_no_release(run, pair, tmp_path):
    assert run(diff, pair[0], tmp_path)[1] == (
        f"{tmp_path}: not a release (manifest.json is missing); give the folder that `borderstats build` printed"
    )


def test_two_files_of_different_datasets(run, made, pair):
    deaths = made("deaths.csv", "sector,fiscal_year,deaths\nyuma,2019,5\n")
    assert run(diff, pair[0], deaths)[1] == (
        f"{pair[0]} and {deaths} have no dataset in common "
        "(usbp-apprehensions-nation and usbp-deaths-southwest-sector); compare like with like"
    )


def test_a_file_of_the_archive_that_was_altered(run, archive):
    path = archive / "encounters/nationwide_total_apprehensions_1925_2019.csv"
    path.write_bytes(path.read_bytes().replace(b"859501", b"859502"))
    assert run(diff, "2024-01-01", "2024-01-01", "--source", "usbp-annual-nation")[1] == (
        "archive/encounters/nationwide_total_apprehensions_1925_2019.csv: "
        "altered since it was archived (its SHA-256 differs); restore the file"
    )


def test_a_file_of_the_source_that_is_named(run, made):
    first = made("first.csv", "sector,fiscal_year,number_of_agents\nyuma,2019,5\n")
    second = made("second.csv", "sector,fiscal_year,number_of_agents\nyuma,2019,7\n")
    assert run(diff, first, second, "--source", "usbp-staffing")[0].startswith(
        "usbp-agents-sector: first.csv"
    )
    assert "column 'deaths' is missing" in run(diff, first, second, "--source", "usbp-annual-deaths")[1]

"""`borderstats simulate`: what it prints, and its errors."""

import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from borderstats.commands.simulate import simulate

pytestmark = pytest.mark.slow


@pytest.fixture
def whole(run, archive_folder):
    """A function that runs the command on the whole archive."""
    return lambda *arguments: run(simulate, *arguments, folder=archive_folder)


def test_the_files_and_what_is_in_them(whole, tmp_path):
    out = tmp_path / "made.parquet"
    printed, error = whole("--rows", 2000, "--seed", 4, "--out", out)
    assert error == ""
    assert f"{out}: 2,000 synthetic records of encounter\n" in printed
    for family in ("custody", "outcome", "screening", "prosecution"):
        path = tmp_path / f"made-{family}.parquet"
        rows = parquet.read_metadata(path).num_rows
        assert f"{path}: {rows:,} synthetic records of {family}\n" in printed
    assert "spoiled" not in printed
    assert "SYN" not in printed


def test_mistakes_are_counted_by_kind_and_no_record_is_shown(whole, tmp_path):
    printed, _ = whole("--rows", 3000, "--errors", 0.1, "--out", tmp_path / "made.parquet")
    for kind in ("unknown code", "wrong type", "duplicate", "missing key", "book-out before book-in"):
        assert f"spoiled on purpose, {kind}: " in printed
    assert "SYN" not in printed


def test_what_stands_in_memory_beside_the_records_never_comes_into_a_file(archive_folder, tmp_path):
    """Glibc fills new memory with the given byte; Arrow, Python and NumPy ask it for all that they use."""

    def made(byte):
        folder = tmp_path / str(byte)
        folder.mkdir()
        subprocess.run(
            [
                *(sys.executable, "-m", "borderstats", "simulate", "--rows", "3000"),
                *("--out", folder / "made.parquet"),
            ],
            cwd=archive_folder.parent,
            env=os.environ
            | {
                "MALLOC_PERTURB_": str(byte),
                "PYTHONMALLOC": "malloc",
                "ARROW_DEFAULT_MEMORY_POOL": "system",
            },
            check=True,
            capture_output=True,
        )
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    assert made(1) == made(255)


def test_an_archive_without_the_published_figures_is_reported(run, tmp_path):
    printed, error = run(simulate, "--rows", 10, "--out", tmp_path / "made.parquet")
    assert printed == ""
    assert "no file feeds cbp-encounters-state" in error
    assert list(tmp_path.glob("made*")) == []


def test_a_standard_without_simulation_toml_says_so_in_one_line(standard_folder, archive_folder, tmp_path):
    folder = shutil.copytree(standard_folder, tmp_path / "standard")
    (folder / "simulation.toml").unlink()
    folders = {"standard": folder, "archive": archive_folder}
    result = CliRunner().invoke(simulate, ["--out", str(tmp_path / "made.parquet")], obj=folders)
    assert str(result.exception) == (
        "this standard has no simulation.toml, which says what is simulated; docs/standard.md names its fields"
    )
    assert list(tmp_path.glob("made*")) == []


def test_arguments_without_sense(whole, tmp_path):
    assert "--rows 0" in whole("--rows", 0, "--out", tmp_path / "made.parquet")[1]
    assert ".parquet" in whole("--rows", 1, "--out", tmp_path / "made.csv")[1]

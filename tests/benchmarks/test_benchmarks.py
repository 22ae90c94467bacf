"""Every benchmark at toy size, with the peers that are installed: it runs, and both sides give the same. No time is asserted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture
def run():
    """Runs a benchmark in the project's folder and gives what it prints."""

    def call(name, *arguments):
        command = [sys.executable, BENCHMARKS / name, *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


@pytest.mark.slow
def test_published_files(run):
    said = run("run.py", "--rounds", 1, "--office", "tests/second_office")
    tasks = re.findall(r"^  (.+?) +[0-9.]+ s +[0-9]+ MB$", said, re.MULTILINE)
    assert [task.split(":")[0] for task in tasks] == [
        "borderstats",
        "pandas",
        "DuckDB",
        "borderstats",
        "borderstats",
        "the libraries merely read every file",
        "borderstats",
        "borderstats",
    ]
    assert "same result: 66264 12225041 " in said


@pytest.mark.slow
def test_what_time_costs(run):
    said = run("run_time.py", "--rounds", 1, "--editions", 3, "--lists", 2, "--states", 1, "--no-builds")
    tasks = re.findall(r"^  (.+?): .+? [0-9.]+ s, .+? [0-9.]+ s; [0-9.]+ times$", said, re.MULTILINE)
    assert tasks == [
        "gates of a dataset",
        "intake --add of a 287(g) list, the first time",
        "intake --add of a 287(g) list, after that",
    ]


@pytest.mark.slow
def test_records(run):
    said = run("run_records.py", 500, 1_000, "--rounds", 1)
    for peer in ("ours", "sql", "pandas"):
        assert f"{peer}: tables, additive" in said
    assert said.count("records add, ") == 4
    assert "validation: " in said.splitlines()[-2]
    assert said.endswith(" ns a record at 500, 1,000\n")


@pytest.mark.slow
def test_disclosure_control(run):
    said = run("run_protect.py", 441, "--no-install")
    ours, peer = (re.search(rf"{name}.*disclosed cells: (\d+)", said) for name in ("audit", "tau-ARGUS MOD"))
    assert ours[1] == "0"
    assert peer
    assert re.search(r"rule of ACRO .* disclosed cells: 74 of 74", said)
    for method in ("cell-key", "small-counts", "rounding"):
        assert f"  {method} " in said


@pytest.mark.slow
def test_serving(run, release):
    said = run("run_serve.py", "--release", release, "--seconds", 1, "--pairs", 1)
    assert re.search(
        r"^64 filtered tables of cbp-encounters-state, \d+ rows in all, the same in both$", said, re.MULTILINE
    )
    for peer in ("datasette", "python -m http.server"):
        assert re.search(rf"pair 1: borderstats [\d,]+ a second, .*; {peer} [\d,]+, .* times", said)
    assert "cold start to " in said
    assert "conditional request: " in said


def test_no_benchmark_is_left_out():
    """A script that is neither run above nor by one that is would rot."""
    reached, waiting = set(), re.findall(r'run\(\s*"(\w+\.py)"', Path(__file__).read_text())
    scripts = {path.name: path.read_text() for path in BENCHMARKS.glob("*.py")}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        named = {
            other for other in scripts if re.search(rf'"{other}"|(from|import) {other[:-3]}\b', scripts[name])
        }
        waiting += named - reached
    # It runs in an environment of its own, which `make bench` fills from the network.
    assert set(scripts) == reached
    assert all('if __name__ == "__main__":' in text for text in scripts.values() if "sys.argv" in text)

"""A newcomer's way: the tracked files in an empty folder, the README's commands, and what comes out."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest

from borderstats.package.verify import alterations

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The files that git tracks or would, in an empty folder, without this machine's build and virtual environment."""
    target = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def run(clone, command, surroundings=MappingProxyType({})):
    ours = ("VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        command, shell=True, cwd=clone, env=kept | surroundings, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def made(clone):
    """As on a machine without a compiler."""
    finished = run(clone, "make site", {"CC": "false", "CXX": "false"})
    assert finished.returncode == 0, finished.stderr
    return finished


def test_make_site_says_what_it_made_and_where_to_open_it(clone, made):
    last = dict(line.split(": ", 1) for line in made.stdout.splitlines()[-5:])
    assert list(last) == ["release", "checked", "headline", "time", "open"]
    assert (clone / last["open"]).is_file()
    assert (clone / last["release"] / "manifest.json").is_file()
    counts = json.loads((clone / last["release"] / "release.json").read_text())["counts"]
    snapshots = sum('source = ""' not in path.read_text() for path in (ROOT / "archive").rglob("*.toml"))
    assert last["checked"] == (
        f"{snapshots} snapshots, {counts['observations']:,} observations, {counts['vintages']} vintages, {counts['gates']} gates passed"
    )
    assert last["headline"].startswith("60,926 encounters (events, not people) nationwide")
    assert "42,532 rows read = 42,532 accepted + 0 refused" in made.stderr


def test_only_what_the_product_needs_is_installed(clone, made):
    packages = {path.name.split("-")[0] for path in clone.glob(".venv/lib/*/site-packages/*.dist-info")}
    assert "pyarrow" in packages
    assert not packages & {"pyspark", "pytest", "playwright", "hypothesis"}


ELSEWHERE = {
    "https_proxy": "http://127.0.0.1:9",
    "TZ": "Asia/Tokyo",
    "LANG": "es_ES.UTF-8",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.startswith("make ")])
def test_the_commands_of_the_readme_work_without_a_network(clone, made, command):
    finished = run(clone, command, ELSEWHERE)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout


def test_the_same_bytes_in_another_folder_time_zone_locale_and_hash_seed(clone, made, release):
    """The command of the README makes the release that the tests made: its id stands for every byte."""
    elsewhere = clone / "build/releases" / release.name
    if not elsewhere.exists():
        assert run(clone, COMMANDS[-1], ELSEWHERE).returncode == 0
    assert (elsewhere / "manifest.json").read_bytes() == (release / "manifest.json").read_bytes()
    assert list(alterations(elsewhere)) == []


def test_a_second_make_site_installs_nothing(clone, made):
    assert run(clone, "make --question .venv/site").returncode == 0


def test_the_line_for_pandas_loads_the_latest_table(clone, made):
    line = re.search(r'pandas\.read_parquet\("(.*?)"\)', README)
    assert pd.read_parquet(clone / line[1])["value"].sum() == 12_225_041


def test_the_compiled_part_is_made_when_it_is_asked_for(clone, made):
    def compiled():
        return list(clone.glob("src/borderstats/protect/moves.*.so"))

    assert not compiled()
    assert run(clone, "make protect").returncode == 0
    assert compiled()
    assert run(clone, "make --question .venv/protect").returncode == 0


@pytest.mark.parametrize(
    ("command", "code", "text"),
    [
        (
            ".venv/bin/borderstats intake README.md",
            2,
            "error: README.md: no source in the standard reads this file",
        ),
        (".venv/bin/borderstats intake nothing.csv", 2, "File 'nothing.csv' does not exist."),
        (".venv/bin/borderstats intake archive", 2, "File 'archive' is a directory."),
        (
            ".venv/bin/borderstats verify archive",
            2,
            "error: archive: not a release (manifest.json is missing)",
        ),
        (".venv/bin/borderstats build --out README.md/x", 2, "error: README.md/x: Not a directory"),
        (".venv/bin/borderstats --standard docs standard check", 2, "error: docs: no standard here"),
        (".venv/bin/borderstats diff 2024-01-31 2024-02-29", 2, "error: 2024-01-31: say with --source"),
        (".venv/bin/borderstats frobnicate", 2, "No such command 'frobnicate'."),
        (".venv/bin/borderstats build --date tomorrow", 2, "'tomorrow' does not match the format '%Y-%m-%d'"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(clone, made, command, code, text):
    finished = run(clone, command)
    assert finished.returncode == code
    assert text in finished.stderr
    assert "Traceback" not in finished.stderr + finished.stdout


def test_a_failed_gate_blocks_the_release_with_exit_code_1(clone, made):
    damaged = clone / "damaged"
    shutil.copytree(clone / "standard", damaged)
    checks = damaged / "checks.csv"
    right = "CV0110,cbp-encounters-state,,FY2024,2901142,"
    assert right in checks.read_text()
    checks.write_text(checks.read_text().replace(right, right.replace("2901142", "2901143")))
    before = sorted((clone / "build/releases").iterdir())
    finished = run(clone, ".venv/bin/borderstats --standard damaged build --date 2026-10-01")
    assert finished.returncode == 1
    assert "error: cbp-encounters-state/check-values: 1 of 52 cells fail." in finished.stderr
    assert "2,901,143 published, 2,901,142 here" in finished.stderr
    assert sorted((clone / "build/releases").iterdir()) == before


def test_a_snapshot_that_was_altered_or_is_not_listed_stops_the_build(clone, made):
    stray = clone / "archive/stray.csv"
    stray.write_text("x\n")
    finished = run(clone, ".venv/bin/borderstats build")
    stray.unlink()
    assert finished.returncode == 2
    assert "error: stray.csv: in the archive without metadata" in finished.stderr
    deaths = clone / "archive/encounters/southwest_border_deaths_1998_2019.csv"
    whole = deaths.read_bytes()
    deaths.chmod(0o644)
    deaths.write_bytes(whole.replace(b"big bend,2019,3", b"big bend,2019,4"))
    finished = run(clone, ".venv/bin/borderstats build")
    deaths.write_bytes(whole)
    assert finished.returncode == 2
    assert "southwest_border_deaths_1998_2019.csv: altered since it was archived" in finished.stderr

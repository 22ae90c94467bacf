"""Where the compiled part was not built: everything but suppression works, and suppression says what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import borderstats

SPEC = 'count = "n"\nthreshold = 5\n[[dimension]]\nname = "sector"\n'


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs a command of the package as it is installed without a compiler, beside a small table."""
    folder = tmp_path_factory.mktemp("uncompiled")
    package = Path(borderstats.__file__).parent
    shutil.copytree(
        package, folder / "src/borderstats", ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
    )
    (folder / "cells.csv").write_text("sector,n\nA,3\nB,40\nC,50\n")

    def call(*arguments, spec=SPEC):
        (folder / "spec.toml").write_text(spec)
        return subprocess.run(
            [sys.executable, "-m", "borderstats", *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(folder / "src")},
            capture_output=True,
            text=True,
            check=False,
        )

    return call


@pytest.mark.slow
def test_suppression_says_in_one_line_what_to_do(run):
    found = run("protect", "cells.csv", "--spec", "spec.toml", "--out", "withheld")
    assert found.returncode == 2
    assert found.stderr == (
        "error: the compiled part of disclosure control is missing; install a C++ compiler and Python's headers (on Debian "
        "g++ and python3-dev) and run make protect, or install borderstats anew\n"
    )


@pytest.mark.slow
def test_other_methods_and_other_commands_work(run):
    rounding = 'method = "rounding"\nbase = 5\n' + SPEC
    found = run("protect", "cells.csv", "--spec", "spec.toml", "--out", "rounded", spec=rounding)
    assert (found.returncode, found.stderr) == (0, "")
    assert "changed by rounding" in found.stdout
    assert "protect " in run("--help").stdout

"""`python -m borderstats` is the command."""

import subprocess
import sys

from borderstats import __version__


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "borderstats", *arguments], capture_output=True, text=True, check=False
    )


def test_the_module_is_the_command():
    assert run("--version").stdout == f"borderstats, version {__version__}\n"


def test_a_mistake_is_one_line_and_exit_code_2_here_too():
    found = run("--standard", "nowhere", "standard", "check")
    assert found.returncode == 2
    assert found.stderr.startswith("error: nowhere: no standard here")
    assert found.stderr.count("\n") == 1

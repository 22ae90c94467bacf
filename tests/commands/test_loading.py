"""A command loads what it needs and nothing else; every command is there under its name."""

import subprocess
import sys

import click
import pytest

from borderstats.cli import MODULES, cli


def test_the_program_itself_loads_no_library_of_a_command():
    program = "import sys, borderstats.cli; print(*{'duckdb', 'numpy', 'pandas', 'pyarrow', 'scipy'} & sys.modules.keys())"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not found.stdout.split()


def test_what_reads_and_judges_files_loads_no_library_that_only_writes_workbooks_or_reads_pdfs():
    program = "import sys, borderstats.pipeline; print(*{'gptables', 'pandas', 'pypdf', 'scipy'} & sys.modules.keys())"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not found.stdout.split()


@pytest.mark.parametrize("name", MODULES)
def test_every_command_has_its_name_and_a_first_sentence(name):
    command = cli.get_command(click.Context(cli), name)
    assert command.name == name
    assert command.get_short_help_str()


def test_what_is_no_command_is_reported():
    assert cli.get_command(click.Context(cli), "nonsense") is None

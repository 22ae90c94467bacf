"""The documentation is complete and its links lead somewhere."""

import re
from functools import partial
from pathlib import Path

import click
import pytest

from borderstats.cli import cli

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "standard").glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def commands(group, name="borderstats"):
    context = click.Context(group)
    for command in map(partial(group.get_command, context), group.list_commands(context)):
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {command.name}")
        else:
            yield f"{name} {command.name}", command


@pytest.mark.parametrize(("name", "command"), list(commands(cli)))
def test_every_command_and_option_is_documented(name, command):
    text = (ROOT / "docs/commands.md").read_text()
    assert f"`{name}" in text
    row = next(line for line in text.splitlines() if line.startswith(f"| `{name}"))
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in row, f"{name} {parameter.opts[0]}"
    assert command.help


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    for target in re.findall(r"\]\((?!https:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_registry_or_a_path_of_a_machine(page):
    assert not re.search(r"pypi\.org|registry\.npmjs|pythonhosted|/home/|/root/", page.read_text())


def test_lock_files_carry_versions_and_hashes_only():
    for name, fewest in (
        ("requirements.lock", 10),
        ("requirements-dev.lock", 10),
        ("requirements-duckdb-http.lock", 2),
    ):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pinned = re.findall(r"^\S+==\S+", text, re.MULTILINE)
        assert len(pinned) >= fewest
        assert text.count("--hash=sha256:") >= len(pinned)
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_version_of_the_standard_has_its_entry_in_the_changelog(standard):
    assert f"\n## [{standard.office.version}] - 2" in (ROOT / "standard/CHANGELOG.md").read_text()

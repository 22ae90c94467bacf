"""The documentation is complete and its links lead somewhere."""

import re
from functools import partial
from pathlib import Path
from typing import get_args

import click
import msgspec
import pytest

from borderstats.cli import cli
from borderstats.standard import model, provisions, sources
from borderstats.standard.columns import AnyColumn
from borderstats.standard.layouts import Case, Feed, Layout, LayoutColumn
from borderstats.standard.office import Announcement, Office, Publisher
from borderstats.standard.record_rules import AnyRule
from borderstats.standard.records import AnyField, Family, ProfileLimits
from borderstats.standard.rules import AnyGate
from borderstats.standard.statuses import Status
from borderstats.standard.tables import AnyTableSpec, Bands, Link, Recode

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


@pytest.mark.parametrize(
    "struct",
    [
        model.Concept, Status, model.Dataset, model.Dimension, *get_args(AnyGate), model.Chart, sources.KnownError,
        *get_args(sources.AnySource), *get_args(sources.AnyTable), *get_args(AnyColumn), model.Break, model.Check, model.Measure, model.Waiver,
        model.Headline, provisions.Document, provisions.Provision, provisions.Indicator, provisions.Milestone, provisions.Parameter,
        provisions.Reconciliation, provisions.Side, Office, Publisher, Announcement,
    ],
)  # fmt: skip
def test_every_field_of_the_standard_is_documented(struct):
    text = (ROOT / "docs/standard.md").read_text()
    for field in msgspec.structs.fields(struct):
        assert re.search(rf"[`\[.]{field.name}[`\]]", text), f"{struct.__name__}.{field.name}"


@pytest.mark.parametrize("struct", [*get_args(AnyColumn), *get_args(sources.AnyTable)])
def test_every_role_and_kind_is_documented(struct):
    text = (ROOT / "docs/standard.md").read_text()
    tag = struct.__struct_config__.tag
    assert f"| `{tag}` |" in text or f'* `kind = "{tag}"`:' in text


@pytest.mark.parametrize(
    ("struct", "page"),
    [
        *(
            (struct, "standard")
            for struct in (Family, *get_args(AnyField), *get_args(AnyRule), ProfileLimits)
        ),
        *((struct, "standard") for struct in (*get_args(AnyTableSpec), Bands, Recode, Link)),
        *((struct, "records-layouts") for struct in (Layout, LayoutColumn, Feed, Case)),
    ],
)
def test_every_field_of_families_tables_and_layouts_is_documented(struct, page):
    text = (ROOT / f"docs/{page}.md").read_text()
    for field in msgspec.structs.fields(struct):
        assert re.search(rf"[`\[.]{field.name}[`\]]", text), f"{struct.__name__}.{field.name}"


def test_every_rule_and_measure_is_documented():
    text = (ROOT / "docs/standard.md").read_text()
    for gate in (*get_args(AnyGate), *get_args(AnyRule), *get_args(AnyTableSpec)):
        assert f"| `{gate.__struct_config__.tag}` |" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    for target in re.findall(r"\]\((?!https:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_registry_or_a_path_of_a_machine(page):
    assert not re.search(r"pypi\.org|registry\.npmjs|pythonhosted|/home/|/root/", page.read_text())


def test_lock_files_carry_versions_and_hashes_only():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pinned = re.findall(r"^\S+==\S+", text, re.MULTILINE)
        assert len(pinned) > 10
        assert text.count("--hash=sha256:") >= len(pinned)
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_version_of_the_standard_has_its_entry_in_the_changelog(standard):
    assert f"\n## [{standard.office.version}] - 2" in (ROOT / "standard/CHANGELOG.md").read_text()

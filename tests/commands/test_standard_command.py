"""`borderstats standard check | list | show`."""

import shutil

import pytest
from click.testing import CliRunner

from borderstats.commands.standards import standard as command
from borderstats.errors import StandardError
from borderstats.standard import schema


@pytest.fixture
def ask(standard_folder, archive_folder):
    """A function from arguments to the lines that the command prints."""

    def call(*arguments, folder=standard_folder, archive=archive_folder):
        result = CliRunner().invoke(command, arguments, obj={"standard": folder, "archive": archive})
        if result.exception:
            raise result.exception
        return result.output.splitlines()

    return call


def test_check_counts_what_it_checked(ask, standard, standard_folder):
    assert ask("check") == [
        (
            f"{standard_folder}: no contradiction in {len(standard.concepts)} concepts, {len(standard.codelists)} "
            f"code lists, {len(standard.datasets)} datasets, {len(standard.sources)} sources, {len(standard.breaks)} "
            f"breaks, {len(standard.checks)} check values, {len(standard.waivers)} waivers"
        )
    ]


def test_schema_writes_one_for_each_kind_of_file(ask, standard_folder, tmp_path):
    (line,) = ask("schema", "--out", str(tmp_path / "made"))
    written = {path.name: path.read_bytes() for path in (tmp_path / "made").iterdir()}
    assert line == f"{tmp_path / 'made'}: {', '.join(schema.documents())}"
    assert written == dict(schema.documents())
    ask("schema", folder=tmp_path)
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == set(written)


def test_check_tells_every_contradiction(ask, standard_folder, tmp_path):
    folder = shutil.copytree(standard_folder, tmp_path / "standard")
    file = folder / "sources/cbp-southwest.toml"
    file.write_text(file.read_text("utf-8").replace('region = "SW"', 'region = "WEST"'), "utf-8")
    with pytest.raises(StandardError) as caught:
        ask("check", folder=folder)
    assert str(caught.value) == (
        "standard/sources/cbp-southwest.toml: $.constants.region: no code 'WEST' in codelists/region.csv"
    )


def test_list_names_everything_by_kind(ask, standard):
    lines = ask("list")
    kinds = [line for line in lines if not line.startswith("  ")]
    assert kinds == [
        "concepts:",
        "code lists:",
        "datasets:",
        "sources:",
        "breaks:",
        "check values:",
        "waivers:",
    ]
    named = {line.split()[0] for line in lines if line.startswith("  ")}
    parts = (standard.concepts, standard.codelists, standard.datasets, standard.sources)
    entries = (standard.breaks, standard.checks, standard.waivers)
    assert named == {name for part in parts for name in part} | {one.id for part in entries for one in part}


def test_list_says_of_what_the_archive_has_no_file(ask, archive_folder, tmp_path):
    mark = " (no file in the archive yet)"
    bare = {line.split()[0] for line in ask("list", archive=archive_folder) if line.endswith(mark)}
    assert {"cbp-nationwide-aor", "cbp-encounters-aor"} <= bare
    assert not {"cbp-nationwide-state", "cbp-encounters-state", "custody-72-hours", "region"} & bare
    assert not any(line.endswith(mark) for line in ask("list", archive=tmp_path / "none"))


def test_list_gives_each_thing_its_title(ask):
    lines = ask("list")
    assert f"  {'cbp-encounters-state':<44}CBP encounters nationwide, by state" in lines
    assert (
        f"  {'usbp-annual-nation':<44}Nationwide Illegal Alien Apprehensions, Fiscal Years 1925 to 2019"
        in lines
    )


def test_show_a_dataset(ask, standard):
    lines = ask("show", "usbp-apprehensions-nation")
    dataset = standard.datasets["usbp-apprehensions-nation"]
    assert lines[0] == "dataset usbp-apprehensions-nation"
    assert f"  title: {dataset.title}" in lines
    assert f"  counts: {dataset.counts}" in lines
    assert "  unit: EVENTS" in lines


def test_show_everything_of_one_name(ask):
    lines = ask("show", "region")
    assert [line for line in lines if not line.startswith(" ")] == ["concept region", "code list region"]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("cbp-southwest", "source cbp-southwest"),
        ("livermore-closed", "break livermore-closed"),
        ("CV0003", "check value CV0003"),
        ("ohss-fy2004", "waiver ohss-fy2004"),
        ("month", "code list month"),
    ],
)
def test_show_every_kind(ask, name, first):
    lines = ask("show", name)
    assert lines[0] == first
    assert len(lines) > 2


def test_show_leaves_out_what_is_empty(ask):
    assert not [line for line in ask("show", "CV0003") if line.rstrip().endswith(":") and "key" not in line]


def test_show_something_that_is_not_there(ask):
    with pytest.raises(StandardError) as caught:
        ask("show", "encounters")
    assert str(caught.value) == (
        "nothing in the standard is called 'encounters'; `borderstats standard list` shows what there is"
    )


@pytest.mark.parametrize("arguments", [("check",), ("list",), ("show", "region")])
def test_a_folder_that_is_no_standard(ask, tmp_path, arguments):
    with pytest.raises(StandardError, match="no standard here"):
        ask(*arguments, folder=tmp_path)

"""A package is what its files say: written and read again it is the same, and its files follow its schema."""

import json
import subprocess
import sys
from dataclasses import replace

import jsonschema
import pytest

from borderstats.errors import ReleaseError
from borderstats.package import account, read, schema
from borderstats.package.model import held, plain
from small_release import release as small_package


def test_what_is_written_is_read_again(small):
    written, found = small_package(), read.package(small)
    assert replace(found, manifest=written.manifest, datasets={}) == replace(written, datasets={}, cells=None)
    for name, dataset in written.datasets.items():
        assert found.datasets[name].meta == dataset.meta
        assert list(found.datasets[name].tables) == list(dataset.tables)
        for table, content in dataset.tables.items():
            assert plain(found.datasets[name].tables[table]).equals(plain(held(plain(content))))


def test_every_json_file_of_a_release_follows_the_schema_that_it_publishes(release):
    published = json.loads((release / schema.NAME).read_bytes())
    jsonschema.Draft202012Validator.check_schema(published)
    checked = 0
    for pattern, part in published["properties"].items():
        validator = jsonschema.Draft202012Validator({**part, "$defs": published["$defs"]})
        paths = list(release.glob(pattern.replace("{dataset}", "*")))
        # A release that names none before it has no account of what differs.
        assert paths or pattern == account.NAME, pattern
        for path in paths:
            validator.validate(json.loads(path.read_bytes()))
            checked += 1
    described = {path.name for path in release.glob("*.json")} - {schema.NAME}
    # Those of other formats have standards of their own.
    assert account.NAME not in described
    assert described - set(published["properties"]) == {"data.json", "datapackage.json", "datasette.json"}
    assert checked > len(published["properties"])


def test_the_schema_tells_a_figure_of_another_type(release):
    published = json.loads((release / schema.NAME).read_bytes())
    provisions = json.loads((release / "provisions.json").read_bytes())
    next(one for one in provisions if one["indicators"])["indicators"][0]["latest"]["value"] = "many"
    part = published["properties"]["provisions.json"]
    with pytest.raises(jsonschema.ValidationError, match="many"):
        jsonschema.validate(provisions, {**part, "$defs": published["$defs"]})


@pytest.mark.parametrize(
    "name", ["standard.json", "provisions.json", "revisions.csv", "data/monthly/latest.parquet"]
)
def test_a_missing_file_is_reported_by_name(small, name):
    (small / name).unlink()
    with pytest.raises(ReleaseError, match=f"{name}: missing from the release"):
        _ = [dataset.latest for dataset in read.package(small).datasets.values()]


def test_a_manifest_of_another_format_is_reported(small):
    manifest = json.loads((small / "manifest.json").read_text())
    del manifest["format"]
    (small / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ReleaseError, match="altered, broken or of another format"):
        read.package(small)


SCRIPT = """
import datetime, pathlib, sys
from borderstats import pipeline

print("begun")
folders = [pathlib.Path(name) for name in sys.argv[1:3]]
made = pipeline.build(*folders, datetime.date(2026, 11, 28), pathlib.Path(sys.argv[3]))
print(made.path.name)
"""


def test_a_script_without_a_guard_builds_once(standard_folder, archive_folder, release, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, script, standard_folder, archive_folder, tmp_path / "out"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["begun", release.name], done.stderr

"""A standard whose artefacts changed is not published under the version that it had."""

import datetime
import re
from pathlib import Path

import pytest

from borderstats import pipeline
from borderstats.errors import StandardError
from borderstats.standard import versions_check
from borderstats.standard.load import load

REAL = load(Path(__file__).parents[2] / "standard").office.version
"""The version of the standard as it is."""

MAJOR = int(REAL.split(".")[0]) + 1
CHANGED = (
    f"versions.csv: {REAL}: concepts, code lists or datasets are not those that were published under it: "
)


def findings(copy):
    return list(versions_check.contradictions(load(copy.folder)))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("codelists/title.csv", "2020-03-20", "2020-03-21"),
        ("codelists/unit.csv", "Events,Eventos", "Happenings,Eventos"),
        ("concepts.toml", 'label = "Component"', 'label = "Agency"'),
        ("datasets/usbp-apprehensions-nation.toml", 'title = "', 'title = "New: '),
    ],
)
def test_what_is_published_is_changed_with_the_version_only(copy, file, old, new):
    copy.replace(file, old, new)
    (finding,) = findings(copy)
    assert finding.startswith(f"{CHANGED}raise $.version in office.toml, add the line VERSION,DATE,")
    line = re.search("VERSION,DATE,([0-9a-f]{16})", finding)[1]
    copy.append("versions.csv", f"{MAJOR}.0.0,2027-01-01,{line}\n")
    assert findings(copy) == [
        f"versions.csv: the last line must be that of the version in office.toml: {REAL},DATE,{line}"
    ]
    copy.replace("office.toml", f'version = "{REAL}"', f'version = "{MAJOR}.0.0"')
    assert findings(copy) == []


def test_how_publishers_write_a_label_is_no_new_version(copy):
    copy.replace("codelists/unit.csv", "Eventos,Event,", "Eventos,Event|Happening,")
    copy.replace("datasets/usbp-apprehensions-nation.toml", "provisions = [1, 16]", "provisions = [1]")
    assert findings(copy) == []


def test_a_standard_without_versions_is_not_held_to_any(copy):
    (copy.folder / "versions.csv").unlink()
    copy.replace("concepts.toml", 'label = "Component"', 'label = "Agency"')
    assert findings(copy) == []


ORDER = "versions.csv: versions stand in their order, each once, none with an earlier day than the one before"


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("0.9.0,2027-01-01,0", ORDER),
        (f"{REAL},2027-01-01,0", ORDER),
        (f"{MAJOR}.10.0,2020-01-01,0", ORDER),
        (
            "1.1,2027-01-01,0",
            "versions.csv: '1.1' is not three numbers with points between them, such as 1.0.0",
        ),
    ],
)
def test_the_list_of_versions(copy, line, finding):
    copy.append("versions.csv", f"{line}\n")
    assert findings(copy) == [finding]


def test_ten_comes_after_nine(copy, standard):
    last = standard.versions[-1]
    copy.append("versions.csv", f"{MAJOR}.9.0,2027-01-01,0\n{MAJOR}.10.0,2027-01-01,{last.artefacts}\n")
    copy.replace("office.toml", f'version = "{REAL}"', f'version = "{MAJOR}.10.0"')
    assert findings(copy) == []


def test_no_release_is_built_under_the_version_of_another_standard(copy, archive_folder, tmp_path):
    copy.replace("concepts.toml", 'label = "Component"', 'label = "Agency"')
    with pytest.raises(StandardError, match=re.escape(f"standard/{CHANGED}")):
        pipeline.build(copy.folder, archive_folder, datetime.date(2026, 11, 28), tmp_path / "releases")
    assert not (tmp_path / "releases").exists()

import json
import shutil

import msgspec
import pytest

from borderstats.errors import ReleaseError
from borderstats.observations import KeySpace
from borderstats.release import difference, read


def test_a_release_read_back_differs_in_nothing_from_itself(standard, release):
    latest = read.latest(release, standard)
    counts = json.loads((release / "release.json").read_text())["counts"]
    assert sum(len(vintage.observations) for vintage in latest.values()) == counts["observations"] > 100_000
    for name, vintage in latest.items():
        found = difference.between(KeySpace.of(standard, name), vintage, vintage)
        assert len(found) == 0
    assert latest["cbp-encounters-state"].observations.value.sum() == 12_225_041


def test_a_dataset_or_code_that_the_standard_does_not_know_is_reported(standard, release, tmp_path):
    without = {name: d for name, d in standard.datasets.items() if name != "usbp-deaths-southwest-sector"}
    with pytest.raises(
        ReleaseError, match="the dataset usbp-deaths-southwest-sector is not in this standard"
    ):
        read.latest(release, msgspec.structs.replace(standard, datasets=without))
    title = standard.codelists["title"]
    fewer = type(title)("title", tuple(code for code in title.codes if code.code != "T42"))
    shutil.copytree(release, tmp_path / "release")
    with pytest.raises(ReleaseError, match="title T42 is not in this standard"):
        read.latest(
            tmp_path / "release",
            msgspec.structs.replace(standard, codelists={**standard.codelists, "title": fewer}),
        )

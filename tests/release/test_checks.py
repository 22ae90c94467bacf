"""Published figures against a release: reproduced, cited or left over, and a list that cannot be read says why."""

import re
import shutil

import msgspec
import pytest

from borderstats.errors import InputError, ReleaseError
from borderstats.release import checks

HEADER = "id,measure,component,geography,dimension,period,value\n"


def tried(release, *lines):
    data = (HEADER + "".join(line + "\n" for line in lines)).encode()
    return [(o.id, o.state, o.words) for o in checks.further(release, "values.csv", data)]


def test_no_published_figure_of_the_standard_is_left_over(release, standard):
    found = list(checks.outcomes(release))
    assert [o.id for o in found] == [check.id for check in standard.checks]
    assert {o.state for o in found} == {"reproduced", "cited"}


def test_a_figure_that_differs_and_is_waived_is_cited_and_not_called_reproduced(release, standard):
    found = {o.id: o for o in checks.outcomes(release)}
    source = next(check.source for check in standard.checks if check.id == "CV0109")
    words = f"ohss-usbp-encounters has 1,557,320, waived (cbp-fy2024-digit); {source}"
    assert (found["CV0109"].state, found["CV0109"].words) == ("cited", words)
    cited = (release / "cited.csv").read_text()
    assert {o.id for o in found.values() if o.state == "cited"} == {
        line.split(",")[0].strip('"') for line in cited.splitlines()[1:]
    }


def test_a_figure_that_the_release_does_not_give_is_left_over(release, tmp_path):
    copy = tmp_path / "release"
    shutil.copytree(release, copy)
    path = copy / "standard.json"
    path.chmod(0o644)
    content = msgspec.json.decode(path.read_bytes())
    wrong = next(check for check in content["checks"] if check["id"] == "CV0003")
    wrong["value"] += 1
    path.write_bytes(msgspec.json.encode(content))
    left = [o for o in checks.outcomes(copy) if o.state == "left over"]
    assert [(o.id, o.words) for o in left] == [("CV0003", "usbp-encounters-sector has 929809.0")]


def test_further_figures_are_found_by_what_they_mean(release):
    assert tried(
        release,
        "a,usbp_encounters,USBP,SW,total,FY2002,929809",
        "b,usbp_encounters,USBP,SW,total,FY2002,929810",
        "c,mpp_enrollments,CBP,SW,total,2020-01,1974",
        "d,nothing_known,CBP,SW,total,FY2002,1",
        "e,USBP_Encounters,usbp,sw,Total,FY2021,1659206",
    ) == [
        ("a", "reproduced", "by usbp-encounters-sector"),
        ("b", "left over", "ohss-usbp-encounters has 930,340; usbp-encounters-sector has 929,809"),
        ("c", "cited", "the release carries this figure as a cited one"),
        ("d", "left over", "no dataset and no cited figure of this period"),
        ("e", "reproduced", "by cbp-encounters-southwest"),
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            b"id,value\nx,1\n",
            (
                "values.csv: row 1: column component, dimension, geography, measure, period is missing; "
                "a list of figures has id, measure, component, geography, dimension, period, value"
            ),
        ),
        (HEADER.encode() + b"x,m,c,g\n", "values.csv: row 2: too few cells"),
        (
            HEADER.encode() + b"x,m,c,g,d,FY2002,many\n",
            "values.csv: row 2, column 'value': 'many' is not a number",
        ),
    ],
)
def test_a_list_that_cannot_be_read(release, data, text):
    with pytest.raises(InputError, match=f"^{re.escape(text)}$"):
        list(checks.further(release, "values.csv", data))


def test_a_folder_that_is_no_release(tmp_path):
    with pytest.raises(ReleaseError, match="not a release"):
        list(checks.outcomes(tmp_path))

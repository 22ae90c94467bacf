"""CBP's table by area of responsibility, on invented files with its headings and labels: refused, archived, gated, revised, published."""

import datetime
from collections import Counter

import pytest
from click.testing import CliRunner
from invented_encounters import (
    CHILDREN,
    HEADER,
    SOUTHWEST,
    STATE,
    USBP,
    by_state,
    of_southwest,
    rows,
    second,
    text,
)
from pyarrow import parquet
from test_archive_files import standard

from bare_standard import bare
from borderstats import pipeline
from borderstats.commands.intake import intake
from borderstats.errors import BorderstatsError, GateError, InputError
from borderstats.intake.read import read_file
from borderstats.site import site as publishing

NAME = "nationwide-encounters-fy23-fy26-may-aor.csv"
MAY, JUNE = "2026-06-03", "2026-06-20"


def read(of, header=HEADER):
    return read_file(standard(), NAME, text(header, of), datetime.date(2026, 6, 3))


def changed(place, column, value):
    made = [list(row) for row in rows()]
    made[place][HEADER.index(column)] = value
    return made


def first_of(component, **wanted):
    return next(
        n
        for n, row in enumerate(rows())
        if row[3] == component
        and all(row[HEADER.index(name.replace("_", " "))] == v for name, v in wanted.items())
    )


def test_the_rows_are_read_by_their_area():
    found = read(rows())
    assert (found.source.id, found.rows, found.refused) == ("cbp-nationwide-aor", len(rows()), 0)
    space = found.observations.space
    totals = Counter()
    for key, value in zip(found.observations.key.tolist(), found.observations.value.tolist(), strict=True):
        codes = space.codes(key)
        totals[codes["component"], codes["office"], codes["region"]] += value
    expected = Counter()
    for row in rows():
        place = space.codelists["office"].find(row[5], "USBP" if row[3] == USBP else "OFO")
        region = {"Southwest Land Border": "SW", "Northern Land Border": "NORTH", "Other": "OTHER"}[row[4]]
        component = "USBP" if row[3] == USBP else "OFO"
        expected[component, space.codelists["office"].codes[place].code, region] += row[11]
    assert totals == expected
    assert {region for component, office, region in totals if office == "BOSTON"} == {"NORTH", "OTHER"}
    assert ("USBP", "TCA", "SW") in totals
    assert ("OFO", "TUCSON", "SW") in totals


def test_only_the_open_year_is_provisional():
    found = read(rows())
    space = found.observations.space
    year = space.calendar.fiscal_years(space.period(found.observations.key))
    assert ((found.observations.status == found.provisional) == (year == 2026)).all()


def test_both_names_of_children_are_one_code():
    renamed = [[CHILDREN[1] if cell == CHILDREN[0] else cell for cell in row] for row in rows()]
    assert renamed != [list(row) for row in rows()]
    one, other = read(rows()).observations, read(renamed).observations
    assert (one.key == other.key).all()
    assert (one.value == other.value).all()


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("Area of Responsibility", "Cape Cod Sector", "unknown office 'Cape Cod Sector'"),
        ("Component", "", "component is blank"),
        ("Component", "Office of Field Operations", "unknown office"),
        ("Month Grouping", "YTD", "unknown label 'YTD'; known are FYTD, Remaining"),
        ("Encounter Count", "", "the count is blank"),
    ],
)
def test_rows_that_are_refused(column, value, said):
    found = read(changed(first_of(USBP, Area_of_Responsibility="Rio Grande Valley Sector"), column, value))
    assert found.refused == 1
    assert said in found.refusals[0].text(NAME)


def test_tucson_without_a_component_is_refused():
    made = changed(first_of(USBP, Area_of_Responsibility="Tucson Sector"), "Area of Responsibility", "Tucson")
    place = first_of(USBP, Area_of_Responsibility="Tucson Sector")
    made[place][HEADER.index("Component")] = ""
    found = read(made)
    assert found.refused == 1
    assert "component is blank" in found.refusals[0].text(NAME)


def test_a_table_without_a_component_is_no_file_of_it():
    made = [[cell for name, cell in zip(HEADER, row, strict=True) if name != "Component"] for row in rows()]
    with pytest.raises(InputError) as caught:
        read(made, [name for name in HEADER if name != "Component"])
    assert "column 'Component' is missing" in str(caught.value)


def test_the_table_by_state_is_not_taken_for_it():
    assert read(by_state(rows()), STATE).source.id == "cbp-nationwide-state"
    with pytest.raises(InputError) as caught:
        read_file(standard(), NAME, text(STATE, by_state(rows())), source="cbp-nationwide-aor")
    assert "column 'Area of Responsibility' is missing" in str(caught.value)


@pytest.fixture
def archived(tmp_path):
    """A function that adds files to an archive by `intake --add`; its lines, or the error."""
    folders = {
        "standard": bare(tmp_path / "standard", without=("cbp-encounters-southwest/border-patrol-series",)),
        "archive": tmp_path / "archive",
    }
    folders["archive"].mkdir()

    def add(name, header, of, day=MAY):
        (tmp_path / name).write_bytes(text(header, of))
        command = [str(tmp_path / name), "--add", "--obtained-from", "a test", "--as-of", day]
        result = CliRunner().invoke(intake, command, obj=folders)
        if result.exception and not isinstance(result.exception, BorderstatsError):
            raise result.exception
        return result.exception or result.stdout.splitlines()

    add.folders = folders
    return add


def added(said, name=NAME):
    return any(line.startswith(f"archive: added as cbp-nationwide-aor/{name}") for line in said)


def test_apprehensions_of_field_operations_are_stopped(archived):
    place = first_of("Office of Field Operations", Title_of_Authority="Title 8")
    error = archived(NAME, HEADER, changed(place, "Encounter Type", "Apprehensions"))
    assert isinstance(error, GateError)
    assert "cbp-encounters-aor/type-follows: 1 of" in str(error)


def test_a_sum_that_is_not_that_of_the_table_by_state_is_stopped(archived):
    archived("nationwide-encounters-fy23-fy26-may-state.csv", STATE, by_state(rows()))
    place = first_of(USBP)
    error = archived(NAME, HEADER, changed(place, "Encounter Count", rows()[place][11] + 1))
    assert isinstance(error, GateError)
    assert "cbp-encounters-aor/states-total: 1 of" in str(error)


@pytest.mark.slow
def test_two_editions_are_archived_and_published(archived, tmp_path):
    archived("nationwide-encounters-fy23-fy26-may-state.csv", STATE, by_state(rows()))
    archived("southwest-fy23-fy26-may.csv", SOUTHWEST, of_southwest(rows()))
    assert added(archived(NAME, HEADER, rows()))
    later = second(rows())
    for name, header, of in (
        ("nationwide-encounters-fy23-fy26-may-state-2.csv", STATE, by_state(later)),
        ("southwest-fy23-fy26-may-2.csv", SOUTHWEST, of_southwest(later)),
    ):
        assert not isinstance(archived(name, header, of, JUNE), BorderstatsError)
    said = archived("nationwide-encounters-fy23-fy26-may-aor-2.csv", HEADER, later, JUNE)
    assert added(said, "nationwide-encounters-fy23-fy26-may-aor-2.csv")
    made = pipeline.build(
        archived.folders["standard"],
        archived.folders["archive"],
        datetime.date(2026, 6, 30),
        tmp_path / "releases",
        formats=False,
    )
    log = parquet.read_table(made.path / "data/cbp-encounters-aor/revisions.parquet").to_pylist()
    assert Counter(row["kind"] for row in log) == {"changed": 100, "vanished": 5, "new": 1}
    assert all(row["fiscal_year"] == 2026 for row in log)
    assert sorted(row["delta"] for row in log if row["kind"] == "changed") == sorted(
        1 + n % 10 for n in range(100)
    )
    latest = made.package.datasets["cbp-encounters-aor"].tables["latest"]
    assert latest.num_rows == len(later)
    # An absent row is no zero: the five cells have no figure any more.
    assert sum(latest["value"].to_pylist()) == sum(row[11] for row in later)
    by_name = {
        gate.id.split("/")[1]: gate for gate in made.package.gates if gate.dataset == "cbp-encounters-aor"
    }
    assert all(
        by_name[name].compared for name in ("states-total", "southwest-total", "southwest-citizenship")
    )
    assert not any(gate.failed or gate.waived for gate in by_name.values())


@pytest.mark.slow
def test_a_release_without_the_file_says_so(archived, tmp_path):
    """What has no file has no data, no page and no empty table; the page on the method says that the source has none yet."""
    archived("nationwide-encounters-fy23-fy26-may-state.csv", STATE, by_state(rows()))
    archived("southwest-fy23-fy26-may.csv", SOUTHWEST, of_southwest(rows()))
    said = []
    made = pipeline.build(
        *archived.folders.values(),
        datetime.date(2026, 6, 30),
        tmp_path / "releases",
        progress=said.append,
        formats=False,
    )
    assert "no file of cbp-encounters-aor is in the archive yet: the release is without it" in said
    assert not any("state is in the archive yet" in line for line in said)
    site = publishing.write(made.path, tmp_path / "site").path
    files = [path.relative_to(site).as_posix() for path in site.rglob("*")]
    assert "datasets/cbp-encounters-state.html" in files
    assert not any("cbp-encounters-aor" in name or "cbp-nationwide-aor" in name for name in files)
    method = (site / "method.html").read_text("utf-8")
    (entry,) = (line for line in method.splitlines() if "by area of responsibility</dt>" in line)
    assert "No file of it is in the archive yet." in entry
    assert "by area of responsibility" not in (site / "quality.html").read_text("utf-8")
    assert not any(
        "datasets/cbp-encounters-aor.html" in path.read_text("utf-8") for path in site.rglob("*.html")
    )

"""Records to a release, through protection: on invented records, made by a formula; nobody is counted."""

import re
import shutil
import stat
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest
from click.testing import CliRunner

from borderstats import pipeline
from borderstats.cli import cli
from borderstats.errors import BorderstatsError
from borderstats.protect import suppress

pytestmark = pytest.mark.slow

HEAD = "event_key,person_key,encounter_time,component,region,office,title,encounter_type,citizenship,demographic,age,entry_time,distance_miles"
OFFICES = [("USBP", "SW", "SDC"), ("USBP", "SW", "ELC"), ("USBP", "NORTH", "SWB"), ("OFO", "SW", "SAN_DIEGO")]
NAMES = ["component", "region", "office", "citizenship", "demographic", "period"]


def records(later=False):
    """Encounters of 15 months; `later` ones are a few more of the same months and those of two months more."""
    rows = []
    for o, (component, region, office) in enumerate(OFFICES):
        for c, citizenship in enumerate(["MEX", "GTM", "HND", "CUB"]):
            for d, demographic in enumerate(["SA", "FMUA", "UC"]):
                for m in range(17 if later else 15):
                    count = (7919 * (o + 1) * (c + 2) * (d + 3) * (m + 5) % 97) ** 2 // (
                        250 * (1 + c) * (1 + d) * (1 + o)
                    )
                    count += later and (o + 2 * c + 3 * d + m) % 23 == 0
                    month = f"{2025 + (m + 9) // 12}-{(m + 9) % 12 + 1:02d}"
                    rows += [
                        (component, region, office, citizenship, demographic, month, n) for n in range(count)
                    ]
    return pd.DataFrame(rows, columns=[*NAMES, "n"])


def written(frame, path):
    lines = [
        f"{'-'.join(map(str, row))},P{'-'.join(map(str, row))},{row.period}-{row.n % 28 + 1:02d} 08:00:00,{row.component},{row.region},"
        f"{row.office},T8,{'APP' if row.component == 'USBP' else 'INA'},{row.citizenship},{row.demographic},"
        f"{9 if row.demographic == 'UC' else 30},,"
        for row in frame.itertuples(index=False)
    ]
    path.write_text("\n".join([HEAD, *lines]) + "\n")
    return path


@pytest.fixture
def archive(archive_folder, tmp_path):
    """A copy of the archive, to which the protected tables are added."""
    return shutil.copytree(archive_folder, tmp_path / "archive")


@pytest.fixture
def run(standard_folder, archive, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # The further formats have tests of their own, and take longer than all the rest.
    monkeypatch.setattr(pipeline, "build", partial(pipeline.build, formats=None))

    def call(*arguments, code=0):
        options = ["--standard", str(standard_folder), "--archive", str(archive)]
        result = CliRunner().invoke(cli, [*options, *map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit | BorderstatsError):
            raise result.exception
        said = f"{result.output}{result.exception or ''}"
        found = getattr(result.exception, "exit_code", result.exit_code)
        assert found == code, said
        return said

    return call


@pytest.fixture
def workspace(run, tmp_path):
    path = tmp_path / "workspace"
    run("records", "init", path, "--purpose", "tests")
    add = ("--workspace", path, "--purpose", "tests", "--as-of", "2026-12-31")
    run("records", "add", written(records(), tmp_path / "first.csv"), *add)
    return path


def build(run, workspace, day, code=0):
    return run("build", "--workspace", workspace, "--purpose", "tests", "--date", day, code=code)


def true_counts(frame, last):
    """Every count that the tables show, by codes and period, for periods that were over."""
    frame = frame[frame["period"] <= last]
    years = frame.assign(period="FY2026")[frame["period"] <= "2026-09"]
    found = {}
    sets = [
        [],
        ["component"],
        ["component", "region"],
        ["component", "region", "office"],
        ["citizenship"],
        ["component", "citizenship"],
        ["demographic"],
        ["component", "region", "demographic"],
    ]
    for every in (frame, years):
        for kept in sets:
            hidden = every.assign(**{name: "_T" for name in NAMES[:-1] if name not in kept})
            found.update(hidden.groupby(NAMES).size().to_dict())
    return found


def published(release):
    """What the release says: every row of `latest` by codes and period."""
    table = pd.read_csv(release / "data" / "records-encounters" / "latest.csv", dtype={"value": "Int64"})
    return {tuple(row[name] for name in NAMES): row for row in table.to_dict("records")}


def release_of(said, tmp_path):
    return tmp_path / re.search(r"built: (\S+)", said)[1]


def violations(shown, true):
    """What is wrong with what is published, given the true counts."""
    for cell, count in true.items():
        least = 10 if cell[4] == "UC" else 5
        row = shown.get(cell)
        if row is None:
            yield f"{cell} has {count} and is not there"
        elif row["status"] == "Q" and not pd.isna(row["value"]):
            yield f"{cell} is withheld and has a figure"
        elif row["status"] != "Q" and row["value"] != count:
            yield f"{cell} is {row['value']}, not {count}"
        elif row["status"] != "Q" and count < least:
            yield f"{cell} shows {count}"
    yield from (f"{cell} is there and is nothing" for cell in shown.keys() - true.keys())


def test_records_to_a_release_and_its_next(run, workspace, archive, tmp_path):
    said = build(run, workspace, "2026-12-31")
    assert re.search(r"records-encounters: [\d,]+ cells, [\d,]+ withheld, [\d,]+ attacked, 0 disclosed", said)
    first = release_of(said, tmp_path)
    shown, true = published(first), true_counts(records(), "2026-12")
    assert not list(violations(shown, true))
    assert 0 < sum(row["status"] == "Q" for row in shown.values()) < len(shown) / 2
    # Nothing of the confidential side is in the archive or the release; in the workspace nobody else can read it.
    assert sorted(path.name for path in (archive / "records-encounters").iterdir()) == [
        "2026-12-31.csv",
        "2026-12-31.csv.toml",
    ]
    secret = workspace / "protected" / "records-encounters" / "2026-12-31" / "confidential"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o700
    assert "secondary" in (secret / "pattern.csv").read_text()
    assert not [path for path in (tmp_path / "build").rglob("*") if "confidential" in path.name]
    data = first / "data" / "records-encounters"
    assert not [path for path in data.iterdir() if b"secondary" in path.read_bytes()]
    # The same day again changes nothing, and the release can be built anew by people who have no records.
    assert "what is published is never replaced" in build(run, workspace, "2026-12-31")
    assert "built anew with the same bytes" in run("verify", first, "--rebuild")

    add = ("--workspace", workspace, "--purpose", "tests", "--as-of", "2027-03-31")
    run("records", "add", written(records(later=True), tmp_path / "second.csv"), *add)
    refused = build(run, workspace, "2027-03-31", code=2)
    assert "the records of what was published as of 2026-12-31 have changed since" in refused
    assert not (archive / "records-encounters" / "2027-03-31.csv").exists()
    reason = "--changed-records", "two months were entered late"
    days = ("build", "--workspace", workspace, "--purpose", "tests", "--date", "2027-03-31", *reason)
    assert "for releases follow one another" not in run(*days)
    listed = (archive / "records-encounters" / "2027-03-31.csv.toml").read_text()
    assert 'reason = "two months were entered late"' in listed
    second = max((tmp_path / "build" / "releases").iterdir(), key=lambda path: path.name)
    shown, true = published(second), true_counts(records(later=True), "2027-03")
    assert not list(violations(shown, true))
    history = pd.read_csv(second / "data" / "records-encounters" / "history.csv")
    assert sorted(set(history["known_from"])) == ["2026-12-31", "2027-03-31"]
    audited = run("audit", workspace / "protected" / "records-encounters" / "2027-03-31")
    assert audited.splitlines()[-1] == "disclosed cells: 0"
    purposes = (workspace / "audit.csv").read_text()
    assert "build as of 2027-03-31: 1 protected datasets added" in purposes

    site = run("publish", second, "--out", tmp_path / "site")
    assert "pages" in site
    page = (tmp_path / "site" / "datasets" / "records-encounters.html").read_text()
    assert "Figures marked as suppressed are withheld" in page


def test_a_table_that_can_be_undone_never_leaves(run, workspace, archive, monkeypatch):
    """A method that only withholds what is sensitive: the attack sees it, and nothing is added or built."""
    real = suppress.suppress

    def careless(*arguments, **options):
        found = real(*arguments, **options)
        return replace(found, withheld=found.sensitive & found.cube.shown)

    monkeypatch.setattr(suppress, "suppress", careless)
    said = build(run, workspace, "2026-12-31", code=1)
    assert re.search(r"records-encounters: [\d,]+ cells can be recovered from what would be published", said)
    assert not (archive / "records-encounters").exists()
    assert not list((workspace / "protected" / "records-encounters").iterdir())


def test_what_is_wrong_is_reported(run, workspace, tmp_path):
    said = run("build", "--workspace", workspace, "--date", "2026-12-31", code=2)
    assert "say what the records are used for" in said
    assert "no month of the records was over" in build(run, workspace, "2025-10-15", code=2)
    build(run, workspace, "2026-12-31")
    assert "give a later --date, for releases follow one another" in build(
        run, workspace, "2026-11-30", code=2
    )
    empty = tmp_path / "empty"
    run("records", "init", empty, "--purpose", "tests")
    assert "no encounter records in the workspace" in build(run, empty, "2027-01-31")


def test_synthetic_records_are_not_published_as_figures(run, archive, tmp_path):
    """A workspace holds them or others, and their tables leave it only when it is said that they count nothing real."""
    workspace = tmp_path / "workspace"
    add = ("--workspace", workspace, "--purpose", "tests", "--as-of", "2026-12-31")
    run("records", "init", workspace, "--purpose", "tests")
    made_up = written(records(), tmp_path / "made-up.csv")
    head, *lines = made_up.read_text().splitlines()
    made_up.write_text("\n".join([f"{head},synthetic", *(f"{line},true" for line in lines)]) + "\n")
    run("records", "add", made_up, *add)
    said = run("records", "add", written(records(later=True), tmp_path / "others.csv"), *add, code=2)
    assert (
        "not marked as synthetic, those of the workspace synthetic; keep each in a workspace of its own"
        in said
    )
    assert "its records are synthetic and count nothing real" in build(run, workspace, "2026-12-31", code=2)
    assert not (archive / "records-encounters").exists()
    run("build", "--workspace", workspace, "--purpose", "tests", "--date", "2026-12-31", "--synthetic")
    (said,) = (archive / "records-encounters").glob("*.toml")
    assert "(synthetic: counts nothing real)" in said.read_text()

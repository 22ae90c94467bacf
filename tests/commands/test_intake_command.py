"""`borderstats intake`: the report, the refusals, and the way into the archive. All files are hand-made."""

import csv
import datetime

import pytest
from msgspec.structs import replace

from borderstats.commands.intake import intake
from borderstats.intake import advice
from borderstats.intake import archive as archives

REPORT = """\
{name}: Nationwide Illegal Alien Apprehensions, Fiscal Years 1925 to 2019, U.S. Customs and Border Protection, Border Patrol
source: usbp-annual-nation, feeds usbp-apprehensions-nation
rows: 2 read = 2 accepted + 0 refused
unknown codes: none
period: FY2018 to FY2019
observations: 2, total 1,263,643 events
"""
COMPARED = """\
compared with encounters/nationwide_total_apprehensions_1925_2019.csv, as of 2019-09-30:
  usbp-apprehensions-nation: 0 cells changed, 0 new, 0 vanished, net +0, gross 0
  usbp-apprehensions-nation: the file of 2019-09-30 has 93 cells of FY1925 to FY2017 that this file lacks
"""
CSV_HEADER = ["sheet", "row", "letter", "column", "figures", "reason", "to_do"]
ADDED = (
    "archive: added as encounters/made.csv, as of 2020-01-15 (stated)\narchive: known not before 2020-01-15\n"
)
LATER = ("--as-of", "2020-01-15", "--reason", "made for a test")
"""A file as of the day of the archived one could not be told from it."""


@pytest.fixture
def made(tmp_path):
    """A function from text to a file."""

    def write(text, name="made.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def good(made):
    return made("fiscal_year,total_apprehensions\n2019,859501\n2018,404142\n")


@pytest.fixture
def bad(made):
    return made(
        'sector,fiscal_year,total_apprehensions\nyuma,2019,5\natlantis,2019,6\n"a ""b""",2019,7\nyuma,2018,x\n'
    )


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_report_on_a_good_file(run, good, archive):
    before = files(archive)
    assert run(intake, good) == (REPORT.format(name="made.csv") + COMPARED, "")
    assert files(archive) == before


def test_a_name_with_spaces_and_other_letters(run, made):
    path = made("fiscal_year,total_apprehensions\n2019,859501\n2018,404142\n", "año 2019, Größe.csv")
    assert run(intake, path) == (REPORT.format(name="año 2019, Größe.csv") + COMPARED, "")


def test_the_report_on_a_file_with_refusals(run, bad):
    output, error = run(intake, bad)
    assert output.splitlines()[2:] == [
        "rows: 4 read = 1 accepted + 3 refused",
        "unknown codes: sector 'a \"b\"' (1 rows), sector 'atlantis' (1 rows)",
        "period: FY2019 to FY2019",
        "observations: 1, in events; none of them is a total of everything",
    ]
    assert error.splitlines() == [
        (
            "made.csv: row 3, column 'sector': unknown office 'atlantis'; "
            "if it is right, add it to codelists/office.csv (never to an other)"
        ),
        (
            "made.csv: row 4, column 'sector': unknown office 'a \"b\"'; "
            "if it is right, add it to codelists/office.csv (never to an other)"
        ),
        "made.csv: row 5, column 'total_apprehensions': the count 'x' is not a number; "
        + advice.on("is not a number"),
        (
            "made.csv: this holds if the file is of usbp-annual-southwest-sector, the only source that reads it; "
            "if it is of another, say which with --source, or describe it (docs/add-a-source.md)"
        ),
    ]


def test_the_refusals_of_a_file_whose_source_is_named_hold_without_a_condition(run, bad):
    _, error = run(intake, bad, "--source", "usbp-annual-southwest-sector")
    assert len(error.splitlines()) == 3
    assert "this holds if" not in error


def test_refusals_are_written_to_a_csv(run, bad, tmp_path):
    target = tmp_path / "refused.csv"
    output, error = run(intake, bad, "--refusals", target)
    assert output.endswith(f"refusals: 3 lines written to {target}\n")
    assert error
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["sheet"], row["row"], row["column"]) for row in rows] == [
        ("", "3", "sector"),
        ("", "4", "sector"),
        ("", "5", "total_apprehensions"),
    ]
    assert rows[1]["reason"].startswith("unknown office 'a \"b\"'; ")


def test_no_refusals_are_a_csv_with_a_header_only(run, good, tmp_path):
    target = tmp_path / "refused.csv"
    output, error = run(intake, good, "--refusals", target)
    assert f"refusals: 0 lines written to {target}\n" in output
    assert error == ""
    with target.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [CSV_HEADER]


def test_all_refusals_are_written_even_if_twenty_are_shown(run, made, tmp_path):
    path = made("fiscal_year,total_apprehensions\n" + "".join(f"{1950 + n},x{n}\n" for n in range(30)))
    _, error = run(intake, path, "--refusals", tmp_path / "refused.csv")
    assert len(error.splitlines()) == 22
    assert error.splitlines()[-2] == "made.csv: and 10 rows more"
    assert len((tmp_path / "refused.csv").read_text().splitlines()) == 31


def test_a_file_that_is_added_is_kept_byte_for_byte_beside_its_like(run, good, archive):
    output, error = run(intake, good, "--add", "--obtained-from", "hand-made, for a test", *LATER)
    assert error == ""
    assert output.startswith(REPORT.format(name="made.csv") + COMPARED)
    assert "\ngates: 4 passed over the archive and this file\n" in output
    assert output.endswith(ADDED)
    assert (archive / "encounters/made.csv").read_bytes() == good.read_bytes()
    *_, last = archives.snapshots(archive)
    assert replace(last, archived=None) == archives.Snapshot(
        file="encounters/made.csv",
        sha256=archives.digest(good.read_bytes()),
        bytes=len(good.read_bytes()),
        source="usbp-annual-nation",
        publisher="U.S. Customs and Border Protection, Border Patrol",
        title="Nationwide Illegal Alien Apprehensions, Fiscal Years 1925 to 2019",
        as_of=datetime.date(2020, 1, 15),
        as_of_basis="stated",
        as_of_note="given when the file was added.",
        known=datetime.date(2020, 1, 15),
        known_basis="not before",
        known_note="the day for which it speaks.",
        obtained_from="hand-made, for a test",
        licence="United States government work, not subject to copyright (17 USC 105)",
        reason="made for a test",
    )
    assert last.archived == datetime.datetime.now(tz=datetime.UTC).date()


def test_adding_changes_no_other_file(run, good, archive):
    before = files(archive)
    run(intake, good, "--add", "--obtained-from", "hand-made", *LATER)
    after = files(archive)
    assert after.keys() - before.keys() == {"encounters/made.csv", "encounters/made.csv.toml"}
    assert {name: data for name, data in after.items() if name in before} == before


def test_a_file_of_a_source_that_the_archive_does_not_have_gets_a_folder_of_its_own(
    run, made, archive, archive_folder
):
    path = made((archive_folder / "encounters/southwest_border_apprehensions_1960_2019.csv").read_bytes())
    output, _ = run(intake, path, "--add", "--obtained-from", "hand-made")
    assert "archive: added as usbp-annual-southwest-sector/made.csv" in output
    assert (archive / "usbp-annual-southwest-sector/made.csv").is_file()


def test_a_stated_date(run, good, archive):
    output, _ = run(intake, good, "--add", "--obtained-from", "hand-made", *LATER)
    assert output.endswith(ADDED)
    *_, last = archives.snapshots(archive)
    assert (last.as_of, last.as_of_basis, last.as_of_note) == (
        datetime.date(2020, 1, 15),
        "stated",
        "given when the file was added.",
    )


def test_a_day_that_nobody_states_is_inferred(run, archive, archive_folder):
    path = archive_folder / "encounters/southwest_border_apprehensions_1960_2019.csv"
    output, _ = run(intake, path, "--add", "--obtained-from", "a test")
    *_, last = archives.snapshots(archive)
    assert "as of 2019-09-30 (inferred)" in output
    assert (last.as_of, last.as_of_basis, last.as_of_note) == (
        datetime.date(2019, 9, 30),
        "inferred",
        "the end of the last period in the file, before which it cannot have existed.",
    )


def test_a_date_that_is_none(run, good):
    output, error = run(intake, good, "--as-of", "15 January 2020")
    assert output == ""
    assert "'15 January 2020' does not match the format '%Y-%m-%d'" in error


def test_a_file_with_refusals_is_not_added(run, bad, archive):
    before = files(archive)
    _, error = run(intake, bad, "--add", "--obtained-from", "hand-made")
    assert error.startswith("made.csv: row 3, column 'sector': unknown office 'atlantis'")
    assert files(archive) == before


def test_a_file_without_provenance_is_not_added(run, good, archive):
    before = files(archive)
    assert run(intake, good, "--add")[1] == (
        "made.csv: say where you got it with --obtained-from; the archive keeps the provenance of every file"
    )
    assert files(archive) == before


def test_a_file_of_the_archive_is_recognised_and_not_added_again(run, archive):
    path = archive / "encounters/nationwide_total_apprehensions_1925_2019.csv"
    before = files(archive)
    output, error = run(intake, path)
    assert error == ""
    assert output.endswith(
        "archive: is there already as encounters/nationwide_total_apprehensions_1925_2019.csv, as of 2019-09-30\n"
    )
    _, error = run(intake, path, "--add", "--obtained-from", "hand-made")
    assert error == (
        "nationwide_total_apprehensions_1925_2019.csv: is in the archive already as "
        "encounters/nationwide_total_apprehensions_1925_2019.csv; nothing to add"
    )
    assert files(archive) == before


def test_a_file_of_the_archive_under_another_source_is_not_read(run, archive):
    path = archive / "encounters/nationwide_total_apprehensions_1925_2019.csv"
    output, error = run(intake, path, "--source", "usbp-annual-deaths")
    assert output == ""
    assert error == (
        "nationwide_total_apprehensions_1925_2019.csv: is in the archive as "
        "encounters/nationwide_total_apprehensions_1925_2019.csv, a file of usbp-annual-nation and not of "
        "usbp-annual-deaths; if that is wrong, correct its metadata"
    )
    assert run(intake, path, "--source", "usbp-annual-nation")[1] == ""


def test_metadata_that_name_an_unknown_source(run, archive, good):
    said = archive / "encounters/nationwide_total_apprehensions_1925_2019.csv.toml"
    said.write_text(said.read_text().replace("usbp-annual-nation", "usbp-annual-nations"))
    assert run(intake, good)[1] == (
        "archive/encounters/nationwide_total_apprehensions_1925_2019.csv.toml: $.source: 'usbp-annual-nations' is no "
        "source of the standard; 'usbp-annual-nation' may be meant"
    )


def test_the_same_bytes_under_another_name_are_not_added(run, archive, made):
    path = made((archive / "encounters/nationwide_total_apprehensions_1925_2019.csv").read_bytes())
    before = files(archive)
    output, error = run(intake, path, "--add", "--obtained-from", "hand-made")
    assert output == ""
    assert error == (
        "made.csv: the same bytes are in the archive as encounters/nationwide_total_apprehensions_1925_2019.csv, "
        "as of 2019-09-30; a publisher gave one file two names, or served the old one again"
    )
    assert files(archive) == before


def test_another_file_of_a_name_that_the_archive_has_is_not_added(run, archive, made):
    path = made("fiscal_year,total_apprehensions\n2019,5\n", "nationwide_total_apprehensions_1925_2019.csv")
    before = files(archive)
    _, error = run(intake, path, "--add", "--obtained-from", "hand-made")
    assert error == (
        "encounters/nationwide_total_apprehensions_1925_2019.csv: the archive has another file of this name; "
        "rename yours, snapshots are never replaced"
    )
    assert files(archive) == before


def test_a_file_that_no_source_reads_prints_no_report(run, made):
    output, error = run(intake, made("name,age\nAnna,7\n"))
    assert output == ""
    assert error.startswith(
        "made.csv: no source in the standard reads this file: its first line is 'name,age'."
    )


def test_a_folder_or_a_file_that_is_not_there(run, tmp_path):
    assert "is a directory" in run(intake, tmp_path)[1]
    assert "does not exist" in run(intake, tmp_path / "nowhere.csv")[1]


def test_an_archive_that_is_not_there(run, good, tmp_path):
    output, error = run(intake, good, folder=tmp_path / "nowhere")
    assert output == ""
    assert error == (
        f"{tmp_path / 'nowhere'}: no archive here; run borderstats in the project's folder or give --archive"
    )

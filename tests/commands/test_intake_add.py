"""`borderstats intake FILE --add`: what a build would block, or what is a torso, does not get into the archive."""

import datetime
import shutil

import openpyxl
import pytest
from click.testing import CliRunner

from borderstats import pipeline
from borderstats.commands.intake import intake
from borderstats.errors import BorderstatsError, GateError
from borderstats.intake import archive as archives
from borderstats.standard.load import load
from made_archive import copied

NATION = "encounters/nationwide_total_apprehensions_1925_2019.csv"
SECTORS = "encounters/southwest_border_apprehensions_1960_2019.csv"
STATES = "encounters/nationwide-encounters-fy21-fy24-"
LISTS = "ice-287g/participatingAgencies0"
DAY = ("--as-of", "2020-01-15")


@pytest.fixture
def part(archive_folder, tmp_path):
    """A function that copies the files of the archive whose names begin so into an archive of their own."""

    def copy(*names):
        return copied(archive_folder, tmp_path / "archive", begin=names)

    return copy


@pytest.fixture
def add(standard_folder, tmp_path):
    """A function that adds a file to an archive: the printed lines and the error, which is no traceback."""

    def call(folder, data, *options, name="new.csv", add=True, standard=standard_folder):
        path = tmp_path / name
        path.write_bytes(data)
        wanted = ["--add", "--obtained-from", "a test"] if add else []
        result = CliRunner().invoke(
            intake, [str(path), *wanted, *options], obj={"standard": standard, "archive": folder}
        )
        if result.exception and not isinstance(result.exception, BorderstatsError):
            raise result.exception
        return result.stdout.splitlines(), result.exception

    return call


def untouched(folder, names):
    return {path.name for path in folder.rglob("*") if path.is_file()} == {
        *names,
        *(f"{name}.toml" for name in names),
    }


def test_a_later_edition_is_compared_tried_and_added(add, part):
    folder = part(NATION)
    data = (folder / NATION).read_bytes().replace(b"2019,859501", b"2020,405036\n2019,859501")
    lines, error = add(folder, data, "--as-of", "2020-10-15")
    assert error is None
    assert lines[-6:] == [
        f"compared with {NATION}, as of 2019-09-30:",
        "  usbp-apprehensions-nation: 0 cells changed, 0 new, 0 vanished, net +0, gross 0",
        "  usbp-apprehensions-nation: 1 cells of FY2020 that it did not have",
        lines[-3],
        "archive: added as encounters/new.csv, as of 2020-10-15 (stated)",
        "archive: known not before 2020-10-15",
    ]
    assert lines[-3].startswith("gates: ")
    *_, last = archives.snapshots(folder)
    assert (last.as_of, last.as_of_basis) == (datetime.date(2020, 10, 15), "stated")


OBLIGATIONS = "usaspending-contracts/CBP_ICE_FY2026_Contract_Obligations"


def test_a_day_that_is_inferred_is_no_later_than_the_capture(add, part, archive_folder):
    """The last month was not over, so its figures are provisional; before its first day the file cannot have been there."""
    folder = part("usaspending-contracts/CBP_ICE_FY2025")
    data = (archive_folder / f"{OBLIGATIONS}__2026-02-13_7f66b0a.csv").read_bytes()
    name = "CBP_ICE_FY2026_Contract_Obligations.csv"
    lines, error = add(folder, data, "--captured", "2026-01-31T09:00:00Z", name=name)
    assert str(error) == (
        f"{name}: captured on 2026-01-31, before 2026-02-28, the day for which it speaks (inferred); correct one of the two days"
    )
    lines, error = add(folder, data, "--captured", "2026-02-13T09:00:00Z", name=name)
    assert error is None
    assert lines[-2].endswith(", as of 2026-02-13 (inferred)")
    assert any("provisional 2026-02, measured; not over 2026-02, measured" in line for line in lines)


def test_a_waiver_can_wait_for_a_file_that_is_to_be_added(add, part, standard_folder, tmp_path):
    folder = part(NATION)
    standard = shutil.copytree(standard_folder, tmp_path / "standard")
    gate = "usbp-apprehensions-nation/newness"
    with (standard / "waivers.csv").open("a") as file:
        file.write(f"later,{gate},,FY2021,FY2021,encounters/later.csv,It comes later.,a test\n")
    data = (folder / NATION).read_bytes().replace(b"2019,859501", b"2020,405036\n2019,859501")
    lines, error = add(folder, data, "--as-of", "2020-10-15", standard=standard)
    assert error is None
    assert lines[-2] == "archive: added as encounters/new.csv, as of 2020-10-15 (stated)"


def test_without_add_nothing_is_tried(add, part):
    folder = part(NATION)
    data = (folder / NATION).read_bytes().replace(b"2019,859501", b"2019,1")
    lines, error = add(folder, data, add=False)
    assert error is None
    assert (
        lines[-1]
        == "  usbp-apprehensions-nation: 1 cells changed, 0 new, 0 vanished, net -859,500, gross 859,500"
    )


def test_a_file_that_a_gate_blocks_is_not_added(add, part):
    folder = part(SECTORS)
    data = (folder / SECTORS).read_bytes().replace(b"tucson,2018,52172", b"tucson,2018,52173")
    lines, error = add(folder, data, *DAY)
    assert isinstance(error, GateError)
    assert error.exit_code == 1
    text = str(error).splitlines()
    assert text[0].startswith("usbp-apprehensions-southwest-sector/sectors-make-region: 1 of ")
    assert text[1].endswith(
        " FY2018, as of 2020-01-15 in encounters/new.csv: the parts add up to 396,580, the total printed is 396,579"
    )
    assert text[-1] == (
        "encounters/new.csv: nothing was added, because a build would be blocked; correct the file, "
        "say with --reason why the file is out of the ordinary, or waive a publisher's own error in standard/waivers.csv first"
    )
    assert (
        lines[-1]
        == "  usbp-apprehensions-southwest-sector: 1 cells changed, 0 new, 0 vanished, net +1, gross 1"
    )
    assert untouched(folder, [SECTORS.split("/")[1]])


def test_gates_of_other_datasets_that_compare_with_it_are_run(add, part):
    """Tucson and Yuma still make the sum, but no longer what the months of another source add up to."""
    folder = part("encounters/usbp_monthly", SECTORS)
    data = (folder / SECTORS).read_bytes()
    for old, new in ((b"tucson,2018,52172", b"tucson,2018,52173"), (b"yuma,2018,26244", b"yuma,2018,26243")):
        assert old in data
        data = data.replace(old, new)
    _, error = add(folder, data, *DAY)
    assert isinstance(error, GateError)
    gates = [line.split(":")[0] for line in str(error).splitlines() if line.startswith("usbp-")]
    assert gates == ["usbp-encounters-sector/annual-series-southwest"]


def test_two_files_of_one_day_are_not_added(add, part):
    folder = part(NATION)
    data = (folder / NATION).read_bytes().replace(b"1925,22199", b"1925,22198")
    _, error = add(folder, data)
    assert "have the same as-of date 2019-09-30: which is newer cannot be told" in str(error)
    assert untouched(folder, [NATION.split("/")[1]])


def every(data, step):
    header, *rows = data.splitlines(keepends=True)
    return b"".join([header, *rows[::step]])


def test_a_torso_is_not_added_without_a_reason(add, part):
    folder = part(NATION)
    _, error = add(folder, every((folder / NATION).read_bytes(), 3), *DAY)
    assert str(error).splitlines() == [
        "new.csv: usbp-apprehensions-nation: 32 cells from FY1926 to FY2019, where the file of 2019-09-30 has 94",
        'new.csv: nothing was added; fetch the file again, or if it is whole say why it is shorter with --shorter "reason"',
    ]
    assert untouched(folder, [NATION.split("/")[1]])


def test_a_torso_with_a_reason(add, part):
    folder = part(NATION)
    reason = "the publisher gives every third year only"
    lines, error = add(folder, every((folder / NATION).read_bytes(), 3), *DAY, "--shorter", reason)
    assert error is None
    *_, last = archives.snapshots(folder)
    assert last.as_of_note == f"given when the file was added. Shorter than the file of 2019-09-30: {reason}"
    assert any("that this file lacks" in line for line in lines)


def test_figures_in_thousands_are_a_torso(add, part):
    folder = part(NATION)
    header, *rows = (folder / NATION).read_text().splitlines()
    small = [f"{year},{int(count) // 1000}" for year, count in (row.split(",") for row in rows)]
    _, error = add(folder, "\n".join([header, *small, ""]).encode(), *DAY)
    assert "figures from FY1925 to FY2019 that add up to " in str(error)


def test_fewer_years_are_reported_and_no_torso(add, part):
    folder = part(NATION)
    data = b"".join((folder / NATION).read_bytes().splitlines(keepends=True)[:11])
    _, error = add(folder, data, *DAY)
    assert "newness: 1 of 1 cells fail" in str(error)
    assert "no figure of the file is new, though its date is" in str(error)
    assert "say with --reason why the file is out of the ordinary" in str(error)
    lines, error = add(folder, data, *DAY, "--reason", "the publisher gives the last ten years only")
    assert error is None
    *_, last = archives.snapshots(folder)
    assert last.reason == "the publisher gives the last ten years only"
    assert (
        "  usbp-apprehensions-nation: the file of 2019-09-30 has 85 cells of FY1925 to FY2009 that this file lacks"
        in lines
    )


def test_codes_that_are_gone_are_reported(add, part):
    folder = part(f"{STATES}jan", f"{STATES}feb")
    rows = (folder / f"{STATES}feb-state.csv").read_bytes().splitlines(keepends=True)
    kept = [row for row in rows if b",TX," not in row]
    lines, error = add(folder, b"".join(kept), add=False)
    assert error is None
    assert lines[-3].startswith(f"compared with {STATES}feb-state.csv, as of 2024-02-29")
    assert lines[-1].startswith("  cbp-encounters-state: the file of 2024-02-29 has ")
    assert lines[-1].endswith(" cells of state TX that this file lacks")


def test_the_vintage_compared_with_is_the_newest_up_to_the_day_of_the_file(add, part):
    folder = part(f"{STATES}jan", f"{STATES}feb")
    data = every((folder / f"{STATES}jan-state.csv").read_bytes(), 2)
    for day in (("--as-of", "2024-02-01"), ()):
        lines, _ = add(folder, data, *day, add=False)
        assert f"compared with {STATES}jan-state.csv, as of 2024-01-31:" in lines
    lines, _ = add(folder, data, "--as-of", "2024-03-01", add=False)
    assert f"compared with {STATES}feb-state.csv, as of 2024-02-29:" in lines


def test_a_file_older_than_every_archived_one_is_compared_with_none(add, part):
    folder = part(NATION)
    data = b"fiscal_year,total_apprehensions\n1925,22198\n"
    lines, error = add(folder, data, "--as-of", "1926-01-01")
    assert error is None
    assert lines[-4] == "compared: the archive has no file of usbp-annual-nation as of 1926-01-01 or earlier"


def shortened(path, rows):
    book = openpyxl.load_workbook(path)
    book.active.delete_rows(rows, 5000)
    book.save(path.parent / "short.xlsx")
    return (path.parent / "short.xlsx").read_bytes()


def test_a_list_of_agreements_of_which_most_is_missing(add, part, tmp_path):
    folder = part(f"{LISTS}5012026am")
    name = f"{LISTS}5012026am.xlsx"
    shutil.copy(folder / name, tmp_path / "whole.xlsx")
    data = shortened(tmp_path / "whole.xlsx", 400)
    lines, error = add(folder, data, "--as-of", "2026-06-01", name="list.xlsx")
    assert any("cells of state GA, " in line for line in lines)
    assert (
        "ice-287g-agreements: 14 cells from 2026-06-01 to 2026-06-01, where the file of 2026-05-01 has 101"
        in str(error)
    )
    _, error = add(folder, data, name="list.xlsx")
    assert "it does not say which; give the publisher's date with --as-of" in str(error)


def test_an_add_that_did_not_end_is_done_again_and_said(add, part):
    folder = part(SECTORS)
    data = b"fiscal_year,total_apprehensions\n2019,5\n"
    (folder / "usbp-annual-nation").mkdir()
    (folder / "usbp-annual-nation/new.csv").write_bytes(data)
    (folder / "usbp-annual-nation/.new.csv.toml.adding").write_bytes(b"half")
    lines, error = add(folder, data)
    assert error is None
    assert lines[-3:] == [
        "archive: an earlier add of usbp-annual-nation/new.csv did not end; what it left was written over",
        "archive: added as usbp-annual-nation/new.csv, as of 2019-09-30 (inferred)",
        "archive: known not before 2019-09-30",
    ]
    assert untouched(folder, [SECTORS.split("/")[1], "new.csv"])


# the source that is named

STAFFING = "usbp-staffing/border_patrol_staffing_1992_2019.csv"


@pytest.fixture
def assaults(standard_folder, tmp_path):
    """A standard with one source more, whose files have the columns of another's."""
    folder = shutil.copytree(standard_folder, tmp_path / "standard")
    described = (folder / "sources/usbp-staffing.toml").read_text().replace("usbp-staffing", "usbp-assaults")
    (folder / "sources/usbp-assaults.toml").write_text(described)
    return folder


def test_a_file_that_two_sources_read_is_added_to_the_one_that_is_named(add, part, assaults):
    folder = part(STAFFING)
    load(assaults)
    data = (folder / STAFFING).read_bytes().replace(b"big bend,2019,535", b"big bend,2019,536")
    _, error = add(folder, data, *DAY, standard=assaults)
    assert str(error) == "new.csv: usbp-assaults and usbp-staffing both read it; say which with --source"
    assert untouched(folder, [STAFFING.split("/")[1]])
    lines, error = add(folder, data, *DAY, "--source", "usbp-assaults", standard=assaults)
    assert error is None
    assert "source: usbp-assaults, feeds usbp-agents-sector" in lines
    assert "compared: the archive has no file of usbp-assaults as of 2020-01-15 or earlier" in lines
    assert lines[-2] == "archive: added as usbp-assaults/new.csv, as of 2020-01-15 (stated)"
    assert [snapshot.source for snapshot in archives.snapshots(folder)] == ["usbp-staffing", "usbp-assaults"]


def test_an_archived_file_is_read_by_its_listed_source_though_a_new_one_reads_it_too(add, part, assaults):
    folder = part(STAFFING)
    standard = load(assaults)
    (snapshot,) = archives.snapshots(folder)
    (vintage,) = pipeline.observe(standard, snapshot, archives.read(folder, snapshot))
    assert vintage.observations.space.dataset.id == "usbp-agents-sector"
    path = folder / STAFFING
    lines, error = add(folder, path.read_bytes(), name=path.name, add=False, standard=assaults)
    assert error is None
    assert lines[1] == "source: usbp-staffing, feeds usbp-agents-sector"


# the day that the file itself says

MONTHLY = (
    "ohss-monthly-tables/2024_1108_ohss_immigration-enforcement-and-legal-processes-tables-july-2024.xlsx"
)
MILES = "usbp-barrier/u.s._border_patrol_mileage_of_pedestrian_and_vehicle_barrier_by_state_0.pdf"


def test_the_day_that_a_document_says_is_taken(add, part, archive_folder):
    data = (archive_folder / MILES).read_bytes()
    folder = part(NATION)
    lines, error = add(folder, data, name="miles.pdf")
    assert error is None
    assert lines[-2] == "archive: added as usbp-barrier/miles.pdf, as of 2019-09-30 (stated)"
    *_, last = archives.snapshots(folder)
    assert last.as_of_note == "the file says so: Data current as of 2019-09-30."


def test_a_day_that_contradicts_the_one_in_the_file(add, part, archive_folder):
    _, error = add(
        part(NATION), (archive_folder / MILES).read_bytes(), "--as-of", "2019-10-31", name="miles.pdf"
    )
    assert str(error) == (
        "miles.pdf: --as-of says 2019-10-31, but the file itself says 2019-09-30 behind 'Data current as of'; "
        "leave --as-of out, or check that it is the right file; if the publisher's own day is wrong, say with --reason how that is known"
    )


def test_a_day_that_the_publisher_has_wrong_is_corrected_with_a_reason(add, part, archive_folder):
    data, folder = (archive_folder / MILES).read_bytes(), part(NATION)
    _, error = add(folder, data, "--as-of", "2019-10-31", "--reason", "a slip of the pen", name="miles.pdf")
    assert error is None
    *_, last = archives.snapshots(folder)
    assert (str(last.as_of), last.as_of_note, last.reason) == (
        "2019-10-31",
        "given when the file was added.",
        "a slip of the pen",
    )


def test_two_days_in_one_file_have_to_be_decided(add, part, archive_folder):
    data = (archive_folder / MONTHLY).read_bytes()
    _, error = add(part(NATION), data, name="tables.xlsx", add=False)
    assert str(error) == (
        "tables.xlsx: the file says 2024-08-30 and 2024-09-24 behind 'Data are current as of'; "
        "say with --as-of which of them holds"
    )


def test_a_document_of_the_archive_is_no_data(standard_folder, archive_folder):
    path = archive_folder / "encounters/nationwide-encounters-data-dictionary.pdf"
    result = CliRunner().invoke(
        intake, [str(path)], obj={"standard": standard_folder, "archive": archive_folder}
    )
    assert f"is in the archive as encounters/{path.name}, a document (" in str(result.exception)


def test_another_pdf_is_shown_by_its_first_words(add, part, archive_folder):
    (path,) = (archive_folder / "usbp-staffing").glob("*.pdf")
    _, error = add(part(NATION), path.read_bytes(), name="other.pdf", add=False)
    assert "it is a PDF whose first line is 'United States Border Patrol'" in str(error)


@pytest.mark.slow
def test_what_the_gates_looked_at_once_is_not_read_again_but_its_bytes_are_checked(add, part, monkeypatch):
    folder = part(NATION)
    data = (folder / NATION).read_bytes()
    wrong = data.replace(b"2019,859501", b"2020,405036\n2019,1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder.parent / "cache"))
    observed, read = pipeline.observe, []
    monkeypatch.setattr(pipeline, "observe", lambda *given: read.append(given[1].file) or observed(*given))
    _, first = add(folder, wrong, "--as-of", "2020-10-15")
    _, second = add(folder, wrong, "--as-of", "2020-10-15")
    # The newest file of its source is read each time, to be compared with.
    assert read == [NATION] * 3
    assert isinstance(second, GateError)
    assert str(second) == str(first)
    (folder / NATION).write_bytes(data + b"\n")
    _, altered = add(folder, wrong, "--as-of", "2020-10-15")
    assert "altered since it was archived" in str(altered)
